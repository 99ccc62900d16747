"""What happens to a product reaches what comes from it: at once, and never in a circle."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.errors import BadField, NotCompliant, Refused
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.services.build_case import listing_case
from exchange.services.explain_listing import obstacles
from exchange.services.lapse_listings import lapse_listings
from tests.exchange.floor import DERIVATION, EVIDENCE, NOTICE, SHEET, Hall, sheet
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
