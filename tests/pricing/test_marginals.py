from __future__ import annotations

import itertools
import math
import pickle
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from pricing.errors import BadInput
from pricing.executors import executing
from pricing.games import Utility
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.marginals import Marginals, banzhaf_weight, beta_weight, route, shapley_weight
from pricing.marginals.exactly import exactly
from pricing.marginals.streamed import streamed
from tests.pricing.asked import Asked


@dataclass(frozen=True, slots=True)
class Broken:
    """Fails at one coalition."""

    players: int = 3

    def value(self, mask: int) -> int:
        if mask == 5:
            raise ZeroDivisionError("no model came out")
        return mask


@dataclass(frozen=True, slots=True)
class Unlimited:
    """Answers in blocks; every coalition is worth the same, if that."""

    players: int = 2
    worth: float = math.nan

    def value(self, mask: int) -> float:
        return self.worth if mask else 0.0

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        block = np.full(1 << low_bits, self.worth)
        block[0] *= high > 0
        return block


def counted(game: Utility) -> list[list[Fraction]]:
    """Go through every coalition and every player outside it: the definition itself."""
    n = game.players
    added = [[Fraction(0)] * n for _ in range(n)]
    for mask, i in itertools.product(range(1 << n), range(n)):
        if not mask >> i & 1:
            gain = Fraction(game.value(mask | 1 << i)) - Fraction(game.value(mask))
            added[i][mask.bit_count()] += gain
    return added


def as_fractions(marginals: Marginals) -> list[list[Fraction]]:
    return [[Fraction(one, marginals.denominator) for one in row] for row in marginals.added]


def test_three_voters_of_whom_one_is_large() -> None:
    # Quota 51 of 50, 49 and 1 (Shapley and Shubik 1954): the large one joins either of the others
    # or both with effect, each of these joins it alone.
    game = WeightedVoting(51, (50, 49, 1))
    expected = ((0, 2, 1), (0, 1, 0), (0, 1, 0))
    assert game.added() == expected
    for found in (streamed(game), exactly(game)):
        assert found is not None
        assert (found.added, found.denominator) == (expected, 1)
    assert route.shapley_values(game) == (
        tuple(map(Fraction, ("2/3", "1/6", "1/6"))),
        "in closed form",
    )


@given(st.integers(1, 5), st.data())
@settings(max_examples=30, deadline=None)
def test_the_sums_are_those_of_the_definition(n: int, data: st.DataObject) -> None:
    worths = st.fractions(max_denominator=12)
    game = Asked(tuple(data.draw(st.lists(worths, min_size=2**n, max_size=2**n))))
    found = exactly(game)
    assert found is not None
    assert as_fractions(found) == counted(game)


@given(st.integers(1, 6), st.data())
@settings(max_examples=30, deadline=None)
def test_sums_of_floats_are_right_but_for_rounding(n: int, data: st.DataObject) -> None:
    worths = st.floats(-1e6, 1e6)
    game = Table(tuple(data.draw(st.lists(worths, min_size=2**n, max_size=2**n))))
    found = streamed(game)
    assert not found.exact
    largest = 2**n * max(map(abs, game.scores))
    for row, sums in zip(as_fractions(found), counted(game), strict=True):
        assert all(abs(a - b) <= 1e-15 * largest for a, b in zip(row, sums, strict=True))


