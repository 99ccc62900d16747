from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.conformance import AllocatorContract
from pricing.errors import BadInput, BadShares
from pricing.games.coverage import Coverage
from pricing.money import Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase
from pricing.sharing.robust import Likeness, RobustShapley
from pricing.sharing.shapley import ExactShapley
from pricing.sharing.without_copies import Copies, WithoutCopies
from tests.pricing.games import Plain


class TestWithoutCopiesContract(AllocatorContract):
    allocator = WithoutCopies()


class TestRobustShapleyContract(AllocatorContract):
    allocator = RobustShapley()


def market(clones: int) -> SharingCase:
    """Two sellers of whom either will do, the second's content registered again by clones."""
    names = ["first", "second", *(f"clone-{i}" for i in range(clones))]
    owners = tuple(Owner(name, content="A" if name == "first" else "B") for name in names)
    return SharingCase(Money(42_000), owners, lambda who: Fraction(bool(who)))


def cloned(allocator: Any, clones: int) -> Fraction:
    """What the second seller has with its clones."""
    shares = allocator.allocate(market(clones)).shares
    return sum((share.share for share in shares[1:]), Fraction(0))


@pytest.mark.parametrize(("clones", "plain"), [(0, "1/2"), (1, "2/3"), (2, "3/4"), (5, "6/7")])
def test_clones_pay_by_the_shapley_value_and_not_without_copies(clones: int, plain: str) -> None:
    assert cloned(ExactShapley(), clones) == Fraction(plain)
    assert cloned(WithoutCopies(), clones) == Fraction(1, 2)
    assert cloned(WithoutCopies(Copies.EQUALLY), clones) == Fraction(1, 2)


def test_a_copy_goes_to_whoever_registered_first_or_equally() -> None:
    first = WithoutCopies().allocate(market(2))
    assert [share.part.minor for share in first.shares] == [21_000, 21_000, 0, 0]
    equally = WithoutCopies(Copies.EQUALLY).allocate(market(2))
    assert [share.part.minor for share in equally.shares] == [21_000, 7_000, 7_000, 7_000]
    assert "of 2 different contents" in equally.basis


def test_what_is_not_known_to_be_a_copy_is_none() -> None:
    owners = tuple(Owner(name) for name in "abc")
    case = SharingCase(Money(3), owners, lambda who: Fraction(bool(who)))
    assert WithoutCopies().allocate(case).shares == ExactShapley().allocate(case).shares


