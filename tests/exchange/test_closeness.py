"""Columns told less exactly: rounding and small moves are seen, instruments beside are not."""

# ruff: noqa: S311 - data is made up from seeds

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest

from exchange.closeness import ROWS_LEAST, closeness_of


def drawn(seed: int, most: float, digits: int, count: int = 128) -> list[float]:
    chance = random.Random(seed)
    return [round(chance.uniform(0, most), digits) for _ in range(count)]


HEIGHTS = drawn(1, 6, 3)
WEIGHTS = drawn(2, 9_000_000, 0)


@pytest.mark.parametrize(
    ("told", "values", "change", "most"),
    [
        ("rounded", HEIGHTS, lambda x: round(x, 1), 0.05),
        ("rounded to halves", HEIGHTS, lambda x: round(2 * x) / 2, 0.25),
        ("rounded to quarters", HEIGHTS, lambda x: round(4 * x) / 4, 0.125),
        ("rounded to thousands", WEIGHTS, lambda x: round(x, -4), 5_000),
        ("cut short", HEIGHTS, lambda x: math.floor(10 * x) / 10, 0.099),
        ("rounded up", HEIGHTS, lambda x: math.ceil(10 * x) / 10, 0.099),
    ],
)
def test_rounding_is_seen_from_either_side(
    told: str, values: list[float], change: Callable[[float], float], most: float
) -> None:
    pairs = [(x, change(x)) for x in values]
    for each in (pairs, [(y, x) for x, y in pairs]):
        found = closeness_of(each)
        assert found is not None, told
        assert found.within == pytest.approx(most, rel=0.05)
        assert all(found.fits(*pair) for pair in each)
        assert not found.fits(1.0, 1.0 + 1.1 * most)


def test_a_last_digit_that_was_moved_and_a_sliver_are_seen() -> None:
    chance = random.Random(3)
    moved = closeness_of(
        [(x, round(x + chance.choice([-0.01, 0, 0.01]), 2)) for x in drawn(8, 6, 2)]
    )
    assert moved is not None
    assert moved.within == pytest.approx(0.01, rel=0.01)
    nearly = closeness_of([(x, x + chance.randint(-900, 900)) for x in WEIGHTS])
    assert nearly is not None
    assert nearly.within < 9_000_000 / 4_096
    assert closeness_of([(x, x + chance.randint(-9_000, 9_000)) for x in WEIGHTS]) is None


@pytest.mark.parametrize("seed", range(4))
def test_another_instrument_is_not_near_and_neither_is_its_rounding(seed: int) -> None:
    chance = random.Random(seed)
    for digits in (3, 1):
        beside = [(x, round(x + chance.gauss(0, 0.01), digits)) for x in HEIGHTS]
        assert closeness_of(beside) is None


def test_nothing_is_said_of_few_rows_few_values_and_coarse_numbers() -> None:
    rounded = [(x, round(x, 1)) for x in HEIGHTS]
    assert closeness_of(rounded[:ROWS_LEAST]) is not None
    assert closeness_of(rounded[: ROWS_LEAST - 1]) is None
    assert closeness_of([*rounded[: ROWS_LEAST - 1], (math.inf, 1.0)]) is None
    assert closeness_of([(x, float(round(x))) for x in HEIGHTS]) is None  # seven values
    assert closeness_of([(x, 2.0 * round(x / 2)) for x in drawn(4, 18, 2)]) is not None
    chance = random.Random(5)
    whole = drawn(6, 22, 0)  # in which a step is much of what they vary by
    assert closeness_of([(x, x + chance.choice([-1, 0, 1])) for x in whole]) is None
    assert closeness_of([(x, round(x / 4) * 4.0 + 30) for x in HEIGHTS]) is None


def test_one_row_in_a_hundred_may_have_been_changed() -> None:
    rounded = [(x, round(x, 1)) for x in HEIGHTS]
    assert closeness_of([*rounded[:-1], (1.0, 5.0)]) is not None
    assert closeness_of([*rounded[:-4], *[(1.0, 5.0)] * 4]) is None


def test_numbers_far_from_zero_are_told_by_what_they_differ_by() -> None:
    far = [(x, round(x, 1)) for x in (4_000_000 + each for each in HEIGHTS)]
    found = closeness_of(far)
    assert found is not None
    assert found.within == pytest.approx(0.05, rel=0.05)
    assert closeness_of([(x, x + 0.5 * (i % 3)) for i, (x, _) in enumerate(far)]) is None


def test_numbers_without_a_step_are_near_by_a_sliver_alone() -> None:
    chance = random.Random(9)
    exact = [chance.uniform(0, 6) for _ in range(128)]
    assert closeness_of([(x, x + chance.uniform(-1e-3, 1e-3)) for x in exact]) is not None
    assert closeness_of([(x, x + chance.uniform(-1e-2, 1e-2)) for x in exact]) is None
    # A step of half of what most of them vary by says nothing.
    skew = [chance.gauss(0, 1) ** 3 for _ in range(128)]
    assert closeness_of([(x, float(round(x))) for x in skew]) is None
    assert closeness_of([(x, round(x, 1)) for x in skew]) is not None
