"""Quantiles of Student's t, of any degrees of freedom, in the standard library alone.

Solved on the logarithm of the tail by Newton's method; the tail is the incomplete beta function
by its continued fraction (DLMF 8.17.22, evaluated as Lentz has it).  Within 1e-12 of the true
quantile, relatively, from one degree of freedom on and for probabilities from 1e-6 to 0.49.
"""

from __future__ import annotations

import functools
import math
from statistics import NormalDist
from typing import Final

from pricing.errors import BadInput

_TINY: Final = 1e-300
_CLOSE: Final = 1e-15
_NEAR: Final = 1e-9  # a step of Newton's squares the distance: the next would not be seen
_STEPS_MAX: Final = 100
_TERMS_MAX: Final = 10_000
_NORMAL: Final = 20_000.0  # from here on the series is exact, and the fraction slow
_LARGE: Final = 50.0  # from here on the series of the logarithm is exact to the last place


@functools.lru_cache(maxsize=4096)
def quantile(probability: float, freedom: float) -> float:
    """Return t with P(T ≤ t) = `probability` for T of `freedom` degrees, above zero.

    Raises `BadInput` unless 0 < `probability` < 1.
    """
    if not (0 < probability < 1 and 0 < freedom < math.inf):
        raise BadInput(
            f"probability: {probability} of {freedom} degrees of freedom has no quantile"
        )
    if probability == 0.5:
        return 0.0
    tail = min(probability, 1 - probability)
    if freedom >= _NORMAL:
        t = _series(tail, freedom)
        return -t if probability < 0.5 else t
    t = _start(tail, freedom)
    for _ in range(_STEPS_MAX):
        held = _tail(t, freedom)
        # Newton on log tail over log t, which bends one way only.
        step = (math.log(held) - math.log(tail)) * held / (_density(t, freedom) * t)
        t *= math.exp(max(min(step, 2.0), -2.0))
        if abs(step) < _NEAR:
            break
    return -t if probability < 0.5 else t


def _start(tail: float, freedom: float) -> float:
    """Return the first terms of Cornish and Fisher's series, or the law of the far tail."""
    z = -NormalDist().inv_cdf(tail)
    if freedom >= 3:
        return z + (z**3 + z) / (4 * freedom)
    # The tail falls like t^-freedom, and near the middle like a line.
    return max(z, math.pow(2 * tail, -1 / freedom) - 1)


def _series(tail: float, freedom: float) -> float:
    """Return the terms of Cornish and Fisher up to ν^-3 (Abramowitz and Stegun 26.7.5)."""
    z = -NormalDist().inv_cdf(tail)
    one = (z**3 + z) / 4
    two = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    three = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + one / freedom + two / freedom**2 + three / freedom**3


def _tail(t: float, freedom: float) -> float:
    """Return P(T > t) for t above zero."""
    x = freedom / (freedom + t * t)
    a, b = freedom / 2, 0.5
    rest = t * t / (freedom + t * t)  # 1 − x, without losing its digits
    log_x = -math.log1p(t * t / freedom)
    front = math.exp(_log_ratio(a) - 0.5 * math.log(math.pi) + a * log_x) * math.sqrt(rest)
    if x < (a + 1) / (a + b + 2):
        return 0.5 * front * _fraction(a, b, x) / a
    return 0.5 * (1 - front * _fraction(b, a, rest) / b)


def _density(t: float, freedom: float) -> float:
    log_scale = _log_ratio(freedom / 2) - 0.5 * math.log(freedom * math.pi)
    return math.exp(log_scale - (freedom + 1) / 2 * math.log1p(t * t / freedom))


def _log_ratio(a: float) -> float:
    """Return log Γ(a + ½) − log Γ(a); the difference of two large numbers would lose digits."""
    if a < _LARGE:
        return math.lgamma(a + 0.5) - math.lgamma(a)
    return 0.5 * math.log(a) - 1 / (8 * a) + 1 / (192 * a**3) - 1 / (640 * a**5)


def _fraction(a: float, b: float, x: float) -> float:
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    value = d
    for m in range(1, _TERMS_MAX):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 + term * d
            d = 1 / (d if abs(d) > _TINY else _TINY)
            c = 1 + term / c
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
        if abs(c * d - 1) < _CLOSE:
            break
    return value
