from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pricing.billing import (
    Billed,
    ChargeType,
    Outcome,
    Statement,
    UsageEvent,
)
from pricing.billing.ladder import Ladder, LadderMode, Rate, Tier
from pricing.billing.meter import Trial
from pricing.money import Money
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.usage import Usage
from tests.pricing.statements import LADDER, MONTH, SOME, WEEK, YEAR, at, statement


def by_hand(plan: Usage, given: Statement) -> int:
    """Bill unit by unit, as a clerk would; returns minor units."""
    periods: dict[int, list[UsageEvent]] = {}
    sampled = 0
    for event in sorted(given.events, key=lambda event: (event.at_ms, event.id)):
        if plan.billed is Billed.HITS and event.outcome is Outcome.NOT_FOUND:
            continue
        for _ in range(event.quantity):
            if plan.trial and plan.trial.units and sampled < plan.trial.units:
                sampled += 1
                continue
            index = plan.period.index(given.first_day, given.day(event.at_ms))
            periods.setdefault(index, []).append(event)
    owed = 0
    for units in periods.values():
        paying = units[plan.free_units :]
        spent = Fraction(0)
        for number in range(1, len(paying) + 1):
            reached = len(paying) if plan.ladder.mode is LadderMode.VOLUME else number
            price = [tier.rate for tier in plan.ladder.tiers if tier.above < reached][-1].minor
            maximum = plan.period_max.minor if plan.period_max else spent + price
            spent += min(price, maximum - spent)
        owed += round(spent)
    return owed


events = st.builds(
    UsageEvent,
    st.uuids().map(str),
    st.integers(at("2026-01-05 09:30"), at("2026-03-20 00:00") - 1),
    st.integers(1, 12),
    st.sampled_from(Outcome),
)
rates = st.builds(Rate, st.integers(0, 9).map(Money), st.integers(1, 3))
ladders = st.builds(
    lambda first, rest, mode: Ladder(
        (Tier(0, first), *(Tier(9 * i + 5, rate) for i, rate in enumerate(rest))), mode
    ),
    rates,
    st.lists(rates, max_size=3),
    st.sampled_from(LadderMode),
)
plans = st.builds(
    Usage,
    ladders,
    st.integers(0, 6),
    st.none() | st.integers(0, 60).map(Money),
    st.sampled_from([MONTH, WEEK, YEAR]),
    st.sampled_from(Billed),
    st.none() | st.integers(1, 9).map(Trial),
)


@given(plans, st.lists(events, max_size=12))
def test_the_meter_agrees_with_a_clerk(plan: Usage, used: list[UsageEvent]) -> None:
    given_ = statement(*used)
    bill = plan.rate(given_)
    assert bill.amount.minor == by_hand(plan, given_)
    assert bill.units(*ChargeType) == sum(event.quantity for event in used)


@given(st.lists(events, max_size=12), st.integers(1, 30), st.randoms())
def test_no_day_costs_more_than_its_maximum(
    used: list[UsageEvent], maximum: int, shuffle: Any
) -> None:
    plan = PerCall(LADDER, day_max=Money(maximum))
    bill = plan.rate(statement(*used))
    assert bill.amount.minor <= maximum * len({SOME.day(event.at_ms) for event in used})
    shuffle.shuffle(used)
    assert plan.rate(statement(*used)) == bill
