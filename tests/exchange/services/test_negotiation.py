"""Negotiations: rounds, their ends, and the quote an agreement makes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exchange.amendments import Changes
from exchange.errors import (
    BadField,
    Conflict,
    ExchangeError,
    Forbidden,
    IllegalTransition,
    NoScenario,
    NotCompliant,
    NotFound,
    Refused,
    TermsDiffer,
)
from exchange.negotiation import ROUNDS_MAX, Negotiation, NegotiationState
from exchange.services import execute_trade, negotiate
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.replay_prices import replay_bundle, replay_prices
from exchange.specsheet import Right
from exchange.trading import TradeState, TradingMode
from ledger.acts import format_time
from ledger.audit import audit
from pricing.money import Currency, Money
from pricing.record import Replayed
from tests.exchange.floor import DEPOSIT, Hall, sheet

ASK, BID, MIDDLE = Money(90_000), Money(70_000), Money(80_000)


def later(hall: Hall, **span: float) -> str:
    return format_time(hall.floor.clock() + dt.timedelta(**span))


def opened(hall: Hall, handle: str = "buyer", **options: Any) -> str:
    (made,) = hall.desk(handle).negotiate(hall.scenario(handle), **options)
    return made.id


def found(hall: Hall, key: str) -> Negotiation:
    with hall.floor.read() as work:
        return work.negotiations.get(key)


def seen(hall: Hall) -> object:
    """Return what a refusal must leave as it was."""
    with hall.floor.read() as work:
        return work.chain.store.edge(), work.negotiations.all(), work.accounts.balances()


def whole(hall: Hall, folder: Path) -> None:
    """Export and audit the log, replay its prices, and reconcile the books."""
    export_bundle(folder, floor=hall.floor)
    assert audit(folder, key=hall.floor.log_key).findings == []
    with suppress(NotFound):  # where nothing was priced
        assert all(each.outcome for each in replay_bundle(folder, None))
    assert reconcile(floor=hall.floor).faults == ()


def test_rounds_come_to_a_quote_that_is_traded_and_replays(listed: Hall, tmp_path: Path) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    listed.buyer.offer_price(key, BID)
    listed.supplier.offer_price(key, MIDDLE, until=later(listed, hours=1))
    agreed = listed.buyer.accept_offer(key)
    assert (agreed.quote.amount, agreed.terms.mode) == (MIDDLE, TradingMode.NEGOTIATED)
    assert (agreed.negotiation.state, agreed.negotiation.rounds) == (NegotiationState.ACCEPTED, 3)
    (again,) = replay_prices(agreed.quote.id, floor=listed.floor)
    assert (again.record.plugin, again.outcome) == ("alternating-offers", Replayed.BIT_FOR_BIT)
    assert [one["amount"] for one in again.record.inputs["rounds"]] == [
        amount.to_record() for amount in (ASK, BID, MIDDLE)
    ]
    trade = listed.buyer.order(agreed.quote.id)
    listed.supplier.accept(trade.id)
    listed.supplier.deliver(trade.id, tmp_path)
    listed.buyer.receive(trade.id, tmp_path / "opened.csv")
    assert listed.house.settle(trade.id)[0].state is TradeState.EXECUTED
    assert listed.balance("buyer") == (DEPOSIT - MIDDLE).minor
    assert listed.kinds(f"negotiation/{key}") == [
        "negotiation.opened",
        *["negotiation.offered"] * 3,
        "negotiation.accepted",
    ]
    whole(listed, tmp_path / "bundle")


def test_the_supplier_may_accept_what_the_buyer_proposed(listed: Hall) -> None:
    key = opened(listed)
    listed.buyer.offer_price(key, BID)
    agreed = listed.supplier.accept_offer(key)
    assert (agreed.quote.amount, agreed.quote.buyer) == (BID, listed.participant("buyer").id)


def test_a_negotiated_price_is_not_quoted_and_the_refusal_says_what_to_do(hall: Hall) -> None:
    hall.list(sheet(price={"mode": "negotiated"}))
    scenario = hall.scenario()
    with pytest.raises(Refused, match=f"guapai negotiate open {scenario}"):
        hall.buyer.quote(scenario)
    (made,) = hall.buyer.negotiate(scenario)
    hall.supplier.offer_price(made.id, ASK)
    assert hall.buyer.accept_offer(made.id).quote.amount == ASK


def test_several_suppliers_are_asked_at_once_or_none_is(listed: Hall) -> None:
    first, second = listed.scenario(), listed.scenario(region="CN", term_days=30)
    made = listed.buyer.negotiate(first, second)
    assert [each.scenario for each in made] == [first, second]
    gone = listed.scenario(term_days=10)
    listed.buyer.withdraw_scenario(gone, "no longer")
    before = seen(listed)
    with pytest.raises(NoScenario):
        listed.buyer.negotiate(first, gone)
    assert seen(listed) == before
    with pytest.raises(BadField, match="acts: 1 to 50 negotiations"):
        listed.buyer.negotiate()


# The clock.


def test_the_last_second_of_an_offer_counts_and_the_next_does_not(listed: Hall) -> None:
    first, second = opened(listed), opened(listed)
    for key in (first, second):
        listed.supplier.offer_price(key, ASK, until=later(listed, hours=1))
    listed.advance(hours=1)
    assert listed.buyer.accept_offer(first).quote.amount == ASK
    listed.advance(seconds=1)
    with pytest.raises(Refused, match="the offer ended at"):
        listed.buyer.accept_offer(second)
    again = listed.supplier.offer_price(second, MIDDLE)  # its own has ended: it may go on
    assert again.rounds == 2
    assert listed.buyer.accept_offer(second).quote.amount == MIDDLE


def test_a_negotiation_lapses_by_itself_after_its_last_second(listed: Hall) -> None:
    key = opened(listed, until=later(listed, hours=2))
    listed.supplier.offer_price(key, ASK)
    listed.advance(hours=2)
    assert found(listed, key).as_of(later(listed)).state is NegotiationState.OFFERED
    listed.advance(seconds=1)
    assert found(listed, key).as_of(later(listed)).state is NegotiationState.LAPSED
    acts: list[Callable[[], object]] = [
        lambda: listed.buyer.accept_offer(key),
        lambda: listed.buyer.offer_price(key, BID, until=later(listed, hours=9)),
        lambda: listed.buyer.end_negotiation(key, "too late"),
    ]
    for act in acts:
        with pytest.raises(IllegalTransition, match="is lapsed"):
            act()


def test_edc_5377_a_scenario_that_ended_is_not_negotiated_on(listed: Hall) -> None:
    """EDC Connector#5377, #1127: the expiry of what is asked for counts while negotiating too."""
    scenario = listed.scenario(term_days=2)
    with pytest.raises(BadField, match=r"act.facts.until: the scenario ends on"):
        listed.buyer.negotiate(scenario, until=later(listed, days=4))
    (made,) = listed.buyer.negotiate(scenario)
    listed.supplier.offer_price(made.id, ASK)
    listed.buyer.withdraw_scenario(scenario, "not needed")
    for act in (
        lambda: listed.buyer.accept_offer(made.id),
        lambda: listed.buyer.offer_price(made.id, BID),
        lambda: listed.buyer.negotiate(scenario),
    ):
        with pytest.raises(NoScenario, match="is withdrawn"):
            act()
    (made,) = listed.buyer.negotiate(listed.scenario(term_days=2))
    listed.supplier.offer_price(made.id, ASK)
    listed.advance(days=3)
    with pytest.raises(IllegalTransition, match="is lapsed"):
        listed.buyer.accept_offer(made.id)


