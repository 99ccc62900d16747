"""Services that the schedule asks money for: paid with the act that uses them, once, or refused."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from exchange.certificates import verify_certificate
from exchange.clearing import FEES
from exchange.clearing.fees import TAX, FeeSchedule, ModeFee, Tax
from exchange.clearing.statements import Period
from exchange.disputes import DisputeState
from exchange.errors import DataDiffer, InsufficientFunds, NotCompliant, NotFound, Refused
from exchange.formats.statement.words import kind_of
from exchange.services import publish_fees
from exchange.services.audit_provenance import export_bundle
from exchange.services.check_money import check_money
from exchange.services.hold_auction import open_auction
from exchange.services.issue_certificate import issue_certificate
from exchange.services.state_account import state_account
from exchange.simulation.auditors.journal import Auditor
from ledger.acts import format_time
from ledger.audit import audit
from pricing.money import Currency, Money
from tests.exchange.floor import DEPOSIT, SHEET, Hall, sheet
from tests.exchange.services.test_auctions import opened

ALL = Period(dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def charging(hall: Hall, **services: int) -> FeeSchedule:
    """Publish a schedule that asks so many fen for services, and wait until it is in force."""
    schedule = FeeSchedule(
        "services",
        format_time(hall.floor.clock() + dt.timedelta(days=7)),
        50_000,
        {"posted": ModeFee(30_000)},
        Tax("VAT", 60_000),
        {name: Money(minor) for name, minor in services.items()},
    )
    hall.house.publish_fees(schedule)
    hall.advance(days=7, seconds=1)
    return schedule


def kept(hall: Hall) -> tuple[int, int]:
    """Return what the house has of fees, and owes its tax office."""
    with hall.floor.read() as work:
        return work.accounts.balance(FEES).minor, work.accounts.balance(TAX).minor


def sound(hall: Hall, folder: Path) -> None:
    """Every check of the money, and an offline audit, find nothing."""
    assert [fault for check in check_money(floor=hall.floor) for fault in check.faults] == []
    assert Auditor(hall.database).faults() == []
    export_bundle(folder, floor=hall.floor)
    assert audit(folder, key=hall.floor.log_key).findings == []


def test_a_registration_is_paid_for_as_it_is_filed(hall: Hall, tmp_path: Path) -> None:
    charging(hall, registration=5_000)
    size = hall.size
    with pytest.raises(InsufficientFunds, match=r"53\.00 CNY are asked for the registration"):
        hall.register()
    assert (hall.size, hall.vault()) == (size, set())
    hall.deposit("supplier", Money(5_300))
    number = hall.register().number
    assert hall.balance("supplier") == 0
    assert kept(hall) == (5_000, 300)
    with hall.floor.read() as work:
        (act,) = work.chain.store.of_kind(f"product/{number}", "product.registered")
    assert hall.kinds(f"service/{act.leaf.hex()}") == ["service.charged"]
    sound(hall, tmp_path / "bundle")


def test_a_listing_is_paid_for_once_it_is_on_the_board(hall: Hall, tmp_path: Path) -> None:
    charging(hall, listing=10_000)
    number = hall.prepare()
    with pytest.raises(InsufficientFunds, match=r"106\.00 CNY are asked for the listing"):
        hall.supplier.list(number)
    assert "listing.requested" not in hall.kinds(f"product/{number}")
    hall.deposit("supplier")
    before = hall.balance("supplier")
    hall.vet(number, "rejected")
    with pytest.raises(NotCompliant):  # a verdict, which costs nothing
        hall.supplier.list(number)
    assert hall.kinds(f"product/{number}")[-1] == "compliance.verdict"
    assert hall.balance("supplier") == before
    hall.vet(number)
    hall.supplier.list(number)
    assert before - hall.balance("supplier") == 10_600
    assert kept(hall) == (10_000, 600)
    sound(hall, tmp_path / "bundle")


def listed_for_a_fee(hall: Hall) -> tuple[str, int]:
    """List a product under a fee; return its number and what its supplier has left."""
    charging(hall, listing=10_000)
    number = hall.prepare()
    hall.deposit("supplier")
    hall.supplier.list(number)
    return number, hall.balance("supplier")


def test_a_stranger_that_disputes_and_withdraws_costs_the_supplier_nothing(
    hall: Hall, tmp_path: Path
) -> None:
    number, before = listed_for_a_fee(hall)
    hall.rival.dispute(number, "ours")
    hall.rival.withdraw_dispute(number, "not ours")
    hall.supplier.list(number)
    hall.house.suspend_listing(number, "looked at again")
    hall.supplier.list(number)
    assert hall.balance("supplier") == before
    sound(hall, tmp_path / "bundle")


def test_a_sheet_that_the_supplier_changes_is_listed_anew_and_paid_for(
    hall: Hall, tmp_path: Path
) -> None:
    number, before = listed_for_a_fee(hall)
    hall.house.suspend_listing(number, "the sheet is unclear")
    hall.supplier.submit_sheet(
        number, sheet(basic=dict(SHEET["basic"], description="两座浮标每小时的水温。"))
    )
    hall.attest(number)
    hall.review(number)
    hall.vet(number)
    hall.supplier.list(number)
    assert before - hall.balance("supplier") == 10_600
    assert kept(hall) == (20_000, 1_200)
    sound(hall, tmp_path / "bundle")


def test_the_same_act_handed_in_again_costs_nothing_more(listed: Hall) -> None:
    charging(listed, auction=20_000)
    listed.deposit("supplier")
    before, size = listed.balance("supplier"), listed.size
    auction = opened(listed)
    with listed.floor.read() as work:
        (act,) = work.chain.store.of_kind(f"auction/{auction}", "auction.opened")
        rules = work.records.get(act.facts["rules"])
    assert open_auction(act.signed, rules, floor=listed.floor).id == auction
    assert before - listed.balance("supplier") == 21_200
    assert listed.size == size + 2


def test_an_auction_without_the_money_is_not_opened(listed: Hall) -> None:
    charging(listed, auction=20_000)
    size = listed.size
    with pytest.raises(InsufficientFunds, match=r"212\.00 CNY are asked for the auction"):
        opened(listed)
    assert listed.size == size


def test_a_certificate_that_is_paid_for_is_asked_for_by_an_act(listed: Hall) -> None:
    charging(listed, certificate=2_000)
    subject = f"product/{listed.number}"
    with pytest.raises(Refused, match=r"signs certificate\.requested"):
        issue_certificate(subject, floor=listed.floor)
    listed.house.withdraw(listed.participant("buyer"), DEPOSIT, "all of it")
    size = listed.size
    with pytest.raises(InsufficientFunds, match=r"21\.20 CNY are asked for the certificate"):
        listed.buyer.request_certificate(subject)
    assert listed.size == size
    listed.deposit("buyer")
    before = listed.balance("buyer")
    certificate = listed.buyer.request_certificate(subject, "registration.confirmed")
    assert certificate.entry.kind == "registration.confirmed"
    assert verify_certificate(certificate.to_record(), listed.floor.log_key)[0] == certificate.entry
    assert before - listed.balance("buyer") == 2_120
    with listed.floor.read() as work:
        (asked,) = (e for e in work.chain.store.entries() if e.kind == "certificate.requested")
    again = issue_certificate(subject, floor=listed.floor, signed=asked.signed)
    assert again.entry == certificate.entry
    assert before - listed.balance("buyer") == 2_120
    with pytest.raises(NotFound, match=r"act\.facts\.entry: product/GP-0 has no entry"):
        issue_certificate("product/GP-0", floor=listed.floor, signed=asked.signed)


def test_who_opens_a_dispute_bears_the_arbitration(listed: Hall, tmp_path: Path) -> None:
    charging(listed, arbitration=3_000)
    trade = listed.deliver()
    before = listed.balance("buyer")
    assert listed.buyer.dispute_trade(trade.id, "half of it is empty").dispute is DisputeState.OPEN
    assert before - listed.balance("buyer") == 3_180
    listed.buyer.undispute(trade.id, "it is all there")
    assert before - listed.balance("buyer") == 3_180
    sound(listed, tmp_path / "bundle")


def test_a_dispute_without_the_money_is_not_opened(listed: Hall) -> None:
    charging(listed, arbitration=3_000)
    trade = listed.deliver()
    listed.house.withdraw(listed.participant("buyer"), Money(listed.balance("buyer")), "all")
    with pytest.raises(InsufficientFunds, match=r"31\.80 CNY are asked for the arbitration"):
        listed.buyer.dispute_trade(trade.id, "half of it is empty")
    assert listed.trade(trade.id).dispute is DisputeState.NONE


def test_what_holds_when_the_act_is_signed_is_asked(listed: Hall) -> None:
    before = opened(listed)
    charging(listed, auction=20_000)
    charging(listed, auction=0)
    after = opened(listed)
    assert before != after
    assert kept(listed) == (0, 0)
    sound(listed, listed.folder.parent / "bundle")


def test_money_of_another_currency_pays_no_fee(listed: Hall) -> None:
    schedule = FeeSchedule(
        "dollars",
        format_time(listed.floor.clock() + dt.timedelta(days=7)),
        50_000,
        {"posted": ModeFee(0)},
        services={"auction": Money(100, Currency.USD)},
    )
    listed.house.publish_fees(schedule)
    listed.advance(days=8)
    listed.deposit("supplier")
    with pytest.raises(InsufficientFunds, match=r"1\.00 USD are asked .* holds 0\.00 USD"):
        opened(listed)
    listed.deposit("supplier", Money(100, Currency.USD))
    opened(listed)
    with listed.floor.read() as work:
        assert work.accounts.balance(FEES, Currency.USD) == Money(100, Currency.USD)


def test_a_statement_says_what_a_fee_was_for(listed: Hall) -> None:
    charging(listed, auction=20_000)
    listed.deposit("supplier")
    auction = opened(listed)
    line = state_account("supplier", ALL, floor=listed.floor).lines[-1]
    assert (line.kind, line.counterpart, line.amount) == (
        "service.charged",
        "exchange",
        Money(-21_200),
    )
    assert line.what == f"fee for the auction: {auction}"
    assert kind_of(line.kind, line.what, "zh") == f"服务费 {auction}"


def test_a_schedule_is_published_with_what_it_asks_for_services(hall: Hall) -> None:
    schedule = charging(hall, auction=20_000, listing=0)
    facts = publish_fees.fee_facts(schedule)
    assert facts["auction"] == {"minor": 20_000, "currency": "CNY"}
    assert "listing" not in facts
    subject = f"exchange/{hall.floor.house.origin}"
    for wrong in ({"listing": facts["auction"]}, {"auction": {"minor": 1, "currency": "CNY"}}):
        signed = hall.act("house", "fees.published", subject, facts | wrong)
        with pytest.raises(DataDiffer, match=rf"act\.facts\.{next(iter(wrong))}: not that of"):
            publish_fees.publish_fees(signed, schedule, floor=hall.floor)
