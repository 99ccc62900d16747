"""Auctions: opened, bid in, opened bids, cleared."""

from __future__ import annotations

from typing import Any

from exchange.auctions import Auction
from exchange.bids import Bid
from exchange.errors import Forbidden
from exchange.services import clear_auction, hold_auction
from exchange.web.acts import signed_act
from exchange.web.api.auction_replies import AuctionBody, AuctionShape, BidShape
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Nothing, Signed
from exchange.web.gate import caller, floor
from exchange.web.showing import auction_shown
from ledger.canonical import encode

auctions = Noun("auctions", path="/auctions")


def _shown(auction: Auction) -> dict[str, Any]:
    with floor().read() as work:
        return auction_shown(auction, work, floor())


@auctions.read("")
@auctions.gives(AuctionShape(many=True))
def list_all() -> list[dict[str, Any]]:
    """List every auction: terms, how many bids there are, and the prices that were paid."""
    with floor().read() as work:
        return [auction_shown(each, work, floor()) for each in work.auctions.all()]


@auctions.read("/<auction>")
@auctions.gives(AuctionShape)
def get(auction: str) -> dict[str, Any]:
    """Return one auction."""
    with floor().read() as work:
        return auction_shown(work.auctions.get(auction), work, floor())


@auctions.read("/<auction>/bids")
@auctions.gives(BidShape(many=True))
def bids(auction: str) -> list[Bid]:
    """Return the bids of an auction, to its supplier, to who bid in it, and to the operator."""
    with floor().read() as work:
        found = work.auctions.get(auction)
        placed = work.bids.of_auction(auction)
    parties = {found.supplier, floor().house.operator, *(bid.bidder for bid in placed)}
    if caller().id not in parties:
        raise Forbidden(f"the bids of {auction} are open to its supplier and its bidders")
    return list(placed)


@auctions.write("")
@auctions.takes(AuctionBody)
@auctions.gives(AuctionShape, 201)
def open_one(body: dict[str, Any]) -> dict[str, Any]:
    """Put licences of a product up for sealed bids."""
    signed = signed_act(body, None)
    named = signed.act.facts.get("mechanism")
    rules = encode({"mechanism": named, "parameters": body["parameters"]})
    return _shown(hold_auction.open_auction(signed, rules, floor=floor()))


@auctions.write("/<auction>/bids")
@auctions.takes(Signed)
@auctions.gives(BidShape, 201)
def bid(body: dict[str, Any], auction: str) -> Bid:
    """Place a sealed bid; its deposit is set aside."""
    return hold_auction.place_bid(signed_act(body, f"auction/{auction}"), floor=floor())


@auctions.write("/<auction>/openings")
@auctions.takes(Signed)
@auctions.gives(BidShape)
def show(body: dict[str, Any], auction: str) -> Bid:
    """Open one's bid: show its amount and its salt."""
    return hold_auction.open_bid(signed_act(body, f"auction/{auction}"), floor=floor())


@auctions.write("/<auction>/hidden")
@auctions.takes(Signed)
@auctions.gives(AuctionShape)
def reveal(body: dict[str, Any], auction: str) -> dict[str, Any]:
    """Open the reserve or the seed that the supplier committed to."""
    return _shown(hold_auction.open_hidden(signed_act(body, f"auction/{auction}"), floor=floor()))


@auctions.write("/<auction>/cancellation")
@auctions.takes(Signed)
@auctions.gives(AuctionShape)
def cancel(body: dict[str, Any], auction: str) -> dict[str, Any]:
    """Call an auction off; every deposit is let go."""
    signed = signed_act(body, f"auction/{auction}")
    return _shown(hold_auction.cancel_auction(signed, floor=floor()))


@auctions.write("/<auction>/clearing")
@auctions.takes(Nothing, "query")
@auctions.gives(AuctionShape)
def clear(query: dict[str, Any], auction: str) -> dict[str, Any]:  # noqa: ARG001
    """Clear an auction whose openings are closed, whoever asks."""
    return _shown(clear_auction.clear_auction(auction, floor=floor())[0])