def test_nothing_is_negotiated_over_a_product_off_the_board(listed: Hall) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    scenario = listed.scenario(term_days=9)
    listed.house.suspend_listing(listed.number, "under review")
    for act in (
        lambda: listed.buyer.accept_offer(key),
        lambda: listed.buyer.offer_price(key, BID),
        lambda: listed.buyer.negotiate(scenario),
    ):
        with pytest.raises(NotCompliant, match="is suspended, not on the board"):
            act()
    assert listed.buyer.end_negotiation(key, "off the board").state is NegotiationState.ENDED


# Refusals.


def _offered(hall: Hall, handle: str, key: str, **changes: Any) -> Negotiation:
    facts = negotiate.offer_facts(found(hall, key), BID, found(hall, key).until) | changes
    signed = hall.act(handle, "negotiation.offered", f"negotiation/{key}", facts)
    return negotiate.make_offer(signed, floor=hall.floor)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"amount": Money(0).to_record()}, BadField, "act.facts.amount: above zero, in CNY"),
        ({"amount": Money(5, Currency.JPY).to_record()}, BadField, "act.facts.amount: above zero"),
        ({"amount": {"minor": 5}}, BadField, "act.facts.amount: "),
        ({"round": 3}, Conflict, "act.facts.round: round 2 is next"),
        ({"until": "2026-01-01T00:00:00Z"}, BadField, "act.facts.until: a time to come, by"),
        ({"until": "2027-01-01T00:00:00Z"}, BadField, "act.facts.until: a time to come, by"),
    ],
)
def test_an_offer_that_breaks_a_rule_changes_nothing(
    listed: Hall, changes: Mapping[str, Any], error: type[ExchangeError], words: str
) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    before = seen(listed)
    with pytest.raises(error, match=words):
        _offered(listed, "buyer", key, **changes)
    assert seen(listed) == before


