"""The exchange's own reviewer: chapter V."""

from __future__ import annotations

from exchange.vetting import Decision
from tests.exchange.compliance.cases import (
    ASSESSOR,
    CLEAR,
    FIRED,
    SHEET,
    UNKNOWN,
    Example,
    listing,
    unseen,
    vetting,
)

RETURNED, REJECTED = (
    vetting(SHEET, decision=decision, version=10)
    for decision in (Decision.RETURNED, Decision.REJECTED)
)
EXAMPLES: list[Example] = [
    ("V-01", FIRED, listing(vettings=())),
    ("V-01", FIRED, listing(vettings=(RETURNED,))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET), REJECTED))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, sheet="0" * 64),))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, rule_pack="0" * 64),))),
    ("V-01", FIRED, listing(vettings=(vetting(SHEET, reviewer=ASSESSOR.id),))),
    ("V-01", CLEAR, listing(vettings=(RETURNED, vetting(SHEET, version=11)))),
    ("V-01", CLEAR, listing()),
    ("V-01", UNKNOWN, unseen(listing())),
    ("V-01", UNKNOWN, listing(vettings=None)),
]
