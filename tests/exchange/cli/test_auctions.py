"""``guapai auction``: open, bid, open the bid, clear, verify."""

from __future__ import annotations

import json
import stat
from pathlib import Path

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall

BUYER = ("--as", "buyer")
TIMES = ("--bids-until", "2026-01-05T11:00:00Z", "--open-until", "2026-01-05T12:00:00Z")


def test_an_auction_from_the_opening_to_the_order(listed: Hall, tmp_path: Path) -> None:
    guapai, scenario = Guapai(listed.folder), listed.scenario()
    line = ("auction", "open", listed.number, "--deposit", "10 CNY", *TIMES, "--as", "supplier")
    lots = ("--mechanism", "rsop", "--supply", "100", "--seed", "7")
    assert guapai.error(*line, *lots, code=2)["detail"].startswith("--keep: ")
    auction = guapai.json(*line, *lots, "--keep", tmp_path)["id"]
    bid = tmp_path / "my.bid"
    sealed = ("auction", "bid", auction, scenario, "--out", bid, *BUYER, "--amount")
    placed = guapai(*sealed, "900 CNY")
    assert "900" not in placed.stdout
    assert stat.S_IMODE(bid.stat().st_mode) == 0o600
    assert guapai.error(*sealed, "9 CNY", code=3)["code"] == "conflict"
    assert guapai.error("auction", "open-bid", bid, "--as", "buyer", code=3)["code"] == "refused"
    assert guapai.error("auction", "clear", auction, code=3)["code"] == "refused"
    guapai("clock", "--advance", "61m")
    assert "900.00 CNY" in guapai("auction", "open-bid", bid, "--as", "buyer").stdout
    guapai("auction", "reveal", tmp_path / f"{auction}.seed", "--as", "supplier")
    guapai("clock", "--advance", "61m")
    assert "clearing" in guapai("auction", "list").stdout
    (lost,) = guapai.json("auction", "clear", auction)["bids"]
    assert lost["state"] == "lost"  # the other half of the coin has nobody to set a price
    assert "are those of its mechanism" in guapai("auction", "verify", auction).stdout
    guapai("export", tmp_path / "bundle")
    verified = guapai("auction", "verify", auction, "--bundle", tmp_path / "bundle")
    assert "are those of its mechanism" in verified.stdout
    assert "nothing was due" in guapai("auction", "close", auction).stdout


def test_a_record_that_was_changed_does_not_verify(listed: Hall, tmp_path: Path) -> None:
    guapai, scenario = Guapai(listed.folder), listed.scenario()
    line = ("auction", "open", listed.number, "--deposit", "10 CNY", *TIMES, "--as", "supplier")
    auction = guapai.json(*line, "--mechanism", "first-price")["id"]
    bid = tmp_path / "my.bid"
    guapai("auction", "bid", auction, scenario, "--amount", "900 CNY", "--out", bid, *BUYER)
    guapai("clock", "--advance", "61m")
    guapai("auction", "open-bid", bid, "--as", "buyer")
    guapai("clock", "--advance", "61m")
    guapai("auction", "clear", auction)
    guapai("export", tmp_path / "bundle")
    with listed.floor.read() as work:
        rules = work.auctions.get(auction).rules
    stored = tmp_path / "bundle" / "records" / rules
    stored.write_text(json.dumps({"mechanism": "vcg", "parameters": {}}))
    error = guapai.error("auction", "verify", auction, "--bundle", tmp_path / "bundle", code=2)
    assert "is not what its name says" in error["detail"]


def test_a_file_that_opens_nothing_is_unreadable(listed: Hall, tmp_path: Path) -> None:
    bid = tmp_path / "my.bid"
    bid.write_text("{}")
    error = Guapai(listed.folder).error("auction", "open-bid", bid, *BUYER, code=2)
    assert "not a file that opens a bid, a reserve or a seed" in error["detail"]
