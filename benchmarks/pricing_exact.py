"""Exact values of games, ours beside four peers, in CPU seconds of one thread.

A voting game is asked about every coalition by both, though ours could count it in closed form:
that figure stands beside.  Making the game is timed on neither side, compiling on neither; all
answers are compared.  coopgame-py is handed the worths of all coalitions, ours works them out.
Eight sellers' regressions start from the sellers' rows on both sides.  A peer that is not installed
is said and left out.

    python benchmarks/pricing_exact.py
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import os
import statistics
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when numpy is imported
os.environ["NUMBA_NUM_THREADS"] = "1"
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from ledger_workload import SEED, print_machine, print_table, verdict
from numpy.typing import NDArray

from pricing.chance import Stream
from pricing.cores.least import least_core
from pricing.cores.nucleolus import nucleolus
from pricing.games.ridge import Ridge, Sums
from pricing.games.table import Table
from pricing.games.voting import WeightedVoting
from pricing.marginals import route, shapley_weight
from pricing.marginals.streamed import streamed

BARS: Final = {20: 0.010, 24: 0.060, 28: 1.0, 30: 4.0}  # CPU seconds
MEMORY_BAR: Final = 64  # MiB
PEERS: Final = ("pydvl", "shapiq", "shapley-numba", "coopgame-py")
FEATURES: Final = 10

Values = Sequence[float]


def voting(n: int) -> WeightedVoting:
    """Return a game of n voters with weights from 1 to 99 and a simple majority."""
    weights = tuple(int(1 + 99 * one) for one in Stream(SEED, n).uniforms(n))
    return WeightedVoting(sum(weights) // 2 + 1, weights)


def ours(game: WeightedVoting) -> Values:
    """Ask every coalition."""
    return [float(value) for value in streamed(game).semivalue(shapley_weight)]


def took(work: Callable[[], object], repeats: int) -> float:
    """Return the median CPU seconds of one call; short ones are called often."""
    began = time.process_time()
    work()
    calls = max(1, int(0.02 / max(time.process_time() - began, 1e-6)))
    runs = []
    for _ in range(repeats):
        began = time.process_time()
        for _ in range(calls):
            work()
        runs.append((time.process_time() - began) / calls)
    return statistics.median(runs)


def installed(peer: str) -> bool:
    """Say whether a peer can be measured."""
    return importlib.util.find_spec(peer.removesuffix("-py").replace("-", "_")) is not None


# The peers, each in its own words.


def by_pydvl(game: WeightedVoting) -> Callable[[], Values]:
    """Ask about every subset of the others for each player, by its deterministic sampler."""
    valuation: Any = importlib.import_module("pydvl.valuation")
    games: Any = importlib.import_module("pydvl.valuation.games")
    weights = np.array(game.weights)

    class Voting(games.Game):  # type: ignore[misc]
        def _score(self, members: NDArray[np.intp]) -> float:
            return float(weights[members].sum() >= game.quota)

    voted = Voting(game.players)

    def work() -> Values:
        sampler = valuation.DeterministicUniformSampler(batch_size=1)
        method = valuation.ShapleyValuation(
            voted.u, sampler, valuation.NoStopping(sampler), progress=False
        )
        method.fit(voted.data)
        return list(map(float, method.result.values))

    return work


def by_shapiq(game: WeightedVoting) -> Callable[[], Values]:
    """Ask about all coalitions in one call, as rows of booleans."""
    exact: Any = importlib.import_module("shapiq.game_theory.exact")
    weights = np.array(game.weights, dtype=float)

    def worths(coalitions: NDArray[np.bool_]) -> NDArray[np.float64]:
        return (coalitions @ weights >= game.quota).astype(float)

    def work() -> Values:
        found = exact.ExactComputer(worths, n_players=game.players, evaluate_game=True)("SV", 1)
        return [float(found[(i,)]) for i in range(game.players)]

    return work


def by_shapley_numba(game: WeightedVoting) -> Callable[[], Values]:
    """Compile the game and go through all coalitions."""
    package: Any = importlib.import_module("shapley_numba")
    numba: Any = importlib.import_module("numba")

    class Voting:
        def __init__(self, weights: NDArray[np.float64], quota: float) -> None:
            self.weights = weights
            self.quota = quota

        def value(self, subset: NDArray[np.int32]) -> float:
            held = 0.0
            for i in range(len(subset)):
                held += subset[i] * self.weights[i]
            return 1.0 if held >= self.quota else 0.0

    spec = [("weights", numba.float64[:]), ("quota", numba.float64)]
    voted = package.numba_game(spec)(Voting)(np.array(game.weights, dtype=float), float(game.quota))
    package.shapley.shapley(voted, 3)  # compiles
    return lambda: list(map(float, package.shapley.shapley(voted, game.players)))


def by_coopgame(game: WeightedVoting) -> Callable[[], Values]:
    """Sum over worths that are there already."""
    package: Any = importlib.import_module("coopgame")
    voted = package.Game.weighted_voting(list(map(float, game.weights)), float(game.quota))
    return lambda: list(map(float, package.shapley(voted)))


CONTENDERS: Final[
    dict[str, tuple[Callable[[WeightedVoting], Callable[[], Values]], int, float]]
] = {
    "pydvl": (by_pydvl, 12, 2_000),
    "shapiq": (by_shapiq, 16, 2_000),
    "shapley-numba": (by_shapley_numba, 24, 50),
    "coopgame-py": (by_coopgame, 20, 10),
}


def measure_peers(at_most: int, repeats: int) -> None:
    """Print what each peer takes at its size, and ours."""
    rows = []
    for peer, (made, players, bar) in CONTENDERS.items():
        if not installed(peer):
            continue
        n = min(players, at_most)
        game = voting(n)
        work = made(game)
        assert np.allclose(work(), ours(game), atol=1e-9)  # noqa: S101 - a figure without it is void
        theirs = took(work, 1 if n > 11 else repeats)
        own = took(partial(ours, game), repeats)
        counted = took(partial(route.shapley_values, game), repeats)
        version = importlib.metadata.version(peer)
        rows.append(
            (f"{peer} {version}, {n} voters", f"{theirs:.3f} s", f"{own * 1e3:.2f} ms",
             f"{theirs / own:,.0f} ×", f"≥ {bar:,.0f} ×", verdict(theirs / own, bar),
             f"{counted * 1e3:.2f} ms")
        )  # fmt: skip
    if rows:
        print_table(("every coalition asked", "peer", "ours", "", "bar", "", "ours, counted"), rows)


def measure_sizes(at_most: int, repeats: int) -> None:
    """Print what ours takes by the number of owners."""
    rows = []
    for players, bar in BARS.items():
        n = min(players, at_most)
        game = voting(n)
        own = took(partial(ours, game), repeats if n < 26 else 1)
        rows.append(
            (f"{n} voters", f"{own * 1e3:,.1f} ms", f"{own / 2**n * 1e9:.2f} ns",
             f"≤ {bar * 1e3:,.0f} ms", verdict(own, bar, most=True))
        )  # fmt: skip
    print_table(("Shapley values", "CPU", "a coalition", "bar", ""), rows)
    game = voting(min(28, at_most))
    tracemalloc.start()
    ours(game)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    held = verdict(peak, MEMORY_BAR, most=True)
    print_table(
        ("memory at its peak", "MiB", "bar", ""),
        [(f"{game.players} voters", f"{peak:.1f}", f"≤ {MEMORY_BAR} MiB", held)],
    )


def measure_models(sellers: int, repeats: int) -> None:
    """Print what eight sellers' regressions take, from their rows to their values."""
    parts = []
    for i in range(sellers + 1):
        stream = Stream(SEED, 99, i)
        rows = 400 if i == sellers else 100
        x = stream.normals(rows * FEATURES).reshape(rows, FEATURES)
        parts.append((x, x @ np.arange(1.0, FEATURES + 1) + 5 * stream.normals(rows)))

    def work() -> Values:
        sums = [Sums.of(*part) for part in parts]
        values, _ = route.shapley_values(Ridge(tuple(sums[:-1]), sums[-1]))
        return list(map(float, values))

    own = took(work, repeats)
    head = (f"{sellers} sellers, {FEATURES} features, R²", "CPU", "", "bar", "")
    if not installed("pydvl"):
        print_table(head, [("ours", f"{own * 1e3:.1f} ms", "", "", "")])
        return
    theirs = _ridge_by_pydvl(parts)
    sums = [Sums.of(*part) for part in parts]
    # It takes nobody's model to be worth nothing; ours predicts zero and is scored for it.
    nobody = Ridge(tuple(sums[:-1]), sums[-1]).value(0) / sellers
    assert np.allclose(theirs(), np.array(work()) + nobody, atol=1e-9)  # noqa: S101 - as above
    took_them = took(theirs, 1)
    print_table(
        head,
        [
            ("ours", f"{own * 1e3:.1f} ms", "", "", ""),
            ("pydvl", f"{took_them * 1e3:,.0f} ms", f"{took_them / own:,.0f} ×", "≥ 200 ×",
             verdict(took_them / own, 200)),
        ],
    )  # fmt: skip


