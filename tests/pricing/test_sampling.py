from __future__ import annotations

import math
import pickle
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.chance import Stream
from pricing.conformance import AllocatorContract
from pricing.errors import BadInput, BadShares
from pricing.executors import executing
from pricing.games import sampling
from pricing.games.sampling import GROUPS, Design, random_orders, sampled_shapley
from pricing.games.voting import WeightedVoting
from pricing.money import Money
from pricing.record import Replayed, recorded, replay
from pricing.sharing import Owner, SharingCase
from pricing.sharing.permutation import PermutationShapley
from tests.pricing.games import Plain, Runway, enumerated


class TestPermutationShapleyContract(AllocatorContract):
    allocator = PermutationShapley(seed=7, orders=200)


AIRPORT = Runway((8, 11, 13, 18, 18, 20))
# Shapley and Shubik 1954, with a voter of no power: 2 of the 3 real voters decide.
COUNCIL = WeightedVoting(51, (50, 49, 1, 0))


@pytest.mark.parametrize("design", Design)
def test_the_runway_is_paid_for_within_the_stated_error(design: Design) -> None:
    found = sampled_shapley(AIRPORT, orders=20_000, seed=1, design=design)
    exact = np.array(AIRPORT.shapley(), dtype=float)
    assert (abs(found.values - exact) <= 5 * found.errors + 1e-9).all()
    assert found.errors.max() < 0.05
    assert found.values.sum() == pytest.approx(20)
    assert found.orders >= 20_000


@pytest.mark.parametrize("design", Design)
def test_a_voter_without_power_gets_exactly_nothing(design: Design) -> None:
    found = sampled_shapley(COUNCIL, orders=3_000, seed=2, design=design)
    assert found.values[3] == 0
    assert abs(found.values[:3] - [2 / 3, 1 / 6, 1 / 6]).max() < 5 * found.errors.max()


@pytest.mark.parametrize("design", Design)
def test_the_error_bar_covers_the_value_as_often_as_it_should(design: Design) -> None:
    # 68.3 % should lie within one standard error and 95.4 % within two, give or take what 200
    # runs of five players tell.  The first player of the runway adds something only when first,
    # so that a square knows its value and has no error.
    exact = np.array(AIRPORT.shapley(), dtype=float)[1:]
    runs = [sampled_shapley(AIRPORT, orders=360, seed=seed, design=design) for seed in range(200)]
    off = np.array([(run.values[1:] - exact) / run.errors[1:] for run in runs])
    assert abs((abs(off) < 1).mean() - 0.683) < 0.05
    assert abs((abs(off) < 2).mean() - 0.954) < 0.03
    # Unbiased: the mean of 200 runs lies within its own error of the truth.
    assert abs(off.mean(axis=0)).max() < 4 / math.sqrt(200)


@pytest.mark.parametrize("design", Design)
def test_every_order_of_a_group_is_equally_likely(design: Design) -> None:
    orders = random_orders(design, 3, 3 if design is Design.SQUARES else 2, 20_000, Stream(5))
    if design is not Design.INDEPENDENT:
        orders = orders.reshape(20_000, -1, 3)[:, -1]  # the last of each group
    counts = Counter(map(tuple, orders.tolist()))
    assert len(counts) == 6
    for times in counts.values():
        assert abs(times / len(orders) - 1 / 6) < 0.015


def test_in_a_square_each_player_stands_in_each_place_once() -> None:
    for square in random_orders(Design.SQUARES, 7, 7, 5, Stream(3)).reshape(5, 7, 7):
        assert (np.sort(square, axis=0) == np.arange(7)[:, None]).all()
        assert (np.sort(square, axis=1) == np.arange(7)).all()


