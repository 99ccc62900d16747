"""Many seeds of crashes, played on the market whose first 200 are played in CI.

    python -m tests.exchange.simulation.fault_run --seeds 1-10000

opens the market anew every 500 seeds, in /dev/shm where that is there, and stops at the first seed
that is not sound.  A range may be cut into several, which play side by side: a seed is drawn from
its number alone.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from exchange.simulation.faults import stage
from tests.exchange.market_run import MEMORY
from tests.exchange.simulation.bazaar import perilous_market

STAGED: Final = 500  # seeds that are played from one opening of the market


def play(first: int, last: int) -> int:
    """Play the seeds from first to last; returns the crashes, raises `Unsound` naming a seed."""
    crashes, begun = 0, time.monotonic()
    for opening in range(first, last + 1, STAGED):
        closing = min(opening + STAGED, last + 1)
        with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
            opened = stage(perilous_market(), Path(folder))
            trials = [opened.trial(seed, wishes=2, rate=0.8) for seed in range(opening, closing)]
        crashes += sum(trial.crashes for trial in trials)
        done = closing - first
        rate = done / (time.monotonic() - begun)
        left = (last + 1 - closing) / rate
        told = f"seeds {first} to {closing - 1}, {crashes:,} crashes"
        print(f"{told}, {rate:.1f} a second, {left:.0f} s left", file=sys.stderr, flush=True)  # noqa: T201
    return crashes


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", default="1-10000", help="the first and the last")
    first, _, last = parser.parse_args().seeds.partition("-")
    logging.getLogger("exchange").addHandler(logging.NullHandler())  # of services, act by act
    crashes = play(int(first), int(last or first))
    print(f"seeds {first} to {last or first}: {crashes:,} crashes, every one sound")  # noqa: T201


if __name__ == "__main__":
    main()
