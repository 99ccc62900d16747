from __future__ import annotations

import gzip
import struct
from pathlib import Path
from typing import Any

import duckdb
import netCDF4
import numpy as np
import pytest

from exchange.errors import Unreadable
from exchange.inspection import Limits, inspect
from exchange.inspection.codar import CodarReader
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.netcdf import NetcdfReader, _is_external_link, slabs
from exchange.inspection.parquet import ParquetReader
from exchange.profile import ColumnType, Profile, SensitiveKind
from tests.exchange.inspection.conftest import READERS, Inspected

RADIALS = b"""%CTF: 1.00
%FileType: LLUV rdls "RadialMap"
%Site: QDHF ""
%TimeStamp: 2026 01 05  08 00 00
%TimeZone: "CST" +8.000 0 "Asia/Shanghai"
%Origin:  36.0500000  120.3500000
%TableType: LLUV RDL9
%TableColumns: 4
%TableColumnTypes: LOND LATD VELO ESPC
%TableRows: 3
%TableStart:
%%   Longitude   Latitude   Velocity  Spatial
%%     (deg)       (deg)     (cm/s)   Quality
    120.4100000  36.0600000   12.500    1.089
    120.4200000  36.0700000   -3.250  999.000
    120.4300000  36.0800000    0.125    2.500
%TableEnd:
%%
%TableStart: 2
%  1 2 3
%TableEnd: 2
%End:
"""


def parquet(query: str) -> bytes:
    import tempfile  # noqa: PLC0415 - only for this

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/made.parquet"
        duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)").fetchall()
        return Path(path).read_bytes()


def netcdf(path: Path, form: Any = "NETCDF4") -> Path:
    with netCDF4.Dataset(str(path), "w", format=form) as file:
        file.title = "a small grid"
        file.creator_email = "someone@example.org"
        for name, size in (("time", 3), ("lat", 2), ("lon", 4), ("letters", 3)):
            file.createDimension(name, size)
        time = file.createVariable("time", "f8", ("time",))
        time.units = "hours since 2026-01-05 00:00:00"
        time[:] = [0, 1, 2]
        for name, unit, standard in (
            ("lat", "degrees_north", "latitude"),
            ("lon", "degrees_east", "longitude"),
        ):
            variable = file.createVariable(name, "f4", (name,))
            variable.setncatts({"units": unit, "standard_name": standard})
            variable[:] = 36 + np.arange(variable.size)
        packed = file.createVariable("temperature", "i2", ("time", "lat", "lon"), fill_value=-99)
        packed.setncatts({"scale_factor": 0.01, "add_offset": 10.0, "units": "degree_Celsius"})
        values = np.ma.array(10 + np.arange(24).reshape(3, 2, 4) / 100, mask=False)
        values[0, 0, 0] = np.ma.masked
        packed[:] = values
        count = file.createVariable("count", "i4", ("time", "lat", "lon"), fill_value=-1)
        count[:] = np.arange(24).reshape(3, 2, 4) - 1
        station = file.createVariable("station", "S1", ("lat", "letters"))
        station.coordinates = "lat"
        station[:] = np.array([[b"Q", b"D", b"\0"], [b"R", b"Z", b"H"]])
        count.coordinates = "station"
        file.createVariable("scalar", "f4", ())[:] = 1
    return path


class TestParquetReader(ReaderContract):
    reader = ParquetReader()
    suffix = ".parquet"
    document = parquet("SELECT i, i / 2.0 AS x FROM range(5) t(i)")
    rows, columns = 5, 2


class TestCodarReader(ReaderContract):
    reader = CodarReader()
    suffix = ".ruv"
    document = RADIALS
    rows, columns = 3, 4


class TestNetcdfReader(ReaderContract):
    reader = NetcdfReader()
    suffix = ".nc"
    rows, columns = 24, 6

    @pytest.fixture(autouse=True)
    def _document(self, tmp_path: Path) -> None:
        type(self).document = netcdf(tmp_path / "made.nc").read_bytes()


