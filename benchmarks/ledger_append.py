"""Appending to a SQLite store, beside bare inserts of the same rows and beside pymerkle.

Every contender writes a new file in one commit, with synchronous=FULL.  The bare insert is
`sqlite3.executemany` of the rows of `ledger_entry`, ready made, into a table with its columns and
indexes, under the store's own settings: no tree, no places, no tiles.  From bytes means that
entries were composed before; from dicts, that composing them is part of it.  Single appends are a
commit each.  Where strace is installed, the disk flushes of a commit are counted as well.

    python benchmarks/ledger_append.py --entries 100000
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from ledger_floors import floors
from ledger_workload import composed, interleaved, print_machine, print_table, records, verdict

from exchange.store.engine import CACHE_KIB, open_engine
from exchange.store.entries import SqlEntries
from exchange.store.schema import migrate
from ledger.acts import SignedAct
from ledger.entries import Entry

COLUMNS = "(id integer PRIMARY KEY, subject, version, kind, act, leaf, body)"
INDEXED = (
    "(id integer PRIMARY KEY, subject, version, kind, act UNIQUE, leaf UNIQUE, body,"
    " UNIQUE (subject, version))"
)
PYMERKLE = importlib.util.find_spec("pymerkle") is not None
PART = 2_000  # entries composed before they are appended
FLUSHES = 40  # single appends under strace, and twice as many


def insert_bare(path: Path, rows: Sequence[tuple[Any, ...]], columns: str) -> None:
    """Insert rows with nothing but sqlite3, in one durable commit."""
    connection = sqlite3.connect(path)
    for setting in ("page_size=8192", f"cache_size=-{CACHE_KIB}", "journal_mode=WAL"):
        connection.execute(f"PRAGMA {setting}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute(f"CREATE TABLE entry {columns}")
    with connection:
        connection.executemany("INSERT INTO entry VALUES (NULL, ?, ?, ?, ?, ?, ?)", rows)
    connection.close()


def append_ours(path: Path, parts: Iterable[Sequence[Entry]]) -> None:
    """Append entries to a store whose schema was made, a part after another, in one commit."""
    engine = open_engine(path, writing=True)
    with engine.begin() as connection:
        store = SqlEntries(connection, inline=True)
        for part in parts:
            store.add_all(part)
    engine.dispose()


def composed_parts(objects: Sequence[dict[str, Any]]) -> Iterator[list[Entry]]:
    """Compose entries as they are appended, some at a time."""
    newest: dict[str, Entry] = {}
    for start in range(0, len(objects), PART):
        yield composed(objects[start : start + PART], newest, start=start)


def append_theirs(path: Path, bodies: Sequence[bytes]) -> None:
    """Append the same bytes to pymerkle's tree."""
    from pymerkle import SqliteTree  # noqa: PLC0415 - a peer of benchmarks alone

    with SqliteTree(str(path)) as tree:
        tree.append_entries(bodies)


@contextmanager
def one_by_one(which: str, path: Path) -> Iterator[Callable[[Sequence[Entry]], None]]:
    """Open a store, ours or pymerkle's, and yield what appends to it with a commit each."""
    if which == "pymerkle":
        from pymerkle import SqliteTree  # noqa: PLC0415 - a peer of benchmarks alone

        with SqliteTree(str(path)) as tree:

            def append_to_tree(entries: Sequence[Entry]) -> None:
                for entry in entries:
                    tree.append_entry(entry.data)

            yield append_to_tree
        return
    engine = open_engine(path, writing=True)

    def append(entries: Sequence[Entry]) -> None:
        for entry in entries:
            with engine.begin() as connection:
                SqlEntries(connection, inline=True).add(entry)

    yield append
    engine.dispose()


def stores(folder: Path, empty: Path) -> Iterator[Path]:
    """Yield paths of stores, each new, with the schema and nothing in it."""
    for number in count():
        path = folder / f"ours-{number}"
        shutil.copyfile(empty, path)
        yield path


