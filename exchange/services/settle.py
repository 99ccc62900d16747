"""Settlement (清结算): deposits, and the release of escrow line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from exchange.clearing import OUTSIDE, EscrowState, Line, available, release, transfer
from exchange.delivery import DeliveryState
from exchange.errors import BadField, Conflict, NotFound, Refused
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    opened,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.estimate_price import move_estimate
from exchange.services.execute_trade import terms_of
from exchange.services.release_part import divide, parts_of, release_part
from exchange.trading import BY_USE, Trade, TradeState, TradingMode
from ledger.acts import SignedAct
from ledger.entries import Entry
from pricing.errors import PricingError
from pricing.money import Money

REFERENCE_MAX: Final = 200  # characters


def deposit(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Money:
    """Credit a participant with money that came in from its bank; return its free balance.

    The act is the operator's, who vouches for the bank's message by its reference.  A reference
    credits an account once, as long as it is not erased.
    """
    reference = text_of(opened(signed, "account.deposited", openings), "reference", REFERENCE_MAX)
    with floor.write() as work:
        admit_act(signed, "account.deposited", Role.OPERATOR, work=work, floor=floor)
        account, amount = available(_owner(signed, work)), _amount(signed, "a deposit")
        if unchanged(work.chain.recorded(signed), signed):
            return work.accounts.balance(account, amount.currency)
        entry = record(signed, openings, work=work, floor=floor)
        _require_uncredited(reference, entry, work)
        work.accounts.post(transfer("deposit", entry, OUTSIDE, account, amount))
        return work.accounts.balance(account, amount.currency)


def _owner(signed: SignedAct, work: UnitOfWork) -> str:
    """Return whose account the act is about: an id, since on the chain nobody goes by a handle."""
    name = subject_id(signed, "account")
    if work.participants.get(name).id != name:
        raise NotFound(f"there is no participant with the id {name}")
    return name


def _require_uncredited(reference: str, entry: Entry, work: UnitOfWork) -> None:
    """Raise `Conflict` where an earlier deposit has the reference, and so undo this one.

    It looks after the entry was added: from then on nobody else adds to the account.
    """
    for leaf, known in work.confidential.of(entry.subject, entry.kind, "reference"):
        if known.value == reference and leaf != entry.leaf.hex():
            credited = work.chain.store.by_leaf(leaf)
            where = credited.named if credited else leaf
            raise Conflict(f"{where} has credited this bank reference already")


def _amount(signed: SignedAct, what: str) -> Money:
    try:
        amount = Money.read(signed.act.facts.get("amount"))
    except PricingError as error:
        raise BadField("act.facts.amount", str(error)) from error
    if amount.minor <= 0:
        raise BadField("act.facts.amount", f"{what} is above zero")
    return amount


def withdraw(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Money:
    """Pay money out to a participant's bank; return what stays in its account.

    The act is the operator's, who vouches for the bank's message by its reference.  Raises
    `InsufficientFunds` where the account does not hold the amount.
    """
    text_of(opened(signed, "account.withdrawn", openings), "reference", REFERENCE_MAX)
    with floor.write() as work:
        admit_act(signed, "account.withdrawn", Role.OPERATOR, work=work, floor=floor)
        account = available(_owner(signed, work))
        amount = _amount(signed, "a withdrawal")
        if not unchanged(work.chain.recorded(signed), signed):
            entry = record(signed, openings, work=work, floor=floor)
            work.accounts.post(transfer("withdrawal", entry, account, OUTSIDE, amount))
        return work.accounts.balance(account, amount.currency)


def settle(trade_id: str, *, floor: Floor) -> tuple[Trade, Sequence[Line]]:
    """Release the escrow of a received trade: fee, supplier, contributors, to the last fen.

    In the same commit the trade moves the product's estimate, where it has an appraisal.
    Settling a settled trade returns the same lines and moves nothing.  Raises `Refused` before
    the buyer's receipt.
    """
    with floor.read() as work:
        trade = work.trades.get(trade_id)
        if trade.state is TradeState.EXECUTED:
            return trade, settled_lines(trade, work)
        mode = terms_of(trade.terms, work).mode
        if mode in BY_USE:
            raise Refused(f"trade {trade.id} is {mode}: it is settled by its bills")
        _require_received(trade)
    division = divide(trade, trade.held, floor=floor)
    with floor.write() as work:
        trade = work.trades.get(trade_id)
        if trade.state is TradeState.EXECUTED:
            return trade, settled_lines(trade, work)
        _require_received(trade)
        # The product's as well: its estimate moves by one trade after the other.
        work.chain.store.reserve(*division.subjects, f"product/{trade.product}")
        if trade.released:
            receipt = next(work.chain.store.of_kind(f"trade/{trade.id}", "delivery.received"))
            settled = release_part(trade, trade.held, receipt, division, work=work, floor=floor)
            return settled, settled_lines(settled, work)
        moved = trade.moved(TradeState.EXECUTED).escrow_moved(EscrowState.RELEASED)
        facts = {
            "amount": trade.amount.to_record(),
            "lines": [line.to_record() for line in division.lines],
            "allocation": work.records.put(division.allocation, public=True),
        }
        subject = f"trade/{trade.id}"
        entry = record_for_house("settlement.executed", subject, facts, work=work, floor=floor)
        work.accounts.post(release(trade.id, entry, division.lines))
        product = work.products.get(trade.product)
        estimated = None
        if mode is not TradingMode.SUBSCRIPTION:  # the fee of a period is no price of a licence
            estimated = move_estimate(trade, entry, product, work=work, floor=floor)
        if estimated:
            work.products.put(replace(product, estimate=estimated.leaf.hex()))
        settled = moved.at(estimated or entry)
        work.trades.put(settled)
        return settled, division.lines


def _require_received(trade: Trade) -> None:
    if trade.delivery is not DeliveryState.RECEIVED:
        raise Refused(f"trade {trade.id}: no settlement before the buyer's receipt")


def settled_lines(trade: Trade, work: UnitOfWork) -> Sequence[Line]:
    """Return the lines of a settlement, or of its parts so far, from their entries."""
    entry = next(work.chain.store.of_kind(f"trade/{trade.id}", "settlement.executed"), None)
    entries = parts_of(trade, work) if entry is None else [entry]
    return [
        Line(line["account"], Money.read(line["amount"]), line["what"])
        for entry in entries
        for line in entry.facts["lines"]
    ]
