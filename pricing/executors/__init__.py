"""Executors: where the chunks of a long computation run.

The answer never depends on the executor: a task sees its chunk and nothing else, draws from the
stream of its own index (`pricing.chance`), and answers come back in the order of the chunks.
An executor is therefore no parameter of a price and stands in no record; whoever computes
chooses one for a block of code:

    with executing(Processes(workers=2)):
        allocation = PermutationShapley(orders=10_000, seed=7).allocate(case)
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from typing import Protocol, TypeVar

from pricing.executors.serial import Serial

C = TypeVar("C")
R = TypeVar("R")


class Executor(Protocol):
    """A plug-in of `pricing.executors`: a frozen dataclass of its parameters."""

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order.

        The first error of a task is raised as the task raised it.  `task`, the chunks and the
        answers must be picklable; a chunk should take half a second or more, since handing one
        to another process costs milliseconds.
        """
        ...


_CURRENT: ContextVar[Executor] = ContextVar("executor", default=Serial())  # noqa: B039 - frozen


def current() -> Executor:
    """Return the executor chosen for this block of code, serial where none was chosen."""
    return _CURRENT.get()


@contextlib.contextmanager
def executing(executor: Executor) -> Iterator[None]:
    """Choose the executor for a block of code."""
    token = _CURRENT.set(executor)
    try:
        yield
    finally:
        _CURRENT.reset(token)
