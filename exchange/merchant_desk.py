"""The desk where merchants (数商) are dealt with: identities, licences, the negative list."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from exchange.engagements import Engagement, Offer
from exchange.grading import Grade
from exchange.negative import Barred, Notice
from exchange.openings import document_value
from exchange.participants import LicenceClass, Participant
from exchange.registration import Product
from exchange.seat import Seat
from exchange.services import engage_merchant, keep_negative_list, set_grade, verify_identity


class MerchantDesk(Seat):
    """What is signed about merchants; the services say what they raise."""

    __slots__ = ()

    def verify(
        self,
        participant: Participant,
        documents: Sequence[bytes],
        *,
        signatory: str,
        until: dt.date,
        method: str = "documents compared with the register of enterprises",
    ) -> Participant:
        """Record who a participant is, over documents, until a day; as the operator."""
        facts = {
            "method": method,
            "documents": sorted({hashlib.sha256(each).hexdigest() for each in documents}),
            "until": until.isoformat(),
        }
        subject = f"participant/{participant.id}"
        signed, openings = self._commit("identity.verified", subject, facts, signatory=signatory)
        return verify_identity.verify_identity(
            signed, openings, documents=documents, floor=self.floor
        )

    def license(
        self,
        participant: Participant,
        licence: LicenceClass,
        *,
        number: str,
        issuer: str,
        until: dt.date,
        document: bytes,
    ) -> Participant:
        """Record a licence of a participant; as the operator."""
        facts = {
            "licence": str(licence),
            "issuer": issuer,
            "until": until.isoformat(),
            "document": hashlib.sha256(document).hexdigest(),
        }
        subject = f"participant/{participant.id}"
        signed, openings = self._commit("licence.recorded", subject, facts, number=number)
        return verify_identity.record_licence(signed, openings, document=document, floor=self.floor)

    def withdraw_licence(self, participant: Participant, licence: str, reason: str) -> Participant:
        """Record that a licence, named by its leaf hash, was taken back; as the operator."""
        facts = {"licence": licence, "reason": reason}
        signed = self._sign("licence.withdrawn", f"participant/{participant.id}", facts)
        return verify_identity.withdraw_licence(signed, floor=self.floor)

    def bar(self, notices: Iterable[Notice]) -> list[Barred]:
        """Put organisations on the negative list, all or none; as the operator."""
        acts = [
            self._commit(
                "negative.listed",
                None,
                {
                    "reason": notice.reason,
                    "source": notice.source,
                    "since": notice.since.isoformat(),
                    "until": notice.until.isoformat(),
                },
                organisation={"credit_code": notice.credit_code, "name": notice.name},
            )
            for notice in notices
        ]
        return keep_negative_list.list_organisations(acts, floor=self.floor)

    def engage(self, engaged: Participant, offer: Offer, terms: bytes = b"") -> Engagement:
        """Engage another participant for a fixed fee; `terms` are the contract, confidential."""
        facts, value = offer.facts(engaged.id), document_value(terms)
        signed, openings = self._commit("engagement.proposed", None, facts, terms=value)
        return engage_merchant.propose_engagement(signed, openings, floor=self.floor)

    def accept_engagement(self, engagement: str) -> Engagement:
        """Take the work; the fee goes into escrow."""
        facts = {"amount": self._fee(engagement)}
        signed = self._sign("engagement.accepted", f"engagement/{engagement}", facts)
        return engage_merchant.accept_engagement(signed, floor=self.floor)

    def decline_engagement(self, engagement: str, reason: str) -> Engagement:
        """End an engagement that nobody has accepted."""
        facts = {"reason": reason}
        signed = self._sign("engagement.declined", f"engagement/{engagement}", facts)
        return engage_merchant.decline_engagement(signed, floor=self.floor)

    def deliver_work(self, engagement: str, report: bytes) -> Engagement:
        """Hand the work in, by its report."""
        facts = {"report": hashlib.sha256(report).hexdigest()}
        signed = self._sign("engagement.delivered", f"engagement/{engagement}", facts)
        return engage_merchant.deliver_work(signed, report, floor=self.floor)

    def pay_engagement(self, engagement: str) -> Engagement:
        """Accept the work: the fee leaves escrow for whoever did it."""
        facts = {"amount": self._fee(engagement)}
        signed = self._sign("engagement.paid", f"engagement/{engagement}", facts)
        return engage_merchant.pay_engagement(signed, floor=self.floor)

    def cancel_engagement(self, engagement: str, reason: str) -> Engagement:
        """End an accepted engagement: the fee goes back."""
        facts = {"reason": reason, "amount": self._fee(engagement)}
        signed = self._sign("engagement.cancelled", f"engagement/{engagement}", facts)
        return engage_merchant.cancel_engagement(signed, floor=self.floor)

    def _fee(self, engagement: str) -> dict[str, Any]:
        with self.floor.read() as work:
            return work.engagements.get(engagement).fee.to_record()

    def set_grade(self, number: str, grade: Grade, reason: str, basis: str) -> Product:
        """Set the least grade of a product; as the operator."""
        facts = {"grade": str(grade), "reason": reason, "basis": basis}
        signed = self._sign("grade.set", f"product/{number}", facts)
        return set_grade.set_grade(signed, floor=self.floor)

    def clear(self, barred: str, reason: str) -> Barred:
        """Take a listing off the negative list; as the operator."""
        signed = self._sign("negative.cleared", f"negative/{barred}", {"reason": reason})
        return keep_negative_list.clear_organisation(signed, floor=self.floor)
