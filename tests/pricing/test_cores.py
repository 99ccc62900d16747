from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import AllocatorContract
from pricing.cores.least import least_core
from pricing.cores.nucleolus import nucleolus
from pricing.cores.solving import solved
from pricing.errors import BadInput, BadShares, MissingExtra
from pricing.games import Utility
from pricing.games.additive import Additive
from pricing.games.airport import Airport
from pricing.games.glove import Glove, Hand
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.money import Money
from pricing.sharing import Owner, SharingCase
from pricing.sharing.least_core import LeastCore
from pricing.sharing.nucleolus import Nucleolus
from tests.pricing.asked import Asked


class TestLeastCoreContract(AllocatorContract):
    allocator = LeastCore()


class TestNucleolusContract(AllocatorContract):
    allocator = Nucleolus()


def fractions(*texts: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(text) for text in texts)


@dataclass(frozen=True, slots=True)
class Bankruptcy:
    """What others' claims leave of an estate (O'Neill 1982)."""

    estate: int
    claims: tuple[int, ...]

    @property
    def players(self) -> int:
        return len(self.claims)

    def value(self, mask: int) -> int:
        others = (claim for i, claim in enumerate(self.claims) if not mask >> i & 1)
        return max(0, self.estate - sum(others))


@pytest.mark.parametrize(
    ("estate", "awards"),
    [(100, "100/3 100/3 100/3"), (200, "50 75 75"), (300, "50 100 150")],
)
def test_the_nucleolus_divides_as_the_talmud_does(estate: int, awards: str) -> None:
    # Aumann and Maschler 1985: claims of 100, 200 and 300 on too small an estate (Ketubot 93a).
    values, _ = nucleolus(Bankruptcy(estate, (100, 200, 300)))
    assert values == fractions(*awards.split())


def test_the_scarce_glove_takes_all_in_the_core() -> None:
    # Shapley and Shubik 1969: competition leaves nothing to the two right hands.
    game = Glove((Hand.LEFT, Hand.RIGHT, Hand.RIGHT))
    assert least_core(game) == nucleolus(game) == (fractions("1", "0", "0"), Fraction(0))


def test_three_who_need_a_majority_have_no_core() -> None:
    # Two of three could always gain: by 1/3 at the least (Maschler, Peleg and Shapley 1979).
    game = WeightedVoting(2, (1, 1, 1))
    thirds = fractions("1/3", "1/3", "1/3")
    assert least_core(game) == nucleolus(game) == (thirds, Fraction(1, 3))


def test_the_six_of_1958_have_the_weights_as_their_nucleolus_but_for_luxembourg() -> None:
    council = WeightedVoting(12, (4, 4, 4, 2, 2, 1))
    shares = fractions("1/4", "1/4", "1/4", "1/8", "1/8", "0")
    assert nucleolus(council) == least_core(council) == (shares, Fraction(1, 4))


def test_an_additive_game_is_its_own_core() -> None:
    game = Additive(fractions("1/3", "2", "1/7"))
    assert nucleolus(game)[0] == game.worths
    # Any division is in the least core that leaves each coalition what it is worth.
    assert least_core(game) == (game.worths, Fraction(0))


def test_the_core_of_savings() -> None:
    # A game with room in its core: two of three save 1, all of them 3.
    game = Asked((0, 0, 0, 1, 0, 1, 1, 3))
    assert least_core(game) == nucleolus(game) == (fractions("1", "1", "1"), Fraction(-1))


def test_of_many_the_most_equal_allocation_is_taken() -> None:
    # Player 0 must get 2 of 3, and the others may divide the rest in any way.
    game = Asked((0, 2, 0, 2, 0, 2, 1, 3))
    assert least_core(game) == (fractions("2", "1/2", "1/2"), Fraction(0))


def test_one_player_gets_all() -> None:
    for solution in (least_core, nucleolus):
        assert solution(Additive(fractions("7/3"))) == (fractions("7/3"), Fraction(0))
        assert solution(Table((0.25, 1.0)))[0] == (0.75,)


def excesses(game: Utility, values: Any) -> list[Fraction]:
    nobody = Fraction(game.value(0))
    return [
        Fraction(game.value(mask))
        - nobody
        - sum(value for i, value in enumerate(values) if mask >> i & 1)
        for mask in range(1, (1 << game.players) - 1)
    ]


games = st.integers(2, 4).flatmap(
    lambda n: st.lists(st.integers(0, 9), min_size=2**n - 1, max_size=2**n - 1).map(
        lambda worths: Asked((0, *worths))
    )
)


