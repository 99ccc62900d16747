"""Shares robust to replication: who is like others gets less, so that likeness pays nobody.

    r_m = φ_m / Σ φ · exp(−λ Σ_{j ≠ m} SM(X_m, X_j))

Agarwal, Dahleh and Sarkar, A marketplace for data (EC 2019; arXiv 1805.08125), the algorithm
"Shapley-robust" with λ = ln 2.  The formula is implemented as commonly quoted: the paper's own
text was not at hand.  It is not balanced, r sums to less than one; where the rest goes is stated
and is no detail: spread among the owners, a seller with a clone can gain by it again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.marginals import route
from pricing.sharing import Allocation, Owner, SharingCase

LAMBDA: Final = math.log(2)  # each full copy halves what a seller gets


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like each other what two owners have is: 0 for nothing in common, 1 for a copy."""

    one: str
    other: str
    degree: Fraction

    def __post_init__(self) -> None:
        require_within(f"likenesses: degree of {self.one} and {self.other}", self.degree, 0, 1)
        if self.one == self.other:
            raise BadInput(f"likenesses: {self.one} is like itself")


@dataclass(frozen=True, slots=True)
class RobustShapley:
    """Divides by Shapley values, each made less by the owner's `likenesses` to others.

    Pairs that are not named have nothing in common, unless the case has the same content for
    both, which is a likeness of 1.  What is left over goes to `rest_to`, an owner of the case or
    somebody else, such as a fund; where that is None it is spread in proportion.
    """

    likenesses: tuple[Likeness, ...] = ()
    rest_to: str | None = None
    strength: float = LAMBDA

    def __post_init__(self) -> None:
        if not (math.isfinite(self.strength) and self.strength >= 0):
            raise BadInput(f"strength: {self.strength!r} is no finite number of at least zero")
        pairs = [frozenset((each.one, each.other)) for each in self.likenesses]
        if len(set(pairs)) < len(pairs):
            raise BadInput("likenesses: a pair is named twice")

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount; raises `BadInput` and `BadShares` as the Shapley value does.

        A likeness to somebody who is no owner is a `BadInput`.
        """
        values, how = route.shapley_values(case.require_game("the Shapley value"))
        # Refused here, before the rest could hide it: a negative value, or nothing of value.
        plain = case.split_by_values(values, what="Shapley value", basis="exact Shapley value")
        like = self._likenesses(case)
        kept = [
            float(share.share) * math.exp(-self.strength * like[share.owner])
            for share in plain.shares
        ]
        if self.rest_to is None:
            basis = f"Shapley-robust, the rest in proportion; Shapley value {how}"
            return case.split_by_values(kept, what="robust value", basis=basis)
        if self.rest_to not in case.names:
            case = replace(case, owners=(*case.owners, Owner(self.rest_to)), value=None, game=None)
            kept.append(0.0)
        kept[case.names.index(self.rest_to)] += max(0.0, 1 - math.fsum(kept))
        basis = f"Shapley-robust, the rest to {self.rest_to}; Shapley value {how}"
        return case.split_by_values(kept, what="robust value", basis=basis)

    def _likenesses(self, case: SharingCase) -> dict[str, float]:
        """Return the sum of each owner's likenesses to the others."""
        degrees: dict[frozenset[str], Fraction] = {}
        for each in self.likenesses:
            strangers = {each.one, each.other} - set(case.names)
            if strangers:
                raise BadInput(f"likenesses: {min(strangers)} is no owner")
            degrees[frozenset((each.one, each.other))] = each.degree
        for i, one in enumerate(case.owners):
            for other in case.owners[:i]:
                if one.content is not None and one.content == other.content:
                    degrees[frozenset((one.id, other.id))] = Fraction(1)
        return {
            name: float(sum(degree for pair, degree in degrees.items() if name in pair))
            for name in case.names
        }
