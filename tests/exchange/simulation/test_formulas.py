"""The formulas behind the measures: examples worked by hand, then what holds of all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.simulation.measures.formulas import eliminated, gini, lorenz, price_levels, survival
from exchange.surveillance.concentration import herfindahl

amounts = st.lists(st.integers(0, 10**15), min_size=1, max_size=20)


def levels(rows: list[tuple[int, int, int]], periods: int) -> tuple[float | None, ...]:
    period, product, amount = (
        np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)
    )
    return price_levels(period, product, amount, periods)


@pytest.mark.parametrize(
    ("incomes", "expected"),
    [
        ([5, 5, 5], 0.0),
        ([0, 0, 0, 9], 0.75),  # one of four has everything: (n − 1) / n
        ([1, 2, 3, 4], 0.25),  # 2·(1·1+2·2+3·3+4·4)/(4·10) − 5/4
        ([0, 0], None),
        ([], None),
    ],
)
def test_gini_by_hand(incomes: list[int], expected: float | None) -> None:
    assert gini(incomes) == expected


@given(amounts, st.integers(1, 10**6))
def test_gini_lies_between_none_and_one_and_knows_no_unit(incomes: list[int], unit: int) -> None:
    found = gini(incomes)
    if found is not None:
        assert 0 <= found < 1
        assert gini([unit * income for income in incomes]) == found
        assert gini(incomes + incomes) == pytest.approx(found)  # nor a size of population


def test_lorenz_by_hand() -> None:
    assert lorenz([3, 1, 4, 2], points=4) == (0.0, 0.1, 0.3, 0.6, 1.0)
    assert lorenz([1, 3], points=4) == (0.0, 0.125, 0.25, 0.625, 1.0)  # between two people
    assert lorenz([0]) == ()


@given(amounts)
def test_gini_is_twice_what_the_curve_of_lorenz_leaves_below_equality(incomes: list[int]) -> None:
    curve = lorenz(incomes, points=len(incomes))
    if curve:
        area = sum(low + high for low, high in itertools.pairwise(curve)) / 2
        assert 1 - 2 * area / len(incomes) == pytest.approx(gini(incomes), abs=1e-9)


@pytest.mark.parametrize(
    ("sales", "expected"),
    [([7], 10_000.0), ([1, 1, 1, 1], 2_500.0), ([40, 30, 20, 10], 3_000.0), ([0], None)],
)
def test_concentration_by_hand(sales: list[int], expected: float | None) -> None:
    assert herfindahl(sales) == expected


@given(amounts, st.integers(1, 10**6))
def test_concentration_is_least_where_all_sell_alike(sales: list[int], unit: int) -> None:
    found = herfindahl(sales)
    if found is not None:
        assert 10_000 / len(sales) * (1 - 1e-12) <= found <= 10_000
        assert herfindahl([unit * sale for sale in sales]) == found


def test_survival_by_hand() -> None:
    # Six products: sold after 1, 3, 3 and 5 days; watched without a sale for 2 and 6 days.
    found = survival([1, 2, 3, 3, 5, 6], [True, False, True, True, True, False])
    # 5/6; then of four at risk two end: 5/6 · 2/4; then of two one: · 1/2.
    assert found.curve == ((1, 5 / 6), (3, 5 / 12), (5, 5 / 24))
    assert found.median == 3


def test_half_sold_is_the_median_and_less_has_none() -> None:
    assert survival([1, 2, 9, 9], [True, True, False, False]).median == 2
    assert survival([1, 9, 9], [True, False, False]).median is None
    assert survival([], []) == survival([4], [False])


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=20))
def test_without_anything_lost_from_sight_survival_is_the_share_left(
    seen: list[tuple[int, bool]],
) -> None:
    times = [time for time, _ in seen]
    found = survival(times, [True] * len(times))
    for time, share in found.curve:
        assert share == pytest.approx(sum(each > time for each in times) / len(times))


def test_one_product_is_its_own_index() -> None:
    assert levels([(1, 0, 200), (2, 0, 220), (2, 0, 260)], 4) == pytest.approx(
        (None, 1.0, 1.2, None)  # the mean of what was paid on the day
    )


def test_two_products_move_the_index_by_their_geometric_mean() -> None:
    # One rises by a fifth and one falls by a fifth: √(1.2 · 0.8).
    rows = [(0, 0, 100), (0, 1, 50), (1, 0, 120), (1, 1, 40)]
    assert levels(rows, 2) == pytest.approx((1.0, 0.96**0.5))


def test_a_product_seen_on_one_day_alone_moves_nothing() -> None:
    rows = [(0, 0, 100), (1, 0, 110)]
    assert levels([*rows, (1, 7, 9_999)], 2) == pytest.approx(levels(rows, 2))


def test_what_no_product_ties_to_the_first_day_has_no_level() -> None:
    # Day 2 shares a product with day 3 alone.
    rows = [(0, 0, 100), (1, 0, 110), (2, 5, 70), (3, 5, 80)]
    assert levels(rows, 4) == pytest.approx((1.0, 1.1, None, None))


def test_a_day_is_tied_through_others() -> None:
    rows = [(0, 0, 100), (1, 0, 110), (1, 1, 50), (2, 1, 55)]
    assert levels(rows, 3) == pytest.approx((1.0, 1.1, 1.21))


def test_what_was_given_away_moves_nothing() -> None:
    assert levels([(0, 0, 0)], 1) == (None,)


@given(
    st.lists(st.floats(0.5, 2.0), min_size=2, max_size=5),
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.data(),
)
def test_prices_that_move_together_give_their_own_move(
    moves: list[float], sizes: list[int], data: st.DataObject
) -> None:
    # Every product at its own size, every day at its own level, some sales missing.
    rows = [
        (day, product, round(10**9 * size * move))
        for product, size in enumerate(sizes)
        for day, move in enumerate(moves)
        if product == 0 or data.draw(st.booleans())
    ]
    assert levels(rows, len(moves)) == pytest.approx([move / moves[0] for move in moves], rel=1e-6)


def test_elimination_solves() -> None:
    matrix = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]])
    assert eliminated(matrix, matrix @ np.array([1.0, -2.0, 3.0])).tolist() == pytest.approx(
        [1.0, -2.0, 3.0]
    )
