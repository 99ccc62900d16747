"""The commands of the gate: rules, verdicts reached again, the exchange judged, lapse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.compliance import RulePack
from exchange.compliance.china import PACK
from exchange.compliance.european import PACK as UNION
from exchange.formats.chinese import ENGLISH, in_chinese
from exchange.settings import FILE
from ledger.acts import format_time
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DATA, Hall, open_hall


@pytest.fixture
def market(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        yield hall


def test_rules_shows_a_pack_with_or_without_an_exchange(tmp_path: Path) -> None:
    guapai = Guapai(tmp_path / "nowhere")
    shown = guapai.json("rules")
    assert [rule["id"] for rule in shown["rules"]] == [rule.id for rule in PACK.rules]
    assert shown["digest"] == PACK.digest
    union = guapai.json("rules", "--pack", "eu")["rules"]
    assert {rule["basis"] for rule in union if rule["id"] == "I-06"} == {"GDPR 35"}
    assert "I-06" in guapai("rules", "--pack", "eu").stdout


@pytest.mark.parametrize("pack", [PACK, UNION], ids=["cn", "eu"])
def test_rules_are_read_in_chinese(tmp_path: Path, pack: RulePack) -> None:
    guapai = Guapai(tmp_path / "nowhere")
    shown = guapai.json("rules", "--pack", pack.name, "--lang", "zh")
    assert shown["digest"] == pack.digest
    for told, rule in zip(shown["rules"], pack.rules, strict=True):
        assert (told["id"], told["stage"], told["method"]) == (rule.id, rule.stage, rule.method)
        for name in ("statement", "unlock"):
            assert told[name] == in_chinese(getattr(rule, name)) != getattr(rule, name)
            assert not ENGLISH.search(told[name])
    table = guapai("rules", "--pack", pack.name, "--lang", "zh").stdout
    assert f"{len(pack.rules)} 条规则，规则包 {pack.name} {pack.version}" in table
    for word in ("编号", "处置", "判定方式", "如何解除", "驳回", "系统检查并经评估", "交易后"):
        assert word in table
    assert not {"severity", "auto", "listing", "block"} & set(table.split())


def test_rules_shows_what_is_in_force_on_a_day(tmp_path: Path) -> None:
    guapai = Guapai(tmp_path / "nowhere")
    before, after = (
        {rule["id"] for rule in guapai.json("rules", "--on", day)["rules"]}
        for day in ("2026-06-30", "2026-07-01")
    )
    assert after - before == {"C-01", "C-02"}
    assert guapai.error("rules", "--on", "July", code=2)["code"] == "bad_field"
    assert guapai.error("rules", "--pack", "atlantis", code=2)["code"] == "bad_field"


def test_every_verdict_of_a_product_or_of_all_is_reached_again(market: Hall) -> None:
    market.scenario()
    guapai = Guapai(market.folder)
    one = guapai.json("gate", "replay", market.number)
    assert one["counts"] == {"identical": 2, "different": 0, "impossible": 0}
    assert guapai.json("gate", "replay", "--all") == one
    assert "2 identical" in guapai("gate", "replay", "--all").stdout
    assert guapai.error("gate", "replay", code=2)["code"] == "bad_field"
    assert guapai.error("gate", "replay", market.number, "--all", code=2)["code"] == "bad_field"


def test_the_exchange_is_judged_by_its_own_rules(market: Hall, tmp_path: Path) -> None:
    shown = Guapai(market.folder).json("gate", "platform")
    assert shown["passed"]
    assert shown["rules_applied"] == ["P-03", "O-01", "O-02"]
    with open_hall(tmp_path / "empty") as hall:
        found = Guapai(hall.folder).json("gate", "platform", code=3)
        assert [finding["rule"] for finding in found["findings"]] == ["O-02"]


def test_lapse_says_what_it_has_suspended_and_what_holds_for_longer(market: Hall) -> None:
    guapai = Guapai(market.folder)
    assert guapai.json("lapse") == {
        "suspended": [],
        "renewed": {},
        "shortened": {},
        "failed": [],
        "ended": [],
        "expired": [],
    }
    assert guapai("lapse").stdout == "nothing lapsed\n"
    market.grant()
    child = market.derive()
    market.contributor.list(child)
    longer = format_time(market.floor.clock() + dt.timedelta(days=200))
    market.grant(until=longer)
    assert list(guapai.json("lapse")["renewed"]) == [child]
    market.advance(days=400)
    assert guapai.json("board") == {"board": [], "whole": 0, "page": 1, "pages": 1}
    assert set(guapai.json("lapse")["suspended"]) == {market.number, child}


def test_lapse_says_what_left_the_board_because_it_adopts_another_pack(market: Hall) -> None:
    file = market.folder / FILE
    file.write_text(
        file.read_text("utf-8").replace('rule_pack = "cn"', 'rule_pack = "eu"'), "utf-8"
    )
    guapai = Guapai(market.folder)
    assert guapai("lapse").stdout == f"{market.number} is suspended\n"
    assert guapai("lapse").stdout == "nothing lapsed\n"


def test_an_inbox_is_told_in_either_language(hall: Hall) -> None:
    guapai = Guapai(hall.folder)
    hall.register("other.csv", DATA.replace("6.1", "6.9"))
    hall.number = hall.prepare()
    hall.vet(decision="returned")
    english = guapai.json("inbox", "--as", "supplier")["tasks"]
    chinese = guapai.json("inbox", "--as", "supplier", "--lang", "zh")["tasks"]
    (returned,) = (task for task in english if task["duty"] == "mend")
    assert returned["items"] == ["returned by a reviewer of the exchange"]
    (told,) = (task for task in chinese if task["duty"] == "mend")
    assert told == returned | {"items": ["已被交易所审核员退回"]}
    shown = guapai("inbox", "--as", "supplier", "--lang", "zh").stdout
    for words in ("supplier 的待办：2 项", "补正", "提交说明书", "逐项", "已被交易所审核员退回"):
        assert words in shown
    hall.advance(days=30)
    assert "逾期" in guapai("inbox", "--as", "supplier", "--lang", "zh").stdout
    assert " late" in guapai("inbox", "--as", "supplier").stdout
