from decimal import Decimal

import pytest
from scarcity import ScarcityAppraiser

from pricing.appraisal import Comparable, Evidence
from pricing.conformance import AppraiserContract
from pricing.errors import BadInput
from pricing.money import Money

REEF = Evidence(
    rows=3_000,
    comparables=(
        Comparable("seagrass", Money.parse("100 CNY"), rows=1_000),
        Comparable("kelp", Money.parse("360 CNY"), rows=2_000),
    ),
)


class TestScarcity(AppraiserContract):
    appraiser = ScarcityAppraiser()
    evidence = REEF


def test_a_row_costs_what_those_of_like_products_do_and_a_quarter_more() -> None:
    found = ScarcityAppraiser(premium=Decimal("0.5")).appraise(REEF)
    assert (found.low, found.mid, found.high) == (Money(375_00), Money(525_00), Money(675_00))


def test_without_a_like_product_nothing_is_guessed() -> None:
    with pytest.raises(BadInput, match="comparables: at least one"):
        ScarcityAppraiser().appraise(Evidence(rows=3_000))
