"""Commitments: what an entry says of a value that must be erasable.

Entries are for good, so personal and confidential values never stand in one.  An entry holds
HMAC-SHA256(salt, field || 0x00 || canonical value) under a fresh salt of 256 bits; value and salt
are kept elsewhere.  To disclose is to show both; to erase is to destroy both, and what is left
says nothing, not even to who guesses the value.  A commitment does not say whose value it is, and
what was disclosed once cannot be called back.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.canonical import decode, encode
from ledger.errors import BadProof
from ledger.note import from_base64, to_base64

SALT_BYTES = 32  # as many as the hash has: a shorter one could be searched for
_FIELD = re.compile(r"[\x21-\x7e]{1,100}", re.ASCII)  # no NUL, which ends the name in the hash


class Standing(enum.StrEnum):
    """What became of a committed value."""

    DISCLOSED = "disclosed"
    WITHHELD = "withheld"
    ERASED = "erased"


def commitment(field: str, value: Any, salt: bytes) -> str:  # noqa: ANN401 - any JSON of the profile
    """Return the commitment in base 64.

    A value outside the profile raises `NotCanonical`, a salt or a name that is none `BadProof`.
    """
    if len(salt) != SALT_BYTES:
        raise BadProof(f"{field}: a salt has {SALT_BYTES} bytes, not {len(salt)}")
    if not _FIELD.fullmatch(field):
        raise BadProof(f"{field[:40]!r} is not the name of a field")
    message = field.encode() + b"\x00" + encode(value)
    return to_base64(hmac.digest(salt, message, hashlib.sha256))


@dataclass(frozen=True, slots=True, repr=False)
class Disclosure:
    """A value with its salt, of a field of the entry at `index`; its `repr` shows neither."""

    index: int
    field: str
    salt: bytes
    value: Any

    @property
    def commitment(self) -> str:
        """The commitment that this opens."""
        return commitment(self.field, self.value, self.salt)

    def verify(self, commitments: Mapping[str, str]) -> None:
        """Raise `BadProof` unless the entry's `commitments` hold this value under this field."""
        made = commitments.get(self.field)
        if made is None:
            raise BadProof(f"entry {self.index} has no commitment to {self.field}")
        if not hmac.compare_digest(made.encode(), self.commitment.encode()):
            raise BadProof(f"entry {self.index}: {self.field} is not what was committed to")

    def to_line(self) -> bytes:
        """Write one line of ``disclosures.jsonl``, canonical JSON and a newline."""
        record = {
            "entry": self.index,
            "field": self.field,
            "salt": to_base64(self.salt),
            "value": self.value,
        }
        return encode(record) + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Disclosure:
        """Read one line, or raise `NotCanonical` or `BadProof`; nothing is verified yet."""
        record = decode(line.removesuffix(b"\n"))
        if set(record) != {"entry", "field", "salt", "value"}:
            raise BadProof("a disclosure has an entry, a field, a salt and a value")
        index, field, salt = record["entry"], record["field"], record["salt"]
        if isinstance(index, bool) or not isinstance(index, int) or index < 0:
            raise BadProof("a disclosure's entry is a place in the log")
        if not isinstance(field, str) or not isinstance(salt, str):
            raise BadProof("a disclosure's field and salt are text")
        try:
            found = cls(index, field, from_base64(salt), record["value"])
        except ValueError as error:
            raise BadProof(f"the salt of {field[:40]!r} is not base 64") from error
        _ = found.commitment  # a salt or a name that is none is refused here
        return found

    def __repr__(self) -> str:
        """Show where it belongs alone: a log of errors is not the place for the value."""
        return f"Disclosure(entry {self.index}, {self.field})"


def commit(
    index: int, values: Mapping[str, Any], draw: Callable[[], bytes]
) -> tuple[dict[str, str], tuple[Disclosure, ...]]:
    """Return the commitments for an entry, and what must be kept to disclose them.

    `draw` returns 32 bytes that nobody can guess and that were never drawn before:
    ``partial(secrets.token_bytes, 32)``.
    """
    kept = tuple(Disclosure(index, field, draw(), values[field]) for field in sorted(values))
    if len({each.salt for each in kept}) != len(kept):
        raise BadProof("two fields were given one salt: equal values would be seen to be equal")
    return {each.field: each.commitment for each in kept}, kept


def standings(
    index: int,
    commitments: Mapping[str, str],
    disclosures: Iterable[Disclosure],
    erased: Collection[str],
) -> dict[str, Standing]:
    """Return what became of each committed field of an entry.

    `erased` are the commitments that entries of erasure list.  A disclosure of this entry that
    does not open its commitment raises `BadProof`; one that does counts though it was erased,
    because somebody has a copy.
    """
    opened = set()
    for disclosure in disclosures:
        if disclosure.index == index:
            disclosure.verify(commitments)
            opened.add(disclosure.field)
    return {
        field: Standing.DISCLOSED
        if field in opened
        else (Standing.ERASED if made in erased else Standing.WITHHELD)
        for field, made in commitments.items()
    }
