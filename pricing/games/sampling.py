"""Shapley values from orders at random, unbiased and with a stated standard error.

A player's Shapley value is the mean of what it adds over all orders of joining, so the mean over
orders drawn at random estimates it (Castro, Gómez and Tejada, Computers & Operations Research
36(5), 2009).  Nothing is truncated: that would bias the estimate.  In each order what players
add sums to the worth of all, and so do the estimates.

Orders come in groups, independent of each other, and the standard error is that of the groups'
means: of a group whose orders depend on one another it holds just as well.  Every order is
uniform by itself, whatever the design, so each design is unbiased.

A block of groups draws from the stream of its own index and the blocks' sums are put together
in their order, so that neither the executor nor the number of chunks changes a bit.
"""

from __future__ import annotations

import enum
import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing import executors
from pricing.chance import Stream
from pricing.errors import BadInput
from pricing.games import Batched, Prefixed, Utility, worth
from pricing.games.asking import prefix_worths

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUPS: Final = 30  # with fewer, the standard error is itself too uncertain to be stated
MASK_BITS: Final = 64  # what the masks of a batched game hold
BLOCK: Final = 2**16  # worths in a block, unless one group has more: half a megabyte an array
GROUP: Final = 2**20  # worths in a group at most
BLOCKS: Final = 16  # of a job at least, so that even a small job can be shared out
CHUNKS: Final = 16  # of a job at most: enough for the workers of one machine, each worth a task


