from __future__ import annotations

import math
import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import UtilityContract
from pricing.errors import BadInput
from pricing.games import knn as module
from pricing.games import nearest
from pricing.games.knn import Knn, Point
from pricing.games.nearest import Measure, Neighbourhood, exact_values, point_values
from pricing.games.sampling import sampled_shapley
from pricing.money import Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase
from pricing.sharing.knn_points import KnnPoints
from pricing.sharing.shapley import ExactShapley
from pricing.wire import from_wire, to_wire
from tests.pricing.games import enumerated


def line(*labelled: tuple[float, str]) -> tuple[Point, ...]:
    return tuple(Point((float(at),), label) for at, label in labelled)


def own(points: tuple[Point, ...], tests: tuple[Point, ...], k: int, measure: Measure) -> Knn:
    return Knn(points, tuple(range(len(points))), tests, len(points), k, measure)


class TestKnnContract(UtilityContract):
    utility = Knn(
        line((1, "a"), (-2, "b"), (3, "a"), (3, "c"), (-5, "a")),
        (0, 1, 0, 2, 2),
        line((0, "a"), (4, "c")),
        players=3,
        k=2,
        measure=Measure.OF_FOUND,
    )


class TestKnnOfPointsContract(UtilityContract):
    utility = own(line((1, "a"), (-2, "b"), (3, "a")), line((0, "a")), 2, Measure.OF_FOUND)


def by_hand(game: Knn, mask: int) -> Fraction:
    """What the measure says, asked one test point and one distance at a time."""
    classes = len({point.label for point in (*game.points, *game.tests)})
    total = Fraction(0)
    for test in game.tests:
        held = [i for i, seller in enumerate(game.sellers) if mask >> seller & 1]
        near = sorted(held, key=lambda i: (math.dist(game.points[i].features, test.features), i))
        right = sum(game.points[i].label == test.label for i in near[: game.k])
        if game.measure is Measure.OF_K:
            total += Fraction(right, game.k)
        elif held:
            total += Fraction(right, min(game.k, len(held)))
        else:
            total += Fraction(1, classes)
    return total / len(game.tests)


def test_three_points_on_a_line() -> None:
    # Jia et al. 2019, Theorem 1 by hand: nearest to farthest match, miss, match; K = 1.
    # s_3 = 1/3, s_2 = 1/3 − 1/2 = −1/6, s_1 = −1/6 + 1 = 5/6; together v(all) = 1.
    game = own(line((1, "a"), (2, "b"), (3, "a")), line((0, "a")), 1, Measure.OF_K)
    assert game.shapley() == (Fraction(5, 6), Fraction(-1, 6), Fraction(1, 3))


def test_one_point_is_worth_what_it_changes() -> None:
    points, tests = line((1, "a")), line((0, "a"))
    assert own(points, tests, 3, Measure.OF_K).shapley() == (Fraction(1, 3),)
    two = line((0, "a"), (0, "b"))
    assert own(points, two, 3, Measure.OF_FOUND).shapley() == (Fraction(0),)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("k", [1, 2, 4, 5, 6, 9])
def test_the_closed_form_is_enumeration_for_any_k(k: int, measure: Measure) -> None:
    points = line((1, "a"), (-2, "b"), (3, "a"), (3, "c"), (-5, "a"))
    tests = line((0, "a"), (4, "c"), (-6, "b"))
    game = own(points, tests, k, measure)
    exact = enumerated(5, game.value)
    assert game.shapley() == exact
    assert abs(game.by_point() - np.array(exact, dtype=float)).max() <= 1e-12


def test_of_points_equally_far_the_earlier_is_the_nearer() -> None:
    points = line((1, "a"), (-1, "b"), (1, "c"))
    game = own(points, line((0, "a")), 1, Measure.OF_K)
    assert [game.value(mask) for mask in (1, 2, 3, 6, 7)] == [1, 0, 1, 0, 1]
    back = own(points[::-1], line((0, "a")), 1, Measure.OF_K)
    assert back.value(7) == 0
    assert back.shapley() == enumerated(3, back.value)


coordinates = st.integers(-3, 3).map(float)
labels = st.sampled_from("ab")


