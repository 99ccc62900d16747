"""What is open for a party: a line of each kind, what comes next, and nothing of anybody else's."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.amendments import Changes
from exchange.dealings import Dealing, Matter, Party, Step
from exchange.errors import Refused
from exchange.services.bill_usage import bill_usage
from exchange.services.renew_subscription import renew, renew_due
from exchange.services.settle import settle
from exchange.services.show_dealings import show_dealings
from pricing.money import Money
from tests.exchange.floor import PRICE, Hall
from tests.exchange.services.plans import (
    FEE,
    MONTHLY,
    at,
    by_use,
    calls,
    listed_under,
    subscribed,
)
from tests.exchange.services.test_auctions import BOND, Bidders, cleared, opened
from tests.exchange.services.test_charge_service import charging
from tests.exchange.services.test_lifecycle import settled_and_disputed
from tests.exchange.services.test_negotiation import later
from tests.exchange.services.test_netting import DEAL, close, confirmed

HANDLES = ("supplier", "contributor", "buyer", "rival", "house")


def shown(hall: Hall, handle: str) -> tuple[Dealing, ...]:
    with hall.floor.read() as work:
        return show_dealings(hall.participant(handle), work=work, floor=hall.floor)


def of(hall: Hall, handle: str, matter: Matter) -> list[Dealing]:
    return [each for each in shown(hall, handle) if each.matter is matter]


def only(hall: Hall, handle: str, matter: Matter) -> Dealing:
    (found,) = of(hall, handle, matter)
    return found


def nobody_else(hall: Hall, *parties: str) -> None:
    """Nothing is open for anybody but these parties."""
    assert [handle for handle in HANDLES if shown(hall, handle)] == sorted(
        parties, key=HANDLES.index
    )


def test_a_contract_says_at_each_step_who_acts_next_and_by_when(listed: Hall) -> None:
    nobody_else(listed)
    listed.deposit()
    trade = listed.buyer.order(listed.buyer.quote(listed.scenario()).quote.id)
    with listed.floor.read() as work:
        quote = work.quotes.get(trade.quote)
    seen = []

    def look() -> Dealing:
        mine, theirs = (only(listed, who, Matter.CONTRACT) for who in ("buyer", "supplier"))
        assert (mine.side, theirs.side) == (Party.BUYER, Party.SUPPLIER)
        assert mine.waits_for_me + theirs.waits_for_me == (mine.by is not Party.HOUSE)
        nobody_else(listed, "supplier", "buyer")
        seen.append((mine.state, mine.step, mine.by, mine.due))
        return mine

    assert look().until == ""
    listed.supplier.accept(trade.id)
    until = look().until
    assert until == listed.trade(trade.id).grant_until
    listed.supplier.deliver(trade.id, listed.folder.parent)
    look()
    listed.buyer.receive(trade.id, listed.folder.parent / "received.csv")
    look()
    settle(trade.id, floor=listed.floor)
    last = only(listed, "buyer", Matter.CONTRACT)
    assert (last.step, last.due, last.waits_for_me, last.amount) == (Step.USE, until, False, PRICE)
    assert seen == [
        ("ordered", Step.CONCLUDE, Party.SUPPLIER, quote.until),
        ("contracted", Step.DELIVER, Party.SUPPLIER, until),
        ("contracted", Step.RECEIVE, Party.BUYER, until),
        ("contracted", Step.SETTLE, Party.HOUSE, ""),
    ]
    at(listed, until)
    assert only(listed, "buyer", Matter.CONTRACT) == last
    listed.advance(seconds=1)
    nobody_else(listed)


def test_an_order_whose_quote_has_ended_waits_for_nobody(listed: Hall) -> None:
    listed.deposit()
    trade = listed.buyer.order(listed.buyer.quote(listed.scenario()).quote.id)
    with listed.floor.read() as work:
        until = work.quotes.get(trade.quote).until
    at(listed, until)
    assert only(listed, "supplier", Matter.CONTRACT).waits_for_me
    listed.advance(seconds=1)
    with pytest.raises(Refused, match="ended with its quote"):
        listed.supplier.accept(trade.id)
    nobody_else(listed)


def test_a_contract_over_what_left_the_board_says_why_it_waits(listed: Hall) -> None:
    listed.deposit()
    trade = listed.buyer.order(listed.buyer.quote(listed.scenario()).quote.id)

    def held() -> list[tuple[Step, str, bool]]:
        lines = [only(listed, who, Matter.CONTRACT) for who in ("supplier", "buyer")]
        assert lines[0].held == lines[1].held
        return [(each.step, each.held, each.waits_for_me) for each in lines]

    def back() -> None:
        listed.supplier.list(listed.number)

    assert held() == [(Step.CONCLUDE, "", True), (Step.CONCLUDE, "", False)]
    listed.house.suspend_listing(listed.number, "a complaint")
    assert held() == [(Step.CONCLUDE, "a complaint", False)] * 2
    back()
    listed.supplier.accept(trade.id)
    listed.house.suspend_listing(listed.number, "another complaint")
    assert held() == [(Step.DELIVER, "another complaint", False)] * 2
    back()
    listed.supplier.deliver(trade.id, listed.folder.parent)
    listed.house.suspend_listing(listed.number, "a third")
    assert held() == [(Step.RECEIVE, "a third", False)] * 2
    back()
    assert held() == [(Step.RECEIVE, "", False), (Step.RECEIVE, "", True)]
    listed.house.delist(listed.number, "no longer made")  # in order: it serves its contracts
    assert held() == [(Step.RECEIVE, "", False), (Step.RECEIVE, "", True)]
    listed.buyer.receive(trade.id, listed.folder.parent / "received.csv")
    settle(trade.id, floor=listed.floor)
    assert only(listed, "buyer", Matter.CONTRACT).held == ""


def test_an_order_for_what_was_delisted_is_not_concluded_any_more(listed: Hall) -> None:
    listed.deposit()
    listed.buyer.order(listed.buyer.quote(listed.scenario()).quote.id)
    listed.house.delist(listed.number, "no longer made")
    assert only(listed, "supplier", Matter.CONTRACT).held == "no longer made"


def test_a_proposed_amendment_waits_for_the_other_party_beside_the_delivery(listed: Hall) -> None:
    trade = listed.contract()
    listed.supplier.propose(trade.id, Changes(amount=Money(120_000)))
    mine, theirs = (only(listed, who, Matter.AMENDMENT) for who in ("buyer", "supplier"))
    assert (mine.subject, mine.state, mine.amount) == (trade.id, "proposed", Money(120_000))
    assert (mine.step, mine.by) == (theirs.step, theirs.by) == (Step.ANSWER, Party.BUYER)
    assert (mine.waits_for_me, theirs.waits_for_me) == (True, False)
    assert only(listed, "buyer", Matter.CONTRACT).step is Step.DELIVER
    nobody_else(listed, "supplier", "buyer")
    listed.buyer.decline_amendment(trade.id, "too dear")
    assert of(listed, "buyer", Matter.AMENDMENT) == []
    listed.buyer.propose(trade.id, Changes(term_days=100))
    assert only(listed, "supplier", Matter.AMENDMENT).waits_for_me
    listed.supplier.accept_amendment(trade.id)
    assert of(listed, "supplier", Matter.AMENDMENT) == []


def test_a_negotiation_waits_for_an_offer_and_then_for_an_answer(listed: Hall) -> None:
    (made,) = listed.buyer.negotiate(listed.scenario())
    seen = []

    def look() -> None:
        line, other = (only(listed, who, Matter.NEGOTIATION) for who in ("supplier", "buyer"))
        assert line.subject == other.subject == made.id
        assert line.waits_for_me is not other.waits_for_me
        nobody_else(listed, "supplier", "buyer")
        seen.append((line.step, line.by, line.amount, line.due))

    look()
    until = later(listed, hours=1)
    listed.supplier.offer_price(made.id, PRICE, until=until)
    look()
    listed.buyer.offer_price(made.id, Money(90_000), until=until)
    look()
    at(listed, until)
    listed.advance(seconds=1)
    look()
    assert seen == [
        (Step.OFFER, Party.SUPPLIER, Money(0), made.until),
        (Step.ANSWER, Party.BUYER, PRICE, until),
        (Step.ANSWER, Party.SUPPLIER, Money(90_000), until),
        (Step.OFFER, Party.SUPPLIER, Money(90_000), made.until),
    ]
    at(listed, made.until)
    listed.advance(seconds=1)
    nobody_else(listed)


def test_an_order_that_lapsed_is_not_open_any_more(listed: Hall) -> None:
    trade = listed.order()
    listed.supplier.lapse(trade.id, "the data is withdrawn")
    nobody_else(listed)


def test_a_subscription_says_when_its_next_period_is_charged(hall: Hall) -> None:
    listed_under(hall, MONTHLY)
    found = subscribed(hall, periods=2)
    line = only(hall, "buyer", Matter.SUBSCRIPTION)
    assert (line.number, line.amount, line.until) == (1, FEE, found.until)
    assert (line.step, line.by, line.due) == (Step.RENEW, Party.HOUSE, found.due_at)
    assert only(hall, "supplier", Matter.SUBSCRIPTION).side is Party.SUPPLIER
    nobody_else(hall, "supplier", "buyer")
    at(hall, found.due_at)
    renewed = renew(found.trade, floor=hall.floor)
    line = only(hall, "buyer", Matter.SUBSCRIPTION)
    assert (line.number, line.until, line.due) == (2, renewed.until, renewed.until)
    assert (line.step, line.waits_for_me) == (Step.AUTHORISE, True)
    assert only(hall, "buyer", Matter.CONTRACT).until == renewed.until
    hall.buyer.end_subscription(found.trade, "the project is over")
    line = only(hall, "buyer", Matter.SUBSCRIPTION)  # its last fee is still held
    assert (line.state, line.step, line.due) == ("ended", Step.SETTLE, renewed.until)


def test_a_period_without_money_waits_for_its_buyer(hall: Hall) -> None:
    listed_under(hall, MONTHLY)
    found = subscribed(hall)
    hall.house.withdraw(hall.participant("buyer"), Money(hall.balance("buyer")), "all of it")
    at(hall, found.due_at)
    (overdue,) = renew_due(floor=hall.floor).changed
    line = only(hall, "buyer", Matter.SUBSCRIPTION)
    assert (line.state, line.step, line.due) == ("overdue", Step.FUND, overdue.grace)
    assert line.waits_for_me


def test_use_is_billed_line_by_line_and_the_next_bill_says_when(hall: Hall) -> None:
    listed_under(hall)
    trade = by_use(hall)
    assert only(hall, "supplier", Matter.CONTRACT).step is Step.METER
    first = only(hall, "buyer", Matter.BILL)
    assert (first.number, first.state, first.amount) == (1, "to come", Money(10_000))
    assert first.due == "2026-02-05T16:00:00Z"
    at(hall, first.due)
    hall.supplier.meter(trade.id, calls(hall, 3))
    with pytest.raises(Exception, match="contested"):
        bill_usage(trade.id, floor=hall.floor)
    late = only(hall, "buyer", Matter.BILL).due  # the batch may be contested for a week
    assert late == "2026-02-12T16:00:00Z"
    at(hall, late)
    hall.advance(seconds=1)
    bill_usage(trade.id, floor=hall.floor)
    made, coming = of(hall, "supplier", Matter.BILL)[::-1]
    assert (made.number, made.state, made.amount) == (1, "billed", Money(150))
    assert (made.until, made.step) == (first.due, Step.NOTHING)
    assert (coming.number, coming.amount) == (2, Money(9_850))
    assert coming.due == "2026-03-05T16:00:00Z"
    nobody_else(hall, "supplier", "buyer")
    hall.buyer.end_usage(trade.id, "the project is over")
    last = of(hall, "buyer", Matter.BILL)[0]
    ended = dt.datetime.fromisoformat(last.until)
    assert dt.datetime.fromisoformat(last.due) == ended + dt.timedelta(days=7)


def test_a_dispute_and_an_unpaid_award_are_shown_to_both_parties(listed: Hall) -> None:
    listed.deposit()
    trade = settled_and_disputed(listed)
    for handle in ("buyer", "supplier"):
        line = only(listed, handle, Matter.DISPUTE)
        assert (line.subject, line.by, line.step) == (trade.id, Party.HOUSE, Step.DECIDE)
    listed.house.withdraw(listed.participant("supplier"), Money(90_000), "payout")
    decided = listed.house.arbitrate(trade.id, back=Money(0), reversal=PRICE, reasons="none of it")
    assert of(listed, "buyer", Matter.DISPUTE) == []
    owing, owed = (only(listed, handle, Matter.AWARD) for handle in ("supplier", "buyer"))
    assert owing.amount == owed.amount == Money(decided.reversal)
    assert (owing.waits_for_me, owed.waits_for_me) == (True, False)
    nobody_else(listed, "supplier", "buyer")


def test_a_deposit_is_shown_to_its_bidder_alone_until_it_goes_somewhere(listed: Hall) -> None:
    auction = opened(listed)
    listed.deposit()
    bidders = Bidders(listed, auction)
    bidders.place("buyer", 90_000)
    bidders.place("rival", 80_000)
    with listed.floor.read() as work:
        found = work.auctions.get(auction)
    line = only(listed, "buyer", Matter.DEPOSIT)
    assert (line.subject, line.amount, line.state) == (auction, BOND, "placed")
    assert (line.step, line.due) == (Step.OPEN_BID, found.open_until)
    nobody_else(listed, "buyer", "rival")
    at(listed, found.bids_until)
    listed.advance(seconds=1)
    for handle in ("buyer", "rival"):
        bidders.open(handle)
    assert only(listed, "rival", Matter.DEPOSIT).step is Step.CLEAR
    at(listed, found.open_until)
    listed.advance(seconds=1)
    _, bids = cleared(listed, auction)
    nobody_else(listed, "buyer")
    line = only(listed, "buyer", Matter.DEPOSIT)
    assert (line.step, line.quote) == (Step.ORDER, bids["buyer"].quote)
    assert line.waits_for_me
    trade = listed.buyer.order(line.quote)
    assert only(listed, "buyer", Matter.DEPOSIT).step is Step.CONCLUDE
    listed.supplier.accept(trade.id)
    assert of(listed, "buyer", Matter.DEPOSIT) == []


def test_what_a_cleared_deal_owes_is_open_until_its_cycle(hall: Hall) -> None:
    hall.deposit()
    deal = confirmed(hall)
    owes, is_owed = (only(hall, handle, Matter.OBLIGATION) for handle in ("buyer", "supplier"))
    assert (owes.subject, owes.amount, owes.due, owes.step) == (deal.id, DEAL, deal.due, Step.NET)
    assert (owes.side, is_owed.side) == (Party.BUYER, Party.SUPPLIER)
    nobody_else(hall, "supplier", "buyer")
    close(hall)
    nobody_else(hall)


def test_fees_for_services_are_shown_to_who_paid_them_the_newest_first(listed: Hall) -> None:
    charging(listed, auction=20_000)
    listed.deposit("supplier")
    auctions = [opened(listed), opened(listed)]
    lines = of(listed, "supplier", Matter.FEE)
    assert [line.subject for line in lines] == auctions[::-1]
    assert {(line.state, line.amount) for line in lines} == {("auction", Money(21_200))}
    nobody_else(listed, "supplier")
