"""Why a product that was listed is off the board: what its buyers and its supplier are told."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from ledger.acts import format_time
from ledger.entries import Entry
from ledger.view import newest

_LEAVING: Final = ("listing.suspended", "listing.delisted")


@dataclass(frozen=True, slots=True)
class OffBoard:
    """Why a product is off the board, in the words of the entry that took it off.

    `entry` is None where time alone took it off and nobody has written since.
    """

    words: str
    entry: Entry | None = None


def off_board(product: Product, *, work: UnitOfWork, floor: Floor) -> OffBoard | None:
    """Say why a product that was listed is not on the board; None for one that is, or never was."""
    store, subject = work.chain.store, f"product/{product.number}"
    published = newest(store, subject, "listing.published")
    if published is None:
        return None
    left = [found for kind in _LEAVING if (found := newest(store, subject, kind))]
    last = max(left, key=lambda entry: entry.version, default=published)
    if last.version > published.version:
        return OffBoard(last.facts["reason"], last)
    words = ran_out(product, floor=floor)
    return OffBoard(words) if words else None


def lapsed_at(product: Product) -> str:
    """Return from when on a listing has run out, or will have, whatever took it off the board.

    Empty for a product that was never listed.
    """
    if product.valid_until is None:
        return ""
    over = day_over(dt.date.fromisoformat(product.valid_until))
    return min(over, product.registered_until or over)


def day_over(day: dt.date) -> str:
    """Return when a day is over."""
    return format_time(dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1))


def ran_out(product: Product, *, floor: Floor) -> str:
    """Say what time has ended of what a listing rests on; empty while it runs."""
    now = format_time(floor.clock())
    if product.registered_until and product.registered_until < now:
        return f"the registration ended on {product.registered_until}"
    if (product.valid_until or "") < now[:10]:
        return f"what its verdict rests on ended on {product.valid_until}"
    return ""
