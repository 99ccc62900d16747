"""Order, contract and settlement through the services, beside the same rows written bare.

A trade here is three acts: the buyer orders at a quote, the supplier accepts (the money goes into
escrow and the use right is granted), the house settles a received trade.  Ours are the services
that the site and the command line call, in process, with every check: signatures, keys, roles, the
rules of the chain, the trade rules of the pack, accounts, and the estimate that a settlement moves.
Scenarios, quotes, delivery and receipt are done beforehand, and so is what the buyer and the
supplier sign; what the house signs in settling is counted.

Bare are the very rows that this makes, byte for byte, written again through SQLAlchemy Core into a
copy of the same store: each table's rows at once, the same tables, engine and settings, the same
number of writing transactions, nothing read and nothing checked.  Over PostgreSQL a step commits
twice in both: the business with its entry, then the entry's place in the log.

Both work in turns on copies of one store.  CPU is that of this process.  The server that PostgreSQL
is measured on has fsync=off, so that neither waits for the disk.

    python benchmarks/trading.py --store sqlite
    python benchmarks/trading.py --store postgresql
"""

from __future__ import annotations

import argparse
import gc
import itertools
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ledger_workload import print_machine, print_table, timed, verdict
from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlmodel import SQLModel

sys.path.append(str(Path(__file__).parents[1]))  # the market is that of the tests

from exchange.ports import Floor
from exchange.services import execute_trade, settle
from exchange.settings import FILE, Settings
from exchange.store.engine import open_engine
from exchange.venue import DATABASE, Venue
from ledger.keys import KeyPair, verifies
from tests.exchange.floor import DEPOSIT, PRICE, Hall, open_hall
from tests.postgresql import drop_database, new_database

BAR = 0.3
STEPS = ("order", "contract", "settlement")
# What gives entries their places; over PostgreSQL that is a transaction of its own.
PLACING = ("ledger_place", "ledger_tile", "ledger_head")
# Tables that rows are only ever added to, under keys that count up.
COUNTED = {"ledger_entry": "id", "ledger_place": "place", "journal": "id", "posting": "id"}

Row = dict[str, Any]
Snapshot = dict[str, dict[tuple[Any, ...], Row]]


@dataclass(frozen=True)
class Written:
    """What a table got in one transaction: rows added, taken away, and changed with their keys."""

    table: Any
    added: Sequence[Row] = ()
    removed: Sequence[Row] = ()
    changed: Sequence[Row] = ()


Transaction = Sequence[Written]


@dataclass(frozen=True)
class Script:
    """What each step does: acts as they were signed or trades to settle, and the rows written.

    `before` are exchanges as they stand before the orders, the contracts and the settlements.
    """

    before: Mapping[str, Path]
    asked: Mapping[str, Sequence[Any]]
    written: Mapping[str, Sequence[Transaction]]


# The same market again and again.


@contextmanager
def copied(made: Path, hall: Hall) -> Iterator[Venue]:
    """Open a copy of an exchange whose keys and plug-ins are a hall's."""
    folder = made.with_name(f"{made.name}-{next(_SERIAL)}")
    shutil.copytree(made, folder)
    settings = Settings.load(folder / FILE)
    if settings.database != "sqlite":
        replace(settings, database=new_database(settings.database)).save(folder / FILE)
    venue = Venue.open(folder)
    venue.signer, venue.log_signer = hall.venue.signer, hall.venue.log_signer
    venue.__dict__ |= {name: hall.venue.__dict__[name] for name in ("pack", "deliveries")}
    try:
        yield venue
    finally:
        venue.close()
        if settings.database != "sqlite":
            drop_database(venue.settings.database)
        shutil.rmtree(folder)


_SERIAL = itertools.count()


def kept(hall: Hall, name: str) -> Path:
    """Keep a copy of a hall's exchange as it stands now, for copies to be made of it."""
    hall.venue.close()
    hall.venue.__dict__.pop("sequencer", None)  # it would open connections of its own again
    folder = hall.folder.with_name(name)
    shutil.copytree(hall.folder, folder)
    database = hall.venue.settings.database
    if database != "sqlite":
        settings = replace(hall.venue.settings, database=new_database(database))
        settings.save(folder / FILE)
    return folder


def engine_of(venue: Venue, *, writing: bool) -> Engine:
    """Open a venue's store as the venue itself does."""
    database = venue.settings.database
    where = venue.folder / DATABASE if database == "sqlite" else database
    return open_engine(where, writing=writing)


