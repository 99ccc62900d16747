"""Where an exchange is published: the folder, its guard over the store, and who publishes into it.

What others have seen stands in the folder, and the store is held against it before the house may
sign.  What is signed is published before it leaves the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from exchange.errors import Busy
from exchange.publishing import Publishing, read_policy, read_standings
from ledger.checkpoint import Checkpoint, VerifierKey
from ledger.errors import InUse
from ledger.policy import Policy
from ledger.publish import (
    LogSource,
    Publisher,
    check_publication,
    published_checkpoint,
    require_continues,
    verify_log,
)
from ledger.tiles import TileTree

POLL: Final = 0.2  # seconds between two looks at what another process has published
PATIENCE_MAX: Final = 50.0  # seconds, however rarely it publishes
PATIENCE: Final = 10.0  # seconds to wait for a process that is just publishing one checkpoint


class SignedWork(Protocol):
    """What is wanted of a unit of work of the store."""

    @property
    def chain(self) -> Any:  # noqa: ANN401 - the chain over whatever store
        """The chain, whose store has the tree's edge."""

    @property
    def tiles(self) -> LogSource:
        """The log as tiles."""

    def last_checkpoint(self) -> Any:  # noqa: ANN401 - a row with size and note, or None
        """Return the largest checkpoint that was signed."""


Work = Callable[[bool], AbstractContextManager[SignedWork]]  # called with whether it writes


@dataclass(slots=True)
class Publication:
    """The published log of one exchange."""

    folder: Path
    policy_file: Path
    known_keys: Callable[[], Sequence[VerifierKey]]
    origin: str
    seconds: int
    work: Work
    sign: Callable[[Any], bytes]
    place_waiting: Callable[[], None]
    lasting: bool = True  # whether what is published outlasts a power cut; not in a simulation
    _running: Publishing | None = field(default=None, init=False)

    @property
    def keys(self) -> Sequence[VerifierKey]:
        """Every key that the log ever had, as far as this process knows, the newest first."""
        return self.known_keys()

    @property
    def policy(self) -> Policy:
        """Which witnesses cosign the log; without a file, none."""
        return read_policy(self.policy_file)

    def check(self, *, accept_empty: bool = False) -> None:
        """Raise unless the store continues what others have seen of it.

        `RolledBack`, `Forked` and `NothingPublished` say how to recover.
        """
        with self.work(False) as work:
            self.require_continued(work, accept_empty=accept_empty)
        self.folder.mkdir(mode=0o755, exist_ok=True)

    def require_continued(self, work: SignedWork, *, accept_empty: bool) -> None:
        """Raise as `check` does unless this unit of work's log continues what is published."""
        last, edge = work.last_checkpoint(), work.chain.store.edge()
        head = Checkpoint(self.origin, edge.size, edge.root)

        def root_at(size: int) -> bytes:
            return TileTree(work.tiles, head).root(size)

        check_publication(
            self.folder,
            self.keys,
            size=edge.size,
            root_at=root_at,
            signed=last.size if last else None,
            accept_empty=accept_empty,
        )
        # What a witness has shown, signed by this very log, binds it as what was published does.
        for held in sorted(self.folder.glob("evidence/*/theirs")):
            require_continues(verify_log(held.read_bytes(), self.keys), edge.size, root_at)

    def publish_signed(self) -> None:
        """Publish what was signed last, or wait until the process that publishes has done so.

        Raises `Busy` where that one does not in time: what it signed must not leave unpublished.
        """
        if self._running and not self._running.ended:
            self._running.publish()
            return
        with self.work(False) as work:
            last = work.last_checkpoint()
            if last is None:
                return
            size: int = last.size
            lasting = self.lasting
            with suppress(InUse), Publisher(self.folder, self.keys, lasting=lasting) as publisher:
                publisher.publish(work.tiles, last.note)
                return
        patience = min(2 * self.seconds, PATIENCE_MAX) + PATIENCE
        if not _comes_true(lambda: self._has_published(size), patience):
            words = f"the process that publishes {self.folder} has not published {size}"
            raise Busy(f"{words} entries: see whether `guapai serve` is well, then try again")

    def _has_published(self, size: int) -> bool:
        seen = published_checkpoint(self.folder, self.keys)
        return seen is not None and seen.size >= size

    def publishing(self) -> Publishing:
        """Return what publishes the log and has it witnessed; the house must be unlocked.

        One process at a time: `InUse` where another does.  `start` it in the process that serves.
        """
        publisher = Publisher(self.folder, self.keys, patience=PATIENCE)
        try:
            self._running = Publishing(publisher, self, self.policy, seconds=self.seconds)
        except BaseException:
            publisher.close()
            raise
        return self._running

    def witness(self, size: int, seconds: float) -> bool:
        """Have `size` entries witnessed, and say whether the policy's quorum has them in time.

        Where the log is published already, here or by another process, this waits for that.
        """
        if self._running and not self._running.ended:
            return self._running.wait_witnessed(size, seconds)
        try:
            publishing = self.publishing()
        except InUse:
            return _comes_true(lambda: self._covers(size), seconds)
        try:
            publishing.publish()
            publishing.feed()
        finally:
            publishing.stop()
        return self._covers(size)

    def _covers(self, size: int) -> bool:
        witnessed = read_standings(self.folder, self.policy).witnessed
        return witnessed is not None and witnessed >= size

    def newest(self) -> bytes:
        """Return the newest note, signing one first where the log has grown."""
        self.place_waiting()
        with self.work(False) as work:
            last = work.last_checkpoint()
            if last is not None and last.size == work.chain.store.edge().size:
                note: bytes = last.note
                return note
        with self.work(True) as work:
            return self.sign(work)

    @contextmanager
    def reading(self) -> Iterator[LogSource]:
        """Open the log's tiles for reading."""
        with self.work(False) as work:
            yield work.tiles


def _comes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Look now and again at what another process does, for so long; say whether it came true."""
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(POLL)
    return met
