"""Duplicates in the register: what the search finds, what it mistakes, and what both cost.

Files of observations are registered among strangers' fingerprints, then searched for in every
disguise, beside files of the same kind that are nobody's copy.  The fingerprint's own cost is
told beside an inspection without it and a bare scan of the same file by the same engine.

    python benchmarks/duplicates.py --registered 10000 --files 30 --rows 20000 --scan 1000000
"""

# ruff: noqa: S311, S608 - data made up from seeds, and queries over files of our own
from __future__ import annotations

import argparse
import csv
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from ledger_workload import cpu, print_machine, print_table, verdict
from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel

from exchange.fingerprint import Fingerprint, Sketch, likeness
from exchange.inspection import discover_readers, inspect
from exchange.store.fingerprints import SqlFingerprints
from exchange.store.rows import ProductRow

Row = tuple[Any, ...]
HEADER: Final = ("station", "time", "longitude", "latitude", "height", "period", "quality", "code")
NEAR: Final = 50  # fingerprints that a search compares
READERS: Final = discover_readers()
SEARCH_BAR, RECALL_BAR, WHOLE_BAR = 0.5, 0.99, 4.0


def observations(seed: int, count: int) -> list[Row]:
    """Return observations that are alike in kind: the same stations, times a day apart."""
    chance = random.Random(seed)
    start = datetime.fromisoformat("2026-01-01") + timedelta(days=seed % 7)
    return [
        (
            f"浮标{chance.randrange(40):02}",
            start + timedelta(minutes=10 * i),
            round(chance.uniform(119, 122), 3),
            round(chance.uniform(35, 38), 3),
            round(chance.uniform(0, 6), 2),
            round(chance.uniform(2, 12), 1),
            chance.randrange(5),
            f"{chance.randrange(16**6):06x}",
        )
        for i in range(count)
    ]


