"""Gain curves: what data is worth to a task, by how much noise stands in it.

A gain lies between 0, no better than without the data, and 1, all that the data can do.  A curve
is stated once, at knots, and read between them by straight lines, so that whatever is computed
from it, an area above all, is exact.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pricing.domain import require_within
from pricing.errors import BadInput

KNOTS_MAX: Final = 256


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
