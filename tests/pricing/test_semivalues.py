from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pricing.conformance import AllocatorContract
from pricing.errors import BadInput, BadShares
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.money import Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Allocator, Owner, SharingCase
from pricing.sharing.banzhaf import Banzhaf
from pricing.sharing.beta import BetaShapley
from pricing.sharing.shapley import ExactShapley


class TestBanzhafContract(AllocatorContract):
    allocator = Banzhaf()


class TestBetaShapleyContract(AllocatorContract):
    allocator = BetaShapley()


ALL: tuple[Allocator, ...] = (ExactShapley(), Banzhaf(), BetaShapley())


def shares(allocator: Allocator, game: Any, amount: int = 10_000) -> tuple[Fraction, ...]:
    owners = tuple(Owner(f"owner-{i}") for i in range(game.players))
    allocation = allocator.allocate(SharingCase(Money(amount), owners, game=game))
    return tuple(share.share for share in allocation.shares)


def test_three_values_of_one_council() -> None:
    # 51 of 50, 49 and 1.  Joining nobody, one and both others, the large one carries 0, 2 of 2 and
    # 1 of 1; by Banzhaf that is 3/4 to 1/4 and 1/4, by Beta(4, 1) 4/15 + 1/15 to 2/15 and 2/15.
    council = WeightedVoting(51, (50, 49, 1))
    assert shares(ExactShapley(), council) == (Fraction(2, 3), Fraction(1, 6), Fraction(1, 6))
    assert shares(Banzhaf(), council) == (Fraction(3, 5), Fraction(1, 5), Fraction(1, 5))
    assert shares(BetaShapley(), council) == (Fraction(5, 9), Fraction(2, 9), Fraction(2, 9))
    even = BetaShapley(Fraction(1), Fraction(1))
    assert shares(even, council) == shares(ExactShapley(), council)


def test_the_basis_tells_the_route() -> None:
    owners = (Owner("a"), Owner("b"))
    case = SharingCase(Money(10), owners, game=WeightedVoting(2, (2, 1)))
    measured = SharingCase(Money(10), owners, game=Table((0.0, 0.5, 0.25, 0.75)))
    asked = SharingCase(Money(10), owners, lambda who: Fraction(len(who)))
    assert [Banzhaf().allocate(one).basis for one in (case, measured, asked)] == [
        "normalised Banzhaf value, in closed form",
        "normalised Banzhaf value, over all 2^2 coalitions, in 64-bit floats",
        "normalised Banzhaf value, over all 4 coalitions, in fractions",
    ]
    assert BetaShapley().allocate(case).basis == "Beta(4, 1)-Shapley value, in closed form"
    assert ExactShapley().allocate(asked).basis.startswith("exact Shapley value, over all 4")


@pytest.mark.parametrize("allocator", ALL, ids=lambda one: type(one).__name__)
def test_a_measured_game_is_divided_recorded_and_replayed(allocator: Allocator) -> None:
    game = Table((0.0, 0.5, 0.25, 0.75))
    assert shares(allocator, game) == (
        Fraction(666666666666667, 10**15),
        Fraction(333333333333333, 10**15),
    )
    case = SharingCase(Money(100), (Owner("a"), Owner("b")), game=game)
    allocation, record = recorded(allocator, case)
    assert [share.part for share in allocation.shares] == [Money(67), Money(33)]
    assert record.inputs["game"]["parameters"] == {"scores": ["0.0", "0.5", "0.25", "0.75"]}
    assert replay(record) is Replayed.BIT_FOR_BIT


@pytest.mark.parametrize("allocator", ALL, ids=lambda one: type(one).__name__)
def test_what_divides_nothing_is_refused(allocator: Allocator) -> None:
    with pytest.raises(BadShares, match=r"of owner-1 is -0.5, below zero"):
        shares(allocator, Table((0.0, 1.0, -0.5, 0.5)))
    with pytest.raises(BadShares, match="no owner adds anything"):
        shares(allocator, Table((0.5, 0.5, 0.5, 0.5)))


@pytest.mark.parametrize("allocator", ALL, ids=lambda one: type(one).__name__)
def test_equal_owners_are_equal_and_one_owner_gets_all(allocator: Allocator) -> None:
    def tenths(mask: int) -> float:
        return sum(0.1 * (i + 1) for i in range(4) if mask >> i & 1)

    alike = Table(tuple(tenths(mask) + 0.7 * mask.bit_count() for mask in range(2)))
    assert shares(allocator, alike) == (Fraction(1),)
    # Four of one kind: 0.1 + 0.1 + 0.1 is not 0.3, and no share shows it.
    sums = [0.0, 0.1, 0.1 + 0.1, 0.1 + 0.1 + 0.1, 0.4]
    even = shares(allocator, Table(tuple(sums[mask.bit_count()] for mask in range(16))))
    assert even == (Fraction(1, 4),) * 4


@pytest.mark.parametrize("field", ["alpha", "beta"])
@pytest.mark.parametrize("value", [Fraction(0), Fraction(-1), Fraction(1001), 4.0])
def test_the_parameters_of_beta_lie_in_their_domain(field: str, value: Any) -> None:
    with pytest.raises(BadInput, match=field):
        BetaShapley(**{field: value})
