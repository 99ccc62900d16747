"""The register's fingerprints are found by the keys that they share, however many are asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert, text
from sqlmodel import SQLModel

import exchange.store.rows  # noqa: F401 - its tables are what the others refer to
from exchange.store.fingerprints import FingerprintKeyRow, sharing_most

KEYS = SQLModel.metadata.tables[str(FingerprintKeyRow.__tablename__)]


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with engine.begin() as opened:
        held = [{"key": key, "fingerprint": of} for of in range(1, 9) for key in range(of * 10)]
        opened.execute(insert(KEYS), held)
        yield opened
    engine.dispose()


def test_those_that_share_the_most_come_first_and_of_equals_the_oldest(
    connection: Connection,
) -> None:
    found = connection.execute(sharing_most(range(15, 45), 4)).all()
    assert [tuple(each) for each in found] == [(5, 30), (6, 30), (7, 30), (8, 30)]
    found = connection.execute(sharing_most(range(25, 35), 6)).all()
    assert [tuple(each) for each in found] == [(4, 10), (5, 10), (6, 10), (7, 10), (8, 10), (3, 5)]


@pytest.mark.parametrize("count", [10, 3_000, 6_000])
def test_keys_are_looked_up_and_never_read_through(connection: Connection, count: int) -> None:
    asked = sharing_most(range(count), 50).compile(
        dialect=connection.dialect, compile_kwargs={"literal_binds": True}
    )
    plan = connection.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    steps = [each[3] for each in plan]
    assert any(step.startswith("SEARCH fingerprint_key USING PRIMARY KEY") for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)
