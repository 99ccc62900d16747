"""Rows of one table as domain objects: what every book of the store does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, col, select

from exchange.errors import NotFound
from exchange.store.rows import EntryRow

Domain = TypeVar("Domain")


def add_unless_there(session: Session, row: SQLModel) -> bool:
    """Insert a row, or return False where there is one with its key.

    Where another transaction is inserting that key, this waits for how that ends.
    """
    connection = session.connection()
    table: Any = SQLModel.metadata.tables[str(row.__tablename__)]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**row.model_dump()).on_conflict_do_nothing()
    return connection.execute(statement).rowcount == 1


class Book(Generic[Domain]):
    """Rows of one table, as domain objects.

    `row` is the table's class, with `of` that gives the columns of a domain object and
    `to_domain` that rebuilds one; `word` is what an error calls it.
    """

    row: type[Any]
    word: str
    order: str = ""  # the column, else the order of the newest entries

    def __init__(self, session: Session) -> None:
        self._session = session
        self._read: list[Any] = []

    def _found(self, row: Any) -> Domain:  # noqa: ANN401 - a row of the book's table
        # Kept until the transaction ends, so that `put` writes over the version that was read.
        self._read.append(row)
        found: Domain = row.to_domain()
        return found

    def get(self, key: str, /) -> Domain:
        """Return by key, or raise `NotFound`."""
        row = self._session.get(self.row, key)
        if row is None:
            raise NotFound(f"there is no {self.word} {key}")
        return self._found(row)

    def put(self, value: Domain, /) -> None:
        """Add or replace."""
        columns = self.row.of(value)
        key = next(column.name for column in self.row.__table__.primary_key)
        row = self._session.get(self.row, columns[key])
        if row is None:
            self._session.add(self.row(**columns))
        else:
            for name, column in columns.items():
                setattr(row, name, column)
        self._session.flush()

    def all(self) -> Sequence[Domain]:
        """Return all, in the book's order."""
        query = select(self.row)
        if self.order:
            query = query.order_by(getattr(self.row, self.order))
        else:
            query = query.join(EntryRow, col(EntryRow.leaf) == self.row.head)
            query = query.order_by(col(EntryRow.id))
        rows = self._session.exec(query).all()
        return [self._found(row) for row in rows]
