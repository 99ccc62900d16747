"""Every rule of the Chinese pack: an example that fires, one that is clear, one undecided."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from exchange.compliance import (
    ListingCase,
    Opinion,
    Outcome,
    Rule,
    Severity,
    TradeCase,
    review_listing,
    review_trade,
)
from exchange.compliance.china import PACK
from exchange.compliance.conformance import RulePackContract
from exchange.grading import Grade
from exchange.participants import Role, Standing
from exchange.profile import ColumnProfile, ColumnType, SensitiveKind, TimeCoverage
from exchange.quality import QualityReview
from exchange.registration import Similar
from exchange.scenarios import ScenarioState
from exchange.specsheet import (
    FieldNote,
    Frequency,
    ProductType,
    Right,
    Source,
    SourceCode,
    TimeLimit,
)
from tests.exchange.compliance.cases import (
    ASSESSOR,
    BUYER,
    EXPERT,
    EXPERT_CODE,
    ON,
    PAPER,
    PERSONAL_SHEET,
    PROFILE,
    REVIEWERS,
    SCENARIO,
    SHEET,
    SUPPLIER,
    attestation,
    finding,
    found,
    listing,
    participant,
    section,
    trade,
)

FIRED, CLEAR, UNKNOWN = Outcome.FIRED, Outcome.CLEAR, Outcome.NOT_EVALUATED
Case = ListingCase | TradeCase

LATIN = replace(PROFILE, encoding="latin-1")
INLAND = section(SHEET, "basic", sector="farming", industry="crops", name="Yield")
FORECAST = section(
    section(SHEET, "basic", type=ProductType.FORECAST), "conditions", public_release=True
)
AUTHORITY = replace(FORECAST, approvals={"marine-forecast-authority": "no. 12"})
INLAND_FORECAST = section(
    section(INLAND, "basic", type=ProductType.FORECAST), "conditions", public_release=True
)
UNRANGED = section(
    SHEET, "content", fields=(FieldNote("time", "when"), FieldNote("speed", "how fast"))
)
IMPORTANT = replace(
    SHEET,
    grade=Grade.IMPORTANT,
    approvals={
        "risk-assessment": PAPER,
        "important-data-filing": "no. 3",
        "data-security-officer": "officer on record",
        "delivery-approval": "no. 4",
    },
)
CORE = replace(SHEET, grade=Grade.CORE)
LATE = replace(
    PROFILE, time=TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-11-20T23:59:59Z", 3_600, 0)
)
FILED = replace(SCENARIO, state=ScenarioState.FILED, approved_on=None, expires_on=None)
STALE = replace(
    PROFILE, time=TimeCoverage("time", "2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z", 3_600, 0)
)
EMPTY_COLUMN = ColumnProfile("speed", ColumnType.DECIMAL, 1_000, 900, 80, "m s-1", None, None)
FAST = replace(PROFILE.columns[1], maximum="9.5")
SECOND = participant("second", "51110000500000922L", Role.QUALITY_EXPERT)


def columns(*changed: ColumnProfile) -> ListingCase:
    return listing(profile=replace(PROFILE, columns=(PROFILE.columns[0], *changed)))


def like(**changes: Any) -> Similar:
    """Another supplier's registration in which most of the rows stand."""
    plain = Similar(
        product="GP-0000-0000-0002",
        of_this_ppm=970_000,
        of_other_ppm=96_500,
        columns=5,
        compared=2_048,
        how="rows",
        declared=False,
        own=False,
    )
    return replace(plain, **changes)


def reviewed(*scores: tuple[str, str]) -> ListingCase:
    reviews = tuple(
        QualityReview(expert, SHEET.digest, PROFILE.data, Decimal(score), PAPER, entry)
        for entry, (expert, score) in enumerate(scores)
    )
    return listing(reviews=reviews, reviewers={**REVIEWERS, SECOND.id: SECOND})


def refused(rule: str) -> ListingCase:
    return listing(attestations=(attestation(SHEET, outcome=Opinion.REFUSED, rules=(rule,)),))


def unseen(case: ListingCase) -> ListingCase:
    return replace(case, profile=None)


