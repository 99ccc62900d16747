from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.appraisal import Appraisal, Evidence, Range
from pricing.conformance import AppraiserContract
from pricing.engines.income import IncomeApproach, Variant
from pricing.errors import BadInput
from pricing.evidence import YEARS_MAX, Scene
from pricing.money import Currency, Money


def known(value: str) -> Range:
    return Range(Decimal(value), Decimal(value), Decimal(value))


def between(*ends: str) -> Range:
    low, mid, high = map(Decimal, ends)
    return Range(low, mid, high)


def yuan(*amounts: int) -> tuple[Money, ...]:
    return tuple(Money(amount * 100) for amount in amounts)


ROUTES = Scene(
    "routes", yuan(110_000, 121_000), known("0.5"), known("0.1"), "forecast of the port",
    others=yuan(50_000, 60_000), without=yuan(100_000, 100_000),
)  # fmt: skip
FISHING = Scene(
    "fishing", yuan(60_000), between("0.2", "0.3", "0.4"), between("0.15", "0.2", "0.25"),
    "survey of the fleet", others=yuan(10_000), without=yuan(48_000),
)  # fmt: skip
BOTH = Evidence(scenes=(ROUTES, FISHING))


class TestDirectContract(AppraiserContract):
    appraiser = IncomeApproach()
    evidence = BOTH
    weighed = ("routes: year 1", "routes: year 2", "fishing: year 1")
    better = tuple(
        Evidence(scenes=(replace(ROUTES, income=yuan(*years)),))
        for years in ((1, 1), (1, 2), (2, 2), (9, 2))
    )


class TestIncrementalContract(AppraiserContract):
    appraiser = IncomeApproach(Variant.INCREMENTAL)
    evidence = BOTH


def ends(appraisal: Appraisal) -> list[str]:
    return [str(end) for end in (appraisal.low, appraisal.mid, appraisal.high)]


def test_direct_income_by_hand() -> None:
    # 0.5·(110,000/1.1 + 121,000/1.21) = 100,000, and 60,000·(0.2/1.25, 0.3/1.2, 0.4/1.15).
    found = IncomeApproach().appraise(BOTH)
    assert ends(found) == ["109,600.00 CNY", "115,000.00 CNY", "120,869.57 CNY"]


@pytest.mark.parametrize(
    ("variant", "mid"),
    [
        # One scene, halves at 10 %: 0.5·(F1/1.1 + F2/1.21).
        (Variant.DIRECT, "100,000.00 CNY"),
        (Variant.ROYALTY, "100,000.00 CNY"),
        (Variant.EXCESS, "52,479.34 CNY"),  # F = 60,000 and 61,000
        (Variant.INCREMENTAL, "13,223.14 CNY"),  # F = 10,000 and 21,000
    ],
)
def test_a_variant_counts_its_part_of_the_income(variant: Variant, mid: str) -> None:
    found = IncomeApproach(variant).appraise(Evidence(scenes=(ROUTES,)))
    assert ends(found) == [mid] * 3
    assert str(variant) in found.basis


def test_each_year_says_what_it_adds() -> None:
    lines = IncomeApproach().appraise(BOTH).indicators
    assert [(line.name, line.value, line.effect, line.weight) for line in lines] == [
        ("routes: contribution", "0.5", "× 0.5", None),
        ("routes: rate of discount", "0.1", "÷ 1.1 a year", None),
        ("routes: year 1", "110000", "+ 50,000.00 CNY", Decimal("0.434783")),
        ("routes: year 2", "121000", "+ 50,000.00 CNY", Decimal("0.434783")),
        ("fishing: contribution", "0.3", "× 0.3", None),
        ("fishing: rate of discount", "0.2", "÷ 1.2 a year", None),
        ("fishing: year 1", "60000", "+ 15,000.00 CNY", Decimal("0.130435")),
    ]


def test_a_use_that_earns_nothing_is_worth_nothing() -> None:
    found = IncomeApproach().appraise(Evidence(scenes=(replace(ROUTES, income=yuan(0, 0)),)))
    assert ends(found) == ["0.00 CNY"] * 3
    assert [line.weight for line in found.indicators] == [None] * 4


