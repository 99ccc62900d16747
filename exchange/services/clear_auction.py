"""Clearing an auction: the mechanism decides, each winner gets a quote, deposits are dealt with.

The exchange acts here by itself and decides nothing: whoever has the entries and the records
computes winners and payments again (`verify_auction`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from exchange.auctions import ITEM, Auction, AuctionState, Phase, drawn_seed
from exchange.bids import KEPT, Bid, BidState
from exchange.clearing import Line, account_subject, available
from exchange.errors import Conflict, NoScenario, Refused
from exchange.ports import Floor, UnitOfWork
from exchange.recurring import in_words
from exchange.services.acting import record_for_house
from exchange.services.file_scenario import require_permitted
from exchange.services.hold_auction import MechanismRules
from exchange.services.keep_deposit import forfeit, give_back, settle_deposit
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.quote_price import record_quote
from exchange.services.replay_prices import record_of
from exchange.services.submit_sheet import sheet_of
from exchange.trading import TradingMode
from ledger.acts import format_time
from ledger.auctions import bids_of, forfeited_bids, openings_of, standing_bids
from ledger.bundle import read_file, stored_entries
from ledger.canonical import decode, encode
from ledger.chain import MemoryLog
from ledger.checkpoint import parse_body
from ledger.deposits import own_lapse
from ledger.entries import Entry
from ledger.note import Note
from ledger.view import View, newest
from pricing.errors import PricingError
from pricing.mechanisms import Auction as Sale
from pricing.mechanisms import Bid as Offered
from pricing.mechanisms import Mechanism, Outcome
from pricing.money import Currency, Money
from pricing.record import PricingRecord, recorded, replay
from pricing.wire import to_wire


@records_lapse
def clear_auction(auction_id: str, *, floor: Floor) -> tuple[Auction, list[Bid]]:
    """Clear an auction whose openings have closed; again it changes nothing.

    A winner whose scenario is not permitted any more gets no quote.  Its deposit goes back, or to
    the supplier where the verification of its identity has ended, by an entry that says why; the
    others are quoted all the same.  Raises `Refused` before the openings
    have closed, where a seed was not opened and where the product has passed to another supplier,
    `NotCompliant` where it is not listed: the operator then cancels.
    """
    with floor.write() as work:
        auction = work.auctions.get(auction_id)
        if auction.state is AuctionState.CLEARED:
            return auction, list(work.bids.of_auction(auction.id))
        auction.require(AuctionState.CLEARED)
        now = format_time(floor.clock())
        if auction.phase(now) is not Phase.CLEARING:
            raise Refused(f"{auction.id}: bids are opened until {auction.open_until}")
        product = work.products.get(auction.product)
        if product.supplier != auction.supplier:
            raise Refused(f"{auction.id}: {product.number} is another's: the operator cancels")
        require_listed(product, work=work, floor=floor)
        subject, store = f"auction/{auction.id}", work.chain.store
        _hold_accounts(auction, work)
        standing = standing_bids(store, subject, now, floor.house.origin)
        mechanism = _mechanism(auction, store, work)
        outcome, made = _outcome(auction, mechanism, standing, store)
        entry = _record(auction, outcome, made, standing, work=work, floor=floor)
        moved = replace(auction.moved(AuctionState.CLEARED, entry), pricing=entry.facts["pricing"])
        work.auctions.put(moved)
        _quote_winners(moved, entry, outcome, made, work=work, floor=floor)
        _deal_with_deposits(moved, entry, work=work, floor=floor)
        return work.auctions.get(auction.id), list(work.bids.of_auction(auction.id))


@dataclass(frozen=True, slots=True)
class Cleared:
    """What a run over all auctions has cleared, and what was refused, by auction."""

    cleared: tuple[Auction, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def clear_due(*, floor: Floor) -> Cleared:
    """Clear every auction whose openings have closed; the scheduled job of auctions.

    One auction that fails, whatever the error, is told and stops no other.
    """
    now = format_time(floor.clock())
    with floor.read() as work:
        open_ones = (each for each in work.auctions.all() if each.state is AuctionState.OPENED)
        due = [each.id for each in open_ones if each.phase(now) is Phase.CLEARING]
    cleared, refused = [], []
    for auction_id in due:
        try:
            cleared.append(clear_auction(auction_id, floor=floor)[0])
        except Exception as error:  # noqa: BLE001 - the next is done all the same
            refused.append((auction_id, in_words(error)))
    return Cleared(tuple(cleared), tuple(refused))


def _hold_accounts(auction: Auction, work: UnitOfWork) -> None:
    """Let nobody spend what a deposit frees before the entry that frees it has its place."""
    parties = {auction.supplier, *(bid.bidder for bid in work.bids.of_auction(auction.id))}
    work.chain.store.reserve(*map(account_subject, parties))


def _mechanism(auction: Auction, view: View, work: UnitOfWork) -> Mechanism:
    """Return the mechanism with its opened reserve and the seed that was drawn.

    A hidden reserve that nobody opened is none.
    """
    subject = f"auction/{auction.id}"
    rules = MechanismRules.read(work.records.get(auction.rules))
    later: dict[str, Any] = {}
    reserve = newest(view, subject, "auction.reserve_opened")
    if reserve:
        later["reserve"] = reserve.facts["amount"]
    if rules.takes("seed"):
        shown = newest(view, subject, "auction.seed_opened")
        if shown is None:
            raise Refused(f"{auction.id}: the seed was not opened: the operator cancels")
        placed = [bid.leaf.hex() for bid in bids_of(view, subject)]
        later["seed"] = drawn_seed(shown.facts["seed"], placed)
    try:
        return rules.built(**later)
    except PricingError as error:
        raise Refused(f"{auction.id}: {error}") from error


def _sale(supply: int, currency: Currency, standing: list[Entry], view: View) -> Sale:
    openings = openings_of(view, standing[0].subject) if standing else {}
    offered = tuple(
        Offered(bid.actor, Money.read(openings[bid.leaf.hex()].facts["amount"])) for bid in standing
    )
    return Sale(offered, (ITEM,), supply, currency)


def _outcome(
    auction: Auction, mechanism: Mechanism, standing: list[Entry], view: View
) -> tuple[Outcome, PricingRecord]:
    sale = _sale(auction.supply, auction.currency, standing, view)
    try:
        return recorded(mechanism, sale, documents={"rules": auction.rules})
    except PricingError as error:
        raise Refused(f"{auction.id} cannot be cleared: {error}") from error


def _record(
    auction: Auction,
    outcome: Outcome,
    made: PricingRecord,
    standing: list[Entry],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Entry:
    subject = f"auction/{auction.id}"
    by_bidder = {bid.actor: bid.leaf.hex() for bid in standing}
    facts: dict[str, Any] = {
        "pricing": work.records.put(encode(made.to_record()), public=True),
        "bids": list(by_bidder.values()),
        "winners": [by_bidder[award.bidder] for award in outcome.allocations],
        "forfeited": [bid.leaf.hex() for bid in forfeited_bids(work.chain.store, subject)],
    }
    if outcome.allocations:
        facts["payments"] = payment_lines(outcome)
    return record_for_house("auction.cleared", subject, facts, work=work, floor=floor)


def payment_lines(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what each winner is to pay, in the mechanism's order."""
    return [
        Line(available(one.bidder), outcome.paid_by(one.bidder), "price of a licence").to_record()
        for one in outcome.allocations
    ]


