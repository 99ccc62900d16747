"""The page of auctions and the API beside it: terms to all, names and bids to who takes part."""

from __future__ import annotations

import datetime as dt

import pytest

from exchange.auctions import Lots
from exchange.services.clear_auction import clear_auction
from exchange.web.client import Problem
from ledger.acts import format_time
from pricing.money import Money
from tests.exchange.web.town import Town

BOND = Money(10_000)
AMOUNT = Money(123_456)


def put_up(town: Town) -> str:
    now = town.venue.floor.clock()
    ends = [format_time(now + dt.timedelta(hours=hours)) for hours in (1, 2)]
    lots = Lots(town.product, "first-price", 1, BOND, ends[0], ends[1], parameters={})
    return town.desk("tide-data").open_auction(lots)[0].id


def page(town: Town, lang: str) -> str:
    answer = town.app.test_client().get(f"/auctions?lang={lang}")
    assert answer.status_code == 200
    return str(answer.text)


def test_terms_are_public_and_bids_are_not(market: Town) -> None:
    assert "There are no auctions yet." in page(market, "en")
    auction = put_up(market)
    buyer = market.desk("harbour")
    opening = buyer.seal_bid(auction, AMOUNT)
    bid = buyer.place_bid(auction, market.scenario, opening)
    assert (auction in page(market, "en"), "密封出价" in page(market, "zh")) == (True, True)
    market.advance(hours=1, seconds=1)
    buyer.open_bid(bid.leaf, opening)
    for lang in ("zh", "en"):
        assert "1,234.56" not in page(market, lang)
        assert "harbour" not in page(market, lang)
    market.advance(hours=1)
    clear_auction(auction, floor=market.venue.floor)
    shown = page(market, "en")
    assert ("1,234.56 CNY" in shown, "harbour" in shown) == (True, False)
    public = market.client().get(f"/auctions/{auction}").json
    assert (public["prices"], public["phase"]) == ([AMOUNT.to_record()], None)
    (seen,) = market.client("tide-data").get(f"/auctions/{auction}/bids").json
    assert (seen["amount"], seen["state"]) == (AMOUNT.to_record(), "won")
    with pytest.raises(Problem, match="open to its supplier and its bidders"):
        market.client("shipyard").get(f"/auctions/{auction}/bids")
