"""The exchange over PostgreSQL: many writers, places given in groups after the commit."""

from __future__ import annotations

import functools
import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from exchange.desk import Desk
from exchange.errors import (
    BadField,
    Broken,
    Busy,
    Conflict,
    ExchangeError,
    Refused,
    Stale,
    Unauthenticated,
)
from exchange.listing import ListingState
from exchange.negative import Notice
from exchange.participants import Standing
from exchange.ports import Wait
from exchange.requests import Claim
from exchange.services import register_product
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.consult_negative_list import require_not_barred
from exchange.settings import FILE
from exchange.store import schema
from exchange.store.engine import open_engine, opening
from exchange.store.sequencing import Sequencer, place_entries, read_edge
from exchange.trading import TradeState
from exchange.venue import Venue
from exchange.web import create_app
from ledger.acts import SignedAct, format_time
from ledger.audit import audit
from ledger.bundle import TILE
from ledger.checkpoint import Checkpoint, verify
from ledger.merkle import root_of, verify_inclusion
from ledger.tiles import TileTree
from pricing.money import Money
from tests.exchange.floor import DEPOSIT, OPERATOR, PASSPHRASE, PRICE, Hall, open_hall, rules
from tests.exchange.player import opened
from tests.exchange.store.test_faults import Player, is_whole
from tests.exchange.store.test_faults import player as player  # noqa: PLC0414 - a fixture
from tests.postgresql import drop_database, new_database

pytestmark = pytest.mark.slow


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "admitted", "postgresql") as opened_hall:
        yield opened_hall


@pytest.fixture
def listed(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "listed", "postgresql") as opened_hall:
        yield opened_hall


@pytest.fixture
def database() -> Iterator[str]:
    url = new_database()
    yield url
    drop_database(url)


def audited(hall: Hall, folder: Path) -> int:
    """Export and audit the log, reconcile the books, and return the log's size."""
    export_bundle(folder, floor=hall.floor)
    report = audit(folder, key=hall.floor.log_key)
    assert report.findings == []
    assert reconcile(floor=hall.floor).faults == ()
    return report.size


def writer(hall: Hall) -> Engine:
    engine: Engine = hall.venue._engine(writing=True)
    return engine


def waiting(hall: Hall) -> int:
    with writer(hall).connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM ledger_waiting")).scalar_one()
    return int(count)


def deposits(hall: Hall, count: int, *, wait: Wait = Wait.SEQUENCED) -> list[Callable[[], Money]]:
    """Return that many deposits, not yet made, to four accounts in turn."""
    house = replace(hall.house, floor=hall.venue.floor_waiting(wait))
    owners = [hall.participant(name) for name in ("supplier", "buyer", "rival", "assessor")]

    def deposit(at: int) -> Callable[[], Money]:
        reference = f"{hall.size} {wait} {at}"
        return lambda: house.deposit(owners[at % 4], Money(1 + at), reference)

    return [deposit(at) for at in range(count)]


# The store.


def test_the_migrations_make_the_tables_of_the_program(database: str) -> None:
    engine = open_engine(database, writing=True)
    schema.migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    schema.remove(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_place", "ledger_checkpoint"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {0} SET {1} = {1}"])
def test_the_ledger_is_only_added_to(hall: Hall, tmp_path: Path, table: str, change: str) -> None:
    export_bundle(tmp_path / "bundle", floor=hall.floor)  # signs a checkpoint
    column = {"ledger_entry": "kind", "ledger_place": "place"}.get(table, "root")
    with (
        pytest.raises(DBAPIError, match="only ever added to"),
        writer(hall).begin() as connection,
    ):
        connection.execute(text(change.format(table, column)))


@pytest.mark.parametrize(
    "table", ["ledger_entry", "ledger_place", "ledger_tile", "ledger_checkpoint"]
)
def test_no_table_of_the_ledger_is_emptied(hall: Hall, table: str) -> None:
    """TRUNCATE asks no trigger of rows, and ledger_tile has no row here for one to refuse."""
    with (
        pytest.raises(DBAPIError, match="only ever added to"),
        writer(hall).begin() as connection,
    ):
        connection.execute(text(f"TRUNCATE {table} CASCADE"))


