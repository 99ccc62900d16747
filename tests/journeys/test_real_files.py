"""Real ocean observations on the path of somebody's own data: init, register … audit."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import CAST, OPERATOR, open_hall

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("hfradar_SEAB_2019010211.ruv", 602),
        ("buoy_20363_1000427.csv.gz", 89_717),
        ("tide_water_level.csv", 7_241),
    ],
)
def test_a_real_file_is_listed_traded_and_audited(
    tmp_path: Path, real_data: Path, name: str, rows: int
) -> None:
    source = real_data / "marine" / name
    with open_hall(tmp_path / "exchange") as hall:
        guapai = Guapai(hall.folder)
    sheet = tmp_path / "sheet.toml"
    (tmp_path / "log.txt").write_text("given by its owner\n")
    profile = guapai.json("inspect", source, "--sheet-template", sheet)
    assert (profile["rows"], profile["data"]) == (
        rows,
        hashlib.sha256(source.read_bytes()).hexdigest(),
    )
    text = sheet.read_text(encoding="utf-8").replace("TODO ", "").replace("TODO", "own")
    sheet.write_text(text.replace('evidence = ""', 'evidence = "log.txt"'), encoding="utf-8")
    number = guapai.json("register", source, "--sheet", sheet, "--as", "supplier")["number"]
    guapai("clock", "--advance", "1h")
    line = ["--score", "0.9", "--comments", tmp_path / "log.txt", "--as", "expert"]
    guapai("review", number, *line)
    findings = guapai.json("explain", number)["review"]["findings"]
    asked = ",".join(
        finding["rule"]
        for finding in findings
        if finding["severity"] == "attest" or finding["unlock"].endswith("names the rule")
    )
    guapai(
        *("attest", number, "--rules", asked, "--report", tmp_path / "log.txt", "--as", "assessor")
    )
    assert guapai.json("list", number, "--as", "supplier")["product"]["listing"] == "listed"
    guapai("account", "deposit", "buyer", "1000.00 CNY", "--reference", "r", "--as", OPERATOR[0])
    scenario = guapai.json(
        *("scenario", "file", number, "--purpose", "research", "--term-days", 365),
        *("--recipient", "the laboratory", "--description", "a forecast", "--as", "buyer"),
    )["scenario"]["id"]
    quote = guapai.json("trade", "quote", scenario, "--as", "buyer")["quote"]
    assert quote["amount"]["minor"] == 100_000
    trade = guapai.json("trade", "order", quote["id"], "--as", "buyer")["id"]
    guapai("trade", "accept", trade, "--as", "supplier")
    guapai("deliver", trade, "--as", "supplier")
    guapai("receive", trade, "--out", tmp_path / "bought", "--as", "buyer")
    assert (tmp_path / "bought").read_bytes() == source.read_bytes()
    lines = guapai.json("settle", trade)["lines"]
    assert sum(line["amount"]["minor"] for line in lines) == 100_000
    report = guapai.json("audit")
    assert (report["passed"], report["money"]) == (True, [])
    assert report["participants"] == len(CAST) + 1
