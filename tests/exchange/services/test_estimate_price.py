from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from exchange.services.estimate_price import PREVIOUS, estimate_of, price_path
from exchange.services.quote_price import Priced
from exchange.trading import Trade
from ledger.entries import Entry
from pricing.engines.hedonic import Hedonic
from pricing.estimate import Estimate, MarketHistory
from pricing.money import Money
from pricing.record import PricingRecord, Replayed, replay
from pricing.wire import from_wire
from tests.exchange.floor import PRICE, Hall, sheet
from tests.exchange.services.test_auctions import Bidders, cleared, opened


def sell(hall: Hall, **changes: Any) -> Trade:
    """Play one more trade of the product from its scenario to its settlement."""
    buyer = hall.buyer
    trade = buyer.order(buyer.quote(hall.scenario(**changes)).quote.id)
    hall.supplier.accept(trade.id)
    hall.supplier.deliver(trade.id, hall.folder.parent)
    buyer.receive(trade.id, hall.folder.parent / f"{trade.id}.csv")
    return hall.house.settle(trade.id)[0]


def quoted(hall: Hall, **changes: Any) -> Priced:
    return hall.buyer.quote(hall.scenario(**changes))


def entries(hall: Hall, trade: Trade, kind: str) -> list[Entry]:
    with hall.floor.read() as work:
        return list(work.chain.store.of_kind(f"trade/{trade.id}", kind))


def record(hall: Hall, digest: str) -> PricingRecord:
    with hall.floor.read() as work:
        return PricingRecord.from_record(json.loads(work.records.get(digest)))


@pytest.fixture
def market(hall: Hall) -> Hall:
    hall.list()
    hall.deposit(amount=Money.parse("100000 CNY"))
    return hall


def test_a_settled_trade_moves_the_estimate_and_is_cited(market: Hall) -> None:
    trade = sell(market)
    (settled,) = entries(market, trade, "settlement.executed")
    (moved,) = entries(market, trade, "price.estimated")
    assert trade.head == moved.leaf.hex()
    with market.floor.read() as work:
        product = work.products.get(market.number)
        found = estimate_of(product, work)
        (step,) = price_path(product, work)
    assert product.estimate == moved.leaf.hex()
    assert found is not None
    estimate, digest = found
    assert digest == moved.facts["pricing"]
    assert (step.paid, step.settlement) == (trade.amount, settled)
    band = estimate.guidance.band
    assert [moved.facts[end] for end in ("low", "mid", "high")] == [
        end.to_record() for end in (band.low, band.mid, band.high)
    ]
    assert replay(record(market, digest)) is Replayed.BIT_FOR_BIT


def test_each_trade_goes_on_from_the_one_before_as_if_all_were_gone_through(market: Hall) -> None:
    trades = [sell(market), sell(market, term_days=90), sell(market)]
    with market.floor.read() as work:
        path = price_path(work.products.get(market.number), work)
    assert [step.paid for step in path] == [trade.amount for trade in trades]
    first, second, third = (record(market, step.record) for step in path)
    assert PREVIOUS not in first.input_digests
    assert second.input_digests[PREVIOUS] == path[0].record
    assert third.input_digests[PREVIOUS] == path[1].record
    assert [path[1].opening, path[2].opening] == [path[0].guidance, path[1].guidance]
    histories = [from_wire(MarketHistory, one.inputs) for one in (first, second, third)]
    whole = replace(histories[0], trades=tuple(one.trades[0] for one in histories))
    assert quoted(market).estimate.observed == 3  # type: ignore[union-attr]
    memory = from_wire(Hedonic, first.parameters)
    assert memory.estimate(whole).guidance == path[-1].guidance
    assert histories[1].trades[0].features[0] < 0  # a quarter of the term


def test_a_quote_stands_beside_what_the_trades_have_made_of_the_appraisal(market: Hall) -> None:
    before = quoted(market)
    assert before.estimate is None
    sell(market)
    after = quoted(market)
    assert after.estimate is not None
    assert after.estimate.observed == 1
    made = record(market, after.quote.pricing)
    assert made.inputs["estimate"]["guidance"]
    with market.floor.read() as work:
        product = work.products.get(market.number)
        assert product.estimate
        entry = work.chain.store.by_leaf(product.estimate)
    assert entry
    assert made.input_digests["estimate-record"] == entry.facts["pricing"]
    assert replay(made) is Replayed.BIT_FOR_BIT


def test_the_first_step_begins_with_the_appraisal_of_one_licence(market: Hall) -> None:
    priced = quoted(market)
    assert priced.appraisal
    sell(market)
    with market.floor.read() as work:
        (step,) = price_path(work.products.get(market.number), work)
    one = Fraction(1, sheet().price.expected_buyers or 1)
    assert abs(step.opening.band.mid.minor - priced.appraisal.mid.scaled(one).minor) <= 1


