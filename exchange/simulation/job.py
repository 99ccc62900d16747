"""The worker of a job: `python -m exchange.simulation.job FOLDER`, which `Jobs` starts.

It bounds itself before it loads anything: processor time, memory, size of files, priority.  What
it plays on stands in a folder of its process alone and is removed at the end; the run and its
report stay.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from exchange.simulation.market import Market
    from exchange.simulation.run_folder import Played

CPU_SECONDS: Final = 300
MEMORY: Final = 2 << 30  # bytes of addresses, most of which are never used
FILE_SIZE: Final = 1 << 30
LOWEST: Final = 19

Told = Callable[[int, int], None]  # the days that are played, the trades so far
Plays = Callable[["Market", int, int, Path, Told], "Played"]  # market, seed, days, folder


def bound() -> None:
    """Let this process have no more than a job may."""
    os.nice(LOWEST)
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, FILE_SIZE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def work(folder: Path, play: Plays) -> None:
    """Play the job of a folder, telling how far it is, and leave its run and report there.

    A worker whose site is gone ends at its next day: nobody waits for it, and its folder may be
    another's by then.
    """
    from exchange.simulation.jobs import GROUND, write_json  # noqa: PLC0415 - after the bounds
    from exchange.simulation.market.reading import market_from  # noqa: PLC0415 - the same
    from exchange.simulation.report import write_report  # noqa: PLC0415 - the same
    from exchange.simulation.report.words import LANGUAGES  # noqa: PLC0415 - the same
    from exchange.simulation.run_folder import MARKET, write_run  # noqa: PLC0415 - the same

    parent = os.getppid()

    def require_site() -> None:
        if os.getppid() != parent:
            sys.exit("the site that asked for it is gone")

    def tell(day: int, trades: int) -> None:
        require_site()
        write_json(folder / "progress.json", {"day": day, "trades": trades})

    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    market = market_from(json.loads((folder / MARKET).read_text(encoding="utf-8")))
    (folder / GROUND).mkdir(exist_ok=True)
    ground = Path(tempfile.mkdtemp(dir=folder / GROUND))  # no other worker's, whatever its end
    try:
        run = play(market, job["seed"], job["days"], ground, tell)
    finally:
        shutil.rmtree(ground, ignore_errors=True)
    require_site()
    write_run(run, folder / "run")
    for first, other in (LANGUAGES, LANGUAGES[::-1]):
        (folder / f"report.{first}.html").write_bytes(write_report(run, (first, other)))


def play_in_full(market: Market, seed: int, days: int, folder: Path, tell: Told) -> Played:
    """Play a market on the real services; raise `Broken` where the audit finds anything wrong."""
    from exchange.errors import Broken  # noqa: PLC0415 - after the bounds
    from exchange.simulation.run import Run  # noqa: PLC0415 - the same
    from exchange.simulation.run_folder import Played  # noqa: PLC0415 - the same

    finished = Run.begun(folder, market, seed, days=days).play(
        lambda progress: tell(progress.day, progress.trades), keep=lambda: False
    )
    if finished.faults:
        raise Broken(f"the audit failed: {finished.faults[0]}")
    return Played(finished.trace, market)


if __name__ == "__main__":
    bound()
    work(Path(sys.argv[1]), play_in_full)
