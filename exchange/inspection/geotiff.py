"""GeoTIFF rasters: a row a pixel, its place and the value of every band.

The library is rasterio (GDAL), an extra: without it the exchange runs, and refuses these files
by name.  GDAL knows two hundred formats, follows references between files and can fetch from the
network; here it gets its GTiff driver, one file under a name of ours, no neighbours of that
file, and no network.

Place is the centre of the pixel, in degrees on WGS 84 whatever the file's own reference system.
Windows are read block by block; memory does not grow with the raster.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own types
from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection

from exchange.inspection import tiff_frame
from exchange.inspection.intake import Intake
from exchange.inspection.names import require_columns
from exchange.inspection.reader import SQL_TYPES, Column, Table, infinities_told
from exchange.profile import ColumnType

MAGIC: Final = (b"II*\x00", b"II+\x00", b"MM\x00*", b"MM\x00+")
EXTRA: Final = "geotiff"
SLAB: Final = 1 << 19  # cells read at a time, over all columns
BLOCK_MAX: Final = 32 << 20  # bytes of one strip or tile over all bands, which is decoded whole
_CACHE: Final = 64 << 20
_ATTRIBUTES_MAX: Final = 200
_WGS84: Final = "EPSG:4326"
# Nothing but the file itself: no folder is listed, no .aux.xml read or written, nothing fetched.
_ALONE: Final = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_HTTP_MAX_RETRY": "0",
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
    "PROJ_NETWORK": "OFF",
    "GDAL_NUM_THREADS": "1",
    "GDAL_CACHEMAX": _CACHE >> 20,
}
_NO_VALUE: Final = -(2**63)  # stands for NULL on the way into a BIGINT column


class GeotiffReader:
    """The first and only image of a file; needs the extra `geotiff`."""

    name = "geotiff"
    media_type = "image/tiff; application=geotiff"
    suffixes: tuple[str, ...] = (".tif", ".tiff")
    text = False

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the magic says it all
        """Whether the head is the magic of TIFF or of BigTIFF."""
        return head.startswith(MAGIC)

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Read every pixel, or raise `Unreadable` naming what is wrong with the raster."""
        try:
            import rasterio  # noqa: PLC0415 - an extra
            import rasterio.warp  # noqa: PLC0415
            from rasterio._err import CPLE_BaseError  # noqa: PLC0415 - GDAL's own, named nowhere else
            from rasterio.errors import RasterioError  # noqa: PLC0415
        except ImportError as error:
            raise intake.refusal(
                f"GeoTIFF is read by an extra that is not installed: guapai[{EXTRA}]", "F-01"
            ) from error
        tiff_frame.examine(intake)
        with warnings.catch_warnings(), rasterio.Env(**_ALONE):
            warnings.simplefilter("ignore")  # a raster without a place is said in a remark
            try:
                with rasterio.open(
                    intake.linked, driver="GTiff", sharing=False, GEOREF_SOURCES="INTERNAL"
                ) as raster:
                    return _Raster(raster, rasterio.warp.transform, intake).loaded(connection)
            except (
                RasterioError,
                CPLE_BaseError,
                ValueError,
                OverflowError,
                UnicodeError,
            ) as error:
                raise intake.refusal(
                    f"not a whole GeoTIFF: {type(error).__name__}", "F-08"
                ) from error


@dataclass(frozen=True, slots=True)
class _Band:
    """One band: its place in the file, its column, and how stored values become real ones."""

    index: int
    column: Column
    scale: float
    offset: float