def test_a_reading_engine_writes_nothing(hall: Hall) -> None:
    reader = hall.venue._engine(writing=False)
    with pytest.raises(DBAPIError, match="read-only"), reader.begin() as connection:
        connection.execute(text("DELETE FROM draft"))


def test_a_nul_is_no_contradiction_of_the_store(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    site = create_app(hall.venue).test_client()
    for path in ("/api/v1/products/%00", "/products/%00/explain", "/drafts/%00"):
        assert site.get(path).status_code == 404, path
    assert caplog.records == []
    with pytest.raises(BadField, match="a NUL character"), hall.floor.read() as work:
        work.products.get("GP\0")
    with pytest.raises(BadField, match="a NUL character"), hall.floor.read() as work:
        work.chain.store.last("product/GP\0")


def test_a_database_that_holds_something_is_not_opened_in(database: str, tmp_path: Path) -> None:
    engine = open_engine(database, writing=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE theirs (id int)"))
    with pytest.raises(BadField, match="database: has tables already"):
        found(tmp_path / "exchange", database)
    assert not (tmp_path / "exchange").exists()
    assert inspect(engine).get_table_names() == ["theirs"]
    engine.dispose()


def found(folder: Path, database: str) -> None:
    Venue.init(
        folder,
        rules(database),
        handle=OPERATOR[0],
        operator_name=OPERATOR[1],
        credit_code=OPERATOR[2],
        passphrase=PASSPHRASE,
    ).close()


def test_an_opening_that_fails_leaves_no_table(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("no space")

    with monkeypatch.context() as patched:
        patched.setattr("exchange.settings.Settings.save", fail)
        with pytest.raises(OSError, match="no space"):
            found(tmp_path / "exchange", database)
    assert not (tmp_path / "exchange").exists()
    found(tmp_path / "exchange", database)
    with Venue.open(tmp_path / "exchange") as venue:
        venue.unlock(PASSPHRASE)


def test_a_server_that_does_not_answer_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="the database does not answer"):
        found(tmp_path / "exchange", "postgresql://guapai@127.0.0.1:1/none")
    assert not (tmp_path / "exchange").exists()


def test_a_password_in_the_settings_is_refused() -> None:
    with pytest.raises(BadField, match="no password"):
        rules("postgresql://guapai:secret@127.0.0.1/exchange")


# Places after the commit.


def test_an_entry_waits_until_somebody_gives_it_a_place(hall: Hall, tmp_path: Path) -> None:
    size = hall.size
    for make in deposits(hall, 3, wait=Wait.COMMIT):
        make()
    assert (hall.size, waiting(hall)) == (size, 3)
    with hall.floor.read() as work:
        entry = work.chain.store.last(f"account/{hall.participant('buyer').id}")
        assert entry
        assert entry.place is None
        assert [one.place for one in work.chain.store.waiting()] == [None] * 3
    assert reconcile(floor=hall.floor).faults == ()  # money and entries agree meanwhile
    hall.venue.sequencer.settle()
    assert (hall.size, waiting(hall)) == (size + 3, 0)
    with hall.floor.read() as work:
        assert [one.place for one in work.chain.store.entries(size)] == [size, size + 1, size + 2]
    assert audited(hall, tmp_path / "bundle") == size + 3


def test_the_next_who_waits_places_what_was_only_committed(hall: Hall) -> None:
    (first,) = deposits(hall, 1, wait=Wait.COMMIT)
    first()
    (second,) = deposits(hall, 1)
    second()
    assert waiting(hall) == 0


def test_a_repeated_act_returns_its_first_entry_while_it_waits(hall: Hall) -> None:
    subject = f"product/{hall.register().number}"
    signed, _ = hall.commit("rival", "objection.filed", subject, {}, {"grounds": "mine"})
    floor = hall.venue.floor_waiting(Wait.COMMIT)

    def append() -> bytes:
        with floor.write() as work:
            return work.chain.append(signed, clock=lambda: format_time(floor.clock())).leaf

    assert append() == append()
    assert waiting(hall) == 1


def test_many_writers_at_once_lose_no_entry_and_fork_no_log(hall: Hall, tmp_path: Path) -> None:
    size, count = hall.size, 96
    acts = deposits(hall, count // 2) + deposits(hall, count // 2, wait=Wait.COMMIT)
    random.Random(5).shuffle(acts)  # noqa: S311 - an order of work
    with ThreadPoolExecutor(12) as pool:
        for made in [pool.submit(make) for make in acts]:
            made.result()
    hall.venue.sequencer.settle()
    assert hall.size == size + count
    assert audited(hall, tmp_path / "bundle") == size + count


def test_two_sequencers_at_once_give_each_place_once(hall: Hall, tmp_path: Path) -> None:
    size, count = hall.size, 40
    for make in deposits(hall, count, wait=Wait.COMMIT):
        make()
    sequencers = [Sequencer(writer(hall)) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(Sequencer.settle, sequencers))
    assert audited(hall, tmp_path / "bundle") == size + count


def test_a_head_that_another_moved_is_not_moved_again(hall: Hall) -> None:
    """What holds without any lock: the head is compared, and a place is a primary key."""
    make, other = deposits(hall, 2, wait=Wait.COMMIT)
    make()
    other()
    query = text("SELECT id, leaf FROM ledger_entry JOIN ledger_waiting ON entry = id ORDER BY id")
    with writer(hall).connect() as connection:
        entries = [(row.id, bytes.fromhex(row.leaf)) for row in connection.execute(query)]
        edge = read_edge(connection)
    with writer(hall).begin() as connection:
        place_entries(connection, entries[:1], edge)
    with (
        pytest.raises((Broken, DBAPIError), match=r"another writer moved it|ledger_place_pkey"),
        writer(hall).begin() as connection,
    ):
        place_entries(connection, entries[1:], edge)
    assert (hall.size, waiting(hall)) == (edge.size + 1, 1)


def test_of_two_that_place_at_once_the_second_goes_on_from_the_first(hall: Hall) -> None:
    """The head's lock: whoever waited for it reads what the other has placed."""
    (make,) = deposits(hall, 1, wait=Wait.COMMIT)
    make()
    size, done = hall.size, threading.Event()

    def settle() -> None:
        Sequencer(writer(hall)).settle()
        done.set()

    with writer(hall).begin() as connection:
        query = text("SELECT id, leaf FROM ledger_entry JOIN ledger_waiting ON entry = id")
        ((key, leaf),) = connection.execute(query).all()
        edge = read_edge(connection, lock=True)
        thread = threading.Thread(target=settle)
        thread.start()
        assert not done.wait(0.3)
        place_entries(connection, [(key, bytes.fromhex(leaf))], edge)
    thread.join(timeout=30)
    assert done.is_set()
    assert (hall.size, waiting(hall)) == (size + 1, 0)


def test_nobody_is_put_on_the_negative_list_while_it_is_admitted(hall: Hall) -> None:
    """The two acts share no subject: what holds one back is the lock of the organisation."""
    rival, done = hall.participant("rival"), threading.Event()
    found = Notice(rival.credit_code, rival.name, "bribes", "a court", hall.today, hall.today)

    def bar() -> None:
        hall.house.bar([found])
        done.set()

    thread = threading.Thread(target=bar)
    with hall.floor.write() as work:
        require_not_barred(rival, work=work, floor=hall.floor)
        thread.start()
        assert not done.wait(0.3)
    thread.join(timeout=30)
    assert done.is_set()
    assert hall.participant("rival").standing is Standing.SUSPENDED
    with hall.floor.write() as work, pytest.raises(Refused, match="on the negative list"):
        require_not_barred(rival, work=work, floor=hall.floor)


def test_tiles_in_the_store_prove_every_entry(hall: Hall) -> None:
    """Level 0 fills a tile here; the leaves are those of deposits."""
    while hall.size <= TILE:
        with ThreadPoolExecutor(8) as pool:
            acts = deposits(hall, 80, wait=Wait.COMMIT)
            list(pool.map(lambda make: make(), acts))
        hall.venue.sequencer.settle()
    with hall.venue._work_sql(writing=False) as work:
        leaves = [entry.leaf for entry in work.entries.entries()]
        edge = work.entries.edge()
        assert edge.root == root_of(leaves)
        checkpoint = Checkpoint(hall.floor.house.origin, edge.size, edge.root)
        tree = TileTree(work.tiles, checkpoint)
        for index in (0, 1, 254, 255, 256, edge.size - 1):
            path = tree.inclusion_proof(index)
            verify_inclusion(leaves[index], index, edge.size, path, edge.root)


# What an entry rests on holds until its commit.


def test_what_an_entry_rests_on_cannot_change_before_its_commit(listed: Hall) -> None:
    """Without the lock, the suspension would be placed before the act that denies it."""
    subject, done = f"product/{listed.number}", threading.Event()

    def suspend() -> None:
        listed.house.suspend_listing(listed.number, "under review")
        done.set()

    with listed.floor.write() as work:
        view = work.chain.store.steady("trade/TR-0000-0000-0000")
        assert view.last(subject)
        thread = threading.Thread(target=suspend)
        thread.start()
        assert not done.wait(0.5)
    thread.join(timeout=30)
    assert done.is_set()


def test_orders_and_suspensions_at_once_leave_an_audit_clean(listed: Hall, tmp_path: Path) -> None:
    scenario, _ = listed.buyer.file_scenario(listed.filing())
    quotes = [listed.buyer.quote(scenario.id).quote.id for _ in range(12)]
    refused: list[ExchangeError] = []

    def attempt(work: Callable[[], object]) -> None:
        try:
            work()
        except ExchangeError as error:
            refused.append(error)

    acts: list[Callable[[], object]] = [
        functools.partial(listed.buyer.order, quote) for quote in quotes
    ]
    acts.insert(6, lambda: listed.house.suspend_listing(listed.number, "under review"))
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(attempt, acts))
    audited(listed, tmp_path / "bundle")
    with listed.floor.read() as work:
        orders = [trade for trade in work.trades.all() if trade.state is TradeState.ORDERED]
    assert len(orders) + len(refused) == len(quotes)


def test_one_contract_comes_of_two_acceptances_at_once(listed: Hall, tmp_path: Path) -> None:
    trades = [listed.order().id for _ in range(2)]
    listed.house.withdraw(listed.participant("buyer"), DEPOSIT - PRICE, "leave the price of one")

    def accept(trade: str) -> str:
        try:
            return str(listed.supplier.accept(trade).state)
        except ExchangeError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, trades)) == ["contracted", "insufficient_funds"]
    assert listed.balance("buyer") == 0
    audited(listed, tmp_path / "bundle")


