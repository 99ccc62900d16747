"""The scratch database that rows are loaded into, and how little of the machine it reaches.

A database reaches one folder of scratch and nothing else: no network, no extension, no other
file; its configuration is locked before a byte of a file is read.  A large file has a database of
its own.  Small files have an engine lent, since to start one costs more than to read them.  What
one file leaves is not there for the next: each has a session and a database in memory of its own,
gone when it is given back, and in the folder, made anew each time, stands a copy of it alone.  An
engine that anything went wrong in is not lent again.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final

import duckdb
from duckdb import DuckDBPyConnection

from exchange.errors import ExchangeError
from exchange.inspection.intake import Intake, Limits, Progress

MEMORY: Final = "170MB"  # beyond it the engine spills into scratch
SMALL: Final = 1 << 20  # bytes; a copy of such a file costs nothing
# Bytes of a file whose rows are not written to scratch at once, which is a third of loading them.
# Rows that do not fit are written again whenever they have been read, so that more are not kept.
KEPT_IN_MEMORY: Final = 64 << 20
IDLE_MAX: Final = 2  # engines kept for the next file; what an idle one holds is a megabyte

Opening = Callable[[], AbstractContextManager[DuckDBPyConnection]]

_turns = count()


@contextmanager
def incoming(
    path: Path,
    *,
    scratch: Path | None = None,
    name: str | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Iterator[tuple[Intake, Opening]]:
    """Take a file in, and yield it with what opens the database for it.

    `scratch` is where a folder for temporary files is made, removed at the end.  An engine is
    lent where neither that nor `limits` are asked for.
    """
    if scratch is None and limits is None and _is_small(path):
        with (
            _lent() as engine,
            Intake(path, scratch=engine.folder, name=name, progress=progress, copied=True) as file,
        ):
            yield file, engine.session
        return
    with tempfile.TemporaryDirectory(dir=scratch, prefix="inspection-") as folder:
        place = Path(folder)
        with Intake(path, scratch=place, name=name, limits=limits, progress=progress) as file:
            yield file, partial(opened, place, file)


def opened(scratch: Path, intake: Intake) -> DuckDBPyConnection:
    """Open an empty database that reaches `scratch` and the file itself, and nothing else.

    Rows of a file that is not large stay in memory as long as they fit.
    """
    return _started(
        str(scratch / "inspection.duckdb") if intake.bytes > KEPT_IN_MEMORY else ":memory:",
        scratch,
        threads=2,
        limits=intake.limits,
        target=intake.linked.resolve(),  # where the link in scratch leads
    )


@contextmanager
def beside(connection: DuckDBPyConnection) -> Iterator[DuckDBPyConnection]:
    """Open another empty database in memory, in the engine of this one and as confined as it."""
    session, name = connection.cursor(), f"turn{next(_turns)}"
    session.execute(f"ATTACH ':memory:' AS {name}").fetchall()
    session.execute(f"USE {name}").fetchall()
    try:
        yield session
    finally:
        # On a session of its own, since a failed one may take nothing more.
        session.close()
        with connection.cursor() as last:
            last.execute(f"DETACH {name}").fetchall()


def _started(
    place: str, scratch: Path, *, threads: int, limits: Limits, target: Path | None = None
) -> DuckDBPyConnection:
    connection = duckdb.connect(
        place,
        config={
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "memory_limit": MEMORY,
            "temp_directory": str(scratch / "spill"),
            "max_temp_directory_size": f"{limits.expanded >> 20}MiB",
            "threads": str(threads),
        },
    )
    allowed = "" if target is None else f"'{_quoted(target)}'"
    for setting in (
        "GLOBAL TimeZone = 'UTC'",
        f"allowed_directories = ['{_quoted(scratch)}']",
        f"allowed_paths = [{allowed}]",
        "allocator_flush_threshold = '8MB'",
        # Choosing how to compress each column costs twice what writing it as it is does.
        "force_compression = 'uncompressed'",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        connection.execute(f"SET {setting}").fetchall()
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


@dataclass(frozen=True, slots=True)
class _Engine:
    """An engine of one thread, and the folder that is all it reaches, there while it is lent."""

    connection: DuckDBPyConnection
    folder: Path

    @classmethod
    def started(cls) -> _Engine:
        folder = Path(tempfile.mkdtemp(prefix="inspection-"))
        folder.rmdir()
        return cls(_started(":memory:", folder, threads=1, limits=Limits()), folder)

    def session(self) -> AbstractContextManager[DuckDBPyConnection]:
        return beside(self.connection)


@dataclass(slots=True)
class _Idle:
    """The engines that wait for a file, each lent to one at a time."""

    engines: list[_Engine] = field(default_factory=list)

    def forgotten(self) -> None:
        """Leave the engines of the process that this one was forked from to that one."""
        _inherited.append(self.engines)  # to close them could wait for threads that are not here
        self.engines = []


_idle: Final = _Idle()
_inherited: Final[list[list[_Engine]]] = []
os.register_at_fork(after_in_child=_idle.forgotten)


@contextmanager
def _lent() -> Iterator[_Engine]:
    engine = _taken()
    sound = False
    try:
        yield engine
        sound = not (engine.folder / "spill").exists()  # it would look for what is removed here
    except ExchangeError as error:
        sound = not _of_engine(error)
        raise
    finally:
        shutil.rmtree(engine.folder)
        if sound and len(_idle.engines) < IDLE_MAX:
            _idle.engines.append(engine)
        else:
            engine.connection.close()


def _taken() -> _Engine:
    """Return an engine whose folder has just been made for it, and was not there."""
    while True:
        try:
            engine = _idle.engines.pop()
        except IndexError:
            engine = _Engine.started()
        try:
            engine.folder.mkdir(mode=0o700)
        except FileExistsError:  # whoever made it may look into it
            engine.connection.close()
        else:
            return engine


def _of_engine(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, duckdb.Error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _is_small(path: Path) -> bool:
    try:
        return path.lstat().st_size <= SMALL
    except (OSError, ValueError):  # which the intake says in its own words
        return False
