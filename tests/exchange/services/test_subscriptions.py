"""Subscriptions: one price to the end, one charge a period, and an end that ends the charging."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from exchange.charging import Charging
from exchange.clearing import EscrowState
from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    InsufficientFunds,
    NoScenario,
    NotCompliant,
    Refused,
    TermsDiffer,
)
from exchange.services.access_delivery import Access, access_delivery
from exchange.services.acting import record_for_house
from exchange.services.audit_provenance import reconcile
from exchange.services.execute_trade import terms_of
from exchange.services.quote_plan import Wish
from exchange.services.renew_subscription import (
    Sweep,
    authorise,
    end_subscription,
    periods_of,
    renew,
    renew_due,
    settle_periods,
)
from exchange.subscriptions import SubscriptionState
from exchange.trading import TradeState, TradingMode
from ledger.access import GRANTED
from ledger.acts import format_time
from pricing.money import Money
from tests.exchange.floor import DEPOSIT, Hall
from tests.exchange.services.plans import (
    FEE,
    MONTH,
    MONTHLY,
    at,
    by_use,
    contracted,
    held,
    listed_under,
    planned,
    served,
    subscribed,
)

FIRST_END = "2026-02-05T16:00:00Z"  # midnight in China after the corresponding day
SECOND_END = "2026-03-05T16:00:00Z"


@pytest.fixture
def monthly(hall: Hall) -> Hall:
    return listed_under(hall, MONTHLY)


def test_a_subscription_from_its_quote_through_two_renewals_to_its_end(monthly: Hall) -> None:
    priced = monthly.buyer.quote_plan(monthly.scenario())
    assert (priced.quote.amount, priced.terms.mode) == (FEE, TradingMode.SUBSCRIPTION)
    assert priced.terms.period is not None
    trade = monthly.supplier.accept(monthly.buyer.order(priced.quote.id).id)
    assert (trade.escrow, trade.grant_until) == (EscrowState.HELD, FIRST_END)
    assert served(monthly, trade).state is TradeState.EXECUTED
    allowed = monthly.buyer.authorise(trade.id, 3)
    assert (allowed.period, allowed.periods, allowed.until) == (1, 3, FIRST_END)
    at(monthly, allowed.due_at)
    second = renew(trade.id, floor=monthly.floor)
    assert (second.period, second.since, second.until) == (2, FIRST_END, SECOND_END)
    assert held(monthly, trade.id, renewals=True) == FEE.minor
    assert monthly.trade(trade.id).grant_until == SECOND_END
    at(monthly, second.due_at)
    third = renew(trade.id, floor=monthly.floor)
    assert (third.period, third.is_last) == (3, True)
    assert held(monthly, trade.id, renewals=True) == 2 * FEE.minor
    at(monthly, third.until)
    settled = settle_periods(trade.id, floor=monthly.floor)
    assert (settled.settled, held(monthly, trade.id, renewals=True)) == (3, 0)
    ended = renew(trade.id, floor=monthly.floor)
    assert ended.state is SubscriptionState.ENDED
    assert ended.reason == "the 3 periods that the buyer authorised are over"
    assert monthly.balance("buyer") == DEPOSIT.minor - 3 * FEE.minor
    assert monthly.balance("supplier") == 3 * (FEE.minor - 750)
    with monthly.floor.read() as work:
        assert [p.paid_out for p in periods_of(trade.id, work)] == ["released"] + ["settled"] * 2
    assert reconcile(floor=monthly.floor).faults == ()


def test_ocean_provider_580_the_publisher_cannot_change_paid_terms_afterwards(
    monthly: Hall,
) -> None:
    """A renewal costs what the terms say, and the sheet asks for more by then."""
    before = subscribed(monthly)
    dearer = MONTHLY | {"parameters": {"fee": "900.00 CNY", "period": MONTH}}
    monthly.supplier.submit_sheet(monthly.number, planned(dearer))
    monthly.attest()
    monthly.review()
    monthly.supplier.list(monthly.number)
    assert monthly.buyer.quote_plan(monthly.scenario()).quote.amount == Money(90_000)
    at(monthly, before.due_at)
    balance = monthly.balance("buyer")
    after = renew(before.trade, floor=monthly.floor)
    assert (after.period, after.amount, after.terms) == (2, FEE, before.terms)
    assert balance - monthly.balance("buyer") == FEE.minor


def test_a_period_is_charged_once(monthly: Hall) -> None:
    before = subscribed(monthly)
    size = monthly.size
    assert renew(before.trade, floor=monthly.floor) == before  # a month too early
    assert monthly.size == size
    at(monthly, before.due_at)
    renewed = renew(before.trade, floor=monthly.floor)
    size, balance = monthly.size, monthly.balance("buyer")
    assert renew(before.trade, floor=monthly.floor) == renewed
    assert renew_due(floor=monthly.floor).changed == ()
    assert (monthly.size, monthly.balance("buyer")) == (size, balance)


def test_nothing_is_charged_that_the_buyer_did_not_authorise(monthly: Hall) -> None:
    trade = contracted(monthly)
    served(monthly, trade)
    at(monthly, FIRST_END)
    assert renew_due(floor=monthly.floor).changed == ()
    assert monthly.balance("buyer") == DEPOSIT.minor - FEE.minor


def test_an_authorisation_is_of_the_terms_that_were_ordered(monthly: Hall) -> None:
    trade = contracted(monthly)
    facts = {
        "trade": trade.id,
        "terms": trade.terms,
        "amount": trade.amount.to_record(),
        "periods": 12,
    }
    for name, value in (("terms", "0" * 64), ("amount", Money(1).to_record()), ("trade", "TR-1")):
        signed = monthly.act(
            "buyer", "subscription.authorised", f"subscription/{trade.id}", facts | {name: value}
        )
        with pytest.raises(TermsDiffer, match=f"act.facts.{name}: not that of trade"):
            authorise(signed, floor=monthly.floor)
    with pytest.raises(BadField, match=r"act.facts.periods: more than the 1 charged"):
        monthly.buyer.authorise(trade.id, 1)
    with pytest.raises(Forbidden):
        monthly.supplier.authorise(trade.id, 3)


def test_a_trade_of_another_mode_has_no_periods(hall: Hall) -> None:
    trade = by_use(listed_under(hall))
    with pytest.raises(Refused, match="is usage: it has no periods to renew"):
        hall.buyer.authorise(trade.id, 3)


def test_an_order_without_a_contract_is_not_renewed(monthly: Hall) -> None:
    order = monthly.buyer.order(monthly.buyer.quote_plan(monthly.scenario()).quote.id)
    with pytest.raises(Refused, match="there is no contract to renew"):
        monthly.buyer.authorise(order.id, 3)


def test_what_was_bought_first_is_received_before_more_is_charged(monthly: Hall) -> None:
    trade = contracted(monthly)
    allowed = monthly.buyer.authorise(trade.id, 3)
    at(monthly, allowed.due_at)
    with pytest.raises(Refused, match="what was bought first is not received yet"):
        renew(trade.id, floor=monthly.floor)


def test_a_fee_that_is_not_there_may_still_come_for_a_week(monthly: Hall) -> None:
    before = subscribed(monthly)
    monthly.house.withdraw(monthly.participant("buyer"), Money(monthly.balance("buyer") - 1), "out")
    at(monthly, before.due_at)
    for _ in range(2):  # it falls overdue once
        with pytest.raises(InsufficientFunds):
            renew(before.trade, floor=monthly.floor)
    assert monthly.kinds(f"subscription/{before.trade}").count("subscription.overdue") == 1
    with monthly.floor.read() as work:
        overdue = work.subscriptions.get(before.trade)
    assert (overdue.state, overdue.grace) == (SubscriptionState.OVERDUE, "2026-02-12T16:00:00Z")
    at(monthly, "2026-02-09T08:00:00Z")
    monthly.deposit()
    late = renew(before.trade, floor=monthly.floor)
    assert (late.state, late.since) == (SubscriptionState.RUNNING, "2026-02-09T08:00:00Z")
    assert late.until == "2026-03-09T16:00:00Z"  # nobody pays for days without a use right
    at(monthly, late.due_at)
    assert renew(before.trade, floor=monthly.floor).until == "2026-04-09T16:00:00Z"
    assert reconcile(floor=monthly.floor).faults == ()


def test_it_is_not_renewed_into_a_use_that_another_has_alone(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, "2026-02-07T00:00:00Z")  # its use right rests
    monthly.deposit("rival")
    (talk,) = monthly.rival.negotiate(monthly.scenario("rival"), exclusive=True)
    monthly.supplier.offer_price(talk.id, FEE)
    alone = monthly.rival.order(monthly.rival.accept_offer(talk.id).quote.id)
    monthly.supplier.accept(alone.id)
    with pytest.raises(Refused, match=f"is another's alone until .*{alone.id}"):
        renew(before.trade, floor=monthly.floor)
    assert held(monthly, before.trade, renewals=True) == 0
    assert reconcile(floor=monthly.floor).faults == ()


def test_after_the_grace_it_ends_and_nothing_is_charged(monthly: Hall) -> None:
    before = subscribed(monthly)
    monthly.house.withdraw(monthly.participant("buyer"), Money(monthly.balance("buyer")), "out")
    at(monthly, FIRST_END)
    assert [trade for trade, _ in renew_due(floor=monthly.floor).refused] == [before.trade]
    monthly.advance(days=8)
    monthly.deposit()
    (ended,) = renew_due(floor=monthly.floor).changed
    assert ended.state is SubscriptionState.ENDED
    assert (ended.reason or "").startswith("not charged in time: the account of the buyer")
    assert monthly.balance("buyer") == DEPOSIT.minor


def _suspend_buyer(hall: Hall) -> None:
    hall.house.suspend(hall.participant("buyer"), "under inquiry")


def _suspend_listing(hall: Hall) -> None:
    hall.house.suspend_listing(hall.number, "a complaint")


def _withdraw_scenario(hall: Hall) -> None:
    with hall.floor.read() as work:
        (scenario,) = work.scenarios.all()
    hall.buyer.withdraw_scenario(scenario.id, "another plan")


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        (_suspend_buyer, Forbidden, "buyer is suspended"),
        (_suspend_listing, NotCompliant, "suspended"),
        (_withdraw_scenario, NoScenario, "withdrawn"),
    ],
)
def test_what_a_contract_needs_a_renewal_needs(
    monthly: Hall, what: Callable[[Hall], None], error: type[ExchangeError], words: str
) -> None:
    before = subscribed(monthly)
    what(monthly)
    at(monthly, before.due_at)
    balance = monthly.balance("buyer")
    with pytest.raises(error, match=words):
        renew(before.trade, floor=monthly.floor)
    assert monthly.balance("buyer") == balance
    with monthly.floor.read() as work:
        assert work.subscriptions.get(before.trade).state is SubscriptionState.OVERDUE


def test_a_period_beyond_the_scenario_is_not_charged(hall: Hall) -> None:
    listed_under(hall, MONTHLY)
    quote = hall.buyer.quote_plan(hall.scenario(term_days=40)).quote
    trade = hall.supplier.accept(hall.buyer.order(quote.id).id)
    served(hall, trade)
    allowed = hall.buyer.authorise(trade.id, 3)
    at(hall, allowed.due_at)
    with pytest.raises(Refused, match=r"expiry: scenario/.* ends at"):
        renew(trade.id, floor=hall.floor)
    assert hall.balance("buyer") == DEPOSIT.minor - FEE.minor


def test_a_period_longer_than_the_use_approved_is_not_quoted(monthly: Hall) -> None:
    with pytest.raises(BadField, match=r"scenario.term_days: a period of 1 month is longer"):
        monthly.buyer.quote_plan(monthly.scenario(term_days=20))


@pytest.mark.parametrize("handle", ["buyer", "supplier", "house"])
def test_either_party_gives_notice_and_the_paid_period_is_the_last(
    monthly: Hall, handle: str
) -> None:
    before = subscribed(monthly)
    ended = monthly.desk(handle).end_subscription(before.trade, "not needed")
    assert (ended.state, ended.reason, ended.until) == (
        SubscriptionState.ENDED,
        "not needed",
        FIRST_END,
    )
    at(monthly, FIRST_END)
    balance = monthly.balance("buyer")
    assert renew(before.trade, floor=monthly.floor) == ended
    assert monthly.balance("buyer") == balance
    with pytest.raises(Conflict):
        monthly.desk(handle).end_subscription(before.trade, "again")
    with pytest.raises(Conflict):
        monthly.buyer.authorise(before.trade, 20)


def test_notice_is_given_by_a_party_with_a_reason_to_the_end_of_the_period(monthly: Hall) -> None:
    before = subscribed(monthly)
    with pytest.raises(Forbidden, match="rival is no party"):
        monthly.rival.end_subscription(before.trade, "no")
    facts = {"trade": before.trade, "reason": "", "until": before.until}
    subject = f"subscription/{before.trade}"
    with pytest.raises(BadField, match=r"act.facts.reason"):
        end_subscription(
            monthly.act("buyer", "subscription.ended", subject, facts), floor=monthly.floor
        )
    other = facts | {"reason": "no", "until": "2026-01-20T00:00:00Z"}
    with pytest.raises(TermsDiffer, match=r"act.facts.until: what is paid for runs until"):
        end_subscription(
            monthly.act("buyer", "subscription.ended", subject, other), floor=monthly.floor
        )


def test_a_period_is_settled_at_its_end_and_not_before(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, before.due_at)
    renewed = renew(before.trade, floor=monthly.floor)
    assert settle_periods(before.trade, floor=monthly.floor) == renewed
    at(monthly, renewed.due_at)
    renew(before.trade, floor=monthly.floor)
    assert settle_periods(before.trade, floor=monthly.floor).settled == 1
    at(monthly, renewed.until)
    settled = settle_periods(before.trade, floor=monthly.floor)
    assert (settled.settled, held(monthly, before.trade, renewals=True)) == (2, FEE.minor)
    size = monthly.size
    assert settle_periods(before.trade, floor=monthly.floor) == settled
    assert monthly.size == size


def test_the_operator_gives_back_what_was_not_served(monthly: Hall) -> None:
    before = subscribed(monthly)
    with pytest.raises(Refused, match="period 2 is not the next that is held"):
        monthly.house.refund_period(before.trade, "nothing was charged")
    at(monthly, before.due_at)
    renew(before.trade, floor=monthly.floor)
    with pytest.raises(Forbidden):
        monthly.supplier.refund_period(before.trade, "no")
    refunded = monthly.house.refund_period(before.trade, "the service stood still")
    assert (refunded.settled, monthly.balance("buyer")) == (2, DEPOSIT.minor - FEE.minor)
    at(monthly, refunded.until)
    assert settle_periods(before.trade, floor=monthly.floor) == refunded
    assert reconcile(floor=monthly.floor).faults == ()


def test_the_use_of_a_period_ends_with_its_fee_given_back(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, before.due_at)
    renewed = renew(before.trade, floor=monthly.floor)
    at(monthly, renewed.since)
    monthly.advance(days=3)
    first = fetch(monthly, before.trade)
    monthly.house.refund_period(before.trade, "the service stood still")
    trade = monthly.trade(before.trade)
    assert trade.grant_until == format_time(monthly.floor.clock()) < SECOND_END
    words = "the fee of period 2 was given back, and the use with it"
    with pytest.raises(Refused, match=words):
        fetch(monthly, before.trade)
    facts = {"trade": trade.id, "to": trade.buyer, "sealed": trade.sealed, "count": 3}
    subject = f"access/{trade.id}"
    with pytest.raises(Refused, match=f"refund: {words}"), monthly.floor.write() as work:
        record_for_house(GRANTED, subject, facts, work=work, floor=monthly.floor)
    at(monthly, renewed.due_at)
    third = renew(before.trade, floor=monthly.floor)
    with pytest.raises(Refused, match=words):  # charged ahead, and not begun
        fetch(monthly, before.trade)
    at(monthly, third.since)
    assert fetch(monthly, before.trade).count == first.count + 1
    assert reconcile(floor=monthly.floor).faults == ()


def test_a_period_given_back_before_it_begins_leaves_the_one_before(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, before.due_at)
    renew(before.trade, floor=monthly.floor)
    monthly.house.refund_period(before.trade, "it will not be served")
    assert monthly.trade(before.trade).grant_until == FIRST_END
    assert fetch(monthly, before.trade).count == 2  # the receipt was the first


def fetch(hall: Hall, trade: str) -> Access:
    return access_delivery(trade, by=hall.participant("buyer").id, floor=hall.floor)


def test_whoever_serves_the_exchange_charges_what_is_due(monthly: Hall) -> None:
    before = subscribed(monthly)
    at(monthly, before.due_at)
    Charging(lambda: monthly.floor, seconds=60).round()
    with monthly.floor.read() as work:
        assert work.subscriptions.get(before.trade).period == before.period + 1
    assert Charging(lambda: monthly.floor, seconds=60).renew() == Sweep()


def test_the_plan_of_the_terms_is_stored_and_named(monthly: Hall) -> None:
    trade = contracted(monthly)
    with monthly.floor.read() as work:
        terms = terms_of(trade.terms, work)
        assert b'"tariff":"subscription"' in work.records.get(terms.plan)
    assert dataclasses.replace(terms, plan="").digest != terms.digest


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(mode=TradingMode.USAGE), "mode"),
        (Wish(budget=Money(5)), "budget"),
        (Wish(pack=5), "pack"),
    ],
)
def test_a_wish_that_the_plan_cannot_meet_is_refused(monthly: Hall, wish: Wish, field: str) -> None:
    with pytest.raises(BadField) as caught:
        monthly.buyer.quote_plan(monthly.scenario(), wish)
    assert caught.value.field == field
