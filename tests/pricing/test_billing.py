from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pricing.billing import (
    Bill,
    ChargeLine,
    ChargeType,
    Order,
    Tariff,
    UsageEvent,
)
from pricing.billing.ladder import Rate
from pricing.errors import BadAmount, BadInput, UnknownPlugin
from pricing.money import MINOR_MAX, Currency, Money
from pricing.plan import Plan
from pricing.tariffs.free import Free
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.subscription import Subscription
from pricing.tariffs.two_part import TwoPart
from pricing.tariffs.usage import Usage
from pricing.wire import to_wire
from tests.pricing.statements import (
    CHINA,
    LADDER,
    MONTH,
    SOME,
    at,
    calls,
    cny,
    ladder,
    statement,
)

FIXED = ChargeType.FIXED
GRACE = ChargeType.GRACE


def test_an_event_delivered_twice_counts_once_and_one_that_changed_is_refused() -> None:
    event = calls(("2026-01-06 12:00", 3))[0]
    assert PerCall(LADDER).rate(statement(event, event)).amount == cny("1.50")
    with pytest.raises(BadInput, match="events: e0 stands for two different ones"):
        statement(event, replace(event, quantity=4))


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"quantity": -1}, "quantity of e"),
        ({"quantity": 0}, "quantity of e"),
        ({"quantity": True}, "quantity of e"),
        ({"quantity": 1.5}, "quantity of e"),
        ({"quantity": MINOR_MAX + 1}, "quantity of e"),
        ({"at_ms": -1}, "at_ms of e"),
        ({"at_ms": 10**15}, "at_ms of e"),
        ({"id": " "}, "events.id"),
    ],
)
def test_an_event_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        UsageEvent(**{"id": "e", "at_ms": 1, **change})


@pytest.mark.parametrize(
    ("change", "named"),
    [({"units": 0}, "units of o"), ({"count": -1}, "count of o"), ({"at_ms": None}, "at_ms of o")],
)
def test_an_order_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        Order(**{"id": "o", "at_ms": 1, "units": 1, **change})


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"until_ms": SOME.since_ms}, "until_ms"),
        ({"since_ms": at("2026-01-06 00:00")}, "events: e0"),
        ({"until_ms": at("2026-02-06 12:00")}, "events: e4"),  # the end is not of the statement
        ({"orders": (Order("o", 1, 1),)}, "orders: o"),
        ({"utc_offset_minutes": 900}, "utc_offset_minutes"),
    ],
)
def test_a_statement_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        replace(SOME, **change)


USD = Money(1, Currency.USD)


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        (lambda: PerCall(LADDER, day_max=USD), "day_max: CNY and USD"),
        (lambda: PerCall(LADDER, day_max=Money(-1)), "day_max"),
        (lambda: PerCall(LADDER, day_calls=0), "day_calls"),
        (lambda: Usage(LADDER, period_max=USD), "period_max: CNY and USD"),
        (lambda: Usage(LADDER, free_units=-1), "free_units"),
        (lambda: TwoPart(USD, LADDER), "fee: CNY and USD"),
        (lambda: TwoPart(cny("1"), LADDER, free_units=-1), "free_units"),
        (lambda: Package(()), "packs"),
        (lambda: Package((Pack(1, cny("1")), Pack(1, cny("2")))), "packs: two packs of one size"),
        (lambda: Package((Pack(1, cny("1")), Pack(2, USD))), "packs: CNY and USD"),
        (lambda: Package((Pack(1, cny("1")),), overage=Rate(USD)), "packs: CNY and USD"),
        (lambda: Pack(0, cny("1")), "packs.units"),
        (lambda: Pack(1, Money(-1)), "packs.price"),
        (lambda: OneOff(Money(-1)), "amount"),
        (lambda: Subscription(Money(-1), MONTH), "fee"),
        (lambda: Subscription(cny("1"), MONTH, period_units=0), "period_units"),
        (lambda: Subscription(cny("1"), MONTH, day_units=-1), "day_units"),
    ],
)
def test_a_plan_outside_its_domain_is_named(plan: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        plan()


def test_amounts_beyond_what_an_entry_holds_are_refused() -> None:
    dear = PerCall(ladder((0, "1000000000000")))
    assert dear.rate(statement(*calls(("2026-01-06 12:00", 90)))).amount == cny("90000000000000")
    with pytest.raises(BadAmount, match=r"2\^53"):
        dear.rate(statement(*calls(("2026-01-06 12:00", 91))))
    with pytest.raises(BadAmount, match=r"2\^53"):
        TwoPart(Money(MINOR_MAX), LADDER).rate(SOME)


def test_a_line_that_costs_nothing_has_no_amount() -> None:
    with pytest.raises(BadInput, match=r"grace costs nothing, not 0.01 CNY"):
        ChargeLine(GRACE, "a gift", 1, Money(1))
    for change in ({"text": " "}, {"quantity": 0}, {"amount": Money(-1)}):
        with pytest.raises(BadInput, match=r"^lines"):
            replace(ChargeLine(FIXED, "fee", 1, Money(1)), **change)
    with pytest.raises(BadInput, match=r"explain 0.01 CNY of 0.02 CNY"):
        Bill(Money(2), (ChargeLine(FIXED, "fee", 1, Money(1)),))


def test_a_plan_as_it_is_written_down() -> None:
    plan = Plan(OneOff(cny("1000")))
    assert to_wire(plan) == {
        "tariff": "one-off",
        "parameters": {"amount": {"minor": 100_000, "currency": "CNY"}},
    }
    assert plan.name == "one-off"
    assert plan.rate(SOME) == OneOff(cny("1000")).rate(SOME)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ({"parameters": {}}, "tariff"),
        ({"tariff": 1}, "tariff"),
        ({"tariff": "one-off", "price": 1}, "price"),
        ({"tariff": "one-off"}, "amount is missing"),
        ({"tariff": "one-off", "parameters": {"amount": 5}}, "amount"),
    ],
)
def test_a_plan_that_is_none_is_not_read(written: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=named):
        Plan.from_record(written)


def test_a_tariff_that_nobody_registered_is_no_plan() -> None:
    class Whim(Free):
        """Not registered."""

    whim: Tariff = Whim()
    with pytest.raises(UnknownPlugin, match="Whim"):
        to_wire(Plan(whim))
    with pytest.raises(UnknownPlugin, match="barter"):
        Plan.from_record({"tariff": "barter"})


def test_moments_of_the_tests_are_those_of_china() -> None:
    assert CHINA.utcoffset(None).total_seconds() == 8 * 3600
    assert at("1970-01-01 08:00") == 0