def test_sides_take_turns_and_strangers_none(listed: Hall) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    with pytest.raises(Conflict, match="your offer stands, the other party is next"):
        listed.supplier.offer_price(key, MIDDLE)
    with pytest.raises(Forbidden, match="cannot accept its own offer"):
        listed.supplier.accept_offer(key)
    for act in (
        lambda: listed.rival.offer_price(key, BID),
        lambda: listed.rival.accept_offer(key),
        lambda: listed.rival.end_negotiation(key, "because"),
    ):
        with pytest.raises(Forbidden, match="rival is no party to"):
            act()


def test_after_twenty_offers_there_is_no_other(listed: Hall) -> None:
    key = opened(listed)
    for number in range(ROUNDS_MAX):
        desk = listed.buyer if number % 2 else listed.supplier
        desk.offer_price(key, ASK - Money(number))
    with pytest.raises(Refused, match="20 offers were made, which is the most"):
        listed.supplier.offer_price(key, MIDDLE)
    assert listed.supplier.accept_offer(key).quote.amount == ASK - Money(ROUNDS_MAX - 1)


def test_only_the_offer_that_stands_is_accepted(listed: Hall) -> None:
    key = opened(listed)
    with pytest.raises(Refused, match="nothing was offered yet"):
        listed.buyer.accept_offer(key)
    listed.supplier.offer_price(key, ASK)
    old = negotiate.acceptance_facts(found(listed, key))
    listed.buyer.offer_price(key, BID)
    listed.supplier.offer_price(key, MIDDLE)
    standing = negotiate.acceptance_facts(found(listed, key))
    for facts, words in (
        (old, r"act.facts.offer: another offer stands"),
        (standing | {"amount": ASK.to_record()}, r"act.facts.amount: the offer is of 800.00 CNY"),
    ):
        signed = listed.act("buyer", "negotiation.accepted", f"negotiation/{key}", facts)
        with pytest.raises(TermsDiffer, match=words):
            negotiate.accept_offer(signed, floor=listed.floor)


def test_an_ended_negotiation_stays_ended(listed: Hall) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    signed = listed.act("buyer", "negotiation.ended", f"negotiation/{key}", {"reason": ""})
    with pytest.raises(BadField, match=r"act.facts.reason: a reason is wanted"):
        negotiate.end_negotiation(signed, floor=listed.floor)
    listed.house.end_negotiation(key, "a complaint")
    with pytest.raises(IllegalTransition, match="is ended and cannot become accepted"):
        listed.buyer.accept_offer(key)


def test_what_is_free_is_not_negotiated(hall: Hall) -> None:
    hall.list(sheet(price={"mode": "free"}))
    with pytest.raises(Refused, match="is free: there is no price to negotiate"):
        opened(hall)


def test_a_currency_that_is_none_is_refused_with_its_field(listed: Hall) -> None:
    facts = {
        "product": listed.number,
        "scenario": listed.scenario(),
        "currency": "XXX",
        "exclusive": False,
        "until": later(listed, days=1),
    }
    signed = listed.act("buyer", "negotiation.opened", None, facts)
    with pytest.raises(BadField, match=r"act.facts.currency: one of"):
        negotiate.open_negotiation(signed, floor=listed.floor)
    past = listed.act(
        "buyer", "negotiation.opened", None, facts | {"currency": "CNY", "until": later(listed)}
    )
    with pytest.raises(BadField, match=r"act.facts.until: that time has passed"):
        negotiate.open_negotiation(past, floor=listed.floor)


