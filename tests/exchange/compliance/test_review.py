"""What decides, and everything that must not let a case pass by accident."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.compliance import (
    Answer,
    Attestation,
    ListingCase,
    Opinion,
    Outcome,
    Party,
    QualityReview,
    Rule,
    RulePack,
    Severity,
    Stage,
    clear,
    fired,
    review_listing,
    review_trade,
    unknown,
)
from exchange.compliance.catalogue.merits import SCORES_APART_MAX, scores_agree
from exchange.compliance.china import PACK
from exchange.compliance.conformance import not_monotone
from exchange.compliance.review import ask
from exchange.errors import NotCompliant
from exchange.grading import Grade
from exchange.participants import Role, Standing
from exchange.profile import SensitiveKind
from exchange.quality.weak import FLOOR
from exchange.records import read_record, to_record
from ledger.canonical import encode
from tests.exchange.compliance.cases import (
    ASSESSOR,
    ATTESTED,
    EXPERT,
    ON,
    PERSONAL_SHEET,
    PROFILE,
    REVIEWERS,
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
from tests.exchange.compliance.examples import merits


def rule(answer: Answer | None = None, **changes: Any) -> Rule:
    made = Rule(
        id="Z-01",
        statement="It is so",
        basis={"CN": "an article"},
        severity=Severity.BLOCK,
        check=lambda _: answer or clear(),
        evidence="none",
    )
    return replace(made, **changes)


def pack(*rules: Rule) -> RulePack:
    return RulePack("test", "CN", "1", rules)


def fails(_: object) -> Answer:
    raise LookupError("李小明 110101199003070000")


def test_an_empty_pack_refuses() -> None:
    review = review_listing(listing(), pack())
    assert not review.passed
    with pytest.raises(NotCompliant, match="no compliance rule was applied"):
        review.require_passed()


def test_a_pack_with_no_rule_in_force_or_of_the_stage_refuses() -> None:
    future = rule(effective_from=ON + dt.timedelta(days=1))
    past = rule(effective_to=ON - dt.timedelta(days=1))
    for only in (future, past, rule(stage=Stage.TRADE)):
        assert not review_listing(listing(), pack(only)).passed
    assert not review_trade(trade(), pack(rule())).passed


def test_a_rule_is_in_force_on_its_first_and_on_its_last_day() -> None:
    assert review_listing(listing(), pack(rule(effective_from=ON, effective_to=ON))).passed


@pytest.mark.parametrize("severity", list(Severity))
def test_a_rule_that_raises_is_not_evaluated_and_blocks(severity: Severity) -> None:
    review = review_listing(listing(), pack(rule(severity=severity, check=fails)))
    (only,) = review.blocking
    assert only.outcome is Outcome.NOT_EVALUATED
    assert only.message == "raised LookupError"
    assert not review.passed


def ends_the_process(_: object) -> Answer:
    raise SystemExit(3)


def answers_without_words(_: object) -> Answer:
    return Answer(Outcome.CLEAR, None, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("check", "words"),
    [(ends_the_process, "raised SystemExit"), (answers_without_words, "raised TypeError")],
)
def test_a_rule_that_would_end_the_exchange_or_says_nothing_is_broken(
    check: Callable[[object], Answer], words: str
) -> None:
    broken = rule(check=check)
    (only,) = review_listing(listing(), pack(broken)).blocking
    assert (only.message, only.broken) == (words, True)
    assert ask(broken, listing(), pack(broken)) == only


def test_who_stops_the_exchange_while_a_rule_is_asked_stops_it() -> None:
    def interrupted(_: object) -> Answer:
        raise KeyboardInterrupt

    stopped = rule(check=interrupted)
    with pytest.raises(KeyboardInterrupt):
        review_listing(listing(), pack(stopped))
    with pytest.raises(KeyboardInterrupt):
        ask(stopped, listing(), pack(stopped))


def test_a_rule_that_answers_with_something_else_blocks() -> None:
    for nonsense in (None, True, Answer("yes")):  # type: ignore[arg-type]
        broken = rule(check=lambda _, nonsense=nonsense: nonsense)
        (only,) = review_listing(listing(), pack(broken)).blocking
        assert only.outcome is Outcome.NOT_EVALUATED


@pytest.mark.parametrize("severity", [Severity.REJECT, Severity.BLOCK, Severity.ATTEST])
@pytest.mark.parametrize("answer", [fired("no"), unknown("nobody looked")])
def test_fired_and_not_evaluated_both_stop_the_case(severity: Severity, answer: Answer) -> None:
    review = review_listing(listing(), pack(rule(answer, severity=severity)))
    assert not review.passed
    with pytest.raises(NotCompliant) as caught:
        review.require_passed()
    assert caught.value.rules == ("Z-01",)
    assert str(caught.value) == f"Z-01: {answer.message}"


def test_advice_stops_nothing() -> None:
    review = review_listing(listing(), pack(rule(fired("beware"), severity=Severity.ADVISE)))
    assert [finding.rule for finding in review.findings] == ["Z-01"]
    review.require_passed()


def test_the_strictest_finding_is_told_first() -> None:
    severities = [Severity.ATTEST, Severity.REJECT, Severity.BLOCK]
    rules = (rule(fired("no"), id=severity, severity=severity) for severity in severities)
    blocking = review_listing(listing(), pack(*rules)).blocking
    assert [finding.rule for finding in blocking] == ["reject", "block", "attest"]


def test_a_finding_carries_its_basis_its_evidence_and_what_unlocks_it() -> None:
    made = rule(fired("no", "sheet"), unlock="a paper", basis={"CN": "article 1", "EU": "2"})
    (only,) = review_listing(listing(), pack(made)).findings
    assert (only.basis, only.evidence, only.unlock) == ("article 1", "sheet", "a paper")


def test_what_only_looks_like_an_answer_is_not_told_as_one() -> None:
    alike = rule(SimpleNamespace(outcome=Outcome.CLEAR, message="", evidence=""))  # type: ignore[arg-type]
    told = ask(alike, listing(), pack(alike))
    assert (told.outcome, told.blocks) == (Outcome.NOT_EVALUATED, True)
    assert ask(rule(), listing(), pack(rule())).outcome is Outcome.CLEAR


def test_a_clear_answer_keeps_its_words_and_its_evidence() -> None:
    for answer in (clear("seen"), clear(evidence="chain version 7"), clear("seen", "there")):
        told = ask(rule(answer), listing(), pack(rule()))
        assert (told.message, told.evidence) == (answer.message, answer.evidence)
    assert clear("seen").message == "seen"
    assert clear(evidence="there").evidence == "there"


def test_long_numbers_of_a_plug_in_are_struck_out() -> None:
    (only,) = review_listing(
        listing(), pack(rule(fired("call 13800138000 or 1380013800", "cell 13800138000")))
    ).findings
    assert only.message == "call … or 1380013800"
    assert only.evidence == "cell …"


def test_a_review_names_the_pack_and_the_day_and_fits_an_entry() -> None:
    review = review_listing(listing(open_disputes=None), PACK)
    assert (review.pack_digest, review.on) == (PACK.digest, ON)
    assert encode(to_record(review))


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("made under another rule pack", {"rule_pack": "0" * 64}),
        ("made for another sheet", {"sheet": "0" * 64}),
        ("made for other data", {"data": "0" * 64}),
        ("expired", {"valid_until": ON - dt.timedelta(days=1)}),
        ("expired", {"issued_on": ON - dt.timedelta(days=367)}),
        ("issued after the day of the case", {"issued_on": ON + dt.timedelta(days=1)}),
        ("signed by nobody known", {"assessor": "id-stranger"}),
    ],
)
def test_an_attestation_that_does_not_bind_does_not_count(
    reason: str, changes: dict[str, Any]
) -> None:
    review = review_listing(listing(attestations=(attestation(SHEET, **changes),)), PACK)
    messages = {finding.rule: finding.message for finding in review.blocking}
    assert messages["T-05"] == f"no attestation holds; chain version 7: {reason}"
    assert messages.keys() == {"T-05", *ATTESTED}


@pytest.mark.parametrize(
    "changes",
    [{"valid_until": ON}, {"issued_on": ON}, {"issued_on": ON - dt.timedelta(days=366)}],
)
def test_an_attestation_counts_to_the_last_day(changes: dict[str, Any]) -> None:
    assert review_listing(listing(attestations=(attestation(SHEET, **changes),)), PACK).passed


@pytest.mark.parametrize(
    ("reason", "reviewer"),
    [
        ("not an admitted compliance-assessor", replace(ASSESSOR, standing=Standing.SUSPENDED)),
        (
            "not an admitted compliance-assessor",
            replace(ASSESSOR, roles=frozenset({Role.QUALITY_EXPERT})),
        ),
        ("by the supplier itself", replace(ASSESSOR, credit_code=SUPPLIER.credit_code)),
        ("by nobody known", replace(ASSESSOR, id="id-impostor")),
    ],
)
def test_an_attestation_by_the_wrong_hand_does_not_count(reason: str, reviewer: Any) -> None:
    case = listing(reviewers={**REVIEWERS, ASSESSOR.id: reviewer})
    messages = {f.rule: f.message for f in review_listing(case, PACK).blocking}
    assert reason in messages["T-05"]
    assert "C-01" in messages


def test_a_supplier_with_an_assessors_role_does_not_assess_itself() -> None:
    both = replace(SUPPLIER, roles=frozenset({Role.SUPPLIER, Role.COMPLIANCE_ASSESSOR}))
    act = attestation(SHEET, assessor=both.id)
    case = listing(supplier=both, reviewers={**REVIEWERS, both.id: both}, attestations=(act,))
    assert "T-05" in {finding.rule for finding in review_listing(case, PACK).blocking}


def test_an_attestation_clears_only_the_rules_it_lists() -> None:
    case = listing(attested=tuple(rule for rule in ATTESTED if rule not in {"C-02", "G-03"}))
    assert {f.rule for f in review_listing(case, PACK).blocking} == {"C-02", "G-03"}


def test_what_an_assessor_passed_in_two_acts_counts_together() -> None:
    first, second = ATTESTED[:3], ATTESTED[3:]
    acts = attestation(SHEET, rules=first, version=5), attestation(SHEET, rules=second, version=6)
    assert review_listing(listing(attestations=acts), PACK).passed


def test_a_licence_counts_on_its_last_day() -> None:
    for on, passes in ((ON, True), (ON - dt.timedelta(days=1), False)):
        case = listing()
        assessor = replace(case.reviewers[ASSESSOR.id], licensed_until=on)
        case = replace(case, reviewers={**case.reviewers, ASSESSOR.id: assessor})
        assert review_listing(case, PACK).passed is passes


def test_one_refusal_is_told_where_two_assessors_are_asked_for() -> None:
    no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("C-02",))
    bound = replace(listing(attestations=(no,)), pack_digest=PACK.digest)
    assert bound.signed("C-02", clear(), assessors=2).outcome is Outcome.FIRED


def test_before_anybody_has_vetted_there_is_no_decision() -> None:
    assert replace(listing(), vettings=None).latest_vetting is None


def test_a_refusal_is_not_outvoted_by_another_assessor() -> None:
    other = participant("other", "91370200MA0000009X", Role.COMPLIANCE_ASSESSOR)
    no = attestation(SHEET, assessor=other.id, outcome=Opinion.REFUSED, rules=("C-02",), version=3)
    case = listing(attestations=(no, attestation(SHEET)), reviewers={**REVIEWERS, other.id: other})
    assert {f.rule for f in review_listing(case, PACK).blocking} == {"C-02", "T-05"}


def test_a_refusal_holds_until_it_has_run_out_and_no_shorter() -> None:
    old = {"issued_on": ON - dt.timedelta(days=400), "outcome": Opinion.REFUSED}
    other = participant("other", "91370200MA0000009X", Role.COMPLIANCE_ASSESSOR)
    for until, passes in ((ON, False), (ON - dt.timedelta(days=1), True)):
        no = attestation(SHEET, assessor=other.id, valid_until=until, rules=("Q-01",), **old)
        case = listing(
            attestations=(no, attestation(SHEET)), reviewers={**REVIEWERS, other.id: other}
        )
        assert review_listing(case, PACK).passed is passes


def test_an_assessor_may_change_its_mind_in_both_directions() -> None:
    no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("C-02",))
    yes = attestation(SHEET)
    pairs = {
        True: (replace(no, version=1), replace(yes, version=2)),
        False: (replace(yes, version=1), replace(no, version=2)),
    }
    for passes, acts in pairs.items():
        assert review_listing(listing(attestations=acts), PACK).passed is passes


def test_a_refusal_stands_until_every_rule_of_it_was_passed() -> None:
    no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("C-01", "C-02"), version=2)
    most = tuple(rule for rule in ATTESTED if rule != "C-02")
    told = attestation(SHEET, rules=most, version=3)
    rest = attestation(SHEET, rules=("C-02",), version=4)
    for acts, stopped in (
        ((told, no), {"C-01", "C-02", "T-05"}),
        ((rest, no), {"C-01", "C-02", "T-05"}),
        ((rest, told, no), set()),
        ((replace(rest, version=1), told, no), {"C-01", "C-02", "T-05"}),
    ):
        case = listing(attestations=acts)
        blocking = {finding.rule for finding in review_listing(case, PACK).blocking}
        assert blocking & {"C-01", "C-02", "T-05"} == stopped


def test_only_a_pass_that_counts_ends_a_refusal() -> None:
    no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("C-02",), version=1)
    other = participant("other", "91370200MA0000009X", Role.COMPLIANCE_ASSESSOR)
    theirs = attestation(SHEET, assessor=other.id)  # passes it whole, and ends no word of others
    reviewers = {**REVIEWERS, other.id: other}
    for changes in (
        {"sheet": "0" * 64},
        {"data": "0" * 64},
        {"rule_pack": "0" * 64},
        {"valid_until": ON - dt.timedelta(days=1)},
        {"issued_on": ON + dt.timedelta(days=1)},
        {"assessor": EXPERT.id},
    ):
        later = replace(attestation(SHEET, version=2), **changes)
        case = listing(attestations=(later, no, theirs), reviewers=reviewers)
        stopped = {finding.rule for finding in review_listing(case, PACK).blocking}
        assert stopped == {"C-02", "T-05"}, changes


def test_only_a_refusal_of_this_product_that_was_made_by_then_ends_a_pass() -> None:
    yes = attestation(SHEET, version=1)
    for changes, passes in (
        ({"sheet": "0" * 64}, True),
        ({"data": "0" * 64}, True),
        ({"issued_on": ON + dt.timedelta(days=1)}, True),
        ({"issued_on": ON}, False),
        ({"issued_on": ON, "rule_pack": "0" * 64}, False),
        ({"valid_until": ON - dt.timedelta(days=1)}, False),
        ({"rule_pack": "0" * 64}, False),
    ):
        no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("C-02",), version=2)
        later = replace(no, **changes)
        assert review_listing(listing(attestations=(later, yes)), PACK).passed is passes, changes


def test_what_an_earlier_pack_worded_otherwise_is_not_waited_for() -> None:
    """Nobody can pass a rule that the pack has no longer: its refusal ends with any later pass."""
    no = attestation(SHEET, outcome=Opinion.REFUSED, rules=("Z-01",), version=8, rule_pack="1" * 64)
    other = participant("other", "91370200MA0000009X", Role.COMPLIANCE_ASSESSOR)
    theirs = attestation(SHEET, assessor=other.id)
    case = listing(
        attestations=(no, theirs),
        carried={"1" * 64: ()},
        reviewers={**REVIEWERS, other.id: other},
    )
    assert {"T-05"} == {finding.rule for finding in review_listing(case, PACK).blocking}
    case = replace(case, attestations=(attestation(SHEET, version=9), no, theirs))
    assert review_listing(case, PACK).passed
    kept = replace(case, carried={"1" * 64: ("Z-01",)})
    assert {"T-05"} == {finding.rule for finding in review_listing(kept, PACK).blocking}


def test_a_report_on_other_data_does_not_count() -> None:
    other = listing(profile=replace(PROFILE, data="0" * 64))
    case = listing(quality=other.quality)
    blocking = {finding.rule for finding in review_listing(case, PACK).blocking}
    assert blocking == {"Q-01", "Q-02", "Q-03", "Q-04", "Q-05", "Q-11"}


def test_what_is_late_is_told_with_the_period_that_it_should_keep() -> None:
    case = listing(profile=merits.STALE)
    (late,) = [each for each in review_listing(case, PACK).findings if each.rule == "Q-05"]
    assert late.message.startswith("timeliness is 0.")
    assert late.message.endswith(", below 1")


def test_a_case_may_not_bring_its_own_pack_digest() -> None:
    act = attestation(SHEET, rule_pack="0" * 64)
    case = listing(attestations=(act,), pack_digest="0" * 64)
    assert "T-05" in {finding.rule for finding in review_listing(case, PACK).blocking}


def test_core_data_is_never_unlocked() -> None:
    every = tuple(rule.id for rule in PACK.rules)
    case = listing(replace(SHEET, grade=Grade.CORE), attested=every)
    assert "D-02" in {finding.rule for finding in review_listing(case, PACK).blocking}


def test_undeclared_personal_data_is_blocked_whatever_an_assessor_signs() -> None:
    every = tuple(rule.id for rule in PACK.rules)
    case = listing(profile=found(finding(SensitiveKind.RESIDENT_ID)), attested=every)
    blocking = {finding.rule for finding in review_listing(case, PACK).blocking}
    assert {"I-01", "I-02", "I-06", "I-09"} <= blocking


def test_attestations_and_reviews_are_read_back_as_they_were_written() -> None:
    act = attestation(SHEET)
    assert read_record(Attestation, to_record(act)) == act
    review = listing().reviews[0]
    assert read_record(QualityReview, to_record(review)) == review


findings = st.builds(
    finding,
    st.sampled_from(SensitiveKind),
    st.sampled_from(["speed", "(metadata)"]),
    certain=st.booleans(),
)
sheets = st.builds(
    lambda sheet, grade, release, licence: section(
        replace(sheet, grade=grade, licence=licence), "conditions", public_release=release
    ),
    st.sampled_from(
        [SHEET, PERSONAL_SHEET, section(PERSONAL_SHEET, "personal_data", consent_evidence="")]
    ),
    st.sampled_from(Grade),
    st.booleans(),
    st.sampled_from(["proprietary", "CC-BY-4.0", "CC-BY-NC-4.0"]),
)
rule_ids = st.lists(st.sampled_from([rule.id for rule in PACK.rules]), unique=True).map(tuple)


@st.composite
def cases(draw: st.DrawFn) -> ListingCase:
    profile = replace(
        found(*draw(st.lists(findings, max_size=4))),
        encoding=draw(st.sampled_from([None, "utf-8", "latin-1"])),
        duplicate_rows=draw(st.integers(0, 1_000)),
    )
    case = listing(
        draw(sheets),
        profile,
        attested=draw(rule_ids),
        open_disputes=draw(st.sampled_from([None, 0, 1])),
        notice_ended=draw(st.sampled_from([None, False, True])),
    )
    outcome = draw(st.sampled_from(Opinion))
    acts = tuple(replace(act, outcome=outcome) for act in case.attestations)
    return replace(case, attestations=acts)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_evidence_never_hurts_and_findings_and_gaps_never_help(case: ListingCase) -> None:
    assert list(not_monotone(PACK, case)) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, True),
        ({"name": ""}, False),
        ({"public_key": ""}, False),
        ({"name": "", "public_key": ""}, False),
    ],
)
def test_a_party_is_named_by_a_name_and_a_key_on_record(
    changes: dict[str, Any], *, named: bool
) -> None:
    assert Party.of(replace(ASSESSOR, **changes)).named is named
    assert not Party.of(ASSESSOR.erased()).named


def test_parties_of_one_code_are_one_organisation_by_the_least_id() -> None:
    one = replace(ASSESSOR, id="id-b", handle="b")
    other = replace(ASSESSOR, id="id-a", handle="a")
    assert Party.of(one, (one, other)).organisation == "id-a"
    assert Party.of(other, (one, other)).organisation == "id-a"
    assert Party.of(one).organisation == "id-b"


SCORES = st.integers(50, 100).map(lambda n: Decimal(n) / 100)


@given(SCORES, st.dictionaries(st.sampled_from(["accuracy", "completeness"]), SCORES))
@settings(max_examples=200)
def test_one_expert_is_enough_where_no_score_and_no_verdict_is_another(
    whole: Decimal, scores: dict[str, Decimal]
) -> None:
    case = merits.failing_accuracy(str(whole), **{name: str(each) for name, each in scores.items()})
    report = case.measured_quality
    assert report is not None
    system = {each.name: each.ratio for each in report.measured}
    apart = [
        abs(whole - report.score),
        *(abs(each - system[name]) for name, each in scores.items()),
    ]
    alike = all((each >= FLOOR) is (system[name] >= FLOOR) for name, each in scores.items())
    agree = max(apart) <= SCORES_APART_MAX and alike
    assert scores_agree(case).outcome is (Outcome.CLEAR if agree else Outcome.FIRED)
