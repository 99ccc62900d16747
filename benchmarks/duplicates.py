"""Duplicates in the register: what the search finds, what it mistakes, and what both cost.

Files of observations are registered among strangers' fingerprints, then searched for in every
disguise, beside files of the same kind that are nobody's copy.  Half are wide, of many stations;
half are narrow, four columns of one station, among a crowd of others of its very days.  The
fingerprint's own cost is told beside an inspection without it and a bare scan of the same file by
the same engine.

    python benchmarks/duplicates.py --registered 10000 --files 8 --rows 10000 --scan 300000
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
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from ledger_workload import cpu, print_machine, print_table, verdict
from sqlalchemy import Engine, create_engine
from sqlmodel import Session, SQLModel

from exchange.fingerprint import Fingerprint, Sketch
from exchange.inspection import discover_readers, inspect
from exchange.likeness import Likeness, likeness
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


def station(seed: int, count: int) -> list[Row]:
    """Return what one station told in the same days, each time near what it told before."""
    chance, height, speed = random.Random(seed), 1.0, 10.0
    start, rows = datetime.fromisoformat("2026-01-01"), []
    for i in range(count):
        height = min(6.0, max(0.0, height + chance.gauss(0, 0.05)))
        speed = min(40.0, max(0.0, speed + chance.gauss(0, 0.5)))
        at = start + timedelta(minutes=10 * i)
        rows.append(("QD-01", at, round(height, 2), round(speed, 1)))
    return rows


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


def within(rows: Sequence[Row], chance: random.Random, count: int = 0) -> list[Row]:
    """Return the rows among as many of a stranger, or so many."""
    foreign = observations(chance.randrange(10**6, 10**7), count or len(rows))
    return shuffled([*rows, *foreign], chance)


def of_each(change: Callable[[Row], Row]) -> Callable[[Sequence[Row], random.Random], list[Row]]:
    """Return a disguise that changes every row alike."""
    return lambda rows, chance: [change(row) for row in shuffled(rows, chance)]


def elsewhere(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return rows of a stranger at the same stations, times and places."""
    measured = observations(chance.randrange(10**6, 10**7), len(rows))
    return [(*row[:4], *other[4:]) for row, other in zip(rows, measured, strict=True)]


