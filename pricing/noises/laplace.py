"""Laplace noise: the density exp(−|x|/b)/(2b) on every number, with b = level/√2.

Its standard deviation is then the level.  Differential privacy speaks of b itself (Dwork,
McSherry, Nissim, Smith, TCC 2006); the difference of two exponential draws has this law.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pricing.chance import Stream
from pricing.noises import added


@dataclass(frozen=True, slots=True)
class Laplace:
    """Adds independent noise of the Laplace law: more small errors, and more great ones."""

    def degrade(self, data: NDArray[np.float64], level: float, seed: int) -> NDArray[np.float64]:
        """Return data + Laplace(level/√2), or raise `BadInput` naming what is out of range."""
        count = np.size(data)
        one, other = -np.log1p(-Stream(seed).uniforms(2 * count).reshape(2, count))
        return added(data, level, (one - other) / math.sqrt(2.0))
