"""Small markets played as jobs: one at a time, each in a process and a folder of its own.

    <id>/job.json        what was asked for and what became of it
    <id>/progress.json   how far the worker is
    <id>/run/            the run, once it is over
    <id>/report.*.html   what tells it, a language first
    <id>/exchange/       what the worker plays on, and
    <id>/scratch/        its temporary files: both are removed when it has ended, however it ended

A run follows from its market, seed and days alone, and so does the name of its job: whoever asks
again is shown what is there, and nothing is played twice.  A job has so many seconds, so much
memory and disk, the lowest priority, and no access to an exchange; what it does to itself is its
own end and nobody else's.  Whatever was waiting or under way when the site went down is stopped.
"""

from __future__ import annotations

import enum
import hashlib
import json
import logging
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from exchange.errors import BadField, NotFound, Refused
from exchange.recurring import Recurring, in_words
from exchange.simulation.market import Brokers, Buyers, Market, Suppliers
from exchange.simulation.market.reading import digest, read_market, record_of
from exchange.simulation.run_folder import MARKET
from exchange.simulation.trace_files import HEADER
from pricing.money import MINOR_MAX

WAITING_MAX: Final = 5
OWN_MAX: Final = 2  # jobs of one visitor that are not over
KEPT_MAX: Final = 30  # jobs that are over
DAYS_MAX: Final = 40
PARTICIPANTS_MAX: Final = 200
PRODUCTS_MAX: Final = 200
SEED_MAX: Final = MINOR_MAX
WALL_SECONDS: Final = 600
WORKER: Final = (sys.executable, "-m", "exchange.simulation.job")
GROUND: Final = "exchange"  # the folder in which each worker has the one that it plays on
SCRATCH: Final = "scratch"
GONE: Final = "its worker is gone, and how it ended could not be written"
_ID: Final = re.compile(r"[0-9a-f]{16}", re.ASCII)
_LOOK_SECONDS: Final = 0.2  # between two looks at a worker
_WORDS_MAX: Final = 300  # characters of what a worker said last

_log = logging.getLogger(__name__)


