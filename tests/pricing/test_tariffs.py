from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pricing import plugins
from pricing.billing import (
    Billed,
    ChargeType,
    Order,
)
from pricing.billing.ladder import Ladder, LadderMode, Rate
from pricing.billing.meter import Trial
from pricing.conformance import TariffContract
from pricing.errors import BadInput
from pricing.money import Money
from pricing.plan import Plan
from pricing.tariffs.free import Free
from pricing.tariffs.free_trial import FreeTrial
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Pack, Package
from pricing.tariffs.per_call import PerCall
from pricing.tariffs.per_record import PerRecord
from pricing.tariffs.subscription import Subscription
from pricing.tariffs.two_part import TwoPart
from pricing.tariffs.usage import Usage
from pricing.wire import from_wire, to_wire
from tests.pricing.statements import (
    BOUGHT,
    HEAVY,
    LADDER,
    MONTH,
    SOME,
    WEEK,
    YEAR,
    at,
    calls,
    cny,
    ladder,
    lines,
    statement,
)

FIXED = ChargeType.FIXED
VARIABLE = ChargeType.VARIABLE
SAMPLE = ChargeType.SAMPLE
GRACE = ChargeType.GRACE
INCLUDED = ChargeType.INCLUDED
MAX_REACHED = ChargeType.MAX_REACHED
NOT_FOUND = ChargeType.NOT_FOUND


class TestFree(TariffContract):
    tariff, statement = Free(), SOME


class TestFreeTrial(TariffContract):
    tariff, statement = FreeTrial(Trial(50)), SOME


class TestOneOff(TariffContract):
    tariff, statement = OneOff(cny("1000"), YEAR), SOME


class TestPerRecord(TariffContract):
    tariff, statement = PerRecord(Ladder.flat(Money(15), 100), Trial(4)), SOME


class TestPerCall(TariffContract):
    tariff = PerCall(LADDER, Billed.HITS, day_calls=20, day_max=cny("4"), trial=Trial(2, WEEK))
    statement, heavy, maximum = SOME, HEAVY, cny("16")


class TestPerCallByVolume(TariffContract):
    tariff = PerCall(replace(LADDER, mode=LadderMode.VOLUME), period=MONTH)
    statement, monotone = SOME, False


class TestUsage(TariffContract):
    tariff = Usage(LADDER, free_units=5, period_max=cny("3.33"))
    statement, heavy, maximum = SOME, HEAVY, cny("6.66")


class TestTwoPart(TariffContract):
    tariff = TwoPart(cny("10"), LADDER, free_units=5, period_max=cny("13.33"))
    statement, heavy, maximum = SOME, HEAVY, cny("39.99")


class TestSubscription(TariffContract):
    tariff = Subscription(cny("30"), MONTH, period_units=25, day_units=20)
    statement, heavy, maximum = SOME, HEAVY, cny("90")


class TestPackage(TariffContract):
    tariff, statement = Package((Pack(10, cny("3")), Pack(100, cny("25"))), YEAR), BOUGHT


class TestPackageWithOverage(TariffContract):
    tariff = Package((Pack(10, cny("3")),), YEAR, overage=Rate(Money(1), 2))
    statement = replace(SOME, orders=(Order("o", at("2026-01-06 00:00"), 10),))


def test_the_tariffs_are_registered() -> None:
    assert plugins.names("tariffs") == (
        *("free", "free-trial", "negotiated", "one-off", "package", "per-call", "per-record"),
        *("subscription", "two-part", "usage"),
    )
    assert plugins.load("tariffs", "per-call") is PerCall


def test_a_negotiated_price_is_none_until_it_is_agreed() -> None:
    with pytest.raises(BadInput, match=r"^plan: negotiated"):
        Negotiated(asking=cny("50000")).rate(SOME)
    plan = Plan(Negotiated(cny("50000")))
    assert from_wire(Plan, to_wire(plan)) == plan
    with pytest.raises(BadInput, match="asking"):
        Negotiated(Money(-1))


def test_hits_alone_are_billed_and_what_found_nothing_is_told() -> None:
    bill = PerCall(ladder((0, "0.50")), Billed.HITS).rate(SOME)
    assert lines(bill) == [(NOT_FOUND, 5, "0.00"), (VARIABLE, 45, "22.50")]
    assert lines(PerCall(ladder((0, "0.50"))).rate(SOME)) == [(VARIABLE, 50, "25.00")]


def test_a_ladder_graduated_or_by_volume() -> None:
    # 45 hits: 10 at 0.50 and 35 at 0.30, or all at 0.30.
    graduated, volume = (replace(LADDER, mode=mode) for mode in LadderMode)
    assert lines(PerCall(graduated, Billed.HITS).rate(SOME))[1:] == [
        (VARIABLE, 10, "5.00"),
        (VARIABLE, 35, "10.50"),
    ]
    assert lines(PerCall(volume, Billed.HITS).rate(SOME))[1:] == [(VARIABLE, 45, "13.50")]


