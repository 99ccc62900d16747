"""Listing states: what is on the board, what has left it, and what may come next."""

from __future__ import annotations

import enum


class ListingState(enum.StrEnum):
    """Where a product stands towards the board."""

    REGISTERED = "registered"
    LISTED = "listed"
    SUSPENDED = "suspended"
    DELISTED = "delisted"


# Everything a listing may do is in this table; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[ListingState, frozenset[ListingState]] = {
    ListingState.REGISTERED: frozenset({ListingState.LISTED}),
    ListingState.LISTED: frozenset({ListingState.SUSPENDED, ListingState.DELISTED}),
    ListingState.SUSPENDED: frozenset({ListingState.LISTED, ListingState.DELISTED}),
    ListingState.DELISTED: frozenset(),
}