def test_every_step_taken_twice_changes_nothing(listed: Hall) -> None:
    facts = {
        "product": listed.number,
        "scenario": listed.scenario(),
        "currency": "CNY",
        "exclusive": False,
        "until": later(listed, days=1),
    }
    act = listed.act("buyer", "negotiation.opened", None, facts)
    made = negotiate.open_negotiation(act, floor=listed.floor)
    subject = f"negotiation/{made.id}"
    size = listed.size
    assert negotiate.open_negotiation(act, floor=listed.floor) == made
    offer = listed.act(
        "supplier", "negotiation.offered", subject, negotiate.offer_facts(made, ASK, made.until)
    )
    once = negotiate.make_offer(offer, floor=listed.floor)
    assert negotiate.make_offer(offer, floor=listed.floor) == once
    accept = listed.act("buyer", "negotiation.accepted", subject, negotiate.acceptance_facts(once))
    agreed = negotiate.accept_offer(accept, floor=listed.floor)
    assert negotiate.accept_offer(accept, floor=listed.floor) == agreed
    assert listed.size == size + 3  # the offer, the acceptance, the quote


def test_of_two_acceptances_one_is_the_agreement(listed: Hall) -> None:
    key = opened(listed)
    listed.supplier.offer_price(key, ASK)
    facts = negotiate.acceptance_facts(found(listed, key))
    acts = [
        listed.act("buyer", "negotiation.accepted", f"negotiation/{key}", facts) for _ in range(2)
    ]
    negotiate.accept_offer(acts[0], floor=listed.floor)
    with pytest.raises(IllegalTransition, match="is accepted already"):
        negotiate.accept_offer(acts[1], floor=listed.floor)


# Exclusive uses.


def exclusive_quote(hall: Hall, handle: str, **changes: Any) -> str:
    (made,) = hall.desk(handle).negotiate(hall.scenario(handle, **changes), exclusive=True)
    hall.supplier.offer_price(made.id, MIDDLE)
    return hall.desk(handle).accept_offer(made.id).quote.id


def test_of_two_exclusive_quotes_one_becomes_a_contract(listed: Hall, tmp_path: Path) -> None:
    listed.deposit("rival")
    quotes = {handle: exclusive_quote(listed, handle) for handle in ("buyer", "rival")}
    trades = {handle: listed.desk(handle).order(quote).id for handle, quote in quotes.items()}
    listed.supplier.accept(trades["rival"])
    with pytest.raises(Refused, match=f"is another's alone until .*{trades['rival']}"):
        listed.supplier.accept(trades["buyer"])
    assert listed.trade(trades["buyer"]).state is TradeState.ORDERED
    with pytest.raises(Refused, match="is another's alone"):
        listed.buyer.quote(listed.scenario())
    listed.order("buyer", purpose="shipping")  # another use is free
    assert "use.reserved" in listed.kinds(f"product/{listed.number}")
    whole(listed, tmp_path / "bundle")


def test_two_buyers_race_for_an_exclusive_use(listed: Hall, tmp_path: Path) -> None:
    listed.deposit("rival")
    trades = [
        listed.desk(handle).order(exclusive_quote(listed, handle)).id
        for handle in ("buyer", "rival")
    ]

    def accept(trade: str) -> str:
        try:
            return str(listed.supplier.accept(trade).state)
        except ExchangeError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, trades)) == ["contracted", "refused"]
    whole(listed, tmp_path / "bundle")


def test_an_exclusive_use_of_the_whole_waits_for_one_of_its_part(listed: Hall) -> None:
    listed.supplier.accept(listed.order("buyer", region="CN-SD").id)
    scenario = listed.scenario("rival", region="CN")
    with pytest.raises(Refused, match="cannot be exclusive before"):
        listed.rival.negotiate(scenario, exclusive=True)
    (apart,) = listed.rival.negotiate(listed.scenario("rival", region="CN-SH"), exclusive=True)
    assert apart.exclusive