def test_of_two_claims_of_the_same_bytes_at_once_one_is_told_of_the_other(hall: Hall) -> None:
    desks = [hall.desk(name) for name in ("supplier", "contributor")] * 3
    path = hall.file("same.csv", "time,level\n2026-10-01T00:00:00Z,1.5\n2026-10-01T01:00:00Z,1.4\n")

    def claim(desk: Desk) -> str:
        try:
            return desk.register(path).number
        except Conflict as error:
            return str(error)

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(claim, desks))
    (number,) = (each for each in told if each.startswith("GP-"))
    refusals = [each for each in told if each != number]
    assert len(refusals) == 5
    assert all(f"registered as {number}" in each for each in refusals)


def test_one_act_sent_many_times_at_once_is_one_act(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever comes second waits for the first and is given what it was given."""
    path = hall.file("once.csv", "time,level\n2026-10-01T00:00:00Z,1.5\n2026-10-01T01:00:00Z,1.3\n")
    sent: list[SignedAct] = []
    with monkeypatch.context() as watched:
        watched.setattr(
            register_product, "register_product", lambda signed, *_, **__: sent.append(signed)
        )
        hall.supplier.register(path)
    size = hall.size

    def send(_: int) -> str:
        made = register_product.register_product(sent[0], path, name=path.name, floor=hall.floor)
        return made.number

    with ThreadPoolExecutor(5) as pool:
        assert len(set(pool.map(send, range(5)))) == 1
    hall.venue.sequencer.settle()
    once = hall.size - size
    hall.supplier.register(hall.file("other.csv", "a,b\n1,2\n"))
    hall.venue.sequencer.settle()
    assert hall.size - size == 2 * once
    audited(hall, tmp_path / "bundle")


def test_what_the_store_refuses_is_told_without_values(hall: Hall) -> None:
    """PostgreSQL quotes the row that stands in the way, a credit code or a handle among it."""
    with pytest.raises(Conflict) as refused, hall.floor.write() as work:
        cast("Any", work).session.connection().exec_driver_sql(
            "INSERT INTO participant SELECT * FROM participant"
        )
    assert str(refused.value) == (
        "a rule of the store forbids it, as when others store the same: nothing was done"
    )


def exclusive_trades(hall: Hall) -> list[str]:
    """Return two orders at exclusive quotes over one use, by two buyers."""
    hall.deposit("rival")
    trades = []
    for handle in ("buyer", "rival"):
        (made,) = hall.desk(handle).negotiate(hall.scenario(handle), exclusive=True)
        hall.supplier.offer_price(made.id, PRICE)
        quote = hall.desk(handle).accept_offer(made.id).quote
        trades.append(hall.desk(handle).order(quote.id).id)
    return trades


def test_of_two_exclusive_contracts_at_once_there_is_one(listed: Hall, tmp_path: Path) -> None:
    trades = exclusive_trades(listed)

    def accept(trade: str) -> str:
        try:
            return str(listed.supplier.accept(trade).state)
        except ExchangeError as error:
            return error.code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(accept, trades)) == ["contracted", "refused"]
    audited(listed, tmp_path / "bundle")


def test_an_exclusive_contract_waits_for_one_that_is_being_concluded(listed: Hall) -> None:
    """The second may look at the product's contracts only once the first has committed."""
    first, second = exclusive_trades(listed)
    done = threading.Event()
    found: list[str] = []

    def accept() -> None:
        try:
            listed.supplier.accept(second)
        except Refused as error:
            found.append(str(error))
        done.set()

    thread = threading.Thread(target=accept)
    with listed.floor.write() as work:
        work.chain.store.steady(f"trade/{first}").last(f"product/{listed.number}")
        thread.start()
        assert not done.wait(0.5)
    thread.join(timeout=30)
    assert done.is_set()
    assert found == []


def test_a_deposit_waits_for_the_contract_that_has_looked_at_the_account(listed: Hall) -> None:
    """Without it a contract could be placed before the money that pays for it."""
    trade, done = listed.order().id, threading.Event()
    buyer = listed.participant("buyer")

    def deposit() -> None:
        listed.house.deposit(buyer, DEPOSIT, "more money")
        done.set()

    thread = threading.Thread(target=deposit)
    with listed.floor.write() as work:
        work.chain.store.reserve(f"account/{buyer.id}")
        thread.start()
        assert not done.wait(0.5)
    thread.join(timeout=30)
    assert done.is_set()
    assert listed.supplier.accept(trade).state is TradeState.CONTRACTED


def test_a_cycle_takes_more_accounts_than_the_server_has_locks(hall: Hall) -> None:
    """And whoever moves the money of any account waits for it, one that it did not name too."""
    with writer(hall).connect() as connection:
        room = connection.execute(
            text(
                "SELECT current_setting('max_locks_per_transaction')::int"
                " * current_setting('max_connections')::int"
            )
        ).scalar_one()
    done = threading.Event()
    buyer, thousands = hall.participant("buyer"), [f"account/{at}" for at in range(2 * room)]

    def deposit() -> None:
        hall.house.deposit(buyer, DEPOSIT, "money")
        done.set()

    thread = threading.Thread(target=deposit)
    with hall.floor.write() as work:
        work.chain.store.reserve(*thousands)
        thread.start()
        assert not done.wait(0.5)
        account = work.chain.store.steady(f"account/{buyer.id}")
        assert account.last(f"account/{buyer.id}") is None
    thread.join(timeout=30)
    assert done.is_set()
    assert hall.balance("buyer") == DEPOSIT.minor


def test_a_row_that_changed_since_it_was_read_is_not_written_over(listed: Hall) -> None:
    with pytest.raises(Stale), listed.floor.write() as work:  # noqa: PT012 - the unit's end raises
        product = work.products.get(listed.number)
        listed.house.suspend_listing(listed.number, "meanwhile")
        work.products.put(replace(product, name="as it was"))
    assert listed.product().listing is ListingState.SUSPENDED
    with pytest.raises(Stale), listed.floor.write() as work:  # noqa: PT012 - the same
        rival = work.participants.get("rival")
        listed.house.suspend(listed.participant("rival"), "meanwhile")
        work.participants.put(replace(rival, name="as it was"))
    assert listed.participant("rival").standing is Standing.SUSPENDED


def test_a_request_is_taken_once_and_its_reply_is_kept(hall: Hall) -> None:
    claim = Claim(owner="buyer", key="once", request="digest")
    with hall.venue.memory(writing=True) as memory:
        memory.remember_nonce("key", "nonce", expires=2, now=1)
        assert memory.claim_reply(claim, now=1) is None
    with hall.venue.memory(writing=True) as memory:
        reply = memory.claim_reply(claim, now=1)
        assert reply is not None
        assert reply.status == 0
        with pytest.raises(Unauthenticated, match="was sent before"):
            memory.remember_nonce("key", "nonce", expires=2, now=1)


def test_of_two_that_open_in_one_database_the_second_leaves_it_alone(
    database: str, tmp_path: Path
) -> None:
    engine = open_engine(database, writing=True)
    with opening(engine), pytest.raises(BadField, match="another exchange is being opened"):
        found(tmp_path / "second", database)
    found(tmp_path / "first", database)
    with pytest.raises(BadField, match="has tables already"):
        found(tmp_path / "third", database)
    engine.dispose()
    Venue.open(tmp_path / "first").close()


def test_a_deadlock_is_busy_and_nothing_is_done(hall: Hall) -> None:
    barrier = threading.Barrier(2)
    one, other = (f"account/{hall.participant(name).id}" for name in ("buyer", "rival"))

    def cross(first: str, second: str) -> str:
        try:
            with hall.floor.write() as work:
                view = work.chain.store.steady(first)
                barrier.wait(timeout=10)
                view.last(second)
        except Busy as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(cross, (one, other), (other, one)))
    assert outcomes == [
        "done",
        "others were changing the same thing: nothing was done, try again",
    ]


