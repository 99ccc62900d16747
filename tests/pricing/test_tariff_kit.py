"""The kit of tariffs finds what a tariff must not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from pricing.billing import Bill, ChargeLine, ChargeType, Statement, Tariff
from pricing.conformance import TariffContract
from pricing.money import Money
from tests.pricing.statements import HEAVY, SOME


def charged(minor: int, units: int) -> Bill:
    amount = Money(minor)
    return Bill(amount, (ChargeLine(ChargeType.VARIABLE, "usage", units, amount),))


@dataclass(frozen=True)
class Forgetful:
    """Leaves the last use out."""

    def rate(self, statement: Statement) -> Bill:
        units = sum(event.quantity for event in statement.used[:-1])
        return charged(units, units) if units else Bill(Money(0))


@dataclass(frozen=True)
class AsDelivered:
    """Counts what was delivered twice, twice."""

    def rate(self, statement: Statement) -> Bill:
        units = sum(event.quantity for event in statement.events)
        return charged(units, units)


@dataclass(frozen=True)
class Bulk:
    """Gives everything away from forty units on."""

    def rate(self, statement: Statement) -> Bill:
        units = sum(event.quantity for event in statement.used)
        return charged(0 if units >= 40 else units, units) if units else Bill(Money(0))


@dataclass(frozen=True)
class Fading:
    """Takes less the longer one waits for the bill."""

    def rate(self, statement: Statement) -> Bill:
        return charged(10**12 // (statement.until_ms - statement.since_ms), 50)


def contract(tariff: Tariff) -> TariffContract:
    kit = TariffContract()
    kit.tariff, kit.statement, kit.heavy, kit.maximum = tariff, SOME, HEAVY, Money(100)
    return kit


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (contract(Forgetful()).test_lines_explain_the_amount, "tell of 20 units, and 50"),
        (contract(AsDelivered()).test_the_order_of_events_means_nothing, "order moves the bill"),
        (contract(Bulk()).test_more_usage_never_costs_less, "amounts by growing usage"),
        (contract(Bulk()).test_never_above_the_maximum, "not told of"),
        (contract(AsDelivered()).test_never_above_the_maximum, "is above 1.00 CNY"),
    ],
)
def test_the_kit_finds_what_a_tariff_must_not_do(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()


def test_a_bill_that_fades_fails_the_kit() -> None:
    with pytest.raises(AssertionError):
        contract(Fading()).test_time_gives_nothing_back()


def test_a_price_that_falls_with_volume_may_be_declared() -> None:
    kit = contract(Bulk())
    kit.monotone = False
    kit.test_more_usage_never_costs_less()
    kit.statement = replace(SOME, events=SOME.events[:2])
    kit.monotone = True
    kit.test_more_usage_never_costs_less()
