"""Sea-Bird casts and moorings: the converted `.cnv` files of SBE Data Processing.

The format is described in Sea-Bird's "Seasoft V2: SBE Data Processing" (manual, chapter on file
formats): lines of `*` and `#` that end with `*END*`, then a row of numbers a scan, each 11
characters wide.  `# name 0 = prDM: Pressure, Digiquartz [db]` names a column, `# nquan` and
`# nvalues` say how many columns and rows there are, and both are held to.

Columns of time count days of the year or seconds since something; where the header says since
when, they become instants.  The header's clock is taken for UTC, which a remark says.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.gathering import Gathering
from exchange.inspection.intake import Intake
from exchange.inspection.lines import numbered
from exchange.inspection.names import require_columns
from exchange.inspection.reader import Column, Table, infinities_told
from exchange.profile import SpaceCoverage

_WIDTH: Final = 11  # characters of a number
_LINE_MAX: Final = 256 << 10  # a row of two thousand columns takes 22 kB, a header line less
_HEADER_MAX: Final = 20_000  # lines
_ATTRIBUTES_MAX: Final = 200
_NAME: Final = re.compile(r"name ([0-9]{1,4})")
_UNIT: Final = re.compile(r".*\[([^\[\]]{1,60})\]")
_POSITION: Final = re.compile(r"([0-9]{1,3}) ([0-9]{1,2}(?:[.][0-9]+)?)(?: ([0-9.]+))? ([NSEW])")
_NUMBER: Final = re.compile(r"[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?")
_FILLED: Final = re.compile(r"[+-]?nan|[+-]?inf", re.IGNORECASE)

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_MOMENT: Final = re.compile(
    r"([A-Za-z]{3}|[0-9]{1,2}) ([A-Za-z]{3}|[0-9]{1,2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2})"
)

_DAY: Final = 86_400.0
_1970: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_2000: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
# Seconds of one unit of a column of time, and since when it counts: an epoch, the header's
# start, or the first day of its year, which is day 1.
_TIMES: Final[dict[str, tuple[float, dt.datetime | str]]] = {
    "timeS": (1.0, "start"),
    "timeM": (60.0, "start"),
    "timeH": (3600.0, "start"),
    "timeJ": (_DAY, "year"),
    "timeJV2": (_DAY, "year"),
    "timeSCP": (_DAY, "year"),
    "timeY": (1.0, _1970),
    "timeN": (1.0, _1970),
    "timeK": (1.0, _2000),
    "timeQ": (1.0, _2000),
}
# Two sensors of pressure have names that differ in capitals alone, prDM and prDE (Digiquartz) and
# these.  Where a file has both, whoever reads it is to tell them apart.
_STRAIN_GAUGES: Final = {
    "prdM": ("prDM", "prdM strain gauge"),
    "prdE": ("prDE", "prdE strain gauge"),
}
_STANDARD_NAMES: Final = {
    "latitude": "latitude",
    "longitude": "longitude",
    "prDM": "sea_water_pressure",
    "prdM": "sea_water_pressure",
    "prdM strain gauge": "sea_water_pressure",
    "prSM": "sea_water_pressure",
    "depSM": "depth",
    "t090C": "sea_water_temperature",
    "tv290C": "sea_water_temperature",
    "sal00": "sea_water_practical_salinity",
    "c0S/m": "sea_water_electrical_conductivity",
}


class SeabirdReader:
    """Converted casts in ASCII; `bad_flag` marks missing cells."""

    name = "seabird"
    media_type = "text/x-seabird-cnv"
    suffixes: tuple[str, ...] = (".cnv",)
    text = True

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the first line says it all
        """Whether the text begins as every file of these instruments does."""
        return head.startswith(b"* Sea-Bird")

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Read header and rows, or raise `Unreadable` naming the line at fault."""
        lines = numbered(intake, _LINE_MAX)
        header = _Header.read(lines, intake)
        clocks = [header.clock(name) for name in header.names]
        gathering = Gathering(intake, connection, len(header.names))
        infinite = [0] * len(header.names)
        for number, cells in _rows(lines, header, intake):
            row = {}
            for i, (cell, clock) in enumerate(zip(cells, clocks, strict=True)):
                if text := header.cell(cell, clock, number):
                    row[i] = text
                elif "inf" in cell.lower():
                    infinite[i] += 1
            gathering.add(row)
        if header.values is not None and header.values != gathering.rows:
            raise intake.refusal(
                f"{gathering.rows} rows where # nvalues says {header.values}", "F-01"
            )
        kinds = gathering.typed().types
        columns = tuple(
            Column(
                name,
                kind,
                unit="UTC" if clock else header.units.get(name),
                standard_name="time" if clock else _STANDARD_NAMES.get(name),
                fill_value=None if clock or header.bad is None else f"{header.bad:.12g}",
            )
            for name, kind, clock in zip(header.names, kinds, clocks, strict=True)
        )
        return Table(
            columns,
            encoding=header.encoding,
            attributes=tuple(header.attributes),
            remarks=(
                *header.remarks(clocks),
                *infinities_told(zip(header.names, infinite, strict=True)),
            ),
            instant=("# start_time", header.start) if header.start else None,
            place=header.place,
        )


