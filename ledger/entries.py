"""Entries: canonical bytes that carry one signed act into its subject's chain.

The bytes are stored and hashed as they are; `Entry.parse` checks that they are the one
canonical form, so nothing is ever encoded again to verify it.  The fields are those of
docs/ledger-format.md.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ledger.acts import Act, SignedAct, parse_time
from ledger.canonical import decode, encode
from ledger.errors import BadAct, NotCanonical, NotSequenced
from ledger.merkle import leaf_hash

ENTRY_MAX = 16_384  # bytes, by policy; C2SP entry bundles hold up to 65,535
FIELDS = frozenset(
    {
        "act",
        "actor",
        "kind",
        "log",
        "prev",
        "refs",
        "sig",
        "subject",
        "time",
        "v",
        "version",
    }
)
_BEFORE_ACT = b'{"act":'  # keys are sorted: the act comes first and the actor after it
_AFTER_ACT = b',"actor":'


@dataclass(frozen=True)
class Entry:
    """One entry; `data` is what is hashed, and the rest but its place is read from it.

    `place` is where it stands in the log, None while it waits there to be sequenced.
    """

    place: int | None
    data: bytes
    signed: SignedAct
    actor: str
    kind: str
    log: str
    prev: str | None
    refs: tuple[tuple[str, str], ...]
    subject: str
    time: str
    version: int

    @property
    def index(self) -> int:
        """Its place in the log; raises `NotSequenced` while it has none."""
        if self.place is None:
            raise NotSequenced(f"{self.kind} of {self.subject} waits to be sequenced")
        return self.place

    @property
    def named(self) -> str:
        """How words name it: by its place, or by its leaf hash while it has none."""
        return f"entry {self.leaf.hex()[:16]}…" if self.place is None else f"entry {self.place}"

    @property
    def facts(self) -> Mapping[str, Any]:
        """The facts of the act."""
        return self.signed.act.facts

    def texts(self) -> Iterator[str]:
        """Yield the text facts and those in lists: digests of records are among them."""
        for value in self.facts.values():
            if isinstance(value, str):
                yield value
            elif isinstance(value, list):
                yield from (item for item in value if isinstance(item, str))

    @cached_property
    def leaf(self) -> bytes:
        """The RFC 6962 leaf hash; kept, since rules ask for it again and again."""
        return leaf_hash(self.data)

    @property
    def act_digest(self) -> str:
        """The digest of its act."""
        return self.signed.act.digest

    @classmethod
    def compose(
        cls,
        signed: SignedAct,
        *,
        index: int | None,
        actor: str,
        subject: str,
        prev: Entry | None,
        refs: tuple[tuple[str, str], ...],
        time: str,
    ) -> Entry:
        """Put a signed act into its subject; raises `NotCanonical` if the bytes are too many."""
        act = signed.act
        record = {
            "act": act.to_record(),
            "actor": actor,
            "kind": act.kind,
            "log": act.log,
            "prev": prev.leaf.hex() if prev else None,
            "refs": [list(ref) for ref in refs],
            "sig": signed.signature_text,
            "subject": subject,
            "time": time,
            "v": 1,
            "version": prev.version + 1 if prev else 1,
        }
        data = encode(record)
        _require_size(data)
        return cls._read(json.loads(data), data, index)  # canonical: it was just encoded

    @classmethod
    def parse(cls, data: bytes, index: int | None) -> Entry:
        """Read stored bytes strictly, or raise `NotCanonical` or `BadAct`."""
        _require_size(data)
        return cls._read(decode(data), data, index)

    @classmethod
    def reread(cls, data: bytes, index: int | None, verified: bytes | None = None) -> Entry:
        """Read bytes that `parse` has accepted: nothing is checked again.

        `verified` is a key under which the signature of the act was verified.
        """
        record = json.loads(data)
        act = Act(**record["act"]).known_as(_act_in(data))
        return cls(
            place=index,
            data=data,
            signed=SignedAct(act, base64.b64decode(record["sig"]), verified),
            actor=record["actor"],
            kind=record["kind"],
            log=record["log"],
            prev=record["prev"],
            refs=tuple((subject, leaf) for subject, leaf in record["refs"]),
            subject=record["subject"],
            time=record["time"],
            version=record["version"],
        )

    @classmethod
    def _read(cls, record: Mapping[str, Any], data: bytes, index: int | None) -> Entry:
        if set(record) != FIELDS:
            odd = ", ".join(sorted(FIELDS.symmetric_difference(record)))
            raise NotCanonical(f"fields missing or unknown: {odd}")
        if record["v"] != 1 or isinstance(record["v"], bool):
            raise NotCanonical(f"version {record['v']!r} of the format is unknown")
        for name in ("actor", "kind", "log", "sig", "subject", "time"):
            if not isinstance(record[name], str):
                raise NotCanonical(f"{name}: must be text")
        version, prev, act = record["version"], record["prev"], record["act"]
        if isinstance(version, bool) or not isinstance(version, int) or version < 1:
            raise NotCanonical("version: must be a whole number from 1")
        if prev is not None and not isinstance(prev, str):
            raise NotCanonical("prev: must be text or null")
        if not isinstance(act, dict):
            raise NotCanonical("act: must be an object")
        parse_time(record["time"], "time")
        return cls(
            place=index,
            data=data,
            signed=SignedAct.from_record(act, record["sig"], _act_in(data)),
            actor=record["actor"],
            kind=record["kind"],
            log=record["log"],
            prev=prev,
            refs=_refs(record["refs"]),
            subject=record["subject"],
            time=record["time"],
            version=version,
        )


def _act_in(data: bytes) -> bytes:
    """Return the canonical bytes of an entry's act, which come first in the entry's.

    The last `,"actor":` ends them: it is a key, since a quote within text is escaped.
    """
    return data[len(_BEFORE_ACT) : data.rindex(_AFTER_ACT)]


def _require_size(data: bytes) -> None:
    if len(data) > ENTRY_MAX:
        raise NotCanonical(f"an entry of {len(data)} bytes is over {ENTRY_MAX}")


def _refs(value: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401 - JSON not yet checked
    well_formed = isinstance(value, list) and all(
        isinstance(ref, list) and len(ref) == 2 and all(isinstance(part, str) for part in ref)
        for ref in value
    )
    if not well_formed:
        raise BadAct("refs: must be a list of [subject, leaf hash]")
    return tuple((ref[0], ref[1]) for ref in value)
