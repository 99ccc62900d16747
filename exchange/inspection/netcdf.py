"""NetCDF, classic and on HDF5: the largest grid of a file, flattened into rows.

A grid is the variables that share one tuple of dimensions.  The one with most cells becomes
the table: a row a cell, its coordinates (CF-1.8, chapters 4 and 5) as the first columns.  Time
is decoded to UTC by its CF units; packed values are unpacked; fill values are missing cells.
The rows are read slab by slab, so memory does not grow with the file.

An HDF5 file can point into other files, by external links, external storage and virtual
layouts, and the library follows.  Reading such a file would read whatever the exchange can; it
is refused before the library opens it.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own types
from __future__ import annotations

import datetime as dt
import itertools
import math
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from duckdb import DuckDBPyConnection

from exchange.inspection import netcdf_frame
from exchange.inspection.intake import Intake
from exchange.inspection.names import require_apart
from exchange.inspection.reader import SQL_TYPES, Column, Table, infinities_told
from exchange.profile import ColumnType

HDF5_MAGIC: Final = b"\x89HDF\r\n\x1a\n"
CLASSIC_MAGIC: Final = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
SLAB: Final = 1 << 17  # rows read at a time, fewer where there are more than eight columns
_NO_VALUE: Final = -(2**63)  # stands for NULL on the way into a BIGINT column
_ATTRIBUTES_MAX: Final = 200
_SECONDS: Final = {
    "microsecond": 1e-6,
    "millisecond": 1e-3,
    "second": 1.0,
    "minute": 60.0,
    "hour": 3600.0,
    "day": 86400.0,
}
_ABBREVIATIONS: Final = {
    "s": "second",
    "sec": "second",
    "min": "minute",
    "h": "hour",
    "hr": "hour",
    "d": "day",
}
_CALENDARS: Final = frozenset({"standard", "gregorian", "proleptic_gregorian"})
_SINCE: Final = re.compile(r"(?P<unit>[A-Za-z]+)\s+since\s+(?P<epoch>\S.*)")

# The link message of an HDF5 object header (format specification, IV.A.2.g): version 1, flags
# with the bit for "link type present", and 64, the type of an external link.
_EXTERNAL_LINK: Final = re.compile(rb"\x01[\x08-\x0b\x0c-\x0f\x18-\x1f]\x40", re.DOTALL)
# The external data files message (IV.A.2.h), type 7, in either version of the object header:
# its version, three zero bytes, slots allocated and used, the address of a local heap.
_EXTERNAL_FILES: Final = re.compile(
    rb"\x07(?:\x00..[\x00-\x3f]\x00{3}|..[\x00-\x3f](?:..)?)\x01\x00{3}(..)(..)(.{8})", re.DOTALL
)
# A virtual layout (IV.A.2.i, version 4, class 3) names its source files in a global heap.
_VIRTUAL: Final = re.compile(rb"\x04\x03(.{8})", re.DOTALL)


class NetcdfReader:
    """One NetCDF file: the root group's largest grid."""

    name = "netcdf"
    media_type = "application/x-netcdf"
    suffixes: tuple[str, ...] = (".nc", ".nc4", ".cdf")
    text = False

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the magic says it all
        """Whether the head is the magic of NetCDF classic or of HDF5."""
        return head.startswith((HDF5_MAGIC, *CLASSIC_MAGIC))

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Flatten the largest grid, or raise `Unreadable` where there is none."""
        import netCDF4  # noqa: PLC0415 - 14 MB, which files of other formats need not hold

        if intake.head_raw.startswith(HDF5_MAGIC):
            _require_self_contained(intake)
        else:
            netcdf_frame.examine(intake)
        # HDF5 knows a file that it could not close by its inode, which a copy could have next.
        place = intake.link(intake.scratch / "grid")
        try:
            with netCDF4.Dataset(str(place), "r") as dataset:
                dataset.set_auto_chartostring(False)
                dataset.set_always_mask(True)
                return _flattened(dataset, intake, connection)
        except (OSError, RuntimeError, LookupError, ValueError, OverflowError) as error:
            raise intake.refusal(
                f"not a whole NetCDF file: {type(error).__name__}", "F-08"
            ) from error
        finally:
            place.unlink()


def _require_self_contained(intake: Intake) -> None:
    """Refuse an HDF5 file that refers to other files (F-04, F-08)."""
    overlap = b""
    with intake.path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            window = overlap + piece
            for match in _EXTERNAL_LINK.finditer(window):
                if _is_external_link(window[match.start() : match.start() + 8192]):
                    raise intake.refusal("links to another file", "F-04")
            for match in _EXTERNAL_FILES.finditer(window):
                allocated, used, heap = struct.unpack("<HHQ", b"".join(match.groups()))
                if 0 < used <= allocated and _stands(b"HEAP", intake, heap):
                    raise intake.refusal("keeps its data in another file", "F-08")
            for match in _VIRTUAL.finditer(window):
                if _stands(b"GCOL", intake, int.from_bytes(match[1], "little")):
                    raise intake.refusal("is composed of other files", "F-08")
            overlap = window[-8192:]


def _stands(signature: bytes, intake: Intake, address: int) -> bool:
    if address >= intake.bytes:
        return False
    with intake.path.open("rb") as stream:
        stream.seek(address)
        return stream.read(4) == signature


def _is_external_link(message: bytes) -> bool:
    """Whether a link message is well formed and its target two strings: a file and a path."""
    flags = message[1]
    at = 3 + (8 if flags & 0x04 else 0) + (1 if flags & 0x10 else 0)
    width = 1 << (flags & 0x03)
    length = int.from_bytes(message[at : at + width], "little")
    at += width + length
    if not 0 < length <= 1024 or len(message) < at + 2:
        return False
    size = int.from_bytes(message[at : at + 2], "little")
    target = message[at + 2 : at + 2 + size]
    return len(target) == size > 3 and target[0] == 0 and target[-1] == 0 and target.count(0) == 3


@dataclass(frozen=True, slots=True)
class _Source:
    """One column to be: a variable, its dimensions (without that of characters), its decoding."""

    variable: Any  # netCDF4 has no types
    dimensions: tuple[str, ...]
    column: Column
    epoch: dt.datetime | None = None
    seconds: float = 0.0


def _flattened(dataset: Any, intake: Intake, connection: DuckDBPyConnection) -> Table:  # noqa: ANN401
    remarks: list[str] = []
    known = {}
    for name, variable in dataset.variables.items():
        source = _source(name, variable)
        if source is None:
            remarks.append(f"variable {name} is of a compound or nested type and left out")
        else:
            known[name] = source
    grid = _largest_grid(known, intake)
    sizes = [len(dataset.dimensions[dimension]) for dimension in grid]
    sources = _columns_of(known, grid)
    _allow(sources, sizes, intake)
    # The format tells names by their capitals; the CF conventions (2.3) advise against it, and
    # what a buyer opens the rows with may not.
    require_apart([source.column.name for source in sources], intake, "the variables")
    taken = {source.column.name for source in sources}
    if left := [name for name in known if name not in taken]:
        remarks.append(f"of another shape and left out: {', '.join(left[:20])}")
    if dataset.groups:
        remarks.append("groups below the root are left out")
    remarks += [
        f"column {source.column.name}: its calendar has no UTC, kept as numbers"
        for source in sources
        if source.column.type is ColumnType.DECIMAL and "since" in (source.column.unit or "")
    ]
    _create(connection, sources)
    infinite = [0] * len(sources)
    for slab in slabs(sizes, max(1, 8 * SLAB // max(8, len(sources)))):
        _insert(connection, sources, grid, slab, infinite)
    remarks += infinities_told(
        (source.column.name, count) for source, count in zip(sources, infinite, strict=True)
    )
    remarks.append(f"rows are the cells of the grid {' x '.join(grid)}")
    return Table(
        tuple(source.column for source in sources),
        attributes=_attributes(dataset),
        remarks=tuple(remarks),
    )


def _source(name: str, variable: Any) -> _Source | None:  # noqa: ANN401
    kind = "str" if variable.dtype is str else getattr(variable.dtype, "kind", "")
    if kind not in {"str", "i", "u", "f", "S"}:
        return None
    dimensions = tuple(variable.dimensions)
    text = kind in {"str", "S"}
    if kind == "S":
        dimensions = dimensions[:-1]  # the last counts characters
    unit, standard = _said(variable, "units"), _said(variable, "standard_name")
    epoch, seconds = (None, 0.0) if text else _time_of(variable, unit)
    packed = hasattr(variable, "scale_factor") or hasattr(variable, "add_offset")
    if text:
        column_type = ColumnType.TEXT
    elif epoch is not None:
        column_type, unit = ColumnType.TIMESTAMP, "UTC"
    elif kind in "iu" and not packed:
        column_type = ColumnType.INTEGER
    else:
        column_type = ColumnType.DECIMAL
    fill = getattr(variable, "_FillValue", getattr(variable, "missing_value", None))
    fill_text = None if fill is None or text else _plain(np.ravel(fill)[0])
    column = Column(name, column_type, unit=unit, standard_name=standard, fill_value=fill_text)
    return _Source(variable, dimensions, column, epoch, seconds)


def _said(variable: Any, key: str) -> str | None:  # noqa: ANN401
    value = getattr(variable, key, None)
    return value[:200] if isinstance(value, str) and value else None


def _plain(value: Any) -> str:  # noqa: ANN401
    return f"{float(value):.12g}" if np.issubdtype(type(value), np.floating) else str(value)


def _time_of(variable: Any, unit: str | None) -> tuple[dt.datetime | None, float]:  # noqa: ANN401
    """Return the epoch and the seconds of one unit, (None, 0) for what is no CF time in UTC."""
    match = _SINCE.fullmatch(unit or "")
    calendar = str(getattr(variable, "calendar", "standard")).lower()
    if match is None or calendar not in _CALENDARS:
        return None, 0.0
    word = match["unit"].lower().rstrip("s") or "s"
    seconds = _SECONDS.get(_ABBREVIATIONS.get(word, word))
    if seconds is None:  # months and years have no fixed length
        return None, 0.0
    import netCDF4  # noqa: PLC0415 - as above

    try:
        epochs = netCDF4.num2date([0.0], f"seconds since {match['epoch']}", calendar)
    except (ValueError, TypeError, OverflowError):  # dates that its parser trips over
        return None, 0.0
    (first,) = np.asarray(epochs)
    parts = (first.year, first.month, first.day, first.hour, first.minute, first.second)
    return dt.datetime(*parts, tzinfo=dt.UTC), seconds


def _largest_grid(known: dict[str, _Source], intake: Intake) -> tuple[str, ...]:
    """Return the dimensions with most cells; on equal counts, those of the most variables."""
    grids: dict[tuple[str, ...], list[int]] = {}
    for source in known.values():
        if source.dimensions:
            cells = math.prod(source.variable.shape[: len(source.dimensions)])
            grids.setdefault(source.dimensions, []).append(cells)
    if not grids:
        raise intake.refusal("no variable with a dimension in the root group", "F-01")
    return max(grids, key=lambda grid: (grids[grid][0], len(grids[grid]), grid))


def _columns_of(known: dict[str, _Source], grid: tuple[str, ...]) -> list[_Source]:
    """Return the coordinates of a grid, in the order of its dimensions, then its variables."""
    named = {
        word
        for source in known.values()
        if source.dimensions == grid
        for word in str(getattr(source.variable, "coordinates", "")).split()
    }
    coordinates = [known[name] for name in grid if name in known and known[name].dimensions != grid]
    auxiliary = [
        source
        for name, source in known.items()
        if name not in grid
        and source.dimensions != grid
        and set(source.dimensions) < set(grid)
        and source.dimensions
        and (name in named or source.column.standard_name in {"time", "latitude", "longitude"})
    ]
    return coordinates + auxiliary + [each for each in known.values() if each.dimensions == grid]


def _allow(sources: Sequence[_Source], sizes: Sequence[int], intake: Intake) -> None:
    """Refuse a grid that claims far more cells than its bytes could hold (F-02)."""
    if len(sources) > intake.limits.columns:
        raise intake.refusal(f"more than {intake.limits.columns} columns", "F-06")
    stored = 0
    for source in sources:
        kind = source.variable.dtype
        stored += math.prod(source.variable.shape) * (8 if kind is str else kind.itemsize)
    intake.allow(stored)
    if math.prod(sizes) * len(sources) * 8 > intake.limits.expanded:
        raise intake.refusal(f"expands to more than {intake.limits.expanded} bytes", "F-02")


def slabs(sizes: Sequence[int], cells: int) -> Iterator[tuple[slice, ...]]:
    """Yield blocks in row order that cover a grid, each of at most `cells` cells."""
    if not sizes:
        yield ()
        return
    inner = math.prod(sizes[1:])
    if inner > cells:
        for index in range(sizes[0]):
            for rest in slabs(sizes[1:], cells):
                yield (slice(index, index + 1), *rest)
        return
    step = max(1, cells // max(1, inner))
    for start in range(0, sizes[0], step):
        whole = (slice(0, size) for size in sizes[1:])
        yield (slice(start, min(start + step, sizes[0])), *whole)


def _create(connection: DuckDBPyConnection, sources: Sequence[_Source]) -> None:
    columns = ", ".join(f"c{i} {SQL_TYPES[source.column.type]}" for i, source in enumerate(sources))
    connection.execute(f"CREATE TABLE cells ({columns})").fetchall()


def _insert(
    connection: DuckDBPyConnection,
    sources: Sequence[_Source],
    grid: tuple[str, ...],
    slab: tuple[slice, ...],
    infinite: list[int],
) -> None:
    """Add a block of the grid to the cells, and to each column's count of infinite ones."""
    shape = tuple(part.stop - part.start for part in slab)
    block, cells = {}, []
    for i, source in enumerate(sources):
        values = _decoded(source, _read(source, grid, slab))
        order = [source.dimensions.index(name) for name in grid if name in source.dimensions]
        own = [
            size if name in source.dimensions else 1 for name, size in zip(grid, shape, strict=True)
        ]
        spread = np.broadcast_to(values.transpose(order).reshape(own), shape)
        block[f"c{i}"] = np.ascontiguousarray(spread).ravel()
        match source.column.type:
            case ColumnType.INTEGER:
                cells.append(f"nullif(c{i}, {_NO_VALUE})")
            case ColumnType.DECIMAL:
                infinite[i] += int(np.isinf(block[f"c{i}"]).sum())
                cells.append(f"CASE WHEN isfinite(c{i}) THEN c{i} END")
            case ColumnType.TEXT:
                cells.append(f"nullif(c{i}, '')")
            case _:
                cells.append(f"c{i}")
    connection.register("slab", block)
    connection.execute(f"INSERT INTO cells SELECT {', '.join(cells)} FROM slab").fetchall()
    connection.unregister("slab")


