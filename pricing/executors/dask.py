"""Workers of a Dask cluster, by distributed: the extra `dask`."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pricing.domain import require_workers
from pricing.extras import extra
from pricing.parcels import Pack, carried_out, opened, packed, packed_chunks

C = TypeVar("C")
R = TypeVar("R")

_POLL: Final = 0.02  # seconds between two looks at what still runs


@dataclass(frozen=True, slots=True)
class Dask:
    """Runs the chunks on a Dask cluster.

    `address` is that of a scheduler, such as ``tcp://host:8786``, whose workers have this package
    installed in the same version.  Without it, `workers` processes are started on this machine,
    None one for each processor, without a dashboard, and closed afterwards; within a block of
    `executing` that happens once.  After an error, chunks that have begun are waited for, and the
    others never begin.
    """

    workers: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        require_workers(self.workers, self.address)

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        if not chunks:
            return []
        with self.started() as cluster:
            return cluster.map(task, chunks)

    @contextlib.contextmanager
    def started(self) -> Iterator[_Cluster]:
        """Keep the cluster, or the connection to it, for a block; or raise `MissingExtra`."""
        distributed = extra("distributed", "dask")
        pack = extra("cloudpickle", "dask").dumps
        with contextlib.ExitStack() as stack:
            where = self.address
            if where is None:
                # A worker that runs one chunk at a time counts in the same order as any other.
                where = stack.enter_context(
                    distributed.LocalCluster(
                        n_workers=self.workers,
                        threads_per_worker=1,
                        dashboard_address="127.0.0.1:0",  # any other is open to the network
                        scheduler_kwargs={"dashboard": False},
                    )
                )
            client = stack.enter_context(distributed.Client(where, set_as_default=False))
            yield _Cluster(client, pack)


@dataclass(frozen=True, slots=True)
class _Cluster:
    client: Any
    pack: Pack

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        order = packed("task", task, self.pack)
        parcels = packed_chunks(chunks, self.pack)
        if not parcels:
            return []
        run = uuid.uuid4().hex
        shared = self.client.scatter(order, hash=False)  # sent once, however many chunks
        futures = [
            self.client.submit(_carried_out, run, shared, each, self.pack, pure=False)
            for each in parcels
        ]
        try:
            return [opened(future.result()) for future in futures]
        except Exception:
            while any(self.client.run(_stopped, run, on_error="ignore").values()):
                time.sleep(_POLL)
            raise
        finally:
            # Nobody else wants them, so what has not begun never does.  A cancellation is told to
            # every client of the scheduler, and one that connects just then fails by it.
            for future in futures:
                future.release()


# What a worker runs of each run, and the runs of which it begins nothing any more.  A released
# future does not tell whether its chunk still runs.
_RUNNING: Final[Counter[str]] = Counter()
_STOPPED: Final[set[str]] = set()


def _carried_out(run: str, task: bytes, chunk: bytes, pack: Pack) -> bytes:
    _RUNNING[run] += 1
    try:
        return b"" if run in _STOPPED else carried_out(task, chunk, pack)
    finally:
        _RUNNING[run] -= 1


def _stopped(run: str) -> bool:
    """Begin no more chunks of a run on this worker, and say whether one still runs."""
    _STOPPED.add(run)
    return _RUNNING[run] > 0
