"""``guapai price path`` and ``guapai price value``: the price of a registered product."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall, open_hall


@pytest.fixture
def sold(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange") as hall:
        hall.list()
        hall.deposit()
        hall.trade_all()
        yield hall


def test_the_path_names_each_step_with_its_entry_and_what_replays_it(
    sold: Hall, tmp_path: Path
) -> None:
    guapai = Guapai(sold.folder)
    (step,) = guapai.json("price", "path", sold.number)["path"]
    figure = tmp_path / "path.svg"
    shown = guapai("price", "path", sold.number, "--figure", figure, "--lang", "en")
    assert "after 1 trade" in shown.stdout
    assert f"next: guapai price replay {step['record']}" in shown.stderr
    assert "From estimate to market" in figure.read_text(encoding="utf-8")
    assert "bit for bit" in guapai("price", "replay", step["record"]).stdout


def test_before_any_trade_there_is_nothing_to_follow(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        hall.list()
        guapai = Guapai(hall.folder)
        assert guapai.json("price", "path", hall.number) == {"path": []}
        assert "no trade has moved" in guapai("price", "path", hall.number).stdout
        figure = tmp_path / "none.svg"
        asked = guapai("price", "path", hall.number, "--figure", figure, code=2)
        assert "--figure: no trade has moved" in asked.stderr
        assert not figure.exists()


def test_a_supplier_has_its_product_valued_and_others_have_not(sold: Hall, tmp_path: Path) -> None:
    guapai = Guapai(sold.folder)
    record = tmp_path / "value.json"
    asked = ("price", "value", sold.number, "--as", "supplier")
    shown = guapai(*asked, "--record", record)
    assert "cost: " in shown.stdout
    assert "not by income: scenes" in shown.stdout
    assert "bit for bit" in guapai("price", "replay", record).stdout
    scenes = tmp_path / "scenes.toml"
    scenes.write_text(
        """
        [[scenes]]
        name = "fishing forecast"
        income = ["10000 CNY", "10000 CNY"]
        source = "contract of 2026"
        contribution = { low = 0.1, mid = 0.2, high = 0.3 }
        rate = { low = 0.1, mid = 0.2, high = 0.3 }
        """
    )
    found = guapai.json(*asked, "--evidence", scenes, "--engine", "income")["results"]
    # 2,000 a year for two years at 20 %: 1,666.67 + 1,388.89.
    assert found[0]["output"]["mid"] == {"minor": 305_556, "currency": "CNY"}
    other = ("price", "value", sold.number, "--as", "buyer")
    assert guapai.error(*other, code=3)["code"] == "forbidden"