def test_an_exclusive_contract_waits_for_the_last_day_of_others(listed: Hall) -> None:
    trade = listed.order("buyer", term_days=3)
    listed.supplier.accept(trade.id)
    scenario = listed.scenario("rival")
    with pytest.raises(Refused, match=f"cannot be exclusive before .*{trade.id}"):
        listed.rival.negotiate(scenario, exclusive=True)
    (plain,) = listed.rival.negotiate(scenario)
    assert plain.exclusive is False
    listed.advance(days=3)
    with pytest.raises(Refused, match="cannot be exclusive"):
        listed.rival.negotiate(scenario, exclusive=True)
    listed.advance(days=1)
    (alone,) = listed.rival.negotiate(scenario, exclusive=True)
    assert alone.exclusive


def test_a_cancelled_contract_frees_its_use(listed: Hall, tmp_path: Path) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    listed.supplier.accept(trade.id)
    listed.house.cancel(trade.id, "nothing was delivered")
    listed.deposit("rival")
    other = listed.rival.order(exclusive_quote(listed, "rival"))
    assert listed.supplier.accept(other.id).state is TradeState.CONTRACTED
    whole(listed, tmp_path / "bundle")


def test_notice_frees_a_use_when_the_use_right_ends(listed: Hall, tmp_path: Path) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    listed.supplier.accept(trade.id)
    listed.buyer.end(trade.id, "notice", "enough of it")
    until = listed.trade(trade.id).grant_until or ""
    with pytest.raises(Refused, match=f"is another's alone until {until[:10]}"):
        listed.rival.quote(listed.scenario("rival"))
    listed.advance(days=31)
    listed.attest()
    listed.rival.quote(listed.scenario("rival"))
    whole(listed, tmp_path / "bundle")


def test_notice_of_another_contract_lets_no_use_be_exclusive_at_once(listed: Hall) -> None:
    trade = listed.contract()
    listed.buyer.end(trade.id, "notice", "enough of it")
    with pytest.raises(Refused, match=f"cannot be exclusive before .*{trade.id}"):
        listed.rival.negotiate(listed.scenario("rival"), exclusive=True)


def test_money_that_is_reversed_frees_no_use(listed: Hall, tmp_path: Path) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    listed.supplier.accept(trade.id)
    listed.supplier.propose(trade.id, Changes(acceptance_seconds=3_600))
    listed.buyer.accept_amendment(trade.id)
    listed.supplier.deliver(trade.id, tmp_path)
    listed.buyer.receive(trade.id, tmp_path / "received.csv")
    listed.house.settle(trade.id)
    listed.buyer.dispute_trade(trade.id, "a gap in it")
    listed.house.arbitrate(trade.id, back=Money(0), reversal=Money(1), reasons="a small gap")
    assert "trade.reversed" in listed.kinds(f"trade/{trade.id}")
    with pytest.raises(Refused, match="is another's alone"):
        listed.rival.quote(listed.scenario("rival"))
    whole(listed, tmp_path / "bundle")


def test_a_use_stays_reserved_as_long_as_an_amendment_lets_it_run(
    listed: Hall, tmp_path: Path
) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    listed.supplier.accept(trade.id)
    for days in (2, 30):
        listed.supplier.propose(trade.id, Changes(term_days=days))
        listed.buyer.accept_amendment(trade.id)
    listed.advance(days=10)
    with pytest.raises(Refused, match="is another's alone until 2026-02"):
        listed.rival.quote(listed.scenario("rival"))
    listed.supplier.propose(trade.id, Changes(term_days=11))
    listed.buyer.accept_amendment(trade.id)
    listed.advance(days=3)
    listed.rival.quote(listed.scenario("rival"))
    whole(listed, tmp_path / "bundle")


def test_an_exclusive_right_to_operate_spares_an_exclusive_contract(listed: Hall) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    listed.supplier.accept(trade.id)
    with pytest.raises(Refused, match=f"exclusive: trade {trade.id} has a use of this alone"):
        listed.grant(right=Right.OPERATING, exclusive=True)


def test_a_contract_says_exclusive_where_its_terms_do(listed: Hall) -> None:
    trade = listed.buyer.order(exclusive_quote(listed, "buyer"))
    with listed.floor.read() as work:
        terms = execute_trade.terms_of(trade.terms, work)
    facts = execute_trade.contract_facts(trade, replace(terms, exclusive=False), listed.floor)
    signed = listed.act("supplier", "trade.contracted", f"trade/{trade.id}", facts)
    with pytest.raises(TermsDiffer, match=r"act.facts.exclusive: not that of order"):
        execute_trade.accept_order(signed, floor=listed.floor)
