from __future__ import annotations

import functools
import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.billing import Tariff
from pricing.billing.ladder import Ladder, LadderMode, Rate, Tier
from pricing.billing.terms import Term, TermUnit
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.tariffs.arbitrage import Gap, find_arbitrage
from pricing.tariffs.free import Free
from pricing.tariffs.knapsack import CELLS_MAX, cheapest
from pricing.tariffs.metered import Curve
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.subscription import Subscription
from pricing.tariffs.two_part import TwoPart
from pricing.tariffs.usage import Usage
from tests.pricing.price_forms import FORMS
from tests.pricing.statements import MONTH, YEAR, cny, ladder

QUARTER, MONTHS_11 = Term(3, TermUnit.MONTH), Term(11, TermUnit.MONTH)


def packs(*sizes: tuple[int, str], validity: Term | None = YEAR) -> Package:
    return Package(tuple(Pack(units, cny(price)) for units, price in sizes), validity)


def told(*menu: Tariff) -> list[tuple[str, str]]:
    return [(str(found.gap), str(found)) for found in find_arbitrage(*menu)]


PUBLISHED = packs((138_888, "50000"), (312_500, "100000"), (714_285, "200000"))


def test_the_published_menu_has_no_arbitrage() -> None:
    # 0.36, 0.32 and 0.28 a call; three small packs cost 150,000 and three middle ones 300,000.
    assert find_arbitrage(PUBLISHED) == ()


def test_every_pack_and_plan_of_a_real_listing_is_free_of_arbitrage() -> None:
    priced = [form.plan for form in FORMS if not isinstance(form.plan, Negotiated | Free)]
    assert len(priced) == 9
    assert [find_arbitrage(plan) for plan in priced] == [()] * 9


def test_small_packs_that_are_cheaper_are_counted_out() -> None:
    dear = packs((138_888, "50000"), (312_500, "100000"), (714_285, "250000.01"))
    assert told(dear) == [
        (
            "parts-are-cheaper",
            (
                "714,285 units for 1 year costs 250,000.01 CNY;"
                " 2 × 312,500 units for 1 year + 1 × 138,888 units for 1 year cost 250,000.00 CNY"
            ),
        )
    ]
    (found,) = find_arbitrage(dear)
    assert found.cost == cny("250000")
    assert found.gap is Gap.PARTS_ARE_CHEAPER


def test_a_larger_pack_that_is_cheaper_is_found() -> None:
    assert told(packs((10, "3"), (100, "2.99"))) == [
        (
            "more-is-cheaper",
            "10 units for 1 year costs 3.00 CNY; 1 × 100 units for 1 year cost 2.99 CNY",
        )
    ]
    assert told(packs((10, "3"), (100, "3"))) == []  # as dear is not cheaper


def test_units_beyond_a_pack_may_be_cheaper_than_the_pack() -> None:
    plan = Package((Pack(100, cny("30")),), YEAR, overage=Rate(cny("0.29")))
    assert told(plan) == [
        (
            "parts-are-cheaper",
            "100 units for 1 year costs 30.00 CNY; 100 × 1 unit for ever cost 29.00 CNY",
        )
    ]


def test_packs_that_last_longer_stand_in_for_those_that_lapse() -> None:
    monthly, forever = packs((100, "30"), validity=MONTH), packs((100, "29"), validity=None)
    assert [found.offer for found in find_arbitrage(monthly, forever)] == ["100 units for 1 month"]
    assert find_arbitrage(packs((100, "29"), validity=MONTH), packs((100, "30"))) == ()


def test_short_packs_in_a_row_are_counted_for_the_worst_spread() -> None:
    # A year's 100 units spread over 12 months: at worst one in each, and 88 more in packs of 50,
    # so 13 packs suffice and 12 do not (11 months with one unit, then 89 in the last).
    yearly = packs((100, "100"))
    assert told(yearly, packs((50, "7.69"), validity=MONTH)) == [
        (
            "shorter-is-cheaper",
            "100 units for 1 year costs 100.00 CNY; 13 × 50 units for 1 month cost 99.97 CNY",
        )
    ]
    assert find_arbitrage(yearly, packs((50, "7.70"), validity=MONTH)) == ()


