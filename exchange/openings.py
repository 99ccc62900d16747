"""Openings: what a participant hands in beside an act that commits to confidential values.

The act, and so the entry, holds commitments alone.  Field, salt and value come beside it, are
checked against the act, and are kept where they can be erased.  A document is its text where that
has a canonical form, else ``{"base64": …}``.
"""

from __future__ import annotations

import base64
import binascii
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from exchange.errors import BadField, DataDiffer
from ledger.acts import SignedAct
from ledger.canonical import encode
from ledger.commitments import SALT_BYTES, commitment
from ledger.errors import NotCanonical
from ledger.kinds import KINDS
from ledger.note import from_base64, to_base64
from ledger.vocabulary import Fact

VALUE_MAX: Final = 6 << 20  # bytes of a value as canonical JSON: a document of 4 MiB in base 64
ERASED: Final = "erased"  # stands where a value stood that was erased


@dataclass(frozen=True, slots=True, repr=False)
class Opening:
    """A value with the salt that opens a commitment to it; its `repr` shows neither."""

    field: str
    salt: bytes
    value: Any

    @property
    def commitment(self) -> str:
        """The commitment that this opens."""
        return commitment(self.field, self.value, self.salt)

    def to_record(self) -> dict[str, Any]:
        """Return the JSON object that `read_opening` reads."""
        return {"field": self.field, "salt": to_base64(self.salt), "value": self.value}

    def __repr__(self) -> str:
        """Show the field alone: a log of errors is not the place for the value."""
        return f"Opening({self.field})"


@dataclass(frozen=True, slots=True)
class Erased:
    """What is found where value and salt were destroyed."""

    leaf: str
    field: str


def committed_fields(kind: str) -> frozenset[str]:
    """Return the facts of a kind that commit to a value; none for a kind that is not known."""
    facts = KINDS[kind].facts if kind in KINDS else {}
    return frozenset(name for name, fact in facts.items() if fact is Fact.COMMITMENT)


def check_openings(signed: SignedAct, openings: Sequence[Opening]) -> Mapping[str, Any]:
    """Return the values of an act's commitments by field.

    Raises `BadField` unless each is opened by exactly one opening of fit size, and `DataDiffer`
    where one does not open what the act commits to.
    """
    wanted = committed_fields(signed.act.kind)
    values: dict[str, Any] = {}
    for opening in openings:
        where = f"openings.{opening.field[:40]}"
        if opening.field not in wanted:
            raise BadField(where, f"{signed.act.kind} has no commitment of that name")
        if opening.field in values:
            raise BadField(where, "a commitment is opened once")
        if len(opening.salt) != SALT_BYTES:
            raise BadField(f"{where}.salt", f"{SALT_BYTES} bytes, in base 64")
        if len(_canonical(f"{where}.value", opening.value)) > VALUE_MAX:
            raise BadField(f"{where}.value", f"over {VALUE_MAX} bytes")
        if opening.commitment != signed.act.facts.get(opening.field):
            raise DataDiffer(f"act.facts.{opening.field}: not a commitment to this value and salt")
        values[opening.field] = opening.value
    for field in sorted(wanted - values.keys()):
        raise BadField(f"openings.{field}", "missing: the act commits to it")
    if len({opening.salt for opening in openings}) != len(openings):
        raise BadField("openings.salt", "each value has a salt of its own")
    return values


def open_with(chance: Callable[[int], bytes], values: Mapping[str, Any]) -> tuple[Opening, ...]:
    """Return an opening of each value under a salt of its own, for an act to commit to.

    A value that canonical JSON cannot hold raises `BadField`.
    """
    for field, value in values.items():
        _canonical(field, value)
    return tuple(Opening(field, chance(SALT_BYTES), value) for field, value in values.items())


def _canonical(where: str, value: Any) -> bytes:  # noqa: ANN401 - any JSON
    try:
        return encode(value)
    except NotCanonical as error:
        raise BadField(where, str(error)) from error


def read_opening(record: Mapping[str, Any]) -> Opening:
    """Read an opening's JSON object, its salt in base 64, or raise `BadField`."""
    if set(record) != {"field", "salt", "value"} or not isinstance(record["field"], str):
        raise BadField("openings", "each has a field, a salt and a value")
    where = f"openings.{record['field'][:40]}.salt"
    if not isinstance(record["salt"], str):
        raise BadField(where, f"{SALT_BYTES} bytes, in base 64")
    try:
        salt = from_base64(record["salt"])
    except ValueError as error:
        raise BadField(where, f"{SALT_BYTES} bytes, in base 64") from error
    return Opening(record["field"], salt, record["value"])


def text_of(values: Mapping[str, Any], field: str, maximum: int) -> str:
    """Return a value that is text of 1 to `maximum` characters, or raise `BadField`."""
    value = values[field]
    if not isinstance(value, str) or not 1 <= len(value) <= maximum:
        raise BadField(f"openings.{field}.value", f"text of 1 to {maximum} characters")
    return value


def document_value(data: bytes) -> Any:  # noqa: ANN401 - a JSON value
    """Return a document as a value to commit to: its text if canonical JSON can hold that."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and unicodedata.is_normalized("NFC", text):
        return text
    return {"base64": base64.b64encode(data).decode()}


def require_document(values: Mapping[str, Any], field: str) -> bytes:
    """Return the bytes of a value that is a document, or raise `BadField`."""
    match values[field]:
        case str(text):
            return text.encode()
        case {"base64": str(coded), **others} if not others:
            try:
                return base64.b64decode(coded, validate=True)
            except (binascii.Error, ValueError):
                pass
    raise BadField(f"openings.{field}.value", 'a text, or {"base64": …}')