def test_a_ladder_begins_again_with_each_period() -> None:
    # The first month lasts through 5 February, so 15 hits are in it and 30 in the second.
    bill = PerCall(LADDER, Billed.HITS, period=MONTH).rate(SOME)
    assert [(line.text, line.quantity, str(line.amount)) for line in bill.lines[1:]] == [
        ("2026-01-05 to 2026-02-05: at 0.50 CNY a unit", 10, "5.00 CNY"),
        ("2026-01-05 to 2026-02-05: at 0.30 CNY a unit", 5, "1.50 CNY"),
        ("2026-02-06 to 2026-03-05: at 0.50 CNY a unit", 10, "5.00 CNY"),
        ("2026-02-06 to 2026-03-05: at 0.30 CNY a unit", 20, "6.00 CNY"),
    ]


@pytest.mark.parametrize(
    ("uses", "charged", "free"),
    [
        (3, [(3, "1.50")], 0),
        (4, [(4, "2.00")], 0),  # exactly at the maximum: all of it is paid for
        (5, [(4, "2.00")], 1),
        (9, [(4, "2.00")], 5),
    ],
)
def test_a_daily_maximum_to_the_call(uses: int, charged: list[Any], free: int) -> None:
    plan = PerCall(ladder((0, "0.50")), day_max=cny("2"))
    bill = plan.rate(statement(*calls(*[("2026-01-07 12:00", 1)] * uses)))
    beyond = [(MAX_REACHED, free, "0.00")] if free else []
    assert lines(bill) == [*((VARIABLE, *line) for line in charged), *beyond]


def test_the_call_that_reaches_the_maximum_pays_what_is_left_of_it() -> None:
    plan = PerCall(ladder((0, "0.50")), day_max=cny("2.20"))
    bill = plan.rate(statement(*calls(("2026-01-07 12:00", 6))))
    assert lines(bill) == [(VARIABLE, 5, "2.20"), (MAX_REACHED, 1, "0.00")]
    assert bill.lines[0].text == "2026-01-07, the maximum of 2.20 CNY a day reached"


def test_a_day_ends_at_midnight_in_the_zone_of_the_statement() -> None:
    plan = PerCall(ladder((0, "0.50")), day_calls=2)
    around = statement(*calls(("2026-01-06 23:59", 2), ("2026-01-07 00:00", 2)))
    assert lines(plan.rate(around)) == [(VARIABLE, 4, "2.00")]
    # In London both are on 6 January.
    assert lines(plan.rate(replace(around, utc_offset_minutes=0))) == [
        (VARIABLE, 2, "1.00"),
        (MAX_REACHED, 2, "0.00"),
    ]


def test_a_trial_ends_with_its_units_or_its_last_day() -> None:
    plan = PerCall(ladder((0, "1")), trial=Trial(5, WEEK))
    last, after = "2026-01-12 23:59", "2026-01-13 00:00"
    bill = plan.rate(statement(*calls((last, 3), (after, 3))))
    assert lines(bill) == [(SAMPLE, 3, "0.00"), (VARIABLE, 3, "3.00")]
    bill = plan.rate(statement(*calls(("2026-01-06 00:00", 4), (last, 3))))
    assert lines(bill) == [(SAMPLE, 5, "0.00"), (VARIABLE, 2, "2.00")]


def test_what_is_beyond_a_free_trial_has_no_price() -> None:
    plan = FreeTrial(Trial(45), Billed.HITS)
    assert lines(plan.rate(SOME)) == [(NOT_FOUND, 5, "0.00"), (SAMPLE, 45, "0.00")]
    with pytest.raises(BadInput, match="1 units of e4 are beyond the trial"):
        FreeTrial(Trial(44), Billed.HITS).rate(SOME)
    with pytest.raises(BadInput, match="never end"):
        Trial()
    with pytest.raises(BadInput, match=r"trial\.units"):
        Trial(0)


def test_free_units_come_first_and_the_maximum_last() -> None:
    # First month, 20 units: 5 free; on 5 January ten at 0.50 and two at 0.30, on the 6th 0.40 are
    # left for two more; nothing is left in February.  Second, 30 units in a day: 5 free, ten at
    # 0.50, three at 0.30, and one pays the 0.10 that is left.
    bill = Usage(LADDER, free_units=5, period_max=cny("6")).rate(SOME)
    assert lines(bill) == [
        (GRACE, 5, "0.00"),
        (VARIABLE, 2, "0.40"),
        (VARIABLE, 10, "5.00"),
        (VARIABLE, 2, "0.60"),
        (MAX_REACHED, 1, "0.00"),
        (GRACE, 5, "0.00"),
        (VARIABLE, 14, "6.00"),
        (MAX_REACHED, 11, "0.00"),
    ]
    assert bill.amount == cny("12")


def test_no_rounding_passes_a_maximum() -> None:
    # 3 days of 0.005 · 1: 1.5 fen each; rounded day by day they would be 6, rounded once 4.
    plan = Usage(Ladder.flat(Money(3), 2), period_max=Money(4))
    days = calls(*[(f"2026-01-{day:02} 12:00", 1) for day in (6, 7, 8)])
    assert plan.rate(statement(*days[:1])).amount == Money(2)
    assert plan.rate(statement(*days[:2])).amount == Money(3)
    assert plan.rate(statement(*days)).amount == Money(4)
    assert [line.quantity for line in plan.rate(statement(*days)).lines] == [1, 2]


