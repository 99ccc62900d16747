"""One small, valid file of every format, made here and copied from nowhere."""

from __future__ import annotations

import datetime as dt
import functools
import gzip
import io
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import netCDF4
import numpy as np
import openpyxl
import rasterio
from affine import Affine

CSV = b"time,depth (m),note\n2026-01-05T00:00:00Z,1.5,calm\n2026-01-05T01:00:00Z,2.5,\n"
JSONL = (
    '{"time": "2026-01-05T00:00:00Z", "place": {"lon": 120.3, "lat": 36.1}, "layers": [1, 2.50]}\n'
    '{"time": "2026-01-05T01:00:00Z", "place": {"lon": 120.4, "lat": null}, "站": "小麦岛"}\n'
).encode()
RADIALS = b"""%CTF: 1.00
%FileType: LLUV rdls "RadialMap"
%Site: QDHF ""
%TimeStamp: 2026 01 05  08 00 00
%TableColumns: 3
%TableColumnTypes: LOND LATD VELO
%TableRows: 2
%TableStart:
%%   Longitude   Latitude   Velocity
%%     (deg)       (deg)     (cm/s)
    120.4100000  36.0600000   12.500
    120.4200000  36.0700000   -3.250
%TableEnd:
%End:
"""
CAST = b"""* Sea-Bird SBE 9 Data File:
* FileName = cast.hex
* NMEA Latitude = 36 12.60 N
* NMEA Longitude = 120 30.00 E
** Cruise: spring
# nquan = 4
# nvalues = 3
# name 0 = timeS: Time, Elapsed [seconds]
# name 1 = prDM: Pressure, Digiquartz [db]
# name 2 = t090C: Temperature [ITS-90, deg C]
# name 3 = flag:  0.000e+00
# start_time = Jan 05 2026 08:00:00 [NMEA time, header]
# bad_flag = -9.990e-29
# file_type = ascii
*END*
      0.000      1.000     5.1234  0.000e+00
      1.000      2.000 -9.990e-29  0.000e+00
      2.500      3.000     5.1236  0.000e+00
"""


def parquet(query: str, options: str = "") -> bytes:
    """Return what DuckDB writes for a query."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/made.parquet"
        duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet{options})").fetchall()
        return Path(path).read_bytes()


def workbook(build: Callable[[Any], None]) -> bytes:
    """Return the .xlsx that openpyxl saves after `build` has filled it."""
    made = openpyxl.Workbook()
    build(made)
    saved = io.BytesIO()
    made.save(saved)
    return saved.getvalue()


def table(book: Any) -> None:
    """Fill the first sheet with a header and three rows."""
    sheet = book.active
    sheet.append(["time", "depth (m)", "站点", "ok"])
    for hour in range(3):
        sheet.append([dt.datetime(2026, 1, 5, hour), 1.5 * hour, "小麦岛", True])  # noqa: DTZ001


def netcdf(form: Any = "NETCDF4") -> bytes:
    """Return a grid of time, latitude and longitude."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.nc"
        with netCDF4.Dataset(str(path), "w", format=form) as file:
            for name, size in (("time", 2), ("lat", 2), ("lon", 3)):
                file.createDimension(name, size)
                axis = file.createVariable(name, "f8", (name,))
                axis[:] = np.arange(size)
                axis.units = "hours since 2026-01-05" if name == "time" else "degree"
            value = file.createVariable("sst", "i2", ("time", "lat", "lon"), fill_value=-99)
            value.scale_factor = 0.5
            value[:] = np.arange(12).reshape(2, 2, 3)
        return path.read_bytes()


def geotiff(crs: str | None = "EPSG:32651", **options: Any) -> bytes:
    """Return a raster of six by four pixels and two bands, 100 m apart near Qingdao."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = Path(folder) / "made.tif"
        shape = {"width": 6, "height": 4, "count": 2, "dtype": "int16", "nodata": -99}
        place = Affine(100, 0, 300_000, 0, -100, 4_000_000)
        with rasterio.open(
            path, "w", driver="GTiff", crs=crs, transform=place, **(shape | options)
        ) as raster:
            values = np.arange(24).reshape(4, 6).astype("int16")
            values[0, 0] = -99
            for band in range(1, raster.count + 1):
                raster.write(values * (1 if band == 1 else 2), band)
            raster.set_band_description(1, "depth")
            raster.set_band_unit(1, "m")
            raster.scales = (0.1, *[1.0] * (raster.count - 1))
            raster.update_tags(survey="spring")
        return path.read_bytes()


@functools.cache
def specimens() -> dict[str, bytes]:
    """Return every specimen by the name of its file."""
    return {
        "data.csv": CSV,
        "data.csv.gz": gzip.compress(CSV, mtime=0),
        "data.jsonl": JSONL,
        "data.parquet": parquet(
            "SELECT i, i / 2.0 AS x, 'n' || i AS s, [i] AS l FROM range(9) t(i)"
        ),
        "data.xlsx": workbook(table),
        "data.nc": netcdf(),
        "classic.nc": netcdf("NETCDF3_CLASSIC"),
        "data.tif": geotiff(),
        "data.ruv": RADIALS,
        "data.cnv": CAST,
    }
