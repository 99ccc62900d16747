"""Chapter D: classification and grading, important and core data, secrets."""

from __future__ import annotations

import datetime as dt

from exchange.compliance.case import ListingCase, is_digest
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.catalogue.personal import holds_persons, holds_sensitive
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired
from exchange.grading import Grade, at_least
from exchange.profile import SensitiveKind

# Proposals: persons are harmed by a leak, so level 1 cannot hold them, and sensitive ones
# belong to the highest of the general levels.
PERSONAL_FLOOR = Grade.GENERAL_2
SENSITIVE_FLOOR = Grade.GENERAL_4

IMPORTANT_APPROVALS = ("risk-assessment", "important-data-filing", "data-security-officer")


def grade_strict_enough(case: ListingCase) -> Answer:
    """D-01: the declared grade is no lower than the strictest thing found in the data."""
    grade = case.sheet.grade
    sensitive, persons = holds_sensitive(case), holds_persons(case)
    if sensitive and not at_least(grade, SENSITIVE_FLOOR):
        return fired(f"sensitive personal data is at least {SENSITIVE_FLOOR}", "sheet.grade")
    if persons and not at_least(grade, PERSONAL_FLOOR):
        return fired(f"personal data is at least {PERSONAL_FLOOR}", "sheet.grade")
    if sensitive is None or persons is None:
        return NOT_INSPECTED
    return clear()


def not_core(case: ListingCase) -> Answer:
    """D-02: no evidence and no signature lists core data."""
    if case.sheet.grade is Grade.CORE:
        return fired("core data is never listed", "sheet.grade")
    return clear()


def important_approved(case: ListingCase) -> Answer:
    """D-03: important data comes with its assessment, its filing and its officer."""
    if not at_least(case.sheet.grade, Grade.IMPORTANT):
        return clear()
    approvals = case.sheet.approvals
    missing = [name for name in IMPORTANT_APPROVALS if not approvals.get(name)]
    if missing:
        return fired(f"important data without {', '.join(missing)}", "sheet.approvals")
    if not is_digest(approvals["risk-assessment"]):
        return fired("the risk assessment is not given as a SHA-256", "sheet.approvals")
    return clear()


def no_secret(case: ListingCase) -> Answer:
    """D-04: a certain secrecy mark never lists; an assessor may clear an uncertain one."""
    if case.profile is None:
        return NOT_INSPECTED
    marks = [f for f in case.profile.sensitive if f.kind is SensitiveKind.SECRECY_MARK]
    if any(mark.certain for mark in marks):
        return fired("the data bears a secrecy mark", "profile.sensitive")
    if marks:
        return case.signed("D-04", fired("the data may bear a secrecy mark", "profile.sensitive"))
    return clear()


RULES = (
    Rule(
        id="D-01",
        statement="Level declared per GB/T 43697-2024 (core / important / general 1-4) per "
        "column and for the product; product = max (就高从严)",
        basis={"CN": "DSL 21; NDSMR 5; GB/T 43697-2024 6; Shanghai Data Regs 80", "EU": "-"},
        severity=Severity.BLOCK,
        check=grade_strict_enough,
        evidence="level table",
        unlock="a grade as strict as the strictest content",
    ),
    Rule(
        id="D-02",
        statement="Core data is never listed",
        basis={"CN": "DSL 21; NDSMR 63", "EU": "-"},
        severity=Severity.BLOCK,
        check=not_core,
        evidence="-",
        unlock="never",
    ),
    Rule(
        id="D-03",
        statement="Important data: risk assessment before provision, receiver contract, "
        "3-year record, named officer",
        basis={"CN": "NDSMR 12, 30, 31, 33; DSL 30", "EU": "-"},
        severity=Severity.BLOCK,
        check=important_approved,
        evidence="assessment report, contract, filing no.",
        unlock="the approvals " + ", ".join(IMPORTANT_APPROVALS),
        effective_from=dt.date(2025, 1, 1),
    ),
    Rule(
        id="D-04",
        statement="State secret / work secret never listed; secrecy marks (绝密 机密 秘密★ 内部) "
        "in content, headers, names",
        basis={"CN": "DSL 53; NDSMR 63; State Secrets Law (2024)", "EU": "-"},
        severity=Severity.BLOCK,
        check=no_secret,
        evidence="keyword + context",
        unlock="never (confirmed) / assessor (false hit)",
    ),
)
