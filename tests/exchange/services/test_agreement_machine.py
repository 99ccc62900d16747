"""One contract under whatever its parties try, in whatever order, while the clock moves on."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from exchange.amendments import Changes, PartOffer
from exchange.clearing import FEES, escrow
from exchange.errors import ExchangeError, Refused
from exchange.services import settle
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.release_due import release_due
from exchange.trading import Trade, TradeState
from ledger.access import accesses
from ledger.agreements import sources
from ledger.audit import audit
from pricing.money import Money
from tests.exchange.floor import DATA, PRICE, Hall, open_hall
from tests.exchange.services.test_release_part import contract
from tests.ledger.floor import Floor, line

SIZE: Final = len(DATA.encode())
AMOUNTS: Final = st.sampled_from([1, 333, 50_000, 99_999, 100_000, 120_000]).map(Money)
PARTIES: Final = st.sampled_from(["buyer", "supplier"])
CAUSES: Final = st.sampled_from(["notice", "breach", "late", "suspended", "unlawful"])


class Agreement(RuleBasedStateMachine):
    """The money of one contract is where its entries say, and a dispute lets nothing move."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-agreement-"))
        self.opened = open_hall(self.folder / "exchange")
        self.hall: Hall = self.opened.__enter__()
        self.trade = ""
        self.total = 0
        self.files = 0

    @initialize(window=st.sampled_from([0, 3_600]), parts=st.booleans())
    def conclude(self, window: int, *, parts: bool) -> None:
        self.hall.list()
        self.hall.deposit(amount=PRICE + PRICE)
        self.trade = self.hall.contract().id
        offers: Sequence[PartOffer] = ()
        if parts:
            half = Money(PRICE.minor // 2)
            offers = (PartOffer(half, 10, 1), PartOffer(half, SIZE - 10, 2))
        if window or parts:
            changes = Changes(acceptance_seconds=window, parts=offers)
            self.hall.supplier.propose(self.trade, changes)
            self.hall.buyer.accept_amendment(self.trade)
        self.total = self.everything()

    @property
    def now(self) -> Trade:
        return self.hall.trade(self.trade)

    def everything(self) -> int:
        with self.hall.floor.read() as work:
            houses = sum(work.accounts.balance(name).minor for name in (FEES, escrow(self.trade)))
        return houses + self.hall.balance("buyer") + self.hall.balance("supplier")

    def attempt(self, act: Callable[..., Any], *args: Any, ends_a_dispute: bool = False) -> None:
        """Try something: a refusal changes nothing, and in a dispute everything else is one."""
        size, disputed = self.size, self.now.disputed
        with suppress(ExchangeError):
            act(*args)
            assert ends_a_dispute or not disputed or self.size == size
            return
        assert self.size == size

    @property
    def size(self) -> int:
        """How many entries there are, without those of looking at what was delivered."""
        with self.hall.floor.read() as work:
            return self.hall.size - accesses(work.chain.store, self.trade)

    # Whatever anybody tries.

    @rule(hours=st.sampled_from([1, 25, 24 * 31]))
    def time_passes(self, hours: int) -> None:
        self.hall.advance(hours=hours, seconds=1)

    @rule()
    def deliver(self) -> None:
        self.attempt(self.hall.supplier.deliver, self.trade, self.folder)

    @rule()
    def receive(self) -> None:
        self.files += 1
        self.attempt(self.hall.buyer.receive, self.trade, self.folder / f"{self.files}.out")

    @rule()
    def settle(self) -> None:
        self.attempt(lambda: settle.settle(self.trade, floor=self.hall.floor))

    @rule()
    def release(self) -> None:
        self.attempt(lambda: release_due(floor=self.hall.floor))

    @rule(amount=AMOUNTS)
    def refund(self, amount: Money) -> None:
        self.attempt(self.hall.supplier.refund, self.trade, amount, "because")

    @rule()
    def claim(self) -> None:
        self.attempt(self.hall.buyer.claim_refund, self.trade)

    @rule(who=PARTIES)
    def dispute(self, who: str) -> None:
        self.attempt(self.hall.desk(who).dispute_trade, self.trade, "because")

    @rule(who=PARTIES)
    def undispute(self, who: str) -> None:
        self.attempt(self.hall.desk(who).undispute, self.trade, "because", ends_a_dispute=True)

    @rule(back=AMOUNTS, reversal=AMOUNTS)
    def arbitrate(self, back: Money, reversal: Money) -> None:
        trade = self.now
        most = min(back, trade.held, key=lambda money: money.minor)
        paid = min(reversal.minor, trade.released)

        def award() -> None:
            self.hall.house.arbitrate(
                self.trade, back=most, reversal=trade.money(paid), reasons="because"
            )

        self.attempt(award, ends_a_dispute=True)

    @rule(who=PARTIES, amount=AMOUNTS)
    def propose(self, who: str, amount: Money) -> None:
        self.attempt(self.hall.desk(who).propose, self.trade, Changes(amount=amount))

    @rule(who=PARTIES)
    def accept(self, who: str) -> None:
        self.attempt(self.hall.desk(who).accept_amendment, self.trade)

    @rule(who=PARTIES, cause=CAUSES)
    def end(self, who: str, cause: str) -> None:
        self.attempt(self.hall.desk(who).end, self.trade, cause, "because")

    @rule()
    def cancel(self) -> None:
        self.attempt(self.hall.house.cancel, self.trade, "because")

    @rule()
    def retire(self) -> None:
        self.attempt(self.hall.house.retire, self.trade, "because")

    # What must be true.

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        if self.trade:
            assert self.everything() == self.total
            assert reconcile(floor=self.hall.floor).faults == ()

    @invariant()
    def nobody_is_paid_more_than_escrow_held(self) -> None:
        if not self.trade:
            return
        trade = self.now
        with self.hall.floor.read() as work:
            assert work.accounts.balance(escrow(self.trade)) == trade.held
        assert 0 <= trade.released + trade.refunded <= trade.amount.minor
        assert self.hall.balance("supplier") <= trade.released
        if trade.state is TradeState.RETIRED:
            assert (trade.held.minor, trade.reversal, trade.disputed) == (0, 0, False)

    def teardown(self) -> None:
        try:
            bundle = self.folder / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            report = audit(bundle, key=self.hall.floor.log_key)
            assert report.findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder)


