"""Lines: how figures are written in what explains an appraisal or a quote."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.money import Money, decimal_text, exact, quantized

PLACES: Final = 6  # of a factor or a weight as it is written; what is computed is not rounded


def figure(amount: Money) -> str:
    """Return an amount as a plain decimal: "12000" of 12,000.00 CNY; no digit is lost."""
    places = amount.currency.exponent
    return decimal_text(quantized(Fraction(amount.minor, 10**places), places))


def number(value: Decimal | Fraction) -> str:
    """Return a factor or a score as a plain decimal of at most six places."""
    return decimal_text(quantized(value, PLACES))


def times(factor: Decimal | Fraction) -> str:
    """Return "× 1.08"."""
    return f"× {number(factor)}"


def weight(value: Decimal | Fraction) -> Decimal:
    """Return a weight as it stands beside a line, of at most six places."""
    return Decimal(number(value))


def product(factors: Iterable[Decimal | Fraction]) -> Fraction:
    """Multiply exactly."""
    result = Fraction(1)
    for factor in factors:
        result *= exact(factor)
    return result
