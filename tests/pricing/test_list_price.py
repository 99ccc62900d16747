from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.appraisal import Appraisal, Band, Indicator
from pricing.conformance import StrategyContract
from pricing.engines.list_price import ListPrice
from pricing.errors import BadInput
from pricing.money import Currency, Money, total
from pricing.quote import Quote, QuoteLine, QuoteRequest

WHOLE = Appraisal(
    Money.parse("80000 CNY"),
    Money.parse("100000 CNY"),
    Money.parse("120000 CNY"),
    "example",
    (Indicator("cost", "100000", "+ 100,000.00 CNY", "example"),),
)
# One licence of ten stands for 8,000 to 12,000.
REQUEST = QuoteRequest(Money.parse("9000 CNY"), WHOLE, licence_fraction=Fraction(1, 10))


class TestListPriceContract(StrategyContract):
    strategy = ListPrice(term_floor=Decimal("0.2"))
    request = REQUEST


def test_the_ask_is_the_price_and_the_band_stands_beside_it() -> None:
    quote = ListPrice().quote(REQUEST)
    ask = Money.parse("9000 CNY")
    band = Band(Money.parse("8000 CNY"), Money.parse("10000 CNY"), Money.parse("12000 CNY"))
    assert quote == Quote(ask, (QuoteLine("list price", ask),), band)


@pytest.mark.parametrize(
    ("ask", "remark"),
    [
        ("7999.99 CNY", "lies below the appraised 8,000.00 CNY to 12,000.00 CNY"),
        ("8000.00 CNY", None),
        ("12000.00 CNY", None),
        ("12000.01 CNY", "lies above the appraised 8,000.00 CNY to 12,000.00 CNY"),
    ],
)
def test_an_ask_outside_the_band_is_remarked_on_and_stays_the_price(
    ask: str, remark: str | None
) -> None:
    quote = ListPrice().quote(replace(REQUEST, list_price=Money.parse(ask)))
    assert quote.amount == Money.parse(ask)
    assert quote.remarks == ((f"the list price of {quote.amount} {remark}",) if remark else ())


def test_a_price_without_an_appraisal_says_so() -> None:
    quote = ListPrice().quote(QuoteRequest(Money(0)))
    assert quote.amount == Money(0)
    assert quote.band is None
    assert quote.remarks == ("no appraisal stands beside this price",)


@pytest.mark.parametrize(
    ("floor", "term", "amount"),
    [
        ("0.2", Fraction(1), "9000.00 CNY"),
        ("0.2", Fraction(1, 4), "2250.00 CNY"),
        ("0.2", Fraction(90, 365), "2219.18 CNY"),
        ("0.2", Fraction(1, 5), "1800.00 CNY"),
        ("0.2", Fraction(1, 365), "1800.00 CNY"),
        ("0", Fraction(1, 365), "24.66 CNY"),
        ("1", Fraction(1, 365), "9000.00 CNY"),
    ],
)
def test_a_shorter_term_costs_its_part_down_to_the_floor(
    floor: str, term: Fraction, amount: str
) -> None:
    quote = ListPrice(Decimal(floor)).quote(replace(REQUEST, term_ratio=term))
    assert quote.amount == Money.parse(amount)


def test_the_discount_is_a_line_of_its_own() -> None:
    quote = ListPrice(Decimal("0.20")).quote(replace(REQUEST, term_ratio=Fraction(1, 4)))
    assert quote.lines == (
        QuoteLine("list price", Money.parse("9000 CNY")),
        QuoteLine("1/4 of the full term, at least 0.2 of the list price", Money.parse("-6750 CNY")),
    )


ratios = st.fractions(0, 1).filter(bool)


@given(st.integers(0, 10**12), ratios, ratios, st.decimals(0, 1, places=3))
def test_lines_explain_every_amount_and_longer_never_costs_less(
    minor: int, one: Fraction, other: Fraction, floor: Decimal
) -> None:
    strategy = ListPrice(floor)
    shorter, longer = (
        strategy.quote(QuoteRequest(Money(minor), term_ratio=term)) for term in sorted((one, other))
    )
    assert shorter.amount <= longer.amount <= Money(minor)
    assert total(line.amount for line in shorter.lines) == shorter.amount


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"list_price": Money(-1)}, "list_price"),
        ({"licence_fraction": Fraction(0)}, "licence_fraction"),
        ({"licence_fraction": Fraction(11, 10)}, "licence_fraction"),
        ({"term_ratio": Fraction(0)}, "term_ratio"),
        ({"term_ratio": Fraction(-1)}, "term_ratio"),
        ({"term_ratio": 0.5}, "term_ratio"),
        ({"purposes": 0}, "purposes"),
        ({"list_price": Money(1, Currency.USD)}, "appraisal: in CNY, the list price in USD"),
    ],
)
def test_a_request_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        replace(REQUEST, **change)


@pytest.mark.parametrize("floor", [Decimal("-0.1"), Decimal("1.1"), Decimal("NaN"), 0.5])
def test_a_floor_outside_its_domain_is_named(floor: Any) -> None:
    with pytest.raises(BadInput, match=r"^term_floor: "):
        ListPrice(floor)


def test_a_quote_that_its_lines_do_not_explain_is_none() -> None:
    with pytest.raises(BadInput, match="explain"):
        Quote(Money(2), (QuoteLine("list price", Money(1)),))
    with pytest.raises(BadInput, match="explain"):
        Quote(Money(0), ())
    with pytest.raises(BadInput, match="amount"):
        Quote(Money(-1), (QuoteLine("gift", Money(-1)),))
    with pytest.raises(BadInput, match="text"):
        QuoteLine("", Money(1))
