from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing import plugins
from pricing.conformance import VersionerContract
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.versions import Demand, DemandPoint, LineDemand, Menu, TwoPartPrice, Version, Versioner
from pricing.versions.nimbus import Nimbus, relaxed_prices
from pricing.versions.two_part import TwoPartPricing


def demand(*points: tuple[int, int, int]) -> Demand:
    return Demand(tuple(DemandPoint(Fraction(x), Money(v), b) for x, v, b in points))


def line(units: str, choke: int, cost: int, buyers: int = 1) -> Demand:
    return Demand(line=LineDemand(Fraction(units), Money(choke), Money(cost), buyers))


MARKET = demand((1, 100, 3), (2, 150, 1), (3, 280, 5), (5, 300, 2), (8, 301, 1))


class TestNimbus(VersionerContract):
    versioner, demand = Nimbus(), MARKET


class TestTwoPartPricing(VersionerContract):
    versioner, demand = TwoPartPricing(), line("1", 10_000, 2_000, 7)


def test_both_are_registered() -> None:
    assert plugins.names("versioners") == ("nimbus", "two-part")
    assert plugins.load("versioners", "nimbus") is Nimbus


def test_a_market_whose_values_are_already_free_of_arbitrage_pays_them_all() -> None:
    menu = Nimbus().menu(demand((1, 100, 1), (2, 180, 1), (4, 300, 1)))
    assert [version.price.minor for version in menu.versions] == [100, 180, 300]
    assert menu.revenue == Money(580)


def test_a_jump_in_value_cannot_be_charged() -> None:
    # Ten units of quality 1 make up quality 10: 1,000 for it would be had for 10 · 10.
    menu = Nimbus().menu(demand((1, 10, 1), (10, 1_000, 1)))
    assert [version.price.minor for version in menu.versions] == [1_000, 1_000]
    assert menu.revenue == Money(1_000)
    # With 200 buyers of the small one it is better to keep them: 200 · 10 + 100.
    menu = Nimbus().menu(demand((1, 10, 200), (10, 1_000, 1)))
    assert [version.price.minor for version in menu.versions] == [10, 100]


def test_a_buyer_whose_value_jumps_is_not_tight_after_one_before() -> None:
    # Who takes 200 of quality 1 at 10 cannot charge 1,000 for quality 10; it pays to lose them:
    # 1,000 · 1 + 2,000 · 300, where keeping them brings 10 · 200 + 100 + 200 · 300.
    menu = Nimbus().menu(demand((1, 10, 200), (10, 1_000, 1), (20, 2_000, 300)))
    assert [version.price.minor for version in menu.versions] == [1_000, 1_000, 2_000]
    assert menu.revenue == Money(601_000)


def test_prices_are_rounded_up_and_lose_nobody() -> None:
    # On the ray from (3, 10) quality 4 costs 13 1/3, rounded up 14.
    menu = Nimbus().menu(demand((3, 10, 9), (4, 14, 1), (6, 20, 1)))
    assert [version.price.minor for version in menu.versions] == [10, 14, 20]
    assert relaxed_prices(demand((3, 10, 9), (4, 14, 1)))[1] == Fraction(40, 3)


def prices_allowed(one: Demand) -> list[list[Fraction]]:
    """Return the prices that an optimum may have: each v_i, and rays through the points."""
    x = [point.quality for point in one.points]
    v = [point.value.minor for point in one.points]
    return [
        sorted({Fraction(v[i]) for i in range(len(x))} | {v[i] * q / x[i] for i in range(len(x))})
        for q in x
    ]


def brought(one: Demand, prices: tuple[Fraction, ...]) -> Fraction:
    pairs = zip(one.points, prices, strict=True)
    return sum((p.buyers * price for p, price in pairs if price <= p.value.minor), Fraction(0))


def narrow(x: list[Fraction], prices: tuple[Fraction, ...]) -> bool:
    pairs = itertools.pairwise(zip(x, prices, strict=True))
    return all(p <= r and r * a <= p * b for (a, p), (b, r) in pairs)


markets = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 4)), min_size=1, max_size=4
).map(
    lambda rows: demand(
        *(
            (x, v, b)
            for x, (_, v, b) in zip(itertools.accumulate(row[0] for row in rows), rows, strict=True)
        )
    )
)


@given(markets)
@settings(max_examples=60, deadline=None)
def test_the_menu_is_the_best_of_all_under_the_narrower_rule(market: Demand) -> None:
    x = [point.quality for point in market.points]
    best = max(
        brought(market, prices)
        for prices in itertools.product(*prices_allowed(market))
        if narrow(x, prices)
    )
    found = tuple(relaxed_prices(market))
    assert narrow(x, found)
    assert brought(market, found) == best
    assert Nimbus().menu(market).revenue.minor >= best


def best_without_arbitrage(market: Demand) -> int:
    """Return the most that any monotone, subadditive prices bring in, over every whole price."""
    x = [int(point.quality) for point in market.points]
    top = max(point.value.minor for point in market.points)
    best = 0
    for prices in itertools.product(range(top + 1), repeat=len(x)):
        bought = brought(market, tuple(map(Fraction, prices)))
        if bought > best and all(p <= r for p, r in itertools.pairwise(prices)):
            least = [0] * (x[-1] + 1)
            for n in range(1, x[-1] + 1):
                least[n] = min(least[max(0, n - q)] + p for q, p in zip(x, prices, strict=True))
            if all(least[q] >= p for q, p in zip(x, prices, strict=True)):
                best = int(bought)
    return best


