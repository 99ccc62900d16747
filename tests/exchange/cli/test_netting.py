"""The commands of deals off the exchange, settlement cycles and the guarantee fund."""

from __future__ import annotations

from pathlib import Path

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall


def test_a_deal_goes_from_its_filing_to_its_cycle(hall: Hall, tmp_path: Path) -> None:
    contract = tmp_path / "contract.txt"
    contract.write_text("what we agreed", encoding="utf-8")
    guapai = Guapai(hall.folder)
    day = hall.today.isoformat()
    terms = ("--amount", "600.00 CNY", "--due", day, "--purpose", "research")
    papers = ("--contract", contract, "--side", "buyer")
    filed = guapai.json("deal", "file", "supplier", "--as", "buyer", *terms, *papers)
    assert (filed["state"], filed["amount"]["minor"]) == ("filed", 60_000)
    deal = filed["id"]
    said = guapai("deal", "confirm", deal, "--as", "supplier")
    assert f"{deal} is confirmed: 600.00 CNY, due on {day}" in said.stdout
    assert "next: guapai cycle close" in said.stderr
    owed = guapai.json("deal", "owed", "buyer")
    assert [each["state"] for each in owed["obligations"]] == ["open"]
    guapai("account", "deposit", "buyer", "500.00 CNY", "--reference", "B1", "--as", "house")
    assert "100.00 CNY" in guapai("guarantee", "add", "100.00 CNY", "--as", "buyer").stdout
    back = guapai("guarantee", "return", "10.00 CNY", "--as", "buyer", code=3)
    assert "owes what no cycle has netted yet" in back.stderr
    assert "100.00 CNY of 1 members" in guapai("guarantee", "show").stdout
    closed = guapai.json("cycle", "close")
    assert (closed["obligations"], closed["defaults"]) == (1, 1)
    assert guapai.json("cycle", "show", day) == closed
    assert guapai.json("cycle", "close") == closed
    assert guapai.json("cycle", "list")["cycles"] == [closed]
    assert day in guapai("cycle", "list").stdout
    assert "buyer is in default" in "".join(
        (said := guapai("deal", "owed", "buyer")).stdout + said.stderr
    )
    assert "100.00 CNY" in guapai("cycle", "show", day).stdout  # what is carried
    shown = guapai.json("guarantee", "show", "--of", "buyer")
    assert (shown["fund"], shown["parts"]) == ([], [])
    assert "the guarantee fund is empty" in guapai("guarantee", "show").stdout
    assert "buyer has nothing" in guapai("guarantee", "show", "--of", "buyer").stdout


def test_a_filing_is_declined_and_a_deal_is_ended(hall: Hall, tmp_path: Path) -> None:
    contract = tmp_path / "contract.txt"
    contract.write_text("what we agreed", encoding="utf-8")
    guapai = Guapai(hall.folder)
    terms = ("--amount", "6.00 CNY", "--due", hall.today.isoformat(), "--purpose", "research")
    line = ("deal", "file", "buyer", "--as", "supplier", "--side", "supplier", *terms)
    first, second = (
        guapai.json(*line, "--contract", contract, "--only-filed", "--description", contract)["id"]
        for _ in range(2)
    )
    said = guapai("deal", "decline", first, "--reason", "another price", "--as", "buyer")
    assert f"{first} is declined: 6.00 CNY, filed only" in said.stdout
    guapai("deal", "confirm", second, "--as", "buyer")
    assert "is ended" in guapai("deal", "end", second, "--reason", "x", "--as", "buyer").stdout
    assert [each["state"] for each in guapai.json("deal", "list")["deals"]] == ["declined", "ended"]
    assert guapai.json("deal", "list", "--of", "rival") == {"deals": []}
    assert second in guapai("deal", "list", "--of", "buyer").stdout
    (shown,) = (each for each in guapai.json("deal", "list")["deals"] if each["id"] == second)
    assert guapai.json("show", second) == shown
    assert "6.00 CNY" in guapai("show", second).stdout
    assert guapai.error("show", "DL-0", code=1)["code"] == "not_found"


def test_what_cannot_be_read_is_said_by_its_name(hall: Hall, tmp_path: Path) -> None:
    guapai = Guapai(hall.folder)
    bad = guapai.error("guarantee", "add", "much", "--as", "buyer", code=2)
    assert bad["code"] == "bad_field"
    assert guapai.error("cycle", "show", "2026-01-01", code=1)["code"] == "not_found"
    assert "DAY: a date such as" in guapai("cycle", "show", "noon", code=2).stderr
    line = ("deal", "file", "supplier", "--as", "buyer", "--side", "buyer", "--purpose", "x")
    contract = tmp_path / "contract.txt"
    contract.write_text("x", encoding="utf-8")
    more = ("--contract", contract, "--due", "soon", "--amount", "6.00 CNY")
    assert "--due: a date such as" in guapai(*line, *more, code=2).stderr
