"""Examiners: processes that inspect what is brought to the gate before the gate asks for it.

What an inspection says of a file, its fingerprint and the rows that a sheet shows are functions of
its bytes, its name and what is asked.  So they may be found out ahead, in other processes, and a
service that asks is told the same as if it had asked there and then; what nobody foresaw is
inspected when it is asked for.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import tempfile
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from exchange.errors import ExchangeError
from exchange.fingerprint import Fingerprint
from exchange.gauge import Gauge
from exchange.ports import Floor
from exchange.profile import Profile
from exchange.quality.sampling import ROWS_SHOWN, Sample
from exchange.services.publish_sample import withheld
from exchange.simulation.depth import Offering
from exchange.simulation.full.goods import good_of
from exchange.simulation.market import Defect, Kind
from exchange.vault import sha256_of
from ledger.ahead import begin_helping

WORTH: Final = 32  # offerings at once for which it is worth to start processes
_AHEAD: Final = 16  # files that an examiner has at most before the gate has asked for them

_Shown = tuple[Sequence[int], Collection[str]]
_GAUGE: Final = Gauge()


@dataclass(frozen=True, slots=True)
class Brought:
    """An offering with what its file follows from besides."""

    offering: Offering
    kind: Kind
    seed: int
    contributors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found out about one file; no sample where its rows are yet to be drawn."""

    data: str  # the SHA-256 of its bytes, in hex
    name: str
    profile: Profile
    fingerprint: Fingerprint
    withheld: frozenset[str]
    sample: Sample | None

    def shows(self, places: Sequence[int], private: Collection[str]) -> bool:
        """Whether its sample is of these rows, these columns withheld."""
        sample = self.sample
        return (
            sample is not None and sample.places == tuple(places) and self.withheld == set(private)
        )


def examine(brought: Brought) -> Examined | None:
    """Inspect the file of an offering; None for one that the inspection refuses."""
    good = good_of(brought.offering, brought.kind, brought.seed, contributors=brought.contributors)
    with tempfile.NamedTemporaryFile() as file:
        path = Path(file.name)
        path.write_bytes(good.data)
        try:
            profile, fingerprint = _GAUGE.examine(path, good.name)
            private, sample = frozenset(withheld(good.sheet, profile)), None
            if profile.rows <= ROWS_SHOWN:  # all are shown, whatever is drawn
                sample = _GAUGE.show(path, good.name, range(profile.rows), private)
        except ExchangeError:
            return None
    digest = hashlib.sha256(good.data).hexdigest()
    return Examined(digest, good.name, profile, fingerprint, private, sample)


@dataclass
class Examiners:
    """What was examined ahead and not asked for yet, by digest and name of the files."""

    count: int
    _known: dict[tuple[str, str], Examined] = field(default_factory=dict)

    def floor(self, floor: Floor) -> Floor:
        """Return a floor whose services are told what was found out ahead."""

        def examine_file(
            path: Path, name: str, no_fill_value: Collection[str]
        ) -> tuple[Profile, Fingerprint]:
            known = None if no_fill_value else self._of(path, name)
            if known is None:
                return floor.examine(path, name, no_fill_value)
            return known.profile, known.fingerprint

        def show(path: Path, name: str, places: Sequence[int], private: Collection[str]) -> Sample:
            known = self._of(path, name)
            if known and known.sample and known.shows(places, private):
                return known.sample
            return floor.show(path, name, places, private)

        return replace(floor, examine=examine_file, show=show)

    def _of(self, path: Path, name: str) -> Examined | None:
        return self._known.get((sha256_of(path), name)) if self._known else None

    @contextmanager
    def ahead_of(self, brought: Sequence[Brought]) -> Iterator[_Ahead]:
        """Examine these ahead meanwhile, those at the gate told by their count."""
        foreseen = [each for each in brought if each.offering.defect != Defect.DUPLICATE]
        if not self.count or len(foreseen) < WORTH:
            yield _Ahead(self._known, deque(), None)
            return
        spawning = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.count, spawning, begin_helping) as pool:
            ahead = _Ahead(self._known, deque(foreseen), pool, _AHEAD * self.count)
            try:
                yield ahead
            finally:
                self._known.clear()
                pool.shutdown(cancel_futures=True)


@dataclass
class _Ahead:
    """Files on their way through the examiners, in the order in which they come to the gate."""

    _known: dict[tuple[str, str], Examined]
    _left: deque[Brought]
    _pool: ProcessPoolExecutor | None
    _most: int = 0
    _waiting: deque[tuple[int, Future[Examined | None]]] = field(default_factory=deque)

    def reach(self, number: int) -> None:
        """Let the gate come to an offering: what was found out of it is known.

        Where the examiners were killed nothing is: the gate inspects what is left itself.
        """
        if self._pool is None:
            return
        self._known.clear()
        try:
            self._examine(number, self._pool)
        except BrokenProcessPool:
            self._pool = None

    def _examine(self, number: int, pool: ProcessPoolExecutor) -> None:
        while self._left and len(self._waiting) < self._most:
            brought = self._left.popleft()
            self._waiting.append((brought.offering.number, pool.submit(examine, brought)))
        if self._waiting and self._waiting[0][0] == number:
            found = self._waiting.popleft()[1].result()
            if found:
                self._known[found.data, found.name] = found
