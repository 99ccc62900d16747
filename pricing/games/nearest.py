"""Shapley values of the points of a nearest-neighbour classifier, in closed form.

For one test point with label y, let the training points stand from the nearest to the farthest
and m_i be 1 where the label of the i-th is y.  Two measures of a set S of points are taken:

  OF_K      v(S) = (matches among the K nearest of S) / K: Jia et al., PVLDB 12(11), 2019.
            Theorem 1: s_N = m_N / max(K, N), s_i = s_{i+1} + (m_i − m_{i+1}) / max(K, i).
  OF_FOUND  v(S) = (matches among the K nearest of S) / min(K, |S|), v(∅) = 1 / C, C the number
            of labels: the soft-label measure of Wang and Jia, arXiv 2304.04258.  Implemented is
            a derivation of its own, equal to enumeration, that holds for K ≥ N as well:
            s_i = s_{i+1} + (m_i − m_{i+1}) / (N − 1)
                  · (H(min(K, N − 1)) + ((N − 1) · min(i, K) / i − min(K, N − 1)) / K),
            s_N = (m_N − 1/C + (m_N − mean(m_1 … m_{N−1})) · (H(min(K, N)) − 1)) / N,
            H(k) = 1 + 1/2 + … + 1/k.

A value is the mean over test points.  Nearness is that of squared Euclidean distance, summed
feature by feature in doubles; of two points equally far, the earlier is the nearer.
"""

from __future__ import annotations

import enum
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np

from pricing import executors
from pricing.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK: Final = 2**15  # pairs of points at once: a few arrays of this size stay in the cache
PACKED: Final = 2**13  # points up to which a double has room for its place
CHUNK: Final = 2**24  # pairs in a chunk: about half a second


class Measure(enum.StrEnum):
    """What the matches among the nearest are divided by."""

    OF_K = "of-k"
    OF_FOUND = "of-found"


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """Training points and test points: features of shape (N, d) and (T, d), labels by number."""

    features: NDArray[np.float64]
    labels: NDArray[np.intp]
    test_features: NDArray[np.float64]
    test_labels: NDArray[np.intp]

    def __post_init__(self) -> None:
        for name, points, labels in (
            ("features", self.features, self.labels),
            ("test_features", self.test_features, self.test_labels),
        ):
            if points.ndim != 2 or not len(points):
                raise BadInput(f"{name}: no table of points")
            if labels.shape != (len(points),):
                raise BadInput(f"{name}: {len(points)} points and {labels.size} labels")
            if not np.isfinite(points).all():
                raise BadInput(f"{name}: a feature is no finite number")
        if self.features.shape[1] != self.test_features.shape[1]:
            raise BadInput("test_features: not as many features as the training points have")

    @property
    def classes(self) -> int:
        """How many labels there are, among training and test points."""
        return len(np.union1d(self.labels, self.test_labels))

    def nearest(self, test: int) -> NDArray[np.intp]:
        """Return the training points from nearest to farthest of one test point."""
        squares = np.zeros(len(self.features))
        for column in range(self.features.shape[1]):
            apart = self.features[:, column] - self.test_features[test, column]
            squares += apart * apart
        return np.argsort(squares, kind="stable")


