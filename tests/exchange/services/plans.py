"""A product that is sold under a plan, and its trades, for the tests of billing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Final

from exchange.clearing import escrow
from exchange.services.quote_plan import Wish
from exchange.specsheet import SpecSheet
from exchange.subscriptions import Subscription, held_for
from exchange.trading import Trade, TradingMode
from pricing.billing import Outcome, UsageEvent
from pricing.money import Money
from tests.exchange.floor import Hall, sheet

FEE: Final = Money(30_000)
CALL: Final = Money(50)
MONTH: Final = {"count": 1, "unit": "month"}
FLAT: Final = {"tiers": [{"above": 0, "rate": {"amount": "0.50 CNY"}}]}
MONTHLY: Final[dict[str, Any]] = {
    "tariff": "subscription",
    "parameters": {"fee": "300.00 CNY", "period": MONTH},
}
BY_CALL: Final[dict[str, Any]] = {
    "tariff": "per-call",
    "parameters": {"ladder": FLAT, "billed": "hits"},
}
PACKS: Final[dict[str, Any]] = {
    "tariff": "package",
    "parameters": {"packs": [{"units": 100, "price": "40.00 CNY"}], "validity": MONTH},
}
TRIAL: Final = {"units": 10, "of": "calls"}


def planned(plan: dict[str, Any] | None = None, **others: Any) -> SpecSheet:
    """Return the sheet of a product that is sold by a plan alone."""
    return sheet(price={"mode": "plan", "plan": plan or BY_CALL} | others)


def listed_under(hall: Hall, plan: dict[str, Any] | None = None, **others: Any) -> Hall:
    """Put a product on the board that is sold by a plan alone, and give the buyer money."""
    hall.list(planned(plan, **others))
    hall.deposit()
    return hall


def contracted(hall: Hall, wish: Wish | None = None, handle: str = "buyer") -> Trade:
    """Conclude a contract under the plan."""
    scenario = hall.scenario(handle)
    quote = hall.desk(handle).quote_plan(scenario, wish or Wish()).quote
    return hall.supplier.accept(hall.desk(handle).order(quote.id).id)


def by_use(hall: Hall, budget: int = 10_000) -> Trade:
    """Conclude a contract with a budget for use."""
    return contracted(hall, Wish(budget=Money(budget)))


def on_trial(hall: Hall, handle: str = "buyer") -> Trade:
    """Conclude a trial."""
    return contracted(hall, Wish(mode=TradingMode.TRIAL), handle)


def served(hall: Hall, trade: Trade) -> Trade:
    """Deliver, receive and settle the first period."""
    hall.supplier.deliver(trade.id, hall.folder.parent)
    hall.buyer.receive(trade.id, Path(hall.folder.parent / f"{trade.id}.csv"))
    return hall.house.settle(trade.id)[0]


def subscribed(hall: Hall, periods: int = 12) -> Subscription:
    """Bring a subscription to where its first period is settled and further ones are allowed."""
    trade = contracted(hall)
    served(hall, trade)
    return hall.buyer.authorise(trade.id, periods)


def held(hall: Hall, trade: str, *, renewals: bool = False) -> int:
    with hall.floor.read() as work:
        name = held_for(trade) if renewals else trade
        return work.accounts.balance(escrow(name)).minor


def calls(hall: Hall, count: int, *, missed: int = 0, name: str = "q") -> list[UsageEvent]:
    """Return so many calls of one unit each within the last second."""
    at = int(hall.floor.clock().timestamp() * 1_000) - 1_000
    found = [UsageEvent(f"{name}-{n}", at + n % 900) for n in range(count)]
    return found + [
        UsageEvent(f"{name}-missed-{n}", at + n % 900, outcome=Outcome.NOT_FOUND)
        for n in range(missed)
    ]


def at(hall: Hall, time: str) -> None:
    """Move the clock to a time of the ledger."""
    wanted = dt.datetime.fromisoformat(time)
    hall.advance(seconds=(wanted - hall.floor.clock()).total_seconds())
