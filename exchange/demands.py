"""Demand (供需对接): what a buyer looks for and nobody has named yet, and what answers it."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar, Final

from annotated_types import Len
from pydantic import ConfigDict, Field

from exchange.lifecycle import step
from exchange.matching import Wish
from exchange.records import STRICT
from exchange.specsheet import Name, Text
from ledger.entries import Entry

OPEN_MAX: Final = 20  # postings that one buyer may have open at once
ANSWERS_MAX: Final = 5  # answers of one supplier to one demand
RUNS_DAYS: Final = 90  # a posting runs for so long where its buyer says nothing

_LATER: Final = Field(exclude_if=lambda value: value in ("", ()))


class DemandState(enum.StrEnum):
    """Whether suppliers may answer: only while it is open."""

    OPEN = "open"
    MET = "met"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"
    EXPIRED = "expired"


# Everything a demand may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[DemandState, frozenset[DemandState]] = {
    DemandState.OPEN: frozenset(
        {DemandState.MET, DemandState.WITHDRAWN, DemandState.REMOVED, DemandState.EXPIRED}
    ),
    DemandState.MET: frozenset(),
    DemandState.WITHDRAWN: frozenset(),
    DemandState.REMOVED: frozenset(),
    DemandState.EXPIRED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Posting:
    """What everybody reads of a demand: a record that its entry names by digest.

    `wanted` says in the buyer's words what is looked for, `fields` which columns it should have;
    `wish` is the use, with the budget if the buyer tells one.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    title: Name
    wanted: Text
    wish: Wish
    keywords: Annotated[tuple[Name, ...], Len(0, 20), _LATER] = ()
    fields: Annotated[tuple[Name, ...], Len(0, 50), _LATER] = ()

    @property
    def looked_for(self) -> Wish:
        """The wish with every word of the posting in it."""
        words = (self.title, self.wanted, *self.keywords, *self.fields)
        return replace(self.wish, words=(*self.wish.words, *words))


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a listed product, or a promise to prepare one by a day; `id` is its leaf hash."""

    id: str
    demand: str
    supplier: str
    words: str
    answered_at: str
    product: str | None = None
    ready_by: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Demand:
    """One posting with where it stands; `met_by` is the answer that met it."""

    id: str
    buyer: str
    title: str
    posting: str
    posted_at: str
    until: str
    head: str
    state: DemandState = DemandState.OPEN
    met_by: str | None = None

    def step(self, state: DemandState) -> DemandState:
        """Return a state that may follow, or raise `IllegalTransition`."""
        return step(TRANSITIONS, self.state, state, f"demand {self.id}")

    def moved(self, state: DemandState, entry: Entry, *, met_by: str | None = None) -> Demand:
        """Return the demand in another state, or raise `IllegalTransition`."""
        return replace(self, state=self.step(state), head=entry.leaf.hex(), met_by=met_by)

    def runs(self, now: str) -> bool:
        """Whether it is open and its time is not over, by the ledger's time."""
        return self.state is DemandState.OPEN and now <= self.until
