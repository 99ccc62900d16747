"""Market surveillance against planted truth: precision, recall, false alarms and speed.

Every market is made from its seed with misconduct planted in it and the truth noted down; none of
these seeds chose a limit.  Honest markets, with nothing planted, say how often surveillance cries
wolf.

    python benchmarks/surveillance.py --markets 200
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from typing import Final

import numpy as np

from exchange.simulation.measures.labelled import EVERYTHING, HONEST, Planting, labelled
from exchange.simulation.measures.scoring import Detection, detections
from exchange.surveillance import watch

FIRST_SEED: Final = 1_000  # limits were chosen on seeds below
FAINT: Final = Planting(3, 1, 3, 2, (0.1, 0.5), (0.02, 0.08), (0.2, 0.5))
BOLD: Final = Planting(3, 1, 3, 2, (1.0, 4.0), (0.15, 0.4), (0.7, 1.0))
WORLDS: Final = {"as planted": EVERYTHING, "faint": FAINT, "bold": BOLD, "honest": HONEST}
PRECISION: Final = 0.9  # a claim of docs/surveillance.md
FALSE_ALARMS: Final = 0.2  # of an honest market, in the mean


def main() -> None:
    """Print the figures as a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--markets", type=int, default=200, help="of each sort")
    parser.add_argument("--buyers", type=int, default=400)
    asked = parser.parse_args()
    print(f"{asked.markets} markets of each sort, {asked.buyers} buyers each")
    print(f"Python {platform.python_version()}, numpy {np.__version__}\n")
    print("| planted | conduct | cases | found | recall | alerts | true | precision |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    worst, false, spent, trades = 1.0, 0, 0.0, 0
    for name, planting in WORLDS.items():
        total: list[Detection] = []
        for seed in range(FIRST_SEED, FIRST_SEED + asked.markets):
            tape, truth = labelled(seed, planting, buyers=asked.buyers)
            began = time.perf_counter()
            alerts = watch(tape)
            spent, trades = spent + time.perf_counter() - began, trades + len(tape.trade_id)
            found = detections(alerts, truth)
            total = [a + b for a, b in zip(total, found, strict=True)] if total else [*found]
        for each in total:
            print(
                f"| {name} | {each.conduct} | {each.cases} | {each.found} | {share(each.recall)} "
                f"| {each.alerts} | {each.true} | {share(each.precision)} |"
            )
        if planting is HONEST:
            false = sum(each.alerts for each in total)
        elif each_precision := [each.precision for each in total if each.precision is not None]:
            worst = min(worst, *each_precision)
    rate = false / asked.markets
    print(f"\nfalse alarms in an honest market: {rate:.3f}")
    print(f"{trades / spent:,.0f} trades a second\n")
    verdict = "holds" if worst >= PRECISION and rate <= FALSE_ALARMS else "falls short"
    print(
        f"precision {PRECISION} or better of every conduct, "
        f"{FALSE_ALARMS} false alarms or fewer in an honest market: {verdict}"
    )


def share(value: float | None) -> str:
    """Return a share for the table."""
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main())
