"""Exact Shapley value: what each owner adds, averaged over every order of joining.

    φ_i = Σ_{S ∌ i} |S|! (n − |S| − 1)! / n! · (v(S ∪ {i}) − v(S))

L. S. Shapley, A value for n-person games, 1953.  `pricing.marginals.route` takes the cheapest
exact route that the game has, and the basis of the allocation names it.  In a closed form and in
fractions equal owners have equal values, and the only rounding is the split into minor units;
in doubles, values that differ by rounding alone count as equal (`pricing.proportions`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pricing.errors import BadInput
from pricing.marginals import route
from pricing.sharing import TABLE_MAX, Allocation, AskedGame, SharingCase


@dataclass(frozen=True, slots=True)
class ExactShapley:
    """Divides by the Shapley values of the game that the owners play."""

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount by Shapley values.

        Raises `BadInput` without a game, or with one too large to ask about every coalition,
        and `BadShares` where the values divide nothing: an owner who takes value away cannot be
        given a share, nor can anyone if nothing is worth anything.
        """
        values, how = route.shapley_values(case.require_game("the Shapley value"))
        return case.split_by_values(
            values, what="Shapley value", basis=f"exact Shapley value, {how}"
        )


def shapley_values(
    players: Sequence[str], value: Callable[[frozenset[str]], Fraction | int]
) -> tuple[Fraction, ...]:
    """Return the players' Shapley values in their order; they sum to v(all) − v(nobody).

    Asks `value` about every coalition; raises `BadInput` beyond `TABLE_MAX` players.
    """
    if len(players) > TABLE_MAX:
        raise BadInput(f"players: {len(players)} are more than the {TABLE_MAX} of a table")
    values, _ = route.shapley_values(AskedGame(tuple(players), value))
    return tuple(map(Fraction, values))
