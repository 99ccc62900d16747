from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.conformance import AllocatorContract
from pricing.errors import BadInput, BadShares, UnknownPlugin
from pricing.games.voting import WeightedVoting
from pricing.money import MINOR_MAX, Money
from pricing.sharing import Allocation, CoalitionTable, Owner, Share, SharingCase
from pricing.sharing.by_rows import ByRows
from pricing.sharing.fixed import FixedShares
from pricing.wire import from_wire, to_wire


class TestFixedSharesContract(AllocatorContract):
    allocator = FixedShares()


class TestByRowsContract(AllocatorContract):
    allocator = ByRows()


BUOYS = SharingCase(
    Money.parse("1000.00 CNY"),
    (Owner("institute", weight=7, rows=1), Owner("port", weight=3, rows=2)),
)


def test_fixed_shares_divide_by_agreed_weights() -> None:
    allocation = FixedShares().allocate(BUOYS)
    assert allocation.part_of("institute") == Money.parse("700.00 CNY")
    assert allocation.part_of("port") == Money.parse("300.00 CNY")


def test_rows_divide_by_rows_and_the_odd_fen_follows_the_larger_remainder() -> None:
    assert ByRows().allocate(BUOYS).shares == (
        Share("institute", Money.parse("333.33 CNY"), Fraction(1, 3)),
        Share("port", Money.parse("666.67 CNY"), Fraction(2, 3)),
    )


@given(
    st.integers(-MINOR_MAX, MINOR_MAX),
    st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any),
)
def test_no_fen_is_lost_whoever_divides(minor: int, counts: list[int]) -> None:
    owners = tuple(Owner(str(i), count, count) for i, count in enumerate(counts))
    case = SharingCase(Money(minor), owners)
    by_weight, by_rows = FixedShares().allocate(case), ByRows().allocate(case)
    assert sum(share.part.minor for share in by_weight.shares) == minor
    assert by_weight.shares == by_rows.shares


def test_what_is_missing_is_named_and_nothing_is_split_equally() -> None:
    half_known = SharingCase(Money(100), (Owner("a", weight=1, rows=1), Owner("b")))
    with pytest.raises(BadInput, match="weight of b"):
        FixedShares().allocate(half_known)
    with pytest.raises(BadInput, match="rows contributed by b"):
        ByRows().allocate(half_known)
    with pytest.raises(BadShares):
        FixedShares().allocate(SharingCase(Money(100), (Owner("a", weight=0),)))


