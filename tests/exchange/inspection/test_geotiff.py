from __future__ import annotations

import builtins
import struct
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import rasterio.warp
from rasterio._err import CPLE_AppDefinedError

from exchange.errors import Unreadable
from exchange.inspection import Limits, discover_readers, inspect
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.geotiff import GeotiffReader
from exchange.profile import ColumnType
from tests.exchange.inspection.conftest import READERS, Inspected
from tests.exchange.inspection.specimens import geotiff


class TestGeotiffReader(ReaderContract):
    reader = GeotiffReader()
    suffix = ".tif"
    document = geotiff()
    rows, columns = 24, 4


def test_pixels_are_rows_with_place_bands_and_units(inspected: Inspected) -> None:
    profile = inspected(geotiff(), "survey.tif")
    assert [(c.name, c.type, c.unit, c.missing) for c in profile.columns] == [
        ("lon", ColumnType.DECIMAL, "degree", 0),
        ("lat", ColumnType.DECIMAL, "degree", 0),
        ("depth", ColumnType.DECIMAL, "m", 1),
        ("band_2", ColumnType.INTEGER, None, 0),
    ]
    assert (profile.columns[2].minimum, profile.columns[2].fill_value) == ("0.1", "-99")
    assert ("crs", "EPSG:32651") in profile.attributes
    assert ("resolution", "100 x 100 (metre)") in profile.attributes
    assert ("survey", "spring") in profile.attributes


def test_infinite_pixels_are_missing_and_told(inspected: Inspected, tmp_path: Path) -> None:
    path = tmp_path / "made.tif"
    values = np.array([[[1.0, np.inf], [-np.inf, np.nan]]], np.float32)
    place = rasterio.Affine(0.1, 0, 120, 0, -0.1, 36)
    with rasterio.open(path, "w", "GTiff", 2, 2, 1, "EPSG:4326", place, dtype="float32") as made:
        made.write(values)
    profile = inspected(path.read_bytes(), "survey.tif")
    assert profile.columns[2].missing == 3
    assert "column band_1: 2 infinite cells are read as missing" in profile.remarks


def test_the_box_is_that_of_the_centres_of_the_pixels_in_wgs84(inspected: Inspected) -> None:
    profile = inspected(geotiff(), "survey.tif")
    xs = [300_050 + 100 * i for i in range(6) for _ in range(4)]
    ys = [3_999_950 - 100 * j for _ in range(6) for j in range(4)]
    east, north = rasterio.warp.transform("EPSG:32651", "EPSG:4326", xs, ys)
    assert profile.space is not None
    box = [profile.space.west, profile.space.east, profile.space.south, profile.space.north]
    expected = [min(east), max(east), min(north), max(north)]
    assert [float(each) for each in box] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"tiled": True, "blockxsize": 16, "blockysize": 16, "compress": "deflate"},
        {"blockysize": 1},
        {"compress": "lzw", "interleave": "band"},
        {"BIGTIFF": "YES"},
    ],
)
def test_the_way_of_storing_changes_no_row(
    inspected: Inspected, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = inspected(geotiff(), "survey.tif").rows_digest
    monkeypatch.setattr("exchange.inspection.geotiff.SLAB", 28)
    assert inspected(geotiff(**options), "survey.tiff").rows_digest == digest


def test_a_raster_without_a_reference_system_says_so(inspected: Inspected) -> None:
    profile = inspected(geotiff(crs=None), "survey.tif")
    assert [column.name for column in profile.columns[:2]] == ["x", "y"]
    assert profile.space is None
    assert any("names no reference system" in remark for remark in profile.remarks)


def test_without_the_library_the_file_is_refused_and_the_exchange_runs(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name.startswith("rasterio"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    assert "geotiff" in [reader.name for reader in discover_readers()]
    with pytest.raises(Unreadable, match=r"guapai\[geotiff\]") as refused:
        inspected(geotiff(), "survey.tif")
    assert refused.value.rules == ("F-01",)


def header(width: int, height: int, *, offset: int = 8) -> bytes:
    """Return a TIFF whose header claims a size; its one strip is not there."""
    tags = [
        *((256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1)),
        *((273, 4, 200), (277, 3, 1), (278, 4, height), (279, 4, min(width * height, 2**32 - 1))),
    ]
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    body = b"II*\0" + struct.pack("<I", offset) + struct.pack("<H", len(tags)) + entries
    return body + b"\0" * 300


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (header(2**31 - 1, 2**31 - 1), {"F-02", "F-08"}),
        (header(200_000, 200_000), {"F-02", "F-08"}),
        (header(2_000, 2_000), {"F-02", "F-08"}),
        (header(10, 10, offset=2**31), {"F-08"}),
        (header(0, 0), {"F-08"}),
        (geotiff()[:100], {"F-08"}),
        (geotiff(compress="deflate")[:-60], {"F-08"}),
        (b"II*\0", {"F-08"}),
    ],
)
def test_hostile_headers_are_refused(inspected: Inspected, content: bytes, rule: set[str]) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(content, "survey.tif")
    assert set(refused.value.rules) <= rule


def test_a_raster_that_expands_too_far_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "zeros.tif"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with rasterio.open(
            *(path, "w"), driver="GTiff", width=4000, height=2000, count=1, dtype="uint8",
            compress="deflate", tiled=True,
        ) as raster:  # fmt: skip
            raster.write(np.zeros((2000, 4000), dtype="uint8"), 1)
    with pytest.raises(Unreadable, match="100 times its size") as refused:
        inspect(path, readers=READERS)
    assert refused.value.rules == ("F-02",)
    small = tmp_path / "small.tif"
    small.write_bytes(geotiff())
    with pytest.raises(Unreadable, match="more than 500 bytes"):
        inspect(small, readers=READERS, limits=Limits(expanded=500))


def test_a_place_that_no_reference_system_gives_is_refused(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    # GDAL's own error, which is none of rasterio's: a system that leads to no other.
    def fail(*_: object) -> None:
        raise CPLE_AppDefinedError(1, 1, "Reprojection failed")

    monkeypatch.setattr("rasterio.warp.transform", fail)
    with pytest.raises(Unreadable, match="CPLE_AppDefinedError") as refused:
        inspected(geotiff(), "survey.tif")
    assert refused.value.rules == ("F-08",)


def test_a_strip_that_must_be_decoded_whole_is_bounded(
    inspected: Inspected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.inspection.geotiff.BLOCK_MAX", 50)
    with pytest.raises(Unreadable, match="a strip or tile of more than 50 bytes"):
        inspected(geotiff(compress="deflate"), "survey.tif")


def test_neighbours_of_a_raster_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "survey.tif"
    path.write_bytes(geotiff())
    alone = inspect(path, readers=READERS)
    for suffix in (".aux.xml", ".ovr", ".msk"):
        (tmp_path / f"survey.tif{suffix}").write_bytes(b"<PAMDataset>not read</PAMDataset>")
    (tmp_path / "survey.tfw").write_text("1\n0\n0\n1\n0\n0\n")
    assert inspect(path, readers=READERS) == alone
    assert not (tmp_path / "survey.tif.aux.xml").read_text().startswith("<PAMDataset/>")


@pytest.mark.parametrize("kind", ["complex64", "float64"])
def test_numbers_that_no_column_holds_are_refused(inspected: Inspected, kind: str) -> None:
    content = geotiff(dtype=kind)
    if kind == "float64":
        assert inspected(content, "survey.tif").columns[3].type is ColumnType.DECIMAL
        return
    with pytest.raises(Unreadable, match="a band of complex64"):
        inspected(content, "survey.tif")