def test_with_fewer_orders_each_player_stands_in_each_stretch_once() -> None:
    for group in random_orders(Design.SQUARES, 12, 4, 5, Stream(3)).reshape(5, 4, 12):
        place = np.argsort(group, axis=1)
        assert (np.sort(place // 3, axis=0) == np.arange(4)[:, None]).all()


def test_a_paired_order_is_followed_by_its_reverse() -> None:
    orders = random_orders(Design.PAIRED, 5, 2, 3, Stream(1))
    assert (orders[1::2] == orders[::2, ::-1]).all()


def test_squares_do_away_with_what_place_decides() -> None:
    # Worth that depends on size alone: a player adds what its place adds, whoever stands where.
    majority = Plain(9, lambda mask: int(mask.bit_count() > 4))
    found = sampled_shapley(majority, orders=300, seed=1)
    assert found.values == pytest.approx(1 / 9)
    assert found.errors.max() < 1e-12
    alone = sampled_shapley(majority, orders=300, seed=1, design=Design.INDEPENDENT)
    assert alone.errors.min() > 0.01


def test_squares_shuffle_neighbours_apart() -> None:
    # Two players worth something together alone: read off a ring, they would keep their
    # distance, and a group of orders would tell hardly more than one order does.
    pair = Plain(12, lambda mask: int(mask & 3 == 3))
    found = sampled_shapley(pair, orders=3_600, seed=1)
    alone = sampled_shapley(pair, orders=3_600, seed=1, design=Design.INDEPENDENT)
    assert found.errors[:2].max() < 0.8 * alone.errors[:2].min()
    assert (found.values[2:] == 0).all()


@dataclass(frozen=True)
class Backwards:
    """Runs the chunks in another order, each as a copy that another process would have."""

    def map(self, task: Callable[[Any], Any], chunks: Sequence[Any]) -> list[Any]:
        copies = [pickle.loads(pickle.dumps(chunk)) for chunk in reversed(chunks)]  # noqa: S301
        return [task(copy) for copy in copies][::-1]


@pytest.mark.parametrize("error", [None, 0.02])
def test_neither_executor_nor_number_of_chunks_changes_a_bit(
    error: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> tuple[bytes, bytes, int]:
        found = sampled_shapley(COUNCIL, orders=5_000, seed=3, share_error=error)
        return found.values.tobytes(), found.errors.tobytes(), found.orders

    serial = run()
    with executing(Backwards()):
        assert run() == serial
    monkeypatch.setattr(sampling, "CHUNKS", 3)
    assert run() == serial


def test_the_error_is_that_of_the_mean_of_independent_groups() -> None:
    # The standard deviation of what was added over √groups, by hand for 16 blocks of one order.
    found = sampled_shapley(AIRPORT, orders=16, seed=8, design=Design.INDEPENDENT)
    orders = np.concatenate([Stream(8, block).orders(1, 6) for block in range(16)])
    added = np.empty((16, 6))
    np.put_along_axis(added, orders, np.diff(AIRPORT.prefixes(orders), axis=1), axis=1)
    assert found.values == pytest.approx(added.mean(axis=0))
    assert found.errors == pytest.approx(added.std(axis=0, ddof=1) / 4)


def test_another_seed_draws_others() -> None:
    one, other = (sampled_shapley(AIRPORT, orders=60, seed=seed).values for seed in (1, 2))
    assert (one != other).any()


def test_drawing_ends_when_the_error_is_small_enough() -> None:
    found = sampled_shapley(AIRPORT, orders=1_000_000, seed=1, share_error=0.005)
    assert found.errors.max() <= 0.005 * 20
    assert found.orders < 50_000
    rough = sampled_shapley(AIRPORT, orders=1_000, seed=1, share_error=1e-9)
    assert 1_000 <= rough.orders < 1_200


@given(st.integers(1, 5), st.data(), st.sampled_from(Design))
@settings(max_examples=40, deadline=None)
def test_estimates_sum_to_the_worth_of_all_and_cover_the_values(
    n: int, data: st.DataObject, design: Design
) -> None:
    worths = data.draw(st.lists(st.integers(-9, 9), min_size=2**n, max_size=2**n))
    game = Plain(n, worths.__getitem__)
    found = sampled_shapley(game, orders=50 * GROUPS, seed=1, design=design)
    exact = np.array(enumerated(n, worths.__getitem__), dtype=float)
    assert found.values.sum() == pytest.approx(worths[-1] - worths[0], abs=1e-9)
    assert (abs(found.values - exact) <= 7 * found.errors + 1e-9).all()


def test_all_three_ways_to_ask_give_one_answer() -> None:
    bare = Plain(COUNCIL.players, COUNCIL.value)

    @dataclass(frozen=True)
    class Batch(Plain):
        def batch(self, masks: Any) -> Any:
            return COUNCIL.batch(masks)

    found = [
        sampled_shapley(game, orders=100, seed=4).values.tobytes()
        for game in (COUNCIL, bare, Batch(4, COUNCIL.value))
    ]
    assert len(set(found)) == 1


def test_more_players_than_a_mask_has_bits_are_asked_one_by_one() -> None:
    game = Plain(100, lambda mask: mask.bit_count())
    found = sampled_shapley(game, orders=40, seed=1)
    assert found.values == pytest.approx(1)


def test_an_error_of_the_game_surfaces() -> None:
    def broken(mask: int) -> int:
        raise ZeroDivisionError(mask)

    with pytest.raises(ZeroDivisionError):
        sampled_shapley(Plain(3, broken), orders=10, seed=1)


@pytest.mark.parametrize("worth", [float("nan"), float("inf"), True, "1"])
def test_a_worth_that_is_no_number_is_refused(worth: Any) -> None:
    with pytest.raises(BadInput, match="finite number"):
        sampled_shapley(Plain(3, lambda _: worth), orders=10, seed=1)


def case(game: Any, minor: int = 100_00) -> SharingCase:
    owners = tuple(Owner(f"seller-{i}") for i in range(game.players))
    return SharingCase(Money(minor), owners, game=game)


def test_an_amount_is_divided_with_errors_stated_as_parts_of_the_whole() -> None:
    allocation = PermutationShapley(seed=1, orders=50_000).allocate(case(COUNCIL))
    assert "orders drawn from seed 1" in allocation.basis
    for share, exact in zip(allocation.shares, (2 / 3, 1 / 6, 1 / 6, 0), strict=True):
        assert share.standard_error is not None
        assert abs(float(share.share) - exact) <= 5 * share.standard_error
        assert share.standard_error < 0.003
    assert allocation.shares[3].part == Money(0)


def test_an_allocation_ends_when_its_error_is_small_enough() -> None:
    allocation = PermutationShapley(seed=1, orders=1_000_000, error=0.02).allocate(case(COUNCIL))
    assert all(share.standard_error <= 0.02 for share in allocation.shares if share.standard_error)
    assert int(allocation.basis.split()[3]) < 10_000


def test_an_allocation_is_recorded_with_its_seed_and_replays() -> None:
    _, record = recorded(PermutationShapley(seed=9, orders=100, error=0.3), case(COUNCIL))
    assert record.seed == 9
    assert record.parameters == {"orders": 100, "error": "0.3", "design": "squares"}
    assert replay(record) is Replayed.BIT_FOR_BIT


def test_one_owner_gets_all_of_it() -> None:
    allocation = PermutationShapley(seed=1).allocate(case(Runway((3,)), 7))
    assert allocation.shares[0].part == Money(7)
    assert allocation.shares[0].standard_error == 0


def test_what_divides_nothing_is_refused() -> None:
    with pytest.raises(BadInput, match="value"):
        PermutationShapley(seed=1).allocate(SharingCase(Money(1), (Owner("a"),)))
    with pytest.raises(BadShares, match="adds anything"):
        PermutationShapley(seed=1, orders=50).allocate(case(Plain(2, lambda _: 0)))
    harm = Plain(2, lambda mask: 2 * (mask & 1) - (mask >> 1))
    with pytest.raises(BadShares, match=r"seller-1 is -1\.0, below zero"):
        PermutationShapley(seed=1, orders=50).allocate(case(harm))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"orders": 1}, "orders"),
        ({"orders": 2.5}, "orders"),
        ({"error": 0.0}, "error"),
        ({"error": float("nan")}, "error"),
    ],
)
def test_a_parameter_outside_its_domain_is_named(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        PermutationShapley(seed=1, **fields)


def test_fewer_than_two_orders_have_no_error() -> None:
    with pytest.raises(BadInput, match="two are the least"):
        sampled_shapley(AIRPORT, orders=1, seed=1)
    assert sampled_shapley(AIRPORT, orders=2, seed=1).groups >= 2


@pytest.mark.parametrize("orders", [1, 10**8 + 1, 10**12])
def test_orders_are_no_more_than_an_evening_takes(orders: int) -> None:
    with pytest.raises(BadInput, match=r"^orders: "):
        PermutationShapley(seed=1, orders=orders)
