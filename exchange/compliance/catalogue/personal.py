"""Chapter I: persons in the data.

`certain` findings speak for themselves, uncertain ones ask for an assessor (I-10).  A name or
mailbox in a file's metadata is attribution of the author's work and only advised on (I-12);
a number that identifies a person is not, wherever it stands.
"""

from __future__ import annotations

import datetime as dt

from exchange.compliance.case import ListingCase, is_digest
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired
from exchange.profile import Profile, SensitiveFinding, SensitiveKind
from exchange.specsheet import SpecSheet, TimeLimit

_METADATA = "(metadata)"
_PERSONAL = frozenset(SensitiveKind) - {
    SensitiveKind.CREDIT_CODE,
    SensitiveKind.SECRECY_MARK,
    SensitiveKind.CREDENTIAL,
}
_IDENTIFIERS = frozenset(
    {
        SensitiveKind.RESIDENT_ID,
        SensitiveKind.MOBILE,
        SensitiveKind.BANK_CARD,
        SensitiveKind.EMAIL,
    }
)
_ATTRIBUTION = frozenset({SensitiveKind.PERSON_NAME, SensitiveKind.EMAIL, SensitiveKind.ADDRESS})
# GB/T 45574-2025 takes the resident ID number off the list of GB/T 35273-2020 appendix B.
_ID_NUMBER_SENSITIVE_UNTIL = dt.date(2025, 10, 31)


def personal_findings(profile: Profile, *, certain: bool) -> tuple[SensitiveFinding, ...]:
    """Return what points to persons, attribution in the metadata left out."""
    return tuple(
        finding
        for finding in profile.sensitive
        if finding.kind in _PERSONAL
        and finding.certain is certain
        and not (finding.column == _METADATA and finding.kind in _ATTRIBUTION)
    )


def declares_persons(sheet: SpecSheet) -> bool:
    """Whether the supplier says that the data is about persons, for the whole or a field."""
    return sheet.personal_data.contained or any(note.personal for note in sheet.content.fields)


def holds_persons(case: ListingCase) -> bool | None:
    """Whether persons are declared or found for certain; None if nobody looked."""
    if declares_persons(case.sheet):
        return True
    if case.profile is None:
        return None
    return bool(personal_findings(case.profile, certain=True))


def holds_sensitive(case: ListingCase) -> bool | None:
    """Whether what was found is sensitive in the sense of PIPL 28 on the day of the case."""
    if case.profile is None:
        return None
    kinds = {SensitiveKind.HEALTH, SensitiveKind.BANK_CARD}
    if case.on <= _ID_NUMBER_SENSITIVE_UNTIL:
        kinds.add(SensitiveKind.RESIDENT_ID)
    return any(f.kind in kinds for f in personal_findings(case.profile, certain=True))


def _requires(holds: bool | None, what: str, papers: dict[str, bool]) -> Answer:  # noqa: FBT001 - the subject
    if holds is None:
        return NOT_INSPECTED
    missing = [name for name, given in papers.items() if not given]
    if holds and missing:
        return fired(f"{what} without {', '.join(missing)}", "sheet.personal_data")
    return clear()


def declared_as_found(case: ListingCase) -> Answer:
    """I-01: what was found is declared; declaring more than was found is no mismatch."""
    declared = case.sheet.personal_data.contained
    if not declared and any(note.personal for note in case.sheet.content.fields):
        return fired("a field is declared personal and the product is not", "sheet.personal_data")
    if case.profile is None:
        return NOT_INSPECTED
    if not declared and personal_findings(case.profile, certain=True):
        return fired("personal data was found and none is declared", "profile.sensitive")
    return clear()


def supplied_lawfully(case: ListingCase) -> Answer:
    """I-02: a legal basis and the consent to supply it to a buyer."""
    persons = case.sheet.personal_data
    return _requires(
        holds_persons(case),
        "personal data",
        {
            "a legal basis": bool(persons.legal_basis),
            "evidence of consent": is_digest(persons.consent_evidence),
        },
    )


def sensitive_consented(case: ListingCase) -> Answer:
    """I-03: separate consent, and a statement why the sensitive data is necessary."""
    return _requires(
        holds_sensitive(case),
        "sensitive personal data",
        {
            "evidence of separate consent": is_digest(case.sheet.personal_data.consent_evidence),
            "a statement of necessity": is_digest(case.sheet.approvals.get("necessity", "")),
        },
    )


def impact_assessed(case: ListingCase) -> Answer:
    """I-06: the impact assessment that goes before any supply."""
    return _requires(
        holds_persons(case),
        "personal data",
        {"an impact assessment": is_digest(case.sheet.personal_data.impact_assessment)},
    )


