"""Everything that happened in a run, as columns.

A trace is what measures, surveillance and reports are made of, and nothing else: whoever has the
trace can make them again.  Codes are positions in the tables of participants, products and kinds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]
Table = Mapping[str, Column]

# Every table with its columns.  Texts are numpy strings (or codes where said), amounts int64 minor
# units, days int32, places int64; -1 stands for none.
TABLES: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "participants": {
            "participant": "str",  # its id on the exchange
            "handle": "str",
            "group": "str",
            "role": "str",  # supplier, buyer, broker, assessor
            "joined": "int32",
            "deposited": "int64",
            "balance": "int64",  # at the end
        },
        "products": {
            "product": "str",  # its registered number; empty where the gate refused it
            "kind": "str",
            "supplier": "int32",
            "price": "int64",
            "quality": "float64",
            "cost": "int64",
            "offered": "int32",  # the day on which it came to the gate
            "listed": "int32",
            "left": "int32",  # the day on whose morning its supplier left the market with it
            "refused_by": "str",  # rules, joined by spaces
        },
        # One row a wish, in the order of their numbers.
        "wishes": {
            "day": "int32",
            "second": "int32",
            "buyer": "int32",
            "product": "int32",
            "way": "str",
            "value": "int64",  # what the product is worth to the buyer: its private value
            "list_price": "int64",
            "offered": "int64",  # the price that the buyer was offered; 0 where it got none
            "ending": "str",
            "trade": "str",
            "amount": "int64",
            "fee": "int64",
            "to_supplier": "int64",
            "to_contributors": "int64",
            "until": "int64",  # when the right ends, in seconds from the first day's midnight
            "rule": "str",
            "first_entry": "int64",
            "last_entry": "int64",
        },
        # Who came, who looked, day by day and kind by kind.
        "looks": {
            "day": "int32",
            "kind": "str",
            "arrivals": "int64",
            "looks": "int64",
            "wishes": "int64",
        },
        # The truth that surveillance is held against: agents and products of one misconduct.
        "planted": {
            "case": "int32",
            "conduct": "str",
            "participant": "int32",  # a supplier, or a buyer it controls, binds or overcharges
            "product": "int32",
            "first_day": "int32",
            "last_day": "int32",
        },
        # What contributors to a product got over the run, beside the share that its sheet declares.
        "shares": {
            "product": "int32",
            "contributor": "str",
            "declared": "int64",  # ppm of what all contributors to the product get together
            "got": "int64",
        },
    }
)


@dataclass(frozen=True, slots=True)
class Trace:
    """One run: what it was made of, its tables, and how it closed."""

    market: str  # the market's name
    digest: str  # SHA-256 of the market in its canonical form
    seed: int
    depth: str  # full or fast
    days: int
    size: int  # entries of the log
    root: str
    tables: Mapping[str, Table]
    audit: str = ""  # what the audit of its exchange said, in a line; empty where none ran

    def __getitem__(self, name: str) -> Table:
        """Return a table by its name, without rows where the run left none."""
        found = self.tables.get(name)
        return columns(name, empty(name)) if found is None else found


def empty(table: str) -> dict[str, list[Any]]:
    """Return a table's columns as empty lists, to be filled and handed to `columns`."""
    return {name: [] for name in TABLES[table]}


def columns(table: str, rows: Mapping[str, list[Any]]) -> Table:
    """Return lists as the columns of a table, each of its declared type."""
    types: dict[str, Any] = {"str": np.str_}
    return {
        name: np.array(rows[name], dtype=types.get(declared, declared))
        for name, declared in TABLES[table].items()
    }
