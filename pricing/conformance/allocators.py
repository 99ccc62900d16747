"""The contract of an allocator."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from pricing.conformance.replaying import check_replay, must_refuse
from pricing.executors import executing
from pricing.money import Money, total
from pricing.record import recorded
from pricing.sharing import Allocation, Allocator, Owner, SharingCase
from pricing.wire import from_wire, to_wire

C = TypeVar("C")
R = TypeVar("R")


class AllocatorContract:
    """What every allocator keeps to.

    The kit makes up cases that give every kind of allocator its input: weight, rows and worth
    in the same proportion.  Clear `null_player` for one that pays an owner who adds nothing.
    """

    allocator: Allocator
    null_player: bool = True

    def test_divides_to_the_lastunit(self) -> None:
        """No unit is lost or made, for amounts that divide and amounts that do not."""
        for minor in (0, 1, 2, 99, 100, 1_234_567, 2**53 - 1, -1, -100):
            case = _case(Money(minor), 3, 1, 2)
            allocation = self.allocator.allocate(case)
            assert total(share.part for share in allocation.shares) == case.amount
            assert tuple(share.owner for share in allocation.shares) == case.names

    def test_each_part_is_within_a_unit_of_its_share(self) -> None:
        """What is rounded is less than one minor unit."""
        for share in self.allocator.allocate(_case(Money(1_000), 3, 1, 2)).shares:
            assert abs(share.part.minor - 1_000 * share.share) < 1, f"{share} is off"

    def test_equal_owners_get_equal_parts(self) -> None:
        """Owners alike in all that is known differ by an odd unit at most."""
        allocation = self.allocator.allocate(_case(Money(1_000), 2, 2, 2))
        assert len({share.share for share in allocation.shares}) == 1, "equal owners differ"
        parts = [share.part.minor for share in allocation.shares]
        assert max(parts) - min(parts) <= 1, f"equal owners get {parts}"

    def test_the_order_of_owners_moves_an_odd_unit_at_most(self) -> None:
        """Nobody gains a share by standing first."""
        case = _case(Money(1_000), 3, 1, 2)
        forward = self.allocator.allocate(case)
        backward = self.allocator.allocate(replace(case, owners=case.owners[::-1]))
        for share in forward.shares:
            moved = abs(share.part.minor - backward.part_of(share.owner).minor)
            assert moved <= 1, f"{share.owner} gains {moved} units by order"

    def test_who_adds_nothing_gets_nothing(self) -> None:
        """The null player of the game, of no weight and no rows, gets no unit."""
        if self.null_player:
            allocation = self.allocator.allocate(_case(Money(1_000), 2, 0, 1))
            assert allocation.shares[1].part == Money(0), "paid for nothing"

    def test_a_game_of_floats_loses_no_unit_either(self) -> None:
        """Rounding favours nobody: equal owners are equal, and the useless one gets nothing."""
        for minor in (0, 1, 99, 1_234_567, 2**53 - 1, -100):
            allocation = self.allocator.allocate(_measured(Money(minor), 1, 2, 0, 1))
            assert total(share.part for share in allocation.shares) == Money(minor)
            first, _, null, last = allocation.shares
            assert first.share == last.share, "equal owners differ by rounding"
            if self.null_player:
                assert null.part == Money(0), "paid for nothing"

    def test_the_executor_changes_nothing(self) -> None:
        """Chunks computed elsewhere or in another order give the same bytes."""
        case = _measured(Money(1_000), 1, 2, 0, 1)
        here = self.allocator.allocate(case)
        with executing(_LastFirst()):
            elsewhere = self.allocator.allocate(case)
        assert to_wire(elsewhere) == to_wire(here), "the executor changes the allocation"

    def test_refuses_without_its_input(self) -> None:
        """No equal split for want of anything better."""
        bare = SharingCase(Money(1_000), (Owner("a"), Owner("b")))
        must_refuse(lambda: self.allocator.allocate(bare), "divided without knowing anything")

    def test_divides_alike_twice(self) -> None:
        """The same case is divided the same way."""
        first, second = (self.allocator.allocate(_case(Money(1_000), 3, 1, 2)) for _ in range(2))
        assert first == second, "two allocations of one case differ"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an allocation is lost in a record."""
        allocation = self.allocator.allocate(_case(Money(1_000), 3, 1, 2))
        assert from_wire(Allocation, to_wire(allocation)) == allocation

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to divide again."""
        case = _case(Money(1_000), 3, 1, 2)
        allocation, record = recorded(self.allocator, case)
        assert allocation == self.allocator.allocate(case), "recording changed it"
        check_replay(record, {"basis": "a friend's advice"})


@dataclass(frozen=True, slots=True)
class _LastFirst:
    """Computes the last chunk first, and sends everything through pickle."""

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        sent = pickle.dumps(task)
        return [pickle.loads(sent)(chunk) for chunk in reversed(chunks)][::-1]  # noqa: S301


@dataclass(frozen=True, slots=True)
class _Measured:
    """Worth a tenth of what each member contributes: sums of floats that are not quite equal."""

    contributions: tuple[int, ...]

    @property
    def players(self) -> int:
        return len(self.contributions)

    def value(self, mask: int) -> float:
        held = (0.1 * one for i, one in enumerate(self.contributions) if mask >> i & 1)
        return float(sum(held))


def _measured(amount: Money, *contributions: int) -> SharingCase:
    """Owners as those of `_case`, whose game answers in floats, one coalition at a time."""
    return replace(_case(amount, *contributions), value=None, game=_Measured(contributions))


def _case(amount: Money, *contributions: int) -> SharingCase:
    """Owners whose weight, rows and worth to every coalition are as given."""
    owners = tuple(Owner(f"owner-{i}", held, held) for i, held in enumerate(contributions))
    adds = {owner.id: Fraction(held) for owner, held in zip(owners, contributions, strict=True)}
    return SharingCase(amount, owners, lambda who: sum((adds[one] for one in who), Fraction(0)))
