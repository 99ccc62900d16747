"""Accesses: to the buyer, counted without a gap, within the limit and the time of the contract."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from ledger.acts import format_time
from ledger.errors import BadAct
from ledger.registry import STRICTER_SINCE
from tests.ledger.floor import Floor, digest
from tests.ledger.test_grades import registered


def ready() -> Floor:
    return Floor().ready("access.granted")


def test_accesses_are_counted_up_to_the_limit() -> None:
    floor = ready()
    floor.do("access.granted")
    floor.do("access.granted", count=2)
    with pytest.raises(BadAct, match="the contract allows 2 accesses"):
        floor.do("access.granted", count=3)


def test_without_a_limit_accesses_are_only_counted() -> None:
    floor = ready()
    free = {"policy": digest("policy")}
    for count in (1, 2, 3):
        signed = floor.draft("access.granted", count=count)
        facts = {name: each for name, each in signed.facts.items() if name != "limit"} | free
        floor.put(replace(signed, facts=facts).signed(floor.pair("operator")))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"count": 2}, "this is access 1, not 2"),
        ({"count": 0}, "this is access 1, not 0"),
        ({"limit": 0}, "the contract allows 0 accesses"),
        ({"sealed": digest("other")}, "sealed"),
        ({"trade": "0" * 32}, "is not of the trade"),
    ],
)
def test_an_access_that_is_not_the_next_is_refused(changes: dict[str, Any], why: str) -> None:
    floor = ready()
    with pytest.raises(BadAct, match=why):
        floor.do("access.granted", **changes)


def test_a_limit_stays_what_it_was() -> None:
    floor = ready()
    floor.do("access.granted")
    with pytest.raises(BadAct, match="the limit was 2"):
        floor.do("access.granted", count=2, limit=9)


def test_nobody_but_who_ordered_gets_access() -> None:
    floor = ready()
    with pytest.raises(BadAct, match="did not order"):
        floor.do("access.granted", to=floor.ids["other-buyer"])


def test_no_access_after_the_use_right_has_ended() -> None:
    floor = ready()
    floor.now += dt.timedelta(days=400)
    with pytest.raises(BadAct, match="the use right ended at"):
        floor.do("access.granted")


def test_no_access_after_the_contract_was_cancelled() -> None:
    floor = ready()
    floor.do("trade.cancelled")
    with pytest.raises(BadAct, match=r"trade\.cancelled"):
        floor.do("access.granted")


@pytest.mark.parametrize("end", ["scenario.withdrawn", "scenario.revoked"])
def test_no_access_after_the_scenario_has_ended(end: str) -> None:
    floor = ready()
    floor.do(end)
    with pytest.raises(BadAct, match="is not approved, or was withdrawn or revoked"):
        floor.do("access.granted")


@pytest.mark.parametrize(
    ("before", "facts", "why"),
    [
        ("grade.set", {"grade": "core"}, "is core data, which is handed out to nobody"),
        ("listing.suspended", {}, "was suspended at"),
        ("dispute.opened", {}, "a dispute over product/.* is open"),
    ],
)
def test_no_access_while_the_product_does_not_stand(
    before: str, facts: dict[str, Any], why: str
) -> None:
    floor = ready()
    floor.do(before, **facts)
    with pytest.raises(BadAct, match=why):
        floor.do("access.granted")


def come_from_core(floor: Floor) -> str:
    """Let the product come from another, which is core; return the number of that."""
    before = dict(floor.subjects)
    registered(floor, "source")
    source = floor.number("product")
    floor.subjects.update(before)
    floor.do("registration.changed", data=digest("data"), parents=[source])
    floor.do("grade.set", subject=f"product/{source}", grade="core")
    return source


@pytest.mark.parametrize(
    ("module", "kind"), [("access", "access.granted"), ("grades", "delivery.made")]
)
def test_what_comes_from_core_data_is_not_served_and_what_was_before_that_was_asked_stays_valid(
    monkeypatch: pytest.MonkeyPatch, module: str, kind: str
) -> None:
    floor = Floor().ready(kind)
    come_from_core(floor)
    number = floor.number("product")
    assert STRICTER_SINCE == "2027-01-01T00:00:00Z"
    monkeypatch.setattr(f"ledger.{module}.STRICTER_SINCE", format_time(floor.now))
    with pytest.raises(BadAct, match=f"grade: {number} is core data, which is "):
        floor.do(kind)
    later = format_time(floor.now + dt.timedelta(seconds=1))
    monkeypatch.setattr(f"ledger.{module}.STRICTER_SINCE", later)
    floor.do(kind)


def test_what_left_the_board_in_order_is_handed_out() -> None:
    floor = ready()
    floor.do("listing.delisted")
    floor.do("access.granted")
