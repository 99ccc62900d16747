"""What this machine can do at best: the floors under everything that the ledger does.

python benchmarks/ledger_floors.py
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from ledger_workload import cpu, print_machine, print_table, records

from ledger.canonical import encode
from ledger.keys import KeyPair, verifies
from ledger.merkle import node_hash

ROW = b"r" * 256


def rate(work: Callable[[], object], times: int) -> float:
    """Return how often a second of CPU does the work: the best of three, since floors are that."""
    rates = []
    for _ in range(3):
        start = cpu()
        for _ in range(times):
            work()
        rates.append(times / max(cpu() - start, 1e-9))
    return max(rates)


def inserted(rows: int) -> float:
    """Return the rows a second of CPU that sqlite3 inserts in one commit, without indexes."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "floor")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE floor (id integer PRIMARY KEY, body)")
        start = cpu()
        with connection:
            connection.executemany("INSERT INTO floor (body) VALUES (?)", [(ROW,)] * rows)
        spent = cpu() - start
        connection.close()
    return rows / max(spent, 1e-9)


def floors(scale: int = 1) -> list[tuple[str, str]]:
    """Measure each floor; `scale` makes the run shorter."""
    pair = KeyPair.from_seed(bytes(32))
    signature, node = pair.sign(ROW), hashlib.sha256(ROW).digest()
    (record,) = records(1)
    found = {
        "SHA-256 of 256 bytes": rate(lambda: hashlib.sha256(ROW).digest(), 200_000 // scale),
        "a node of the tree": rate(lambda: node_hash(node, node), 200_000 // scale),
        "Ed25519, signed": rate(lambda: pair.sign(ROW), 4_000 // scale),
        "Ed25519, verified": rate(
            lambda: verifies(pair.public_key, signature, ROW), 2_000 // scale
        ),
        "an entry by json.dumps, keys sorted": rate(
            lambda: json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
            10_000 // scale,
        ),
        "an entry encoded and its profile checked": rate(lambda: encode(record), 10_000 // scale),
        "a row of 256 bytes inserted by sqlite3": inserted(200_000 // scale),
    }
    return [(name, f"{value:,.0f}") for name, value in found.items()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=int, default=1, help="divide the work by this")
    options = parser.parse_args()
    print_machine()
    print_table(["floor of this machine", "a second of CPU"], floors(options.scale))


if __name__ == "__main__":
    main()
