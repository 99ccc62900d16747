"""Traces that nobody played, with something of everything that a run may leave behind."""

from __future__ import annotations

import random
from typing import Any

from exchange.simulation.trace import TABLES, Table, Trace, columns, empty

KINDS = ("tides", "radar", "=cmd")  # the last as somebody might try it on a spreadsheet
SUPPLIERS, BUYERS, PRODUCTS, DAYS = 6, 20, 18, 14
RULES = ("A-02", "Q-10", "quote.expired")


def empty_trace(**facts: Any) -> Trace:
    """A run in which nobody came."""
    tables = {name: columns(name, empty(name)) for name in TABLES}
    return Trace(**(_header() | facts), tables=tables)


def made_up(seed: int = 7, wishes: int = 400, **facts: Any) -> Trace:
    """A market of three kinds over two weeks: trades, refusals, faults and a wash ring."""
    chance = random.Random(seed)  # noqa: S311 - made up, and the same every time
    tables = {
        "participants": _participants(chance),
        "products": _products(chance),
        "looks": _looks(chance),
        "planted": _planted(),
    }
    tables["wishes"] = _wishes(chance, wishes, tables["products"])
    return Trace(**(_header() | {"seed": seed} | facts), tables=tables)


def _header() -> dict[str, Any]:
    return {
        "market": "made-up",
        "digest": "ab" * 32,
        "seed": 7,
        "depth": "full",
        "days": DAYS,
        "size": 4_321,
        "root": "cd" * 32,
        "audit": "",
    }


def _add(rows: dict[str, list[Any]], **cells: Any) -> None:
    for name, value in cells.items():
        rows[name].append(value)


def _participants(chance: random.Random) -> Table:
    rows = empty("participants")
    for position in range(SUPPLIERS + BUYERS):
        sells = position < SUPPLIERS
        _add(
            rows,
            participant=f"P-{position:04}",
            handle=f"supplier-{position}" if sells else f"buyer-{position}",
            group="stations" if sells else "firms",
            role="supplier" if sells else "buyer",
            joined=0,
            deposited=0 if sells else 50_000_000,
            balance=chance.randrange(10_000_000),
        )
    return columns("participants", rows)


def _products(chance: random.Random) -> Table:
    rows = empty("products")
    for position in range(PRODUCTS):
        refused = position % 7 == 6
        offered = position % 3
        _add(
            rows,
            product="" if refused else f"GP-{position:04}",
            kind=KINDS[position % len(KINDS)],
            supplier=position % SUPPLIERS,
            price=chance.randrange(50_000, 900_000),
            quality=chance.random(),
            cost=chance.randrange(10_000, 40_000),
            offered=offered,
            listed=-1 if refused else offered + 1,
            left=9 if position % SUPPLIERS == 5 else -1,
            refused_by="A-02 Q-10" if refused else "",
        )
    return columns("products", rows)


def _wishes(chance: random.Random, count: int, products: Table) -> Table:
    rows = empty("wishes")
    listed = [each for each in range(PRODUCTS) if products["product"][each]]
    days = sorted(chance.randrange(4, DAYS) for _ in range(count))
    entry = 400
    for number, day in enumerate(days):
        product = listed[int(len(listed) * chance.random() ** 2)]
        list_price = int(products["price"][product]) * (100 + 2 * day - 3 * (product % 3)) // 100
        ending = chance.choices(
            ("executed", "declined", "refused", "short", "lapsed", "cancelled"),
            (70, 12, 8, 3, 4, 3),
        )[0]
        paid = list_price if ending == "executed" else 0
        fee = paid * 25_000 // 1_000_000
        entries = 6 if paid else 2
        _add(
            rows,
            day=day,
            second=chance.randrange(86_400),
            buyer=SUPPLIERS + chance.randrange(BUYERS),
            product=product,
            way=("posted", "negotiated")[product % 2],
            value=list_price + chance.randrange(1, 300_000),
            list_price=list_price,
            offered=0 if ending == "refused" else list_price,
            ending=ending,
            trade=f"T-{number:06}" if paid else "",
            amount=paid,
            fee=fee,
            to_supplier=paid - fee,
            to_contributors=0,
            until=(day + 365) * 86_400 if paid else -1,
            rule=chance.choice(RULES) if ending == "refused" else "",
            first_entry=entry,
            last_entry=entry + entries - 1,
        )
        entry += entries
    return columns("wishes", rows)


def _looks(chance: random.Random) -> Table:
    rows = empty("looks")
    for day in range(DAYS):
        for kind in KINDS:
            arrivals = chance.randrange(10, 30)
            _add(rows, day=day, kind=kind, arrivals=arrivals, looks=3 * arrivals, wishes=arrivals)
    return columns("looks", rows)


def _planted() -> Table:
    rows = empty("planted")
    for participant in (0, SUPPLIERS, SUPPLIERS + 1):
        _add(
            rows,
            case=0,
            conduct="wash",
            participant=participant,
            product=0,
            first_day=2,
            last_day=9,
        )
    return columns("planted", rows)
