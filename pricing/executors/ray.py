"""Workers of a Ray cluster: the extra `ray`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pricing.domain import require_count, require_text
from pricing.errors import BadInput
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
    once.  After an error, chunks that have begun are interrupted, and the others never begin.
    """

    workers: int | None = None
    address: str | None = None

    def __post_init__(self) -> None:
        if self.workers is not None:
            require_count("workers", self.workers, 1)
        if self.address is not None:
            require_text("address", self.address)
            if self.workers is not None:
                raise BadInput("workers: the cluster at the address has its own")

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
                ray.init(num_cpus=self.workers, include_dashboard=False, **quiet)
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
        pending = [remote.remote(shared, each, self.pack) for each in parcels]
        try:
            return [opened(self.ray.get(each)) for each in pending]
        except Exception:
            for each in pending:
                self.ray.cancel(each)
            self.ray.wait(pending, num_returns=len(pending))
            raise
