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

from exchange.publishing import Publishing, read_policy, read_standings
from ledger.checkpoint import Checkpoint, VerifierKey
from ledger.errors import InUse
from ledger.policy import Policy
from ledger.publish import LogSource, Publisher, check_publication
from ledger.tiles import TileTree

POLL: Final = 0.2  # seconds between two looks at what another process has published
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
            edge, last = work.chain.store.edge(), work.last_checkpoint()
            head = Checkpoint(self.origin, edge.size, edge.root)
            check_publication(
                self.folder,
                self.keys,
                size=edge.size,
                root_at=lambda size: TileTree(work.tiles, head).root(size),
                signed=last.size if last else None,
                accept_empty=accept_empty,
            )
        self.folder.mkdir(mode=0o755, exist_ok=True)

    def publish_signed(self) -> None:
        """Publish what was signed last; another process that publishes has it in its interval."""
        if self._running and not self._running.ended:
            self._running.publish()
            return
        with (
            suppress(InUse),
            Publisher(self.folder, self.keys) as publisher,
            self.work(False) as work,
        ):
            last = work.last_checkpoint()
            if last is not None:
                publisher.publish(work.tiles, last.note)

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
            end = time.monotonic() + seconds
            while not (covered := self._covers(size)) and time.monotonic() < end:
                time.sleep(POLL)
            return covered
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
