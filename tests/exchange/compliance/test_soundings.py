"""Which tables are soundings of the sea's floor by their columns, and which look so alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from exchange.compliance.catalogue.soundings import CHINESE_SEA, fine_soundings
from exchange.profile import ColumnProfile, ColumnType
from tests.exchange.compliance.cases import PROFILE

Described = tuple[str, int, str, str]  # name, different values, least and greatest


def table(*columns: Described, rows: int = 400, standard: str | None = None) -> bool:
    measured = tuple(
        ColumnProfile(
            name,
            ColumnType.DECIMAL,
            rows,
            0,
            distinct,
            standard_name=standard if i == len(columns) - 1 else None,
            minimum=low,
            maximum=high,
        )
        for i, (name, distinct, low, high) in enumerate(columns)
    )
    return fine_soundings(replace(PROFILE, columns=measured, rows=rows, space=None))


LON, LAT = ("lon", 20, "121", "121.0038"), ("lat", 20, "36", "36.0038")
DEPTH = ("depth", 90, "-21", "-20")
MILE = "1852"  # of the International Hydrographic Conference of 1929, in metres


def line(name: str, distinct: int, step: str, first: str) -> Described:
    """Return a column of places at the same distance from each other."""
    return name, distinct, first, str(Decimal(first) + Decimal(step) * (distinct - 1))


@pytest.mark.parametrize(
    "columns",
    [
        (LON, LAT, DEPTH),
        (("经度", *LON[1:]), ("纬度", *LAT[1:]), ("水深(m)", *DEPTH[1:])),
        (("x", *LON[1:]), ("y", *LAT[1:]), ("mGal", 300, "979800", "979850")),
        (("X", *LAT[1:]), ("Y", *LON[1:]), ("磁异常", 300, "-80", "90")),
        (("longitude_deg", *LON[1:]), ("latitude_deg", *LAT[1:]), ("bathymetry_m", *DEPTH[1:])),
        (("x", *LON[1:]), ("y", *LAT[1:]), ("z", *DEPTH[1:])),
        (("easting", 20, "400000", "400380"), ("northing", 20, "3990000", "3990380"), DEPTH),
        (("x", 20, "40400000", "40400380"), ("y", 20, "3990000", "3990380"), DEPTH),
        (("lon", 400, "121", "121.5"), ("lat", 400, "36", "36.5"), DEPTH),
        (("lon", 100, "121", "121.5"), ("lat", 100, "36", "36.5"), ("depth", 20, "5", "9")),
        (("x", 400, "1", "400"), LON, LAT, DEPTH),
        (LON, LAT, ("gravity", 1, "979800", "979800"), DEPTH),
        (
            *(("lon", 100, "121", "121.5"), ("lat", 100, "36", "36.5")),
            *(("gravity", 19, "979800", "979850"), ("depth", 20, "5", "9")),
        ),
    ],
)
def test_values_close_together_with_a_place_each_are_soundings(
    columns: tuple[Described, ...],
) -> None:
    assert table(*columns)


@pytest.mark.parametrize(
    "columns",
    [
        (LON, LAT, ("height", 90, "20", "21")),
        (LON, LAT, ("z", 90, "-1", "0")),
        (LON, LAT, ("burial_depth", 90, "1", "2")),
        (LON, LAT, ("bias", 90, "-2", "-1")),
        (("offset", *LON[1:]), ("shift", *LAT[1:]), DEPTH),
        (LON, LAT, DEPTH, ("temperature", 90, "1", "20")),
        (LON, LAT, DEPTH, ("盐度", 90, "30", "32")),
        (LON, LAT, ("depth_km", 30, "1", "30"), ("mag", 50, "0", "5")),
        (("lon", 20, "121", "122"), ("lat", 20, "36", "37"), DEPTH),
        (("lon", 20, "-30", "-29.99"), LAT, DEPTH),
        (LON, ("lat", 20, "45", "45.01"), DEPTH),
        (("lon", 1, "121", "121"), ("lat", 1, "36", "36"), DEPTH),
        (("lon", 9, "121", "121.001"), ("lat", 9, "36", "36.001"), ("depth", 400, "1", "2")),
        (("x", 20, "0", "100"), ("y", 20, "0", "100"), DEPTH),
        (("x", 20, "10", "90"), ("y", 20, "3990000", "3990380"), DEPTH),
        (("lon", 19, "121", "121.01"), ("lat", 19, "36", "36.01"), DEPTH),
        (("lon", 100, "121", "121.5"), ("lat", 100, "36", "36.5"), ("depth", 19, "5", "9")),
        (DEPTH,),
    ],
)
def test_what_is_coarse_elsewhere_or_of_the_water_is_none(columns: tuple[Described, ...]) -> None:
    assert not table(*columns)


def test_a_standard_name_tells_as_well_as_a_usual_one() -> None:
    assert table(LON, LAT, ("measured", 90, "5", "9"), standard="sea_floor_depth_below_geoid")
    assert not table(LON, LAT, ("measured", 90, "5", "9"), standard="air_temperature")


@pytest.mark.parametrize(
    ("east", "north", "fine"),
    [
        (MILE, "5000", True),
        ("5000", MILE, True),
        ("1852.1", "1852.1", False),
        ("0.04", "5000", True),
    ],
)
def test_a_mile_one_way_or_the_other_is_fine(east: str, north: str, *, fine: bool) -> None:
    places = line("x", 20, east, "400000"), line("y", 20, north, "3990000")
    assert table(*places, DEPTH) is fine


@pytest.mark.parametrize(("step", "fine"), [("500", True), ("1853", False)])
def test_a_line_due_north_is_as_fine_as_its_places(step: str, *, fine: bool) -> None:
    assert table(line("x", 1, "0", "400000"), line("y", 400, step, "3990000"), DEPTH) is fine


@pytest.mark.parametrize(
    ("rows", "one", "other", "levels", "soundings"),
    [
        (20, 10, 2, 1, True),  # ten places along a line at the least
        (81, 9, 9, 81, False),
        (400, 20, 20, 1, True),  # a place for each row at the least
        (401, 20, 20, 401, False),
        (400, 25, 32, 19, True),  # a grid of which half is land at the most
        (400, 27, 30, 19, False),
        (399, 133, 10, 19, True),  # a line on which a third of the places differ at the least
        (399, 132, 10, 19, False),
        (400, 100, 100, 20, True),  # a depth in twenty rows at the most
        (400, 100, 100, 19, False),
    ],
)
def test_a_cast_has_fewer_places_and_levels_than_soundings(
    rows: int, one: int, other: int, levels: int, *, soundings: bool
) -> None:
    depth = ("depth", levels, "5", "9")
    for x, y in ((one, other), (other, one)):
        places = line("x", x, "10", "400000"), line("y", y, "10", "3990000")
        assert table(*places, depth, rows=rows) is soundings


# Each as west, south, east and north.  In a projection of Gauss and Krüger an easting counts from
# 500,000 at the middle of its zone, so that it has six digits, and the numbers of China's zones
# are 13 to 23 (of six degrees) and 25 to 45 (of three); a northing is the way from the equator,
# of 300 km some 3° N and of 4,700 km some 42° N.
DEGREES = (CHINESE_SEA.west, CHINESE_SEA.south, CHINESE_SEA.east, CHINESE_SEA.north)
WITHOUT_ZONE = tuple(map(Decimal, (100_000, 300_000, 900_000, 4_700_000)))
WITH_ZONE = tuple(map(Decimal, (13_000_000, 300_000, 46_000_000, 4_700_000)))


@pytest.mark.parametrize("water", [DEGREES, WITHOUT_ZONE, WITH_ZONE])
@pytest.mark.parametrize("side", range(4))
def test_soundings_are_in_chinese_water_where_they_touch_it(
    water: tuple[Decimal, ...], side: int
) -> None:
    size, hair = Decimal("0.01"), Decimal("0.0001")

    def reaching(by: Decimal) -> bool:
        low = [water[0], water[3] - size]  # a corner inside, from which one of both goes
        low[side % 2] = water[side] - size + by if side < 2 else water[side] - by
        named = zip(("x", "y"), low, strict=True)
        return table(*((name, 20, str(least), str(least + size)) for name, least in named), DEPTH)

    assert reaching(Decimal(0))
    assert not reaching(-hair)


@pytest.mark.parametrize("ends", [("121", None), (None, "121.0038")])
def test_a_column_of_which_one_end_alone_is_told_is_no_place(
    ends: tuple[str | None, str | None],
) -> None:
    columns = [
        ColumnProfile(name, ColumnType.DECIMAL, 400, 0, distinct, minimum=low, maximum=high)
        for name, distinct, low, high in (LON, LAT, DEPTH)
    ]
    assert fine_soundings(replace(PROFILE, columns=tuple(columns), rows=400))
    columns[0] = replace(columns[0], minimum=ends[0], maximum=ends[1])
    assert not fine_soundings(replace(PROFILE, columns=tuple(columns), rows=400))


def test_times_are_no_places_whatever_they_are_called() -> None:
    time = replace(PROFILE.columns[0], name="e", type=ColumnType.TIMESTAMP)
    time = replace(time, minimum="2024-01-01T00:00:00Z", maximum="2024-01-02T00:00:00Z")
    depth = ColumnProfile("depth", ColumnType.DECIMAL, 400, 0, 90, minimum="5", maximum="9")
    assert not fine_soundings(replace(PROFILE, columns=(time, depth), rows=400))


def test_columns_that_were_not_measured_tell_of_no_place() -> None:
    texts = replace(PROFILE.columns[1], name="lon", minimum=None, maximum=None, distinct=400)
    depth = ColumnProfile("depth", ColumnType.DECIMAL, 400, 0, 90)
    assert not fine_soundings(replace(PROFILE, columns=(texts, depth)))
