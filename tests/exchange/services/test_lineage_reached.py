"""What happens to a product reaches what comes from it: at once, and never in a circle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from exchange.errors import BadField, Forbidden, NotCompliant, Refused
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.services.access_delivery import access_delivery
from exchange.services.build_case import listing_case
from exchange.services.explain_listing import obstacles
from exchange.services.explain_suspension import off_board
from exchange.services.find_similar import told_alike
from exchange.services.lapse_listings import lapse_listings
from tests.exchange.floor import (
    ATTESTED,
    DATA,
    DERIVATION,
    DERIVED,
    EVIDENCE,
    NOTICE,
    REPORT,
    SHEET,
    Hall,
    sheet,
)
from tests.exchange.services.test_grades import UNLIKE
from tests.exchange.services.test_registration import NEWER, audits

OF_BOTH = ["produced", "derived"]
BOTH = [SHEET["sources"][0], DERIVATION]


def child_of(listed: Hall) -> str:
    """List what the contributor derives from the listed product."""
    listed.grant()
    child = listed.derive()
    listed.contributor.list(child)
    return child


def granted_back(listed: Hall) -> str:
    """List a child in which the parent's supplier may process as well."""
    child = child_of(listed)
    listed.contributor.grant(child, listed.terms("supplier"))
    return child


def changed(listed: Hall) -> None:
    """Register other data for the listed product, which goes on notice."""
    listed.supplier.change(listed.number, listed.file("n.csv", NEWER), "newer", [EVIDENCE])


def passed_on(listed: Hall) -> None:
    listed.supplier.offer(listed.number, listed.participant("contributor"), 5)
    listed.contributor.take_over(listed.number)


def taken_back(listed: Hall) -> None:
    """Change the listed product, and have the change objected to with success."""
    changed(listed)
    listed.rival.object(listed.number, "mine")
    listed.house.close_objection(listed.number, "upheld", "so it is")


# What leaves a child as it was.


@pytest.mark.parametrize("act", [changed, passed_on, taken_back])
def test_a_child_is_held_to_the_sheet_its_parent_had_until_that_is_signed_anew(
    listed: Hall, tmp_path: Path, act: Callable[[Hall], None]
) -> None:
    child = child_of(listed)
    act(listed)
    assert listed.product().sheet is None
    lapsed = lapse_listings(floor=listed.floor)
    assert lapsed.failed == ()
    if listed.product(child).listing is ListingState.SUSPENDED:  # while the objection was open
        listed.contributor.list(child)
    assert listed.product(child).listing is ListingState.LISTED
    with listed.floor.read() as work:
        case = listing_case(work.products.get(child), work=work, floor=listed.floor)
    assert case.parents is not None
    parent = case.parents[0]
    assert (parent.grade, parent.purposes) == (sheet().grade, sheet().conditions.purposes)
    assert [each.conditions for each in case.ancestors] == [sheet().conditions]
    wider = sheet(sources=[DERIVATION], conditions=SHEET["conditions"] | {"transfer": True})
    listed.contributor.submit_sheet(child, wider)
    listed.attest(child)
    listed.review(child)
    with pytest.raises(NotCompliant, match=f"S-03: wider than {listed.number}"):
        listed.contributor.list(child)
    audits(listed, tmp_path)


def test_a_parent_that_never_had_a_sheet_is_named_to_who_waits_for_its_grade(hall: Hall) -> None:
    hall.number = hall.register().number
    hall.advance(seconds=NOTICE)
    hall.grant()
    child = hall.derive()
    with pytest.raises(NotCompliant) as refused:
        hall.contributor.list(child)
    words = f"D-01: {hall.number}, which it comes from, has no spec sheet yet: its grade is not"
    assert words in str(refused.value)


# What reaches it at once.


def delivered_from(listed: Hall, child: str) -> tuple[str, str]:
    """Sell the child twice, and deliver once; return the delivered trade and the other."""
    source, listed.number = listed.number, child
    first = listed.order()
    listed.contributor.accept(first.id)
    listed.contributor.deliver(first.id, listed.folder.parent)
    listed.deposit("rival")
    second = listed.order("rival")
    listed.contributor.accept(second.id)
    listed.number = source
    return first.id, second.id


