"""Learned price: what a learner proposes, within the bounds that the supplier declares.

The supplier still sets the price (Shanghai data regulations, art. 57): by the floor and the
ceiling, by choosing the learner, and by the grid that it chooses from.  The proposal is a
parameter, so the record of a quote holds it, and the record of the proposal, if it was recorded
too, holds every trial it was learned from.
"""

from __future__ import annotations

from dataclasses import dataclass

from pricing.domain import require_not_negative
from pricing.errors import BadInput
from pricing.learning import Proposal
from pricing.money import Money
from pricing.quote import Quote, QuoteLine, QuoteRequest


@dataclass(frozen=True, slots=True)
class LearnedPrice:
    """Quotes the proposed price, not below `floor` and not above `ceiling`.

    The price is that of one licence of whatever term and however many purposes.
    """

    proposal: Proposal
    floor: Money
    ceiling: Money

    def __post_init__(self) -> None:
        require_not_negative("floor", self.floor)
        for field in ("floor", "ceiling"):
            amount: Money = getattr(self, field)
            if amount.currency is not self.proposal.price.currency:
                raise BadInput(f"{field}: in {amount.currency}, the proposal is not")
        if self.floor > self.ceiling:
            raise BadInput(f"floor: {self.floor} is above the ceiling of {self.ceiling}")

    def quote(self, request: QuoteRequest) -> Quote:
        """Quote the learned price, or raise `BadInput` for a list price in another currency."""
        proposed = self.proposal.price
        if request.list_price.currency is not proposed.currency:
            raise BadInput(
                f"list_price: in {request.list_price.currency}, learned in {proposed.currency}"
            )
        amount = min(max(proposed, self.floor), self.ceiling)
        lines = [QuoteLine(f"{self.proposal.basis}, {self.proposal.trials} trials", proposed)]
        if amount != proposed:
            bound = "raised to the floor" if amount > proposed else "lowered to the ceiling"
            lines.append(QuoteLine(bound, amount - proposed))
        remark = f"the supplier's list price is {request.list_price}"
        band = None
        if request.appraisal is not None:
            band = request.appraisal.band(request.licence_fraction)
        return Quote(amount, tuple(lines), band, (remark,))
