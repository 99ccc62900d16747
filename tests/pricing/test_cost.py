from __future__ import annotations

import decimal
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.appraisal import Appraisal, Band, Comparable, Evidence, Indicator, Range
from pricing.conformance import AppraiserContract
from pricing.engines.cost import CostApproach
from pricing.errors import BadAmount, BadInput
from pricing.evidence import Activity, Stage
from pricing.money import Currency, Money

SURVEY = Evidence(
    costs=(("radar survey", Money(100_000_00)), ("cleaning", Money(20_000_00))),
    quality=Decimal("0.9"),
    rows=1_000,
    expected_buyers=40,
    comparables=(Comparable("HF radar 2022", Money(8_000_00)),),
)


def known(value: str) -> Range:
    return Range(Decimal(value), Decimal(value), Decimal(value))


class TestCostApproachContract(AppraiserContract):
    # Trailing zeros do not survive the record, so nothing may depend on them.
    appraiser = CostApproach(quality_spread=Decimal("0.050"))
    evidence = replace(SURVEY, quality=Decimal("0.90"))
    weighed = ("radar survey", "cleaning")


def test_a_cost_line_weighs_its_part_of_the_whole() -> None:
    lines = CostApproach().appraise(SURVEY).indicators
    assert [line.weight for line in lines[:3]] == [Decimal("0.833333"), Decimal("0.166667"), None]
    nothing = replace(SURVEY, costs=(("found", Money(0)),))
    assert CostApproach().appraise(nothing).indicators[0].weight is None


def test_opening_assumption_by_hand() -> None:
    # TC = 120,000; 1.05·0.85·1·1·0.8 = 0.714; 1.1·0.9·1·1·0.9 = 0.891; 1.15·0.95·1·1.1·1 = 1.20175
    appraisal = CostApproach().appraise(SURVEY)
    assert appraisal.low == Money.parse("85680.00 CNY")
    assert appraisal.mid == Money.parse("106920.00 CNY")
    assert appraisal.high == Money.parse("144210.00 CNY")


def test_known_parameters_give_a_range_of_one_point() -> None:
    # 120,000 · 1.2 · (0.9 · 0.5 · 1.25 · 0.8) = 64,800
    exactly = CostApproach(known("0.2"), known("0.5"), known("0.25"), known("0.2"), Decimal(0))
    appraisal = exactly.appraise(SURVEY)
    assert appraisal.low == appraisal.mid == appraisal.high == Money.parse("64800.00 CNY")


def test_each_line_says_what_it_does_and_why() -> None:
    lines = [(i.name, i.value, i.effect) for i in CostApproach().appraise(SURVEY).indicators]
    assert lines == [
        ("radar survey", "100000", "+ 100,000.00 CNY"),
        ("cleaning", "20000", "+ 20,000.00 CNY"),
        ("return rate R", "0.1", "× 1.1"),
        ("quality α", "0.9", "× 0.9"),
        ("circulation β", "1", "× 1"),
        ("scarcity l", "0", "× 1"),
        ("realisation risk r", "0.1", "× 0.9"),
    ]


def test_quality_does_not_leave_its_scale() -> None:
    wide = CostApproach(quality_spread=Decimal(1))
    plain = replace(wide, quality_spread=Decimal(0))
    perfect, worthless = (replace(SURVEY, quality=Decimal(score)) for score in (1, 0))
    assert wide.appraise(SURVEY).low == Money(0)
    assert wide.appraise(perfect).high == plain.appraise(perfect).high
    assert plain.appraise(worthless).high == Money(0)


def test_only_the_product_is_rounded_in_any_decimal_context() -> None:
    thirds = CostApproach(return_rate=known("0." + "3" * 30))
    with decimal.localcontext(prec=2):
        rounded = thirds.appraise(SURVEY)
    assert rounded == thirds.appraise(SURVEY)
    # 120,000 · 1.333… · 0.9 · 0.9 = 129,599.999… and the fen decides
    assert rounded.mid == Money.parse("129600.00 CNY")


shares = st.decimals(0, 1, places=4)
ranges = st.tuples(shares, shares, shares).map(lambda ends: Range(*sorted(ends)))


@given(ranges, ranges, ranges, ranges, shares, shares, st.data())
def test_wherever_parameters_lie_in_their_ranges_the_price_does(
    rate: Range, beta: Range, scarcity: Range, risk: Range, spread: Decimal, score: Decimal,
    data: st.DataObject,
) -> None:  # fmt: skip
    stated = CostApproach(rate, beta, scarcity, risk, spread)
    evidence = replace(SURVEY, quality=score)
    band = stated.appraise(evidence).band()
    drawn = [
        known(str(data.draw(st.decimals(one.low, one.high, places=4))))
        for one in (rate, beta, scarcity, risk)
    ]
    true = CostApproach(drawn[0], drawn[1], drawn[2], drawn[3], Decimal(0)).appraise(evidence)
    assert true.mid in band


