"""Two-part price for buyers alike: a unit at what it costs, and a fee that takes the surplus.

    p* = c,    A = ∫_c^choke q(p) dp = units · (choke − c)² / (2 · choke)

The textbook result of industrial organisation (W. Oi, A Disneyland dilemma, QJE 1971): with
q(p) = 1 − p it is A = (1 − c)²/2.  It holds for buyers who are all the same; where they differ,
the fee turns away those whose surplus is below it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from pricing.errors import BadInput
from pricing.money import Money
from pricing.versions import Demand, Menu, TwoPartPrice


@dataclass(frozen=True, slots=True)
class TwoPartPricing:
    """Prices use that falls in a straight line with the price of a unit."""

    def menu(self, demand: Demand) -> Menu:
        """Return the fee and the price of a unit, or raise `BadInput` without a line of use."""
        line = demand.line
        if line is None:
            raise BadInput("line: a two-part price needs to know how use falls with the price")
        margin = line.choke.minor - line.cost.minor
        surplus = line.units * margin * margin / (2 * line.choke.minor)
        # Rounded down: a fee above the surplus, by however little, is paid by nobody.
        fee = Money(math.floor(surplus), line.choke.currency)
        return Menu(
            Money(line.buyers * fee.minor, fee.currency),
            "unit at cost, fee the whole surplus of a buyer (Oi 1971)",
            two_part=TwoPartPrice(fee, line.cost),
        )
