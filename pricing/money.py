"""Money as whole minor units of one currency: the only place where an amount is rounded.

No float and no decimal ever holds an amount; a `Decimal` appears only as a factor or in text.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import Any

from pricing.errors import BadAmount, BadShares

MINOR_MAX = 2**53 - 1  # what a JSON number, an entry of the ledger and a bigint column all hold

_TEXT = re.compile(r"(-?)(\d{1,16})(?:\.(\d{1,4}))? (\w{3})", re.ASCII)


class Currency(enum.StrEnum):
    """ISO 4217 codes the exchange clears in."""

    CNY = "CNY"
    JPY = "JPY"
    USD = "USD"

    @property
    def exponent(self) -> int:
        """How many decimal places the minor unit has."""
        return 0 if self is Currency.JPY else 2


@dataclass(frozen=True, slots=True, order=False)
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
            raise BadAmount(f"{self.minor} minor units are more than an entry can hold")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Read "12000.00 CNY"; more decimal places than the currency has is an error."""
        match = _TEXT.fullmatch(text.strip())
        if match is None:
            raise BadAmount(f'{text!r} is not an amount such as "12000.00 CNY"')
        sign, whole, part, code = match.groups(default="")
        try:
            currency = Currency(code)
        except ValueError:
            known = ", ".join(Currency)
            raise BadAmount(f"{code} is not a currency of this exchange ({known})") from None
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
            if value["currency"] not in set(Currency):
                raise BadAmount(f"{value['currency']!r} is not a currency of this exchange")
            return cls(value["minor"], Currency(value["currency"]))
        raise BadAmount(f'{value!r} is not {{"minor": …, "currency": …}} nor "12000.00 CNY"')

    def to_record(self) -> dict[str, Any]:
        """Return the wire form, ``{"minor": 1230, "currency": "CNY"}``."""
        return {"minor": self.minor, "currency": str(self.currency)}

    def __str__(self) -> str:
        """Plain text with all decimal places and grouped thousands: "12,000.00 CNY"."""
        places = self.currency.exponent
        return f"{Decimal(self.minor).scaleb(-places):,.{places}f} {self.currency}"

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other).minor

    def scaled(self, factor: Decimal) -> Money:
        """Multiply, rounding half to even: the only place where money is rounded."""
        exact = Fraction(self.minor) * Fraction(factor)
        # Fraction.__round__ is exact and rounds half to even, whatever the decimal context.
        return Money(round(exact), self.currency)

    def split(self, weights: Sequence[int]) -> tuple[Money, ...]:
        """Divide by whole-number weights, the largest remainders taking the odd units.

        Every part is within one minor unit of its exact share and the parts sum to the
        amount; equal remainders go to the earlier part.  Raises `BadShares` for negative
        weights or none above zero.
        """
        if any(weight < 0 for weight in weights) or sum(weights) <= 0:
            raise BadShares("weights must be whole numbers, none negative and one above zero")
        total, sign, amount = sum(weights), (-1 if self.minor < 0 else 1), abs(self.minor)
        parts = [amount * weight // total for weight in weights]
        by_remainder = sorted(
            range(len(weights)), key=lambda i: (-(amount * weights[i] % total), i)
        )
        for i in by_remainder[: amount - sum(parts)]:
            parts[i] += 1
        return tuple(Money(sign * part, self.currency) for part in parts)

    def _same(self, other: Money) -> Money:
        if self.currency is not other.currency:
            raise BadAmount(f"{self.currency} and {other.currency} do not mix")
        return other


def total(amounts: Iterable[Money], currency: Currency = Currency.CNY) -> Money:
    """Sum amounts of one currency; none at all is zero of `currency`."""
    result: Money | None = None
    for amount in amounts:
        result = amount if result is None else result + amount
    return Money(0, currency) if result is None else result


def decimal_text(value: Decimal) -> str:
    """Plain notation without exponent or trailing zeros: what records and entries hold."""
    text = format(value.normalize(), "f")
    return "0" if text in {"-0", ""} else text


def quantized(value: Decimal, places: int) -> Decimal:
    """Round half to even to so many decimal places; for factors and scores, never for money."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
