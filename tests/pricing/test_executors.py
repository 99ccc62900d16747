"""Executors keep one contract: on threads, in processes and on clusters of this machine.

The workers of an executor start once, in one test, so that a run over several processes of
pytest starts one cluster of a kind.
"""

from __future__ import annotations

import pickle
import sys
import threading
from typing import Any

import distributed
import pytest

from pricing import plugins
from pricing.conformance import ExecutorContract
from pricing.conformance.executors import drawn
from pricing.errors import BadInput, MissingExtra, PricingError
from pricing.executors import Executor, current, executing
from pricing.executors.dask import Dask
from pricing.executors.processes import Processes
from pricing.executors.ray import Ray
from pricing.executors.serial import Serial
from pricing.executors.threads import Threads
from pricing.parcels import carried_out, opened


class TestSerial(ExecutorContract):
    executor = Serial()
    leaves_process = False


class TestThreads(ExecutorContract):
    executor = Threads(workers=2)
    leaves_process = False


def keep_contract(executor: Executor) -> None:
    kit = ExecutorContract()
    kit.executor = executor
    tests = [name for name in dir(kit) if name.startswith("test_")]
    assert len(tests) == 8
    for name in tests:
        getattr(kit, name)()


def test_processes_keep_the_contract() -> None:
    with executing(Processes(workers=2)):
        keep_contract(current())


def test_dask_keeps_the_contract_and_takes_the_address_of_a_scheduler() -> None:
    with executing(Dask(workers=2)):
        cluster: Any = current()
        keep_contract(cluster)
        there = Dask(address=cluster.client.scheduler.address)
        assert there.map(abs, [-1, 2, -3]) == [1, 2, 3]
        assert cluster.map(abs, [-1]) == [1], "a cluster of others was closed"

        # A client that is told anything while it connects fails, and others connect when they
        # will.  What a client sends is read in order, so all of the first two runs has been told
        # once the third answers.
        connect: Any = distributed.Client
        with connect(cluster.client.scheduler.address, set_as_default=False) as stranger:
            told = cluster.client.cluster.scheduler.client_comms[stranger.id]
            before = told.message_count
            assert cluster.map(abs, [-1, 2]) == [1, 2]
            with pytest.raises(TypeError):
                cluster.map(abs, [-1, None])
            assert cluster.map(abs, [-1]) == [1]
            assert told.message_count == before


@pytest.mark.slow
def test_ray_keeps_the_contract_and_uses_the_cluster_that_is_there() -> None:
    with executing(Ray(workers=2)):
        keep_contract(current())
        assert Ray().map(abs, [-1, 2, -3]) == [1, 2, 3]
        assert current().map(abs, [-1]) == [1], "a cluster of others was closed"


def test_all_register_as_strangers_do() -> None:
    assert plugins.names("executors") == ("dask", "processes", "ray", "serial", "threads")


def test_nothing_is_started_for_no_chunks() -> None:
    for executor in (Processes(), Dask(address="tcp://127.0.0.1:1"), Ray()):
        assert executor.map(drawn, []) == []


def test_the_block_chooses_and_serial_is_what_nobody_chose() -> None:
    assert current() == Serial()
    with executing(Threads(1)):
        assert current() == Threads(1)
        with executing(Threads(2)):
            assert current() == Threads(2)
        assert current() == Threads(1)
    assert current() == Serial()


@pytest.mark.parametrize(
    ("executor", "module", "extra"),
    [
        (Processes(2), "joblib.externals.loky", "processes"),
        (Dask(2), "distributed", "dask"),
        (Ray(2), "ray", "ray"),
    ],
)
def test_a_missing_extra_is_named(
    monkeypatch: pytest.MonkeyPatch, executor: Executor, module: str, extra: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingExtra, match=rf"{module} is not here: .*guapai\[{extra}\]"):
        executor.map(drawn, [(1, 0, 1)])


@pytest.mark.parametrize("kind", [Threads, Processes, Dask, Ray])
@pytest.mark.parametrize("workers", [0, -1, 1.5, True, 1_025])
def test_workers_are_counted_in_whole_ones(kind: Any, workers: Any) -> None:
    with pytest.raises(BadInput, match="workers: "):
        kind(workers=workers)


@pytest.mark.parametrize("kind", [Dask, Ray])
def test_a_cluster_of_others_has_its_own_workers(kind: Any) -> None:
    with pytest.raises(BadInput, match="workers: the cluster at the address has its own"):
        kind(workers=2, address="tcp://127.0.0.1:8786")
    with pytest.raises(BadInput, match="address: must not be empty"):
        kind(address=" ")


# Parcels.


class Sealed(Exception):
    """An error that holds what cannot be pickled."""

    def __init__(self, place: str, depth: int) -> None:
        super().__init__(f"{place} at {depth} m")
        self.lock = threading.Lock()


def sounded(depth: int) -> int:
    if depth > 100:
        raise Sealed("bedrock", depth)
    return 100 // depth


def carried(chunk: object) -> Any:
    return opened(carried_out(pickle.dumps(sounded), pickle.dumps(chunk), pickle.dumps))


def test_an_answer_comes_back() -> None:
    assert carried(20) == 5


def test_an_error_comes_back_with_where_it_was_raised() -> None:
    with pytest.raises(ZeroDivisionError) as caught:
        carried(0)
    (note,) = caught.value.__notes__
    assert "in a worker:" in note
    assert "return 100 // depth" in note


def test_an_error_that_cannot_travel_is_told() -> None:
    with pytest.raises(PricingError, match=r"Sealed: bedrock at 101 m .*cannot leave its process"):
        carried(101)


def test_what_a_worker_cannot_read_is_an_error_and_no_answer() -> None:
    with pytest.raises(pickle.UnpicklingError):
        opened(carried_out(b"junk", pickle.dumps(1), pickle.dumps))
