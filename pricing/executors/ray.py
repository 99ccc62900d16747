"""Workers of a Ray cluster: the extra `ray`."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pricing.domain import require_workers
from pricing.extras import extra
from pricing.parcels import Pack, carried_out, opened, packed, packed_chunks

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Ray:
    """Runs the chunks on a Ray cluster.

    `address` is that of a running cluster, such as ``ray://host:10001`` or ``auto``, whose nodes
    have this package installed in the same version.  Without it, the cluster this process is
    connected to is used; and where there is none, one of `workers` processes is started on this
    machine, None one for each processor, without a dashboard and without reports of usage, which
    takes about ten seconds, and closed afterwards; within a block of `executing` that happens
    once.  After an error, chunks that were handed over, two for each processor, are waited for, and
    the others never begin.
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
        ray = extra("ray", "ray")
        mine = not ray.is_initialized()
        if mine:
            os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would report to its makers
            quiet = {"log_to_driver": False, "logging_level": "ERROR"}
            if self.address is None:
                ray.init("local", num_cpus=self.workers, include_dashboard=False, **quiet)
            else:
                ray.init(address=self.address, **quiet)
        try:
            yield _Cluster(ray, ray.cloudpickle.dumps)
        finally:
            if mine:
                ray.shutdown()


@dataclass(frozen=True, slots=True)
class _Cluster:
    ray: Any
    pack: Pack

    def map(self, task: Callable[[C], R], chunks: Sequence[C]) -> list[R]:
        """Return the task's answer for each chunk, in their order."""
        order = packed("task", task, self.pack)
        parcels = packed_chunks(chunks, self.pack)
        shared = self.ray.put(order)  # sent to a node once, however many chunks
        remote = self.ray.remote(carried_out)
        # No more than this are handed over at a time, and nothing is cancelled: a cancellation that
        # meets the end of its task ends the whole process (Ray 2.60).
        most = 2 * max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        rest = iter(enumerate(parcels))
        pending: dict[Any, int] = {}
        answers: dict[int, R] = {}
        errors: dict[int, Exception] = {}
        while True:
            room = 0 if errors else most - len(pending)
            for index, parcel in itertools.islice(rest, room):
                pending[remote.remote(shared, parcel, self.pack)] = index
            if not pending:
                break
            (done,), _ = self.ray.wait(list(pending), num_returns=1)
            index = pending.pop(done)
            try:
                answers[index] = opened(self.ray.get(done))
            except Exception as error:  # noqa: BLE001 - raised below, when nothing runs any more
                errors[index] = error
        if errors:
            raise errors[min(errors)]
        return [answers[index] for index in range(len(parcels))]
