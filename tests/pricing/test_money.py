from __future__ import annotations

import decimal
import operator
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import BadAmount, BadInput, BadShares
from pricing.money import MINOR_MAX, Currency, Money, decimal_text, quantized, total

amounts = st.integers(-MINOR_MAX, MINOR_MAX)
weights = st.lists(st.integers(0, 10**20), min_size=1, max_size=12).filter(any)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("12000.00 CNY", Money(12_000_00)),
        ("-0.05 USD", Money(-5, Currency.USD)),
        ("12.34 EUR", Money(1_234, Currency.EUR)),
        ("7.5 CNY", Money(750)),
        ("7 JPY", Money(7, Currency.JPY)),
        ("-0 CNY", Money(0)),
        ("90071992547409.91 CNY", Money(MINOR_MAX)),
    ],
)
def test_parse_reads_plain_amounts(text: str, money: Money) -> None:
    assert Money.parse(text) == money


NO_AMOUNTS = (
    "12;12 GBP;1.001 CNY;1.0 JPY;1,000 CNY;1e3 CNY;+1 CNY;٣ CNY;.5 CNY;1. CNY;1 cny;NaN CNY"
)


@pytest.mark.parametrize("text", ["", "90071992547409.92 CNY", *NO_AMOUNTS.split(";")])
def test_parse_refuses_what_is_not_exactly_an_amount(text: str) -> None:
    with pytest.raises(BadAmount):
        Money.parse(text)


@pytest.mark.parametrize(
    "value",
    [
        None,
        12,
        1.5,
        {"minor": 1},
        {"minor": 1.0, "currency": "CNY"},
        {"minor": True, "currency": "CNY"},
        {"minor": "1", "currency": "CNY"},
        {"minor": 1, "currency": ["CNY"]},
        {"minor": 1, "currency": None},
        {"minor": 1, "currency": "CNY", "note": ""},
    ],
)
def test_read_refuses_what_is_no_wire_form(value: object) -> None:
    with pytest.raises(BadAmount):
        Money.read(value)


@given(amounts, st.sampled_from(Currency))
def test_read_gives_back_what_to_record_wrote(minor: int, currency: Currency) -> None:
    money = Money(minor, currency)
    assert Money.read(money.to_record()) == money
    assert Money.read(str(money).replace(",", "")) == money
    assert Money.read(money) is money


def test_an_amount_beyond_an_entry_is_refused_however_long() -> None:
    for minor in (MINOR_MAX + 1, -MINOR_MAX - 1, 10**5_000):
        with pytest.raises(BadAmount, match=r"2\^53"):
            Money(minor)


def test_a_currency_given_as_text_is_refused() -> None:
    text: Any = "CNY"
    with pytest.raises(BadAmount, match="not a Currency"):
        Money(1, text)


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1_200_000), "12,000.00 CNY"),
        (Money(-5), "-0.05 CNY"),
        (Money(MINOR_MAX), "90,071,992,547,409.91 CNY"),
        (Money(1_234, Currency.JPY), "1,234 JPY"),
    ],
)
def test_text_is_exact_in_any_decimal_context(money: Money, text: str) -> None:
    with decimal.localcontext(prec=3):
        assert str(money) == text


@pytest.mark.parametrize(
    ("minor", "factor", "product"),
    [
        (5, Decimal("0.5"), 2),
        (15, Decimal("0.1"), 2),
        (25, Decimal("0.1"), 2),
        (-5, Decimal("0.5"), -2),
        (100, Fraction(1, 3), 33),
        (200, Fraction(1, 3), 67),
        (MINOR_MAX, Decimal("0." + "9" * 40), MINOR_MAX),
    ],
)
def test_scaling_rounds_half_to_even_in_any_decimal_context(
    minor: int, factor: Decimal | Fraction, product: int
) -> None:
    with decimal.localcontext(prec=2):
        assert Money(minor, Currency.USD).scaled(factor) == Money(product, Currency.USD)


