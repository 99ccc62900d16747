"""Trading: order, contract with escrow and grant, or its end before the receipt.

Paying and granting are one transaction: a contract never exists without its escrow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from exchange.bids import Bid, BidState
from exchange.clearing import EscrowState, account_subject, available, escrow, transfer
from exchange.errors import Forbidden, Refused, TermsDiffer
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_stored
from exchange.services.acting import CLOCK_SLACK, admit_act, fact, record, subject_id, unchanged
from exchange.services.file_scenario import require_permitted
from exchange.services.grant_trial import grant_trial, require_no_trial
from exchange.services.judge_use import Moment, policy_of, require_allowed
from exchange.services.keep_deposit import bind_price, release_price, settle_deposit, won_bid
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.reserve_use import hold_product, require_use_free, reserve_use
from exchange.trading import BY_USE, Terms, Trade, TradeState, TradingMode, grant_end
from ledger.acts import SignedAct, format_time, opened_subject, parse_time
from ledger.agreements import periods_held
from ledger.entries import Entry
from ledger.kinds.scenarios import LIMITS
from ledger.usage import unbilled_of

_MONEY: Final = frozenset(
    {
        *("trade.contracted", "trade.cancelled", "trade.ended", "amendment.accepted"),
        *("refund.made", "refund.claimed"),
    }
)


@records_lapse
def order_product(signed: SignedAct, *, floor: Floor) -> Trade:
    """Order at a quote: the terms are frozen by the digest that the buyer signs.

    Raises `TermsDiffer` where the act carries other terms or another amount than the quote,
    `Refused` for a quote that ended or was used, `NoScenario` and `NotCompliant` as for quoting,
    `InsufficientFunds` for a winner of an auction that cannot pay the price.
    """
    identity = opened_subject("trade", signed.act).partition("/")[2]
    with floor.write() as work:
        buyer = admit_act(signed, "trade.ordered", Role.BUYER, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.trades.get(identity)
        quote = work.quotes.get(fact(signed, "quote"))
        product = work.products.get(quote.product)
        if quote.buyer != buyer.id:
            raise Forbidden(f"quote {quote.id} was not made to {buyer.handle}")
        if format_time(floor.clock()) > quote.until:
            raise Refused(f"quote {quote.id} ended at {quote.until}")
        agreed = {
            "product": quote.product,
            "scenario": quote.scenario,
            "terms": quote.terms,
            "amount": quote.amount.to_record(),
        }
        for name, value in agreed.items():
            if signed.act.facts.get(name) != value:
                raise TermsDiffer(f"act.facts.{name}: not that of quote {quote.id}")
        terms = terms_of(quote.terms, work)
        if terms.sheet != product.sheet or terms.data != product.data:
            raise TermsDiffer(f"{product.number} has changed since quote {quote.id}: ask again")
        require_listed(product, work=work, floor=floor)
        scenario = work.scenarios.get(quote.scenario)
        require_permitted(scenario, product, buyer, work=work, floor=floor)
        policy = policy_of(terms, scenario, work)
        require_allowed(policy, scenario, product.number, Moment.ORDER, work=work, floor=floor)
        bid = None
        if terms.mode is TradingMode.AUCTION:
            bid = won_bid(quote.id, BidState.WON, work)
        entry = record(signed, work=work, floor=floor)
        trade = Trade(
            id=identity,
            product=product.number,
            scenario=scenario.id,
            quote=quote.id,
            buyer=buyer.id,
            supplier=product.supplier,
            amount=quote.amount,
            terms=quote.terms,
            head=entry.leaf.hex(),
            ordered_at=entry.time,
        )
        if bid:
            bind_price(bid, trade, entry, work)
        work.trades.put(trade)
        return trade


def terms_of(digest: str, work: UnitOfWork) -> Terms:
    """Return frozen terms, from their record."""
    return read_stored(Terms, work.records.get(digest))


def contract_facts(trade: Trade, terms: Terms, floor: Floor) -> dict[str, Any]:
    """Return what the supplier signs to accept an order now."""
    facts: dict[str, Any] = {
        "product": trade.product,
        "terms": trade.terms,
        "amount": trade.amount.to_record(),
        "purposes": [terms.purpose],
        "until": format_time(terms.granted_until(floor.clock())),
        **limit_facts(terms),
    }
    facts |= performance_facts(terms, floor.clock())
    return facts | ({"exclusive": True} if terms.exclusive else {})


def performance_facts(terms: Terms, start: dt.datetime) -> dict[str, Any]:
    """Return how a contract of that time is performed, as far as its terms say anything of it."""
    facts: dict[str, Any] = {}
    if terms.acceptance_seconds:
        facts["acceptance_seconds"] = terms.acceptance_seconds
    if terms.parts:
        facts["parts"] = [
            {
                "amount": part.amount.to_record(),
                "data": part.data,
                "due": format_time(grant_end(start, part.days)),
            }
            for part in terms.parts
        ]
    return facts


def limit_facts(terms: Terms) -> dict[str, Any]:
    """Return the limits of the terms as facts of a contract; the term stands in its `until`."""
    limits = terms.limits.facts if terms.limits else {}
    return {name: limit for name, limit in limits.items() if name != "term_days"}


@records_lapse
def accept_order(signed: SignedAct, *, floor: Floor) -> Trade:
    """Conclude the contract: the buyer's money goes into escrow and the use right is granted.

    Raises `InsufficientFunds` where the buyer's account does not hold the price, `TermsDiffer`
    where the act accepts anything but the order, `Refused` where the use is another's alone or
    would be exclusive beside another contract; nothing has then happened.
    """

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        _free_deposit(trade, entry, work)
        held = transfer(
            f"escrow of {trade.id}",
            entry,
            available(trade.buyer),
            escrow(trade.id),
            trade.amount,
        )
        work.accounts.post(held)
        terms = terms_of(trade.terms, work)
        grant_trial(trade, terms, work=work, floor=floor)
        moved = trade.moved(TradeState.CONTRACTED).escrow_moved(EscrowState.HELD)
        if entry.facts.get("exclusive", False):
            reserve_use(trade, entry, work=work, floor=floor)
        part = 1 if "parts" in entry.facts else 0
        return replace(moved, grant_until=entry.facts["until"], part=part)

    def check(trade: Trade, work: UnitOfWork) -> None:
        trade.moved(TradeState.CONTRACTED)
        terms = terms_of(trade.terms, work)
        if terms.exclusive:
            hold_product(trade, work)
        product = work.products.get(trade.product)
        require_listed(product, work=work, floor=floor)
        quote = work.quotes.get(trade.quote)
        if format_time(floor.clock()) > quote.until:
            raise Refused(f"order {trade.id} ended with its quote at {quote.until}")
        if terms.sheet != product.sheet or terms.data != product.data:
            raise TermsDiffer(f"{product.number} has changed since order {trade.id}")
        scenario, buyer = work.scenarios.get(trade.scenario), work.participants.get(trade.buyer)
        require_permitted(scenario, product, buyer, work=work, floor=floor)
        if terms.mode is TradingMode.TRIAL:
            require_no_trial(product, buyer, work)
        policy = policy_of(terms, scenario, work)
        require_allowed(policy, scenario, product.number, Moment.CONTRACT, work=work, floor=floor)
        expected = contract_facts(trade, terms, floor)
        start = parse_time(fact(signed, "until"), "until") - dt.timedelta(days=terms.term_days)
        expected |= performance_facts(terms, start)
        checked = expected.keys() | LIMITS.keys() | {"acceptance_seconds", "parts"}
        for name in sorted(checked - {"until"}):
            if signed.act.facts.get(name) != expected.get(name):
                raise TermsDiffer(f"act.facts.{name}: not that of order {trade.id}")
        require_use_free(
            product,
            scenario,
            exclusive=terms.exclusive,
            besides=trade.id,
            work=work,
            floor=floor,
        )
        _require_term(signed, terms, expected["until"], floor)

    return advance(signed, "trade.contracted", Role.SUPPLIER, check, conclude, floor=floor)


def _require_term(signed: SignedAct, terms: Terms, until: str, floor: Floor) -> None:
    earliest = format_time(terms.granted_until(floor.clock() - CLOCK_SLACK))
    if terms.period and fact(signed, "until") not in {earliest, until}:
        raise TermsDiffer(f"act.facts.until: the terms grant a period of {terms.period}")
    if not earliest <= fact(signed, "until") <= until:
        raise TermsDiffer(f"act.facts.until: the terms grant {terms.term_days} days")


def _ordered_bid(trade: Trade, work: UnitOfWork) -> Bid | None:
    """Return the bid whose deposit an order keeps, with its account held; None without one."""
    if terms_of(trade.terms, work).mode is not TradingMode.AUCTION:
        return None
    return won_bid(trade.quote, BidState.ORDERED, work)


def _free_deposit(trade: Trade, contract: Entry, work: UnitOfWork) -> None:
    bid = _ordered_bid(trade, work)
    if bid:
        release_price(bid, trade, contract, work)


def lapse_order(signed: SignedAct, *, floor: Floor) -> Trade:
    """End an order before there is a contract, by its buyer, its supplier or the operator.

    The deposit of a winner of an auction is dealt with in the same commit: where its buyer ends
    the order, it goes to the supplier.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:
        trade.moved(TradeState.LAPSED)
        _ordered_bid(trade, work)  # whose account is held before the entry has its place

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        bid = _ordered_bid(trade, work)
        if bid:
            settle_deposit(bid, entry.time, work=work, floor=floor)
        return trade.moved(TradeState.LAPSED)

    return advance(signed, "trade.lapsed", None, check, conclude, floor=floor)


