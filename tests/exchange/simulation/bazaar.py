"""A small market for tests: one kind of product for every way of trading."""

from __future__ import annotations

from typing import Any, Final

from exchange.simulation.market import (
    Buyers,
    Faults,
    HouseRules,
    Kind,
    Market,
    PlugIn,
    Suppliers,
    Way,
)
from exchange.simulation.streams import Distribution

PRICE: Final = 100_000
RESERVE: Final = {"minor": PRICE // 2, "currency": "CNY"}
PARTNER: Final = Suppliers("partner", 1, {})  # shares in what the other's posted product brings


def fixed(value: float) -> Distribution:
    return Distribution("fixed", value)


def kind(name: str, way: Way = Way.POSTED, **changes: Any) -> Kind:
    plain: dict[str, Any] = {
        "title": {"zh": name, "en": name},
        "price": fixed(PRICE),
        "quality": fixed(0.9),
        "way": way,
    }
    return Kind(name, **plain | changes)


def market(**changes: Any) -> Market:
    plain: dict[str, Any] = {
        "title": {"zh": "集市", "en": "bazaar"},
        "about": {"zh": "一个小集市。", "en": "A small bazaar."},
        "kinds": (
            kind("posted", contributors=2, cost=fixed(5 * PRICE)),
            kind("negotiated", Way.NEGOTIATED),
            kind("auction", Way.AUCTION, mechanism=PlugIn("second-price", {"reserve": RESERVE})),
            kind("deal", Way.DEAL),
        ),
        "suppliers": (Suppliers("supplier", 2, {"posted": 1}),),
        "buyers": (Buyers("buyer", 3, {"posted": 1.0}, fixed(10 * PRICE), fixed(PRICE)),),
        "house": HouseRules(netting_days=1),
        "days": 2,
        "seed": 7,
    }
    return Market("bazaar", **plain | changes)


def perilous_market() -> Market:
    """Return the market that seeds of crashes are played on: every way of trading, and faults."""
    every_way = {"posted": 1, "negotiated": 1, "auction": 1, "deal": 1}
    return market(
        faults=Faults(delivery_fails=0.1, payment_late=0.1, clock_jump=0.2),
        suppliers=(Suppliers("supplier", 1, every_way), PARTNER),
    )
