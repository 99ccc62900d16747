"""Withdrawals, credit and fees, as an auditor checks them from the entries alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.balances import OUTSIDE, Balances
from ledger.errors import LedgerError
from ledger.fees import WHOLE, Kept, part
from ledger.view import Broken
from tests.ledger.floor import FEE, Floor, full_history, line

CNY = "CNY"
CENT = {"minor": 1, "currency": CNY}


def folded(floor: Floor) -> tuple[Balances, list[Broken]]:
    balances = Balances()
    broken: list[Broken] = []
    for entry in floor.log.entries():
        broken += balances.take(entry)
    return balances, broken


def buyer(floor: Floor) -> str:
    return f"participant/{floor.ids['buyer']}"


def rich(minor: int = 10_000) -> Floor:
    floor = Floor().ready("account.deposited")
    floor.do("account.deposited", amount={"minor": minor, "currency": CNY})
    return floor


def requested(floor: Floor) -> str:
    floor.do("withdrawal.requested")
    return floor.number("withdrawal")


def test_every_amount_comes_from_somewhere() -> None:
    balances, broken = folded(full_history())
    assert broken == []
    assert sum(balances.balances().values()) == 0
    assert balances.balance(OUTSIDE, CNY) < 0
    assert balances.all_pending() == {}


def test_what_is_asked_for_is_set_aside_until_it_is_paid() -> None:
    floor = rich()
    name = requested(floor)
    balances, broken = folded(floor)
    mine = (balances.balance(buyer(floor), CNY), balances.pending(buyer(floor), CNY))
    assert (mine, broken) == ((10_000, 8_000), [])
    assert balances.moved == {}
    floor.do("account.withdrawn", amount=FEE, withdrawal=name)
    balances, broken = folded(floor)
    mine = (balances.balance(buyer(floor), CNY), balances.pending(buyer(floor), CNY))
    assert (mine, broken) == ((2_000, 0), [])
    assert balances.moved == {(buyer(floor), CNY): -8_000, (OUTSIDE, CNY): 8_000}


def test_what_failed_is_free_again() -> None:
    floor = rich()
    requested(floor)
    floor.do("withdrawal.failed")
    balances, broken = folded(floor)
    assert (balances.pending(buyer(floor), CNY), broken) == (0, [])


def test_what_is_set_aside_cannot_leave_twice() -> None:
    floor = rich()
    requested(floor)
    floor.do("account.withdrawn", amount={"minor": 2_001, "currency": CNY})
    assert folded(floor)[1] == [
        Broken("balance", f"{buyer(floor)} has 2000 CNY, 2001 CNY leave it")
    ]
    second = requested(floor)
    assert folded(floor)[1][1:] == [
        Broken("balance", f"{buyer(floor)} has -1 CNY, 8000 CNY are set aside of it")
    ]
    assert second


def refused(floor: Floor, kind: str, **changes: Any) -> str:
    size = floor.log.edge().size
    with pytest.raises(LedgerError) as caught:
        floor.do(kind, **changes)
    assert floor.log.edge().size == size
    return str(caught.value)


def test_a_withdrawal_ends_once() -> None:
    floor = rich(100_000)
    paid, failed = requested(floor), ""
    floor.do("account.withdrawn", amount=FEE, withdrawal=paid)
    assert f"withdrawal/{paid} was paid by entry" in refused(
        floor, "account.withdrawn", amount=FEE, withdrawal=paid
    )
    assert f"withdrawal/{paid} was paid by entry" in refused(floor, "withdrawal.failed")
    failed = requested(floor)
    floor.do("withdrawal.failed")
    assert f"withdrawal/{failed} has failed" in refused(
        floor, "account.withdrawn", amount=FEE, withdrawal=failed
    )


def test_a_withdrawal_is_met_as_it_was_asked_for() -> None:
    floor = rich()
    name = requested(floor)
    assert "nobody asked for withdrawal/WD-0" in refused(
        floor, "account.withdrawn", withdrawal="WD-0"
    )
    assert f"withdrawal/{name} is of another amount" in refused(
        floor, "account.withdrawn", amount=CENT, withdrawal=name
    )
    other = f"account/{floor.ids['other-buyer']}"
    assert f"withdrawal/{name} is not of {other}" in refused(
        floor, "account.withdrawn", subject=other, amount=FEE, withdrawal=name
    )
    assert "withdrawal.requested of nothing" in refused(
        floor, "withdrawal.requested", amount=CENT | {"minor": 0}
    )


def test_nobody_but_the_operator_says_what_a_bank_did() -> None:
    floor = rich()
    requested(floor)
    assert "operator" in refused(floor, "withdrawal.failed", who="buyer")
    assert "operator" in refused(floor, "credit.set", who="buyer")
    assert "operator" in refused(floor, "fees.published", who="buyer")


def test_credit_lets_an_account_fall_so_far() -> None:
    floor = rich(0)
    floor.do("credit.set")
    floor.do("account.withdrawn", amount=FEE)
    balances, broken = folded(floor)
    assert (balances.balance(buyer(floor), CNY), broken) == (-8_000, [])
    assert balances.credit(buyer(floor), CNY) == 8_000
    floor.do("account.withdrawn", amount=CENT)
    assert folded(floor)[1] == [Broken("balance", f"{buyer(floor)} has 0 CNY, 1 CNY leave it")]


def test_a_limit_below_what_is_used_is_named() -> None:
    floor = rich(0)
    floor.do("credit.set")
    floor.do("account.withdrawn", amount=FEE)
    floor.do("credit.set", limit=CENT)
    assert folded(floor)[1] == [Broken("credit", f"{buyer(floor)} uses 8000 CNY of its credit")]


def test_a_failure_of_what_nobody_set_aside_is_named() -> None:
    floor = rich()
    requested(floor)
    floor.do("withdrawal.failed")
    floor.force(floor.compose(floor.sign("withdrawal.failed")))
    assert [found.rule for found in folded(floor)[1]] == ["pending"]


# Fees.


@pytest.mark.parametrize(("days", "fits"), [(7, True), (6, False)])
def test_fees_are_published_seven_days_ahead(days: int, fits: bool) -> None:  # noqa: FBT001
    floor = Floor().ready("fees.published")
    if fits:
        floor.do("fees.published", since=floor.later(days=days))
    else:
        said = refused(floor, "fees.published", since=floor.later(days=days))
        assert "is less than 7 days after" in said


def test_fees_begin_one_after_the_other() -> None:
    floor = Floor().ready("fees.published")
    first = floor.later(days=8)
    floor.do("fees.published", since=first)
    assert f"fees from {first} on were published before" in refused(
        floor, "fees.published", since=first
    )


@pytest.mark.parametrize(
    ("most", "tax"), [(WHOLE, 1), (0, WHOLE + 1), (500_001, WHOLE), (943_397, 60_000)]
)
def test_fees_and_their_tax_are_no_more_than_a_price(most: int, tax: int) -> None:
    floor = Floor().ready("fees.published")
    assert "are more than a price" in refused(floor, "fees.published", most_ppm=most, tax_ppm=tax)
    floor.do(
        "fees.published", most_ppm=most - 1 if most else 0, tax_ppm=min(tax, WHOLE) - (not most)
    )


def settled(kept: int, *, wait: int, **published: Any) -> Floor:
    """Play a trade of 100,000 fen whose quote comes `wait` days after the fees were published."""
    floor = Floor().ready("price.quoted")
    floor.do("fees.published", **published)
    floor.now += dt.timedelta(days=wait)
    for step in ("price.quoted", "trade.ordered"):
        floor.do(step)
    floor.do("account.deposited")
    for step in ("trade.contracted", "delivery.made", "delivery.received"):
        floor.do(step)
    supplier = f"participant/{floor.ids['supplier']}"
    lines = [line("house/fees", kept, "fee"), line(supplier, 100_000 - kept, "proceeds")]
    floor.do("settlement.executed", lines=lines)
    return floor


def test_a_settlement_keeps_what_the_schedule_of_its_quote_lets_it() -> None:
    settled(5_300, wait=9)  # 5 % and 6 % of that
    with pytest.raises(LedgerError, match="5301 go to nobody admitted, the exchange's fee is 5300"):
        settled(5_301, wait=9)


def test_a_schedule_that_is_not_yet_in_force_holds_nobody() -> None:
    settled(3_000, wait=1)  # the 3 % of the house
    with pytest.raises(LedgerError, match="the exchange's fee is 3000"):
        settled(3_001, wait=1)


def test_a_part_is_rounded_half_to_even() -> None:
    assert [part(minor, 500_000) for minor in (1, 3, 5)] == [0, 2, 2]
    assert Kept(500_000, 500_000).of(5) == 2 + 1


@given(st.integers(0, 2**53 - 1), st.integers(0, WHOLE), st.integers(0, WHOLE))
def test_no_more_than_a_unit_of_rounding_goes_beyond_the_price(
    minor: int, most: int, tax: int
) -> None:
    kept = Kept(most, tax).of(minor)
    assert abs(kept - minor * most * (WHOLE + tax) / WHOLE**2) <= 1.51 + kept * 1e-12
