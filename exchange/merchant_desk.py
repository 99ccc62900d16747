"""The desk where merchants (数商) are dealt with: identities, licences, the negative list."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence

from exchange.negative import Barred, Notice
from exchange.participants import LicenceClass, Participant
from exchange.seat import Seat
from exchange.services import keep_negative_list, verify_identity


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

    def clear(self, barred: str, reason: str) -> Barred:
        """Take a listing off the negative list; as the operator."""
        signed = self._sign("negative.cleared", f"negative/{barred}", {"reason": reason})
        return keep_negative_list.clear_organisation(signed, floor=self.floor)
