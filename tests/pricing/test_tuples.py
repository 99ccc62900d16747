from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import UtilityContract
from pricing.errors import BadInput
from pricing.games import tuples
from pricing.games.tuples import Reading, Row, Tuples
from pricing.money import Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase
from pricing.sharing.permutation import PermutationShapley
from pricing.sharing.shapley import ExactShapley
from pricing.wire import from_wire, to_wire
from tests.pricing.games import enumerated


class TestTuplesContract(UtilityContract):
    utility = Tuples((Row(((0, 1), (2,))), Row(((0,), (3,)), Reading.ALL_OF_ANY, Fraction(2))), 4)


def values(*rows: Row, players: int) -> tuple[Fraction, ...] | None:
    return Tuples(rows, players).shapley()


def test_all_who_are_needed_share_a_row_equally() -> None:
    # A unanimity game (Shapley 1953).
    assert values(Row(((0, 1, 2),)), players=4) == (*(Fraction(1, 3),) * 3, Fraction(0))


def test_any_who_will_do_share_a_row_equally() -> None:
    assert values(Row(((0,), (1,), (2,), (3,))), players=4) == (Fraction(1, 4),) * 4


def test_one_seller_or_two_others_together() -> None:
    # φ_0 = ∫ (1 − t²) dt = 2/3, φ_1 = φ_2 = ∫ t (1 − t) dt = 1/6: the gloves of Shapley and
    # Shubik 1969 turned round, worth 1 to the left glove alone or to both right ones.
    expected = (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    assert values(Row(((0,), (1, 2))), players=3) == expected
    # The dual game: the left glove with any right one.
    assert values(Row(((0,), (1, 2)), Reading.ALL_OF_ANY), players=3) == expected


def test_a_set_that_contains_another_adds_nothing() -> None:
    assert values(Row(((0,), (0, 1))), players=2) == (Fraction(1), Fraction(0))
    assert values(Row(((0, 1), (0,)), Reading.ALL_OF_ANY), players=2) == (Fraction(1), Fraction(0))


def test_rows_add_up_by_their_worth() -> None:
    rows = Row(((0,),), worth=Fraction(3)), Row(((0, 1),), worth=Fraction(1, 2))
    assert values(*rows, players=2) == (Fraction(13, 4), Fraction(1, 4))
    assert Tuples(rows, 2).value(1) == 3


@st.composite
def games(draw: st.DrawFn) -> Tuples:
    players = draw(st.integers(1, 5))
    members = st.lists(st.integers(0, players - 1), min_size=1, max_size=players, unique=True)
    sets = st.lists(members.map(tuple), min_size=1, max_size=7).map(tuple)
    worth = st.fractions(0, 9, max_denominator=4)
    rows = st.lists(st.builds(Row, sets, st.sampled_from(Reading), worth), max_size=3)
    return Tuples(tuple(draw(rows)), players)


@given(games())
@settings(max_examples=60, deadline=None)
def test_the_closed_forms_are_enumeration(game: Tuples) -> None:
    assert game.shapley() == enumerated(game.players, game.value)
    masks = np.arange(2**game.players, dtype=np.uint64)
    worths = [float(game.value(mask)) for mask in range(2**game.players)]
    assert game.batch(masks) == pytest.approx(worths)


@given(games().filter(lambda game: game.rows))
@settings(max_examples=50, deadline=None)
def test_unions_and_coalitions_say_the_same(game: Tuples) -> None:
    for sets, _, _ in game._kinds():
        named = [i for i in range(game.players) if any(mask >> i & 1 for mask in sets)]
        assert tuples._by_unions(sets, named) == tuples._by_coalitions(sets, named)


def test_many_sellers_and_many_rows_take_no_enumeration() -> None:
    # A chain of forty sellers, each row from one of two neighbours: ends have half of one row.
    rows = tuple(Row(((i,), (i + 1,))) for i in range(39))
    assert values(*rows, players=40) == (Fraction(1, 2), *(Fraction(1),) * 38, Fraction(1, 2))


def test_a_row_too_tangled_is_refused_and_sampling_takes_it() -> None:
    ring = Row(tuple((i, (i + 1) % 35) for i in range(35)))
    game = Tuples((ring,), 35)
    assert game.shapley() is None
    case = SharingCase(Money(100_00), tuple(Owner(str(i)) for i in range(35)), game=game)
    with pytest.raises(BadInput, match="sampled orders"):
        ExactShapley().allocate(case)
    allocation, record = recorded(PermutationShapley(seed=1, orders=4_000), case)
    for share in allocation.shares:
        assert share.standard_error is not None
        assert abs(float(share.share) - 1 / 35) < 5 * share.standard_error
    assert replay(record) is Replayed.BIT_FOR_BIT


def test_a_game_is_read_back_from_its_wire_form() -> None:
    game = Tuples((Row(((0, 1), (2,)), Reading.ALL_OF_ANY, Fraction(1, 3)),), 3)
    assert from_wire(Tuples, to_wire(game)) == game


@pytest.mark.parametrize(
    "build",
    [
        lambda: Row(()),
        lambda: Row(((),)),
        lambda: Row(((0, 0),)),
        lambda: Row(((-1,),)),
        lambda: Row(((0,),), worth=Fraction(-1)),
        lambda: Tuples((Row(((2,),)),), 2),
    ],
)
def test_a_row_outside_its_domain_is_named(build: Any) -> None:
    with pytest.raises(BadInput, match=r"rows\."):
        build()
