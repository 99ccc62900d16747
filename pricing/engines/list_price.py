"""List price: the supplier's ask, with the appraisal beside it and never in its place.

The supplier sets the price (Shanghai data regulations, art. 57); the appraisal informs the
buyer.  A declared discount for a shorter term is the only thing that moves the amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pricing.appraisal import Band
from pricing.domain import require_within
from pricing.money import Money, decimal_text, exact
from pricing.quote import Quote, QuoteLine, QuoteRequest


@dataclass(frozen=True, slots=True)
class ListPrice:
    """Quotes list price × max(term ratio, `term_floor`).

    `term_floor`, 0 to 1, is the part of the list price that is due however short the term; at
    1, the default, no discount is declared and every term costs the list price.  The number of
    purposes moves nothing here.
    """

    term_floor: Decimal = Decimal(1)

    def __post_init__(self) -> None:
        require_within("term_floor", self.term_floor, 0, 1)

    def quote(self, request: QuoteRequest) -> Quote:
        """Quote the list price, less the declared discount for a shorter term."""
        ask = request.list_price
        amount = ask.scaled(max(request.term_ratio, exact(self.term_floor)))
        lines = [QuoteLine("list price", ask)]
        if amount != ask:
            lines.append(
                QuoteLine(
                    f"{request.term_ratio} of the full term,"
                    f" at least {decimal_text(self.term_floor)} of the list price",
                    amount - ask,
                )
            )
        if request.appraisal is None:
            return Quote(amount, tuple(lines), remarks=("no appraisal stands beside this price",))
        band = request.appraisal.band(request.licence_fraction)
        return Quote(amount, tuple(lines), band, _outside(ask, band))


def _outside(ask: Money, band: Band) -> tuple[str, ...]:
    if ask in band:
        return ()
    side = "below" if ask < band.low else "above"
    return (f"the list price of {ask} lies {side} the appraised {band.low} to {band.high}",)
