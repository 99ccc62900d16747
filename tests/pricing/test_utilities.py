from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import UtilityContract
from pricing.errors import BadInput
from pricing.games import Utility
from pricing.games.additive import Additive
from pricing.games.airport import Airport
from pricing.games.coverage import Coverage
from pricing.games.glove import Glove, Hand
from pricing.games.ridge import Ridge, Score, Sums
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.marginals import Marginals, banzhaf_weight, shapley_weight
from pricing.marginals.exactly import exactly
from pricing.marginals.route import shapley_values


def fractions(*texts: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(text) for text in texts)


def normalised(values: tuple[Fraction, ...] | tuple[float, ...]) -> list[Fraction]:
    return [Fraction(value) / Fraction(sum(values)) for value in values]


class TestWeightedVoting(UtilityContract):
    utility = WeightedVoting(12, (4, 4, 4, 2, 2, 1, 0))


class TestDictator(UtilityContract):
    utility = WeightedVoting(1, (1,))


class TestVotingWithoutQuota(UtilityContract):
    utility = WeightedVoting(0, (2, 1))


class TestAdditive(UtilityContract):
    utility = Additive(fractions("1/3", "2", "-1/7", "0"))


class TestAirport(UtilityContract):
    utility = Airport(fractions("8", "11", "13", "18", "13", "0"))


class TestGlove(UtilityContract):
    utility = Glove((Hand.LEFT, Hand.RIGHT, Hand.RIGHT, Hand.LEFT, Hand.RIGHT))


class TestOneHand(UtilityContract):
    utility = Glove((Hand.LEFT,))


class TestTable(UtilityContract):
    utility = Table((0.0, 0.1, 0.2, 0.3, 0.1, 0.7, 0.4, 0.9))


class TestCoverage(UtilityContract):
    utility = Coverage(((0, 1), (1, 2, 2), (2,), ()), fractions("1", "1/2", "3"))


class TestUnweightedCoverage(UtilityContract):
    utility = Coverage(((0, 1), (1, 4)))


# Two sellers measure y = 1 + 2 x exactly, a third with the sign reversed.
LINE = [([[1.0, x] for x in xs], [1 + 2 * x for x in xs]) for xs in ((0, 1), (2, 3, 4), (5, 6, 7))]
SELLERS = (Sums.of(*LINE[0]), Sums.of(*LINE[1]), Sums.of(LINE[2][0], [-y for y in LINE[2][1]]))
BUYER = Sums.of(*LINE[2])


class TestRidge(UtilityContract):
    utility = Ridge(SELLERS, BUYER, penalty=0.5)


class TestRidgeByError(UtilityContract):
    utility = Ridge(SELLERS, BUYER, penalty=1e-9, score=Score.NEGATIVE_MSE)


def test_the_six_of_1958() -> None:
    # The Council of the European Economic Community, 12 of 17 votes: Shapley and Shubik's index
    # is 14/60, 9/60 and nothing for Luxembourg, Banzhaf's 5/21, 3/21 and nothing (Brams and
    # Affuso 1976).
    council = WeightedVoting(12, (4, 4, 4, 2, 2, 1))
    assert shapley_values(council)[0] == fractions("14/60", "14/60", "14/60", "9/60", "9/60", "0")
    power = Marginals.counted(council.added() or (), how="").semivalue(banzhaf_weight)
    assert normalised(power) == list(fractions("5/21", "5/21", "5/21", "3/21", "3/21", "0"))


def test_the_security_council() -> None:
    # Five vetoes and nine of fifteen votes, which is 39 with 7 and 1: 421/2145 and 4/2145 of
    # Shapley and Shubik's index, 106/635 and 21/1270 of Banzhaf's (Straffin 1983).
    council = WeightedVoting(39, (7,) * 5 + (1,) * 10)
    assert Counter(shapley_values(council)[0]) == {Fraction(421, 2145): 5, Fraction(4, 2145): 10}
    power = Marginals.counted(council.added() or (), how="").semivalue(banzhaf_weight)
    assert Counter(normalised(power)) == {Fraction(106, 635): 5, Fraction(21, 1270): 10}