def steady(venue: Venue) -> Floor:
    """Return a venue's floor with the time standing still: the clock of tests is a file."""
    now = venue.clock()
    return replace(venue.floor, clock=lambda: now)


def do(step: str, asked: Any, floor: Floor) -> object:  # noqa: ANN401 - an act, or a trade's id
    """Do one step through the services."""
    if step == "order":
        return execute_trade.order_product(asked, floor=floor)
    if step == "contract":
        return execute_trade.accept_order(asked, floor=floor)
    return settle.settle(asked, floor=floor)


def play(hall: Hall, trades: int) -> Script:
    """Play all trades once, and note what is signed and what is written."""
    hall.deposit(amount=DEPOSIT)
    for _ in range(trades * PRICE.minor // DEPOSIT.minor):
        hall.deposit(amount=DEPOSIT)
    scenario = hall.scenario()
    quotes = [hall.buyer.quote(scenario).quote for _ in range(trades)]
    before, asked, written = {}, {}, {}

    def played(step: str, wanted: Sequence[Any]) -> list[Any]:
        before[step], asked[step] = kept(hall, f"before-{step}"), wanted
        engine = engine_of(hall.venue, writing=False)
        inline = hall.venue.settings.database == "sqlite"
        done, written[step], known = [], [], snapshot(engine)
        for one in wanted:
            done.append(do(step, one, steady(hall.venue)))
            found = snapshot(engine, known)
            written[step] += transactions(known, found, inline=inline)
            known = found
        engine.dispose()
        return done

    orders = [
        hall.act(
            "buyer",
            "trade.ordered",
            None,
            {
                "product": quote.product,
                "scenario": quote.scenario,
                "quote": quote.id,
                "terms": quote.terms,
                "amount": quote.amount.to_record(),
            },
        )
        for quote in quotes
    ]
    ordered = played("order", orders)
    with hall.floor.read() as work:
        terms = [execute_trade.terms_of(trade.terms, work) for trade in ordered]
    contracts = [
        hall.act(
            "supplier",
            "trade.contracted",
            f"trade/{trade.id}",
            execute_trade.contract_facts(trade, agreed, hall.floor),
        )
        for trade, agreed in zip(ordered, terms, strict=True)
    ]
    for trade in played("contract", contracts):
        hall.supplier.deliver(trade.id, hall.folder.parent)
        hall.buyer.receive(trade.id, hall.folder.parent / f"{trade.id}.csv")
    played("settlement", [trade.id for trade in ordered])
    return Script(before, asked, written)


# The rows of a step.


def snapshot(engine: Engine, known: Snapshot | None = None) -> Snapshot:
    """Return every row of the store by its key; of tables that only grow, `known` is not reread."""
    found: Snapshot = {}
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            query, rows = select(table), dict[tuple[Any, ...], Row]()
            column = COUNTED.get(table.name)
            if known is not None and column:
                rows = dict(known[table.name])
                query = query.where(table.c[column] > max((key[0] for key in rows), default=-1))
            for row in connection.execute(query).mappings():
                rows[tuple(row[key.name] for key in table.primary_key)] = dict(row)
            found[table.name] = rows
    return found


def transactions(old: Snapshot, new: Snapshot, *, inline: bool) -> Iterator[Transaction]:
    """Yield what lies between two snapshots: one transaction, or the business and the placing."""
    business, placing = [], []
    for table in SQLModel.metadata.sorted_tables:
        was, is_ = old[table.name], new[table.name]
        keys = {key.name for key in table.primary_key}
        changed = [
            {
                (f"_{name}" if name in keys else name): value
                for name, value in row.items()
                if name in keys or was[key][name] != value
            }
            for key, row in is_.items()
            if key in was and was[key] != row
        ]
        added = [row for key, row in is_.items() if key not in was]
        if added or changed:
            into = placing if table.name in PLACING else business
            into.append(Written(table, added=added, changed=changed))
    if inline:
        yield [*business, *placing]
        return
    waiting = SQLModel.metadata.tables["ledger_waiting"]
    (entries,) = (each for each in business if each.table.name == "ledger_entry")
    keys_waiting = [{"entry": row["id"]} for row in entries.added]
    yield [*business, Written(waiting, added=keys_waiting)]
    yield [*placing, Written(waiting, removed=[{"_entry": row["entry"]} for row in keys_waiting])]


def write_bare(engine: Engine, written: Sequence[Transaction]) -> None:
    """Write the rows of a step with nothing but SQLAlchemy Core."""
    for transaction in written:
        with engine.begin() as connection:
            for one in transaction:
                _write(connection, one)


def _write(connection: Connection, one: Written) -> None:
    table = one.table
    mine = [key == bindparam(f"_{key.name}") for key in table.primary_key]
    if one.added:
        connection.execute(insert(table), one.added)
    for row in one.changed:  # they change different columns
        connection.execute(update(table).where(*mine), row)
    if one.removed:
        connection.execute(delete(table).where(*mine), one.removed)


# Turns.


def measure(script: Script, hall: Hall, repeats: int) -> dict[str, dict[str, list[Any]]]:
    """Let the services and bare Core do each step in turns; return CPU and wall seconds."""
    took: dict[str, dict[str, list[Any]]] = {
        step: {"ours": [], "bare": []} for step in script.before
    }
    gc.collect()
    gc.freeze()  # what was prepared is nobody's cost
    for turn in range(repeats + 1):
        for step, made in script.before.items():
            for who in ("ours", "bare"):
                with copied(made, hall) as venue:
                    work = _work(who, step, script, venue)
                    spent = timed(work)
                if turn:  # the first turn fills caches of statements
                    took[step][who].append(spent)
    gc.unfreeze()
    return took


def _work(who: str, step: str, script: Script, venue: Venue) -> Callable[[], object]:
    if who == "bare":
        engine, written = engine_of(venue, writing=True), script.written[step]
        with engine.connect():
            pass
        return lambda: write_bare(engine, written)
    floor, asked = steady(venue), script.asked[step]
    with floor.write(), floor.read():
        pass
    return lambda: [do(step, one, floor) for one in asked]


def signing_seconds() -> tuple[float, float]:
    """Return the CPU seconds of one Ed25519 signature and of one check of it."""
    pair, messages = KeyPair.generate(), [b"%d" % number * 300 for number in range(400)]
    start = time.process_time()
    signed = [pair.sign(message) for message in messages]
    middle = time.process_time()
    for signature, message in zip(signed, messages, strict=True):
        verifies(pair.public_key, signature, message)
    end = time.process_time()
    return (middle - start) / len(messages), (end - middle) / len(messages)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--trades", type=int, default=60, help="in each turn")
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    print_machine(trades=options.trades, repeats=options.repeats)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "listed", options.store) as hall,
    ):
        script = play(hall, options.trades)
        hall.venue.close()
        took = measure(script, hall, options.repeats)
    report(options, script, took)


