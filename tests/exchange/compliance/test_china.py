"""Every rule of the Chinese pack: an example that fires, one that is clear, one undecided."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import pytest

from exchange.compliance import (
    Ancestor,
    Case,
    ListingCase,
    Method,
    Outcome,
    PlatformCase,
    Review,
    Rule,
    Severity,
    Stage,
    TradeCase,
    review_delivery,
    review_listing,
    review_platform,
    review_trade,
)
from exchange.compliance.china import PACK
from exchange.compliance.conformance import RulePackContract
from exchange.profile import SensitiveKind
from tests.exchange.compliance import examples
from tests.exchange.compliance.cases import (
    FIRED,
    ON,
    PERSONAL_SHEET,
    PROFILE,
    SCENARIO,
    SHEET,
    UNKNOWN,
    finding,
    found,
    listing,
    platform,
    section,
    trade,
)
from tests.exchange.compliance.examples.grades_and_places import INLAND

EXAMPLES: Final = examples.EXAMPLES
# Decided by the sheet, of which a case always has one: nothing can be missing.
DECIDED_BY_THE_SHEET = {"P-05", "S-01", "S-06", "S-08", "D-02"}


def review(case: Case) -> Review:
    if isinstance(case, ListingCase):
        return review_listing(case, PACK)
    if isinstance(case, TradeCase):
        return review_delivery(case, PACK)
    assert isinstance(case, PlatformCase)
    return review_platform(case, PACK)


def rule(identifier: str) -> Rule:
    return next(rule for rule in PACK.rules if rule.id == identifier)


def outcome(identifier: str, case: Case) -> Outcome:
    made = review(case)
    assert identifier in made.rules_applied
    found = (finding.outcome for finding in made.findings if finding.rule == identifier)
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
        if identifier not in DECIDED_BY_THE_SHEET or not isinstance(case, ListingCase):
            continue
        if not case.floors:  # what the operator and the ancestors say is in no sheet
            assert outcome(identifier, ListingCase(sheet=case.sheet, on=case.on)) is expected


def test_where_expert_and_system_disagree_is_told() -> None:
    told = {
        finding.message
        for identifier, expected, case in EXAMPLES
        if (identifier, expected) == ("Q-11", Outcome.FIRED)
        for finding in review(case).findings
        if finding.rule == "Q-11"
    }
    assert "system and expert are 0.1992 apart, more than 0.15" in told
    assert "system and expert are 0.1600 apart in consistency, more than 0.15" in told
    assert "system and expert differ whether timeliness passes" in told


def test_what_is_declared_otherwise_is_told_by_its_field_and_no_column_is_named() -> None:
    short = replace(PROFILE, rows=900, columns=PROFILE.columns[:1])
    sheet = section(SHEET, "physical", columns=7)
    (told,) = [f for f in review_listing(listing(sheet, short), PACK).blocking if f.rule == "Q-07"]
    assert told.message == (
        "declared and measured differ in physical.rows, physical.columns, 1 of the fields"
    )
    (alone,) = [
        f for f in review_listing(listing(sheet, PROFILE), PACK).blocking if f.rule == "Q-07"
    ]
    assert alone.message == "declared and measured differ in physical.columns"


def chapter(letter: str, numbers: int, *elsewhere: int) -> tuple[str, ...]:
    """Name the rules of a chapter of which no number is asked elsewhere."""
    return tuple(f"{letter}-{n:02}" for n in range(1, numbers + 1) if n not in elsewhere)


def test_a_clean_product_passes_every_rule() -> None:
    made = review_listing(listing(), PACK)
    assert [(f.rule, f.severity) for f in made.findings] == [("Q-09", Severity.ADVISE)]
    assert made.rules_applied == (
        *chapter("F", 8),
        *chapter("P", 5, 2),
        *chapter("S", 10),
        "R-01",
        *chapter("I", 18),
        *chapter("D", 7),
        *chapter("G", 11),
        *chapter("C", 3),
        *chapter("Q", 11),
        *("M-01", "T-05", "V-01", "O-01", "O-02"),
    )
    made.require_passed()


def test_a_clean_order_and_its_delivery_pass_every_rule() -> None:
    ordered, delivered = review_trade(trade(), PACK), review_delivery(trade(), PACK)
    assert ordered.findings == delivered.findings == ()
    asked = ("P-02", *chapter("X", 7), *chapter("T", 4), "O-03")
    assert ordered.rules_applied == asked
    assert set(delivered.rules_applied) == {*asked, "X-08", "T-06"}
    ordered.require_passed()
    delivered.require_passed()


def test_a_sound_exchange_passes_every_rule_of_its_own() -> None:
    made = review_platform(platform(), PACK)
    assert made.findings == ()
    assert made.rules_applied == ("P-03", "O-01", "O-02")


def test_every_rule_is_asked_by_some_review() -> None:
    asked = {
        name for case in (listing(), trade(), platform()) for name in review(case).rules_applied
    }
    assert asked == {rule.id for rule in PACK.rules}
    assert len(PACK.rules) == 90 + len(("R-01", "M-01", "V-01"))


def test_a_case_of_which_nothing_is_known_is_stopped_by_every_rule_that_looks() -> None:
    stopped = {f.rule for f in review_listing(ListingCase(sheet=INLAND, on=ON), PACK).blocking}
    # The sheet speaks of no such thing: nobody has to look.
    beside_the_point = {
        *("S-04", "S-07", "I-08", "D-03", "G-01", "G-04", "G-06", "G-07", "I-17", "I-18"),
    }
    advice = {rule.id for rule in PACK.rules if rule.severity is Severity.ADVISE}
    decided = DECIDED_BY_THE_SHEET | beside_the_point | advice
    assert stopped == set(review_listing(listing(), PACK).rules_applied) - decided


def test_an_order_of_which_nothing_is_known_is_stopped_by_every_rule() -> None:
    bare = review_delivery(TradeCase(sheet=INLAND, on=ON), PACK)
    assert {f.rule for f in bare.blocking} == set(bare.rules_applied) - {"O-03"}


def test_the_severities_and_methods_are_those_of_the_catalogue() -> None:
    catalogue = [rule for rule in PACK.rules if rule.id[0] not in "RMV"]
    severities = [rule.severity for rule in catalogue]
    assert [severities.count(each) for each in Severity] == [6, 50, 28, 6]
    methods = [rule.method for rule in catalogue]
    assert [methods.count(each) for each in Method] == [54, 22, 14]
    stages = [rule.stage for rule in catalogue]
    assert [stages.count(each) for each in Stage] == [8, 64, 3, 13, 2]


def test_what_an_assessor_must_answer_for_is_never_cleared_by_the_machine_alone() -> None:
    """Where a rule of method attest is clear without a signature, it does not apply at all."""
    unsigned = {
        identifier
        for identifier, expected, case in EXAMPLES
        if expected is Outcome.CLEAR
        and rule(identifier).method is Method.ATTEST
        and outcome(identifier, replace(case, attestations=())) is Outcome.CLEAR
    }
    # Q-10 is answered by the expert; the others have examples to which they do not apply.
    assert unsigned == {"S-04", "G-02", "G-05", "I-16", "I-17", "X-08", "Q-10"}


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
        ("S-07", dt.date(2025, 2, 28)),
        ("I-07", dt.date(2025, 4, 30)),
    ],
)
def test_a_rule_is_asked_from_the_day_it_is_law(identifier: str, last_day_without: dt.date) -> None:
    before = review_listing(listing(on=last_day_without), PACK)
    after = review_listing(listing(on=last_day_without + dt.timedelta(days=1)), PACK)
    assert identifier not in before.rules_applied
    assert identifier in after.rules_applied


@pytest.mark.parametrize(
    ("purpose", "evidence"), [("research", "ancestors"), ("resale", "sheet.conditions")]
)
def test_a_use_that_is_refused_is_so_by_the_sheet_before_what_it_comes_from(
    purpose: str, evidence: str
) -> None:
    """Its supplier mends the sheet; what only an ancestor refuses no sheet can mend."""
    (check,) = (rule.check for rule in PACK.rules if rule.id == "T-02")
    ancestor = Ancestor("GP-0000-0000-0000", replace(SHEET.conditions, purposes=("teaching",)))
    asked = replace(SCENARIO, purpose=purpose)
    found = check(trade(scenario=asked, ancestors=(ancestor,)))
    assert (found.outcome, found.evidence) == (FIRED, evidence)


def test_export_rules_are_asked_since_the_provisions_of_2024() -> None:
    before = review_trade(trade(on=dt.date(2024, 3, 21)), PACK)
    after = review_trade(trade(on=dt.date(2024, 3, 22)), PACK)
    assert set(after.rules_applied) - set(before.rules_applied) == set(chapter("X", 6, 1))


def test_messages_never_quote_the_data_or_name_its_columns() -> None:
    name = "李小明 13800138000"
    profile = replace(
        PROFILE,
        columns=(replace(PROFILE.columns[1], name=name),),
        sensitive=tuple(replace(finding(kind, name), embedded=3) for kind in SensitiveKind),
    )
    for made in review_listing(listing(profile=profile), PACK).findings:
        assert "李" not in made.message + made.evidence
        assert "138" not in made.message + made.evidence


# The first example of each rule and outcome: the contract bends every case in fifty ways.
ONE_EACH: Final = list(
    {(identifier, expected): case for identifier, expected, case in reversed(EXAMPLES)}.values()
)


class TestChinesePack(RulePackContract):
    pack = PACK
    listing_cases = tuple(case for case in ONE_EACH if isinstance(case, ListingCase))[::3]
    trade_cases = tuple(case for case in ONE_EACH if isinstance(case, TradeCase))
    platform_cases = tuple(case for case in ONE_EACH if isinstance(case, PlatformCase))
