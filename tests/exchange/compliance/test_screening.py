"""Listings of elsewhere before a strict gate: only what they say is an answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.compliance import Outcome, Rule, RulePack, Severity, Stage, clear, fired
from exchange.compliance.china import PACK
from exchange.compliance.screening import Screening, Standing, overview, screen
from exchange.errors import BadField
from exchange.formats.listings import read_listings
from exchange.grading import Grade

TODAY = dt.date(2026, 11, 27)
BASIC = {
    "name": "企业用电信息",
    "sector": "能源",
    "industry": "电力",
    "description": "按区县汇总",
    "keywords": ["用电"],
    "type": "dataset",
}


def draft(sheet: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a draft as an import leaves it."""
    return {
        "id": "ab" * 32,
        "source": "guiyang",
        "title": "企业用电信息",
        "supplier": "贵州电网",
        "price": "面议",
        "missing": ["licence", "rights"],
        "sheet": {"basic": BASIC} if sheet is None else sheet,
        "claims": [],
    } | changes


def word(found: Screening, rule: str) -> tuple[Outcome, str]:
    (said,) = [each for each in found.words if each.rule == rule]
    return said.outcome, said.missing


def test_a_listing_that_says_core_data_would_never_list() -> None:
    found = screen(draft({"basic": BASIC, "grade": "core"}), PACK, TODAY)
    assert word(found, "D-02") == (Outcome.FIRED, "")
    assert found.standing is Standing.NEVER


def test_a_listing_that_does_not_say_its_grade_is_not_taken_for_general() -> None:
    found = screen(draft(), PACK, TODAY)
    assert word(found, "D-02") == (Outcome.NOT_EVALUATED, "grade")
    assert found.standing is Standing.SILENT


def test_a_stated_grade_answers_the_rules_that_ask_for_it() -> None:
    found = screen(draft({"basic": BASIC, "grade": "general-2"}), PACK, TODAY)
    assert word(found, "D-02") == (Outcome.CLEAR, "")


def test_nothing_that_needs_the_bytes_or_a_signature_is_answered() -> None:
    found = screen(draft({"basic": BASIC, "grade": "general-1"}), PACK, TODAY)
    answered = {each.rule for each in found.words if each.outcome is not Outcome.NOT_EVALUATED}
    assert answered.isdisjoint({"F-05", "F-07", "I-01", "I-09", "P-01", "Q-07", "Q-10", "T-05"})


def test_a_field_within_a_section_is_named_by_its_path() -> None:
    described = {name: BASIC[name] for name in BASIC if name != "type"}
    found = screen(draft({"basic": {**described, "description": "海洋预报"}}), PACK, TODAY)
    assert word(found, "G-04") == (Outcome.NOT_EVALUATED, "basic.type")


def test_an_optional_field_that_is_not_said_is_no_default() -> None:
    # `approvals` is empty on a sheet that says nothing: an answer there, not here.
    found = screen(draft({"basic": BASIC, "grade": "important"}), PACK, TODAY)
    assert word(found, "D-03") == (Outcome.NOT_EVALUATED, "approvals")


def test_whether_a_listing_is_whole_is_asked_until_it_says_no_more() -> None:
    found = screen(draft(), PACK, TODAY)
    assert word(found, "M-01") == (Outcome.NOT_EVALUATED, "content")
    less = {name: BASIC[name] for name in BASIC if name != "keywords"}
    assert word(screen(draft({"basic": less}), PACK, TODAY), "M-01") == (
        Outcome.NOT_EVALUATED,
        "basic.keywords",
    )


def test_a_draft_that_no_sheet_could_hold_is_refused_by_its_field() -> None:
    with pytest.raises(BadField, match="grade"):
        screen(draft({"basic": BASIC, "grade": "secret"}), PACK, TODAY)


def test_a_day_without_a_rule_in_force_is_refused() -> None:
    with pytest.raises(BadField, match="no rule in force"):
        screen(draft(), replace(PACK, rules=()), TODAY)


def test_a_rule_that_raises_is_not_evaluated_and_quotes_nothing() -> None:
    def broken(_: object) -> Any:
        raise RuntimeError("13800138000")

    rule = Rule("Z-01", "so", {"CN": "an article"}, Severity.BLOCK, broken, "none")
    found = screen(draft(), RulePack("test", "CN", "1", (rule,)), TODAY)
    assert [(each.outcome, each.message) for each in found.words] == [
        (Outcome.NOT_EVALUATED, "raised RuntimeError")
    ]


def test_trade_rules_are_not_asked_of_a_listing() -> None:
    rules = tuple(
        Rule(name, "so", {"CN": "x"}, Severity.ADVISE, lambda _: fired("no"), "none", stage=stage)
        for name, stage in (("Z-01", Stage.TRADE), ("Z-02", Stage.LISTING))
    )
    found = screen(draft(), RulePack("test", "CN", "1", rules), TODAY)
    assert [each.rule for each in found.words] == ["Z-02"]
    assert found.standing is Standing.SILENT  # advice refuses nothing


def test_an_overview_counts_by_source_and_names_the_most_frequent_first() -> None:
    found = [
        screen(draft({"basic": BASIC, "grade": "core"}, claims=["core"]), PACK, TODAY),
        screen(draft(missing=["rights"]), PACK, TODAY),
        screen(draft(source="shanghai", missing=[]), PACK, TODAY),
    ]
    whole = overview(found)
    assert (whole.listings, whole.silent_on) == (3, 1)
    assert whole.standings == {Standing.SILENT: 2, Standing.NEVER: 1}
    assert list(whole.missing.items()) == [("rights", 2), ("licence", 1)]
    assert (whole.claims, whole.fired) == ({"core": 1}, {"D-02": 1})
    assert overview(found, "shanghai").listings == 1
    assert overview([], "nobody").silent_on == 0


@given(st.sampled_from([*Grade, None]), st.booleans())
def test_saying_less_never_makes_a_rule_clear(grade: Grade | None, described: bool) -> None:  # noqa: FBT001 - hypothesis draws it
    more: dict[str, Any] = {"basic": BASIC, "grade": str(grade)} if grade else {"basic": BASIC}
    less = {} if described else {"basic": BASIC}
    clearer = {e.rule for e in screen(draft(more), PACK, TODAY).said(Outcome.CLEAR)}
    assert {e.rule for e in screen(draft(less), PACK, TODAY).said(Outcome.CLEAR)} <= clearer


def test_a_pack_of_clear_rules_leaves_a_listing_silent() -> None:
    rule = Rule("Z-01", "so", {"CN": "x"}, Severity.BLOCK, lambda _: clear(), "none")
    assert screen(draft(), RulePack("t", "CN", "1", (rule,)), TODAY).standing is Standing.SILENT


def test_what_the_gate_says_of_the_real_listings(real_data: Path) -> None:
    found = [
        screen(each, PACK, TODAY)
        for path in sorted((real_data / "listings").glob("*.csv"))
        for each in read_listings(path, source=path.stem)
    ]
    whole = overview(found)
    assert whole.listings == 447 + 838 + 669
    # The 21 that Zhejiang classifies as core data, and no other.
    assert whole.standings[Standing.NEVER] == whole.fired["D-02"] == whole.claims["core"] == 21
    assert overview(found, "zhejiang").fired["D-02"] == 21
    for field in ("sources", "rights", "licence", "conditions.purposes", "delivery.ways"):
        assert whole.missing[field] == whole.listings
    assert whole.unasked["I-01"] == whole.unasked["M-01"] == whole.listings
    assert all(each.missing for each in found)  # none says all that a sheet asks for
