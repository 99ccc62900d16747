"""Exact values of the points of a nearest-neighbour classifier, ours beside pyDVL.

Five data sets, standardised: four of scikit-learn where it is installed (pyDVL brings it) and
one that is generated, or five generated of the same sizes.  A millionth is added by chance, so
that no two points are equally far: in which order pyDVL takes such is not defined.  Both start
from the same arrays of doubles and measure distances themselves, in one thread.  CPU seconds,
medians, in turns; values are compared point by point.

    python benchmarks/pricing_knn.py
"""

# ruff: noqa: E402 - how many threads there are is read when numpy is imported

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import importlib.util
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

for threads in ("OPENBLAS", "OMP", "MKL"):  # read when numpy is imported
    os.environ.setdefault(f"{threads}_NUM_THREADS", "1")
sys.path.append(str(Path(__file__).parents[1]))

import numpy as np
from ledger_workload import SEED, print_machine, print_table, verdict
from numpy.typing import NDArray

from pricing.games.nearest import Measure, Neighbourhood, exact_values, point_values

BAR: Final = 50
CLOSE: Final = 1e-12
K: Final = 5
TESTS: Final = 150
# Rows, features and labels of what scikit-learn has by these names.
SETS: Final = {
    "iris": (150, 4, 3),
    "wine": (178, 13, 3),
    "breast_cancer": (569, 30, 2),
    "digits": (1797, 64, 10),
    "generated": (3000, 20, 4),
}

Values = NDArray[np.float64]


def tables(rows_max: int) -> Iterator[tuple[str, Neighbourhood]]:
    """Yield the data sets, each parted into training and test points."""
    chance = np.random.default_rng(SEED)
    real = importlib.util.find_spec("sklearn") is not None
    for name, (rows, columns, classes) in SETS.items():
        if real and name != "generated":
            source: Any = importlib.import_module("sklearn.datasets")
            features, labels = getattr(source, f"load_{name}")(return_X_y=True)
        else:
            labels = chance.integers(0, classes, rows)
            features = chance.normal(size=(classes, columns))[labels]
            features = features + chance.normal(size=(rows, columns))
        spread = features.std(axis=0)
        features = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
        features = features + 1e-6 * chance.normal(size=features.shape)
        order = chance.permutation(len(labels))[:rows_max]
        tests = min(TESTS, len(order) // 4)
        train, test = order[tests:], order[:tests]
        yield (
            name if real or name == "generated" else f"{name}, generated",
            Neighbourhood(features[train], labels[train], features[test], labels[test]),
        )


def by_pydvl(points: Neighbourhood) -> Callable[[], Values]:
    """Return pyDVL's valuation of the same points."""
    valuation: Any = importlib.import_module("pydvl.valuation")
    neighbours: Any = importlib.import_module("sklearn.neighbors")

    def work() -> Values:
        method = valuation.KNNShapleyValuation(
            neighbours.KNeighborsClassifier(n_neighbors=K),
            valuation.Dataset(points.test_features, points.test_labels),
            progress=False,
        )
        method.fit(valuation.Dataset(points.features, points.labels))
        values: Values = np.asarray(method.result.values)
        return values[np.argsort(method.result.indices)]

    return work


def took(work: Callable[[], Values], calls: int) -> tuple[float, Values]:
    """Return the CPU seconds of one call, out of so many, and its answer."""
    began = time.process_time()
    for _ in range(calls):
        found = work()
    return (time.process_time() - began) / calls, found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=3000)
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    print_machine(rows=given.rows, neighbours=K)
    peer = importlib.util.find_spec("pydvl") is not None
    rows, ratios = [], []
    for name, points in tables(given.rows):
        pairs = points.labels.size * points.test_labels.size
        calls = max(1, 2_000_000 // pairs)
        mine: list[float] = []
        theirs: list[float] = []
        found = point_values(points, K, Measure.OF_K)
        said = exact = np.array(exact_values(points, K, Measure.OF_K), dtype=float)
        for _ in range(given.repeats):
            spent, found = took(lambda p=points: point_values(p, K, Measure.OF_K), calls)
            mine.append(spent)
            if peer:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    spent, said = took(by_pydvl(points), 1)
                theirs.append(spent)
        cost = statistics.median(mine)
        row = [
            name,
            f"{points.labels.size} × {points.features.shape[1]}, {points.test_labels.size} tests",
            f"{cost * 1e3:.2f} ms",
            f"{cost / pairs * 1e9:.0f} ns",
            f"{abs(found - exact).max():.1e}",
        ]
        if peer:
            ratios.append(statistics.median(theirs) / cost)
            row += [
                f"{statistics.median(theirs) * 1e3:.0f} ms",
                f"{abs(found - said).max():.1e}",
                f"{ratios[-1]:.0f} ×",
            ]
        rows.append(row)
    head = ["data", "points", "ours", "a pair", "from fractions"]
    print_table(head + (["pyDVL", "from pyDVL", "pyDVL / ours"] if peer else []), rows)
    worst = max(float(row[4]) for row in rows)
    told = "holds" if worst <= CLOSE else "falls short"
    measures = [["difference from fractions", f"{worst:.1e}", f"≤ {CLOSE}", told]]
    if peer:
        middle = statistics.median(ratios)
        version = importlib.metadata.version("pydvl")
        what = f"pyDVL {version} / ours, median"
        measures.append([what, f"{middle:.0f} ×", f"≥ {BAR} ×", verdict(middle, BAR)])
        apart = max(float(row[6]) for row in rows)
        told = "holds" if apart <= CLOSE else "falls short"
        measures.append(["difference from pyDVL", f"{apart:.1e}", f"≤ {CLOSE}", told])
    print_table(["measure", "found", "bar", ""], measures)
    if not peer:
        print("left out: pydvl is not installed")


if __name__ == "__main__":
    main()
