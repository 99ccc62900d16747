"""Sweeps: a market under many settings, each played with the same seeds.

Cells, one for each setting and seed, go through the one `map` of `pricing.executors`, and what is
written does not depend on which executor, how many workers, or how often the sweep was cut short:
a cell is a file named by its market's digest, depth and seed, and what stands there is not played
again.  Settings share their seeds (common random numbers), so differences between two of them are
taken seed by seed and vary far less than either does.

    sweep.json          what was asked, every cell's figures, and what they come to
    cells.csv           the same figures, a row a cell
    summary.csv         means with their intervals, and differences from the first setting
    cells/              a file for each finished cell, which a further sweep reads
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from exchange.errors import Broken, Conflict, Unreadable
from exchange.simulation.market import Market
from exchange.simulation.market.reading import digest, market_from, record_of
from exchange.simulation.measures import Measures, measure
from exchange.simulation.report.headline import KIND_FIGURES, REFUSALS, told
from exchange.simulation.run import Run
from exchange.simulation.sweep.estimates import Difference, Estimate, difference, estimate
from exchange.simulation.sweep.settings_grid import Setting
from exchange.simulation.trace import Trace
from ledger.durable import Placing
from pricing.executors import current

Figures = Mapping[str, float | None]
Player = Callable[[Market, int], Trace]

CELLS: Final = "cells"
RESULT: Final = "sweep.json"
_DIGITS: Final = 12
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting with one seed; `market` is the record, so that a cell travels as plain data."""

    market: Mapping[str, Any]
    seed: int
    name: str  # of its file


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is to be played, and where what comes of it is kept."""

    settings: tuple[Setting, ...]
    seeds: tuple[int, ...]
    depth: str
    folder: Path

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """Return the cells of each setting, in the order of the seeds."""
        return tuple(
            tuple(self._cell(setting, digest(setting.market), seed) for seed in self.seeds)
            for setting in self.settings
        )

    def _cell(self, setting: Setting, sha256: str, seed: int) -> Cell:
        return Cell(record_of(setting.market), seed, f"{sha256[:32]}-{self.depth}-{seed}")

    def open(self, *, resume: bool) -> None:
        """Make the folder; raise `Conflict` where it holds something and `resume` was not said."""
        if self.folder.exists() and any(self.folder.iterdir()) and not resume:
            words = "go on with a sweep by --resume, or choose another folder"
            raise Conflict(f"{self.folder} is not empty: {words}")
        (self.folder / CELLS).mkdir(parents=True, exist_ok=True)

    def play(self, player: Player, *, at_once: int = 1) -> Iterator[tuple[int, int]]:
        """Play what is missing, and yield how many cells are done, and of how many.

        `at_once` cells are handed to the executor together and written down when they are back: a
        sweep that is killed loses those at most.
        """
        cells = [cell for row in self.cells() for cell in row]
        missing = {cell.name: cell for cell in cells if self._kept(cell) is None}
        everything = len({cell.name for cell in cells})
        done = everything - len(missing)
        yield done, everything
        files = Placing(self.folder / CELLS)  # a cell that is there is finished
        task, waiting = partial(_played, player), list(missing.values())
        for start in range(0, len(waiting), at_once):
            together = waiting[start : start + at_once]
            for cell, figures in zip(together, current().map(task, together), strict=True):
                files.place(self._path(cell).name, _json(figures).encode())
            done += len(together)
            yield done, everything

    def result(self) -> Result:
        """Return what the finished cells come to; raise `Unreadable` where one is missing."""
        rows = []
        for setting, cells in zip(self.settings, self.cells(), strict=True):
            figures = []
            for cell in cells:
                kept = self._kept(cell)
                if kept is None:
                    raise Unreadable(f"{self._path(cell)}: the cell was not played")
                figures.append(kept)
            rows.append(Row(setting, tuple(figures)))
        return Result(self.depth, self.seeds, tuple(rows))

    def write(self, result: Result) -> None:
        """Write a result as JSON and CSV."""
        files = Placing(self.folder)
        files.place(RESULT, _json(result.to_record()).encode())
        files.place("cells.csv", _csv(result.cell_lines()).encode())
        files.place("summary.csv", _csv(result.summary_lines()).encode())

    def _path(self, cell: Cell) -> Path:
        return self.folder / CELLS / f"{cell.name}.json"

    def _kept(self, cell: Cell) -> Figures | None:
        try:
            found: Figures = json.loads(self._path(cell).read_bytes())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise Unreadable(f"{self._path(cell)}: no figures: {error}") from error
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """One setting with the figures of each seed."""

    setting: Setting
    figures: tuple[Figures, ...]

    def of(self, name: str) -> tuple[float | None, ...]:
        """Return one figure, seed by seed; a rule that a run does not name refused nothing."""
        none = 0 if name.startswith(f"{REFUSALS}.") else None
        return tuple(each.get(name, none) for each in self.figures)


@dataclass(frozen=True, slots=True)
class Result:
    """What a sweep came to; the first setting is what the others are set beside."""

    depth: str
    seeds: tuple[int, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The figures, in the order of reports; those of kinds after those of the whole market."""
        return tuple(dict.fromkeys(n for row in self.rows for each in row.figures for n in each))

    def estimated(self, row: Row, name: str) -> Estimate:
        """Return a figure's mean over the seeds with its interval."""
        return estimate(row.of(name), CONFIDENCE)

    def differing(self, row: Row, name: str) -> Difference:
        """Return by how much a setting differs from the first, seed by seed."""
        return difference(self.rows[0].of(name), row.of(name), CONFIDENCE)

    def to_record(self) -> dict[str, Any]:
        """Return everything as JSON's own types."""
        return {
            "depth": self.depth,
            "seeds": list(self.seeds),
            "confidence": CONFIDENCE,
            "settings": [
                {
                    "set": dict(row.setting.values),
                    "market": digest(row.setting.market),
                    "cells": [dict(each) for each in row.figures],
                    "figures": {
                        name: self.estimated(row, name).to_record()
                        | {"from_first": self.differing(row, name).to_record()}
                        for name in self.names
                    },
                }
                for row in self.rows
            ],
        }

    def cell_lines(self) -> Iterator[Sequence[object]]:
        """Yield the lines of cells.csv."""
        paths = [path for path, _ in self.rows[0].setting.values]
        yield [*paths, "seed", *self.names]
        for row in self.rows:
            values = [value for _, value in row.setting.values]
            columns = [row.of(name) for name in self.names]
            for seed, *figures in zip(self.seeds, *columns, strict=True):
                yield [*values, seed, *figures]

    def summary_lines(self) -> Iterator[Sequence[object]]:
        """Yield the lines of summary.csv."""
        paths = [path for path, _ in self.rows[0].setting.values]
        columns = ("figure", "seeds", "mean", "deviation", "low", "high")
        yield [*paths, *columns, "difference", "difference_low", "difference_high"]
        for row in self.rows:
            values = [value for _, value in row.setting.values]
            for name in self.names:
                found = self.estimated(row, name).to_record()
                apart = self.differing(row, name).to_record()
                told = [found[each] for each in ("seeds", "mean", "deviation", "low", "high")]
                yield [*values, name, *told, apart["mean"], apart["low"], apart["high"]]


