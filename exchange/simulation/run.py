"""A run of a market in a folder: begun, gone on with after a cut, finished, and told again.

    market.json           the market, and market.toml the same as a file that plays it again
    run.json              the seed, the depth and the days
    exchange/             the exchange that it was played on
    record/               what the exchange answered, a file a day
    state/                the newest state between two days, to go on from; gone at the end
    trace.json, tables    the trace, once the run is finished

A run is gone on with from its newest state, and what it then leaves behind is the same.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.errors import BadField, Conflict, NotFound, Unreadable
from exchange.simulation.depth import Depth
from exchange.simulation.faults import PerilousDepth
from exchange.simulation.full import FullDepth
from exchange.simulation.kernel import Kernel, Progress
from exchange.simulation.kernel.record import FOLDER as RECORD
from exchange.simulation.kernel.record import Recorder, recorded_days
from exchange.simulation.market import Market
from exchange.simulation.market.reading import digest, market_from
from exchange.simulation.run_folder import MARKET, Played, market_files, write_run
from exchange.simulation.trace import Trace
from exchange.simulation.trace_files import HEADER
from ledger.durable import Placing

RUN: Final = "run.json"
STATE: Final = "state"
FULL: Final = "full"
FAST: Final = "fast"
DEPTHS: Final = (FULL, FAST)
PASSED: Final = "passed"


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that is over: its trace, and what its audit found wrong, in words."""

    trace: Trace
    faults: Sequence[str]


@dataclass(frozen=True, slots=True)
class Run:
    """One run in its folder."""

    folder: Path
    market: Market
    seed: int
    depth: str
    days: int

    @classmethod
    def begun(
        cls, folder: Path, market: Market, seed: int, depth: str = FULL, *, days: int | None = None
    ) -> Run:
        """Begin a run in a new or empty folder, or raise `Conflict`.

        With `days` only the first so many days of the market are played; `BadField` for more than
        it has.
        """
        if days is not None and not 1 <= days <= market.days:
            raise BadField("days", f"1 to {market.days}, those of {market.name}")
        days = market.days if days is None else days
        if folder.exists() and any(folder.iterdir()):
            words = "go on with a run by --resume, or choose another folder"
            raise Conflict(f"{folder} is not empty: {words}")
        folder.mkdir(parents=True, exist_ok=True)
        files = Placing(folder)
        for name, held in market_files(market).items():
            files.place(name, held)
        files.place(RUN, _json(seed=seed, depth=depth, days=days))
        return cls(folder, market, seed, depth, days)

    @classmethod
    def found(cls, folder: Path) -> Run:
        """Find a run in its folder, or raise `NotFound`, or `Unreadable` for what is none."""
        try:
            told = json.loads((folder / RUN).read_text(encoding="utf-8"))
            market = market_from(json.loads((folder / MARKET).read_text(encoding="utf-8")))
            return cls(folder, market, told["seed"], told["depth"], told["days"])
        except FileNotFoundError as error:
            raise NotFound(f"{folder}: no run of a market") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"{folder / RUN}: not what a run writes: {error}") from error

    @property
    def finished(self) -> bool:
        """Whether its trace is there."""
        return (self.folder / HEADER).is_file()

    def play(
        self,
        told: Callable[[Progress], None] = lambda _progress: None,
        *,
        keep: Callable[[], bool] = lambda: True,
        clerks: int = 0,
    ) -> Finished:
        """Play the run to its end, from its beginning or from the newest state that was kept.

        `told` hears of each day that has passed, of those decided again only the last; `keep` is
        asked after each whether to keep the state; `clerks` is how many processes write up beside
        this one, in the fast depth.  Neither changes anything of what is played.  Raises `BadField`
        for clerks in the full depth.
        """
        if clerks and self.depth != FAST:
            raise BadField("clerks", f"there are clerks in the {FAST} depth alone")
        if self.finished:
            raise Conflict(f"{self.folder} is finished: choose another folder to play it again")
        depth, past = self._depth(clerks), self._past()
        if past:
            depth.resume(self.market, self.seed, self.folder / STATE / _name(past))
        else:
            for name in ("exchange", RECORD, STATE):
                shutil.rmtree(self.folder / name, ignore_errors=True)
            depth.open(self.market, self.seed)
        recorder = Recorder(self.folder, depth, past)
        kernel = Kernel(self.market, self.seed, recorder, self.days)
        for progress in kernel.days():
            if progress.day >= past:
                told(progress)
            if progress.day > past and progress.day < self.days and keep():
                self._keep(depth, progress.day)
        return self._finish(kernel, depth)

    def _depth(self, clerks: int) -> Depth:
        if self.depth != FULL:
            from exchange.simulation.fast import FastDepth  # noqa: PLC0415 - heavy, when asked for

            return FastDepth(self.folder, clerks=clerks)
        full, crash = FullDepth(self.folder), self.market.faults.crash
        return PerilousDepth(full, self.seed, crash) if crash else full

    def _past(self) -> int:
        """Return the day that the newest state goes on with; 0 where there is none."""
        try:
            day = json.loads((self.folder / STATE / "newest.json").read_text())["day"]
        except (FileNotFoundError, ValueError, KeyError):
            return 0
        return int(day) if recorded_days(self.folder) >= day else 0

    def _keep(self, depth: Depth, day: int) -> None:
        states = self.folder / STATE
        states.mkdir(exist_ok=True)
        made = states / f"{_name(day)}.partial"
        shutil.rmtree(made, ignore_errors=True)
        shutil.rmtree(states / _name(day), ignore_errors=True)
        made.mkdir()
        depth.save(made)
        made.rename(states / _name(day))
        Placing(states).place("newest.json", _json(day=day))
        for old in states.iterdir():
            if old.is_dir() and old.name != _name(day):
                shutil.rmtree(old)

    def _finish(self, kernel: Kernel, depth: Depth) -> Finished:
        closing = depth.close()
        faults = list(depth.audit())
        said = f"failed: {faults[0]}" if faults else PASSED
        trace = Trace(
            market=self.market.name,
            digest=digest(self.market),
            seed=self.seed,
            depth=self.depth,
            days=self.days,
            size=closing.size,
            root=closing.root,
            tables=kernel.tracing.tables(kernel.ids, closing, kernel.mischief),
            audit=said if len(faults) < 2 else f"{said} (and {len(faults) - 1} more)",
        )
        depth.leave()
        write_run(Played(trace, self.market), self.folder)
        shutil.rmtree(self.folder / STATE, ignore_errors=True)
        return Finished(trace, faults)

    def again(self) -> Kernel:
        """Return a kernel that decides the whole run again, against the record alone."""
        recorder = Recorder(self.folder, None, self.days)
        return Kernel(self.market, self.seed, recorder, self.days)


def _name(day: int) -> str:
    return f"day-{day:05d}"


def _json(**told: int | str) -> bytes:
    return json.dumps(told).encode()
