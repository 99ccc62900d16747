"""What a derived product may be for: what every grant it stands on is for, as long as it is."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.errors import NotCompliant, Refused
from exchange.listing import ListingState
from exchange.services.access_delivery import access_delivery
from exchange.services.explain_listing import explain_product
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import Duty, read_inbox
from ledger.acts import format_time
from ledger.grades import granted_purposes, unpermitted
from tests.exchange.floor import (
    DERIVATION,
    EVIDENCE,
    NOTICE,
    SHEET,
    Hall,
    open_hall,
    sheet,
)

FURTHER = """station,time,longitude,latitude,temperature
QD,2026-01-04T00:00:00Z,121.87,36.71,4.2
QD,2026-01-04T01:00:00Z,120.05,37.18,7.7
QD,2026-01-04T02:00:00Z,122.46,35.02,5.1
QD,2026-01-04T03:00:00Z,119.93,36.55,8.4
RZ,2026-01-04T00:00:00Z,121.14,34.27,3.6
RZ,2026-01-04T01:00:00Z,120.78,35.89,9.3
"""
RESEARCH = SHEET["conditions"] | {"purposes": ["research"]}


def child_of_two_grants(hall: Hall, **shipping: str) -> tuple[str, str]:
    """List what is derived under a grant for research and one for shipping; return it and that."""
    hall.grant(purposes=("research",))
    grant = hall.grant(purposes=("shipping",), **shipping)
    child = hall.derive()
    hall.contributor.list(child)
    return child, grant


def off_board(hall: Hall, number: str) -> str:
    with hall.floor.read() as work:
        *_, last = (
            entry.facts["reason"]
            for entry in work.chain.store.entries()
            if (entry.kind, entry.subject) == ("listing.suspended", f"product/{number}")
        )
    return str(last)


def test_a_purpose_that_is_granted_no_more_takes_what_is_for_it_off_the_board_at_once(
    listed: Hall,
) -> None:
    source = listed.number
    child, grant = child_of_two_grants(listed)
    listed.number = child
    trade = listed.order(purpose="shipping")
    assert lapse_listings(floor=listed.floor).suspended == ()
    listed.supplier.revoke(source, grant, "no more of that")
    assert listed.product(child).listing is ListingState.SUSPENDED
    contributor = listed.participant("contributor").id
    words = f"comes from {source}, which {contributor} has no grant to process for shipping"
    assert off_board(listed, child) == f"{child} {words}"
    with pytest.raises(NotCompliant, match=words):
        listed.contributor.accept(trade.id)
    with listed.floor.read() as work:
        told = explain_product(work.products.get(child), work=work, floor=listed.floor)
        tasks = read_inbox(listed.participant("contributor"), work=work, floor=listed.floor)
    assert [each.words for each in told.obstacles] == [f"{child} {words}"]
    assert [each.duty for each in tasks if each.subject == f"product/{child}"] == [Duty.MEND]
    size = listed.size
    with pytest.raises(NotCompliant, match=words):
        listed.contributor.list(child)
    assert listed.size == size
    listed.contributor.submit_sheet(child, sheet(sources=[DERIVATION], conditions=RESEARCH))
    listed.attest(child)
    listed.review(child)
    assert listed.contributor.list(child)[0].listing is ListingState.LISTED


def test_what_was_delivered_for_a_purpose_granted_no_more_waits_for_the_next_listing(
    listed: Hall,
) -> None:
    source, buyer = listed.number, listed.participant("buyer").id
    listed.number, grant = child_of_two_grants(listed)
    trade = listed.order(purpose="shipping")
    listed.contributor.accept(trade.id)
    listed.contributor.deliver(trade.id, listed.folder.parent)
    access_delivery(trade.id, by=buyer, floor=listed.floor)
    listed.supplier.revoke(source, grant, "no more of that")
    with pytest.raises(Refused):
        access_delivery(trade.id, by=buyer, floor=listed.floor)


def test_a_verdict_ends_with_the_first_grant_that_its_sheet_needs(listed: Hall) -> None:
    source = listed.number
    in_20_days = listed.floor.clock() + dt.timedelta(days=20)
    child, _ = child_of_two_grants(listed, until=format_time(in_20_days))
    last = in_20_days.date() - dt.timedelta(days=1)
    assert listed.product(child).valid_until == last.isoformat()
    listed.number = child
    listed.scenario()
    trade = listed.order("rival", description="another forecast")
    listed.advance(days=20)
    with pytest.raises(NotCompliant, match="ended on") as refused:
        listed.contributor.accept(trade.id)
    assert f"the right to process {source}" in str(refused.value)
    assert listed.product(child).listing is ListingState.SUSPENDED


def test_a_purpose_lost_further_up_takes_what_comes_of_it_down_as_well(listed: Hall) -> None:
    source = listed.number
    child, grant = child_of_two_grants(listed)
    made = sheet(sources=[DERIVATION])
    file = listed.file("second.csv", FURTHER)
    grandchild = listed.contributor.register(file, made, [EVIDENCE], parents=[child]).number
    listed.contributor.submit_sheet(grandchild, made)
    listed.attest(grandchild)
    listed.review(grandchild)
    listed.advance(seconds=NOTICE)
    listed.contributor.list(grandchild)
    listed.supplier.revoke(source, grant, "no more of that")
    for number in (child, grandchild):
        assert listed.product(number).listing is ListingState.SUSPENDED
        with pytest.raises(NotCompliant, match="has no grant to process for shipping"):
            listed.contributor.list(number)


ABROAD = {"conditions": SHEET["conditions"] | {"regions": ["CN", "JP"]}}
ABROAD["duties"] = SHEET["duties"] | {"export": "exempt", "security_terms": "kept safe"}


def child_abroad(hall: Hall) -> str:
    """Bring what is derived, and meant for CN and JP, to where it may ask for the listing."""
    child, made = hall.derive(), sheet(sources=[DERIVATION], **ABROAD)
    hall.contributor.submit_sheet(child, made)
    hall.attest(child)
    hall.review(child)
    return child


def test_a_sheet_is_for_no_region_that_a_grant_to_process_is_not_for(hall: Hall) -> None:
    hall.list(sheet(**ABROAD))
    hall.grant(regions=("CN",))
    child = child_abroad(hall)
    contributor = hall.participant("contributor").id
    words = f"{contributor} has no grant to process in JP for research"
    with pytest.raises(NotCompliant, match=words) as refused:
        hall.contributor.list(child)
    assert refused.value.rules == ("S-03",)
    with hall.floor.read() as work:
        told = explain_product(work.products.get(child), work=work, floor=hall.floor)
    (reason,) = (each for each in told.reasons if each.explained.finding.rule == "S-03")
    assert "right.granted" in [entry.kind for entry in reason.evidence]
    last = hall.floor.clock() + dt.timedelta(days=20)
    hall.grant(regions=("JP",), purposes=("research",), until=format_time(last))
    with pytest.raises(NotCompliant, match=r"has no grant to process in JP for shipping"):
        hall.contributor.list(child)
    grant = hall.grant(regions=("JP",), purposes=("shipping",))
    hall.contributor.list(child)
    ends = last.date() - dt.timedelta(days=1)
    assert hall.product(child).valid_until == ends.isoformat()
    hall.supplier.revoke(hall.number, grant, "no more of that")
    assert hall.product(child).listing is ListingState.SUSPENDED
    assert off_board(hall, child).startswith(f"S-03: {child} comes from {hall.number}, which")


_PURPOSES = st.lists(st.sampled_from(["research", "shipping", "any"]), max_size=3)


@settings(max_examples=6, deadline=None)
@given(_PURPOSES, st.sets(st.integers(0, 2), max_size=3))
def test_a_product_stands_while_the_grants_that_are_left_are_for_all_that_it_is_for(
    purposes: Sequence[str], revoked: set[int]
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "listed", "sqlite") as hall,
    ):
        source = hall.number
        whole = hall.grant(purposes=("any",))
        grants = [hall.grant(purposes=(each,)) for each in purposes]
        child = hall.derive()
        hall.contributor.list(child)
        hall.supplier.revoke(source, whole, "in parts from here on")
        for nth in sorted(revoked):
            if nth < len(grants):
                hall.supplier.revoke(source, grants[nth], "no more of that")
        left = {each for nth, each in enumerate(purposes) if nth not in revoked}
        stands = "any" in left or {"research", "shipping"} <= left
        # The first to be taken back may have ended it, and what is granted after brings none back.
        at_once = "any" in purposes or {"research", "shipping"} <= set(purposes)
        listing = hall.product(child).listing
        assert (listing is ListingState.LISTED) == (stands and at_once)
        now = format_time(hall.floor.clock())
        with hall.floor.read() as work:
            view, who = work.chain.store, hall.participant("contributor").id
            told = [*unpermitted(view, child, now)]
            held = granted_purposes(view, who, source, now)
        assert bool(told) == (held is not None and held != frozenset() and not stands)
