"""Statements in a driver's own words: put together once in a process, run on its own cursor.

Through Core a row costs several times what the driver itself takes, through the ORM some twenty
times.  What a statement says is still Core's, one for SQLite and for PostgreSQL; errors are
SQLAlchemy's, and whoever listens to an engine's statements hears these as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, Final, Self

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Asked = Mapping[str, Any]
_NOTHING: Final[Asked] = {}


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A statement as one driver takes it.

    `order` are the names of what is asked in the order of their marks, None where the driver takes
    them by name; `fixed` is what the statement itself holds.  `binders` and `readers` turn values
    into the driver's and back, where their types need it.
    """

    text: str
    order: Sequence[str] | None
    fixed: Asked
    binders: Mapping[str, Callable[[Any], Any]]
    readers: Sequence[tuple[int, Callable[[Any], Any]]]

    @classmethod
    def of(cls, clause: Any, asked: Sequence[str], dialect: Dialect) -> Self:  # noqa: ANN401
        compiled = clause.compile(dialect=dialect, column_keys=asked)
        binders = {
            name: binder
            for bind, name in compiled.bind_names.items()
            if (binder := bind.type.dialect_impl(dialect).bind_processor(dialect))
        }
        readers = [
            (nth, reader)
            for nth, column in enumerate(getattr(clause, "exported_columns", ()))
            if (reader := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]
        return cls(
            text=str(compiled),
            order=compiled.positiontup,
            fixed={name: held for name, held in compiled.params.items() if name not in asked},
            binders=binders,
            readers=readers,
        )

    def bound(self, asked: Asked) -> Any:  # noqa: ANN401 - what the driver takes
        if self.fixed:
            asked = {**self.fixed, **asked}
        if self.binders:
            asked = {**asked, **{n: binder(asked[n]) for n, binder in self.binders.items()}}
        return asked if self.order is None else [asked[name] for name in self.order]

    def read(self, rows: list[Any]) -> list[Any]:
        if not self.readers:
            return rows
        return [self._read(row) for row in rows]

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for nth, reader in self.readers:
            values[nth] = reader(values[nth])
        return tuple(values)


class Statement:
    """A statement of Core, to be run often: a constant of the module that runs it.

    What is asked is given by name.  Raises SQLAlchemy's errors.
    """

    __slots__ = ("_clause", "_spoken")

    def __init__(self, clause: Any) -> None:  # noqa: ANN401 - any statement
        self._clause = clause
        self._spoken: dict[tuple[str, ...], _Spoken] = {}

    def rows(self, connection: Connection, asked: Asked = _NOTHING) -> list[Any]:
        """Return the rows there are, each a tuple of its columns."""
        if connection.dispatch.before_cursor_execute:  # somebody listens
            return [tuple(row) for row in connection.execute(self._clause, asked)]
        spoken = self._as_asked(connection, asked)
        cursor = _run(connection, spoken.text, spoken.bound(asked))
        return spoken.read(cursor.fetchall())

    def value(self, connection: Connection, asked: Asked = _NOTHING) -> Any:  # noqa: ANN401
        """Return the first column of the first row, None where there is no row."""
        rows = self.rows(connection, asked)
        return rows[0][0] if rows else None

    def change(self, connection: Connection, asked: Asked = _NOTHING) -> int:
        """Change rows, and return how many there were."""
        if connection.dispatch.before_cursor_execute:
            return connection.execute(self._clause, asked).rowcount
        spoken = self._as_asked(connection, asked)
        count: int = _run(connection, spoken.text, spoken.bound(asked)).rowcount
        return count

    def change_each(self, connection: Connection, asked: Sequence[Asked]) -> int:
        """Change rows for each of what is asked, at least one; return how many rows there were."""
        if connection.dispatch.before_cursor_execute:
            return connection.execute(self._clause, asked).rowcount
        spoken = self._as_asked(connection, asked[0])
        bound = [spoken.bound(each) for each in asked]
        count: int = _run(connection, spoken.text, bound, many=True).rowcount
        return count

    def _as_asked(self, connection: Connection, asked: Asked) -> _Spoken:
        key = (connection.dialect.name, *asked)
        spoken = self._spoken.get(key)
        if spoken is None:
            spoken = _Spoken.of(self._clause, tuple(asked), connection.dialect)
            self._spoken[key] = spoken
        return spoken


_BLOCK: Final = 256  # rows of one statement: always as many, so that the driver keeps one text


def insert_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    end: str = "",
) -> None:
    """Insert rows into a table of SQLite, many by one statement; `end` is what follows them.

    A statement a row costs more, and waits for the interpreter each time where other threads are at
    work.  Where a row is refused, those before it stay, and whoever inserts undoes the transaction.
    To undo the statement alone, SQLite first writes every page that it changes into a journal, as
    it does nevertheless where the table refers to others.
    """
    row = f"({', '.join('?' * len(columns))})"
    head = f"INSERT OR FAIL INTO {table} ({', '.join(columns)}) VALUES "  # noqa: S608 - constants
    whole = len(rows) - len(rows) % _BLOCK
    words = f"{head}{', '.join([row] * _BLOCK)}{end}"
    heard = connection.dispatch.before_cursor_execute
    run = connection.exec_driver_sql if heard else partial(_run, connection, many=True)
    for start in range(0, whole, _BLOCK):
        run(words, [tuple(chain.from_iterable(rows[start : start + _BLOCK]))])
    if whole < len(rows):
        run(f"{head}{row}{end}", list(rows[whole:]))


def _run(connection: Connection, text: str, bound: Any, *, many: bool = False) -> Any:  # noqa: ANN401
    """Run a statement on the driver's own cursor, which nobody who listens to the engine hears."""
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(text, bound)
    except connection.dialect.loaded_dbapi.Error as error:
        kind = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(text, bound, error, kind, dialect=connection.dialect) from error
    return cursor