def no_direct_identifier(case: ListingCase) -> Answer:
    """I-09: none, or consent and assessment in the sheet and an assessor who answers for it."""
    if case.profile is None:
        return NOT_INSPECTED
    certain = personal_findings(case.profile, certain=True)
    if not any(finding.kind in _IDENTIFIERS for finding in certain):
        return clear()
    found = fired("direct identifiers of persons were found", "profile.sensitive")
    persons = case.sheet.personal_data
    documented = is_digest(persons.consent_evidence) and is_digest(persons.impact_assessment)
    return case.signed("I-09", found) if persons.contained and documented else found


def nothing_ambiguous(case: ListingCase) -> Answer:
    """I-10: shapes of identifiers that harmless numbers share; an assessor decides."""
    if case.profile is None:
        return NOT_INSPECTED
    if personal_findings(case.profile, certain=False):
        return case.signed("I-10", fired("some columns may identify persons", "profile.sensitive"))
    return clear()


def metadata_impersonal(case: ListingCase) -> Answer:
    """I-12: names and mailboxes in the metadata, which a supplier may want to take out."""
    if case.profile is None:
        return NOT_INSPECTED
    if any(f.column == _METADATA and f.kind in _PERSONAL for f in case.profile.sensitive):
        return fired("the file's metadata names or identifies persons", "profile.sensitive")
    return clear()


def persons_informed(case: ListingCase) -> Answer:
    """I-14: what the data is used for, how long, and where persons turn to."""
    conditions = case.sheet.conditions
    return _requires(
        holds_persons(case),
        "personal data",
        {
            "a purpose": bool(conditions.purposes),
            "a time limit": conditions.time_limit is not TimeLimit.NONE,
            "a contact": bool(case.sheet.contact),
        },
    )


RULES = (
    Rule(
        id="I-01",
        statement="Declared contains_pi equals detected; detector says PI and sheet says none "
        "= mismatch",
        basis={"CN": "PIPL 4, 10; NDSMR 8; CSL 44, 46", "EU": "GDPR 4(1), 5"},
        severity=Severity.BLOCK,
        check=declared_as_found,
        evidence="detector report",
        unlock="a sheet that declares it, or data without it",
    ),
    Rule(
        id="I-02",
        statement="PI supplied to a buyer: legal basis (13) + notice of recipient + separate "
        "consent (23)",
        basis={"CN": "PIPL 13, 17, 23; NDSMR 12, 22; CSL 44", "EU": "GDPR 6, 7, 13, 14"},
        severity=Severity.BLOCK,
        check=supplied_lawfully,
        evidence="consent template hash + coverage statement",
        unlock="a legal basis and the SHA-256 of the evidence of consent",
    ),
    Rule(
        id="I-03",
        statement="Sensitive PI (biometric, religion, specific identity, health, financial "
        "account, movements, <14): separate consent + necessity statement",
        basis={"CN": "PIPL 28-30; NDSMR 22(2); GB/T 45574-2025", "EU": "GDPR 9, 10"},
        severity=Severity.BLOCK,
        check=sensitive_consented,
        evidence="separate-consent evidence",
        unlock="the SHA-256 of the consent, and of the statement as approval necessity",
    ),
    Rule(
        id="I-06",
        statement="PI protection impact assessment done, dated, kept >= 3 years",
        basis={"CN": "PIPL 55, 56", "EU": "GDPR 35"},
        severity=Severity.BLOCK,
        check=impact_assessed,
        evidence="PIA report hash + date",
        unlock="the SHA-256 of the impact assessment",
    ),
    Rule(
        id="I-09",
        statement="No direct identifier passes its check: ID (GB 11643), bank card (Luhn+BIN), "
        "passport/permit, mobile, personal mailbox",
        basis={"CN": "PIPL 4, 10; GB/T 35273-2020 App. A", "EU": "GDPR 4(1), 87"},
        severity=Severity.BLOCK,
        check=no_direct_identifier,
        evidence="per-column hits / null rate",
        unlock="data without them, or consent, impact assessment and an attestation that "
        "names the rule",
    ),
    Rule(
        id="I-10",
        statement="Ambiguous identifier shape (no checksum exists, header/name dictionary "
        "conflict, masked, split over columns)",
        basis={"CN": "PIPL 4, 73(3)", "EU": "GDPR 4(5)"},
        severity=Severity.ATTEST,
        check=nothing_ambiguous,
        evidence="detector report",
        unlock="an attestation that names the rule",
    ),
    Rule(
        id="I-12",
        statement="PI in headers/metadata (operator, PI_NAME, creator e-mail, Parquet key-values)",
        basis={"CN": "PIPL 4, 13, 27", "EU": "GDPR 4(1)"},
        severity=Severity.ADVISE,
        check=metadata_impersonal,
        evidence="metadata scan",
        unlock="metadata without it",
    ),
    Rule(
        id="I-14",
        statement="Purpose, retention and exercise-of-rights channel stated for PI products",
        basis={"CN": "PIPL 17, 19, 44-50; NDSMR 21", "EU": "GDPR 13-22"},
        severity=Severity.BLOCK,
        check=persons_informed,
        evidence="sheet fields",
        unlock="purposes, a time limit and a contact in the sheet",
    ),
)
