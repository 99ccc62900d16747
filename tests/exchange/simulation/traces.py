"""Small traces written by hand: what is not said is zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from exchange.simulation.trace import TABLES, Trace, columns

Row = Mapping[str, Any]


def trace_of(days: int, **rows: Iterable[Row]) -> Trace:
    """Return a trace of so many days from rows of its tables."""
    return Trace(
        market="by-hand",
        digest="00",
        seed=1,
        depth="fast",
        days=days,
        size=0,
        root="",
        tables={name: _table(name, list(rows.get(name, ()))) for name in TABLES},
    )


def _table(name: str, rows: list[Row]) -> Any:
    unknown = {key for row in rows for key in row} - set(TABLES[name])
    assert not unknown, unknown
    return columns(
        name,
        {
            column: [row.get(column, "" if kind == "str" else 0) for row in rows]
            for column, kind in TABLES[name].items()
        },
    )


def trader(handle: str, role: str) -> Row:
    return {"participant": handle, "handle": handle, "role": role, "group": role}


def product(kind: str, supplier: int, price: int = 100, **more: Any) -> Row:
    plain = {"product": "P", "kind": kind, "supplier": supplier, "price": price, "left": -1}
    return plain | more


def sale(day: int, buyer: int, product: int, value: int, amount: int, **more: Any) -> Row:
    """A wish that became a trade; the supplier gets what the fee and contributors leave."""
    left = amount - more.get("fee", 0) - more.get("to_contributors", 0)
    return {
        "day": day,
        "buyer": buyer,
        "product": product,
        "value": value,
        "amount": amount,
        "offered": amount,
        "ending": "executed",
        "way": "posted",
        "to_supplier": left,
    } | more


def wish(day: int, buyer: int, product: int, value: int, ending: str, **more: Any) -> Row:
    row = {"day": day, "buyer": buyer, "product": product, "value": value, "ending": ending}
    return row | {"way": "posted"} | more
