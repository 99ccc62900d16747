"""Periods and use under a moving clock, beside a simple idea of who owes what."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from exchange.errors import ExchangeError
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.bill_usage import bill_usage, close_usage
from exchange.services.meter_usage import metered
from exchange.services.renew_subscription import renew, settle_periods
from exchange.subscriptions import SubscriptionState
from ledger.acts import format_time, parse_time
from ledger.audit import audit
from ledger.checkpoint import VerifierKey
from ledger.subscriptions import EARLY, GRACE
from pricing.money import Money
from tests.exchange.floor import DATA, DEPOSIT, Hall, open_hall
from tests.exchange.services.plans import (
    BY_CALL,
    CALL,
    FEE,
    MONTHLY,
    by_use,
    calls,
    contracted,
    held,
    planned,
    served,
)

pytestmark = pytest.mark.slow
BUDGET = 9_000
PERIODS = 4
OTHER = DATA.replace("6.1", "5.1")


class Billing(RuleBasedStateMachine):
    """One subscription and one contract by use; whatever is tried, nobody is charged twice."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-plans-"))
        self.opened = open_hall(self.folder / "exchange")
        self.hall: Hall = self.opened.__enter__()
        hall = self.hall
        hall.deposit()
        hall.list(planned(MONTHLY))
        self.periods = contracted(hall).id
        served(hall, hall.trade(self.periods))
        hall.buyer.authorise(self.periods, PERIODS)
        hall.list(planned(BY_CALL), data=OTHER)
        self.use = by_use(hall, BUDGET).id
        self.charged, self.refunded = 1, 0
        self.ended = False
        self.found: dict[int, int] = {}  # what each batch found, none where it was struck
        self.contested: set[int] = set()

    def teardown(self) -> None:
        try:
            export_bundle(self.folder / "bundle", floor=self.hall.floor)
            key = VerifierKey.parse(str(self.hall.floor.log_key))
            assert audit(self.folder / "bundle", key=key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder, ignore_errors=True)

    @rule(days=st.integers(1, 20))
    def let_time_pass(self, days: int) -> None:
        if self.hall.floor.clock() < dt.datetime(2026, 10, 1, tzinfo=dt.UTC):
            self.hall.advance(days=days)

    @rule()
    def ask_to_renew(self) -> None:
        with self.hall.floor.read() as work:
            before = work.subscriptions.get(self.periods)
        now, end = self.hall.floor.clock(), parse_time(before.until, "until")
        due = before.state is not SubscriptionState.ENDED and end - EARLY <= now <= end + GRACE
        with suppress(ExchangeError):
            after = renew(self.periods, floor=self.hall.floor)
            charged = after.period - before.period
            assert charged == (due and not before.is_last and not self.ended)
            self.charged += charged
            assert after.amount == FEE
            if not due and now > end + GRACE:
                assert after.state is SubscriptionState.ENDED

    @rule()
    def settle_what_ended(self) -> None:
        settled = settle_periods(self.periods, floor=self.hall.floor)
        assert settled.settled <= self.charged

    @precondition(lambda self: not self.ended)
    @rule()
    def give_notice(self) -> None:
        with suppress(ExchangeError):
            self.hall.buyer.end_subscription(self.periods, "enough")
            self.ended = True

    @rule()
    def refund(self) -> None:
        with suppress(ExchangeError):
            self.hall.house.refund_period(self.periods, "it stood still")
            self.refunded += 1

    @rule(count=st.integers(1, 80), missed=st.integers(0, 5))
    def meter(self, count: int, missed: int) -> None:
        self.hall.advance(hours=1)
        number = len(self.found) + 1
        events = calls(self.hall, count, missed=missed, name=str(number))
        with suppress(ExchangeError):
            self.hall.supplier.meter(self.use, events)
            self.found[number] = count

    @rule(data=st.data())
    def contest(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.found) + 1))
        with suppress(ExchangeError):
            self.hall.buyer.contest(self.use, number, "not ours")
            self.contested.add(number)

    @precondition(lambda self: self.contested)
    @rule(data=st.data(), outcome=st.sampled_from(["stands", "struck"]))
    def decide(self, data: st.DataObject, outcome: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.contested)))
        self.hall.house.decide(self.use, number, outcome, "so")
        self.contested.remove(number)
        if outcome == "struck":
            self.found[number] = 0

    @rule()
    def bill(self) -> None:
        with suppress(ExchangeError):
            bill_usage(self.use, floor=self.hall.floor)

    @rule()
    def end_use(self) -> None:
        with suppress(ExchangeError):
            self.hall.supplier.end_usage(self.use, "enough")

    @rule()
    def close(self) -> None:
        with suppress(ExchangeError):
            found = close_usage(self.use, floor=self.hall.floor)
            assert not self.contested
            owed = min(sum(self.found.values()) * CALL.minor, BUDGET)
            assert found.trade.released == owed
            assert held(self.hall, self.use) == 0

    @invariant()
    def the_buyer_has_paid_what_the_model_says(self) -> None:
        with self.hall.floor.read() as work:
            found = metered(self.use, work=work, floor=self.hall.floor)
        in_use = found.trade.released if found.closed else BUDGET
        fees = (self.charged - self.refunded) * FEE.minor
        assert self.hall.balance("buyer") == DEPOSIT.minor - fees - in_use
        took = sum(Money.parse(bill.amount).minor for bill in found.bills)
        assert took == found.trade.released <= BUDGET
        assert format_time(self.hall.floor.clock()) >= found.since

    @invariant()
    def the_books_agree(self) -> None:
        assert reconcile(floor=self.hall.floor).faults == ()


Billing.TestCase.settings = settings(
    max_examples=3,
    stateful_step_count=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow],
)

TestBilling = Billing.TestCase
