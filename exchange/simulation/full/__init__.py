"""Full depth: a market played on the real services and a real database, act by act.

Every merchant sits at a desk with its own key, and whatever a service refuses is an outcome with
the rule that said no; only a store that contradicts itself ends a run.  Each admission, offering,
wish, auction and end of a day draws its nonces and salts from the stream of its own label, so
another depth can leave the very same log behind.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from exchange.clearing import FEES, available
from exchange.clearing.fees import FeeSchedule, ModeFee
from exchange.errors import NotFound
from exchange.lapsing import Lapsing
from exchange.ports import UnitOfWork
from exchange.services.audit_provenance import export_bundle
from exchange.services.check_money import check_money
from exchange.services.close_cycle import close_cycle
from exchange.services.settle import settled_lines
from exchange.simulation.depth import Closing, Offering, Outcome, Placed, Wish
from exchange.simulation.full.auctioneer import hold
from exchange.simulation.full.company import Company
from exchange.simulation.full.dealing import Dealing
from exchange.simulation.full.gatekeeping import Gatekeeping
from exchange.simulation.full.goods import declared
from exchange.simulation.full.house import SimulatedHouse, instant
from exchange.simulation.market import Blow, Market, Way
from exchange.trading import TradeState
from exchange.venue import DATABASE
from ledger.acts import format_time, parse_time
from ledger.ahead import processors
from ledger.audit import audit
from ledger.fees import NOTICE

LAST_SECOND: Final = 86_399
STATE: Final = "depth.json"


class FullDepth:
    """One exchange in a folder, which a market is played on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._since = ""  # when the newest schedule of fees begins
        self._company: Company
        self._gate: Gatekeeping
        self._dealing: Dealing

    @property
    def exchange(self) -> Path:
        """The folder of the exchange itself."""
        return self.folder / "exchange"

    def open(self, market: Market, seed: int) -> None:
        """Open the exchange with its house and assessors."""
        self._sit(SimulatedHouse.opened(self.exchange, market, seed), market, seed)
        self._company.admit_staff()

    def _sit(self, house: SimulatedHouse, market: Market, seed: int) -> None:
        workplace = self.folder / "desks"
        # What a process that was killed has left there would be in the way of who does it again.
        shutil.rmtree(workplace, ignore_errors=True)
        workplace.mkdir()
        self._company = Company(house, market, seed, workplace)
        self._gate = Gatekeeping(self._company)
        self._dealing = Dealing(self._company, self._gate)

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants: position, handle, role, and the money each deposits."""
        return self._company.admit(day, agents)

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Register products and have them assessed."""
        return self._gate.place(offerings)

    def list_due(self, day: int) -> Sequence[Placed]:
        """Ask for the listing of whatever's notice has run."""
        return self._gate.list_due(day)

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes in their order; bids for one product are one auction."""
        outcomes: list[Outcome] = []
        for product, together in groupby(
            wishes, key=lambda wish: wish.product if wish.way is Way.AUCTION else -1
        ):
            if product >= 0:
                outcomes += hold(list(together), self._dealing)
            else:
                outcomes += map(self._dealing.carry_out, together)
        return outcomes

    def end_day(self, day: int) -> None:
        """Let the day pass: what lapses lapses, what is due is netted."""
        company = self._company
        company.at(day, LAST_SECOND)
        company.enter(f"day {day}")
        self._let_lapse()
        cycle = company.market.house.netting_days
        if cycle and (day + 1) % cycle == 0:
            close_cycle(company.floor.clock().date(), floor=company.floor)

    def _let_lapse(self) -> None:
        """Let what is over end: listings, scenarios, contracts."""
        Lapsing(lambda: self._company.floor, seconds=1).round()

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Publish the fee that holds from a day on, or suspend suppliers."""
        company = self._company
        if blow == Blow.FEE:
            self._publish(day, amount)
        elif blow == Blow.EXIT:
            for position in target:
                company.enter(f"exit {position}")
                desk = company.desk(position)
                company.operator.suspend(desk.participant, "the supplier leaves the market")

    def _publish(self, day: int, ppm: int) -> None:
        company = self._company
        earliest = max(company.floor.clock() + NOTICE, instant(company.market, day, 0))
        if self._since:  # a schedule begins after the one before
            after = parse_time(self._since, "since")
            earliest = max(earliest, after + dt.timedelta(seconds=1))
        self._since = format_time(earliest)
        company.enter(f"fees from {self._since}")
        fees = {"posted": ModeFee(ppm)}
        schedule = FeeSchedule(f"from day {day}", self._since, ppm, fees)
        company.operator.publish_fees(schedule)

    def close(self) -> Closing:
        """Sign the last checkpoint and say what is left."""
        company = self._company
        floor = company.floor
        with floor.write() as work:
            floor.sign_checkpoint(work)
        with floor.read() as work:
            edge = work.chain.store.edge()
            balances = {
                member.id: work.accounts.balance(available(member.id)).minor
                for member in company.members.values()
            }
            fees = work.accounts.balance(FEES).minor
            shares = list(self._shares(work))
        return Closing(edge.size, edge.root.hex(), balances, fees, shares)

    def _shares(self, work: UnitOfWork) -> Iterator[tuple[int, str, int, int]]:
        """Yield who shares in what products have brought, by the lines of their settlements."""
        gate = self._gate
        for number, offering in gate.offerings.items():
            contributors = gate.contributors(offering)
            if not contributors or number not in gate.products:
                continue
            got: Counter[str] = Counter()
            for trade in work.trades.of_product(gate.products[number]):
                if trade.state is TradeState.EXECUTED:
                    for line in settled_lines(trade, work):
                        got[line.account] += line.amount.minor
            parts = declared(self._company.market.kind(offering.kind))
            for who, part in zip(contributors, parts, strict=False):
                yield number, who, part, got[available(who)]

    def audit(self) -> Sequence[str]:
        """Audit the log offline and count the money; return what is wrong, in words."""
        floor = self._company.floor
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            folder = Path(name) / "bundle"
            export_bundle(folder, floor=floor)
            report = audit(folder, key=floor.log_key, processes=processors())
        found = [f"{each.place}: {each.rule}: {each.words}" for each in report.findings]
        money = [
            f"{check.rule}: {words}" for check in check_money(floor=floor) for words in check.faults
        ]
        return found + money

    def leave(self) -> None:
        """Leave the exchange closed, as others find one that they can open."""
        company = self._company
        company.house.leave(company.seed)
        company.house.venue.close()
        shutil.rmtree(company.workplace, ignore_errors=True)

    # Between two days.

    def save(self, folder: Path) -> None:
        """Keep the database and what the desks remember; files in the vault never change."""
        with (
            closing(sqlite3.connect(self.exchange / DATABASE)) as live,
            closing(sqlite3.connect(folder / DATABASE)) as kept,
        ):
            live.backup(kept)
        (folder / STATE).write_text(json.dumps(self.remembered()))

    def remembered(self) -> dict[str, Any]:
        """Return what is known beside the database, as a JSON object."""
        return {
            "moment": format_time(self._company.floor.clock()),
            "since": self._since,
            "members": self._company.to_record(),
            "gate": self._gate.to_record(),
            "scenarios": self._dealing.to_record(),
        }

    def resume(self, market: Market, seed: int, folder: Path) -> None:
        """Go on from a state that was kept: what came after it in the database is undone."""
        try:
            state = json.loads((folder / STATE).read_text())
        except FileNotFoundError as error:
            raise NotFound(f"{folder}: no state was kept there") from error
        for suffix in ("", "-wal", "-shm"):
            (self.exchange / f"{DATABASE}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(folder / DATABASE, self.exchange / DATABASE)
        self.reopen(market, seed, state)

    def reopen(self, market: Market, seed: int, state: dict[str, Any]) -> None:
        """Open the exchange as its folder has it, with what is remembered beside the database."""
        moment = parse_time(state["moment"], "moment")
        self._sit(SimulatedHouse.reopened(self.exchange, seed, moment), market, seed)
        self._since = state["since"]
        self._company.read(state["members"])
        self._gate.read(state["gate"])
        self._dealing.read(state["scenarios"])

    def die(self) -> None:
        """Let go of the exchange as a process does that dies: nothing is finished or written."""
        self._company.house.venue.close()

    @property
    def size(self) -> int:
        """How many entries the log has."""
        return self._company.size

    def leaves(self, *, besides: str) -> Sequence[str]:
        """Return the leaf hashes of the log, besides those of one kind of entry."""
        with self._company.floor.read() as work:
            return [e.leaf.hex() for e in work.chain.store.entries() if e.kind != besides]

    def watch_writing(self, before: Callable[[], None]) -> None:
        """Call `before` ahead of every statement and commit of the exchange."""
        self._company.house.venue.watch_writing(before)
