"""Documents attached to a product: the four of the Shanghai sheet, and evidence of every kind.

A document is named by the SHA-256 of its bytes; the bytes are kept privately.  Attaching says who
stands behind it, verifying that somebody else has looked.  Which party attaches which kind, and who
verifies it, stands in `ledger.documents`, where an auditor checks the same.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import ConfigDict

from exchange.lifecycle import step
from exchange.records import STRICT
from exchange.specsheet import Digest, Name


class DocumentKind(enum.StrEnum):
    """What a document is: the four (资质信息) first, then kinds of evidence."""

    COMPLIANCE_ASSESSMENT = "compliance-assessment"
    QUALITY_CERTIFICATE = "quality-certificate"
    LEGAL_UNDERTAKING = "legal-undertaking"
    ASSET_VALUATION = "asset-valuation"
    SOURCE_PROOF = "source-proof"
    CONSENT = "consent"
    SEPARATE_CONSENT = "separate-consent"
    GUARDIAN_CONSENT = "guardian-consent"
    IMPACT_ASSESSMENT = "impact-assessment"
    RISK_ASSESSMENT = "risk-assessment"
    AUTHORISATION = "authorisation"
    PUBLIC_DATA_REGISTRATION = "public-data-registration"
    LICENCE_TEXT = "licence-text"
    SUBMISSION_RECEIPT = "submission-receipt"
    SECRECY_REVIEW = "secrecy-review"
    SURVEY_APPROVAL = "survey-approval"
    GENETIC_FILING = "genetic-filing"
    CREDIT_LICENCE = "credit-licence"
    SECURITY_ASSESSMENT = "security-assessment"
    STANDARD_CONTRACT = "standard-contract"
    TECHNICAL_DOCUMENT = "technical-document"
    OTHER = "other"

    @property
    def is_one_of_the_four(self) -> bool:
        """Whether the sheet is issued only with a verified document of this kind."""
        return self in THE_FOUR


THE_FOUR: Final = (
    DocumentKind.COMPLIANCE_ASSESSMENT,
    DocumentKind.QUALITY_CERTIFICATE,
    DocumentKind.LEGAL_UNDERTAKING,
    DocumentKind.ASSET_VALUATION,
)


class DocumentState(enum.StrEnum):
    """What was last said of an attached document."""

    ATTACHED = "attached"
    VERIFIED = "verified"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


# Everything a document may become; docs/lifecycles.md is drawn from it.  A verification is renewed.
TRANSITIONS: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.ATTACHED: frozenset(
        {DocumentState.VERIFIED, DocumentState.REJECTED, DocumentState.WITHDRAWN}
    ),
    DocumentState.VERIFIED: frozenset(
        {DocumentState.VERIFIED, DocumentState.REJECTED, DocumentState.WITHDRAWN}
    ),
    DocumentState.REJECTED: frozenset(),
    DocumentState.WITHDRAWN: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One attached document, as of the newest word on it.

    `digest` is the SHA-256 of its bytes, `leaf` the leaf hash of the entry that attached it and
    `decision` that of the newest word on it.  `sheet` is the sheet that one of the four speaks of,
    None for evidence.  `valid_until` is the last day of the verification, or of the document where
    nobody has verified it, None if it does not end.  `issuer` and `name` are empty once erased.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    kind: DocumentKind
    digest: Digest
    name: str
    issuer: str
    issued_on: dt.date
    valid_until: dt.date | None
    attached_by: Name
    attached_at: str
    leaf: Digest
    state: DocumentState = DocumentState.ATTACHED
    sheet: Digest | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    decision: str | None = None

    def require_open_to(self, state: DocumentState) -> None:
        """Raise `IllegalTransition` unless the document may come to that state."""
        step(TRANSITIONS, self.state, state, f"the {self.kind} attached at {self.leaf[:16]}…")

    def stands(self, on: dt.date) -> bool:
        """Whether it is verified and has not ended on that day."""
        ended = self.valid_until is not None and self.valid_until < on
        return self.state is DocumentState.VERIFIED and not ended

    @property
    def verified_by(self) -> str | None:
        """The participant's id whose verification stands, None if none does."""
        return self.decided_by if self.state is DocumentState.VERIFIED else None


def standing(
    documents: Iterable[Document], kind: DocumentKind, *, on: dt.date, sheet: str | None = None
) -> Document | None:
    """Return the document of a kind that stands on a day, the one that ends last; None if none.

    One of the four counts for the sheet of that digest alone.
    """
    fit = [
        document
        for document in documents
        if document.kind is kind
        and document.stands(on)
        and (not kind.is_one_of_the_four or document.sheet == sheet)
    ]
    return max(fit, key=lambda document: document.valid_until or dt.date.max, default=None)