class State(enum.StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"  # `why` says how
    STOPPED = "stopped"  # the site went down; asking again begins anew


OVER: Final = frozenset({State.DONE, State.FAILED, State.STOPPED})


@dataclass(frozen=True, slots=True)
class Job:
    """One market to be played, and what became of it; `place` counts what was asked for."""

    id: str
    market: str
    seed: int
    days: int
    place: int
    state: State = State.WAITING
    why: str = ""
    day: int = 0  # days that are played
    trades: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in OVER


class Jobs:
    """The jobs of one site; `markets` names those that may be asked for, and is called once."""

    def __init__(
        self,
        folder: Path,
        markets: Callable[[], Mapping[str, Market]],
        *,
        worker: Sequence[str] = WORKER,
        wall_seconds: float = WALL_SECONDS,
    ) -> None:
        self.folder = folder
        self._markets = markets
        self._worker = tuple(worker)
        self._wall_seconds = wall_seconds
        self._lock = threading.Lock()
        self._playing = ""  # the id of the job that has a worker
        # Who asked for which job: of no use to anybody once it is over, so it is written nowhere.
        self._asked: dict[str, str] = {}

    @cached_property
    def markets(self) -> Mapping[str, Market]:
        """The markets that may be asked for: those that are small enough."""
        return {name: each for name, each in self._markets().items() if is_small(each)}

    def ask(self, market: str, seed: int, days: int | None = None, *, by: str = "") -> Job:
        """Return the job of a market's first days under a seed, waiting if it is none yet.

        Without `days` it has the market's own, as far as they may be played.  One that failed or
        was stopped waits anew.  `by` names the visitor who asks, and nobody where the bound on one
        visitor does not hold.  Raises `BadField` beyond the bounds, and `Refused` while too many
        wait, or the visitor has too many that are not over.
        """
        if market not in self.markets:
            raise BadField("market", f"one of {', '.join(self.markets) or 'none: there are none'}")
        if not 0 <= seed <= SEED_MAX:
            raise BadField("seed", f"0 to {SEED_MAX}")
        played = self.markets[market]
        most = min(played.days, DAYS_MAX)
        days = most if days is None else days
        if not 1 <= days <= most:
            raise BadField("days", f"1 to {most}")
        id_ = hashlib.sha256(f"{digest(played)}/{seed}/{days}".encode()).hexdigest()[:16]
        with self._lock:
            every = self.all()
            found = next((each for each in every if each.id == id_), None)
            if found and found.state not in {State.FAILED, State.STOPPED}:
                return found
            ongoing = {each.id for each in every if not each.over}
            self._asked = {job: who for job, who in self._asked.items() if job in ongoing}
            if by and sum(who == by for who in self._asked.values()) >= OWN_MAX:
                raise Refused(
                    f"visitor: {OWN_MAX} jobs of yours are not over: ask again when one is"
                )
            if sum(each.state is State.WAITING for each in every) >= WAITING_MAX:
                raise Refused(f"queue: {WAITING_MAX} jobs wait already: ask again when one is over")
            place = 1 + max((each.place for each in every), default=0)
            job = Job(id_, market, seed, days, place)
            self._remove_old(every)
            shutil.rmtree(self.folder / id_, ignore_errors=True)
            (self.folder / id_).mkdir(parents=True)
            write_json(self.folder / id_ / MARKET, record_of(played))
            self._keep(job)
            if by:
                self._asked[id_] = by
        return job

    def all(self) -> list[Job]:
        """Return every job, the newest first."""
        if not self.folder.is_dir():
            return []
        found = [self._told(path.parent) for path in self.folder.glob("*/job.json")]
        return sorted((each for each in found if each), key=lambda each: -each.place)

    def get(self, id_: str) -> Job:
        """Return a job by its id, or raise `NotFound`."""
        found = self._told(self.folder / id_) if _ID.fullmatch(id_) else None
        if found is None:
            raise NotFound(f"there is no job {id_[:40]}")
        return found

    def report(self, id_: str, language: str = "zh") -> bytes:
        """Return the report of a job that is done, or raise `NotFound`."""
        job = self.get(id_)
        if job.state is not State.DONE:
            raise NotFound(f"job {job.id} has no report: it is {job.state}")
        return (self.folder / job.id / f"report.{language}.html").read_bytes()

    def stop_all(self) -> None:
        """Stop whatever waits or is said to be under way: nobody plays it, nor what it left."""
        for path in self.folder.glob("*/job.json"):
            _clear(path.parent)
            job = self._read(path.parent)
            if job and not job.over:
                self._keep(replace(job, state=State.STOPPED))

    def play_next(self, stopped: Callable[[], bool] = lambda: False) -> Job | None:
        """Play the job that waits longest to its end, and return it; None where none waits."""
        waiting = [job for job in self.all() if job.state is State.WAITING]
        if not waiting:
            return None
        job = replace(waiting[-1], state=State.RUNNING)
        self._playing = job.id
        try:
            self._keep(job)
            state, why = self._played(job, stopped)
            self._keep(over := replace(job, state=state, why=why))
        finally:
            self._playing = ""
        _log.info("simulation %s: %s %s", job.id, state, why)
        return over

    def _played(self, job: Job, stopped: Callable[[], bool]) -> tuple[State, str]:
        folder = self.folder / job.id
        (folder / SCRATCH).mkdir(exist_ok=True)
        with (folder / "worker.log").open("wb") as log:
            try:
                worker = subprocess.Popen(  # the worker is our own
                    [*self._worker, str(folder)],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=_environment() | {"TMPDIR": str((folder / SCRATCH).absolute())},
                    start_new_session=True,
                )
            except OSError as error:
                return State.FAILED, f"no worker could be started: {error.strerror}"
            waited = 0.0
            try:
                while worker.poll() is None:
                    if stopped():
                        return State.STOPPED, ""
                    if waited >= self._wall_seconds:
                        return State.FAILED, f"it took more than {self._wall_seconds:g} seconds"
                    threading.Event().wait(_LOOK_SECONDS)
                    waited += _LOOK_SECONDS
            finally:
                _end(worker)
                _clear(folder)  # whoever is killed clears up nothing
        if worker.returncode == 0 and (folder / "run" / HEADER).is_file():
            return State.DONE, ""
        return State.FAILED, _last_words(folder / "worker.log", worker.returncode)

    def _remove_old(self, every: Sequence[Job]) -> None:
        for job in [each for each in every if each.over][KEPT_MAX - 1 :]:
            shutil.rmtree(self.folder / job.id, ignore_errors=True)

    def _keep(self, job: Job) -> None:
        write_json(self.folder / job.id / "job.json", asdict(job))

    def _told(self, folder: Path) -> Job | None:
        """Return a job; one that has no worker and is said to be under way has failed."""
        before = self._playing
        job = self._read(folder)
        if job and job.state is State.RUNNING and job.id not in {before, self._playing}:
            return replace(job, state=State.FAILED, why=GONE)
        return job

    def _read(self, folder: Path) -> Job | None:
        try:
            record = _read_json(folder / "job.json") | _read_json(folder / "progress.json")
            return Job(**record | {"state": State(record["state"])})
        except (KeyError, TypeError, ValueError):
            return None  # its folder is being made or removed


class Simulating(Recurring):
    """Plays what waits while the site serves; a job under way is stopped with it."""

    def __init__(self, jobs: Jobs, *, seconds: float = 1.0) -> None:
        super().__init__("simulating", seconds=seconds)
        self._jobs = jobs
        jobs.stop_all()

    def round(self) -> None:
        """Play one job, if one waits; whatever goes wrong is logged."""
        try:
            while not self._stopped.is_set() and self._jobs.play_next(self._stopped.is_set):
                pass
        except Exception:  # noqa: BLE001 - the thread must live
            _log.exception("a simulation could not be played")


def markets_in(*folders: Path) -> dict[str, Market]:
    """Read every market file of some folders; one that breaks a rule is left out, and logged."""
    found: dict[str, Market] = {}
    for path in [path for folder in folders for path in sorted(folder.glob("*.toml"))]:
        try:
            market = read_market(path)
        except Exception as error:  # noqa: BLE001 - no file may hide the others
            _log.warning("a market is left out: %s: %s", path.name, in_words(error))
            continue
        found[market.name] = market
    return found


def sample_markets() -> Path | None:
    """Return the folder of the markets that come with a clone, None where none do."""
    try:
        spec = find_spec("samples.markets")
    except ModuleNotFoundError:
        return None
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) if places else None