def test_parquet_types_are_mapped(inspected: Inspected) -> None:
    profile = inspected(
        parquet(
            "SELECT 1::TINYINT AS small, 1.5::DECIMAL(9,2) AS money, 'NaN'::DOUBLE AS broken,"
            " DATE '2026-01-05' AS day, TIMESTAMPTZ '2026-01-05 08:00:00+08' AS moment,"
            ' [1, 2] AS list, true AS yes, 18446744073709551615::UBIGINT AS serial, \'x\' AS "a""b"'
        ),
        "data.parquet",
    )
    assert {column.name: column.type.value for column in profile.columns} == {
        "small": "integer",
        "money": "decimal",
        "broken": "decimal",
        "day": "timestamp",
        "moment": "timestamp",
        "list": "text",
        "yes": "boolean",
        "serial": "text",
        'a"b': "text",
    }
    assert profile.columns[2].missing == 1
    assert profile.columns[4].minimum == "2026-01-05T00:00:00Z"
    assert any("list" in remark for remark in profile.remarks)


def test_infinite_cells_of_parquet_are_missing_and_told(inspected: Inspected) -> None:
    """Once a range was kept by 3 of 3 cells of four, and nobody was told of the fourth."""
    profile = inspected(
        parquet(
            "SELECT * FROM (VALUES ('inf'::DOUBLE, '-inf'::FLOAT, 1.0::DOUBLE),"
            " (1, 'inf', 2), ('nan', 1, 3), (2, NULL, 4)) AS rows(speed, depth, whole)"
        ),
        "data.parquet",
    )
    assert [column.missing for column in profile.columns] == [2, 3, 0]
    assert profile.remarks == (
        "column speed: 1 infinite cells are read as missing",
        "column depth: 2 infinite cells are read as missing",
    )


def test_an_empty_string_is_a_value_in_parquet_alone(inspected: Inspected) -> None:
    """As docs/formats.md says: Parquet tells it from a missing cell, and text does not."""
    kept = inspected(
        parquet("SELECT * FROM (VALUES (1, 'a'), (2, ''), (3, NULL)) AS rows(n, word)"),
        "data.parquet",
    )
    text = inspected("n,word\n1,a\n2,\n3,\n", "data.csv")
    lines = inspected('{"n":1,"word":"a"}\n{"n":2,"word":""}\n{"n":3}\n', "data.jsonl")
    assert [each.columns[1].missing for each in (kept, text, lines)] == [1, 2, 2]


def test_one_table_as_text_and_as_parquet_has_one_digest(inspected: Inspected) -> None:
    text = inspected("n,x,t\n1,0.5,2026-01-05T00:00:00Z\n2,,2026-01-05T01:00:00Z\n")
    binary = inspected(
        parquet(
            "SELECT * FROM (VALUES (2, NULL, TIMESTAMP '2026-01-05 01:00:00'),"
            " (1, 0.5::DOUBLE, TIMESTAMP '2026-01-05 00:00:00')) v(n, x, t)"
        ),
        "data.parquet",
    )
    assert text.rows_digest == binary.rows_digest


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda good: good[:-4], "does not end as a Parquet file does"),
        (lambda good: good[:-8] + struct.pack("<I", 2**31) + b"PAR1", "claims a footer of"),
        (lambda good: good[:-8] + struct.pack("<I", 8) + b"PAR1", "not a whole Parquet file"),
        (lambda _: b"PAR1PAR1", "Parquet"),
        (lambda good: good[:4] + b"\xff" * 40 + good[44:], "not a whole Parquet file"),
    ],
)
def test_damaged_parquet_is_refused(inspected: Inspected, damage: Any, message: str) -> None:
    good = parquet("SELECT i, i / 2.0 AS x FROM range(500) t(i)")
    with pytest.raises(Unreadable, match=message) as refused:
        inspected(damage(good), "data.parquet")
    assert refused.value.rules == ("F-08",)


def test_parquet_without_rows_is_refused(inspected: Inspected) -> None:
    with pytest.raises(Unreadable, match="not a single row"):
        inspected(parquet("SELECT 1 AS a WHERE false"), "data.parquet")


