"""The exchange's own reviewer: chapter V."""

from __future__ import annotations

from dataclasses import replace

from exchange.compliance import ListingCase, Party
from exchange.participants import Participant, Role
from exchange.vetting import Decision
from tests.exchange.compliance.cases import (
    ASSESSOR,
    CLEAR,
    EXPERT,
    FIRED,
    REVIEWER,
    REVIEWERS,
    SHEET,
    UNKNOWN,
    Example,
    attestation,
    listing,
    unseen,
    vetting,
)

RETURNED, REJECTED = (
    vetting(SHEET, decision=decision, version=10)
    for decision in (Decision.RETURNED, Decision.REJECTED)
)


def both(case: ListingCase) -> Party:
    """The reviewer, who is admitted as assessor and expert as well."""
    roles = (Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT, Role.REVIEWER)
    return replace(case.reviewers[REVIEWER.id], roles=roles)


def of_one_house(other: Participant) -> dict[str, Participant]:
    """The reviewers, among whom the exchange's has the credit code of another."""
    return {**REVIEWERS, REVIEWER.id: replace(REVIEWER, credit_code=other.credit_code)}


EXAMPLES: list[Example] = [
    ("V-01", FIRED, listing(vettings=())),
    ("V-01", FIRED, listing(vettings=(RETURNED,))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET), REJECTED))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, sheet="0" * 64),))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, rule_pack="0" * 64),))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, reviewer=ASSESSOR.id),))),
    ("V-01", CLEAR, listing(vettings=(RETURNED, vetting(SHEET, version=11)))),
    ("V-01", CLEAR, listing()),
    # Who has assessed this very sheet, as assessor or expert, or is of one house with who has.
    *(
        ("V-01", FIRED, replace(case, reviewers={**case.reviewers, REVIEWER.id: both(case)}))
        for case in (
            listing(attestations=(attestation(SHEET, assessor=REVIEWER.id),)),
            listing(reviews=(replace(listing().reviews[0], expert=REVIEWER.id),)),
        )
    ),
    ("V-01", FIRED, listing(reviewers=of_one_house(ASSESSOR))),
    ("V-01", FIRED, listing(reviewers=of_one_house(EXPERT))),
    # What it said of another sheet it said of the same product.
    *(
        ("V-01", FIRED, replace(case, reviewers={**case.reviewers, REVIEWER.id: both(case)}))
        for case in (
            listing(attestations=(attestation(SHEET, assessor=REVIEWER.id, sheet="0" * 64),)),
            listing(reviews=(replace(listing().reviews[0], expert=REVIEWER.id, sheet="0" * 64),)),
        )
    ),
    ("V-01", UNKNOWN, unseen(listing())),
    ("V-01", UNKNOWN, listing(vettings=None)),
]
