"""A market on which anything is tried: every move is drawn, some go wrong on purpose.

A move is refused, fails half way, or is done; whichever it was, the money must come out.
"""

from __future__ import annotations

import datetime as dt
import random
import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from exchange.clearing.fees import FeeSchedule, ModeFee, Tax
from exchange.clock import SimulatedClock
from exchange.engagements import Offer
from exchange.errors import ExchangeError
from exchange.listing import ListingState
from exchange.openings import Opening
from exchange.participants import Role, Standing
from exchange.payments import Payee, PayOutState, PayOutStatus
from exchange.services import execute_trade, settle, withdraw_money
from exchange.simulation.auditors.journal import Auditor
from exchange.trading import Trade
from ledger.acts import SignedAct, format_time, parse_time
from ledger.kinds.clearing import SERVICES
from pricing.money import Money
from tests.exchange import market_agreements, market_auctions, market_netting, market_plans
from tests.exchange.floor import DATA, PRICE, Hall, shared, sheet, welcome
from tests.exchange.services.plans import BY_CALL, MONTHLY, TRIAL, planned

BUYERS: Final = ("buyer", "rival")
FAULTS: Final = 0.08  # of the moves, a fault is injected into so many
STATEMENTS: Final = 40  # a fault comes before one of so many statements, or at the commit


class MovingClock(SimulatedClock):
    """The time of the market, moved by its moves alone, and kept in memory."""

    def __init__(self, path: Path, now: dt.datetime) -> None:
        super().__init__(path)
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def advance(self, span: dt.timedelta) -> dt.datetime:
        self.now += span
        return self.now


class Fault:
    """Lets one statement of a transaction that writes fail, or its commit."""

    def __init__(self, engine: Engine) -> None:
        self.left: int | None = None
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._commit)

    def _statement(self, *_: object) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                self._fail("statement")

    def _commit(self, *_: object) -> None:
        if self.left is not None and self.left > STATEMENTS // 2:
            self._fail("commit")

    def _fail(self, what: str) -> None:
        self.left = None
        raise OperationalError(what, {}, sqlite3.OperationalError("a fault was injected"))


