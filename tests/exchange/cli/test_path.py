"""The path of somebody's own data, from ``guapai init`` to ``guapai audit``, on the shell alone."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from exchange.formats.chinese import ENGLISH
from exchange.venue import Venue
from ledger.keys import KeyPair
from tests.exchange.cli.guapai import PAPERS, Guapai
from tests.exchange.compliance.plugged import plugged
from tests.exchange.floor import CAST, DATA, LICENSED, OPERATOR, PASSPHRASE

LISTINGS = """\
title,description,price,company,url,category,create_time,update_time,view_count,score,deal_time
海温日报,每日海温,面议,青岛供数有限公司,https://elsewhere.example/1,海洋,2026-01-01,2026-01-02,1,5,0
潮汐表,全年潮汐,100元/次,日照浮标合作社,https://elsewhere.example/2,海洋,2026-01-01,2026-01-02,1,5,0
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Play the path once; return what each command said."""
    folder = tmp_path_factory.mktemp("shell")
    guapai = Guapai(folder / "exchange")
    said: dict[str, Any] = {"guapai": guapai, "folder": folder}
    said["init"] = guapai.json(
        *("init", "--operator", OPERATOR[0], "--operator-name", OPERATOR[1]),
        *("--credit-code", OPERATOR[2], "--simulated-clock", "--origin", "guapai.example/own"),
    )
    for handle, name, code, roles in CAST[:7]:
        offered = [option for role in roles for option in ("--role", str(role))]
        said[handle] = guapai.json(
            *("participant", "add", handle, "--name", name),
            *("--credit-code", code, *offered, *PAPERS),
        )
        for licence in (LICENSED[role] for role in roles if role in LICENSED):
            guapai.json(
                *("merchant", "license", handle, "--class", licence, "--number", "37-1"),
                *("--issuer", "司法厅", "--until", "2099-12-31", *PAPERS[2:]),
                *("--as", OPERATOR[0]),
            )
    data, own = folder / "temperature.csv", folder / "sheet.toml"
    data.write_text(DATA, encoding="utf-8")
    (folder / "log.txt").write_text("collected by our own buoys\n")
    said["inspect"] = guapai.json("inspect", data, "--sheet-template", own)
    own.write_text(filled(own.read_text(encoding="utf-8")), encoding="utf-8")
    number = guapai.json("register", data, "--sheet", own, "--as", "supplier")["number"]
    said["number"] = number
    guapai("clock", "--advance", "5d")
    (folder / "report.txt").write_text("assessed\n")
    asked = ",".join(
        finding["rule"]
        for finding in guapai.json("explain", number)["review"]["findings"]
        if finding["severity"] == "attest" or finding["unlock"].endswith("names the rule")
    )
    said["measured"] = guapai(
        *("attest", number, "--rules", f"{asked},F-01", "--report", folder / "report.txt"),
        *("--as", "assessor"),
        code=2,
    ).stderr
    guapai.json(
        *("attest", number, "--rules", asked, "--report", folder / "report.txt"),
        *("--as", "assessor"),
    )
    guapai.json(
        *("review", number, "--score", "0.9", "--comments", folder / "report.txt"),
        *("--as", "expert"),
    )
    said["inbox"] = guapai.json("inbox", "--as", "reviewer")
    said["vet"] = guapai.json(
        *("vet", number, "--decision", "approved", "--reasons", "seen", "--rest", "yes"),
        *("--tick", "similar=not-applicable", "--as", "reviewer"),
    )
    said["explain"] = guapai.json("explain", number)
    said["list"] = guapai.json("list", number, "--as", "supplier")
    said["board"] = guapai.json("board")
    guapai.json(
        *("account", "deposit", "buyer", "2000.00 CNY", "--reference", "b-1", "--as", OPERATOR[0])
    )
    said["scenario"] = guapai.json(
        *("scenario", "file", number, "--purpose", "research", "--term-days", 90),
        *("--recipient", "the laboratory", "--description", "a forecast", "--as", "buyer"),
    )["scenario"]
    said["quote"] = guapai.json("trade", "quote", said["scenario"]["id"], "--as", "buyer")["quote"]
    trade = guapai.json("trade", "order", said["quote"]["id"], "--as", "buyer")["id"]
    said["trade"] = trade
    guapai.json("trade", "accept", trade, "--as", "supplier")
    guapai.json("deliver", trade, "--as", "supplier")
    said["received"] = guapai.json(
        *("receive", trade, "--out", folder / "bought.csv", "--as", "buyer")
    )
    said["settle"] = guapai.json("settle", trade)
    said["account"] = guapai.json("account", "show", "supplier")
    said["certificate"] = guapai.json(
        *("certificate", "issue", f"trade/{trade}", "--out", folder / "certificate.json")
    )
    said["verify"] = guapai.json(
        *("certificate", "verify", folder / "certificate.json", "--key", said["init"]["key"])
    )
    said["export"] = guapai.json("export", folder / "bundle")
    said["audit"] = guapai.json("audit", folder / "bundle", "--key", said["init"]["key"])
    said["audit itself"] = guapai.json("audit")
    (folder / "elsewhere.csv").write_text(LISTINGS, encoding="utf-8")
    said["import"] = guapai.json("import", folder / "elsewhere.csv")
    said["drafts"] = guapai.json("drafts")["drafts"]
    return said


def filled(template: str) -> str:
    """Fill in a template as a supplier would, without changing a single measured figure."""
    text = re.sub(r"# measured: (\S+) to (\S+)", r'valid_min = "\1"\nvalid_max = "\2"', template)
    text = text.replace("TODO ", "").replace("TODO", "own data")
    return text.replace('evidence = ""', 'evidence = "log.txt"')


def test_the_template_measured_the_file(played: dict[str, Any]) -> None:
    assert played["inspect"]["rows"] == 6
    assert played["inspect"]["data"] == hashlib.sha256(DATA.encode()).hexdigest()


def test_what_is_measured_nobody_attests(played: dict[str, Any]) -> None:
    assert "act.facts.rules: F-01 is decided by its check, and nobody attests" in played["measured"]


def test_the_product_is_on_the_board(played: dict[str, Any]) -> None:
    assert played["explain"]["review"]["passed"]
    assert played["explain"]["differences"] == []
    assert played["list"]["product"]["listing"] == "listed"
    assert [product["number"] for product in played["board"]["board"]] == [played["number"]]


def test_the_buyer_has_what_it_paid_for(played: dict[str, Any]) -> None:
    assert (played["folder"] / "bought.csv").read_text(encoding="utf-8") == DATA
    assert played["quote"]["amount"] == {"minor": 100_000, "currency": "CNY"}
    lines = [line["amount"]["minor"] for line in played["settle"]["lines"]]
    assert lines == [2_500, 97_500]
    assert played["account"]["balance"]["minor"] == 97_500
    assert played["received"]["delivery"] == "received"


def test_the_evidence_holds(played: dict[str, Any]) -> None:
    assert played["verify"]["verified"]
    assert played["verify"]["kind"] == "settlement.executed"
    assert played["audit"]["passed"]
    assert played["audit"]["size"] == played["export"]["size"]
    assert played["audit itself"]["passed"]
    assert played["audit itself"]["money"] == []


def test_listings_of_elsewhere_become_drafts_once(played: dict[str, Any]) -> None:
    guapai, folder = played["guapai"], played["folder"]
    assert (played["import"]["read"], played["import"]["added"]) == (2, 2)
    assert len(played["drafts"]) == 2
    assert guapai.json("import", folder / "elsewhere.csv")["added"] == 0
    assert "2 drafts" in guapai("drafts").stdout


def test_everything_can_be_shown(played: dict[str, Any]) -> None:
    guapai = played["guapai"]
    shown: dict[str, Callable[[Any], object]] = {
        played["number"]: lambda record: record["product"]["number"],
        played["trade"]: lambda record: record["trade"]["id"],
        played["scenario"]["id"]: lambda record: record["id"],
        played["quote"]["id"]: lambda record: record["id"],
        played["buyer"]["id"]: lambda record: record["id"],
        "buyer": lambda record: record["handle"],
        "0": lambda record: str(record["index"]),
        played["drafts"][0]["id"]: lambda record: record["id"],
    }
    for identity, name in shown.items():
        assert name(guapai.json("show", identity)) == identity
        assert guapai("show", identity).stdout.strip()


@pytest.mark.parametrize(
    "identity", ["GP-0", "TR-0", "SC-0", "QT-0", "nobody", "9999", "9" * 40, "²", "-"]
)
def test_what_is_not_there_is_not_shown(played: dict[str, Any], identity: str) -> None:
    assert played["guapai"].error("show", identity, code=1)["code"] == "not_found"


def test_every_command_also_prints_for_people(played: dict[str, Any]) -> None:
    guapai = played["guapai"]
    for line in (
        ["board"],
        ["board", "--all"],
        ["participant", "list"],
        ["explain", played["number"]],
        ["account", "show", "buyer"],
        ["inspect", played["folder"] / "temperature.csv"],
        ["audit"],
        ["settle", played["trade"]],
        ["clock"],
    ):
        said = guapai(*line).stdout
        assert said.strip()
        assert not said.lstrip().startswith("{")


def test_a_product_is_explained_in_chinese(played: dict[str, Any]) -> None:
    guapai, number = played["guapai"], played["number"]

    printed = guapai("explain", number, "--all", "--lang", "zh").stdout
    rules = {each["rule"]: each for each in guapai.json("explain", number, "--lang", "zh")["rules"]}

    assert "什么" in printed
    assert "妨碍挂牌" in printed
    assert rules["V-01"]["message"] == "交易所审核员已批准"
    assert rules["V-01"]["basis"].startswith("数据安全法 33")
    assert not ENGLISH.findall(" ".join(each["message"] for each in rules.values()))
    assert not ENGLISH.findall(" ".join(each["statement"] for each in rules.values()))


def test_anothers_pack_is_explained_in_its_chinese(
    played: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.venue.discover_packs", lambda: {"cn": plugged()})

    asked = "explain", played["number"]
    english, chinese = (
        played["guapai"].json(*asked, "--lang", lang)["rules"][0] for lang in ("en", "zh")
    )

    assert english["statement"] == "No more than three sources stand behind the data"
    assert chinese["statement"] == "数据来源不超过三个"
    assert chinese["evidence_wanted"] == "说明书所列的数据来源"
    assert chinese["basis"] == "某条"


def test_an_older_checkpoint_is_continued(played: dict[str, Any]) -> None:
    guapai, folder = played["guapai"], played["folder"]
    said = guapai.json("audit", "--against", folder / "bundle" / "checkpoint")
    assert any(remark.startswith("continues the checkpoint") for remark in said["remarks"])


def test_a_changed_bundle_fails_the_audit(played: dict[str, Any], tmp_path: Path) -> None:
    guapai = played["guapai"]
    guapai("export", tmp_path / "bundle")
    tile = next(path for path in (tmp_path / "bundle/tile/entries").rglob("*") if path.is_file())
    data = bytearray(tile.read_bytes())
    data[len(data) // 2] ^= 1
    tile.write_bytes(data)
    assert not guapai.json("audit", tmp_path / "bundle", code=1)["passed"]
    assert "NOT verified" in guapai("audit", tmp_path / "bundle", code=1).stdout


def test_a_changed_certificate_is_refused(played: dict[str, Any], tmp_path: Path) -> None:
    record = json.loads((played["folder"] / "certificate.json").read_text(encoding="utf-8"))
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(record | {"index": record["index"] - 1}), encoding="utf-8")
    key = played["init"]["key"]
    assert played["guapai"].error("certificate", "verify", path, "--key", key, code=3)


def test_no_secret_is_printed_or_lies_about_in_plain(played: dict[str, Any]) -> None:
    guapai, folder = played["guapai"], played["folder"]
    with Venue.open(guapai.folder) as venue:
        keys = [venue.keys_of(handle, PASSPHRASE) for handle in venue.keyring.handles()]
        venue.unlock(PASSPHRASE)
        assert isinstance(venue.log_signer, KeyPair)
        pairs = [venue.log_signer, *(each.signing for each in keys)]
    assert len(keys) == 8
    raw = [pair.private.private_bytes_raw() for pair in pairs]
    secrets = [PASSPHRASE.encode(), *(each.identity.encode() for each in keys)]
    secrets += [*raw, *(key.hex().encode() for key in raw)]
    secrets += [b"AGE-SECRET-KEY", b"-----BEGIN PRIVATE KEY", b"-----BEGIN OPENSSH"]
    printed = "".join(guapai.printed).encode()
    assert not any(secret in printed for secret in secrets)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 20
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content for secret in secrets), path
    for path in [*guapai.folder.rglob("*.pem"), *guapai.folder.rglob("*.age")]:
        assert path.stat().st_mode & 0o077 == 0, path
