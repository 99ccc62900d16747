"""What going through all rows tells: how many there are, how many repeat another, their digest.

The same rows give the same digest, whatever their order and however many threads read them.
Of rows that are read where they lie all that is asked of every one is asked on the one way through
them: to unpack them once more costs as much as to look at them does.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own conditions
from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from duckdb import DuckDBPyConnection

from exchange.inspection.asking import aggregated
from exchange.inspection.reader import Column
from exchange.profile import ColumnType

KEYS_AT_ONCE: Final = 524_288  # keys of rows that are told apart while the rows are read
KEYS_IN_PART: Final = 10_000_000  # keys of a table that are told apart at a time
SAMPLED: Final = 2_000  # rows of the sample that is drawn once and shared
DRAWN_MAX: Final = 64  # columns of which it is drawn and kept at a time
GROUPS: Final = 64  # places at which its rows are taken
# What makes a cell of the text that the engine writes for it, in which a float loses nothing.
_READ_BACK: Final[Mapping[ColumnType, Callable[[Any], object]]] = {
    ColumnType.TEXT: str,
    ColumnType.INTEGER: int,
    ColumnType.DECIMAL: float,
    ColumnType.BOOLEAN: "true".__eq__,
}
_BITS: Final = 62  # conditions that one number tells of
_SUMS: Final = (
    "sum(CAST(h & 18446744073709551615 AS UBIGINT))",
    "sum(CAST(h >> 64 AS UBIGINT))",
)
_KEYS: Final = ("count(DISTINCT h)", *_SUMS)


@dataclass(frozen=True, slots=True)
class Counted:
    """What going through all rows tells: how many there are, how many repeat another.

    `digest` is theirs whatever their order, `present` counts the cells of each column that are not
    missing.  Of texts that were asked for, `kept` are those of which a cell keeps its condition,
    `longest` is the longest cell in bytes, and `drawn` has the cells of the sample (`evenly`) by
    column, where it was drawn on the way.
    """

    rows: int
    duplicates: int
    digest: str
    present: tuple[int, ...]
    kept: frozenset[int] = frozenset()
    longest: int = 0
    drawn: Mapping[int, list[object]] = field(default_factory=dict)


def evenly(rows: int, most: int) -> str:
    """Return the condition of a query for at most `most` of so many rows, all if there are no more.

    They stand in groups at places that are evenly spread over the whole table.
    """
    if rows <= most:
        return "true"
    groups = min(GROUPS, most)
    step = -(-rows // groups)
    return f"rowid % {step} < {most // groups}"


def count_rows(
    connection: DuckDBPyConnection,
    columns: Sequence[Column],
    texts: Mapping[int, str] | None = None,
) -> Counted:
    """Count the rows, the duplicate ones and the cells, and digest the rows whatever their order.

    `texts` are given where the rows lie in their file: the columns of texts, each with a condition
    of which is asked whether any cell keeps it.

    The digest is the SHA-256 of the number of rows and the sum, modulo 2^128, of the MD5s of
    their keys.  A key has its cells one after the other: a byte of 2 for a missing cell, else a
    byte of 1, then an integer or an instant in microseconds as eight bytes, the highest first,
    the sign turned; a float by its IEEE 754 bits, the sign turned, all of them turned in a
    negative one; a truth as a byte; a text in UTF-8, every byte one higher, and a zero.  The
    empty text ends the key.  So no cell can pretend to end where it does not, or to be missing.

    It recognises a shuffled copy; it is no proof against someone who makes rows to collide,
    for which there is the digest of the bytes.
    """
    ((rows,),) = connection.execute("SELECT count(*) FROM cells").fetchall()
    # The engine sorts by this key, and makes it of a row in a fifth of the time that texts take.
    # With a text in it the key is one of bytes, however few and narrow the columns are.
    cells = (*(f"c{i}" for i in range(len(columns))), "''")
    ordered = ", ".join(f"{cell}, 'ASC NULLS LAST'" for cell in cells)
    key = f"md5_number(create_sort_key({ordered})) AS h"
    if rows <= KEYS_AT_ONCE:
        keys, seen = _while_read(connection, key, len(columns), texts or {})
    else:
        keys, seen = _from_table(connection, key, (rows, columns), texts)
    distinct, low, high = keys
    total = ((int(high or 0) << 64) + int(low or 0)) % 2**128
    digest = hashlib.sha256(f"{rows}:{total:032x}".encode()).hexdigest()
    return Counted(rows, rows - distinct, digest, seen.present, seen.kept, seen.longest, seen.drawn)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was seen beside the keys; see `Counted`."""

    present: tuple[int, ...]
    kept: frozenset[int] = frozenset()
    longest: int = 0
    drawn: Mapping[int, list[object]] = field(default_factory=dict)


def _while_read(
    connection: DuckDBPyConnection, key: str, width: int, texts: Mapping[int, str]
) -> tuple[Sequence[Any], _Seen]:
    asked = [f"count(c{i})" for i in range(width)]
    asked += [f"coalesce(bool_or({condition}), false)" for condition in texts.values()]
    asked += [f"max(strlen(c{i}))" for i in texts]
    found = aggregated(connection, [*_KEYS, *asked], f"(SELECT *, {key} FROM cells)")
    keys, present, rest = found[:3], found[3 : 3 + width], found[3 + width :]
    kept = frozenset(i for i, hit in zip(texts, rest, strict=False) if hit)
    longest = max(filter(None, rest[len(texts) :]), default=0)
    return keys, _Seen(present, kept, longest)


