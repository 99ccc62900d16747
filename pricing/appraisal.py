"""Appraisal: evidence about a data product, and a value that can be defended line by line.

An appraisal is a range with a middle, never a bare number, and says by its indicators which
figure moved it how far and where the figure comes from.  It is an opinion of value before any
trade; what a licence costs is a `pricing.quote.Quote`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from pricing.domain import require_count, require_not_negative, require_text, require_within
from pricing.errors import BadInput
from pricing.money import Money, decimal_text


@dataclass(frozen=True, slots=True)
class Comparable:
    """A like product and the price it was traded at."""

    product: str
    price: Money
    rows: int | None = None

    def __post_init__(self) -> None:
        require_text("comparables.product", self.product)
        require_not_negative("comparables.price", self.price)
        if self.rows is not None:
            require_count("comparables.rows", self.rows)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a product; None and () mean not known, and no appraiser may guess.

    `costs` are (activity, amount) lines, none below zero and all in one currency; `quality` is
    a score from 0 to 1.
    """

    costs: tuple[tuple[str, Money], ...] = ()
    quality: Decimal | None = None
    rows: int | None = None
    expected_buyers: int | None = None
    comparables: tuple[Comparable, ...] = ()

    def __post_init__(self) -> None:
        for activity, amount in self.costs:
            require_text("costs", activity)
            require_not_negative(f"costs: {activity}", amount)
        if len({amount.currency for _, amount in self.costs}) > 1:
            raise BadInput("costs: the lines are in more than one currency")
        if self.quality is not None:
            require_within("quality", self.quality, 0, 1)
        if self.rows is not None:
            require_count("rows", self.rows)
        if self.expected_buyers is not None:
            require_count("expected_buyers", self.expected_buyers, 1)


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter with its stated uncertainty: where it may lie, and where it is taken to lie."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def require_within(self, field: str, low: int, high: int) -> None:
        """Raise `BadInput` unless low ≤ self.low ≤ self.mid ≤ self.high ≤ high."""
        for end in (self.low, self.mid, self.high):
            require_within(field, end, low, high)
        if not self.low <= self.mid <= self.high:
            raise BadInput(f"{field}: {self} is out of order")

    def __str__(self) -> str:
        low, mid, high = (decimal_text(end) for end in (self.low, self.mid, self.high))
        return f"{mid} ({low} to {high})"


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
    """

    name: str
    value: str
    effect: str
    source: str

    def __post_init__(self) -> None:
        for field in ("name", "value", "effect", "source"):
            require_text(f"indicator.{field}", getattr(self, field))


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