@dataclass(slots=True)
class _Clock:
    """What a column of time counts: units of so many seconds, from an instant."""

    seconds: float
    begin: dt.datetime

    def instant(self, count: float) -> str | None:
        """Return the instant in ISO 8601 to the millisecond, None beyond the calendar."""
        try:
            moment = self.begin + dt.timedelta(milliseconds=round(count * self.seconds * 1000))
        except (OverflowError, ValueError):
            return None
        return moment.replace(tzinfo=None).isoformat()


def _apart(names: list[str]) -> list[str]:
    """Return the names of columns with those of the two sorts of pressure told apart."""
    clash = {short: name for short, (other, name) in _STRAIN_GAUGES.items() if other in names}
    return [clash.get(name, name) for name in names]


@dataclass(slots=True)
class _Header:
    """What stands before the rows."""

    intake: Intake
    names: tuple[str, ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    values: int | None = None
    bad: float | None = None
    start: dt.datetime | None = None
    place: SpaceCoverage | None = None
    encoding: str = "utf-8"

    @classmethod
    def read(cls, lines: Iterator[tuple[int, bytes]], intake: Intake) -> _Header:
        """Read up to `*END*`; the rows are what is left in `lines`."""
        header = cls(intake)
        said: dict[str, str] = {}
        for number, raw in lines:
            line = header._decoded(raw, number)
            if line.startswith("*END*"):
                header._take(said)
                return header
            if not line.startswith(("*", "#")) or number > _HEADER_MAX:
                break
            # People's own lines begin with two stars; nothing of them may pass for the program's.
            own = line.startswith("**")
            key, mark, value = line.strip("*# ").partition(":" if own else "=")
            if own:
                said.setdefault(f"** {key.strip()}", value.strip())
            elif mark and not key.startswith("<"):
                said.setdefault(key.strip(), value.strip())
        raise intake.refusal("the header does not end with *END*: cut short?", "F-01")

    def _decoded(self, raw: bytes, number: int) -> str:
        if b"\0" in raw:
            raise self.intake.refusal(f"line {number}: a NUL byte", "F-06")
        try:
            return raw.decode().rstrip("\r")
        except UnicodeDecodeError:
            pass
        try:
            # Sea-Bird's own programs name density sigma-é, with the é of Windows for a theta.
            text = raw.decode("cp1252").rstrip("\r")
        except UnicodeDecodeError as error:
            raise self.intake.refusal(
                f"line {number}: neither UTF-8 nor Windows-1252", "F-05"
            ) from error
        self.encoding = "cp1252"
        return text

    def _take(self, said: dict[str, str]) -> None:
        if said.get("file_type", "ascii").lower() != "ascii":
            raise self.intake.refusal("keeps its rows in binary form: convert it to ASCII", "F-01")
        named: dict[int, str] = {}
        for key, value in said.items():
            if match := _NAME.fullmatch(key):
                named[int(match[1])] = value
        count = self._count(said, "nquan")
        if count is None or sorted(named) != list(range(count)):
            raise self.intake.refusal(
                f"# nquan says {said.get('nquan', 'nothing')[:20]} and {len(named)} columns are"
                " named",
                "F-06",
            )
        pairs = [named[i].partition(":") for i in range(count)]
        told = _apart([short.strip() for short, _, _ in pairs])
        self.names = require_columns(told, self.intake, "the header")
        for name, (_, _, long) in zip(self.names, pairs, strict=True):
            if match := _UNIT.match(long):
                self.units[name] = match[1].strip()
        self.values = self._count(said, "nvalues")
        self.bad = self._bad(said)
        self.start = self._dated(said)
        self.place = self._placed(said)
        self.attributes = list(said.items())[:_ATTRIBUTES_MAX]

    def _count(self, said: dict[str, str], key: str) -> int | None:
        if key not in said:
            return None
        text = said[key]
        if not (text.isascii() and text.isdecimal() and len(text) < 12):
            raise self.intake.refusal(f"# {key} is no count", "F-06")
        return int(text)

    def _bad(self, said: dict[str, str]) -> float | None:
        text = said.get("bad_flag")
        if text is None:
            return None
        if not _NUMBER.fullmatch(text):
            raise self.intake.refusal("# bad_flag is no number", "F-06")
        return float(text)

    def _dated(self, said: dict[str, str]) -> dt.datetime | None:
        for key in ("start_time", "NMEA UTC (Time)"):
            if key in said:
                text = " ".join(said[key].partition("[")[0].split())
                try:
                    return _moment(text)
                except ValueError as error:
                    raise self.intake.refusal(f"{key} is not a time", "F-01") from error
        return None

    def _placed(self, said: dict[str, str]) -> SpaceCoverage | None:
        names = ("NMEA Longitude", "NMEA Latitude")
        if not all(name in said for name in names):
            return None
        east, north = (_degrees(said[name]) for name in names)
        if east is None or north is None or abs(east) > 180 or abs(north) > 90:
            raise self.intake.refusal("the NMEA position is none", "F-01")
        x, y = (f"{round(each, 6):.6f}".rstrip("0").rstrip(".") for each in (east, north))
        return SpaceCoverage(x, y, x, y, names)

    def clock(self, name: str) -> _Clock | None:
        """Return what a column counts in, None if it is no time or nothing dates it."""
        if name not in _TIMES:
            return None
        seconds, since = _TIMES[name]
        if isinstance(since, dt.datetime):
            return _Clock(seconds, since)
        if self.start is None:
            return None
        if since == "start":
            return _Clock(seconds, self.start)
        first = dt.datetime(self.start.year, 1, 1, tzinfo=dt.UTC)
        return _Clock(seconds, first - dt.timedelta(days=1))

    def cell(self, cell: str, clock: _Clock | None, number: int) -> str:
        """Return a cell as text for the ladder of types; "" for a missing one."""
        if _FILLED.fullmatch(cell):
            return ""
        if not _NUMBER.fullmatch(cell):
            raise self.intake.refusal(f"line {number}: a cell is not a number", "F-06")
        value = float(cell)
        if value == self.bad:
            return ""
        if clock is None or not math.isfinite(value):
            return cell
        return clock.instant(value) or cell

    def remarks(self, clocks: list[_Clock | None]) -> list[str]:
        """Say what had to be assumed."""
        remarks = []
        if any(clocks):
            remarks.append("the header's clock is taken for UTC")
        remarks += [
            f"column {name}: nothing dates it, kept as numbers"
            for name, clock in zip(self.names, clocks, strict=True)
            if name in _TIMES and clock is None
        ]
        if self.place is not None and not {"latitude", "longitude"} <= set(self.names):
            remarks.append("the position is the header's; rows carry none")
        remarks += [
            f"column {name}: called {short} by the instrument, beside a {other}"
            for short, (other, name) in _STRAIN_GAUGES.items()
            if name in self.names
        ]
        if self.encoding == "cp1252":
            remarks.append("the header is in Windows-1252, as the instrument's programs write it")
        return remarks


def _rows(
    lines: Iterator[tuple[int, bytes]], header: _Header, intake: Intake
) -> Iterator[tuple[int, list[str]]]:
    width = len(header.names)
    blank = 0
    for number, raw in lines:
        try:
            line = raw.decode("ascii").rstrip("\r")
        except UnicodeDecodeError as error:
            raise intake.refusal(
                f"line {number}: a row is ASCII, and this is not", "F-05"
            ) from error
        cells = line.split()
        if not cells:
            blank = blank or number
            continue
        if blank:
            raise intake.refusal(f"line {blank}: a blank line between rows", "F-06")
        if len(cells) != width and len(line.rstrip()) == _WIDTH * width:
            # Wide numbers touch each other.
            cells = [line[at : at + _WIDTH].strip() for at in range(0, _WIDTH * width, _WIDTH)]
        if len(cells) != width:
            raise intake.refusal(
                f"line {number}: {len(cells)} cells where # nquan says {width}", "F-06"
            )
        yield number, cells


def _moment(text: str) -> dt.datetime:
    """Read `Jan 05 2026 08:00:00`; the day may stand before the month."""
    match = _MOMENT.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, second, year, clock = match.groups()
    month, day = (first, second) if first[0].isalpha() else (second, first)
    date = dt.date(int(year), _MONTHS.index(month.title()) + 1, int(day))
    return dt.datetime.combine(date, dt.time.fromisoformat(clock), dt.UTC)


def _degrees(text: str) -> float | None:
    """Read `36 12.34 N`: degrees, minutes, perhaps seconds, and a side."""
    match = _POSITION.fullmatch(" ".join(text.split()))
    if match is None:
        return None
    degrees, minutes, seconds, side = match.groups()
    try:
        value = int(degrees) + float(minutes) / 60 + float(seconds or 0) / 3600
    except ValueError:
        return None
    return -value if side in "SW" else value
