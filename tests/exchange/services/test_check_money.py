"""The operator's own check of the money says what is wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.amendments import Changes
from exchange.clearing import OUTSIDE
from exchange.lapsing import Lapsing
from exchange.services.audit_provenance import reconcile
from exchange.services.check_money import check_money
from exchange.services.compare_books import compare_books
from exchange.services.lapse_listings import lapse_listings
from exchange.services.renew_subscription import renew
from tests.exchange.by_hand import forge
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import PRICE, Hall, open_hall, sheet
from tests.exchange.services.plans import MONTHLY, at, listed_under, subscribed
from tests.exchange.services.test_market import FORGERIES

RULES = (
    "the books agree with themselves and with the chain",
    "the chain alone comes to the same balances",
    "no account is below its limit",
    "no escrow is filled or emptied twice",
    "what was paid in was paid out or is held",
    "every service that was used was paid for",
    "the log holds as many entries as its head says",
    "products stand where the chain has put them",
    "the board finds what is listed, as it is",
)


def broken(hall: Hall) -> dict[str, tuple[str, ...]]:
    return {check.rule: check.faults for check in check_money(floor=hall.floor) if check.faults}


def test_a_whole_trade_leaves_every_check_without_a_fault(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        assert [(check.rule, check.faults) for check in check_money(floor=hall.floor)] == [
            (rule, ()) for rule in RULES
        ]
        hall.trade_all()
        assert broken(hall) == {}


def test_an_amendment_that_raises_the_price_fills_escrow_again(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        trade = hall.contract().id
        hall.supplier.propose(trade, Changes(amount=PRICE + PRICE))
        hall.buyer.accept_amendment(trade)
        assert broken(hall) == {}


def test_the_fees_of_renewed_periods_are_held(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "admitted") as hall:
        found = subscribed(listed_under(hall, MONTHLY))
        for period in (2, 3):
            at(hall, found.until)
            found = renew(found.trade, floor=hall.floor)
            assert found.period == period
        assert broken(hall) == {}


@pytest.mark.parametrize(
    ("statements", "rule", "words"),
    [
        (
            ["UPDATE balance SET minor = minor + 1 WHERE account LIKE 'house/%'"],
            RULES[0],
            "the balance is 2501 minor units of CNY, the postings come to 2500",
        ),
        (["UPDATE balance SET credit = 1 WHERE minor > 0"], RULES[1], "may owe 0 minor"),
        (
            ["UPDATE balance SET minor = -1 WHERE account LIKE 'house/%'"],
            RULES[2],
            "house/fees: -0.01 CNY may leave it",
        ),
        (FORGERIES[-1][0], RULES[3], "paid out more than was in it: again"),
        (
            ["UPDATE posting SET account = 'house/fees' WHERE account LIKE 'e%' AND minor < 0"],
            RULES[4],
            "100000 minor units were paid into escrow, 0 came out of it and 0 are held",
        ),
    ],
)
def test_each_check_says_what_breaks_it(
    tmp_path: Path, statements: list[str], rule: str, words: str
) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        hall.trade_all()
        forge(hall, *statements)
        assert any(words in fault for fault in broken(hall)[rule])


def test_a_log_that_lost_entries_is_told(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        size = hall.size
        forge(
            hall,
            "DELETE FROM ledger_place WHERE place = (SELECT max(place) FROM ledger_place)",
        )
        assert broken(hall)[RULES[6]] == (
            f"{size - 1} entries have a place, the head of the log says {size}",
        )


OTHER = "station,time,level\nQD,2026-01-04T00:00:00Z,1.9\nRZ,2026-01-04T01:00:00Z,2.1\n"
# What listed a product that no verdict put on the board: a restore, or a hand at the database.
PUT_ON_BOARD = (
    "UPDATE product SET listing = 'listed', listed_at = '2026-01-05T00:00:00Z', "
    "valid_until = '2099-01-01', registration_state = 'confirmed', "
    "registered_until = '2099-01-01T00:00:00Z' WHERE listing = 'registered'"
)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (PUT_ON_BOARD, "{other}: the listing is registered by the chain, listed by its row"),
        (PUT_ON_BOARD, "{other}: the registration is on-notice by the chain, confirmed by its row"),
        (
            "UPDATE product SET listing = 'delisted' WHERE listing = 'listed'",
            "{listed}: the listing is listed by the chain, delisted by its row",
        ),
        (
            "UPDATE product SET registration_state = 'disputed' WHERE listing = 'listed'",
            "{listed}: the registration is confirmed by the chain, disputed by its row",
        ),
        (
            "DELETE FROM product WHERE listing = 'registered'",
            "{other}: registered by the chain, and without a row",
        ),
        (
            "UPDATE product SET number = 'GP-0000-0000-0000' WHERE listing = 'registered'",
            "GP-0000-0000-0000: no entry has registered it",
        ),
    ],
)
def test_a_product_that_the_chain_did_not_put_there_is_told(
    tmp_path: Path, statement: str, words: str
) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        other = hall.register("level.csv", OTHER).number
        hall.advance(days=800)  # what lapses by time alone is no fault of a row
        assert broken(hall) == {}
        forge(hall, statement)
        expected = words.format(other=other, listed=hall.number)
        assert expected in broken(hall)[RULES[7]]
        assert expected in reconcile(floor=hall.floor).faults


def test_a_row_that_no_entry_stands_behind_keeps_no_other_on_the_board(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_hall(tmp_path / "exchange", "listed") as hall:
        other = hall.register("level.csv", OTHER).number
        hall.supplier.submit_sheet(other, sheet())
        forge(hall, PUT_ON_BOARD)
        hall.advance(days=366)
        found = Lapsing(lambda: hall.floor, seconds=60).run()
        assert [product.number for product in found.suspended] == [hall.number]
        (failed,) = found.failed
        assert failed.startswith(f"{other}: needs: listing.suspended needs listing.published")
        assert f"a listing could not be asked again: {failed}" in caplog.text
        assert lapse_listings(floor=hall.floor) == replace(found, suspended=())
        guapai = Guapai(hall.folder)
        assert guapai.json("lapse", code=1)["failed"] == [failed]
        assert f"failed: {failed}\n" in guapai("lapse", code=1).stdout


@pytest.mark.parametrize("window", [1, 2, 3, 1_000])
def test_books_of_many_windows_are_read_whole(
    window: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        hall.trade_all()
        read = compare_books(floor=hall.floor)
        monkeypatch.setattr("exchange.store.accounts._WINDOW", window)
        with hall.floor.read() as work:
            journals = list(work.accounts.every_journal())
            assert len(journals) == read.journals > 2
            assert [each.number for each in journals] == sorted(each.number for each in journals)
            touching = [j for j in journals if any(p.account == OUTSIDE for p in j.postings)]
            told = [(j.what, j.entry, j.postings) for j in work.accounts.journals(OUTSIDE)]
            assert told == [(j.what, j.entry, j.postings) for j in touching]
        assert compare_books(floor=hall.floor) == read


def test_a_journal_under_another_entry_is_told_of_both(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        hall.trade_all()
        forge(
            hall,
            "UPDATE journal SET entry = (SELECT min(entry) FROM journal WHERE id < 2) WHERE id = 2",
        )
        told = broken(hall)[RULES[0]]
        assert [words.partition(": ")[2] for words in told] == [
            "the journals do not carry out what it says"
        ] * 2


def test_a_journal_that_does_not_sum_to_zero_is_named_and_the_rest_is_checked(
    tmp_path: Path,
) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        hall.trade_all()
        whole = compare_books(floor=hall.floor)
        forge(
            hall,
            "UPDATE posting SET minor = minor + 3 WHERE id = (SELECT min(id) FROM posting)",
            "UPDATE balance SET credit = 1 WHERE account LIKE 'house/%'",
        )
        found = compare_books(floor=hall.floor)
        assert (found.size, found.journals) == (whole.size, whole.journals)
        assert "journal 1 (deposit) is off by 3 minor units of CNY" in found.books
        told = broken(hall)
        assert any("house/fees: may owe 0 minor" in fault for fault in told[RULES[1]])


def test_the_command_says_what_holds_and_ends_with_a_code(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        guapai = Guapai(hall.folder)
        said = guapai("reconcile").stdout
        assert all(f"holds: {rule}" in said for rule in RULES)
        assert guapai.json("reconcile")["passed"] is True
        forge(hall, "UPDATE balance SET minor = minor - 1 WHERE minor > 0")
        said = guapai("reconcile", code=1).stdout
        assert f"BROKEN: {RULES[0]}" in said
        assert guapai.json("reconcile", code=1)["passed"] is False