def test_radials_are_read_with_units_fill_value_and_instant(inspected: Inspected) -> None:
    profile = inspected(RADIALS, "rad.ruv")
    assert [column.unit for column in profile.columns] == ["degree", "degree", "cm/s", None]
    quality = profile.column("ESPC")
    assert quality is not None
    assert (quality.missing, quality.fill_value, quality.maximum) == (1, "999", "2.5")
    assert profile.time is not None
    assert (profile.time.column, profile.time.start) == ("%TimeStamp", "2026-01-05T00:00:00Z")
    assert ("Site", 'QDHF ""') in profile.attributes
    assert profile.space is not None
    assert profile.space.columns == ("LOND", "LATD")
    zipped = inspected(gzip.compress(RADIALS, mtime=0), "rad.ruv.gz")
    assert zipped.rows_digest == profile.rows_digest


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        (b"%TableRows: 3", b"%TableRows: 4", "F-01", "3 rows where %TableRows says 4"),
        (b"   -3.250  999.000", b"   -3.250", "F-06", "line 15: 3 cells where the table has 4"),
        (b"-3.250", b'"3.250', "F-06", "not a number"),
        (b"%TableColumnTypes: LOND LATD VELO ESPC\n", b"", "F-06", "TableColumnTypes"),
        (b"LOND LATD", b"LOND LOND", "F-06", "names a column twice"),
        (b"LOND LATD", b"LOND lond", "F-06", "'LOND' and 'lond' differ in capitals"),
        (b"2026 01 05", b"2026 13 05", "F-01", "%TimeStamp"),
        (b"QDHF", b"QD\0F", "F-06", "NUL"),
        (b"QDHF", b"QD\xffF", "F-05", "ASCII"),
        (RADIALS[RADIALS.index(b"%TableEnd") :], b"", "F-01", "ends within its table"),
        (RADIALS[RADIALS.index(b"%TableStart") :], b"", "F-01", "before its %TableStart"),
        (b"QDHF", b"Q" * (2 << 20), "F-06", "a line of more than"),
    ],
)
def test_damaged_radials_are_refused(
    inspected: Inspected, old: bytes, new: bytes, rule: str, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(RADIALS.replace(old, new, 1), "rad.ruv")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)


@pytest.fixture
def grid(tmp_path: Path) -> Profile:
    return inspect(netcdf(tmp_path / "grid.nc"), readers=READERS)


def test_a_grid_becomes_rows_with_its_coordinates(grid: Profile) -> None:
    assert grid.rows == 24
    names = [column.name for column in grid.columns]
    assert names == ["time", "lat", "lon", "station", "temperature", "count"]
    assert grid.space is not None
    assert (grid.space.south, grid.space.east) == ("36", "39")
    assert grid.time is not None
    assert (grid.time.start, grid.time.step_seconds) == ("2026-01-05T00:00:00Z", 3600)
    assert any("scalar" in remark for remark in grid.remarks)


def test_packed_values_are_unpacked_and_fill_values_missing(grid: Profile) -> None:
    temperature, count, station = (
        grid.column(name) for name in ("temperature", "count", "station")
    )
    assert temperature is not None
    assert count is not None
    assert station is not None
    assert (temperature.missing, temperature.minimum, temperature.maximum) == (1, "10.01", "10.23")
    assert (temperature.unit, temperature.fill_value) == ("degree_Celsius", "-99")
    assert (count.type, count.missing, count.maximum) == (ColumnType.INTEGER, 1, "22")
    assert (station.type, station.distinct) == (ColumnType.TEXT, 2)


def test_what_a_file_says_is_missing_no_supplier_calls_a_value(tmp_path: Path) -> None:
    file = netcdf(tmp_path / "grid.nc")
    declared = inspect(file, readers=READERS, no_fill_value=("temperature",))
    temperature = declared.column("temperature")
    assert temperature is not None
    assert (temperature.missing, temperature.fill_value) == (1, "-99")


def test_infinite_cells_of_a_grid_are_missing_and_told(tmp_path: Path) -> None:
    path = tmp_path / "grid.nc"
    with netCDF4.Dataset(str(path), "w") as file:
        file.createDimension("time", 4)
        for name in ("speed", "depth"):
            variable = file.createVariable(name, "f4", ("time",), fill_value=-99)
            variable[:] = np.ma.array([np.inf, 1, -np.inf, 2], mask=[False, True, False, False])
        file["depth"][:] = [1, 2, np.nan, 4]
    profile = inspect(path, readers=READERS)
    assert [column.missing for column in profile.columns] == [3, 1]
    assert [each for each in profile.remarks if "infinite" in each] == [
        "column speed: 2 infinite cells are read as missing"
    ]


