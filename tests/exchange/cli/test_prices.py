"""``guapai price``: prices computed from the files of samples/pricing, recorded and replayed."""

from __future__ import annotations

import json
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.exchange.cli.guapai import Guapai

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "samples" / "pricing"


@pytest.fixture
def guapai(tmp_path: Path) -> Guapai:
    return Guapai(tmp_path / "nowhere")  # no exchange is needed to compute a price


def outputs(shown: Any) -> list[Any]:
    return [result["output"] for result in shown["results"]]


def recorded(guapai: Guapai, *command: object) -> Path:
    """Run a command that records, and see that the record replays by itself."""
    out = guapai.folder.parent / "record.json"
    said = guapai("price", *command, "--record", out)
    assert f"next: guapai price replay {out}" in said.stderr
    again = guapai("price", "replay", out)
    assert "bit for bit" in again.stdout
    return out


def test_appraise_explains_a_range_line_by_line(guapai: Guapai) -> None:
    evidence = SAMPLES / "radar-evidence.toml"
    shown = guapai("price", "appraise", evidence, "--engine", "cost").stdout
    for words in ("cost: 21,904.68 CNY to 36,443.67 CNY", "quality α", "× 0.94", "质量控制"):
        assert words in shown
    (output,) = outputs(guapai.json("price", "appraise", evidence, "--engine", "cost"))
    assert output["mid"] == {"minor": 2_862_991, "currency": "CNY"}
    recorded(guapai, "appraise", evidence, "--engine", "cost", "--engine", "income")
    three = guapai.json("price", "appraise", evidence)["results"]
    assert [each["plugin"] for each in three] == ["cost", "income", "market"]


def test_without_an_engine_each_that_can_appraises_and_the_others_say_what_they_lack(
    guapai: Guapai, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text('costs = [["survey", "100 CNY"]]\nquality = 0.5\n')
    found = guapai.json("price", "appraise", bare)
    assert "cost" in [result["plugin"] for result in found["results"]]
    bare.write_text("rows = 3\n")
    assert "costs: the cost approach needs" in guapai("price", "appraise", bare, code=2).stderr
    asked = guapai("price", "appraise", bare, "--engine", "cost", code=2).stderr
    assert asked.startswith("bad_field: bare.toml: costs: the cost approach needs")


def test_products_are_appraised_side_by_side_and_drawn(guapai: Guapai, tmp_path: Path) -> None:
    other = tmp_path / "buoy.toml"
    other.write_text('costs = [["buoys", "9000 CNY"]]\nquality = 0.9\n[plugins.cost]\n')
    figure = tmp_path / "bands.svg"
    files = (SAMPLES / "radar-evidence.toml", other)
    options = ("--engine", "cost", "--figure", figure, "--lang", "en")
    shown = guapai("price", "appraise", *files, *options).stdout
    assert "Side by side" in shown
    assert "buoy: cost" in shown
    assert "Value by method of appraisal" in figure.read_text(encoding="utf-8")
    again = guapai("price", "appraise", *files, "--figure", figure, code=3).stderr
    assert again.startswith("conflict: --figure: ")
    named = guapai("price", "appraise", *files, "--figure", tmp_path / "bands.gif", code=2)
    assert named.stderr.startswith("bad_field: --figure: a file name that ends in .svg or .png")


def test_quote_appraises_its_evidence_first(guapai: Guapai) -> None:
    shown = guapai("price", "quote", SAMPLES / "radar-quote.toml").stdout
    for words in ("800.00 CNY, by list-price", "1/4 of the full term", "1,825.39 CNY to 3,057.82"):
        assert words in shown
    record = json.loads(recorded(guapai, "quote", SAMPLES / "radar-quote.toml").read_bytes())
    assert [each["kind"] for each in record] == ["appraisers", "strategies"]
    assert record[1]["inputs"]["appraisal"] == record[0]["output"]


def test_quote_asks_for_an_engine_only_where_there_is_something_to_appraise(
    guapai: Guapai, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.toml"
    plain.write_text('list_price = "10 CNY"\n')
    assert "10.00 CNY, by list-price" in guapai("price", "quote", plain).stdout
    refused = guapai("price", "quote", plain, "--engine", "cost", code=2).stderr
    assert "no table `evidence` to appraise" in refused


def test_quote_reads_the_price_off_an_estimated_market(guapai: Guapai) -> None:
    shown = guapai("price", "quote", SAMPLES / "buoy-quote.toml").stdout
    for words in ("797.01 CNY, by posterior-quantile", "quantile 0.6 after 3 trades"):
        assert words in shown
    record = json.loads(recorded(guapai, "quote", SAMPLES / "buoy-quote.toml").read_bytes())
    assert [each["kind"] for each in record] == ["appraisers", "estimators", "strategies"]


def test_share_divides_to_the_last_unit(guapai: Guapai) -> None:
    case = SAMPLES / "rescue-shares.toml"
    (output, sampled) = outputs(guapai.json("price", "share", case))
    assert sampled["shares"][0]["standard_error"]
    assert "± 0.1441%" in guapai("price", "share", case).stdout
    assert [share["part"]["minor"] for share in output["shares"]] == [416_667, 316_667, 266_666]
    threads = ("--allocator", "by-rows", "--executor", "threads", "--workers", 2)
    shown = guapai("price", "share", case, *threads).stdout
    assert "10,000.00 CNY, by by-rows: rows contributed" in shown
    assert "5,082.35 CNY       50.8235%" in shown
    recorded(guapai, "share", case)


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (["--allocator", "nobody"], 2, "rescue-shares.toml: no 'nobody' in pricing.allocators"),
        (["--executor", "slow"], 2, "--executor: no 'slow' in pricing.executors"),
        (["--executor", "threads", "--workers", "0"], 2, "--executor: workers: 0 is not"),
        (["--executor", "serial", "--workers", "2"], 2, "plugins.serial: workers is not a field"),
        (["--allocator", "fixed"], 2, "rescue-shares.toml: weight: fixed shares need"),
    ],
)
def test_share_says_what_it_cannot_take(
    guapai: Guapai, options: list[str], code: int, said: str
) -> None:
    refused = guapai("price", "share", SAMPLES / "rescue-shares.toml", *options, code=code)
    assert said in refused.stderr