EXAMPLES: list[tuple[str, Outcome, Case]] = [
    ("F-05", FIRED, listing(profile=LATIN)),
    ("F-05", CLEAR, listing(profile=replace(PROFILE, encoding="GB18030"))),
    ("F-05", CLEAR, listing(profile=LATIN, attested=("F-05",))),
    (
        "F-05",
        CLEAR,
        listing(profile=replace(PROFILE, encoding=None, media_type="application/x-netcdf")),
    ),
    ("F-05", UNKNOWN, listing(profile=replace(PROFILE, encoding=None))),
    ("F-05", UNKNOWN, unseen(listing())),
    ("F-07", FIRED, listing(profile=found(finding(SensitiveKind.CREDENTIAL)), attested=("F-07",))),
    ("F-07", FIRED, listing(profile=found(finding(SensitiveKind.CREDENTIAL, certain=False)))),
    (
        "F-07",
        CLEAR,
        listing(
            profile=found(finding(SensitiveKind.CREDENTIAL, certain=False)), attested=("F-07",)
        ),
    ),
    ("F-07", UNKNOWN, unseen(listing())),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, standing=Standing.SUSPENDED))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, roles=frozenset({Role.BUYER})))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, credit_code="91370200MA0000000X"))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, name=""))),
    ("P-01", CLEAR, listing()),
    ("P-01", UNKNOWN, listing(supplier=None)),
    ("P-02", FIRED, trade(buyer=replace(BUYER, standing=Standing.APPLIED))),
    ("P-02", FIRED, trade(buyer=replace(BUYER, roles=frozenset({Role.SUPPLIER})))),
    ("P-02", CLEAR, trade()),
    ("P-02", UNKNOWN, trade(buyer=None)),
    ("P-05", FIRED, listing(replace(SHEET, contact=""))),
    ("P-05", FIRED, listing(replace(IMPORTANT, approvals={}))),
    ("P-05", CLEAR, listing(IMPORTANT)),
    ("S-01", FIRED, listing(replace(SHEET, sources=()))),
    ("S-01", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "", PAPER),)))),
    ("S-01", CLEAR, listing()),
    ("S-02", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "bought"),)))),
    ("S-02", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "b", "x" * 64),)))),
    ("S-02", CLEAR, listing()),
    ("S-02", UNKNOWN, listing(replace(SHEET, sources=()))),
    ("S-03", FIRED, listing(replace(SHEET, rights=(Right.HOLDING, Right.PROCESSING)))),
    ("S-03", CLEAR, listing()),
    ("S-06", FIRED, listing(replace(SHEET, licence="CC-BY-NC-4.0"))),
    ("S-06", FIRED, listing(replace(SHEET, licence="CC-BY-ND-4.0"))),
    ("S-06", FIRED, listing(replace(SHEET, licence="whatever"))),
    (
        "S-06",
        FIRED,
        listing(replace(SHEET, sources=(Source(SourceCode.PUBLIC, "a web page", PAPER),))),
    ),
    ("S-06", CLEAR, listing()),
    ("S-06", CLEAR, listing(replace(SHEET, licence="cc-by-4.0"))),
    ("S-06", CLEAR, listing(replace(SHEET, licence="LicenseRef-Public-Domain"))),
    ("S-10", FIRED, listing(open_disputes=1)),
    ("S-10", FIRED, listing(open_disputes=1, notice_ended=False)),
    ("S-10", CLEAR, listing()),
    ("S-10", UNKNOWN, listing(open_disputes=None)),
    ("S-10", UNKNOWN, listing(notice_ended=None)),
    ("S-10", UNKNOWN, listing(notice_ended=False)),
    ("R-01", FIRED, listing(similar=(like(),))),
    ("R-01", FIRED, listing(similar=(like(of_this_ppm=90_000, of_other_ppm=500_000),))),
    ("R-01", FIRED, listing(similar=(like(declared=True), like()))),
    ("R-01", CLEAR, listing(similar=(like(of_this_ppm=499_999, of_other_ppm=499_999),))),
    ("R-01", CLEAR, listing(similar=(like(own=True), like(declared=True)))),
    ("R-01", CLEAR, listing()),
    ("R-01", UNKNOWN, listing(similar=None)),
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
    ("I-02", FIRED, listing(section(PERSONAL_SHEET, "personal_data", legal_basis=""))),
    ("I-02", FIRED, listing(section(PERSONAL_SHEET, "personal_data", consent_evidence="yes"))),
    ("I-02", FIRED, listing(profile=found(finding(SensitiveKind.ADDRESS)))),
    ("I-02", FIRED, unseen(listing(section(PERSONAL_SHEET, "personal_data", legal_basis="")))),
    ("I-02", CLEAR, listing(PERSONAL_SHEET)),
    ("I-02", CLEAR, listing()),
    ("I-02", UNKNOWN, unseen(listing())),
    (
        "I-03",
        FIRED,
        listing(replace(PERSONAL_SHEET, approvals={}), found(finding(SensitiveKind.HEALTH))),
    ),
    (
        "I-03",
        FIRED,
        listing(
            section(PERSONAL_SHEET, "personal_data", consent_evidence=""),
            found(finding(SensitiveKind.BANK_CARD)),
        ),
    ),
    ("I-03", CLEAR, listing(PERSONAL_SHEET, found(finding(SensitiveKind.HEALTH)))),
    ("I-03", CLEAR, listing(profile=found(finding(SensitiveKind.RESIDENT_ID)))),
    ("I-03", UNKNOWN, unseen(listing(PERSONAL_SHEET))),
    ("I-06", FIRED, listing(section(PERSONAL_SHEET, "personal_data", impact_assessment=""))),
    ("I-06", CLEAR, listing(PERSONAL_SHEET)),
    ("I-06", UNKNOWN, unseen(listing())),
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
    ("I-12", FIRED, listing(profile=found(finding(SensitiveKind.PERSON_NAME, "(metadata)")))),
    ("I-12", CLEAR, listing(profile=found(finding(SensitiveKind.PERSON_NAME)))),
    ("I-12", UNKNOWN, unseen(listing())),
    ("I-14", FIRED, listing(section(PERSONAL_SHEET, "conditions", time_limit=TimeLimit.NONE))),
    ("I-14", FIRED, listing(section(PERSONAL_SHEET, "conditions", purposes=()))),
    ("I-14", FIRED, listing(replace(PERSONAL_SHEET, contact=""))),
    ("I-14", CLEAR, listing(section(SHEET, "conditions", time_limit=TimeLimit.NONE))),
    ("I-14", CLEAR, listing(PERSONAL_SHEET)),
    ("I-14", UNKNOWN, unseen(listing())),
    ("D-01", FIRED, listing(replace(PERSONAL_SHEET, grade=Grade.GENERAL_1))),
    (
        "D-01",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, grade=Grade.GENERAL_3), found(finding(SensitiveKind.HEALTH))
        ),
    ),
    ("D-01", CLEAR, listing(replace(PERSONAL_SHEET, grade=Grade.GENERAL_2))),
    ("D-01", CLEAR, listing(PERSONAL_SHEET, found(finding(SensitiveKind.HEALTH)))),
    ("D-01", UNKNOWN, unseen(listing())),
    ("D-01", UNKNOWN, unseen(listing(PERSONAL_SHEET))),
    ("D-02", FIRED, listing(CORE)),
    ("D-02", FIRED, listing(CORE, attested=("D-02",))),
    ("D-02", CLEAR, listing(IMPORTANT)),
    ("D-03", FIRED, listing(replace(SHEET, grade=Grade.IMPORTANT))),
    ("D-03", FIRED, listing(CORE)),
    (
        "D-03",
        FIRED,
        listing(replace(IMPORTANT, approvals={**IMPORTANT.approvals, "risk-assessment": "done"})),
    ),
    ("D-03", CLEAR, listing(IMPORTANT)),
    ("D-03", CLEAR, listing()),
    (
        "D-04",
        FIRED,
        listing(profile=found(finding(SensitiveKind.SECRECY_MARK)), attested=("D-04",)),
    ),
    ("D-04", FIRED, listing(profile=found(finding(SensitiveKind.SECRECY_MARK, certain=False)))),
    (
        "D-04",
        CLEAR,
        listing(
            profile=found(finding(SensitiveKind.SECRECY_MARK, certain=False)), attested=("D-04",)
        ),
    ),
    ("D-04", UNKNOWN, unseen(listing())),
    ("G-03", FIRED, listing(attested=("C-01",))),
    ("G-03", FIRED, refused("G-03")),
    (
        "G-03",
        FIRED,
        listing(
            INLAND,
            replace(
                PROFILE,
                columns=(replace(PROFILE.columns[1], standard_name="sea_water_temperature"),),
            ),
            attested=(),
        ),
    ),
    ("G-03", FIRED, unseen(listing())),
    ("G-03", CLEAR, listing()),
    ("G-03", CLEAR, listing(FORECAST, attested=())),
    ("G-03", CLEAR, listing(INLAND, attested=())),
    (
        "G-03",
        CLEAR,
        listing(
            INLAND,
            replace(
                PROFILE,
                columns=(
                    replace(PROFILE.columns[1], standard_name="air_pressure_at_mean_sea_level"),
                ),
            ),
            attested=(),
        ),
    ),
    ("G-03", UNKNOWN, unseen(listing(INLAND))),
    ("G-04", FIRED, listing(FORECAST)),
    ("G-04", FIRED, listing(FORECAST, attested=("G-04",))),
    ("G-04", FIRED, listing(AUTHORITY)),
    (
        "G-04",
        FIRED,
        listing(
            section(section(SHEET, "basic", name="海浪预报"), "conditions", public_release=True)
        ),
    ),
    ("G-04", CLEAR, listing(AUTHORITY, attested=("G-04",))),
    ("G-04", CLEAR, listing(section(SHEET, "basic", type=ProductType.FORECAST))),
    ("G-04", CLEAR, listing(INLAND_FORECAST)),
    ("G-04", UNKNOWN, unseen(listing(INLAND_FORECAST))),
    ("G-08", FIRED, listing(section(SHEET, "content", horizontal_datum=""))),
    ("G-08", FIRED, columns(replace(PROFILE.columns[1], standard_name="depth"))),
    ("G-08", CLEAR, listing()),
    (
        "G-08",
        CLEAR,
        listing(section(SHEET, "content", horizontal_datum=""), replace(PROFILE, space=None)),
    ),
    ("G-08", UNKNOWN, unseen(listing())),
    *(
        example
        for rule in ("C-01", "C-02", "C-03")
        for example in (
            (rule, FIRED, refused(rule)),
            (rule, CLEAR, listing()),
            (rule, UNKNOWN, listing(attested=("G-03",))),
        )
    ),
    ("Q-01", FIRED, columns(replace(PROFILE.columns[1], unit="knots"))),
    ("Q-01", CLEAR, listing(profile=replace(PROFILE, columns=()), attested=("Q-01",))),
    ("Q-01", CLEAR, listing()),
    ("Q-01", UNKNOWN, listing(quality=None)),
    ("Q-02", FIRED, columns(EMPTY_COLUMN)),
    ("Q-02", CLEAR, listing()),
    ("Q-02", UNKNOWN, listing(quality=None)),
    ("Q-02", UNKNOWN, listing(profile=replace(PROFILE, rows=0))),
    ("Q-03", FIRED, columns(FAST)),
    ("Q-03", CLEAR, listing()),
    ("Q-03", CLEAR, listing(UNRANGED, attested=("Q-03",))),
    ("Q-03", UNKNOWN, listing(UNRANGED)),
    ("Q-03", UNKNOWN, listing(quality=None)),
    ("Q-05", FIRED, listing(profile=STALE)),
    ("Q-05", FIRED, listing(profile=LATE)),
    ("Q-05", CLEAR, listing()),
    ("Q-05", CLEAR, listing(profile=STALE, attested=("Q-05",))),
    (
        "Q-05",
        CLEAR,
        listing(section(SHEET, "physical", update_frequency=Frequency.STATIC), STALE),
    ),
    ("Q-05", UNKNOWN, listing(profile=replace(PROFILE, time=None))),
    ("Q-05", UNKNOWN, listing(quality=None)),
    ("Q-07", FIRED, listing(profile=replace(PROFILE, rows=900))),
    ("Q-07", FIRED, listing(profile=replace(PROFILE, columns=PROFILE.columns[:1]))),
    ("Q-07", CLEAR, listing()),
    ("Q-07", UNKNOWN, unseen(listing())),
    ("Q-08", FIRED, listing(profile=replace(PROFILE, duplicate_rows=3))),
    ("Q-08", CLEAR, listing()),
    ("Q-08", UNKNOWN, unseen(listing())),
    ("Q-10", FIRED, listing(reviews=())),
    (
        "Q-10",
        FIRED,
        listing(
            reviewers={EXPERT.id: replace(EXPERT, roles=frozenset({Role.COMPLIANCE_ASSESSOR}))}
        ),
    ),
    ("Q-10", FIRED, listing(supplier=replace(SUPPLIER, id=EXPERT.id))),
    ("Q-10", FIRED, listing(supplier=replace(SUPPLIER, credit_code=EXPERT_CODE))),
    ("Q-10", CLEAR, listing()),
    ("Q-10", UNKNOWN, unseen(listing())),
    ("Q-10", UNKNOWN, listing(supplier=None)),
    ("Q-11", FIRED, reviewed((EXPERT.id, "0.8"))),
    ("Q-11", FIRED, reviewed((EXPERT.id, "0.9"), (EXPERT.id, "0.8"))),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "0.85"))),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "0.5"), (SECOND.id, "0.5"))),
    ("Q-11", UNKNOWN, listing(reviews=())),
    ("Q-11", UNKNOWN, listing(quality=None)),
    ("T-01", FIRED, trade(scenario=None)),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, buyer="id-other"))),
    ("T-01", FIRED, trade(on=ON + dt.timedelta(days=90))),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, state=ScenarioState.WITHDRAWN))),
    ("T-01", FIRED, trade(scenario=replace(FILED, recipients=()))),
    ("T-01", CLEAR, trade(scenario=FILED)),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, recipients=()))),
    ("T-01", CLEAR, trade()),
    ("T-01", UNKNOWN, trade(buyer=None)),
    ("T-02", FIRED, trade(scenario=replace(SCENARIO, purpose="resale"))),
    ("T-02", FIRED, trade(listing_state="suspended")),
    ("T-02", CLEAR, trade()),
    ("T-02", UNKNOWN, trade(scenario=None)),
    ("T-02", UNKNOWN, trade(listing_state="")),
    ("T-04", FIRED, trade(ways=("telegram",))),
    ("T-04", FIRED, trade(PERSONAL_SHEET)),
    ("T-04", FIRED, trade(replace(SHEET, grade=Grade.GENERAL_4))),
    ("T-04", FIRED, trade(replace(IMPORTANT, approvals={}), ways=("sandbox",))),
    ("T-04", FIRED, trade(CORE, ways=("sandbox",))),
    ("T-04", CLEAR, trade()),
    ("T-04", CLEAR, trade(PERSONAL_SHEET, ways=("sandbox",))),
    ("T-04", CLEAR, trade(IMPORTANT, ways=("sandbox",))),
    ("T-04", UNKNOWN, trade(ways=())),
    ("T-05", FIRED, listing(attestations=())),
    ("T-05", FIRED, refused("C-01")),
    ("T-05", FIRED, listing(reviewers={ASSESSOR.id: replace(ASSESSOR, standing=Standing.APPLIED)})),
    ("T-05", CLEAR, listing()),
    ("T-05", UNKNOWN, unseen(listing())),
    ("T-05", UNKNOWN, listing(supplier=None)),
]
# Decided by the sheet, of which a case always has one: nothing can be missing.
DECIDED_BY_THE_SHEET = {"P-05", "S-01", "S-03", "S-06", "D-02", "D-03"}


