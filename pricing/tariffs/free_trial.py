"""Free trial (免费试用): the first uses cost nothing, and there is no price for more of them."""

from __future__ import annotations

from dataclasses import dataclass

from pricing.billing import Bill, Billed, Statement
from pricing.billing.meter import Trial, sift
from pricing.errors import BadInput
from pricing.money import Currency, Money


@dataclass(frozen=True, slots=True)
class FreeTrial:
    """Lets the first units of the first term be used for nothing.

    The unit that reaches the cap is still of the trial, as is the last moment of its last day.
    A trial that goes over into a paid plan is the `trial` of that plan.
    """

    trial: Trial
    billed: Billed = Billed.EVERY
    currency: Currency = Currency.CNY

    def rate(self, statement: Statement) -> Bill:
        """Return a bill of zero, or raise `BadInput` for the first use beyond the trial."""
        sifted = sift(statement, self.billed, self.trial)
        if sifted.rest:
            event, units = sifted.rest[0]
            raise BadInput(f"events: {units} units of {event.id} are beyond the trial, unpriced")
        nothing = Money(0, self.currency)
        return Bill.of(sifted.lines(nothing), nothing)
