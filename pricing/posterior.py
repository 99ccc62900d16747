"""Learning a log-price in closed form: the normal-inverse-gamma law of a linear regression.

y = xᵀβ + ε with ε ~ N(0, σ²); β given σ² is N(μ, σ²P), σ² is inverse gamma (a, b).  An
observation moves it by k = Px/(1 + xᵀPx), μ += k·e, P −= k·xᵀP, a += ½, b += e²/(2(1 + xᵀPx))
with e = y − xᵀμ, which is the textbook's batch posterior (Bishop, Pattern Recognition and
Machine Learning, section 3.3; Murphy, Machine Learning, section 7.6.3) one row at a time
(Sherman and Morrison).  The next y is Student's t with 2a degrees of freedom about xᵀμ, with
squared scale (b/a)(1 + xᵀPx).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.appraisal import Band
from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.estimate import Held, Predictive
from pricing.money import Currency
from pricing.student import quantile

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST: Final = Fraction(1, 10**6)  # the least that a parameter above zero may be
FORGOTTEN: Final = 1e6  # times the first variance: nothing is known, and nothing overflows


@dataclass(frozen=True, slots=True)
class Belief:
    """How an appraisal's range becomes a law of the mean log-price, before any trade.

    `coverage` is the probability that the mean price lies within the range: the wider of its two
    sides, in logarithms, is taken for both, and none is taken to be surer than `doubt`, a half
    width.  `noise` is how far single trades lie about the mean (the standard deviation of a
    log-price), a guess worth `strength` trades.  All are opening assumptions: state your own.
    Each is a millionth at least, and the coverage as far from 1: less is lost in a float.
    """

    coverage: Decimal = Decimal("0.8")
    doubt: Decimal = Decimal("0.05")
    noise: Decimal = Decimal("0.25")
    strength: Decimal = Decimal(4)

    def __post_init__(self) -> None:
        require_within("belief.coverage", self.coverage, LEAST, 1 - LEAST)
        for field, most in (("doubt", 10), ("noise", 10), ("strength", 10_000)):
            require_within(f"belief.{field}", getattr(self, field), LEAST, most)

    def of(self, opening: Band) -> Opening:
        """Return the law of the mean log-price that the appraisal of one licence stands for."""
        noise, strength = float(self.noise), float(self.strength)
        shape, rate = 1 + strength / 2, noise**2 * strength / 2  # E σ² = b/(a − 1) = noise²
        low, mid, high = (math.log(end.minor) for end in (opening.low, opening.mid, opening.high))
        half = max(high - mid, mid - low, float(self.doubt))
        t = quantile((1 + float(self.coverage)) / 2, 2 * shape)
        return Opening(mid, (half / t) ** 2 * shape / rate, shape, rate)


BELIEF: Final = Belief()


@dataclass(frozen=True, slots=True)
class Opening:
    """μ of the mean log-price, its variance as a multiple of σ², and a and b of σ²."""

    location: float
    spread: float
    shape: float
    rate: float


class Posterior:
    """What is believed of β and σ², moved by one observation after another."""

    __slots__ = ("_memory", "_most", "mean", "rate", "shape", "spread")

    def __init__(
        self,
        mean: NDArray[np.float64],
        spread: NDArray[np.float64],
        shape: float,
        rate: float,
        memory: float = 1.0,
        first: NDArray[np.float64] | None = None,
    ) -> None:
        """Begin with β ~ N(mean, σ²·spread) and σ² ~ IG(shape, rate).

        `memory`, above 0 and at most 1, is what everything believed before counts for after one
        more observation: at 1 nothing is ever forgotten.  A direction that is never observed
        is forgotten to `FORGOTTEN` times its first variance and no further, since it would
        grow without end.  `first` has these variances where `spread` is not where it all began.
        """
        self.mean = mean.astype(np.float64)
        self.spread = spread.astype(np.float64)
        self.shape = shape
        self.rate = rate
        self._memory = memory
        self._most = FORGOTTEN * (self.spread.diagonal() if first is None else first)

    @classmethod
    def of(cls, held: Held, memory: float, first: NDArray[np.float64] | None = None) -> Posterior:
        """Go on from what was held; `first` as where it began."""
        mean, spread = np.array(held.mean), np.array(held.spread)
        return cls(mean, spread, held.shape, held.rate, memory, first)

    def held(self) -> Held:
        """Return what is believed, with every bit of it."""
        spread = tuple(tuple(row) for row in self.spread.tolist())
        return Held(tuple(self.mean.tolist()), spread, self.shape, self.rate)

    def observe(self, x: NDArray[np.float64], y: float) -> None:
        """Learn that the log-price of `x` was `y`, or raise `BadInput` where no law comes of it."""
        memory = self._memory
        if memory != 1.0:
            self._forget(memory)
        reach = self.spread @ x
        width = _width(float(reach @ x))
        error = y - float(self.mean @ x)
        self.mean += reach * (error / width)
        reach /= math.sqrt(width)
        self.spread -= np.multiply.outer(reach, reach)  # symmetric to the last bit
        self.shape += 0.5
        self.rate += error * error / (2.0 * width)

    def _forget(self, memory: float) -> None:
        self.spread /= memory
        self.shape *= memory
        self.rate *= memory
        grown = self.spread.diagonal()
        if (grown > self._most).any():
            shrink = np.sqrt(np.minimum(1.0, self._most / grown))
            self.spread *= np.multiply.outer(shrink, shrink)

    def predict(self, x: NDArray[np.float64], currency: Currency) -> Predictive:
        """Return the law of the next price of `x`."""
        width = _width(float(x @ self.spread @ x))
        return Predictive(
            float(self.mean @ x),
            math.sqrt(self.rate / self.shape * width),
            2.0 * self.shape,
            currency,
        )


def _width(reach: float) -> float:
    """Return 1 + xᵀPx, which no spread of a law and no rounding takes to zero."""
    width = 1.0 + reach
    if not 0 < width < math.inf:
        raise BadInput(f"held: a spread that gives 1 + xᵀPx = {width} is none of a law")
    return width
