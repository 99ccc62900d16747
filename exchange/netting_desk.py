"""The desk where deals made off the exchange are filed and the guarantee fund is kept."""

from __future__ import annotations

from exchange.clearing import account_subject
from exchange.deals import Deal, DealTerms
from exchange.openings import document_value
from exchange.participants import Participant
from exchange.seat import Seat
from exchange.services import file_deal, keep_guarantee
from ledger.acts import SignedAct
from pricing.money import Money


class NettingDesk(Seat):
    """What is signed about deals and the fund; the services say what they raise."""

    __slots__ = ()

    def file_deal(
        self, other: Participant, terms: DealTerms, contract: bytes, description: bytes = b""
    ) -> Deal:
        """File a deal made off the exchange with another participant; it is to confirm."""
        values = {"terms": document_value(contract), "description": document_value(description)}
        signed, openings = self._commit("deal.filed", None, terms.facts(other.id), **values)
        return file_deal.file_deal(signed, openings, floor=self.floor)

    def confirm_deal(self, deal: str) -> Deal:
        """Confirm a deal that names this participant, by the leaf hash of its filing."""
        with self.floor.read() as work:
            found = work.deals.get(deal)
        facts = {"filing": found.filing, "amount": found.amount.to_record()}
        signed = self._sign("deal.confirmed", f"deal/{deal}", facts)
        return file_deal.confirm_deal(signed, floor=self.floor)

    def decline_deal(self, deal: str, reason: str) -> Deal:
        """End a deal that was not confirmed."""
        signed = self._sign("deal.declined", f"deal/{deal}", {"reason": reason})
        return file_deal.decline_deal(signed, floor=self.floor)

    def end_deal(self, deal: str, reason: str) -> Deal:
        """End a deal that was confirmed."""
        signed = self._sign("deal.ended", f"deal/{deal}", {"reason": reason})
        return file_deal.end_deal(signed, floor=self.floor)

    def contribute(self, amount: Money) -> Money:
        """Put money of the own account into the guarantee fund."""
        return keep_guarantee.contribute(
            self._own("guarantee.contributed", amount), floor=self.floor
        )

    def take_back(self, amount: Money) -> Money:
        """Take money out of the own part of the guarantee fund."""
        return keep_guarantee.take_back(self._own("guarantee.returned", amount), floor=self.floor)

    def _own(self, kind: str, amount: Money) -> SignedAct:
        subject = account_subject(self.participant.id)
        return self._sign(kind, subject, {"amount": amount.to_record()})
