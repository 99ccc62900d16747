"""What the exchange keeps: the schedule of fees in force, and the bound it sets on a settlement.

A schedule is a public record; the chain has its digest, the most that it lets the exchange keep of
a price, the tax on that, and from when it applies to prices that are quoted.  Terms are frozen at
the quote, so a settlement is held against the schedule of its quote and no later one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.view import SLACK, Broken, View, newest

WHOLE: Final = 1_000_000  # parts
# A platform announces changes of its rules seven days before they hold (PRC E-Commerce Law, 34).
NOTICE: Final = dt.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept:
    """The most the exchange may keep of an amount, and the tax on that, in parts per million."""

    most_ppm: int
    tax_ppm: int

    def of(self, minor: int) -> int:
        """Return the most that may go to the exchange and to the tax office together.

        Each is rounded half to even, the tax from the fee that was rounded.
        """
        fee = part(minor, self.most_ppm)
        return fee + part(fee, self.tax_ppm)


def part(minor: int, ppm: int) -> int:
    """Return parts per million of an amount, rounded half to even."""
    return round(Fraction(minor * ppm, WHOLE))


def kept_at(view: View, log: str, time: str) -> Kept:
    """Return what the exchange may keep of a price that is quoted at a time."""
    published = published_at(view, log, time)
    if published:
        return Kept(published.facts["most_ppm"], published.facts["tax_ppm"])
    opened = newest(view, f"exchange/{log}", "exchange.opened")
    return Kept(opened.facts["fee_ppm"] if opened else 0, 0)


def published_at(view: View, log: str, time: str) -> Entry | None:
    """Return the `fees.published` that applies to a price quoted at a time, if any does."""
    found = view.of_kind(f"exchange/{log}", "fees.published")
    return next((entry for entry in found if entry.facts["since"] <= time), None)


def fees_after_their_notice(entry: Entry, view: View) -> Iterator[Broken]:
    """Require `since` seven days after the entry at least, and after that of every earlier one."""
    since = entry.facts["since"]
    if parse_time(since, "since") - parse_time(entry.time, "time") < NOTICE:
        yield Broken("fees", f"{since} is less than {NOTICE.days} days after {entry.time}")
    before = newest(view, entry.subject, "fees.published")
    if before and before.facts["since"] >= since:
        yield Broken("fees", f"fees from {before.facts['since']} on were published before")


def fees_fit(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require `most_ppm` of a price, and `tax_ppm` of that on top, to be no more than the price."""
    most, tax = entry.facts["most_ppm"], entry.facts["tax_ppm"]
    if tax > WHOLE or most * (WHOLE + tax) > WHOLE * WHOLE:
        yield Broken("fees", f"{most} and {tax} parts per million on top are more than a price")


def house_takes_its_fee(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that what goes to no admitted `participant/…` is within the fees of its quote."""
    most = most_kept(entry, entry.facts["amount"]["minor"], view)
    kept = sum(
        line["amount"]["minor"]
        for line in entry.facts["lines"]
        if not newest(view, line["account"], "participant.admitted")
    )
    if kept > most:
        yield Broken("money", f"{kept} go to nobody admitted, the exchange's fee is {most}")


def most_kept(entry: Entry, amount: int, view: View) -> int:
    """Return the most that the exchange keeps of an amount of the entry's trade."""
    quoted = quoted_at(entry, view)
    # Terms are written down a little before the entry that says so.
    before = format_time(parse_time(quoted, "time") - SLACK)
    return max(kept_at(view, entry.log, time).of(amount) for time in (quoted, before))


def quoted_at(entry: Entry, view: View) -> str:
    """Return when the price of a trade was quoted; the entry's own time where that is not told."""
    order = newest(view, entry.subject, "trade.ordered")
    if order is None and "trade" in entry.facts:  # about a trade, in a subject of its own
        order = newest(view, f"trade/{entry.facts['trade']}", "trade.ordered")
    quote = newest(view, f"quote/{order.facts['quote']}", "price.quoted") if order else None
    return quote.time if quote else entry.time
