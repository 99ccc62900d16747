"""What waits at the gate, of many products most of which stand on the board: CPU of one look.

The products on the board are copies of one that was listed in earnest, without its entries; those
before the gate are registered, each with a claim of its own.

    python benchmarks/waiting.py --products 2000 --before-the-gate 20
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from ledger_workload import print_machine, print_table

from exchange.ports import UnitOfWork
from exchange.services.read_inbox import read_inbox
from exchange.services.read_queue import read_queue
from tests.exchange.floor import DATA, Hall, open_hall

RUNS: Final = 5  # looks, of which the best counts
READERS: Final = ("house", "assessor", "reviewer", "supplier", "buyer")


def digest(of: str) -> str:
    """Return a digest that no other text has."""
    return hashlib.sha256(of.encode()).hexdigest()


def fill(hall: Hall, listed: int, waiting: int) -> None:
    """Put products on the board, and register some that wait."""
    model = hall.product()
    with hall.floor.write() as work:
        for nth in range(listed - 1):
            made = digest(f"product {nth}")
            work.products.put(replace(model, number=f"GP-{made[:16]}", data=digest(made)))
    for nth in range(waiting):
        hall.register(f"{nth}.csv", DATA.replace("6.1", f"{nth + 20}.1"))


def look(hall: Hall, ask: Callable[[UnitOfWork], Sequence[Any]]) -> tuple[float, int]:
    """Return the milliseconds of CPU of the best look, and how much it found."""
    spent, found = [], 0
    for _ in range(RUNS):
        with hall.floor.read() as work:
            start = time.process_time()
            found = len(ask(work))
            spent.append(time.process_time() - start)
    return min(spent) * 1_000, found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--before-the-gate", type=int, default=20)
    asked = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "listed", store="sqlite") as hall,
    ):
        fill(hall, asked.products - asked.before_the_gate, asked.before_the_gate)
        rows = [("the queue", *look(hall, lambda work: read_queue(work=work, floor=hall.floor)))]
        for who in READERS:

            def ask(work: UnitOfWork, who: str = who) -> Sequence[Any]:
                return read_inbox(work.participants.get(who), work=work, floor=hall.floor)

            rows.append((f"the inbox of {who}", *look(hall, ask)))
    print_table(
        ["look", "ms of CPU", "found"], [[name, f"{ms:.1f}", found] for name, ms, found in rows]
    )


if __name__ == "__main__":
    main()
