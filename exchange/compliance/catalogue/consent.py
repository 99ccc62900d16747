"""Chapter I, second half: what must be given before data about persons is supplied.

Papers are asked for first; then an assessor answers for it that they say what they must.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from typing import Final

from exchange.compliance.case import ASSESSORS_IF_GRAVE, ListingCase
from exchange.compliance.catalogue.intake import ASSESSOR, NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.personal import (
    classes_found,
    holds_persons,
    holds_sensitive,
    persons_counted,
    persons_seen,
    records_of,
    singled_out,
)
from exchange.compliance.catalogue.topics import Topic, topics
from exchange.compliance.rule import Answer, Method, Rule, Severity, clear, fired, unknown
from exchange.specsheet import PersonalClass, ProductType, SourceCode, TimeLimit

# 法释〔2017〕10号 art. 5: so many records given away without consent are a serious case.
GRAVE: Final = {
    PersonalClass.MOVEMENT: 50,
    PersonalClass.COMMUNICATION: 50,
    PersonalClass.CREDIT: 50,
    PersonalClass.PROPERTY: 50,
    PersonalClass.FINANCE: 50,
    PersonalClass.LODGING: 500,
    PersonalClass.HEALTH: 500,
    PersonalClass.TRANSACTION: 500,
}
GRAVE_OTHERWISE: Final = 5_000
OFFICER_FROM: Final = 1_000_000  # persons: PIPL 52
IMPORTANT_FROM: Final = 10_000_000  # persons: NDSMR 28 and the audit Measures
# Proposals of I-08.
K_MIN: Final = 10
L_MIN: Final = 2
_UNIQUE = frozenset({PersonalClass.BIOMETRIC, PersonalClass.GENETIC})
# 征信业管理条例 14: what credit information must never hold.
_NOT_IN_CREDIT = _UNIQUE | {PersonalClass.RELIGION, PersonalClass.HEALTH}


_HOW_MANY = unknown("the sheet does not say how many persons the data is about")


def _papers(rule: str, case: ListingCase, what: str, lacks: Mapping[str, str]) -> Answer:
    """Ask for papers, then for an assessor's word on them."""
    missing = [f"{name} {lack}" for name, lack in lacks.items() if lack]
    if missing:
        return fired(f"{what}: {', '.join(missing)}", "sheet.personal_data")
    return case.signed(rule, UNANSWERED)


def _said(value: object) -> str:
    return "" if value else "is missing"


def supplied_lawfully(case: ListingCase) -> Answer:
    """I-02: a legal basis and the consent to supply it to a buyer."""
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    persons = case.sheet.personal_data
    lacks = {
        "a legal basis": _said(persons.legal_basis),
        "evidence of consent": case.lack(persons.consent_evidence),
    }
    return _papers("I-02", case, "personal data", lacks)


