"""Plug-ins of other people, good and bad, for the tests to register."""

from __future__ import annotations

import random
from dataclasses import dataclass

from pricing.appraisal import Appraisal, Evidence, Indicator
from pricing.money import Money
from pricing.quote import Quote, QuoteLine, QuoteRequest

WHIM = {"factor": 1}  # what no record holds: a plug-in that reads it cannot be replayed


@dataclass(frozen=True, slots=True)
class DrawnPrice:
    """Draws a price below the list price from its seed."""

    seed: int
    steps: int = 100

    def quote(self, request: QuoteRequest) -> Quote:
        step = random.Random(self.seed).randrange(self.steps)  # noqa: S311 - a price, no secret
        amount = Money(request.list_price.minor * step // self.steps, request.list_price.currency)
        return Quote(amount, (QuoteLine("as drawn", amount),))


@dataclass(frozen=True, slots=True)
class WhimsicalPrice:
    """Reads what it was not given."""

    def quote(self, request: QuoteRequest) -> Quote:
        amount = Money(request.list_price.minor * WHIM["factor"])
        return Quote(amount, (QuoteLine("as it pleased", amount),))


@dataclass(frozen=True, slots=True)
class CrashingPrice:
    """Fails as only a stranger's code can."""

    def quote(self, request: QuoteRequest) -> Quote:
        if WHIM["factor"] > 1:
            raise ZeroDivisionError
        return Quote(request.list_price, (QuoteLine("list price", request.list_price),))


class NoDataclass:
    """Keeps its parameters to itself."""


@dataclass(frozen=True, slots=True)
class ClumsyAppraiser:
    """Adds a word to a number."""

    def appraise(self, evidence: Evidence) -> Appraisal:
        return evidence.rows + "rows"  # type: ignore[operator, return-value]


@dataclass(frozen=True, slots=True)
class DemandingAppraiser:
    """Has a parameter that somebody must state."""

    rate: Money

    def appraise(self, evidence: Evidence) -> Appraisal:
        line = Indicator("rate", str(self.rate.minor), f"+ {self.rate}", "stated")
        return Appraisal(self.rate, self.rate, self.rate, f"{evidence.rows} rows", (line,))