@pytest.mark.parametrize(
    ("evidence", "named"),
    [(replace(SURVEY, costs=()), "costs"), (replace(SURVEY, quality=None), "quality")],
)
def test_missing_evidence_is_named_not_guessed(evidence: Evidence, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}: "):
        CostApproach().appraise(evidence)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("return_rate", known("-0.01")),
        ("return_rate", known("10.01")),
        ("circulation", known("-1")),
        ("scarcity", known("1.01")),
        ("risk", known("1.5")),
        ("risk", known("NaN")),
        ("risk", Range(Decimal(0), Decimal("0.3"), Decimal("0.2"))),
        ("quality_spread", Decimal("-0.1")),
        ("quality_spread", 0.1),
    ],
)
def test_parameters_outside_their_domain_are_named(field: str, value: Any) -> None:
    parameters: dict[str, Any] = {field: value}
    with pytest.raises(BadInput, match=f"^{field}: "):
        CostApproach(**parameters)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"quality": Decimal("1.01")}, "quality"),
        ({"quality": 0.9}, "quality"),
        ({"rows": -1}, "rows"),
        ({"rows": True}, "rows"),
        ({"expected_buyers": 0}, "expected_buyers"),
        ({"costs": (("refund", Money(-1)),)}, "costs: refund"),
        ({"costs": ((" ", Money(1)),)}, "costs"),
        ({"costs": (("a", Money(1)), ("b", Money(1, Currency.USD)))}, "costs"),
    ],
)
def test_evidence_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        replace(SURVEY, **change)


def test_comparables_have_a_product_and_a_price() -> None:
    for product, price, rows in ((" ", Money(1), 1), ("x", Money(-1), 1), ("x", Money(1), -1)):
        with pytest.raises(BadInput, match="comparables"):
            Comparable(product, price, rows)


LINE = Indicator("cost", "1", "+ 1", "ledger")


def test_an_appraisal_must_be_in_order_and_defensible() -> None:
    with pytest.raises(BadInput, match="out of order"):
        Appraisal(Money(2), Money(1), Money(3), "guess", (LINE,))
    with pytest.raises(BadInput, match="indicators"):
        Appraisal(Money(1), Money(2), Money(3), "guess", ())
    with pytest.raises(BadInput, match="basis"):
        Appraisal(Money(1), Money(2), Money(3), " ", (LINE,))
    with pytest.raises(BadInput, match="source"):
        replace(LINE, source="")
    with pytest.raises(BadAmount):
        Band(Money(1), Money(2, Currency.USD), Money(3))


def test_a_band_holds_its_ends() -> None:
    band = Band(Money(1), Money(2), Money(3))
    assert [Money(minor) in band for minor in range(5)] == [False, True, True, True, False]


def test_a_cost_may_name_its_stage_and_its_source() -> None:
    activities = (
        Activity("hours of radar", Money(100_000_00), Stage.COLLECT, "entry 9f…"),
        Activity("despiking", Money(20_000_00), Stage.CLEAN),
    )
    lived = replace(SURVEY, costs=(), activities=activities)
    appraisal = CostApproach().appraise(lived)
    plain = CostApproach().appraise(SURVEY)
    assert appraisal.band() == plain.band()
    assert [(i.name, i.source) for i in appraisal.indicators[:2]] == [
        ("collect: hours of radar", "entry 9f…"),
        ("clean: despiking", "the supplier's cost lines"),
    ]
    both = CostApproach().appraise(replace(SURVEY, activities=activities))
    assert both.mid == plain.mid + plain.mid


@pytest.mark.parametrize(
    ("name", "amount", "source"),
    [(" ", Money(1), None), ("x", Money(-1), None), ("x", Money(1), " ")],
)
def test_an_activity_has_a_name_and_an_amount(name: str, amount: Money, source: Any) -> None:
    with pytest.raises(BadInput, match=r"^activities"):
        Activity(name, amount, Stage.STORE, source)
    with pytest.raises(BadInput, match="more than one currency"):
        replace(SURVEY, activities=(Activity("hosting", Money(1, Currency.USD)),))


def test_a_weight_is_a_part_of_the_whole() -> None:
    with pytest.raises(BadInput, match=r"^indicator\.weight"):
        replace(LINE, weight=Decimal("1.1"))
