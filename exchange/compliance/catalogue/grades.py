"""Chapter D: classification and grading, important and core data, secrets."""

from __future__ import annotations

import datetime as dt
from functools import partial

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import ASSESSOR, NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.personal import holds_persons, holds_sensitive
from exchange.compliance.rule import Answer, Method, Rule, Severity, clear, fired, unknown
from exchange.grading import Grade, at_least
from exchange.profile import SensitiveKind

# Proposals: persons are harmed by a leak, so level 1 cannot hold them, and sensitive ones
# belong to the highest of the general levels.
PERSONAL_FLOOR = Grade.GENERAL_2
SENSITIVE_FLOOR = Grade.GENERAL_4

IMPORTANT_APPROVALS = ("risk-assessment", "important-data-filing", "data-security-officer")


def grade_strict_enough(case: ListingCase) -> Answer:
    """D-01: the grade is no lower than the strictest content, the operator's and any ancestor's."""
    grade = case.sheet.grade
    held_to = [floor for floor in case.floors if not floor.resembled]
    above = [floor.words for floor in held_to if not at_least(grade, floor.grade)]
    inherited = [parent.grade for parent in case.parents or () if parent.grade]
    if [each for each in inherited if not at_least(grade, each)]:
        above.append("a parent is graded higher: the strictest grade is inherited")
    if above:
        return fired(f"declared {grade}, and {above[0]}", "sheet.grade")
    sensitive, persons = holds_sensitive(case), holds_persons(case)
    if sensitive and not at_least(grade, SENSITIVE_FLOOR):
        return fired(f"sensitive personal data is at least {SENSITIVE_FLOOR}", "sheet.grade")
    if persons and not at_least(grade, PERSONAL_FLOOR):
        return fired(f"personal data is at least {PERSONAL_FLOOR}", "sheet.grade")
    if sensitive is None or persons is None:
        return NOT_INSPECTED
    return _parents_graded(case)


def _parents_graded(case: ListingCase) -> Answer:
    if case.parents is None:
        return unknown("the grade of what the product is derived from is not known")
    for parent in case.parents:
        if parent.grade is None:
            name = parent.number
            return unknown(
                f"{name}, which it comes from, has no spec sheet yet: its grade is not known"
            )
    return clear()


def not_core(case: ListingCase) -> Answer:
    """D-02: no evidence and no signature lists core data, nor what comes from it."""
    core = [f for f in case.floors if f.grade is Grade.CORE and not f.resembled]
    if core:
        return fired(f"core data is never listed: {core[0].words}", "floors")
    if case.sheet.grade is Grade.CORE:
        return fired("core data is never listed", "sheet.grade")
    return clear()


def important_approved(case: ListingCase) -> Answer:
    """D-03: important data comes with its assessment, its filing and its officer."""
    if not at_least(case.sheet.grade, Grade.IMPORTANT):
        return clear()
    missing = [name for name in IMPORTANT_APPROVALS if not case.approved(name)]
    if missing:
        return fired(f"important data without {', '.join(missing)}", "sheet.approvals")
    given = case.sheet.approvals.get("risk-assessment", "")
    if not case.paper("risk-assessment") and case.lack(given):
        return fired("the risk assessment is not given as a SHA-256", "sheet.approvals")
    return case.signed("D-03", UNANSWERED)


def no_secret(case: ListingCase) -> Answer:
    """D-04: a certain secrecy mark never lists; an assessor may clear an uncertain one."""
    if case.profile is None:
        return NOT_INSPECTED
    marks = [f for f in case.profile.sensitive if f.kind is SensitiveKind.SECRECY_MARK]
    if True in [mark.certain for mark in marks]:
        return fired("the data bears a secrecy mark", "profile.sensitive")
    if marks:
        return case.signed("D-04", fired("the data may bear a secrecy mark", "profile.sensitive"))
    return clear()


def estimated_no_higher(case: ListingCase) -> Answer:
    """D-05: what the exchange estimates, and what the data resembles, is graded no higher."""
    like = [floor for floor in case.floors if floor.resembled]
    above = [floor.words for floor in like if not at_least(case.sheet.grade, floor.grade)]
    if above:
        return case.signed("D-05", fired(above[0], "similarity.found"))
    if case.estimate is None:
        return case.signed("D-05", unknown("the exchange has no estimate of the grade"))
    if at_least(case.sheet.grade, case.estimate):
        return clear()
    higher = fired(f"the exchange estimates {case.estimate}", "sheet.grade")
    return case.signed("D-05", higher)


def _answered(rule: str, case: ListingCase) -> Answer:
    return case.signed(rule, UNANSWERED)


RULES = (
    Rule(
        id="D-01",
        statement="Level declared per GB/T 43697-2024 (core / important / general "
        "1-4) per column and for the product; product = max (就高从严)",
        basis={"CN": "DSL 21; NDSMR 5; GB/T 43697-2024 6; Shanghai Data Regs 80", "EU": "-"},
        severity=Severity.BLOCK,
        check=grade_strict_enough,
        evidence="level table",
        unlock="a grade as strict as the strictest content and the strictest parent",
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
        statement="Important data: risk assessment before provision, receiver "
        "contract, 3-year record, named officer",
        basis={"CN": "NDSMR 12, 30, 31, 33; DSL 30", "EU": "-"},
        severity=Severity.BLOCK,
        check=important_approved,
        evidence="assessment report, contract, filing no.",
        unlock="the approvals risk-assessment, important-data-filing, "
        "data-security-officer, and an attestation that names the rule",
        method=Method.BOTH,
        effective_from=dt.date(2025, 1, 1),
    ),
    Rule(
        id="D-04",
        statement="State secret / work secret never listed; secrecy marks (绝密 "
        "机密 秘密★ 内部) in content, headers, names",
        basis={"CN": "DSL 53; NDSMR 63; State Secrets Law (2024)", "EU": "-"},
        severity=Severity.BLOCK,
        check=no_secret,
        evidence="keyword + context",
        unlock="never (confirmed) / assessor (false hit)",
        method=Method.BOTH,
    ),
    Rule(
        id="D-05",
        statement="Automatic grade estimate (domain, group, region, precision, "
        "scale, coverage) not above declared level",
        basis={"CN": "GB/T 43697-2024 6.3, App. C, G", "EU": "-"},
        severity=Severity.ATTEST,
        check=estimated_no_higher,
        evidence="feature vector",
        unlock="a grade no lower than the estimate, or an attestation that names the rule",
    ),
    Rule(
        id="D-06",
        statement="Export-controlled technical data",
        basis={"CN": "DSL 25; Export Control Law", "EU": "Reg. 2021/821"},
        severity=Severity.ATTEST,
        check=partial(_answered, "D-06"),
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="D-07",
        statement="May affect national security: security review status",
        basis={"CN": "DSL 24; NDSMR 13; CSL 37 (CIIO procurement review)", "EU": "FDI/DORA n.a."},
        severity=Severity.ATTEST,
        check=partial(_answered, "D-07"),
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
)
