"""A case as if everybody else had answered: what then still stops it is the supplier's to mend.

Many rules can be unlocked in more than one way, and only the checks know which of them a case has
left.  So nobody keeps a table of whose turn it is: the rules are asked once more of a case in
which two assessors passed every rule, an expert scored the data, a reviewer approved, documents
were verified, the notice and all disputes ended and the supplier's papers run.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Final

from exchange.compliance.case import ASSESSORS_IF_GRAVE, ListingCase
from exchange.compliance.evidence import Attestation, Opinion, Party
from exchange.compliance.review import Finding, review_listing
from exchange.compliance.rule import RulePack, Stage
from exchange.participants import Role, Standing
from exchange.quality import QualityReview
from exchange.vetting import Decision, Vetting

_LAST: Final = 2**53 - 1  # a version after all others: a refusal of before stands beside it


def left_to_supplier(case: ListingCase, pack: RulePack) -> tuple[Finding, ...]:
    """Return what stops a case though all others had answered for it, the strictest first.

    What an assessor has refused stays, since another's pass does not end it; what the exchange
    itself lacks, or asks by a rule that is broken, is not the supplier's.
    """
    house = {rule.id for rule in pack.rules if rule.stage is Stage.PLATFORM}
    review = review_listing(_answered(case, pack), pack)
    return tuple(f for f in review.blocking if f.rule not in house and not f.broken)


def _answered(case: ListingCase, pack: RulePack) -> ListingCase:
    data = case.profile.data if case.profile else ""
    assessors = [f"assessor {n}" for n in range(ASSESSORS_IF_GRAVE)]
    roles = dict.fromkeys(assessors, Role.COMPLIANCE_ASSESSOR)
    roles |= {"expert": Role.QUALITY_EXPERT, "reviewer": Role.REVIEWER}
    passes = (
        Attestation(
            assessor=assessor,
            sheet=case.sheet_digest,
            data=data,
            rule_pack=pack.digest,
            outcome=Opinion.PASSED,
            rules=tuple(rule.id for rule in pack.rules),
            issued_on=case.on,
            valid_until=case.on,
            version=_LAST,
        )
        for assessor in assessors
    )
    scored = QualityReview(
        expert="expert",
        sheet=case.sheet_digest,
        data=data,
        score=Decimal(1),
        dimensions={},
        comments="",
        version=_LAST,
    )
    approved = Vetting(
        reviewer="reviewer",
        sheet=case.sheet_digest,
        data=data,
        rule_pack=pack.digest,
        decision=Decision.APPROVED,
        version=_LAST,
    )
    return replace(
        case,
        supplier=replace(case.supplier, licensed_until=None) if case.supplier else None,
        reviewers={**case.reviewers, **{name: _party(name, role) for name, role in roles.items()}},
        attestations=(*case.attestations, *passes),
        reviews=(*case.reviews, scored),
        vettings=(*(case.vettings or ()), approved),
        papers=tuple(replace(p, verified=p.verified is not False) for p in case.papers),
        open_disputes=0,
        notice_ended=True,
    )


def _party(name: str, role: Role) -> Party:
    return Party(
        id=name,
        roles=(role,),
        standing=Standing.ADMITTED,
        named=True,
        coded=True,
        organisation=name,
    )
