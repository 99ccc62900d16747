"""Posterior quantile: the price is read off what the trades so far have taught.

The estimate says with which probability the next price lies below an amount; the seller chooses
the probability.  Nothing is learned here: the quote follows from the estimate in its request.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pricing.domain import require_not_negative, require_probability, require_within
from pricing.errors import BadInput
from pricing.money import Money, decimal_text, exact
from pricing.quote import Quote, QuoteLine, QuoteRequest


@dataclass(frozen=True, slots=True)
class PosteriorQuantile:
    """Quotes the amount that the next price stays below with probability `quantile`.

    Never below the estimate's floor, nor below `floor` where the supplier declares one, for the
    full term; a shorter one costs max(term ratio, `term_floor`) of that, as with a list price.
    """

    quantile: Decimal = Decimal("0.6")
    floor: Money | None = None
    term_floor: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        require_probability("quantile", self.quantile)
        require_within("term_floor", self.term_floor, 0, 1)
        if self.floor is not None:
            require_not_negative("floor", self.floor)

    def quote(self, request: QuoteRequest) -> Quote:
        """Quote from the request's estimate, or raise `BadInput` where it has none."""
        estimate = request.estimate
        if estimate is None:
            raise BadInput("estimate: the posterior quantile is read off an estimate")
        read = estimate.predictive.at(self.quantile)
        if self.floor is not None and self.floor.currency is not read.currency:
            raise BadInput(f"floor: in {self.floor.currency}, the estimate in {read.currency}")
        lines = [
            QuoteLine(
                f"quantile {decimal_text(self.quantile)} after {estimate.observed} trades", read
            )
        ]
        raised = max(read, estimate.guidance.floor)
        if raised != read:
            lines.append(QuoteLine("raised to the estimate's floor", raised - read))
        full = raised if self.floor is None else max(raised, self.floor)
        if full != raised:
            lines.append(QuoteLine("raised to the supplier's floor", full - raised))
        amount = full.scaled(max(request.term_ratio, exact(self.term_floor)))
        if amount != full:
            lines.append(
                QuoteLine(
                    f"{request.term_ratio} of the full term,"
                    f" at least {decimal_text(self.term_floor)} of its price",
                    amount - full,
                )
            )
        band = estimate.guidance.band
        return Quote(amount, tuple(lines), band, _beside(request.list_price, request))


def _beside(ask: Money, request: QuoteRequest) -> tuple[str, ...]:
    said = f"the supplier's list price is {ask}"
    band = request.estimate.guidance.band if request.estimate else None
    if band is None or ask in band:
        return (said,)
    side = "below" if ask < band.low else "above"
    return (f"{said}, {side} the guidance of {band.low} to {band.high}",)