@given(st.integers(2, 4), st.integers(1, 5), st.integers(1, 4))
@settings(deadline=None)
def test_the_packs_in_a_row_suffice_and_one_less_would_not(
    terms: int, units: int, size: int
) -> None:
    worst = max(
        sum(-(-used // size) for used in spread)
        for spread in itertools.product(range(units + 1), repeat=terms)
        if sum(spread) == units
    )
    long, short = Term(terms, TermUnit.DAY), Term(1, TermUnit.DAY)
    menu = (packs((units, "100"), validity=long), packs((size, "1"), validity=short))
    in_a_row = [one for one in find_arbitrage(*menu) if one.gap is Gap.SHORTER_IS_CHEAPER]
    assert in_a_row[0].instead[0].count == worst


def test_terms_of_a_subscription() -> None:
    month, year = Subscription(cny("30"), MONTH), Subscription(cny("361"), YEAR)
    assert told(month, year) == [
        (
            "shorter-is-cheaper",
            "any use for 1 year costs 361.00 CNY; 12 × any use for 1 month cost 360.00 CNY",
        )
    ]
    assert find_arbitrage(month, Subscription(cny("360"), YEAR)) == ()
    # Four quarters for eleven months: three would not reach.
    quarter, long = Subscription(cny("90"), QUARTER), Subscription(cny("359"), MONTHS_11)
    assert find_arbitrage(quarter, long) == ()
    assert told(month, Subscription(cny("29"), YEAR))[0][0] == "more-is-cheaper"


@pytest.mark.parametrize(
    ("days", "fee", "count"),
    # A month has 28 to 31 days, so 30 days do not surely last for one, and 31 always do.
    [(30, "4", 2), (31, "9", 1), (28, "4", 2), (366, "9", 1)],
)
def test_days_and_months_are_compared_for_every_calendar(days: int, fee: str, count: int) -> None:
    menu = Subscription(cny(fee), Term(days, TermUnit.DAY)), Subscription(cny("10"), MONTH)
    (found,) = find_arbitrage(*menu)
    assert found.instead[0].count == count


def test_a_licence_for_good_beside_packs() -> None:
    assert [found.gap for found in find_arbitrage(PUBLISHED, OneOff(cny("60000")))] == [
        Gap.MORE_IS_CHEAPER,
        Gap.MORE_IS_CHEAPER,
    ]
    # A smaller pack that makes up the units is better still.
    menu = packs((10, "1"), (100, "50")), OneOff(cny("20"))
    assert [str(found.cost) for found in find_arbitrage(*menu)] == ["10.00 CNY"]


def test_a_ladder_by_volume_falls_at_its_tiers() -> None:
    volume = PerCall(ladder((0, "0.50"), (1_000, "0.30"), mode=LadderMode.VOLUME))
    assert told(volume) == [
        ("more-is-cheaper", "1,000 units costs 500.00 CNY; 1 × 1,001 units cost 300.30 CNY")
    ]
    assert find_arbitrage(PerCall(ladder((0, "0.50"), (1_000, "0.30")))) == ()


def test_a_ladder_that_rises_is_cheaper_under_two_contracts() -> None:
    assert told(PerRecord(ladder((0, "0.30"), (1_000, "0.50")))) == [
        (
            "parts-are-cheaper",
            (
                "2,000 units under one contract costs 800.00 CNY;"
                " 2 × a contract of 1,000 units cost 600.00 CNY"
            ),
        )
    ]


def test_a_saving_that_is_billed_is_found_behind_a_greater_one_that_is_rounded_away() -> None:
    # The pair that saves most saves less than a bill shows; another pair saves a whole fen.
    thirds = PerRecord(Ladder((Tier(0, Rate(Money(1), 3)), Tier(2, Rate(Money(1), 2)))))
    assert told(thirds) != []


def test_free_units_are_had_twice_and_a_fee_may_outweigh_them() -> None:
    flat = ladder((0, "0.50"))
    assert told(Usage(flat, free_units=100)) == [
        (
            "parts-are-cheaper",
            (
                "200 units under one contract costs 50.00 CNY;"
                " 2 × a contract of 100 units cost 0.00 CNY"
            ),
        )
    ]
    assert find_arbitrage(TwoPart(cny("50"), flat, free_units=100)) == ()
    assert find_arbitrage(TwoPart(cny("49.99"), flat, free_units=100)) != ()
    assert find_arbitrage(Usage(flat, period_max=cny("50"))) == ()


amounts = st.integers(0, 12)
curves = st.builds(
    lambda first, rest, mode, fee, free, most: Curve(
        Ladder(
            tuple(
                Tier(max(0, 3 * i - 1), Rate(Money(a), per))
                for i, (a, per) in enumerate([first, *rest])
            ),
            mode,
        ),
        fee,
        free,
        None if most is None else fee + most,
    ),
    st.tuples(amounts, st.integers(1, 3)),
    st.lists(st.tuples(amounts, st.integers(1, 3)), max_size=3),
    st.sampled_from(LadderMode),
    amounts,
    st.integers(0, 5),
    st.none() | st.integers(0, 60),
)


@given(curves)
@settings(max_examples=40, deadline=None)  # exact fractions, on a busy machine
def test_the_corners_of_a_curve_tell_of_all_of_it(curve: Curve) -> None:
    f = functools.cache(curve.at)
    most = max(f(a + b) - f(a) - f(b) for a in range(1, 25) for b in range(a, 25))
    kinks = curve.kinks()
    corners = [(a, b) for a in kinks for b in kinks]
    corners += [(a, whole - a) for a in kinks for whole in kinks if whole > a]
    assert max(f(a + b) - f(a) - f(b) for a, b in corners) >= most
    split = curve.split()
    if split is not None:
        assert curve.at(split[0]) + curve.at(split[1]) < curve.at(sum(split))
    money = functools.cache(curve.money)
    falls = list(curve.falls())
    assert bool(falls) == any(money(n) > money(m) for n in range(1, 25) for m in kinks if m > n)
    for units, more in falls:
        assert more > units
        assert curve.at(more) < curve.at(units)


menus = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 30)), min_size=1, max_size=4)


