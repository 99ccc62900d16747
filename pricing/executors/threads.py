"""Threads of this process: for tasks that wait, or that leave the interpreter to numpy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from pricing.domain import require_workers

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Threads:
    """Runs the chunks on so many threads; None is what Python deems fit for this machine.

    After an error, chunks that have begun are waited for, since a thread cannot be stopped, and
    the others never begin.
    """

    workers: int | None = None

    def __post_init__(self) -> None:
        require_workers(self.workers)

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        with ThreadPoolExecutor(self.workers) as pool:
            futures = [pool.submit(task, chunk) for chunk in chunks]
            try:
                return [future.result() for future in futures]
            finally:
                pool.shutdown(cancel_futures=True)
