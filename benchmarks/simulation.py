"""A market of many products, merchants and trades, played in batches, beside bare inserts and Mesa.

Ours is the fast depth of `guapai simulate`: the kernel decides, every trade has its entries,
signatures, records, journals and balances, brokers' deals are netted at the end of each day, and
the audit reads the log from its first entry.  Bare are the very rows that this left, written again
through SQLAlchemy Core into a copy of the store as it stood before the first wish: under the same
settings, so many rows a transaction, nothing read, nothing signed, nothing checked.  Mesa is the
same decision in its own way: each agent draws a value, looks at a price, and decides.

CPU is that of all processes.  Bringing the market to its first wish, which goes through the gate
of the exchange product by product, is told apart; with `--prepared` it is kept in a folder and
used again.

    python benchmarks/simulation.py --trades 20000 --products 200 --merchants 2000
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import pickle
import resource
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from ledger_workload import print_machine, print_table, verdict
from sqlalchemy import event, insert
from sqlmodel import SQLModel

from exchange.simulation.depth import Offering, Outcome, Placed, Wish
from exchange.simulation.fast import FastDepth
from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.deciding import Crowd, Minds
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import Brokers, Buyers, HouseRules, Kind, Market, Suppliers
from exchange.simulation.streams import Distribution
from exchange.store.engine import open_engine
from exchange.venue import DATABASE

SEED = 20260105
DAYS = 30  # on which the trades are spread; the market goes on until there are as many as asked
PRICE = Distribution("uniform", 50_000, 150_000)
BARE_ROWS = 73_728  # of a table in one transaction of bare inserts: entries of 8,192 trades
STEPS = 50  # of all agents, of which the fastest counts
AGENTS = 10_000  # that decide at once, beside Mesa's
BAR_MINUTES, BAR_GIB, BAR_BARE, BAR_MESA = 20, 4, 0.3, 50
# Parents before what refers to them.
TABLES = (
    *("ledger_entry", "ledger_place", "ledger_tile", "record", "ledger_private"),
    *("ledger_private_key", "scenario", "quote", "trade", "deal", "obligation", "cycle"),
    *("net_position", "journal", "posting", "balance"),
)


def market_of(trades: int, products: int, merchants: int) -> Market:
    """Return a market of so many products and merchants, busy enough for that many trades."""
    suppliers = max(1, merchants // 10)
    brokers = min(10, merchants // 100)
    buyers = merchants - suppliers - brokers
    offers, left = divmod(products, suppliers)
    groups = [Suppliers("supplier", suppliers - left, {"data": offers})] if offers else []
    if left:
        groups.append(Suppliers("larger", left, {"data": offers + 1}))
    return Market(
        "benchmark",
        title={"zh": "基准", "en": "benchmark"},
        about={"zh": "", "en": ""},
        kinds=(
            Kind(
                "data",
                title={"zh": "数据", "en": "data"},
                price=PRICE,
                quality=Distribution("uniform", 0.8, 1.0),
            ),
        ),
        suppliers=tuple(groups),
        buyers=(
            Buyers(
                "buyer",
                buyers,
                {"data": 1.0},
                budget=Distribution("fixed", 1e11),
                value=Distribution("lognormal", 200_000, 0.4),
                arrivals=min(1.1 * trades / (DAYS * buyers), 1_000.0),
            ),
        ),
        brokers=(Brokers("broker", brokers, ("data",), deals=1.0),) if brokers else (),
        house=HouseRules(netting_days=1),
        days=2 * DAYS,
        seed=SEED,
    )


# The market before its first wish, kept.


class Prepared(FastDepth):
    """Fast depth that opens with a market that was prepared, or prepares and keeps it."""

    def __init__(self, folder: Path, kept: Path, *, clerks: int) -> None:
        super().__init__(folder, clerks=clerks)
        self.kept = kept
        self.answers: list[list[Any]] = []
        self.first: tuple[float, ...] = ()  # when the first wish came: wall and CPU seconds
        self.before = 0  # entries that stood then
        self.took = (0.0, 0.0)  # wall and CPU seconds in which wishes were carried out
        self._again = (kept / "answers.pickle").is_file()

    def open(self, market: Market, seed: int) -> None:
        """Open the exchange, or a copy of the one that was prepared."""
        if not self._again:
            super().open(market, seed)
            return
        self.answers = pickle.loads((self.kept / "answers.pickle").read_bytes())  # noqa: S301 - ours
        shutil.copytree(self.kept / "exchange", self.folder / "exchange")
        self.resume(market, seed, self.kept / "state")

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants."""
        return self._answered(lambda: list(super(Prepared, self).admit(day, agents)))

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Bring products to the gate, telling how far it is."""
        if self._again:
            return self._answered(list)
        start = time.monotonic()
        self.told = lambda done, of: told(f"{done:,} of {of:,} products at the gate", start)
        return self._answered(lambda: list(super(Prepared, self).place(offerings)))

    def list_due(self, day: int) -> Sequence[Placed]:
        """List what is due; after the first morning the market is kept."""
        if day:
            return super().list_due(day)
        found = self._answered(lambda: list(super(Prepared, self).list_due(day)))
        if not self._again:
            (self.kept / "state").mkdir(parents=True)
            self.save(self.kept / "state")
            shutil.copytree(self.exchange, self.kept / "exchange")
            (self.kept / "answers.pickle").write_bytes(pickle.dumps(self.answers))
        return found

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes, and note how long that takes."""
        before = time.monotonic(), spent()
        if not self.first:
            self.first, self.before = before, self._company.size
        outcomes = super().carry_out(wishes)
        self.took = self.took[0] + time.monotonic() - before[0], self.took[1] + spent() - before[1]
        return outcomes

    def _answered(self, ask: Callable[[], list[Any]]) -> list[Any]:
        if self._again:
            known: list[Any] = self.answers.pop(0)
            return known
        self.answers.append(ask())
        return self.answers[-1]