class _Raster:
    def __init__(self, raster: Any, transform: Any, intake: Intake) -> None:  # noqa: ANN401
        self._raster = raster  # rasterio has no types
        self._transform = transform
        self._intake = intake
        self._remarks: list[str] = []
        self._allow()
        self._place = self._positions()
        self._bands = self._read_bands()
        names = [name for name, *_ in self._place] + [band.column.name for band in self._bands]
        require_columns(names, intake, "the bands")

    def _allow(self) -> None:
        """Refuse what the header claims and the bytes cannot hold, before a pixel is read."""
        raster, intake = self._raster, self._intake
        if raster.subdatasets:
            raise intake.refusal("holds several images: give one a file", "F-06")
        if not raster.count:
            raise intake.refusal("has no band", "F-06")
        if raster.count + 2 > intake.limits.columns:
            raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
        if kinds := sorted({kind for kind in raster.dtypes if np.dtype(kind).kind not in "iuf"}):
            raise intake.refusal(f"a band of {', '.join(kinds)}, which no column holds", "F-06")
        pixels = raster.width * raster.height
        sizes = [np.dtype(kind).itemsize for kind in raster.dtypes]
        intake.allow(pixels * sum(sizes))
        if pixels * (raster.count + 2) * 8 > intake.limits.expanded:
            raise intake.refusal(f"expands to more than {intake.limits.expanded} bytes", "F-02")
        block = max(math.prod(shape) for shape in raster.block_shapes) * sum(sizes)
        if block > BLOCK_MAX:
            raise intake.refusal(
                f"a strip or tile of more than {BLOCK_MAX} bytes: write it in smaller ones", "F-02"
            )

    def _positions(self) -> tuple[tuple[str, str | None, str | None], ...]:
        """Return name, unit and standard name of the two columns of place."""
        if self._raster.crs is not None and self._is_placed():
            return ("lon", "degree", "longitude"), ("lat", "degree", "latitude")
        self._remarks.append(
            "the file names no reference system: x and y are its own coordinates"
            if self._is_placed()
            else "the raster lies nowhere: x and y count its pixels"
        )
        return ("x", None, None), ("y", None, None)

    def _read_bands(self) -> list[_Band]:
        raster = self._raster
        bands = []
        for i in range(raster.count):
            scale, offset = float(raster.scales[i]), float(raster.offsets[i])
            if not math.isfinite(scale) or not math.isfinite(offset):
                raise self._intake.refusal(f"band {i + 1} has no finite scale", "F-08")
            kind = np.dtype(raster.dtypes[i])
            packed = (scale, offset) != (1.0, 0.0)
            whole = kind.kind in "iu" and kind != np.uint64 and not packed
            fill = raster.nodatavals[i]
            column = Column(
                (raster.descriptions[i] or f"band_{i + 1}").strip(),
                ColumnType.INTEGER if whole else ColumnType.DECIMAL,
                unit=(raster.units[i] or "").strip()[:60] or None,
                fill_value=None if fill is None or math.isnan(fill) else f"{fill:.12g}",
            )
            bands.append(_Band(i + 1, column, scale, offset))
        return bands

    def loaded(self, connection: DuckDBPyConnection) -> Table:
        """Create `cells` window by window and describe it."""
        place = tuple(
            Column(name, ColumnType.DECIMAL, unit=unit, standard_name=standard)
            for name, unit, standard in self._place
        )
        columns = place + tuple(band.column for band in self._bands)
        made = ", ".join(f"c{i} {SQL_TYPES[each.type]}" for i, each in enumerate(columns))
        connection.execute(f"CREATE TABLE cells ({made})").fetchall()
        cells = ", ".join(
            f"nullif(c{i}, {_NO_VALUE})"
            if each.type is ColumnType.INTEGER
            else f"CASE WHEN isfinite(c{i}) THEN c{i} END"
            for i, each in enumerate(columns)
        )
        infinite = [0] * len(columns)
        for window in self._windows():
            block = self._block(window)
            for i, each in enumerate(columns):
                if each.type is ColumnType.DECIMAL:
                    infinite[i] += int(np.isinf(block[f"c{i}"]).sum())
            connection.register("window", block)
            connection.execute(f'INSERT INTO cells SELECT {cells} FROM "window"').fetchall()
            connection.unregister("window")
        self._remarks += infinities_told(
            (each.name, count) for each, count in zip(columns, infinite, strict=True)
        )
        self._remarks.append(
            f"rows are the pixels of a raster of {self._raster.width} x {self._raster.height}"
        )
        return Table(columns, attributes=self._attributes(), remarks=tuple(self._remarks))

    def _windows(self) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
        """Yield rows and columns of windows that cover the raster, whole blocks where they fit."""
        width, height = self._raster.width, self._raster.height
        pixels = max(1, SLAB // (len(self._bands) + 2))
        tall, wide = self._raster.block_shapes[0]
        tall, wide = min(tall, height), min(wide, width)
        wide = min(width, wide * max(1, pixels // (tall * wide)))
        if wide == width:
            tall *= max(1, pixels // (tall * wide))
        step = max(1, min(tall, pixels // wide))  # a block that is too large comes in parts
        for top in range(0, height, tall):
            bottom = min(top + tall, height)
            for left in range(0, width, wide):
                for row in range(top, bottom, step):
                    yield (row, min(row + step, bottom)), (left, min(left + wide, width))

    def _block(
        self, window: tuple[tuple[int, int], tuple[int, int]]
    ) -> dict[str, npt.NDArray[Any]]:
        (top, bottom), (left, right) = window
        columns, rows = np.meshgrid(np.arange(left, right) + 0.5, np.arange(top, bottom) + 0.5)
        transform = self._raster.transform
        xs = transform.a * columns.ravel() + transform.b * rows.ravel() + transform.c
        ys = transform.d * columns.ravel() + transform.e * rows.ravel() + transform.f
        if self._place[0][2] is not None and not self._is_wgs84():
            xs, ys = (
                np.asarray(each) for each in self._transform(self._raster.crs, _WGS84, xs, ys)
            )
        block = {"c0": xs, "c1": ys}
        for i, band in enumerate(self._bands, start=2):
            read = self._raster.read(band.index, window=window, masked=True)
            block[f"c{i}"] = _values(band, read.ravel())
        return block

    def _is_placed(self) -> bool:
        a, b, c, d, e, f = tuple(self._raster.transform)[:6]
        return (a, b, c, d, abs(e), f) != (1, 0, 0, 0, 1, 0)

    def _is_wgs84(self) -> bool:
        return bool(self._raster.crs.to_epsg() == 4326)

    def _attributes(self) -> tuple[tuple[str, str], ...]:
        raster = self._raster
        pairs = [("crs", raster.crs.to_string()[:400])] if raster.crs else []
        if self._is_placed():
            across, down = (f"{abs(each):.12g}" for each in raster.res)
            unit = (raster.crs.units_factor[0] if raster.crs else "") or "of its own"
            pairs.append(("resolution", f"{across} x {down} ({unit})"))
        pairs += sorted(raster.tags().items())
        for band in self._bands:
            tags = sorted(raster.tags(band.index).items())
            pairs += [(f"{band.column.name}:{key}", value) for key, value in tags]
        return tuple(pairs[:_ATTRIBUTES_MAX])


def _values(band: _Band, read: Any) -> npt.NDArray[Any]:  # noqa: ANN401 - a masked array
    """Return plain values: NaN or the least integer where a pixel holds none."""
    if band.column.type is ColumnType.INTEGER:
        wide: npt.NDArray[Any] = read.data.astype(np.int64)
        wide[np.ma.getmaskarray(read)] = _NO_VALUE
        return wide
    numbers: npt.NDArray[Any] = read.data.astype(np.float64) * band.scale + band.offset
    numbers[np.ma.getmaskarray(read)] = np.nan
    return numbers
