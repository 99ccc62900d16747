"""Ending a contract, by a party with notice or for a cause, and closing its file for good.

The use right ends with it: nothing is delivered and nothing handed out from then on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from exchange.clearing import EscrowState, available, escrow, transfer
from exchange.delivery import DeliveryState
from exchange.errors import BadField, Forbidden, Refused, TermsDiffer
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.execute_trade import advance, require_no_period, terms_of
from exchange.trading import BY_USE, Trade, TradeState, TradingMode
from ledger.acts import SignedAct, format_time
from ledger.agreeing import CAUSES, NOTICE
from ledger.entries import Entry


def ending_facts(trade: Trade, cause: str, reason: str, now: dt.datetime) -> dict[str, Any]:
    """Return what a party signs to end a contract: in 30 days without a cause, else at once.

    With a cause all that is held goes back to the buyer.
    """
    at_once = cause != "notice"
    until = trade.grant_until or format_time(now)
    at = format_time(now) if at_once else min(format_time(now + NOTICE), until)
    return {
        "cause": cause,
        "reason": reason,
        "at": at,
        "amount": (trade.held if at_once else trade.money(0)).to_record(),
        "to": trade.buyer,
    }


def end_trade(signed: SignedAct, *, floor: Floor) -> Trade:
    """End a contract, as its buyer or supplier.

    With 30 days' notice the use right is shortened, and what is not delivered until its end goes
    back to the buyer then.  With a cause it ends at once: what was accepted must have been
    settled, a delivery that waits for its answer must be answered, and all that is held goes
    back.  Raises `BadField` for an unknown cause, `Refused` where the ledger's rules on ends say
    no, or a dispute is open.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:
        if signed.act.actor not in {trade.buyer, trade.supplier}:
            raise Forbidden(f"trade {trade.id}: its buyer or its supplier ends it")
        if signed.act.facts.get("cause") not in CAUSES:
            raise BadField("act.facts.cause", f"one of {', '.join(CAUSES)}")
        if trade.state not in {TradeState.CONTRACTED, TradeState.EXECUTED}:
            raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to end")
        mode = terms_of(trade.terms, work).mode
        if mode in BY_USE:
            raise Refused(f"trade {trade.id} is {mode}: what was used is billed first, end its use")
        _require_no_period(signed, trade, mode, work)
        _require_ending(signed, trade)

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:
        shortened = replace(trade, grant_until=entry.facts["at"])
        if entry.facts["cause"] == "notice":
            return shortened
        if trade.escrow is not EscrowState.HELD:
            return shortened.moved(TradeState.ENDED)
        held, what = trade.held, f"refund of {trade.id}"
        source, target = escrow(trade.id), available(trade.buyer)
        if held.minor:
            work.accounts.post(transfer(what, entry, source, target, held))
        back = replace(shortened, refunded=trade.refunded + held.minor)
        return back.closed(TradeState.ENDED)

    return advance(signed, "trade.ended", None, check, conclude, floor=floor)


def _require_no_period(
    signed: SignedAct, trade: Trade, mode: TradingMode, work: UnitOfWork
) -> None:
    """Raise `Refused` where an ending would cut short a period that is paid for."""
    if mode is not TradingMode.SUBSCRIPTION:
        return
    if signed.act.facts["cause"] == "notice":
        raise Refused(f"trade {trade.id} is {mode}: end that, and the period paid for is its last")
    require_no_period(trade, work)


def _require_ending(signed: SignedAct, trade: Trade) -> None:
    at_once = signed.act.facts["cause"] != "notice"
    due = trade.held if at_once else trade.money(0)
    if signed.act.facts.get("amount") != due.to_record():
        raise TermsDiffer(f"act.facts.amount: {due} go back when trade {trade.id} ends so")
    if at_once and trade.held.minor and trade.delivery is DeliveryState.MADE:
        raise Refused(f"trade {trade.id}: a delivery waits for its answer: answer or dispute it")


def retire_trade(signed: SignedAct, *, floor: Floor) -> Trade:
    """Close the file of a contract that is over, by the operator: nothing follows.

    Raises `Refused` while the use right runs, escrow holds anything, a dispute is open or an
    award is not paid.
    """

    def check(trade: Trade, work: UnitOfWork) -> None:  # noqa: ARG001 - the others need it
        trade.moved(TradeState.RETIRED)
        if trade.reversal:
            raise Refused(f"trade {trade.id}: {trade.money(trade.reversal)} awarded are not paid")

    def conclude(trade: Trade, entry: Entry, work: UnitOfWork) -> Trade:  # noqa: ARG001
        return trade.moved(TradeState.RETIRED)

    return advance(signed, "trade.retired", Role.OPERATOR, check, conclude, floor=floor)
