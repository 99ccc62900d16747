"""Trust policies: which logs, which witnesses, and how many of them (C2SP tlog-policy).

A policy file is the reader's own, so it is read strictly: a line that is not understood is an
error, since ignoring it could make the quorum weaker than was meant.  In a note it is the other
way round: lines of keys that the policy does not name are ignored, and reported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ledger.acts import format_time
from ledger.checkpoint import Checkpoint, parse_body
from ledger.cosignature import verify_lines
from ledger.errors import BadNote
from ledger.note import COSIGNATURE, ED25519, ML_DSA_44, Note, VerifierKey, from_decimal

POLICY_MAX = 1024 * 1024  # bytes; room for some five hundred ML-DSA-44 keys
NONE = "none"
_LAST_SECOND = 253_402_300_799  # of the year 9999, beyond which no calendar here goes
_ODD_OCTETS = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Known:
    """A log or a witness: its key, and where it is reached if the policy says so."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """So many of these members, each a witness or another group."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses and groups by their names in the file, and the name of the quorum."""

    logs: tuple[Known, ...] = ()
    witnesses: Mapping[str, Known] = field(default_factory=lambda: MappingProxyType({}))
    groups: Mapping[str, Group] = field(default_factory=lambda: MappingProxyType({}))
    quorum: str = NONE

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Read a policy file, or raise `BadNote` naming the line."""
        reader = _Reader()
        if len(data) > POLICY_MAX or not data.endswith(b"\n"):
            # A file that was cut off could end in the middle of a name, and mean another one.
            raise BadNote(f"a policy ends with a newline and has at most {POLICY_MAX} bytes")
        for number, line in enumerate(data[:-1].split(b"\n"), start=1):
            try:
                reader.read(line)
            except (BadNote, ValueError) as error:
                raise BadNote(f"policy, line {number}: {error}") from error
        if reader.quorum is None:
            raise BadNote("the policy has no quorum line, such as `quorum NAME` or `quorum none`")
        return cls(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum)

    def is_met_by(self, cosigned: Collection[str]) -> bool:
        """Whether the witnesses of these names are enough."""
        return self.quorum == NONE or self._witnessed(self.quorum, cosigned)

    def _witnessed(self, name: str, cosigned: Collection[str]) -> bool:
        group = self.groups.get(name)
        if group is None:
            return name in cosigned
        count = sum(self._witnessed(member, cosigned) for member in group.members)
        return count >= group.threshold


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What a policy finds in a note that a known log signed.

    `witnesses` are those that cosigned, by their names in the policy, with the seconds since 1970;
    `ignored` are the lines of keys that the policy does not name, as ``<name>+<key hash>``.
    """

    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    witnesses: Mapping[str, int]
    ignored: tuple[str, ...]
    quorum: str
    quorum_met: bool

    def require_quorum(self) -> Checkpoint:
        """Return the checkpoint, or raise `BadNote` naming who did cosign."""
        if not self.quorum_met:
            names = ", ".join(self.witnesses) or "nobody"
            raise BadNote(f"cosigned by {names}: not the quorum {self.quorum!r} of the policy")
        return self.checkpoint

    def in_words(self) -> Iterator[str]:
        """Say who cosigned and when, and what was ignored."""
        for name, time in self.witnesses.items():
            moment = dt.datetime.fromtimestamp(time, dt.UTC) if time <= _LAST_SECOND else None
            said = format_time(moment) if moment else f"second {time}"
            yield f"cosigned by {name} at {said}"
        for line in self.ignored:
            yield f"ignored the signature line of {line}, which the policy does not name"

    def to_record(self) -> dict[str, Any]:
        """Return what was found as a JSON object."""
        return {
            "logs": [str(key) for key in self.logs],
            "witnesses": dict(self.witnesses),
            "ignored": list(self.ignored),
            "quorum": self.quorum,
            "quorum_met": self.quorum_met,
        }


