"""Persons in the data: chapter I."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exchange.compliance import ListingCase, Opinion
from exchange.participants import Role
from exchange.profile import Anonymity, Bearer, Profile, SensitiveFinding, SensitiveKind, Track
from exchange.specsheet import FieldNote, PersonalClass, Source, SourceCode, TimeLimit
from tests.exchange.compliance.cases import (
    ASSESSOR,
    CLEAR,
    FIRED,
    PAPER,
    PERSONAL_SHEET,
    PROFILE,
    REVIEWERS,
    SHEET,
    UNKNOWN,
    Example,
    attestation,
    finding,
    found,
    listing,
    paper,
    participant,
    section,
    unseen,
)

SIGNED = ("I-02", "I-03", "I-04", "I-06", "I-15", "I-16")
SECOND = participant("second", "51110000500000922L", Role.COMPLIANCE_ASSESSOR)
FROM_PAGES = replace(PERSONAL_SHEET, sources=(Source(SourceCode.PUBLIC, "public pages", PAPER),))


def persons(
    profile: Profile = PROFILE, /, attested: tuple[str, ...] = SIGNED, **changes: Any
) -> ListingCase:
    """A product about persons, with everything that it must give."""
    return listing(section(PERSONAL_SHEET, "personal_data", **changes), profile, attested=attested)


def twice(**changes: Any) -> ListingCase:
    """So many persons that two assessors must sign, and they do."""
    sheet = section(PERSONAL_SHEET, "personal_data", subjects=5_000, **changes)
    acts = tuple(attestation(sheet, assessor=who.id, rules=("I-05",)) for who in (ASSESSOR, SECOND))
    return listing(sheet, attestations=acts, reviewers={**REVIEWERS, SECOND.id: SECOND})


def beside() -> ListingCase:
    """So many persons, of whom one assessor has answered and a second of something else."""
    case = twice()
    first, second = case.attestations
    return replace(case, attestations=(first, replace(second, rules=("I-06",))))


def officer(subjects: int, *approvals: str, attested: tuple[str, ...] = ("I-07",)) -> ListingCase:
    given = dict.fromkeys(("personal-information-officer", *approvals), "no. 5")
    sheet = replace(PERSONAL_SHEET, approvals=given)
    return listing(section(sheet, "personal_data", subjects=subjects), attested=attested)


def subjects_of(kind: SensitiveKind, subjects: int) -> SensitiveFinding:
    return replace(finding(kind), subjects=subjects)


def within(kind: SensitiveKind, *, certain: bool = False, tested: int = 1_000) -> SensitiveFinding:
    return replace(finding(kind, certain=certain), embedded=5, tested=tested)


def singled(k: int, least: int = 2) -> Profile:
    measured = Anonymity(("age", "town"), True, 1_000, 100, k, 0, (("illness", least),))
    return replace(PROFILE, anonymity=measured)


def alone(unique: int) -> Profile:
    """Nobody is named, and so many rows of a thousand stand alone by what persons are known by."""
    measured = Anonymity(("school", "birth"), False, 1_000, 400, 1, unique)
    return replace(PROFILE, anonymity=measured)


ANONYMOUS_SHEET = section(SHEET, "personal_data", deidentification="years of birth in groups")


def anonymous(k: int, least: int = 2, attested: tuple[str, ...] = ()) -> ListingCase:
    return persons(singled(k, least), attested, deidentification="generalised")


def tracked(bearer: Bearer, metres: int) -> Profile:
    track = Track("id", "time", ("lon", "lat"), bearer, 20, 400, 60, metres)
    return replace(PROFILE, tracks=(track,))


def bodies(
    *, released: bool = False, attested: tuple[str, ...] = ("I-15",), **changes: Any
) -> ListingCase:
    sheet = section(
        PERSONAL_SHEET, "personal_data", **{"classes": (PersonalClass.BIOMETRIC,), **changes}
    )
    sheet = section(sheet, "conditions", public_release=released)
    return listing(sheet, attested=attested)


def credit(*classes: PersonalClass, attested: tuple[str, ...] = ()) -> ListingCase:
    sheet = replace(PERSONAL_SHEET, approvals={"credit-licence": "no. 9"})
    told = (PersonalClass.CREDIT, *classes)
    return listing(section(sheet, "personal_data", classes=told), attested=attested)


EXAMPLES: list[Example] = [
    ("I-01", FIRED, listing(profile=found(finding(SensitiveKind.PERSON_NAME)))),
    (
        "I-01",
        FIRED,
        listing(section(SHEET, "content", fields=(FieldNote("a", "b", personal=True),))),
    ),
    ("I-01", FIRED, listing(profile=found(finding(SensitiveKind.RESIDENT_ID, "(metadata)")))),
    ("I-01", CLEAR, listing(PERSONAL_SHEET, found(finding(SensitiveKind.PERSON_NAME)))),
    ("I-01", CLEAR, listing(PERSONAL_SHEET)),
    ("I-01", CLEAR, listing(profile=found(finding(SensitiveKind.CREDIT_CODE)))),
    ("I-01", CLEAR, listing(profile=found(finding(SensitiveKind.EMAIL, "(metadata)")))),
    ("I-01", CLEAR, listing(profile=found(finding(SensitiveKind.MOBILE, certain=False)))),
    ("I-01", UNKNOWN, unseen(listing())),
    ("I-09", FIRED, listing(profile=found(finding(SensitiveKind.MOBILE)), attested=("I-09",))),
    ("I-09", FIRED, listing(PERSONAL_SHEET, found(finding(SensitiveKind.RESIDENT_ID)))),
    ("I-09", FIRED, listing(profile=found(finding(SensitiveKind.BANK_CARD, "(metadata)")))),
    (
        "I-09",
        FIRED,
        listing(
            section(PERSONAL_SHEET, "personal_data", impact_assessment=""),
            found(finding(SensitiveKind.EMAIL)),
            attested=("I-09",),
        ),
    ),
    (
        "I-09",
        CLEAR,
        listing(PERSONAL_SHEET, found(finding(SensitiveKind.EMAIL)), attested=("I-09",)),
    ),
    ("I-09", CLEAR, listing(profile=found(finding(SensitiveKind.PERSON_NAME)))),
    ("I-09", UNKNOWN, unseen(listing())),
    ("I-10", FIRED, listing(profile=found(finding(SensitiveKind.MOBILE, certain=False)))),
    (
        "I-10",
        CLEAR,
        listing(profile=found(finding(SensitiveKind.MOBILE, certain=False)), attested=("I-10",)),
    ),
    ("I-10", UNKNOWN, unseen(listing())),
    ("I-10", FIRED, listing(profile=alone(50))),
    ("I-10", CLEAR, listing(profile=alone(49))),
    ("I-10", CLEAR, listing(profile=alone(50), attested=("I-10",))),
    ("I-10", CLEAR, persons(alone(50))),
    ("I-10", CLEAR, listing(ANONYMOUS_SHEET, alone(50))),
    ("I-12", FIRED, listing(profile=found(finding(SensitiveKind.PERSON_NAME, "(metadata)")))),
    ("I-12", CLEAR, listing(profile=found(finding(SensitiveKind.PERSON_NAME)))),
    ("I-12", UNKNOWN, unseen(listing())),
    ("I-02", FIRED, persons(legal_basis="")),
    ("I-02", FIRED, persons(consent_evidence="yes")),
    ("I-02", FIRED, listing(profile=found(finding(SensitiveKind.ADDRESS)), attested=("I-02",))),
    ("I-02", FIRED, unseen(persons(legal_basis=""))),
    ("I-02", FIRED, replace(persons(), papers=(paper(verified=False),))),
    ("I-02", CLEAR, persons()),
    ("I-02", CLEAR, listing()),
    ("I-02", UNKNOWN, listing(PERSONAL_SHEET)),
    ("I-02", UNKNOWN, unseen(listing())),
    (
        "I-03",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, approvals={}),
            found(finding(SensitiveKind.HEALTH)),
            attested=SIGNED,
        ),
    ),
    ("I-03", FIRED, persons(found(finding(SensitiveKind.BANK_CARD)), consent_evidence="")),
    (
        "I-03",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, approvals={}),
            found(finding(SensitiveKind.TRACE)),
            attested=SIGNED,
        ),
    ),
    (
        "I-03",
        FIRED,
        listing(
            section(
                replace(PERSONAL_SHEET, approvals={}),
                "personal_data",
                classes=(PersonalClass.RELIGION,),
            ),
            attested=SIGNED,
        ),
    ),
    ("I-03", FIRED, listing(replace(PERSONAL_SHEET, approvals={}), singled(k=1), attested=SIGNED)),
    ("I-03", CLEAR, listing(replace(PERSONAL_SHEET, approvals={}), singled(k=2), attested=SIGNED)),
    ("I-03", CLEAR, persons(found(finding(SensitiveKind.HEALTH)))),
    ("I-03", CLEAR, listing(profile=found(finding(SensitiveKind.RESIDENT_ID)))),
    (
        "I-03",
        CLEAR,
        listing(
            section(
                replace(PERSONAL_SHEET, approvals={}),
                "personal_data",
                classes=(PersonalClass.LODGING,),
            ),
            attested=SIGNED,
        ),
    ),
    ("I-03", UNKNOWN, unseen(listing(PERSONAL_SHEET))),
    ("I-03", UNKNOWN, listing(PERSONAL_SHEET, found(finding(SensitiveKind.HEALTH)))),
    ("I-04", FIRED, persons(minors=True)),
    ("I-04", FIRED, persons(replace(PROFILE, youngest_born=2013))),
    ("I-04", CLEAR, persons(replace(PROFILE, youngest_born=2012))),
    ("I-04", FIRED, persons(replace(PROFILE, youngest_aged=13))),
    ("I-04", CLEAR, persons(replace(PROFILE, youngest_aged=14))),
    ("I-04", FIRED, listing(profile=replace(alone(50), youngest_aged=13))),
    ("I-04", CLEAR, listing(profile=replace(alone(50), youngest_aged=14))),
    ("I-04", CLEAR, listing(profile=replace(alone(49), youngest_aged=13))),
    ("I-04", CLEAR, persons(minors=True, guardian_consent=PAPER)),
    ("I-04", CLEAR, persons()),
    ("I-04", CLEAR, listing()),
    ("I-04", FIRED, listing(profile=replace(alone(50), youngest_born=2013))),
    ("I-04", CLEAR, listing(profile=replace(alone(50), youngest_born=2012))),
    ("I-04", CLEAR, listing(profile=replace(alone(49), youngest_born=2013))),
    ("I-04", CLEAR, listing(profile=replace(PROFILE, youngest_born=2013))),
    ("I-04", UNKNOWN, persons(minors=None)),
    (
        "I-04",
        UNKNOWN,
        listing(section(PERSONAL_SHEET, "personal_data", minors=True, guardian_consent=PAPER)),
    ),
    ("I-04", UNKNOWN, unseen(persons())),
    ("I-05", FIRED, persons(subjects=5_000)),
    ("I-05", FIRED, persons(subjects=50, classes=(PersonalClass.MOVEMENT,))),
    ("I-05", FIRED, persons(subjects=500, classes=(PersonalClass.LODGING,))),
    ("I-05", FIRED, persons(found(subjects_of(SensitiveKind.HEALTH, 500)))),
    ("I-05", FIRED, persons(found(subjects_of(SensitiveKind.TRACE, 50)))),
    ("I-05", FIRED, persons(subjects=455, classes=(PersonalClass.LODGING, PersonalClass.OTHER))),
    ("I-05", FIRED, twice(consent_evidence="")),
    ("I-05", CLEAR, twice()),
    ("I-05", FIRED, beside()),
    ("I-05", CLEAR, persons(subjects=4_999)),
    ("I-05", CLEAR, persons(subjects=454, classes=(PersonalClass.LODGING,))),
    ("I-05", CLEAR, persons(found(subjects_of(SensitiveKind.HEALTH, 454)))),
    ("I-05", FIRED, persons(subjects=49, classes=(PersonalClass.MOVEMENT, PersonalClass.LODGING))),
    ("I-05", CLEAR, persons(subjects=44, classes=(PersonalClass.MOVEMENT, PersonalClass.LODGING))),
    ("I-05", CLEAR, listing()),
    ("I-05", UNKNOWN, persons(subjects=None)),
    ("I-05", UNKNOWN, unseen(persons())),
    ("I-05", UNKNOWN, unseen(listing())),
    ("I-06", FIRED, persons(impact_assessment="")),
    ("I-06", CLEAR, persons()),
    ("I-06", UNKNOWN, unseen(listing())),
    ("I-06", UNKNOWN, listing(PERSONAL_SHEET)),
    ("I-07", FIRED, persons(subjects=1_000_000)),
    ("I-07", FIRED, officer(10_000_000)),
    ("I-07", FIRED, officer(10_000_000, "personal-information-audit")),
    ("I-07", CLEAR, officer(10_000_000, "personal-information-audit", "important-data-filing")),
    ("I-07", CLEAR, officer(9_999_999)),
    ("I-07", CLEAR, persons(subjects=999_999)),
    ("I-07", CLEAR, listing()),
    ("I-07", UNKNOWN, officer(1_000_000, attested=())),
    ("I-07", UNKNOWN, persons(subjects=None)),
    ("I-07", UNKNOWN, unseen(persons())),
    ("I-07", UNKNOWN, unseen(listing())),
    ("I-08", FIRED, anonymous(k=9)),
    ("I-08", FIRED, anonymous(k=10, least=1)),
    ("I-08", CLEAR, anonymous(k=10, attested=("I-08",))),
    ("I-08", CLEAR, anonymous(k=9, attested=("I-08",))),
    ("I-08", CLEAR, listing()),
    ("I-08", UNKNOWN, anonymous(k=10)),
    ("I-08", UNKNOWN, persons(deidentification="k-anonymity")),
    ("I-08", UNKNOWN, unseen(persons(deidentification="k-anonymity"))),
    ("I-09", FIRED, listing(profile=found(finding(SensitiveKind.PASSPORT)), attested=("I-09",))),
    ("I-09", CLEAR, listing(profile=found(finding(SensitiveKind.PLATE)))),
    ("I-11", FIRED, persons(found(finding(SensitiveKind.TRACE)), consent_evidence="")),
    ("I-11", FIRED, listing(profile=tracked(Bearer.PERSON, 100))),
    ("I-11", FIRED, persons(classes=(PersonalClass.MOVEMENT,), consent_evidence="")),
    ("I-11", CLEAR, persons(found(finding(SensitiveKind.TRACE)))),
    ("I-11", CLEAR, listing(profile=tracked(Bearer.PERSON, 101))),
    ("I-11", CLEAR, listing(profile=tracked(Bearer.VESSEL, 10))),
    ("I-11", CLEAR, listing()),
    ("I-11", UNKNOWN, unseen(listing())),
    (
        "I-13",
        FIRED,
        listing(profile=found(within(SensitiveKind.MOBILE, certain=True)), attested=("I-13",)),
    ),
    ("I-13", FIRED, persons(found(within(SensitiveKind.MOBILE, certain=True)))),
    ("I-13", FIRED, listing(profile=found(within(SensitiveKind.MOBILE)))),
    ("I-13", CLEAR, persons(found(within(SensitiveKind.MOBILE, certain=True)), attested=("I-13",))),
    ("I-13", CLEAR, listing(profile=found(within(SensitiveKind.MOBILE)), attested=("I-13",))),
    ("I-13", CLEAR, listing(profile=found(within(SensitiveKind.MOBILE, tested=500_000)))),
    ("I-13", FIRED, listing(profile=found(within(SensitiveKind.MOBILE, tested=499_999)))),
    ("I-13", CLEAR, listing(profile=found(finding(SensitiveKind.MOBILE)))),
    ("I-13", CLEAR, listing(profile=found(within(SensitiveKind.ADDRESS, certain=True)))),
    ("I-13", UNKNOWN, unseen(listing())),
    ("I-14", FIRED, listing(section(PERSONAL_SHEET, "conditions", time_limit=TimeLimit.NONE))),
    ("I-14", FIRED, listing(section(PERSONAL_SHEET, "conditions", purposes=()))),
    ("I-14", FIRED, persons(retention_days=None)),
    ("I-14", FIRED, persons(rights_channel="")),
    ("I-14", CLEAR, listing(section(SHEET, "conditions", time_limit=TimeLimit.NONE))),
    ("I-14", CLEAR, listing(PERSONAL_SHEET)),
    ("I-14", UNKNOWN, unseen(listing())),
    ("I-15", FIRED, bodies(released=True)),
    ("I-15", FIRED, bodies(consent_evidence="")),
    (
        "I-15",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, approvals={}),
            found(finding(SensitiveKind.BIOMETRIC)),
            attested=("I-15",),
        ),
    ),
    ("I-15", CLEAR, bodies()),
    ("I-15", CLEAR, listing()),
    ("I-15", UNKNOWN, bodies(attested=())),
    ("I-15", UNKNOWN, unseen(listing())),
    (
        "I-16",
        FIRED,
        listing(
            PERSONAL_SHEET,
            attestations=(attestation(PERSONAL_SHEET, outcome=Opinion.REFUSED, rules=("I-16",)),),
        ),
    ),
    ("I-16", CLEAR, persons()),
    ("I-16", CLEAR, listing()),
    ("I-16", UNKNOWN, listing(PERSONAL_SHEET)),
    ("I-16", UNKNOWN, unseen(listing())),
    (
        "I-17",
        FIRED,
        listing(
            FROM_PAGES,
            attestations=(attestation(FROM_PAGES, outcome=Opinion.REFUSED, rules=("I-17",)),),
        ),
    ),
    ("I-17", CLEAR, listing(FROM_PAGES, attested=("I-17",))),
    ("I-17", CLEAR, listing(PERSONAL_SHEET)),
    ("I-17", CLEAR, listing(replace(FROM_PAGES, personal_data=SHEET.personal_data))),
    ("I-17", UNKNOWN, listing(FROM_PAGES)),
    ("I-17", UNKNOWN, unseen(listing(replace(FROM_PAGES, personal_data=SHEET.personal_data)))),
    ("I-18", FIRED, persons(classes=(PersonalClass.CREDIT,))),
    ("I-18", FIRED, listing(section(SHEET, "basic", name="企业征信"))),
    ("I-18", FIRED, credit(PersonalClass.HEALTH, attested=("I-18",))),
    ("I-18", CLEAR, credit(attested=("I-18",))),
    ("I-18", CLEAR, listing()),
    ("I-18", UNKNOWN, credit()),
]
