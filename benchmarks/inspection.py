"""What it costs to inspect a file, beside a bare scan of it by the same engine and beside peers.

The scan reads every value of every column and does nothing with it: lengths of texts and sums of
numbers.  The scan that hands over gives every value to its caller, as Arrow, who gives it back
unread: what reading all columns costs whoever looks at them elsewhere than in the engine.  The
bars are multiples of that (decision 0040).  The copy puts every value into a table in memory.
Detection alone is what finds sensitive values in rows already loaded; reading and detection is what
a file costs until they are found; the whole inspection also types, digests and profiles every
column.  Figures are seconds of CPU, medians of turns; memory is the peak of a process of its own.
A peer that is not installed is said and left out.

    python benchmarks/inspection.py --rows 1000000
"""

# long because: it is one program, whose sections measure the same files in one run

from __future__ import annotations

import argparse
import functools
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import duckdb
from inspection_peers import DETECTION, LOADED, PEERS, QUALITY, SERIAL, STATUSES, Peer
from inspection_workload import CLEAN, KEYED, OBSERVATIONS, PERSONS, SERIALS, needle, write
from ledger_workload import cpu, interleaved, print_machine, print_table, verdict

from exchange.expectations import InCodeTable, InRange, Matches, NotMissing, Unique
from exchange.inspection import (
    Column,
    arrow,
    count_expected,
    coverage,
    digest,
    discover_readers,
    formulas,
    inspect,
    measure,
    sensitive,
    show_rows,
)
from exchange.inspection.counting import count
from exchange.inspection.delimited import DelimitedReader
from exchange.inspection.engine import Frame
from exchange.inspection.parquet import ParquetReader
from exchange.profile import ColumnType, Profile, SensitiveKind

READ, DETECT, WHOLE = "reading", "detection", "the whole inspection"
HAND_OVER: Final = "scan that hands over"
# What an inspection calls one after the other, by the name of the phase.
PHASES: Final[Mapping[str, Sequence[tuple[object, str]]]] = {
    READ: ((DelimitedReader, "open"), (ParquetReader, "open")),
    "digest of rows": ((digest, "count_rows"),),
    "formulas": ((formulas, "refuse_formulas"),),
    "fill values": ((measure, "assume_fill_values"),),
    DETECT: ((sensitive, "examine"),),
    "profile of columns": ((measure, "profile_columns"),),
    "time and space": ((coverage, "time_coverage"), (coverage, "space_coverage")),
}
DETECTION_MAX: Final = {".parquet": 1.7, ".csv": 2.7}
WHOLE_MAX: Final = {".parquet": 4.0, ".csv": 5.0}
# Rows per second of CPU of the prototype by which the bars were set, on a machine whose scan took
# 1.1 to 1.4 s (Parquet) and 1.5 to 1.7 s (CSV) a million rows.
PROTOTYPE: Final = {
    ("personal", ".parquet"): 471_000,
    ("personal", ".csv"): 284_000,
    ("clean", ".parquet"): 815_000,
    ("clean", ".csv"): 424_000,
}
MEMORY_MAX_MB: Final = 400
SMALL_ROWS: Final = 200
EXPECTED: Final = (
    NotMissing("row_no"),
    Unique(("row_no",)),
    NotMissing("recorded_at"),
    InRange("amount", Decimal(1), Decimal(9_000)),
    InRange("lon", Decimal(119), Decimal(123)),
    InRange("lat", Decimal(35), Decimal(39)),
    InCodeTable("status", STATUSES),
    Matches("serial", SERIAL),
)


def scan(path: Path) -> Callable[[], object]:
    """Return the bare scan of a file: every value decoded, none kept."""
    described, source = _described(path)
    sums = ", ".join(f"sum({_weight(name, kind)})" for name, kind in described)
    return _asked(f"SELECT {sums} FROM {source}")  # noqa: S608 - our own path


