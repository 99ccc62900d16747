"""The desk where money is asked for, lent, and charged for; each method signs one act."""

from __future__ import annotations

from exchange.certificates import Certificate
from exchange.clearing import Withdrawal, account_subject
from exchange.clearing.fees import FeeSchedule
from exchange.participants import Participant
from exchange.payments import Payee
from exchange.seat import Seat
from exchange.services import issue_certificate as issuing
from exchange.services import publish_fees, set_credit, withdraw_money
from pricing.money import Money


class ClearingDesk(Seat):
    """What is signed about money; the services say what they raise."""

    __slots__ = ()

    def request_withdrawal(self, amount: Money, payee: Payee) -> Withdrawal:
        """Ask for money of one's own to be paid out."""
        facts = {"amount": amount.to_record()}
        signed, openings = self._commit(
            "withdrawal.requested", None, facts, payee=payee.to_record()
        )
        return withdraw_money.request_withdrawal(signed, openings, floor=self.floor)

    def set_credit(self, participant: Participant, limit: Money, reason: str) -> Money:
        """Let a participant's account fall so far below zero; as the operator."""
        facts = {"limit": limit.to_record()}
        subject = account_subject(participant.id)
        signed, openings = self._commit("credit.set", subject, facts, reason=reason)
        return set_credit.set_credit(signed, openings, floor=self.floor)

    def request_certificate(self, subject: str, kind: str | None = None) -> Certificate:
        """Ask for the certificate of the newest entry of a subject, or of one kind, for its fee."""
        with self.floor.read() as work:
            entry = issuing.certifiable(subject, kind, work)
        signed = self._sign("certificate.requested", None, {"entry": entry.leaf.hex()})
        return issuing.issue_certificate(subject, floor=self.floor, signed=signed)

    def publish_fees(self, schedule: FeeSchedule) -> publish_fees.Published:
        """Publish what the exchange keeps from a time on; as the operator."""
        subject = f"exchange/{self.floor.house.origin}"
        signed = self._sign("fees.published", subject, publish_fees.fee_facts(schedule))
        return publish_fees.publish_fees(signed, schedule, floor=self.floor)
