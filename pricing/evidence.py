"""Evidence: what is known of a data product before it is appraised, each figure with its source.

None and () mean not known, and no appraiser may guess.  A figure that an appraiser has to state,
such as a rate of discount, is a `Range`: where it may lie, and where it is taken to lie.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.domain import require_count, require_not_negative, require_text, require_within
from pricing.errors import BadInput
from pricing.money import Money, decimal_text, exact

YEARS_MAX: Final = 50  # the longest forecast taken: nobody knows the fifty-first year
GRADES_MAX: Final = 20
SCALE_MAX: Final = 9  # Saaty's scale of judgements is 1/9 to 9


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter with its stated uncertainty: where it may lie, and where it is taken to lie."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def ends(self) -> tuple[Fraction, Fraction, Fraction]:
        """Return low, mid and high as exact fractions."""
        return exact(self.low), exact(self.mid), exact(self.high)

    def require_within(self, field: str, low: int, high: int) -> None:
        """Raise `BadInput` unless low ≤ self.low ≤ self.mid ≤ self.high ≤ high."""
        for end in (self.low, self.mid, self.high):
            require_within(field, end, low, high)
        if not self.low <= self.mid <= self.high:
            raise BadInput(f"{field}: {self} is out of order")

    def __str__(self) -> str:
        low, mid, high = (decimal_text(end) for end in (self.low, self.mid, self.high))
        return f"{mid} ({low} to {high})"


class Stage(enum.StrEnum):
    """The stage of a data product's life that a cost belongs to."""

    COLLECT = "collect"
    LABEL = "label"
    CLEAN = "clean"
    ANALYSE = "analyse"
    STORE = "store"
    TRANSMIT = "transmit"


@dataclass(frozen=True, slots=True)
class Activity:
    """A cost line of the product's life: what was done, what it cost, and where that is written.

    `source` names the document or, by its hash, the ledger's entry that the amount comes from.
    """

    name: str
    amount: Money
    stage: Stage | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        require_text("activities.name", self.name)
        require_not_negative(f"activities: {self.name}", self.amount)
        if self.source is not None:
            require_text(f"activities: source of {self.name}", self.source)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What makes a like product's price this product's: five factors, 1 where both are alike.

    X1 … X5 of the market approach: `quality`, `supply_demand`, `date`, `capacity` and `other`,
    each above 0 and at most 1,000.  `capacity` also carries how many licences the whole stands
    for, where the trade was of one.
    """

    quality: Decimal
    supply_demand: Decimal
    date: Decimal
    capacity: Decimal
    other: Decimal

    def __post_init__(self) -> None:
        for field, factor in self.factors():
            require_within(f"adjustment.{field}", factor, 0, 1_000)
            if factor == 0:
                raise BadInput(f"adjustment.{field}: must be above zero")

    def factors(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the names and the factors, in their order."""
        names = ("quality", "supply_demand", "date", "capacity", "other")
        return tuple((name, getattr(self, name)) for name in names)


@dataclass(frozen=True, slots=True)
class Comparable:
    """A like product and the price it was traded at.

    `weight`, 0 to 1, is how much its price counts among the comparables; `source` names where
    the trade is written, such as the ledger's entry.
    """

    product: str
    price: Money
    rows: int | None = None
    weight: Decimal | None = None
    adjustment: Adjustment | None = None
    source: str | None = None

    def __post_init__(self) -> None:
        require_text("comparables.product", self.product)
        require_not_negative("comparables.price", self.price)
        if self.rows is not None:
            require_count("comparables.rows", self.rows)
        if self.weight is not None:
            require_within(f"comparables: weight of {self.product}", self.weight, 0, 1)
        if self.source is not None:
            require_text(f"comparables: source of {self.product}", self.source)


@dataclass(frozen=True, slots=True)
class Scene:
    """A use of the data that earns: yearly income, the part that is the data's, and its rate.

    `income` is R_t of the years 1, 2, … at their ends: what the use earns.  `others` is what the
    other assets in it earn of that (for excess income), `without` what it would earn without the
    data (for incremental income), each by year as `income` is.  `contribution`, 0 to 1, is the
    part that the data has in it; `rate`, 0 to 10, what money for such a risk returns in a year.
    A year may lose money: an appraiser that takes gross income refuses one.
    """

    name: str
    income: tuple[Money, ...]
    contribution: Range
    rate: Range
    source: str
    others: tuple[Money, ...] = ()
    without: tuple[Money, ...] = ()

    def __post_init__(self) -> None:
        require_text("scenes.name", self.name)
        require_text(f"scenes: source of {self.name}", self.source)
        self.contribution.require_within(f"scenes: contribution of {self.name}", 0, 1)
        self.rate.require_within(f"scenes: rate of {self.name}", 0, 10)
        if not 1 <= len(self.income) <= YEARS_MAX:
            raise BadInput(f"scenes: income of {self.name} has {len(self.income)} years")
        for field in ("others", "without"):
            years: tuple[Money, ...] = getattr(self, field)
            if years and len(years) != len(self.income):
                raise BadInput(
                    f"scenes: {field} of {self.name} has {len(years)} years,"
                    f" its income {len(self.income)}"
                )


