"""Processes of this machine, by joblib's loky: the extra `processes`."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from dataclasses import dataclass
from typing import Any, TypeVar

from pricing.domain import require_workers
from pricing.extras import extra
from pricing.parcels import Pack, carried_out, opened, packed, packed_chunks

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Processes:
    """Runs the chunks in so many processes; None is one for each processor.

    They start for each `map`, or once for a block of `executing`, which costs a second or two;
    none outlives it.  After an error, chunks that have begun are waited for, and the others never
    begin.
    """

    workers: int | None = None

    def __post_init__(self) -> None:
        require_workers(self.workers)

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        if not chunks:
            return []
        with self.started() as pool:
            return pool.map(task, chunks)

    @contextlib.contextmanager
    def started(self) -> Iterator[_Pool]:
        """Keep the processes for a block of code, or raise `MissingExtra`."""
        loky = extra("joblib.externals.loky", "processes")
        reduction = extra("joblib.externals.loky.backend.reduction", "processes")
        with loky.ProcessPoolExecutor(max_workers=self.workers) as pool:
            yield _Pool(pool, reduction.dumps)


@dataclass(frozen=True, slots=True)
class _Pool:
    pool: Any
    dumps: Pack

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        order = packed("task", task, self.dumps)
        parcels = packed_chunks(chunks, self.dumps)
        futures = [self.pool.submit(carried_out, order, each, self.dumps) for each in parcels]
        try:
            return [opened(future.result()) for future in futures]
        finally:
            for future in futures:
                future.cancel()
            wait(futures)
