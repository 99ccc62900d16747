from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from pricing.conformance import StrategyContract
from pricing.engines.hedonic import Hedonic
from pricing.engines.posterior_quantile import PosteriorQuantile
from pricing.errors import BadInput
from pricing.money import Currency, Money
from pricing.quote import QuoteRequest
from tests.pricing.test_hedonic import ALONE

ESTIMATE = Hedonic().estimate(ALONE)
REQUEST = QuoteRequest(Money.parse("2800 CNY"), estimate=ESTIMATE)


class TestPosteriorQuantileContract(StrategyContract):
    strategy = PosteriorQuantile(term_floor=Decimal("0.20"))
    request = REQUEST


def test_the_quote_is_the_quantile_of_the_estimate() -> None:
    quote = PosteriorQuantile().quote(REQUEST)
    assert quote.amount == ESTIMATE.guidance.ask
    assert [line.text for line in quote.lines] == ["quantile 0.6 after 2 trades"]
    assert quote.band == ESTIMATE.guidance.band
    assert quote.remarks == ("the supplier's list price is 2,800.00 CNY",)


def test_a_low_quantile_is_raised_to_the_floors() -> None:
    low = PosteriorQuantile(quantile=Decimal("0.1")).quote(REQUEST)
    assert low.amount == ESTIMATE.guidance.floor
    assert low.lines[1].text == "raised to the estimate's floor"
    declared = PosteriorQuantile(Decimal("0.1"), Money.parse("2600 CNY")).quote(REQUEST)
    assert declared.amount == Money.parse("2600 CNY")
    assert declared.lines[-1].text == "raised to the supplier's floor"
    assert len(declared.lines) == 3


def test_a_shorter_term_costs_its_part_down_to_the_declared_one() -> None:
    strategy = PosteriorQuantile(floor=Money.parse("4000 CNY"), term_floor=Decimal("0.3"))
    for term, part in ((Fraction(1, 2), "2000 CNY"), (Fraction(1, 12), "1200 CNY")):
        quote = strategy.quote(replace(REQUEST, term_ratio=term))
        assert quote.amount == Money.parse(part)
        assert quote.lines[-1].text.startswith(f"{term} of the full term, at least 0.3")
    assert PosteriorQuantile().quote(replace(REQUEST, term_ratio=Fraction(1, 12))).amount == (
        ESTIMATE.guidance.ask
    )


@pytest.mark.parametrize(("ask", "side"), [("1 CNY", "below"), ("90000 CNY", "above")])
def test_a_list_price_outside_the_guidance_is_remarked_on(ask: str, side: str) -> None:
    quote = PosteriorQuantile().quote(replace(REQUEST, list_price=Money.parse(ask)))
    assert f", {side} the guidance of " in quote.remarks[0]


def test_without_an_estimate_there_is_no_quote() -> None:
    with pytest.raises(BadInput, match=r"^estimate: "):
        PosteriorQuantile().quote(QuoteRequest(Money(1)))


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: PosteriorQuantile(quantile=Decimal(1)), "quantile"),
        (lambda: PosteriorQuantile(term_floor=Decimal(2)), "term_floor"),
        (lambda: PosteriorQuantile(floor=Money(-1)), "floor"),
        (lambda: PosteriorQuantile(floor=Money(1, Currency.USD)).quote(REQUEST), "floor: in USD"),
        (lambda: replace(REQUEST, list_price=Money(1, Currency.USD)), "estimate: in CNY"),
    ],
)
def test_parameters_outside_their_domain_are_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        build()
