"""Money as whole minor units of one currency: the only place where an amount is rounded.

No float and no decimal ever holds an amount; a `Decimal` or `Fraction` appears only as a factor
or in text.  Nothing here depends on the caller's decimal context: every step is exact in
integers, and a factor too long to be multiplied exactly is refused, not rounded.
"""

from __future__ import annotations

import enum
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from pricing.errors import BadAmount, BadInput, BadShares

MINOR_MAX = 2**53 - 1  # what a JSON number, an entry of the ledger and a bigint column all hold

# Longer decimals do not come from a contract: 1E-999999999 would take gigabytes to hold exactly.
DIGITS_MAX = 1_000

_EXACT = Context(prec=3 * DIGITS_MAX)

_TEXT = re.compile(r"(-?)(\d{1,16})(?:\.(\d{1,4}))? (\w{3})", re.ASCII)


class Currency(enum.StrEnum):
    """ISO 4217 codes the exchange clears in."""

    CNY = "CNY"
    EUR = "EUR"
    JPY = "JPY"
    USD = "USD"

    @property
    def exponent(self) -> int:
        """How many decimal places the minor unit has."""
        return 0 if self is Currency.JPY else 2


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one currency; negative means owed.

    Arithmetic and comparison between currencies raise `BadAmount`, as does anything beyond
    `MINOR_MAX`.
    """

    minor: int
    currency: Currency = Currency.CNY

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise BadAmount(f"{self.minor!r} is not a whole number of minor units")
        if abs(self.minor) > MINOR_MAX:
            # Not printed: Python refuses to write out integers beyond 4,300 digits.
            raise BadAmount("more than 2^53 - 1 minor units are more than an entry can hold")
        if not isinstance(self.currency, Currency):
            raise BadAmount(f"{self.currency!r} is not a Currency")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read "12000.00 CNY"; more decimal places than the currency has is an error."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise BadAmount(f'{text!r} is not an amount such as "12000.00 CNY"')
        sign, whole, part, code = match.groups(default="")
        currency = _currency(code)
        if len(part) > currency.exponent:
            raise BadAmount(f"{text!r} has more decimal places than {currency} has")
        minor = int(whole) * 10**currency.exponent + int(part.ljust(currency.exponent, "0") or 0)
        return cls(-minor if sign else minor, currency)

    @classmethod
    def read(cls, value: Any) -> Money:  # noqa: ANN401 - the border: JSON, TOML or text
        """Accept a `Money`, its wire form or its text; anything else raises `BadAmount`."""
        if isinstance(value, Money):
            return value
        if isinstance(value, str):
            return cls.parse(value)
        if isinstance(value, Mapping) and set(value) == {"minor", "currency"}:
            return cls(value["minor"], _currency(value["currency"]))
        raise BadAmount(f'{value!r} is not {{"minor": …, "currency": …}} nor "12000.00 CNY"')

    def to_record(self) -> dict[str, Any]:
        """Return the wire form, ``{"minor": 1230, "currency": "CNY"}``."""
        return {"minor": self.minor, "currency": str(self.currency)}

    def __str__(self) -> str:
        """Text for people, with grouped thousands: "12,000.00 CNY"; `parse` reads no groups."""
        places = self.currency.exponent
        whole, part = divmod(abs(self.minor), 10**places)
        sign = "-" if self.minor < 0 else ""
        return f"{sign}{whole:,}{f'.{part:0{places}}' if places else ''} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + _same(self, other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - _same(self, other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < _same(self, other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= _same(self, other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > _same(self, other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= _same(self, other).minor

    def scaled(self, factor: Decimal | Fraction) -> Money:
        """Multiply, rounding half to even: the only place where money is rounded.

        Raises `BadInput` for a factor that is not an exact, finite number: no float.
        """
        # Fraction.__round__ is exact and rounds half to even, whatever the decimal context.
        return Money(round(self.minor * exact(factor)), self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide by whole-number weights, the largest remainders taking the odd units.

        Every part is within one minor unit of its exact share and the parts sum to the
        amount; equal remainders go to the earlier part, and a weight of zero gets nothing.
        Raises `BadShares` for negative weights or none above zero.
        """
        whole = _whole(weights)
        if any(weight < 0 for weight in whole) or sum(whole) <= 0:
            raise BadShares("weights must be whole numbers, none negative and one above zero")
        all_weights, amount = sum(whole), abs(self.minor)
        exact_parts = [divmod(amount * weight, all_weights) for weight in whole]
        parts = [part for part, _ in exact_parts]
        # The sort is stable, so of equal remainders the earlier comes first.
        by_remainder = sorted(range(len(whole)), key=lambda i: -exact_parts[i][1])
        for i in by_remainder[: amount - sum(parts)]:
            parts[i] += 1
        sign = -1 if self.minor < 0 else 1
        return tuple(Money(sign * part, self.currency) for part in parts)


def total(amounts: Iterable[Money], currency: Currency = Currency.CNY) -> Money:
    """Sum amounts of one currency; none at all is zero of `currency`."""
    held = tuple(amounts)
    if not held:
        return Money(0, currency)
    # Summed as integers: a sum that fits is found even if a partial sum would not fit.
    return Money(sum(_same(held[0], amount).minor for amount in held), held[0].currency)


def exact(value: object) -> Fraction:
    """Return the number as a fraction, or raise `BadInput` unless it is finite and no float."""
    number = require_exact(value)
    return number if isinstance(number, Fraction) else Fraction(number)


def require_exact(value: object) -> Decimal | Fraction:
    """Return the number itself, or raise `BadInput` as `exact` does: it compares exactly."""
    if not isinstance(value, Decimal):
        if isinstance(value, Fraction):
            return value
        raise BadInput(f"{value!r} is not an exact, finite number")
    if not value.is_finite():
        raise BadInput(f"{value!r} is not an exact, finite number")
    _, digits, exponent = value.as_tuple()
    if len(digits) > DIGITS_MAX or abs(int(exponent)) > DIGITS_MAX:
        raise BadInput(f"a number of more than {DIGITS_MAX} digits is not taken")
    return value


def decimal_text(value: Decimal) -> str:
    """Plain notation without exponent or trailing zeros: what records and entries hold."""
    require_exact(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def quantized(value: Decimal | Fraction, places: int) -> Decimal:
    """Round half to even to so many decimal places; for factors and scores, never for money."""
    return _EXACT.scaleb(Decimal(round(exact(value) * 10**places)), -places)


def _same(one: Money, other: object) -> Money:
    if not isinstance(other, Money):
        raise TypeError(f"{other!r} is not money")
    if one.currency is not other.currency:
        raise BadAmount(f"{one.currency} and {other.currency} do not mix")
    return other


def _currency(code: object) -> Currency:
    try:
        return Currency(code)  # type: ignore[arg-type]  # whatever stood in the file
    except ValueError:
        known = ", ".join(Currency)
        raise BadAmount(f"{code!r} is not a currency of this exchange ({known})") from None


def _whole(weights: Sequence[int]) -> list[int]:
    """Return Python integers: products of numpy's would wrap around without a word."""
    try:
        return [operator.index(weight) for weight in weights]
    except TypeError as error:
        raise BadShares(f"a weight is not a whole number: {error}") from error
