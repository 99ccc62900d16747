"""Gains as they are measured: what degraded features still explain of a target."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.gains import GainCurve, Knot
from pricing.noises import Noise

ROWS_MIN: Final = 8
PLACES: Final = 10**6  # a measured gain is stated to a millionth


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