# Watching.


def spent() -> float:
    """Return the CPU seconds of this process and of those that it started, running or ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for stat in _children():
        fields = stat.rpartition(")")[2].split()
        total += (int(fields[11]) + int(fields[12])) / TICKS
    return total


TICKS = 100  # of the kernel's clock in /proc, a second


def _children() -> Iterator[str]:
    own = str(os.getpid())
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            stat = path.read_text()
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == own:
            yield stat


class Memory(threading.Thread):
    """The most memory that this process and its children had together, in bytes."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most = 0
        self.over = threading.Event()

    def run(self) -> None:
        """Look twice a second."""
        page = resource.getpagesize()
        while not self.over.wait(0.5):
            own = int(Path("/proc/self/statm").read_text().split()[1])
            others = sum(int(stat.rpartition(")")[2].split()[21]) for stat in _children())
            self.most = max(self.most, (own + others) * page)


def told(words: str, since: float) -> None:
    """Say how far a long run is."""
    print(f"  {time.monotonic() - since:7.0f} s  {words}", file=sys.stderr, flush=True)


# Ours.


@dataclass
class Run:
    """What a run took, in seconds, and what it left."""

    prepared: tuple[float, float]
    wall: float
    cpu: float
    carried: tuple[float, float]
    trades: int
    wishes: int
    size: int
    before: int
    by_services: int
    memory: int
    deciding: float  # seconds of one agent's step
    licensed: float  # the same where it asks for the licences as well that the market has left


def play(depth: Prepared, options: argparse.Namespace) -> Run:
    """Play until there are as many trades as asked, and close."""
    market = market_of(options.trades, options.products, options.merchants)
    memory = Memory()
    memory.start()
    begun, cpu = time.monotonic(), spent()
    depth.open(market, SEED)
    kernel = Kernel(market, SEED, Recorder(depth.folder, depth))
    for progress in kernel.days():
        told(f"day {progress.day}: {progress.trades:,} trades of {options.trades:,}", begun)
        if progress.trades >= options.trades:
            break
    closing = depth.close()
    wall, used = time.monotonic() - depth.first[0], spent() - depth.first[1]
    memory.over.set()
    return Run(
        prepared=(depth.first[0] - begun, depth.first[1] - cpu),
        wall=wall,
        cpu=used,
        carried=depth.took,
        trades=kernel.trades,
        wishes=kernel.numbered,
        size=closing.size,
        before=depth.before,
        by_services=depth.by_services,
        memory=memory.most,
        deciding=step_seconds(kernel, replace(kernel.minds, owned=kernel.minds.owned[:0])),
        licensed=step_seconds(kernel, kernel.minds),
    )


