"""No compliance, no listing (不合规不挂牌): rules, cases and reviews.

A rule answers fired, clear or not evaluated, and only clear lets a case pass.  The catalogue
of rules is engineering input drawn from the law it cites, not legal advice: what a machine
cannot decide, a named assessor signs for (docs/rules.md).
"""

from exchange.compliance.case import Case, ListingCase, PlatformCase, TradeCase
from exchange.compliance.evidence import (
    Ancestor,
    Attestation,
    Exported,
    GradeFloor,
    Opinion,
    Paper,
    Parent,
    Party,
    Platform,
    Site,
    is_digest,
)
from exchange.compliance.review import (
    Finding,
    Review,
    review_delivery,
    review_listing,
    review_platform,
    review_trade,
)
from exchange.compliance.rule import (
    Answer,
    Method,
    Outcome,
    Rule,
    RulePack,
    Severity,
    Stage,
    clear,
    discover_packs,
    fired,
    is_attested,
    unknown,
)
from exchange.quality import QualityReview

__all__ = [
    "Ancestor",
    "Answer",
    "Attestation",
    "Case",
    "Exported",
    "Finding",
    "GradeFloor",
    "ListingCase",
    "Method",
    "Opinion",
    "Outcome",
    "Paper",
    "Parent",
    "Party",
    "Platform",
    "PlatformCase",
    "QualityReview",
    "Review",
    "Rule",
    "RulePack",
    "Severity",
    "Site",
    "Stage",
    "TradeCase",
    "clear",
    "discover_packs",
    "fired",
    "is_attested",
    "is_digest",
    "review_delivery",
    "review_listing",
    "review_platform",
    "review_trade",
    "unknown",
]
