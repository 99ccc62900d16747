"""Settlement (清结算): deposits, and the release of escrow line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from exchange.clearing import (
    FEES,
    OUTSIDE,
    EscrowState,
    Line,
    account_subject,
    available,
    fee_of,
    release,
    transfer,
)
from exchange.delivery import DeliveryState
from exchange.errors import BadField, Conflict, NotFound, Refused
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
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
from exchange.services.share_proceeds import share
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import SpecSheet
from exchange.trading import Terms, Trade, TradeState
from ledger.acts import SignedAct
from ledger.canonical import encode
from ledger.entries import Entry
from pricing.errors import PricingError
from pricing.money import Money, decimal_text

REFERENCE_MAX: Final = 200  # characters
SUPPLIER_ALONE: Final = encode({"rule": "the supplier alone"})  # where nothing was divided


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
        _require_received(trade)
        terms = terms_of(trade.terms, work)
        product = work.products.get(trade.product)
        sheet = sheet_of(replace(product, sheet=terms.sheet), work)  # the sheet of the contract
    # Outside the writing unit, since it may read the whole file; terms and bytes are frozen.
    lines, allocation = _lines(trade, terms, sheet, product, floor=floor)
    with floor.write() as work:
        trade = work.trades.get(trade_id)
        if trade.state is TradeState.EXECUTED:
            return trade, settled_lines(trade, work)
        _require_received(trade)
        moved = trade.moved(TradeState.EXECUTED).escrow_moved(EscrowState.RELEASED)
        facts = {
            "amount": trade.amount.to_record(),
            "lines": [line.to_record() for line in lines],
            "allocation": work.records.put(allocation, public=True),
        }
        subject = f"trade/{trade.id}"
        paid = {line.account.removeprefix(available("")) for line in lines if line.account != FEES}
        # The product's as well: its estimate moves by one trade after the other.
        work.chain.store.reserve(*map(account_subject, paid), f"product/{trade.product}")
        entry = record_for_house("settlement.executed", subject, facts, work=work, floor=floor)
        work.accounts.post(release(trade.id, entry, lines))
        product = work.products.get(trade.product)
        estimated = move_estimate(trade, entry, product, work=work, floor=floor)
        if estimated:
            work.products.put(replace(product, estimate=estimated.leaf.hex()))
        settled = moved.at(estimated or entry)
        work.trades.put(settled)
        return settled, lines


def _require_received(trade: Trade) -> None:
    if trade.delivery is not DeliveryState.RECEIVED:
        raise Refused(f"trade {trade.id}: no settlement before the buyer's receipt")


def settled_lines(trade: Trade, work: UnitOfWork) -> Sequence[Line]:
    """Return the lines of a settlement, from its entry; none before it."""
    entry = next(work.chain.store.of_kind(f"trade/{trade.id}", "settlement.executed"), None)
    if entry is None:
        return ()
    return [
        Line(line["account"], Money.read(line["amount"]), line["what"])
        for line in entry.facts["lines"]
    ]


def _lines(
    trade: Trade, terms: Terms, sheet: SpecSheet, product: Product, *, floor: Floor
) -> tuple[list[Line], bytes]:
    """Return the lines of a settlement and the canonical record of how they came about."""
    fee = fee_of(trade.amount, terms.fee_ppm)
    lines = [Line(FEES, fee, f"exchange fee, {decimal_text(Decimal(terms.fee_ppm) / 10_000)} %")]
    proceeds = trade.amount - fee
    if sheet.sharing is None:
        lines.append(Line(available(trade.supplier), proceeds, "proceeds of the supplier"))
        return lines, SUPPLIER_ALONE
    allocation, made = share(
        proceeds,
        sheet.sharing,
        floor.vault.check(terms.data),
        product.file,
        documents={"sheet": terms.sheet, "data": terms.data},
        floor=floor,
    )
    what = f"share of the proceeds: {allocation.basis}"
    lines += [Line(available(part.owner), part.part, what) for part in allocation.shares]
    return lines, encode(made.to_record())
