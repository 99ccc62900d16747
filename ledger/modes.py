"""Trading modes: the ways a price comes about, each of which ends in one quote to one buyer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.entries import Entry
from ledger.view import Broken, View

POSTED: Final = "posted"  # what a quote is that names no mode
MODES: Final = frozenset({POSTED, "negotiated", "auction", "subscription", "usage", "trial"})
# Modes in which the price was reached by acts of others: the quote names the entries.
REACHED: Final = frozenset({"negotiated", "auction"})
BY_USE: Final = frozenset({"usage", "trial"})  # settled by bills alone


def mode_of(quote: Entry) -> str:
    """Return the mode of a quote."""
    return str(quote.facts.get("mode", POSTED))


def mode_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a known `mode`, and entries as `basis` that stand where the price was reached."""
    mode, basis = mode_of(entry), entry.facts.get("basis", [])
    if mode not in MODES:
        yield Broken("mode", f"{mode!r} is not a mode of trading")
    if (mode in REACHED) != bool(basis):
        yield Broken("mode", f"a price is {mode} with {len(basis)} entries as its basis")
    for leaf in basis:
        if view.by_leaf(leaf) is None:
            yield Broken("mode", f"no earlier entry has the leaf hash {leaf[:16]}…")
