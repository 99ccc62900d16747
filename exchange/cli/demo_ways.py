"""The other ways to a price in the demonstration: bargained over, bid for, paid by the month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.auctions import Lots
from exchange.cli.cast import BUYER, OPERATOR, RIVAL, SUPPLIER
from exchange.clock import SimulatedClock
from exchange.desk import Desk
from exchange.ports import Floor
from exchange.registration import Product
from exchange.services.clear_auction import clear_auction
from exchange.services.file_scenario import Filing
from exchange.services.quote_plan import Wish
from exchange.services.renew_subscription import periods_of, renew, settle_periods
from exchange.trading import Trade, TradingMode
from ledger.acts import format_time, parse_time
from pricing.money import Money

OFFERS: Final = ((SUPPLIER, 250_000), (BUYER, 120_000), (SUPPLIER, 190_000), (BUYER, 165_000))
BIDS: Final = ((BUYER, 52_000), (RIVAL, 41_000))
BOND: Final = Money(5_000)
PERIODS: Final = 2  # that the buyer lets the exchange charge, the first included
_HOUR: Final = dt.timedelta(hours=1)
_SECOND: Final = dt.timedelta(seconds=1)


@dataclass
class ThreeWays:
    """Three more trades of a demonstration, each told in a table; each returns what was paid."""

    desks: Mapping[str, Desk]
    folder: Path
    say: Callable[[str], None]
    table: Callable[[str, Sequence[str], Sequence[Sequence[object]]], None]

    def bargain(self, product: Product, scenario: str) -> Money:
        """Agree on a price in offers by turns."""
        (talk,) = self.desks[BUYER].negotiate(scenario)
        for who, minor in OFFERS:
            self.desks[who].offer_price(talk.id, Money(minor))
        agreed = self.desks[SUPPLIER].accept_offer(talk.id).quote
        rows: list[Sequence[object]] = [(who, "offers", Money(minor)) for who, minor in OFFERS]
        rows.append((SUPPLIER, "accepts", agreed.amount))
        self.table(f"Negotiated: {product.name}", ["=who", "=act", ">amount"], rows)
        return self._performed(agreed.id)

    def auction(self, product: Product, scenario: str, filing: Filing) -> Money:
        """Sell one licence by sealed bids: the higher one wins and pays what the other bid."""
        now = self._now
        lots = Lots(
            product=product.number,
            mechanism="second-price",
            supply=1,
            deposit=BOND,
            bids_until=format_time(now + _HOUR),
            open_until=format_time(now + 2 * _HOUR),
            parameters={},
        )
        auction = self.desks[SUPPLIER].open_auction(lots)[0].id
        scenarios = {BUYER: scenario, RIVAL: self.desks[RIVAL].file_scenario(filing)[0].id}
        placed = []
        for who, minor in BIDS:
            opening = self.desks[who].seal_bid(auction, Money(minor))
            bid = self.desks[who].place_bid(auction, scenarios[who], opening)
            placed.append((who, bid.leaf, opening))
        self._until(now + _HOUR + _SECOND)
        for who, leaf, opening in placed:
            self.desks[who].open_bid(leaf, opening)
        self._until(now + 2 * _HOUR + _SECOND)
        clear_auction(auction, floor=self._floor)
        with self._floor.read() as work:
            bids = {who: work.bids.get(leaf) for who, leaf, _ in placed}
            won = work.quotes.get(bids[BUYER].quote or "")
        self.table(
            f"Auctioned, second price: {product.name}",
            ["=bidder", ">sealed bid", "=outcome", ">pays"],
            [
                (who, Money(minor), str(bids[who].state), won.amount if who == BUYER else "")
                for who, minor in BIDS
            ],
        )
        return self._performed(won.id)

    def subscribe(self, product: Product, scenario: str) -> Money:
        """Buy by the month: the first period as any trade, the next charged when it is due."""
        buyer = self.desks[BUYER]
        quote = buyer.quote_plan(scenario, Wish(mode=TradingMode.SUBSCRIPTION)).quote
        self._performed(quote.id)
        with self._floor.read() as work:
            (trade,) = (each for each in work.trades.all() if each.quote == quote.id)
        running = buyer.authorise(trade.id, PERIODS)
        self._until(parse_time(running.due_at, "due_at"))
        running = renew(trade.id, floor=self._floor)
        self._until(parse_time(running.until, "until") + _SECOND)
        settle_periods(trade.id, floor=self._floor)
        with self._floor.read() as work:
            periods = periods_of(trade.id, work)
        self.table(
            f"By subscription: {product.name}",
            [">period", "=until", ">fee", "=fee is"],
            [(each.period, each.until, each.amount, each.paid_out) for each in periods],
        )
        self.say(f"The clock has moved on to {self._now:%Y-%m-%d}.")
        return Money(sum(each.amount.minor for each in periods))

    def _performed(self, quote: str) -> Money:
        """Order at a quote, and go on to the settlement as with any price."""
        buyer, supplier = self.desks[BUYER], self.desks[SUPPLIER]
        trade: Trade = supplier.accept(buyer.order(quote).id)
        supplier.deliver(trade.id, self.folder)
        buyer.receive(trade.id, self.folder / "bought" / trade.id)
        return self.desks[OPERATOR[0]].settle(trade.id)[0].amount

    @property
    def _floor(self) -> Floor:
        return self.desks[BUYER].floor

    @property
    def _now(self) -> dt.datetime:
        return self._floor.clock()

    def _until(self, time: dt.datetime) -> None:
        clock = self._floor.clock
        if isinstance(clock, SimulatedClock):
            clock.advance(time - clock())
