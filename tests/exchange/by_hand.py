"""Rows of a store that are read and changed behind the exchange's back, over either store.

`change` meets what guards the tables: triggers, constraints.  `forge` sets all of it aside, as
whoever owns the database may, and puts it back but for the constraints of PostgreSQL's tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, text

from tests.exchange.floor import Hall

_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
_CHECKS = (
    "SELECT conrelid::regclass, conname FROM pg_constraint "
    "WHERE contype = 'c' AND connamespace = current_schema()::regnamespace"
)


def rows(hall: Hall, query: str, **values: object) -> list[tuple[Any, ...]]:
    """Return what a query finds in the store."""
    with _engine(hall).begin() as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def change(hall: Hall, *statements: str, **values: object) -> None:
    """Change the store by statements each of which must change something."""
    with _engine(hall).begin() as connection:
        _run(connection, statements, values)


def forge(hall: Hall, *statements: str, **values: object) -> None:
    """Change the store so with nothing that guards its tables."""
    engine = _engine(hall)
    open_to_all = _open_sqlite if engine.dialect.name == "sqlite" else _open_postgresql
    with open_to_all(engine) as connection:
        _run(connection, statements, values)


def _engine(hall: Hall) -> Engine:
    engine: Engine = hall.venue._engine(writing=True)
    return engine


def _run(connection: Connection, statements: Sequence[str], values: dict[str, object]) -> None:
    for statement in statements:
        assert connection.execute(text(statement), values).rowcount > 0, statement


@contextmanager
def _open_sqlite(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA ignore_check_constraints=ON")
        driver.execute("PRAGMA foreign_keys=OFF")  # within a transaction it does nothing
        with connection.begin():
            triggers = connection.exec_driver_sql(_TRIGGERS).all()
            for name, _ in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _, made in triggers:
                connection.exec_driver_sql(made)
        connection.invalidate()  # its next user gets one that checks


@contextmanager
def _open_postgresql(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        # No trigger runs, and those that hold foreign keys are triggers as well.
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table, check in connection.exec_driver_sql(_CHECKS).all():
            connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {check}")
        yield connection
