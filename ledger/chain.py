"""Appending to a log: one act in, one valid entry out, or nothing.

`Chain` is the only writer.  It finds the references an entry needs, refuses an entry that
breaks a rule, and hands the store the entry together with the new edge of the tree, so that a
store can commit both with the business rows in one transaction.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ledger.acts import SignedAct, opened_subject
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.kinds import KINDS, Opening
from ledger.merkle import Edge
from ledger.rules import View, broken_rules, find_needed


class EntryStore(View, Protocol):
    """Where entries are kept; `add` must refuse an edge that does not follow the stored one."""

    def edge(self) -> Edge:
        """Return the tree's right edge."""

    def add(self, entry: Entry, edge: Edge) -> None:
        """Store the entry and replace the edge of size `entry.index`."""

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield entries in order of index."""


@dataclass(slots=True)
class MemoryLog:
    """An `EntryStore` in memory: for audits, tests and simulations."""

    _entries: list[Entry] = field(default_factory=list)
    _edge: Edge = field(default_factory=Edge)
    _subjects: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    _leaves: dict[str, Entry] = field(default_factory=dict)
    _acts: dict[str, Entry] = field(default_factory=dict)

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        known = self._subjects.get(subject)
        return known[-1] if known else None

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        return (e for e in reversed(self._subjects.get(subject, ())) if e.kind == kind)

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash."""
        return self._leaves.get(leaf)

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        return self._acts.get(digest)

    def edge(self) -> Edge:
        """Return the tree's right edge."""
        return self._edge

    def add(self, entry: Entry, edge: Edge) -> None:
        """Store the entry, or raise `BadAct` if it is not the next one."""
        if entry.index != self._edge.size or edge.size != self._edge.size + 1:
            raise BadAct(f"entry {entry.index} does not follow a log of {self._edge.size}")
        self.hold(entry)
        self._edge = edge

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry, wherever it stands: for a view of a part of a log."""
        self._entries.append(entry)
        self._subjects[entry.subject].append(entry)
        self._leaves[entry.leaf.hex()] = entry
        self._acts[entry.signed.act.digest] = entry

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield entries in order of index."""
        return iter(self._entries[bisect.bisect_left(range(len(self._entries)), start) :])


class Chain:
    """The writer of one log."""

    def __init__(self, store: EntryStore, origin: str) -> None:
        self.store = store
        self.origin = origin

    def recorded(self, signed: SignedAct) -> Entry | None:
        """Return the entry of this very act if it was appended before."""
        return self.store.act_entry(signed.act.digest)

    def append(self, signed: SignedAct, *, time: str) -> Entry:
        """Append the act and return its entry; a repeated act returns its first entry.

        Raises `BadAct` with every broken rule in words, or `NotCanonical` for an entry outside
        the profile, and then nothing is stored.
        """
        known = self.recorded(signed)
        if known and known.signed.signature != signed.signature:
            raise BadAct(f"replay: the act stands at entry {known.index} under another signature")
        if known:
            return known
        act = signed.act
        kind = KINDS.get(act.kind)
        if kind is None:
            raise BadAct(f"{act.kind!r} is not a kind of act")
        if kind.opening is Opening.DERIVED and act.subject is None:
            subject = opened_subject(kind.subject, act)
        else:
            subject = act.subject or ""
        edge = self.store.edge()
        composed = Entry.compose(
            signed,
            index=edge.size,
            actor=act.actor or subject.partition("/")[2],
            subject=subject,
            prev=self.store.last(subject),
            refs=(),
            time=time,
        )
        refs = find_needed(composed, self.store)
        entry = Entry.compose(
            signed,
            index=edge.size,
            actor=composed.actor,
            subject=subject,
            prev=self.store.last(subject),
            refs=refs,
            time=time,
        )
        broken = [
            f"{found.rule}: {found.words}" for found in broken_rules(entry, self.store, self.origin)
        ]
        if broken:
            raise BadAct("; ".join(broken))
        self.store.add(entry, edge.appended(entry.leaf))
        return entry