@given(st.data(), st.integers(1, 4), st.integers(1, 7), st.sampled_from(Measure))
@settings(max_examples=60, deadline=None)
def test_however_it_is_asked_a_coalition_is_worth_what_the_measure_says(
    data: st.DataObject, players: int, k: int, measure: Measure
) -> None:
    point = st.builds(Point, st.tuples(coordinates, coordinates), labels)
    points = tuple(data.draw(st.lists(point, min_size=1, max_size=7)))
    tests = tuple(data.draw(st.lists(point, min_size=1, max_size=3)))
    sellers = tuple(data.draw(st.integers(0, players - 1)) for _ in points)
    game = Knn(points, sellers, tests, players, k, measure)
    exact = [by_hand(game, mask) for mask in range(2**players)]
    worths = np.array(exact, dtype=float)
    assert [game.value(mask) for mask in range(2**players)] == exact
    assert game.batch(np.arange(2**players, dtype=np.uint64)) == pytest.approx(worths, abs=1e-15)
    assert game.block(0, players) == pytest.approx(worths, abs=1e-15)
    halves = [game.block(high, players - 1) for high in (0, 1)]
    assert np.concatenate(halves) == pytest.approx(worths, abs=1e-15)
    order = data.draw(st.permutations(range(players)))
    prefixes = [sum(1 << i for i in order[:length]) for length in range(players + 1)]
    found = game.prefixes(np.array([order]))[0]
    assert found == pytest.approx(worths[prefixes], abs=1e-15)
    assert sum(game.by_point()) == pytest.approx(worths[-1] - worths[0], abs=1e-12)


def test_a_block_too_large_is_put_together_from_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    points = line((1, "a"), (2, "b"), (3, "a"), (4, "a"))
    game = own(points, line((0, "a"), (5, "b")), 2, Measure.OF_FOUND)
    whole = game.block(0, 4)
    monkeypatch.setattr(module, "BLOCK_BYTES", 20)
    assert game.block(0, 4).tolist() == whole.tolist()


def cloud(n: int, tests: int, features: int, scale: float = 1.0) -> Neighbourhood:
    chance = np.random.default_rng(7)  # test data, not a price
    table = chance.normal(size=(n + tests, features)) * scale
    numbers = chance.integers(0, 3, n + tests)
    return Neighbourhood(table[:n], numbers[:n], table[n:], numbers[n:])


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("packed", [2**13, 0])
def test_the_quick_way_is_the_exact_one(
    measure: Measure, packed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "PACKED", packed)
    points = cloud(90, 25, 4)
    exact = np.array(exact_values(points, 5, measure), dtype=float)
    assert abs(point_values(points, 5, measure) - exact).max() <= 1e-12