def _from_table(
    connection: DuckDBPyConnection,
    key: str,
    shape: tuple[int, Sequence[Column]],
    texts: Mapping[int, str] | None,
) -> tuple[Sequence[Any], _Seen]:
    """Tell keys apart in a table of their own: beside what reading takes there is no room.

    Where rows lie in their file it has besides what was seen of each of them.
    """
    rows, told = shape
    width = len(told)
    columns = [key]
    missing, kept = _Bits("m", [f"c{i} IS NULL" for i in range(width)]), _Bits("k", [])
    drawn: list[int] = []
    if texts is not None:
        kept = _Bits("k", list(texts.values()))
        columns += [*missing.columns(), *kept.columns()]
        drawn = [i for i, each in enumerate(told) if each.type in _READ_BACK]
        drawn = drawn if len(drawn) <= DRAWN_MAX else []
    if texts:
        columns.append(f"greatest({', '.join(f'strlen(c{i})' for i in texts)}, 0) AS longest")
    if drawn:
        # As texts, since a list holds cells of one type, and two lists hold a place for every row.
        some = ", ".join(f"CAST(c{i} AS VARCHAR)" for i in drawn)
        columns.append(f"CASE WHEN {evenly(rows, SAMPLED)} THEN [{some}] END AS drawn")
    # Of a table in memory the engine keeps some for each column of a row group, however it spills.
    lasting = "" if rows > KEYS_IN_PART else "TEMP "
    connection.execute(
        f"CREATE {lasting}TABLE keys AS SELECT {', '.join(columns)} FROM cells"
    ).fetchall()
    keys = _keys_apart(connection, rows)
    if texts is None:
        seen = _Seen(_present(connection, width))
    else:
        lost = missing.counted(connection)
        cells: list[tuple[list[Any]]] = []
        if drawn:
            cells = connection.execute(
                "SELECT drawn FROM keys WHERE drawn IS NOT NULL ORDER BY rowid"
            ).fetchall()
        seen = _Seen(
            tuple(rows - lost.get(i, 0) for i in range(width)),
            frozenset(list(texts)[at] for at in kept.any(connection)),
            connection.execute("SELECT max(longest) FROM keys").fetchall()[0][0] if texts else 0,
            {
                i: [
                    None if row[at] is None else _READ_BACK[told[i].type](row[at])
                    for (row,) in cells
                ]
                for at, i in enumerate(drawn)
            },
        )
    connection.execute("DROP TABLE keys").fetchall()
    return keys, seen


def _keys_apart(connection: DuckDBPyConnection, rows: int) -> tuple[int, int | None, int | None]:
    """Return how many keys there are, and the sums of both their halves.

    Keys end in bits that nothing foretells, by which they are told apart a part at a time.
    """
    sums = aggregated(connection, _SUMS, "keys")
    parts = 1 << max(0, (rows - 1) // KEYS_IN_PART).bit_length()
    distinct = 0
    for part in range(parts):
        of_part = "" if parts == 1 else f" WHERE h & {parts - 1} = {part}"
        ((some,),) = connection.execute(f"SELECT count(DISTINCT h) FROM keys{of_part}").fetchall()
        distinct += some
    return distinct, *sums


def _present(connection: DuckDBPyConnection, width: int) -> tuple[int, ...]:
    return aggregated(connection, [f"count(c{i})" for i in range(width)])


@dataclass(frozen=True, slots=True)
class _Bits:
    """Columns of `keys` in which each row has a bit for every condition that it keeps.

    A row that keeps none, as most do, has nothing there.
    """

    name: str
    conditions: Sequence[str]

    def _parts(self) -> Iterator[tuple[str, int, Sequence[str]]]:
        for first in range(0, len(self.conditions), _BITS):
            yield f"{self.name}{first}", first, self.conditions[first : first + _BITS]

    def columns(self) -> Iterator[str]:
        """Yield the columns, each with its name."""
        for name, _, some in self._parts():
            each = " | ".join(
                f"CASE WHEN {condition} THEN {1 << bit}::BIGINT ELSE 0::BIGINT END"
                for bit, condition in enumerate(some)
            )
            yield f"CASE WHEN {' OR '.join(f'({one})' for one in some)} THEN {each} END AS {name}"

    def any(self, connection: DuckDBPyConnection) -> list[int]:
        """Return which conditions any row keeps, by their places."""
        parts = list(self._parts())
        if not parts:
            return []
        asked = ", ".join(f"coalesce(bit_or({name}), 0)" for name, _, _ in parts)
        (found,) = connection.execute(f"SELECT {asked} FROM keys").fetchall()
        return [
            first + bit
            for (_, first, some), bits in zip(parts, found, strict=True)
            for bit in range(len(some))
            if bits >> bit & 1
        ]

    def counted(self, connection: DuckDBPyConnection) -> dict[int, int]:
        """Return how many rows keep each condition that any keeps."""
        kept = self.any(connection)
        if not kept:
            return {}
        asked = ", ".join(
            f"count(*) FILTER (WHERE {self.name}{at - at % _BITS} & {1 << at % _BITS} <> 0)"
            for at in kept
        )
        (found,) = connection.execute(f"SELECT {asked} FROM keys").fetchall()
        return dict(zip(kept, found, strict=True))
