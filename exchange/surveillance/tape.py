"""What surveillance reads: executed trades, offered prices and payments, as columns.

Participants, products and kinds are places in their tables, so that a million trades are a few
arrays.  Times are seconds since any one epoch; amounts are minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Real = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

DAY: Final = 86_400


def whole(values: Any = ()) -> Whole:  # noqa: ANN401 - any sequence of integers
    """Return values as a column."""
    return np.array(values, dtype=np.int64)


@dataclass(frozen=True)
class Tape:
    """A stretch of a market's record.

    `trade_*` are executed trades in the order of their times, `trade_until` the last second of the
    use right that was bought, 0 where that is not known.  `offer_*` are prices that buyers
    were offered, whether or not they took them: `offer_list` is the list price of that moment, 0
    where there was none, and offers of equal `offer_terms` are for the same rights, so that their
    prices may be compared.  `payment_*` is money that went between participants for no trade.
    """

    participants: Sequence[str]
    products: Sequence[str]
    kinds: Sequence[str]
    product_supplier: Whole
    product_kind: Whole
    trade_id: Sequence[str]
    trade_at: Whole
    trade_buyer: Whole
    trade_product: Whole
    trade_amount: Whole
    trade_until: Whole
    offer_at: Whole = field(default_factory=whole)
    offer_buyer: Whole = field(default_factory=whole)
    offer_product: Whole = field(default_factory=whole)
    offer_price: Whole = field(default_factory=whole)
    offer_list: Whole = field(default_factory=whole)
    offer_terms: Whole = field(default_factory=whole)
    payment_at: Whole = field(default_factory=whole)
    payment_payer: Whole = field(default_factory=whole)
    payment_payee: Whole = field(default_factory=whole)
    payment_amount: Whole = field(default_factory=whole)

    def __post_init__(self) -> None:
        for group in ("trade", "offer", "payment"):
            lengths = {len(column) for name, column in vars(self).items() if _of(name, group)}
            if len(lengths) > 1:
                raise ValueError(f"{group}: columns of {sorted(lengths)} rows")

    def before(self, second: int) -> Tape:
        """Return the part of the tape that was there before a second."""
        trades = self.trade_at < second
        cut: dict[str, Any] = {
            "trade_id": [each for each, kept in zip(self.trade_id, trades, strict=True) if kept]
        }
        for group, kept in (
            ("trade", trades),
            ("offer", self.offer_at < second),
            ("payment", self.payment_at < second),
        ):
            for each in fields(self):
                if _of(each.name, group) and each.name not in cut:
                    cut[each.name] = getattr(self, each.name)[kept]
        return replace(self, **cut)

    @cached_property
    def trade_supplier(self) -> Whole:
        """The supplier of each trade."""
        return self.product_supplier[self.trade_product]

    @cached_property
    def trade_kind(self) -> Whole:
        """The kind of product of each trade."""
        return self.product_kind[self.trade_product]

    def span(self, trades: Whole) -> tuple[int, int]:
        """Return the first and the last second of some trades."""
        times = self.trade_at[trades]
        return int(times.min()), int(times.max())


def _of(name: str, group: str) -> bool:
    return name.startswith(f"{group}_")


def pairs(first: Whole, second: Whole, seconds: int) -> Whole:
    """Return one number for each pair of places, of a table of so many second ones."""
    return first * max(seconds, 1) + second


def grouped(keys: Whole) -> Iterator[tuple[int, Whole]]:
    """Yield each key in rising order with the places where it stands, in theirs."""
    order = np.argsort(keys, kind="stable")
    names, starts = np.unique(keys[order], return_index=True)
    if len(names):
        yield from zip(names.tolist(), np.split(order, starts[1:]), strict=True)