def sensitive_consented(case: ListingCase) -> Answer:
    """I-03: separate consent, and a statement why the sensitive data is necessary.

    A sensitive attribute of somebody who can be told apart is sensitive data about a person,
    whatever was taken out.
    """
    holds = holds_sensitive(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    lacks = {
        "evidence of separate consent": case.lack(case.sheet.personal_data.consent_evidence),
        "a statement of necessity": case.lack(case.sheet.approvals.get("necessity", "")),
    }
    return _papers("I-03", case, "sensitive personal data", lacks)


def children_guarded(age: int, case: ListingCase) -> Answer:
    """I-04: below that age a guardian consents; the sheet says whether there are such persons."""
    if case.profile is None:
        return NOT_INSPECTED
    persons, born, aged = (
        case.sheet.personal_data,
        case.profile.youngest_born,
        case.profile.youngest_aged,
    )
    young = (born is not None and case.on.year - born < age) or (aged is not None and aged < age)
    if not holds_persons(case) and not (young and singled_out(case.profile)):
        return clear()
    if young and not persons.minors:
        return fired(f"somebody below {age} was found and the sheet says none", "profile")
    if not persons.minors:
        unsaid = unknown(f"the sheet does not say whether anybody is below {age}")
        return unsaid if persons.minors is None else clear()
    lack = case.lack(persons.guardian_consent)
    if lack:
        return fired(f"children below {age}: the guardians' consent {lack}", "sheet.personal_data")
    return case.signed("I-04", UNANSWERED)


def below_criminal_counts(case: ListingCase) -> Answer:
    """I-05: fewer records than a court counts as serious, or consent and two assessors.

    Counts are of persons as `persons_counted` has them, by class; what falls short of each number
    is added up in proportion.  Of classes with one number the greatest counts once, since the same
    persons stand in all columns.
    """
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    if case.profile is None:
        return NOT_INSPECTED
    persons = persons_seen(case)
    # Each limit is a whole part of the greatest, so shares of it are added up in whole numbers.
    shares = {GRAVE_OTHERWISE: persons}
    said = case.sheet.personal_data.classes
    for kind in classes_found(case):
        limit = GRAVE.get(kind, GRAVE_OTHERWISE)
        counted = persons if kind in said else records_of(case, kind)
        shares[limit] = max(shares.get(limit, 0), counted * (GRAVE_OTHERWISE // limit))
    if sum(shares.values()) < GRAVE_OTHERWISE:
        return _HOW_MANY if persons_counted(case) is None else clear()
    lack = case.lack(case.sheet.personal_data.consent_evidence)
    grave = fired("as many persons as a court counts as a serious case", "profile.sensitive")
    return grave if lack else case.signed("I-05", grave, assessors=ASSESSORS_IF_GRAVE)


def impact_assessed(case: ListingCase) -> Answer:
    """I-06: the impact assessment that goes before any supply."""
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    lacks = {"an impact assessment": case.lack(case.sheet.personal_data.impact_assessment)}
    return _papers("I-06", case, "personal data", lacks)


def scale_duties_kept(case: ListingCase) -> Answer:
    """I-07: from a million persons an officer, from ten million an audit and a filing."""
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    if case.profile is None:
        return NOT_INSPECTED
    persons = persons_seen(case)
    if persons < OFFICER_FROM:
        return _HOW_MANY if persons_counted(case) is None else clear()
    wanted = ["personal-information-officer"]
    if persons >= IMPORTANT_FROM:
        wanted += ["personal-information-audit", "important-data-filing"]
    missing = [name for name in wanted if not case.approved(name)]
    if missing:
        return fired(f"{persons:,} persons without {', '.join(missing)}", "sheet.approvals")
    return case.signed("I-07", UNANSWERED)


def anonymous_as_claimed(case: ListingCase) -> Answer:
    """I-08: who claims that nobody can be told apart is measured: k and l, and an assessor reads.

    Without the claim the rule asks nothing: the data is about persons then, or it is not.
    """
    if not case.sheet.personal_data.claims_anonymity:
        return clear()
    if case.profile is None:
        return NOT_INSPECTED
    measured = case.profile.anonymity
    if measured is None:
        return case.signed("I-08", unknown("how far persons can be told apart was not measured"))
    least = min((different for _, different in measured.diversity), default=L_MIN)
    if measured.k >= K_MIN and least >= L_MIN:
        return case.signed("I-08", UNANSWERED)
    low = fired(f"k is {measured.k} and l is {least}", "profile.anonymity")
    return case.signed("I-08", low)


def persons_informed(case: ListingCase) -> Answer:
    """I-14: what the data is used for, how long it is kept, and where persons turn to."""
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    conditions, persons = case.sheet.conditions, case.sheet.personal_data
    stated = {
        "a purpose": conditions.purposes,
        "a time limit": conditions.time_limit is not TimeLimit.NONE,
        "a time after which it is deleted": persons.retention_days,
        "where persons turn to": persons.rights_channel,
    }
    missing = [name for name, value in stated.items() if not value]
    if missing:
        return fired(f"personal data without {', '.join(missing)}", "sheet.personal_data")
    return clear()


def body_data_confined(case: ListingCase) -> Answer:
    """I-15: faces, fingerprints and genes need consent and a reason, and are never open data."""
    if _UNIQUE.isdisjoint(classes_found(case)):
        return NOT_INSPECTED if case.profile is None else clear()
    conditions = case.sheet.conditions
    open_to_all = conditions.public_release or conditions.transfer
    if open_to_all and case.sheet.basic.type in {ProductType.DATASET, ProductType.API}:
        return fired("biometric or genetic data is not delivered as open data", "sheet.conditions")
    lacks = {
        "evidence of separate consent": case.lack(case.sheet.personal_data.consent_evidence),
        "a statement of necessity": case.lack(case.sheet.approvals.get("necessity", "")),
    }
    return _papers("I-15", case, "biometric or genetic data", lacks)


def _answered_for_persons(rule: str, case: ListingCase) -> Answer:
    """Ask an assessor, where the data is about persons."""
    holds = holds_persons(case)
    if not holds:
        return NOT_INSPECTED if holds is None else clear()
    return case.signed(rule, UNANSWERED)


def taken_from_public_fairly(case: ListingCase) -> Answer:
    """I-17: what persons made public is used within reason; an assessor says so."""
    if SourceCode.PUBLIC not in [source.code for source in case.sheet.sources]:
        return clear()
    return _answered_for_persons("I-17", case)


def credit_licensed(case: ListingCase) -> Answer:
    """I-18: credit information comes from who is licensed for it, and holds nothing forbidden."""
    classes = classes_found(case)
    spoken = topics(case)
    if PersonalClass.CREDIT not in classes and Topic.CREDIT not in spoken:
        return clear()
    if not _NOT_IN_CREDIT.isdisjoint(classes):
        return fired("credit information with what it must never hold", "sheet.personal_data")
    if not case.approved("credit-licence"):
        return fired("credit information without the approval credit-licence", "sheet.approvals")
    return case.signed("I-18", UNANSWERED)


RULES = (
    Rule(
        id="I-02",
        statement="PI supplied to a buyer: legal basis (13) + notice of recipient "
        "+ separate consent (23)",
        basis={"CN": "PIPL 13, 17, 23; NDSMR 12, 22; CSL 44", "EU": "GDPR 6, 7, 13, 14"},
        severity=Severity.BLOCK,
        check=supplied_lawfully,
        evidence="consent template hash + coverage statement",
        unlock="a legal basis, the SHA-256 of the evidence of consent, and an "
        "attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="I-03",
        statement="Sensitive PI (biometric, religion, specific identity, health, "
        "financial account, movements, <14): separate consent + "
        "necessity statement",
        basis={"CN": "PIPL 28-30; NDSMR 22(2); GB/T 45574-2025", "EU": "GDPR 9, 10"},
        severity=Severity.BLOCK,
        check=sensitive_consented,
        evidence="separate-consent evidence",
        unlock="the SHA-256 of the consent, and of the statement as approval "
        "necessity, and an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="I-04",
        statement="Any data subject < 14: guardian consent + special processing rules",
        basis={"CN": "PIPL 28, 31; NDSMR 21 (last para), 22(3)", "EU": "GDPR 8 (13-16 by state)"},
        severity=Severity.BLOCK,
        check=partial(children_guarded, 14),
        evidence="guardian consent + rules",
        unlock="a sheet that says there are none, or the SHA-256 of the "
        "guardians' consent and an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="I-05",
        statement="Unlawful-supply thresholds: >= 50 "
        "movement/communication/credit/property, >= 500 "
        "lodging/health/transaction, >= 5,000 other records without "
        "consent",
        basis={
            "CN": "法释〔2017〕10号 art 5 (x10 = especially serious; half for service staff)",
            "EU": "national criminal law",
        },
        severity=Severity.BLOCK,
        check=below_criminal_counts,
        evidence="distinct-subject count by class",
        unlock="fewer persons; or consent, and attestations that name the rule by two assessors",
    ),
    Rule(
        id="I-06",
        statement="PI protection impact assessment done, dated, kept >= 3 years",
        basis={"CN": "PIPL 55, 56", "EU": "GDPR 35"},
        severity=Severity.BLOCK,
        check=impact_assessed,
        evidence="PIA report hash + date",
        unlock="the SHA-256 of the impact assessment, and an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="I-07",
        statement="Scale duties: >= 1,000,000 persons PI officer / >= 10,000,000 "
        "important-data duties + audit every 2 years",
        basis={
            "CN": "PIPL 52, 54; NDSMR 27, 28; 个人信息保护合规审计管理办法 (2025-05-01)",
            "EU": "GDPR 37, 35",
        },
        severity=Severity.ATTEST,
        check=scale_duties_kept,
        evidence="subject count, officer, audit report",
        unlock="the approvals personal-information-officer, from ten million "
        "persons personal-information-audit and important-data-filing, "
        "and an attestation that names the rule",
        method=Method.BOTH,
        effective_from=dt.date(2025, 5, 1),
    ),
    Rule(
        id="I-08",
        statement="Anonymisation claim backed by measurement: k >= 10 (release) "
        "on declared quasi-identifiers, l >= 2 on sensitive attribute, "
        "no unsalted hash/enumerable pseudonym",
        basis={
            "CN": "PIPL 4, 73(3)-(4); GB/T 37964-2019; GB/T 42460-2023",
            "EU": "GDPR rec. 26; WP216",
        },
        severity=Severity.ATTEST,
        check=anonymous_as_claimed,
        evidence="k, l, unique share, method",
        unlock=ASSESSOR,
        method=Method.BOTH,
    ),
    Rule(
        id="I-14",
        statement="Purpose, retention and exercise-of-rights channel stated for PI products",
        basis={"CN": "PIPL 17, 19, 44-50; NDSMR 21", "EU": "GDPR 13-22"},
        severity=Severity.BLOCK,
        check=persons_informed,
        evidence="sheet fields",
        unlock="purposes, a time limit, a time of retention and a channel in the sheet",
    ),
    Rule(
        id="I-15",
        statement="Biometric templates, face images, genotypes: separate consent "
        "+ necessity; never as open dataset delivery",
        basis={
            "CN": "PIPL 28, 29; Shanghai Data Regs 22; 人脸识别技术应用安全管理办法 "
            "(2025-06-01) [confirm date]",
            "EU": "GDPR 9",
        },
        severity=Severity.BLOCK,
        check=body_data_confined,
        evidence="separate consent",
        unlock="no release and no transfer, the SHA-256 of consent and of "
        "necessity, and an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="I-16",
        statement="Deceased persons identifiable",
        basis={"CN": "PIPL 49", "EU": "rec. 27 (member-state law)"},
        severity=Severity.ATTEST,
        check=partial(_answered_for_persons, "I-16"),
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="I-17",
        statement="Personal data taken from public pages: reasonable scope, no "
        "refusal, no major impact",
        basis={"CN": "PIPL 13(6), 27; Shanghai Data Regs 18", "EU": "GDPR 6(1)(f), 14, 17"},
        severity=Severity.ATTEST,
        check=taken_from_public_fairly,
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="I-18",
        statement="Credit information only by licensed credit institutions; no "
        "religion/gene/fingerprint/blood/disease history",
        basis={"CN": "征信业管理条例 13-16", "EU": "GDPR 22; CCD2"},
        severity=Severity.BLOCK,
        check=credit_licensed,
        evidence="licence no.",
        unlock="the approval credit-licence, and an attestation that names the rule",
        method=Method.BOTH,
    ),
)
