"""Chapter C: content that no machine here can judge, so that an assessor answers for it."""

from __future__ import annotations

import datetime as dt
from functools import partial

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import ASSESSOR, NOT_INSPECTED, UNANSWERED
from exchange.compliance.rule import Answer, Method, Rule, Severity, fired
from exchange.profile import SensitiveKind


def not_prohibited(case: ListingCase) -> Answer:
    """C-01: a mark of secrecy is prohibited content; of the rest an assessor answers."""
    if case.profile is None:
        return NOT_INSPECTED
    marks = [f for f in case.profile.sensitive if f.kind is SensitiveKind.SECRECY_MARK]
    if True in [mark.certain for mark in marks]:
        return fired("the data bears a secrecy mark", "profile.sensitive")
    return case.signed("C-01", UNANSWERED)


def _attested(rule: str, case: ListingCase) -> Answer:
    return case.signed(rule, UNANSWERED)


RULES = (
    Rule(
        id="C-01",
        statement="Nothing in the prohibited catalogue A.1 (state security, "
        "social stability, illegal goods)",
        basis={
            "CN": "GB/T 37932-2025 (2026-07-01) prohibited-data annex [text "
            "read from 2023 draft App. A]; CSL 49, 50",
            "EU": "DSA 9, 16",
        },
        severity=Severity.BLOCK,
        check=not_prohibited,
        evidence="content scan + statement",
        unlock=ASSESSOR,
        method=Method.BOTH,
        effective_from=dt.date(2026, 7, 1),
    ),
    Rule(
        id="C-02",
        statement="Nothing infringing specific persons (A.2) or enterprises (A.3)",
        basis={"CN": "GB/T 37932-2025 annex; Shanghai Data Regs 55(1)", "EU": "GDPR 82"},
        severity=Severity.BLOCK,
        check=partial(_attested, "C-02"),
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
        effective_from=dt.date(2026, 7, 1),
    ),
    Rule(
        id="C-03",
        statement="No tool/data specially for crime",
        basis={"CN": "NDSMR 8; CSL 48", "EU": "-"},
        severity=Severity.BLOCK,
        check=partial(_attested, "C-03"),
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
)