def test_share_asks_which_allocator(guapai: Guapai, tmp_path: Path) -> None:
    both = tmp_path / "both.toml"
    both.write_text('amount = "1 CNY"\nowners = [{ id = "a", rows = 1 }]\n')
    assert "name one of pricing.allocators" in guapai("price", "share", both, code=2).stderr


def test_plugins_are_shown_with_the_distribution_they_came_with(guapai: Guapai) -> None:
    shown = guapai.json("price", "plugins")["plugins"]
    cost = next(each for each in shown if each["name"] == "cost")
    assert (cost["group"], cost["distribution"]) == ("appraisers", "guapai")
    assert cost["version"] == version("guapai")
    assert cost["what"].startswith("Values a product by what it cost")
    assert "list-price" in guapai("price", "plugins").stdout


def test_a_forged_record_does_not_replay(guapai: Guapai) -> None:
    out = recorded(guapai, "share", SAMPLES / "rescue-shares.toml", "--allocator", "shapley")
    record = json.loads(out.read_bytes())
    record["output"]["basis"] = "a friend's advice"
    out.write_text(json.dumps(record), encoding="utf-8")
    shown = guapai("price", "replay", out, code=1).stdout
    assert "differently" in shown
    assert "yields another basis" in shown
    assert guapai.json("price", "replay", out, code=1)["replayed"] is False


@pytest.mark.parametrize("text", ["{", "[1]", "[" * 9_999, '{"plugin": "cost"}', "3"])
def test_what_is_no_record_is_unreadable(guapai: Guapai, tmp_path: Path, text: str) -> None:
    record = tmp_path / "record.json"
    record.write_text(text)
    assert guapai.error("price", "replay", record, code=2)["code"] == "unreadable"


def test_the_executor_stands_in_no_record(guapai: Guapai, tmp_path: Path) -> None:
    case = (SAMPLES / "rescue-shares.toml", "--allocator", "permutation-shapley")
    written = []
    for name in ("serial", "threads"):
        out = tmp_path / f"{name}.json"
        guapai("price", "share", *case, "--executor", name, "--record", out)
        written.append(out.read_bytes())
    assert written[0] == written[1]


def test_shares_are_drawn_side_by_side(guapai: Guapai, tmp_path: Path) -> None:
    figure = tmp_path / "shares.svg"
    guapai("price", "share", SAMPLES / "rescue-shares.toml", "--figure", figure)
    drawn = figure.read_text(encoding="utf-8")
    for words in ("收益分配：10,000 CNY", "permutation-shapley", "细线：两倍标准误"):
        assert words in drawn


def test_estimate_follows_the_price_from_the_appraisal_to_the_market(
    guapai: Guapai, tmp_path: Path
) -> None:
    market, figure = SAMPLES / "buoy-market.toml", tmp_path / "path.svg"
    shown = guapai("price", "estimate", market, "--figure", figure, "--lang", "en").stdout
    for words in ("the appraisal", "111111111111…", "after 4 trades that count"):
        assert words in shown
    assert "From estimate to market" in figure.read_text(encoding="utf-8")
    record = json.loads(recorded(guapai, "estimate", market).read_bytes())
    assert [each["plugin"] for each in record] == ["cost", "hedonic"]
    _, estimated = outputs(guapai.json("price", "estimate", market))
    assert len(estimated["path"]) == 5