def step_seconds(kernel: Kernel, minds: Minds) -> float:
    """Return the seconds of one agent's step, where so many decide at once in the same market."""
    crowd: Crowd = kernel.crowd
    everybody = np.arange(AGENTS) % len(crowd)
    crowd.looks = np.ones_like(crowd.looks)  # Mesa's agent looks at one price as well
    took = []
    for turn in range(STEPS):
        start = time.process_time()
        crowd.look(everybody, everybody.astype(np.uint64) + turn, kernel.shelves, minds)
        took.append(time.process_time() - start)
    return min(took) / len(everybody)


# Bare.


def bare_seconds(kept: Path, played: Path, rows_a_turn: int, limit: int) -> tuple[float, float]:
    """Write what was played again through Core; return wall and CPU seconds.

    Table by table, parents first, so many rows a transaction: `limit` is how many entries are
    written again, and of every other table its rows in proportion.  Where that is not all, no
    foreign key is checked, since some would be of rows left out, which makes bare the faster.
    """
    with tempfile.TemporaryDirectory(dir=played.parent) as folder:
        copy = Path(folder) / DATABASE
        shutil.copyfile(kept / "state" / DATABASE, copy)
        engine = open_engine(copy, writing=True, lasting=False)
        wall = cpu = 0.0
        with closing(sqlite3.connect(played / DATABASE)) as source:
            source.row_factory = sqlite3.Row
            entries = _span(source, copy, "ledger_entry")
            share = min(1.0, limit / (entries[1] - entries[0]))
            if share < 1:
                event.listen(engine, "connect", _unchecked)
            for name in TABLES:
                statement = insert(SQLModel.metadata.tables[name])
                for rows in _added(source, copy, name, rows_a_turn, share):
                    start, used = time.monotonic(), time.process_time()
                    with engine.begin() as connection:
                        connection.execute(statement, rows)
                    wall += time.monotonic() - start
                    cpu += time.process_time() - used
        engine.dispose()
    return wall, cpu