# Processes.


def test_two_processes_at_once_lose_no_entry(player: Player, hall: Hall, tmp_path: Path) -> None:
    size = hall.size
    export_bundle(tmp_path / "first", floor=hall.floor)
    older = verify((tmp_path / "first" / "checkpoint").read_bytes(), hall.floor.log_key)
    handles, count = ["supplier", "contributor"], 4
    player.start(folder=str(hall.folder), handles=handles, count=count)
    assert player.end() == [0, 0]
    is_whole(hall.folder, tmp_path, "whole")
    report = audit(tmp_path / "whole", against=older)
    assert report.passed
    assert report.size == size + len(handles) * count * 3


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_anywhere_loses_nothing(
    player: Player, database: str, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - where to kill is no secret
    folder = tmp_path / "exchange"
    (pid,) = player.start(folder=str(folder), database=database)
    for _ in range(chance.randrange(9, 23)):
        player.line()
    timer = threading.Timer(chance.random() / 20, os.kill, (pid, signal.SIGKILL))
    timer.start()
    assert player.end() in ([-signal.SIGKILL], [0])
    timer.cancel()
    timer.join()
    assert (folder / FILE).exists()
    is_whole(folder, tmp_path, "after")
    player.start(folder=str(folder), database=database)
    assert player.end() == [0]
    is_whole(folder, tmp_path, "finished")
    with opened(folder) as hall, hall.floor.read() as work:
        (trade,) = work.trades.all()
        assert trade.state is TradeState.EXECUTED
        assert hall.balance("buyer") == DEPOSIT.minor - PRICE.minor


def test_a_kill_while_it_opens_leaves_a_database_that_says_so(
    player: Player, database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "exchange"
    (pid,) = player.start(folder=str(folder), database=database)
    player.line()
    engine = open_engine(database, writing=False)
    while not inspect(engine).has_table("ledger_head"):
        pass
    os.kill(pid, signal.SIGKILL)
    player.end()
    engine.dispose()
    if not (folder / FILE).exists():
        with pytest.raises(Conflict, match="another exchange is being opened here"):
            found(folder, database)
        with pytest.raises(BadField, match="has tables already"):
            found(tmp_path / "other", database)
