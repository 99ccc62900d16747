"""Boxes, areas and grids, as the rules about places read them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from exchange.compliance import Site
from exchange.compliance.catalogue.geography import area, overlap, posting
from exchange.profile import ColumnProfile, ColumnType, SpaceCoverage
from tests.exchange.compliance.cases import PROFILE

Box = tuple[int, int, int, int]


def site(box: Box) -> Site:
    return Site(*map(Decimal, box))


@pytest.mark.parametrize(
    ("other", "touches"),
    [
        ((0, 0, 10, 10), True),
        ((10, 10, 20, 20), True),  # a corner is enough
        ((-10, -10, 0, 0), True),
        ((11, 0, 20, 10), False),
        ((-20, 0, -1, 10), False),
        ((20, 5, 20, 5), False),
        ((0, 11, 10, 20), False),
        ((0, -20, 10, -1), False),
        ((170, 0, -170, 10), False),
        ((170, 0, 5, 10), True),  # over 180° and on to 5° east
        ((9, 5, -170, 6), True),
        ((0, 3, 0, 3), True),  # a point
    ],
)
def test_boxes_touch_with_their_edges_and_over_the_date_line(other: Box, *, touches: bool) -> None:
    mine = site((0, 0, 10, 10))
    assert overlap(mine, site(other)) is touches
    assert overlap(site(other), mine) is touches


def space(west: str, south: str, east: str, north: str) -> SpaceCoverage:
    return SpaceCoverage(west, south, east, north, ("lon", "lat"))


@pytest.mark.parametrize(
    ("box", "square_kilometres"),
    [
        (("0", "0", "1", "1"), 12_392),
        (("0", "-0.5", "1", "0.5"), 12_392),  # over the equator it is widest
        (("0", "60", "1", "61"), 6_196),
        (("0", "-61", "1", "-60"), 6_196),  # at the edge that is nearer to the equator
        (("179.5", "0", "-179.5", "1"), 12_392),
        (("120", "36", "120", "36"), 0),
    ],
)
def test_an_area_is_no_less_than_what_is_covered(
    box: tuple[str, str, str, str], square_kilometres: int
) -> None:
    assert area(space(*box)) == pytest.approx(square_kilometres, abs=1)


def grid(lon: int, lat: int) -> float | None:
    columns = tuple(
        ColumnProfile(name, ColumnType.DECIMAL, 9, 0, distinct)
        for name, distinct in (("lon", lon), ("lat", lat))
    )
    covered = space("120", "35", "121", "36")
    return posting(replace(PROFILE, columns=columns, space=covered))


def test_a_grid_is_as_fine_as_its_finer_axis() -> None:
    assert grid(2, 3) == pytest.approx(55_660)
    assert grid(3, 2) == pytest.approx(55_660)
    assert grid(2, 2) == pytest.approx(111_320)


def test_one_line_or_no_column_tells_nothing() -> None:
    assert grid(1, 1) is None
    assert grid(1, 3) == pytest.approx(55_660)
    assert posting(PROFILE) is None
    assert posting(replace(PROFILE, space=None)) is None
    point = replace(PROFILE, space=space("1", "1", "1", "1"))
    columns = (ColumnProfile("lon", ColumnType.DECIMAL, 9, 0, 2),)
    assert posting(replace(point, columns=columns)) is None