@given(menus, st.integers(1, 40), st.integers(0, 80))
@settings(deadline=None)
def test_the_knapsack_agrees_with_every_combination(
    menu: list[tuple[int, int]], units: int, below: int
) -> None:
    table = [0] + [10**9] * units
    for n in range(1, units + 1):
        table[n] = min(table[max(0, n - size)] + price for size, price in menu)
    chosen = cheapest(menu, units, below)
    if table[units] >= below:
        assert chosen is None
    else:
        assert chosen is not None
        assert sum(size * count for (size, _), count in chosen.items()) >= units
        assert sum(price * count for (_, price), count in chosen.items()) == table[units]


def test_the_knapsack_at_its_limits() -> None:
    # Ten million units are ten steps of a million.
    assert cheapest([(10**6, 5)], 10**7, 10**9) == {(10**6, 5): 10}
    assert cheapest([(1, 2**53 - 1)], 1, 2**53) == {(1, 2**53 - 1): 1}
    assert cheapest([(1, 1)], 5, 5) is None
    with pytest.raises(BadInput, match="more than the 4,000,000 compared"):
        cheapest([(1, 1)], CELLS_MAX, 10**9)


@pytest.mark.parametrize(
    ("menu", "named"),
    [
        ((Negotiated(),), "menu: Negotiated has no price"),
        ((Free(),), "menu: Free has no price"),
        ((PUBLISHED, OneOff(Money(1, Currency.USD))), "menu: .* more than one currency"),
    ],
)
def test_what_cannot_be_compared_is_refused(menu: tuple[Any, ...], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        find_arbitrage(*menu)


def test_a_menu_too_long_to_be_one_is_refused_before_it_is_compared() -> None:
    packs = Package(tuple(Pack(units, cny(str(units))) for units in range(1, 202)), YEAR)
    with pytest.raises(BadInput, match=r"^menu: its offers: 201 are more than the 200 taken"):
        find_arbitrage(packs)