def _quote_winners(
    auction: Auction,
    cleared: Entry,
    outcome: Outcome,
    made: PricingRecord,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> None:
    """Quote to each winner what it pays, or deal with the deposit of one that may not order."""
    product = work.products.get(auction.product)
    sheet = sheet_of(product, work)
    for leaf in cleared.facts["winners"]:
        bid, placed = work.bids.get(leaf), work.chain.store.by_leaf(leaf)
        scenario = work.scenarios.get(bid.scenario)
        buyer = work.participants.get(bid.bidder)
        try:
            require_permitted(scenario, product, buyer, work=work, floor=floor)
            quote, _ = record_quote(
                outcome.paid_by(bid.bidder),
                scenario,
                product,
                sheet,
                records=[made],
                mode=TradingMode.AUCTION,
                basis=[cleared, *([placed] if placed else [])],
                exclusive=auction.exclusive,
                work=work,
                floor=floor,
            )
        except NoScenario as error:
            own = own_lapse(work.chain.store, placed, cleared) if placed else ""
            if own:
                forfeit(bid, own, work=work, floor=floor)
            else:
                give_back(bid, str(error), work=work, floor=floor)
        else:
            work.bids.put(replace(bid.moved(BidState.WON, cleared.leaf.hex()), quote=quote.id))


def _deal_with_deposits(
    auction: Auction, cleared: Entry, *, work: UnitOfWork, floor: Floor
) -> None:
    """Let losers' deposits go and forfeit those of bids not opened."""
    forfeited = cleared.facts["forfeited"]
    for bid in work.bids.of_auction(auction.id):
        if bid.leaf in cleared.facts["winners"]:
            continue
        if bid.leaf in forfeited:
            unopened = bid.state is BidState.PLACED
            reason = "the bid was not opened" if unopened else "its scenario was withdrawn"
            forfeit(bid, reason, work=work, floor=floor)
            continue
        work.accounts.void_held(bid.transfer, cleared.leaf.hex())
        state = BidState.LOST if bid.leaf in cleared.facts["bids"] else BidState.RETURNED
        work.bids.put(bid.moved(state, cleared.leaf.hex()))


def close_bids(auction_id: str, *, floor: Floor) -> list[Bid]:
    """Deal with the deposits of winners whose quote ended without a contract; return those bids.

    A deposit goes to the supplier where the winner has kept itself from the contract, and is let
    go where others have: `ledger.deposits` says which.
    """
    with floor.write() as work:
        auction = work.auctions.get(auction_id)
        if auction.state is not AuctionState.CLEARED:
            raise Conflict(f"auction {auction.id} is {auction.state}, not cleared")
        _hold_accounts(auction, work)
        now, changed = format_time(floor.clock()), []
        for bid in work.bids.of_auction(auction.id):
            if bid.state in KEPT:
                closed = settle_deposit(bid, now, work=work, floor=floor)
                changed += [closed] if closed else []
        return changed


@dataclass(frozen=True, slots=True)
class Closed:
    """Whose deposits a run over all won bids has dealt with, and what was refused, by auction."""

    bids: tuple[Bid, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def close_due(*, floor: Floor) -> Closed:
    """Close the bids of every auction with a won quote that has ended; the scheduled job of bids.

    One auction that fails, whatever the error, is told and stops no other.
    """
    now = format_time(floor.clock())
    with floor.read() as work:
        won = (bid for bid in work.bids.all() if bid.state in KEPT and bid.quote)
        due = {bid.auction for bid in won if now > work.quotes.get(bid.quote or "").until}
    closed: list[Bid] = []
    refused = []
    for auction_id in sorted(due):
        try:
            closed += close_bids(auction_id, floor=floor)
        except Exception as error:  # noqa: BLE001 - the next is done all the same
            refused.append((auction_id, in_words(error)))
    return Closed(tuple(closed), tuple(refused))


def verify_auction(
    auction_id: str, *, view: View, content: Callable[[str], bytes]
) -> tuple[str, ...]:
    """Compute an auction's outcome again from its entries and records; say what differs.

    Nothing of the exchange's own rows is asked, so an auditor does this over a bundle.
    """
    subject = f"auction/{auction_id}"
    opened, cleared = (newest(view, subject, f"auction.{kind}") for kind in ("opened", "cleared"))
    if opened is None or cleared is None:
        return (f"{subject} was not cleared",)
    made = PricingRecord.from_record(decode(content(cleared.facts["pricing"])))
    rules = MechanismRules.read(content(opened.facts["rules"]))
    expected: dict[str, Any] = dict(rules.parameters)
    reserve = newest(view, subject, "auction.reserve_opened")
    seed = newest(view, subject, "auction.seed_opened")
    if reserve:
        expected["reserve"] = reserve.facts["amount"]
    placed = [bid.leaf.hex() for bid in bids_of(view, subject)]
    drawn = drawn_seed(seed.facts["seed"], placed) if seed else None
    standing = [found for leaf in cleared.facts["bids"] if (found := view.by_leaf(leaf))]
    sale = _sale(opened.facts["supply"], Currency(opened.facts["currency"]), standing, view)
    told = {
        "mechanism": (made.plugin, opened.facts["mechanism"], rules.mechanism),
        "parameters": (dict(made.parameters), expected),
        "seed": (made.seed, drawn),
        "bids": (dict(made.inputs), _wire(sale)),
    }
    faults = [
        f"{name}: the record has not what the entries say"
        for name, (first, *others) in told.items()
        if any(other != first for other in others)
    ]
    try:
        replay(made)
    except PricingError as error:
        return (*faults, str(error))
    by_leaf = {bid.leaf.hex(): bid.actor for bid in standing}
    winners = [by_leaf.get(leaf) for leaf in cleared.facts["winners"]]
    if winners != [award["bidder"] for award in made.output["allocations"]]:
        faults.append("winners: not those of the record")
    paid = {one["bidder"]: one["amount"] for one in made.output["payments"]}
    lines = {line["account"]: line["amount"] for line in cleared.facts.get("payments", [])}
    if lines != {available(bidder): amount for bidder, amount in paid.items()}:
        faults.append("payments: not those of the record")
    return tuple(faults)


def verify_bundle(folder: Path, auction_id: str) -> tuple[str, ...]:
    """Do the same over an exported bundle, without the exchange."""
    size = parse_body(Note.parse(read_file(folder, "checkpoint")).body).size
    view = MemoryLog()
    for entry in stored_entries(folder, size):
        if entry.subject == f"auction/{auction_id}":
            view.hold(entry)
    return verify_auction(auction_id, view=view, content=partial(record_of, folder))


def _wire(sale: Sale) -> dict[str, Any]:
    held: dict[str, Any] = to_wire(sale)
    return held