def verify_policy(note: bytes, policy: Policy, *, log: VerifierKey | None = None) -> Witnessed:
    """Return who signed a checkpoint, or raise `BadNote` if no known log did.

    `log` is one more log key that is known from elsewhere.  Whether the quorum is met stands in
    the result; a line of any known key that does not verify raises `BadNote`.
    """
    opened = Note.parse(note)
    checkpoint = parse_body(opened.body)
    logs = [known.key for known in policy.logs] + ([log] if log else [])
    witnesses = {known.key: name for name, known in policy.witnesses.items()}
    signed, ignored = verify_lines(opened, checkpoint, [*logs, *witnesses])
    by = tuple(
        key for key in dict.fromkeys(logs) if key in signed and key.name == checkpoint.origin
    )
    if not by:
        raise BadNote(f"no log key known for {checkpoint.origin} has signed this checkpoint")
    names = {name: signed[key] or 0 for key, name in witnesses.items() if key in signed}
    return Witnessed(
        checkpoint=checkpoint,
        logs=by,
        witnesses=names,
        ignored=tuple(f"{line.name}+{line.key_hash.hex()}" for line in ignored),
        quorum=policy.quorum,
        quorum_met=policy.is_met_by(names),
    )


class _Reader:
    """A policy while its lines are read; names are opaque octets, kept as escaped text."""

    def __init__(self) -> None:
        self.logs: list[Known] = []
        self.witnesses: dict[str, Known] = {}
        self.groups: dict[str, Group] = {}
        self.members: set[str] = set()
        self.quorum: str | None = None

    def read(self, line: bytes) -> None:
        words = [word.decode(errors="surrogateescape") for word in re.split(rb"[ \t]+", line)]
        words = [word for word in words if word]
        if _ODD_OCTETS.search(line):
            raise BadNote("a control character")
        if not words or words[0].startswith("#"):
            return
        lines: Mapping[str, tuple[Callable[[list[str]], None], int, int]] = {
            "log": (self._log, 1, 2),
            "witness": (self._witness, 2, 3),
            "group": (self._group, 3, len(words)),
            "quorum": (self._quorum, 1, 1),
        }
        if words[0] not in lines:
            raise BadNote(f"{words[0][:40]!r} is not a kind of line")
        take, least, most = lines[words[0]]
        if not least <= len(words) - 1 <= most:
            raise BadNote(f"{words[0]!r} with {len(words) - 1} items")
        take(words[1:])

    def _log(self, words: list[str]) -> None:
        self.logs.append(_known(words, (ED25519, ML_DSA_44), self.logs))

    def _witness(self, words: list[str]) -> None:
        name, *rest = words
        self._define(name)
        others = self.witnesses.values()
        self.witnesses[name] = _known(rest, (COSIGNATURE, ML_DSA_44), others)

    def _group(self, words: list[str]) -> None:
        name, size, *members = words
        self._define(name)
        for member in members:
            self._require(member)
            if member in self.members:
                raise BadNote(f"{member!r} is a member of a group already")
            self.members.add(member)
        threshold = {"any": 1, "all": len(members)}.get(size) or from_decimal(size)
        if not 1 <= threshold <= len(members):
            raise BadNote(f"{threshold} of {len(members)} members")
        self.groups[name] = Group(threshold, tuple(members))

    def _quorum(self, words: list[str]) -> None:
        if self.quorum is not None:
            raise BadNote("a second quorum line")
        if words[0] != NONE:
            self._require(words[0])
        self.quorum = words[0]

    def _define(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise BadNote(f"{name!r} has a meaning already")

    def _require(self, name: str) -> None:
        if name not in self.witnesses and name not in self.groups:
            raise BadNote(f"{name!r} is not defined above")


def _known(words: list[str], kinds: Collection[bytes], others: Collection[Known]) -> Known:
    key = VerifierKey.parse(words[0], kinds)
    if key.public_key in _public_keys(others):
        raise BadNote(f"the key of {key.name} stands above already")
    return Known(key, words[1] if words[1:] else None)


def _public_keys(known: Collection[Known]) -> Iterator[bytes]:
    return (each.key.public_key for each in known)
