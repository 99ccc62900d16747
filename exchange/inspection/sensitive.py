"""Personal, secret and security-relevant values: every cell is read, and detectors judge.

The detectors are plug-ins (`detector`); what each recognises and by which standard stands in
its module under `detectors`.  Every cell that can hold something goes to every detector of
columns, in batches of bounded size; then detectors of tables relate what was found.

Identifiers, marks, credentials and mailboxes are looked for in every cell: "none found" of them
is said of the whole file.  Whether a column without a telling name holds names of persons, postal
addresses, masked or hashed numbers or templates of bodies, and whether one holds numbers that
other states give to persons or telephones abroad, is decided by a sample of its different values,
so a few of these among other things can be missed.  Where twenty thousand cells leave no
doubt that numbers of one length fill a column, further cells of letters and digits of that very
length are counted with them; whatever looks otherwise is looked at.

Nothing here keeps or returns a value: findings hold counts, and attributes in which something
was found are withheld.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from duckdb import DuckDBPyConnection

from exchange.inspection.cells import Cells, batches
from exchange.inspection.detector import (
    ColumnDetector,
    Detector,
    Examined,
    TableDetector,
    Watch,
)
from exchange.inspection.firms import asked_of_firms
from exchange.inspection.lexicon import PERSON_KEYS, numbers_somebody, suggests_anything
from exchange.inspection.names import WITHHELD
from exchange.inspection.persons import is_person, may_name
from exchange.inspection.preamble import COMMENT
from exchange.inspection.reader import Column, Table
from exchange.inspection.statistics import statistics
from exchange.inspection.subjects import RESIDENT_LENGTH, counted_subjects
from exchange.profile import PERSONAL_KINDS, ColumnType, SensitiveFinding, SensitiveKind

DECIDED_BY: Final = 20_480  # cells that tell what fills a column
FILLED: Final = 0.95
METADATA: Final = "(metadata)"
# Beyond doubt wherever they stand; a name, a mailbox or a telephone in the metadata is the
# attribution of somebody's work.
_SURE_ANYWHERE: Final = frozenset(
    {
        SensitiveKind.RESIDENT_ID,
        SensitiveKind.BANK_CARD,
        SensitiveKind.CREDIT_CODE,
        SensitiveKind.SECRECY_MARK,
        SensitiveKind.CREDENTIAL,
    }
)
# A check digit that holds among a handful of attributes is no accident of many rows.
_CHECKED: Final = frozenset(
    {SensitiveKind.RESIDENT_ID, SensitiveKind.BANK_CARD, SensitiveKind.CREDIT_CODE}
)
_IN_HEADERS: Final = frozenset(SensitiveKind) - {SensitiveKind.CREDIT_CODE}
# Without any of these an attribute holds nothing to look at.
_WORTH_READING: Final = re.compile(r"[0-9０-９]{4}|[@＠*]|[A-Za-z0-9+/_-]{16}|[^\x00-\x7f]")


@functools.lru_cache(maxsize=8)
def _kinds(
    detectors: tuple[Detector, ...],
) -> tuple[Sequence[ColumnDetector], Sequence[TableDetector]]:
    """Return those that read cells and those that relate columns, in the order of their ranks."""
    # To ask an object whether it keeps to a protocol costs as much as to look at a short column.
    relating = [each for each in detectors if isinstance(each, TableDetector)]
    return (
        [each for each in detectors if isinstance(each, ColumnDetector)],
        sorted(relating, key=lambda each: (each.rank, each.name)),
    )


def find_in_headers(
    table: Table, detectors: Sequence[Detector]
) -> tuple[Table, tuple[SensitiveFinding, ...]]:
    """Return what stands in the columns' names, and the table without names that say of whom.

    A file without a header gives its first row for one: such a name is withheld, and found in
    the metadata.  A mark of secrecy stays, since it is about the column.
    """
    readers, _ = _kinds(tuple(detectors))
    columns, found = [], []
    for number, column in enumerate(table.columns, start=1):
        shown = column.name
        if _WORTH_READING.search(column.name):
            for each in _in_texts(column.name, [column.name], readers):
                if each.kind in PERSONAL_KINDS:
                    shown = f"{WITHHELD} {number}"
                if each.kind in _IN_HEADERS:
                    place = METADATA if each.kind in PERSONAL_KINDS else column.name
                    why = "in a column's name"
                    found.append(replace(each, column=place, evidence=why, subjects=None))
        columns.append(replace(column, name=shown))
    return replace(table, columns=tuple(columns)), tuple(found)


def find_in_name(name: str, detectors: Sequence[Detector]) -> Iterator[SensitiveFinding]:
    """Yield what stands for certain in the name of a file, a mark of secrecy among it."""
    if _WORTH_READING.search(name):
        readers, _ = _kinds(tuple(detectors))
        for each in _in_texts(METADATA, [name], readers):
            if each.certain and each.kind in _IN_HEADERS:
                yield replace(each, evidence="in the file's name", subjects=None)


def examine(
    connection: DuckDBPyConnection,
    table: Table,
    detectors: Sequence[Detector],
    *,
    rows: int,
    present: Sequence[int],
    drawn: Mapping[int, list[object]] | None = None,
) -> Examined:
    """Return the table with what stands in the cells and the attributes, in columns' order.

    So many `rows` there are, and so many cells of each column that are not missing.  `drawn` are
    the cells of the sample, of columns of which it was drawn before (`digest.Counted`).
    """
    readers, relating = _kinds(tuple(detectors))
    known = _known(connection, table)
    found: list[SensitiveFinding] = []
    for i, column in enumerate(table.columns):
        if present[i]:
            cells = batches(
                connection,
                i,
                column,
                rows=rows,
                known=known[i],
                short=suggests_anything(column.name),
            )
            found.extend(_of_column(cells, column, present[i], readers))
    examined = Examined(
        connection,
        table,
        rows,
        tuple(present),
        known,
        tuple(asked_of_firms(table.columns, found)),
        drawn or {},
    )
    for detector in relating:
        examined = examined.and_found(detector.relate(examined))
    found = list(counted_subjects(examined))
    order = {column.name: i for i, column in enumerate(table.columns)}
    found.sort(key=lambda each: order.get(each.column, len(order)))
    return replace(examined, found=(*found, *_of_metadata(table, readers)))


def _known(connection: DuckDBPyConnection, table: Table) -> tuple[Mapping[str, Any], ...]:
    """Return the statistics of each column; of rows that lie in a file, what was found of them."""
    if not table.known:
        return statistics(connection, len(table.columns))
    greatest = {i: high for i, (_, high) in table.extremes.items() if high is not None}
    return tuple(
        {**each, "max": greatest[i]} if i in greatest else each
        for i, each in enumerate(table.known)
    )


def _of_column(
    batches_of_cells: Iterable[Cells],
    column: Column,
    tested: int,
    readers: Sequence[ColumnDetector],
) -> Iterator[SensitiveFinding]:
    watches = _watches(column, readers)
    taken = alike = 0
    judged = DECIDED_BY  # cells with which to ask what fills the column, twice as many each time
    shape: int | None = None
    filling: frozenset[SensitiveKind] = frozenset()
    for cells in batches_of_cells:
        if filling and cells.shape == shape:
            alike += len(cells)
            continue
        for watch in watches:
            watch.take(cells)
        shape = cells.shape if not taken or cells.shape == shape else None
        taken += len(cells)
        if shape is not None and taken >= judged:
            judged = 2 * taken
            filling = _filling(watches, taken, shape)
    found = chain.from_iterable(watch.findings(tested) for watch in watches)
    yield from (_with_alike(each, taken, alike) if each.kind in filling else each for each in found)


def _filling(watches: Sequence[Watch], taken: int, shape: int) -> frozenset[SensitiveKind]:
    """Return what is beyond doubt to fill a column, by the cells that were taken so far.

    Only what no other of its shape is worse than: identity numbers could hide among codes of
    organisations, or among the rare bank cards that are as long.
    """
    found = chain.from_iterable(watch.findings(taken) for watch in watches)
    return frozenset(
        each.kind
        for each in found
        if each.certain
        and not each.embedded
        and each.matched >= FILLED * taken
        and each.kind in PERSONAL_KINDS
        and (each.kind is SensitiveKind.RESIDENT_ID or shape != RESIDENT_LENGTH)
    )


def _with_alike(found: SensitiveFinding, taken: int, alike: int) -> SensitiveFinding:
    """Return what was found with the cells of its shape that were not looked at."""
    if not alike:
        return found
    return replace(
        found,
        matched=found.matched + round(alike * found.matched / taken),
        evidence=f"{found.evidence}, of {taken} looked at and {alike} alike",
        subjects=None,  # which the engine counts
    )


def _watches(column: Column, readers: Sequence[ColumnDetector]) -> list[Watch]:
    return [watch for each in readers if (watch := each.watch(column)) is not None]


def _in_texts(
    name: str, texts: Sequence[str], readers: Sequence[ColumnDetector]
) -> list[SensitiveFinding]:
    """Return what detectors of columns find in some texts, as if they were a column's cells."""
    if not texts:
        return []
    column, cells = Column(name, ColumnType.TEXT), Cells.of(texts)
    watches = _watches(column, readers)
    for watch in watches:
        watch.take(cells)
    return list(chain.from_iterable(watch.findings(len(texts)) for watch in watches))


