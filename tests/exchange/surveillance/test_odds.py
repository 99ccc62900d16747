"""How likely chance alone would have been."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.surveillance.odds import binomial_tail, normal_above, sum_tail, surprise


@pytest.mark.parametrize(
    ("least", "count", "share", "expected"),
    [
        (0, 5, 0.1, 1.0),
        (6, 5, 0.9, 0.0),
        (2, 2, 0.5, 0.25),
        (1, 3, 0.5, 0.875),
        (3, 4, 0.2, 4 * 0.008 * 0.8 + 0.0016),
        (500, 500, 0.1, 1e-300),  # far out, where 1 − P(X < least) would be lost
    ],
)
def test_binomial_tails_by_hand(least: int, count: int, share: float, expected: float) -> None:
    assert binomial_tail(least, count, share) == pytest.approx(expected, rel=1e-9, abs=1e-299)


def test_a_sum_of_unlike_chances_by_hand() -> None:
    # Both of 1/2 and 1/3; at least one: 1 − 1/2 · 2/3.
    assert sum_tail(2, [1 / 2, 1 / 3]) == pytest.approx(1 / 6)
    assert sum_tail(1, [1 / 2, 1 / 3]) == pytest.approx(2 / 3)
    assert sum_tail(3, [1 / 2, 1 / 3]) == 0


@given(st.integers(0, 12), st.integers(0, 12), st.floats(0.01, 0.99))
def test_alike_chances_add_up_to_the_binomial(least: int, count: int, share: float) -> None:
    assert sum_tail(least, [share] * count) == pytest.approx(binomial_tail(least, count, share))


def test_the_normal_tail_and_surprise() -> None:
    assert normal_above(1.959963984540054) == pytest.approx(0.025)
    assert surprise(1e-3) == pytest.approx(3)
    assert surprise(0.0) == 300
    assert math.isclose(normal_above(0), 0.5)
