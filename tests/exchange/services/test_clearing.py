"""Fees that are published, credit that is set, and statements that the chain bears out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.bank import SimulatedBank
from exchange.clearing import FEES, OUTSIDE, available
from exchange.clearing.fees import TAX, FeeSchedule, ModeFee, Tax
from exchange.clearing.statements import Period
from exchange.errors import (
    BadField,
    Broken,
    DataDiffer,
    Forbidden,
    InsufficientFunds,
    NotFound,
    Refused,
)
from exchange.formats.statement import export_statement
from exchange.payments import Payee
from exchange.services import publish_fees, set_credit
from exchange.services.ask_bank import ask_bank
from exchange.services.audit_provenance import reconcile
from exchange.services.compare_books import compare_books, entries_of
from exchange.services.execute_trade import terms_of
from exchange.services.publish_fees import fees_in_force, published_fees
from exchange.services.state_account import state_account
from ledger.audit import audit
from ledger.balances import Balances
from pricing.money import Currency, Money, total
from tests.exchange.by_hand import change
from tests.exchange.floor import DEPOSIT, PRICE, START, Hall

PAYEE = Payee("引航买数有限公司", "6222020000000000001")
ALL = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def schedule(hall: Hall, days: int = 7, version: str = "1", **changes: Any) -> FeeSchedule:
    since = hall.floor.clock() + dt.timedelta(days=days)
    made = FeeSchedule(
        version,
        since.strftime("%Y-%m-%dT%H:%M:%SZ"),
        50_000,
        {"posted": ModeFee(30_000, Money(1_000))},
        Tax("VAT", 60_000),
    )
    return replace(made, **changes)


# Fees.


def test_a_published_schedule_is_frozen_into_quotes_from_its_day_on(listed: Hall) -> None:
    listed.house.publish_fees(schedule(listed))
    before = listed.order()
    listed.advance(days=7, hours=1)
    after = listed.order("buyer")
    with listed.floor.read() as work:
        first, second = (terms_of(trade.terms, work) for trade in (before, after))
        found = fees_in_force(work, listed.floor)
        assert [each.schedule for each in published_fees(work, listed.floor)] == [found]
    assert (first.fees, first.fee_ppm, first.tax_ppm) == ("", 25_000, 0)
    assert found is not None
    assert (second.fees, second.fee_ppm, second.tax_ppm) == (found.digest, 30_000, 60_000)


def test_a_settlement_has_a_line_for_the_fee_and_one_for_its_tax(
    listed: Hall, tmp_path: Path
) -> None:
    listed.house.publish_fees(schedule(listed))
    listed.advance(days=8)
    listed.made = listed.order().id
    listed.contract()
    listed.house.publish_fees(schedule(listed, version="2", trading={"posted": ModeFee(0)}))
    listed.advance(days=8)  # what was quoted keeps its fees
    listed.deliver()
    listed.receive()
    _, lines = listed.house.settle(listed.made)
    fee, tax = 3_000, 180
    assert [(line.account, line.amount.minor) for line in lines] == [
        (FEES, fee),
        (TAX, tax),
        (available(listed.participant("supplier").id), PRICE.minor - fee - tax),
    ]
    assert total(line.amount for line in lines) == PRICE
    assert reconcile(floor=listed.floor).faults == ()
    from exchange.services.audit_provenance import export_bundle  # noqa: PLC0415

    export_bundle(tmp_path / "bundle", floor=listed.floor)
    assert audit(tmp_path / "bundle", key=listed.floor.log_key).findings == []


def test_fees_need_their_notice_and_the_very_schedule_that_was_signed(hall: Hall) -> None:
    with pytest.raises(BadField, match="since: 7 days' notice"):
        hall.house.publish_fees(schedule(hall, days=6))
    subject = f"exchange/{hall.floor.house.origin}"
    facts = publish_fees.fee_facts(schedule(hall))
    signed = hall.act("house", "fees.published", subject, facts)
    with pytest.raises(DataDiffer, match=r"act\.facts\.fees: not that of the schedule 2"):
        publish_fees.publish_fees(signed, schedule(hall, version="2"), floor=hall.floor)
    first = publish_fees.publish_fees(signed, schedule(hall), floor=hall.floor)
    size = hall.size
    again = publish_fees.publish_fees(signed, schedule(hall), floor=hall.floor)
    # Over PostgreSQL the entry had no place yet when it was first returned.
    assert (again.schedule, again.entry.data) == (first.schedule, first.entry.data)
    assert hall.size == size
    with pytest.raises(Refused, match="were published before"):
        hall.house.publish_fees(schedule(hall, version="2"))


def test_nobody_but_the_operator_publishes_fees_or_lends(hall: Hall) -> None:
    with pytest.raises(Forbidden):
        hall.buyer.publish_fees(schedule(hall))
    with pytest.raises(Forbidden):
        hall.buyer.set_credit(hall.participant("buyer"), Money(1), "I need it")


# Credit.


def test_credit_is_lent_and_cannot_be_taken_back_while_it_is_used(listed: Hall) -> None:
    buyer = listed.participant("buyer")
    listed.house.withdraw(buyer, DEPOSIT, "all of it")
    listed.made = listed.order().id
    with pytest.raises(InsufficientFunds):
        listed.contract()
    assert listed.house.set_credit(buyer, PRICE, "a sound buyer") == PRICE
    listed.contract()
    assert listed.balance("buyer") == -PRICE.minor
    with pytest.raises(Refused, match=r"uses 1,000\.00 CNY of its credit"):
        listed.house.set_credit(buyer, Money(PRICE.minor - 1), "less")
    assert reconcile(floor=listed.floor).faults == ()
    listed.deposit(amount=PRICE)
    assert listed.house.set_credit(buyer, Money(0), "paid back") == Money(0)
    assert compare_books(floor=listed.floor).chain == ()


def test_a_limit_is_of_somebody_and_an_amount(hall: Hall) -> None:
    signed, openings = hall.commit(
        "house", "credit.set", "account/nobody", {"limit": Money(1).to_record()}, {"reason": "x"}
    )
    with pytest.raises(NotFound, match="there is no participant nobody"):
        set_credit.set_credit(signed, openings, floor=hall.floor)
    subject = f"account/{hall.participant('buyer').id}"
    signed, openings = hall.commit("house", "credit.set", subject, {"limit": 5}, {"reason": "x"})
    with pytest.raises(BadField, match=r"act\.facts\.limit"):
        set_credit.set_credit(signed, openings, floor=hall.floor)


# Statements.


def busy(hall: Hall) -> Hall:
    """Move the buyer's account in every way: in, out, set aside, traded, in two currencies."""
    buyer = hall.participant("buyer")
    hall.house.deposit(buyer, Money(7, Currency.USD), "usd")
    hall.buyer.request_withdrawal(Money(300), PAYEE)
    ask_bank(floor=hall.floor)
    hall.advance(days=1)
    hall.trade_all()
    bank = hall.floor.payments()
    assert isinstance(bank, SimulatedBank)
    bank.behave(late_seconds=86_400)
    hall.buyer.request_withdrawal(Money(500), PAYEE)
    return hall