@pytest.mark.parametrize("n", [1, 2, 7, 13, 17])
def test_blocks_batches_and_single_answers_are_summed_alike(n: int) -> None:
    weights = tuple(i * i % 23 + 1 for i in range(n))
    game = WeightedVoting(sum(weights) // 2 + 1, weights)
    assert streamed(game).added == game.added()
    if n <= 13:
        values = tuple(float(game.value(mask)) for mask in range(1 << n))
        assert streamed(Asked(values)).added == streamed(Table(values)).added == game.added()


def test_what_nobody_is_worth_does_not_drown_what_each_adds() -> None:
    game = Table((1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3))
    assert streamed(game).semivalue(shapley_weight) == (1.0, 2.0)


def test_nothing_depends_on_who_computes() -> None:
    class Backwards:
        def map(self, task: Any, chunks: Any) -> list[Any]:
            sent = pickle.dumps(task)
            return [pickle.loads(sent)(chunk) for chunk in reversed(chunks)][::-1]  # noqa: S301

    tenths = Asked(tuple(0.1 * mask for mask in range(2**6)))
    here = streamed(tenths)
    with executing(Backwards()):
        assert streamed(tenths) == here


def test_games_that_answer_floats_are_summed_as_floats() -> None:
    mixed = Asked((0, 0.5, Fraction(1, 3), 1))
    assert exactly(mixed) is None
    found = route.marginals_of(mixed)
    assert (found.exact, found.how) == (False, "over all 2^2 coalitions, in 64-bit floats")
    assert route.marginals_of(Asked((0, 1, 2, 3))).how == "over all 4 coalitions, in fractions"


def test_a_game_that_raises_is_not_worth_nothing() -> None:
    for attempt in (exactly, streamed, route.marginals_of):
        with pytest.raises(ZeroDivisionError, match="no model"):
            attempt(Broken())


@pytest.mark.parametrize("worth", [math.nan, math.inf, -math.inf, None, "1", True, np.int64(1)])
def test_a_worth_that_is_no_finite_number_is_refused(worth: Any) -> None:
    with pytest.raises(BadInput, match="no finite number"):
        streamed(Asked((0.0, 1.0, 2.0, worth)))


@pytest.mark.parametrize("worth", [math.nan, math.inf, 1.7e308])
def test_blocks_of_no_finite_sum_are_refused(worth: float) -> None:
    with pytest.raises(BadInput, match="no finite number"):
        streamed(Unlimited(worth=worth))


def test_too_many_players_are_told_what_to_do_instead() -> None:
    with pytest.raises(BadInput, match=r"31 are more than the 30 .* sampled orders instead"):
        route.marginals_of(Unlimited(31))
    with pytest.raises(BadInput, match="23 are more than the 22 of a game without `batch`"):
        route.marginals_of(Broken(23))
    # Weights too large to be counted by, and too many voters to be asked.
    with pytest.raises(BadInput, match="players: 31"):
        route.marginals_of(WeightedVoting(10**10, tuple(range(10**9, 10**9 + 31))))


def test_the_weights_of_sizes() -> None:
    # Kwon and Zou 2022: for three players, of the chance of each size.
    def chances(alpha: int, beta: int) -> list[Fraction]:
        weight = beta_weight(Fraction(alpha), Fraction(beta))
        return [weight(3, s) * math.comb(2, s) for s in range(3)]

    assert chances(4, 1) == [Fraction(2, 3), Fraction(4, 15), Fraction(1, 15)]
    assert [round(float(one), 6) for one in chances(16, 1)] == [0.888889, 0.104575, 0.006536]
    assert chances(1, 1) == [shapley_weight(3, s) * math.comb(2, s) for s in range(3)]
    assert [banzhaf_weight(3, s) for s in range(3)] == [Fraction(1, 4)] * 3


@given(st.integers(1, 9), st.fractions(Fraction(1, 9), 20), st.fractions(Fraction(1, 9), 20))
def test_the_chances_of_all_sizes_sum_to_one(n: int, alpha: Fraction, beta: Fraction) -> None:
    for weight in (beta_weight(alpha, beta), shapley_weight, banzhaf_weight):
        assert sum(math.comb(n - 1, s) * weight(n, s) for s in range(n)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("n", [24, 27])
def test_streams_of_several_chunks_agree_with_counting(n: int) -> None:
    weights = tuple(i * i % 97 + 1 for i in range(n))
    game = WeightedVoting(sum(weights) // 2 + 1, weights)
    assert streamed(game).added == game.added()
