"""Engines for SQLite and PostgreSQL: one that writes and one that only reads.

SQLite: writers begin with ``BEGIN IMMEDIATE`` and so queue instead of colliding; with a deferred
BEGIN, six threads appending to one chain lost a quarter of their appends.  `synchronous=FULL`
keeps an acknowledged commit through a power cut, which a signed checkpoint relies on.

PostgreSQL: writers are READ COMMITTED, so that whoever waited for a lock reads what the other
has committed; readers see one snapshot.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

from exchange.errors import BadField, ExchangeError

_OPENING = 0x67756170_61690002  # the key of a lock; subjects' are hashes
BUSY_MS = 30_000  # how long a writer queues behind others before it gives up
CACHE_KIB = 32_768  # of a connection to SQLite; with 2 MiB a bulk append writes index pages twice
WIDE_KIB = 1_572_864  # the same, of who writes a store that need not last: most of its indexes fit


def open_engine(database: Path | str, *, writing: bool, lasting: bool = True) -> Engine:
    """Open an engine over a SQLite file or the URL of a PostgreSQL database.

    The reading one cannot change anything.  What is not `lasting` may be lost with the machine's
    power, though not with the process: of a SQLite file alone.
    """
    if isinstance(database, Path):
        return _open_sqlite(database, writing=writing, lasting=lasting)
    return _open_postgresql(database, writing=writing)


def _open_sqlite(path: Path, *, writing: bool, lasting: bool) -> Engine:
    if writing:  # names and private records are in it; its journals take over the mode
        # To close a file that is there would give up every lock that this process has on it
        # (POSIX), and the next to leave would take away the log of what it wrote.
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:  # noqa: ANN401 - the driver's own object
        connection.isolation_level = None  # SQLAlchemy's begin event below sends BEGIN itself
        cursor = connection.cursor()
        cursor.execute("PRAGMA page_size=8192")  # of a new store; entries of 1 kB fill it better
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if lasting else 'OFF'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA cache_size=-{WIDE_KIB if writing and not lasting else CACHE_KIB}")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if not writing:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _open_postgresql(database: str, *, writing: bool) -> Engine:
    try:
        url = make_url(database)
        if url.get_backend_name() != "postgresql" or url.password is not None:
            raise BadField("database", "postgresql://user@host/name, without a password: see docs")
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            isolation_level="READ COMMITTED" if writing else "REPEATABLE READ",
            pool_pre_ping=True,
            pool_size=16,
            max_overflow=48,
            connect_args={
                "options": f"-c lock_timeout={BUSY_MS} -c synchronous_commit=on "
                f"-c default_transaction_read_only={'off' if writing else 'on'}"
            },
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadField("database", f"cannot be opened: {error}") from error


def watch(engine: Engine, before: Callable[[], None]) -> None:
    """Call `before` ahead of every statement and every commit; what it raises stops them."""

    @event.listens_for(engine, "before_cursor_execute")
    def _statement(*_: Any) -> None:  # noqa: ANN401 - what the statement is does not matter
        before()

    @event.listens_for(engine, "commit")
    def _commit(_: Connection) -> None:
        before()


def forget(engine: Engine) -> None:
    """Let SQLite's log of changes go, which still has the pages as they were before an erasure.

    Where a reader holds it, or the disk fails, that happens when SQLite next starts it anew: what
    was erased is committed all the same.  PostgreSQL forgets by VACUUM: see docs/erasure.md.
    """
    if engine.dialect.name == "sqlite":
        connection = engine.raw_connection()
        try:
            with suppress(sqlite3.Error):
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        finally:
            connection.close()


@contextmanager
def opening(engine: Engine) -> Iterator[None]:
    """Let nobody else open an exchange in the database meanwhile, or raise `BadField`."""
    if engine.dialect.name != "postgresql":
        yield  # the folder's own mark does it
        return
    try:
        connection = engine.connect()
    except OperationalError as error:
        raise ExchangeError(f"the database does not answer: {error.orig}") from error
    with connection:
        if not connection.execute(text(f"SELECT pg_try_advisory_lock({_OPENING})")).scalar():
            raise BadField("database", "another exchange is being opened in it")
        try:
            yield
        finally:  # the connection goes back to its pool, and would take the lock with it
            connection.execute(text(f"SELECT pg_advisory_unlock({_OPENING})"))


def require_empty(engine: Engine) -> None:
    """Raise `ExchangeError` unless the database answers and has no tables of its own."""
    names = "SELECT count(*) FROM pg_tables WHERE schemaname = current_schema()"
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql" and connection.execute(text(names)).scalar():
                raise BadField("database", "has tables already: an exchange opens in an empty one")
    except OperationalError as error:
        raise ExchangeError(f"the database does not answer: {error.orig}") from error
