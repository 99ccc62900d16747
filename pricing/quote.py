"""Quotes: the amount one licence is offered at, explained to the last minor unit.

A quote's lines sum to its amount, so there is no part of a price that nobody explains.  What
is worth saying but moves no money is a remark.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from pricing.appraisal import Appraisal, Band
from pricing.domain import require_count, require_not_negative, require_text, require_within
from pricing.errors import BadInput
from pricing.estimate import Estimate
from pricing.money import Currency, Money, total


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """What a buyer asks a price for.

    `list_price` is what the supplier asks for one licence of the full term.  `licence_fraction`
    is the share of the appraised whole that one licence stands for, one in the number of
    expected buyers for instance; `term_ratio` the term asked for over the full term; both lie
    within 0 and 1, and above 0.  `purposes` counts the purposes the licence is asked for.
    `estimate` is what the trades so far have made of the appraisal, for one licence.
    """

    list_price: Money
    appraisal: Appraisal | None = None
    licence_fraction: Fraction = Fraction(1)
    term_ratio: Fraction = Fraction(1)
    purposes: int = 1
    estimate: Estimate | None = None

    def __post_init__(self) -> None:
        require_not_negative("list_price", self.list_price)
        for field in ("licence_fraction", "term_ratio"):
            require_within(field, getattr(self, field), 0, 1)
            if getattr(self, field) == 0:
                raise BadInput(f"{field}: must be above zero")
        require_count("purposes", self.purposes, 1)
        if self.appraisal:
            self._require_alike("appraisal", self.appraisal.mid.currency)
        if self.estimate:
            self._require_alike("estimate", self.estimate.predictive.currency)

    def _require_alike(self, field: str, currency: Currency) -> None:
        if currency is not self.list_price.currency:
            raise BadInput(f"{field}: in {currency}, the list price in {self.list_price.currency}")


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """One step of a price: why, and how much it adds or takes off."""

    text: str
    amount: Money

    def __post_init__(self) -> None:
        require_text("lines.text", self.text)


@dataclass(frozen=True, slots=True)
class Quote:
    """An offered amount, its lines, and beside it the band of the appraisal if there is one."""

    amount: Money
    lines: tuple[QuoteLine, ...]
    band: Band | None = None
    remarks: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        require_not_negative("amount", self.amount)
        explained = total((line.amount for line in self.lines), self.amount.currency)
        if not self.lines or explained != self.amount:
            raise BadInput(f"lines: they explain {explained} of {self.amount}")


class Strategy(Protocol):
    """A plug-in of `pricing.strategies`: a frozen dataclass of its parameters."""

    def quote(self, request: QuoteRequest) -> Quote:
        """Offer a price, or raise `BadInput` naming what the request lacks."""
        ...