def report(
    options: argparse.Namespace, script: Script, took: dict[str, dict[str, list[Any]]]
) -> None:
    """Print what a trade costs, a step and all in all, and how that compares."""

    def median(who: str, steps: Sequence[str], which: int) -> float:
        return (
            sum(statistics.median(spent[which] for spent in took[step][who]) for step in steps)
            / options.trades
        )

    rows = []
    for name, steps in {**{step: [step] for step in STEPS}, "a trade": list(STEPS)}.items():
        (ours, wall), (bare, bare_wall) = (
            (median(who, steps, 0), median(who, steps, 1)) for who in ("ours", "bare")
        )
        count = sum(
            len(one.added) + len(one.changed) + len(one.removed)
            for step in steps
            for transaction in script.written[step]
            for one in transaction
        )
        rows.append(
            [
                name,
                f"{count / options.trades:.1f}",
                f"{ours * 1e3:.2f}",
                f"{bare * 1e3:.2f}",
                f"{bare / ours:.2f}",
                f"{wall * 1e3:.2f}",
                f"{bare_wall * 1e3:.2f}",
                f"{1 / wall:,.0f}",
            ]
        )
    print_table(
        [
            options.store,
            "rows written",
            "CPU ms",
            "CPU ms bare",
            "of bare",
            "wall ms",
            "wall ms bare",
            "a second",
        ],
        rows,
    )
    ratio = median("bare", STEPS, 0) / median("ours", STEPS, 0)
    print_table(
        ["ratio", "found", "bar", ""],
        [["trades by CPU, ours / bare Core", f"{ratio:.2f}", BAR, verdict(ratio, BAR)]],
    )
    sign, check = signing_seconds()
    curve = 2 * sign + 4 * check  # the house signs twice, each of four acts is checked
    share = curve / median("ours", STEPS, 0)
    print(
        f"Ed25519: {sign * 1e6:.0f} µs to sign, {check * 1e6:.0f} µs to check; "
        f"two signatures and four checks are {share:.0%} of a trade"
    )


if __name__ == "__main__":
    main()