def rule(identifier: str) -> Rule:
    return next(rule for rule in PACK.rules if rule.id == identifier)


def outcome(identifier: str, case: Case) -> Outcome:
    review = (
        review_listing(case, PACK) if isinstance(case, ListingCase) else review_trade(case, PACK)
    )
    assert identifier in review.rules_applied
    found = (finding.outcome for finding in review.findings if finding.rule == identifier)
    return next(found, Outcome.CLEAR)


@pytest.mark.parametrize(
    ("identifier", "expected", "case"),
    EXAMPLES,
    ids=[f"{identifier}-{expected}" for identifier, expected, _ in EXAMPLES],
)
def test_each_example_has_its_outcome(identifier: str, expected: Outcome, case: Case) -> None:
    assert outcome(identifier, case) is expected


def test_every_rule_has_an_example_of_every_outcome() -> None:
    shown = {(identifier, expected) for identifier, expected, _ in EXAMPLES}
    wanted = {
        (rule.id, expected)
        for rule in PACK.rules
        for expected in Outcome
        if expected is not UNKNOWN or rule.id not in DECIDED_BY_THE_SHEET
    }
    assert wanted <= shown
    assert not {(identifier, UNKNOWN) for identifier in DECIDED_BY_THE_SHEET} & shown


def test_what_the_sheet_decides_needs_nothing_else() -> None:
    for identifier, expected, case in EXAMPLES:
        if identifier in DECIDED_BY_THE_SHEET:
            bare = ListingCase(sheet=case.sheet, on=case.on)
            assert outcome(identifier, bare) is expected


