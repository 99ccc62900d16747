"""What a ring of wash traders is given: buyers that its supplier controls, and money to trade with.

Whoever lays a market out gives a ring this much, and whoever reads a market holds it to what an
account can hold.
"""

from __future__ import annotations

from typing import Final

from exchange.simulation.market import Market, Misconduct

RING: Final = 2  # buyers that a ring controls
_SPARE: Final = 2  # trades' money more than a ring needs: a limit is twice the price


def last_day(case: Misconduct, market: Market) -> int:
    """Return the last day on which something planted goes on."""
    return market.days - 1 if case.last_day is None else case.last_day


def deposit_of(case: Misconduct, market: Market, dearest: int) -> int:
    """Return what each buyer of a ring deposits, in minor units.

    One alone can pay for all of the ring's trades at the price of the dearest product.
    """
    trades = case.strength * (last_day(case, market) - case.first_day + 1)
    return (int(trades) + _SPARE) * dearest