@pytest.mark.parametrize(
    ("owner", "named"),
    [
        ({"id": " "}, "owners.id"),
        ({"id": "a", "weight": -1}, "weight of a"),
        ({"id": "a", "weight": 0.5}, "weight of a"),
        ({"id": "a", "rows": True}, "rows of a"),
    ],
)
def test_an_owner_outside_its_domain_is_named(owner: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        Owner(**owner)


def test_a_case_needs_owners_named_once() -> None:
    with pytest.raises(BadInput, match="nobody"):
        SharingCase(Money(1), ())
    with pytest.raises(BadInput, match="twice"):
        SharingCase(Money(1), (Owner("a"), Owner("a")))


def test_an_allocation_that_does_not_add_up_is_none() -> None:
    share = Share("a", Money(1), Fraction(1))
    with pytest.raises(BadShares, match=r"sum to 0.01 CNY, not to 0.02 CNY"):
        Allocation(Money(2), (share,), "guess")
    with pytest.raises(BadShares, match="one"):
        Allocation(Money(1), (Share("a", Money(1), Fraction(1, 2)),), "guess")
    with pytest.raises(BadInput, match="no part"):
        Allocation(Money(1), (share,), "rows").part_of("b")


def test_a_table_counts_in_the_players_bits() -> None:
    table = CoalitionTable.of("ab", lambda who: Fraction(sum({"a": 1, "b": 2}[w] for w in who)))
    assert [int(value) for value in table.values] == [0, 1, 2, 3]
    assert table(frozenset("b")) == 2
    with pytest.raises(BadInput, match="c is not a player"):
        table(frozenset("ac"))
    with pytest.raises(BadInput, match="3 for 2 players"):
        CoalitionTable(("a", "b"), (Fraction(0),) * 3)


def test_a_case_with_its_game_is_read_back() -> None:
    case = SharingCase(Money(5), (Owner("a", rows=1), Owner("b")), lambda who: Fraction(len(who)))
    wire = to_wire(case)
    assert wire == {
        "amount": {"minor": 5, "currency": "CNY"},
        "owners": [{"id": "a", "rows": 1}, {"id": "b"}],
        "values": ["0", "1", "1", "2"],
    }
    assert to_wire(from_wire(SharingCase, wire)) == wire
    assert from_wire(SharingCase, to_wire(BUOYS)) == BUOYS


COUNCIL = SharingCase(Money(100), (Owner("a"), Owner("b")), game=WeightedVoting(2, (2, 1)))


def test_a_registered_game_is_read_back_from_its_name_and_parameters() -> None:
    wire = to_wire(COUNCIL)
    assert wire["game"] == {
        "plugin": "weighted-voting",
        "parameters": {"quota": 2, "weights": [2, 1]},
    }
    assert "values" not in wire
    assert from_wire(SharingCase, wire) == COUNCIL


@pytest.mark.parametrize(
    "game",
    [
        None,
        [],
        {"plugin": "weighted-voting"},
        {"plugin": 1, "parameters": {}},
        {"plugin": "weighted-voting", "parameters": {"quota": 2}},
        {"plugin": "weighted-voting", "parameters": {"quota": 2, "weights": [1, 1, 1]}},
    ],
)
def test_a_game_that_is_not_whole_is_not_read(game: Any) -> None:
    with pytest.raises(BadInput, match="game"):
        from_wire(SharingCase, to_wire(COUNCIL) | {"game": game})


def test_one_game_of_as_many_players_as_owners_is_played() -> None:
    with pytest.raises(BadInput, match="game: 3 players for 2 owners"):
        SharingCase(Money(1), COUNCIL.owners, game=WeightedVoting(2, (1, 1, 1)))
    with pytest.raises(BadInput, match="`value` is another"):
        SharingCase(Money(1), COUNCIL.owners, len, COUNCIL.game)


@dataclass(frozen=True, slots=True)
class HomeMade:
    """Is registered nowhere."""

    players: int = 2

    def value(self, mask: int) -> int:
        return mask


def test_a_game_that_nobody_could_play_again_is_not_recorded() -> None:
    with pytest.raises(UnknownPlugin, match="HomeMade is not registered"):
        to_wire(SharingCase(Money(1), COUNCIL.owners, game=HomeMade()))


def test_a_sampled_share_tells_its_standard_error() -> None:
    case = SharingCase(Money(100), (Owner("a"), Owner("b")))
    allocation = case.split_by_values([3.0, 1.0], what="value", basis="drawn", errors=[0.4, 0.2])
    assert allocation.shares == (
        Share("a", Money(75), Fraction(3, 4), 0.1),
        Share("b", Money(25), Fraction(1, 4), 0.05),
    )
    assert from_wire(Allocation, to_wire(allocation)) == allocation
    for error in (-1.0, float("nan"), float("inf")):
        with pytest.raises(BadInput, match="standard_error"):
            Share("a", Money(1), Fraction(1), error)


def test_values_that_divide_nothing_are_refused() -> None:
    case = SharingCase(Money(100), (Owner("a"), Owner("b")))
    with pytest.raises(BadShares, match=r"worth of b is -0.5, below zero"):
        case.split_by_values([1.0, -0.5], what="worth", basis="x")
    with pytest.raises(BadShares, match="no owner adds"):
        case.split_by_values([0.0, -0.0], what="worth", basis="x")


@pytest.mark.parametrize(
    "change", [{"values": ["0"]}, {"values": [0, 1]}, {"owners": None}, {"seed": 1}]
)
def test_a_case_that_is_not_whole_is_not_read(change: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        from_wire(SharingCase, to_wire(BUOYS) | change)
