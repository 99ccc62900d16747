from __future__ import annotations

from pathlib import Path

import pytest

from exchange.inspection import inspect
from exchange.profile import Profile
from tests.exchange.inspection.conftest import READERS


def read(folder: Path, name: str) -> Profile:
    return inspect(folder / "marine" / name, readers=READERS)


def test_the_radar_file_is_read(real_data: Path) -> None:
    profile = read(real_data, "hfradar_SEAB_2019010211.ruv")
    assert (profile.rows, len(profile.columns)) == (602, 18)
    quality = profile.column("ESPC")
    assert quality is not None
    assert (quality.missing, quality.fill_value) == (214, "999")
    assert profile.time is not None
    assert profile.time.start == "2019-01-02T11:00:00Z"


def test_the_buoy_file_is_read_through_its_wrapper(real_data: Path) -> None:
    profile = read(real_data, "buoy_20363_1000427.csv.gz")
    assert (profile.rows, profile.compression) == (89_717, "gzip")
    assert profile.space is not None
    assert profile.space.west == profile.space.east == "-124.19652"


def test_the_tide_gauge_has_no_position(real_data: Path) -> None:
    profile = read(real_data, "tide_water_level.csv")
    assert profile.rows == 7_241
    assert profile.space is None
    assert [profile.columns[i].missing for i in (2, 3)] == [7_241, 7_241]


@pytest.mark.parametrize(
    "name",
    ["hfradar_SEAB_2019010211.ruv", "buoy_20363_1000427.csv.gz", "tide_water_level.csv"],
)
def test_marine_data_holds_nobody(real_data: Path, name: str) -> None:
    assert not [each for each in read(real_data, name).sensitive if each.certain]


@pytest.mark.parametrize(("name", "rows"), [("shanghai", 447), ("zhejiang", 838), ("guiyang", 669)])
def test_listings_with_cells_of_many_lines_are_read(real_data: Path, name: str, rows: int) -> None:
    profile = inspect(real_data / "listings" / f"{name}.csv", readers=READERS)
    assert profile.rows == rows
