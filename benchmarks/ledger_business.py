"""Business rows with their ledger entry, beside the same business rows alone.

Every client has two accounts of its own and moves money between them: a journal, two postings and
two balances, in one transaction through the exchange's own books; with `--bare`, in three
statements of the driver's own, which makes business as cheap as it can be.  With the ledger the
transaction also locks the account's subject, reads its newest entry, composes the next one and adds
it.  Acts come signed, as they do from clients; rules and signatures are not what is measured.

SQLite: threads queue for the one writer, and the entry is placed in the transaction.
PostgreSQL: a server of its own with fsync=on and synchronous_commit=on.  An entry is acknowledged
at the commit, or when it was given its place; the third way gives places inside the business
transaction, under the lock of the log's head.

    python benchmarks/ledger_business.py --store sqlite --clients 8
    python benchmarks/ledger_business.py --store postgresql --clients 16
"""

from __future__ import annotations

import argparse
import itertools
import os
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ledger_workload import cpu, print_machine, print_table, records, verdict
from sqlalchemy import Connection, Engine

from exchange.clearing import OUTSIDE, Journal, Posting
from exchange.store.engine import open_engine
from exchange.store.entries import SqlEntries
from exchange.store.schema import migrate
from exchange.store.sequencing import Sequencer
from exchange.store.unit import unit_of_work
from ledger.acts import Act, SignedAct
from ledger.entries import Entry
from pricing.money import Money

ORIGIN = "benchmark.example/ledger"
TIME = "2026-01-05T09:00:00Z"
FULL = Money(1_000_000)
JOURNAL = "INSERT INTO journal (what, entry) VALUES (?, ?) RETURNING id"
POSTINGS = (
    "INSERT INTO posting (journal, account, minor, currency) VALUES (?, ?, ?, ?), (?, ?, ?, ?)"
)
BALANCES = (
    "UPDATE balance SET minor = minor + CASE account WHEN ? THEN -1 ELSE 1 END "
    "WHERE account IN (?, ?)"
)
BUSINESS, INLINE = "business only", "with its entry, placed under the head's lock"
COMMITTED, SEQUENCED = "with its entry, committed", "with its entry, when sequenced"


@dataclass
class Market:
    """A store with an account of money for each client, and the clients' acts."""

    engine: Engine
    clients: int
    bare: bool
    first: str = ""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    sequencer: Sequencer = field(init=False)

    def __post_init__(self) -> None:
        self.sequencer = Sequencer(self.engine)
        deposits = (record for record in records(500) if record["kind"] == "account.deposited")
        record = next(deposits)
        self.signed = SignedAct.from_record(record["act"], record["sig"])
        with unit_of_work(self.engine, ORIGIN, inline=True) as work:
            self.first = work.entries.add(self.compose(work.entries, "account/first")).leaf.hex()
            for client in range(self.clients):
                filled = Posting(OUTSIDE, -FULL), Posting(f"from/{client}", FULL)
                work.accounts.post(Journal("filled", self.first, filled))
                opened = Posting(f"from/{client}", -Money(1)), Posting(f"to/{client}", Money(1))
                work.accounts.post(Journal("opened", self.first, opened))

    def compose(self, entries: SqlEntries, subject: str) -> Entry:
        """Compose the next entry of a subject, under its lock."""
        view = entries.steady(subject)
        act = self.signed.act
        nonce = f"{next(self.numbers):032x}"
        again = Act(ORIGIN, act.kind, act.subject, act.actor, act.key, TIME, nonce, act.facts)
        return Entry.compose(
            SignedAct(again, self.signed.signature),
            index=entries.next_place(),
            actor=act.actor or "",
            subject=subject,
            prev=view.last(subject),
            refs=(),
            time=TIME,
        )

    def move(self, client: int, *, entry: bool, inline: bool = False) -> None:
        """Move money from one account of the client to its other, with an entry or without."""
        if self.bare:
            with self.engine.begin() as connection:
                entries = SqlEntries(connection, inline=inline)
                self.post_bare(connection, client, self.leaf(entries, client, entry=entry))
            return
        cent = Money(1)
        with unit_of_work(self.engine, ORIGIN, inline=inline) as work:
            leaf = self.leaf(work.entries, client, entry=entry)
            postings = Posting(f"from/{client}", -cent), Posting(f"to/{client}", cent)
            work.accounts.post(Journal("moved", leaf, postings))

    def leaf(self, entries: SqlEntries, client: int, *, entry: bool) -> str:
        """Add the client's next entry, or do not; return the leaf hash that business rows cite."""
        if not entry:
            return self.first
        return entries.add(self.compose(entries, f"account/{client}")).leaf.hex()

    def post_bare(self, connection: Connection, client: int, leaf: str) -> None:
        """Write the rows that the exchange's books write, in three statements."""
        mark = "?" if self.engine.dialect.name == "sqlite" else "%s"
        giver, taker = f"from/{client}", f"to/{client}"
        execute = connection.exec_driver_sql
        journal = execute(JOURNAL.replace("?", mark), ("moved", leaf)).scalar_one()
        postings = (journal, giver, -1, "CNY", journal, taker, 1, "CNY")
        execute(POSTINGS.replace("?", mark), postings)
        execute(BALANCES.replace("?", mark), (giver, giver, taker))

    def move_and_settle(self, client: int) -> None:
        """Move money, and come back when the entry has its place."""
        self.move(client, entry=True)
        self.sequencer.settle()


