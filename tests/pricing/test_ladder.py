from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.billing.ladder import Ladder, LadderMode, Rate, Tier
from pricing.errors import BadInput
from pricing.money import Currency, Money

# The tiers of zuplo.com's page on pricing models: $0.10, from 1,001 on $0.05, from 10,001 $0.01.
TIERS = tuple(
    Tier(above, Rate(Money(cents, Currency.USD)))
    for above, cents in ((0, 10), (1_000, 5), (10_000, 1))
)
GRADUATED, VOLUME = (Ladder(TIERS, mode) for mode in (LadderMode.GRADUATED, LadderMode.VOLUME))


@pytest.mark.parametrize(
    ("units", "graduated", "volume"),
    [
        (0, 0, 0),
        (1, 10, 10),
        (1_000, 10_000, 10_000),
        (1_001, 10_005, 5_005),
        (10_000, 55_000, 50_000),
        (15_000, 60_000, 15_000),  # the page's own example: $600 and $150
    ],
)
def test_both_meanings_of_a_ladder(units: int, graduated: int, volume: int) -> None:
    assert GRADUATED.cost(units) == graduated
    assert VOLUME.cost(units) == volume


def test_a_rate_may_be_below_a_cent() -> None:
    ladder = Ladder.flat(Money(15), per=100)
    assert ladder.cost(1) == Fraction(3, 20)
    assert str(ladder.tiers[0].rate) == "0.15 CNY a 100 units"


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=20))
@settings(deadline=None)
def test_steps_in_pieces_cost_what_the_whole_costs(pieces: list[int]) -> None:
    before, cost = 0, Fraction(0)
    for piece in pieces:
        steps = list(GRADUATED.steps(before, piece, sum(pieces)))
        assert sum(units for _, units in steps) == piece
        cost += sum((units * tier.rate.minor for tier, units in steps), Fraction(0))
        before += piece
    assert cost == GRADUATED.cost(before)


def tier(above: Any, minor: int = 1, currency: Currency = Currency.CNY) -> Tier:
    return Tier(above, Rate(Money(minor, currency)))


@pytest.mark.parametrize(
    ("tiers", "named"),
    [
        ((), "begins above 0"),
        ((tier(1),), "begins above 0"),
        ((tier(0), tier(5), tier(5)), "does not rise"),
        ((tier(0), tier(9), tier(5)), "does not rise"),
        ((tier(0), tier(1, currency=Currency.USD)), "more than one currency"),
    ],
)
def test_a_ladder_that_is_none_is_refused(tiers: tuple[Tier, ...], named: str) -> None:
    with pytest.raises(BadInput, match=f"^tiers: .*{named}"):
        Ladder(tiers)


@pytest.mark.parametrize(
    ("rate", "named"),
    [
        ({"amount": Money(-1)}, "rate.amount"),
        ({"amount": Money(1), "per": 0}, "rate.per"),
        ({"amount": Money(1), "per": True}, "rate.per"),
    ],
)
def test_a_rate_outside_its_domain_is_named(rate: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        Rate(**rate)


def test_a_tier_does_not_begin_below_nothing() -> None:
    with pytest.raises(BadInput, match=r"tiers\.above"):
        tier(-1)