TestAgreement = Agreement.TestCase
TestAgreement.settings = settings(
    max_examples=5,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def test_the_machine_can_settle_dispute_and_reverse() -> None:
    """A named example: through a window, a settlement, a dispute and its award to the end."""
    machine = Agreement()
    try:
        machine.conclude(3_600, parts=False)
        for step in (machine.deliver, machine.receive, machine.settle):
            step()
            machine.money_is_neither_made_nor_lost()
        machine.dispute("buyer")
        machine.settle()
        machine.arbitrate(Money(1), PRICE)
        machine.nobody_is_paid_more_than_escrow_held()
        assert machine.hall.balance("buyer") == 2 * PRICE.minor
        machine.time_passes(24 * 366)
        machine.retire()
        assert machine.now.state is TradeState.RETIRED
    finally:
        machine.teardown()


# The arithmetic alone.


@settings(max_examples=200, deadline=None)
@given(
    price=st.integers(0, 500),
    moves=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), max_size=12),
)
def test_what_is_paid_out_and_given_back_comes_to_the_price(
    price: int, moves: Sequence[tuple[int, int]]
) -> None:
    trade, out, back = contract(price), 0, 0
    for paid, given_back in moves:
        fits = 0 < paid + given_back <= price - out - back
        try:
            trade = trade.paid_out(Money(paid), Money(given_back))
        except Refused:
            assert not fits
            continue
        assert fits
        out, back = out + paid, back + given_back
        assert (trade.released, trade.refunded) == (out, back)
        assert trade.held == Money(price - out - back)
    if out + back == price > 0:
        assert trade.state is (TradeState.EXECUTED if out else TradeState.CANCELLED)


@settings(max_examples=25, deadline=None)
@given(amounts=st.lists(st.integers(1, 60_000), min_size=1, max_size=6))
def test_reversals_return_the_fee_in_proportion_and_never_more_than_was_paid(
    amounts: Sequence[int],
) -> None:
    floor = Floor().ready("price.estimated")
    trade, buyer = floor.subjects["trade"], floor.ids["buyer"]
    supplier, given = f"participant/{floor.ids['supplier']}", 0
    for amount in amounts:
        taken = sources(floor.log, trade, amount)
        assert sum(taken.values()) == amount
        lines = [line(account, minor, "back") for account, minor in taken.items()]
        money = {"minor": amount, "currency": "CNY"}
        facts: dict[str, Any] = {"amount": money, "lines": lines, "to": buyer}
        fits = given + amount <= 100_000
        size = floor.log.edge().size
        with suppress(Exception):
            floor.do("refund.made", "supplier", **facts)
        assert (floor.log.edge().size > size) == fits
        if fits:
            given += amount
            returned = sum(taken.get(name, 0) for name in ("house/fees", supplier))
            assert returned == amount
