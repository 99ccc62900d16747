"""A long seeded run of the market, audited as it goes.

    python -m tests.exchange.market_run --steps 1000000 --seed 1

plays in days of 2,000 steps, each on a market of its own, so that no store grows without end.  A
day is drawn from the seed and its number alone: `--from-day` goes on where a run was cut off, and
a failure names the seed, the day and the step, which happen again.  The market is kept in
/dev/shm where that is there, and audited every `--every` steps and after every fault.  With
`--folder` one market is played on in that folder, for tests that kill the process.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from exchange.services.check_money import check_money
from tests.exchange.floor import STORE, Hall, open_hall
from tests.exchange.market import Market, draw

DAY: Final = 2_000  # steps of one market
MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system in memory
SPEAK: Final = 10.0  # seconds between two lines of progress


class Unsound(AssertionError):
    """The money did not come out after a step."""


def play_day(
    hall: Hall, chance: random.Random, steps: int, every: int, tell: Callable[[str], None]
) -> Counter[tuple[str, str]]:
    """Play a day on a fresh market; raises `Unsound` naming the step after which it is wrong."""
    market = Market(hall)
    market.open()
    for step in range(steps):
        move, seed = draw(chance)
        outcome = market.play(move, seed)
        if outcome == "failed" or step % every == 0 or step == steps - 1:
            faults = market.auditor.faults()
            if faults:
                raise Unsound(f"step {step}, {move} {seed} ({outcome}): {'; '.join(faults)}")
        tell(move)
    books = [fault for check in check_money(floor=hall.floor) for fault in check.faults]
    if books:
        raise Unsound(f"step {steps - 1}: the product's own check says {'; '.join(books)}")
    return market.outcomes


def chance_of(seed: int, day: int) -> random.Random:
    """Return what a day is drawn from."""
    return random.Random(f"{seed} {day}")  # noqa: S311 - a repeatable choice


def run(seed: int, steps: int, *, first: int = 0, every: int = 20, store: str = STORE) -> str:
    """Play that many steps from the first day on, and say what became of them."""
    outcomes: Counter[tuple[str, str]] = Counter()
    progress = Progress(steps)
    day = first
    while progress.left > 0:
        folder = Path(tempfile.mkdtemp(prefix="market-", dir=MEMORY if MEMORY.is_dir() else None))
        try:
            with open_hall(folder / "exchange", "listed", store) as hall:
                count = min(DAY, progress.left)
                outcomes += play_day(hall, chance_of(seed, day), count, every, progress.step)
        except BaseException as error:
            where = f"--seed {seed} --from-day {day}"
            if not isinstance(error, KeyboardInterrupt):
                _say(f"failed on day {day} of seed {seed} ({where}): {error!r}")
            raise
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        day += 1
    how: Counter[str] = Counter()
    for (_, outcome), count in outcomes.items():
        how[outcome] += count
    never = sorted({move for move, _ in outcomes} - {m for m, how in outcomes if how == "done"})
    words = ", ".join(f"{count:,} {outcome}" for outcome, count in sorted(how.items()))
    return f"{progress.done:,} steps of seed {seed}: {words}; never done: {never or 'none'}"


class Progress:
    """Says how many steps were played, how fast, and how long the rest will take at that rate."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.done = 0
        self.start = self.spoken = time.monotonic()

    @property
    def left(self) -> int:
        """How many steps are still to be played."""
        return self.steps - self.done

    def step(self, _: str) -> None:
        """Count a step, and speak from time to time."""
        self.done += 1
        now = time.monotonic()
        if now - self.spoken < SPEAK or (not sys.stdout.isatty() and now - self.spoken < 60):
            return
        self.spoken = now
        rate = self.done / (now - self.start)
        _say(f"{self.done:,} steps, {rate:.1f} a second, {self.left / rate:,.0f} s left")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    """Run, and print what became of it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--steps", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from-day", type=int, default=0)
    parser.add_argument("--every", type=int, default=20, help="steps from one audit to the next")
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default=STORE)
    options = parser.parse_args()
    _say(
        run(
            options.seed,
            options.steps,
            first=options.from_day,
            every=options.every,
            store=options.store,
        )
    )


if __name__ == "__main__":
    main()