def test_a_year_of_loss_counts_the_more_for_the_low_end() -> None:
    # F = −10,000 and 30,000, whole, between 0 % and 100 %: the loss undiscounted at the low end.
    scene = Scene("start", yuan(0, 40_000), known("1"), between("0", "0.25", "1"), "plan",
                  without=yuan(10_000, 10_000))  # fmt: skip
    found = IncomeApproach(Variant.INCREMENTAL).appraise(Evidence(scenes=(scene,)))
    # low −10,000 + 30,000/4 < 0 is 0; mid −8,000 + 19,200; high −5,000 + 30,000.
    assert ends(found) == ["0.00 CNY", "11,200.00 CNY", "25,000.00 CNY"]
    assert [line.effect for line in found.indicators][2:] == [
        "- 8,000.00 CNY",
        "+ 19,200.00 CNY",
    ]


parts = st.decimals(0, 1, places=3)
ranges = st.tuples(parts, parts, parts).map(lambda three: Range(*sorted(three)))
flows = st.lists(st.integers(-1_000, 10_000), min_size=1, max_size=5)


@settings(max_examples=50)
@given(flows, ranges, ranges, st.data())
def test_wherever_parameters_lie_in_their_ranges_the_value_does(
    years: list[int], contribution: Range, rate: Range, data: st.DataObject
) -> None:
    zero = yuan(*[0] * len(years))
    scene = Scene("any", yuan(*years), contribution, rate, "drawn", without=zero)
    approach = IncomeApproach(Variant.INCREMENTAL)
    try:
        band = approach.appraise(Evidence(scenes=(scene,))).band()
    except BadInput as error:
        assert "lose money" in str(error)  # noqa: PT017 - a loss is refused, and nothing else
        return
    drawn = [data.draw(st.decimals(one.low, one.high, places=3)) for one in (contribution, rate)]
    true = sum(
        Fraction(year * 100) * Fraction(drawn[0]) / (1 + Fraction(drawn[1])) ** t
        for t, year in enumerate(years, 1)
    )
    assert band.low.minor - 1 <= max(true, 0) <= band.high.minor + 1


@pytest.mark.parametrize(
    ("variant", "scenes", "named"),
    [
        (Variant.DIRECT, (), "scenes: the income approach needs"),
        (Variant.DIRECT, (ROUTES, ROUTES), "scenes: a scene is named twice"),
        (Variant.DIRECT, (replace(ROUTES, income=yuan(1, -1)),), "scenes: income of routes is bel"),
        (Variant.ROYALTY, (replace(ROUTES, income=yuan(-1, 1)),), "scenes: income of routes"),
        (Variant.EXCESS, (replace(ROUTES, others=()),), "scenes: others of routes is not known"),
        (Variant.INCREMENTAL, (replace(ROUTES, without=()),), "scenes: without of routes"),
        (Variant.INCREMENTAL, (replace(ROUTES, without=yuan(500_000, 0)),), "scenes: together"),
        (
            Variant.DIRECT,
            (ROUTES, replace(FISHING, income=(Money(1, Currency.USD),))),
            "scenes: the incomes are in more than one currency",
        ),
    ],
)
def test_what_is_missing_or_forbidden_is_named(variant: Variant, scenes: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        IncomeApproach(variant).appraise(Evidence(scenes=scenes))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": " "}, "scenes.name"),
        ({"source": ""}, "scenes: source of routes"),
        ({"income": ()}, "scenes: income of routes has 0 years"),
        ({"income": yuan(*[1] * (YEARS_MAX + 1))}, "scenes: income of routes has 51 years"),
        ({"without": yuan(1)}, "scenes: without of routes has 1 years, its income 2"),
        ({"contribution": between("0.2", "0.1", "0.3")}, "scenes: contribution of routes"),
        ({"contribution": known("1.1")}, "scenes: contribution of routes"),
        ({"rate": known("-0.1")}, "scenes: rate of routes"),
    ],
)
def test_a_scene_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        replace(ROUTES, **change)