def shuffled(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows in another order."""
    return chance.sample(list(rows), len(rows))


def renamed(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows with their columns turned round; the header loses its names elsewhere."""
    return [row[::-1] for row in shuffled(rows, chance)]


def noised(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows with one number in twenty changed."""
    return [
        tuple(
            cell + 0.5 if isinstance(cell, float) and chance.random() < 0.05 else cell
            for cell in row
        )
        for row in shuffled(rows, chance)
    ]


def narrowed(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows without two of their columns and with one of chance."""
    return [(*row[:2], *row[3:7], chance.random()) for row in shuffled(rows, chance)]


def sampled(share: float) -> Callable[[Sequence[Row], random.Random], list[Row]]:
    """Return a disguise that keeps a share of the rows."""
    return lambda rows, chance: chance.sample(list(rows), max(1, int(share * len(rows))))


def within(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows among as many of a stranger."""
    return shuffled([*rows, *observations(chance.randrange(10**6, 10**7), len(rows))], chance)


DISGUISES: Final[dict[str, tuple[Callable[..., list[Row]], str]]] = {
    "shuffled": (shuffled, "csv"),
    "renamed, columns turned round": (renamed, "renamed"),
    "GB 18030, semicolons, other dates and digits": (shuffled, "gbk"),
    "Parquet": (shuffled, "parquet"),
    "one number in twenty changed": (noised, "csv"),
    "two columns lost, one gained": (narrowed, "renamed"),
    "among as many rows of a stranger": (within, "csv"),
    "a sample of 10 %": (sampled(0.1), "csv"),
    "a sample of 1 %": (sampled(0.01), "csv"),
    "a sample of 1 %, in Parquet": (sampled(0.01), "parquet"),
}


def _otherwise(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.strftime("%Y年%m月%d日 %H:%M:%S")
    return f"{cell:.6f}" if isinstance(cell, float) else str(cell).upper()


def fingerprint(rows: Sequence[Row], form: str, folder: Path) -> Fingerprint:
    """Write the rows in a form, inspect the file, and return its fingerprint."""
    path = folder / ("data.parquet" if form == "parquet" else "data.csv")
    header = HEADER if form == "csv" else [f"column {i}" for i in range(len(rows[0]))]
    if form == "parquet":
        plain = fingerprint_file(rows, header, folder / "plain.csv")
        with duckdb.connect() as connection:
            connection.execute(f"COPY (FROM read_csv('{plain}')) TO '{path}' (FORMAT parquet)")
    else:
        fingerprint_file(rows, header, path, gbk=form == "gbk")
    kept: list[Fingerprint] = []
    inspect(path, readers=READERS, keep=kept.append)
    return kept[0]


def fingerprint_file(
    rows: Sequence[Row], header: Sequence[str], path: Path, *, gbk: bool = False
) -> Path:
    """Write rows as CSV."""
    with path.open("w", encoding="gb18030" if gbk else "utf-8", newline="") as text:
        out = csv.writer(text, delimiter=";" if gbk else ",", lineterminator="\n")
        out.writerow(header)
        out.writerows([[_otherwise(cell) for cell in row] for row in rows] if gbk else rows)
    return path


def strangers(count: int, like: Fingerprint) -> list[Fingerprint]:
    """Return fingerprints of the shape of one, their hashes drawn by chance."""
    drawn = np.random.default_rng(1)

    def sketch(of: Sketch) -> Sketch:
        keys = np.sort(drawn.integers(1, 2**60, len(of.keys), dtype=np.uint64))
        return Sketch(tuple(keys.tolist()), whole=False)

    def one() -> Fingerprint:
        columns = tuple(replace(each, values=sketch(each.values)) for each in like.columns)
        anchors = tuple(replace(each, values=sketch(each.values)) for each in like.anchors)
        return Fingerprint(sketch(like.rows), columns, anchors)

    return [one() for _ in range(count)]


def search(given: argparse.Namespace, folder: Path) -> None:
    """Print what is found of every disguise, what is mistaken, and how long a search takes."""
    originals = [observations(seed, given.rows) for seed in range(given.files)]
    prints = [fingerprint(rows, "csv", folder) for rows in originals]
    engine = create_engine(f"sqlite:///{folder}/register.sqlite3")
    assert ProductRow  # noqa: S101 - its table is what the others refer to
    SQLModel.metadata.create_all(engine)
    started = time.perf_counter()
    with engine.begin() as connection:
        book = SqlFingerprints(Session(connection))
        for number, each in enumerate(strangers(given.registered - given.files, prints[0])):
            book.put(f"stranger-{number}", "data", each)
        for number, each in enumerate(prints):
            book.put(f"file-{number}", "data", each)
    size = (folder / "register.sqlite3").stat().st_size
    print(
        f"{given.registered:,} fingerprints of {len(prints[0].to_bytes()):,} bytes registered in "
        f"{time.perf_counter() - started:.0f} s; {size / given.registered:,.0f} bytes each with "
        f"{len(prints[0].probes):,} keys\n"
    )
    took: list[float] = []

    def alike(asked: Fingerprint) -> dict[str, Any]:
        begun = time.perf_counter()
        with engine.connect() as connection:
            near = SqlFingerprints(Session(connection)).near(asked, NEAR)
        found = {number: likeness(asked, each) for number, _, each in near}
        took.append(time.perf_counter() - begun)
        return {number: each for number, each in found.items() if each}

    rows, hits, wrong, asked = [], 0, 0, 0
    for name, (disguise, form) in DISGUISES.items():
        known, shares = 0, []
        for number, original in enumerate(originals):
            copy = disguise(original, random.Random(f"{name}/{number}"))
            found = alike(fingerprint(copy, form, folder))
            asked += 1
            wrong += len(set(found) - {f"file-{number}"})
            if like := found.get(f"file-{number}"):
                known += 1
                shares.append((like.this_ppm, like.other_ppm))
        hits += known
        middle = [statistics.median(each) / 10_000 for each in zip(*shares, strict=True)]
        told = [f"{each:.1f} %" for each in middle] or ["–", "–"]
        rows.append([name, f"{known} of {given.files}", *told])
    for seed in range(given.files):
        found = alike(fingerprint(observations(10_000 + seed, given.rows), "csv", folder))
        wrong += len(found)
        asked += 1
    print_table(["disguise", "found", "of the copy, median", "of the original, median"], rows)
    recall, precision = hits / (len(DISGUISES) * given.files), hits / max(1, hits + wrong)
    typical = statistics.median(took)
    print_table(
        ["measure", "found", "bar", ""],
        [
            [
                "recall over all disguises",
                f"{recall:.3f}",
                f"≥ {RECALL_BAR}",
                verdict(recall, RECALL_BAR),
            ],
            ["precision", f"{precision:.3f}", f"≥ {RECALL_BAR}", verdict(precision, RECALL_BAR)],
            [
                f"a search among {given.registered:,}, median",
                f"{typical * 1000:.0f} ms",
                f"≤ {SEARCH_BAR * 1000:.0f} ms",
                verdict(typical, SEARCH_BAR, most=True),
            ],
            ["searches", asked, "", ""],
        ],
    )


def cost(given: argparse.Namespace, folder: Path) -> None:
    """Print what a fingerprint costs beside the inspection it is a part of, and a bare scan."""
    plain = fingerprint_file(observations(1, given.scan), HEADER, folder / "scan.csv")
    parquet = folder / "scan.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM read_csv('{plain}')) TO '{parquet}' (FORMAT parquet)")
    rows = []
    for path in (plain, parquet):
        reader = "read_csv" if path is plain else "read_parquet"
        # What a maximum asks for stands in a Parquet file's footer; a hash reads every cell.
        columns = ", ".join(f"bit_xor(hash({name}))" for name in HEADER)

        def scan(path: Path = path, reader: str = reader, columns: str = columns) -> object:
            with duckdb.connect(config={"threads": "2"}) as connection:
                return connection.execute(f"SELECT {columns} FROM {reader}('{path}')").fetchall()

        spent: dict[str, list[float]] = {"scan": [], "without": [], "with": []}
        works: dict[str, Callable[[], object]] = {
            "scan": scan,
            "without": lambda path=path: inspect(path, readers=READERS),
            "with": lambda path=path: inspect(path, readers=READERS, keep=lambda _: None),
        }
        for _ in range(given.repeats):
            for name, work in works.items():
                before = cpu()
                work()
                spent[name].append(cpu() - before)
        bare, without, full = (statistics.median(each) for each in spent.values())
        ratio = (full - without) / bare
        rows.append(
            [
                path.suffix[1:],
                f"{bare:.2f} s",
                f"{without:.2f} s",
                f"{full - without:.2f} s",
                f"{ratio:.1f} ×",
                f"≤ {WHOLE_BAR} ×",
                verdict(ratio, WHOLE_BAR, most=True),
            ]
        )
    print_table(
        [
            f"CPU over {given.scan:,} rows",
            "bare scan",
            "inspection without",
            "the fingerprint",
            "fingerprint / scan",
            "bar",
            "",
        ],
        rows,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--registered", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=30)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--scan", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    print_machine(registered=given.registered, files=given.files, rows=given.rows)
    with tempfile.TemporaryDirectory() as folder:
        search(given, Path(folder))
        cost(given, Path(folder))


if __name__ == "__main__":
    main()
