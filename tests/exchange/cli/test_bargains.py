"""``guapai negotiate``: ask, offer, accept, end."""

from __future__ import annotations

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall


def test_a_price_is_negotiated_and_ordered(listed: Hall) -> None:
    guapai, scenario = Guapai(listed.folder), listed.scenario()
    (made,) = guapai.json("negotiate", "open", scenario, "--as", "buyer")["negotiations"]
    key = made["id"]
    guapai("negotiate", "offer", key, "--amount", "900.00 CNY", "--as", "supplier")
    told = guapai("negotiate", "offer", key, "--amount", "800.00 CNY", "--as", "buyer")
    assert f"{key} over {scenario} is offered: round 2, 800.00 CNY by the buyer" in told.stdout
    assert f"next: guapai negotiate accept {key} --as SUPPLIER" in told.stderr
    listing = guapai("negotiate", "list").stdout
    assert (key in listing, "800.00 CNY" in listing) == (True, True)
    agreed = guapai.json("negotiate", "accept", key, "--as", "supplier")
    assert agreed["quote"]["amount"] == {"minor": 80_000, "currency": "CNY"}
    assert agreed["negotiation"]["state"] == "accepted"
    guapai("trade", "order", agreed["quote"]["id"], "--as", "buyer")
    assert "bit for bit" in guapai("price", "replay", agreed["quote"]["id"]).stdout
    assert guapai.json("negotiate", "list")["negotiations"][0]["quote"] == agreed["quote"]["id"]


def test_what_is_refused_says_why_with_its_exit_code(listed: Hall) -> None:
    guapai, scenario = Guapai(listed.folder), listed.scenario()
    (made,) = guapai.json("negotiate", "open", scenario, "--as", "buyer")["negotiations"]
    line = ("negotiate", "offer", made["id"], "--as", "supplier", "--amount")
    error = guapai.error(*line, "much", code=2)
    assert error["detail"].startswith("--amount: ")
    told = guapai("negotiate", "end", made["id"], "--reason", "too dear", "--as", "supplier")
    assert "is ended" in told.stdout
    assert guapai.error(*line, "9 CNY", code=3)["code"] == "illegal_transition"
