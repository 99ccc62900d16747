"""What the exchange says of two files that are alike: shares of their rows, in parts per million.

The figures are estimates from samples that stay with the exchange; the log holds what was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.view import Broken, View

WHOLE = 1_000_000
LARGELY = 500_000  # ppm of the rows of either file; a proposal, no law sets it
ROW_FOR_ROW = ("same-rows", "rows")
HOW = (*ROW_FOR_ROW, "columns", "converted")


def similarity_told(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require another product, shares of at most one million ppm, and a `how` that is known.

    The same rows stand wholly in each other, whatever their order; rows may be found as they were
    or by the columns that agree.
    """
    facts = entry.facts
    if entry.subject == f"product/{facts['other']}":
        yield Broken("similarity", "a product is not compared with itself")
    if max(facts["of_this_ppm"], facts["of_other_ppm"]) > WHOLE:
        yield Broken("similarity", f"a share is at most {WHOLE} ppm")
    if facts["how"] not in HOW:
        yield Broken("similarity", f"similarity.found.how: must be {', '.join(HOW)}")
    whole = facts["of_this_ppm"] == facts["of_other_ppm"] == WHOLE
    if facts["how"] == "same-rows" and not whole:
        yield Broken("similarity", "the same rows stand wholly in each other")