@dataclass(frozen=True, slots=True)
class Judgements:
    """An expert's comparison of indicators by pairs: how much more one counts than another.

    `of` is what the indicators are parts of; the one that is no part of another is the whole.
    `rows` is a reciprocal matrix on Saaty's scale: a_ii = 1, a_ji = 1/a_ij, 1/9 ≤ a_ij ≤ 9.
    """

    of: str
    indicators: tuple[str, ...]
    rows: tuple[tuple[Fraction, ...], ...]
    source: str

    def __post_init__(self) -> None:
        require_text("judgements.of", self.of)
        require_text(f"judgements: source of {self.of}", self.source)
        count = len(self.indicators)
        if not count or len(set(self.indicators)) < count:
            raise BadInput(f"judgements: {self.of} has no indicators, or one of them twice")
        if len(self.rows) != count or any(len(row) != count for row in self.rows):
            raise BadInput(f"judgements: {self.of} is not {count} rows of {count}")
        for i, row in enumerate(self.rows):
            for j, cell in enumerate(row):
                self._require(i, j, exact(cell))

    def _require(self, i: int, j: int, cell: Fraction) -> None:
        pair = f"judgements: {self.of}, {self.indicators[i]} against {self.indicators[j]}"
        if not Fraction(1, SCALE_MAX) <= cell <= SCALE_MAX:
            raise BadInput(f"{pair}: {cell} is not within 1/9 and 9")
        if cell * exact(self.rows[j][i]) != 1:
            raise BadInput(f"{pair}: {cell} is not the reciprocal of {self.rows[j][i]}")


@dataclass(frozen=True, slots=True)
class Rating:
    """How an indicator was rated: the share of the raters in each grade, the best grade first.

    `grades` sum to 1.  `samples` are the indicator's values in a set of like products, the same
    products in the same order for every indicator, none below zero: how much they differ says
    how much the indicator can tell products apart (entropy weights).
    """

    indicator: str
    grades: tuple[Decimal, ...]
    source: str
    samples: tuple[Decimal, ...] = ()

    def __post_init__(self) -> None:
        require_text("ratings.indicator", self.indicator)
        require_text(f"ratings: source of {self.indicator}", self.source)
        if not 1 <= len(self.grades) <= GRADES_MAX:
            raise BadInput(f"ratings: {self.indicator} has {len(self.grades)} grades")
        for share in self.grades:
            require_within(f"ratings: {self.indicator}", share, 0, 1)
        summed = sum(map(exact, self.grades))
        if summed != 1:
            raise BadInput(f"ratings: the grades of {self.indicator} sum to {summed}, not to 1")
        for value in self.samples:
            if exact(value) < 0:
                raise BadInput(f"ratings: a sample of {self.indicator} is below zero")


class PublicUse(enum.StrEnum):
    """What authorised public data is used for (发改价格〔2025〕65号, section 1)."""

    GOVERNANCE = "public governance"
    WELFARE = "public welfare"
    INDUSTRY = "industry"
    """The development of industries and sectors: the only use that may be charged for."""


@dataclass(frozen=True, slots=True)
class UnitCap:
    """The most that may be charged for a unit of a product, and how many units are expected."""

    product: str
    price: Money
    units: int

    def __post_init__(self) -> None:
        require_text("caps.product", self.product)
        require_not_negative(f"caps: {self.product}", self.price)
        require_count(f"caps: units of {self.product}", self.units)


@dataclass(frozen=True, slots=True)
class Operation:
    """The accounts of who operates public data under an authorisation, for one period.

    `cost` is the operating cost before any `subsidy` of the government; `profit`, 0 to 10, is
    the allowed profit as a part of the cost net of subsidy; `tax` what is due; `excess` what the
    period before brought in above its cap.  `caps` are the unit caps that the cap is shared out in.
    """

    use: PublicUse
    source: str
    cost: Money | None = None
    subsidy: Money | None = None
    profit: Range | None = None
    tax: Money | None = None
    excess: Money | None = None
    caps: tuple[UnitCap, ...] = ()

    def __post_init__(self) -> None:
        require_text("operation.source", self.source)
        for field in ("cost", "subsidy", "tax", "excess"):
            amount: Money | None = getattr(self, field)
            if amount is not None:
                require_not_negative(f"operation.{field}", amount)
        if self.profit is not None:
            self.profit.require_within("operation.profit", 0, 10)


@dataclass(frozen=True, slots=True)
class Reference:
    """A value to scale, and the appraisal or document that it comes from."""

    amount: Money
    source: str

    def __post_init__(self) -> None:
        require_not_negative("reference.amount", self.amount)
        require_text("reference.source", self.source)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a product; None and () mean not known, and no appraiser may guess.

    `costs` are (activity, amount) lines and `activities` cost lines with their stage and source,
    none below zero and all in one currency: a cost stands in one of the two.  `quality` is a
    score from 0 to 1.  `reference` is the value that the index model scales, which another
    appraisal gives.
    """

    costs: tuple[tuple[str, Money], ...] = ()
    quality: Decimal | None = None
    rows: int | None = None
    expected_buyers: int | None = None
    comparables: tuple[Comparable, ...] = ()
    activities: tuple[Activity, ...] = ()
    scenes: tuple[Scene, ...] = ()
    judgements: tuple[Judgements, ...] = ()
    ratings: tuple[Rating, ...] = ()
    reference: Reference | None = None
    operation: Operation | None = None

    def __post_init__(self) -> None:
        for activity, amount in self.costs:
            require_text("costs", activity)
            require_not_negative(f"costs: {activity}", amount)
        if len({line.amount.currency for line in self.cost_lines()}) > 1:
            raise BadInput("costs: the lines are in more than one currency")
        if self.quality is not None:
            require_within("quality", self.quality, 0, 1)
        if self.rows is not None:
            require_count("rows", self.rows)
        if self.expected_buyers is not None:
            require_count("expected_buyers", self.expected_buyers, 1)

    def cost_lines(self) -> tuple[Activity, ...]:
        """Return every cost line, those of `costs` as activities without stage and source."""
        return (*(Activity(*line) for line in self.costs), *self.activities)
