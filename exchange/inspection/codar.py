"""CODAR SeaSonde radial velocities: the LLUV table of a `.ruv` file.

The format is CODAR's "LLUV File Format" 1.x: lines of `%Key: value`, then tables between
%TableStart and %TableEnd, whose four-letter columns %TableColumnTypes names.  The first table
holds the radials and is read; the tables behind it describe the instrument and are not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.inference import text_columns, type_cells
from exchange.inspection.intake import Intake
from exchange.inspection.lines import numbered
from exchange.inspection.names import require_apart
from exchange.inspection.reader import Column, Table

# CODAR writes 999.000 where a quality could not be computed, from a single velocity for one.
FILL_COLUMNS: Final = frozenset({"ESPC", "ETMP"})
FILL: Final = "999.000"

_STANDARD_NAMES: Final = {
    "LOND": "longitude",
    "LATD": "latitude",
    "VELU": "surface_eastward_sea_water_velocity",
    "VELV": "surface_northward_sea_water_velocity",
    "VELO": "radial_sea_water_velocity_away_from_instrument",
}
# What stands in brackets in the comment above the rows, where it is a unit.
_UNITS: Final = {"deg": "degree", "True": "degree", "cm/s": "cm/s", "km": "km"}
_HOURS_EAST: Final = re.compile(r"[+-][0-9]{1,2}([.][0-9]+)?")
_ATTRIBUTES_MAX: Final = 200
_LINE_MAX: Final = 64 << 10  # a table line is some 200 bytes


class CodarReader:
    """Radial files of one station and one time; `%TimeStamp` dates all of it."""

    name = "codar"
    media_type = "text/x-codar-lluv"
    suffixes: tuple[str, ...] = (".ruv",)
    text = True

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the first line says it all
        """Whether the text begins with the LLUV file header."""
        return head.startswith(b"%CTF:") or b"%FileType: LLUV" in head[:1024]

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Read the first table, or raise `Unreadable` naming the line at fault."""
        text = _Lluv(intake)
        path = intake.scratch / "radials.csv"
        with path.open("w", encoding="ascii") as copy:
            copy.write(",".join(f"c{i}" for i in range(len(text.types))) + "\n")
            for cells in text.rows():
                copy.write(",".join(cells) + "\n")
        source = text_columns(path, ",", len(text.types), _LINE_MAX)
        kinds = type_cells(connection, source, len(text.types)).types
        path.unlink()
        columns = tuple(
            Column(
                name,
                kind,
                unit=text.units.get(name),
                standard_name=_STANDARD_NAMES.get(name),
                fill_value="999" if name in FILL_COLUMNS else None,
            )
            for name, kind in zip(text.types, kinds, strict=True)
        )
        remarks = ["the first table is read, the instrument's own tables are not"]
        if text.instant is not None:
            remarks.append("time coverage is the header's %TimeStamp; rows carry no time")
        return Table(
            columns,
            encoding="utf-8",
            attributes=tuple(text.attributes),
            remarks=tuple(remarks),
            instant=text.instant,
        )


class _Lluv:
    """The header of a radial file, and its rows one by one."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._lines = numbered(intake, _LINE_MAX)
        self._number = 0
        self.attributes: list[tuple[str, str]] = []
        self.types: tuple[str, ...] = ()
        self.units: dict[str, str] = {}
        self.instant: tuple[str, dt.datetime] | None = None
        self._rows_declared: int | None = None
        self._read_header()

    def _refuse(self, fault: str, rule: str = "F-06") -> Exception:
        return self._intake.refusal(f"line {self._number}: {fault}", rule)

    def _next(self) -> str | None:
        self._number, line = next(self._lines, (self._number, None))
        return None if line is None else _decoded(line, self._intake)

    def _read_header(self) -> None:
        header: dict[str, str] = {}
        while (line := self._next()) is not None:
            key, _, value = line.lstrip("%").partition(":")
            if key == "TableStart":
                break
            if line.startswith("%") and not line.startswith("%%"):
                header.setdefault(key, value.strip())
        else:
            raise self._refuse("the file ends before its %TableStart", "F-01")
        self.types = tuple(header.pop("TableColumnTypes", "").split())
        if not self.types or len(set(self.types)) != len(self.types):
            raise self._refuse("%TableColumnTypes is absent or names a column twice")
        require_apart(self.types, self._intake, "%TableColumnTypes")
        if len(self.types) > self._intake.limits.columns:
            raise self._refuse(f"more than {self._intake.limits.columns} columns")
        rows = header.get("TableRows", "")
        self._rows_declared = int(rows) if rows.isascii() and rows.isdigit() else None
        self.attributes = list(header.items())[:_ATTRIBUTES_MAX]
        self.instant = self._dated(header)

    def _dated(self, header: dict[str, str]) -> tuple[str, dt.datetime] | None:
        """Return the header's time in UTC; `%TimeZone` gives hours east of Greenwich."""
        if "TimeStamp" not in header:
            return None
        try:
            parts = [int(part) for part in header["TimeStamp"].split()]
            hours = _HOURS_EAST.search(header.get("TimeZone", ""))
            moment = dt.datetime(*parts[:6], tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
            return "%TimeStamp", moment - dt.timedelta(hours=float(hours[0]) if hours else 0)
        except (ValueError, TypeError, OverflowError) as error:
            raise self._refuse("%TimeStamp or %TimeZone is not a time", "F-01") from error

    def rows(self) -> Iterator[list[str]]:
        """Yield the cells of the first table; refuses one that is ragged or cut short."""
        count = 0
        comments: list[str] = []
        while (line := self._next()) is not None:
            if line.startswith("%TableEnd"):
                break
            if line.startswith("%"):
                comments.append(line.lstrip("%"))
                continue
            cells = line.split()
            if len(cells) != len(self.types):
                raise self._refuse(f"{len(cells)} cells where the table has {len(self.types)}")
            if any("," in cell or '"' in cell for cell in cells):
                raise self._refuse("a cell of a radial table is not a number")
            count += 1
            yield [
                "" if name in FILL_COLUMNS and cell == FILL else cell
                for name, cell in zip(self.types, cells, strict=True)
            ]
        else:
            raise self._refuse("the file ends within its table: cut short?", "F-01")
        if self._rows_declared is not None and self._rows_declared != count:
            raise self._refuse(f"{count} rows where %TableRows says {self._rows_declared}", "F-01")
        self._take_units(comments)

    def _take_units(self, comments: list[str]) -> None:
        """Lay the comment that has one word a column against the columns."""
        for comment in comments:
            words = comment.split()
            if len(words) == len(self.types) and any(word.startswith("(") for word in words):
                self.units = {
                    name: _UNITS[word.strip("()")]
                    for name, word in zip(self.types, words, strict=True)
                    if word.strip("()") in _UNITS
                }


def _decoded(line: bytes, intake: Intake) -> str:
    if b"\0" in line:
        raise intake.refusal("a NUL byte in a radial file", "F-06")
    try:
        return line.decode("utf-8").rstrip("\r")
    except UnicodeDecodeError as error:
        raise intake.refusal("a radial file is ASCII, and this is not", "F-05") from error
