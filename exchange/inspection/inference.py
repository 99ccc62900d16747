"""Types of text cells, decided over every row, and the typed table made of them.

The engine's own casts are too willing: they read 1.5 as the integer 2, 0x1F as 31, 1_000 as
1000, and drop the offset of 2026-01-05T00:00:00+08:00.  So a pattern decides and the cast only
follows.  A number with a leading zero (0013) or beyond 64 bits is a name of something, not an
amount, and stays text, as does a column where any cell is not a number.

The first rows say where on the ladder of types each column starts; then every row is tested,
and a column that fails goes one step up and is tested again.

In a text whose delimiter leaves the comma free, 12,5 may be a decimal.  1,234 may be one or more
than a thousand, so the first rows must hold a number that reads with a decimal comma alone; a
file is written in one way, and then all of its columns are read so.
"""

# ruff: noqa: S608 - queries are made of our own patterns and column numbers alone
from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import duckdb
from duckdb import DuckDBPyConnection

from exchange.inspection.asking import aggregated, some_at_once
from exchange.inspection.names import unit_of
from exchange.inspection.reader import Column
from exchange.inspection.units import bare, is_unit
from exchange.profile import ColumnType

SAMPLE_ROWS: Final = 1_000
SAMPLE_CELLS: Final = 1 << 16
SHORT: Final = 1_024  # bytes; a longer cell of the sample waits until all are tested
LINE_LEAST: Final = 128 << 10
BUFFER_LEAST: Final = 4 << 20

# "NA" is a word in a column of words (Namibia, a surname), so only numbers, instants and
# booleans take it for a missing cell.
_MISSING_TEXT: Final = ("", "null", "NULL")
_MISSING: Final = (*_MISSING_TEXT, "NaN", "nan", "NAN", "NA", "N/A")

