"""What an agent means by a wish: more than it tells the exchange."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.simulation.depth import Wish


@dataclass(frozen=True, slots=True)
class Intent:
    """A wish with what it was made of: the value behind it, and the visit that it came from."""

    wish: Wish
    value: int
    list_price: int
    base: int = 0  # a negotiated offer before any discrimination
    counter: int = -1  # of the buyer's visit; -1 where it did not come by itself
