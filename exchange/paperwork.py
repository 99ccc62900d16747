"""Papers at a participant's desk: attaching documents to a product, and looking at them."""

from __future__ import annotations

import datetime as dt
import hashlib

from exchange.documents import Document, DocumentKind
from exchange.seat import Seat
from exchange.services import attach_document, verify_document
from ledger.documents import ENDLESS


class Paperwork(Seat):
    """What is signed about documents; every method signs one act."""

    __slots__ = ()

    def attach(
        self,
        number: str,
        kind: DocumentKind,
        document: bytes,
        *,
        name: str,
        issuer: str = "",
        issued: dt.date | None = None,
        until: dt.date | None = None,
    ) -> Document:
        """Attach a document, issued today by the participant itself unless it says otherwise."""
        product = self._product(number)
        facts = {
            "what": str(kind),
            "document": hashlib.sha256(document).hexdigest(),
            "sheets": [product.sheet] if kind.is_one_of_the_four and product.sheet else [],
            "issued": (issued or self.floor.clock().date()).isoformat(),
            "until": until.isoformat() if until else ENDLESS,
        }
        signed, openings = self._commit(
            "document.attached",
            f"product/{number}",
            facts,
            issuer=issuer or self.participant.name,
            name=name,
        )
        return attach_document.attach_document(signed, openings, document, floor=self.floor)

    def undertake(self, number: str, *, until: dt.date | None = None) -> Document:
        """Give the legal undertaking for the present sheet, in the exchange's words."""
        text = attach_document.undertaking_of(self._product(number))
        kind = DocumentKind.LEGAL_UNDERTAKING
        return self.attach(number, kind, text, name="undertaking.txt", until=until)

    def verify_document(self, number: str, leaf: str, *, until: dt.date | None = None) -> Document:
        """Verify a document attached at an entry, for as long as it runs or until a day before."""
        document = self._document(number, leaf)
        last = until or document.valid_until
        facts = {
            "attachment": leaf,
            "document": document.digest,
            "until": last.isoformat() if last else ENDLESS,
        }
        signed = self._sign("document.verified", f"product/{number}", facts)
        return verify_document.verify_document(signed, floor=self.floor)

    def reject_document(self, number: str, leaf: str, grounds: str) -> Document:
        """Reject a document attached at an entry."""
        facts = {"attachment": leaf, "document": self._document(number, leaf).digest}
        signed, openings = self._commit(
            "document.rejected", f"product/{number}", facts, grounds=grounds
        )
        return verify_document.reject_document(signed, openings, floor=self.floor)

    def withdraw_document(self, number: str, leaf: str, reason: str) -> Document:
        """Take a document back that the participant attached."""
        digest = self._document(number, leaf).digest
        facts = {"attachment": leaf, "document": digest, "reason": reason}
        signed = self._sign("document.withdrawn", f"product/{number}", facts)
        return verify_document.withdraw_document(signed, floor=self.floor)

    def _document(self, number: str, leaf: str) -> Document:
        with self.floor.read() as work:
            return attach_document.document_of(leaf, work.products.get(number), work)
