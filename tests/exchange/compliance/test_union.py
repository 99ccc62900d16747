"""The same cases under two laws: where the verdicts differ is a page that somebody has read.

    python -m tests.exchange.compliance.test_union

writes the page again; what changes in it is reviewed like code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from exchange.compliance import (
    Exported,
    ListingCase,
    Outcome,
    Parent,
    RulePack,
    TradeCase,
    discover_packs,
    review_delivery,
    review_listing,
)
from exchange.compliance.case import ProductCase
from exchange.compliance.china import PACK as CN
from exchange.compliance.conformance import RulePackContract
from exchange.compliance.european import (
    CHILD_AGE,
    _here,
    applies_from,
    at_home,
    supplier_verified,
)
from exchange.compliance.european import PACK as EU
from exchange.grading import Grade
from exchange.participants import Role
from exchange.profile import Anonymity, SensitiveFinding, SensitiveKind
from exchange.specsheet import ExportRoute, PersonalClass, Source, SourceCode, SpecSheet
from ledger.places import SET_APART
from tests.exchange.compliance.cases import (
    BUYER,
    CLEAR,
    FIRED,
    IMPORTANT,
    ON,
    PAPER,
    PERSONAL_SHEET,
    PROFILE,
    SCENARIO,
    SHEET,
    SUPPLIER,
    UNKNOWN,
    VERIFIED,
    attestation,
    finding,
    found,
    listing,
    platform,
    section,
    trade,
    unseen,
)

GDPR: Final = dt.date(2018, 5, 25)
UNDATED: Final = {"UNCLOS 246", "ISO 19115", "ISO/IEC 25012/25024", "ISO/IEC 25012", "QARTOD"}
PAGE: Final = Path(__file__).parent / "cn_and_eu.md"
DIVIDE: Final = "| case | stopped in China alone | in the Union alone | in both |"


def sent(sheet: SpecSheet, region: str, **changes: object) -> ProductCase:
    there = replace(SCENARIO, region=region)
    case = trade(sheet, scenario=there, exported=Exported(0, 0), papers=VERIFIED)
    return replace(case, **changes)  # type: ignore[arg-type]


def licensed(case: ListingCase, until: dt.date) -> ListingCase:
    """The case of a supplier whose licence runs until a day."""
    assert case.supplier is not None
    return replace(case, supplier=replace(case.supplier, licensed_until=until))


def persons(subjects: int, *classes: PersonalClass, **changes: object) -> SpecSheet:
    said = {"subjects": subjects, "classes": classes, **changes}
    return section(PERSONAL_SHEET, "personal_data", **said)


ROUTED = section(PERSONAL_SHEET, "duties", export=ExportRoute.STANDARD_CONTRACT)
CASES: Final[Mapping[str, ProductCase]] = {
    "a clean series of currents": listing(),
    "core data": listing(replace(SHEET, grade=Grade.CORE)),
    "important data without its papers": listing(replace(IMPORTANT, approvals={})),
    "five thousand persons, one assessor": listing(persons(5_000)),
    "a person of fifteen, said to be none": listing(
        PERSONAL_SHEET, replace(PROFILE, youngest_born=ON.year - 15)
    ),
    "a person of thirteen, said to be none": listing(
        PERSONAL_SHEET, replace(PROFILE, youngest_born=ON.year - 13)
    ),
    "health without consent": listing(
        persons(40, PersonalClass.HEALTH, consent_evidence=""),
        found(finding(SensitiveKind.HEALTH)),
    ),
    "bank cards, and no statement of necessity": listing(
        replace(PERSONAL_SHEET, approvals={}), found(finding(SensitiveKind.BANK_CARD))
    ),
    "undeclared mobile numbers": listing(profile=found(finding(SensitiveKind.MOBILE))),
    "a mark of secrecy": listing(profile=found(finding(SensitiveKind.SECRECY_MARK))),
    "derived, and no parent named": listing(
        replace(SHEET, sources=(Source(SourceCode.DERIVED, "smoothed", PAPER),))
    ),
    "a parent in dispute": listing(
        parents=(Parent("GP-0", "9" * 64, Grade.GENERAL_1, disputed=True),)
    ),
    "a supplier without a Chinese code": listing(supplier=replace(SUPPLIER, credit_code="X")),
    "no expert": listing(reviews=()),
    "used in Shanghai": sent(SHEET, "CN-SH"),
    "used in Berlin": sent(SHEET, "DE-BE"),
    "used in Hong Kong": sent(SHEET, "CN-HK"),
    "persons used in Berlin, no route": sent(PERSONAL_SHEET, "DE"),
    "persons used in Shanghai, no route": sent(PERSONAL_SHEET, "CN"),
    "forty persons used in Tokyo under a contract": sent(
        replace(ROUTED, approvals={"standard-contract": PAPER}), "JP"
    ),
}


def stopped(case: ProductCase, pack: RulePack) -> tuple[frozenset[str], frozenset[str]]:
    """Return the rules asked and those that stop a case attested under that very pack."""
    rules = tuple(act for each in case.attestations for act in each.rules)
    signed = attestation(case.sheet, case.profile or PROFILE, rules=rules, rule_pack=pack.digest)
    bound = replace(case, attestations=(signed,))
    if isinstance(bound, ListingCase):
        decided = tuple(replace(each, rule_pack=pack.digest) for each in bound.vettings or ())
        bound = replace(bound, vettings=decided)
        review = review_listing(bound, pack)
    else:
        assert isinstance(bound, TradeCase)
        review = review_delivery(bound, pack)
    return frozenset(review.rules_applied), frozenset(f.rule for f in review.blocking)


def lines() -> Iterator[str]:
    yield "# One set of cases under two laws"
    yield ""
    yield f"{len(CN.rules)} rules of `cn`, {len(EU.rules)} of `eu`. Not asked in the Union:"
    theirs = {rule.id for rule in EU.rules}
    yield ", ".join(rule.id for rule in CN.rules if rule.id not in theirs) + "."
    yield ""
    yield DIVIDE
    yield "|---|---|---|---|"
    for name, case in CASES.items():
        (_, here), (also, there) = stopped(case, CN), stopped(case, EU)
        alone = [
            rule if rule in also else f"{rule} (not asked there)" for rule in sorted(here - there)
        ]
        cells = (alone, sorted(there - here), sorted(here & there))
        yield f"| {name} | {' | '.join(', '.join(cell) or '–' for cell in cells)} |"


def test_where_the_verdicts_differ_is_as_reviewed() -> None:
    assert "\n".join(lines()) + "\n" == PAGE.read_text(encoding="utf-8")


def test_both_packs_are_installed_and_share_no_verdict() -> None:
    packs = discover_packs()
    assert (packs["cn"], packs["eu"]) == (CN, EU)
    assert CN.digest != EU.digest
    case = listing()
    review = review_listing(case, EU)
    assert "T-05" in {f.rule for f in review.blocking}  # attested under the other law


def test_every_rule_of_the_union_has_a_basis_in_its_law() -> None:
    for rule in EU.rules:
        assert rule.basis["EU"] not in {"", "-"}
        assert not rule.basis["EU"].startswith(("PIPL", "DSL"))
    assert {"D-01", "D-02", "D-03", "I-05", "X-02", "X-06"}.isdisjoint(r.id for r in EU.rules)


@pytest.mark.parametrize(
    ("region", "home"),
    [("DE", True), ("DE-BE", True), ("NO", True), ("EU", True), ("GB", False), ("CH", False)],
)
def test_home_is_the_economic_area(region: str, *, home: bool) -> None:
    assert at_home(region) is home


OUTERMOST = "FR-971 FR-972 FR-973 FR-974 FR-976 FR-GF FR-GP FR-MF FR-MQ FR-RE FR-YT"
OVERSEAS = "FR-BL FR-NC FR-PF FR-PM FR-TF FR-WF NL-AW NL-BQ1 NL-BQ2 NL-BQ3 NL-CW NL-SX"


@pytest.mark.parametrize(
    "region", [*OUTERMOST.split(), "GF", "GP", "MF", "MQ", "RE", "YT", "PT-20", "ES-CN", "FI-01"]
)
def test_the_outermost_regions_and_aland_are_home(region: str) -> None:
    assert at_home(region)


@pytest.mark.parametrize("region", [*OVERSEAS.split(), "NC", "PF", "BL", "GL", "AW", "SJ"])
def test_overseas_countries_and_territories_are_not(region: str) -> None:
    assert not at_home(region)


def test_what_norway_left_out_of_the_area_is_not_home() -> None:
    assert (at_home("NO-21"), at_home("NO-22")) == (False, True)  # Svalbard, Jan Mayen


def test_every_part_that_is_coded_as_a_country_is_told_apart() -> None:
    """A code that the places learn of has to be put on one side here as well."""
    known = {*OUTERMOST.split(), *OVERSEAS.split(), "FI-01", "NO-21", "NO-22"}
    assert {each for each in SET_APART if at_home(each[:2])} == known


def test_a_child_is_one_below_sixteen() -> None:
    for age, stops in ((CHILD_AGE, False), (CHILD_AGE - 1, True)):
        case = listing(PERSONAL_SHEET, replace(PROFILE, youngest_born=ON.year - age))
        found = {f.rule: f.outcome for f in review_listing(case, EU).findings}
        assert (found.get("I-04") is Outcome.FIRED) is stops


def test_a_licence_that_has_ended_stops_a_supplier_there_as_well() -> None:
    ended = licensed(listing(), ON - dt.timedelta(days=1))
    found = {f.rule: f.message for f in review_listing(ended, EU).findings}
    assert found["P-01"] == "the supplier's identity has ended"


def special(*findings: SensitiveFinding, signed: bool = True, **changes: object) -> ListingCase:
    """A product about persons with such findings, which an assessor under Union law has read."""
    sheet = section(PERSONAL_SHEET, "personal_data", **changes)
    rules = ("I-03",) if signed else ()
    act = attestation(sheet, found(*findings), rules=rules, rule_pack=EU.digest)
    return listing(sheet, found(*findings), attestations=(act,))


def alone(case: ListingCase) -> ListingCase:
    """The case over a table in which somebody stands alone beside a sensitive attribute."""
    assert case.profile is not None
    told_apart = Anonymity(("age",), True, 1, 9, 1, 9, (("illness", 2),))
    return replace(case, profile=replace(case.profile, anonymity=told_apart))


def leaving(*approvals: str, region: str = "JP", sheet: SpecSheet = ROUTED) -> ProductCase:
    """Persons used outside the Union, under these approvals."""
    return sent(replace(sheet, approvals=dict.fromkeys(approvals, PAPER)), region)


HEALTH, CARD, DOUBTFUL = (
    finding(SensitiveKind.HEALTH),
    finding(SensitiveKind.BANK_CARD),
    finding(SensitiveKind.HEALTH, certain=False),
)
UNROUTED = section(PERSONAL_SHEET, "duties", export=ExportRoute.NONE)
PRIVATE = replace(BUYER, roles=frozenset[Role]())
# What Union law asks otherwise: an example of every outcome, and of every way to it.
ASKED_OTHERWISE: Final = (
    ("P-01", CLEAR, listing()),
    ("P-01", CLEAR, licensed(listing(), ON)),
    ("P-01", FIRED, licensed(listing(), ON - dt.timedelta(days=1))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, roles=frozenset({Role.BUYER})))),
    ("P-01", FIRED, listing(supplier=replace(SUPPLIER, name=""))),
    ("P-01", UNKNOWN, listing(supplier=None)),
    ("P-02", CLEAR, trade()),
    ("P-02", FIRED, trade(buyer=PRIVATE)),
    ("P-02", UNKNOWN, trade(buyer=None)),
    ("I-03", CLEAR, listing()),
    ("I-03", CLEAR, special(HEALTH)),
    ("I-03", UNKNOWN, special(HEALTH, signed=False)),
    ("I-03", FIRED, special(HEALTH, consent_evidence="")),
    ("I-03", FIRED, special(HEALTH, CARD, consent_evidence="")),
    ("I-03", CLEAR, special(CARD, signed=False, consent_evidence="")),
    ("I-03", CLEAR, special(CARD, DOUBTFUL, signed=False, consent_evidence="")),
    (
        "I-03",
        FIRED,
        special(CARD, consent_evidence="", classes=(PersonalClass.HEALTH,)),
    ),
    (
        "I-03",
        FIRED,
        unseen(special(consent_evidence="", classes=(PersonalClass.HEALTH,))),
    ),
    # Somebody who stands alone beside an illness is told apart from nobody's bank card.
    ("I-03", FIRED, alone(special(CARD, consent_evidence=""))),
    ("I-03", FIRED, alone(special(consent_evidence=""))),
    ("I-03", UNKNOWN, unseen(listing())),
    ("X-01", CLEAR, leaving()),
    ("X-01", CLEAR, leaving(region="DE", sheet=UNROUTED)),
    ("X-01", CLEAR, sent(SHEET, "JP")),
    ("X-01", FIRED, leaving(sheet=UNROUTED)),
    ("X-01", FIRED, leaving(sheet=replace(PERSONAL_SHEET, duties=None))),
    ("X-01", UNKNOWN, replace(trade(), scenario=None)),
    ("X-01", UNKNOWN, replace(sent(SHEET, "JP"), profile=None)),
    ("X-03", CLEAR, leaving("third-country-safeguards")),
    ("X-03", CLEAR, leaving(region="DE")),
    ("X-03", FIRED, leaving()),
    ("X-03", FIRED, replace(leaving("third-country-safeguards"), papers=())),
    ("X-03", UNKNOWN, replace(trade(), scenario=None)),
    ("X-04", CLEAR, leaving("transfer-impact-assessment")),
    ("X-04", FIRED, leaving()),
    ("X-04", FIRED, replace(leaving("transfer-impact-assessment"), papers=())),
    ("X-05", CLEAR, leaving("standard-contract")),
    ("X-05", CLEAR, leaving("certification")),
    ("X-05", FIRED, leaving()),
    ("X-05", FIRED, replace(leaving("standard-contract", "certification"), papers=())),
    ("X-08", CLEAR, sent(SHEET, "DE")),
    ("X-08", UNKNOWN, sent(SHEET, "JP")),
    ("X-08", UNKNOWN, replace(trade(), scenario=None)),
)


@pytest.mark.parametrize(
    ("identifier", "expected", "case"),
    ASKED_OTHERWISE,
    ids=[f"{identifier}-{expected}" for identifier, expected, _ in ASKED_OTHERWISE],
)
def test_what_union_law_asks_otherwise(
    identifier: str, expected: Outcome, case: ProductCase
) -> None:
    (rule,) = (rule for rule in EU.rules if rule.id == identifier)
    assert rule.check(replace(case, pack_digest=EU.digest)).outcome is expected


def test_a_rule_comes_over_with_the_dates_of_its_basis_and_under_its_own_check() -> None:
    (dated,) = (rule for rule in CN.rules if rule.id == "I-07")
    here = _here(replace(dated, effective_to=ON))
    assert (here.check, here.effective_from, here.effective_to) == (dated.check, GDPR, None)
    (supplier,) = (rule for rule in CN.rules if rule.id == "P-01")
    assert _here(supplier).check is supplier_verified


@pytest.mark.parametrize(
    ("basis", "day"),
    [
        ("GDPR 4(1), 87", GDPR),
        ("rec. 27 (member-state law)", GDPR),
        ("GDPR 14; DGA 12", GDPR),  # the first to apply
        ("NIS2 21; GDPR 32", GDPR),
        ("NIS2 21", dt.date(2024, 10, 18)),
        ("DGA 5; Open Data Dir.", dt.date(2021, 7, 17)),
        ("DGA 12(a)", dt.date(2023, 9, 24)),
        ("Data Act 33(1)(a); ISO/IEC 25012", dt.date(2025, 9, 12)),
        ("DSA 9, 16", dt.date(2024, 2, 17)),
        ("DSM Dir. 4", dt.date(2021, 6, 7)),
        ("Copyright/Database Dir. 96/9", dt.date(1998, 1, 1)),
        ("Trade Secrets Dir.", dt.date(2018, 6, 9)),
        ("Dir. 2019/770", dt.date(2022, 1, 1)),
        ("INSPIRE 13", dt.date(2009, 5, 15)),
        ("Directive 2007/2", dt.date(2009, 5, 15)),
        ("Reg. 2021/821", dt.date(2021, 9, 9)),
        ("ISO/IEC 25012", None),
        ("the REGDPR of nobody", None),
    ],
)
def test_a_citation_holds_from_the_day_of_the_first_act_in_it(
    basis: str, day: dt.date | None
) -> None:
    assert applies_from(basis) == day


def test_the_day_of_the_case_decides_which_acts_are_asked() -> None:
    asked = {
        year: {rule.id for rule in EU.in_force(dt.date(year, 12, 31))} for year in (2017, 2022)
    }
    later = {rule.id for rule in EU.rules} - asked[2022]
    assert {"V-01", "M-01", "Q-10", "Q-11", "T-02", "C-01", "X-03"} <= later
    assert "I-09" in asked[2022] - asked[2017]
    assert "Q-01" in asked[2017]
    assert EU.in_force(ON) == EU.rules  # no rule of this day is left out


def test_only_standards_the_law_of_the_sea_and_of_states_have_no_date() -> None:
    undated = {rule.basis["EU"] for rule in EU.rules if rule.effective_from is None}
    assert undated == UNDATED
    assert not any(rule.effective_to for rule in EU.rules)


class TestUnionPack(RulePackContract):
    pack = EU
    listing_cases = (*(c for c in CASES.values() if isinstance(c, ListingCase)),)
    trade_cases = (*(c for c in CASES.values() if isinstance(c, TradeCase)),)
    platform_cases = (platform(),)


if __name__ == "__main__":
    PAGE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
