"""Shapley values from sampled orders, ours beside pyDVL: squared error times CPU seconds.

That product does not depend on how long either runs, so it compares estimators and programs at
once: a quarter of it is the same error in a quarter of the time.  Both draw whole orders and
truncate nothing; the peer's own stopping rule counts its orders.  Errors are those from exact
values, means over players and seeds.  Voting is the game of 51 states that pyDVL has (Castro et
al. 2009); its airport game cannot be made and its nearest-neighbour utility is another game than
the one it names, so those two are given to it as plain functions over arrays.  One thread.

    python benchmarks/pricing_sampling.py
"""

# ruff: noqa: E402 - how many threads there are is read when numpy is imported

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import logging
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

for threads in ("OPENBLAS", "OMP", "MKL"):  # read when numpy is imported
    os.environ.setdefault(f"{threads}_NUM_THREADS", "1")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from ledger_workload import SEED, print_machine, print_table, verdict
from numpy.typing import NDArray

from pricing.games import Utility
from pricing.games.airport import Airport
from pricing.games.glove import Glove, Hand
from pricing.games.knn import Knn, Point
from pricing.games.sampling import Design, sampled_shapley
from pricing.games.voting import WeightedVoting
from pricing.marginals import route

BARS: Final = {"vectorisable": 800, "nearest neighbours": 50}
STATES: Final = (
    *(45, 41, 27, 26, 26, 25, 21, 17, 17, 14, 13, 13, 12, 12, 12, 11),
    *([10] * 4 + [9] * 4 + [8] * 2 + [7] * 4 + [6] * 4 + [5] + [4] * 9 + [3] * 7),
)
K: Final = 5

Members = NDArray[np.intp]
Values = NDArray[np.float64]
Run = tuple[float, Values]  # CPU seconds and what came out


@dataclass(frozen=True)
class Contest:
    """A game in both programs' words: ours, and a coalition's worth from an array of players."""

    name: str
    kind: str
    game: Utility
    worth: Callable[[Members], float]