def flushes(which: str) -> str:
    """Count the disk flushes of one single append: those of twice as many, less those of some."""
    strace = shutil.which("strace")
    if strace is None:
        return "strace is not installed"

    def counted(entries: int) -> int:
        with tempfile.NamedTemporaryFile("r") as trace:
            command = [sys.executable, __file__, "--single-only", which, "--entries", str(entries)]
            subprocess.run(
                [strace, "-f", "-e", "trace=fsync,fdatasync", "-o", trace.name, *command],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            return sum("sync(" in line for line in trace)

    return f"{(counted(2 * FLUSHES) - counted(FLUSHES)) / FLUSHES:.2f}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--singles", type=int, default=300, help="appends of one commit each")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-strace", action="store_true", help="count no disk flushes")
    parser.add_argument("--floors", type=int, default=1, help="divide the work of floors by this")
    parser.add_argument("--single-only", choices=["ours", "pymerkle"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty = folder / "empty"
        engine = open_engine(empty, writing=True)
        migrate(engine)
        engine.dispose()
        if options.single_only:
            entries = composed(list(records(options.entries)))
            path = empty if options.single_only == "ours" else folder / "theirs"
            with one_by_one(options.single_only, path) as append:
                append(entries)
            return
        measure(options, folder, stores(folder, empty))


def measure(options: argparse.Namespace, folder: Path, ours: Iterator[Path]) -> None:
    """Run the contenders in turns and print how they compare."""
    objects = [
        record | {"signed": SignedAct.from_record(record["act"], record["sig"])}
        for record in records(options.entries)
    ]
    entries = composed(objects)
    bodies = [entry.data for entry in entries]
    rows = [(e.subject, e.version, e.kind, e.act_digest, e.leaf.hex(), e.data) for e in entries]
    print_machine(entries=len(entries), bytes_an_entry=sum(map(len, bodies)) // max(len(bodies), 1))
    gc.freeze()  # what was prepared is nobody's cost
    fresh = (folder / f"theirs-{number}" for number in count())
    works: dict[str, Callable[[], object]] = {
        "bare insert": lambda: insert_bare(next(fresh), rows, COLUMNS),
        "bare insert, with the indexes": lambda: insert_bare(next(fresh), rows, INDEXED),
        "ours, from bytes": lambda: append_ours(next(ours), [entries]),
        "ours, from dicts": lambda: append_ours(next(ours), composed_parts(objects)),
    }
    some = options.singles
    if PYMERKLE:
        works["pymerkle"] = lambda: append_theirs(next(fresh), bodies)
    found = interleaved(works, options.repeats)
    bare, indexed = found["bare insert"][0], found["bare insert, with the indexes"][0]
    print_table(
        ["in one commit", "CPU µs an entry", "entries/s of CPU", "of bare", "of bare with indexes"],
        [
            [
                name,
                f"{spent / len(entries) * 1e6:.1f}",
                f"{len(entries) / spent:,.0f}",
                f"{bare / spent:.2f}",
                f"{indexed / spent:.2f}",
            ]
            for name, (spent, _) in found.items()
        ],
    )
    ratios = [
        ("ours from bytes / bare with indexes", indexed / found["ours, from bytes"][0], 0.40),
        ("ours from dicts / bare with indexes", indexed / found["ours, from dicts"][0], 0.20),
    ]
    if PYMERKLE:
        bulk = found["pymerkle"][0] / found["ours, from bytes"][0]
        ratios.append(("ours from bytes / pymerkle, in bulk", bulk, 0.5))
        with (
            one_by_one("ours", next(ours)) as append,
            one_by_one("pymerkle", next(fresh)) as append_peer,
        ):
            parts = [entries[at : at + some] for at in range(0, some * options.repeats, some)]
            mine, peers = iter(parts), iter(parts)
            singles = interleaved(
                {
                    "ours": lambda: append(next(mine)),
                    "pymerkle": lambda: append_peer(next(peers)),
                },
                options.repeats,
            )
        counted = {} if options.no_strace else {name: flushes(name) for name in singles}
        print_table(
            ["a commit each", "ms an append", "CPU µs an append", "disk flushes an append"],
            [
                [name, f"{wall / some * 1e3:.2f}", f"{spent / some * 1e6:.0f}", counted.get(name)]
                for name, (spent, wall) in singles.items()
            ],
        )
        ratios.append(
            ("ours / pymerkle, one by one", singles["pymerkle"][1] / singles["ours"][1], 2)
        )
    else:
        print("pymerkle is not installed: pip install 'guapai[benchmark]'\n")
    print_table(
        ["ratio", "found", "bar", ""],
        [[name, f"{ratio:.2f}", bar, verdict(ratio, bar)] for name, ratio, bar in ratios],
    )
    print_table(["floor of this machine", "a second"], floors(options.floors))


if __name__ == "__main__":
    main()
