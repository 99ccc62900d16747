"""The real services over SQLite beside a simple idea of what should be true."""

from __future__ import annotations

import datetime as dt
import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from exchange.clearing import EscrowState
from exchange.delivery import DeliveryState
from exchange.errors import ExchangeError, InsufficientFunds
from exchange.listing import ListingState
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.lapse_listings import lapse_listings
from exchange.trading import TradeState
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import DATA, NOTICE, PRICE, QUOTE, Hall, open_hall, sheet

DAYS: Final = 20  # that an attestation runs
BUYERS: Final = st.sampled_from(["buyer", "rival"])


class Floor(RuleBasedStateMachine):
    """Whatever is tried, in whatever order, the books and the chain agree with the model."""

    numbers = Bundle("numbers")
    quotes = Bundle("quotes")
    trades = Bundle("trades")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-machine-"))
        self.opened = open_hall(self.folder / "exchange")
        self.hall: Hall = self.opened.__enter__()
        self.serial = itertools.count()
        self.now = self.hall.floor.clock()
        self.notice: dict[str, dt.datetime] = {}
        self.listing: dict[str, ListingState] = {}
        self.attested: dict[str, dt.date] = {}  # of the present sheet
        self.reviewed: set[str] = set()
        self.until: dict[str, dt.date] = {}
        self.sheets: dict[str, int] = {}
        self.trade: dict[str, tuple[TradeState, DeliveryState, EscrowState]] = {}
        self.of: dict[str, tuple[str, str]] = {}  # trade: product, buyer
        self.sheet_of: dict[str, int] = {}  # the sheet that a quote, then its trade, was made on
        self.used: set[str] = set()
        self.data: dict[str, str] = {}
        self.gone: set[str] = set()  # claims taken back
        self.ends: dict[str, dt.datetime] = {}
        self.runs: dict[str, dt.date] = {}  # the last day of the scenario behind it
        self.money = {"buyer": 0, "rival": 0, "supplier": 0}

    @contextmanager
    def expecting(self, *, fine: bool) -> Iterator[None]:
        """Allow a refusal only where the model has one, and demand it there."""
        if fine:
            yield
            return
        size = self.hall.size
        with pytest.raises(ExchangeError):
            yield
        recorded = self.hall.size - size
        assert recorded in {0, 1, 2, 3}  # nothing, a lapse, or a decision that refuses

    def touch(self, number: str) -> None:
        """A writer that came to a listing that has ended by time may have recorded its end."""
        if self.listing[number] is ListingState.LISTED and not self.on_board(number):
            self.listing[number] = self.hall.product(number).listing

    def on_board(self, number: str) -> bool:
        runs = self.until.get(number, self.now.date()) >= self.now.date()
        return self.listing[number] is ListingState.LISTED and runs

    @initialize(target=numbers)
    def open_the_market(self) -> str:
        """Most of what can go wrong takes a product on the board and money to begin with."""
        number = self.registered()
        self.assess(number)
        self.time_passes(1)
        self.list(number)
        self.deposit("buyer", 2 * PRICE.minor)
        return number

    # The supplier's side.

    @rule(target=numbers)
    def register(self) -> str:
        return self.registered()

    def registered(self) -> str:
        data = DATA.replace("6.1", f"{next(self.serial) / 100 + 1:.2f}")
        return self.claimed(data)

    def claimed(self, data: str) -> str:
        product = self.hall.register(data=data)
        self.data[product.number] = data
        self.notice[product.number] = self.now + dt.timedelta(seconds=NOTICE)
        self.listing[product.number] = ListingState.REGISTERED
        self.sheets[product.number] = 0
        self.hall.supplier.submit_sheet(product.number, sheet())
        return product.number

    @rule(number=numbers)
    def change_the_sheet(self, number: str) -> None:
        changed = sheet(contact=f"{self.sheets[number] + 1}@supplier.example")
        with self.expecting(fine=number not in self.gone):
            self.hall.supplier.submit_sheet(number, changed)
        if number in self.gone:
            return
        self.sheets[number] += 1
        self.attested.pop(number, None)
        self.reviewed.discard(number)
        if self.listing[number] is ListingState.LISTED:
            self.listing[number] = ListingState.SUSPENDED

    @rule(number=numbers)
    def assess(self, number: str) -> None:
        self.hall.attest(number, days=DAYS)
        self.touch(number)  # what has ended comes back by a listing alone
        self.hall.review(number)
        self.attested[number] = self.now.date() + dt.timedelta(days=DAYS)
        self.reviewed.add(number)
        if self.listing[number] is ListingState.LISTED:
            renewed = dt.date.fromisoformat(self.hall.product(number).valid_until or "")
            assert self.until[number] <= renewed <= self.attested[number]
            self.until[number] = renewed

    @rule(number=numbers)
    def list(self, number: str) -> None:
        assessed = number in self.reviewed and self.attested[number] >= self.now.date()
        state = self.listing[number]
        if state is ListingState.LISTED and self.until[number] < self.now.date():
            state = self.listing[number] = ListingState.SUSPENDED  # the request records it
        open_to = state in {ListingState.REGISTERED, ListingState.SUSPENDED}
        due = self.now >= self.notice[number] and number not in self.gone
        fine = open_to and due and assessed
        with self.expecting(fine=fine):
            product, _ = self.hall.supplier.list(number)
        if fine:
            self.listing[number] = ListingState.LISTED
            self.until[number] = dt.date.fromisoformat(product.valid_until or "")
            assert self.until[number] <= self.attested[number]

    @rule(number=numbers, handle=st.sampled_from(["supplier", "contributor", "house"]))
    def take_the_claim_back(self, number: str, handle: str) -> None:
        """Its supplier alone may, once; what was listed is cancelled by other rules."""
        if self.listing[number] is not ListingState.REGISTERED:
            return
        if handle == "house" and self.hall.product(number).registered_until:
            return  # confirmed by a listing that was refused: the operator may cancel that
        desk = self.hall.house if handle == "house" else self.hall.desk(handle)
        fine = handle == "supplier" and number not in self.gone
        with self.expecting(fine=fine):
            desk.cancel_registration(number, "registered in haste")
        if fine:
            self.gone.add(number)

    @rule(target=numbers, number=numbers)
    def register_the_same_bytes(self, number: str) -> str:
        """Nobody stands on the bytes of a claim that was taken back."""
        data = self.data[number]
        with_others = [each for each in self.data if self.data[each] == data]
        fine = self.gone.issuperset(with_others)
        if fine:
            return self.claimed(data)
        with self.expecting(fine=False):
            self.hall.register(data=data)
        return number

    @rule(number=numbers)
    def list_for_somebody_else(self, number: str) -> None:
        with self.expecting(fine=False):
            self.hall.contributor.list(number)

    @rule(number=numbers)
    def suspend(self, number: str) -> None:
        fine = self.listing[number] is ListingState.LISTED
        with self.expecting(fine=fine):
            self.hall.house.suspend_listing(number, "a complaint")
        if fine:
            self.listing[number] = ListingState.SUSPENDED

    @rule()
    def lapse_listings(self) -> None:
        ended = {n for n in self.listing if self.listing[n] is ListingState.LISTED}
        ended = {number for number in ended if self.until[number] < self.now.date()}
        assert {
            product.number for product in lapse_listings(floor=self.hall.floor).suspended
        } == ended
        self.listing |= dict.fromkeys(ended, ListingState.SUSPENDED)

    # The buyers' side.

    @rule(handle=BUYERS, minor=st.integers(1, 3 * PRICE.minor))
    def deposit(self, handle: str, minor: int) -> None:
        self.hall.deposit(handle, Money(minor))
        self.money[handle] += minor

    @rule(target=quotes, handle=BUYERS, number=numbers)
    def ask(self, handle: str, number: str) -> tuple[str, str, str] | None:
        fine, self.hall.number = self.on_board(number), number
        made: list[tuple[str, str, str]] = []
        with self.expecting(fine=fine):
            quote = self.hall.desk(handle).quote(self.hall.scenario(handle)).quote
            self.ends[quote.id] = self.now + dt.timedelta(seconds=QUOTE)
            self.sheet_of[quote.id] = self.sheets[number]
            self.runs[quote.id] = self.now.date() + dt.timedelta(days=365)
            made.append((quote.id, number, handle))
        self.touch(number)
        return made[0] if made else None

    @rule(number=numbers, handle=BUYERS)
    def ask_for_what_is_not_allowed(self, number: str, handle: str) -> None:
        self.hall.number = number
        with self.expecting(fine=False):
            self.hall.scenario(handle, purpose="resale")
        self.touch(number)

    @rule(target=trades, quote=quotes)
    def order(self, quote: tuple[str, str, str] | None) -> str | None:
        if quote is None:
            return None
        name, number, handle = quote
        fine = (
            self.on_board(number)
            and name not in self.used
            and self.now <= self.ends[name]
            and self.sheet_of[name] == self.sheets[number]
        )
        made = None
        with self.expecting(fine=fine):
            made = self.hall.desk(handle).order(name).id
            self.used.add(name)
            self.trade[made] = TradeState.ORDERED, DeliveryState.DUE, EscrowState.NONE
            self.of[made] = number, handle
            self.sheet_of[made], self.ends[made] = self.sheet_of[name], self.ends[name]
            self.runs[made] = self.runs[name]
        self.touch(number)
        return made

    @rule(quote=quotes)
    def order_at_the_quote_of_another(self, quote: tuple[str, str, str] | None) -> None:
        if quote:
            other = "rival" if quote[2] == "buyer" else "buyer"
            with self.expecting(fine=False):
                self.hall.desk(other).order(quote[0])

    # The trade.

    @rule(trade=trades)
    def accept(self, trade: str | None) -> None:
        if trade is None:
            return
        number, handle = self.of[trade]
        open_to = (
            self.trade[trade][0] is TradeState.ORDERED
            and self.on_board(number)
            and self.now <= self.ends[trade]
            and self.sheet_of[trade] == self.sheets[number]
        )
        rich = self.money[handle] >= PRICE.minor
        if open_to and not rich:
            with pytest.raises(InsufficientFunds):
                self.hall.supplier.accept(trade)
            return
        with self.expecting(fine=open_to):
            self.hall.supplier.accept(trade)
        self.touch(number)
        if open_to:
            self.trade[trade] = TradeState.CONTRACTED, DeliveryState.DUE, EscrowState.HELD
            self.money[handle] -= PRICE.minor

    @rule(trade=trades)
    def lapse(self, trade: str | None) -> None:
        if trade is None:
            return
        fine = self.trade[trade][0] is TradeState.ORDERED
        with self.expecting(fine=fine):
            self.hall.desk(self.of[trade][1]).lapse(trade, "too late")
        if fine:
            self.trade[trade] = TradeState.LAPSED, DeliveryState.DUE, EscrowState.NONE

    @rule(trade=trades)
    def deliver(self, trade: str | None) -> None:
        if trade is None:
            return
        state, delivery, held = self.trade[trade]
        number = self.of[trade][0]
        received = delivery is DeliveryState.RECEIVED
        runs = self.now.date() <= self.runs[trade] and self.on_board(number)
        fine = state is TradeState.CONTRACTED and not received and runs
        with self.expecting(fine=fine):
            self.hall.supplier.deliver(trade, self.folder)
        self.touch(number)
        if fine:
            self.trade[trade] = state, DeliveryState.MADE, held

    @rule(trade=trades)
    def receive(self, trade: str | None) -> None:
        if trade is None:
            return
        state, delivery, held = self.trade[trade]
        fine = delivery is DeliveryState.MADE and state is TradeState.CONTRACTED
        with self.expecting(fine=fine):
            target = self.folder / f"opened-{next(self.serial)}"
            self.hall.desk(self.of[trade][1]).receive(trade, target)
        if fine:
            self.trade[trade] = state, DeliveryState.RECEIVED, held

    @rule(trade=trades)
    def cancel(self, trade: str | None) -> None:
        if trade is None:
            return
        state, delivery, _ = self.trade[trade]
        fine = state is TradeState.CONTRACTED and delivery is not DeliveryState.RECEIVED
        with self.expecting(fine=fine):
            self.hall.house.cancel(trade, "the supplier is gone")
        if fine:
            self.trade[trade] = TradeState.CANCELLED, delivery, EscrowState.REFUNDED
            self.money[self.of[trade][1]] += PRICE.minor

    @rule(handle=BUYERS, minor=st.integers(1, PRICE.minor))
    def withdraw(self, handle: str, minor: int) -> None:
        fine = minor <= self.money[handle]
        with self.expecting(fine=fine):
            self.hall.house.withdraw(self.hall.participant(handle), Money(minor), "w")
        if fine:
            self.money[handle] -= minor

    @rule(trade=consumes(trades))
    def settle(self, trade: str | None) -> None:
        if trade is None:
            return
        state, delivery, _ = self.trade[trade]
        fine = delivery is DeliveryState.RECEIVED
        with self.expecting(fine=fine):
            self.hall.house.settle(trade)
        if fine and state is TradeState.CONTRACTED:
            self.trade[trade] = TradeState.EXECUTED, delivery, EscrowState.RELEASED
            self.money["supplier"] += PRICE.minor - PRICE.minor // 40

    @precondition(lambda self: self.trade)
    @rule(data=st.data())
    def settle_again(self, data: st.DataObject) -> None:
        done = [t for t, (state, *_) in self.trade.items() if state is TradeState.EXECUTED]
        if done:
            size = self.hall.size
            self.hall.house.settle(data.draw(st.sampled_from(done)))
            assert self.hall.size == size

    # Time.

    @rule(hours=st.sampled_from([1, 7, 25, 24 * 7, 24 * (DAYS + 1)]))
    def time_passes(self, hours: int) -> None:
        self.hall.advance(hours=hours)
        self.now = self.hall.floor.clock()

    # What always holds.

    @invariant()
    def the_books_come_out(self) -> None:
        assert reconcile(floor=self.hall.floor).faults == ()
        with self.hall.floor.read() as work:
            balances = work.accounts.balances()
        assert sum(balance.minor for balance in balances.values()) == 0
        for handle, minor in self.money.items():
            assert self.hall.balance(handle) == minor

    @invariant()
    def the_store_is_where_the_model_is(self) -> None:
        with self.hall.floor.read() as work:
            products, trades = work.products.all(), work.trades.all()
        assert {product.number: product.listing for product in products} == self.listing
        assert {t.id: (t.state, t.delivery, t.escrow) for t in trades} == self.trade

    @invariant()
    def nothing_is_on_the_board_without_a_passed_verdict(self) -> None:
        with self.hall.floor.read() as work:
            for product in work.products.all():
                if product.listing is not ListingState.LISTED:
                    continue
                subject = f"product/{product.number}"
                verdict = next(work.chain.store.of_kind(subject, "compliance.verdict"))
                assert verdict.facts["outcome"] == "passed"
                assert verdict.facts["sheet"] == product.sheet

    @invariant()
    def the_vault_holds_what_is_named_and_nothing_else(self) -> None:
        with self.hall.floor.read() as work:
            named = {product.data for product in work.products.all()}
            sealed = {trade.sealed for trade in work.trades.all() if trade.sealed}
        held = self.hall.vault()
        assert named | sealed <= held
        assert not any(name.startswith(".") for name in held)

    def teardown(self) -> None:
        try:
            bundle = self.folder / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            report = audit(bundle, key=self.hall.floor.log_key)
            assert report.findings == []
            assert report.size == self.hall.size
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestFloor = Floor.TestCase
TestFloor.settings = settings(
    max_examples=8,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_machine_can_play_a_whole_trade() -> None:
    """A named example: the shortest way through every state of the model."""
    machine = Floor()
    try:
        number = machine.register()
        machine.assess(number)
        machine.list(number)  # refused: the notice runs
        machine.time_passes(1)
        machine.list(number)
        machine.deposit("buyer", PRICE.minor)
        quote = machine.ask("buyer", number)
        trade = machine.order(quote)
        for step in (machine.accept, machine.deliver, machine.receive):
            step(trade)
            machine.the_books_come_out()
            machine.the_store_is_where_the_model_is()
        machine.settle(trade)
        assert machine.trade[str(trade)][0] is TradeState.EXECUTED
        assert machine.money == {"buyer": 0, "rival": 0, "supplier": 97_500}
        machine.the_vault_holds_what_is_named_and_nothing_else()
    finally:
        machine.teardown()
