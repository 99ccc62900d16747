"""How likely chance alone would have been: tails of the laws that detectors test against."""

from __future__ import annotations

import math
from collections.abc import Sequence


def binomial_tail(least: int, count: int, share: float) -> float:
    """Return P(X ≥ least) for X binomial of `count` and `share`; 1 where least is 0 or below.

    Summed from the far end upwards, term by term from the one before, so that a tail of 1e-200 is
    as good as one of a half.
    """
    if least <= 0:
        return 1.0
    if least > count or share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    log_first = (
        math.lgamma(count + 1)
        - math.lgamma(least + 1)
        - math.lgamma(count - least + 1)
        + least * math.log(share)
        + (count - least) * math.log1p(-share)
    )
    ratio, term, total = share / (1 - share), 1.0, 1.0
    for successes in range(least, count):
        term *= ratio * (count - successes) / (successes + 1)
        total += term
    return min(1.0, math.exp(log_first + math.log(total)))


def sum_tail(least: int, shares: Sequence[float]) -> float:
    """Return P(X ≥ least) for X the sum of independent yes-or-nos of these shares.

    Counted out exactly (the Poisson binomial law) in as many steps as there are shares times
    `least`.
    """
    if least <= 0:
        return 1.0
    short = [1.0] + [0.0] * (least - 1)  # P(so many yes so far), below `least`
    reached = 0.0
    for share in shares:
        reached += short[-1] * share
        for count in range(least - 1, 0, -1):
            short[count] += share * (short[count - 1] - short[count])
        short[0] *= 1 - share
    return min(1.0, reached)


def normal_above(z: float) -> float:
    """Return P(Z > z) for Z normal."""
    return math.erfc(z / math.sqrt(2)) / 2


def surprise(probability: float) -> float:
    """Return −log₁₀ of a probability, 300 at most: what adds up where evidence comes together."""
    return -math.log10(max(probability, 1e-300))