def test_a_clean_product_passes_every_rule() -> None:
    review = review_listing(listing(), PACK)
    assert review.findings == ()
    assert review.rules_applied == (
        *("F-05", "F-07", "P-01", "P-05", "S-01", "S-02", "S-03", "S-06", "S-10", "R-01"),
        *("I-01", "I-02", "I-03", "I-06", "I-09", "I-10", "I-12", "I-14"),
        *("D-01", "D-02", "D-03", "D-04", "G-03", "G-04", "G-08", "C-01", "C-02", "C-03"),
        *("Q-01", "Q-02", "Q-03", "Q-05", "Q-07", "Q-08", "Q-10", "Q-11", "T-05"),
    )
    assert review.passed
    review.require_passed()


def test_a_clean_order_passes_every_rule() -> None:
    review = review_trade(trade(), PACK)
    assert review.findings == ()
    assert review.rules_applied == ("P-02", "T-01", "T-02", "T-04")
    review.require_passed()


def test_a_case_of_which_nothing_is_known_is_stopped_by_every_rule_that_looks() -> None:
    stopped = {f.rule for f in review_listing(ListingCase(sheet=INLAND, on=ON), PACK).blocking}
    decided = DECIDED_BY_THE_SHEET | {"S-02", "G-04", "I-12", "G-08", "Q-08"}
    assert stopped == set(review_listing(listing(), PACK).rules_applied) - decided