# The integer part of a decimal is short, so that a long serial number is not rounded to one.
_INTEGER: Final = "[ ]*[+-]?(0|[1-9][0-9]{0,18})[ ]*"
_DECIMAL: Final = "[ ]*[+-]?((0|[1-9][0-9]{0,17})([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?[ ]*"
_COMMA: Final = "[ ]*[+-]?(0|[1-9][0-9]{0,17})(,[0-9]+)?([eE][+-]?[0-9]{1,3})?[ ]*"
# No group of thousands: it has three digits, and one to three of which the first is no zero before.
_COMMA_ALONE: Final = re.compile(
    "[ ]*[+-]?((0|[1-9][0-9]{3,17}),[0-9]+|[1-9][0-9]{0,2},([0-9]{1,2}|[0-9]{4,}))([eE].*)?[ ]*"
)
_TRUTH: Final = "(?i:true|false)"
_ANY: Final = "(?s:.*)"
_INSTANT: Final = (
    "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
    "([T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_OFFSET: Final = ":[0-9]{2}.*[+-][0-9]{2}:?[0-9]{2}$"
# Of a disjunction the engine works out both sides.
_ZONED: Final = (
    f"CASE WHEN ends_with(CELL, 'Z') THEN true ELSE regexp_matches(CELL, '{_OFFSET}') END"
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """How cells of one kind are recognised and read; CELL is the cell, VALUE is `value` of it.

    A cell fits if the whole of it is of `pattern` and `sound` holds.  `plain` is a quick test that
    holds for most cells, and for none that does not fit, that is missing, or whose `cast` is
    anything but VALUE.  Python and the engine read the patterns alike.
    """

    kind: ColumnType
    value: str
    plain: str
    pattern: str
    sound: str
    cast: str = "VALUE"
    missing: tuple[str, ...] = _MISSING

    @property
    def absent(self) -> str:
        """The condition of a cell that is missing."""
        # Of a longer list the engine makes a table, in which it looks every single cell up.
        each = (f"CELL IN ({_listed(some)})" for some in _by_three(self.missing))
        return " OR ".join(("CELL IS NULL", *each))

    @property
    def fits(self) -> str:
        """The condition of a cell that is of this type."""
        if self.pattern == _ANY:
            return self.sound
        return f"regexp_full_match(CELL, '{self.pattern}') AND {self.sound}"


def _by_three(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[first : first + 3] for first in range(0, len(texts), 3))


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(f"'{text}'" for text in texts)


_WITH_COMMA: Final = _Rule(
    ColumnType.DECIMAL,
    "try_cast(replace(CELL, ',', '.') AS DOUBLE)",
    f"regexp_full_match(CELL, '{_COMMA}') AND isfinite(VALUE)",
    _COMMA,
    "isfinite(VALUE)",
)
_WORDS: Final = _Rule(
    ColumnType.TEXT,
    "CELL",
    "CELL <> '' AND CELL <> 'null' AND CELL <> 'NULL'",
    _ANY,
    "true",
    missing=_MISSING_TEXT,
)
# In the order in which they are tried; everything fits the last.
_LADDER: Final = (
    _Rule(
        ColumnType.BOOLEAN,
        "try_cast(CELL AS BOOLEAN)",
        "CELL IN ('true', 'false')",
        _TRUTH,
        "VALUE IS NOT NULL",
    ),
    _Rule(
        ColumnType.INTEGER,
        "try_cast(CELL AS BIGINT)",
        # The way there and back is many times quicker than the pattern.
        "CAST(VALUE AS VARCHAR) = CELL",
        _INTEGER,
        "VALUE IS NOT NULL",
    ),
    _Rule(
        ColumnType.TIMESTAMP,
        "try_cast(CELL AS TIMESTAMP)",
        # Of this length the engine writes whole seconds of the years that the pattern knows.
        "strlen(CELL) = 19 AND CAST(VALUE AS VARCHAR) = CELL",
        _INSTANT,
        "VALUE IS NOT NULL",
        f"CASE WHEN regexp_matches(CELL, '{_OFFSET}')"
        " THEN make_timestamp(epoch_us(try_cast(CELL AS TIMESTAMPTZ))) ELSE VALUE END",
    ),
    _Rule(
        ColumnType.DECIMAL,
        "try_cast(CELL AS DOUBLE)",
        f"regexp_full_match(CELL, '{_DECIMAL}') AND isfinite(VALUE)",
        _DECIMAL,
        "isfinite(VALUE)",
    ),
    _WORDS,
)
_LADDER_WITH_COMMA: Final = (*_LADDER[:-1], _WITH_COMMA, _WORDS)
_PATTERNS: Final = {rule.pattern: re.compile(rule.pattern) for rule in _LADDER_WITH_COMMA}
# What a number that is of its pattern must keep to.
_HELD: Final[dict[ColumnType, Callable[[str], bool]]] = {
    ColumnType.INTEGER: lambda cell: -(2**63) <= int(cell) < 2**63,
    ColumnType.DECIMAL: lambda cell: math.isfinite(float(cell.replace(",", "."))),
}
_AT_OFFSET: Final = re.compile(_OFFSET)
C = TypeVar("C")
_MISFIT: Final = "a cell does not fit the type its column began with"


def text_columns(path: Path, delimiter: str, count: int, longest: int) -> str:
    """Return the table expression that reads a checked text as text columns c0 onwards.

    `longest` is the size of its longest record in bytes.  The engine takes several buffers of
    many times that size, so one that merely might be as long would cost all the memory there is.
    One thread reads: of several each fills small groups of rows, which are then written again,
    for twice the work and the same time.
    """
    line = max(longest, LINE_LEAST) + 16
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(count))
    place = str(path).replace("'", "''")
    return (
        f"read_csv('{place}', auto_detect = false, header = true, delim = '{delimiter}',"
        " quote = '\"', escape = '\"', null_padding = false, strict_mode = true, parallel = false,"
        f" max_line_size = {line}, buffer_size = {max(BUFFER_LEAST, 3 * line)},"
        f" columns = {{{columns}}})"
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """The type of each column of `cells`, and what else was found of how its text is written.

    `with_comma` are the columns read with a decimal comma; `units` has a text for each column
    where the first row of the source named units, and is no row of `cells`.  `zoneless` counts the
    instants that name no zone, of the columns in which others do.
    """

    types: tuple[ColumnType, ...]
    with_comma: tuple[int, ...] = ()
    units: tuple[str, ...] = ()
    zoneless: tuple[tuple[int, int], ...] = ()

    def columns(self, names: Sequence[str]) -> tuple[Column, ...]:
        """Return the columns under these names, numbers and instants with their units."""
        units = self.units or ("",) * len(names)
        return tuple(
            Column(
                name, kind, unit=None if kind is ColumnType.TEXT else bare(unit) or unit_of(name)
            )
            for name, kind, unit in zip(names, self.types, units, strict=True)
        )

    def remarks(self, names: Sequence[str]) -> Iterator[str]:
        """Say what was assumed of how the text is written, with the names of the columns."""
        if self.with_comma:
            number, first = len(self.with_comma), names[self.with_comma[0]]
            yield f"columns read with a decimal comma: {number}, {first} first"
        if self.units:
            yield "the row below the header names units and is none of the data's"
        for i, count in self.zoneless:
            yield f"column {names[i]}: {count} instants name no zone as others do, read as UTC"


def type_cells(
    connection: DuckDBPyConnection,
    source: str,
    count: int,
    *,
    text: Collection[int] = (),
    longest: int | None = None,
    comma: bool = False,
    units: bool = False,
) -> Typed:
    """Create `cells` from `source`, a table expression of `count` text columns.

    A column without any value is text, and so are those in `text`, whose cells the file itself
    calls of several types.  `longest` is the size of the longest record in bytes, where that is
    known.  With `comma` the first rows are asked whether the file writes decimals with a comma,
    with `units` whether the first of them names the units of what stands below.
    """
    first, whole, begun = _first_cells(connection, source, count, longest)
    named: tuple[str, ...] = ()
    if units and begun and (named := _named_units(first)):
        source = f"(SELECT * FROM {source} OFFSET 1)"
        first = [cells[1:] for cells in first]
    ladder = _LADDER_WITH_COMMA if comma and any(map(_tells_comma, first)) else _LADDER
    rules = {i: _first_rule(cells, ladder) for i, cells in enumerate(first)}
    rules |= dict.fromkeys(text, _WORDS)
    if not (whole and _load_known(connection, source, rules, first)):
        try:
            _load(connection, source, rules)
        except duckdb.InvalidInputException as error:
            if _MISFIT not in str(error):
                raise
            _climb(connection, source, rules, ladder)
            _load(connection, source, rules)
    values = aggregated(connection, [f"count(c{i})" for i in range(count)])
    types = []
    for i, present in enumerate(values):
        kind = rules[i].kind if present else ColumnType.TEXT
        if kind is not rules[i].kind:
            connection.execute(f"ALTER TABLE cells ALTER c{i} TYPE VARCHAR").fetchall()
        types.append(kind)
    with_comma = tuple(i for i in range(count) if values[i] and rules[i].pattern == _COMMA)
    return Typed(tuple(types), with_comma, named, tuple(_zoneless(connection, rules)))


def _zoneless(connection: DuckDBPyConnection, rules: dict[int, _Rule]) -> Iterator[tuple[int, int]]:
    """Yield the columns in which some instants name a zone, each with how many do not."""
    instants = [i for i, rule in rules.items() if rule.kind is ColumnType.TIMESTAMP]
    asked = (f"count(*) FILTER ({told}z{i})" for i in instants for told in ("", "NOT "))
    counts = iter(aggregated(connection, list(asked)))
    for i, zoned, naive in zip(instants, counts, counts, strict=True):
        connection.execute(f"ALTER TABLE cells DROP COLUMN z{i}").fetchall()
        if zoned and naive:
            yield i, naive


def _first_cells(
    connection: DuckDBPyConnection, source: str, count: int, longest: int | None
) -> tuple[list[tuple[str | None, ...]], bool, bool]:
    """Return each column's cells in the first rows, long ones left out.

    Returns besides whether that is all, and whether there is a first row and it is whole.
    """
    rows = min(SAMPLE_ROWS, max(1, SAMPLE_CELLS // max(1, count)))
    columns: list[tuple[str | None, ...]] = []
    whole = begun = True
    for names in some_at_once([f"c{i}" for i in range(count)]):
        told = ["false", *names]
        if longest is None or longest > SHORT:
            long = " OR ".join(f"coalesce(strlen({name}) > {SHORT}, false)" for name in names)
            told = [long, *(f"CASE WHEN strlen({c}) <= {SHORT} THEN {c} END" for c in names)]
        found = connection.execute(
            f"SELECT {', '.join(told)} FROM {source} LIMIT {rows + 1}"
        ).fetchall()
        longer, *cells = zip(*found, strict=True) if found else [()] * len(told)
        columns += cells
        whole = whole and len(found) <= rows and not any(longer)
        begun = begun and len(found) > 0 and not longer[0]
    return columns, whole, begun


def _named_units(first: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """Return the units that the first row names, none where it may be a row of values.

    It names units alone, and one at least above a column whose other cells are no words.
    """
    above = tuple((cells[0] or "").strip() for cells in first)
    named = all(not cell or is_unit(cell) for cell in above)
    return above if named and any(map(_heads_values, first)) else ()


def _heads_values(cells: Sequence[str | None]) -> bool:
    """Whether the first cell is none of the numbers, instants or truths that the others are."""
    head, *rest = cells
    rule = _first_rule(rest, _LADDER_WITH_COMMA)
    empty = {None, *rule.missing}.issuperset(rest)
    return not empty and rule.kind is not ColumnType.TEXT and not _may_fit({head}, rule)


def _first_rule(cells: Sequence[str | None], ladder: Sequence[_Rule]) -> _Rule:
    """Return the rule of the lowest step on the ladder that all of these cells may fit."""
    different = set(cells)
    return next(rule for rule in ladder if _may_fit(different, rule))


def _may_fit(cells: Collection[str | None], rule: _Rule) -> bool:
    missing, pattern, held = {None, *rule.missing}, _PATTERNS[rule.pattern], _HELD.get(rule.kind)
    return all(
        cell in missing or (pattern.fullmatch(cell or "") and (held is None or held(cell or "")))
        for cell in cells
    )


def _tells_comma(cells: Sequence[str | None]) -> bool:
    """Whether these are numbers, of which one reads with a decimal comma alone."""
    different = set(cells)
    return any(cell and _COMMA_ALONE.fullmatch(cell) for cell in different) and _may_fit(
        different, _WITH_COMMA
    )


def _load_known(
    connection: DuckDBPyConnection,
    source: str,
    rules: dict[int, _Rule],
    known: Sequence[Sequence[str | None]],
) -> bool:
    """Create `cells` of cells that were all held to their patterns; False if a cell does not fit.

    To make the patterns ready in the engine takes longer than to read a thousand rows.
    """
    cells, sound, held = [], [], []
    for i, rule in rules.items():
        different = set(known[i])
        offset = any(cell and _AT_OFFSET.search(cell) for cell in different)
        value = rule.cast if offset else rule.value
        if different.intersection(rule.missing):
            value = f"CASE WHEN NOT ({rule.absent}) THEN {value} END"
        cells.append(f"{_written(rule, f'c{i}', value)} AS c{i}")
        if rule.kind is ColumnType.TIMESTAMP:
            zoned = f"CASE WHEN NOT ({rule.absent}) THEN {_ZONED} END"
            cells.append(f"{_written(rule, f'c{i}', zoned)} AS z{i}")
        sound.append(f"count(c{i}) FILTER (WHERE {_written(rule, '', rule.sound, f'c{i}')})")
        held.append(sum(cell is not None and cell not in rule.missing for cell in known[i]))
    # The limit keeps the engine from reading texts as numbers by other rules, on their way in.
    few = f"(SELECT * FROM {source} LIMIT {max(map(len, known))})"
    _create(connection, cells, lambda some: f"SELECT {', '.join(some)} FROM {few}")
    if list(aggregated(connection, sound)) == held:
        return True
    connection.execute("DROP TABLE cells").fetchall()
    return False


def _load(connection: DuckDBPyConnection, source: str, rules: dict[int, _Rule]) -> None:
    """Create `cells` by these rules; stops with `_MISFIT` at a cell that does not fit."""

    def query(some: Sequence[int]) -> str:
        # The engine works out twice what is written twice, unless it has a name of its own.
        values = ", ".join(f"{_written(rules[i], f'c{i}', 'VALUE')} AS v{i}" for i in some)
        plain = ", ".join(
            f"{_written(rules[i], f'c{i}', rules[i].plain, f'v{i}')} AS p{i}" for i in some
        )
        cells = ", ".join(_cells(i, rules[i]) for i in some)
        return f"SELECT {cells} FROM (SELECT *, {plain} FROM (SELECT *, {values} FROM {source}))"

    _create(connection, list(rules), query)


def _create(
    connection: DuckDBPyConnection, asked: Sequence[C], query: Callable[[Sequence[C]], str]
) -> None:
    """Create `cells` of a column for each of what is asked, some at a time."""
    parts = list(some_at_once(asked))
    names = [f"part{n}" for n in range(len(parts))] if len(parts) > 1 else ["cells"]
    for name, some in zip(names, parts, strict=True):
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS {query(some)}").fetchall()
    if len(parts) > 1:
        beside = " POSITIONAL JOIN ".join(names)
        connection.execute(f"CREATE TABLE cells AS SELECT * FROM {beside}").fetchall()
        for name in names:
            connection.execute(f"DROP TABLE {name}").fetchall()


def _cells(i: int, rule: _Rule) -> str:
    """Return the expressions of a column, and of whether its instants name a zone."""
    read = (
        f"CASE WHEN p{i} THEN VALUE WHEN {rule.absent} THEN NULL"
        f" WHEN {rule.fits} THEN {rule.cast} ELSE error('{_MISFIT}') END"
    )
    cell = f"{_written(rule, f'c{i}', read, f'v{i}')} AS c{i}"
    if rule.kind is not ColumnType.TIMESTAMP:
        return cell
    zoned = f"CASE WHEN p{i} THEN false WHEN VALUE IS NOT NULL THEN {_ZONED} END"
    return f"{cell}, {_written(rule, f'c{i}', zoned, f'v{i}')} AS z{i}"


def _climb(
    connection: DuckDBPyConnection,
    source: str,
    rules: dict[int, _Rule],
    ladder: Sequence[_Rule],
) -> None:
    """Move every column up the ladder until all of its cells fit."""
    tested = list(rules)
    while tested:
        counts = [_misfits(rules[i], f"c{i}") for i in tested]
        failures = aggregated(connection, counts, source)
        tested = [i for i, failed in zip(tested, failures, strict=True) if failed]
        for i in tested:
            rules[i] = ladder[ladder.index(rules[i]) + 1]


def _misfits(rule: _Rule, cell: str) -> str:
    test = f"CASE WHEN {rule.plain} THEN false ELSE NOT coalesce({rule.fits}, false) END"
    return _written(rule, cell, f"count(*) FILTER (WHERE NOT ({rule.absent}) AND {test})")


def _written(rule: _Rule, cell: str, part: str, value: str | None = None) -> str:
    """Write a part of a rule for one cell; its value is worked out unless it has a name."""
    return part.replace("VALUE", value or f"({rule.value})").replace("CELL", cell)
