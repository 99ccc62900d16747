"""Chapter I, first half: what points to persons in the data.

`certain` findings speak for themselves, uncertain ones ask for an assessor (I-10).  A name or
mailbox in a file's metadata is attribution of the author's work and only advised on (I-12);
a number that identifies a person is not, wherever it stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Set as AbstractSet
from typing import Final

from exchange.compliance.case import ListingCase, ProductCase, once
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired
from exchange.profile import PERSONAL_KINDS, Bearer, Profile, SensitiveFinding, SensitiveKind
from exchange.specsheet import PersonalClass, SpecSheet

METADATA: Final = "(metadata)"
_IDENTIFIERS = frozenset(
    {
        SensitiveKind.RESIDENT_ID,
        SensitiveKind.MOBILE,
        SensitiveKind.BANK_CARD,
        SensitiveKind.EMAIL,
        SensitiveKind.PASSPORT,
        SensitiveKind.PERMIT,
        SensitiveKind.NATIONAL_ID,
    }
)
_ATTRIBUTION = frozenset({SensitiveKind.PERSON_NAME, SensitiveKind.EMAIL, SensitiveKind.ADDRESS})
# GB/T 45574-2025 takes the resident ID number off the list of GB/T 35273-2020 appendix B.
_ID_NUMBER_SENSITIVE_UNTIL = dt.date(2025, 10, 31)
# PIPL 28 by its own words, and what both standards list.
SENSITIVE_CLASSES = frozenset(
    {
        PersonalClass.BIOMETRIC,
        PersonalClass.GENETIC,
        PersonalClass.RELIGION,
        PersonalClass.SPECIFIC_IDENTITY,
        PersonalClass.HEALTH,
        PersonalClass.FINANCE,
        PersonalClass.MOVEMENT,
        PersonalClass.CREDIT,
    }
)
CLASS_OF: Final = {
    SensitiveKind.HEALTH: PersonalClass.HEALTH,
    SensitiveKind.BANK_CARD: PersonalClass.FINANCE,
    SensitiveKind.TRACE: PersonalClass.MOVEMENT,
    SensitiveKind.BIOMETRIC: PersonalClass.BIOMETRIC,
}
# Proposals: what I-11 takes for a position, and I-13 for a hit rate that a shape has by chance.
TRACE_METRES_MAX: Final = 100
FREE_TEXT_CELLS_MIN: Final = 100_000  # to one hit
SINGLED_OUT_OF: Final = 20  # rows of which one stands alone by its quasi-identifiers (a proposal)


def personal_findings(profile: Profile, *, certain: bool) -> tuple[SensitiveFinding, ...]:
    """Return what points to persons, attribution in the metadata left out."""
    found = [finding for finding in profile.sensitive if finding.certain is certain]
    return tuple(
        [
            finding
            for finding in found
            if finding.kind in PERSONAL_KINDS
            and not (finding.column == METADATA and finding.kind in _ATTRIBUTION)
        ]
    )


@once
def persons_found(case: ProductCase) -> tuple[SensitiveFinding, ...]:
    """Return what points to persons for certain; nothing where nobody looked."""
    return personal_findings(case.profile, certain=True) if case.profile else ()


def declares_persons(sheet: SpecSheet) -> bool:
    """Whether the supplier says that the data is about persons, for the whole or a field."""
    return sheet.personal_data.contained or _some_field_personal(sheet)


def _some_field_personal(sheet: SpecSheet) -> bool:
    return True in [note.personal for note in sheet.content.fields]


@once
def holds_persons(case: ProductCase) -> bool | None:
    """Whether persons are declared or found for certain; None if nobody looked."""
    if declares_persons(case.sheet):
        return True
    if case.profile is None:
        return None
    return bool(persons_found(case))


@once
def classes_found(case: ProductCase) -> frozenset[PersonalClass]:
    """Return the classes of personal data that the sheet declares or the inspection found."""
    found = persons_found(case)
    kinds = [CLASS_OF[finding.kind] for finding in found if finding.kind in CLASS_OF]
    return frozenset(kinds).union(case.sheet.personal_data.classes)


def sensitive_kinds(on: dt.date) -> AbstractSet[SensitiveKind]:
    """Return the kinds that are sensitive in the sense of PIPL 28 on a day."""
    if on <= _ID_NUMBER_SENSITIVE_UNTIL:
        return CLASS_OF.keys() | {SensitiveKind.RESIDENT_ID}
    return CLASS_OF.keys()


@once
def holds_sensitive(case: ProductCase) -> bool | None:
    """Whether what is declared or found is sensitive in the sense of PIPL 28 on the case's day."""
    return holds_special(case, besides=frozenset())


