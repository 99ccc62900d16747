from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlmodel import SQLModel

import exchange.venue  # noqa: F401 - declares every table
from exchange.errors import Broken
from exchange.store import rows, schema
from exchange.store.engine import open_engine

TABLES = SQLModel.metadata.tables


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(tmp_path / "store.sqlite3", writing=True)
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("migrated") / "store.sqlite3"
    engine = open_engine(path, writing=True)
    schema.migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def store(migrated: Path, tmp_path: Path) -> Iterator[Engine]:
    opened = open_engine(Path(shutil.copy(migrated, tmp_path)), writing=True)
    yield opened
    opened.dispose()


def downgrade(engine: Engine, to: str) -> None:
    settings = schema.config()
    with engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, to)


def statements(engine: Engine) -> dict[str, list[str]]:
    """Return every table, index and trigger with the clauses of the statement that made it.

    A table that is altered by copying it has its foreign keys in any order.
    """
    query = text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
    with engine.connect() as connection:
        return {
            row.name: sorted(line.strip(" \t,") for line in row.sql.splitlines())
            for row in connection.execute(query)
        }


def widened(difference: Any) -> bool:
    """Whether a text column is but longer than in the file: SQLite looks at no length."""
    if not isinstance(difference, list):
        return False
    kind, _, _, _, _, before, after = difference[0]
    return kind == "modify_type" and bool(before.length < after.length)


def put_entry(engine: Engine, key: int = 1) -> None:
    digest = f"{key:064x}"
    with engine.begin() as connection:
        connection.execute(
            TABLES["ledger_entry"]
            .insert()
            .values(
                id=key,
                subject="exchange/x",
                version=key,
                kind="exchange.opened",
                act=bytes.fromhex(digest),
                leaf=digest,
                body=b"{}",
            )
        )


# Migrations.


def test_the_migrations_make_the_tables_of_the_program(store: Engine) -> None:
    with store.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        found = compare_metadata(context, SQLModel.metadata)
    assert [each for each in found if not widened(each)] == []


def checks(engine: Engine, table: str) -> dict[str | None, str]:
    found = inspect(engine).get_check_constraints(table)
    return {each["name"]: each["sqltext"] for each in found}


def test_the_migrations_make_the_checks_of_the_program(store: Engine) -> None:
    """Autogeneration compares no check constraints, so they are compared here."""
    fresh = create_engine("sqlite://")
    SQLModel.metadata.create_all(fresh)
    try:
        for table in TABLES:
            assert checks(store, table) == checks(fresh, table), table
    finally:
        fresh.dispose()


def test_head_is_the_newest_migration_and_the_only_one() -> None:
    scripts = ScriptDirectory.from_config(schema.config())
    assert scripts.get_heads() == [schema.HEAD]


def test_down_and_up_again_is_the_same_store(store: Engine) -> None:
    before = statements(store)
    downgrade(store, "base")
    assert set(statements(store)) <= {"alembic_version"}
    schema.migrate(store)
    assert statements(store) == before


def test_migrating_twice_changes_nothing(store: Engine) -> None:
    before = statements(store)
    put_entry(store)
    schema.migrate(store)
    assert statements(store) == before
    with store.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar() == 1


def test_a_store_of_another_schema_is_refused(engine: Engine) -> None:
    with pytest.raises(Broken, match="no schema"):
        schema.require_current(engine)
    schema.migrate(engine)
    schema.require_current(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(Broken, match="guapai migrate"):
        schema.require_current(engine)
    with pytest.raises(Broken, match=r"cannot be brought to schema .*'0000'"):
        schema.migrate(engine)


# What the store itself refuses.


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_entry SET body = x'00'",
        "UPDATE ledger_entry SET id = 7",
        "DELETE FROM ledger_entry",
        "DELETE FROM ledger_entry WHERE id = 1",
    ],
)
def test_an_entry_is_neither_changed_nor_removed(store: Engine, change: str) -> None:
    put_entry(store)
    before = statements(store)
    with (
        pytest.raises((IntegrityError, OperationalError), match="only ever added"),
        store.begin() as connection,
    ):
        connection.execute(text(change))
    with store.connect() as connection:
        found = connection.execute(text("SELECT id, body FROM ledger_entry")).all()
    assert [tuple(row) for row in found] == [(1, b"{}")]
    assert statements(store) == before


@pytest.mark.parametrize("column", ["id", "act", "leaf"], ids=lambda column: f"the same {column}")
def test_an_entry_stands_once(store: Engine, column: str) -> None:
    put_entry(store, 1)
    values: dict[str, Any] = {
        "id": 2,
        "subject": "exchange/x",
        "version": 2,
        "kind": "k",
        "act": bytes(32),
        "leaf": "b" * 64,
        "body": b"",
    }
    first = {"id": 1, "act": bytes.fromhex(f"{1:064x}"), "leaf": f"{1:064x}"}
    values[column] = first[column]
    with pytest.raises(IntegrityError), store.begin() as connection:
        connection.execute(TABLES["ledger_entry"].insert().values(**values))


