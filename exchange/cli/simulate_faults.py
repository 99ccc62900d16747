"""The command that lets a market's exchange die between any two statements."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from exchange.cli.shell import Shell, command
from exchange.cli.simulate import simulate_group
from exchange.errors import BadField
from ledger.progress import shown_progress

if TYPE_CHECKING:
    from exchange.simulation.faults import Trial

SEEDS_MAX: Final = 1_000_000
WISHES_MAX: Final = 1_000


@command(simulate_group, "faults")
@click.argument("market", metavar="MARKET.toml")
@click.option("--seeds", default="1-20", show_default=True, help="One seed, or the first and last.")
@click.option(
    "--wishes",
    type=click.IntRange(1, WISHES_MAX),
    default=4,
    show_default=True,
    help="How many wishes a seed plays.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, 1),
    default=0.6,
    show_default=True,
    help="How often the process dies in a step.",
)
def faults_command(shell: Shell, market: str, seeds: str, wishes: int, rate: float) -> None:
    """Play MARKET.toml while its exchange dies between statements, and hold it to a run without.

    Each seed draws its wishes and its crashes.  After every step an auditor that knows the tables
    alone looks at money and rights; at the end the log must be that of the same wishes without a
    crash.  A seed that fails is named, and happens again.
    """
    from exchange.simulation.faults import Unsound, stage  # noqa: PLC0415 - numpy, DuckDB
    from exchange.simulation.market.reading import read_market  # noqa: PLC0415 - the same

    first, last = _range(seeds)
    read = read_market(Path(market))
    logging.getLogger("exchange").addHandler(logging.NullHandler())  # of services, act by act
    memory = Path("/dev/shm")  # noqa: S108 - a file system in memory, where there is one
    trials: list[Trial] = []
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        click.echo(f"seeds {first} to {last}: opening the market once", err=True)
        opened = stage(read, Path(folder))
        with shown_progress(sys.stderr, unit="seeds") as show:
            for seed in range(first, last + 1):
                try:
                    trials.append(opened.trial(seed, wishes, rate))
                except Unsound as error:
                    raise Unsound(
                        f"{error}; again: guapai simulate faults {market} --seeds {seed} "
                        f"--wishes {wishes} --rate {rate}"
                    ) from error
                show("dying and going on", len(trials), last + 1 - first)
    crashes = sum(trial.crashes for trial in trials)
    told = {"seeds": len(trials), "crashes": crashes, "wishes": wishes * len(trials)}
    line = (
        f"{len(trials):,} seeds, {crashes:,} crashes: every log as without them, and after every "
        "step the money and the rights came out"
    )
    shell.result(told, line, then=f"guapai simulate run {market}")


def _range(seeds: str) -> tuple[int, int]:
    found = re.fullmatch(r"(\d{1,12})(?:-(\d{1,12}))?", seeds)
    first = int(found[1]) if found else 0
    last = int(found[2] or first) if found else -1
    if not 0 <= first <= last < first + SEEDS_MAX:
        raise BadField("--seeds", f"one seed or first-last, a million at most, not {seeds!r}")
    return first, last
