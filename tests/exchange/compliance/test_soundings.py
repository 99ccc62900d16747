"""Which tables are soundings of the sea's floor by their columns, and which look so alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.compliance.catalogue.soundings import fine_soundings
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


def test_columns_that_were_not_measured_tell_of_no_place() -> None:
    texts = replace(PROFILE.columns[1], name="lon", minimum=None, maximum=None, distinct=400)
    depth = ColumnProfile("depth", ColumnType.DECIMAL, 400, 0, 90)
    assert not fine_soundings(replace(PROFILE, columns=(texts, depth)))