# Tables whose rows record an event, with the column that refers to its entry.
EVENTS = dict.fromkeys(
    (
        *("participant", "barred", "engagement", "product", "scenario", "quote", "trade"),
        *("negotiation", "demand", "auction", "bid", "subscription", "withdrawal"),
        *("deal", "obligation", "cycle", "net_position"),
    ),
    "head",
) | {"journal": "entry", "transfer": "entry"}


@pytest.mark.parametrize("table", EVENTS)
def test_a_row_of_an_event_refers_to_its_entry(store: Engine, table: str) -> None:
    name = EVENTS[table]
    columns = {each["name"]: each for each in inspect(store).get_columns(table)}
    assert columns[name]["nullable"] is False
    keys = {
        tuple(each["constrained_columns"]): (each["referred_table"], each["referred_columns"])
        for each in inspect(store).get_foreign_keys(table)
    }
    assert keys[(name,)] == ("ledger_entry", ["leaf"])


def test_every_other_table_is_known_to_record_no_event() -> None:
    """A table added later is either an event's or is named here on purpose."""
    others = {
        *("ledger_entry", "ledger_waiting", "ledger_place", "ledger_tile"),  # the chain itself
        *("ledger_head", "ledger_checkpoint"),  # the same
        *("ledger_private", "ledger_private_key"),  # what its entries commit to
        *("record", "draft"),  # documents, and what was read from elsewhere
        *(
            "product_data",
            "fingerprint",
            "fingerprint_key",
        ),  # of data that an entry of the product names
        "product_parent",  # what such an entry names as well
        "board",  # what its sheet says, to be searched
        "sheet_draft",  # what its supplier has not signed yet
        "metered_hour",  # a running total of batches, each of which has its entry
        "unclaimed",  # what a bank told of and nobody is known to be for
        *("posting", "balance"),  # a posting's event is its journal's
        *("request", "reply", "token"),  # what the web remembers for itself
    }
    with_entry = {
        name
        for name, table in TABLES.items()
        for key in table.foreign_keys
        if key.target_fullname == "ledger_entry.leaf"
    }
    assert with_entry == {*EVENTS, "ledger_private"}
    assert set(TABLES) - set(EVENTS) == others


def test_a_row_cannot_cite_an_entry_that_there_is_not(store: Engine) -> None:
    put_entry(store, 1)
    journal = TABLES["journal"]
    with store.begin() as connection:
        connection.execute(journal.insert().values(what="deposit", entry=f"{1:064x}"))
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), store.begin() as connection:
        connection.execute(journal.insert().values(what="deposit", entry=f"{2:064x}"))
    with pytest.raises(IntegrityError, match="NOT NULL"), store.begin() as connection:
        connection.execute(journal.insert().values(what="deposit", entry=None))


def test_no_account_but_the_outside_world_falls_below_zero(store: Engine) -> None:
    balance = TABLES[str(rows.BalanceRow.__tablename__)]

    def put(account: str, minor: int) -> None:
        with store.begin() as connection:
            connection.execute(
                balance.insert().values(account=account, currency="CNY", minor=minor)
            )

    put("participant/PT-1", 0)
    put("outside/banks", -1)
    for account in ("participant/PT-2", "escrow/TR-1", "house/fees", "inside/outside/x"):
        with pytest.raises(IntegrityError, match="nothing_below_its_limit"):
            put(account, -1)
    change = text("UPDATE balance SET minor = minor - 1 WHERE account = 'participant/PT-1'")
    with (
        pytest.raises(IntegrityError, match="nothing_below_its_limit"),
        store.begin() as connection,
    ):
        connection.execute(change)


def test_an_unknown_state_is_refused(store: Engine) -> None:
    put_entry(store)
    applicant = {
        "id": "PT-1",
        "handle": "a",
        "name": "A",
        "credit_code": "",
        "public_key": "00" * 32,
        "recipient": "age1",
        "roles": "",
        "standing": "applied",
        "head": f"{1:064x}",
        "version": 1,
    }
    table = TABLES["participant"]
    with pytest.raises(IntegrityError, match="standing_is_known"), store.begin() as connection:
        connection.execute(table.insert().values(**applicant | {"standing": "welcome"}))
    with store.begin() as connection:
        connection.execute(table.insert().values(**applicant))


def test_a_reading_engine_writes_nothing(store: Engine, tmp_path: Path) -> None:
    put_entry(store)
    reader = open_engine(tmp_path / "store.sqlite3", writing=False)
    try:
        with pytest.raises(OperationalError, match="readonly"), reader.begin() as connection:
            connection.execute(text("INSERT INTO journal (what, entry) VALUES ('x', 'y')"))
    finally:
        reader.dispose()