@pytest.mark.parametrize("change", ["no costs", "free"])
def test_without_an_appraisal_or_a_price_a_trade_settles_and_moves_nothing(
    hall: Hall, change: str
) -> None:
    plain = sheet()
    changed = {
        "no costs": replace(plain, costs=()),
        "free": sheet(price={"mode": "free"}),
    }[change]
    hall.list(changed)
    hall.deposit()
    trade = sell(hall)
    assert trade.state == "executed"
    assert entries(hall, trade, "price.estimated") == []
    with hall.floor.read() as work:
        product = work.products.get(hall.number)
        assert product.estimate is None
        assert price_path(product, work) == []
    assert quoted(hall).estimate is None


def performed(hall: Hall, quote: str) -> Trade:
    """Order at a quote, and play the trade to its settlement."""
    trade = hall.buyer.order(quote)
    hall.supplier.accept(trade.id)
    hall.supplier.deliver(trade.id, hall.folder.parent)
    hall.buyer.receive(trade.id, hall.folder.parent / f"{trade.id}.csv")
    return hall.house.settle(trade.id)[0]


def test_a_negotiated_price_moves_the_estimate_as_a_posted_one_does(market: Hall) -> None:
    (opened,) = market.buyer.negotiate(market.scenario())
    market.supplier.offer_price(opened.id, PRICE)
    first = performed(market, market.buyer.accept_offer(opened.id).quote.id)
    (moved,) = entries(market, first, "price.estimated")
    held = record(market, moved.facts["pricing"])
    assert replay(held) is Replayed.BIT_FOR_BIT
    assert replay(record(market, held.input_digests["appraisal-record"])) is Replayed.BIT_FOR_BIT
    posted = sell(market)
    (after,) = entries(market, posted, "price.estimated")
    with market.floor.read() as work:
        steps = price_path(work.products.get(market.number), work)
    assert [step.record for step in steps] == [moved.facts["pricing"], after.facts["pricing"]]
    # What the posted quote was appraised at is what the negotiated trade is held against.
    appraised = record(market, after.facts["pricing"]).inputs["appraisal"]
    assert held.inputs["appraisal"] == appraised


def test_an_auctioned_price_moves_the_estimate_as_a_posted_one_does(market: Hall) -> None:
    bidders = Bidders(market, opened(market))
    bidders.place("buyer", 90_000)
    bidders.place("rival", 80_000)
    market.advance(hours=1, seconds=1)
    for handle in ("buyer", "rival"):
        bidders.open(handle)
    market.advance(hours=1)
    _, bids = cleared(market, bidders.auction)
    assert bids["buyer"].quote
    trade = performed(market, bids["buyer"].quote)
    (moved,) = entries(market, trade, "price.estimated")
    assert replay(record(market, moved.facts["pricing"])) is Replayed.BIT_FOR_BIT
    with market.floor.read() as work:
        (step,) = price_path(work.products.get(market.number), work)
    assert (step.paid, step.record) == (Money(80_000), moved.facts["pricing"])  # the second price
    assert step.guidance.band.mid != step.opening.band.mid


def test_a_price_for_one_buyer_alone_moves_no_estimate(market: Hall) -> None:
    (opened,) = market.buyer.negotiate(market.scenario(), exclusive=True)
    market.supplier.offer_price(opened.id, PRICE)
    trade = performed(market, market.buyer.accept_offer(opened.id).quote.id)
    assert entries(market, trade, "price.estimated") == []


def test_settling_again_moves_the_estimate_no_further(market: Hall) -> None:
    trade = sell(market)
    again = market.house.settle(trade.id)[0]
    assert again == trade
    assert len(entries(market, trade, "price.estimated")) == 1


def test_an_estimate_that_cannot_be_made_stops_no_settlement(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    """Costs of nothing are an appraisal of nothing, which has no logarithm."""
    nothing = [{"activity": "collection", "amount": "0.00 CNY"}]
    hall.list(sheet(costs=nothing))
    hall.deposit()
    trade = sell(hall)
    assert entries(hall, trade, "price.estimated") == []
    assert "the estimate does not move: appraisal: a low end of 0.00 CNY" in caplog.text


def test_a_price_may_be_read_off_the_market_from_the_first_quote_on(hall: Hall) -> None:
    """With another strategy than the list price, the appraisal is the first estimate."""
    asked = {"mode": "one-off", "amount": "3000.00 CNY", "strategy": "posterior-quantile"}
    hall.list(sheet(price=asked))
    hall.deposit(amount=Money.parse("100000 CNY"))
    first = quoted(hall)
    made = record(hall, first.quote.pricing)
    assert (made.plugin, replay(made)) == ("posterior-quantile", Replayed.BIT_FOR_BIT)
    begun = record(hall, made.input_digests["estimate-record"])
    assert (begun.kind, replay(begun)) == ("estimators", Replayed.BIT_FOR_BIT)
    assert first.quote.amount == from_wire(Estimate, begun.output).guidance.ask
    sell(hall)
    with hall.floor.read() as work:
        (step,) = price_path(work.products.get(hall.number), work)
    assert quoted(hall).quote.amount == step.guidance.ask
