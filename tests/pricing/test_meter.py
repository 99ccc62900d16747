from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.billing import (
    Billed,
    ChargeType,
    Order,
    Outcome,
    Statement,
    UsageEvent,
)
from pricing.billing.ladder import Ladder, LadderMode, Rate, Tier
from pricing.billing.meter import Meter, Trial
from pricing.billing.terms import Term
from pricing.money import Money
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.usage import Usage
from tests.pricing.statements import LADDER, MONTH, SOME, WEEK, YEAR, at, calls, statement


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
@settings(deadline=None)
def test_the_meter_agrees_with_a_clerk(plan: Usage, used: list[UsageEvent]) -> None:
    given_ = statement(*used)
    bill = plan.rate(given_)
    assert bill.amount.minor == by_hand(plan, given_)
    assert bill.units(*ChargeType) == sum(event.quantity for event in used)


@given(st.lists(events, max_size=12), st.integers(1, 30), st.randoms())
@settings(deadline=None)
def test_no_day_costs_more_than_its_maximum(
    used: list[UsageEvent], maximum: int, shuffle: Any
) -> None:
    plan = PerCall(LADDER, day_max=Money(maximum))
    bill = plan.rate(statement(*used))
    assert bill.amount.minor <= maximum * len({SOME.day(event.at_ms) for event in used})
    shuffle.shuffle(used)
    assert plan.rate(statement(*used)) == bill


def test_the_nearer_of_two_maxima_is_the_one_that_is_told() -> None:
    # 3.00 a day and 5.00 in all, at 1.00: three on the first day, two on the second, then none.
    meter = Meter(Ladder.flat(Money(100)), day_max=Money(300), period_max=Money(500))
    days = calls(*[(f"2026-01-{day:02} 12:00", 4) for day in (6, 7, 8)])
    assert [
        (line.text, line.quantity, line.amount.minor) for line in meter.lines(statement(*days))
    ] == [
        ("2026-01-06, the maximum of 3.00 CNY a day reached", 3, 300),
        ("2026-01-07, the maximum of 5.00 CNY reached", 2, 200),
        ("after the maximum of 3.00 CNY a day", 1, 0),
        ("after the maximum of 5.00 CNY", 6, 0),
    ]


def test_usage_that_costs_just_the_maximum_has_not_gone_beyond_it() -> None:
    (line,) = (
        PerCall(LADDER, day_max=Money(100)).rate(statement(*calls(("2026-01-07 12:00", 2)))).lines
    )
    assert (line.text, line.amount) == ("at 0.50 CNY a unit", Money(100))


orders = st.builds(
    Order,
    st.uuids().map(str),
    st.integers(at("2026-01-05 09:30"), at("2026-03-20 00:00") - 1),
    st.sampled_from([3, 7]),
    st.integers(1, 2),
)


@given(
    st.lists(events, max_size=8),
    st.lists(orders, max_size=5),
    st.none() | st.sampled_from([WEEK, MONTH]),
    st.sampled_from(Billed),
)
@settings(deadline=None)
def test_packs_are_drawn_as_a_clerk_would(
    used: list[UsageEvent], bought: list[Order], validity: Term | None, billed: Billed
) -> None:
    plan = Package((Pack(3, Money(20)), Pack(7, Money(40))), validity, billed, Rate(Money(11)))
    given_ = statement(*used, orders=tuple(bought))
    # One slip of paper for each unit bought: from when, through which day.
    slips = [
        (order.at_ms, validity.last_day(given_.day(order.at_ms)) if validity else 10**6)
        for order in bought
        for _ in range(order.units * order.count)
    ]
    beyond = 0
    for event in sorted(used, key=lambda event: (event.at_ms, event.id)):
        if billed is Billed.HITS and event.outcome is Outcome.NOT_FOUND:
            continue
        for _ in range(event.quantity):
            good = [s for s in slips if s[0] <= event.at_ms and given_.day(event.at_ms) <= s[1]]
            if good:
                slips.remove(min(good, key=lambda slip: slip[1]))
            else:
                beyond += 1
    bill = plan.rate(given_)
    packs = sum(order.count * {3: 20, 7: 40}[order.units] for order in bought)
    assert bill.amount.minor == packs + 11 * beyond
    assert bill.units(ChargeType.VARIABLE) == beyond
