"""Appraisal: what a data product is worth, as a value that can be defended line by line.

An appraisal is a range with a middle, never a bare number, and says by its indicators which
figure moved it how far, with which weight, and where the figure comes from.  It is an opinion
of value before any trade; what a licence costs is a `pricing.quote.Quote`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from pricing.domain import require_text, require_within
from pricing.errors import BadInput
from pricing.evidence import Comparable, Evidence, Range
from pricing.money import Money

__all__ = [
    "Appraisal",
    "Appraiser",
    "Band",
    "Comparable",
    "Evidence",
    "Indicator",
    "Range",
]


@dataclass(frozen=True, slots=True)
class Band:
    """Low, middle and high of an estimate, in one currency and in that order."""

    low: Money
    mid: Money
    high: Money

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise BadInput(f"band: {self.low}, {self.mid}, {self.high} are out of order")

    def __contains__(self, amount: Money) -> bool:
        return self.low <= amount <= self.high


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of an appraisal: a figure, what it does to the result, and where it comes from.

    `value` is a decimal in plain notation; `effect` reads "× 1.08" or "+ 12,000.00 CNY".
    `weight`, 0 to 1, is how much the figure counts among those it was weighed with; None where
    nothing was weighed.
    """

    name: str
    value: str
    effect: str
    source: str
    weight: Decimal | None = None

    def __post_init__(self) -> None:
        for field in ("name", "value", "effect", "source"):
            require_text(f"indicator.{field}", getattr(self, field))
        if self.weight is not None:
            require_within("indicator.weight", self.weight, 0, 1)


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What a product is worth as a whole; `basis` names the method and its source."""

    low: Money
    mid: Money
    high: Money
    basis: str
    indicators: tuple[Indicator, ...]

    def __post_init__(self) -> None:
        self.band()  # refuses ends out of order or in several currencies
        require_text("basis", self.basis)
        if not self.indicators:
            raise BadInput("indicators: an appraisal without any cannot be defended")

    def band(self, share: Fraction = Fraction(1)) -> Band:
        """Return the range of that share of the whole, such as one licence of forty."""
        return Band(self.low.scaled(share), self.mid.scaled(share), self.high.scaled(share))


class Appraiser(Protocol):
    """A plug-in of `pricing.appraisers`: a frozen dataclass of its parameters."""

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` naming the evidence that is missing."""
        ...
