"""`guapai disclose`, `guapai erasure` and `guapai export --disclose`, as they are typed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from ledger.__main__ import main as ledger
from ledger.commitments import Disclosure
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import OPERATOR, open_hall

HOUSE = OPERATOR[0]


@pytest.fixture
def market(tmp_path: Path) -> tuple[Guapai, int]:
    """Return an exchange and the place of its assessor's report, of a product delisted."""
    with open_hall(tmp_path / "exchange", "listed") as hall:
        hall.house.delist(hall.number, "for good")
        with hall.floor.read() as work:
            entry = next(work.chain.store.of_kind(f"product/{hall.number}", "compliance.attested"))
        return Guapai(hall.folder), entry.index


def test_a_value_is_disclosed_asked_for_and_erased(market: tuple[Guapai, int]) -> None:
    guapai, index = market
    shown = guapai.json("disclose", index, "--as", "supplier")
    (opening,) = shown["disclosures"]
    assert (opening["field"], opening["value"], shown["erased"]) == ("report", "our own report", [])
    line = ["erasure", "request", index, "--field", "report", "--grounds", "it names me"]
    asked = guapai.json(*line, "--as", "supplier")
    assert (asked["state"], asked["fields"]) == ("requested", ["report"])
    request = asked["request"]
    refused = guapai.json("erasure", "refuse", request, "--reason", "a duty", "--as", HOUSE)
    assert (refused["state"], refused["reason"]) == ("refused", "a duty")
    assert guapai.error("erasure", "execute", request, "--as", HOUSE, code=3)["code"] == "refused"
    request = guapai.json(*line, "--as", "supplier")["request"]
    assert guapai.json("erasure", "execute", request, "--as", HOUSE)["state"] == "executed"
    assert guapai.json("disclose", index, "--as", "supplier")["erased"] == ["report"]
    assert "erased / 已删除" in guapai("disclose", index, "--as", "assessor").stdout
    listed = guapai.json("erasure", "list")["erasures"]
    assert [each["state"] for each in listed] == ["executed", "refused"]
    assert guapai.json("erasure", "list", index)["erasures"] == listed
    assert "executed" in guapai("erasure", "list").stdout
    assert guapai.json("audit")["committed"]["erased"] == 1


def test_a_request_is_named_by_its_place_as_well(market: tuple[Guapai, int]) -> None:
    guapai, index = market
    line = ["erasure", "request", index, "--field", "report", "--grounds", "it names me"]
    said = guapai(*line, "--as", "supplier")
    place = said.stderr.partition("guapai erasure execute ")[2].split()[0]
    assert guapai("erasure", "execute", place, "--as", HOUSE).stdout.rstrip().endswith("executed")


def test_disclosures_are_written_for_an_auditor(market: tuple[Guapai, int], tmp_path: Path) -> None:
    guapai, index = market
    guapai("export", tmp_path / "bundle")
    assert not (tmp_path / "bundle" / "disclosures.jsonl").exists()
    out = tmp_path / "bundle" / "disclosures.jsonl"
    guapai("disclose", index, "--field", "report", "--as", "assessor", "--out", out)
    assert out.stat().st_mode & 0o777 == 0o600
    assert Disclosure.parse(out.read_bytes()).value == "our own report"
    assert ledger(["verify", str(tmp_path / "bundle")]) == 0


def test_an_export_discloses_all_that_is_left_where_it_is_asked_to(
    market: tuple[Guapai, int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guapai, _ = market
    guapai("export", tmp_path / "bundle", "--disclose")
    lines = (tmp_path / "bundle" / "disclosures.jsonl").read_bytes().splitlines(keepends=True)
    assert len(lines) > 5
    assert ledger(["verify", str(tmp_path / "bundle"), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["committed"] == {"disclosed": len(lines), "withheld": 0, "erased": 0}
    assert ledger(["verify", str(tmp_path / "bundle")]) == 0
    assert f"values   {len(lines)} disclosed, 0 withheld, 0 erased" in capsys.readouterr().out


def test_what_is_not_there_or_not_theirs_is_refused(
    market: tuple[Guapai, int], tmp_path: Path
) -> None:
    guapai, index = market
    assert guapai.error("disclose", 9999, "--as", HOUSE, code=1)["code"] == "not_found"
    assert guapai.error("disclose", "0" * 64, "--as", HOUSE, code=1)["code"] == "not_found"
    assert guapai.error("disclose", index, "--as", "rival", code=3)["code"] == "forbidden"
    line = ["disclose", index, "--as", HOUSE, "--out", tmp_path]
    assert guapai.error(*line, code=3)["code"] == "conflict"


# Papers.


def test_a_paper_is_written_to_a_file_until_it_is_erased(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "admitted", "sqlite") as hall:
        guapai, rival = Guapai(hall.folder), hall.participant("rival")
        hall.house.suspend(rival, "it asked for it")
        hall.advance(days=1_096)
    (paper,) = guapai.json("merchant", "show", "rival")["papers"]
    assert paper["kept"] is True
    out = tmp_path / "paper"
    line = ["merchant", "paper", "rival", paper["digest"], "--out", out, "--as"]
    assert guapai.error(*line, "buyer", code=3)["code"] == "forbidden"
    assert not out.exists()
    assert guapai.json(*line, HOUSE)["digest"] == paper["digest"]
    assert out.stat().st_mode & 0o777 == 0o600
    assert hashlib.sha256(out.read_bytes()).hexdigest() == paper["digest"]
    assert guapai.error(*line, HOUSE, code=3)["code"] == "conflict"
    request = ["erasure", "request", paper["entry"], "--field", "documents", "--grounds", "over"]
    asked = guapai.json(*request, "--as", HOUSE)["request"]
    assert guapai.json("erasure", "execute", asked, "--as", HOUSE)["state"] == "executed"
    assert guapai.json("merchant", "show", "rival")["papers"] == [paper | {"kept": False}]
    assert "erased / 已删除" in guapai("merchant", "show", "rival").stdout
    assert guapai.error(*line, HOUSE, code=1)["code"] == "not_found"
    report = guapai.json("audit")
    assert (report["committed"]["erased"], report["findings"]) == (1, [])