@dataclass
class Found:
    """What one way of working has cost, a slice of the run at a time."""

    rates: list[float] = field(default_factory=list)
    spent: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Transactions a second, in the median slice."""
        return statistics.median(self.rates)

    @property
    def cpu(self) -> float:
        """CPU seconds a transaction, in the median slice."""
        return statistics.median(self.spent)

    def wait(self, percent: int) -> float:
        """Milliseconds that so many of a hundred transactions took at most."""
        return sorted(self.waits)[len(self.waits) * percent // 100] * 1000


def run(
    ways: dict[str, Callable[[int], None]],
    options: argparse.Namespace,
    spent: Callable[[], float],
) -> dict[str, Found]:
    """Let all clients work each way in turns; in each slice a client does its share."""
    found = {name: Found() for name in ways}
    share = max(options.transactions // options.clients, 1)

    def work(way: Callable[[int], None], client: int) -> list[float]:
        waits = []
        for _ in range(share):
            start = time.perf_counter()
            way(client)
            waits.append(time.perf_counter() - start)
        return waits

    with ThreadPoolExecutor(options.clients) as pool:
        for turn in range(options.repeats + 1):
            for name, way in ways.items():
                start, before = time.perf_counter(), spent()
                jobs = [pool.submit(work, way, client) for client in range(options.clients)]
                waits = [wait for job in jobs for wait in job.result()]
                if turn:  # the first turn opens connections
                    found[name].rates.append(len(waits) / (time.perf_counter() - start))
                    found[name].spent.append((spent() - before) / len(waits))
                    found[name].waits += waits
    return found


def print_found(title: str, found: dict[str, Found]) -> None:
    """Print how the ways compare with business alone."""
    business = found[BUSINESS]
    print_table(
        [
            title,
            "a second",
            "of business only",
            "p50 ms",
            "p95 ms",
            "CPU µs",
            "CPU of business only",
        ],
        [
            [
                name,
                f"{one.rate:,.0f}",
                f"{one.rate / business.rate:.2f}",
                f"{one.wait(50):.1f}",
                f"{one.wait(95):.1f}",
                f"{one.cpu * 1e6:,.0f}",
                f"{business.cpu / max(one.cpu, 1e-9):.2f}",
            ]
            for name, one in found.items()
        ],
    )


def print_bars(bars: list[tuple[str, float, float]]) -> None:
    """Print each ratio beside its bar."""
    print_table(
        ["ratio", "found", "bar", ""],
        [[name, f"{ratio:.2f}", bar, verdict(ratio, bar)] for name, ratio, bar in bars],
    )


def over_sqlite(options: argparse.Namespace) -> None:
    """Measure threads that queue for one SQLite file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(Path(folder) / "store", writing=True)
        migrate(engine)
        market = Market(engine, options.clients, options.bare)
        found = run(
            {
                BUSINESS: lambda client: market.move(client, entry=False),
                INLINE: lambda client: market.move(client, entry=True, inline=True),
            },
            options,
            cpu,
        )
        engine.dispose()
    print_found(f"SQLite, {options.clients} threads", found)
    business, ours = found[BUSINESS], found[INLINE]
    print_bars([("with its entry / business only", ours.rate / business.rate, 0.80)])


def over_postgresql(options: argparse.Namespace) -> None:
    """Measure threads that work over a server."""
    with server() as (url, spent):
        engine = open_engine(url, writing=True)
        migrate(engine)
        market = Market(engine, options.clients, options.bare)
        found = run(
            {
                BUSINESS: lambda client: market.move(client, entry=False),
                COMMITTED: lambda client: market.move(client, entry=True),
                SEQUENCED: market.move_and_settle,
                INLINE: lambda client: market.move(client, entry=True, inline=True),
            },
            options,
            spent,
        )
        engine.dispose()
    print_found(f"PostgreSQL, {options.clients} threads", found)
    business, inline = found[BUSINESS].rate, found[INLINE].rate
    print_bars(
        [
            ("committed / business only", found[COMMITTED].rate / business, 0.50),
            ("sequenced / under the head's lock", found[SEQUENCED].rate / inline, 3),
        ]
    )


def programs() -> Path | None:
    """Return where the server's programs are, newest first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("postgres")
    return Path(on_path).parent if on_path else found[-1] if found else None


@contextmanager
def server() -> Iterator[tuple[str, Callable[[], float]]]:
    """Start a server with durable commits; yield a database's URL and what CPU was spent."""
    found = programs()
    if found is None:
        raise SystemExit("no PostgreSQL server is installed: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="guapai-benchmark-"))
    user = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
    if user:
        shutil.chown(folder, user)
    subprocess.run(
        [found / "initdb", "-D", folder / "data", "-U", "guapai", "-A", "trust", "-E", "UTF8",
         "--locale=C"],
        user=user, check=True, stdout=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [found / "postgres", "-D", folder / "data", "-p", str(port), "-k", folder,
         "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200",
         "-c", "fsync=on", "-c", "synchronous_commit=on"],
        user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        url = f"postgresql://guapai@127.0.0.1:{port}/postgres"
        _await(url, process)
        yield url, lambda: cpu() + _spent(process.pid)
    finally:
        process.send_signal(signal.SIGINT)  # a fast shutdown
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    import psycopg  # noqa: PLC0415 - an extra of the project

    for _ in range(600):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            if process.poll() is not None:
                raise
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the server does not answer")


def _spent(server_process: int) -> float:
    """Return the CPU seconds of a server and of its children, living and ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if stat.parent.name == str(server_process):
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == str(server_process):
            ticks += sum(map(int, fields[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--transactions", type=int, default=800, help="in each turn of each way")
    parser.add_argument("--bare", action="store_true", help="business rows without the books")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    print_machine(transactions=options.transactions, repeats=options.repeats)
    if options.store == "sqlite":
        over_sqlite(options)
    else:
        over_postgresql(options)


if __name__ == "__main__":
    main()
