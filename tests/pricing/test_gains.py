from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.chance import Stream
from pricing.errors import BadInput
from pricing.gains import GainCurve
from pricing.measured_gains import _falling, measured
from pricing.noises.gaussian import Gaussian

LEVELS = tuple(Fraction(i, 2) for i in range(6))
FEATURES = Stream(5, 1).normals(4_000).reshape(2_000, 2)
TARGET = 10.0 + FEATURES @ np.array([3.0, -2.0]) + Stream(6, 1).normals(2_000)


def test_a_measured_gain_is_what_the_noise_leaves() -> None:
    # y = 3a - 2b + e, all of variance 1: explained are 13 of 14 parts.  With noise s on both
    # features the best slopes shrink by 1/(1 + s²), and 13/(1 + s²) of 14 parts are left.
    curve = measured(FEATURES, TARGET, LEVELS, noise=Gaussian(), seed=1)
    for knot in curve.knots:
        assert float(knot.gain) == pytest.approx(13 / 14 / (1 + float(knot.noise) ** 2), abs=0.03)
    assert curve == measured(FEATURES, TARGET, LEVELS, noise=Gaussian(), seed=1)


def test_data_that_say_nothing_gain_nothing() -> None:
    strangers = Stream(7, 1).normals(2_000).reshape(2_000, 1)
    curve = measured(strangers, TARGET, LEVELS, noise=Gaussian(), seed=1)
    assert max(knot.gain for knot in curve.knots) < Fraction(1, 50)


def test_neighbours_are_pooled_until_nothing_rises() -> None:
    assert _falling([3.0, 1.0, 2.0]) == [3.0, 1.5, 1.5]
    assert _falling([1.0, 2.0, 6.0]) == [3.0, 3.0, 3.0]
    assert _falling([3.0, 2.0, 1.0]) == [3.0, 2.0, 1.0]


@given(st.lists(st.integers(0, 100), min_size=1, max_size=12))
def test_pooling_keeps_the_sum_and_the_order(values: list[int]) -> None:
    pooled = _falling(list(map(float, values)))
    assert pooled == sorted(pooled, reverse=True)
    assert sum(pooled) == pytest.approx(sum(values))
    # Nothing that falls already is moved, and no other falling values lie nearer (Barlow 1972):
    # a pool is the mean of what it pools.
    assert _falling(sorted(map(float, values), reverse=True)) == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (lambda: measure(FEATURES[:, 0], TARGET), "features"),
        (lambda: measure(FEATURES, TARGET[:-1]), "features"),
        (lambda: measure(FEATURES[:7], TARGET[:7]), "target: 7 rows"),
        (lambda: measure(FEATURES, np.ones(2_000)), "target: it does not vary"),
        (lambda: measure(FEATURES, TARGET * np.nan), "target: it does not vary"),
        (lambda: measure(FEATURES * np.inf, TARGET), "data"),
        (
            lambda: measured(FEATURES, TARGET, LEVELS, noise=Gaussian(), seed=1, draws=0),
            "draws",
        ),
        (
            lambda: measured(FEATURES, TARGET, LEVELS[1:], noise=Gaussian(), seed=1),
            "gain.knots: the first",
        ),
    ],
)
def test_what_cannot_be_measured_is_refused(made: Callable[[], object], named: str) -> None:
    with pytest.raises(BadInput) as refused:
        made()
    assert str(refused.value).startswith(named)


def measure(features: np.ndarray, target: np.ndarray) -> GainCurve:
    return measured(features, target, LEVELS, noise=Gaussian(), seed=1)