def holds_special(case: ProductCase, *, besides: AbstractSet[SensitiveKind]) -> bool | None:
    """Whether it is, though nothing that was found of some kinds counts; None if nobody looked."""
    if not SENSITIVE_CLASSES.isdisjoint(case.sheet.personal_data.classes):
        return True
    if case.profile is None:
        return None
    told_apart = case.profile.anonymity
    if told_apart is not None and told_apart.k == 1 and told_apart.diversity:
        return True  # somebody stands alone beside a sensitive attribute
    kinds = sensitive_kinds(case.on) - besides
    return not kinds.isdisjoint([finding.kind for finding in persons_found(case)])


def _subjects(case: ProductCase, finding: SensitiveFinding) -> int:
    """Return how many persons a finding is about: at most the distinct values of its column."""
    if finding.subjects is not None:
        return finding.subjects
    column = case.profile.column(finding.column) if case.profile else None
    return min(finding.matched, column.distinct) if column else finding.matched


@once
def persons_seen(case: ProductCase) -> int:
    """Return how many persons there are at least, by what was said and by what was found.

    A column of identifiers has as many persons as it has distinct ones.
    """
    seen = [_subjects(case, finding) for finding in persons_found(case)]
    return max(case.sheet.personal_data.subjects or 0, *seen, 0)


def persons_counted(case: ProductCase) -> int | None:
    """Return how many persons there are; None where the supplier does not say.

    More may be seen than said, and the greater counts; what was seen alone is no upper bound.
    """
    said = case.sheet.personal_data.subjects
    return None if said is None else persons_seen(case)


def records_of(case: ProductCase, wanted: PersonalClass) -> int:
    """Return how many persons were found for certain with data of that class."""
    found = persons_found(case)
    counts = (_subjects(case, each) for each in found if CLASS_OF.get(each.kind) is wanted)
    return max(counts, default=0)


def declared_as_found(case: ListingCase) -> Answer:
    """I-01: what was found is declared; declaring more than was found is no mismatch."""
    declared = case.sheet.personal_data.contained
    if not declared and _some_field_personal(case.sheet):
        return fired("a field is declared personal and the product is not", "sheet.personal_data")
    if case.profile is None:
        return NOT_INSPECTED
    if not declared and persons_found(case):
        return fired("personal data was found and none is declared", "profile.sensitive")
    return clear()


def no_direct_identifier(case: ListingCase) -> Answer:
    """I-09: none, or consent and assessment in the sheet and an assessor who answers for it."""
    if case.profile is None:
        return NOT_INSPECTED
    if _IDENTIFIERS.isdisjoint([finding.kind for finding in persons_found(case)]):
        return clear()
    return documented("I-09", case, "direct identifiers of persons were found")


def documented(rule: str, case: ListingCase, words: str) -> Answer:
    """Fire, unless the sheet declares it with consent and assessment and an assessor signs."""
    found = fired(words, "profile.sensitive")
    persons = case.sheet.personal_data
    lacks = case.lack(persons.consent_evidence) or case.lack(persons.impact_assessment)
    return case.signed(rule, found) if persons.contained and not lacks else found


def singled_out(profile: Profile) -> bool:
    """Whether columns that persons are known by, together, leave many rows standing alone."""
    told_apart = profile.anonymity
    return told_apart is not None and told_apart.unique * SINGLED_OUT_OF >= told_apart.rows


def nothing_ambiguous(case: ListingCase) -> Answer:
    """I-10: shapes of identifiers that harmless numbers share; an assessor decides.

    So are columns such as school, grade and birthday, which name nobody and single persons out.
    """
    if case.profile is None:
        return NOT_INSPECTED
    if personal_findings(case.profile, certain=False):
        return case.signed("I-10", fired("some columns may identify persons", "profile.sensitive"))
    claimed = case.sheet.personal_data.claims_anonymity  # I-08 asks then
    if singled_out(case.profile) and not holds_persons(case) and not claimed:
        alone = fired("some columns together single persons out", "profile.anonymity")
        return case.signed("I-10", alone)
    return clear()


