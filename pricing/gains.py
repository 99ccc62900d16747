"""Gain curves: what data is worth to a task, by how much noise stands in it.

A gain lies between 0, no better than without the data, and 1, all that the data can do.  A curve
is stated once, at knots, and read between them by straight lines, so that whatever is computed
from it, an area above all, is exact.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pricing.domain import require_count, require_within
from pricing.errors import BadInput
from pricing.noises import Noise

KNOTS_MAX: Final = 256
ROWS_MIN: Final = 8
PLACES: Final = 10**6  # a measured gain is stated to a millionth


@dataclass(frozen=True, slots=True)
class Knot:
    """The gain, 0 to 1, where noise of this standard deviation, 0 or more, was added."""

    noise: Fraction
    gain: Fraction

    def __post_init__(self) -> None:
        require_within("gain.noise", self.noise, 0, 2**53)
        require_within("gain.gain", self.gain, 0, 1)


@dataclass(frozen=True, slots=True)
class GainCurve:
    """Gain by noise: the first knot has none, and more noise never gains more.

    Straight between the knots and level after the last.  More noise may help by accident in a
    measurement; a curve in which it does is refused, since a price by it would reward a bid
    that says less than the truth.
    """

    knots: tuple[Knot, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.knots) <= KNOTS_MAX:
            raise BadInput(f"gain.knots: {len(self.knots)} are not 1 to {KNOTS_MAX}")
        if self.knots[0].noise != 0:
            raise BadInput(f"gain.knots: the first has noise {self.knots[0].noise}, not 0")
        for before, after in zip(self.knots, self.knots[1:], strict=False):
            if after.noise <= before.noise:
                raise BadInput(f"gain.knots: noise {after.noise} follows {before.noise}")
            if after.gain > before.gain:
                raise BadInput(
                    f"gain.knots: noise {after.noise} gains {after.gain}, less noise {before.gain}"
                )

    def at(self, noise: Fraction) -> Fraction:
        """Return the gain with this noise."""
        place = bisect_right(self.knots, noise, key=lambda knot: knot.noise)
        left = self.knots[place - 1]
        if place == len(self.knots):
            return left.gain
        right = self.knots[place]
        part = (noise - left.noise) / (right.noise - left.noise)
        return left.gain + part * (right.gain - left.gain)

    def area(self, noise: Fraction) -> Fraction:
        """Return the integral of the gain from no noise to this noise."""
        held = Fraction(0)
        for left, right in zip(self.knots, self.knots[1:], strict=False):
            if right.noise >= noise:
                return held + (noise - left.noise) * (left.gain + self.at(noise)) / 2
            held += (right.noise - left.noise) * (left.gain + right.gain) / 2
        return held + (noise - self.knots[-1].noise) * self.knots[-1].gain


def measured(
    features: NDArray[np.float64],
    target: NDArray[np.float64],
    levels: Sequence[Fraction],
    *,
    noise: Noise,
    seed: int,
    draws: int = 8,
    penalty: float = 1e-3,
) -> GainCurve:
    """Return what features (n, d) gain a linear prediction of target (n,), by their noise.

    At each level the features are degraded, a ridge regression with `penalty` on the features'
    own scale is fitted on every other row and tried on the rest; the gain is the part of the
    target's variance there that it explains, none where it explains less than nothing, averaged
    over `draws` draws from `seed` on.  Where more noise gained more by accident, neighbours are
    averaged until it does not (isotonic regression).  The seeds must be used for no sale.  Raises
    `BadInput` for shapes that do not fit, fewer than 8 rows, or a target that does not vary.
    """
    x, y = np.asarray(features, dtype=np.float64), np.asarray(target, dtype=np.float64)
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise BadInput(f"features: shape {x.shape} does not fit a target of shape {y.shape}")
    if len(y) < ROWS_MIN:
        raise BadInput(f"target: {len(y)} rows are fewer than {ROWS_MIN}")
    if not np.isfinite(y).all() or np.ptp(y[1::2]) == 0.0:
        raise BadInput("target: it does not vary, or has a number that is not finite")
    require_count("draws", draws, 1)
    found = [
        sum(_explained(noise.degrade(x, float(level), seed + i), y, penalty) for i in range(draws))
        / draws
        for level in levels
    ]
    falling = _falling(found)
    gains = (Fraction(round(gain * PLACES), PLACES) for gain in falling)
    return GainCurve(tuple(map(Knot, levels, gains)))


def _explained(x: NDArray[np.float64], y: NDArray[np.float64], penalty: float) -> float:
    """Return the part of the variance of the odd rows that a fit on the even rows explains."""
    scale = x.std(axis=0)
    z = (x - x[::2].mean(axis=0)) / np.where(scale > 0.0, scale, 1.0)
    fitted, centre = z[::2], y[::2].mean()
    gram = fitted.T @ fitted + penalty * len(fitted) * np.eye(z.shape[1])
    slopes = np.linalg.solve(gram, fitted.T @ (y[::2] - centre))
    missed = y[1::2] - centre - z[1::2] @ slopes
    return max(0.0, 1.0 - float(np.mean(missed**2)) / float(np.var(y[1::2])))


def _falling(values: Sequence[float]) -> list[float]:
    """Return the nearest values that never rise, by pooling neighbours that do."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while pools and pools[-1][0] < mean:
            before, held = pools.pop()
            mean, count = (before * held + mean * count) / (held + count), held + count
        pools.append((mean, count))
    return [mean for mean, count in pools for _ in range(count)]