def test_a_game_of_batches_is_asked_about_first_owners() -> None:
    covering = Coverage(((0, 1), (1, 2), (0, 1), (3,)))
    owners = (Owner("a", content="x"), Owner("b"), Owner("a again", content="x"), Owner("d"))
    case = SharingCase(Money(8), owners, game=covering)
    found, record = recorded(WithoutCopies(), case)
    assert [share.part.minor for share in found.shares] == [3, 3, 0, 2]
    assert replay(record) is Replayed.BIT_FOR_BIT
    many = WithoutCopies().allocate(
        SharingCase(
            Money(12),
            tuple(Owner(str(i), content=str(i // 2)) for i in range(24)),
            game=Coverage(tuple((i // 2,) for i in range(24))),
        )
    )
    assert [share.part.minor for share in many.shares] == [1, 0] * 12


def test_each_copy_halves_what_a_seller_gets() -> None:
    # Agarwal et al. 2019 with λ = ln 2; the rest goes to a fund.
    allocator = RobustShapley(rest_to="fund")
    totals = []
    for clones, plain in [(0, 1 / 2), (1, 2 / 3), (2, 3 / 4), (5, 6 / 7)]:
        shares = {share.owner: share for share in allocator.allocate(market(clones)).shares}
        held = sum(float(shares[name].share) for name in shares if name not in {"first", "fund"})
        assert held == pytest.approx(plain / 2**clones)
        assert float(shares["fund"].share) == pytest.approx(plain - held)
        totals.append(held)
    assert totals == sorted(totals, reverse=True)


def test_likeness_counts_by_its_degree() -> None:
    like = (Likeness("a", "b", Fraction(1, 2)),)
    case = SharingCase(Money(10_000), (Owner("a"), Owner("b"), Owner("c")), len)
    found = RobustShapley(like, rest_to="c").allocate(case)
    each = math.exp(-math.log(2) / 2) / 3
    expected = [each, each, 1 - 2 * each]
    assert [float(share.share) for share in found.shares] == pytest.approx(expected)
    spread = RobustShapley(like).allocate(case)
    assert float(spread.shares[2].share) == pytest.approx(1 / (1 + 6 * each))
    assert "the rest in proportion" in spread.basis
    assert RobustShapley(like, strength=0.0).allocate(case).shares[0].share == Fraction(1, 3)


def test_a_division_with_a_rest_is_recorded_and_replays() -> None:
    _, record = recorded(RobustShapley(rest_to="fund"), market(1))
    assert record.output["shares"][-1]["owner"] == "fund"
    assert replay(record) is Replayed.BIT_FOR_BIT


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=5),
    st.integers(0, 3),
    st.integers(0, 10**9),
    st.sampled_from([None, "fund", "seller-0"]),
)
def test_copying_oneself_never_pays_and_no_fen_is_lost(
    worths: list[int], clones: int, minor: int, rest_to: str | None
) -> None:
    # Who is worth anything covers things of its own; the first seller's clones cover the same.
    n = len(worths)

    def case(copies: int) -> SharingCase:
        owners = [Owner(f"seller-{i}", content=str(i)) for i in range(n)]
        owners += [Owner(f"clone-{i}", content="0") for i in range(copies)]
        holds = (*((i,) for i in range(n)), *((0,),) * copies)
        game = Coverage(holds, tuple(map(Fraction, worths)))
        return SharingCase(Money(minor), tuple(owners), game=game)

    def own(allocator: Any, copies: int) -> Fraction:
        allocation = allocator.allocate(case(copies))
        assert sum(share.part.minor for share in allocation.shares) == minor
        mine = [s.share for s in allocation.shares if s.owner == "seller-0" or "clone" in s.owner]
        return sum(mine, Fraction(0))

    for copies in Copies:
        assert own(WithoutCopies(copies), clones) == own(WithoutCopies(copies), 0)
    if rest_to == "fund":
        allocator = RobustShapley(rest_to=rest_to)
        assert own(allocator, clones) <= own(allocator, 0) + Fraction(1, 10**12)
    else:
        own(RobustShapley(rest_to=rest_to), clones)


def test_what_divides_nothing_is_refused() -> None:
    owners = (Owner("a"), Owner("b"))
    for allocator in (WithoutCopies(), RobustShapley(), RobustShapley(rest_to="fund")):
        with pytest.raises(BadInput, match="value"):
            allocator.allocate(SharingCase(Money(1), owners))
        with pytest.raises(BadShares, match="adds anything"):
            allocator.allocate(SharingCase(Money(1), owners, lambda _: 0))
        harm = Plain(2, lambda mask: 2 * (mask & 1) - (mask >> 1))
        with pytest.raises(BadShares, match="of b is -1, below zero"):
            allocator.allocate(SharingCase(Money(1), owners, game=harm))


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: Likeness("a", "a", Fraction(1)), "like itself"),
        (lambda: Likeness("a", "b", Fraction(3, 2)), "degree of a and b"),
        (lambda: RobustShapley(strength=math.nan), "strength"),
        (lambda: RobustShapley(strength=-1.0), "strength"),
        (
            lambda: RobustShapley(
                (Likeness("a", "b", Fraction(1)), Likeness("b", "a", Fraction(1)))
            ),
            "pair is named twice",
        ),
        (
            lambda: RobustShapley((Likeness("a", "z", Fraction(1)),)).allocate(market(0)),
            "a is no owner",
        ),
        (lambda: Owner("a", content=" "), "content of a"),
    ],
)
def test_a_parameter_outside_its_domain_is_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=named):
        build()