def no_movement_trace(case: ListingCase) -> Answer:
    """I-11: no trail of a person's movements, unless each consented separately.

    What is found is found for certain; a trail that may be one of things is I-10's.
    """
    trail = [
        track
        for track in (case.profile.tracks if case.profile else ())
        if track.bearer is Bearer.PERSON and track.metres <= TRACE_METRES_MAX
    ]
    if not trail and PersonalClass.MOVEMENT not in classes_found(case):
        return NOT_INSPECTED if case.profile is None else clear()
    lack = case.lack(case.sheet.personal_data.consent_evidence)
    if lack:
        return fired(f"trails of persons, and the separate consent {lack}", "profile.sensitive")
    return clear()


def metadata_impersonal(case: ListingCase) -> Answer:
    """I-12: names and mailboxes in the metadata, which a supplier may want to take out."""
    if case.profile is None:
        return NOT_INSPECTED
    inside = [finding for finding in case.profile.sensitive if finding.column == METADATA]
    if not PERSONAL_KINDS.isdisjoint([finding.kind for finding in inside]):
        return fired("the file's metadata names or identifies persons", "profile.sensitive")
    return clear()


def free_text_impersonal(case: ListingCase) -> Answer:
    """I-13: no identifier in running text: none that passes its check, hardly any that may be one.

    A column that is made of identifiers is I-09's or I-10's; here they stand in other words.
    """
    if case.profile is None:
        return NOT_INSPECTED
    hits = [f for f in case.profile.sensitive if f.embedded and f.kind in _IDENTIFIERS]
    if True in [finding.certain for finding in hits]:
        return documented("I-13", case, "identifiers of persons stand in running text")
    if [f for f in hits if f.embedded * FREE_TEXT_CELLS_MIN > f.tested]:
        words = fired("running text may hold identifiers of persons", "profile.sensitive")
        return case.signed("I-13", words)
    return clear()


RULES = (
    Rule(
        id="I-01",
        statement="Declared contains_pi equals detected; detector says PI and "
        "sheet says none = mismatch",
        basis={"CN": "PIPL 4, 10; NDSMR 8; CSL 44, 46", "EU": "GDPR 4(1), 5"},
        severity=Severity.BLOCK,
        check=declared_as_found,
        evidence="detector report",
        unlock="a sheet that declares it, or data without it",
    ),
    Rule(
        id="I-09",
        statement="No direct identifier passes its check: ID (GB 11643), bank "
        "card (Luhn+BIN), IBAN, passport/permit, national number of another state, mobile, "
        "personal mailbox",
        basis={"CN": "PIPL 4, 10; GB/T 35273-2020 App. A", "EU": "GDPR 4(1), 87"},
        severity=Severity.BLOCK,
        check=no_direct_identifier,
        evidence="per-column hits / null rate",
        unlock="data without them, or consent, impact assessment and an "
        "attestation that names the rule",
    ),
    Rule(
        id="I-10",
        statement="Ambiguous identifier shape (no checksum exists, header/name "
        "dictionary conflict, masked, split over columns), or columns that single persons out "
        "together",
        basis={"CN": "PIPL 4, 73(3)", "EU": "GDPR 4(5)"},
        severity=Severity.ATTEST,
        check=nothing_ambiguous,
        evidence="detector report",
        unlock="an attestation that names the rule",
    ),
    Rule(
        id="I-11",
        statement="No individual movement trace (subject id x time x position "
        "finer than ~100 m, >= 2 points/subject) without separate "
        "consent",
        basis={
            "CN": "PIPL 28; 法释〔2017〕10号 art 5(3)",
            "EU": "GDPR 4(1), 9 by inference; ePrivacy 9",
        },
        severity=Severity.BLOCK,
        check=no_movement_trace,
        evidence="trace test",
        unlock="data without trails, or the SHA-256 of the separate consent",
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
        id="I-13",
        statement="Free text / JSON / nested leaf columns: identifier hit rate <= "
        "1e-5 per cell, none with checksum",
        basis={"CN": "PIPL 4, 10", "EU": "GDPR 4(1)"},
        severity=Severity.BLOCK,
        check=free_text_impersonal,
        evidence="hit rate",
        unlock="text without them; otherwise as I-09, for what is doubtful an attestation alone",
    ),
)
