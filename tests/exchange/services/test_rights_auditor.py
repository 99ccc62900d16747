"""The auditor of rights says what nobody had a right to; an honest market gives it no cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.simulation.auditors.rights import Rights, Use
from ledger.acts import format_time
from ledger.entries import Entry
from pricing.money import Money
from tests.exchange.floor import PRICE, Hall, open_hall
from tests.exchange.services.plans import by_use, calls, listed_under


@pytest.fixture
def delivered(tmp_path: Path) -> Iterator[Hall]:
    with open_hall(tmp_path / "exchange", "delivered", "sqlite") as opened:
        yield opened


def entries(hall: Hall) -> list[Entry]:
    with hall.floor.read() as work:
        return list(work.chain.store.entries())


def of_kind(hall: Hall, kind: str) -> Entry:
    return next(entry for entry in entries(hall) if entry.kind == kind)


def taken(hall: Hall, *left_out: str) -> tuple[Rights, list[str]]:
    """Let an auditor take every entry but those kinds, and return what it says."""
    rights = Rights()
    read = [entry for entry in entries(hall) if entry.kind not in left_out]
    return rights, [fault for entry in read for fault in rights.take(entry)]


def test_an_honest_trade_gives_no_cause(delivered: Hall) -> None:
    delivered.trade_all()
    rights, faults = taken(delivered)
    assert faults == []
    assert list(rights.uses) == [delivered.made]


def test_what_is_delivered_without_a_contract_is_named(delivered: Hall) -> None:
    _, faults = taken(delivered, "trade.contracted")
    assert faults == [f"delivery.made of {delivered.made}: there is no contract"]


def test_what_is_delivered_after_an_end_is_named(delivered: Hall) -> None:
    delivered.receive()
    delivered.house.settle(delivered.made)
    delivered.buyer.end(delivered.made, "breach", "a gap in it")
    rights, faults = taken(delivered)
    assert faults == []
    again = list(rights.take(of_kind(delivered, "delivery.made")))
    assert again == [f"delivery.made of {delivered.made}: the contract had ended"]


@pytest.mark.parametrize("what", ["cancelled", "refunded", "the whole price", "half of it"])
def test_a_use_right_that_outlasts_what_paid_for_it_is_named(delivered: Hall, what: str) -> None:
    agreed = delivered.trade(delivered.made).grant_until
    delivered.advance(days=1)
    if what == "cancelled":
        delivered.house.cancel(delivered.made, "no receipt")
    elif what == "refunded":
        for part in (1, PRICE.minor - 1):
            assert delivered.trade(delivered.made).grant_until == agreed
            delivered.supplier.refund(delivered.made, Money(part), "sorry")
    else:
        back = PRICE if what == "the whole price" else Money(PRICE.minor // 2)
        delivered.buyer.dispute_trade(delivered.made, "a gap in it")
        delivered.house.arbitrate(delivered.made, back=back, reasons="see the file")
    now = format_time(delivered.floor.clock())
    ended = delivered.trade(delivered.made).grant_until
    assert ended == (agreed if what == "half of it" else now)
    rights, faults = taken(delivered)
    assert faults == []
    told = list(rights.compare(lambda _: [(delivered.made, "executed", agreed)]))
    assert told == (
        []
        if what == "half of it"
        else [f"trade {delivered.made} is executed until {agreed}, its entries say {now}"]
    )


def test_what_is_delivered_after_the_use_right_is_named(delivered: Hall) -> None:
    rights, _ = taken(delivered)
    made = of_kind(delivered, "delivery.made")
    rights.uses[delivered.made] = replace(rights.uses[delivered.made], until="2026-01-01T00:00:00Z")
    words = f"delivery.made of {delivered.made}: the use right ended at 2026-01-01T00:00:00Z"
    assert list(rights.take(made)) == [words]


@pytest.mark.parametrize("end", ["withdrawn", "revoked", "expired", "approved"])
def test_what_is_metered_after_its_scenario_is_named(hall: Hall, end: str) -> None:
    """An end of before the batch is made of the approval, or an approval until then."""
    trade = by_use(listed_under(hall))
    hall.advance(hours=1)
    over = format_time(hall.floor.clock())
    hall.advance(hours=1)
    hall.supplier.meter(trade.id, calls(hall, 3))
    assert taken(hall)[1] == []
    rights, faults = taken(hall, "usage.metered")
    approved = of_kind(hall, "scenario.approved")
    act = approved.signed.act
    signed = replace(approved.signed, act=replace(act, facts={**act.facts, "until": over}))
    ended = replace(approved, time=over, signed=signed, kind=f"scenario.{end}")
    faults += list(rights.take(ended)) + list(rights.take(of_kind(hall, "usage.metered")))
    assert faults == [f"usage.metered of {trade.id}: its scenario ended at {over}"]


def test_two_uses_that_meet_are_named_where_one_is_exclusive(delivered: Hall) -> None:
    rights, _ = taken(delivered)
    use = rights.uses.pop(delivered.made)
    contract = of_kind(delivered, "trade.contracted")
    rights.uses["TR-OTHER"] = use
    assert list(rights.take(contract)) == []
    del rights.uses[delivered.made]
    rights.uses["TR-OTHER"] = replace(use, exclusive=True)
    [fault] = rights.take(contract)
    assert fault.endswith("its use meets TR-OTHER, one is exclusive")


def test_a_row_that_gives_more_than_the_entries_is_named(delivered: Hall) -> None:
    rights, _ = taken(delivered)
    until = rights.uses[delivered.made].until
    assert list(rights.compare(lambda _: [(delivered.made, "contracted", until)])) == []
    rows = [(delivered.made, "contracted", "2031-01-01T00:00:00Z"), ("TR-NONE", "ended", until)]
    assert list(rights.compare(lambda _: rows)) == [
        f"trade {delivered.made} is contracted until 2031-01-01T00:00:00Z, its entries say {until}",
        "trade TR-NONE: a use right without a contract",
    ]


@pytest.mark.parametrize(
    ("changes", "day", "meets"),
    [
        ({}, "2026-02-01", True),  # its last day counts whole
        ({}, "2026-02-02", False),
        ({"purposes": frozenset({"shipping"})}, "2026-01-05", False),
        ({"purposes": frozenset({"any"})}, "2026-01-05", True),
        ({"region": "Qingdao"}, "2026-01-05", False),
        ({"region": "any"}, "2026-01-05", True),
        ({"product": "GP-OTHER"}, "2026-01-05", False),
        ({"over": True}, "2026-01-05", False),
    ],
)
def test_uses_meet_in_purpose_region_and_days(
    changes: dict[str, object], day: str, *, meets: bool
) -> None:
    use = Use("GP-1", frozenset({"research"}), "CN", "2026-02-01T09:00:00Z", exclusive=True)
    assert use.meets(replace(use, **changes), day) is meets  # type: ignore[arg-type]
