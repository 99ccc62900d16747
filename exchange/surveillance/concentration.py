"""Concentration: how few hands a market lies in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from exchange.surveillance.alerts import Alert, Pattern, evidence
from exchange.surveillance.tape import Tape

WHOLE: Final = 10_000  # the index of a market in one hand


def herfindahl(amounts: Iterable[int]) -> float | None:
    """Return the Herfindahl–Hirschman index of amounts, none of them below zero.

    Σ (100 · share)², from near 0 to 10,000; None where nothing was sold.  Counted in whole numbers
    and divided once, so that amounts ten times as large give the same bits.
    """
    kept = list(amounts)
    whole = sum(kept)
    if not whole:
        return None
    return WHOLE * sum(amount * amount for amount in kept) / (whole * whole)


@dataclass(frozen=True, slots=True)
class ConcentrationLimits:
    """From where on a market counts as concentrated.

    `high` and `share` are those of guideline 1 of the US Merger Guidelines of 2023: an index above
    1,800, and a share above 30 per cent.  `trades` is the fewest that make a market: the first
    sale of a kind is no monopoly.
    """

    high: float = 1_800.0
    share: float = 0.3
    trades: int = 30


def concentrated(tape: Tape, limits: ConcentrationLimits | None = None) -> Iterator[Alert]:
    """Yield an alert for each kind that is concentrated, with the suppliers it lies with."""
    limits = limits or ConcentrationLimits()
    for kind in np.unique(tape.trade_kind).tolist():
        of = np.flatnonzero(tape.trade_kind == kind)
        if len(of) < limits.trades:
            continue
        sales = np.zeros(len(tape.participants), dtype=np.int64)
        np.add.at(sales, tape.trade_supplier[of], tape.trade_amount[of])
        index, whole = herfindahl(sales.tolist()), int(sales.sum())
        if index is None or index <= limits.high:
            continue
        falling = sorted(np.flatnonzero(sales).tolist(), key=lambda each: -int(sales[each]))
        leading = [each for each in falling if int(sales[each]) >= limits.share * whole]
        leading = leading or falling[:1]
        trades = of[np.isin(tape.trade_supplier[of], leading)]
        named, count = evidence([tape.trade_id[each] for each in trades.tolist()])
        first, last = tape.span(of)
        yield Alert(
            pattern=Pattern.CONCENTRATION,
            way="kind",
            suppliers=tuple(tape.participants[each] for each in leading),
            buyers=(),
            kinds=(tape.kinds[kind],),
            first=first,
            last=last,
            score=index / WHOLE,
            trades=named,
            count=count,
            facts={
                "index": index,
                "share": int(sales[leading[0]]) / whole,
                "suppliers": len(falling),
            },
        )