@dataclass(frozen=True, slots=True)
class Played:
    """Plays a market at a depth, in a folder that is gone afterwards; picklable, as cells travel.

    Raises `Broken` where the audit of the exchange finds anything.
    """

    depth: str

    def __call__(self, market: Market, seed: int) -> Trace:
        """Return the trace of one run."""
        with tempfile.TemporaryDirectory(prefix="guapai-sweep-") as folder:
            run = Run.begun(Path(folder) / "run", market, seed, self.depth)
            finished = run.play(keep=lambda: False)
        for fault in finished.faults:
            raise Broken(f"{market.name}, seed {seed}: {fault}")
        return finished.trace


def figures_of(measures: Measures) -> Figures:
    """Return the figures that a sweep keeps of a run: those that comparisons show.

    Figures of a kind are named by it: "kinds.tides.hhi".
    """
    found: dict[str, float | None] = {each.key: value for each, value in told(measures)}
    for kind in measures.by_kind:
        found |= {f"kinds.{kind.kind}.{each.key}": each.of(kind) for each in KIND_FIGURES}
    return {name: _short(value) for name, value in found.items()}


def _played(player: Player, cell: Cell) -> Figures:
    """Play a cell; what every executor runs."""
    return figures_of(measure(player(market_from(cell.market), cell.seed)))


def _short(value: float | None) -> float | None:
    return float(f"{value:.{_DIGITS}g}") if isinstance(value, float) else value


def _json(record: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _csv(lines: Iterator[Sequence[object]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()