def hand_over(path: Path) -> Callable[[], object]:
    """Return the scan of a file that hands every value over to its caller."""
    source = _described(path)[1]

    def work() -> object:
        with duckdb.connect(config={"threads": "2"}) as engine:
            return sum(arrow.lengths(engine.sql(f"SELECT * FROM {source}")))  # noqa: S608 - our own path

    return work


def copy(path: Path) -> Callable[[], object]:
    """Return the copy of a file into a table in memory."""
    return _asked(f"CREATE TABLE copied AS FROM {_described(path)[1]}")


def _asked(query: str) -> Callable[[], object]:
    def work() -> object:
        with duckdb.connect(config={"threads": "2"}) as engine:
            return engine.execute(query).fetchall()

    return work


def _described(path: Path) -> tuple[list[tuple[str, str]], str]:
    """Return names and types of the columns, and the expression that reads them as they are."""
    source = f"'{path}'"
    with duckdb.connect(config={"threads": "2"}) as engine:
        rows = engine.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - our own path
    described = [(name, kind) for name, kind, *_ in rows]
    if path.suffix == ".csv":
        types = ", ".join(f"'{name}': '{kind}'" for name, kind in described)
        source = f"read_csv({source}, header = true, auto_detect = false, columns = {{{types}}})"
    return described, source


def _weight(name: str, kind: str) -> str:
    if kind == "VARCHAR":
        return f"strlen({name})"
    return f"epoch_us({name})" if kind == "TIMESTAMP" else name


