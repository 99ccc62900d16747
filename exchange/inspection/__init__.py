"""Inspection: reading a data file whole, and measuring what is in it.

`inspect` picks a reader, checks that name and bytes agree, hashes the file, loads it into a
scratch database that can reach nothing else, and returns a `Profile`.  It raises `Unreadable`
naming the file, the place and the rule for anything that is not what it claims to be.  A file
without a single row is unreadable too: there is nothing to assess.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path, PurePath
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.errors import BadField, ExchangeError, Unreadable
from exchange.expectations import Expectation
from exchange.fingerprint import Fingerprint
from exchange.inspection import coverage, formulas, measure, sensitive
from exchange.inspection.fingerprint import take_fingerprint
from exchange.inspection.intake import Intake, Limits
from exchange.inspection.reader import Column, Reader, Table
from exchange.profile import Profile
from exchange.quality.measured import Measurement
from exchange.records import printable

__all__ = [
    "Column",
    "Intake",
    "Limits",
    "Reader",
    "Table",
    "count_expected",
    "discover_readers",
    "inspect",
    "tally",
]

GROUP: Final = "exchange.readers"
MEMORY: Final = "300MB"  # beyond it the engine spills into scratch
TALLY_MAX: Final = 10_000  # values; a column with more marks no contributors
ATTRIBUTES_MAX: Final = 200
ATTRIBUTE_LENGTH: Final = 500


def discover_readers() -> tuple[Reader, ...]:
    """Return the installed readers in the order of their names.

    A reader that cannot be imported stops the exchange: a format that silently became
    unreadable would turn into refusals that nobody can explain.
    """
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return tuple(_loaded(entry) for entry in found)


def _loaded(entry: EntryPoint) -> Reader:
    try:
        reader = entry.load()()
    except Exception as error:
        raise ExchangeError(
            f"reader {entry.name} ({entry.value}) does not load: {error}"
        ) from error
    if not isinstance(reader, Reader):
        raise ExchangeError(f"reader {entry.name} ({entry.value}) is not a Reader")
    return reader


def inspect(
    path: Path,
    *,
    readers: Sequence[Reader],
    name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    scratch: Path | None = None,
    limits: Limits | None = None,
    keep: Callable[[Fingerprint], None] | None = None,
) -> Profile:
    """Read the whole file and return what was measured.

    `name` is the file's name to its owner, where `path` is not called that.  `progress` hears
    of bytes done and bytes to do; every byte counts twice, once hashed and once read.
    `scratch` is where temporary files go, removed at the end; several times the size of the
    file may be needed.  `keep` is given the fingerprint, which is taken only where it is wanted
    and is as confidential as the data.  Raises `NotFound` or `Unreadable`.
    """
    with tempfile.TemporaryDirectory(dir=scratch, prefix="inspection-") as folder:
        place = Path(folder)
        with Intake(path, scratch=place, name=name, limits=limits, progress=progress) as intake:
            reader = _choose(intake, readers)
            digest = intake.hashed()
            with _engine(place, intake) as connection:
                profile = _profile(reader, intake, connection, digest, keep)
            intake.finished()
        return profile


def tally(
    path: Path,
    column: str,
    *,
    readers: Sequence[Reader],
    name: str | None = None,
    scratch: Path | None = None,
) -> dict[str, int]:
    """Count the rows of each value of one column, as text; missing cells count under "".

    Raises `BadField` for a column that the file does not have or that has more than
    `TALLY_MAX` values, and `Unreadable` as `inspect` does.
    """
    with _table(path, readers=readers, name=name, scratch=scratch) as (connection, table):
        names = [each.name for each in table.columns]
        if column not in names:
            raise BadField("column", f"{name or path.name} has no column {column}")
        counted = connection.execute(
            f"SELECT coalesce(CAST(c{names.index(column)} AS VARCHAR), '') AS value,"  # noqa: S608
            f" count(*) FROM cells GROUP BY value ORDER BY value LIMIT {TALLY_MAX + 1}"
        ).fetchall()
    if len(counted) > TALLY_MAX:
        raise BadField("column", f"{column} has more than {TALLY_MAX} values")
    return dict(counted)


def count_expected(
    path: Path,
    expectations: Sequence[Expectation],
    *,
    readers: Sequence[Reader],
    name: str | None = None,
    scratch: Path | None = None,
) -> tuple[Measurement, ...]:
    """Count what is expected of a file, over all its rows; raises `Unreadable` as `inspect` does.

    A cell with what can only be a fill value is a missing one, as it is for `inspect`.
    """
    from exchange.inspection.counting import count  # noqa: PLC0415 - narwhals, for sheets that ask
    from exchange.inspection.engine import Frame  # noqa: PLC0415 - the same

    with _table(path, readers=readers, name=name, scratch=scratch) as (connection, table):
        measure.assume_fill_values(connection, table.columns)
        return count(Frame(connection.table("cells"), table.columns), expectations)


@contextmanager
def _table(
    path: Path, *, readers: Sequence[Reader], name: str | None, scratch: Path | None
) -> Iterator[tuple[DuckDBPyConnection, Table]]:
    """Load a file for one question about its rows."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix="inspection-") as folder:
        place = Path(folder)
        with Intake(path, scratch=place, name=name) as intake:
            reader = _choose(intake, readers)
            try:
                with _engine(place, intake) as connection:
                    yield connection, _named(reader.open(intake, connection))
            except duckdb.OutOfMemoryException as error:
                raise intake.refusal(f"cannot be counted within {MEMORY}", "F-02") from error
            except duckdb.Error as error:
                kind = type(error).__name__
                raise ExchangeError(f"{intake.name}: the engine failed: {kind}") from error


