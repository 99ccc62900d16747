"""Cases: everything a rule may look at, and nothing else.

What is not known is None and stays so: no default here stands for "nothing found".  The one
"now" is the case's own date, so that a case can be judged again under the law of its day.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

from pydantic import ConfigDict

from exchange.compliance.rule import Answer, clear, fired
from exchange.participants import Participant, Role, Standing
from exchange.profile import Profile
from exchange.quality import QualityReport, QualityReview
from exchange.records import STRICT
from exchange.registration import Similar
from exchange.scenarios import Scenario
from exchange.specsheet import Digest, Name, SpecSheet

ASSESSMENT_DAYS_MAX = 366  # rule T-05: a pass holds twelve months, a leap day included

_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(text: str) -> bool:
    """Whether `text` is a SHA-256 in hex: evidence that can be asked for and compared."""
    return _DIGEST.fullmatch(text) is not None


class Opinion(enum.StrEnum):
    """How an assessment ended."""

    PASSED = "passed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Attestation:
    """An assessor's signed opinion on one sheet and one data file under one rule pack.

    `rules` are the ids it answers for: cleared if passed, objected to if refused.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    assessor: Name
    sheet: Digest
    data: Digest
    rule_pack: Digest
    outcome: Opinion
    rules: tuple[Name, ...]
    issued_on: dt.date
    valid_until: dt.date
    version: int


@dataclass(frozen=True, kw_only=True)
class ListingCase:
    """A product that asks to be listed.

    `reviewers` are the participants behind the attestations and reviews, by id, as they stand
    on the day `on`.  `pack_digest` is filled in by `review_listing`.
    """

    sheet: SpecSheet
    on: dt.date
    profile: Profile | None = None
    supplier: Participant | None = None
    reviewers: Mapping[str, Participant] = field(default_factory=dict)
    attestations: tuple[Attestation, ...] = ()
    reviews: tuple[QualityReview, ...] = ()
    quality: QualityReport | None = None
    open_disputes: int | None = None
    notice_ended: bool | None = None
    similar: tuple[Similar, ...] | None = None
    pack_digest: str = ""

    def void(self, attestation: Attestation) -> str:
        """Say why an attestation does not count in this case; empty if it does."""
        if attestation.rule_pack != self.pack_digest:
            return "made under another rule pack"
        if attestation.issued_on > self.on:
            return "issued after the day of the case"
        last = attestation.valid_until
        if attestation.outcome == Opinion.PASSED:
            last = min(last, attestation.issued_on + dt.timedelta(days=ASSESSMENT_DAYS_MAX))
        if self.on > last:
            return "expired"
        return self._unbound(attestation) or self._unfit(
            attestation.assessor, Role.COMPLIANCE_ASSESSOR
        )

    @cached_property
    def in_force(self) -> tuple[Attestation, ...]:
        """The attestations that count, less those on which the same assessor changed its mind."""
        valid = [attestation for attestation in self.attestations if not self.void(attestation)]
        return tuple(
            attestation
            for attestation in valid
            if not any(
                later.assessor == attestation.assessor
                and later.version > attestation.version
                and later.outcome != attestation.outcome
                for later in valid
            )
        )

    def signed(self, rule: str, otherwise: Answer) -> Answer:
        """Let the assessors speak: a refusal of `rule` fires, a pass clears, else `otherwise`."""
        speaking = [attestation for attestation in self.in_force if rule in attestation.rules]
        for attestation in speaking:
            if attestation.outcome == Opinion.REFUSED:
                return fired("an assessor refused it", f"chain version {attestation.version}")
        for attestation in speaking:
            return clear("an assessor attested it", f"chain version {attestation.version}")
        return otherwise

    @cached_property
    def expert_reviews(self) -> tuple[QualityReview, ...]:
        """The latest review of each expert that counts in this case."""
        latest: dict[str, QualityReview] = {}
        for review in sorted(self.reviews, key=lambda review: review.version):
            if not self._unbound(review) and not self._unfit(review.expert, Role.QUALITY_EXPERT):
                latest[review.expert] = review
        return tuple(latest.values())

    @cached_property
    def measured_quality(self) -> QualityReport | None:
        """The quality report, if it speaks of this sheet and this data."""
        return None if self.quality is None or self._unbound(self.quality) else self.quality

    @cached_property
    def _sheet_digest(self) -> str:
        return self.sheet.digest

    def _unbound(self, act: Attestation | QualityReview | QualityReport) -> str:
        if act.sheet != self._sheet_digest:
            return "made for another sheet"
        if self.profile is None or act.data != self.profile.data:
            return "made for other data"
        return ""

    def _unfit(self, reviewer: str, role: Role) -> str:
        participant = self.reviewers.get(reviewer)
        if participant is None or participant.id != reviewer:
            return "signed by nobody known"
        if participant.standing is not Standing.ADMITTED or role not in participant.roles:
            return f"signed by a participant that is not an admitted {role}"
        if self.supplier is None:
            return "signed for an unknown supplier"
        if reviewer == self.supplier.id or participant.credit_code == self.supplier.credit_code:
            return "signed by the supplier itself"
        return ""


@dataclass(frozen=True, kw_only=True)
class TradeCase:
    """A use of a listed product: a scenario filed, or an order under one that runs.

    `ways` are the ways of delivery it asks for.
    """

    sheet: SpecSheet
    on: dt.date
    scenario: Scenario | None = None
    buyer: Participant | None = None
    listing_state: str = ""
    ways: tuple[str, ...] = ()
