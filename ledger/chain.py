"""Appending to a log: one act in, one valid entry out, or nothing.

`Chain` is the only writer.  It finds the references an entry needs, refuses an entry that
breaks a rule, and hands the store the entry, so that a store can commit it with the business
rows in one transaction.  The store gives it its place in the log, at once or afterwards.
"""

from __future__ import annotations

import bisect
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from ledger.acts import SignedAct, opened_subject
from ledger.batch import Batch
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.kinds import KINDS, Opening
from ledger.merkle import Edge
from ledger.rules import View, broken_rules, find_needed


class EntryStore(View, Protocol):
    """Where entries are kept, in the transaction of whoever appends."""

    def next_place(self) -> int | None:
        """Return the place that `add` would give now; None where it is given afterwards."""

    def reserve(self, *subjects: str) -> None:
        """Let nobody else append to these subjects, nor reserve them, till the transaction ends.

        For what an entry rests on that is no entry, such as money in an account: called before
        it is looked at.
        """

    def steady(self, subject: str) -> View:
        """Return a view in which nothing changes until the transaction ends.

        Nobody else appends to `subject` meanwhile, nor to a subject read through the view.
        """

    def add(self, entry: Entry) -> Entry:
        """Store the next entry of its subject and return it, with its place if it has one."""

    def add_all(self, entries: Sequence[Entry]) -> list[Entry]:
        """Store entries in their order, as `add` does each of them."""

    def edge(self) -> Edge:
        """Return the tree's right edge over the entries that have a place."""

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield placed entries in order."""

    def waiting(self) -> Iterator[Entry]:
        """Yield the entries that wait for their place, in the order in which they will get it."""


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

    def next_place(self) -> int:
        """Return the size of the log."""
        return self._edge.size

    def reserve(self, *subjects: str) -> None:
        """Do nothing: there is one writer."""

    def steady(self, subject: str) -> Self:  # noqa: ARG002 - there is one writer
        """Return the log itself."""
        return self

    def add(self, entry: Entry) -> Entry:
        """Store the entry at the end, or raise `BadAct` if it has another place."""
        if entry.index != self._edge.size:
            raise BadAct(f"{entry.named} does not follow a log of {self._edge.size}")
        self.hold(entry)
        self._edge = self._edge.appended(entry.leaf)
        return entry

    def add_all(self, entries: Sequence[Entry]) -> list[Entry]:
        """Store entries in their order."""
        return [self.add(entry) for entry in entries]

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry, wherever it stands: for a view of a part of a log."""
        self._entries.append(entry)
        self._subjects[entry.subject].append(entry)
        self._leaves[entry.leaf.hex()] = entry
        self._acts[entry.signed.act.digest] = entry

    def entries(self, start: int = 0) -> Iterator[Entry]:
        """Yield entries in order."""
        return iter(self._entries[bisect.bisect_left(range(len(self._entries)), start) :])

    def waiting(self) -> Iterator[Entry]:
        """Yield nothing: here every entry is placed at once."""
        return iter(())


@dataclass(frozen=True, slots=True)
class _Proposed:
    """An entry before it has the references it needs."""

    kind: str
    log: str
    subject: str
    actor: str
    facts: Mapping[str, Any]


class Chain:
    """The writer of one log."""

    def __init__(self, store: EntryStore, origin: str) -> None:
        self.store = store
        self.origin = origin

    def recorded(self, signed: SignedAct) -> Entry | None:
        """Return the entry of this very act if it was appended before.

        Whoever sends the same act at the same moment waits here till this transaction ends.
        """
        self.store.reserve(f"act/{signed.act.digest}")
        return self.store.act_entry(signed.act.digest)

    def append(self, signed: SignedAct, *, clock: Callable[[], str]) -> Entry:
        """Append the act and return its entry; a repeated act returns its first entry.

        `clock` is read once nothing that the entry rests on can change any more.  Raises `BadAct`
        with every broken rule in words, or `NotCanonical` for an entry outside the profile, and
        then nothing is stored.
        """
        if known := self._repeated(signed):
            return known
        act = signed.act
        kind = KINDS.get(act.kind)
        if kind is None:
            raise BadAct(f"{act.kind!r} is not a kind of act")
        if kind.opening is Opening.DERIVED and act.subject is None:
            subject = opened_subject(kind.subject, act)
        else:
            subject = act.subject or ""
        view = self.store.steady(subject)
        if known := self._repeated(signed):  # recorded while this one waited for its turn
            return known
        place = self.store.next_place()
        return self.store.add(self._valid(signed, subject, view, place=place, clock=clock))

    def append_all(self, acts: Sequence[SignedAct], *, clock: Callable[[], str]) -> list[Entry]:
        """Append acts in their order, each of an open or named subject, all of them or none.

        What their rules ask again and again is asked once.  Raises as `append` does; an act that
        stands in the log already is a `BadAct` here.
        """
        if not acts:
            return []
        subjects = [signed.act.subject or "" for signed in acts]
        self.store.reserve(*set(subjects))
        view = Batch(self.store.steady(subjects[0]))
        first = self.store.next_place()
        for nth, (signed, subject) in enumerate(zip(acts, subjects, strict=True)):
            place = None if first is None else first + nth
            view.hold(self._valid(signed, subject, view, place=place, clock=clock))
        return self.store.add_all(view.held)

    def _valid(
        self,
        signed: SignedAct,
        subject: str,
        view: View,
        *,
        place: int | None,
        clock: Callable[[], str],
    ) -> Entry:
        """Return the entry of an act, or raise `BadAct` with every broken rule in words."""
        act = signed.act
        actor = act.actor or subject.partition("/")[2]
        facts = json.loads(act.canonical)["facts"]  # as whoever reads the entry has them
        refs = find_needed(_Proposed(act.kind, act.log, subject, actor, facts), view)
        entry = Entry.compose(
            signed,
            index=place,
            actor=actor,
            subject=subject,
            prev=view.last(subject),
            refs=refs,
            time=clock(),
        )
        broken = [
            f"{found.rule}: {found.words}" for found in broken_rules(entry, view, self.origin)
        ]
        if broken:
            raise BadAct("; ".join(broken))
        return entry

    def _repeated(self, signed: SignedAct) -> Entry | None:
        known = self.store.act_entry(signed.act.digest)
        if known and known.signed.signature != signed.signature:
            raise BadAct(f"replay: the act stands at {known.named} under another signature")
        return known