def _unchecked(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _span(source: sqlite3.Connection, copy: Path, name: str) -> tuple[int, int]:
    """Return the last row of a table when the copy was made, and the last there is."""
    newest = f"SELECT coalesce(max(rowid), 0) FROM {name}"  # noqa: S608 - a table of ours
    with closing(sqlite3.connect(copy)) as there:
        return there.execute(newest).fetchone()[0], source.execute(newest).fetchone()[0]


def _added(
    source: sqlite3.Connection, copy: Path, name: str, rows_a_turn: int, share: float
) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows that a table got since the copy was made, or a share of them."""
    known, newest = _span(source, copy, name)
    last = known + round((newest - known) * share)
    while known < last:
        found = source.execute(
            f"SELECT rowid AS at, * FROM {name} WHERE rowid > ? ORDER BY rowid LIMIT ?",  # noqa: S608
            (known, min(rows_a_turn, last - known)),
        ).fetchall()
        if not found:
            return
        known = found[-1]["at"]
        yield [{key: row[key] for key in row.keys() if key != "at"} for row in found]  # noqa: SIM118


# Mesa.


def mesa_step_seconds(agents: int) -> float | None:
    """Return the seconds of one step of one agent of Mesa; None where it is not installed."""
    if importlib.util.find_spec("mesa") is None:
        return None
    import mesa  # noqa: PLC0415 - only where it is

    class Buyer(mesa.Agent):  # type: ignore[misc, name-defined]
        """Draws a value, looks at a price, and decides."""

        wants = -1

        def step(self) -> None:
            """Do all of it once."""
            product = self.random.randrange(len(self.model.prices))
            value = self.random.lognormvariate(12.2, 0.4)
            self.wants = product if value >= self.model.prices[product] else -1

    class Floor(mesa.Model):  # type: ignore[misc, name-defined]
        """A price for each product, and everybody who buys."""

        def __init__(self) -> None:
            super().__init__(seed=SEED)
            self.prices = [self.random.uniform(50_000, 150_000) for _ in range(10_000)]
            Buyer.create_agents(self, agents)

        def step(self) -> None:
            """Let everybody decide."""
            self.agents.do("step")

    floor, took = Floor(), []
    for _ in range(STEPS):
        start = time.process_time()
        floor.step()
        took.append(time.process_time() - start)
    return min(took) / agents


def main() -> None:
    """Play, measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trades", type=int, default=20_000)
    parser.add_argument("--products", type=int, default=200)
    parser.add_argument("--merchants", type=int, default=2_000)
    parser.add_argument("--clerks", type=int, default=1, help="processes that write up beside")
    parser.add_argument("--prepared", type=Path, help="a folder that keeps the market as it opens")
    parser.add_argument("--folder", type=Path, help="where to play, instead of a temporary folder")
    parser.add_argument("--bare", type=int, default=900_000, help="entries written again, at most")
    parser.add_argument("--no-audit", action="store_true")
    options = parser.parse_args()
    print_machine(
        trades=options.trades,
        products=options.products,
        merchants=options.merchants,
        clerks=options.clerks,
    )
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        kept = options.prepared or folder / "kept"
        (folder / "run").mkdir()
        depth = Prepared(folder / "run", kept, clerks=options.clerks)
        run = play(depth, options)
        report_run(run)
        bare = bare_seconds(kept, depth.exchange, BARE_ROWS, options.bare)
        report_bare(run, bare, min(options.bare, run.size - run.before))
        report_steps(run, mesa_step_seconds(AGENTS))
        if not options.no_audit:
            report_audit(depth, run)
        depth.leave()


def report_run(run: Run) -> None:
    """Print what a trade took."""
    print_table(
        ["", "wall s", "CPU s", "ms a trade"],
        [
            ["to the first wish", f"{run.prepared[0]:.0f}", f"{run.prepared[1]:.0f}", ""],
            [
                "the market",
                f"{run.wall:.0f}",
                f"{run.cpu:.0f}",
                f"{run.wall / run.trades * 1e3:.2f} wall, {run.cpu / run.trades * 1e3:.2f} CPU",
            ],
            [
                "of it carrying out",
                f"{run.carried[0]:.0f}",
                f"{run.carried[1]:.0f}",
                f"{run.carried[1] / run.trades * 1e3:.2f} CPU",
            ],
        ],
    )
    entries = run.size - run.before
    print(
        f"{run.trades:,} trades of {run.wishes:,} wishes, {run.by_services:,} by the services; "
        f"{entries:,} entries, {entries / run.wall:,.0f} a second; "
        f"at most {run.memory / 2**30:.2f} GiB of memory"
    )
    minutes = run.wall / 60
    gib = run.memory / 2**30
    print_table(
        ["", "found", "bar", ""],
        [
            ["minutes", f"{minutes:.1f}", BAR_MINUTES, verdict(BAR_MINUTES / minutes, 1)],
            ["GiB", f"{gib:.2f}", BAR_GIB, verdict(BAR_GIB / gib, 1)],
        ],
    )


def report_bare(run: Run, bare: tuple[float, float], entries: int) -> None:
    """Print what bare inserts of the same rows took."""
    ours = run.carried[1] / (run.size - run.before)
    ratio = bare[1] / entries / ours
    print(
        f"bare Core: {entries:,} entries with all rows beside them in {bare[0]:.0f} s, "
        f"{bare[1]:.0f} s of CPU: {bare[1] / entries * 1e6:.0f} µs an entry, ours {ours * 1e6:.0f}"
    )
    print_table(
        ["ratio", "found", "bar", ""],
        [["bare / ours, by CPU", f"{ratio:.2f}", BAR_BARE, verdict(ratio, BAR_BARE)]],
    )


def report_steps(run: Run, mesa: float | None) -> None:
    """Print what a decision of an agent takes."""
    print(
        f"an agent's step: {run.deciding * 1e9:,.0f} ns, and {run.licensed * 1e9:,.0f} where it "
        "leaves out what it has a licence for at the end of this run as well, which Mesa's does not"
    )
    if mesa is None:
        print("Mesa is not installed: it is put beside by hand (pip install mesa)")
        return
    ratio = mesa / run.deciding
    words = f"Mesa ({mesa * 1e9:,.0f} ns) / ours"
    print_table(
        ["ratio", "found", "bar", ""],
        [[words, f"{ratio:.0f}", BAR_MESA, verdict(ratio, BAR_MESA)]],
    )


def report_audit(depth: Prepared, run: Run) -> None:
    """Print what the audit found, and what it took."""
    start, used = time.monotonic(), spent()
    faults = depth.audit()
    wall, cpu = time.monotonic() - start, spent() - used
    print(
        f"audit: {len(faults)} faults in {run.size:,} entries; {wall:.0f} s, {cpu:.0f} s of CPU, "
        f"{wall / run.size * 1e6:.0f} µs an entry"
    )


if __name__ == "__main__":
    main()
