from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.appraisal import Comparable, Evidence
from pricing.conformance import AppraiserContract
from pricing.engines.market import MarketApproach
from pricing.errors import BadInput
from pricing.evidence import Adjustment
from pricing.money import Currency, Money


def like(product: str, price: int, weight: str, *factors: str) -> Comparable:
    adjustment = Adjustment(*map(Decimal, factors))
    return Comparable(
        product, Money(price * 100), weight=Decimal(weight), adjustment=adjustment,
        source=f"entry of {product}",
    )  # fmt: skip


LIKES = (
    like("radar 2022", 10_000, "0.5", "1.1", "1", "0.9", "1", "1"),
    like("radar 2023", 12_000, "0.3", "1", "1.05", "1", "0.8", "1"),
    like("buoys", 8_000, "0.2", "1.25", "1", "1", "1", "1.2"),
)
KNOWN = Evidence(comparables=LIKES)


class TestMarketContract(AppraiserContract):
    appraiser = MarketApproach()
    evidence = KNOWN
    weighed = tuple(one.product for one in LIKES)
    better = tuple(
        Evidence(comparables=(replace(LIKES[0], price=Money(price)), *LIKES[1:]))
        for price in (0, 5_000_00, 10_000_00, 90_000_00)
    )


def test_comparables_by_hand() -> None:
    # Corrected: 10,000·0.99 = 9,900; 12,000·0.84 = 10,080; 8,000·1.5 = 12,000.
    found = MarketApproach().appraise(KNOWN)
    assert (found.low, found.high) == (Money(9_900_00), Money(12_000_00))
    assert found.mid == Money(4_950_00 + 3_024_00 + 2_400_00)


def test_each_comparable_shows_its_weight_its_factors_and_its_source() -> None:
    lines = MarketApproach().appraise(KNOWN).indicators
    assert len(lines) == 18
    assert (lines[0].name, lines[0].value) == ("radar 2022", "10000")
    assert lines[0].effect == "corrected 9,900.00 CNY, + 4,950.00 CNY"
    assert (lines[0].weight, lines[0].source) == (Decimal("0.5"), "entry of radar 2022")
    assert [(line.name, line.effect) for line in lines[1:4]] == [
        ("radar 2022: quality", "× 1.1"),
        ("radar 2022: supply_demand", "× 1"),
        ("radar 2022: date", "× 0.9"),
    ]


factors = st.decimals("0.1", 10, places=2)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 100), factors), min_size=1, max_size=6)
)
def test_the_value_lies_between_the_corrected_prices(drawn: Any) -> None:
    whole = sum(parts for _, parts, _ in drawn)
    last = Decimal(1)
    likes = []
    for number, (price, parts, factor) in enumerate(drawn):
        share = last if number == len(drawn) - 1 else round(Decimal(parts) / whole, 6)
        last -= share
        likes.append(like(str(number), price, str(share), str(factor), "1", "1", "1", "1"))
    found = MarketApproach(at_least=1).appraise(Evidence(comparables=tuple(likes)))
    assert found.low <= found.mid <= found.high


@pytest.mark.parametrize(
    ("likes", "named"),
    [
        (LIKES[:2], "comparables: 2 where 3 are needed"),
        ((*LIKES[:2], LIKES[0]), "comparables: a product is named twice"),
        ((*LIKES[:2], replace(LIKES[2], weight=None)), "comparables: weight of buoys is not known"),
        ((*LIKES[:2], replace(LIKES[2], adjustment=None)), "comparables: adjustment of buoys"),
        (
            (*LIKES[:2], replace(LIKES[2], weight=Decimal("0.1"))),
            "comparables: the weights sum to 0.9, not to 1",
        ),
        (
            (*LIKES[:2], replace(LIKES[2], price=Money(1, Currency.USD))),
            "comparables: the prices are in more than one currency",
        ),
    ],
)
def test_what_is_missing_is_named(likes: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        MarketApproach().appraise(Evidence(comparables=likes))


def test_one_comparable_may_be_enough_where_that_is_stated() -> None:
    alone = replace(LIKES[0], weight=Decimal(1), source=None)
    found = MarketApproach(at_least=1).appraise(Evidence(comparables=(alone,)))
    assert found.low == found.mid == found.high == Money(9_900_00)
    assert found.indicators[0].source == "the appraiser's set of comparables"


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: MarketApproach(at_least=0), "at_least"),
        (lambda: Adjustment(*map(Decimal, "01111")), "adjustment.quality: must be above zero"),
        (lambda: Adjustment(*map(Decimal, ("1", "1", "1001", "1", "1"))), "adjustment.date"),
        (lambda: replace(LIKES[0], weight=Decimal(2)), "comparables: weight of radar 2022"),
        (lambda: replace(LIKES[0], source=" "), "comparables: source of radar 2022"),
    ],
)
def test_parameters_and_evidence_outside_their_domain_are_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        build()