def served(listed: Hall, delivered: str, due: str) -> set[str]:
    """Name what buyers of a product still get."""
    buyer = listed.participant("buyer").id
    asked: dict[str, Callable[[], object]] = {
        "fetch": lambda: access_delivery(delivered, by=buyer, floor=listed.floor),
        "deliver": lambda: listed.contributor.deliver(due, listed.folder.parent),
    }
    found = set()
    for name, act in asked.items():
        try:
            act()
        except NotCompliant:
            continue
        found.add(name)
    return found


def stricter_source(listed: Hall) -> None:
    """Let the listed product name a parent of its supplier's own that is graded higher."""
    first = sheet(grade="general-3")
    other = listed.supplier.register(listed.file("q.csv", NEWER), first, [EVIDENCE]).number
    listed.supplier.submit_sheet(other, first)
    listed.advance(seconds=NOTICE)
    listed.supplier.change(
        listed.number, None, "it was forgotten", [EVIDENCE], parents=[other], sources=OF_BOTH
    )


def objected(listed: Hall) -> None:
    changed(listed)
    listed.rival.object(listed.number, "mine")


REACHED: Final[dict[str, tuple[Callable[[Hall], object], str]]] = {
    "cancelled": (
        lambda hall: hall.supplier.cancel_registration(hall.number, "no longer"),
        "{supplier} derived product/{child} from {parent} and has no right to process that",
    ),
    "a stricter parent": (stricter_source, "D-01: declared general-1, and "),
    "objected to": (objected, "S-10: a dispute over the product or a parent is open"),
    "disputed": (
        lambda hall: hall.rival.dispute(hall.number, "mine"),
        "a dispute over {parent} is open",
    ),
    "graded": (
        lambda hall: hall.house.set_grade(hall.number, Grade.IMPORTANT, "r", "b"),
        "{parent}, which it comes from, is graded important",
    ),
    "a narrower sheet": (
        lambda hall: hall.supplier.submit_sheet(
            hall.number, sheet(conditions=SHEET["conditions"] | {"term_days": 30})
        ),
        "S-03: wider than {parent}, which it comes from, in term_days",
    ),
}


def words_of_leaving(listed: Hall, number: str) -> str:
    with listed.floor.read() as work:
        left = off_board(work.products.get(number), work=work, floor=listed.floor)
    return left.words if left else ""


@pytest.mark.parametrize("how", REACHED)
def test_what_ends_a_childs_listing_does_so_at_once_and_nothing_is_served_of_it(
    listed: Hall, tmp_path: Path, how: str
) -> None:
    child = child_of(listed)
    trades = delivered_from(listed, child)
    act, told = REACHED[how]
    act(listed)
    assert listed.product(child).listing is ListingState.SUSPENDED
    supplier = listed.participant("contributor").id
    words = told.format(supplier=supplier, child=child, parent=listed.number)
    assert words_of_leaving(listed, child).startswith(words)
    assert served(listed, *trades) == set()
    lapsed = lapse_listings(floor=listed.floor)
    assert (lapsed.suspended, lapsed.failed) == ((), ())
    audits(listed, tmp_path)


def test_it_reaches_what_comes_of_the_child_as_well(listed: Hall) -> None:
    child = child_of(listed)
    source, listed.number = listed.number, child
    listed.contributor.grant(child, listed.terms("supplier"))
    told = sheet(sources=[DERIVATION])
    file = listed.file("grand.csv", DATA.replace("6.1", "5.9"))
    grandchild = listed.supplier.register(file, told, [EVIDENCE], parents=[child]).number
    listed.supplier.submit_sheet(grandchild, told)
    listed.attest(grandchild)
    listed.review(grandchild)
    listed.advance(seconds=NOTICE)
    listed.supplier.list(grandchild)
    listed.supplier.cancel_registration(source, "no longer")
    for each in (child, grandchild):
        assert listed.product(each).listing is ListingState.SUSPENDED


