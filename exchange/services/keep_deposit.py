"""Keeping the deposit of a bid that won until its contract is concluded.

The order of a winner keeps the deposit and sets aside what the price is above it, so that the
contract can be paid whatever its buyer does meanwhile.  What becomes of a deposit otherwise is
the ledger's rule, which an auditor asks as well (`ledger.deposits`).
"""

from __future__ import annotations

from typing import Final

from exchange.bids import Bid, BidState
from exchange.clearing import Line, Transfer, account_subject, available, escrow
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from exchange.trading import Trade
from ledger.acts import trade_of_quote
from ledger.deposits import FORFEITED, RETURNED, fate_of
from ledger.entries import Entry
from ledger.view import newest

REASON_MAX: Final = 200  # characters of why a deposit goes where it goes


def won_bid(quote: str, state: BidState, work: UnitOfWork) -> Bid | None:
    """Return the bid that won a quote if it is in that state; the accounts of both are held."""
    bid = work.bids.of_quote(quote)
    if bid is None or bid.state is not state:
        return None
    supplier = work.auctions.get(bid.auction).supplier
    work.chain.store.reserve(account_subject(bid.bidder), account_subject(supplier))
    return bid


def bind_price(bid: Bid, trade: Trade, order: Entry, work: UnitOfWork) -> None:
    """Keep the deposit with the order, and set aside what the price is above it.

    Raises `InsufficientFunds` where that is not there.
    """
    rest = trade.amount - bid.deposit
    if rest.minor > 0:
        what, leaf = f"price of {trade.id} above its deposit", order.leaf.hex()
        source, target = available(trade.buyer), escrow(trade.id)
        work.accounts.hold(Transfer(trade.binding, what, source, target, rest, leaf))
    work.bids.put(bid.moved(BidState.ORDERED, order.leaf.hex()))


def release_price(bid: Bid, trade: Trade, contract: Entry, work: UnitOfWork) -> None:
    """Let all go that an order has set aside, for the contract that takes the price."""
    _unbind(bid, trade, contract, work)
    work.accounts.void_held(bid.transfer, contract.leaf.hex())
    work.bids.put(bid.moved(BidState.CONCLUDED, contract.leaf.hex()))


def _unbind(bid: Bid, trade: Trade, entry: Entry, work: UnitOfWork) -> None:
    if trade.amount.minor > bid.deposit.minor:
        work.accounts.void_held(trade.binding, entry.leaf.hex())


def settle_deposit(bid: Bid, now: str, *, work: UnitOfWork, floor: Floor) -> Bid | None:
    """Forfeit or return the deposit of a bid that won, as the ledger says; None while it is kept.

    The caller holds the accounts.
    """
    store = work.chain.store
    placed = store.by_leaf(bid.leaf)
    cleared = newest(store, f"auction/{bid.auction}", "auction.cleared")
    if placed is None or cleared is None:
        return None
    fate = fate_of(store, placed, cleared, now)
    if not fate.kind:
        return None
    if fate.kind == FORFEITED:
        return forfeit(bid, fate.why, work=work, floor=floor)
    return give_back(bid, fate.why, work=work, floor=floor)


def forfeit(bid: Bid, reason: str, *, work: UnitOfWork, floor: Floor) -> Bid:
    """Pay a deposit to the supplier, by an entry that says why."""
    supplier = work.auctions.get(bid.auction).supplier
    line = Line(available(supplier), bid.deposit, "deposit forfeited")
    facts = {"bid": bid.leaf, "reason": reason[:REASON_MAX], "lines": [line.to_record()]}
    entry = record_for_house(FORFEITED, f"auction/{bid.auction}", facts, work=work, floor=floor)
    work.accounts.post_held(bid.transfer, entry.leaf.hex())
    return _closed(bid, BidState.FORFEITED, entry, work)


def give_back(bid: Bid, reason: str, *, work: UnitOfWork, floor: Floor) -> Bid:
    """Let a deposit go, by an entry that says why."""
    facts = {"bid": bid.leaf, "reason": reason[:REASON_MAX]}
    entry = record_for_house(RETURNED, f"auction/{bid.auction}", facts, work=work, floor=floor)
    work.accounts.void_held(bid.transfer, entry.leaf.hex())
    return _closed(bid, BidState.RETURNED, entry, work)


def _closed(bid: Bid, state: BidState, entry: Entry, work: UnitOfWork) -> Bid:
    """Store the bid and its auction as of an entry; what an order had set aside is let go."""
    if bid.state is BidState.ORDERED and bid.quote:
        _unbind(bid, work.trades.get(trade_of_quote(bid.quote)), entry, work)
    closed = bid.moved(state, entry.leaf.hex())
    work.bids.put(closed)
    work.auctions.put(work.auctions.get(bid.auction).at(entry))
    return closed
