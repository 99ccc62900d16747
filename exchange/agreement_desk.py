"""The desk where contracts are kept: refunds, disputes, awards, amendments, endings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exchange.amendments import Amendment, Changes
from exchange.disputes import Award
from exchange.seat import Seat
from exchange.services import amend_trade, dispute_trade, end_trade, refund_trade
from exchange.services.execute_trade import terms_of
from exchange.trading import Terms, Trade
from ledger import agreements
from pricing.money import Money


class AgreementDesk(Seat):
    """What is signed about a contract after its conclusion; the services say what they raise."""

    __slots__ = ()

    def _contract(self, trade: str) -> Trade:
        with self.floor.read() as work:
            return work.trades.get(trade)

    def refund(self, trade_id: str, amount: Money, reason: str) -> Trade:
        """Give a part of the price back; as the supplier."""
        with self.floor.read() as work:
            trade = work.trades.get(trade_id)
            facts = refund_trade.refund_facts(trade, amount, reason, work)
        signed = self._sign("refund.made", f"trade/{trade_id}", facts)
        return refund_trade.refund_buyer(signed, floor=self.floor)

    def claim_refund(self, trade_id: str) -> Trade:
        """Take the money of what was not delivered in time; as the buyer."""
        with self.floor.read() as work:
            facts = refund_trade.claim_facts(work.trades.get(trade_id), work)
        signed = self._sign("refund.claimed", f"trade/{trade_id}", facts)
        return refund_trade.claim_refund(signed, floor=self.floor)

    def dispute_trade(self, trade_id: str, grounds: str, evidence: Sequence[str] = ()) -> Trade:
        """Dispute a contract's performance; `evidence` are digests of what proves it."""
        facts = {"evidence": list(evidence)}
        signed, openings = self._commit(
            "trade.disputed", f"trade/{trade_id}", facts, grounds=grounds
        )
        return dispute_trade.dispute_trade(signed, openings, floor=self.floor)

    def undispute(self, trade_id: str, reason: str) -> Trade:
        """Withdraw a dispute of its own."""
        facts = {"dispute": self._dispute(trade_id), "reason": reason}
        signed = self._sign("trade.undisputed", f"trade/{trade_id}", facts)
        return dispute_trade.withdraw_dispute(signed, floor=self.floor)

    def _dispute(self, trade_id: str) -> str:
        with self.floor.read() as work:
            found = agreements.dispute_open(work.chain.store, f"trade/{trade_id}")
        return found.leaf.hex() if found else "0" * 64

    def arbitrate(
        self, trade_id: str, *, back: Money, reversal: Money | None = None, reasons: str
    ) -> Trade:
        """Decide a dispute: so much of what is held goes back, and so much of what was paid."""
        trade = self._contract(trade_id)
        award = Award(back, reversal or trade.money(0))
        division = dispute_trade.award_division(trade, award, floor=self.floor)
        with self.floor.read() as work:
            facts = dispute_trade.award_facts(trade, award, division, work)
        signed, openings = self._commit(
            "trade.arbitrated", f"trade/{trade_id}", facts, reasons=reasons
        )
        return dispute_trade.arbitrate(signed, openings, floor=self.floor)

    def propose(self, trade_id: str, changes: Changes) -> Amendment:
        """Propose other terms."""
        trade = self._contract(trade_id)
        terms = amend_trade.amended_terms(trade, changes, floor=self.floor)
        with self.floor.read() as work:
            facts = amend_trade.amendment_facts(trade, terms, work)
        signed = self._sign("amendment.proposed", f"trade/{trade_id}", facts)
        return amend_trade.propose_amendment(signed, terms, floor=self.floor)

    def accept_amendment(self, trade_id: str) -> Trade:
        """Sign the terms that the other party proposed."""
        trade = self._contract(trade_id)
        with self.floor.read() as work:
            amendment = amend_trade.waiting_amendment(trade, work)
            facts = amend_trade.amendment_facts(trade, amendment.terms, work)
        signed = self._sign(
            "amendment.accepted", f"trade/{trade_id}", facts | {"proposal": amendment.leaf}
        )
        return amend_trade.accept_amendment(signed, floor=self.floor)

    def decline_amendment(self, trade_id: str, reason: str) -> Trade:
        """Decline a proposal, or withdraw its own."""
        trade = self._contract(trade_id)
        with self.floor.read() as work:
            leaf = amend_trade.waiting_amendment(trade, work).leaf
        facts = {"proposal": leaf, "reason": reason}
        signed = self._sign("amendment.declined", f"trade/{trade_id}", facts)
        return amend_trade.decline_amendment(signed, floor=self.floor)

    def end(self, trade_id: str, cause: str, reason: str) -> Trade:
        """End a contract: with notice, or at once for a cause."""
        facts = end_trade.ending_facts(self._contract(trade_id), cause, reason, self.floor.clock())
        signed = self._sign("trade.ended", f"trade/{trade_id}", facts)
        return end_trade.end_trade(signed, floor=self.floor)

    def retire(self, trade_id: str, reason: str) -> Trade:
        """Close the file of a contract that is over; as the operator."""
        signed = self._sign("trade.retired", f"trade/{trade_id}", {"reason": reason})
        return end_trade.retire_trade(signed, floor=self.floor)

    def source_of(self, trade: Trade, workplace: Path) -> tuple[Path, bool]:
        """Return the file to be sealed for a trade, and whether it was cut out and must go."""
        with self.floor.read() as work:
            terms: Terms = terms_of(trade.terms, work)
        source = self.floor.vault.check(terms.data)
        if not trade.part:
            return source, False
        target = workplace / f"{trade.id}-{trade.part}.part"
        return amend_trade.write_part(source, terms.parts, trade.part, target), True