class Market:
    """An open exchange, what its participants have on the table, and who draws the moves."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.clock = MovingClock(hall.folder / "clock", hall.floor.clock())
        hall.venue.clock = self.clock
        hall.venue.__dict__.pop("floor", None)
        self.fault = Fault(hall.venue._engine(writing=True))
        self.auditor = Auditor(hall.database)
        self.chance = random.Random()  # noqa: S311 - set by each move
        self.serial = 0
        self.numbers = [hall.number]
        self.quotes: deque[tuple[str, str]] = deque(maxlen=12)  # with whose each is
        self.trades: deque[str] = deque(maxlen=16)
        self.engagements: deque[str] = deque(maxlen=6)
        self.withdrawals: deque[str] = deque(maxlen=6)
        self.negotiations: deque[tuple[str, str]] = deque(maxlen=6)
        self.rest = len(DATA.encode()) - 40  # bytes of a delivery after its first part
        self.proposals: deque[str] = deque(maxlen=6)  # trades of which other terms were proposed
        self.deals: deque[tuple[str, str, str]] = deque(maxlen=6)  # with who filed, and with whom
        self.auctions: deque[str] = deque(maxlen=3)
        self.bids: deque[tuple[str, str, Opening]] = deque(maxlen=6)  # with whose each is
        self.plans: dict[str, str] = {}  # products sold by the period and by use
        self.subscriptions: deque[str] = deque(maxlen=4)  # trades
        self.used: deque[str] = deque(maxlen=4)  # trades
        self.done: deque[tuple[Callable[..., object], tuple[Any, ...]]] = deque(maxlen=12)
        self.outcomes: Counter[tuple[str, str]] = Counter()

    def open(self) -> None:
        """Put another product on the board, whose proceeds are shared, and two under plans.

        A schedule is in force by then that asks money for every service as well.
        """
        self._publish_fees()
        changed = sheet(sharing=shared(self.hall, supplier="QD", contributor="RZ"))
        first = self.hall.number
        self.numbers.append(self.hall.list(changed, DATA.replace("6.1", "6.11")))
        self.plans["periods"] = self.hall.list(planned(MONTHLY), DATA.replace("6.1", "5.1"))
        by_use = planned(BY_CALL, trial=TRIAL)
        self.plans["use"] = self.hall.list(by_use, DATA.replace("6.1", "4.1"))
        self.hall.number = first

    def _publish_fees(self) -> None:
        since = format_time(self.clock() + dt.timedelta(days=7))
        schedule = FeeSchedule(
            "of the market",
            since,
            50_000,
            {"posted": ModeFee(30_000, Money(100)), "auction": ModeFee(50_000)},
            Tax("VAT", 60_000),
            {name: Money(1_001) for name in SERVICES},
        )
        self.hall.house.publish_fees(schedule)
        self.clock.advance(dt.timedelta(days=7, seconds=1))
        self.hall.deposit("supplier", Money(20_000))

    def play(self, move: str, seed: int) -> str:
        """Try one move, and return how it ended: done, refused or failed."""
        self.chance = random.Random(seed)  # noqa: S311 - a repeatable choice
        faulty = self.chance.random() < FAULTS
        self.fault.left = self.chance.randrange(STATEMENTS) if faulty else None
        try:
            MOVES[move](self)
            outcome = "done"
        except ExchangeError as error:
            outcome = "failed" if "a fault was injected" in str(error) else "refused"
        except OperationalError:  # outside a unit of work
            outcome = "failed"
        finally:
            self.fault.left = None
        self.outcomes[move, outcome] += 1
        return outcome

    @contextmanager
    def over(self, number: str) -> Iterator[None]:
        """Let the hall act on one of the products."""
        before, self.hall.number = self.hall.number, number
        try:
            yield
        finally:
            self.hall.number = before

    def submit(self, service: Callable[..., object], *acts: Any) -> None:
        """Hand acts in, and remember them where they were taken, to hand them in again."""
        service(*acts, floor=self.hall.floor)
        self.done.append((service, acts))

    def some(self, things: Any) -> Any:
        """Draw one of what there is; a market without any refuses."""
        if not things:
            raise ExchangeError("there is none of it yet")
        return self.chance.choice(list(things))

    def a_trade(self, fits: Callable[[Trade], object]) -> str:
        """Draw a trade: mostly one that fits what is to be done with it, else any."""
        if self.chance.random() < 0.85:
            with self.hall.floor.read() as work:
                fitting = [name for name in self.trades if fits(work.trades.get(name))]
            if fitting:
                return str(self.chance.choice(fitting[-3:]))
        return str(self.some(self.trades))

    # Money.

    def _bank(self, kind: str, service: Callable[..., object], most: int) -> None:
        handle = self.some((*BUYERS, "supplier"))
        subject = f"account/{self.hall.participant(handle).id}"
        facts = {"amount": Money(self.chance.randrange(1, most)).to_record()}
        self.serial += 1
        signed, openings = self.hall.commit(
            "house", kind, subject, facts, {"reference": f"{kind} {self.serial}"}
        )
        self.submit(service, signed, openings)

    def deposit(self) -> None:
        self._bank("account.deposited", settle.deposit, 4 * PRICE.minor)

    def withdraw(self) -> None:
        self._bank("account.withdrawn", settle.withdraw, 2 * PRICE.minor)

    # A trade.

    def quote(self) -> None:
        handle = self.some(BUYERS)
        with self.over(self.some(self.numbers)):
            term = self.some((30, 365))
            scenario = self.hall.scenario(handle, term_days=term)
        quote = self.hall.desk(handle).quote(scenario).quote
        self.quotes.append((quote.id, handle))

    def order(self) -> None:
        name, handle = self.quotes[-1] if self.quotes else self.some(self.quotes)
        if self.chance.random() < 0.3:
            name, handle = self.some(self.quotes)
        if self.chance.random() < 0.05:
            handle = self.some(BUYERS)
        with self.hall.floor.read() as work:
            quote = work.quotes.get(name)
        facts = {
            "product": quote.product,
            "scenario": quote.scenario,
            "quote": quote.id,
            "terms": quote.terms,
            "amount": quote.amount.to_record(),
        }
        signed = self.hall.act(handle, "trade.ordered", None, facts)
        trade = execute_trade.order_product(signed, floor=self.hall.floor)
        self.done.append((execute_trade.order_product, (signed,)))
        self.trades.append(trade.id)

    def accept(self) -> None:
        day = format_time(self.clock() - dt.timedelta(days=1))
        ordered = self.a_trade(lambda trade: trade.state == "ordered" and trade.ordered_at > day)
        trade = self.hall.trade(ordered)
        with self.hall.floor.read() as work:
            terms = execute_trade.terms_of(trade.terms, work)
        facts = execute_trade.contract_facts(trade, terms, self.hall.floor)
        self.submit(
            execute_trade.accept_order, self._act("supplier", "trade.contracted", trade.id, facts)
        )

    def lapse(self) -> None:
        who, trade = self.some((*BUYERS, "supplier", "house")), self.some(self.trades)
        signed = self._act(who, "trade.lapsed", trade, {"reason": "too late"})
        self.submit(execute_trade.lapse_order, signed)

    def cancel(self) -> None:
        trade = self.hall.trade(self.a_trade(lambda trade: trade.delivery == "due"))
        facts = {"reason": "it is gone", "amount": trade.amount.to_record()}
        self.submit(
            execute_trade.cancel_trade, self._act("house", "trade.cancelled", trade.id, facts)
        )

    def _act(self, handle: str, kind: str, trade: str, facts: dict[str, Any]) -> SignedAct:
        return self.hall.act(handle, kind, f"trade/{trade}", facts)

    def deliver(self) -> None:
        trade = self.a_trade(lambda trade: trade.held.minor and trade.delivery == "due")
        self.hall.supplier.deliver(trade, self.hall.folder.parent)

    def receive(self) -> None:
        trade = self.hall.trade(self.a_trade(lambda trade: trade.delivery == "made"))
        with self.hall.floor.read() as work:
            handle = work.participants.get(trade.buyer).handle
        target = self.hall.folder.parent / f"{trade.id}.csv"
        target.unlink(missing_ok=True)
        try:
            self.hall.desk(handle).receive(trade.id, target)
        finally:
            target.unlink(missing_ok=True)

    def settle(self) -> None:
        trade = self.a_trade(lambda trade: trade.held.minor and trade.accepted)
        self.hall.house.settle(trade)

    # Money that waits for the bank, which may say anything, or nothing for long.

    def request(self) -> None:
        payee = Payee(name="引航买数有限公司", account="6222020000000000001")
        amount = Money(self.chance.randrange(1, 2 * PRICE.minor))
        desk = self.hall.desk(self.some((*BUYERS, "supplier")))
        self.withdrawals.append(desk.request_withdrawal(amount, payee).id)

    def end_withdrawal(self) -> None:
        status = self.some(
            (
                PayOutStatus(PayOutState.PAID, reference="OUT1"),
                PayOutStatus(PayOutState.FAILED, reason="no such account"),
                PayOutStatus(PayOutState.UNKNOWN),
            )
        )
        withdraw_money.end_withdrawal(self.some(self.withdrawals), status, floor=self.hall.floor)

    def limit(self) -> None:
        """Let a buyer owe, or no longer: its account may then fall below zero."""
        limit = Money(self.some((0, PRICE.minor, 2 * PRICE.minor)))
        participant = self.hall.participant(self.some(BUYERS))
        self.hall.house.set_credit(participant, limit, "a good customer")

    # A price that two come to.

    def negotiate(self) -> None:
        handle = self.some(BUYERS)
        exclusive = self.chance.random() < 0.3
        term = self.some((1, 2)) if exclusive else 30
        with self.over(self.some(self.numbers)):
            purpose = self.some(("research", "shipping"))
            scenario = self.hall.scenario(handle, term_days=term, purpose=purpose)
        (opened,) = self.hall.desk(handle).negotiate(scenario, exclusive=exclusive)
        self.negotiations.append((opened.id, handle))

    def bargain(self) -> None:
        """Offer, accept or walk away, on whichever side it may be."""
        name, handle = self.some(self.negotiations)
        desk = self.hall.desk(self.some((handle, "supplier")))
        match self.some(("offer", "offer", "accept", "end")):
            case "offer":
                desk.offer_price(name, Money(self.chance.randrange(1, PRICE.minor)))
            case "accept":
                self.quotes.append((desk.accept_offer(name).quote.id, handle))
            case _:
                desk.end_negotiation(name, "too dear")

    # Merchants for merchants.

    def engage(self) -> None:
        offer = Offer(
            role=Role.COMPLIANCE_ASSESSOR,
            products=(self.some(self.numbers),),
            work="assess it",
            fee=Money(self.chance.randrange(1, PRICE.minor // 2)),
            due=format_time(self.clock() + dt.timedelta(days=30)),
        )
        self.engagements.append(
            self.hall.supplier.engage(self.hall.participant("assessor"), offer).id
        )

    def engaged(self) -> None:
        """Move an engagement on, one way or another, by whoever it may be."""
        name = self.some(self.engagements)
        supplier, assessor, house = self.hall.supplier, self.hall.assessor, self.hall.house
        ways: tuple[Callable[[], object], ...] = (
            lambda: assessor.accept_engagement(name),
            lambda: assessor.decline_engagement(name, "no time"),
            lambda: assessor.deliver_work(name, b"the report"),
            lambda: supplier.pay_engagement(name),
            lambda: supplier.cancel_engagement(name, "no longer wanted"),
            lambda: house.cancel_engagement(name, "it was not done"),
        )
        self.some(ways)()

    # What befalls a market.

    def again(self) -> None:
        """Hand in once more what was taken before: nothing changes."""
        service, acts = self.some(self.done)
        self.fault.left = None
        size = self.hall.size
        service(*acts, floor=self.hall.floor)
        assert self.hall.size == size, f"{service.__name__} did the same twice"

    def wait(self) -> None:
        self.clock.advance(dt.timedelta(seconds=self.some((0, 1, 59, 3_600, 40_000))))

    def wait_for_a_boundary(self) -> None:
        """Come to the last second of a quote, or to the one after it."""
        name, _ = self.some(self.quotes)
        with self.hall.floor.read() as work:
            until = parse_time(work.quotes.get(name).until, "until")
        self.clock.now = max(self.clock.now, until + dt.timedelta(seconds=self.some((0, 1))))

    def suspend(self) -> None:
        self.hall.house.suspend_listing(self.some(self.numbers), "a complaint")

    def suspend_the_supplier(self) -> None:
        if self.chance.random() < 0.5:
            raise ExchangeError("the complaint was withdrawn")
        self.hall.house.suspend(self.hall.participant("supplier"), "a complaint")

    def relist(self) -> None:
        """Bring a product back on the board, and its supplier with it."""
        supplier = self.hall.participant("supplier")
        if supplier.standing is Standing.SUSPENDED:
            welcome(self.hall.house, supplier, sorted(supplier.roles or {Role.SUPPLIER}))
        number = self.some((*self.numbers, *self.plans.values()))
        if self.hall.product(number).listing is ListingState.LISTED:
            return
        self.hall.attest(number)
        self.hall.review(number)
        self.hall.supplier.list(number)


MOVES: Final[dict[str, Callable[[Market], None]]] = (
    {
        move.__name__: move
        for move in (
            Market.deposit,
            Market.withdraw,
            Market.quote,
            Market.order,
            Market.accept,
            Market.lapse,
            Market.cancel,
            Market.deliver,
            Market.receive,
            Market.settle,
            Market.request,
            Market.end_withdrawal,
            Market.limit,
            Market.negotiate,
            Market.bargain,
            Market.engage,
            Market.engaged,
            Market.again,
            Market.wait,
            Market.wait_for_a_boundary,
            Market.suspend,
            Market.suspend_the_supplier,
            Market.relist,
        )
    }
    | market_agreements.MOVES
    | market_netting.MOVES
    | market_auctions.MOVES
    | market_plans.MOVES
)
# How often each is drawn, of all the times.
WEIGHTS: Final[dict[str, int]] = (
    dict.fromkeys(MOVES, 4)
    | {
        "quote": 10,
        "order": 12,
        "accept": 12,
        "deliver": 10,
        "receive": 12,
        "settle": 12,
        "deposit": 8,
        "relist": 8,
        "bargain": 8,
        "lapse": 2,
        "limit": 2,
        "cancel": 1,
        "suspend": 1,
        "suspend_the_supplier": 1,
        "wait_for_a_boundary": 1,
    }
    | market_agreements.WEIGHTS
    | market_netting.WEIGHTS
    | market_auctions.WEIGHTS
    | market_plans.WEIGHTS
)


def draw(chance: random.Random) -> tuple[str, int]:
    """Draw a move and the seed of its own chances."""
    (move,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
    return move, chance.randrange(2**32)
