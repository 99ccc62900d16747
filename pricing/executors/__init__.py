"""Executors: where the chunks of a long computation run.

The answer never depends on the executor: a task sees its chunk and nothing else, draws from the
stream of its own index (`pricing.chance`), and answers come back in the order of the chunks.
An executor is therefore no parameter of a price and stands in no record; whoever computes
chooses one for a block of code:

    with executing(Processes(workers=2)):
        allocation = PermutationShapley(orders=10_000, seed=7).allocate(case)

Processes and clusters start with the block and end with it.  A task that maps chunks of its own
does so serially: what is chosen is chosen for the caller's code alone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from contextvars import ContextVar
from typing import Protocol, TypeVar, runtime_checkable

from pricing.executors.serial import Serial

C = TypeVar("C")
R = TypeVar("R")


class Executor(Protocol):
    """A plug-in of `pricing.executors`: a frozen dataclass of its parameters."""

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order.

        The error of the first chunk that fails is raised as the task raised it, with its class,
        arguments and attributes; none of its chunks goes on running, and no other begins.
        `task`, the chunks and the answers must be picklable, and what is not is a `BadInput`
        wherever it would have to travel; a chunk should take half a second or more, since handing
        one to another process costs milliseconds.
        """
        ...


@runtime_checkable
class Startable(Protocol):
    """An executor that can keep its workers for a block of code, instead of for one `map`."""

    def started(self) -> AbstractContextManager[Executor]:
        """Return what starts the workers, maps on them, and ends them with the block."""
        ...


_CURRENT: ContextVar[Executor] = ContextVar("executor", default=Serial())  # noqa: B039 - frozen


def current() -> Executor:
    """Return the executor chosen for this block of code, serial where none was chosen."""
    return _CURRENT.get()


@contextlib.contextmanager
def executing(executor: Executor) -> Iterator[None]:
    """Choose the executor for a block of code; its workers, if it has any, live as long."""
    with contextlib.ExitStack() as stack:
        chosen = executor
        if isinstance(executor, Startable):
            chosen = stack.enter_context(executor.started())
        token = _CURRENT.set(chosen)
        try:
            yield
        finally:
            _CURRENT.reset(token)
