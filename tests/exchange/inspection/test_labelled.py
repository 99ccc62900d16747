from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as stdnum_luhn
from stdnum.cn import ric, uscc

from exchange.inspection import discover_readers
from tests.exchange.inspection.labelled import CASES, THEMES, Case, Verdict
from tests.exchange.inspection.labelled.__main__ import holds, run
from tests.exchange.inspection.labelled.case import METADATA, TABLE, certain, reported
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.score import (
    KINDS,
    UNSURE,
    Outcome,
    expected_rules,
    judged,
    rules_of,
    score,
    verdict_of,
)

RULE = re.compile(r"\b[FPSIDGXCQTO]-\d\d\b")


def by_name(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def perfect(case: Case) -> Outcome:
    found = {(min(columns), label.kinds[0]): label.certain for columns, label in case.labels()}
    return Outcome(case, found)


def blind(case: Case) -> Outcome:
    return Outcome(case, {})


def tried(theme: str) -> list[Case]:
    """Return every other table of a theme; the command judges all of them."""
    return [case for case in CASES if case.theme == theme and not case.slow][::2]


def test_there_are_more_cases_than_the_bar_asks_for_and_no_two_are_called_alike() -> None:
    assert len(CASES) >= 320
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_tables_that_must_be_stopped_and_tables_that_must_not(theme: str) -> None:
    verdicts = {case.judged for case in CASES if case.theme == theme}
    assert Verdict.PASS in verdicts
    assert verdicts & {Verdict.BLOCK, Verdict.ATTEST}


def test_every_kind_stands_somewhere_for_certain_and_most_only_by_their_shape() -> None:
    labels = [label for case in CASES for _, label in case.labels()]
    sure = {kind for label in labels if label.certain for kind in label.kinds}
    shapes = {kind for label in labels if not label.certain for kind in label.kinds}
    assert sure == KINDS - UNSURE
    assert shapes >= UNSURE
    assert len(shapes) >= 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_case_has_a_reason_and_labels_for_columns_that_exist(case: Case) -> None:
    cited = RULE.findall(case.why)
    assert cited, "why names no rule"
    assert case.judged is verdict_of(expected_rules(case)), "labels and verdict disagree"
    if case.judged is not Verdict.PASS:
        # I-13 is I-09 in text, I-08 is I-10 for pseudonyms, F-05 is about the file alone.
        also = {"I-13", "I-08"}
        assert set(cited) & ({*expected_rules(case)} | also), "why is about another rule"
    if not case.slow and case.rows <= 20_000:
        made = case.made()
        assert made.columns == case.made().columns, "the same seed gives another table"
        assert len({len(cells) for cells in made.columns.values()}) == 1
        for columns, label in case.labels():
            assert columns <= {*made.columns, METADATA, TABLE}
            assert set(label.kinds) <= KINDS


def test_another_seed_draws_other_values_into_the_same_columns() -> None:
    case = by_name("a roster of a ranch")
    once, again = case.made(), case.made("again")
    assert [*once.columns] == [*again.columns]
    assert once.columns["身份证号"] != again.columns["身份证号"]


@given(st.randoms(use_true_random=False))
def test_drawn_numbers_pass_the_checks_of_an_independent_library(chance: Random) -> None:
    draw = Draw(str(chance.random()), 1)
    # The library knows since when a county has its code; all of these have had theirs by 2004.
    assert ric.is_valid(draw.resident_id(2004, 2008))
    number, wrong = draw.resident_id(), draw.wrong_resident_id()
    assert number[-1] == ric.calc_check_digit(number)
    assert wrong[-1] != ric.calc_check_digit(wrong)
    assert stdnum_luhn.is_valid(draw.card())
    assert stdnum_luhn.is_valid(draw.card(16))
    assert not stdnum_luhn.is_valid(draw.wrong_card())
    assert uscc.is_valid(draw.credit_code())


def test_the_example_of_the_standard_ends_in_the_right_character() -> None:
    # GB 11643-1999, appendix: 11010519491231002X.
    assert ric.is_valid("11010519491231002X")
    drawn = Draw("example", 1)
    assert ric.calc_check_digit(drawn.resident_id()[:17]) in "0123456789X"


@pytest.mark.slow
@pytest.mark.parametrize("theme", THEMES)
def test_the_installed_detectors_reach_every_bar(theme: str) -> None:
    readers = discover_readers()
    outcomes = [run(case, readers) for case in tried(theme)]
    missed = {each.case.name: each.misses() for each in outcomes if each.misses()}
    assert holds(score(outcomes)), missed


def test_the_tables_of_that_test_are_as_many_as_the_bar_asks_for() -> None:
    assert sum(len(tried(theme)) for theme in THEMES) >= 300


def test_perfect_findings_reach_every_bar() -> None:
    whole = score(map(perfect, CASES))
    assert (whole.precision, whole.recall, whole.rule_f1) == (1.0, 1.0, 1.0)
    assert (whole.finding_precision, whole.finding_recall, whole.verdicts) == (1.0, 1.0, 1.0)
    assert whole.unsafe == ()


def test_whoever_finds_nothing_lets_every_blocked_table_pass() -> None:
    whole = score(map(blind, CASES))
    assert whole.recall == 0
    assert len(whole.unsafe) == sum(case.judged is Verdict.BLOCK for case in CASES)


def test_a_finding_too_many_costs_precision() -> None:
    clean = by_name("a table of tides")
    block = by_name("a roster of a ranch")
    wrong = Outcome(clean, {("潮高_cm", "mobile"): True})
    whole = score([wrong, perfect(block)])
    assert (whole.precision, whole.recall, whole.unsafe) == (0.5, 1.0, ())
    assert wrong.misses() == ("finds mobile (certain) in 潮高_cm",)


def test_a_table_that_cannot_be_read_is_right_nowhere() -> None:
    whole = score([Outcome(by_name("a roster of a ranch"), {}, "broken")])
    assert (whole.recall, whole.verdicts, whole.finding_recall, whole.unsafe) == (0, 0, 0, ())


def test_what_was_only_reported_is_no_certain_finding() -> None:
    case = by_name("a roster of a ranch")
    found = {**perfect(case).found, ("手机", "mobile"): False}
    assert Outcome(case, found).misses() == (
        "misses mobile (certain) in 手机",
        "finds mobile (reported) in 手机",
    )


@pytest.mark.parametrize(
    ("column", "kind", "sure", "rules", "verdict"),
    [
        ("a", "resident_id", True, {"I-01", "I-09"}, Verdict.BLOCK),
        ("a", "resident_id", False, {"I-10"}, Verdict.ATTEST),
        ("a", "trace", True, {"I-01", "I-03", "I-11"}, Verdict.BLOCK),
        ("a", "trace", False, {"G-10"}, Verdict.ATTEST),
        ("a", "credit_code", True, set(), Verdict.PASS),
        (METADATA, "email", True, {"I-12"}, Verdict.ADVISE),
        (METADATA, "resident_id", True, {"I-01", "I-09", "I-12"}, Verdict.BLOCK),
    ],
)
def test_a_finding_fires_the_rules_that_read_it(
    column: str,
    kind: str,
    sure: bool,  # noqa: FBT001 - a row of the table
    rules: set[str],
    verdict: Verdict,
) -> None:
    fired = rules_of([(column, kind, sure)])
    assert set(fired) == rules
    assert verdict_of(fired) is verdict


def test_either_of_two_kinds_satisfies_a_label_that_allows_both() -> None:
    case = by_name("residence permits of foreigners of the 2023 form")
    for kind in ("resident_id", "permit"):
        outcome = Outcome(case, {("永久居留证号", kind): True})
        assert outcome.misses() == ()
        assert judged(outcome) is Verdict.BLOCK
        assert score([outcome]).rule_f1 == 1.0


def test_labels_say_how_sure_they_are() -> None:
    assert certain("mobile").certain
    assert not reported("mobile").certain