def test_the_electoral_college() -> None:
    # 51 voters, 538 votes: the values of Owen 1975, as in Castro, Gómez and Tejada 2009, section 4.
    states: dict[int, int] = {
        45: 1,
        41: 1,
        27: 1,
        26: 2,
        25: 1,
        21: 1,
        17: 2,
        14: 1,
        13: 2,
        12: 3,
        11: 1,
        10: 4,
    }
    states |= {9: 4, 8: 2, 7: 4, 6: 4, 5: 1, 4: 9, 3: 7}
    votes = tuple(weight for weight, how_many in states.items() for _ in range(how_many))
    assert (len(votes), sum(votes)) == (51, 538)
    values, how = shapley_values(WeightedVoting(270, votes))
    found: dict[int, Fraction | float] = dict(zip(votes, values, strict=True))
    published = {45: 0.08831, 41: 0.07973, 27: 0.05096, 26: 0.04898, 25: 0.047, 21: 0.03917}
    published |= {17: 0.03147, 14: 0.02577, 13: 0.02388, 12: 0.022, 11: 0.02013, 10: 0.01827}
    published |= {
        9: 0.01641,
        8: 0.01456,
        7: 0.01272,
        6: 0.01088,
        5: 0.00905,
        4: 0.00723,
        3: 0.00541,
    }
    assert {weight: round(float(value), 5) for weight, value in found.items()} == published
    assert (sum(values), how) == (1, "in closed form")


def test_the_runway_is_paid_by_those_who_need_it() -> None:
    # Littlechild and Owen 1973, with the stretches of the textbook example.
    game = Airport(fractions("8", "11", "13", "18"))
    assert shapley_values(game) == (fractions("2", "3", "4", "9"), "in closed form")
    assert Airport(fractions("5", "5", "5")).shapley() == (Fraction(5, 3),) * 3


def test_the_scarce_glove_takes_two_thirds() -> None:
    # Shapley and Shubik 1969.
    game = Glove((Hand.LEFT, Hand.RIGHT, Hand.RIGHT))
    assert shapley_values(game)[0] == fractions("2/3", "1/6", "1/6")


def test_unanimity_and_majority() -> None:
    assert shapley_values(WeightedVoting(4, (1, 1, 1, 1)))[0] == (Fraction(1, 4),) * 4
    assert shapley_values(WeightedVoting(3, (2, 1, 1, 1)))[0] == fractions("1/2", *["1/6"] * 3)
    assert shapley_values(WeightedVoting(5, (1, 1)))[0] == (0, 0)


def test_what_two_cover_is_shared_by_both_and_only_once() -> None:
    game = Coverage(((0, 1), (1,), (1, 1)), fractions("6", "3"))
    assert shapley_values(game)[0] == fractions("7", "1", "1")


@given(st.lists(st.integers(0, 20), min_size=1, max_size=7), st.integers(0, 60))
@settings(deadline=None)
def test_carried_votes_are_counted_as_by_asking_everyone(weights: list[int], quota: int) -> None:
    game = WeightedVoting(quota, tuple(weights))
    asked = exactly(game)
    assert asked is not None
    assert asked.added == game.added()


def test_weights_too_large_to_count_by_are_told() -> None:
    assert WeightedVoting(10**9, (10**9, 1)).added() is None


def test_a_model_is_worth_its_score() -> None:
    game = Ridge(SELLERS, BUYER, penalty=1e-9)
    assert game.value(0b011) == pytest.approx(1, abs=1e-6)
    assert game.value(0b100) < -1
    # Nobody's model predicts zero: 1 − Σ y² / Σ (y − ȳ)² with y = 11, 13, 15.
    assert game.value(0) == pytest.approx(1 - (11**2 + 13**2 + 15**2) / 8)
    squares = Ridge(SELLERS, BUYER, penalty=1e-9, score=Score.NEGATIVE_MSE)
    assert squares.value(0) == pytest.approx(-(11**2 + 13**2 + 15**2) / 3)


