"""Fees for services: what an auditor holds `service.charged` to, from the entries alone."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.balances import Balances
from ledger.dues import Dues, asked_by, due_for
from ledger.errors import LedgerError
from ledger.view import Broken
from tests.ledger.floor import ORIGIN, Floor, cny, digest, full_history, line

FEE, TAX = line("house/fees", 20_000, "fee"), line("house/tax", 1_200, "tax")


def opened() -> Floor:
    """An auction is open under a schedule that asks 200 yuan for it, and 6 % tax on that."""
    return Floor().ready("service.charged")


def refused(floor: Floor, **changes: Any) -> str:
    with pytest.raises(LedgerError) as found:
        floor.do("service.charged", **changes)
    return str(found.value)


def test_an_act_is_paid_for_once() -> None:
    floor = opened()
    floor.do("service.charged")
    assert "service.charged stands already in service/" in refused(floor)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lines": [FEE]}, "20000 and 1200 CNY are asked for auction, a line each"),
        ({"lines": [TAX, FEE]}, "20000 and 1200 CNY are asked for auction"),
        (
            {"lines": [line("house/fees", 20_000, "fee", "USD"), TAX]},
            "20000 and 1200 CNY are asked for auction",
        ),
        ({"lines": [FEE, TAX | {"account": "participant/PA-1"}]}, "goes to the house alone"),
        ({"fees": digest("others")}, "the schedule in force is"),
        ({"service": "listing"}, "uses auction"),
    ],
)
def test_what_the_schedule_asks_is_charged_and_nothing_else(
    changes: dict[str, Any], words: str
) -> None:
    assert words in refused(opened(), **changes)


def test_who_signed_the_act_pays() -> None:
    floor = opened()
    assert "who pays for it" in refused(floor, payer=floor.ids["rival"])
    assert "operator" in refused(floor, who="supplier")


def test_an_act_that_uses_no_service_costs_nothing() -> None:
    floor = opened()
    of_sheet = f"service/{floor.leaf('sheet.submitted')}"
    assert "a fee is for an earlier auction.opened" in refused(floor, subject=of_sheet)
    assert "a fee is for an earlier" in refused(floor, subject=f"service/{digest('nothing')}")


def test_the_schedule_that_was_in_force_when_the_act_was_signed_counts() -> None:
    floor = opened()
    registered = f"service/{floor.leaf('product.registered')}"
    changes = {"service": "registration", "subject": registered}
    assert "nothing is asked for registration at" in refused(floor, **changes)
    auction = next(floor.log.of_kind(floor.subject("auction.opened"), "auction.opened"))
    time = auction.signed.act.time
    due = due_for("auction", floor.log, ORIGIN, time)
    assert due is not None
    assert (due.amounts, due.currency) == ([20_000, 1_200], "CNY")
    assert due_for("auction", floor.log, ORIGIN, "2026-01-05T00:00:00Z") is None


def listing_asked() -> Floor:
    """A product is about to be listed under a schedule that asks 50 yuan for it."""
    floor = Floor().ready("listing.requested")
    floor.do("fees.published", listing=cny(5_000))
    floor.wait_for_fees()
    return floor


def for_listing(floor: Floor) -> dict[str, Any]:
    """Return what pays for the newest request for a listing."""
    return {
        "subject": f"service/{floor.leaf('listing.requested')}",
        "service": "listing",
        "lines": [line("house/fees", 5_000, "fee"), line("house/tax", 300, "tax")],
    }


def owing(floor: Floor) -> list[str]:
    """Return the subjects in which what is owed would be paid."""
    dues = Dues()
    for entry in floor.log.entries():
        dues.take(entry)
    return [f"service/{leaf}" for leaf in dues.unpaid]


def test_a_refused_request_for_a_listing_costs_nothing() -> None:
    floor = listing_asked()
    floor.do("listing.requested")
    request = for_listing(floor)
    assert "has put nothing on the board" in refused(floor, **request)
    floor.do("compliance.verdict")
    floor.do("listing.published")
    assert owing(floor) == [request["subject"]]
    floor.do("service.charged", **request)


@pytest.mark.parametrize("answered", [True, False])
def test_a_request_that_a_later_one_made_good_costs_nothing(*, answered: bool) -> None:
    floor = listing_asked()
    floor.do("listing.requested")
    first = for_listing(floor)
    if answered:
        floor.do("compliance.verdict", outcome="refused", fired=["V-01"])
    floor.do("listing.requested")
    second = for_listing(floor)
    floor.do("compliance.verdict")
    floor.do("listing.published")
    assert "has put nothing on the board" in refused(floor, **first)
    assert owing(floor) == [second["subject"]]
    floor.do("service.charged", **second)


def test_a_publication_that_no_request_asked_for_after_a_refusal_costs_nothing() -> None:
    floor = listing_asked()
    floor.do("listing.requested")
    request = for_listing(floor)
    floor.do("compliance.verdict", outcome="refused", fired=["V-01"])
    floor.do("compliance.verdict")
    floor.do("listing.published")
    assert "has put nothing on the board" in refused(floor, **request)
    assert owing(floor) == []


def test_the_return_of_a_listing_that_was_suspended_costs_nothing() -> None:
    floor = listing_asked()
    for kind in ("listing.requested", "compliance.verdict", "listing.published"):
        floor.do(kind)
    floor.do("service.charged", **for_listing(floor))
    for kind in ("listing.suspended", "listing.requested", "compliance.verdict"):
        floor.do(kind)
    floor.do("listing.published")
    assert "asks again for what was on the board" in refused(floor, **for_listing(floor))
    assert owing(floor) == []


def test_a_service_that_there_is_none_of_is_never_due() -> None:
    assert "nothing is asked for most_ppm" in refused(opened(), service="most_ppm")


def test_an_act_that_was_not_charged_is_named() -> None:
    floor, dues = opened(), Dues()
    for entry in floor.log.entries():
        dues.take(entry)
    unpaid = [(act.kind, due.amounts) for act, due in dues.unpaid.values()]
    assert unpaid == [("auction.opened", [20_000, 1_200])]
    dues.take(floor.do("service.charged"))
    assert dues.unpaid == {}


def test_a_certificate_is_asked_for_of_an_entry_that_is_there() -> None:
    floor = Floor().ready("certificate.requested")
    with pytest.raises(LedgerError, match="no earlier entry has the leaf hash"):
        floor.do("certificate.requested", entry=digest("none"))
    floor.do("certificate.requested")


def test_every_service_of_the_history_was_paid_for() -> None:
    dues = Dues()
    for entry in full_history().log.entries():
        dues.take(entry)
    assert dues.unpaid == {}


def test_a_fee_leaves_the_payers_account_and_must_be_there() -> None:
    floor = opened()
    floor.do("service.charged")
    balances = Balances()
    broken = [found for entry in floor.log.entries() for found in balances.take(entry)]
    supplier = f"participant/{floor.ids['supplier']}"
    assert broken == [
        Broken("balance", f"{supplier} has 0 CNY, 20000 CNY leave it"),
        Broken("balance", f"{supplier} has -20000 CNY, 1200 CNY leave it"),
    ]
    assert balances.moved == {
        (supplier, "CNY"): -21_200,
        ("house/fees", "CNY"): 20_000,
        ("house/tax", "CNY"): 1_200,
    }


@pytest.mark.parametrize(
    ("minor", "tax_ppm", "amounts"),
    [(0, 60_000, None), (1, 60_000, [1]), (25, 60_000, [25, 2]), (75, 60_000, [75, 4])],
)
def test_the_tax_on_a_fee_is_rounded_half_to_even(
    minor: int, tax_ppm: int, amounts: list[int] | None
) -> None:
    published = {"fees": digest("fees"), "tax_ppm": tax_ppm, "listing": cny(minor)}
    due = asked_by(published, "listing")
    assert (due.amounts if due else None) == amounts
    assert asked_by(published, "auction") is None
