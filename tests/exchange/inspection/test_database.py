"""A scratch database reaches one folder, and what one file leaves is not there for the next."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from exchange.errors import ExchangeError, Unreadable
from exchange.inspection import database, inspect
from exchange.inspection.database import incoming
from tests.exchange.inspection.conftest import READERS


@pytest.fixture(name="file")
def a_small_file(tmp_path: Path) -> Path:
    path = tmp_path / "data.csv"
    path.write_text("a,b\n1,x\n2,y\n")
    return path


def test_the_next_file_finds_an_engine_and_nothing_in_it(file: Path) -> None:
    with incoming(file) as (intake, opened), opened() as connection:
        folder = intake.scratch
        connection.execute("CREATE TABLE cells AS SELECT 1 AS secret")
        connection.execute("CREATE TEMP TABLE aside AS SELECT 2 AS secret")
        connection.execute("PREPARE kept AS SELECT 3")
    assert not folder.exists()
    with incoming(file) as (intake, opened), opened() as connection:
        assert intake.scratch == folder
        assert [each.name for each in folder.iterdir()] == ["incoming"]
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)
        with pytest.raises(duckdb.Error):
            connection.execute("EXECUTE kept")


@pytest.mark.parametrize("lent", [True, False])
def test_nothing_but_the_file_is_reached(file: Path, tmp_path: Path, lent: bool) -> None:  # noqa: FBT001 - a parameter of the test
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n")
    scratch = None if lent else tmp_path
    with incoming(file, scratch=scratch) as (intake, opened), opened() as connection:
        read = connection.execute(f"FROM read_csv('{intake.linked}')").fetchall()
        assert read == [(1, "x"), (2, "y")]
        for forbidden in (
            f"FROM read_csv('{other}')",
            f"ATTACH '{tmp_path / 'new.db'}' AS n",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            "SET memory_limit = '1GB'",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(forbidden)


def test_an_engine_that_failed_is_not_lent_again(file: Path) -> None:
    def turn(error: Exception | None) -> Path:
        with incoming(file) as (intake, opened), opened() as connection:
            if error is not None:
                raise error
            connection.execute("SELECT 1")
            return intake.scratch

    first = turn(None)
    with pytest.raises(Unreadable):
        turn(Unreadable("a refusal says nothing of the engine"))
    assert turn(None) == first
    for fault in (duckdb.InternalException("broken"), RuntimeError("who knows"), _of(MemoryError)):
        with pytest.raises(type(fault)):
            turn(fault)
        then = turn(None)
        assert then != first
        first = then


def _of(cause: type[Exception]) -> ExchangeError:
    error = ExchangeError("the engine failed")
    error.__cause__ = duckdb.OutOfMemoryException("no memory")
    error.__cause__.__cause__ = cause()
    return error


def test_a_folder_that_somebody_made_is_not_used(file: Path) -> None:
    with incoming(file) as (intake, _):
        folder = intake.scratch
    folder.mkdir()
    with incoming(file) as (intake, _):
        assert intake.scratch != folder
    folder.rmdir()


def test_a_forked_process_leaves_the_engines_to_the_other(file: Path) -> None:
    inspect(file, readers=READERS)
    idle = database._Idle(list(database._idle.engines))
    (engine, *_) = idle.engines
    idle.forgotten()
    assert not idle.engines
    assert engine.connection.execute("SELECT 1").fetchone() == (1,)  # not closed


def test_idle_engines_are_few(file: Path) -> None:
    with incoming(file), incoming(file), incoming(file):
        pass
    assert len(database._idle.engines) == database.IDLE_MAX