def contests(points: int) -> list[Contest]:
    """Return the games that are sampled."""
    weights = np.array(STATES)
    costs = np.repeat(np.arange(1, 11), 10).astype(float)
    left = np.arange(50) < 20
    chance = np.random.default_rng(SEED)
    table = chance.normal(size=(2 * points, 5))
    labels = (table[:, 0] + 0.5 * chance.normal(size=2 * points) > 0).astype(int)
    order = np.argsort(np.square(table[points:, None] - table[:points]).sum(axis=2), axis=1)
    match = labels[order] == labels[points:, None]

    def neighbours(members: Members) -> float:
        inside = np.zeros(points, dtype=bool)
        inside[members] = True
        there = inside[order]
        return float((match & there & (there.cumsum(axis=1) <= K)).sum() / (K * points))

    rows = [
        Point(tuple(row), str(label)) for row, label in zip(table.tolist(), labels, strict=True)
    ]
    knn = Knn(tuple(rows[:points]), tuple(range(points)), tuple(rows[points:]), points, K)
    return [
        Contest(
            "voting, 51 states",
            "vectorisable",
            WeightedVoting(sum(STATES) // 2 + 1, STATES),
            lambda members: float(2 * weights[members].sum() > weights.sum()),
        ),
        Contest(
            "airport, 100 planes",
            "vectorisable",
            Airport(tuple(map(Fraction, costs.tolist()))),
            lambda members: float(costs[members].max()),
        ),
        Contest(
            "gloves, 20 left and 30 right",
            "vectorisable",
            Glove((Hand.LEFT,) * 20 + (Hand.RIGHT,) * 30),
            lambda members: float(min(left[members].sum(), (~left[members]).sum())),
        ),
        Contest(f"{points} points, K = {K}", "nearest neighbours", knn, neighbours),
    ]


def by_pydvl(contest: Contest, orders: int, seed: int) -> Run:
    """Return the CPU seconds and the values of so many orders."""
    valuation: Any = importlib.import_module("pydvl.valuation")
    games: Any = importlib.import_module("pydvl.valuation.games")

    class Played(games.Game):  # type: ignore[misc]
        def _score(self, members: Members) -> float:
            return contest.worth(members[:, 0])

    played = Played(contest.game.players)
    method = valuation.ShapleyValuation(
        played.u,
        valuation.PermutationSampler(valuation.NoTruncation(), seed=seed),
        is_done=valuation.MaxUpdates(orders),
        progress=False,
    )
    began = time.process_time()
    method.fit(played.data)
    spent = time.process_time() - began
    return spent, np.asarray(method.result.values)[np.argsort(method.result.indices)]


def ours(contest: Contest, orders: int, seed: int, design: Design) -> Run:
    """Return the CPU seconds and the values of so many orders."""
    began = time.process_time()
    found = sampled_shapley(contest.game, orders=orders, seed=seed, design=design)
    return time.process_time() - began, found.values


def product(runs: list[Run], exact: Values) -> float:
    """Return the mean squared error times the median time."""
    error = statistics.mean(float(np.square(values - exact).mean()) for _, values in runs)
    return error * statistics.median(spent for spent, _ in runs)


def own_utility_off() -> float:
    """Return by how much pyDVL's nearest-neighbour utility misses what it says it is.

    It looks for the K nearest of all points and keeps those of the coalition, instead of
    looking for the K nearest of the coalition.
    """
    valuation: Any = importlib.import_module("pydvl.valuation")
    utility: Any = importlib.import_module("pydvl.valuation.utility.knn")
    neighbours: Any = importlib.import_module("sklearn.neighbors")
    types: Any = importlib.import_module("pydvl.valuation.types")
    chance = np.random.default_rng(SEED)
    table, labels = chance.normal(size=(40, 3)), np.arange(40) % 2
    data = valuation.Dataset(table[:20], labels[:20])
    test = valuation.Dataset(table[20:], labels[20:])
    asked = utility.KNNClassifierUtility(neighbours.KNeighborsClassifier(n_neighbors=3), test)
    half = np.arange(0, 20, 2)
    said = asked.with_dataset(data)(types.Sample(None, half))
    apart = np.square(table[20:, None] - table[half]).sum(axis=2)
    near = np.argsort(apart, axis=1)[:, :3]
    return abs(said - float((labels[half][near] == labels[20:, None]).mean()))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--orders", type=int, default=20_000)
    parser.add_argument("--peer-orders", type=int, default=40)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=6)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")  # the peer's, of its own dependencies
    print_machine(orders=given.orders, points=given.points, repeats=given.repeats)
    peer = importlib.util.find_spec("pydvl") is not None
    rows, measures = [], []
    for contest in contests(given.points):
        values, _ = route.shapley_values(contest.game)
        exact = np.array(values, dtype=float)
        costs: dict[Design, list[Run]] = {design: [] for design in Design}
        theirs: list[Run] = []
        for seed in range(given.repeats):
            for design, runs in costs.items():
                runs.append(ours(contest, given.orders, seed, design))
            if peer:
                theirs.append(by_pydvl(contest, given.peer_orders, seed))
        mine = {design: product(runs, exact) for design, runs in costs.items()}
        row = [contest.name, *(f"{mine[design]:.1e}" for design in Design)]
        spent = statistics.median(spent for spent, _ in costs[Design.SQUARES])
        row.append(f"{spent / given.orders * 1e6:.2f} µs")
        if peer:
            other = product(theirs, exact)
            each = statistics.median(spent for spent, _ in theirs) / given.peer_orders
            row += [
                f"{other:.1e}",
                f"{each * 1e6:,.0f} µs",
                f"{other / mine[Design.SQUARES]:,.0f} ×",
            ]
            bar = BARS[contest.kind]
            ratio = other / mine[Design.SQUARES]
            measures.append([contest.name, f"{ratio:,.0f} ×", f"≥ {bar} ×", verdict(ratio, bar)])
        best = min(mine.values()) / mine[Design.SQUARES]
        rows.append(row)
        if not peer:
            measures.append([contest.name, f"{best:.2f} of ours", "≥ 0.5", verdict(best, 0.5)])
    head = ["error² · s", *Design, "an order"]
    print_table(head + (["pyDVL", "an order", "pyDVL / squares"] if peer else []), rows)
    print_table(["measure", "found", "bar", ""], measures)
    if peer:
        version = importlib.metadata.version("pydvl")
        print(
            f"pyDVL {version}: its nearest-neighbour utility is off by {own_utility_off():.3f}"
            " for half of 20 points, K = 3"
        )
    else:
        print("left out: pydvl is not installed; the best design stands beside squares instead")


if __name__ == "__main__":
    main()
