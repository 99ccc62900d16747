"""Metered use: events as whoever serves hands them in, and the statement that is billed.

A batch is a list of events, canonical JSON, whose digest the act names:

    [{"at_ms": 1767607200000, "id": "q-1", "outcome": "found", "quantity": 1}, ...]

A statement adds the events up by the hour and by what they found, so that the public record of
a bill says how much was asked and never what.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.errors import BadField
from ledger.acts import format_time, parse_time
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.billing import Order, Outcome, Statement, UsageEvent
from pricing.billing.terms import day_text
from pricing.errors import PricingError
from pricing.wire import from_wire, to_wire

EVENTS_MAX: Final = 10_000  # of one batch
BATCH_BYTES_MAX: Final = 2 << 20
_HOUR_MS: Final = 3_600_000
Units = Counter[tuple[int, Outcome]]  # by the hour since 1970 and by what they found


@dataclass(frozen=True, slots=True)
class Batch:
    """Use from one moment to another: the span's ends, and the events within."""

    since: str
    until: str
    events: tuple[UsageEvent, ...]

    def count(self, outcome: Outcome) -> int:
        """Return how many units came to that."""
        return sum(event.quantity for event in self.events if event.outcome is outcome)


@dataclass(frozen=True, slots=True)
class Bill:
    """One bill as the chain tells it: until when, what is due in all, what it took of escrow."""

    number: int
    until: str
    through: int
    due: str
    amount: str
    pricing: str
    entry: str


class Told:
    """What the entries of a log say was metered and not struck, by trade and outcome.

    They tell the units of each batch, and never what was asked.
    """

    def __init__(self) -> None:
        self.units: Counter[tuple[str, Outcome]] = Counter()
        self._batches: dict[tuple[str, int], Counter[tuple[str, Outcome]]] = {}

    def take(self, entry: Entry) -> None:
        """Count what an entry says of a batch."""
        facts = entry.facts
        if entry.kind == "usage.metered":
            trade = facts["trade"]
            told = Counter(
                {
                    (trade, Outcome.FOUND): facts["found"],
                    (trade, Outcome.NOT_FOUND): facts["missed"],
                }
            )
            self._batches[trade, facts["sequence"]] = told
            self.units += told
        elif entry.kind == "usage.decided" and facts["outcome"] == "struck":
            self.units -= self._batches[facts["trade"], facts["sequence"]]


def moment(time: str) -> int:
    """Return a time of the ledger in milliseconds since 1970."""
    return int(parse_time(time, "time").timestamp()) * 1_000


def write_events(events: Sequence[UsageEvent]) -> bytes:
    """Return the canonical bytes of events, by time and id."""
    ordered = sorted(events, key=lambda event: (event.at_ms, event.id))
    return encode([to_wire(event) for event in ordered])


def read_batch(data: bytes, since: str, until: str) -> Batch:
    """Read the events of a batch, or raise `BadField` naming what is wrong with them."""
    if len(data) > BATCH_BYTES_MAX:
        raise BadField("events", f"{BATCH_BYTES_MAX:,} bytes at most in one batch")
    try:
        events = from_wire(tuple[UsageEvent, ...], json.loads(data), "events")
        Statement(moment(since), moment(until), events)
    except (ValueError, RecursionError) as error:
        raise BadField("events", f"not JSON: {error}") from error
    except PricingError as error:
        where, _, rule = str(error).partition(": ")
        raise BadField(where, rule or str(error)) from error
    if not 1 <= len(events) <= EVENTS_MAX:
        raise BadField("events", f"1 to {EVENTS_MAX:,} in one batch")
    if len({event.id for event in events}) < len(events):
        raise BadField("events.id", "each event once in a batch")
    return Batch(since, until, events)


def once_more(now: dt.datetime) -> Batch:
    """Return one more unit that finds something, used at a time: what a use costs that is asked."""
    since, until = format_time(now), format_time(now + dt.timedelta(seconds=1))
    return Batch(since, until, (UsageEvent("once more", moment(since)),))


def statement_of(batches: Iterable[Batch], *, since: str, until: str, pack: int = 0) -> Statement:
    """Return the statement of a contract that began at `since`, to `until`, not included.

    `pack` are the units of a pack bought with the contract.
    """
    ends = max(moment(until), moment(since) + 1)
    return statement_over(units_of(batches, ends), since=since, until=until, pack=pack)


def units_of(batches: Iterable[Batch], ends: int | None = None) -> Units:
    """Count the units of batches, before a time in milliseconds if one is given."""
    units: Units = Counter()
    for batch in batches:
        for event in batch.events:
            if ends is None or event.at_ms < ends:
                units[event.at_ms // _HOUR_MS, event.outcome] += event.quantity
    return units


def statement_over(units: Units, *, since: str, until: str, pack: int = 0) -> Statement:
    """Return the same statement, of units that were counted before `until`."""
    begins, ends = moment(since), max(moment(until), moment(since) + 1)
    events = tuple(
        UsageEvent(
            f"{day_text(hour // 24)} {hour % 24:02}:00 {outcome}",
            max(hour * _HOUR_MS, begins),
            quantity,
            outcome,
        )
        for (hour, outcome), quantity in sorted(units.items())
    )
    orders = (Order("the contract", begins, pack),) if pack else ()
    return Statement(begins, ends, events, orders)