def test_a_parent_that_passes_to_another_takes_along_what_its_supplier_made_of_it_by_no_grant(
    listed: Hall,
) -> None:
    told = sheet(sources=[DERIVATION])
    file = listed.file("own.csv", DERIVED)
    own = listed.supplier.register(file, told, [EVIDENCE], parents=[listed.number]).number
    listed.supplier.submit_sheet(own, told)
    listed.attest(own)
    listed.review(own)
    listed.advance(seconds=NOTICE)
    listed.supplier.list(own)
    passed_on(listed)
    assert listed.product(own).listing is ListingState.SUSPENDED
    assert "has no right to process that" in words_of_leaving(listed, own)


def test_a_parent_that_passes_to_who_assessed_what_comes_of_it_takes_that_word_along(
    hall: Hall, tmp_path: Path
) -> None:
    assessor = hall.participant("assessor")
    hall.house.suspend(assessor, "it comes back as a supplier too")
    hall.house.admit(assessor, [Role.COMPLIANCE_ASSESSOR, Role.SUPPLIER])
    hall.list()
    child = child_of(hall)
    hall.supplier.offer(hall.number, hall.participant("assessor"), 5)
    assert hall.product(child).listing is ListingState.LISTED
    hall.assessor.take_over(hall.number)
    assert hall.product(child).listing is ListingState.SUSPENDED
    assert "T-05" in words_of_leaving(hall, child)
    with pytest.raises(NotCompliant, match="signed by a participant with an interest in the"):
        hall.contributor.list(child)
    audits(hall, tmp_path)


def copy_of(listed: Hall, data: str) -> str:
    """List what the rival, a supplier too, registered of the same rows in another order."""
    listed.house.suspend(listed.participant("rival"), "it comes back as a supplier")
    listed.house.admit(listed.participant("rival"), [Role.BUYER, Role.SUPPLIER])
    header, *rows = data.splitlines()
    file = listed.file("again.csv", "\n".join([header, *reversed(rows), ""]))
    again = listed.rival.register(file, sheet(), [EVIDENCE]).number
    listed.rival.submit_sheet(again, sheet())
    until = listed.today + dt.timedelta(days=365)
    listed.assessor.attest(again, (*ATTESTED, "R-01"), report=REPORT, until=until, passed=True)
    listed.review(again)
    listed.advance(seconds=NOTICE)
    listed.rival.list(again)
    return again


OF_ITS_OWN: Final = """station,time,longitude,latitude,temperature
QD,2026-01-04T00:00:00Z,119.87,36.68,7.9
QD,2026-01-04T01:00:00Z,120.14,35.91,5.6
QD,2026-01-04T02:00:00Z,121.55,36.27,8.4
QD,2026-01-04T03:00:00Z,120.98,35.03,6.7
RZ,2026-01-04T00:00:00Z,119.12,36.49,9.3
RZ,2026-01-04T01:00:00Z,121.76,35.38,4.8
"""


@pytest.mark.parametrize("grade", [Grade.GENERAL_3, Grade.CORE])
def test_what_is_the_data_of_a_descendant_leaves_the_board_with_it(
    listed: Hall, tmp_path: Path, grade: Grade
) -> None:
    listed.grant()
    child = listed.derive(data=OF_ITS_OWN)
    listed.contributor.list(child)
    again = copy_of(listed, OF_ITS_OWN)
    assert listed.product(again).listing is ListingState.LISTED
    listed.house.set_grade(listed.number, grade, "r", "b")
    for each in (child, again):
        assert listed.product(each).listing is ListingState.SUSPENDED
    told = f"the data largely stands in {child}, which is held to {grade}"
    assert told in words_of_leaving(listed, again)
    audits(listed, tmp_path)


def test_what_comes_of_the_data_of_a_descendant_leaves_the_board_too(listed: Hall) -> None:
    graded = listed.number
    listed.grant()
    listed.contributor.list(listed.derive(data=OF_ITS_OWN))
    listed.number = copy_of(listed, OF_ITS_OWN)
    listed.grant(by="rival")
    below = listed.derive("below.csv", UNLIKE)
    listed.contributor.list(below)
    listed.house.set_grade(graded, Grade.GENERAL_3, "r", "b")
    assert listed.product(below).listing is ListingState.SUSPENDED