def test_a_mailbox_in_the_attributes_is_found_and_withheld(grid: Profile) -> None:
    finding = next(each for each in grid.sensitive if each.kind is SensitiveKind.EMAIL)
    assert (finding.column, finding.certain) == ("(metadata)", False)
    assert "someone@example.org" not in str(grid)
    assert ("title", "a small grid") in grid.attributes


def test_the_size_of_slabs_changes_nothing(
    tmp_path: Path, grid: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for cells in (1, 3, 5, 8):
        monkeypatch.setattr("exchange.inspection.netcdf.SLAB", cells)
        again = inspect(netcdf(tmp_path / f"grid{cells}.nc"), readers=READERS)
        assert again.rows_digest == grid.rows_digest


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF4_CLASSIC"])
def test_every_form_of_netcdf_is_one_table(tmp_path: Path, grid: Profile, form: str) -> None:
    again = inspect(netcdf(tmp_path / "form.nc", form), readers=READERS)
    assert again.rows_digest == grid.rows_digest


def test_slabs_cover_a_grid_once_in_row_order() -> None:
    seen = np.zeros((5, 3, 4), dtype=int)
    for slab in slabs((5, 3, 4), 10):
        assert seen[slab].size <= 10
        seen[slab] += 1
    assert (seen == 1).all()


def test_a_grid_that_claims_more_than_it_holds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "claim.nc"
    with netCDF4.Dataset(str(path), "w") as file:
        file.createDimension("x", 10**9)
        file.createVariable("v", "f8", ("x",), chunksizes=(1000,))
    with pytest.raises(Unreadable, match="100 times its size") as refused:
        inspect(path, readers=READERS)
    assert refused.value.rules == ("F-02",)


def test_a_grid_beyond_the_absolute_limit_is_refused(tmp_path: Path) -> None:
    path = netcdf(tmp_path / "grid.nc")
    with pytest.raises(Unreadable, match="more than 100 bytes"):
        inspect(path, readers=READERS, limits=Limits(expanded=100))


def test_half_a_netcdf_file_is_refused(tmp_path: Path) -> None:
    path = netcdf(tmp_path / "grid.nc")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(Unreadable, match="not a whole NetCDF file"):
        inspect(path, readers=READERS)


def test_a_link_to_another_file_is_refused_before_it_is_followed(inspected: Inspected) -> None:
    target = b"\0/etc/passwd\0/x\0"
    link = b"\x01\x08\x40\x04evil" + struct.pack("<H", len(target)) + target
    with pytest.raises(Unreadable, match="links to another file") as refused:
        inspected(b"\x89HDF\r\n\x1a\n" + b"\0" * 100 + link + b"\0" * 100, "grid.nc")
    assert refused.value.rules == ("F-04",)
    assert not _is_external_link(link[:8] + b"\xff\xff" + link[10:])


def test_data_kept_in_another_file_is_refused(inspected: Inspected) -> None:
    head = b"\x89HDF\r\n\x1a\n" + b"\0" * 92
    message = b"\x07\x00\x20\x00\x00\x00\x00\x00\x01\0\0\0" + struct.pack("<HHQ", 1, 1, 200)
    content = (head + message).ljust(200, b"\0") + b"HEAP" + b"\0" * 50
    with pytest.raises(Unreadable, match="keeps its data in another file") as refused:
        inspected(content, "grid.nc")
    assert refused.value.rules == ("F-08",)


def test_data_composed_of_other_files_is_refused(inspected: Inspected) -> None:
    layout = b"\x04\x03" + struct.pack("<QI", 200, 1)
    content = (b"\x89HDF\r\n\x1a\n" + b"\0" * 92 + layout).ljust(200, b"\0") + b"GCOL" + b"\0" * 50
    with pytest.raises(Unreadable, match="composed of other files") as refused:
        inspected(content, "grid.nc")
    assert refused.value.rules == ("F-08",)
