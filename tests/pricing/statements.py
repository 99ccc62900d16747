"""Statements for the tests: moments as a clock in China shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from pricing.billing import Bill, ChargeType, Order, Outcome, Statement, UsageEvent
from pricing.billing.ladder import Ladder, LadderMode, Rate, Tier
from pricing.billing.terms import Term, TermUnit
from pricing.money import Money

CHINA: Final = dt.timezone(dt.timedelta(hours=8))


def at(text: str) -> int:
    """Return the moment of ``2026-01-05 09:30`` in China, in milliseconds since 1970."""
    return int(dt.datetime.fromisoformat(text).replace(tzinfo=CHINA).timestamp() * 1000)


def calls(*uses: tuple[str, int]) -> tuple[UsageEvent, ...]:
    """Return an event for each moment and quantity."""
    return tuple(UsageEvent(f"e{i}", at(when), count) for i, (when, count) in enumerate(uses))


def misses(*uses: tuple[str, int]) -> tuple[UsageEvent, ...]:
    """Return events that found nothing."""
    return tuple(
        UsageEvent(f"m{i}", at(when), count, Outcome.NOT_FOUND)
        for i, (when, count) in enumerate(uses)
    )


def statement(
    *events: UsageEvent,
    since: str = "2026-01-05 09:30",
    until: str = "2026-03-20 00:00",
    orders: tuple[Order, ...] = (),
) -> Statement:
    """Return a statement of these events, from January to March unless told otherwise."""
    return Statement(at(since), at(until), events, orders)


MONTH, YEAR, WEEK = Term(1, TermUnit.MONTH), Term(1, TermUnit.YEAR), Term(7, TermUnit.DAY)


def cny(text: str) -> Money:
    return Money.parse(f"{text} CNY")


def ladder(*tiers: tuple[int, str], mode: LadderMode = LadderMode.GRADUATED) -> Ladder:
    return Ladder(tuple(Tier(above, Rate(cny(price))) for above, price in tiers), mode)


def lines(bill: Bill) -> list[tuple[ChargeType, int, str]]:
    return [(line.type, line.quantity, str(line.amount)[:-4]) for line in bill.lines]


SOME_CALLS = calls(
    ("2026-01-05 10:00", 3),
    ("2026-01-05 23:59", 9),
    ("2026-01-06 00:00", 2),
    ("2026-02-05 12:00", 1),
    ("2026-02-06 12:00", 30),
) + misses(("2026-01-05 12:00", 5))
SOME = statement(*SOME_CALLS)
HEAVY = statement(*(replace(event, quantity=10_000) for event in SOME_CALLS))
LADDER = ladder((0, "0.50"), (10, "0.30"))
BOUGHT = replace(SOME, orders=(Order("o1", at("2026-01-05 10:00"), 100),))
