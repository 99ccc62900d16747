"""A view for many acts that are appended together: what rules ask again is asked once.

Over a view in which nothing else changes, with the batch's own entries on top of it, in their
order.  It keeps every entry that was read, and so is for one batch of one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ledger.entries import Entry
from ledger.view import View

_Read = tuple[list[Entry], Iterator[Entry]]  # what was read of a question so far, and the rest


class Batch:
    """The entries below, and `held`, those of the batch."""

    def __init__(self, below: View) -> None:
        self.held: list[Entry] = []
        self._below = below
        self._own: defaultdict[str, list[Entry]] = defaultdict(list)
        self._acts: dict[str, Entry] = {}
        self._last: dict[str, Entry | None] = {}
        self._of_kind: dict[tuple[str, str], _Read] = {}
        self._by_leaf: dict[str, Entry | None] = {}

    def hold(self, entry: Entry) -> None:
        """Let rules see an entry of the batch from then on."""
        self.held.append(entry)
        self._own[entry.subject].append(entry)
        self._acts[entry.act_digest] = entry
        self._by_leaf[entry.leaf.hex()] = entry

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        if own := self._own.get(subject):
            return own[-1]
        if subject not in self._last:
            self._last[subject] = self._below.last(subject)
        return self._last[subject]

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        yield from (e for e in reversed(self._own.get(subject, ())) if e.kind == kind)
        key = subject, kind
        if key not in self._of_kind:
            self._of_kind[key] = [], self._below.of_kind(subject, kind)
        read, rest = self._of_kind[key]
        place = 0
        while True:
            if place == len(read):
                more = next(rest, None)
                if more is None:
                    return
                read.append(more)
            yield read[place]
            place += 1

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""
        if leaf not in self._by_leaf:
            self._by_leaf[leaf] = self._below.by_leaf(leaf)
        return self._by_leaf[leaf]

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        return self._acts.get(digest) or self._below.act_entry(digest)
