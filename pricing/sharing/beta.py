"""Beta-Shapley value: the Shapley value with small or with large coalitions weighed more.

    φ_i = Σ_{S ∌ i} B(|S| + β, n − 1 − |S| + α) / B(α, β) · (v(S ∪ {i}) − v(S))

Y. Kwon and J. Zou, Beta Shapley, AISTATS 2022.  What data adds to a large pile is mostly noise,
so α > β looks at small coalitions; (1, 1) is the Shapley value.  Values of α ≠ β do not sum to
the worth of all, so the amount is divided in their proportion.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pricing.domain import require_within
from pricing.marginals import beta_weight, route
from pricing.sharing import Allocation, SharingCase

_LEAST: Final = Fraction(1, 1000)
_MOST: Final = Fraction(1000)


@dataclass(frozen=True, slots=True)
class BetaShapley:
    """Divides in the proportion of Beta(`alpha`, `beta`)-Shapley values.

    Both lie within 1/1000 and 1000, as fractions.
    """

    alpha: Fraction = Fraction(4)
    beta: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        for field in ("alpha", "beta"):
            require_within(field, getattr(self, field), _LEAST, _MOST)

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or refuse as `shapley` does: `BadInput` or `BadShares`."""
        marginals = route.marginals_of(case.require_game("the Beta-Shapley value"))
        return case.split_by_values(
            marginals.semivalue(beta_weight(self.alpha, self.beta)),
            what="Beta-Shapley value",
            basis=f"Beta({self.alpha}, {self.beta})-Shapley value, {marginals.how}",
        )
