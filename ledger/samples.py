"""The rows that a sheet shows: so few, and drawn from the one notice that nobody can pick.

The seed is the first notice after data was first inspected for the product.  Changing, renewing or
passing on a registration opens further notices; none of them draws other rows of the same data.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.entries import Entry
from ledger.view import Broken, View

ROWS_MAX: Final = 20


def seed_notice(view: View, subject: str, data: str) -> Entry | None:
    """Return the notice that draws the rows of this data; None before there is one."""
    inspected = [
        entry.version
        for entry in view.of_kind(subject, "inspection.recorded")
        if entry.facts["data"] == data
    ]
    if not inspected:
        return None
    after = [e for e in view.of_kind(subject, "notice.opened") if e.version > inspected[-1]]
    return after[-1] if after else None


def drawn_by_notice(entry: Entry, view: View) -> Iterator[Broken]:
    """Require at most 20 rows, drawn from the first notice after that data was first inspected."""
    seed = seed_notice(view, entry.subject, entry.facts["data"])
    if seed is None or seed.leaf.hex() != entry.facts["notice"]:
        yield Broken("sample", "sample.drawn.notice: not the first notice over that data")
    if entry.facts["rows"] > ROWS_MAX:
        yield Broken("sample", f"sample.drawn.rows: at most {ROWS_MAX}")