small = st.lists(
    st.tuples(st.integers(1, 3), st.integers(1, 9), st.integers(1, 3)), min_size=1, max_size=3
).map(
    lambda rows: demand(
        *(
            (x, v, b)
            for x, (_, v, b) in zip(itertools.accumulate(row[0] for row in rows), rows, strict=True)
        )
    )
)


@given(small)
@settings(max_examples=60, deadline=None)
def test_the_menu_brings_in_half_of_the_best_without_arbitrage_or_more(market: Demand) -> None:
    revenue, best = Nimbus().menu(market).revenue.minor, best_without_arbitrage(market)
    assert revenue <= best
    assert 2 * revenue >= best


def test_a_market_that_the_narrower_rule_loses_something_in() -> None:
    # Qualities 2 and 3 at 1 and 2 are subadditive (3 needs two of 2), and 2/3 is above 1/2.
    market = demand((2, 1, 2), (3, 2, 2))
    assert best_without_arbitrage(market) == 6
    assert brought(market, tuple(relaxed_prices(market))) == 5


@pytest.mark.parametrize(
    ("units", "choke", "cost", "fee"),
    [
        ("1", 10_000, 0, 5_000),  # q = 1 − p, c = 0: A = 1/2
        ("1", 10_000, 2_000, 3_200),  # A = (1 − 0.2)²/2 = 0.32
        ("40", 10_000, 2_000, 128_000),
        ("1", 3, 0, 1),  # 1.5 is rounded down
    ],
)
def test_a_two_part_price_in_closed_form(units: str, choke: int, cost: int, fee: int) -> None:
    menu = TwoPartPricing().menu(line(units, choke, cost, 3))
    assert menu.two_part == TwoPartPrice(Money(fee), Money(cost))
    assert menu.revenue == Money(3 * fee)


@given(st.integers(2, 90), st.data())
@settings(deadline=None)
def test_no_other_two_part_price_leaves_more(choke: int, data: st.DataObject) -> None:
    cost = data.draw(st.integers(0, choke - 1))
    best = TwoPartPricing().menu(line("2", choke, cost)).revenue.minor
    for price in range(choke + 1):
        use = 2 * Fraction(choke - price, choke)
        fee = use * (choke - price) / 2
        assert fee + (price - cost) * use < best + 1


INEXACT: Any = 2.0


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda: demand((0, 1, 1)), "points.quality"),
        (lambda: demand((-1, 1, 1)), "points.quality"),
        (lambda: DemandPoint(INEXACT, Money(1)), "points.quality"),
        (lambda: demand((1, 0, 1)), "points: value"),
        (lambda: demand((1, -5, 1)), "points: value"),
        (lambda: demand((1, 5, 0)), "points: buyers"),
        (lambda: demand((1, 5, -1)), "points: buyers"),
        (lambda: demand((2, 5, 1), (2, 6, 1)), "points: quality 2 does not rise"),
        (lambda: demand(*((i + 1, 1, 1) for i in range(1_001))), "points: 1001 are more"),
        (lambda: line("0", 5, 1), "line.units"),
        (lambda: line("1", 5, 5), "line.choke"),
        (lambda: line("1", 0, 0), "line.choke"),
        (lambda: line("1", 5, -1), "line.cost"),
        (lambda: line("1", 5, 1, 0), "line.buyers"),
        (lambda: Nimbus().menu(line("1", 5, 1)), "points: versions need"),
        (lambda: TwoPartPricing().menu(MARKET), "line: a two-part"),
        (lambda: Menu(Money(1), " ", (Version(Fraction(1), Money(1)),)), "basis"),
        (lambda: Menu(Money(1), "guess"), "versions"),
        (lambda: Version(Fraction(1), Money(-1)), "versions.price"),
    ],
)
def test_what_cannot_be_priced_is_named(wrong: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        wrong()


def test_values_of_two_currencies_are_refused() -> None:
    dollars = DemandPoint(Fraction(9), Money(1, Currency.USD))
    with pytest.raises(BadInput, match="points: their values"):
        replace(MARKET, points=(*MARKET.points, dollars))


@dataclass(frozen=True)
class AtValue:
    """Charges every buyer what they would pay, whoever undercuts it."""

    dearer_first: bool = False

    def menu(self, demand: Demand) -> Menu:
        points = demand.points or MARKET.points
        versions = tuple(Version(point.quality, point.value) for point in points)
        if self.dearer_first:
            prices = [version.price for version in versions][::-1]
            versions = tuple(replace(v, price=p) for v, p in zip(versions, prices, strict=True))
        return Menu(Money(9), "greed", versions)


def kit(versioner: Versioner) -> VersionerContract:
    contract = VersionerContract()
    contract.versioner, contract.demand = versioner, MARKET
    return contract


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (kit(AtValue()).test_refuses_to_price_what_nobody_is_known_to_want, "without any demand"),
        (kit(AtValue(True)).test_better_versions_never_cost_less, "costs less than"),
        (kit(AtValue()).test_no_combination_of_versions_undercuts_one, "for less than 280"),
        (kit(AtValue()).test_the_revenue_is_what_the_menu_brings_in, "brings in"),
    ],
)  # fmt: skip
def test_the_kit_finds_what_a_versioner_must_not_do(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()