def cancel_trade(signed: SignedAct, *, floor: Floor) -> Trade:
    """End a contract before its receipt, by the operator: the escrow goes back to the buyer.

    The use right ends with it.

    Raises `Refused` for use that was metered and is in no bill: a batch can be contested for a
    week, so that it cannot be billed at once, and what was used is owed.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:
        trade.moved(TradeState.CANCELLED)
        if terms_of(trade.terms, work).mode in BY_USE:
            _require_billed(trade, work)
        if trade.accepted:
            raise Refused(f"trade {trade.id}: the buyer has received the data")
        if signed.act.facts.get("amount") != trade.held.to_record():
            raise TermsDiffer(f"act.facts.amount: trade {trade.id} holds {trade.held}")

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        source, target = escrow(trade.id), available(trade.buyer)
        what = f"refund of {trade.id}"
        held = trade.held
        work.accounts.post(transfer(what, entry, source, target, held))
        back = replace(trade, refunded=trade.refunded + held.minor).cut_short(entry.time)
        return back.closed(TradeState.CANCELLED)

    return advance(signed, "trade.cancelled", Role.OPERATOR, check, conclude, floor=floor)


def require_no_period(trade: Trade, work: UnitOfWork) -> None:
    """Raise `Refused` while the fee of a further period is held: what ends here would cut it."""
    periods = periods_held(work.chain.store, f"trade/{trade.id}")
    if periods:
        words = f"trade {trade.id}: the fee of period {periods[0]} is held"
        raise Refused(f"{words}: it is settled, or given back by the operator, first")


def _require_billed(trade: Trade, work: UnitOfWork) -> None:
    unbilled = unbilled_of(work.chain.store, trade.id)
    if unbilled:
        raise Refused(
            f"trade {trade.id}: batch {unbilled[-1]} of its use is not billed: end the use instead"
        )


def advance(
    signed: SignedAct,
    kind: str,
    role: Role | None,
    check: Callable[[Trade, UnitOfWork], None],
    conclude: Callable[[Trade, Entry, UnitOfWork], Trade],
    *,
    floor: Floor,
) -> Trade:
    """Move one trade by one act of a party to it: check, record, conclude, store.

    Raises `Refused` while a dispute over the trade is open.
    """
    with floor.write() as work:
        actor = admit_act(signed, kind, *([role] if role else []), work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        operator = floor.house.operator
        parties = {
            Role.SUPPLIER: {trade.supplier},
            Role.BUYER: {trade.buyer},
            Role.OPERATOR: {operator},
        }
        anyone = {trade.supplier, trade.buyer, operator}
        if actor.id not in (parties[role] if role else anyone):
            raise Forbidden(f"{actor.handle} is not the {role or 'party'} of trade {trade.id}")
        trade.require_undisputed()
        check(trade, work)
        if kind in _MONEY:  # a credit that it rests on must be placed before it
            work.chain.store.reserve(*map(account_subject, (trade.buyer, trade.supplier)))
        entry = record(signed, work=work, floor=floor)
        moved = conclude(trade, entry, work)
        moved = moved.at(entry)
        work.trades.put(moved)
        return moved