def is_small(market: Market) -> bool:
    """Whether a site may play a market: so many participants and products at most."""
    offered = sum(each.count * sum(each.offers.values()) for each in market.suppliers)
    groups: tuple[Suppliers | Buyers | Brokers, ...] = (
        *market.suppliers,
        *market.buyers,
        *market.brokers,
    )
    there = sum(each.count for each in groups)
    return there <= PARTICIPANTS_MAX and offered <= PRODUCTS_MAX


def write_json(path: Path, record: Mapping[str, Any]) -> None:
    """Write a record so that a reader finds the one before or this one, and never a part."""
    beside = path.with_suffix(".part")
    beside.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        return {}
    return record if isinstance(record, dict) else {}


def _environment() -> dict[str, str]:
    """Return what a worker sees of the environment: no passphrase and no venue."""
    kept = {"PATH", "HOME", "LANG", "LC_ALL", "PYTHONPATH", "TZ"}
    return {name: value for name, value in os.environ.items() if name in kept}


def _end(worker: subprocess.Popen[bytes]) -> None:
    """End a worker and whatever it started."""
    with suppress(ProcessLookupError):  # it has ended by itself, and so has its group
        os.killpg(worker.pid, signal.SIGKILL)
    worker.wait()


def _clear(folder: Path) -> None:
    """Remove what a worker played on."""
    for name in (GROUND, SCRATCH):
        shutil.rmtree(folder / name, ignore_errors=True)


def _last_words(log: Path, code: int) -> str:
    if code < 0:
        return f"its process was ended: {signal.Signals(-code).name}"
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    said = lines[-1] if lines else f"exit code {code}"
    return "".join(each for each in said if each.isprintable())[:_WORDS_MAX]
