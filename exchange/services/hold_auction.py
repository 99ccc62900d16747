"""Holding an auction: opened by a supplier, bid in by buyers, opened, or called off.

A bid is a commitment and a deposit.  The exchange never sees an amount before its bidder opens
it: the salt stays with the bidder until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from exchange.auctions import BIDS_MAX, ITEM, Auction, AuctionState, Phase
from exchange.bids import Bid, BidState
from exchange.clearing import Transfer, account_subject, available
from exchange.errors import BadField, Conflict, Forbidden, Refused, TermsDiffer
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    amount_of,
    fact,
    record,
    subject_id,
    unchanged,
)
from exchange.services.charge_service import charge, due_of
from exchange.services.file_scenario import require_permitted
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.reserve_use import require_use_free
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.auctions import bid_value, opens, outlasting
from ledger.canonical import decode
from ledger.entries import Entry
from pricing.errors import PricingError
from pricing.mechanisms import Auction as Sale
from pricing.mechanisms import Bid as Offered
from pricing.mechanisms import Mechanism
from pricing.money import Currency, Money
from pricing.plugins import load
from pricing.wire import from_wire


@dataclass(frozen=True, slots=True)
class MechanismRules:
    """A mechanism by name, with the parameters that are known from the beginning."""

    mechanism: str
    parameters: Mapping[str, Any]

    @classmethod
    def read(cls, data: bytes) -> MechanismRules:
        """Read the record that an auction names; raises `BadField` for anything else."""
        held = decode(data)
        if set(held) != {"mechanism", "parameters"}:
            raise BadField("rules", "a mechanism and its parameters")
        if not isinstance(held["parameters"], Mapping):
            raise BadField("rules.parameters", "an object")
        return cls(held["mechanism"], held["parameters"])

    def takes(self, field: str) -> bool:
        """Whether the mechanism has a parameter of that name."""
        plugin = load("mechanisms", self.mechanism)
        return field in {each.name for each in fields(plugin)}  # type: ignore[arg-type]

    def built(self, **later: Any) -> Mechanism:  # noqa: ANN401 - in the form of records
        """Return the mechanism, with the parameters that were not known before."""
        plugin: Any = load("mechanisms", self.mechanism)
        made: Mechanism = from_wire(plugin, {**self.parameters, **later}, "parameters")
        return made


@records_lapse
def open_auction(signed: SignedAct, rules: bytes, *, floor: Floor) -> Auction:
    """Put licences of a listed product up for sealed bids; `rules` is the record of the mechanism.

    Raises `BadField` naming what the mechanism cannot take, `Refused` for one that would not clear
    as many bids as an auction takes, `InsufficientFunds` where the fee for an auction is not
    there.
    """
    identity = opened_subject("auction", signed.act).partition("/")[2]
    with floor.write() as work:
        supplier = admit_act(signed, "auction.opened", Role.SUPPLIER, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.auctions.get(identity)
        product = work.products.get(fact(signed, "product"))
        if product.supplier != supplier.id:
            raise Forbidden(f"{product.number} is not a product of {supplier.handle}")
        require_listed(product, work=work, floor=floor)
        deposit = _money(signed, "deposit", fact(signed, "currency"))
        now = format_time(floor.clock())
        if not now < fact(signed, "bids_until") < fact(signed, "open_until"):
            raise BadField("act.facts.bids_until", "a time to come, and before open_until")
        supply, exclusive = fact(signed, "supply", int), signed.act.facts.get("exclusive") is True
        if supply < 1 or (exclusive and supply != 1):
            raise BadField("act.facts.supply", "at least 1, and 1 of an exclusive licence")
        if work.records.put(rules, public=True) != fact(signed, "rules"):
            raise TermsDiffer("act.facts.rules: not the digest of the rules given")
        _require_clearable(signed, MechanismRules.read(rules), supply, deposit.currency)
        due = due_of(signed, supplier, work=work, floor=floor)
        entry = record(signed, work=work, floor=floor)
        charge(due, entry, work=work, floor=floor)
        auction = Auction(
            id=identity,
            product=product.number,
            supplier=supplier.id,
            mechanism=fact(signed, "mechanism"),
            rules=fact(signed, "rules"),
            supply=supply,
            exclusive=exclusive,
            deposit=deposit,
            bids_until=fact(signed, "bids_until"),
            open_until=fact(signed, "open_until"),
            opened_at=entry.time,
            head=entry.leaf.hex(),
        )
        work.auctions.put(auction)
        return auction


def _require_clearable(
    signed: SignedAct, rules: MechanismRules, supply: int, currency: Currency
) -> None:
    """Try the mechanism on as many bids as are taken: what it refuses then, it would later."""
    if rules.mechanism != fact(signed, "mechanism"):
        raise TermsDiffer("act.facts.mechanism: not that of the rules given")
    facts = signed.act.facts
    try:
        for field in ("reserve", "seed"):
            if field in facts and (not rules.takes(field) or field in rules.parameters):
                raise BadField(f"act.facts.{field}", f"{rules.mechanism} has no hidden {field}")
        if rules.takes("seed") and "seed" not in facts:
            raise BadField("act.facts.seed", f"{rules.mechanism} draws lots: commit to a seed")
        tried = {"reserve": Money(1, currency).to_record(), "seed": 0}
        mechanism = rules.built(**{name: tried[name] for name in tried if name in facts})
        bids = tuple(Offered(f"bidder {n}", Money(n, currency)) for n in range(1, BIDS_MAX + 1))
        mechanism.clear(Sale(bids, (ITEM,), supply, currency))
        mechanism.clear(Sale((), (ITEM,), supply, currency))
    except PricingError as error:
        raise BadField("rules", f"{rules.mechanism} cannot clear this auction: {error}") from error


@records_lapse
def place_bid(signed: SignedAct, *, floor: Floor) -> Bid:
    """Place a sealed bid for one's own running scenario, and set the deposit aside.

    Raises `InsufficientFunds` where the deposit is not there, `Refused` once the bids are closed
    or a hundred were taken, `Conflict` for a second bid.
    """
    with floor.write() as work:
        buyer = admit_act(signed, "bid.placed", Role.BUYER, work=work, floor=floor)
        auction = work.auctions.get(subject_id(signed, "auction"))
        known = work.chain.recorded(signed)
        if known and unchanged(known, signed):
            return work.bids.get(known.leaf.hex())
        auction.require(AuctionState.CANCELLED)  # not over
        if auction.phase(format_time(floor.clock())) is not Phase.BIDDING:
            raise Refused(f"{auction.id}: bids were taken until {auction.bids_until}")
        if buyer.id in {bid.bidder for bid in work.bids.of_auction(auction.id)}:
            raise Conflict(f"{auction.id}: {buyer.handle} has placed its bid")
        if auction.bids >= BIDS_MAX:
            raise Refused(f"{auction.id}: {BIDS_MAX} bids were taken")
        for name, due in (("product", auction.product), ("deposit", auction.deposit.to_record())):
            if signed.act.facts.get(name) != due:
                raise TermsDiffer(f"act.facts.{name}: not that of {auction.id}")
        _require_bidder(auction, fact(signed, "scenario"), buyer, work=work, floor=floor)
        work.chain.store.reserve(account_subject(buyer.id))
        entry = record(signed, work=work, floor=floor)
        leaf = entry.leaf.hex()
        bid = Bid(
            leaf=leaf,
            auction=auction.id,
            bidder=buyer.id,
            scenario=fact(signed, "scenario"),
            deposit=auction.deposit,
            placed_at=entry.time,
            head=leaf,
        )
        source, target = available(buyer.id), available(auction.supplier)
        what = f"deposit of a bid in {auction.id}"
        work.accounts.hold(Transfer(bid.transfer, what, source, target, auction.deposit, leaf))
        work.bids.put(bid)
        work.auctions.put(replace(auction.at(entry), bids=auction.bids + 1))
        return bid


def _require_bidder(
    auction: Auction, scenario_id: str, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> None:
    product, scenario = work.products.get(auction.product), work.scenarios.get(scenario_id)
    require_listed(product, work=work, floor=floor)
    require_permitted(scenario, product, buyer, work=work, floor=floor)
    if scenario.expires_on and outlasting(auction.open_until)[:10] > str(scenario.expires_on):
        words = "less than a day after the bids are opened"
        raise Refused(f"{scenario.id} ends on {scenario.expires_on}, {words}")
    require_use_free(
        product,
        scenario,
        exclusive=auction.exclusive,
        work=work,
        floor=floor,
    )


def open_bid(signed: SignedAct, *, floor: Floor) -> Bid:
    """Open one's bid once the bids are closed: show amount and salt.

    Raises `TermsDiffer` where they are not what the bid committed to, `Refused` before and after
    the openings.
    """
    with floor.write() as work:
        buyer = admit_act(signed, "bid.opened", Role.BUYER, work=work, floor=floor)
        auction, bid = _auction_of(signed, work), work.bids.get(fact(signed, "bid"))
        if unchanged(work.chain.recorded(signed), signed):
            return bid
        if bid.bidder != buyer.id or bid.auction != auction.id:
            raise Forbidden(f"the bid is not one of {buyer.handle} in {auction.id}")
        auction.require(AuctionState.CANCELLED)  # not over
        bid.require(BidState.OPENED)
        _require_opening(auction, floor)
        amount = _money(signed, "amount", auction.currency)
        placed = _placed(bid, work)
        value = bid_value(auction.id, buyer.id, amount.to_record())
        if not opens(placed.facts["sealed"], "bid", value, fact(signed, "salt")):
            raise TermsDiffer("act.facts.amount: amount and salt are not what was committed to")
        entry = record(signed, work=work, floor=floor)
        opened = replace(bid.moved(BidState.OPENED, entry.leaf.hex()), amount=amount)
        work.bids.put(opened)
        work.auctions.put(auction.at(entry))
        return opened


def open_hidden(signed: SignedAct, *, floor: Floor) -> Auction:
    """Open the reserve or the seed that the supplier committed to, once the bids are closed."""
    kind = signed.act.kind
    if kind not in {"auction.reserve_opened", "auction.seed_opened"}:
        raise Refused(f"act.kind: this takes auction.reserve_opened or auction.seed_opened: {kind}")
    with floor.write() as work:
        supplier = admit_act(signed, kind, Role.SUPPLIER, work=work, floor=floor)
        auction = _auction_of(signed, work)
        if unchanged(work.chain.recorded(signed), signed):
            return auction
        if auction.supplier != supplier.id:
            raise Forbidden(f"{auction.id} is not an auction of {supplier.handle}")
        auction.require(AuctionState.CANCELLED)  # not over
        _require_opening(auction, floor)
        moved = auction.at(record(signed, work=work, floor=floor))
        work.auctions.put(moved)
        return moved


def cancel_auction(signed: SignedAct, *, floor: Floor) -> Auction:
    """Call an auction off: its supplier while bids are taken, the operator until it is cleared.

    Every deposit is let go.
    """
    with floor.write() as work:
        actor = admit_act(signed, "auction.cancelled", work=work, floor=floor)
        auction = _auction_of(signed, work)
        if unchanged(work.chain.recorded(signed), signed):
            return auction
        if actor.id not in {auction.supplier, floor.house.operator}:
            raise Forbidden(f"{auction.id} is not an auction of {actor.handle}")
        auction.require(AuctionState.CANCELLED)
        late = auction.phase(format_time(floor.clock())) is not Phase.BIDDING
        if late and actor.id != floor.house.operator:
            raise Refused(f"{auction.id}: the bids are closed, the operator alone cancels")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        bids = work.bids.of_auction(auction.id)
        work.chain.store.reserve(*(account_subject(bid.bidder) for bid in bids))
        entry = record(signed, work=work, floor=floor)
        for bid in bids:
            work.accounts.void_held(bid.transfer, entry.leaf.hex())
            work.bids.put(bid.moved(BidState.RETURNED, entry.leaf.hex()))
        moved = auction.moved(AuctionState.CANCELLED, entry)
        work.auctions.put(moved)
        return moved


def _auction_of(signed: SignedAct, work: UnitOfWork) -> Auction:
    return work.auctions.get(subject_id(signed, "auction"))


def _placed(bid: Bid, work: UnitOfWork) -> Entry:
    found = work.chain.store.by_leaf(bid.leaf)
    if found is None:
        raise Refused(f"there is no bid {bid.leaf}")
    return found


def _require_opening(auction: Auction, floor: Floor) -> None:
    if auction.phase(format_time(floor.clock())) is not Phase.OPENING:
        start, end = auction.bids_until, auction.open_until
        raise Refused(f"{auction.id}: bids are opened after {start}, until {end}")


def _money(signed: SignedAct, name: str, currency: str) -> Money:
    amount = amount_of(signed, name)
    if amount.minor <= 0 or amount.currency != currency:
        raise BadField(f"act.facts.{name}", f"above zero, in {currency}")
    return amount
