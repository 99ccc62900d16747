"""Rows of one table as domain objects: what every book of the store does.

Through the ORM a row costs some twenty times as much: see `exchange.store.statements`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any, Final, Generic, Self, TypeVar, cast

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from exchange.errors import NotFound, Stale
from exchange.store.rows import EntryRow
from exchange.store.statements import Statement

Domain = TypeVar("Domain")
_ENTRY: Final[Any] = SQLModel.metadata.tables[EntryRow.__tablename__]


def connection_of(session: Session) -> Connection:
    """Return the connection that a unit of work's session is over, without asking the session."""
    return cast("Connection", session.bind)


def add_unless_there(session: Session, row: SQLModel) -> bool:
    """Insert a row, or return False where there is one with its key.

    Where another transaction is inserting that key, this waits for how that ends.
    """
    connection = connection_of(session)
    statement = insert_unless_there(row.__tablename__, connection.dialect.name)
    return statement.change(connection, row.model_dump()) == 1


@cache
def insert_unless_there(table: str, dialect: str) -> Statement:
    """Return what inserts a row of a table unless its key is there."""
    inserting = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = inserting(SQLModel.metadata.tables[table]).on_conflict_do_nothing()
    # Else Core says -1 over PostgreSQL.
    return Statement(statement.execution_options(preserve_rowcount=True))


@dataclass(frozen=True, slots=True)
class _Statements:
    """What a book says to its table: `key` and `seen` are what is asked for in it."""

    key: str
    at: int  # where the key stands in a row
    version_at: int | None
    defaults: dict[str, Any]  # of columns that the domain does not know
    one: Statement
    every: Statement
    insert: Statement
    update: Statement

    @classmethod
    def of(cls, row: type[Any], order: str) -> Self:
        table = row.__table__
        (key,) = table.primary_key
        versioned = row.__mapper__.version_id_col is not None
        every = select(table).order_by(table.c[order]) if order else _by_entry(table)
        changing = update(table).where(key == bindparam("_key"))
        if versioned:
            changing = changing.where(table.c.version == bindparam("_seen"))
        fields = row.model_fields.items()
        names = tuple(table.c.keys())
        return cls(
            key=key.name,
            at=names.index(key.name),
            version_at=names.index("version") if versioned else None,
            defaults={name: field.default for name, field in fields if not field.is_required()},
            one=Statement(select(table).where(key == bindparam("_key"))),
            every=Statement(every),
            insert=Statement(insert(table)),
            update=Statement(changing),
        )


def _by_entry(table: Any) -> Any:  # noqa: ANN401 - of tables and statements
    return select(table).join(_ENTRY, _ENTRY.c.leaf == table.c.head).order_by(_ENTRY.c.id)


_statements: Any = cache(_Statements.of)


def _rebuild(kind: Any, row: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a table's class
    """Return the domain object that a row of a table stands for."""
    return kind.to_domain(SimpleNamespace(**dict(zip(kind.__table__.c.keys(), row, strict=True))))


# The same row is always the same object, and an act asks for the same few.
_rebuilt: Any = lru_cache(maxsize=1_024)(_rebuild)


class Book(Generic[Domain]):
    """Rows of one table, as domain objects.

    `row` is the table's class, with `of` that gives the columns of a domain object and
    `to_domain` that rebuilds one; `word` is what an error calls it.  A row is read once in a
    transaction: `put` writes over what was read, and raises `Stale` where another has written
    since.
    """

    row: type[Any]
    word: str
    order: str = ""  # the column, else the order of the newest entries

    def __init__(self, session: Session) -> None:
        self._session = session
        self._statements: _Statements = _statements(self.row, self.order)
        self._known: dict[str, tuple[Domain, int]] = {}  # with the version that was read

    @property
    def _connection(self) -> Connection:
        return connection_of(self._session)

    def _found(self, row: Any) -> Domain:  # noqa: ANN401 - an object of the book's class
        key = getattr(row, self._statements.key)
        if key not in self._known:
            self._known[key] = self.row.to_domain(row), getattr(row, "version", 0)
        return self._known[key][0]

    def _all(self, query: Statement, **asked: Any) -> list[Domain]:  # noqa: ANN401 - values
        return [self._read(row) for row in query.rows(self._connection, asked)]

    def _read(self, row: tuple[Any, ...]) -> Domain:
        statements = self._statements
        key, version = row[statements.at], statements.version_at
        if key not in self._known:
            seen = 0 if version is None else row[version]
            self._known[key] = _rebuilt(self.row, row), seen
        return self._known[key][0]

    def _one(self, key: str) -> Domain | None:
        if key not in self._known:
            self._all(self._statements.one, _key=key)
        return self._known[key][0] if key in self._known else None

    def _forget(self) -> None:
        """Read rows anew, after a statement that has changed many of them."""
        self._known.clear()
        self._session.expire_all()

    def get(self, key: str, /) -> Domain:
        """Return by key, or raise `NotFound`."""
        found = self._one(key)
        if found is None:
            raise NotFound(f"there is no {self.word} {key}")
        return found

    def put(self, value: Domain, /) -> None:
        """Add or replace; raises `Stale` where the row has changed since it was read."""
        statements, columns = self._statements, self.row.of(value)
        key = columns[statements.key]
        known = self._one(key) is not None
        seen = self._known[key][1] if known else 0
        if statements.version_at is not None:
            columns = columns | {"version": seen + 1}
        if known:
            asked = {"_key": key} | ({"_seen": seen} if statements.version_at is not None else {})
            if statements.update.change(self._connection, columns | asked) != 1:
                raise Stale(f"{self.word} {key} has changed since it was read: read it again")
        else:
            statements.insert.change(self._connection, statements.defaults | columns)
        self._known[key] = value, seen + 1

    def all(self) -> Sequence[Domain]:
        """Return all, in the book's order."""
        return self._all(self._statements.every)