def point_values(points: Neighbourhood, k: int, measure: Measure) -> NDArray[np.float64]:
    """Return the Shapley value of every training point, within 1e-12 of the exact one.

    O(T · N · (d + log N)).  Chunks of test points run on the current executor.
    """
    step = max(1, CHUNK // len(points.labels))
    tests = len(points.test_labels)
    chunks = [(points, k, measure, at, min(at + step, tests)) for at in range(0, tests, step)]
    sums = np.zeros(len(points.labels))
    for found in executors.current().map(_summed, chunks):
        sums += found
    return sums / tests


def exact_values(points: Neighbourhood, k: int, measure: Measure) -> tuple[Fraction, ...]:
    """Return the same values as fractions, by integers over one denominator of O(N) digits."""
    n, tests = len(points.labels), len(points.test_labels)
    rule = _recursion(n, k, points.classes, measure, Fraction)
    parts = (*rule.steps, rule.own, rule.others, rule.nobody)
    scale = math.lcm(*(part.denominator for part in parts))
    *steps, own, others, nobody = (int(part * scale) for part in parts)
    sums = [0] * n
    for test in range(tests):
        near = points.nearest(test)
        match = (points.labels[near] == points.test_labels[test]).tolist()
        value = own * match[-1] + others * sum(match[:-1]) + nobody
        sums[near[-1]] += value
        for i in range(n - 2, -1, -1):
            value += (match[i] - match[i + 1]) * steps[i]
            sums[near[i]] += value
    return tuple(Fraction(held, scale * tests) for held in sums)


N = TypeVar("N", float, Fraction)


@dataclass(frozen=True, slots=True)
class _Recursion(Generic[N]):
    """s_i − s_{i+1} is (m_i − m_{i+1}) · steps[i − 1]; s_N is own · m_N + others · Σ m + nobody."""

    steps: list[N]
    own: N
    others: N
    nobody: N


def _recursion(
    n: int, k: int, classes: int, measure: Measure, ratio: Callable[[int, int], N]
) -> _Recursion[N]:
    """Write the rule out in fractions or in floats, as `ratio` divides."""
    zero = ratio(0, 1)
    if measure is Measure.OF_K:
        steps = [ratio(1, max(k, i)) for i in range(1, n)]
        return _Recursion(steps, ratio(1, max(k, n)), zero, zero)
    harmonic = [zero]
    for j in range(1, min(k, n) + 1):
        harmonic.append(harmonic[-1] + ratio(1, j))
    few = min(k, n - 1)
    steps = [
        (harmonic[few] + (ratio((n - 1) * min(i, k), i * k) - ratio(few, k))) / (n - 1)
        for i in range(1, n)
    ]
    later = harmonic[min(k, n)] - ratio(1, 1)
    others = -later / (n * (n - 1)) if n > 1 else zero
    return _Recursion(steps, harmonic[min(k, n)] / n, others, -ratio(1, classes * n))


def _summed(chunk: tuple[Neighbourhood, int, Measure, int, int]) -> NDArray[np.float64]:
    points, k, measure, start, stop = chunk
    n = len(points.labels)
    rule = _recursion(n, k, points.classes, measure, operator.truediv)
    steps = np.array(rule.steps)
    ranking = _Ranking.of(points)
    sums = np.zeros(n)
    rows = max(1, BLOCK // n)
    value = np.empty((rows, n))
    for at in range(start, stop, rows):
        near = ranking.nearest(points, at, min(at + rows, stop))
        match = (points.labels[near] == points.test_labels[at : at + len(near), None]).view(np.int8)
        found = value[: len(near)]
        found[:, -1] = rule.own * match[:, -1] + rule.nobody
        if rule.others:
            found[:, -1] += rule.others * match[:, :-1].sum(axis=1)
        np.multiply(match[:, :-1] - match[:, 1:], steps, out=found[:, :-1])
        np.cumsum(found[:, ::-1], axis=1, out=found[:, ::-1])
        sums += np.bincount(near.ravel(), found.ravel(), n)
    return sums


@dataclass(frozen=True, slots=True, eq=False)
class _Ranking:
    """Points ranked by a product of matrices, checked against what its rounding can do.

    (x, |x|², 1) · (−2t, 1, |t|²) is the squared distance: quick, rounded otherwise on every
    machine, and off by (d + 4) ε (|x| + |t|)² at most, ε = 2^-52 (Higham, Accuracy and Stability
    of Numerical Algorithms, §3.1).  A test point for which that could turn two neighbours round
    is measured again, feature by feature.
    """

    factors: NDArray[np.float64]
    widest: float

    @classmethod
    def of(cls, points: Neighbourhood) -> _Ranking:
        norms = np.square(points.features).sum(axis=1)
        factors = np.vstack((points.features.T, norms, np.ones_like(norms)))
        return cls(factors, math.sqrt(norms.max()))

    def nearest(self, points: Neighbourhood, start: int, stop: int) -> NDArray[np.intp]:
        """Return the training points from nearest to farthest, a test point a row."""
        tests = points.test_features[start:stop]
        norms = np.square(tests).sum(axis=1)
        distance = np.column_stack((-2.0 * tests, np.ones_like(norms), norms)) @ self.factors
        noise = 4 * (len(self.factors) + 2) * 2.0**-52
        if len(points.labels) <= PACKED:
            near, cut = _sorted_in_place(distance)
            noise += cut
        else:
            near = np.argsort(distance, axis=1)
            distance = np.take_along_axis(distance, near, axis=1)
        gaps = (distance[:, 1:] - distance[:, :-1]).min(axis=1, initial=math.inf)
        # A distance below zero is rounding's as well, and sorted behind all others by its bits.
        close = gaps <= noise * np.square(self.widest + np.sqrt(norms))
        for row in np.flatnonzero(close | (distance[:, -1] < 0)).tolist():
            near[row] = points.nearest(start + row)
        return near


def _sorted_in_place(distance: NDArray[np.float64]) -> tuple[NDArray[np.intp], float]:
    """Sort each row and return which column stands where: twice as quick as argsort.

    The bits of doubles above zero are in the doubles' order, so they are sorted as whole numbers
    with the column in the lowest of them.  Returned as well is by how much, as a part of the
    largest, two may then seem to differ though they do not.
    """
    columns = distance.shape[1]
    low = np.uint64((1 << columns.bit_length()) - 1)
    keys = distance.view(np.uint64)
    keys &= ~low
    keys |= np.arange(columns, dtype=np.uint64)
    keys.sort(axis=1)
    return (keys & low).view(np.intp), float(low) * 2.0**-50