def test_bill_rates_usage_from_the_file_and_from_a_table(guapai: Guapai, tmp_path: Path) -> None:
    plan, usage = SAMPLES / "tide-usage.toml", SAMPLES / "tide-usage.csv"
    shown = guapai("price", "bill", plan, "--events", usage).stdout
    for words in ("74.00 CNY, by per-call", "the maximum of 38.00 CNY a day", "not billed"):
        assert words in shown
    recorded(guapai, "bill", plan, "--events", usage)
    own = tmp_path / "own.toml"
    event = '{ id = "call-0001", at_ms = 2026-03-01T06:00:00+08:00, quantity = 60 }'
    own.write_text(f"events = [{event}]\n" + plan.read_text("utf-8"), "utf-8")
    (alone,) = outputs(guapai.json("price", "bill", own))
    assert alone["amount"]["minor"] == 3_000
    (both,) = outputs(guapai.json("price", "bill", own, "--events", usage))
    assert both["amount"]["minor"] == 7_400, "an event told twice counted twice"


def test_bill_names_the_table_that_is_missing(guapai: Guapai, tmp_path: Path) -> None:
    bare = tmp_path / "bare.toml"
    bare.write_text("since_ms = 0\nuntil_ms = 1\n")
    refused = guapai("price", "bill", bare, code=2).stderr
    assert refused == "bad_field: bare.toml: plan: a table of that name is needed\n"


def test_check_plan_warns_of_what_can_be_had_for_less(guapai: Guapai, tmp_path: Path) -> None:
    shown = guapai("price", "check-plan", SAMPLES / "tide-menu.toml", code=1).stdout
    for words in ("1 way to pay less", "parts-are-cheaper", "16,800.00 CNY"):
        assert words in shown
    found = guapai.json("price", "check-plan", SAMPLES / "tide-menu.toml", code=1)["warnings"]
    assert [part["count"] for part in found[0]["instead"]] == [1, 2]
    sound = guapai("price", "check-plan", SAMPLES / "tide-usage.toml").stdout
    assert sound == "no offer can be had for less\n"
    menu = tmp_path / "menu.toml"
    year = (
        'tariff = "subscription", parameters = { fee = "%s", period = { count = %d, unit = "%s" } }'
    )
    dear, cheap = year % ("1300 CNY", 1, "year"), year % ("100 CNY", 1, "month")
    menu.write_text(f"menu = [{{ {dear} }}, {{ {cheap} }}]\n")
    assert "shorter-is-cheaper" in guapai("price", "check-plan", menu, code=1).stdout
    menu.write_text("menu = 3\n")
    assert "menu.toml: menu: a list of plans" in guapai("price", "check-plan", menu, code=2).stderr


def test_an_auction_is_cleared_by_several_mechanisms(guapai: Guapai, tmp_path: Path) -> None:
    auction, figure = SAMPLES / "chart-auction.toml", tmp_path / "bids.svg"
    shown = guapai("price", "simulate-auction", auction, "--figure", figure).stdout
    for words in ("61,000.00 CNY, by second-price", "the highest bid that", "Side by side"):
        assert words in shown
    assert "second-price (收入 61,000)" in figure.read_text(encoding="utf-8")
    recorded(guapai, "simulate-auction", auction)
    unlimited = tmp_path / "copies.toml"
    text = auction.read_text("utf-8").replace("supply = 1", 'supply = "unlimited"')
    unlimited.write_text(
        text.replace("[plugins.first-price]", "[plugins.rsop]\nseed = 7\n[x]"), "utf-8"
    )
    refused = guapai("price", "simulate-auction", unlimited, "--mechanism", "rsop", code=2)
    assert "copies.toml: Auction: x is not a field" in refused.stderr


def test_every_command_of_the_page_is_run_on_every_sample(
    guapai: Guapai, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (ROOT / "docs" / "price-files.md").read_text(encoding="utf-8")
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)
    commands = re.findall(r"^guapai (price .+)$", page, re.MULTILINE)
    for line in commands:
        guapai(*line.split(), code=1 if line.endswith("tide-menu.toml") else 0)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {"samples", "bands.svg", "path.svg", "shares.svg", "quote.json"}
    for sample in SAMPLES.iterdir():
        assert f"samples/pricing/{sample.name}" in page