class Design(enum.StrEnum):
    """How the orders of one group depend on each other."""

    SQUARES = "squares"
    """Each player stands once in each place, or in each of as many stretches of places as the
    group has orders: a Latin square whose symbols and columns are shuffled.  What a player adds
    depends on its place more than on anything else, and that part of the variance is gone."""

    INDEPENDENT = "independent"
    """Every order is a group of its own."""

    PAIRED = "paired"
    """An order and its reverse (Mitchell et al., JMLR 23, 2022).  Exact where worth grows with
    the square of size, and worse than nothing in voting: every pivot is met twice."""


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Values by player, their standard errors, and how many orders they were taken from.

    An error of zero says that the groups agreed, not that the value is known: someone who is
    needed once in a million orders may have been met in none.
    """

    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    orders: int
    groups: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """A run of blocks of one game, each of so many `groups` of so many `rows`."""

    utility: Utility
    design: Design
    rows: int
    groups: int
    seed: int
    blocks: range


# Groups met, their mean and their summed squares about it.
_Moments = tuple[int, "NDArray[np.float64]", "NDArray[np.float64]"]


def sampled_shapley(
    utility: Utility,
    *,
    orders: int,
    seed: int,
    share_error: float | None = None,
    design: Design = Design.SQUARES,
) -> Estimate:
    """Estimate the Shapley values from at least `orders` orders, a whole number of groups.

    With `share_error`, drawing ends as soon as every standard error is at most that part of
    what all players are worth together, and `orders` is the most that is drawn.  The game is
    asked for `prefixes` where it has them, else for a `batch` (up to 64 players), else for one
    `value` after another.  Raises `BadInput` for fewer than two orders, or a worth that is no
    finite number; an error that the game raises surfaces.
    """
    if orders < 2:
        raise BadInput(f"orders: {orders} are too few, two are the least")
    n = utility.players
    rows = _rows(design, n, orders)
    wanted = max(2, -(-orders // rows))
    groups = -(-wanted // max(BLOCKS, -(-wanted * rows * n // BLOCK)))
    if share_error is not None:
        groups = min(groups, GROUPS)
    met: _Moments = (0, np.zeros(n), np.zeros(n))
    while met[0] < wanted:
        # Whether to go on is asked after 30, 60, 120, … groups.
        goal = wanted if share_error is None else min(wanted, max(GROUPS, 2 * met[0]))
        blocks = range(met[0] // groups, -(-goal // groups))
        met = _drawn(_Plan(utility, design, rows, groups, seed, blocks), met)
        if share_error is not None and (_errors(met) <= share_error * abs(met[1].sum())).all():
            break
    return Estimate(met[1], _errors(met), met[0] * rows, met[0])


def random_orders(
    design: Design, players: int, rows: int, groups: int, stream: Stream
) -> NDArray[np.intp]:
    """Return groups of `rows` orders each, as an array of shape (groups · rows, players)."""
    if design is Design.INDEPENDENT:
        return stream.orders(groups * rows, players)
    if design is Design.PAIRED:
        forward = stream.orders(groups, players)
        return np.stack((forward, forward[:, ::-1]), axis=1).reshape(-1, players)
    # A ring of players is read at `rows` even distances: each player moves on by one stretch
    # from order to order.  Which stretch of places shows which stretch of the ring is shuffled,
    # or neighbours on the ring would keep their distance and with it what they add together.
    ring = stream.orders(groups, players)
    stretch = np.arange(players) * rows // players
    shuffled = stream.orders(groups, rows)[:, stretch]
    keys = shuffled + stream.uniforms(groups * players).reshape(groups, players)
    window = np.argsort(keys, axis=1, kind="stable")
    steps = np.arange(rows) * players // rows
    at = window[:, None, :] - steps[None, :, None]
    at += players * (at < 0)
    at += (players * np.arange(groups))[:, None, None]
    found: NDArray[np.intp] = ring.ravel()[at.reshape(groups * rows, players)]
    return found


def _worths(utility: Utility, orders: NDArray[np.intp]) -> NDArray[np.float64]:
    """Ask what every prefix of each order is worth, by the cheapest question."""
    m, n = orders.shape
    if isinstance(utility, Prefixed) or (isinstance(utility, Batched) and n <= MASK_BITS):
        return prefix_worths(utility, orders)
    # A game that answers one question at a time is likely dear: none is asked twice in a block.
    known: dict[int, float] = {}
    found = np.empty((m, n + 1))
    for row, order in enumerate(orders.tolist()):
        for place, mask in enumerate(itertools.accumulate(order, _joined, initial=0)):
            if mask not in known:
                known[mask] = float(worth(utility, mask))
            found[row, place] = known[mask]
    return found


def _joined(mask: int, player: int) -> int:
    return mask | 1 << player


def _rows(design: Design, players: int, orders: int) -> int:
    if design is Design.SQUARES:
        return max(1, min(players, orders // GROUPS, GROUP // players))
    return 2 if design is Design.PAIRED else 1


def _drawn(plan: _Plan, met: _Moments) -> _Moments:
    """Draw the plan's blocks, in chunks, and put what they meet to what was met before."""
    step = -(-len(plan.blocks) // CHUNKS)
    runs = [plan.blocks[at : at + step] for at in range(0, len(plan.blocks), step)]
    for blocks in executors.current().map(_moments, [replace(plan, blocks=run) for run in runs]):
        for block in blocks:
            met = _together(met, block)
    return met


def _moments(plan: _Plan) -> list[_Moments]:
    return [_block(plan, index) for index in plan.blocks]


def _block(plan: _Plan, index: int) -> _Moments:
    n = plan.utility.players
    stream = Stream(plan.seed, index)
    orders = random_orders(plan.design, n, plan.rows, plan.groups, stream)
    added = np.diff(_worths(plan.utility, orders), axis=1)
    group = np.repeat(np.arange(plan.groups) * n, plan.rows)[:, None]
    sums = np.bincount((orders + group).ravel(), added.ravel(), plan.groups * n)
    means = sums.reshape(plan.groups, n) / plan.rows
    mean = means.mean(axis=0)
    return plan.groups, mean, np.square(means - mean).sum(axis=0)


def _together(one: _Moments, other: _Moments) -> _Moments:
    """Pool two samples' moments (Chan, Golub and LeVeque 1979): no sum of squares cancels."""
    count = one[0] + other[0]
    apart = other[1] - one[1]
    mean = one[1] + apart * (other[0] / count)
    return count, mean, one[2] + other[2] + apart**2 * (one[0] * other[0] / count)


def _errors(met: _Moments) -> NDArray[np.float64]:
    return np.sqrt(met[2] / (met[0] * max(1, met[0] - 1)))
