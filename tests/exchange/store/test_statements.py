"""Statements in the driver's own words say what they say through Core."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError

from exchange.store.engine import open_engine
from exchange.store.statements import _BLOCK, Statement, insert_rows

LOTS = Table(
    "lot",
    MetaData(),
    Column("name", String, primary_key=True),
    Column("minor", BigInteger, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
ADD = Statement(insert(LOTS))
ADD_AND_SAY = Statement(insert(LOTS).returning(LOTS.c.minor))
ALL = Statement(select(LOTS).order_by(LOTS.c.name))
DEAR = Statement(select(LOTS.c.name).where(LOTS.c.minor > 10, LOTS.c.public == bindparam("open")))
RAISE = Statement(
    update(LOTS).where(LOTS.c.name == bindparam("of")).values(minor=LOTS.c.minor + bindparam("by"))
)
TIDE = {"name": "tide", "minor": 12, "public": True, "data": b"\x00%"}
WIND = {"name": "wind", "minor": 3, "public": False, "data": b""}


@pytest.fixture(params=["sqlite", "sqlite, listened to"])
def connection(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    engine = open_engine(tmp_path / "store", writing=True)
    heard: list[str] = []
    if request.param != "sqlite":
        event.listen(engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with engine.begin() as opened:
        LOTS.metadata.create_all(opened)
        yield opened
    assert any("INTO lot" in each for each in heard) == (request.param != "sqlite")
    engine.dispose()


def test_rows_come_back_as_they_were_given(connection: Connection) -> None:
    assert ADD.change_each(connection, [WIND, TIDE]) == 2
    assert ALL.rows(connection) == [tuple(TIDE.values()), tuple(WIND.values())]
    assert DEAR.rows(connection, {"open": True}) == [("tide",)]
    assert DEAR.value(connection, {"open": False}) is None


def test_changing_says_how_many_rows_there_were(connection: Connection) -> None:
    assert ADD.change(connection, TIDE) == 1
    assert RAISE.change(connection, {"of": "tide", "by": 5}) == 1
    assert RAISE.change(connection, {"of": "swell", "by": 5}) == 0
    assert ADD_AND_SAY.value(connection, WIND) == 3
    assert [row[1] for row in ALL.rows(connection)] == [17, 3]


def test_what_the_driver_refuses_is_an_error_of_sqlalchemy(connection: Connection) -> None:
    ADD.change(connection, TIDE)
    with pytest.raises(IntegrityError, match=r"lot\.name"):
        ADD.change(connection, TIDE)
    LOTS.drop(connection)
    with pytest.raises(OperationalError, match="no such table"):
        ALL.rows(connection)


MANY = [(f"{n:04d}", n, True, b"x") for n in range(2 * _BLOCK + 3)]


def test_many_rows_are_inserted_in_their_order(connection: Connection) -> None:
    insert_rows(connection, "lot", tuple(LOTS.c.keys()), MANY)
    assert ALL.rows(connection) == MANY
    insert_rows(connection, "lot", tuple(LOTS.c.keys()), MANY, " ON CONFLICT (name) DO NOTHING")
    assert ALL.rows(connection) == MANY


@pytest.mark.parametrize("at", [1, _BLOCK, len(MANY) - 1])
def test_a_row_that_is_refused_is_an_error_and_the_transaction_is_undone(
    tmp_path: Path, at: int
) -> None:
    engine = open_engine(tmp_path / "store", writing=True)
    LOTS.metadata.create_all(engine)
    rows = [*MANY[:at], MANY[0], *MANY[at:]]
    with pytest.raises(IntegrityError, match=r"lot\.name"), engine.begin() as connection:
        insert_rows(connection, "lot", tuple(LOTS.c.keys()), rows)
    with engine.begin() as connection:
        assert ALL.rows(connection) == []
    engine.dispose()
