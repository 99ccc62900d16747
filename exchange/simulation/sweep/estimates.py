"""Means over seeds with their intervals: Student's t, alone and seed by seed.

Runs of one setting differ by their seeds alone, so their figures are independent draws of one law
and their mean lies within t·s/√n of its own with the confidence asked for, near enough once a
dozen seeds or so are played (Law, Simulation Modeling and Analysis, 5th ed., ch. 4 and 10).  Two
settings played with the same seeds are compared by the differences of each seed.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pricing.student import quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds; `half` is half the width of its interval.

    `mean` is None without a figure, `half` and `deviation` with fewer than two.
    """

    seeds: int
    mean: float | None
    deviation: float | None
    half: float | None

    @property
    def low(self) -> float | None:
        """The lower end of the interval."""
        return None if self.mean is None or self.half is None else self.mean - self.half

    @property
    def high(self) -> float | None:
        """The upper end of the interval."""
        return None if self.mean is None or self.half is None else self.mean + self.half

    def to_record(self) -> dict[str, Any]:
        """Return the estimate as JSON's own types, to twelve digits."""
        return {
            "seeds": self.seeds,
            "mean": _short(self.mean),
            "deviation": _short(self.deviation),
            "low": _short(self.low),
            "high": _short(self.high),
        }


@dataclass(frozen=True, slots=True)
class Difference(Estimate):
    """The mean of differences on common seeds."""

    @property
    def told(self) -> bool:
        """Whether the interval leaves zero out: the settings differ."""
        low, high = self.low, self.high
        return low is not None and high is not None and (low > 0 or high < 0)


def estimate(figures: Sequence[float | None], confidence: float) -> Estimate:
    """Return the mean of the figures that are there, with its interval."""
    return Estimate(*_spread([each for each in figures if each is not None], confidence))


def difference(
    before: Sequence[float | None], after: Sequence[float | None], confidence: float
) -> Difference:
    """Return the mean of after − before over the seeds for which both are there."""
    apart = [b - a for a, b in zip(before, after, strict=True) if a is not None and b is not None]
    return Difference(*_spread(apart, confidence))


def _spread(
    figures: list[float], confidence: float
) -> tuple[int, float | None, float | None, float | None]:
    count = len(figures)
    if not count:
        return 0, None, None, None
    # fsum and fmean: the same to the last bit in whatever order seeds were played.
    mean = statistics.fmean(figures)
    if count == 1:
        return 1, mean, None, None
    deviation = math.sqrt(math.fsum((each - mean) ** 2 for each in figures) / (count - 1))
    half = quantile((1 + confidence) / 2, count - 1) * deviation / math.sqrt(count)
    return count, mean, deviation, half


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.12g}")