def _ridge_by_pydvl(parts: list[tuple[Any, Any]]) -> Callable[[], Values]:
    valuation: Any = importlib.import_module("pydvl.valuation")
    model: Any = importlib.import_module("sklearn.linear_model").Ridge(
        alpha=1.0, fit_intercept=False
    )
    sellers, buyer = parts[:-1], parts[-1]
    groups = np.concatenate([np.full(len(y), i) for i, (_, y) in enumerate(sellers)])
    rows = valuation.Dataset(
        np.concatenate([x for x, _ in sellers]), np.concatenate([y for _, y in sellers])
    )
    training = valuation.GroupedDataset.from_dataset(rows, list(groups))
    test = valuation.Dataset(*buyer)

    def work() -> Values:
        scorer = valuation.SupervisedScorer("r2", test, default=0.0)
        utility = valuation.ModelUtility(model, scorer, show_warnings=False)
        sampler = valuation.DeterministicUniformSampler(batch_size=1)
        method = valuation.ShapleyValuation(
            utility, sampler, valuation.NoStopping(sampler), progress=False
        )
        method.fit(training)
        return list(map(float, method.result.values))

    return work


def measure_cores(n: int, repeats: int) -> None:
    """Print what the least core and the nucleolus take, beside coopgame-py."""
    package: Any = importlib.import_module("coopgame") if installed("coopgame-py") else None
    games: dict[str, Any] = {"voting": voting(n)}
    if package:
        # The games of Benedek, Fliege and Nguyen 2021 that it brings along.
        for kind in range(1, 6):
            worths = package.Game.bnf(kind, n, 1).values()
            games[f"type {kind}"] = Table((0.0, *map(float, worths)))
    rows = []
    for name, game in games.items():
        masks = np.arange(1, 1 << n, dtype=np.uint64)
        theirs = package.Game(game.batch(masks).tolist()) if package else None
        for what, own in (("least core", least_core), ("nucleolus", nucleolus)):
            spent = took(partial(own, game), repeats)
            row = [f"{what}, {name}", f"{spent * 1e3:.1f} ms"]
            if package:
                solve = package.least_core if what == "least core" else package.nucleolus
                found = solve(theirs)
                if what == "least core":  # it returns any allocation of it,
                    # and only among those that give each player what it is worth alone.
                    assert float(own(game)[1]) <= found["epsilon"] + 1e-6  # noqa: S101 - as above
                else:
                    assert np.allclose(found["allocation"], list(map(float, own(game)[0])))  # noqa: S101
                peer = took(partial(solve, theirs), repeats)
                row += [f"{peer * 1e3:.1f} ms", f"{spent / peer:.1f} × its time", "≤ 3 ×",
                        verdict(spent / peer, 3, most=True)]  # fmt: skip
            rows.append(row)
    head = [f"{n} players", "ours", "coopgame-py", "", "bar", ""]
    print_table(head[: len(rows[0])], rows)


def main() -> None:
    """Measure what was asked for."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--players", type=int, default=30, help="at most so many")
    asked.add_argument("--repeats", type=int, default=5)
    given = asked.parse_args()
    warnings.simplefilter("ignore")  # of the peers
    print_machine(players=given.players)
    measure_peers(given.players, given.repeats)
    measure_sizes(given.players, given.repeats)
    measure_models(min(8, given.players), given.repeats)
    if importlib.util.find_spec("scipy") is not None:
        measure_cores(min(16, given.players), given.repeats)
    missing = [peer for peer in PEERS if not installed(peer)]
    if missing:
        print(f"left out: {', '.join(missing)} are not installed")


if __name__ == "__main__":
    main()
