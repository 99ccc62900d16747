"""Fast depth: the same rules in batches, leaving behind the very log and rows of full depth.

What is rare goes through the services themselves: admissions, the gate, shocks, ends of days,
bargains, auctions, deals, and whatever a rule may refuse.  A run of wishes at posted prices is
decided here by what the services would ask of each (`fast.stock`), written up by pens
(`fast.pen`), in other processes where there are any, and stored in a few statements.  Sealed
deliveries are not kept in the vault: each is a function of data and recipient.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

from exchange.clearing import available
from exchange.errors import Broken
from exchange.participants import Role, Standing
from exchange.services.publish_fees import published_fees
from exchange.simulation.depth import Closing, Ending, Offering, Outcome, Placed, Wish
from exchange.simulation.fast.clerks import SHEET, Clerks, unhurried
from exchange.simulation.fast.examiners import Brought, Examiners
from exchange.simulation.fast.pen import Buyer, Order, Use, Written
from exchange.simulation.fast.runs import Run, outcome_of, packed, unpacked
from exchange.simulation.fast.shelf import Narrowing, stands_until
from exchange.simulation.fast.stock import Stock, stock_of
from exchange.simulation.fast.storer import Storer
from exchange.simulation.full import FullDepth
from exchange.simulation.full.house import SimulatedHouse
from exchange.simulation.market import Market, Way
from ledger.acts import format_time
from ledger.ahead import processors
from ledger.scenarios import limits_of
from ledger.view import newest
from pricing.money import Currency

TAPE: Final = 1_024  # wishes stored at once, while the next ones are written up
TOGETHER: Final = 64  # admissions, or products at the gate, in one transaction
_Asked = TypeVar("_Asked")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class _Held:
    """A stock with the number that pens know it by; None where trades are not plain.

    Until the day `last` the services are not asked again.
    """

    number: int
    stock: Stock | None
    last: dt.date


class FastDepth(FullDepth):
    """One exchange in a folder, which a market is played on in batches.

    `clerks` is how many processes write wishes up beside this one, `tape` how many wishes are
    stored at once; what comes out is the same whatever they are.
    """

    def __init__(self, folder: Path, *, clerks: int = 0, tape: int = TAPE) -> None:
        super().__init__(folder)
        self._count, self._tape = clerks, tape
        self._storer = Storer()
        self._open: ExitStack | None = None  # the transaction of the day
        self._size: int | None = None  # of the log, with what is on its way to the store
        self._clerks: Clerks | None = None
        self._uses: dict[tuple[int, int], bytes] = {}
        self._narrowing = Narrowing()
        # As many as there are processors: the gate waits for them.
        self._examiners = Examiners(clerks and processors())
        # Who hears how many of so many were admitted, placed or listed.
        self.told: Callable[[int, int], None] = lambda _done, _of: None
        self.by_services = 0  # how many wishes were none that could be written up
        self._forget()

    def _changing(self) -> None:
        """Count the log anew, which others than the storer change."""
        self._size = None

    def _forget(self) -> None:
        """Ask the services anew about everybody and everything."""
        self._stocks: dict[tuple[int, str], _Held] = {}
        self._numbered = 0
        self._buyers: dict[int, Buyer | None] = {}
        self._money: dict[int, int] = {}
        self._fees: Sequence[tuple[str, str]] = ()
        self._standing: dict[str, dt.date] = {}  # listings, up to when nothing ends them
        if self._clerks:
            self._clerks.close()
            self._clerks = None

    # What changes what a trade finds.

    def _sit(self, house: SimulatedHouse, market: Market, seed: int) -> None:
        super()._sit(house, market, seed)
        venue = house.venue
        floor = self._examiners.floor(self._narrowing.floor(venue.floor))
        venue.__dict__["floor"] = self._storer.floor(floor, self._changing)
        self._forget()
        self._uses.clear()

    @property
    def _derives(self) -> bool:
        """Whether products come from one another: rights to that end with time."""
        return any(kind.parents for kind in self._company.market.kinds)

    def admit(self, day: int, agents: Sequence[tuple[int, str, str, int]]) -> Sequence[str]:
        """Admit merchants, many in one transaction."""
        return self._together(agents, lambda some: super(FastDepth, self).admit(day, some))

    def place(self, offerings: Sequence[Offering]) -> Sequence[Placed]:
        """Register products and have them assessed; none comes from another."""
        company, gate = self._company, self._gate
        brought = [
            Brought(
                offering,
                company.market.kind(offering.kind),
                company.seed,
                tuple(gate.contributors(offering)),
            )
            for offering in offerings
        ]
        with self._examiners.ahead_of(brought) as ahead:

            def place(some: Sequence[Offering]) -> list[Placed]:
                placed = []
                for offering in some:
                    ahead.reach(offering.number)
                    placed += gate.place([offering])
                return placed

            return self._together(offerings, place)

    def list_due(self, day: int) -> Sequence[Placed]:
        """Ask for the listing of whatever's notice has run, many in one transaction."""
        gate = self._gate

        def put_up(some: Sequence[int]) -> list[Placed]:
            placed = gate.put_up(some, day)
            if not self._derives:  # a verdict of this very day is not asked for again tonight
                self._note_standing([each.product for each in placed if not each.refused_by])
            return placed

        return self._together(gate.due(day), put_up)

    def _together(
        self, many: Sequence[_Asked], do: Callable[[Sequence[_Asked]], Sequence[_Answer]]
    ) -> list[_Answer]:
        """Do what is asked of the services, for many in one transaction."""
        answers: list[_Answer] = []
        self._rise()
        for start in range(0, len(many), TOGETHER):
            with self._company.house.venue.together():
                answers += do(many[start : start + TOGETHER])
            self.told(len(answers), len(many))
        return answers

    def end_day(self, day: int) -> None:
        """Let the day pass: listings may have lapsed, and money may have moved."""
        self._sit_together()
        try:
            super().end_day(day)
        except BaseException:
            self._break_off()
            raise
        self._rise()
        self._money.clear()

    def _let_lapse(self) -> None:
        """Ask again for the listings that may not stand as they did; the rest as ever."""
        if self._derives:
            super()._let_lapse()
            return
        today = self._company.floor.clock().date()
        asked = [
            number
            for number in self._gate.products.values()
            if self._standing.get(number, dt.date.min) < today
        ]
        with self._narrowing.to(asked):
            super()._let_lapse()
        self._note_standing(asked)

    def _note_standing(self, asked: Sequence[str]) -> None:
        """Note until when listings that were just asked about need not be asked about again."""
        today = self._company.floor.clock().date()
        with self._company.floor.read() as work:
            for number in asked:
                self._standing[number] = stands_until(work.products.get(number), today)

    def strike(self, day: int, blow: str, target: Sequence[int], amount: int) -> None:
        """Carry out a shock, after which everything is asked anew."""
        self._rise()
        super().strike(day, blow, target, amount)
        self._forget()

    def close(self) -> Closing:
        """Sign the last checkpoint and say what is left."""
        self._rise()
        self._forget()
        return super().close()

    # Wishes.

    def carry_out(self, wishes: Sequence[Wish]) -> Sequence[Outcome]:
        """Carry out wishes in their order: plain ones in runs, the others by the services.

        While it is decided on some, those before them are written up and stored.
        """
        self._sit_together()
        try:
            with unhurried():
                return self._carried_out(wishes)
        except BaseException:
            self._break_off()
            raise

    def _carried_out(self, wishes: Sequence[Wish]) -> list[Outcome]:
        self._look_up(wishes)
        self._look_over(wishes)
        outcomes: list[Outcome] = []
        run = Run()
        for auctioned, together in groupby(
            wishes, key=lambda wish: wish.product if wish.way is Way.AUCTION else -1
        ):
            bids = list(together)
            groups = [bids] if auctioned >= 0 else [[bid] for bid in bids]
            for group in groups:
                wish = group[0]
                if (wish.buyer, wish.product) in run.filed:
                    self._finish(run, outcomes)
                if wish.way is Way.POSTED and self._decided(wish, run):
                    self._hand(run, outcomes, least=min(SHEET, self._tape))
                    continue
                self._finish(run, outcomes)
                outcomes += super().carry_out(group)
                self.by_services += len(group)
                self._touched(group)
        self._finish(run, outcomes)
        return outcomes

    def _look_up(self, wishes: Iterable[Wish]) -> None:
        """Learn what buyers may spend; nothing waits to be written."""
        members = self._company.members
        asked = {
            available(members[wish.buyer].id): wish.buyer
            for wish in wishes
            if wish.way is Way.POSTED and wish.buyer not in self._money
        }
        if not asked:
            return
        with self._company.floor.read() as work:
            found = work.accounts.spendable_of(asked)
        for account, buyer in asked.items():
            spendable = found.get((account, Currency.CNY))
            self._money[buyer] = spendable[0].minor if spendable else 0

    def _look_over(self, wishes: Sequence[Wish]) -> None:
        """Learn what is wished for while nothing is on its way: later on each look would wait.

        That is as of the first wish, where the services do not act on it: they may act earlier.
        """
        if not wishes or wishes[0].way is not Way.POSTED:
            return
        self._company.at(wishes[0].day, wishes[0].second)
        moment = self._company.floor.clock()
        for wish in wishes:
            if wish.way is Way.POSTED:
                self._found(wish, moment)

    def _touched(self, group: Sequence[Wish]) -> None:
        """Look anew at whatever wishes that the services carried out have changed."""
        for wish in group:
            self._money.pop(wish.buyer, None)
            for key in [key for key in self._stocks if key[0] == wish.product]:
                held = self._stocks[key]
                if held.stock is not None:
                    del self._stocks[key]
        self._look_up([replace(wish, way=Way.POSTED) for wish in group])

    # Deciding.

    def _decided(self, wish: Wish, run: Run) -> bool:
        """Decide on a plain wish and let it wait; False for one that is not plain."""
        company = self._company
        company.at(wish.day, wish.second)
        moment = company.floor.clock()
        today = moment.date()
        found = self._found(wish, moment)
        if found is None:
            return False
        buyer, held = found
        if held.stock is None:
            return False
        key, stock = (wish.buyer, wish.product), held.stock
        known, last = self._dealing.scenarios.get(key, ("", ""))
        use = None
        if known and today.isoformat() <= last:
            use = self._use(key, known)
            if use is None:
                return False
        ending = self._ending(wish, stock)
        run.wishes.append(wish)
        run.orders.append(Order(wish.number, moment, buyer, held.number, ending, use))
        run.stocks.append(stock)
        if use is None:
            run.filed.add(key)
        return True

    def _found(self, wish: Wish, moment: dt.datetime) -> tuple[Buyer, _Held] | None:
        """Return who wishes and what there is for its group; None for who may not trade."""
        buyer = self._buyer(wish.buyer)
        if buyer is None or buyer.licensed < moment.date().isoformat():
            return None
        return buyer, self._held(wish, moment)

    def _ending(self, wish: Wish, stock: Stock) -> Ending:
        """Say how a plain wish ends, and move the money that this takes."""
        if stock.amount > wish.limit:
            return Ending.DECLINED
        if wish.fails == "payment":
            return Ending.LAPSED
        if self._money[wish.buyer] < stock.amount:
            return Ending.SHORT
        if wish.fails:
            return Ending.CANCELLED
        self._money[wish.buyer] -= stock.amount
        return Ending.EXECUTED

    def _buyer(self, position: int) -> Buyer | None:
        """Return a buyer who may trade; None for anybody else."""
        if position not in self._buyers:
            company = self._company
            with company.floor.read() as work:
                found = work.participants.get(company.members[position].id)
            fit = found.standing is Standing.ADMITTED and Role.BUYER in found.roles
            alone = found.roles == {Role.BUYER}  # so that nobody pays it meanwhile
            licensed = found.verified_until or ""
            self._buyers[position] = (
                Buyer(found.id, found.handle, licensed) if fit and alone else None
            )
        return self._buyers[position]

    def _held(self, wish: Wish, moment: dt.datetime) -> _Held:
        company = self._company
        group = company.buyers_of(wish.buyer)
        key = wish.product, group.name
        held, today = self._stocks.get(key), moment.date()
        fees = self._in_force(format_time(moment))
        if held is None or today > held.last or (held.stock and held.stock.fees != fees):
            floor = company.floor
            with floor.read() as work:
                buyer = work.participants.get(company.members[wish.buyer].id)
                filing = self._dealing.filing(wish)
                stock = stock_of(filing, buyer, work=work, floor=floor)
            self._numbered += 1
            # What is not plain today may be tomorrow.
            held = _Held(self._numbered, stock, stock.last if stock else today)
            self._stocks[key] = held
        return held

    def _in_force(self, now: str) -> str:
        """Return the digest of the schedule of fees that holds; empty before there is one."""
        if not self._fees:
            with self._company.floor.read() as work:
                found = published_fees(work, self._company.floor)
            schedules = [(each.schedule.since, each.schedule.digest) for each in found]
            self._fees = [*schedules, ("", "")]
        return next(digest for since, digest in self._fees if since <= now)

    def _use(self, key: tuple[int, int], scenario: str) -> Use | None:
        """Return a running scenario of the buyer; None for one that an assessor has limited."""
        if key in self._uses:
            return unpacked(self._uses[key])
        with self._company.floor.read() as work:
            view, subject = work.chain.store, f"scenario/{scenario}"
            filed = newest(view, subject, "scenario.filed")
            approved = newest(view, subject, "scenario.approved")
        if filed is None or approved is None or limits_of(approved):
            return None
        made = filed.facts["scenario"]
        use = Use(scenario, filed.leaf.hex(), approved.leaf.hex(), made)
        self._uses[key] = packed(use)
        return use

    # Writing up and storing.

    def _hand(self, run: Run, outcomes: list[Outcome], *, least: int) -> None:
        """Hand out what waits to be written up, if it is enough, and take what has been."""
        waiting = len(run.orders) - run.handed
        if not waiting or waiting < least:
            return
        if self._clerks is None:
            house = self._company.floor.house
            self._clerks = Clerks(
                self._count,
                seed=self._company.seed,
                house=house.operator,
                quote_seconds=house.quote_seconds,
            )
        orders = run.orders[run.handed :]
        stocks = zip(orders, run.stocks[run.handed :], strict=True)
        self._clerks.hand(orders, {order.stock: stock for order, stock in stocks})
        run.handed = len(run.orders)
        while self._clerks.busy and self._take(run, outcomes):
            pass

    def _take(self, run: Run, outcomes: list[Outcome]) -> bool:
        """Take a sheet that was written up; False where there is none left."""
        written = self._clerks.take() if self._clerks else None
        if written is None:
            return False
        run.written.extend(written)
        if len(run.written.uses) >= self._tape:
            self._store(run, outcomes)
        return True

    def _finish(self, run: Run, outcomes: list[Outcome]) -> None:
        """Have all of a run written up and on its way to the store; nothing of it is left."""
        self._hand(run, outcomes, least=1)
        while self._take(run, outcomes):
            pass
        self._store(run, outcomes)
        run.begin()

    def _store(self, run: Run, outcomes: list[Outcome]) -> None:
        """Send what was written to the store, and say what came of it."""
        written, run.written = run.written, Written()
        if not written.uses:
            return
        if self._size is None:
            self._size = self._company.size
        done = zip(written.uses, written.trades, written.sizes, strict=True)
        for n, (use, trade, size) in enumerate(done, run.done):
            wish, order, stock = run.wishes[n], run.orders[n], run.stocks[n]
            if order.use is None:
                key = wish.buyer, wish.product
                self._uses[key] = packed(use)
                last = order.moment.date() + dt.timedelta(days=stock.term_days)
                self._dealing.scenarios[key] = use.id, _written_day(last)
                run.filed.discard(key)
            outcomes.append(outcome_of(order, stock, trade, self._size, size))
            self._size += size
        run.done += len(written.uses)
        self._storer.store(written.tape)

    # Days in one transaction.

    def _sit_together(self) -> None:
        """Put what follows in the transaction of the day."""
        if self._open is None:
            self._storer.settle()
            self._open = ExitStack()
            self._storer.opens = self._open.enter_context(self._company.house.venue.together())

    def _rise(self) -> None:
        """End the transaction of the day, if there is one: whole, or nothing of it."""
        try:
            self._storer.settle()
        except BaseException:
            self._break_off()
            raise
        if self._open is not None:
            together, self._open = self._open, None
            together.close()

    def _break_off(self) -> None:
        """Leave nothing of the transaction of the day."""
        self._storer.give_up()
        if self._open is not None:
            together, self._open = self._open, None
            broken = Broken("the day was broken off")
            with suppress(Broken):
                together.__exit__(Broken, broken, None)

    def save(self, folder: Path) -> None:
        """Keep the database and what the desks remember."""
        self._rise()
        super().save(folder)

    def leave(self) -> None:
        """Leave the exchange closed."""
        self._rise()
        self._storer.close()
        super().leave()


@lru_cache(maxsize=4_096)
def _written_day(day: dt.date) -> str:
    return day.isoformat()
