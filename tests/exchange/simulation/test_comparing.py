"""Two runs beside each other: what they share, what differs, and by how much."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from exchange.cli import main
from exchange.simulation.market.reading import digest, market_of
from exchange.simulation.measures import measure
from exchange.simulation.report.comparing import (
    Verdict,
    compare,
    field_text,
    figure_texts,
    kind_text,
    write_comparison,
)
from exchange.simulation.report.headline import label
from exchange.simulation.report.words import WORDS
from exchange.simulation.run_folder import Played, write_run
from tests.exchange.simulation.made_up import RULES, empty_trace, made_up
from tests.exchange.simulation.test_report import ring
from tests.exchange.simulation.traces import product, sale, trace_of, trader
from tests.exchange.simulation.written import WHOLE


def sea(text: str = WHOLE, seed: int = 7) -> Played:
    market = market_of(text, "sea.toml")
    return Played(made_up(seed, digest=digest(market)), market)


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, Verdict.SAME),
        ({"root": "00" * 32}, Verdict.BROKEN),
        ({"depth": "fast"}, Verdict.SAME),  # both depths play to one root
        ({"days": 20, "root": "00" * 32}, Verdict.LENGTH),
        ({"seed": 8}, Verdict.SEEDS),
        ({"digest": "ef" * 32}, Verdict.MARKETS),
        ({"digest": "ef" * 32, "seed": 8}, Verdict.BOTH),
    ],
)
def test_what_two_runs_share_is_said(facts: dict[str, object], verdict: Verdict) -> None:
    assert compare(Played(empty_trace()), Played(empty_trace(**facts))).verdict is verdict


def test_fields_that_differ_are_named_with_both_values() -> None:
    cheaper = WHOLE.replace("fee_ppm = 30_000", "fee_ppm = 5_000").replace(
        'name = "buoy"', 'name = "buoy"\nrows = 9'
    )
    found = compare(sea(), sea(cheaper))
    assert {(each.field, each.before, each.after) for each in found.changes or ()} == {
        ("house.fee_ppm", 30_000, 5_000),
        ("kinds.buoy.rows", 6, 9),
    }
    assert compare(sea(), sea()).changes == ()
    assert compare(sea(), Played(made_up())).changes is None
    assert [field_text(each, "en") for each in (None, True, 30_000, 0.5)] == [
        "(absent)",
        "true",
        "30,000",
        "0.5",
    ]


def test_figures_stand_side_by_side_with_their_difference() -> None:
    found = compare(Played(empty_trace()), Played(made_up()))
    by_key = {each.key: each for each in found.figures if not each.kind}
    trades = by_key["trades"]
    assert (trades.before, trades.difference) == (0, trades.after)
    assert figure_texts(trades, "en") == ("0", "277", "+277")
    assert figure_texts(by_key["match_rate"], "en")[2] == "–"  # nobody came: no rate, no difference
    assert {each.kind for each in found.figures} == {"", "tides", "radar", "=cmd"}
    same = compare(Played(made_up()), Played(made_up()))
    assert {figure_texts(each, "en")[2] for each in same.figures} <= {"the same", "–"}


def test_what_a_policy_changes_stands_beside_the_headlines() -> None:
    one, other = Played(made_up()), Played(ring())
    found = {each.key: each for each in compare(one, other).figures if not each.kind}
    refused = dict(measure(one.trace).trade_refusals)
    assert len(refused) == len(RULES)
    for rule, count in refused.items():
        beside = found[f"refusals.trade.{rule}"]
        assert beside.before == count
        assert label(beside.words, "zh") == f"各规则的拒绝 · 交易 · {rule}"
    assert found["refusals.gate.Q-10"].before == 2
    endings = dict(measure(other.trace).endings)
    assert found["endings.declined"].after == endings["declined"]
    assert label(found["endings.declined"].words, "en").endswith(
        "· declined: the price was too high"
    )
    alerts, recall = (found[f"surveillance.wash.{each}"] for each in ("alerts", "recall"))
    assert (alerts.before, alerts.after) == (0, 1)
    assert (recall.before, recall.after) == (0, 1)
    assert found["surveillance.wash.delay"].after == measure(other.trace).sightings[0].delay
    assert "surveillance.exclusivity.recall" not in found  # none was planted in either
    page = write_comparison(compare(one, other), ("a", "b")).decode()
    assert "二选一" not in page
    assert f"wash trades · {WORDS['precision'][1]}" in page


def test_shared_proceeds_and_filed_deals_stand_side_by_side() -> None:
    people = [trader("s", "supplier"), trader("b", "buyer")]
    half = trace_of(
        1,
        participants=people,
        products=[product("k", 0)],
        wishes=[
            sale(0, 1, 0, value=9, amount=30),
            sale(0, 1, 0, value=9, amount=10, ending="filed", way="deal"),
        ],
        shares=[
            {"product": 0, "contributor": "c", "declared": 500_000, "got": 30},
            {"product": 0, "contributor": "d", "declared": 500_000, "got": 10},
        ],
    )
    figures = compare(Played(trace_of(1, participants=people)), Played(half)).figures
    found = {each.key: (each.before, each.after) for each in figures if not each.kind}
    assert found["filed_share"] == (None, 0.25)
    assert found["shared"] == (0, 40)
    assert found["misplaced_share"] == (None, 0.25)
    assert found["worst_share"] == (None, 0.5)


def test_the_page_says_the_verdict_in_both_languages() -> None:
    page = write_comparison(compare(sea(), sea(seed=9)), ("a<b", "c")).decode()
    assert "chance alone makes the difference" in page
    assert "差异只来自机遇" in page
    assert "A · a&lt;b" in page
    assert "guapai simulate run &#x27;a&lt;b/market.toml&#x27; --seed 7 " in page
    assert "guapai simulate run c/market.toml --seed 9 " in page


def test_kinds_are_named_as_their_market_names_them() -> None:
    found = compare(Played(made_up()), sea())
    names = [kind_text(found, kind, "zh") for kind in ("", "buoy", "tides")]
    assert names == ["全市场", "浮标", "tides"]


def test_runs_that_ought_to_be_the_same_and_are_not_end_with_one(tmp_path: Path) -> None:
    write_run(Played(made_up()), tmp_path / "a")
    write_run(Played(made_up(root="00" * 32)), tmp_path / "b")
    run = CliRunner().invoke
    a, b = str(tmp_path / "a"), str(tmp_path / "b")
    same = run(main, ["simulate", "compare", a, a, "--json"])
    assert (same.exit_code, json.loads(same.stdout)["verdict"]) == (0, "same")
    broken = run(main, ["simulate", "compare", a, b, "--out", str(tmp_path / "c.html")])
    assert broken.exit_code == 1
    assert "one of the runs does not repeat" in broken.stdout.replace("\n", " ")
    assert (tmp_path / "c.html").read_bytes().startswith(b"<!doctype html>")
    assert run(main, ["simulate", "compare", a, str(tmp_path)]).exit_code == 2


def test_a_run_is_told_and_exported_from_the_command_line(tmp_path: Path) -> None:
    write_run(sea(), tmp_path / "a")
    run = CliRunner().invoke
    a, csv = str(tmp_path / "a"), str(tmp_path / "csv")
    assert run(main, ["simulate", "report", a, "--lang", "en"]).exit_code == 0
    assert b"Sea market" in (tmp_path / "a" / "report.html").read_bytes()
    assert run(main, ["simulate", "export", a, "--out", csv]).exit_code == 0
    assert run(main, ["simulate", "compare", a, csv]).exit_code == 0
    refused = run(main, ["simulate", "export", a, "--out", a])
    assert (refused.exit_code, "--out: another folder" in refused.stderr) == (2, True)
