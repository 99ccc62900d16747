"""Concentration: how few hands a market lies in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

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
