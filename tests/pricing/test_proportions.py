from __future__ import annotations

import math
import random
from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pricing.errors import BadInput
from pricing.proportions import PLACES, levelled, weights_of

amounts = st.floats(0, 1e300) | st.floats(0, 1)


def test_fractions_keep_their_proportion_exactly() -> None:
    values = (Fraction(1, 3), Fraction(1, 6), Fraction(0))
    assert levelled(values) == values
    assert weights_of(values) == (2, 1, 0)


def test_floats_keep_it_to_15_places() -> None:
    assert weights_of([2 / 3, 1 / 6, 1 / 6]) == (666666666666667, 166666666666667, 166666666666667)
    assert weights_of([1e300, 1e300, 0.0]) == (PLACES // 2, PLACES // 2, 0)
    assert weights_of([5e-324]) == (PLACES,)
    assert weights_of([0.0, 0.0]) == (0, 0)


def test_what_differs_by_rounding_alone_is_equal() -> None:
    # 0.1 + 0.2 is not 0.3, and it is nobody's gain.
    even = levelled([0.3, 0.1 + 0.2, 0.4, -1e-17])
    assert even == (even[1], even[1], 0.4, 0.0)
    assert math.isclose(even[0], 0.3)
    apart = [1.0, 1.0 + 1e-9, 1e-9]
    assert levelled(apart) == tuple(apart)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_divides_nothing(value: float) -> None:
    with pytest.raises(BadInput, match="no finite number"):
        levelled([1.0, value])
    with pytest.raises(BadInput, match="too large"):
        levelled([1.7e308, 1.7e308])


def test_the_least_numbers_there_are_are_levelled_to_themselves() -> None:
    assert levelled([5e-324, 5e-324]) == (5e-324, 5e-324)
    assert levelled([1e-323] * 3) == (1e-323,) * 3
    assert weights_of(levelled([5e-324, 5e-324])) == (PLACES // 2, PLACES // 2)


@given(st.lists(amounts, min_size=1, max_size=20).filter(any), st.randoms())
@example([5e-324, 5e-324], random.Random(0))  # noqa: S311 - the order of a test
def test_order_changes_no_weight(values: list[float], chance: random.Random) -> None:
    places = list(range(len(values)))
    chance.shuffle(places)
    try:
        weights = weights_of(levelled(values))
        moved = weights_of(levelled([values[i] for i in places]))
    except BadInput:
        assert sum(value / 1e300 for value in values) > 1
        return
    assert moved == tuple(weights[i] for i in places)
    assert abs(sum(weights) - PLACES) <= len(values)
    assert all(weights[i] == weights[j] for i in places for j in places if values[i] == values[j])
