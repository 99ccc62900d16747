"""What a log takes on disk, beside the bytes of its entries.

The store holds the log alone: entries, places, tiles and the head.  SQLite's size is that of its
file after a checkpoint of the WAL, and by table and index from `dbstat` where SQLite has it;
PostgreSQL's is that of the tables with their indexes.

    python benchmarks/ledger_storage.py --entries 100000
    python benchmarks/ledger_storage.py --entries 100000 --store postgresql
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ledger_business import server
from ledger_workload import composed, print_machine, print_table, records, verdict
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from exchange.store.engine import open_engine
from exchange.store.entries import SqlEntries
from exchange.store.schema import migrate
from ledger.entries import Entry

BATCH = 1_000  # entries a commit: indexes grow as they do in use
BAR = 1.5


def fill(engine: Engine, entries: Sequence[Entry]) -> None:
    """Append the entries, a thousand a commit."""
    migrate(engine)
    for start in range(0, len(entries), BATCH):
        with engine.begin() as connection:
            SqlEntries(connection, inline=True).add_all(entries[start : start + BATCH])


def in_sqlite(entries: Sequence[Entry]) -> tuple[dict[str, int], int]:
    """Return the bytes of each table and index of the log, and of the file less an empty one's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        engine = open_engine(path, writing=True)
        migrate(engine)
        sizes = []
        for part in ([], entries):
            fill(engine, part)
            with engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert raw is not None  # noqa: S101 - the pool has just opened it
                connection.rollback()
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            sizes.append(path.stat().st_size)
        found = {}
        query = "SELECT name, sum(pgsize) FROM dbstat WHERE name LIKE '%ledger%' GROUP BY name"
        try:
            with engine.connect() as connection:
                found = {name: int(size) for name, size in connection.execute(text(query))}
        except OperationalError:
            print("this SQLite has no dbstat: the file's size alone\n")
        engine.dispose()
    return found, sizes[1] - sizes[0]


def in_postgresql(entries: Sequence[Entry]) -> tuple[dict[str, int], int]:
    """Return the bytes of each table and index of the log, and of all of them."""
    query = (
        "SELECT relname, pg_relation_size(oid) + coalesce(pg_relation_size(nullif(reltoastrelid, 0)"
        "), 0) FROM pg_class WHERE relname LIKE '%ledger%' AND relkind IN ('r', 'i')"
        " OR relname = 'one_version_a_subject'"
    )
    with server() as (url, _):
        engine = open_engine(url, writing=True)
        fill(engine, entries)
        with engine.connect() as connection:
            found = {name: int(size) for name, size in connection.execute(text(query))}
        engine.dispose()
    return found, sum(found.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
    entries = composed(list(records(options.entries)))
    total = sum(len(entry.data) for entry in entries)
    print_machine(entries=len(entries), bytes_an_entry=total // len(entries))
    found, size = (in_sqlite if options.store == "sqlite" else in_postgresql)(entries)
    print_table(
        [options.store, "bytes an entry", "of the entries' bytes"],
        [
            [name, f"{part / len(entries):,.1f}", f"{part / total:.3f}"]
            for name, part in sorted(found.items(), key=lambda item: -item[1])
            if part * 1000 > total
        ]
        + [["all", f"{size / len(entries):,.1f}", f"{size / total:.3f}"]],
    )
    ratio = size / total
    print_table(
        ["ratio", "found", "bar", ""],
        [["the log / its entries", f"{ratio:.2f}", f"≤ {BAR}", verdict(ratio, BAR, most=True)]],
    )


if __name__ == "__main__":
    main()
