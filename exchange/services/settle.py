"""Settlement (清结算): deposits, and the release of escrow line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from exchange.clearing import OUTSIDE, EscrowState, Line, available, release, transfer
from exchange.errors import BadField, Conflict, Refused, Stale
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    account_owner,
    admit_act,
    amount_of,
    opened,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.estimate_price import move_estimate
from exchange.services.execute_trade import terms_of
from exchange.services.release_part import Division, divide, parts_of, release_part
from exchange.services.serve_awards import require_nothing_awarded, serve_awards
from exchange.trading import BY_USE, Trade, TradeState, TradingMode
from ledger.acts import SignedAct
from ledger.agreements import accepted
from ledger.entries import Entry
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
        account, amount = available(account_owner(signed, work)), _amount(signed, "a deposit")
        if unchanged(work.chain.recorded(signed), signed):
            return work.accounts.balance(account, amount.currency)
        entry = record(signed, openings, work=work, floor=floor)
        _require_uncredited(reference, entry, work)
        work.accounts.post(transfer("deposit", entry, OUTSIDE, account, amount))
        return work.accounts.balance(account, amount.currency)


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
    amount = amount_of(signed, "amount")
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
        account = available(account_owner(signed, work))
        amount = _amount(signed, "a withdrawal")
        if not unchanged(work.chain.recorded(signed), signed):
            require_nothing_awarded(subject_id(signed, "account"), work)
            entry = record(signed, openings, work=work, floor=floor)
            work.accounts.post(transfer("withdrawal", entry, account, OUTSIDE, amount))
        return work.accounts.balance(account, amount.currency)


def settle(trade_id: str, *, floor: Floor) -> tuple[Trade, Sequence[Line]]:
    """Release the escrow of a delivery that was accepted: fee, supplier, contributors.

    Everything is paid to the last fen; of a delivery in parts, every part that was accepted.  A
    trade settled as a whole moves the product's estimate in the same commit, where it has an
    appraisal.  Settling again returns the same lines and moves nothing.  Raises `Refused` before
    the buyer's receipt or the end of its time to answer, and during a dispute.
    """
    with floor.read() as work:
        trade = work.trades.get(trade_id)
        if trade.escrow is not EscrowState.HELD:
            return _settled(trade, work)
        mode = terms_of(trade.terms, work).mode
        if mode in BY_USE:
            raise Refused(f"trade {trade.id} is {mode}: it is settled by its bills")
        due = _due(trade, work)
        untouched = _untouched(trade, work)
        divisions: list[tuple[Entry, Money, Division]] = []
        for basis, amount in due:
            beside = [division for *_, division in divisions]
            division = divide(trade, amount, work=work, floor=floor, beside=beside)
            divisions.append((basis, amount, division))
    with floor.write() as work:
        trade = work.trades.get(trade_id)
        if trade.escrow is not EscrowState.HELD:
            return _settled(trade, work)
        if _due(trade, work) != due or _untouched(trade, work) != untouched:
            raise Stale(f"trade {trade.id} has changed meanwhile: settle it again")
        # The product's as well: its estimate moves by one trade after the other.
        paid = [subject for *_, division in divisions for subject in division.subjects]
        work.chain.store.reserve(*paid, f"product/{trade.product}")
        if untouched:
            trade = _settle_whole(trade, divisions[0][2], work=work, floor=floor)
        else:
            for basis, amount, division in divisions:
                trade = release_part(trade, amount, basis, division, work=work, floor=floor)
        serve_awards(trade.supplier, work=work, floor=floor)
        return _settled(work.trades.get(trade_id), work)


def _settled(trade: Trade, work: UnitOfWork) -> tuple[Trade, Sequence[Line]]:
    lines = settled_lines(trade, work)
    if not lines:
        _require_accepted(trade)
    return trade, lines


def _settle_whole(trade: Trade, division: Division, *, work: UnitOfWork, floor: Floor) -> Trade:
    facts = {
        "amount": trade.amount.to_record(),
        "lines": [line.to_record() for line in division.lines],
        "allocation": work.records.put(division.allocation, public=True),
    }
    subject = f"trade/{trade.id}"
    paid = replace(trade, released=trade.amount.minor).escrow_moved(EscrowState.RELEASED)
    moved = paid.moved(TradeState.EXECUTED)
    entry = record_for_house("settlement.executed", subject, facts, work=work, floor=floor)
    work.accounts.post(release(trade.id, entry, division.lines))
    product = work.products.get(trade.product)
    estimated = None
    if terms_of(trade.terms, work).mode is not TradingMode.SUBSCRIPTION:
        # The fee of a period is no price of a licence.
        estimated = move_estimate(trade, entry, product, work=work, floor=floor)
    if estimated:
        work.products.put(replace(product, estimate=estimated.leaf.hex()))
    settled = moved.at(estimated or entry)
    work.trades.put(settled)
    return settled


def _untouched(trade: Trade, work: UnitOfWork) -> bool:
    """Whether all that the contract put into escrow is held and paid for as a whole."""
    amended = next(work.chain.store.of_kind(f"trade/{trade.id}", "amendment.accepted"), None)
    return not (trade.part or trade.released or trade.refunded or amended)


def _due(trade: Trade, work: UnitOfWork) -> list[tuple[Entry, Money]]:
    """Return what was accepted and is not paid for, each with its amount, oldest first.

    Raises `Refused` where there is nothing, or a dispute is open.
    """
    trade.require_undisputed()
    view, subject = work.chain.store, f"trade/{trade.id}"
    paid = {entry.facts["basis"] for entry in parts_of(trade, work)}
    answers = sorted(accepted(view, subject), key=lambda entry: entry.version)
    open_answers = [entry for entry in answers if entry.leaf.hex() not in paid]
    if not open_answers:
        _require_accepted(trade)
        raise Refused(f"trade {trade.id}: nothing that was accepted is left to be paid")
    parts, left, due = terms_of(trade.terms, work).parts, trade.held, []
    for entry in open_answers:
        number = entry.facts.get("part")
        price = parts[number - 1].amount if number else left
        amount = min(price, left, key=lambda money: money.minor)
        left -= amount
        if amount.minor or not trade.amount.minor:
            due.append((entry, amount))
    return due


def _require_accepted(trade: Trade) -> None:
    if not trade.accepted:
        raise Refused(f"trade {trade.id}: no settlement before the buyer's receipt")


def settled_lines(trade: Trade, work: UnitOfWork) -> Sequence[Line]:
    """Return the lines of a settlement, or of its parts so far, from their entries."""
    view, subject = work.chain.store, f"trade/{trade.id}"
    entry = next(view.of_kind(subject, "settlement.executed"), None)
    entries = parts_of(trade, work) if entry is None else [entry]
    entries = [*entries, *view.of_kind(subject, "trade.arbitrated")]
    return [
        Line(line["account"], Money.read(line["amount"]), line["what"])
        for entry in entries
        for line in entry.facts["lines"]
    ]
