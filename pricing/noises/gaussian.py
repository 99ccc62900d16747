"""Gaussian noise: N(0, level²) on every number.

The degradation that Agarwal, Dahleh and Sarkar (EC 2019, section 4.2) sell features with, and
the noise of model-based pricing (Chen, Koutris, Kumar, SIGMOD 2019, section 4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pricing.chance import Stream
from pricing.noises import added


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Adds independent normal noise."""

    def degrade(self, data: NDArray[np.float64], level: float, seed: int) -> NDArray[np.float64]:
        """Return data + level · N(0, 1), or raise `BadInput` naming what is out of range."""
        return added(data, level, Stream(seed).normals(np.size(data)))
