"""Inspection: reading a data file whole, and measuring what is in it.

`inspect` picks a reader, checks that name and bytes agree, hashes the file, loads it into a
scratch database that can reach nothing else, and returns a `Profile`.  It raises `Unreadable`
naming the file, the place and the rule for anything that is not what it claims to be.  A file
without a single row is unreadable too: there is nothing to assess.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.errors import BadField, ExchangeError, Unreadable
from exchange.expectations import Expectation
from exchange.fingerprint import Fingerprint
from exchange.inspection import (
    anonymity,
    coverage,
    database,
    digest,
    formulas,
    measure,
    sample,
    sensitive,
    subjects,
    traces,
)
from exchange.inspection.database import MEMORY
from exchange.inspection.detector import ColumnDetector, Detector, TableDetector
from exchange.inspection.fingerprint import take_fingerprint
from exchange.inspection.intake import Intake, Limits
from exchange.inspection.reader import Column, Reader, Table
from exchange.inspection.recognition import choose
from exchange.profile import ColumnType, Profile, SensitiveFinding, SensitiveKind, fill_remark
from exchange.quality.measured import Measurement
from exchange.quality.sampling import Sample
from exchange.records import printable

__all__ = [
    "Column",
    "Detector",
    "Intake",
    "Limits",
    "Reader",
    "Table",
    "count_expected",
    "discover_detectors",
    "discover_readers",
    "inspect",
    "show_rows",
    "tally",
]

GROUP: Final = "exchange.readers"
DETECTORS: Final = "exchange.detectors"
TALLY_MAX: Final = 10_000  # values; a column with more marks no contributors
ATTRIBUTES_MAX: Final = 200
ATTRIBUTE_LENGTH: Final = 500


def discover_readers() -> tuple[Reader, ...]:
    """Return the installed readers in the order of their names.

    A reader that cannot be imported stops the exchange: a format that silently became
    unreadable would turn into refusals that nobody can explain.
    """
    found = sorted(entry_points(group=GROUP), key=lambda entry: entry.name)
    return tuple(_loaded(entry, "reader", Reader) for entry in found)


def discover_detectors() -> tuple[Detector, ...]:
    """Return the installed detectors in the order of their names.

    A detector that cannot be imported stops the exchange, and so does having none: what nobody
    looks for is not found, and would be listed.
    """
    found = sorted(entry_points(group=DETECTORS), key=lambda entry: entry.name)
    if not found:
        raise ExchangeError(f"no detector is installed under {DETECTORS}")
    return tuple(_loaded(entry, "detector", ColumnDetector, TableDetector) for entry in found)


@functools.cache
def _installed() -> tuple[Detector, ...]:
    # What is installed does not change while a program runs, and looking for it reads files.
    return discover_detectors()


def _loaded(entry: EntryPoint, what: str, *protocols: type) -> Any:  # noqa: ANN401 - of a protocol
    try:
        plug_in = entry.load()()
    except Exception as error:
        raise ExchangeError(
            f"{what} {entry.name} ({entry.value}) does not load: {error}"
        ) from error
    if not isinstance(plug_in, protocols):
        raise ExchangeError(f"{what} {entry.name} ({entry.value}) is not a {what.capitalize()}")
    return plug_in


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be looked for in a file, what is declared, and who is given its fingerprint."""

    detectors: tuple[Detector, ...]
    quasi_identifiers: tuple[str, ...]
    no_fill_value: tuple[str, ...]
    keep: Callable[[Fingerprint], None] | None