def test_what_was_there_before_a_descendant_is_not_held_to_what_that_inherits(listed: Hall) -> None:
    again = copy_of(listed, OF_ITS_OWN)
    listed.grant()
    child = listed.derive(data=OF_ITS_OWN)
    listed.house.set_grade(listed.number, Grade.IMPORTANT, "r", "b")
    assert listed.product(again).listing is ListingState.LISTED
    with listed.floor.read() as work:
        alike = told_alike(work.products.get(child), work)
        assert [each.number for each in alike] == []
        alike = told_alike(work.products.get(again), work)
        assert [each.number for each in alike] == [child]


def test_core_data_ends_what_is_served_of_what_came_from_it_though_that_left_the_board_before(
    listed: Hall, tmp_path: Path
) -> None:
    child = child_of(listed)
    trades = delivered_from(listed, child)
    listed.contributor.delist(child, "enough")
    listed.house.set_grade(listed.number, Grade.IMPORTANT, "r", "b")
    buyer = listed.participant("buyer").id
    access_delivery(trades[0], by=buyer, floor=listed.floor)  # as of what is important itself
    listed.house.set_grade(listed.number, Grade.CORE, "r", "b")
    for act in (
        lambda: access_delivery(trades[0], by=buyer, floor=listed.floor),
        lambda: listed.contributor.deliver(trades[1], listed.folder.parent),
    ):
        with pytest.raises(NotCompliant, match=f"{child}: core data is not delivered") as refused:
            act()
        assert refused.value.rules == ("T-04",)
    audits(listed, tmp_path)


def test_an_act_that_is_refused_reaches_nobody(listed: Hall) -> None:
    child = child_of(listed)
    with pytest.raises(Forbidden):
        listed.contributor.cancel_registration(listed.number, "no longer")
    assert listed.product(child).listing is ListingState.LISTED


# The terms of what it comes from.


@pytest.fixture
def brief(hall: Hall) -> Hall:
    """List a product that is registered for forty days, where others are for three years."""
    house = hall.floor.house
    hall.venue.floor = replace(hall.floor, house=replace(house, registration_days=40))
    hall.list()
    hall.venue.floor = replace(hall.floor, house=house)
    return hall


def test_a_listing_lasts_as_long_as_what_it_comes_from_is_registered(
    brief: Hall, tmp_path: Path
) -> None:
    until = brief.product().registered_until
    assert until is not None
    brief.deposit()
    child = child_of(brief)
    over = dt.date.fromisoformat(until[:10])
    assert brief.product(child).valid_until == (over - dt.timedelta(days=1)).isoformat()
    trades = delivered_from(brief, child)
    brief.advance(days=40)
    assert served(brief, *trades) == set()
    assert words_of_leaving(brief, child) == (
        f"what its verdict rests on ended on {over - dt.timedelta(days=1)}: "
        f"the registration of {brief.number}"
    )
    words = f"the registration of product/{brief.number} ended at {until}"
    with pytest.raises(NotCompliant, match=words):
        brief.contributor.list(child)
    with brief.floor.read() as work:
        found = obstacles(brief.product(child), work=work, floor=brief.floor)
        assert words in [each.words for each in found]
    file = brief.file("late.csv", OF_ITS_OWN)
    for parent in (brief.number, child):
        with pytest.raises(NotCompliant, match=f"{words}: nothing is derived from it until"):
            brief.contributor.register(file, sheet(), [EVIDENCE], parents=[parent])
    brief.supplier.renew(brief.number)
    brief.contributor.list(child)
    assert served(brief, *trades) == {"fetch", "deliver"}
    audits(brief, tmp_path)


def verdicts_on(hall: Hall, number: str) -> int:
    with hall.floor.read() as work:
        return len([*work.chain.store.of_kind(f"product/{number}", "compliance.verdict")])


def test_an_act_on_what_it_comes_from_lets_no_listing_last_longer_without_a_verdict(
    brief: Hall,
) -> None:
    child = child_of(brief)
    until = brief.product(child).valid_until or ""
    brief.advance(days=39)
    brief.supplier.renew(brief.number)
    brief.house.set_grade(brief.number, Grade.GENERAL_1, "looked at", "b")
    assert brief.product(child).valid_until == until
    assert verdicts_on(brief, child) == 1
    lapse_listings(floor=brief.floor)
    assert (brief.product(child).valid_until or "") > until
    assert verdicts_on(brief, child) == 2


