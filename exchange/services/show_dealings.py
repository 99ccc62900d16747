"""A party's own dealings: what is open for it, with what comes next, by whom and when.

The books are asked by participant; the chain is asked for single subjects and never read through.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from exchange.amendments import AmendmentState
from exchange.bids import Bid, BidState
from exchange.clearing import Obligation, available
from exchange.dealings import Dealing, Matter, Party, Step
from exchange.delivery import DeliveryState
from exchange.listing import ListingState
from exchange.negotiation import Negotiation
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.services.amend_trade import amendments_of
from exchange.services.bill_usage import next_bill
from exchange.services.execute_trade import terms_of
from exchange.services.explain_suspension import off_board
from exchange.services.meter_usage import metered
from exchange.subscriptions import Subscription, SubscriptionState
from exchange.trading import BY_USE, Terms, Trade, TradeState
from ledger.acts import format_time, parse_time
from ledger.view import newest
from pricing.money import Money, total

FEES_SHOWN: Final = 100  # the newest; a statement has them all


def show_dealings(reader: Participant, *, work: UnitOfWork, floor: Floor) -> tuple[Dealing, ...]:
    """Return what is open for a participant, matter by matter, each by the time it is due.

    Nothing that it is no party to is among it.  The fees that it paid for services are the newest
    hundred, the newest first.
    """
    now = format_time(floor.clock())
    lines: list[Dealing] = []
    for trade in work.dealings.trades(reader.id, now):
        lines += _of_trade(trade, _side(trade.buyer, reader), now, work=work, floor=floor)
    lines += (
        _of_negotiation(each, reader, now) for each in work.dealings.negotiations(reader.id, now)
    )
    lines += (_of_subscription(each, reader) for each in work.dealings.subscriptions(reader.id))
    lines += (_of_bid(bid, work) for bid in work.dealings.bids(reader.id))
    lines += (_of_obligation(each, reader) for each in work.dealings.obligations(reader.id))
    lines.sort(key=lambda each: (not each.due, each.due, each.until, each.subject, each.number))
    lines += _fees(reader, work)
    order = list(Matter)
    return tuple(sorted(lines, key=lambda each: order.index(each.matter)))


def _side(buyer: str, reader: Participant) -> Party:
    return Party.BUYER if buyer == reader.id else Party.SUPPLIER


def _of_trade(
    trade: Trade, side: Party, now: str, *, work: UnitOfWork, floor: Floor
) -> Iterator[Dealing]:
    if trade.state is TradeState.ORDERED and work.quotes.get(trade.quote).until < now:
        return  # nobody can conclude it any more, so nobody waits for it
    terms, until = terms_of(trade.terms, work), trade.grant_until or ""
    running = trade.state in {TradeState.ORDERED, TradeState.CONTRACTED}
    if running or (trade.state is TradeState.EXECUTED and until >= now):
        step, by, due = _next(trade, terms, work)
        state, price = str(trade.state), trade.amount
        held = _held(trade, step, work, floor)
        yield Dealing(
            Matter.CONTRACT, trade.id, side, state, price, until, step, by, due, held=held
        )
    if trade.state is TradeState.CONTRACTED and not trade.disputed:
        yield from _amendments(trade, side, work)
    if trade.state is TradeState.CONTRACTED and terms.mode in BY_USE:
        yield from _bills(trade, side, work, floor)
    if trade.disputed:
        state, house = str(trade.dispute), Party.HOUSE
        yield Dealing(
            Matter.DISPUTE, trade.id, side, state, trade.held, until, Step.DECIDE, house, ""
        )
    if trade.reversal:
        state, owed = "owed", trade.money(trade.reversal)
        yield Dealing(Matter.AWARD, trade.id, side, state, owed, "", Step.PAY, Party.SUPPLIER, "")


def _held(trade: Trade, step: Step, work: UnitOfWork, floor: Floor) -> str:
    """Say why nothing is delivered or handed out: a product that is suspended stops both."""
    if step not in {Step.CONCLUDE, Step.DELIVER, Step.RECEIVE}:
        return ""
    product = work.products.get(trade.product)
    if product.listing is ListingState.DELISTED and step is not Step.CONCLUDE:
        return ""  # what left the board in order goes on serving its contracts
    left = off_board(product, work=work, floor=floor)
    return left.words if left else ""


def _next(trade: Trade, terms: Terms, work: UnitOfWork) -> tuple[Step, Party, str]:
    """Return what comes next in a trade, who does it, and by when."""
    until = trade.grant_until or ""
    if trade.state is TradeState.ORDERED:
        return Step.CONCLUDE, Party.SUPPLIER, work.quotes.get(trade.quote).until
    if trade.disputed:
        return Step.DECIDE, Party.HOUSE, ""
    if trade.state is TradeState.EXECUTED:
        return Step.USE, Party.BUYER, until
    return _performance(trade, terms, work)


def _performance(trade: Trade, terms: Terms, work: UnitOfWork) -> tuple[Step, Party, str]:
    if terms.mode in BY_USE:
        return Step.METER, Party.SUPPLIER, ""
    if trade.delivery is DeliveryState.DUE:
        return Step.DELIVER, Party.SUPPLIER, _delivery_due(trade, terms, work)
    if trade.delivery is DeliveryState.MADE:
        return Step.RECEIVE, Party.BUYER, trade.answer_until or trade.grant_until or ""
    return Step.SETTLE, Party.HOUSE, ""


def _delivery_due(trade: Trade, terms: Terms, work: UnitOfWork) -> str:
    """Return by when a delivery is due: a part when agreed, what is whole with the use right."""
    until = trade.grant_until or ""
    contract = newest(work.chain.store, f"trade/{trade.id}", "trade.contracted")
    if not terms.parts or contract is None:
        return until
    days = dt.timedelta(days=terms.parts[trade.part - 1].days)
    return format_time(parse_time(contract.time, "time") + days)


def _amendments(trade: Trade, side: Party, work: UnitOfWork) -> Iterator[Dealing]:
    """Yield what was proposed for a contract and waits for the other party: at most one."""
    for each in amendments_of(trade, work):
        if each.state is AmendmentState.PROPOSED:
            other = Party.SUPPLIER if each.by == trade.buyer else Party.BUYER
            state, price = str(each.state), each.terms.amount
            yield Dealing(
                Matter.AMENDMENT, trade.id, side, state, price, "", Step.ANSWER, other, ""
            )


def _of_negotiation(found: Negotiation, reader: Participant, now: str) -> Dealing:
    """Return what a negotiation waits for: an offer, or an answer while one stands.

    Whoever was asked offers first.  After an offer has ended either may offer; the line names
    the party that let it end.
    """
    offer, other = found.offer, Party.SUPPLIER
    if offer and offer.by == found.supplier:
        other = Party.BUYER
    stands = offer is not None and now <= offer.until
    return Dealing(
        Matter.NEGOTIATION,
        found.id,
        _side(found.buyer, reader),
        str(found.state),
        offer.amount if offer else Money(0, found.currency),
        found.until,
        Step.ANSWER if stands else Step.OFFER,
        other,
        offer.until if offer and stands else found.until,
    )


def _bills(trade: Trade, side: Party, work: UnitOfWork, floor: Floor) -> Iterator[Dealing]:
    """Yield the bills of a contract by use, and the one that comes next."""
    found = metered(trade.id, work=work, floor=floor)
    for bill in found.bills:
        yield Dealing(
            Matter.BILL,
            trade.id,
            side,
            "billed",
            Money.parse(bill.amount),
            bill.until,
            Step.NOTHING,
            Party.HOUSE,
            "",
            bill.number,
        )
    due, number = next_bill(found), len(found.bills) + 1
    if due:
        until, step, house = found.until, Step.BILL, Party.HOUSE
        yield Dealing(
            Matter.BILL, trade.id, side, "to come", trade.held, until, step, house, due, number
        )


def _of_subscription(found: Subscription, reader: Participant) -> Dealing:
    if found.state is SubscriptionState.ENDED:
        step, by, due = Step.SETTLE, Party.HOUSE, found.until
    elif found.state is SubscriptionState.OVERDUE:
        step, by, due = Step.FUND, Party.BUYER, found.grace or ""
    elif found.is_last:
        step, by, due = Step.AUTHORISE, Party.BUYER, found.until
    else:
        step, by, due = Step.RENEW, Party.HOUSE, found.due_at
    return Dealing(
        Matter.SUBSCRIPTION,
        found.trade,
        _side(found.buyer, reader),
        str(found.state),
        found.amount,
        found.until,
        step,
        by,
        due,
        found.period,
    )


def _of_bid(bid: Bid, work: UnitOfWork) -> Dealing:
    auction = work.auctions.get(bid.auction)
    quote = work.quotes.get(bid.quote).until if bid.quote else ""
    step, by, due = {
        BidState.PLACED: (Step.OPEN_BID, Party.BUYER, auction.open_until),
        BidState.OPENED: (Step.CLEAR, Party.HOUSE, auction.open_until),
        BidState.WON: (Step.ORDER, Party.BUYER, quote),
        BidState.ORDERED: (Step.CONCLUDE, Party.SUPPLIER, quote),
    }[bid.state]
    return Dealing(
        Matter.DEPOSIT,
        auction.id,
        Party.BUYER,
        str(bid.state),
        bid.deposit,
        "",
        step,
        by,
        due,
        quote=bid.quote or "",
    )


def _of_obligation(owed: Obligation, reader: Participant) -> Dealing:
    side, subject = _side(owed.payer, reader), owed.source.partition("/")[2]
    return Dealing(
        Matter.OBLIGATION,
        subject,
        side,
        str(owed.state),
        owed.amount,
        "",
        Step.NET,
        Party.HOUSE,
        owed.due,
    )


def _fees(reader: Participant, work: UnitOfWork) -> Iterator[Dealing]:
    """Yield the fees that a participant was charged for services, the newest first."""
    store = work.chain.store
    for leaf in work.dealings.causes(available(reader.id), "service.charged", FEES_SHOWN):
        charged = store.by_leaf(leaf)
        act = store.by_leaf(charged.subject.partition("/")[2]) if charged else None
        if charged is None or act is None:
            continue
        amount = total(Money.read(line["amount"]) for line in charged.facts["lines"])
        yield Dealing(
            Matter.FEE,
            act.subject.partition("/")[2],
            Party.PAYER,
            charged.facts["service"],
            amount,
            charged.time,
            Step.NOTHING,
            Party.HOUSE,
            "",
        )