def beside(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return what other instruments told at the same place and times."""
    return [
        (
            *row[:2],
            round(row[2] + chance.gauss(0, 0.04), 2),
            round(row[3] + chance.gauss(0, 0.4), 1),
        )
        for row in rows
    ]


def another(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return what another station of the same name told at the same times."""
    return station(chance.randrange(10**6, 10**7), len(rows))


def jolted(rows: Sequence[Row], chance: random.Random) -> list[Row]:
    """Return the rows with their numbers moved by their last digits."""
    return [
        (
            *row[:2],
            *(
                round(cell + chance.choice([-1, 0, 1]) / 10**digits, digits)
                for cell, digits in zip(row[2:6], (3, 3, 2, 1), strict=True)
            ),
            *row[6:],
        )
        for row in shuffled(rows, chance)
    ]


HOURS: Final = timedelta(hours=8)
NARROW: Final[dict[str, tuple[Callable[..., list[Row]], str]]] = {
    "two of four columns lost": (of_each(lambda row: row[1:3]), "renamed"),
    "metres in centimetres, knots in m/s": (
        of_each(lambda row: (*row[:2], round(row[2] * 100), round(row[3] * 0.514444, 2))),
        "renamed",
    ),
    "two columns lost, one in other units": (
        of_each(lambda row: (row[1], round(row[2] * 100))),
        "renamed",
    ),
    "a constant added to every number": (
        of_each(lambda row: (*row[:2], round(row[2] + 0.35, 2), round(row[3] + 273.15, 2))),
        "renamed",
    ),
    "times of another zone": (of_each(lambda row: (row[0], row[1] + HOURS, *row[2:])), "renamed"),
    "the station typed over": (of_each(lambda row: ("QD-02", *row[1:])), "renamed"),
    "two columns lost, one gained": (
        lambda rows, chance: [(*row[1:3], chance.random()) for row in shuffled(rows, chance)],
        "renamed",
    ),
    "a sample of 10 %, all in other units": (
        lambda rows, chance: [
            (*row[:2], round(row[2] * 100), round(row[3] * 0.514444, 2))
            for row in chance.sample(list(rows), len(rows) // 10)
        ],
        "renamed",
    ),
}
# docs/decisions/0020 says why, and 0048 of those that were told less exactly.
MISSED: Final = frozenset([*list(NARROW)[-2:], "every number rounded", "every last digit moved"])
STRANGERS: Final[dict[str, tuple[int, Callable[..., list[Row]]]]] = {
    "other rows of the same stations": (0, lambda rows, chance: within([], chance, len(rows))),
    "the same stations, times and places": (0, elsewhere),
    "another station at the same times": (1, another),
    "other instruments at the same place": (1, beside),
    "of these two columns": (
        1,
        lambda rows, chance: [row[1:3] for row in beside(rows, chance)],
    ),
    "of these one in centimetres": (
        1,
        lambda rows, chance: [
            (*row[:2], round(row[2] * 100), row[3]) for row in beside(rows, chance)
        ],
    ),
}


DISGUISES: Final[dict[str, tuple[Callable[..., list[Row]], str]]] = {
    "shuffled": (shuffled, "csv"),
    "renamed, columns turned round": (renamed, "renamed"),
    "GB 18030, semicolons, other dates and digits": (shuffled, "gbk"),
    "Parquet": (shuffled, "parquet"),
    "heights in centimetres, periods in minutes, a constant added to longitudes": (
        of_each(
            lambda row: (
                *row[:2],
                round(row[2] + 0.25, 3),
                row[3],
                round(row[4] * 100),
                round(row[5] / 60, 5),
                *row[6:],
            )
        ),
        "renamed",
    ),
    "one number in twenty changed": (noised, "csv"),
    "two columns lost, one gained": (narrowed, "renamed"),
    "four columns of eight made anew": (
        lambda rows, chance: [
            (
                f"B{chance.randrange(40)}",
                *row[1:3],
                chance.random(),
                *row[4:6],
                "good",
                chance.random(),
            )
            for row in shuffled(rows, chance)
        ],
        "renamed",
    ),
    "every number rounded": (
        of_each(
            lambda row: (
                *row[:2],
                *(round(cell, digits) for cell, digits in zip(row[2:6], (1, 1, 1, 0), strict=True)),
                *row[6:],
            )
        ),
        "renamed",
    ),
    "every last digit moved": (jolted, "renamed"),
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


def register(
    given: argparse.Namespace, wide: Sequence[list[Row]], narrow: Sequence[list[Row]], folder: Path
) -> Engine:
    """Register the files among strangers and among others of the station of the narrow ones."""
    prints = [fingerprint(rows, "csv", folder) for rows in wide]
    prints += [fingerprint(rows, "renamed", folder) for rows in narrow]
    crowd = (station(10**8 + n, given.rows) for n in range(given.crowd))
    others = [fingerprint(rows, "renamed", folder) for rows in crowd]
    others += strangers(given.registered - len(prints) - len(others), prints[0])
    engine = create_engine(f"sqlite:///{folder}/register.sqlite3")
    assert ProductRow  # noqa: S101 - its table is what the others refer to
    SQLModel.metadata.create_all(engine)
    started = time.perf_counter()
    with engine.begin() as connection:
        book = SqlFingerprints(Session(connection))
        for number, each in enumerate(others):
            book.put(f"stranger-{number}", "data", each)
        for number, each in enumerate(prints):
            book.put(f"file-{number}", "data", each)
    size = (folder / "register.sqlite3").stat().st_size
    print(
        f"{given.registered:,} fingerprints of {len(prints[0].to_bytes()):,} bytes registered in "
        f"{time.perf_counter() - started:.0f} s; {size / given.registered:,.0f} bytes each with "
        f"{len(prints[0].probes):,} keys\n"
    )
    return engine


@dataclass
class Searches:
    """Searches among what is registered: how long they took, and what they took for copies."""

    engine: Engine
    took: list[float] = field(default_factory=list)
    wrong: int = 0

    def alike(self, asked: Fingerprint, right: str = "") -> Likeness | None:
        """Return how a file is like the one that it is a copy of, if any; count all others."""
        begun = time.perf_counter()
        with self.engine.connect() as connection:
            near = SqlFingerprints(Session(connection)).near(asked, NEAR)
        found = {number: likeness(asked, each) for number, _, each in near}
        self.took.append(time.perf_counter() - begun)
        self.wrong += sum(1 for number, each in found.items() if each and number != right)
        return found.get(right)


def search(given: argparse.Namespace, folder: Path) -> None:
    """Print what is found of every disguise, what is mistaken, and how long a search takes."""
    wide = [observations(seed, given.rows) for seed in range(given.files)]
    narrow = [station(seed, given.rows) for seed in range(given.files)]
    searches = Searches(register(given, wide, narrow, folder))
    rows: list[Sequence[object]] = []
    hits, wanted = 0, 0
    every = [(name, *each, wide, 0) for name, each in DISGUISES.items()]
    every += [(name, *each, narrow, given.files) for name, each in NARROW.items()]
    for name, disguise, form, originals, first in every:
        shares = []
        for number, original in enumerate(originals, first):
            copy = disguise(original, random.Random(f"{name}/{number}"))
            like = searches.alike(fingerprint(copy, form, folder), f"file-{number}")
            shares += [(like.this_ppm, like.other_ppm)] if like else []
        if name not in MISSED or (originals is wide and name in NARROW):
            hits += len(shares)
            wanted += given.files
        middle = [statistics.median(each) / 10_000 for each in zip(*shares, strict=True)]
        told = [f"{each:.1f} %" for each in middle] or ["–", "–"]
        columns = "" if originals is wide else "of four columns: "
        rows.append([f"{columns}{name}", f"{len(shares)} of {given.files}", *told])
    print_table(["disguise", "found", "of the copy, median", "of the original, median"], rows)
    rows = []
    for name, (kind, make) in STRANGERS.items():
        before = searches.wrong
        for number, original in enumerate((wide, narrow)[kind]):
            made = make(original, random.Random(f"{name}/{number}"))
            searches.alike(fingerprint(made, "renamed", folder))
        rows.append([name, given.files, searches.wrong - before])
    print_table(["strangers", "searched for", "taken for copies"], rows)
    recall, precision = hits / wanted, hits / max(1, hits + searches.wrong)
    typical = statistics.median(searches.took)
    print_table(
        ["measure", "found", "bar", ""],
        [
            [
                "recall over all disguises but those that decisions name",
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
            [
                "the slowest",
                f"{max(searches.took) * 1000:.0f} ms",
                "",
                "",
            ],
            ["searches", len(searches.took), "", ""],
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
    parser.add_argument("--crowd", type=int, default=100)
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
