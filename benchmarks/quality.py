"""Quality checks on DuckDB and on Polars, beside one bare aggregate and beside other programs.

The file is a Parquet of a million rows and twelve columns; the checks are the eight of the
benchmark of inspection, over the file as it lies.  The bare aggregate is the query that somebody
would write by hand for the same counts.  The ocean tests (spike, rate of change, flat line, gap)
look at neighbours in the order of time; there is nothing bare beside them but the sort itself.
Peers (pandera, Great Expectations, frictionless) are measured where they are installed: their
checks alone, over a frame that was loaded before where they ask for one, and from the file to the
answer, as ours always is.  CPU seconds, medians, in turns; install peers into an environment of
their own.

    python benchmarks/quality.py --rows 1000000
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
from inspection import EXPECTED
from inspection_peers import PEERS, QUALITY, SERIAL, STATUSES, Peer
from inspection_workload import CLEAN, Columns, write
from ledger_workload import interleaved, print_machine, print_table, verdict

from exchange.expectations import Expectation, NoFlatLine, NoGap, NoSpike, SlowChange
from exchange.inspection.counting import count
from exchange.inspection.engine import Frame
from exchange.inspection.reader import Column
from exchange.profile import ColumnType

TWELVE: Final[Columns] = dict(list(CLEAN.items())[:12])
KINDS: Final = {
    "recorded_at": ColumnType.TIMESTAMP,
    **dict.fromkeys(("amount", "lon", "lat"), ColumnType.DECIMAL),
    **dict.fromkeys(("row_no", "visits"), ColumnType.INTEGER),
}
COLUMNS: Final = tuple(Column(name, KINDS.get(name, ColumnType.TEXT)) for name in TWELVE)
OCEAN: Final[tuple[Expectation, ...]] = (
    NoSpike("amount", "recorded_at", Decimal(1_000), Decimal(5_000)),
    SlowChange("amount", "recorded_at", Decimal(100_000)),
    NoFlatLine("amount", "recorded_at", Decimal("0.001")),
    NoGap("recorded_at", 60),
)
BARE: Final = f"""
    SELECT count(*), count(row_no), count(DISTINCT row_no), count(recorded_at),
     count(*) FILTER (amount BETWEEN 1 AND 9000), count(*) FILTER (lon BETWEEN 119 AND 123),
     count(*) FILTER (lat BETWEEN 35 AND 39), count(*) FILTER (status IN {STATUSES}),
     count(*) FILTER (regexp_full_match(serial, '{SERIAL}')) FROM read_parquet($1)
"""  # noqa: S608 - our own constants
ORDER: Final = """
    SELECT count(amount - before) FROM (SELECT amount,
     lag(amount) OVER (ORDER BY recorded_at, amount) AS before FROM read_parquet($1))
"""
REPEATS: Final = 3  # of each peer
BAR_PANDERA: Final = 2.3  # what the quickest peer took of the bare aggregate when it was chosen


def bare(path: Path, query: str) -> Callable[[], object]:
    """Return a query on an engine of its own, with as many threads as ours."""

    def work() -> object:
        with duckdb.connect(config={"threads": "2"}) as engine:
            return engine.execute(query, [str(path)]).fetchall()

    return work


def on_duckdb(path: Path, expected: Sequence[Expectation]) -> Callable[[], object]:
    """Return our checks over the file on DuckDB."""
    named = ", ".join(f"{column.name} AS c{i}" for i, column in enumerate(COLUMNS))

    def work() -> object:
        with duckdb.connect(config={"threads": "2"}) as engine:
            rows = engine.sql(f"SELECT {named} FROM read_parquet('{path}')")  # noqa: S608 - our own path
            return count(Frame(rows, COLUMNS), expected)

    return work


def on_polars(path: Path, expected: Sequence[Expectation]) -> Callable[[], object]:
    """Return our checks over the file on Polars."""
    names = {column.name: f"c{i}" for i, column in enumerate(COLUMNS)}
    return lambda: count(Frame(pl.scan_parquet(path).rename(names), COLUMNS), expected)


def show_ours(path: Path, rows: int, repeats: int) -> dict[str, float]:
    """Print what ours costs beside the bare queries; returns rows a second of CPU by engine."""
    works = {
        "bare aggregate": bare(path, BARE),
        "ours on DuckDB": on_duckdb(path, EXPECTED),
        "ours on Polars": on_polars(path, EXPECTED),
        "bare sort": bare(path, ORDER),
        "ocean on DuckDB": on_duckdb(path, OCEAN),
        "ocean on Polars": on_polars(path, OCEAN),
    }
    counted = [works[name]() for name in works]
    if counted[1] != counted[2] or counted[4] != counted[5]:
        raise AssertionError("the engines do not count alike")
    took = {name: cpu for name, (cpu, _) in interleaved(works, repeats).items()}
    lines = []
    for name, spent in took.items():
        against = "bare aggregate" if name in list(works)[:3] else "bare sort"
        ratio = spent / took[against]
        bar = [f"≤ {BAR_PANDERA} ×", verdict(ratio, BAR_PANDERA, most=True)]
        lines.append(
            [
                name,
                f"{spent:.2f}",
                f"{rows / spent:,.0f}",
                f"{ratio:.2f} × {against}",
                *(bar if name.startswith("ours") else ["", ""]),
            ]
        )
    print_table(["eight checks, four ocean tests", "CPU s", "rows/s of CPU", "", "bar", ""], lines)
    return {name: rows / spent for name, spent in took.items()}


def show_peers(folder: Path, rows: int, ours: Mapping[str, float]) -> None:
    """Print rows a second of CPU of each peer that is installed, and how much faster ours is."""
    lines, missing = [], []
    for peer in PEERS:
        if peer.task != QUALITY:
            continue
        if not peer.installed:
            missing.append(peer.package)
            continue
        few = min(rows, peer.rows)
        path = write(folder / f"peer{peer.suffix}", TWELVE, few)
        runs = [_spent(peer, path) for _ in range(REPEATS + 1)][1:]  # the first one imports
        alone, whole = (few / statistics.median(each) for each in zip(*runs, strict=True))
        best = max(ours.values())
        lines.append(
            [
                f"{peer.name} {peer.version}, {few:,} rows of {peer.suffix}",
                f"{alone:,.0f}",
                f"{whole:,.0f}",
                *(f"{rate / whole:,.1f} ×" for rate in ours.values()),
                f"≥ {peer.bar:g} ×",
                verdict(best / whole, peer.bar),
            ]
        )
    head = ["peer", "checks, rows/s of CPU", "from the file", *ours, "bar, from the file", ""]
    print_table(head, lines)
    if missing:
        print(f"not installed and left out: {', '.join(sorted(missing))}\n")


def _spent(peer: Peer, path: Path) -> tuple[float, float]:
    """Return the CPU seconds of a peer's checks alone, and with what it does before them."""
    start = time.process_time()
    work = peer.prepared(path)
    ready = time.process_time()
    work()
    done = time.process_time()
    return done - ready, done - start


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    print(f"DuckDB {duckdb.__version__}, Polars {pl.__version__}")
    print_machine(rows=asked.rows, columns=len(COLUMNS))
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "twelve.parquet", TWELVE, asked.rows)
        rates = show_ours(path, asked.rows, asked.repeats)
        ours = {name: rate for name, rate in rates.items() if name.startswith("ours")}
        show_peers(Path(folder), asked.rows, ours)


if __name__ == "__main__":
    main()