def _choose(intake: Intake, readers: Sequence[Reader]) -> Reader:
    """Return the reader that both the suffix and the first bytes name (F-01)."""
    suffixes = [suffix.lower() for suffix in PurePath(intake.name).suffixes[-2:]]
    zipped = suffixes[-1:] == [".gz"]
    suffix = (suffixes[:-1] if zipped else suffixes)[-1:] or [""]
    if zipped and intake.compression is None:
        raise intake.refusal("is called .gz and is not compressed with gzip", "F-01")
    if intake.compression and not zipped:
        raise intake.refusal("is compressed with gzip and is not called .gz", "F-01")
    named = [reader for reader in readers if suffix[0] in reader.suffixes]
    head = intake.head()
    claiming = [reader for reader in readers if reader.claims(head, intake.path)]
    both = [reader for reader in named if reader in claiming]
    if not named:
        known = ", ".join(sorted({each for reader in readers for each in reader.suffixes}))
        raise intake.refusal(f"suffix {suffix[0] or '(none)'} is none of {known}", "F-01")
    if not both:
        seen = " or ".join(reader.name for reader in claiming) or "no known format"
        raise intake.refusal(
            f"is called {suffix[0]} ({named[0].name}) and its bytes are of {seen}", "F-01"
        )
    if intake.compression and not both[0].text:
        raise intake.refusal(f"{both[0].name} may not stand in a gzip wrapper", "F-01")
    return both[0]


def _engine(scratch: Path, intake: Intake) -> DuckDBPyConnection:
    """Open an empty database that reaches `scratch` and the file itself, and nothing else.

    Extensions are never fetched, and the configuration is locked before a byte of the file
    is read.
    """
    connection = duckdb.connect(
        str(scratch / "inspection.duckdb"),
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "temp_directory": str(scratch / "spill"),
            "max_temp_directory_size": f"{intake.limits.expanded >> 20}MiB",
            "threads": "2",
        },
    )
    folder, target = (str(each).replace("'", "''") for each in (scratch, intake.linked.resolve()))
    for setting in (
        "TimeZone = 'UTC'",
        f"allowed_directories = ['{folder}']",
        f"allowed_paths = ['{target}']",  # where the link in scratch leads
        # Choosing how to compress each column costs twice what writing it as it is does.
        "force_compression = 'uncompressed'",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}").fetchall()
    return connection


def _profile(
    reader: Reader,
    intake: Intake,
    connection: DuckDBPyConnection,
    digest: str,
    keep: Callable[[Fingerprint], None] | None,
) -> Profile:
    try:
        table = _named(reader.open(intake, connection))
        rows, duplicates, rows_digest = _counted(intake, connection, table)
        formulas.refuse_formulas(connection, table, intake)
        assumed = measure.assume_fill_values(connection, table.columns)
        table = _with_fill_values(table, assumed)
        found = sensitive.find_sensitive(connection, table)
        private = sensitive.private_columns(found)
        columns = measure.profile_columns(connection, table.columns, private)
        if keep:
            keep(take_fingerprint(connection, table.columns, columns))
        return Profile(
            name=intake.name,
            reader=reader.name,
            media_type=reader.media_type,
            encoding=table.encoding,
            compression=intake.compression,
            bytes=intake.bytes,
            data=digest,
            rows=rows,
            rows_digest=rows_digest,
            duplicate_rows=duplicates,
            columns=columns,
            time=coverage.time_coverage(connection, table),
            space=coverage.space_coverage(connection, table.columns),
            sensitive=found,
            attributes=_bounded(sensitive.withheld(table.attributes)),
            remarks=table.remarks,
        )
    except duckdb.OutOfMemoryException as error:
        raise intake.refusal(f"cannot be measured within {MEMORY} of memory", "F-02") from error
    except duckdb.Error as error:
        raise ExchangeError(f"{intake.name}: the engine failed: {type(error).__name__}") from error
    except OSError as error:
        raise Unreadable(f"{intake.name}: {error.strerror or 'cannot be read'}") from error


def _counted(intake: Intake, connection: DuckDBPyConnection, table: Table) -> tuple[int, int, str]:
    rows, duplicates, digest = measure.rows_digest(connection, table.columns)
    if rows == 0:
        raise intake.refusal("has columns and not a single row", "F-06")
    return rows, duplicates, digest


def _with_fill_values(table: Table, assumed: dict[int, str]) -> Table:
    columns = tuple(
        Column(each.name, each.type, each.unit, each.standard_name, assumed.get(i, each.fill_value))
        for i, each in enumerate(table.columns)
    )
    remarks = tuple(
        f"column {table.columns[i].name}: {value} stands apart and repeats; read as missing"
        for i, value in assumed.items()
    )
    return Table(
        columns,
        table.encoding,
        table.attributes,
        table.remarks + remarks,
        table.instant,
        table.first_line,
    )


def _named(table: Table) -> Table:
    """Give the columns names that a record and a terminal can hold."""
    columns = tuple(replace(each, name=printable(each.name)) for each in table.columns)
    return replace(table, columns=columns)


def _bounded(attributes: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (printable(key)[:100], printable(value)[:ATTRIBUTE_LENGTH])
        for key, value in attributes[:ATTRIBUTES_MAX]
    )
