"""What rules see: the entries before the one in question, and what follows from them.

A `View` is everything that a rule may ask for.  Stores and audits both offer one, so that the
same rules run in both places.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ledger.entries import Entry

SLACK = dt.timedelta(minutes=10)  # between the clocks of a signer and of the exchange


class View(Protocol):
    """Everything before an entry, as far as rules ask."""

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""


@dataclass(frozen=True, slots=True)
class Following:
    """What a view has once one more entry follows what it has."""

    before: View
    entry: Entry

    def last(self, subject: str) -> Entry | None:
        """Return the newest entry of a subject."""
        return self.entry if subject == self.entry.subject else self.before.last(subject)

    def of_kind(self, subject: str, kind: str) -> Iterator[Entry]:
        """Yield a subject's entries of one kind, newest first."""
        if (subject, kind) == (self.entry.subject, self.entry.kind):
            yield self.entry
        yield from self.before.of_kind(subject, kind)

    def by_leaf(self, leaf: str) -> Entry | None:
        """Return the entry with that leaf hash, in hex."""
        return self.entry if leaf == self.entry.leaf.hex() else self.before.by_leaf(leaf)

    def act_entry(self, digest: str) -> Entry | None:
        """Return the entry that carries the act of that digest."""
        mine = digest == self.entry.act_digest
        return self.entry if mine else self.before.act_entry(digest)


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that an entry breaks, in words."""

    rule: str
    words: str


def newest(view: View, subject: str, kind: str) -> Entry | None:
    """Return the newest entry of a kind in a subject."""
    return next(view.of_kind(subject, kind), None)


def operator_of(view: View, log: str) -> str | None:
    """Return the participant that opened the exchange."""
    opened = newest(view, f"exchange/{log}", "exchange.opened")
    return opened.actor if opened else None


def pack_in_force(view: View, log: str) -> str | None:
    """Return the digest of the rule pack that the exchange applies: the one adopted last."""
    subject = f"exchange/{log}"
    declared = newest(view, subject, "pack.adopted") or newest(view, subject, "exchange.opened")
    pack: str | None = declared.facts["pack"] if declared else None
    return pack


def roles_of(view: View, actor: str, log: str) -> frozenset[str]:
    """Return the roles an actor may act in as of the view; none while it is suspended."""
    subject = f"participant/{actor}"
    roles: set[str] = {"operator"} if operator_of(view, log) == actor else set()
    admitted = newest(view, subject, "participant.admitted")
    suspended = newest(view, subject, "participant.suspended")
    if admitted and not (suspended and suspended.version > admitted.version):
        roles |= set(admitted.facts["roles"])
    return frozenset(roles)
