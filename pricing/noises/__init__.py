"""Noises: a lesser version of data, for a buyer who paid less than the whole.

A level is the standard deviation of what is added to every number, in the data's own unit, so
that levels of two noises compare; at level 0 the data come out as they are.  The draw follows
from the seed alone and the level scales it: data get worse with the level, number by number.
For the same reason **one seed is for one sale**: who holds two levels of one seed can subtract
the noise.  And this is no differential privacy: doubles have fewer values than the reals that
such proofs speak of (Mironov, CCS 2012).
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pricing.errors import BadInput


class Noise(Protocol):
    """A plug-in of `pricing.noises`: a frozen dataclass of its parameters."""

    def degrade(self, data: NDArray[np.float64], level: float, seed: int) -> NDArray[np.float64]:
        """Return a worse copy of the data, of the same shape.

        `level` is the standard deviation of the noise, finite and not below 0.  Raises
        `BadInput` for another level, for data that are not finite, and where noise would
        carry a number out of range.
        """
        ...


def require_level(level: float) -> None:
    """Raise `BadInput` unless the level is finite and not below zero."""
    if isinstance(level, bool) or not isinstance(level, int | float):
        raise BadInput(f"level: {level!r} is not a number")
    if not math.isfinite(level) or level < 0:
        raise BadInput(f"level: {level!r} is not a finite number of at least 0")


def added(
    data: NDArray[np.float64], level: float, standard: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return data + level · standard, checked; `standard` has the standard deviation 1."""
    require_level(level)
    exact = np.asarray(data, dtype=np.float64)
    if not np.isfinite(exact).all():
        raise BadInput("data: a number that is not finite cannot be degraded")
    with np.errstate(over="ignore", invalid="ignore"):
        worse = exact + level * standard.reshape(exact.shape)
    if not np.isfinite(worse).all():
        raise BadInput(f"level: {level!r} carries numbers out of range")
    return worse
