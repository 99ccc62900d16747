"""Engines for SQLite: one that writes and one that only reads.

Writers begin with ``BEGIN IMMEDIATE`` and so queue instead of colliding: with a deferred BEGIN,
six threads appending to one chain lost a quarter of their appends.  `synchronous=FULL` keeps
an acknowledged commit through a power cut, which a signed checkpoint relies on.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

BUSY_MS = 30_000  # how long a writer queues behind others before it gives up


def open_engine(path: Path, *, writing: bool) -> Engine:
    """Open an engine over a SQLite file; the reading one cannot change anything."""
    if writing:  # names and private records are in it; its journals take over the mode
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _: Any) -> None:  # noqa: ANN401 - the driver's own object
        connection.isolation_level = None  # SQLAlchemy's begin event below sends BEGIN itself
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if not writing:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