@contextmanager
def watched() -> Iterator[defaultdict[str, float]]:
    """Yield the CPU seconds that every phase takes while the context is open."""
    spent: defaultdict[str, float] = defaultdict(float)

    def clocked(phase: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(work)
        def call(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the phase takes
            start = cpu()
            try:
                return work(*arguments, **named)
            finally:
                spent[phase] += cpu() - start

        return call

    with ExitStack() as stack:
        for phase, places in PHASES.items():
            for owner, name in places:
                wrapped = clocked(phase, getattr(owner, name))
                stack.enter_context(patch.object(owner, name, wrapped))
        yield spent


class Inspected:
    """One file inspected again and again: its phases and the last profile."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.turns: list[Mapping[str, float]] = []
        self.profile: Profile | None = None

    def __call__(self) -> None:
        """Inspect the file once more."""
        with watched() as spent:
            start = cpu()
            self.profile = inspect(self.path, readers=discover_readers())
            spent[WHOLE] = cpu() - start
        self.turns.append(spent)

    def median(self, *phases: str) -> float:
        """Return the median CPU seconds of these phases together."""
        return statistics.median(sum(turn[phase] for phase in phases) for turn in self.turns)

    @property
    def certain(self) -> Counter[SensitiveKind]:
        """Count the columns in which each kind was found for certain."""
        findings = self.profile.sensitive if self.profile else ()
        return Counter(finding.kind for finding in findings if finding.certain)


def show_detection(folder: Path, rows: int, repeats: int) -> Mapping[str, float]:
    """Print what the phases cost beside the scan; returns `detection_rates` on the personal CSV."""
    lines, bars, parts, rates = [], [], [], []
    found: Mapping[str, float] = {}
    for kind, columns in (("personal", PERSONS), ("clean", CLEAN)):
        for suffix in (".parquet", ".csv"):
            path = write(folder / f"{kind}{suffix}", columns, rows)
            inspected, name = Inspected(path), f"{kind}, {suffix[1:]}"
            turns = {
                "scan": scan(path),
                "hand over": hand_over(path),
                "copy": copy(path),
                "inspect": inspected,
            }
            bare = {each: spent for each, (spent, _) in interleaved(turns, repeats).items()}
            scanned, handed, both, whole = (
                bare["scan"],
                bare["hand over"],
                inspected.median(READ, DETECT),
                inspected.median(WHOLE),
            )
            figures = (handed, bare["copy"], inspected.median(DETECT), both, whole)
            lines.append(
                [
                    name,
                    f"{scanned:.2f}",
                    *(f"{spent:.2f} ({spent / scanned:.1f} ×)" for spent in figures),
                ]
            )
            bars += [
                _bar(
                    f"{READ} and {DETECT} / {HAND_OVER}, {name}",
                    both / handed,
                    DETECTION_MAX[suffix],
                ),
                _bar(f"{WHOLE} / {HAND_OVER}, {name}", whole / handed, WHOLE_MAX[suffix]),
            ]
            parts.append(
                [name, *(f"{inspected.median(phase) / scanned:.2f}" for phase in (*PHASES, WHOLE))]
            )
            rates.append([name, f"{rows / both:,.0f}", f"{PROTOTYPE[kind, suffix]:,}"])
            if (kind, suffix) == ("personal", ".csv"):
                found = detection_rates(inspected, rows)
            path.unlink()
    print_table(
        ["CPU s (scans)", "scan", HAND_OVER, "copy", DETECT, f"{READ} and {DETECT}", WHOLE], lines
    )
    print_table(["in scans of the same file", *PHASES, WHOLE], parts)
    print_table(["ratio", "found", "bar", ""], bars)
    print_table(
        ["beside what the bars are not set by", f"{READ} and {DETECT}, rows/s of CPU", "prototype"],
        rates,
    )
    return found


def detection_rates(inspected: Inspected, rows: int) -> Mapping[str, float]:
    """Return rows/s of CPU of reading and detection, and of detection in rows read before."""
    return {
        DETECTION: rows / inspected.median(READ, DETECT),
        LOADED: rows / inspected.median(DETECT),
    }


def of_persons(folder: Path, rows: int, repeats: int) -> Mapping[str, float]:
    """Return `detection_rates` on the personal CSV, where nothing else is asked for."""
    inspected = Inspected(write(folder / "personal.csv", PERSONS, rows))
    for _ in range(repeats):
        inspected()
    inspected.path.unlink()
    return detection_rates(inspected, rows)


def _bar(name: str, found: float, most: float) -> list[str]:
    return [name, f"{found:.2f}", f"≤ {most}", verdict(found, most, most=True)]


def show_small(folder: Path, repeats: int) -> None:
    """Print what a file costs that has next to nothing in it, as a product is admitted."""
    path, readers = folder / "small.csv", discover_readers()
    rows = (
        f"2026-01-{1 + i % 28:02}T{i % 24:02}:00:00Z,S{i % 7},{36 + i / 999:.4f},"
        f"{120 + i / 99:.4f},{10 + i * 37 % 50 / 9:.2f},calm sea {i % 13}"
        for i in range(SMALL_ROWS)
    )
    path.write_text("\n".join(["time,station,lat,lon,temp,remark", *rows, ""]))
    expected = (NotMissing("temp"), InRange("temp", Decimal(0), Decimal(40)))
    works: Mapping[str, Callable[[], object]] = {
        "inspection and fingerprint": lambda: inspect(path, readers=readers, keep=lambda _: None),
        "two expectations counted": lambda: count_expected(path, expected, readers=readers),
        "three rows shown": lambda: show_rows(path, [1, 5, 9], [], readers=readers),
    }
    took = interleaved(works, 10 * repeats)
    path.unlink()
    print_table(
        [f"a CSV of {SMALL_ROWS} rows and 6 columns", "CPU ms, median"],
        [[name, f"{1000 * spent:.0f}"] for name, (spent, _) in took.items()],
    )


def show_accuracy(folder: Path, serials: int, rows: int) -> None:
    """Print how many columns of random numbers are flagged, and whether the needle is found."""
    noise = Inspected(write(folder / "serials.parquet", SERIALS, serials))
    noise()
    flagged = len(noise.profile.sensitive) if noise.profile else len(SERIALS)
    hay = Inspected(write(folder / "needle.csv", needle(rows), rows))
    hay()
    found = hay.certain[SensitiveKind.RESIDENT_ID]
    print_table(
        ["what is found", "CPU s of detection", "found", "bar", ""],
        [
            [
                f"columns flagged, of two with {serials:,} random serial numbers each",
                f"{noise.median(DETECT):.2f}",
                str(flagged),
                "0",
                "holds" if flagged == 0 else "falls short",
            ],
            [
                f"one resident identity number in {rows:,} rows of text",
                f"{hay.median(DETECT):.2f}",
                str(found),
                "1",
                "holds" if found == 1 else "falls short",
            ],
        ],
    )


def show_memory(folder: Path, sizes: Sequence[int]) -> None:
    """Print the peak memory of inspecting each size, and how it grows."""
    lines, peaks = [], []
    for suffix in (".parquet", ".csv"):
        found = []
        for rows in sizes:
            path = write(folder / f"memory{suffix}", PERSONS, rows)
            found.append(_inspected(path)[0])
            path.unlink()
        peaks += found
        lines.append([f"personal, {suffix[1:]}", *(f"{mb:,.0f}" for mb in found)])
        if len(sizes) > 1:
            lines[-1].append(f"{found[-1] / found[0]:.2f} ×")
    growth = ["growth"] if len(sizes) > 1 else []
    print_table(["peak MB at", *(f"{rows:,} rows" for rows in sizes), *growth], lines)
    print_table(
        ["bar", "found", "bar", ""],
        [["peak MB, the most", f"{max(peaks):,.0f}", *_most(max(peaks), MEMORY_MAX_MB)]],
    )


def _most(found: float, bar: float) -> tuple[str, str]:
    return f"≤ {bar:g}", verdict(found, bar, most=True)


def show_large(folder: Path, rows: int) -> None:
    """Print what files of very many rows need: observations of stations, and rows with an id."""
    lines = []
    for name, columns in (("observations", OBSERVATIONS), ("with an id", KEYED)):
        for suffix in (".parquet", ".csv"):
            path = write(folder / f"large{suffix}", columns, rows)
            size = path.stat().st_size / 1e9
            peak, spent = _inspected(path)
            path.unlink()
            found = f"{size:.2f}", f"{peak:,.0f}", f"{spent:,.0f}", f"{rows / spent:,.0f}"
            lines.append([f"{name}, {suffix[1:]}", *found])
    heads = [f"{rows:,} rows", "GB", "peak MB", "seconds of CPU", "rows/s of CPU"]
    print_table(heads, lines)


def _inspected(path: Path) -> tuple[float, float]:
    """Return the peak resident megabytes of a process that inspects one file, and its CPU."""
    command = [sys.executable, __file__, "--inspect-only", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak, spent = done.stdout.split()
    return int(peak) / 1024, float(spent)


def _own_peak() -> int:
    """Return the most kilobytes that this program has held resident.

    What getrusage calls so begins with what the process held that started this one.
    """
    try:
        found = re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text())
    except FileNotFoundError:
        found = None
    return int(found[1]) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def show_quality(folder: Path, rows: int, repeats: int) -> float:
    """Print what eight checks cost beside the scan; returns rows/s of CPU."""
    path = write(folder / "quality.parquet", CLEAN, rows)

    def work() -> None:
        with duckdb.connect(config={"threads": "2"}) as engine:
            described, source = _described(path)
            named = ", ".join(f"{name} AS c{i}" for i, (name, _) in enumerate(described))
            frame = Frame(engine.sql(f"SELECT {named} FROM {source}"), _columns(described))  # noqa: S608 - our own path
            measured = count(frame, EXPECTED)
        assert all(each.meets(Decimal(1)) for each in measured)  # noqa: S101

    took = interleaved({"scan": scan(path), "checks": work}, repeats)
    scanned, spent = took["scan"][0], took["checks"][0]
    path.unlink()
    print_table(
        [QUALITY, "scan, CPU s", "CPU s (scans)", "rows/s of CPU"],
        [
            [
                f"{rows:,} rows of Parquet",
                f"{scanned:.2f}",
                f"{spent:.2f} ({spent / scanned:.1f} ×)",
                f"{rows / spent:,.0f}",
            ]
        ],
    )
    return rows / spent


def _columns(described: Sequence[tuple[str, str]]) -> list[Column]:
    kinds = {
        "VARCHAR": ColumnType.TEXT,
        "DOUBLE": ColumnType.DECIMAL,
        "TIMESTAMP": ColumnType.TIMESTAMP,
    }
    return [Column(name, kinds.get(kind, ColumnType.INTEGER)) for name, kind in described]


def show_peers(folder: Path, rows: int, ours: Mapping[str, float]) -> None:
    """Print rows a second of CPU of each peer that is installed, and how much faster ours is.

    Ours is measured on all `rows`, since opening a file costs it the same however few they are; a
    peer that goes row by row is given as many as time it.  Peers of detection are handed texts that
    were read before, so that ours is compared with that as well as from the file.
    """
    lines, missing = [], []
    for peer in PEERS:
        if not peer.installed:
            missing.append(peer.package)
            continue
        if peer.task in ours:
            found = _peer_rate(peer, folder, min(rows, peer.rows))
            for task in (peer.task, LOADED) if peer.task == DETECTION else (peer.task,):
                ratio = ours[task] / found
                bar = f"≥ {peer.bar:g} ×", verdict(ratio, peer.bar)
                lines.append(
                    [
                        f"{peer.name} {peer.version}, {min(rows, peer.rows):,} rows",
                        task,
                        f"{found:,.0f}",
                        f"{ours[task]:,.0f}",
                        f"{ratio:,.1f} ×",
                        *bar,
                    ]
                )
    ours_of = f"ours, {rows:,} rows"
    print_table(["peer", "task", "rows/s of CPU", ours_of, "ours / peer", "bar", ""], lines)
    if missing:
        print(f"not installed and left out: {', '.join(sorted(set(missing)))}\n")


def _peer_rate(peer: Peer, folder: Path, rows: int) -> float:
    path = write(folder / f"peer{peer.suffix}", peer.columns, rows)
    took = []
    for _ in range(3):
        work = peer.prepared(path)
        start = time.process_time()
        work()
        took.append(time.process_time() - start)
    path.unlink()
    return rows / statistics.median(took)


def main() -> None:
    """Measure and print."""
    sections = ("detection", "small", "accuracy", "memory", "quality", "peers", "large")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--serials", type=int, default=10_000_000)
    parser.add_argument("--memory-rows", type=int, nargs="+", help="default: --rows")
    parser.add_argument("--large-rows", type=int, default=100_000_000)
    parser.add_argument("--only", choices=sections, nargs="+", default=sections[:-1])
    parser.add_argument("--inspect-only", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inspect_only:
        start = cpu()
        inspect(options.inspect_only, readers=discover_readers())
        print(_own_peak(), cpu() - start)
        return
    print_machine(rows=options.rows)
    print(f"DuckDB {duckdb.__version__}\n")
    with tempfile.TemporaryDirectory(prefix="inspection-") as name:
        folder = Path(name)
        ours: dict[str, float] = {}
        if "detection" in options.only:
            ours |= show_detection(folder, options.rows, options.repeats)
        if "small" in options.only:
            show_small(folder, options.repeats)
        if "accuracy" in options.only:
            show_accuracy(folder, options.serials, options.rows)
        if "memory" in options.only:
            show_memory(folder, options.memory_rows or [options.rows])
        if "large" in options.only:
            show_large(folder, options.large_rows)
        if "quality" in options.only:
            ours[QUALITY] = show_quality(folder, options.rows, options.repeats)
        if "peers" in options.only:
            if DETECTION not in ours:
                ours |= of_persons(folder, options.rows, options.repeats)
            show_peers(folder, options.rows, ours)


if __name__ == "__main__":
    main()
