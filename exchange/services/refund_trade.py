"""Refunds (退款): given by the supplier, or claimed for what was not delivered in time.

A supplier gives of its own alone, so the buyer need not agree.  While escrow holds anything the
refund comes out of it; afterwards the supplier pays it, and the exchange returns its fee on it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from exchange.clearing import EscrowState, Line, account_subject, available, escrow, give_back
from exchange.clearing import transfer as moved_between
from exchange.errors import BadField, Forbidden, Refused, TermsDiffer
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    amount_of,
    record_for_house,
)
from exchange.services.deliver_product import part_facts
from exchange.services.execute_trade import advance, require_no_period, terms_of
from exchange.services.serve_awards import reversal_lines
from exchange.trading import BY_USE, Trade, TradeState
from ledger.acts import SignedAct
from ledger.entries import Entry
from pricing.money import Money


def refund_facts(trade: Trade, amount: Money, reason: str, work: UnitOfWork) -> dict[str, Any]:
    """Return what the supplier signs to give so much of the price back."""
    if trade.held.minor:
        lines = [Line(escrow(trade.id), amount, "refund out of escrow")]
    else:
        lines = reversal_lines(trade, amount.minor, work)
    return {
        "amount": amount.to_record(),
        "lines": [line.to_record() for line in lines],
        "to": trade.buyer,
        "reason": reason,
    }


def refund_buyer(signed: SignedAct, *, floor: Floor) -> Trade:
    """Give the buyer a part of the price back, or all of it, by an act of the supplier.

    Raises `BadField` for nothing or more than is left of the price, `TermsDiffer` for lines that
    are not those of the rule, `InsufficientFunds` where the supplier does not have it, `Refused`
    while a dispute is open, while anything is held for use, as bills are taken from that, and for
    all that is held while a further period is paid for.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:
        amount = amount_of(signed, "amount")
        _require_no_budget(trade, work)
        if amount.minor <= 0 or amount.currency is not trade.amount.currency:
            raise BadField("act.facts.amount", f"above zero, in {trade.amount.currency}")
        if trade.held.minor and amount.minor > trade.held.minor:
            raise BadField("act.facts.amount", f"trade {trade.id} holds {trade.held}")
        if amount == trade.held:
            require_no_period(trade, work)
        if not trade.held.minor and not trade.released:
            raise Refused(f"trade {trade.id}: nothing was paid that could be given back")
        expected = refund_facts(trade, amount, "", work)
        for name in ("lines", "to"):
            if signed.act.facts.get(name) != expected[name]:
                raise TermsDiffer(f"act.facts.{name}: not as refunds of {trade.id} are made")

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        lines = [
            Line(line["account"], Money.read(line["amount"]), line["what"])
            for line in entry.facts["lines"]
        ]
        what, to = f"refund of {trade.id}", available(trade.buyer)
        work.accounts.post(give_back(what, entry, lines, to))
        amount = amount_of(signed, "amount")
        return _given_back(trade, amount, entry) if trade.held.minor else trade

    return advance(signed, "refund.made", Role.SUPPLIER, check, conclude, floor=floor)


def _require_no_budget(trade: Trade, work: UnitOfWork) -> None:
    mode = terms_of(trade.terms, work).mode
    if mode in BY_USE and trade.held.minor:
        raise Refused(f"trade {trade.id} is {mode}: end its use, and what is left goes back")


# What was not delivered in time.


def claim_facts(trade: Trade, work: UnitOfWork) -> dict[str, Any]:
    """Return what is claimed for the part that is due, or for all that is held.

    Where the supplier gave some of it back already, it is what is left.
    """
    due = trade.held
    if trade.part:
        price = terms_of(trade.terms, work).parts[trade.part - 1].amount
        due = min(price, due, key=lambda money: money.minor)
    return {"amount": due.to_record(), "to": trade.buyer} | part_facts(trade)


def claim_refund(signed: SignedAct, *, floor: Floor) -> Trade:
    """Take the money of what was not delivered by its due time, by the buyer or the operator.

    What has no due time of its own is due until the use right ends.  Raises `Refused` before
    that, and for what was delivered.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:
        if signed.act.actor not in {trade.buyer, floor.house.operator}:
            raise Forbidden(f"trade {trade.id}: its buyer claims, or the operator for it")
        _require_held(trade)
        mode = terms_of(trade.terms, work).mode
        if mode in BY_USE:
            raise Refused(f"trade {trade.id} is {mode}: what is left comes back with its last bill")
        expected = claim_facts(trade, work)
        for name in ("amount", "to", "part"):
            if signed.act.facts.get(name) != expected.get(name):
                raise TermsDiffer(f"act.facts.{name}: not what is due of trade {trade.id}")

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        return _claimed(trade, entry, work)

    return advance(signed, "refund.claimed", None, check, conclude, floor=floor)


def claim_for_buyer(trade: Trade, *, work: UnitOfWork, floor: Floor) -> Trade:
    """Give the buyer back what was not delivered in time, by the house's own act."""
    trade.require_undisputed()
    _require_held(trade)
    work.chain.store.reserve(account_subject(trade.buyer))
    facts, subject = claim_facts(trade, work), f"trade/{trade.id}"
    entry = record_for_house("refund.claimed", subject, facts, work=work, floor=floor)
    claimed = _claimed(trade, entry, work).at(entry)
    work.trades.put(claimed)
    return claimed


def _require_held(trade: Trade) -> None:
    if trade.escrow is not EscrowState.HELD:
        raise Refused(f"trade {trade.id}: nothing is held for it")


def _claimed(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
    amount, source = Money.read(entry.facts["amount"]), escrow(trade.id)
    what = f"refund of {trade.id}"
    work.accounts.post(moved_between(what, entry, source, available(trade.buyer), amount))
    part = trade.part and min(trade.part + 1, len(terms_of(trade.terms, work).parts))
    return replace(_given_back(trade, amount, entry), part=part)


def _given_back(trade: Trade, amount: Money, entry: Entry) -> Trade:
    """Return the trade with so much less in escrow; what cancels it ends the use right."""
    back = trade.paid_out(trade.money(0), amount)
    if back.state is TradeState.CANCELLED:
        return back.cut_short(entry.time)
    return back