@pytest.mark.parametrize(
    ("until", "fees"),
    [
        ("2026-01-05 09:31", 1),
        ("2026-02-06 00:00", 1),  # the second month begins at this very moment
        ("2026-02-06 00:01", 2),
        ("2026-03-06 00:00", 2),
    ],
)
def test_a_fee_is_due_when_its_period_begins(until: str, fees: int) -> None:
    bill = TwoPart(cny("10"), LADDER).rate(statement(until=until))
    assert lines(bill) == [(FIXED, 1, "10.00")] * fees
    assert bill == Subscription(cny("10"), MONTH).rate(statement(until=until))


def test_the_maximum_of_a_two_part_tariff_holds_the_fee() -> None:
    bill = TwoPart(cny("10"), LADDER, period_max=cny("10")).rate(SOME)
    assert bill.amount == cny("30")
    assert bill.units(MAX_REACHED) == 50
    with pytest.raises(BadInput, match=r"period_max: 9.99 CNY is below the fee of 10.00 CNY"):
        TwoPart(cny("10"), LADDER, period_max=cny("9.99"))


def test_a_subscription_says_what_it_did_not_pay_for() -> None:
    bill = Subscription(cny("30"), MONTH, 25, 16, Billed.HITS).rate(SOME)
    # Hits by day: 12, 2 and 1 in the first month; 30 in the second, of which a day has 16.
    assert lines(bill)[3:] == [
        (NOT_FOUND, 5, "0.00"),
        (INCLUDED, 31, "0.00"),
        (MAX_REACHED, 14, "0.00"),
    ]


def test_a_licence_of_a_year_ends_with_its_last_day() -> None:
    plan, until = OneOff(cny("9"), YEAR), "2028-01-01 00:00"
    within = statement(*calls(("2027-01-05 23:59", 2)), until=until)
    assert lines(plan.rate(within)) == [(FIXED, 1, "9.00"), (INCLUDED, 2, "0.00")]
    after = statement(*calls(("2027-01-06 00:00", 2)), until=until)
    with pytest.raises(BadInput, match="e0 is after the licence's last day"):
        plan.rate(after)
    assert replace(plan, term=None).rate(after).lines[0].text == "one licence, for good"


# The menu that one listing of Zhejiang's exchange shows.
PACKS = tuple(
    Pack(units, cny(price))
    for units, price in ((138_888, "50000"), (312_500, "100000"), (714_285, "200000"))
)


def test_packs_are_drawn_until_the_last_second_of_their_validity() -> None:
    order = Order("o", at("2026-03-05 10:00"), 138_888)
    bought = statement(since="2026-03-01 00:00", until="2028-01-01 00:00", orders=(order,))
    plan = Package(PACKS, YEAR)
    last = replace(bought, events=calls(("2026-03-05 10:00", 1), ("2027-03-05 23:59", 138_887)))
    assert lines(plan.rate(last)) == [(FIXED, 1, "50,000.00"), (INCLUDED, 138_888, "0.00")]
    for event, why in (
        (("2027-03-05 23:59", 138_889), "1 units of e0"),
        (("2027-03-06 00:00", 1), "1 units of e0"),
        (("2026-03-05 09:59", 1), "1 units of e0"),
    ):
        with pytest.raises(BadInput, match=why):
            plan.rate(replace(bought, events=calls(event)))
    forever = replace(plan, validity=None)
    assert forever.rate(replace(bought, events=calls(("2027-12-31 23:59", 9)))).amount == cny(
        "50000"
    )


def test_packs_that_lapse_first_are_drawn_first() -> None:
    orders = (Order("b", at("2026-02-01 00:00"), 5), Order("a", at("2026-01-10 00:00"), 5, count=2))
    plan = Package((Pack(5, cny("1")),), MONTH, overage=Rate(cny("1")))
    # 10 units until 10 February, of which 6 are used; then 5 until 1 March.
    events = calls(("2026-02-10 12:00", 6), ("2026-02-11 00:00", 6))
    bill = plan.rate(statement(*events, orders=orders))
    assert lines(bill) == [(FIXED, 3, "3.00"), (INCLUDED, 11, "0.00"), (VARIABLE, 1, "1.00")]


def test_what_found_nothing_draws_from_no_pack() -> None:
    plan = Package((Pack(45, cny("1")),))
    bought = replace(SOME, orders=(Order("o", SOME.since_ms, 45),))
    assert lines(plan.rate(bought)) == [
        (FIXED, 1, "1.00"),
        (NOT_FOUND, 5, "0.00"),
        (INCLUDED, 45, "0.00"),
    ]
    with pytest.raises(BadInput, match="no pack has them"):
        replace(plan, billed=Billed.EVERY).rate(bought)


def test_a_pack_that_is_not_sold_cannot_be_ordered() -> None:
    with pytest.raises(BadInput, match="no pack of 1,000 units"):
        Package(PACKS).rate(replace(SOME, orders=(Order("o", SOME.since_ms, 1_000),)))