def test_a_listing_of_before_leaves_the_board_with_the_term_of_what_it_comes_from(
    brief: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("exchange.services.list_product.sources_over", lambda *_: [])
        child = child_of(brief)
    brief.advance(days=41)
    assert brief.product(child).listing is ListingState.LISTED
    lapsed = lapse_listings(floor=brief.floor)
    assert child in [each.number for each in lapsed.suspended]
    assert words_of_leaving(brief, child).startswith(
        f"the registration of product/{brief.number} ended at "
    )


# Circles.


def test_a_product_names_neither_itself_nor_what_comes_from_it_as_a_parent(
    listed: Hall, tmp_path: Path
) -> None:
    child = granted_back(listed)
    for parent, words in (
        (listed.number, f"{listed.number} is the product itself"),
        (child, f"{child} comes from {listed.number} itself"),
    ):
        with pytest.raises(BadField, match=words):
            listed.supplier.change(
                listed.number, None, "x", [EVIDENCE], parents=[parent], sources=OF_BOTH
            )
    assert listed.product().listing is ListingState.LISTED
    audits(listed, tmp_path)


def in_a_circle(listed: Hall, parent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the listed product name a parent as an exchange of before would have."""
    with monkeypatch.context() as patch:
        patch.setattr("exchange.services.register_product.own_parent", lambda *_: None)
        listed.supplier.change(
            listed.number, None, "x", [EVIDENCE], parents=[parent], sources=OF_BOTH
        )
    listed.advance(seconds=NOTICE)


@pytest.mark.parametrize("by_way_of", ["itself", "its child"])
def test_a_product_that_comes_from_itself_in_a_store_of_before_leaves_the_board_and_returns_no_more(
    listed: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_way_of: str
) -> None:
    parent = listed.number if by_way_of == "itself" else granted_back(listed)
    in_a_circle(listed, parent, monkeypatch)
    words = f"product/{listed.number} comes from {parent}, and so from itself"
    with pytest.raises(Refused, match=words):
        listed.supplier.submit_sheet(listed.number, sheet(sources=BOTH))
    with monkeypatch.context() as patch:  # the sheet and the listing as well
        for module in ("submit_sheet", "list_product", "lapse_listings"):
            patch.setattr(f"exchange.services.{module}.why_circular", lambda *_: "")
        listed.supplier.submit_sheet(listed.number, sheet(sources=BOTH))
        listed.attest()
        listed.review()
        listed.supplier.list(listed.number)
    lapsed = lapse_listings(floor=listed.floor)
    assert listed.number in [each.number for each in lapsed.suspended]
    assert lapsed.failed == ()
    with pytest.raises(Refused, match=f"{words}: it cannot be listed"):
        listed.supplier.list(listed.number)
    with listed.floor.read() as work:
        found = obstacles(listed.product(), work=work, floor=listed.floor)
        assert words in [each.words for each in found]
    audits(listed, tmp_path)


@pytest.mark.parametrize("by_way_of", ["itself", "its child"])
@pytest.mark.parametrize("act", ["dispute", "grade"])
def test_a_product_in_a_circle_of_before_is_disputed_and_graded_as_any(
    listed: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by_way_of: str, act: str
) -> None:
    parent = listed.number if by_way_of == "itself" else granted_back(listed)
    in_a_circle(listed, parent, monkeypatch)
    with monkeypatch.context() as patch:
        for module in ("submit_sheet", "list_product", "lapse_listings"):
            patch.setattr(f"exchange.services.{module}.why_circular", lambda *_: "")
        listed.supplier.submit_sheet(listed.number, sheet(sources=BOTH))
        listed.attest()
        listed.review()
        listed.supplier.list(listed.number)
        if act == "dispute":
            listed.rival.dispute(parent, "mine")
        else:
            found = listed.house.set_grade(parent, Grade.IMPORTANT, "r", "b")
            assert found == listed.product(parent)
    for each in (listed.number, parent):
        assert listed.product(each).listing is ListingState.SUSPENDED
    audits(listed, tmp_path)
