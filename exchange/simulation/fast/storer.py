"""The storer: a thread that stores tapes while the next wishes are decided and written up.

A store lets go of the interpreter while it works, so the other threads go on.  There is one
writer still: whoever opens a unit of work on the floor waits until all tapes are stored, so nobody
sees a store without what was sent to it before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from exchange.ports import Floor, UnitOfWork
from exchange.tape import Tape

_WAITING: Final = 2  # tapes on their way at most, so that none piles up in memory

_Opens = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass
class Storer:
    """Stores tapes in their order; `opens` opens the units of work that it writes in.

    After one that could not be stored it stores none, until it is given up: what was decided
    after it rests on it.
    """

    opens: _Opens | None = None
    _failed: BaseException | None = None
    _thread: ThreadPoolExecutor | None = None
    _waiting: deque[Future[None]] = field(default_factory=deque)

    def store(self, tape: Tape) -> None:
        """Store a tape; what went wrong with one is raised by whoever waits for it."""
        while len(self._waiting) >= _WAITING:
            self._waiting.popleft().result()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "storer")
        self._waiting.append(self._thread.submit(self._write, tape))

    def _write(self, tape: Tape) -> None:
        if self._failed is not None:
            raise self._failed
        try:
            if self.opens is None:
                raise RuntimeError("nobody has opened a unit of work to store tapes in")
            with self.opens() as work:
                work.batches.write(tape)
        except BaseException as error:
            self._failed = error
            raise

    def settle(self) -> None:
        """Wait until everything is stored; raises what went wrong, at each call until given up."""
        while self._waiting:
            self._waiting.popleft().result()
        if self._failed is not None:
            raise self._failed

    def give_up(self) -> None:
        """Wait until nothing is on its way any more, whatever becomes of it, and forget that."""
        while self._waiting:
            self._waiting.popleft().exception()
        self._failed = None

    def close(self) -> None:
        """Send the thread home."""
        self.settle()
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def floor(self, floor: Floor, changing: Callable[[], None]) -> Floor:
        """Return a floor whose units of work wait for what is on its way.

        `changing` hears of each that may change something.
        """

        def read() -> AbstractContextManager[UnitOfWork]:
            return self._settled(floor.read)

        def write() -> AbstractContextManager[UnitOfWork]:
            changing()
            return self._settled(floor.write)

        return replace(floor, read=read, write=write)

    @contextmanager
    def _settled(self, opens: _Opens) -> Iterator[UnitOfWork]:
        self.settle()
        with opens() as work:
            yield work