def test_a_statement_says_every_movement_and_what_it_came_to(listed: Hall) -> None:
    busy(listed)
    made = state_account("buyer", ALL, floor=listed.floor)
    assert [(line.what.split()[0], line.counterpart, line.amount.minor) for line in made.lines] == [
        ("deposit", "bank", DEPOSIT.minor),
        ("withdrawal", "bank", -300),
        ("escrow", "escrow", -PRICE.minor),
    ]
    left = DEPOSIT.minor - 300 - PRICE.minor
    assert (made.opening, made.closing, made.pending) == (Money(0), Money(left), Money(500))
    assert made.lines[-1].balance == made.closing
    with listed.floor.read() as work:
        for line in made.lines:
            entry = work.chain.store.by_leaf(line.leaf)
            assert entry is not None
            assert (entry.place, entry.kind, entry.time) == (line.place, line.kind, line.time)
    dollars = state_account("buyer", ALL, floor=listed.floor, currency=Currency.USD)
    assert dollars.closing == Money(7, Currency.USD)
    supplier = state_account("supplier", ALL, floor=listed.floor)
    assert [line.counterpart for line in supplier.lines] == ["escrow"]


def test_periods_follow_one_another_without_a_gap(listed: Hall) -> None:
    busy(listed)
    whole = state_account("buyer", ALL, floor=listed.floor)
    day, balance, lines = START.date(), Money(0), 0
    for _ in range(4):
        made = state_account("buyer", Period(day, day), floor=listed.floor)
        assert made.opening == balance
        assert made.opening + made.came_in - made.went_out == made.closing
        changed = sum(line.amount.minor for line in made.lines)
        assert made.closing.minor - made.opening.minor == changed
        balance, lines, day = made.closing, lines + len(made.lines), day + dt.timedelta(days=1)
    assert (balance, lines) == (whole.closing, len(whole.lines))


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE balance SET minor = minor + 1 WHERE account = :account",
            "the chain comes to .* no statement is issued",
        ),
        (
            "UPDATE posting SET minor = minor - 1 WHERE account = :account AND minor > 0",
            "is off by",
        ),
        ("UPDATE balance SET pending = 0 WHERE account = :account", None),
    ],
)
def test_a_statement_that_the_chain_does_not_bear_out_is_not_issued(
    listed: Hall, statement: str, words: str | None
) -> None:
    busy(listed)
    change(listed, statement, account=available(listed.participant("buyer").id))
    if words:
        with pytest.raises(Broken, match=words):
            state_account("buyer", ALL, floor=listed.floor)
    if words != "is off by":
        assert compare_books(floor=listed.floor).chain
        assert reconcile(floor=listed.floor).faults


def test_a_fold_of_the_chain_rebuilds_every_balance(listed: Hall) -> None:
    busy(listed)
    found, chain = compare_books(floor=listed.floor), Balances()
    assert (found.chain, found.size) == ((), listed.size)
    assert found.deposited == Money(DEPOSIT.minor - 300)
    with listed.floor.read() as work:
        books = {key: held.minor for key, held in work.accounts.balances().items() if held.minor}
        assert [broken for entry in entries_of(work) for broken in chain.take(entry)] == []
        assert found.journals == len(list(work.accounts.every_journal())) > 4
    assert chain.balances() == books
    assert chain.balance(OUTSIDE, "CNY") == -(DEPOSIT.minor - 300)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_csv_has_a_row_a_movement_between_the_balances(listed: Hall, language: str) -> None:
    made = state_account("buyer", ALL, floor=busy(listed).floor)
    data = export_statement(made, "csv", language)
    assert data == export_statement(made, "csv", language)
    rows = data.decode("utf-8-sig").split("\r\n")
    assert len(rows) == 1 + 1 + len(made.lines) + 2 + 1
    assert rows[2].endswith(",10000.00,10000.00,CNY")
    assert rows[3].endswith(",-3.00,9997.00,CNY")
    assert rows[-2].endswith(",,5.00,CNY")