def test_a_coalitions_model_is_that_of_its_pooled_rows() -> None:
    pooled = np.array(LINE[0][0] + LINE[1][0]), np.array(LINE[0][1] + LINE[1][1])
    model = np.linalg.solve(0.5 * np.eye(2) + pooled[0].T @ pooled[0], pooled[0].T @ pooled[1])
    rows, target = np.array(LINE[2][0]), np.array(LINE[2][1])
    wrong = ((target - rows @ model) ** 2).sum() / ((target - target.mean()) ** 2).sum()
    assert Ridge(SELLERS, BUYER, penalty=0.5).value(0b011) == pytest.approx(1 - wrong)


def test_a_large_batch_is_solved_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    game, masks = Ridge(SELLERS, BUYER), np.arange(8, dtype=np.uint64)
    at_once = game.batch(masks)
    monkeypatch.setattr("pricing.games.ridge._AT_ONCE", 7)
    assert (game.batch(masks) == at_once).all()


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: WeightedVoting(-1, (1,)), "quota"),
        (lambda: WeightedVoting(1, (1, -1)), "weights"),
        (lambda: WeightedVoting(1, (2**52, 2**52)), "weights"),
        (lambda: Airport(fractions("1", "-1")), "costs"),
        (lambda: Table((0.0, 1.0, 2.0)), "scores: 3"),
        (lambda: Table((0.0,)), "scores: 1"),
        (lambda: Table((0.0, math.nan)), "scores"),
        (lambda: Coverage(((-1,),)), "covers"),
        (lambda: Coverage(((1,),), fractions("1")), "thing 1 has no weight"),
        (lambda: Ridge(SELLERS, BUYER, penalty=0.0), "penalty"),
        (lambda: Ridge(SELLERS, BUYER, penalty=math.nan), "penalty"),
        (lambda: Ridge(SELLERS, Sums(0, ((1.0,),), (1.0,), 1.0, 1.0)), "no rows"),
        (lambda: Ridge(SELLERS, Sums.of([[1.0, 0.0]] * 2, [3.0, 3.0])), "does not vary"),
        (lambda: Ridge(SELLERS, Sums.of([[1.0], [2.0]], [1.0, 3.0])), "as many features"),
        (lambda: Sums(1, ((1.0, 2.0),), (1.0,), 1.0, 1.0), "xx"),
        (lambda: Sums(1, ((1.0,),), (math.inf,), 1.0, 1.0), "finite"),
        (lambda: Sums(-1, ((1.0,),), (1.0,), 1.0, 1.0), "rows"),
        (lambda: Sums.of([[1.0]], [1.0, 2.0]), "features"),
    ],
)
def test_a_game_outside_its_domain_is_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        build()


GAMES: tuple[Utility, ...] = (TestTable.utility, TestGlove.utility, TestWeightedVoting.utility)


@pytest.mark.parametrize("game", GAMES, ids=lambda game: type(game).__name__)
def test_values_sum_to_what_all_are_worth(game: Utility) -> None:
    values, _ = shapley_values(game)
    everybody = float(game.value((1 << game.players) - 1))
    assert math.fsum(values) == pytest.approx(everybody - float(game.value(0)))


@given(st.lists(st.integers(-9, 9), min_size=16, max_size=16), st.integers(-3, 3))
@settings(deadline=None)
def test_values_are_linear_in_the_game(scores: list[int], factor: int) -> None:
    one = Table(tuple(map(float, scores)))
    other = Table(tuple(float(mask % 5) for mask in range(16)))
    both = zip(one.scores, other.scores, strict=True)
    mixed = Table(tuple(factor * a + b for a, b in both))
    first, second, third = (np.array(shapley_values(game)[0]) for game in (one, other, mixed))
    assert third == pytest.approx(factor * first + second)


def test_of_one_player_there_is_no_doubt() -> None:
    assert shapley_values(Table((0.0, 0.3)))[0] == (0.3,)
    assert Marginals(((3,),), 10, exact=True, how="").semivalue(shapley_weight) == fractions("3/10")
