"""Where the parts of trading meet: fees over periods, disputes over bills, uses that end early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.amendments import Changes, PartOffer
from exchange.clearing import FEES
from exchange.clearing.fees import FeeSchedule, ModeFee
from exchange.errors import Refused
from exchange.services.access_delivery import access_delivery
from exchange.services.acting import record_for_house
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.bill_usage import close_usage
from exchange.services.check_money import check_money
from exchange.services.quote_plan import Wish, quote_plan
from exchange.services.release_due import release_due
from exchange.services.renew_subscription import renew, renew_due, settle_periods
from exchange.simulation.auditors.rights import Rights
from exchange.subscriptions import Subscription
from exchange.trading import Trade, TradeState
from ledger.access import access_subject
from ledger.acts import format_time
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import DATA, PRICE, Hall
from tests.exchange.services.plans import (
    FEE,
    MONTHLY,
    at,
    by_use,
    contracted,
    held,
    listed_under,
    served,
    subscribed,
)

HALF = Money(50_000)


@pytest.fixture
def monthly(hall: Hall) -> Hall:
    return listed_under(hall, MONTHLY)


def publish(hall: Hall, fee: ModeFee) -> None:
    """Put a schedule in force."""
    begins = hall.floor.clock() + dt.timedelta(days=7)
    hall.house.publish_fees(
        FeeSchedule("1", begins.strftime("%Y-%m-%dT%H:%M:%SZ"), 50_000, {"posted": fee})
    )
    hall.advance(days=7, hours=1)


def speak(hall: Hall, kind: str, subject: str, facts: dict[str, Any]) -> None:
    """Record something as the house, whatever its services would say."""
    with hall.floor.write() as work:
        record_for_house(kind, subject, facts, work=work, floor=hall.floor)


def fees(hall: Hall) -> int:
    with hall.floor.read() as work:
        return work.accounts.balance(FEES).minor


def sound(hall: Hall, bundle: Path) -> None:
    """Hold the books against the chain, and audit it as a stranger does."""
    assert [check for check in check_money(floor=hall.floor) if check.faults] == []
    export_bundle(bundle, floor=hall.floor)
    assert audit(bundle, key=hall.floor.log_key).findings == []


# Fees.


def test_a_further_period_bears_the_fee_of_one_price(hall: Hall) -> None:
    publish(hall, ModeFee(30_000))
    listed_under(hall, MONTHLY)
    before = subscribed(hall)
    of_one = fees(hall)
    assert of_one == 900
    at(hall, before.due_at)
    renewed = renew(before.trade, floor=hall.floor)
    at(hall, renewed.until)
    settle_periods(before.trade, floor=hall.floor)
    assert fees(hall) == 2 * of_one


def in_parts(hall: Hall) -> Trade:
    """Conclude a contract of two parts, each of half the price."""
    hall.made = hall.order().id
    trade, size = hall.contract(), len(DATA.encode())
    parts = (PartOffer(HALF, 10, 5), PartOffer(HALF, size - 10, 5))
    hall.supplier.propose(trade.id, Changes(parts=parts))
    return hall.buyer.accept_amendment(trade.id)


def test_parts_that_are_settled_together_bear_one_minimum(listed: Hall) -> None:
    publish(listed, ModeFee(0, Money(1_000)))
    trade = in_parts(listed)
    for number in (1, 2):
        listed.supplier.deliver(trade.id, listed.folder.parent)
        listed.buyer.receive(trade.id, listed.folder.parent / f"part-{number}.csv")
    listed.house.settle(trade.id)
    assert fees(listed) == 1_000


# The money of periods and parts.


def test_the_check_of_the_money_knows_periods_and_amendments(monthly: Hall, tmp_path: Path) -> None:
    before = subscribed(monthly)
    for _ in range(2):
        at(monthly, before.due_at)
        before = renew(before.trade, floor=monthly.floor)
    assert held(monthly, before.trade, renewals=True) == 2 * FEE.minor
    sound(monthly, tmp_path / "bundle")


def test_the_check_of_the_money_knows_a_price_that_grew(listed: Hall, tmp_path: Path) -> None:
    listed.made = listed.order().id
    trade = listed.contract()
    listed.deposit()
    listed.supplier.propose(trade.id, Changes(amount=PRICE + HALF))
    listed.buyer.accept_amendment(trade.id)
    sound(listed, tmp_path / "bundle")


def test_a_late_part_is_claimed_for_what_a_refund_has_left_of_it(
    listed: Hall, tmp_path: Path
) -> None:
    trade = in_parts(listed)
    listed.supplier.refund(trade.id, Money(70_000), "less than was promised")
    listed.advance(days=400)
    due = release_due(floor=listed.floor)
    assert (due.failed, [each.id for each in due.refunded]) == ((), [trade.id])
    assert listed.trade(trade.id).state is TradeState.CANCELLED
    sound(listed, tmp_path / "bundle")


def windowed(hall: Hall, days: int) -> Trade:
    """Conclude a subscription whose buyer has so many days to answer, and serve its start."""
    house = replace(hall.floor.house, acceptance_seconds=days * 86_400)
    floor, buyer = replace(hall.floor, house=house), hall.participant("buyer").id
    quote = quote_plan(hall.scenario(), Wish(), buyer=buyer, floor=floor).quote
    trade = hall.supplier.accept(hall.buyer.order(quote.id).id)
    return served(hall, trade)


def test_a_dispute_freezes_the_periods_that_are_held(monthly: Hall) -> None:
    trade = windowed(monthly, 90)
    allowed = monthly.buyer.authorise(trade.id, 3)
    at(monthly, allowed.due_at)
    renewed = renew(trade.id, floor=monthly.floor)
    monthly.buyer.dispute_trade(trade.id, "the service stands still")
    at(monthly, renewed.until)
    with pytest.raises(Refused, match=r"is frozen: its performance is disputed"):
        settle_periods(trade.id, floor=monthly.floor)
    with pytest.raises(Refused, match=r"is frozen: its performance is disputed"):
        monthly.house.refund_period(trade.id, "not served")
    facts = {"trade": trade.id, "period": 2, "amount": FEE.to_record(), "reason": "not served"}
    with pytest.raises(Refused, match=r"dispute: trade/.* is frozen by the dispute of"):
        speak(monthly, "subscription.refunded", f"subscription/{trade.id}", facts)
    assert held(monthly, trade.id, renewals=True) == FEE.minor
    monthly.buyer.undispute(trade.id, "it runs again")
    assert settle_periods(trade.id, floor=monthly.floor).settled == 2


def test_further_periods_serve_an_award(monthly: Hall) -> None:
    trade = windowed(monthly, 90)
    allowed = monthly.buyer.authorise(trade.id, 3)
    at(monthly, allowed.due_at)
    renewed = renew(trade.id, floor=monthly.floor)
    proceeds = Money(monthly.balance("supplier"))
    monthly.house.withdraw(monthly.participant("supplier"), proceeds, "out")
    monthly.buyer.dispute_trade(trade.id, "the first month was not served")
    monthly.house.arbitrate(trade.id, back=Money(0), reversal=FEE, reasons="see the file")
    assert monthly.trade(trade.id).reversal > 0
    at(monthly, renewed.until)
    settle_periods(trade.id, floor=monthly.floor)
    assert (monthly.trade(trade.id).reversal, monthly.balance("supplier")) == (0, 0)
    assert reconcile(floor=monthly.floor).faults == ()


@pytest.mark.parametrize("charged", ["before the award", "after it"])
def test_a_period_that_is_paid_for_is_used_though_the_first_was_awarded_back(
    monthly: Hall, charged: str
) -> None:
    trade = windowed(monthly, 90)
    allowed = monthly.buyer.authorise(trade.id, 3)
    if charged == "before the award":
        at(monthly, allowed.due_at)
        renew(trade.id, floor=monthly.floor)
    monthly.buyer.dispute_trade(trade.id, "the first month was not served")
    back = monthly.trade(trade.id).held
    monthly.house.arbitrate(trade.id, back=back, reversal=FEE - back, reasons="see the file")
    if charged == "after it":
        with pytest.raises(Refused, match="whole price was awarded back"):
            access_delivery(trade.id, by=trade.buyer, floor=monthly.floor)
        at(monthly, allowed.due_at)
        renew(trade.id, floor=monthly.floor)
    assert access_delivery(trade.id, by=trade.buyer, floor=monthly.floor).count == 2
    assert reconcile(floor=monthly.floor).faults == ()


def test_no_ending_cuts_a_period_short_that_is_paid_for(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, before.due_at)
    renew(before.trade, floor=monthly.floor)
    with pytest.raises(Refused, match=r"is subscription: end that, and the period paid for"):
        monthly.supplier.end(before.trade, "notice", "no more")
    with pytest.raises(Refused, match=r"the fee of period 2 is held: it is settled, or given"):
        monthly.buyer.end(before.trade, "breach", "nothing is served")
    monthly.house.refund_period(before.trade, "nothing is served")
    assert monthly.buyer.end(before.trade, "breach", "nothing is served").state is TradeState.ENDED
    assert held(monthly, before.trade, renewals=True) == 0
    assert reconcile(floor=monthly.floor).faults == ()


def held_beside_the_first(hall: Hall) -> Subscription:
    """Charge period 2 while the first fee is received, and in escrow still."""
    trade = contracted(hall)
    hall.supplier.deliver(trade.id, hall.folder.parent)
    hall.buyer.receive(trade.id, hall.folder.parent / f"{trade.id}.csv")
    at(hall, hall.buyer.authorise(trade.id, 3).due_at)
    return renew(trade.id, floor=hall.floor)


def test_no_refund_of_the_first_fee_cuts_a_period_short_that_is_paid_for(
    monthly: Hall, tmp_path: Path
) -> None:
    trade = held_beside_the_first(monthly).trade
    with pytest.raises(Refused, match=r"the fee of period 2 is held: it is settled, or given"):
        monthly.supplier.refund(trade, FEE, "late")
    part = Money(FEE.minor - 1)
    assert monthly.supplier.refund(trade, part, "late").state is TradeState.CONTRACTED
    access_delivery(trade, by=monthly.trade(trade).buyer, floor=monthly.floor)
    monthly.house.refund_period(trade, "not served")
    assert monthly.supplier.refund(trade, Money(1), "late").state is TradeState.CANCELLED
    sound(monthly, tmp_path / "bundle")


def test_a_period_that_is_paid_for_is_had_though_all_of_the_first_fee_was_awarded_from_escrow(
    monthly: Hall, tmp_path: Path
) -> None:
    charged = held_beside_the_first(monthly)
    trade = monthly.supplier.dispute_trade(charged.trade, "they say it was not served")
    monthly.house.arbitrate(trade.id, back=FEE, reversal=Money(0), reasons="see the file")
    ended = monthly.trade(trade.id)
    assert (ended.state, ended.grant_until) == (TradeState.EXECUTED, charged.until)
    access_delivery(trade.id, by=trade.buyer, floor=monthly.floor)
    at(monthly, charged.until)
    assert settle_periods(trade.id, floor=monthly.floor).settled == 2
    sound(monthly, tmp_path / "bundle")


def test_a_dispute_holds_what_use_has_left(hall: Hall) -> None:
    trade = by_use(listed_under(hall))
    hall.buyer.dispute_trade(trade.id, "what was metered is not ours")
    hall.advance(days=400)
    with pytest.raises(Refused, match=r"is frozen: its performance is disputed"):
        close_usage(trade.id, floor=hall.floor)
    assert held(hall, trade.id) == trade.amount.minor


# Amendments of what has ended, or would.


def test_no_amendment_takes_all_that_a_refund_has_left(listed: Hall) -> None:
    listed.made = listed.order().id
    trade = listed.contract()
    listed.supplier.refund(trade.id, HALF, "less than was promised")
    with pytest.raises(Refused, match=r"all of 500.00 CNY held would go back: refund it, or end"):
        listed.supplier.propose(trade.id, Changes(amount=HALF))
    listed.supplier.propose(trade.id, Changes(amount=HALF + Money(1)))
    amended = listed.buyer.accept_amendment(trade.id)
    assert (amended.state, amended.held) == (TradeState.CONTRACTED, Money(1))
    listed.supplier.deliver(trade.id, listed.folder.parent)


def test_no_amendment_moves_the_end_that_was_given_notice_of(listed: Hall) -> None:
    listed.made = listed.order().id
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(amount=HALF))
    ended = listed.buyer.end(trade.id, "notice", "another plan")
    with pytest.raises(Refused, match=r"order: amendment.accepted cannot follow trade.ended"):
        listed.buyer.accept_amendment(trade.id)
    listed.buyer.decline_amendment(trade.id, "it ends")
    with pytest.raises(Refused, match=r"order: amendment.proposed cannot follow trade.ended"):
        listed.supplier.propose(trade.id, Changes(amount=HALF))
    assert listed.trade(trade.id).grant_until == ended.grant_until


# Uses that end before their time.


def alone(hall: Hall, handle: str) -> Trade:
    """Conclude an exclusive contract at a negotiated price."""
    hall.deposit(handle)
    (made,) = hall.desk(handle).negotiate(hall.scenario(handle), exclusive=True)
    hall.supplier.offer_price(made.id, PRICE)
    quote = hall.desk(handle).accept_offer(made.id).quote
    return hall.supplier.accept(hall.desk(handle).order(quote.id).id)


def test_a_use_is_had_alone_to_the_end_of_its_notice(listed: Hall, tmp_path: Path) -> None:
    trade = alone(listed, "buyer")
    ended = listed.buyer.end(trade.id, "notice", "another plan")
    with pytest.raises(Refused, match="is another's alone until 2026-02-04, by contract"):
        listed.rival.quote(listed.scenario("rival"))
    at(listed, ended.grant_until or "")
    listed.advance(days=1)
    assert alone(listed, "rival").state is TradeState.CONTRACTED
    sound(listed, tmp_path / "bundle")


def test_a_term_that_was_shortened_is_in_nobodys_way(listed: Hall, tmp_path: Path) -> None:
    listed.made = listed.order().id
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(term_days=5))
    listed.buyer.accept_amendment(trade.id)
    listed.advance(days=6)
    assert alone(listed, "rival").state is TradeState.CONTRACTED
    sound(listed, tmp_path / "bundle")


def test_a_term_is_not_grown_again_into_a_use_that_is_had_alone(listed: Hall) -> None:
    listed.made = listed.order().id
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(term_days=5))
    listed.buyer.accept_amendment(trade.id)
    listed.advance(days=6)
    other = alone(listed, "rival")
    with pytest.raises(Refused, match=f"is another's alone until .*, by contract {other.id}"):
        listed.supplier.propose(trade.id, Changes(term_days=20))


def test_a_period_is_not_charged_beside_a_use_that_is_had_alone(monthly: Hall) -> None:
    before: Subscription = subscribed(monthly)
    at(monthly, before.until)
    monthly.advance(days=2)  # the use right rests, and another buyer takes the use alone
    other = alone(monthly, "rival")
    balance = monthly.balance("buyer")
    (refused,) = renew_due(floor=monthly.floor).refused
    assert refused[0] == before.trade
    assert f"is another's alone until {(other.grant_until or '')[:10]}" in refused[1]
    assert monthly.balance("buyer") == balance


@pytest.mark.parametrize("end", ["a refund", "two refunds", "claims", "an award of the budget"])
def test_a_use_that_nothing_pays_for_is_in_nobodys_way_the_day_after(
    hall: Hall, tmp_path: Path, end: str
) -> None:
    if end == "an award of the budget":
        trade = by_use(listed_under(hall))
        hall.buyer.dispute_trade(trade.id, "nothing is served")
        half = Money(trade.amount.minor // 2)
        hall.house.arbitrate(trade.id, back=half, reversal=Money(0), reasons="see the file")
    elif end == "claims":
        hall.list()
        hall.deposit()
        trade = in_parts(hall)
        hall.advance(days=6)
        for _ in trade.id, "the other part":
            hall.buyer.claim_refund(trade.id)
    else:
        hall.list()
        hall.deposit()
        hall.made = hall.order().id
        trade = hall.contract()
        for back in [PRICE] if end == "a refund" else [HALF, HALF]:
            hall.supplier.refund(trade.id, back, "we cannot deliver")
    assert hall.trade(trade.id).grant_until == format_time(hall.floor.clock())
    with pytest.raises(Refused, match="cannot be exclusive before"):
        alone(hall, "rival")
    hall.advance(days=1)
    assert alone(hall, "rival").state is TradeState.CONTRACTED
    sound(hall, tmp_path / "bundle")
    with hall.floor.read() as work:
        rights = Rights()
        assert [told for entry in work.chain.store.entries() for told in rights.take(entry)] == []


def settled_and_disputed(hall: Hall) -> Trade:
    trade = alone(hall, "buyer")
    hall.supplier.propose(trade.id, Changes(acceptance_seconds=86_400))
    hall.buyer.accept_amendment(trade.id)
    hall.supplier.deliver(trade.id, hall.folder.parent)
    hall.buyer.receive(trade.id, hall.folder.parent / "received.csv")
    hall.house.settle(trade.id)
    return hall.buyer.dispute_trade(trade.id, "columns are missing")


@pytest.mark.parametrize(("reversal", "over"), [(PRICE, True), (HALF, False)])
def test_who_gets_the_whole_price_back_gives_the_use_up(
    listed: Hall, tmp_path: Path, reversal: Money, *, over: bool
) -> None:
    trade = settled_and_disputed(listed)
    listed.house.arbitrate(trade.id, back=Money(0), reversal=reversal, reasons="see the file")
    ended = listed.trade(trade.id).grant_until
    assert (ended == format_time(listed.floor.clock())) is over
    if not over:
        access_delivery(trade.id, by=trade.buyer, floor=listed.floor)
        with pytest.raises(Refused, match="is another's alone"):
            listed.rival.quote(listed.scenario("rival"))
        return
    with pytest.raises(Refused, match="the whole price was awarded back, and the use with it"):
        access_delivery(trade.id, by=trade.buyer, floor=listed.floor)
    facts = {"trade": trade.id, "to": trade.buyer, "sealed": trade.sealed, "count": 1}
    with pytest.raises(Refused, match="expiry: the use right ended"):
        speak(listed, "access.granted", access_subject(trade.id), facts)
    assert alone(listed, "rival").state is TradeState.CONTRACTED
    sound(listed, tmp_path / "bundle")