def inspect(  # noqa: PLR0913 - collaborators, each by its name
    path: Path,
    *,
    readers: Sequence[Reader],
    name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    scratch: Path | None = None,
    limits: Limits | None = None,
    keep: Callable[[Fingerprint], None] | None = None,
    detectors: Sequence[Detector] | None = None,
    quasi_identifiers: Sequence[str] = (),
    no_fill_value: Collection[str] = (),
) -> Profile:
    """Read the whole file and return what was measured.

    `detectors` are the installed ones unless given.  `quasi_identifiers` are the columns that a
    supplier declares as such; anonymity is measured over these, or over suggested ones.
    `no_fill_value` are the columns every value of which the supplier declares to be one: none is
    assumed to stand for a missing cell, but what the file itself says stands for one does.
    `name` is the file's name to its owner, where `path` is not called that.  `progress` hears
    of bytes done and bytes to do; every byte counts twice, once hashed and once read.
    `scratch` is where temporary files go, removed at the end; several times the size of the
    file may be needed.  `keep` is given the fingerprint, which is taken only where it is wanted
    and is as confidential as the data.  Raises `NotFound` or `Unreadable`, and `BadField` for a
    declared column that is not there.
    """
    looking = _installed() if detectors is None else tuple(detectors)
    wanted = _Wanted(looking, tuple(quasi_identifiers), tuple(sorted(set(no_fill_value))), keep)
    with database.incoming(path, scratch=scratch, name=name, limits=limits, progress=progress) as (
        intake,
        opened,
    ):
        in_name = _found_in_name(intake.name, looking)
        reader = choose(intake, readers)
        hashed = intake.hashed()
        with opened() as connection:
            profile = _profile(reader, intake, connection, hashed, wanted)
        intake.finished()
    return replace(profile, sensitive=(*profile.sensitive, *in_name))


def _found_in_name(name: str, detectors: Sequence[Detector]) -> tuple[SensitiveFinding, ...]:
    """Return the marks of secrecy in a file's name; refuse one that tells of a person or a key.

    A name is shown wherever its product is, and the refusal does not repeat it.
    """
    found = tuple(sensitive.find_in_name(name, detectors))
    for each in found:
        if each.kind is not SensitiveKind.SECRECY_MARK:
            words = f"the file's name holds what no name may ({each.kind}): give it another (F-03)"
            raise Unreadable(words, rules=("F-03",))
    return found


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
    no_fill_value: Collection[str] = (),
) -> tuple[Measurement, ...]:
    """Count what is expected of a file, over all its rows; raises `Unreadable` as `inspect` does.

    A cell with what can only be a fill value is a missing one, as it is for `inspect`, but in the
    columns of which the supplier declares that there is none.
    """
    from exchange.inspection.counting import count  # noqa: PLC0415 - narwhals, for sheets that ask
    from exchange.inspection.engine import Frame  # noqa: PLC0415 - the same

    with _table(path, readers=readers, name=name, scratch=scratch) as (connection, table):
        measure.assume_fill_values(connection, table, no_fill_value)
        return count(Frame(connection.table("cells"), table.columns), expectations)


def show_rows(
    path: Path,
    places: Sequence[int],
    private: Collection[str],
    *,
    readers: Sequence[Reader],
    name: str | None = None,
    scratch: Path | None = None,
) -> Sample:
    """Return the rows of a file at these places, counted from 0, the private columns masked."""
    with _table(path, readers=readers, name=name, scratch=scratch) as (connection, table):
        return sample.show_rows(connection, table, places, private, _installed())


@contextmanager
def _table(
    path: Path, *, readers: Sequence[Reader], name: str | None, scratch: Path | None
) -> Iterator[tuple[DuckDBPyConnection, Table]]:
    """Load a file for one question about its rows."""
    with database.incoming(path, scratch=scratch, name=name) as (intake, opened):
        reader = choose(intake, readers)
        try:
            with opened() as connection:
                yield connection, _named(_opened(reader, intake, connection))
        except duckdb.OutOfMemoryException as error:
            raise intake.refusal(f"cannot be counted within {MEMORY}", "F-02") from error
        except duckdb.Error as error:
            kind = type(error).__name__
            raise ExchangeError(f"{intake.name}: the engine failed: {kind}") from error


