"""What a contract becomes: what an auditor checks about parts of an escrow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.acts import parse_time
from ledger.agreements import held, use_until
from ledger.errors import BadAct
from tests.ledger.floor import Floor, digest, line


def refused(floor: Floor, words: str, kind: str, who: str | None = None, **facts: Any) -> None:
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=words):
        floor.do(kind, who, **facts)
    assert floor.log.edge().size == size


def part(floor: Floor, minor: int, number: int = 1, basis: str = "") -> dict[str, Any]:
    return {
        "part": number,
        "amount": {"minor": minor, "currency": "CNY"},
        "lines": [line(f"participant/{floor.ids['supplier']}", minor, "price")],
        "basis": basis or floor.leaf("delivery.received"),
    }


def test_what_is_held_is_what_no_part_paid_out() -> None:
    floor = Floor().ready("trade.contracted")
    trade = floor.subjects["trade"]
    assert held(floor.log, trade) == 0
    for step in ("trade.contracted", "delivery.made", "delivery.received"):
        floor.do(step)
        assert held(floor.log, trade) == 100_000
    floor.do("settlement.part", **part(floor, 99_999))
    assert held(floor.log, trade) == 1


@pytest.mark.parametrize("end", ["settlement.executed", "trade.cancelled"])
def test_nothing_is_held_once_a_trade_was_settled_or_cancelled(end: str) -> None:
    floor = Floor().ready(end)
    floor.do(end)
    assert held(floor.log, floor.subjects["trade"]) == 0
    refused(floor, f"order: settlement.part cannot follow {end}", "settlement.part")


def test_a_part_before_the_contract_is_refused() -> None:
    floor = Floor().ready("trade.contracted")
    facts = part(floor, 1, basis=digest("nothing"))
    refused(floor, "needs: settlement.part needs trade.contracted", "settlement.part", **facts)


@pytest.mark.parametrize("minor", [100_001, 200_000])
def test_a_part_of_more_than_is_held_is_refused(minor: int) -> None:
    floor = Floor().ready("settlement.part")
    words = "escrow: 100000 are held"
    refused(floor, words, "settlement.part", **part(floor, minor))
    floor.do("settlement.part", **part(floor, 100_000))


def test_a_part_of_nothing_or_of_another_currency_is_refused() -> None:
    floor = Floor().ready("settlement.part")
    words = "money: a part is above zero, in CNY"
    refused(floor, words, "settlement.part", **part(floor, 0))
    facts = part(floor, 1) | {
        "amount": {"minor": 1, "currency": "JPY"},
        "lines": [line(f"participant/{floor.ids['supplier']}", 1, "price", "JPY")],
    }
    refused(floor, words, "settlement.part", **facts)


def test_a_part_number_and_a_basis_are_used_once() -> None:
    floor = Floor().ready("settlement.part")
    floor.do("settlement.part", **part(floor, 10))
    refused(floor, "part: part 1 was paid at", "settlement.part", **part(floor, 10))
    words = "basis: .* earned part 1 already"
    refused(floor, words, "settlement.part", **part(floor, 10, number=2))


def test_a_part_is_earned_by_an_entry_about_this_trade() -> None:
    floor = Floor().ready("settlement.part")
    words = (
        "basis: a part is earned by an earlier delivery.deemed or delivery.received or usage.billed"
    )
    facts = part(floor, 10)
    refused(floor, words, "settlement.part", **facts | {"basis": digest("nothing")})
    refused(floor, words, "settlement.part", **facts | {"basis": floor.leaf("delivery.made")})
    mine = floor.leaf("delivery.received")
    for step in ("price.quoted", "trade.ordered"):
        floor.do(step)
    floor.do("account.deposited")
    floor.do("trade.contracted")
    words = "basis: .* is not about trade/"
    refused(floor, words, "settlement.part", **part(floor, 10, basis=mine))


@pytest.mark.parametrize("kind", ["settlement.executed", "trade.cancelled"])
def test_what_was_paid_in_parts_is_not_settled_or_cancelled_as_a_whole(kind: str) -> None:
    floor = Floor().ready("settlement.part")
    floor.do("settlement.part", **part(floor, 10))
    refused(floor, f"order: {kind} cannot follow settlement.part", kind)


# When a use right ends.


def forced(floor: Floor, kind: str, **changes: Any) -> str:
    """Put an entry into the log, whatever the rules say of it, and return its time."""
    return floor.force(floor.compose(floor.sign(kind, **changes))).time


def refunded(floor: Floor, minor: int) -> str:
    lines = [line(f"escrow/{floor.number('trade')}", minor, "refund")]
    amount = {"minor": minor, "currency": "CNY"}
    return forced(floor, "refund.made", amount=amount, lines=lines)


def test_a_use_right_ends_with_the_contract_that_is_cancelled() -> None:
    floor = Floor().ready("delivery.made")
    cancelled = floor.do("trade.cancelled")
    assert use_until(floor.log, floor.subjects["trade"]) == cancelled.time


@pytest.mark.parametrize("paid", [0, 10])
def test_a_use_right_ends_with_the_last_of_a_price_that_went_back_unless_some_was_paid(
    paid: int,
) -> None:
    floor = Floor().ready("settlement.part")
    trade = floor.subjects["trade"]
    until = use_until(floor.log, trade)
    if paid:
        floor.do("settlement.part", **part(floor, paid))
    refunded(floor, 99_999 - paid)
    assert use_until(floor.log, trade) == until
    last = refunded(floor, 1)
    assert held(floor.log, trade) == 0
    assert use_until(floor.log, trade) == (until if paid else last)


@pytest.mark.parametrize(
    ("mode", "back", "ends"),
    [("", 50_000, False), ("", 100_000, True), ("usage", 50_000, True), ("usage", 0, True)],
)
def test_a_use_right_ends_with_an_award_of_its_budget_or_of_the_whole_price(
    mode: str,
    back: int,
    ends: bool,  # noqa: FBT001 - drawn
) -> None:
    floor = Floor().ready("usage.metered" if mode else "delivery.received")
    trade = floor.subjects["trade"]
    until = use_until(floor.log, trade)
    lines = [
        line(f"participant/{floor.ids['buyer']}", back, "awarded"),
        line(f"participant/{floor.ids['supplier']}", 100_000 - back, "price"),
    ]
    amount, nothing = ({"minor": minor, "currency": "CNY"} for minor in (100_000, 0))
    award = forced(floor, "trade.arbitrated", amount=amount, lines=lines, reversal=nothing)
    assert use_until(floor.log, trade) == (award if ends else until)


# What is held against what is paid for besides.


def from_escrow(floor: Floor, minor: int) -> dict[str, Any]:
    lines = [line(f"escrow/{floor.number('trade')}", minor, "refund")]
    return {"amount": {"minor": minor, "currency": "CNY"}, "lines": lines}


def test_no_refund_empties_an_escrow_while_a_further_period_is_paid_for() -> None:
    floor = Floor().ready("subscription.refunded")
    refused(floor, "escrow: the fee of period 2 of .* is held", "trade.cancelled")
    all_of_it = from_escrow(floor, 100_000)
    refused(floor, "escrow: the fee of period 2 of .* is held", "refund.made", **all_of_it)
    floor.do("refund.made", **from_escrow(floor, 99_999))
    floor.do("subscription.refunded")
    floor.do("refund.made", **from_escrow(floor, 1))
    floor.wait_for("subscription.renewed")
    words = "order: all of the price of trade/.* went back at"
    refused(floor, words, "subscription.renewed", period=3)


def test_no_amendment_takes_all_that_is_held_and_leaves_a_price() -> None:
    floor = Floor().ready("amendment.proposed")
    floor.do("refund.made", **from_escrow(floor, 60_000))
    facts: dict[str, Any] = {
        "amount": {"minor": 60_000, "currency": "CNY"},
        "returned": {"minor": 40_000, "currency": "CNY"},
    }
    words = "escrow: all of 40000 held for trade/.* would go back"
    refused(floor, words, "amendment.proposed", **facts)


def test_a_contract_is_concluded_while_its_quote_runs() -> None:
    floor = Floor().ready("trade.contracted")
    quote = floor.log.last(floor.subjects["quote"])
    assert quote is not None
    until = parse_time(quote.facts["until"], "until")
    floor.now = until + dt.timedelta(seconds=1)
    refused(floor, f"expiry: {quote.subject} ended at", "trade.contracted")
    floor.now = until
    assert floor.do("trade.contracted").time == quote.facts["until"]
