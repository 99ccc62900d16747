"""The commands that play a market and tell one of its trades again."""

from __future__ import annotations

import html
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import Result

from exchange.cli.simulate_run import Pace
from exchange.simulation.kernel import Progress
from exchange.simulation.run_folder import read_run
from tests.exchange.cli.guapai import Guapai

MARKET = """
name = "stall"
title = { zh = "小摊", en = "Stall" }
days = 2
seed = 7

[about]
zh = "一个供方，几个买方。"
en = "One supplier and a few buyers."

[[kinds]]
name = "buoys"
title = { zh = "浮标", en = "Buoys" }
price = { law = "fixed", value = "1000.00 CNY" }
quality = { law = "fixed", value = 0.9 }

[[suppliers]]
name = "stations"
count = 1
offers = { buoys = 1 }

[[buyers]]
name = "firms"
count = 4
wants = { buoys = 1.0 }
budget = { law = "fixed", value = "5000.00 CNY" }
value = { law = "fixed", value = "2000.00 CNY" }
arrivals = 0.5
"""


@dataclass
class Played:
    guapai: Guapai
    market: Path
    folder: Path
    result: Result


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    folder = tmp_path_factory.mktemp("stall")
    market, out, guapai = folder / "stall.toml", folder / "run", Guapai(folder)
    market.write_text(MARKET)
    result = guapai("simulate", "run", market, "--seed", 11, "--out", out)
    return Played(guapai, market, out, result)


def test_the_seed_is_printed_first_and_the_next_step_last(played: Played) -> None:
    lines = played.result.stdout.splitlines()
    assert lines[:2] == ["seed 11", "1 of 1 products were listed"]
    assert "verified" in lines
    last = played.result.stderr.splitlines()[-1]
    assert last.startswith(f"next: guapai simulate report {played.folder}; ")


def test_clerks_write_a_fast_run_up_and_change_nothing(played: Played, tmp_path: Path) -> None:
    line = ("simulate", "run", played.market, "--seed", 11, "--clerks", 1)
    problem = played.guapai.error(*line, "--out", tmp_path / "full", code=2)
    assert problem["detail"] == "--clerks: there are clerks in the fast depth alone"
    assert not (tmp_path / "full").exists()
    found = played.guapai.json(*line, "--depth", "fast", "--out", tmp_path / "fast")
    assert found["root"] == read_run(played.folder).trace.root


RING = """
[[misconduct]]
conduct = "wash"
suppliers = "stations"
count = 1
strength = 100
"""


def test_a_market_whose_ring_holds_more_than_an_account_leaves_no_folder(tmp_path: Path) -> None:
    path, out = tmp_path / "stall.toml", tmp_path / "run"
    path.write_text(MARKET.replace('"1000.00 CNY"', '"1000000000000.00 CNY"') + RING)
    problem = Guapai(tmp_path).error("simulate", "run", path, "--out", out, code=2)
    assert problem["detail"].startswith("stall.toml:34: misconduct[0].strength: may come to ")
    assert not out.exists()


def test_the_commands_that_repeat_a_run_play_it_again_where_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file that was played has another name than its market, and is gone by then."""
    path, folder = tmp_path / "corner.toml", tmp_path / "a run"
    path.write_text(MARKET)
    line = ("simulate", "run", path, "--seed", 12, "--days", 1, "--depth", "fast", "--out", folder)
    told = Guapai(tmp_path).json(*line)
    path.unlink()
    Guapai(tmp_path)("simulate", "report", folder, "--lang", "en")
    page = html.unescape((folder / "report.html").read_text())
    (within,) = re.findall("<code>(guapai simulate run .*)</code>", page)
    compared = Guapai(tmp_path).json("simulate", "compare", folder, folder)["again"]
    assert compared == [told["again"]] * 2
    for place, command in ((folder, within), (tmp_path, told["again"])):
        monkeypatch.chdir(place)
        again = Guapai(tmp_path).json(*shlex.split(command)[1:])
        assert (again["root"], again["seed"], again["days"]) == (told["root"], 12, 1)
        assert read_run(place / "again").trace.digest == read_run(folder).trace.digest


def test_its_exchange_is_opened_by_any_command(played: Played) -> None:
    trace = read_run(played.folder).trace
    found = Guapai(played.folder / "exchange", "simulation of seed 11").json("audit")
    assert (found["passed"], found["root"], found["money"]) == (True, trace.root, [])
    assert f"{trace.size:,} entries, root {trace.root}" in played.result.stdout.splitlines()


def test_a_trade_is_told_again_with_everything_that_led_to_it(
    played: Played,
) -> None:
    guapai, run = played.guapai, played.folder
    story = guapai.json("simulate", "replay", run, 0)
    trade = story["outcome"]["trade"]
    assert guapai.json("simulate", "replay", run, trade) == story
    (sight,) = [each for each in story["sights"] if each["wanted"]]
    # 2,000 CNY for quality 1, of quality 0.9, a quarter more or less by taste
    assert sight["worth"] == round(200_000 * 0.9 * (1 + 0.25 * (2 * sight["taste"] - 1)))
    assert (sight["product"], sight["worth"]) == (story["product"], story["worth"])
    assert story["limit"] == min(story["worth"], story["money"])
    assert story["draws"]["arrival"] < 0.5
    assert [line.split()[1] for line in story["entries"]][-1] == "settlement.executed"
    said = guapai("simulate", "replay", run, trade).stdout
    assert said.startswith(f"wish 0, {story['moment'][:10]} ")
    assert f"executed {trade}" in said


def test_a_trade_that_nobody_made_is_not_found(played: Played) -> None:
    guapai, run = played.guapai, played.folder
    problem = guapai.error("simulate", "replay", run, "TR-0", code=1)
    assert problem["detail"] == "TR-0 is no trade of this run, and no number of a wish"


def test_a_run_goes_on_as_what_it_was_begun_as(played: Played) -> None:
    guapai, run = played.guapai, played.folder
    line = ("simulate", "run", played.market, "--out", run)
    assert guapai.error(*line, code=3)["code"] == "conflict"
    again = guapai.error(*line, "--seed", 11, "--resume", code=3)
    assert again["detail"].endswith("is finished: choose another folder to play it again")
    for wrong, field in (((), "--seed"), (("--seed", 11, "--days", 1), "--days")):
        problem = guapai.error(*line, *wrong, "--resume", code=2)
        assert problem["detail"].startswith(f"{field}: the run in ")


def test_the_time_left_is_reckoned_from_the_last_days_alone() -> None:
    times = iter([0.0, 100.0, 101.0, 102.0, 103.0, 104.0, 105.0])
    pace = Pace(20, lambda: next(times))
    assert pace.told(Progress(1, 20, 10, 5)).endswith("0 wishes/s, about 31 min 40 s left")
    for day in range(2, 6):
        pace.told(Progress(day, 20, 10 * day, 5))
    # Five days in five seconds: the slow first one is forgotten.
    assert pace.told(Progress(6, 20, 60, 9)) == (
        "day 6 of 20, 60 wishes, 9 trades, 10 wishes/s, about 14 s left"
    )


def test_the_days_before_a_cut_are_no_measure_of_those_after_it() -> None:
    times = iter([0.0, 1.0, 11.0])
    pace = Pace(20, lambda: next(times))
    assert pace.told(Progress(10, 20, 100, 50)) == "going on after day 10 of 20"
    assert pace.told(Progress(11, 20, 110, 55)) == (
        "day 11 of 20, 110 wishes, 55 trades, 1 wishes/s, about 1 min 30 s left"
    )
