"""What an executor costs a task, and what it brings where chunks are long enough.

Each executor starts its workers once.  A task that does nothing, handed over one hundred times,
shows what handing over costs; the same computation in chunks of half a second shows what is left
of it.  The answers of all are compared with those of serial, byte for byte.  Wall seconds, since
the workers are other processes: the best of several rounds, because whatever else the machine does
can only slow them down.

    python benchmarks/pricing_executors.py --tasks 100 --seconds 0.5 --workers 2
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Final

sys.path.append(str(Path(__file__).parents[1]))

from ledger_workload import print_machine, print_table, verdict

from pricing.chance import uniforms
from pricing.errors import MissingExtra
from pricing.executors import Executor, current, executing
from pricing.executors.dask import Dask
from pricing.executors.processes import Processes
from pricing.executors.ray import Ray
from pricing.executors.serial import Serial
from pricing.executors.threads import Threads

OVERHEAD_BAR: Final = 25.0  # ms a task: what Dask and Ray were seen to cost elsewhere, at most
PEERS: Final = {"processes": "joblib", "dask": "distributed", "ray": "ray"}


def idle(chunk: int) -> int:
    """Do nothing."""
    return chunk


def drawn(chunk: tuple[int, int]) -> bytes:
    """Draw and hash, so many rounds: plain Python around numpy, as a utility is."""
    index, rounds = chunk
    state = hashlib.sha256()
    for each in range(rounds):
        state.update(uniforms(7, (index, each), 1_000).tobytes())
    return state.digest()


def rounds_of(seconds: float) -> int:
    """Return how many rounds take so many seconds here."""
    began = time.perf_counter()
    drawn((0, 200))
    return max(1, round(200 * seconds / (time.perf_counter() - began)))


def measured(
    executor: Executor, tasks: int, chunks: Sequence[tuple[int, int]], repeats: int
) -> tuple[float, float, float, list[bytes]]:
    """Return seconds to start, seconds a task, seconds for the chunks, and their answers."""
    began = time.perf_counter()
    with executing(executor):
        chosen = current()
        chosen.map(idle, range(4))
        started = time.perf_counter() - began
        each, whole, answers = [], [], []
        for _ in range(repeats):
            began = time.perf_counter()
            chosen.map(idle, range(tasks))
            each.append((time.perf_counter() - began) / tasks)
            began = time.perf_counter()
            answers = chosen.map(drawn, chunks)
            whole.append(time.perf_counter() - began)
    return started, min(each), min(whole), answers


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tasks", type=int, default=100)
    parser.add_argument("--chunks", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=0.5, help="of work in a chunk")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="*", help="such as: serial threads")
    options = parser.parse_args()
    executors: dict[str, Executor] = {
        "serial": Serial(),
        "threads": Threads(options.workers),
        "processes": Processes(options.workers),
        "dask": Dask(options.workers),
        "ray": Ray(options.workers),
    }
    chunks = [(index, rounds_of(options.seconds)) for index in range(options.chunks)]
    print_machine(tasks=options.tasks, chunks=options.chunks, workers=options.workers)
    rows, missing, same = [], [], True
    alone, expected = 0.0, list[bytes]()
    for name, executor in executors.items():
        if options.only and name not in options.only:
            continue
        try:
            found = measured(executor, options.tasks, chunks, options.repeats)
        except MissingExtra:
            missing.append(PEERS[name])
            continue
        started, each, whole, answers = found
        alone, expected = alone or whole, expected or answers
        same = same and answers == expected
        label = f"{name} ({PEERS[name]} {version(PEERS[name])})" if name in PEERS else name
        rows.append(
            (
                label,
                f"{started:.1f}",
                f"{each * 1e3:.2f}",
                f"{whole:.2f}",
                f"{alone / whole:.2f} ×",
                verdict(each * 1e3, OVERHEAD_BAR, most=True),
            )
        )
    bar = f"a task ≤ {OVERHEAD_BAR:.0f} ms"
    title = f"{options.chunks} chunks of {options.seconds} s"
    print_table(["executor", "start, s", "a task, ms", f"{title}, s", "of serial", bar], rows)
    print(f"identical bytes: {'holds' if same else 'falls short: they differ'}")
    if missing:
        print(f"left out: {', '.join(missing)}")


if __name__ == "__main__":
    main()
