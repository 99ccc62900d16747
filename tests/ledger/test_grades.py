"""Grades and purposes are inherited: checked from the entries alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ledger.acts import format_time
from ledger.errors import BadAct
from ledger.grades import (
    floors_of,
    grade_of,
    is_core,
    line_of,
    never_core,
    purposes_inherited,
    purposes_of,
    purposes_still_allowed,
)
from ledger.meaning import MEANING
from ledger.registry import STRICTER_SINCE
from ledger.view import newest
from tests.ledger.floor import PATH, Floor, digest


def child(floor: Floor, data: str = "child") -> str:
    """Register what the supplier derives from its own product, up to its confirmation."""
    parent = floor.number("product")
    registered(floor, data, parent)
    return parent


def registered(floor: Floor, data: str, *parents: str) -> None:
    for step in PATH[: PATH.index("sheet.submitted")]:
        more: dict[str, Any] = {"parents": [*parents]} if step == "product.registered" else {}
        if step in {"product.registered", "inspection.recorded", "registration.confirmed"}:
            more |= {"data": digest(data)}
        floor.wait_for(step).do(step, **more)


def derived() -> tuple[Floor, str]:
    floor = Floor().ready("compliance.attested")
    parent = floor.number("product")
    floor.do("sheet.submitted", grade="general-3", purposes=["ocean forecast", "research"])
    child(floor)
    return floor, parent


def submitted(floor: Floor, grade: str, *purposes: str) -> None:
    floor.do("sheet.submitted", data=digest("child"), grade=grade, purposes=list(purposes))


def test_a_sheet_is_graded_as_its_strictest_ancestor_at_least() -> None:
    floor, parent = derived()
    with pytest.raises(BadAct, match=rf"grade: .* comes from {parent}, which is general-3"):
        submitted(floor, "general-2", "research")
    submitted(floor, "general-3", "research")
    assert grade_of(floor.log, floor.number("product")) == "general-3"
    assert [name for name, _ in line_of(floor.log, floor.number("product"))] == [parent]


def test_a_sheet_is_for_nothing_that_an_ancestor_is_not_for() -> None:
    floor, parent = derived()
    with pytest.raises(BadAct, match=rf"purposes: .* comes from {parent}, which is not for resale"):
        submitted(floor, "general-3", "research", "resale")
    submitted(floor, "important", "ocean forecast")
    assert purposes_of(floor.log, floor.number("product")) == ("ocean forecast",)


def test_a_parent_that_a_change_names_is_inherited_from_too() -> None:
    floor = Floor().ready("compliance.attested")
    parent = floor.number("product")
    floor.do("sheet.submitted", grade="general-3", purposes=["research"])
    for step in PATH[: PATH.index("sheet.submitted")]:  # a product that comes from nothing
        named = step in {"product.registered", "inspection.recorded", "registration.confirmed"}
        floor.wait_for(step).do(step, **({"data": digest("child")} if named else {}))
    submitted(floor, "general-1", "resale")
    floor.do("registration.changed", data=digest("child"), parents=[parent])
    with pytest.raises(BadAct, match=rf"grade: .* comes from {parent}, which is general-3"):
        submitted(floor, "general-2", "research")
    with pytest.raises(BadAct, match=rf"purposes: .* comes from {parent}, which is not for resale"):
        submitted(floor, "general-3", "resale")
    submitted(floor, "general-3", "research")


def test_the_operator_sets_a_floor_that_a_sheet_must_keep() -> None:
    floor, parent = derived()
    floor.do("grade.set", subject=f"product/{parent}", grade="important")
    assert grade_of(floor.log, parent) == "important"
    with pytest.raises(BadAct, match="which is important"):
        submitted(floor, "general-4", "research")
    floor.do("grade.set", grade="core")
    with pytest.raises(BadAct, match="was graded core at"):
        submitted(floor, "important", "research")


def test_a_floor_that_the_operator_set_names_its_entry() -> None:
    floor, _ = alike("columns")
    first = floor.number("product")
    floor.do("grade.set", grade="general-2")
    told = newest(floor.log, f"product/{first}", "grade.set")
    assert told is not None
    assert next(floors_of(floor.log, first)).at == told.named


def test_a_line_has_each_ancestor_once_with_the_way_down_to_it() -> None:
    floor = Floor().ready("compliance.attested")
    first = floor.number("product")
    floor.do("sheet.submitted", grade="general-1", purposes=["research"])
    child(floor)
    submitted(floor, "general-1", "research")
    second = floor.number("product")
    registered(floor, "grandchild", first, second)
    third = floor.number("product")
    assert list(line_of(floor.log, third)) == [(first, (third, first)), (second, (third, second))]
    floor, first = derived()
    submitted(floor, "general-3", "research")
    second = floor.number("product")
    registered(floor, "grandchild", second)
    third = floor.number("product")
    assert list(line_of(floor.log, third)) == [
        (second, (third, second)),
        (first, (third, second, first)),
    ]


def test_a_grade_is_one_that_there_is() -> None:
    floor = Floor().ready("grade.set")
    for kind in ("grade.set", "sheet.submitted"):
        with pytest.raises(BadAct, match=f"grade: {kind}.grade: one of general-1"):
            floor.do(kind, grade="top")


def test_core_data_is_never_published_and_a_raised_grade_ends_what_rests_on_it() -> None:
    floor = Floor().ready("listing.published")
    floor.do("grade.set", grade="core")
    with pytest.raises(BadAct, match="is core data, which is never listed"):
        floor.do("listing.published")
    floor = Floor().ready("trade.ordered")
    product = floor.subjects["product"]
    floor.do("grade.set", subject=product, grade="general-4")
    with pytest.raises(BadAct, match=r"was graded general-4 at .* its sheet says general-1"):
        floor.do("trade.ordered")


def alike(
    how: str, ppm: int = 1_000_000, *, of_other: int | None = None, grade: str = "core"
) -> tuple[Floor, str]:
    """Return a floor with a product that the operator graded, and another whose data is like it."""
    floor = Floor().ready("compliance.attested")
    first = floor.number("product")
    for step in PATH[: PATH.index("sheet.submitted")]:
        named = step in {"product.registered", "inspection.recorded", "registration.confirmed"}
        floor.wait_for(step).do(step, **({"data": digest("child")} if named else {}))
    told: dict[str, Any] = {"data": digest("child"), "other": first, "how": how}
    other_ppm = ppm if of_other is None else of_other
    floor.do("similarity.found", **told, of_this_ppm=ppm, of_other_ppm=other_ppm)
    floor.do("grade.set", subject=f"product/{first}", grade=grade)
    return floor, first


@pytest.mark.parametrize("how", ["same-rows", "rows"])
def test_a_grade_that_the_operator_set_is_the_data_s_under_whatever_number(how: str) -> None:
    floor, first = alike(how)
    with pytest.raises(BadAct, match=rf"largely stands in {first}, which is held to core"):
        submitted(floor, "important", "research")
    assert is_core(floor.log, floor.number("product"))
    submitted(floor, "core", "research")  # which is never listed


def test_what_is_half_of_it_is_held_to_it_and_less_is_not() -> None:
    floor, _ = alike("rows", 500_000)
    with pytest.raises(BadAct, match="largely stands in"):
        submitted(floor, "important", "research")
    floor, _ = alike("rows", 499_999)
    submitted(floor, "important", "research")
    assert not is_core(floor.log, floor.number("product"))


@pytest.mark.parametrize("shares", [(1_000_000, 20_000), (20_000, 1_000_000)])
def test_a_part_of_it_and_what_holds_it_whole_are_held_to_it(shares: tuple[int, int]) -> None:
    floor, first = alike("rows", shares[0], of_other=shares[1])
    with pytest.raises(BadAct, match=rf"largely stands in {first}, which is held to core"):
        submitted(floor, "important", "research")


def test_what_is_like_important_data_is_held_to_it_and_is_not_core() -> None:
    floor, _ = alike("rows", grade="important")
    with pytest.raises(BadAct, match="is held to important"):
        submitted(floor, "general-4", "research")
    assert not is_core(floor.log, floor.number("product"))


def test_what_is_like_core_data_was_not_listed_before_2027_either() -> None:
    floor, _ = alike("rows")
    entry = floor.compose(floor.sign("listing.published"))
    assert entry.time < STRICTER_SINCE
    (broken,) = never_core(entry, floor.log)
    assert broken.words == f"{floor.number('product')} is core data, which is never listed"


def test_what_comes_of_like_data_is_held_to_it_and_is_core_with_it() -> None:
    floor, first = alike("rows")
    child(floor, "grandchild")
    (held,) = floors_of(floor.log, floor.number("product"))
    assert (held.product, held.grade, held.alike, held.certain) == (first, "core", True, True)
    assert is_core(floor.log, floor.number("product"))


def test_what_comes_of_core_data_is_core_and_held_to_it_by_its_sheet() -> None:
    floor, parent = derived()
    assert not is_core(floor.log, floor.number("product"))
    floor.do("grade.set", subject=f"product/{parent}", grade="core")
    assert is_core(floor.log, floor.number("product"))
    with pytest.raises(BadAct, match=rf"comes from {parent}, which is core"):
        submitted(floor, "important", "research")
    submitted(floor, "core", "research")
    assert is_core(floor.log, floor.number("product"))


@pytest.mark.parametrize("how", ["columns", "converted"])
def test_where_columns_agree_an_assessor_is_asked_and_the_ledger_takes_the_sheet(how: str) -> None:
    floor, first = alike(how)
    submitted(floor, "important", "research")
    (found,) = floors_of(floor.log, floor.number("product"))
    assert (found.product, found.grade, found.certain) == (first, "core", False)
    assert not is_core(floor.log, floor.number("product"))


def test_data_that_was_replaced_is_held_to_nothing_by_what_it_was_like() -> None:
    floor, _ = alike("rows")
    floor.do("registration.changed", data=digest("mended"))
    for step in ("inspection.recorded", "registration.confirmed"):
        floor.wait_for(step).do(step, data=digest("mended"))
    floor.do("sheet.submitted", data=digest("mended"), grade="general-1", purposes=["research"])


def test_what_is_like_data_that_inherits_is_held_to_what_it_inherits() -> None:
    floor, parent = derived()
    submitted(floor, "general-3", "research")
    middle = floor.number("product")
    for step in PATH[: PATH.index("sheet.submitted")]:
        named = step in {"product.registered", "inspection.recorded", "registration.confirmed"}
        floor.wait_for(step).do(step, **({"data": digest("copy")} if named else {}))
    found = {"data": digest("copy"), "other": middle, "how": "rows"}
    floor.do("similarity.found", **found, of_this_ppm=967_000, of_other_ppm=967_000)
    with pytest.raises(BadAct, match=rf"largely stands in {middle}, which is held to general-3"):
        floor.do("sheet.submitted", data=digest("copy"), grade="general-2", purposes=["research"])
    assert parent != middle
    # The strictest of what it inherits and what the operator set, and not the last in the alphabet.
    floor.do("grade.set", subject=f"product/{middle}", grade="general-1")
    floor.do("grade.set", subject=f"product/{parent}", grade="core")
    (held,) = floors_of(floor.log, floor.number("product"))
    assert (held.product, held.grade) == (middle, "core")


def test_a_product_without_a_sheet_is_for_nothing_yet() -> None:
    floor = Floor().ready("sheet.submitted")
    product = floor.number("product")
    confirmed = newest(floor.log, f"product/{product}", "registration.confirmed")
    assert confirmed is not None
    assert list(purposes_inherited(confirmed, floor.log)) == []


# What is sold of a product that comes from others.

SELLING = (
    *("price.quoted", "trade.ordered", "trade.contracted"),
    *("amendment.accepted", "subscription.renewed"),
)


def sold(floor: Floor, number: str) -> list[str]:
    """Return what the rule on purposes says of an order for a product, as of now."""
    entry = floor.compose(floor.sign("trade.ordered", product=number))
    return [broken.words for broken in purposes_still_allowed(entry, floor.log)]


def test_nothing_is_sold_of_what_is_for_more_than_it_may_be_any_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor = Floor().ready("trade.ordered")
    (parent,) = {entry.facts["product"] for entry in floor.log.entries() if entry.kind in SELLING}
    registered(floor, "child", parent)
    number = floor.number("product")
    told = floor.subjects["product"]
    submitted(floor, "general-1", "ocean forecast")
    floor.do("sheet.submitted", subject=f"product/{parent}", purposes=["insurance"])
    assert sold(floor, number) == []  # of before 2027, which nobody asked
    monkeypatch.setattr("ledger.grades.STRICTER_SINCE", format_time(floor.now))
    words = f"{number} comes from {parent}, which is not for ocean forecast"
    assert sold(floor, number) == [words]
    floor.do("sheet.submitted", subject=f"product/{parent}", purposes=["insurance", "research"])
    submitted(floor, "general-1", "research")
    assert sold(floor, number) == []
    assert floor.subjects["product"] == told
    assert all(purposes_still_allowed in MEANING[kind] for kind in SELLING)


def test_grants_on_the_parents_of_ancestors_are_asked_for_from_2027_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    floor = Floor().ready("compliance.attested")
    number = floor.number("product")
    sheet = newest(floor.log, f"product/{number}", "sheet.submitted")
    assert sheet is not None
    found = [(child, frozenset[str](), child or "its sheet") for child in ("", number, "another")]
    monkeypatch.setattr("ledger.grades._beyond", lambda *_: found)

    def asked(since: str) -> list[str]:
        monkeypatch.setattr("ledger.grades.STRICTER_SINCE", since)
        return [broken.words for broken in purposes_inherited(sheet, floor.log)]

    assert asked(STRICTER_SINCE) == ["its sheet", number]
    assert asked(sheet.time) == ["its sheet", number, "another"]
    assert asked(format_time(floor.now + dt.timedelta(days=1))) == ["its sheet", number]
