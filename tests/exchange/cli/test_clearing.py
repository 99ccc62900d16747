"""`guapai account`, `guapai bank`, `guapai fees` and `guapai statement`, as they are typed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ledger.acts import format_time
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import OPERATOR, START, open_hall
from tests.exchange.services.test_charge_service import charging

HOUSE = OPERATOR[0]
DAYS = ("--from", "2026-01-05", "--until", "2026-01-31")
PAYEE = ("--payee", "引航买数有限公司", "--account", "6222020000000000001")


@pytest.fixture
def guapai(tmp_path: Path) -> Guapai:
    with open_hall(tmp_path / "exchange", store="sqlite") as hall:
        return Guapai(hall.folder)


def test_money_comes_in_and_goes_out_by_the_bank(guapai: Guapai, tmp_path: Path) -> None:
    guapai("bank", "receive", "buyer", "1000.00 CNY", "--reference", "IN1")
    guapai("bank", "receive", "nobody", "5.00 CNY", "--reference", "IN2")
    found = guapai.json("bank", "poll")
    assert [len(found[name]) for name in ("credited", "unclaimed", "faults")] == [1, 1, 0]
    (waiting,) = guapai.json("bank", "show")["unclaimed"]
    guapai("bank", "claim", waiting["id"], "buyer", "--as", "buyer", code=3)
    guapai("bank", "claim", waiting["id"], "buyer", "--as", HOUSE)
    said = guapai("account", "request", "400.00 CNY", *PAYEE, "--as", "buyer")
    assert "400.00 CNY are set aside under WD-" in said.stdout
    assert "next: guapai bank poll" in said.stderr
    assert "WD-" in guapai("bank", "show").stdout
    assert len(guapai.json("bank", "poll")["paid"]) == 1
    (paid,) = guapai.json("account", "withdrawals", "buyer")["withdrawals"]
    assert (paid["state"], paid["amount"]["minor"]) == ("paid", 40_000)
    assert "paid" in guapai("account", "withdrawals", "buyer").stdout
    assert "the bank says nothing more" in guapai("bank", "poll").stdout
    shown = guapai("statement", "buyer", *DAYS).stdout
    assert "opening balance" in shown
    assert "605.00 CNY" in shown
    for form in ("csv", "pdf"):
        out = tmp_path / f"statement.{form}"
        if form == "pdf" and not Path("/usr/share/fonts/opentype/noto").is_dir():
            continue
        guapai("statement", "buyer", *DAYS, "--format", form, "--out", out)
        assert out.read_bytes()[:4] in {b"\xef\xbb\xbf\xe6", b"%PDF"}
    assert guapai.json("statement", "buyer", *DAYS)["closing"] == {
        "minor": 60_500,
        "currency": "CNY",
    }
    assert guapai.json("audit")["money"] == []


def test_a_bank_behaves_as_it_is_told_and_a_fault_is_an_exit_code(guapai: Guapai) -> None:
    told = guapai.json("bank", "behave", "--losing-ppm", 1_000_000, "--twice")
    assert (told["losing_ppm"], told["twice"], told["seed"]) == (1_000_000, True, "1")
    assert "fault: simulated-bank: no answer" in guapai("bank", "poll", code=1).stdout
    assert guapai.error("bank", "behave", "--failing-ppm", -1, code=2)["code"] == "bad_field"
    assert "losing_ppm: 1000000" in guapai("bank", "behave").stdout


def test_credit_is_lent_and_refused_below_its_use(guapai: Guapai) -> None:
    lend = ("account", "credit", "buyer")
    said = guapai(*lend, "100.00 CNY", "--reason", "pays in time", "--as", HOUSE).stdout
    assert "buyer may fall to minus 100.00 CNY and can spend 100.00 CNY" in said
    guapai("account", "request", "60.00 CNY", *PAYEE, "--as", "buyer")
    guapai("bank", "poll")
    error = guapai.error(*lend, "59.99 CNY", "--reason", "less", "--as", HOUSE, code=3)
    assert "uses 60.00 CNY of its credit" in error["detail"]
    assert (
        guapai.error(*lend, "much", "--reason", "x", "--as", HOUSE, code=2)["code"] == "bad_field"
    )


def test_fees_are_published_and_shown(guapai: Guapai, tmp_path: Path) -> None:
    assert "the fee of the house is 2.5 % of a price" in guapai("fees", "show").stdout
    file = tmp_path / "schedule.toml"
    since = format_time(START + dt.timedelta(days=30))
    file.write_text(
        f'version = "1"\nsince = "{since}"\nmost_ppm = 50000\n'
        '[tax]\nname = "VAT"\nppm = 60000\n[trading.posted]\nppm = 25000\nminimum = "1.00 CNY"\n'
        "[trading.auction]\nppm = 30000\n"
        '[services]\nlisting = "0.00 CNY"\nauction = "200.00 CNY"\n',
        encoding="utf-8",
    )
    said = guapai("fees", "publish", file, "--as", HOUSE).stdout
    assert f"the fees of schedule 1 hold for prices quoted from {since}" in said
    shown = guapai("fees", "show").stdout
    assert "VAT 6 % on fees" in shown
    assert "1.00 CNY" in shown
    rows = [line.split() for line in shown.splitlines() if line.startswith("auction")]
    assert rows == [["auction", "trade", "3", "%"], ["auction", "service", "200.00", "CNY"]]
    (one,) = guapai.json("fees", "show")["schedules"]
    assert one["schedule"]["trading"]["posted"]["ppm"] == 25_000
    error = guapai.error("fees", "publish", file, "--as", HOUSE, code=3)
    assert "were published before" in error["detail"]
    guapai("fees", "publish", tmp_path / "none.toml", "--as", HOUSE, code=1)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--from", "soon", "--until", "2026-01-31"), 2, "--from: 'soon' is not a day"),
        (("--from", "2026-02-01", "--until", "2026-01-31"), 2, "until: not before 2026-02-01"),
    ],
)
def test_a_statement_is_of_days_in_order(
    guapai: Guapai, options: tuple[str, ...], code: int, words: str
) -> None:
    assert words in guapai("statement", "buyer", *options, code=code).stderr


def test_a_certificate_that_costs_a_fee_is_paid_for_by_who_asks(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "listed", store="sqlite") as hall:
        charging(hall, certificate=2_000)
        hall.deposit("rival")
        before = hall.balance("rival")
        guapai = Guapai(hall.folder)
        out = tmp_path / "certificate.json"
        issue = ("certificate", "issue", hall.number, "--out", out)
        refused = guapai.error(*issue, code=3)
        assert "who wants it signs certificate.requested" in refused["detail"]
        assert not out.exists()
        said = guapai(*issue, "--as", "rival")
        assert f"next: guapai certificate verify {out} --key" in said.stderr
        verified = guapai.json("certificate", "verify", out, "--key", str(hall.floor.log_key))
        assert verified["subject"] == f"product/{hall.number}"
        assert before - hall.balance("rival") == 2_120
        shown = guapai("dealings", "--as", "rival", "--lang", "en").stdout
        assert "certificate" in shown
        assert "21.20 CNY" in shown
