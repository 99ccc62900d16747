from __future__ import annotations

import itertools
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import AllocatorContract
from pricing.errors import BadInput, BadShares
from pricing.money import Money
from pricing.sharing import TABLE_MAX, CoalitionTable, Owner, SharingCase, Value
from pricing.sharing.shapley import ExactShapley, shapley_values


class TestExactShapleyContract(AllocatorContract):
    allocator = ExactShapley()


def fractions(*texts: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(text) for text in texts)


def voting(quota: int, **weights: int) -> Value:
    return lambda who: Fraction(sum(weights[one] for one in who) >= quota)


def test_glove_game() -> None:
    # One left glove, two right ones, a pair is worth 1 (Shapley and Shubik 1969): the scarce
    # glove gets two thirds.
    def pairs(who: frozenset[str]) -> Fraction:
        return Fraction(min(len(who & {"left"}), len(who & {"right", "other right"})))

    values = shapley_values(("left", "right", "other right"), pairs)
    assert values == fractions("2/3", "1/6", "1/6")


def test_airport_game() -> None:
    # Littlechild and Owen 1973: each stretch of runway is paid by those who need it, equally.
    runway = {"A": 8, "B": 11, "C": 13, "D": 18}
    values = shapley_values("ABCD", lambda who: max((runway[one] for one in who), default=0))
    assert values == fractions("2", "3", "4", "9")


def test_majority_voting() -> None:
    # Shapley and Shubik 1954: power is not weight.
    assert shapley_values("ABC", voting(51, A=50, B=49, C=1)) == fractions("2/3", "1/6", "1/6")
    alike = voting(3, A=2, B=1, C=1, D=1)
    assert shapley_values("ABCD", alike) == fractions("1/2", "1/6", "1/6", "1/6")
    assert shapley_values("ABCDE", lambda who: Fraction(len(who) >= 3)) == (Fraction(1, 5),) * 5


def test_sixteen_voters_are_exact() -> None:
    # One vote of 4 among fifteen of 1, quota 10: the large voter is pivotal where 6 to 9 small
    # ones stand before it, in 4 of 16 places.
    names = ["large", *(f"small {i}" for i in range(15))]
    weights = {name: 4 if name == "large" else 1 for name in names}
    large, *small = shapley_values(names, voting(10, **weights))
    assert large == Fraction(4, 16)
    assert set(small) == {Fraction(12, 16) / 15}


@given(st.integers(1, 4), st.data())
@settings(max_examples=40, deadline=None)
def test_it_is_the_average_over_every_order_of_joining(n: int, data: st.DataObject) -> None:
    players = "abcde"[:n]
    worths = st.lists(st.fractions(max_denominator=12), min_size=2**n, max_size=2**n)
    game = CoalitionTable(tuple(players), tuple(data.draw(worths)))
    added = dict.fromkeys(players, Fraction(0))
    for order in itertools.permutations(players):
        for place, player in enumerate(order):
            before = frozenset(order[:place])
            added[player] += game(before | {player}) - game(before)
    average = tuple(added[player] / math.factorial(n) for player in players)
    assert shapley_values(players, game) == average
    assert sum(average) == game(frozenset(players)) - game(frozenset())


def test_an_amount_is_divided_by_the_values_to_the_last_fen() -> None:
    case = SharingCase(Money(100), tuple(map(Owner, "ABC")), voting(51, A=50, B=49, C=1))
    allocation = ExactShapley().allocate(case)
    assert [share.part for share in allocation.shares] == [Money(67), Money(17), Money(16)]
    assert [share.share for share in allocation.shares] == list(fractions("2/3", "1/6", "1/6"))


def test_one_owner_gets_all_of_it() -> None:
    case = SharingCase(Money(7), (Owner("a"),), lambda who: Fraction(len(who), 9))
    assert ExactShapley().allocate(case).part_of("a") == Money(7)


def allocate(value: Any) -> None:
    ExactShapley().allocate(SharingCase(Money(100), (Owner("a"), Owner("b")), value))


def test_what_divides_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="value"):
        allocate(None)
    with pytest.raises(BadShares, match="no owner adds anything"):
        allocate(lambda _: Fraction(1))
    with pytest.raises(BadShares, match="value of b is -1, below zero"):
        allocate(lambda who: 2 * ("a" in who) - ("b" in who))


@pytest.mark.parametrize("worth", [0.5, True, None, "1"])
def test_a_worth_that_is_not_exact_is_refused(worth: object) -> None:
    with pytest.raises(BadInput, match="no Fraction and no int"):
        allocate(lambda _: worth)


def test_too_many_players_are_refused_before_the_game_is_asked() -> None:
    def unasked(who: frozenset[str]) -> Fraction:
        raise AssertionError(who)

    with pytest.raises(BadInput, match="21 are more than the 20"):
        shapley_values([str(i) for i in range(TABLE_MAX + 1)], unasked)
