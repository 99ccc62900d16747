"""The contract of an executor."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from pricing.chance import uniforms
from pricing.errors import BadInput
from pricing.executors import Executor, current, executing
from pricing.executors.serial import Serial

E = TypeVar("E", bound=Exception)


class ExecutorContract:
    """What every executor keeps to.

    Workers that are slow to start may be started once for all of it: `executor` is then what
    `current` returns within a block of `executing`.

    `leaves_process` says whether chunks go to other processes, so that what cannot be pickled
    must be refused.
    """

    executor: Executor
    leaves_process: bool = True

    def test_yields_the_very_bytes_of_serial(self) -> None:
        """The answer does not depend on where the chunks were computed."""
        chunks = [(7, index, 1_000 + index) for index in range(5)]
        assert self.executor.map(drawn, chunks) == Serial().map(drawn, chunks)

    def test_keeps_the_order_of_the_chunks(self) -> None:
        """Even where the first takes longest."""
        waits = [0.2, 0.05, 0.0, 0.0]
        assert self.executor.map(waited, waits) == waits

    def test_maps_nothing_to_nothing(self) -> None:
        """No chunk is no work, and no error."""
        assert self.executor.map(drawn, []) == []

    def test_raises_the_error_of_the_first_chunk_that_fails(self) -> None:
        """With its class, arguments and attributes, and not that of a later one."""
        error = _raised(TallyRefused, lambda: self.executor.map(refused, [0, 3, 4, 0]))
        assert type(error) is TallyRefused, f"raised as {type(error).__name__}"
        assert error.args == ("tally 3", 3)
        assert error.tally == 3

    def test_leaves_nothing_running_after_an_error(self) -> None:
        """What has not begun never begins, and what runs is stopped or waited for."""
        with TemporaryDirectory() as folder:
            chunks = [Mark(str(Path(folder) / f"{i}"), i) for i in range(12)]
            _raised(TallyRefused, lambda: self.executor.map(marked, chunks))
            before = set(Path(folder).iterdir())
            time.sleep(0.3)
            assert set(Path(folder).iterdir()) == before, "chunks go on after the error"
            assert len(before) < len(chunks), "every chunk was run"

    def test_works_after_an_error(self) -> None:
        """An executor of a block is not spent by one error."""
        _raised(TallyRefused, lambda: self.executor.map(refused, [1]))
        assert self.executor.map(refused, [0, 0]) == [0, 0]

    def test_refuses_what_cannot_travel(self) -> None:
        """A task, a chunk or an answer that cannot be pickled is a `BadInput` that names it."""
        if self.leaves_process:
            lock = threading.Lock()
            for named, attempt in (
                ("task: ", lambda: self.executor.map(Held(lock).count, [1])),
                ("chunks[1]: ", lambda: self.executor.map(str, [1, lock])),
                ("answer: ", lambda: self.executor.map(locked, [1])),
            ):
                error = _raised(BadInput, attempt)
                assert str(error).startswith(named), f"{error}"

    def test_a_task_of_a_task_runs_where_it_is(self) -> None:
        """What is chosen for a block is not chosen within its tasks, or workers would breed."""
        with executing(self.executor):
            assert current().map(nested, [3]) == [[0, 1, 2]]


class TallyRefused(Exception):
    """An error that takes more than a message."""

    def __init__(self, message: str, tally: int) -> None:
        super().__init__(message, tally)
        self.tally = tally


@dataclass(frozen=True, slots=True)
class Mark:
    """A file to leave behind, and how long to wait before."""

    path: str
    index: int


@dataclass(frozen=True, slots=True)
class Held:
    """Something with a lock in it."""

    lock: object

    def count(self, chunk: int) -> int:
        """Return the chunk."""
        return chunk


def drawn(chunk: tuple[int, int, int]) -> bytes:
    """Draw from the stream of a chunk."""
    seed, index, count = chunk
    return uniforms(seed, (index,), count).tobytes()


def waited(seconds: float) -> float:
    """Return the chunk after so many seconds."""
    time.sleep(seconds)
    return seconds


def refused(tally: int) -> int:
    """Raise unless the tally is zero; a later tally raises sooner."""
    if tally:
        time.sleep(0.1 / tally)
        raise TallyRefused(f"tally {tally}", tally)
    return tally


def marked(mark: Mark) -> None:
    """Fail as the first chunk; as another leave a file after a while."""
    if mark.index == 0:
        raise TallyRefused("first", 1)
    time.sleep(0.1)
    Path(mark.path).touch()


def locked(chunk: int) -> object:
    """Answer with what cannot be pickled."""
    return (chunk, threading.Lock())


def nested(count: int) -> list[int]:
    """Map chunks of its own."""
    assert isinstance(current(), Serial)
    return current().map(int, range(count))


def _raised(kind: type[E], attempt: Callable[[], object]) -> E:
    try:
        attempt()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} came to nothing")
