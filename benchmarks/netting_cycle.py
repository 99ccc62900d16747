"""A settlement cycle of many parties, closed in the exchange: all of it in one commit.

Obligations and balances are put into the store as rows; what is measured is the service, from
what is owed to the commit.  An auditor would miss the deals: this is about time alone.

    python benchmarks/netting_cycle.py --parties 10000 --obligations 100000
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

sys.path.append(str(Path(__file__).parents[1]))

from sqlalchemy import insert
from sqlmodel import SQLModel

from exchange.services.close_cycle import close_cycle
from tests.exchange.floor import Hall, open_hall

SEED: Final = 20260105
BAR_MS: Final = 2  # CPU milliseconds an entry: ten thousand parties in twenty seconds


def fill(hall: Hall, parties: int, obligations: int) -> None:
    """Let parties owe one another by chance, and have the money to pay."""
    chance = random.Random(SEED)  # noqa: S311 - a repeatable choice
    names = [f"PT-{number:04d}-0000-0000" for number in range(parties)]
    tables: Any = SQLModel.metadata.tables
    day = hall.today.isoformat()
    with hall.floor.write() as work:
        first = next(iter(work.chain.store.entries())).leaf.hex()
        execute = work.session.connection().execute  # type: ignore[attr-defined]
        rows = [{"currency": "CNY", "minor": 10**9} | {"account": f"participant/{name}"}
                for name in names]  # fmt: skip
        for row in rows:
            row |= {"pending": 0, "credit": 0}
        execute(insert(tables["balance"]), rows)
        owed = []
        for number in range(obligations):
            payer, payee = chance.sample(names, 2)
            owed.append(
                {"source": f"deal/DL-{number}", "payer": payer, "payee": payee, "currency": "CNY"}
                | {"minor": chance.randrange(1, 10**6), "due": day, "head": first}
                | {"state": "open", "cycle": ""}
            )
        execute(insert(tables["obligation"]), owed)


def main() -> None:
    """Measure what was asked for."""
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--parties", type=int, default=10_000)
    asked.add_argument("--obligations", type=int, default=100_000)
    asked.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    given = asked.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "admitted", given.store) as hall,
    ):
        fill(hall, given.parties, given.obligations)
        size = hall.size
        began, cpu = time.perf_counter(), time.process_time()
        cycle = close_cycle(hall.today, floor=hall.floor)
        spent, took = time.process_time() - cpu, time.perf_counter() - began
        entries = hall.size - size
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{cycle.obligations:,} obligations of {cycle.parties:,} parties on {given.store}\n")
    print("| entries | CPU s | s | peak MiB | CPU ms an entry | bar |  |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    each = spent / entries * 1_000
    held = "holds" if each <= BAR_MS else "falls short"
    row = (f"{entries:,}", f"{spent:.1f}", f"{took:.1f}", f"{peak:,.0f}", f"{each:.2f}")
    print(f"| {' | '.join(row)} | ≤ {BAR_MS} ms | {held} |")


if __name__ == "__main__":
    main()
