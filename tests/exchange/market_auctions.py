"""Moves of auctions: sealed bids, some never opened, and deposits that are let go or lost."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from exchange.auctions import Auction, Lots
from exchange.services.clear_auction import clear_auction, close_bids
from ledger.acts import format_time, parse_time
from pricing.money import Money
from tests.exchange.floor import PRICE

if TYPE_CHECKING:
    from tests.exchange.market import Market

BUYERS: Final = ("buyer", "rival")


def put_up(market: Market) -> None:
    """Put one or two licences up for an hour."""
    now = market.clock()
    exclusive = market.chance.random() < 0.2
    lots = Lots(
        product=market.some(market.numbers),
        mechanism=market.some(("first-price", "second-price")),
        supply=1,
        deposit=Money(market.chance.randrange(1, PRICE.minor // 5)),
        bids_until=format_time(now + dt.timedelta(hours=6)),
        open_until=format_time(now + dt.timedelta(hours=12)),
        parameters={},
        exclusive=exclusive,
    )
    market.auctions.append(market.hall.supplier.open_auction(lots)[0].id)


def bid(market: Market) -> None:
    """Place a sealed bid."""
    auction, handle = _auction(market), market.some(BUYERS)
    with market.over(auction.product):
        scenario = market.hall.scenario(handle, term_days=market.some((2, 30)))
    desk = market.hall.desk(handle)
    opening = desk.seal_bid(auction.id, Money(market.chance.randrange(1, PRICE.minor)))
    placed = desk.place_bid(auction.id, scenario, opening)
    market.bids.append((placed.leaf, handle, opening))


def open_bid(market: Market) -> None:
    """Open a bid, mostly when it is time to."""
    leaf, handle, opening = market.some(market.bids)
    with market.hall.floor.read() as work:
        auction = work.auctions.get(work.bids.get(leaf).auction)
    _come_to(market, auction.bids_until)
    market.hall.desk(handle).open_bid(leaf, opening)


def clear(market: Market) -> None:
    """Clear an auction: who has won may order."""
    auction = _auction(market)
    _come_to(market, auction.open_until)
    names = {market.hall.participant(handle).id: handle for handle in BUYERS}
    for cleared in clear_auction(auction.id, floor=market.hall.floor)[1]:
        if cleared.quote:
            market.quotes.append((cleared.quote, names[cleared.bidder]))


def forfeit(market: Market) -> None:
    """Close the bids that won and that nobody ordered upon."""
    auction = _auction(market)
    with market.hall.floor.read() as work:
        won = [bid.quote for bid in work.bids.all() if bid.auction == auction.id and bid.quote]
        ends = [work.quotes.get(quote).until for quote in won]
    for until in ends[:1]:
        _come_to(market, until)
    close_bids(auction.id, floor=market.hall.floor)


def call_off(market: Market) -> None:
    """Call an auction off, by its supplier or the house."""
    desk = market.some((market.hall.supplier, market.hall.house))
    desk.cancel_auction(_auction(market).id, "it is withdrawn")


def _auction(market: Market) -> Auction:
    name = market.some(market.auctions)
    if market.chance.random() < 0.7:
        name = market.auctions[-1]
    with market.hall.floor.read() as work:
        return work.auctions.get(name)


def _come_to(market: Market, time: str) -> None:
    """Let the time mostly pass by a second, and sometimes stay as it is."""
    if market.chance.random() < 0.7:
        after = parse_time(time, "time") + dt.timedelta(seconds=market.some((0, 1, 1, 1)))
        market.clock.now = max(market.clock.now, after)


MOVES: Final[dict[str, Callable[[Market], None]]] = {
    move.__name__: move for move in (put_up, bid, open_bid, clear, forfeit, call_off)
}
WEIGHTS: Final[dict[str, int]] = {
    "put_up": 3,
    "bid": 7,
    "open_bid": 4,
    "clear": 3,
    "forfeit": 2,
    "call_off": 1,
}
