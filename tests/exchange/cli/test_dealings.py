"""`guapai dealings`, as it is typed."""

from __future__ import annotations

import pytest

from exchange.amendments import Changes
from exchange.dealings import Dealing, Matter, Party, Step
from exchange.formats.dealing_words import MATTERS, PARTIES, SERVICES, STEPS, cells
from ledger.kinds import clearing
from pricing.money import Money
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ("supplier 的待履行事项：1 项", "合同（供方）", "供方签约")),
        ("en", ("Open for supplier: 1", "contract,", "concludes")),
    ],
)
def test_what_is_open_is_shown_in_both_languages_with_the_next_command(
    listed: Hall, lang: str, words: tuple[str, ...]
) -> None:
    trade = listed.order()
    guapai = Guapai(listed.folder, passphrase=None)
    said = guapai("dealings", "--as", "supplier", "--lang", lang)
    for each in (*words, trade.id, str(trade.amount)):
        assert each in said.stdout
    assert f"next: guapai trade accept {trade.id} --as supplier" in said.stderr
    (line,) = guapai.json("dealings", "--as", "supplier")["dealings"]
    assert (line["subject"], line["step"], line["waits_for_me"]) == (trade.id, "conclude", True)
    assert line["amount"] == trade.amount.to_record()


def test_a_proposed_amendment_is_shown_before_it_is_signed(listed: Hall) -> None:
    trade = listed.contract()
    mine, guapai = Guapai(listed.folder), Guapai(listed.folder, passphrase=None)
    assert "no amendment was proposed" in guapai("trade", "amendments", trade.id).stdout
    changes = ("--amount", "1200.00 CNY", "--term-days", "100", "--as", "supplier")
    after = f"next: guapai trade amendments {trade.id}"
    assert after in mine("trade", "amend", trade.id, *changes).stderr
    assert after in guapai("dealings", "--as", "buyer").stderr
    said = guapai("trade", "amendments", trade.id)
    lines = said.stdout.splitlines()
    assert lines[0].endswith(": proposed")
    assert " by supplier at " in lines[0]
    assert lines[1:] == ["  amount: 1,000.00 CNY -> 1,200.00 CNY", "  term_days: 365 -> 100"]
    assert f"next: guapai trade accept-amendment {trade.id} --as buyer" in said.stderr
    listed.buyer.accept_amendment(trade.id)
    listed.buyer.propose(trade.id, Changes(term_days=90))
    first, second = guapai.json("trade", "amendments", trade.id)["amendments"]
    assert (first["state"], first["by"], second["state"]) == ("accepted", "supplier", "proposed")
    assert (first["before"]["term_days"], first["terms"]["term_days"]) == (365, 100)
    assert (second["before"], second["terms"]["term_days"]) == (first["terms"], 90)
    assert guapai.error("trade", "amendments", "TR-0000-0000-0000", code=1)["code"] == "not_found"


def test_who_asks_for_a_price_is_answered_by_the_next_command(listed: Hall) -> None:
    (made,) = listed.buyer.negotiate(listed.scenario())
    guapai = Guapai(listed.folder, passphrase=None)
    after = f"next: guapai negotiate offer {made.id} --amount AMOUNT --as supplier"
    assert after in guapai("dealings", "--as", "supplier").stderr
    listed.supplier.offer_price(made.id, Money(90_000))
    after = f"next: guapai negotiate accept {made.id} --as buyer"
    assert after in guapai("dealings", "--as", "buyer").stderr


def test_who_has_nothing_open_is_told_so_and_sent_to_its_inbox(listed: Hall) -> None:
    listed.order()
    guapai = Guapai(listed.folder, passphrase=None)
    said = guapai("dealings", "--as", "rival", "--lang", "en")
    assert "Nothing is open." in said.stdout
    assert "next: guapai inbox --as rival" in said.stderr
    assert guapai.json("dealings", "--as", "rival") == {
        "dealings": [],
        "next": "guapai inbox --as rival",
    }
    assert guapai.error("dealings", "--as", "nobody", code=1)["code"] == "not_found"


def test_every_word_has_both_languages() -> None:
    assert (set(MATTERS), set(PARTIES), set(STEPS)) == (set(Matter), set(Party), set(Step))
    assert set(SERVICES) == set(clearing.SERVICES)


def test_a_fee_says_what_it_was_for() -> None:
    paid = Dealing(
        Matter.FEE,
        "AU-1",
        Party.PAYER,
        "auction",
        Money(21_200),
        "2026-02-05T16:00:00Z",
        Step.NOTHING,
        Party.HOUSE,
        "",
    )
    assert cells(paid, "zh") == ("竞价服务费（付费方）", "AU-1", "212.00 CNY", "2026-02-05", "", "")
    assert cells(paid, "en")[0] == "auction fee, payer"