def _profile(
    reader: Reader,
    intake: Intake,
    connection: DuckDBPyConnection,
    hashed: str,
    wanted: _Wanted,
) -> Profile:
    try:
        table = read = _named(_opened(reader, intake, connection))
        table, in_headers = sensitive.find_in_headers(table, wanted.detectors)
        _require_columns(intake, read, table, wanted.no_fill_value)
        counted = _counted(intake, connection, table)
        _require_calendar(intake, connection, table)
        formulas.refuse_formulas(connection, table, intake, counted.kept if table.known else None)
        assumed = measure.assume_fill_values(connection, table, wanted.no_fill_value)
        table = _with_fill_values(table, assumed)
        present = [
            cells - assumed.values[i][1] if i in assumed.values else cells
            for i, cells in enumerate(counted.present)
        ]
        examined = sensitive.examine(
            connection,
            table,
            wanted.detectors,
            rows=counted.rows,
            present=present,
            # Of a column in which cells are read as missing, they are drawn anew.
            drawn={i: cells for i, cells in counted.drawn.items() if i not in assumed.values},
        )
        found = (*examined.found, *in_headers)
        private = sensitive.private_columns(found)
        private |= sensitive.numbers_beside(table.columns, found)
        columns = measure.profile_columns(
            connection, table.columns, (counted.rows, present), private, examined.distinct
        )
        if wanted.keep:
            wanted.keep(take_fingerprint(connection, table.columns, columns))
        return Profile(
            name=intake.name,
            reader=reader.name,
            media_type=reader.media_type,
            encoding=table.encoding,
            compression=intake.compression,
            bytes=intake.bytes,
            data=hashed,
            rows=counted.rows,
            rows_digest=counted.digest,
            duplicate_rows=counted.duplicates,
            columns=columns,
            time=coverage.time_coverage(connection, table),
            space=coverage.space_coverage(connection, table) or table.place,
            sensitive=found,
            attributes=_bounded(sensitive.withheld(table.attributes, wanted.detectors)),
            remarks=table.remarks,
            anonymity=anonymity.measured(connection, table, found, wanted.quasi_identifiers),
            tracks=traces.tracks(examined),
            youngest_born=subjects.youngest_born(examined),
            youngest_aged=subjects.youngest_aged(examined),
            no_fill_value=wanted.no_fill_value,
        )
    except duckdb.OutOfMemoryException as error:
        raise intake.refusal(f"cannot be measured within {MEMORY} of memory", "F-02") from error
    except duckdb.Error as error:
        raise ExchangeError(f"{intake.name}: the engine failed: {type(error).__name__}") from error
    except OSError as error:
        raise Unreadable(f"{intake.name}: {error.strerror or 'cannot be read'}") from error


def _opened(reader: Reader, intake: Intake, connection: DuckDBPyConnection) -> Table:
    return reader.open(intake if reader.text else intake.content(), connection)


def _require_calendar(intake: Intake, connection: DuckDBPyConnection, table: Table) -> None:
    """Refuse instants that no calendar in use can write: formats hold hundreds of millennia."""
    for i, column in enumerate(table.columns):
        if column.type is ColumnType.TIMESTAMP:
            ((beyond,),) = connection.execute(
                f"SELECT min(c{i}) < TIMESTAMP '0001-01-01'"  # noqa: S608 - a number
                f" OR max(c{i}) >= TIMESTAMP '10000-01-01' FROM cells"
            ).fetchall()
            if beyond:
                raise intake.refusal(
                    f"column {column.name}: an instant outside the years 1 to 9999", "F-06"
                )


def _counted(intake: Intake, connection: DuckDBPyConnection, table: Table) -> digest.Counted:
    """Count the rows; of those that lie in their file ask too where a formula could be.

    To ask that later would be to unpack all texts once more, where a table keeps extremes by which
    the engine knows.
    """
    try:
        counted = digest.count_rows(
            connection, table.columns, formulas.asked_early(table) if table.known else None
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        if not table.known:
            raise
        # Of rows that are read where they lie, this is the first time that all of them are.
        raise intake.refusal("cannot be read to its end: not whole", "F-08") from error
    if counted.rows == 0:
        raise intake.refusal("has columns and not a single row", "F-06")
    if counted.longest > intake.limits.cell:
        raise intake.refusal(f"a cell of more than {intake.limits.cell} bytes", "F-06")
    return counted


def _require_columns(intake: Intake, read: Table, shown: Table, declared: Sequence[str]) -> None:
    """Refuse a declaration about a column that is not there, or whose name is withheld."""
    known = {each.name for each in read.columns} & {each.name for each in shown.columns}
    for name in declared:
        if name not in known:
            raise BadField("no_fill_value", f"{intake.name} has no column {name}")


def _with_fill_values(table: Table, assumed: measure.Assumed) -> Table:
    columns = tuple(
        replace(each, fill_value=assumed.values[i][0]) if i in assumed.values else each
        for i, each in enumerate(table.columns)
    )
    found = {**assumed.values, **assumed.declared}
    remarks = tuple(
        fill_remark(table.columns[i].name, *found[i], assumed=i in assumed.values)
        for i in sorted(found)
    )
    return replace(
        table, columns=columns, remarks=table.remarks + remarks, extremes=assumed.extremes
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
