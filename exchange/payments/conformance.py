"""The contract of a payment provider, as tests: an author subclasses `PaymentProviderContract`.

The subclass says how the bank behind the provider is made to act.

    class TestMyBank(PaymentProviderContract):
        opens = MyBank

        def order(self, folder, provider, order, *, paid): ...
        def come_in(self, folder, provider, notice): ...

pytest collects the inherited tests; nothing of pytest is imported here.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import ClassVar

from exchange.errors import Conflict
from exchange.payments import (
    Notice,
    OpensProvider,
    Payee,
    PaymentProvider,
    PayOut,
    PayOutState,
)
from pricing.money import Currency, Money

_NOW = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
_ORDER = PayOut(
    "WD-0000-0000-0001", Payee("青岛供数有限公司", "6222020000000000001"), Money(12_345)
)
_MANY = 100  # notices at once, more than a contract leaves


class PaymentProviderContract:
    """What every provider must do for orders and with notices."""

    opens: ClassVar[OpensProvider]
    currencies: ClassVar[tuple[Currency, ...]] = (Currency.CNY,)

    def prepare(self, folder: Path) -> None:
        """Write into the folder what the provider has to be told; nothing by default."""

    def order(self, folder: Path, provider: PaymentProvider, order: PayOut, *, paid: bool) -> None:
        """Hand the order in by `pay`, and let the bank pay it or send it back."""

    def come_in(self, folder: Path, provider: PaymentProvider, notice: Notice) -> None:
        """Let the bank tell of a payment with the reference, account, amount and value time."""

    def _opened(self, folder: Path) -> PaymentProvider:
        if not any(folder.iterdir()):
            self.prepare(folder)
        # By the class: a plain function would become a method of the contract.
        return type(self).opens(folder, lambda: _NOW)

    def test_has_a_name(self, tmp_path: Path) -> None:
        """A provider is named, for settings and messages."""
        _require(bool(self._opened(tmp_path).name), "has a name")

    def test_knows_no_order_that_was_not_handed_in(self, tmp_path: Path) -> None:
        """An order that is not there is unknown, and asking for it makes none."""
        for _ in range(2):
            status = self._opened(tmp_path).status(_ORDER.reference)
            _require(status.state is PayOutState.UNKNOWN, "an order that is not there is unknown")

    def test_takes_an_order_for_good(self, tmp_path: Path) -> None:
        """Once `pay` returned, the order is there, for another process as well."""
        self._opened(tmp_path).pay(_ORDER)
        state = self._opened(tmp_path).status(_ORDER.reference).state
        _require(state is not PayOutState.UNKNOWN, "an order that was taken stays")

    def test_takes_an_order_once(self, tmp_path: Path) -> None:
        """The same order again is no second one, and no other may bear its reference."""
        provider = self._opened(tmp_path)
        for _ in range(2):
            provider.pay(_ORDER)
        others = (
            PayOut(_ORDER.reference, _ORDER.payee, _ORDER.amount + Money(1)),
            PayOut(_ORDER.reference, Payee("另一人", _ORDER.payee.account), _ORDER.amount),
            PayOut(_ORDER.reference, Payee(_ORDER.payee.name, "1"), _ORDER.amount),
        )
        for other in others:
            try:
                self._opened(tmp_path).pay(other)
            except Conflict:
                continue
            _require(False, "another order under a reference raises Conflict")

    def test_tells_what_was_paid(self, tmp_path: Path) -> None:
        """An order that was paid has the bank's reference, each another."""
        own = set()
        for number, currency in enumerate(self.currencies):
            order = PayOut(f"WD-{number}", _ORDER.payee, Money(500, currency))
            self.order(tmp_path, self._opened(tmp_path), order, paid=True)
            status = self._opened(tmp_path).status(order.reference)
            _require(status.state is PayOutState.PAID, "an order that was paid is told as paid")
            own.add(status.reference)
            self._opened(tmp_path).pay(order)  # again, after the end
            _require(
                self._opened(tmp_path).status(order.reference) == status,
                "an order that is handed in again is not paid again",
            )
        _require(len(own) == len(self.currencies), "the bank's reference is of one payment")

    def test_tells_what_failed_and_why(self, tmp_path: Path) -> None:
        """An order that came back says why."""
        self.order(tmp_path, self._opened(tmp_path), _ORDER, paid=False)
        status = self._opened(tmp_path).status(_ORDER.reference)
        _require(status.state is PayOutState.FAILED, "an order that came back is told as failed")
        _require(bool(status.reason.strip()), "an order that came back says why")

    def test_tells_what_came_in_until_it_is_acknowledged(self, tmp_path: Path) -> None:
        """A notice is told to every process until it is acknowledged, and then to none."""
        wanted = {}
        for number, currency in enumerate(self.currencies):
            made = Notice("-", f"IN{number}", "PT-0001", Money(700, currency), _time())
            self.come_in(tmp_path, self._opened(tmp_path), made)
            wanted[made.reference] = (made.account, made.amount, made.value_time)
        for _ in range(2):
            told = self._opened(tmp_path).notices(_MANY)
            _require(
                {n.reference: (n.account, n.amount, n.value_time) for n in told} == wanted,
                "a notice has reference, account, amount and value time of the payment",
            )
            _require(len({n.id for n in told}) == len(told), "each notice has an id of its own")
        first, *rest = told
        for _ in range(2):
            self._opened(tmp_path).acknowledge([first.id])
        left = self._opened(tmp_path).notices(_MANY)
        _require(
            [n.id for n in left] == [n.id for n in rest], "what is acknowledged is told no more"
        )
        self._opened(tmp_path).acknowledge([n.id for n in rest])
        _require(not self._opened(tmp_path).notices(_MANY), "what is acknowledged is told no more")

    def test_tells_no_more_than_it_is_asked_for(self, tmp_path: Path) -> None:
        """A limit is kept, and what it left out comes once the first is acknowledged."""
        for number in range(3):
            made = Notice("-", f"IN{number}", "PT-0001", Money(1 + number), _time())
            self.come_in(tmp_path, self._opened(tmp_path), made)
        found: list[str] = []
        for _ in range(4):
            told = self._opened(tmp_path).notices(1)
            _require(len(told) <= 1, "no more notices than asked for")
            found += [notice.reference for notice in told]
            self._opened(tmp_path).acknowledge([notice.id for notice in told])
        _require(sorted(found) == ["IN0", "IN1", "IN2"], "what a limit leaves out comes later")

    def test_forgets_nothing_that_it_does_not_know(self, tmp_path: Path) -> None:
        """To acknowledge what is not there is no error and takes nothing away."""
        provider = self._opened(tmp_path)
        self.come_in(tmp_path, provider, Notice("-", "IN0", "PT-0001", Money(1), _time()))
        provider.acknowledge(["another"])
        _require(len(provider.notices(_MANY)) == 1, "an unknown id takes nothing away")


def _time() -> str:
    return "2026-01-04T00:00:00Z"


def _require(condition: bool, promise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not condition:
        raise AssertionError(f"the contract of a payment provider: {promise}")
