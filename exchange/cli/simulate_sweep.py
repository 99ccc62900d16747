"""The command that plays a market under many settings and seeds."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exchange.cli.prices import executor_of
from exchange.cli.shell import Shell, command
from exchange.cli.simulate import simulate_group
from exchange.errors import BadField

if TYPE_CHECKING:
    from exchange.simulation.sweep import Result, Row
    from exchange.simulation.sweep.estimates import Estimate

_SHOWN = ("trades", "fees", "gains", "efficiency", "w.buyers", "w.suppliers")


@command(simulate_group, "sweep")
@click.argument("file", metavar="MARKET.toml")
@click.option("--set", "sets", metavar="FIELD=VALUES", multiple=True, help="As house.fee_ppm=1,2.")
@click.option("--seeds", default="1-10", show_default=True, help="As 1-20,33.")
@click.option("--depth", type=click.Choice(["full", "fast"]), default="full", show_default=True)
@click.option("--executor", default="processes", show_default=True, help="Where cells are played.")
@click.option("--workers", type=int, help="How many; else one for each processor.")
@click.option("--address", help="That of a running cluster, for dask and ray.")
@click.option("--out", required=True, metavar="FOLDER", help="Where cells and results are kept.")
@click.option("--resume", is_flag=True, help="Go on with the sweep in FOLDER, or add to it.")
@click.option("--figure", "figures", metavar="NAME", multiple=True, help="What the tables show.")
def sweep_command(
    shell: Shell,
    file: str,
    sets: tuple[str, ...],
    seeds: str,
    depth: str,
    out: str,
    **how: Any,
) -> None:
    """Play MARKET.toml under every combination of settings, each with the same seeds.

    FIELD is a dotted path into the market: house.fee_ppm, suppliers.NAME.count,
    kinds.NAME.price.median. The first combination is what the others are set beside, seed by
    seed. The files in FOLDER are the same whatever the executor.
    """
    from exchange.simulation.market.reading import read_market  # noqa: PLC0415 - numpy
    from exchange.simulation.sweep import Played, Sweep  # noqa: PLC0415 - the same
    from exchange.simulation.sweep.settings_grid import seeds_of, settings_of  # noqa: PLC0415
    from pricing.executors import executing  # noqa: PLC0415 - the same

    settings = settings_of(read_market(Path(file)), sets)
    sweep = Sweep(settings, seeds_of(seeds), depth, Path(out))
    serial, workers = how["executor"] == "serial", how["workers"]
    chosen = executor_of(how["executor"], None if serial else workers, how["address"])
    sweep.open(resume=how["resume"])
    told = _silent if shell.as_json else _progress
    at_once = 1 if serial else workers or os.cpu_count() or 1
    with executing(chosen):
        told(sweep.play(Played(depth), at_once=at_once))
    result = sweep.result()
    for name in how["figures"]:
        if name not in result.names:
            raise BadField("--figure", f"{name} is none of {', '.join(result.names)}")
    sweep.write(result)
    if shell.as_json:
        shell.result(result.to_record())
        return
    _show(shell, result, how["figures"] or _SHOWN)
    then = f"open {out}/summary.csv; more seeds: --seeds 1-40 --resume; what else: --figure NAME"
    shell.result({}, then=then)


def _silent(steps: Iterator[tuple[int, int]]) -> None:
    for _ in steps:
        pass


def _progress(steps: Iterator[tuple[int, int]]) -> None:
    """Say how far the sweep is, and how long it will take by what cells have taken so far."""
    began: float | None = None
    first = 0
    for done, cells in steps:
        spent = 0.0
        if began is None:
            began, first = time.monotonic(), done
        else:
            spent = time.monotonic() - began
        click.echo(progress_line(done, cells, done - first, spent), err=True)


def progress_line(done: int, cells: int, played: int, seconds: float) -> str:
    """Return a line of progress; without a cell played here nobody knows how long it takes."""
    if done == cells:
        return f"{done} of {cells} cells"
    if not played:
        return f"{done} of {cells} cells are there; the first ones are played"
    left = seconds / played * (cells - done)
    return f"{done} of {cells} cells, {_time(seconds / played)} each, about {_time(left)} left"


def _time(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3_600:.1f} h"


def _show(shell: Shell, result: Result, asked: tuple[str, ...]) -> None:
    names = [name for name in asked if name in result.names]
    first = result.rows[0]
    for row in result.rows:
        apart = row is not first
        shell.table(
            row.setting.name,
            ["figure", ">mean", ">±", *([">beside the first", ">± ", " "] if apart else [])],
            [_line(result, row, name, apart=apart) for name in names],
        )
    shell.say(f"{len(result.seeds)} seeds, depth {result.depth}; ± is half of the 95 % interval")
    if len(result.rows) > 1:
        shell.say(f"the first: {first.setting.name}; differences seed by seed, * where sure")


def _line(result: Result, row: Row, name: str, *, apart: bool) -> tuple[str, ...]:
    from exchange.simulation.report.headline import REFUSALS, UNITS, Unit, shown  # noqa: PLC0415 - numpy

    if name.startswith(f"{REFUSALS}."):
        unit = Unit.COUNT
    else:
        unit = UNITS.get(name, UNITS.get(name.rpartition(".")[2], Unit.INDEX))

    def written(found: Estimate, *, signed: bool) -> tuple[str, str]:
        half = "" if found.half is None else shown(found.half, unit, "en")
        return shown(found.mean, unit, "en", signed=signed), half

    cells = (name, *written(result.estimated(row, name), signed=False))
    if not apart:
        return cells
    found = result.differing(row, name)
    return (*cells, *written(found, signed=True), "*" if found.told else "")
