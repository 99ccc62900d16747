"""The desk where prices are bargained for: negotiations of a buyer with a supplier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from exchange.negotiation import Negotiation
from exchange.seat import Seat
from exchange.services import negotiate
from exchange.services.negotiate import Agreed, acceptance_facts, offer_facts
from ledger.acts import format_time
from pricing.money import Currency, Money

TALK: Final = dt.timedelta(days=7)  # how long a negotiation runs where nobody says


class BargainDesk(Seat):
    """What is signed on the way to a price; the services say what they raise."""

    __slots__ = ()

    def negotiate(
        self,
        *scenarios: str,
        until: str = "",
        exclusive: bool = False,
        currency: Currency = Currency.CNY,
    ) -> Sequence[Negotiation]:
        """Ask the supplier of each scenario's product for a price: all are asked, or none."""
        with self.floor.read() as work:
            found = [work.scenarios.get(scenario) for scenario in scenarios]
        acts = []
        for scenario in found:
            last = until or self._later(TALK)
            if not until and scenario.expires_on:  # at most to the end of the scenario
                last = min(last, f"{scenario.expires_on}T23:59:59Z")
            facts = {
                "product": scenario.product,
                "scenario": scenario.id,
                "currency": str(currency),
                "exclusive": exclusive,
                "until": last,
            }
            acts.append(self._sign("negotiation.opened", None, facts))
        return negotiate.open_negotiations(acts, floor=self.floor)

    def offer_price(self, negotiation: str, amount: Money, *, until: str = "") -> Negotiation:
        """Offer an amount, until the end of the negotiation if no other time is given."""
        found = self._negotiation(negotiation)
        facts = offer_facts(found, amount, until or found.until)
        signed = self._sign("negotiation.offered", f"negotiation/{negotiation}", facts)
        return negotiate.make_offer(signed, floor=self.floor)

    def accept_offer(self, negotiation: str) -> Agreed:
        """Accept the offer that stands, which makes a quote."""
        facts = acceptance_facts(self._negotiation(negotiation))
        signed = self._sign("negotiation.accepted", f"negotiation/{negotiation}", facts)
        return negotiate.accept_offer(signed, floor=self.floor)

    def end_negotiation(self, negotiation: str, reason: str) -> Negotiation:
        """End a negotiation without a price."""
        facts = {"reason": reason}
        signed = self._sign("negotiation.ended", f"negotiation/{negotiation}", facts)
        return negotiate.end_negotiation(signed, floor=self.floor)

    def _negotiation(self, negotiation: str) -> Negotiation:
        with self.floor.read() as work:
            return work.negotiations.get(negotiation)

    def _later(self, span: dt.timedelta) -> str:
        return format_time(self.floor.clock() + span)