@pytest.mark.parametrize("packed", [2**13, 0])
def test_what_products_round_is_measured_again(
    packed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Far from the origin a product of matrices loses all that tells these points apart, and
    # repeated points are apart by nothing.
    monkeypatch.setattr(nearest, "PACKED", packed)
    near = cloud(40, 10, 3, 1e-6)
    twice = Neighbourhood(
        np.concatenate((near.features, near.features)) + 1e6,
        np.concatenate((near.labels, 1 - near.labels)),
        near.test_features + 1e6,
        near.test_labels,
    )
    exact = np.array(exact_values(twice, 3, Measure.OF_K), dtype=float)
    assert abs(point_values(twice, 3, Measure.OF_K) - exact).max() <= 1e-12


def test_distances_alike_in_the_bits_that_are_sorted_are_measured_again() -> None:
    # First and last differ by 10^-13, which 4,000 places in the lowest bits of a double hide.
    others = np.linspace(2.0, 3.0, 3_998)
    features = np.concatenate(([1.0 + 1e-13], others, [1.0]))[:, None]
    labels = np.zeros(4_000, dtype=np.intp)
    labels[0] = 1
    points = Neighbourhood(features, labels, np.zeros((1, 1)), np.array([1]))
    values = point_values(points, 1, Measure.OF_K)
    # The match stands second: s_2 = 1/2, s_1 = s_2 − 1.
    assert values[0] - values[-1] == pytest.approx(1.0)
    assert values[0] == pytest.approx(0.5)


def test_chunks_sum_to_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    points = cloud(50, 20, 3)
    whole = point_values(points, 3, Measure.OF_K)
    monkeypatch.setattr(nearest, "CHUNK", 300)
    monkeypatch.setattr(nearest, "BLOCK", 100)
    assert point_values(points, 3, Measure.OF_K) == pytest.approx(whole, abs=1e-15)


def test_sellers_of_several_points_are_sampled_within_the_error() -> None:
    points, tests = (
        line(*zip(chance, "abab" * 5, strict=True))
        for chance in np.random.default_rng(3).normal(size=(2, 20)).tolist()
    )
    game = Knn(points, tuple(i % 5 for i in range(20)), tests, 5, 3)
    exact = np.array(enumerated(5, game.value), dtype=float)
    found = sampled_shapley(game, orders=3_000, seed=1)
    assert game.shapley() is None
    assert (abs(found.values - exact) <= 5 * found.errors + 1e-12).all()
    # The sum of a seller's points is another division of the same whole.
    sums = np.bincount(game.sellers, game.by_point())
    assert sums.sum() == pytest.approx(exact.sum())
    assert abs(sums - exact).max() > 1e-3


def test_many_points_have_their_values_as_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    game = own(line((1, "a"), (2, "b"), (3, "a")), line((0, "a")), 1, Measure.OF_K)
    monkeypatch.setattr(module, "EXACT_MAX", 2)
    values = game.shapley()
    assert values is not None
    assert [float(value) for value in values] == pytest.approx([5 / 6, -1 / 6, 1 / 3], abs=1e-12)


def test_a_game_is_recorded_by_its_points_and_replays() -> None:
    game = Knn(line((1, "a"), (2, "b"), (9, "a")), (0, 0, 1), line((0, "a"), (8, "a")), 2, 1)
    assert from_wire(Knn, to_wire(game)) == game
    assert pickle.loads(pickle.dumps(game)).value(3) == game.value(3) == 1  # noqa: S301
    case = SharingCase(Money(100), (Owner("near"), Owner("far")), game=game)
    allocation, record = recorded(ExactShapley(), case)
    assert [share.part.minor for share in allocation.shares] == [25, 75]
    assert replay(record) is Replayed.BIT_FOR_BIT


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"k": 0}, "k"),
        ({"players": 0}, "players"),
        ({"sellers": (0,)}, "sellers: 1 for 2"),
        ({"sellers": (0, 2)}, "sellers: 2 is none"),
        ({"sellers": (0, -1)}, "sellers"),
        ({"tests": ()}, "tests"),
        ({"points": (Point((1.0,), "a"), Point((1.0, 2.0), "b"))}, "points"),
        ({"points": (Point((1.0, 1.0), "a"), Point((1.0, 2.0), "b"))}, "features"),
    ],
)
def test_a_game_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    fields: dict[str, Any] = {
        "points": line((1, "a"), (2, "b")),
        "sellers": (0, 1),
        "tests": line((0, "a")),
        "players": 2,
    }
    with pytest.raises(BadInput, match=named):
        Knn(**(fields | change))


@pytest.mark.parametrize("feature", [math.nan, math.inf, 1, "1"])
def test_a_feature_is_a_finite_double(feature: Any) -> None:
    with pytest.raises(BadInput, match="no finite double"):
        Point((feature,), "a")


@pytest.mark.parametrize("feature", [1e101, -1.7e308])
def test_a_feature_whose_squares_overflow_is_refused_and_makes_no_tie(feature: float) -> None:
    with pytest.raises(BadInput, match=r"^features: .* beyond 1e\+100"):
        Point((0.0, feature), "a")


def test_arrays_that_do_not_fit_are_refused() -> None:
    points = cloud(4, 2, 3)
    with pytest.raises(BadInput, match="4 points and 2 labels"):
        Neighbourhood(points.features, points.test_labels, points.features, points.labels)
    with pytest.raises(BadInput, match="table"):
        Neighbourhood(points.features[0], points.labels, points.features, points.labels)


def test_shares_by_points_sum_the_points_values_by_seller() -> None:
    # The three points of the example above, the last two of one seller: 5/6 and 1/6.
    game = Knn(line((1, "a"), (2, "b"), (3, "a")), (0, 1, 1), line((0, "a")), 2, 1)
    case = SharingCase(Money(600), (Owner("one"), Owner("two")), game=game)
    allocation, record = recorded(KnnPoints(), case)
    assert [share.part.minor for share in allocation.shares] == [500, 100]
    assert replay(record) is Replayed.BIT_FOR_BIT
    # The sellers' own game divides otherwise: either has a match, the nearest decides.
    assert ExactShapley().allocate(case).shares[0].part == Money(600)


def test_shares_by_points_need_the_game_of_points() -> None:
    with pytest.raises(BadInput, match="need the game `knn`"):
        KnnPoints().allocate(SharingCase(Money(1), (Owner("a"),), lambda _: 1))