def _read(source: _Source, grid: tuple[str, ...], slab: tuple[slice, ...]) -> Any:  # noqa: ANN401
    part = dict(zip(grid, slab, strict=True))
    return source.variable[tuple(part[name] for name in source.dimensions)]


def _decoded(source: _Source, raw: Any) -> npt.NDArray[Any]:  # noqa: ANN401
    """Return plain values: NaN, NaT, the least integer or "" where a cell is missing."""
    if source.column.type is ColumnType.TEXT:
        if source.variable.dtype is str:
            return np.asarray(raw, dtype=object)
        import netCDF4  # noqa: PLC0415 - as above

        letters = np.ma.filled(raw, b"\0")
        words = netCDF4.chartostring(letters, encoding="bytes")
        flat = [word.decode("utf-8", "replace").strip("\0 ") for word in np.ravel(words)]
        return np.array(flat, dtype=object).reshape(np.shape(words))
    if source.column.type is ColumnType.INTEGER:
        whole = np.ma.asarray(raw)
        wide = whole.data.astype(np.int64)
        wide[np.ma.getmaskarray(whole)] = _NO_VALUE
        return wide
    numbers = np.ma.filled(np.ma.asarray(raw).astype(np.float64), np.nan)
    if source.epoch is None:
        return np.asarray(numbers)
    moments = np.full(np.shape(numbers), np.datetime64("NaT", "us"))
    epoch = np.datetime64(source.epoch.replace(tzinfo=None), "us")
    # Half a million years either way is what 64 bits of microseconds hold; DuckDB takes less.
    with np.errstate(over="ignore", invalid="ignore"):
        fits = np.abs(numbers) * source.seconds < 9e12
    micros = np.round(numbers[fits] * source.seconds * 1e6).astype(np.int64)
    moments[fits] = epoch + micros.astype("timedelta64[us]")
    return moments


def _attributes(dataset: Any) -> tuple[tuple[str, str], ...]:  # noqa: ANN401
    """Return the global attributes, and those of variables as "variable:attribute"."""
    pairs = [(key, str(dataset.getncattr(key))) for key in dataset.ncattrs()]
    for name, variable in dataset.variables.items():
        pairs += [
            (f"{name}:{key}", variable.getncattr(key))
            for key in variable.ncattrs()
            if isinstance(variable.getncattr(key), str) and key not in {"units", "standard_name"}
        ]
    return tuple(itertools.islice(((key, str(value)) for key, value in pairs), _ATTRIBUTES_MAX))
