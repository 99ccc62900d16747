"""Columns in other units: the map is told, and numbers of strangers lie on none."""

# ruff: noqa: S311 - data is made up from seeds

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exchange.conversion import FITTING, ROWS_LEAST, conversion_of


def _drawn(seed: int, most: float) -> list[float]:
    chance = random.Random(seed)
    return [chance.uniform(0, most) for _ in range(128)]


HEIGHTS = [round(each, 2) for each in _drawn(1, 6)]
SPEEDS = [round(each, 1) for each in _drawn(2, 40)]


@pytest.mark.parametrize(
    ("told", "values", "factor", "offset", "digits"),
    [
        ("metres in centimetres", HEIGHTS, 100, 0, 0),
        ("metres in feet", HEIGHTS, 3.28084, 0, 2),
        ("°C in K", SPEEDS, 1, 273.15, 2),
        ("°C in °F", SPEEDS, 1.8, 32, 2),
        ("knots in m/s", SPEEDS, 0.514444, 0, 2),
        ("depth as height", HEIGHTS, -1, 0, 2),
        ("another datum", HEIGHTS, 1, -2.37, 2),
    ],
)
def test_a_unit_is_told(
    told: str, values: list[float], factor: float, offset: float, digits: int
) -> None:
    found = conversion_of([(x, round(factor * x + offset, digits)) for x in values])
    assert found is not None, told
    assert found.factor == pytest.approx(factor, rel=0.01)
    assert found.offset == pytest.approx(offset, abs=0.02)


def test_the_plainest_of_maps_is_told() -> None:
    celsius = [(x, round(x + 273.15, 2)) for x in SPEEDS]
    found = conversion_of(celsius)
    assert found is not None
    assert (found.factor, found.offset, found.words) == (1.0, 273.15, "1 × x + 273.15")


def test_cells_that_were_changed_do_not_hide_the_map() -> None:
    chance = random.Random(3)
    pairs = [(x, 100 * x + 50 * (chance.random() < 0.05)) for x in HEIGHTS]
    found = conversion_of(pairs)
    assert found is not None
    assert found.factor == 100
    assert sum(found.fits(*pair) for pair in pairs) == sum(y == 100 * x for x, y in pairs)


@pytest.mark.parametrize("difference", [0.02, 0.05, 0.5])
def test_two_instruments_at_one_place_are_not_one_in_other_units(difference: float) -> None:
    chance = random.Random(4)
    beside = [(x, round(x + chance.gauss(0, difference), 2)) for x in HEIGHTS]
    assert conversion_of(beside) is None


@pytest.mark.parametrize(
    ("what", "pairs"),
    [
        ("few rows", [(x, 100 * x) for x in HEIGHTS[: ROWS_LEAST - 1]]),
        ("few values", [(i % 5, i % 5 + 1) for i in range(128)]),
        ("one value", [(x, 7.0) for x in HEIGHTS]),
        ("coarse rounding", [(x, round(x / 2)) for x in HEIGHTS]),
        ("no numbers", [(math.inf, x) for x in HEIGHTS]),
        ("a curve", [(x, round(x * x, 2)) for x in HEIGHTS]),
    ],
)
def test_nothing_is_told_of_what_lies_on_a_line_by_chance_or_on_none(
    what: str, pairs: list[tuple[float, float]]
) -> None:
    assert conversion_of(pairs) is None, what


numbers = st.lists(st.integers(-5_000, 5_000), min_size=40, max_size=80, unique=True)


@given(
    numbers,
    st.integers(1, 4_000).map(lambda n: Decimal(n) / 100),
    st.sampled_from([1, -1]),
    st.integers(-30_000, 30_000).map(lambda n: Decimal(n) / 100),
)
@settings(max_examples=150, deadline=None)
def test_every_line_is_found_from_either_side_whatever_the_order(
    values: list[int], size: Decimal, sign: int, offset: Decimal
) -> None:
    factor = sign * size
    plain = [Decimal(value) / 100 for value in values]
    moved = [round(factor * value + offset, 3) for value in plain]
    spread = sorted(moved)[-1 - len(moved) // 10] - sorted(moved)[len(moved) // 10]
    assume(spread > 1)
    pairs = [(float(x), float(y)) for x, y in zip(plain, moved, strict=True)]
    found, back = conversion_of(pairs), conversion_of([(y, x) for x, y in pairs])
    assert found is not None
    assert back is not None
    assert sum(found.fits(*pair) for pair in pairs) >= FITTING * len(pairs)
    assert math.isclose(found.factor * back.factor, 1, rel_tol=0.05)
    assert conversion_of(pairs[::-1]) == found


@given(st.integers(0, 10**9), st.integers(20, 128))
@settings(max_examples=150, deadline=None)
def test_no_line_is_found_between_strangers(seed: int, rows: int) -> None:
    chance = random.Random(seed)
    pairs = [(chance.gauss(10, 3), chance.gauss(10, 3)) for _ in range(rows)]
    assert conversion_of([(round(x, 2), round(y, 2)) for x, y in pairs]) is None
