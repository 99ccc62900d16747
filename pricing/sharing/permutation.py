"""Shapley values by sampling: for more owners than can be enumerated, with a stated error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.games.sampling import Design, sampled_shapley
from pricing.sharing import Allocation, SharingCase

ORDERS_MAX: Final = 10**8  # minutes of the cheapest game; the error is 10^-4 of a contribution's


@dataclass(frozen=True, slots=True)
class PermutationShapley:
    """Divides by Shapley values estimated from `orders` orders of joining, drawn from `seed`.

    Each share comes with its standard error.  With `error`, drawing ends as soon as no share's
    standard error is above it, and `orders` is the most that is drawn.  How orders are drawn,
    `design`, and what is promised of the estimate stands in `pricing.games.sampling`.
    """

    seed: int
    orders: int = 10_000
    error: float | None = None
    design: Design = Design.SQUARES

    def __post_init__(self) -> None:
        require_count("orders", self.orders, 2, ORDERS_MAX)
        if self.error is not None and not 0 < self.error < 1:
            raise BadInput(f"error: {self.error!r} is not between 0 and 1, a part of the whole")

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount by estimated Shapley values.

        Raises `BadInput` without a game and `BadShares` where the values divide nothing, as the
        exact allocator does.  An owner whose true value is barely above zero can be estimated
        below it; more orders help.
        """
        game = case.require_game("the Shapley value")
        found = sampled_shapley(
            game, orders=self.orders, seed=self.seed, share_error=self.error, design=self.design
        )
        return case.split_by_values(
            found.values.tolist(),
            what="estimated Shapley value",
            basis=f"Shapley value over {found.orders} orders drawn from seed {self.seed}",
            errors=found.errors.tolist(),
        )