@pytest.mark.parametrize(
    "factor", [0.1, 2, "2", Decimal("NaN"), Decimal("-Infinity"), Decimal("1E-999999999")]
)
def test_scaling_takes_no_float_and_nothing_endless(factor: Any) -> None:
    with pytest.raises(BadInput):
        Money(1).scaled(factor)


@given(amounts, weights)
def test_split_neither_creates_nor_loses_a_unit(minor: int, shares: list[int]) -> None:
    parts = Money(minor).split(shares)
    assert sum(part.minor for part in parts) == minor
    for part, share in zip(parts, shares, strict=True):
        assert abs(part.minor - Fraction(minor * share, sum(shares))) < 1
        assert share or part == Money(0)


@pytest.mark.parametrize(
    ("minor", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (10, [1, 2], [3, 7]),
        (1, [0, 5], [0, 1]),
        (-10, [1, 2], [-3, -7]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_split_gives_odd_units_to_the_largest_remainder(
    minor: int, shares: list[int], parts: list[int]
) -> None:
    split = Money(minor, Currency.USD).split(shares)
    assert split == tuple(Money(part, Currency.USD) for part in parts)


def test_split_by_integers_of_numpy_does_not_wrap_around() -> None:
    shares: Any = np.array([2**62, 2**62, 2**62])
    assert Money(MINOR_MAX).split(shares) == Money(MINOR_MAX).split([1, 1, 1])


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1, 1], [0.5, 0.5], ["1"], [Decimal(1)]])
def test_split_refuses_weights_that_divide_nothing(shares: Any) -> None:
    with pytest.raises(BadShares):
        Money(100).split(shares)


ARITHMETIC: list[Callable[[Any, Any], Any]] = [
    operator.add, operator.sub, operator.lt, operator.le, operator.gt, operator.ge,
]  # fmt: skip


@pytest.mark.parametrize("operation", ARITHMETIC)
def test_currencies_do_not_mix_and_numbers_are_no_money(operation: Callable[..., Any]) -> None:
    with pytest.raises(BadAmount, match="do not mix"):
        operation(Money(1), Money(1, Currency.USD))
    with pytest.raises(TypeError):
        operation(Money(1), 1)


def test_arithmetic_by_example() -> None:
    assert Money(3) + Money(4) - Money(9) == Money(-2) == -Money(2)
    assert Money(1) < Money(2) <= Money(2)
    assert Money(2) > Money(1) >= Money(1)
    assert not Money(2) < Money(2)
    assert not Money(2) > Money(2)


def test_total_holds_whatever_fits_in_the_end() -> None:
    assert total([Money(MINOR_MAX), Money(1), Money(-1)]) == Money(MINOR_MAX)
    assert total([], Currency.JPY) == Money(0, Currency.JPY)
    assert total([Money(1, Currency.USD)]) == Money(1, Currency.USD)
    with pytest.raises(BadAmount):
        total([Money(1), Money(1, Currency.USD)])


LONG = "1" * 50


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1E+3", "1000"),
        ("0.10", "0.1"),
        ("-0.00", "0"),
        ("100", "100"),
        ("0E+5", "0"),
        (f"0.{LONG}", f"0.{LONG}"),
    ],
)
def test_decimal_text_is_plain_and_complete(value: str, text: str) -> None:
    number = Decimal(value)
    with decimal.localcontext(prec=4):
        assert decimal_text(number) == text


def test_decimal_text_refuses_what_has_no_digits() -> None:
    with pytest.raises(BadInput):
        decimal_text(Decimal("NaN"))


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Decimal("0.125"), 2, "0.12"),
        (Decimal("0.135"), 2, "0.14"),
        (Fraction(2, 3), 4, "0.6667"),
        (Decimal(1), 2, "1.00"),
        (Decimal("1" + "0" * 40 + ".5"), 0, "1" + "0" * 40),
    ],
)
def test_quantized_rounds_half_to_even(
    value: Decimal | Fraction, places: int, rounded: str
) -> None:
    assert str(quantized(value, places)) == rounded
