"""Auctions of a simulated market: opened, bid in, opened bid by bid, cleared and performed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from exchange.auctions import Lots
from exchange.bids import Bid
from exchange.errors import ExchangeError
from exchange.openings import Opening
from exchange.services.clear_auction import clear_auction
from exchange.services.hold_auction import MechanismRules
from exchange.simulation.depth import Ending, Outcome, Wish
from exchange.simulation.full.dealing import STOPPED, Dealing, Under, placed
from exchange.simulation.full.gatekeeping import rules_of
from exchange.simulation.full.house import instant
from exchange.simulation.market import Kind, PlugIn
from ledger.acts import format_time
from pricing.errors import PricingError
from pricing.money import Money

DEPOSIT_PARTS: Final = 10  # of the asking price, one is set aside with a bid
_PLAIN: Final = PlugIn("second-price")


def hold(wishes: Sequence[Wish], dealing: Dealing) -> list[Outcome]:
    """Hold one auction, whose bids the wishes are; everything in it draws from one stream."""
    company, (first, *_) = dealing.company, wishes
    company.at(first.day, first.second)
    company.enter(f"auction {first.number}")
    start = company.size
    outcomes = _held(wishes, dealing)
    return [placed(outcomes[wish.number], start, company.size) for wish in wishes]


def _held(wishes: Sequence[Wish], dealing: Dealing) -> Mapping[int, Outcome]:
    company, first = dealing.company, wishes[0]
    offering = dealing.gate.offerings[first.product]
    supplier, market = company.desk(offering.supplier), company.market
    rules = _lots(dealing.gate.products[first.product], market.kind(offering.kind))
    lots = Lots(
        **rules,
        deposit=Money(max(1, offering.price // DEPOSIT_PARTS)),
        bids_until=format_time(instant(market, first.day, first.second + 1)),
        open_until=format_time(instant(market, first.day, first.second + 2)),
    )
    seed = None
    if MechanismRules(lots.mechanism, lots.parameters).takes("seed"):
        seed = int.from_bytes(company.floor.chance(6), "big")
    try:
        auction, hidden = supplier.open_auction(lots, seed=seed)
    except (ExchangeError, PricingError) as error:
        return _all_refused(wishes, error)
    outcomes: dict[int, Outcome] = {}
    bids: dict[int, tuple[Bid, Opening]] = {}
    for wish in wishes:

        def bid(wish: Wish, under: Under) -> Outcome:
            desk, scenario = company.desk(wish.buyer), dealing.scenario(wish)
            dealing.enter(wish, "bid")
            opening = desk.seal_bid(auction.id, Money(wish.limit))
            placed_bid = desk.place_bid(auction.id, scenario, opening)
            bids[wish.number] = placed_bid, opening
            return Outcome(wish.number, Ending.DECLINED, offered=under.offered)

        outcomes[wish.number] = dealing.played(wish, bid)
    company.at(first.day, first.second + 2)
    for nth, opening in enumerate(hidden):
        company.enter(f"auction {first.number} hidden {nth}")
        supplier.open_hidden(auction.id, opening)
    by_number = {wish.number: wish for wish in wishes}
    for number, (each, opening) in bids.items():
        dealing.enter(by_number[number], "opening")
        company.desk(by_number[number].buyer).open_bid(each.leaf, opening)
    company.at(first.day, first.second + 3)
    company.enter(f"auction {first.number} clearing")
    try:
        _, cleared = clear_auction(auction.id, floor=company.floor)
    except (ExchangeError, PricingError) as error:
        company.operator.cancel_auction(auction.id, STOPPED)
        return outcomes | _all_refused([by_number[number] for number in bids], error)
    quotes = {each.leaf: each.quote for each in cleared if each.quote}
    for number, (each, _) in bids.items():
        if each.leaf in quotes:
            outcomes[number] = _won(by_number[number], quotes[each.leaf], dealing)
    return outcomes


def _won(wish: Wish, quote: str, dealing: Dealing) -> Outcome:
    with dealing.company.floor.read() as work:
        amount = work.quotes.get(quote).amount.minor

    def perform(wish: Wish, under: Under) -> Outcome:
        under.offered = amount
        return dealing.perform(wish, quote, under)

    return dealing.played(wish, perform)


def _all_refused(wishes: Sequence[Wish], error: Exception) -> dict[int, Outcome]:
    rule = " ".join(rules_of(error))
    return {wish.number: Outcome(wish.number, Ending.REFUSED, rule=rule) for wish in wishes}


def _lots(product: str, kind: Kind) -> dict[str, Any]:
    mechanism = kind.mechanism or _PLAIN
    return {
        "product": product,
        "mechanism": mechanism.name,
        "supply": kind.licences,
        "parameters": mechanism.parameters,
    }
