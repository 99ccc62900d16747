"""Money in and out by the bank: each word acted on once, whatever is cut off or said twice."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from exchange.bank import SimulatedBank
from exchange.banking import Banking
from exchange.clearing import OUTSIDE, Withdrawal, WithdrawalState, available
from exchange.errors import (
    BadField,
    Conflict,
    InsufficientFunds,
    NotFound,
    ProviderFailed,
    Refused,
)
from exchange.payments import Payee, PayOutStatus
from exchange.ports import Floor, UnitOfWork
from exchange.services import withdraw_money
from exchange.services.ask_bank import Asked, ask_bank, claim
from exchange.services.audit_provenance import reconcile
from ledger.balances import Balances
from pricing.money import Currency, Money
from tests.exchange.floor import DEPOSIT, Hall, open_hall

PAYEE = Payee("引航买数有限公司", "6222020000000000001")
MINE = 1_000_000  # what the buyer has


@pytest.fixture
def rich(hall: Hall) -> Hall:
    hall.deposit(amount=DEPOSIT)
    return hall


def bank(hall: Hall) -> SimulatedBank:
    found = hall.floor.payments()
    assert isinstance(found, SimulatedBank)
    return found


def ask(hall: Hall) -> Asked:
    return ask_bank(floor=hall.floor)


def figures(hall: Hall, handle: str = "buyer") -> tuple[int, int]:
    """Return what an account holds and what of it may be spent."""
    account = available(hall.participant(handle).id)
    with hall.floor.read() as work:
        return work.accounts.balance(account).minor, work.accounts.spendable(account).minor


def withdrawal(hall: Hall, key: str) -> Withdrawal:
    with hall.floor.read() as work:
        return work.withdrawals.get(key)


def folded(hall: Hall) -> Balances:
    balances = Balances()
    with hall.floor.read() as work:
        for entry in work.chain.store.entries():
            assert list(balances.take(entry)) == []
    return balances


def agrees(hall: Hall) -> None:
    """Check books and chain against each other."""
    assert reconcile(floor=hall.floor).faults == ()
    balances = folded(hall)
    account = available(hall.participant("buyer").id)
    held, spendable = figures(hall)
    assert balances.balance(account, "CNY") == held
    assert balances.pending(account, "CNY") == held - spendable


# Out.


def test_a_withdrawal_is_pending_until_the_bank_has_paid_it(rich: Hall) -> None:
    asked = rich.buyer.request_withdrawal(Money(400_000), PAYEE)
    assert asked.state is WithdrawalState.REQUESTED
    assert figures(rich) == (MINE, 600_000)
    with pytest.raises(InsufficientFunds):
        rich.buyer.request_withdrawal(Money(600_001), PAYEE)
    found = ask(rich)
    assert (found.handed_in, found.paid, found.faults) == ((asked.id,), (asked.id,), ())
    assert withdrawal(rich, asked.id).state is WithdrawalState.PAID
    assert figures(rich) == (600_000, 600_000)
    assert ask(rich) == Asked()
    agrees(rich)


def test_a_withdrawal_that_comes_back_is_free_again_with_the_reason(rich: Hall) -> None:
    bank(rich).behave(failing_ppm=1_000_000)
    asked = rich.buyer.request_withdrawal(Money(400_000), PAYEE)
    assert ask(rich).failed == (asked.id,)
    ended = withdrawal(rich, asked.id)
    assert (ended.state, ended.reason) == (
        WithdrawalState.FAILED,
        "the account to be paid is closed",
    )
    assert figures(rich) == (MINE, MINE)
    agrees(rich)


def test_a_late_bank_is_asked_until_it_answers(rich: Hall) -> None:
    bank(rich).behave(late_seconds=60)
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    assert ask(rich).handed_in == (asked.id,)
    assert ask(rich) == Asked()
    rich.advance(seconds=60)
    assert ask(rich).paid == (asked.id,)


def test_a_request_is_replayed_without_setting_aside_twice(rich: Hall) -> None:
    facts = {"amount": Money(400_000).to_record()}
    signed, openings = rich.commit(
        "buyer", "withdrawal.requested", None, facts, {"payee": PAYEE.to_record()}
    )
    first = withdraw_money.request_withdrawal(signed, openings, floor=rich.floor)
    assert withdraw_money.request_withdrawal(signed, openings, floor=rich.floor) == first
    assert figures(rich) == (MINE, 600_000)


@pytest.mark.parametrize(
    ("amount", "payee", "field"),
    [
        (0, PAYEE.to_record(), "act.facts.amount"),
        (1, {"name": "a"}, "payee"),
        (1, {"name": "", "account": "1"}, "payee.name"),
        (1, {"name": "a", "account": "1\n2"}, "payee.account"),
    ],
)
def test_a_request_that_no_bank_could_carry_out_is_refused(
    rich: Hall, amount: int, payee: Any, field: str
) -> None:
    facts = {"amount": Money(amount).to_record()}
    signed, openings = rich.commit("buyer", "withdrawal.requested", None, facts, {"payee": payee})
    size = rich.size
    with pytest.raises(BadField) as refused:
        withdraw_money.request_withdrawal(signed, openings, floor=rich.floor)
    assert (refused.value.field, rich.size) == (field, size)


def test_a_payee_that_was_erased_in_time_is_paid_nothing(rich: Hall) -> None:
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    with rich.floor.write() as work:
        work.confidential.erase(asked.asked, {"payee"})
    assert ask(rich).failed == (asked.id,)
    assert "payee was erased" in (withdrawal(rich, asked.id).reason or "")
    agrees(rich)


def test_a_payee_is_kept_until_the_withdrawal_has_ended(rich: Hall) -> None:
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    wanted = rich.buyer.request_erasure(asked.asked, ["payee"], "it is my account")
    with pytest.raises(Refused, match=f"withdrawal {asked.id} is requested: the bank has not paid"):
        rich.house.execute_erasure(wanted.request)
    ask(rich)
    rich.house.execute_erasure(wanted.request)


def test_the_operators_own_word_still_pays(rich: Hall) -> None:
    rich.buyer.request_withdrawal(Money(999_999), PAYEE)
    with pytest.raises(InsufficientFunds):
        rich.house.withdraw(rich.participant("buyer"), Money(2), "by hand")
    rich.house.withdraw(rich.participant("buyer"), Money(1), "by hand")
    assert ask(rich).paid
    assert figures(rich) == (0, 0)
    agrees(rich)


# In.


@pytest.mark.parametrize("by_id", [True, False])
def test_what_came_in_is_credited_once(rich: Hall, by_id: bool) -> None:  # noqa: FBT001
    account = rich.participant("buyer").id if by_id else "buyer"
    bank(rich).behave(twice=True)
    bank(rich).receive(account, Money(700), "IN0")
    found = ask(rich)
    assert [len(found.credited), len(found.repeated)] == [1, 1]
    assert ask(rich) == Asked()
    assert figures(rich) == (MINE + 700, MINE + 700)
    agrees(rich)


def test_what_the_operator_credited_by_hand_is_not_credited_again(rich: Hall) -> None:
    rich.house.deposit(rich.participant("buyer"), Money(700), "IN0")
    bank(rich).receive("buyer", Money(700), "IN0")
    assert [notice.reference for notice in ask(rich).repeated] == ["IN0"]
    bank(rich).receive("buyer", Money(5), "IN1")
    ask(rich)
    with pytest.raises(Conflict, match="has credited this bank reference already"):
        rich.house.deposit(rich.participant("buyer"), Money(5), "IN1")
    assert figures(rich)[0] == MINE + 705


def test_what_came_in_for_nobody_waits_for_the_operator(rich: Hall) -> None:
    for account in ("nobody", "house"):
        bank(rich).receive(account, Money(700), f"IN-{account}")
    assert len(ask(rich).unclaimed) == 2
    assert ask(rich) == Asked()
    with rich.floor.read() as work:
        first, second = work.unclaimed.all()
    claim(first.id, "buyer", floor=rich.floor)
    assert figures(rich)[0] == MINE + 700
    with pytest.raises(NotFound, match="there is no unclaimed notice"):
        claim(first.id, "buyer", floor=rich.floor)
    rich.house.deposit(rich.participant("buyer"), Money(700), second.reference)
    with pytest.raises(Refused, match=r"buyer was credited with IN-\w+ before"):
        claim(second.id, "buyer", floor=rich.floor)
    agrees(rich)


def test_money_of_each_currency_stands_by_itself(rich: Hall) -> None:
    bank(rich).receive("buyer", Money(700, Currency.USD), "IN0")
    ask(rich)
    asked = rich.buyer.request_withdrawal(Money(600, Currency.USD), PAYEE)
    assert ask(rich).paid == (asked.id,)
    account = available(rich.participant("buyer").id)
    with rich.floor.read() as work:
        assert work.accounts.balance(account, Currency.USD) == Money(100, Currency.USD)
    agrees(rich)


class Deaf:
    """A bank that answers no question about an order."""

    def __init__(self, bank: SimulatedBank) -> None:
        self.name, self.pay = bank.name, bank.pay
        self.notices, self.acknowledge = bank.notices, bank.acknowledge

    def status(self, reference: str) -> PayOutStatus:
        raise ProviderFailed(f"no answer about {reference}")


def test_one_that_cannot_be_done_hinders_no_other(rich: Hall) -> None:
    bank(rich).receive("buyer", Money(700), "IN0")
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    found = ask_bank(floor=replace(rich.floor, payments=lambda: Deaf(bank(rich))))
    assert found.faults == (f"withdrawal {asked.id}: no answer about {asked.id}",)
    assert len(found.credited) == 1
    assert ask(rich).paid == (asked.id,)


def test_a_job_asks_the_bank_and_goes_on_after_a_fault(
    rich: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    job = Banking(lambda: rich.floor, seconds=0.01)
    bank(rich).receive("nobody", Money(1), "IN0")
    assert len(job.run().unclaimed) == 1
    assert "came in for nobody who is known" in caplog.text
    bank(rich).behave(losing_ppm=1_000_000)
    assert job.run().faults
    assert "no answer to 'notices'" in caplog.text
    bank(rich).behave(losing_ppm=0)
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    job.start()
    for _ in range(1_000):
        if withdrawal(rich, asked.id).state is WithdrawalState.PAID:
            break
        time.sleep(0.01)
    job.stop()
    assert withdrawal(rich, asked.id).state is WithdrawalState.PAID


def test_the_house_must_be_unlocked(rich: Hall) -> None:
    bank(rich).receive("buyer", Money(700), "IN0")
    floor = replace(rich.floor, signer=None)
    (fault,) = ask_bank(floor=floor).faults
    assert "the operator's key is not unlocked" in fault
    assert ask(rich).credited


# Cut off between any two steps.


class Cut(Exception):
    """The process was killed here."""


class CutBank:
    """A bank on a line that is cut before or after its nth call."""

    def __init__(self, bank: SimulatedBank, at: int, *, after: bool) -> None:
        self.name, self._bank, self._left, self._after = bank.name, bank, at, after

    def __getattr__(self, call: str) -> Callable[..., Any]:
        def made(*given: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise Cut
            answer = getattr(self._bank, call)(*given)
            if self._left == 0:
                raise Cut
            return answer

        return made


def _same(bank: Any) -> Any:
    return bank


def cut_writing(floor: Floor, at: int, *, after: bool) -> Floor:
    """Return a floor whose nth unit is cut off before its commit, or after it."""
    left = at

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        nonlocal left
        left -= 1
        with floor.write() as work:
            yield work
            if left == 0 and not after:
                raise Cut
        if left == 0:
            raise Cut

    return replace(floor, write=write)


@pytest.mark.parametrize("failing", [0, 1_000_000])
@pytest.mark.parametrize("after", [False, True])
def test_a_kill_between_any_two_steps_neither_loses_nor_doubles_money(
    rich: Hall,
    failing: int,
    after: bool,  # noqa: FBT001
) -> None:
    """Each round asks and pays in, is cut at a later step, and is then run whole."""
    rounds = 0
    for at in range(1, 12):
        for on_bank in (True, False):
            before = figures(rich)[0]
            bank(rich).behave(failing_ppm=failing, twice=True)
            rich.buyer.request_withdrawal(Money(1_000), PAYEE)
            bank(rich).receive("buyer", Money(300), f"IN-{at}-{on_bank}")
            floor = rich.floor
            if on_bank:
                cut = CutBank(bank(rich), at, after=after)
                floor = replace(floor, payments=partial(_same, cut))
            else:
                floor = cut_writing(floor, at, after=after)
            try:
                ask_bank(floor=floor)
            except Cut:
                rounds += 1
            found = ask(rich)
            assert found.faults == ()
            assert ask(rich) == Asked()
            left = before + 300 - (0 if failing else 1_000)
            assert figures(rich) == (left, left)
    assert rounds >= 8
    agrees(rich)
    held = bank(rich).holds()[Currency.CNY].minor
    with rich.floor.read() as work:
        assert -work.accounts.balance(OUTSIDE).minor == MINE + held


class FaultyBank(RuleBasedStateMachine):
    """An exchange and a bank that is late, loses answers, repeats itself and sends orders back."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory(prefix="guapai-bank-")
        self._open = open_hall(Path(self._folder.name) / "exchange", store="sqlite")
        self.hall: Hall = self._open.__enter__()
        self.given = self.paid_in = self.number = 0

    @initialize(seed=st.sampled_from("123"))
    def begin(self, seed: str) -> None:
        self.hall.deposit(amount=Money(5_000))
        self.given = 5_000
        bank(self.hall).behave(
            seed=seed,
            twice=True,
            shuffled=True,
            losing_ppm=300_000,
            failing_ppm=400_000,
            late_seconds=60,
        )

    @rule(minor=st.integers(1, 3_000))
    def ask_for(self, minor: int) -> None:
        spendable = figures(self.hall)[1]
        if minor > spendable:
            with pytest.raises(InsufficientFunds):
                self.hall.buyer.request_withdrawal(Money(minor), PAYEE)
        else:
            self.hall.buyer.request_withdrawal(Money(minor), PAYEE)

    @rule(minor=st.integers(1, 3_000))
    def pay_in(self, minor: int) -> None:
        self.number += 1
        self.paid_in += minor
        bank(self.hall).receive("buyer", Money(minor), f"IN{self.number}")

    @rule(seconds=st.sampled_from([0, 30, 60]))
    def ask(self, seconds: int) -> None:
        if seconds:
            self.hall.advance(seconds=seconds)
        found = ask_bank(floor=self.hall.floor)
        assert all("no answer" in fault for fault in found.faults)

    @precondition(lambda self: self.number)
    @rule()
    def let_it_calm_down(self) -> None:
        """Once the bank answers, what it has is what the exchange owes."""
        bank(self.hall).behave(losing_ppm=0, late_seconds=0)
        self.hall.advance(seconds=61)
        for _ in range(2):
            assert ask_bank(floor=self.hall.floor).faults == ()
        with self.hall.floor.read() as work:
            assert work.withdrawals.open() == []
            owed = -work.accounts.balance(OUTSIDE).minor
        held = bank(self.hall).holds().get(Currency.CNY, Money(0)).minor
        assert owed == self.given + held
        assert figures(self.hall) == (owed, owed)
        bank(self.hall).behave(losing_ppm=300_000, late_seconds=60)

    @invariant()
    def books_and_chain_agree(self) -> None:
        agrees(self.hall)

    def teardown(self) -> None:
        self._open.__exit__(None, None, None)
        self._folder.cleanup()


TestFaultyBank = pytest.mark.slow(FaultyBank.TestCase)
TestFaultyBank.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)


def test_a_line_that_is_down_concludes_nothing(rich: Hall) -> None:
    asked = rich.buyer.request_withdrawal(Money(1), PAYEE)
    bank(rich).behave(losing_ppm=1_000_000)
    found = ask(rich)
    assert len(found.faults) == 2
    assert withdrawal(rich, asked.id).state is WithdrawalState.REQUESTED
    with pytest.raises(ProviderFailed):
        rich.floor.payments().status(asked.id)
