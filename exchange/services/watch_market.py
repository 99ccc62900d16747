"""Watching the market: its trades and quotes as columns, and what surveillance finds in them.

Alerts are findings, never decisions: nothing is recorded, suspended or refused here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from exchange.deals import DealState
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_stored
from exchange.services.execute_trade import terms_of
from exchange.specsheet import SpecSheet
from exchange.surveillance import Alert, Tape, watch
from exchange.surveillance.tape import whole
from exchange.trading import BY_USE, Quote, Terms, Trade, TradingMode
from ledger.acts import format_time, parse_time
from pricing.money import Currency

ROWS_MAX: Final = 200_000  # trades, and quotes, of one look: the newest
CURRENCY: Final = Currency.CNY  # amounts of several do not add up
_UNKNOWN: Final = "?"  # the kind of a product without a sheet


@dataclass(frozen=True, slots=True)
class Watched:
    """What was looked at, and what was found.

    `cut` says that there was more than `ROWS_MAX`, of which the newest was looked at.
    """

    since: str
    until: str
    trades: int
    offers: int
    cut: bool
    alerts: tuple[Alert, ...]


def watch_market(since: dt.date | None = None, *, floor: Floor) -> Watched:
    """Return what surveillance finds in trades ordered and prices quoted from a day (UTC) on.

    Without a day, everything is looked at.  Participants are named by their handles, kinds by the
    sectors of sheets.  Deals off the exchange that both parties signed are payments.
    """
    start = f"{since.isoformat() if since else '0001-01-01'}T00:00:00Z"
    now = format_time(floor.clock())
    with floor.read() as work:
        trades = work.trades.executed(start, ROWS_MAX)
        window = dt.timedelta(seconds=floor.house.quote_seconds)
        opened = since and format_time(parse_time(start, "since") + window)
        quotes = work.quotes.open_until(opened or start, ROWS_MAX)
        tape = _Reading(work, floor).tape(trades, quotes, start)
    return Watched(
        since=start if since else "",
        until=now,
        trades=len(tape.trade_id),
        offers=len(tape.offer_at),
        cut=ROWS_MAX in {len(trades), len(quotes)},
        alerts=watch(tape),
    )


class _Reading:
    """Rows of the store as places in tables that grow as they are met."""

    def __init__(self, work: UnitOfWork, floor: Floor) -> None:
        self.work, self.floor = work, floor
        self.people: dict[str, int] = {}
        self.goods: dict[str, int] = {}
        self.kinds: dict[str, int] = {}
        self.supplied: list[tuple[int, int]] = []  # supplier and kind of each product
        self.rights: dict[Hashable, int] = {}

    def tape(self, trades: list[Trade], quotes: list[Quote], start: str) -> Tape:
        sold = [
            (
                _second(trade.ordered_at),
                self._person(trade.buyer),
                self._good(trade.product),
                trade.released,
                _second(trade.grant_until) if trade.grant_until else 0,
                trade.id,
            )
            for trade in trades
            if trade.amount.currency is CURRENCY
        ]
        asked = [row for quote in quotes if (row := self._offer(quote))]
        paid = [
            (
                _second(deal.filed_at),
                self._person(deal.payer),
                self._person(deal.payee),
                deal.amount.minor,
            )
            for deal in self.work.deals.all()
            if deal.state is DealState.CONFIRMED
            and deal.amount.currency is CURRENCY
            and deal.filed_at >= start
        ]
        sold.sort()
        asked.sort()
        return Tape(
            participants=[self.work.participants.get(each).handle for each in self.people],
            products=list(self.goods),
            kinds=list(self.kinds),
            product_supplier=whole([supplier for supplier, _ in self.supplied]),
            product_kind=whole([kind for _, kind in self.supplied]),
            trade_id=[row[5] for row in sold],
            trade_at=whole([row[0] for row in sold]),
            trade_buyer=whole([row[1] for row in sold]),
            trade_product=whole([row[2] for row in sold]),
            trade_amount=whole([row[3] for row in sold]),
            trade_until=whole([row[4] for row in sold]),
            offer_at=whole([row[0] for row in asked]),
            offer_buyer=whole([row[1] for row in asked]),
            offer_product=whole([row[2] for row in asked]),
            offer_price=whole([row[3] for row in asked]),
            offer_list=whole([row[4] for row in asked]),
            offer_terms=whole([row[5] for row in asked]),
            payment_at=whole([row[0] for row in paid]),
            payment_payer=whole([row[1] for row in paid]),
            payment_payee=whole([row[2] for row in paid]),
            payment_amount=whole([row[3] for row in paid]),
        )

    def _person(self, participant: str) -> int:
        return self.people.setdefault(participant, len(self.people))

    def _good(self, number: str) -> int:
        if number not in self.goods:
            product = self.work.products.get(number)
            sheet = product.sheet and self._sheet(product.sheet)
            kind = sheet.basic.sector if sheet else _UNKNOWN
            place = self.kinds.setdefault(kind, len(self.kinds))
            self.supplied.append((self._person(product.supplier), place))
            self.goods[number] = len(self.goods)
        return self.goods[number]

    def _sheet(self, digest: str) -> SpecSheet:
        return read_stored(SpecSheet, self.work.records.get(digest))

    def _offer(self, quote: Quote) -> tuple[int, ...] | None:
        """Return when whom what was offered at which price, list price and rights.

        A price that bids made is nobody's offer, and one by use no price of the whole.
        """
        terms = terms_of(quote.terms, self.work)
        left_out = {TradingMode.AUCTION, *BY_USE}
        if quote.amount.currency is not CURRENCY or terms.mode in left_out:
            return None
        listed = self._sheet(terms.sheet).price.amount
        rights = self.rights.setdefault(_rights(terms), len(self.rights))
        return (
            _second(quote.until) - self.floor.house.quote_seconds,
            self._person(quote.buyer),
            self._good(quote.product),
            quote.amount.minor,
            listed.minor if listed and listed.currency is CURRENCY else 0,
            rights,
        )


def _rights(terms: Terms) -> Hashable:
    """Return what two offers must share for their prices to be compared."""
    return (
        terms.purpose,
        terms.region,
        terms.term_days,
        terms.onward_transfer,
        terms.public_release,
        terms.delivery,
        terms.mode,
        terms.limits,
        terms.plan,
        terms.period,
        terms.pack,
        terms.exclusive,
    )


def _second(moment: str) -> int:
    return int(parse_time(moment, "time").timestamp())
