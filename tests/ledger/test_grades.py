"""Grades and purposes are inherited: checked from the entries alone."""

from __future__ import annotations

from typing import Any

import pytest

from ledger.errors import BadAct
from ledger.grades import grade_of, line_of, purposes_of
from tests.ledger.floor import PATH, Floor, digest


def child(floor: Floor, data: str = "child") -> str:
    """Register what the supplier derives from its own product, up to its confirmation."""
    parent = floor.number("product")
    for step in PATH[: PATH.index("sheet.submitted")]:
        more: dict[str, Any] = {"parents": [parent]} if step == "product.registered" else {}
        if step in {"product.registered", "inspection.recorded", "registration.confirmed"}:
            more |= {"data": digest(data)}
        floor.wait_for(step).do(step, **more)
    return parent


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
