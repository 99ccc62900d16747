"""Marginals: what each player adds to the coalitions of others, summed by their size.

Every semivalue (Dubey, Neyman and Weber 1981) is a weighted sum of these n² numbers: Shapley's,
Banzhaf's and the Beta-Shapley values differ in the weight of a size alone.  So all of them cost
what asking every coalition costs, once.

The sums by size are kept as integers over one denominator.  Where the worths were floats the
sums of worths carry rounding, and every step after them is exact.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Marginals:
    """What player i adds to all coalitions of s others together: ``added[i][s] / denominator``.

    `exact` says that no rounding went into them, `how` how they were found.
    """

    added: tuple[tuple[int, ...], ...]
    denominator: int
    exact: bool
    how: str

    @classmethod
    def of_sums(
        cls,
        of_size: Sequence[int],
        with_player: Sequence[Sequence[int]],
        denominator: int,
        *,
        exact: bool,
        how: str,
    ) -> Marginals:
        """Take the worths of all coalitions of each size, and of those that player i is in."""
        # A coalition of size s + 1 with the player is some S with the player added; one of size s
        # without the player is such an S itself.
        added = tuple(
            tuple(held[s + 1] - (of_size[s] - held[s]) for s in range(len(with_player)))
            for held in with_player
        )
        return cls(added, denominator, exact, how)

    @classmethod
    def counted(cls, added: Sequence[Sequence[Fraction | int]], *, how: str) -> Marginals:
        """Take them from a game that knows them."""
        denominator = math.lcm(*(one.denominator for row in added for one in row))
        whole = tuple(tuple(int(one * denominator) for one in row) for row in added)
        return cls(whole, denominator, exact=True, how=how)

    def semivalue(
        self, weight: Callable[[int, int], Fraction]
    ) -> tuple[Fraction, ...] | tuple[float, ...]:
        """Return each player's sum of ``weight(n, s)`` times what it adds to coalitions of size s.

        Fractions where the marginals are exact, else doubles: the fraction would pretend.
        """
        n = len(self.added)
        weights = [weight(n, s) for s in range(n)]
        scale = math.lcm(*(one.denominator for one in weights))
        whole = [one.numerator * (scale // one.denominator) for one in weights]
        values = tuple(
            Fraction(sum(map(int.__mul__, whole, row)), scale * self.denominator)
            for row in self.added
        )
        return values if self.exact else tuple(map(float, values))


@functools.cache
def shapley_weight(n: int, s: int) -> Fraction:
    """Return s! (n − s − 1)! / n!, the chance that just these players come first.

    Shapley 1953.
    """
    return Fraction(1, n * math.comb(n - 1, s))


def banzhaf_weight(n: int, s: int) -> Fraction:  # noqa: ARG001 - every size weighs alike
    """Return 2^(1 − n): every coalition of the others is as likely (Banzhaf 1965)."""
    return Fraction(1, 2 ** (n - 1))


def beta_weight(alpha: Fraction, beta: Fraction) -> Callable[[int, int], Fraction]:
    """Return the weights of Beta(α, β)-Shapley (Kwon and Zou, AISTATS 2022, section 3.2).

    With j = s + 1: B(j + β − 1, n − j + α) / B(α, β), which for whole or fractional α and β is
    a quotient of rising factorials.  Over all coalitions of the others the weights sum to one;
    (1, 1) is Shapley's, and α > β weighs small coalitions more.
    """

    def weight(n: int, s: int) -> Fraction:
        return _rising(beta, s) * _rising(alpha, n - 1 - s) / _rising(alpha + beta, n - 1)

    return weight


def _rising(start: Fraction, steps: int) -> Fraction:
    return math.prod((start + step for step in range(steps)), start=Fraction(1))