@given(games)
@settings(max_examples=25, deadline=None)
def test_no_allocation_has_a_smaller_greatest_excess(game: Asked) -> None:
    from scipy.optimize import linprog  # noqa: PLC0415 - slow to import

    values, least = least_core(game)
    n, everybody = game.players, game.values[-1]
    assert sum(values) == everybody
    assert max(excesses(game, values)) == least
    rows = [[-(mask >> i & 1) for i in range(n)] + [-1] for mask in range(1, 2**n - 1)]
    whole = linprog(
        [0] * n + [1],
        A_ub=rows,
        b_ub=[-worth for worth in game.values[1:-1]],
        A_eq=[[1] * n + [0]],
        b_eq=[everybody],
        bounds=(None, None),
    )
    assert math.isclose(whole.fun, least, abs_tol=1e-7)


@given(games, st.integers(0, 3), st.integers(0, 3), st.fractions(Fraction(1, 50), 1))
@settings(max_examples=25, deadline=None)
def test_no_transfer_makes_the_loudest_complaints_smaller(
    game: Asked, giver: int, taker: int, part: Fraction
) -> None:
    try:
        values, _ = nucleolus(game)
    except BadShares:
        assert sum(game.values[1 << i] for i in range(game.players)) > game.values[-1]
        return
    giver, taker = giver % game.players, taker % game.players
    assert all(value >= game.values[1 << i] for i, value in enumerate(values))
    spare = (Fraction(values[giver]) - game.values[1 << giver]) * part
    moved = list(map(Fraction, values))
    moved[giver] -= spare
    moved[taker] += spare
    assert sorted(excesses(game, values), reverse=True) <= sorted(
        excesses(game, moved), reverse=True
    )


def test_floats_are_solved_as_the_fractions_they_are_and_equal_owners_are_equal() -> None:
    tenths = [0.0, 0.1, 0.1 + 0.2, 0.9]
    owners = tuple(map(Owner, "abc"))
    game = Table(tuple(tenths[mask.bit_count()] for mask in range(8)))
    for allocator in (LeastCore(), Nucleolus()):
        allocation = allocator.allocate(SharingCase(Money(9), owners, game=game))
        assert {share.share for share in allocation.shares} == {Fraction(1, 3)}
        assert allocation.basis.endswith("greatest excess -0.2")


def test_what_divides_nothing_is_refused() -> None:
    owners = (Owner("a"), Owner("b"))

    def shared(allocator: LeastCore | Nucleolus, *worths: int) -> None:
        allocator.allocate(SharingCase(Money(9), owners, game=Asked((0, *worths))))

    with pytest.raises(BadShares, match="more one by one than together"):
        shared(Nucleolus(), 2, 2, 3)
    for allocator in (LeastCore(), Nucleolus()):
        with pytest.raises(BadShares, match="of b is -1, below zero"):
            shared(allocator, 2, -1, 1)
        with pytest.raises(BadShares, match="no owner adds anything"):
            shared(allocator, 0, 0, 0)
        with pytest.raises(BadInput, match="needs to know what coalitions are worth"):
            allocator.allocate(SharingCase(Money(9), owners))


def test_a_core_of_too_many_is_refused_and_a_nan_is_no_worth() -> None:
    for solution in (least_core, nucleolus):
        with pytest.raises(BadInput, match=r"21 are more than the 20 .* semivalue"):
            solution(Airport(fractions(*"1" * 21)))
        with pytest.raises(BadInput, match="no finite number"):
            solution(Asked((0.0, 1.0, math.nan, 2.0)))


def test_without_scipy_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "scipy.optimize", None)
    for solution in (least_core, nucleolus):
        with pytest.raises(MissingExtra, match=r"guapai\[solvers\]"):
            solution(WeightedVoting(2, (1, 1, 1)))


def test_equations_are_solved_exactly_and_dependent_ones_passed_over() -> None:
    half = Fraction(1, 2)
    assert solved([[1, 1], [2, 2], [1, -1]], [1, 2, half]) == (Fraction(3, 4), Fraction(1, 4))
    assert solved([[1, 1], [2, 2]], [1, 2]) is None
    assert solved([], []) is None
    assert solved([[0, 2], [half, 0]], [1, 1]) == fractions("2", "1/2")


@given(st.integers(1, 6), st.data())
@settings(max_examples=40, deadline=None)
def test_solutions_solve(n: int, data: st.DataObject) -> None:
    numbers = st.integers(-3, 3)
    rows = data.draw(
        st.lists(st.lists(numbers, min_size=n, max_size=n), min_size=n, max_size=n + 2)
    )
    wanted = data.draw(st.lists(st.fractions(-5, 5, max_denominator=7), min_size=n, max_size=n))
    right = [sum(map(Fraction.__mul__, wanted, map(Fraction, row)), Fraction(0)) for row in rows]
    found = solved(rows, right)
    unique = np.linalg.matrix_rank(np.array(rows, dtype=float)) == n
    assert found == (tuple(wanted) if unique else None)
