"""Moves under plans: periods renewed, use metered, contested and billed, trials."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from exchange.services.bill_usage import bill_due, bill_usage, close_usage
from exchange.services.meter_usage import metered
from exchange.services.quote_plan import Wish
from exchange.services.renew_subscription import renew, settle_periods
from exchange.trading import TradingMode
from ledger.acts import parse_time
from pricing.money import Money
from tests.exchange.services.plans import calls

if TYPE_CHECKING:
    from tests.exchange.market import Market

BUYERS: Final = ("buyer", "rival")


def _contract(market: Market, handle: str, mode: TradingMode) -> str:
    """Conclude a contract under a plan, as far as it comes."""
    product = market.plans.get("periods" if mode is TradingMode.SUBSCRIPTION else "use")
    budget = Money(market.chance.randrange(1, 20_000)) if mode is TradingMode.USAGE else None
    with market.over(str(market.some([product] if product else []))):
        scenario = market.hall.scenario(handle, term_days=365)
    desk = market.hall.desk(handle)
    quote = desk.quote_plan(scenario, Wish(mode=mode, budget=budget)).quote
    trade = desk.order(quote.id).id
    market.trades.append(trade)
    market.hall.supplier.accept(trade)
    return trade


def subscribe(market: Market) -> None:
    """Buy a first period, and let more be charged."""
    handle = market.some(BUYERS)
    trade = _contract(market, handle, TradingMode.SUBSCRIPTION)
    target = market.hall.folder.parent / f"{trade}.csv"
    try:
        market.hall.supplier.deliver(trade, market.hall.folder.parent)
        market.hall.desk(handle).receive(trade, target)
        market.hall.house.settle(trade)
        market.hall.desk(handle).authorise(trade, market.some((2, 3, 12)))
        market.subscriptions.append(trade)
    finally:
        target.unlink(missing_ok=True)


def renewal(market: Market) -> None:
    """Ask for the next period, mostly from when it may be charged to the end of its grace."""
    trade = market.some(market.subscriptions)
    with market.hall.floor.read() as work:
        until = parse_time(work.subscriptions.get(trade).until, "until")
    if market.chance.random() < 0.7:
        due = until + dt.timedelta(days=market.some((-2, -1, 0, 0, 3, 8)))
        market.clock.now = max(market.clock.now, due)
    renew(trade, floor=market.hall.floor)


def settle_period(market: Market) -> None:
    settle_periods(market.some(market.subscriptions), floor=market.hall.floor)


def refund_period(market: Market) -> None:
    market.hall.house.refund_period(market.some(market.subscriptions), "it stood still")


def end_subscription(market: Market) -> None:
    desk = market.hall.desk(market.some((*BUYERS, "supplier", "house")))
    desk.end_subscription(market.some(market.subscriptions), "enough")


def use(market: Market) -> None:
    """Contract for metered use within a budget, or on trial."""
    mode = market.some((TradingMode.USAGE, TradingMode.USAGE, TradingMode.TRIAL))
    market.used.append(_contract(market, market.some(BUYERS), mode))


def meter(market: Market) -> None:
    market.clock.advance(dt.timedelta(hours=1))
    market.serial += 1
    count, missed = market.chance.randrange(1, 40), market.some((0, 0, 3))
    events = calls(market.hall, count, missed=missed, name=str(market.serial))
    market.hall.supplier.meter(market.some(market.used), events)


def _batch(market: Market, trade: str) -> int:
    with market.hall.floor.read() as work:
        batches = metered(trade, work=work, floor=market.hall.floor).batches
    return market.chance.randint(max(1, len(batches) - 2), len(batches) + 1)


def contest(market: Market) -> None:
    trade = market.some(market.used)
    market.hall.desk(market.some(BUYERS)).contest(trade, _batch(market, trade), "not ours")


def decide(market: Market) -> None:
    trade, outcome = market.some(market.used), market.some(("stands", "struck"))
    market.hall.house.decide(trade, _batch(market, trade), outcome, "so")


def bill(market: Market) -> None:
    """Bill one contract, or run the job that bills whatever is due and closes what is over."""
    if market.chance.random() < 0.3:
        bill_due(floor=market.hall.floor)
    else:
        bill_usage(market.some(market.used), floor=market.hall.floor)


def end_use(market: Market) -> None:
    """End metered use, or close what was ended."""
    trade = market.some(market.used)
    if market.chance.random() < 0.3:
        market.hall.desk(market.some((*BUYERS, "supplier"))).end_usage(trade, "enough")
    else:
        close_usage(trade, floor=market.hall.floor)


MOVES: Final[dict[str, Callable[[Market], None]]] = {
    move.__name__: move
    for move in (
        subscribe,
        renewal,
        settle_period,
        refund_period,
        end_subscription,
        use,
        meter,
        contest,
        decide,
        bill,
        end_use,
    )
}
WEIGHTS: Final[dict[str, int]] = {
    "subscribe": 2,
    "renewal": 4,
    "settle_period": 2,
    "refund_period": 1,
    "end_subscription": 1,
    "use": 2,
    "meter": 6,
    "contest": 3,
    "decide": 3,
    "bill": 3,
    "end_use": 2,
}
