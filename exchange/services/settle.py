"""Settlement (清结算): deposits, and the release of escrow line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from exchange.clearing import (
    FEES,
    OUTSIDE,
    EscrowState,
    Line,
    available,
    fee_of,
    release,
    transfer,
)
from exchange.delivery import DeliveryState
from exchange.errors import BadField, NotFound, Refused
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.execute_trade import terms_of
from exchange.services.share_proceeds import share
from exchange.services.submit_sheet import sheet_of
from exchange.trading import Trade, TradeState
from ledger.acts import SignedAct
from ledger.canonical import encode
from pricing.errors import PricingError
from pricing.money import Money, decimal_text


def deposit(signed: SignedAct, *, floor: Floor) -> Money:
    """Credit a participant with money that came in from its bank; return its free balance.

    The act is the operator's, who vouches for the bank's message by its digest.
    """
    with floor.write() as work:
        admit_act(signed, "account.deposited", Role.OPERATOR, work=work, floor=floor)
        name = subject_id(signed, "account")
        if work.participants.get(name).id != name:  # on the chain nobody goes by a handle
            raise NotFound(f"there is no participant with the id {name}")
        account, amount = available(name), _amount(signed)
        if unchanged(work.chain.recorded(signed), signed):
            return work.accounts.balance(account, amount.currency)
        entry = record(signed, work=work, floor=floor)
        work.accounts.post(transfer("deposit", entry.index, OUTSIDE, account, amount))
        return work.accounts.balance(account, amount.currency)


def _amount(signed: SignedAct) -> Money:
    try:
        amount = Money.read(signed.act.facts.get("amount"))
    except PricingError as error:
        raise BadField("act.facts.amount", str(error)) from error
    if amount.minor <= 0:
        raise BadField("act.facts.amount", "a deposit is above zero")
    return amount


def settle(trade_id: str, *, floor: Floor) -> tuple[Trade, Sequence[Line]]:
    """Release the escrow of a received trade: fee, supplier, contributors, to the last fen.

    Settling a settled trade returns the same lines and moves nothing.  Raises `Refused` before
    the buyer's receipt.
    """
    with floor.write() as work:
        trade = work.trades.get(trade_id)
        if trade.state is TradeState.EXECUTED:
            return trade, settled_lines(trade, work)
        if trade.delivery is not DeliveryState.RECEIVED:
            raise Refused(f"trade {trade.id}: no settlement before the buyer's receipt")
        moved = trade.moved(TradeState.EXECUTED).escrow_moved(EscrowState.RELEASED)
        lines, allocation = _lines(trade, work=work, floor=floor)
        facts = {
            "amount": trade.amount.to_record(),
            "lines": [line.to_record() for line in lines],
            "allocation": allocation,
        }
        subject = f"trade/{trade.id}"
        entry = record_for_house("settlement.executed", subject, facts, work=work, floor=floor)
        work.accounts.post(release(trade.id, entry.index, lines))
        settled = replace(moved, entry=entry.index, head=entry.leaf.hex())
        work.trades.put(settled)
        return settled, lines


def settled_lines(trade: Trade, work: UnitOfWork) -> Sequence[Line]:
    """Return the lines of a settlement, from its entry; none before it."""
    entry = next(work.chain.store.of_kind(f"trade/{trade.id}", "settlement.executed"), None)
    if entry is None:
        return ()
    return [
        Line(line["account"], Money.read(line["amount"]), line["what"])
        for line in entry.facts["lines"]
    ]


def _lines(trade: Trade, *, work: UnitOfWork, floor: Floor) -> tuple[list[Line], str]:
    terms = terms_of(trade.terms, work)
    product = work.products.get(trade.product)
    sheet = sheet_of(replace(product, sheet=terms.sheet), work)  # the sheet of the contract
    fee = fee_of(trade.amount, terms.fee_ppm)
    lines = [Line(FEES, fee, f"exchange fee, {decimal_text(Decimal(terms.fee_ppm) / 10_000)} %")]
    proceeds = trade.amount - fee
    if sheet.sharing is None:
        lines.append(Line(available(trade.supplier), proceeds, "proceeds of the supplier"))
        return lines, work.records.put(encode({"rule": "the supplier alone"}), public=True)
    documents = {"sheet": terms.sheet, "data": terms.data}
    allocation, made = share(proceeds, sheet.sharing, product, documents=documents, floor=floor)
    what = f"share of the proceeds: {allocation.basis}"
    lines += [Line(available(part.owner), part.part, what) for part in allocation.shares]
    return lines, work.records.put(encode(made.to_record()), public=True)
