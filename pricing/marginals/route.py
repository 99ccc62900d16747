"""The cheapest exact route to a game's values, by what the game can answer.

A closed form; else all coalitions in fractions, where the game answers exactly and is small;
else all coalitions in doubles, block by block; else a refusal that says what to use instead.
This is the one place where the route is chosen, and its words stand in the allocation's basis.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from pricing.errors import BadInput
from pricing.games import DENSE_MAX, PLAYERS_MAX, Batched, Blocked, Counted, Solved, Utility, worth
from pricing.marginals import Marginals, shapley_weight
from pricing.marginals.exactly import exactly
from pricing.marginals.streamed import streamed

# Up to here fractions cost a millisecond or two, and are worth it though blocks are faster.
FRACTIONS_MAX: Final = 10


def shapley_values(
    utility: Utility,
) -> tuple[tuple[Fraction, ...] | tuple[float, ...], str]:
    """Return the Shapley values in the players' order, and how they were found."""
    if isinstance(utility, Solved):
        solved = utility.shapley()
        if solved is not None:
            return solved, "in closed form"
    marginals = marginals_of(utility)
    return marginals.semivalue(shapley_weight), marginals.how


def marginals_of(utility: Utility) -> Marginals:
    """Return what each player adds, or raise `BadInput` for a game too large to ask all of."""
    n = utility.players
    if isinstance(utility, Counted):
        added = utility.added()
        if added is not None:
            return Marginals.counted(added, how="in closed form")
    many = isinstance(utility, Batched | Blocked)
    if n > (PLAYERS_MAX if many else DENSE_MAX):
        limit = (
            f"the {PLAYERS_MAX}"
            if many
            else f"the {DENSE_MAX} of a game without `batch` or `block`"
        )
        raise BadInput(
            f"players: {n} are more than {limit} whose coalitions are all asked; divide by a"
            " closed form or by sampled orders instead"
        )
    # One answer tells what kind of game it is; a float among fractions later is found there.
    if n <= (FRACTIONS_MAX if many else DENSE_MAX) and isinstance(
        worth(utility, (1 << n) - 1), Fraction
    ):
        found = exactly(utility)
        if found is not None:
            return found
    return streamed(utility)