def withheld(
    attributes: Iterable[tuple[str, str]], detectors: Sequence[Detector]
) -> tuple[tuple[str, str], ...]:
    """Return attributes without the values that name a person or hold something sensitive."""
    readers, _ = _kinds(tuple(detectors))
    return tuple(
        (key, WITHHELD if PERSON_KEYS.search(key) or _is_private(key, value, readers) else value)
        for key, value in attributes
    )


def _names_somebody(key: str, value: str) -> bool:
    if key == COMMENT:
        return may_name(value)
    return PERSON_KEYS.search(key) is not None and is_person(value)


def _is_private(key: str, value: str, readers: Sequence[ColumnDetector]) -> bool:
    if _names_somebody(key, value):
        return True
    if not _WORTH_READING.search(value):
        return False
    found = _in_texts(METADATA, [f"{key}: {value}"], readers)
    return any(each.kind is not SensitiveKind.CREDIT_CODE for each in found)


def _of_metadata(table: Table, readers: Sequence[ColumnDetector]) -> Iterator[SensitiveFinding]:
    """Judge attributes; a professional's mailbox or name is never certain."""
    values = [f"{key}: {value}" for key, value in table.attributes if _WORTH_READING.search(value)]
    tested = len(table.attributes)
    for each in _in_texts(METADATA, values, readers):
        yield replace(
            each,
            tested=tested,
            certain=each.kind in _CHECKED or (each.certain and each.kind in _SURE_ANYWHERE),
            evidence="in the file's attributes",
            subjects=None,
        )
    persons = sum(_names_somebody(key, value) for key, value in table.attributes)
    if persons:
        yield SensitiveFinding(
            METADATA,
            SensitiveKind.PERSON_NAME,
            persons,
            tested,
            certain=False,
            evidence="an attribute for a person",
        )


def private_columns(found: Sequence[SensitiveFinding]) -> frozenset[str]:
    """Return the columns of which no value may be shown, not even the least or the greatest."""
    return frozenset(each.column for each in found)


def numbers_beside(columns: Sequence[Column], found: Sequence[SensitiveFinding]) -> frozenset[str]:
    """Return the columns that number persons of whom the findings tell more, by their names.

    学号 beside 姓名 is no finding of its own, and its least and greatest are two pupils' numbers.
    """
    if not any(each.kind in PERSONAL_KINDS and each.column != METADATA for each in found):
        return frozenset()
    return frozenset(each.name for each in columns if numbers_somebody(each.name))