def test_the_severities_are_those_of_the_catalogue() -> None:
    by_severity = {
        severity: {rule.id for rule in PACK.rules if rule.severity is severity}
        for severity in Severity
    }
    assert by_severity[Severity.REJECT] == set()
    assert by_severity[Severity.ATTEST] == {
        *("F-05", "R-01", "I-10", "G-03", "Q-01", "Q-02", "Q-03", "Q-05", "Q-11"),
    }
    assert by_severity[Severity.ADVISE] == {"I-12", "G-08", "Q-08"}


@pytest.mark.parametrize(
    ("day", "sensitive"), [(dt.date(2025, 10, 31), True), (dt.date(2025, 11, 1), False)]
)
def test_the_id_number_leaves_the_sensitive_list_with_the_standard_of_2025(
    day: dt.date, *, sensitive: bool
) -> None:
    sheet = replace(PERSONAL_SHEET, approvals={})
    case = listing(sheet, found(finding(SensitiveKind.RESIDENT_ID)), on=day)
    assert (outcome("I-03", case) is FIRED) is sensitive


@pytest.mark.parametrize(
    ("identifier", "last_day_without"),
    [
        ("C-01", dt.date(2026, 6, 30)),
        ("C-02", dt.date(2026, 6, 30)),
        ("D-03", dt.date(2024, 12, 31)),
    ],
)
def test_a_rule_is_asked_from_the_day_it_is_law(identifier: str, last_day_without: dt.date) -> None:
    before = review_listing(listing(on=last_day_without), PACK)
    after = review_listing(listing(on=last_day_without + dt.timedelta(days=1)), PACK)
    assert identifier not in before.rules_applied
    assert identifier in after.rules_applied


def test_messages_never_quote_the_data_or_name_its_columns() -> None:
    name = "李小明 13800138000"
    profile = replace(
        PROFILE,
        columns=(replace(PROFILE.columns[1], name=name),),
        sensitive=tuple(finding(kind, name) for kind in SensitiveKind),
    )
    for made in review_listing(listing(profile=profile), PACK).findings:
        assert "李" not in made.message + made.evidence
        assert "138" not in made.message + made.evidence


def test_the_documentation_lists_exactly_the_rules_of_the_pack() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
    rows = {line for line in text.splitlines() if line.startswith("| ") and line[2].isupper()}
    assert rows == {
        f"| {rule.id} | {rule.severity} | {rule.stage} | {rule.statement} | {rule.basis['CN']} |"
        f" {rule.effective_from or ''} | {rule.unlock} |".replace("|  |", "| |")
        for rule in PACK.rules
    }


class TestChinesePack(RulePackContract):
    pack = PACK
    listing_cases = tuple(case for _, _, case in EXAMPLES if isinstance(case, ListingCase))
    trade_cases = tuple(case for _, _, case in EXAMPLES if isinstance(case, TradeCase))
