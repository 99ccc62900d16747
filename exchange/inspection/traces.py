"""Tracks: subjects whose positions a table tells over time (rules I-11 and G-10).

A track needs a column that tells subjects apart, a time, and a latitude and longitude written
finer than some 100 m: three decimals of a degree are 111 m along a meridian, four are 11 m.
A subject counts from two points on.  What a header calls a buoy, a station or a turtle is
nobody; a device is somebody's as long as it does not stand still.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection import lexicon
from exchange.inspection.detector import Examined
from exchange.inspection.measure import extremes_of
from exchange.inspection.reader import Column, Table
from exchange.profile import Bearer, ColumnType, SensitiveFinding, SensitiveKind, Track

FINEST: Final = 4  # decimals of a degree from which a position is finer than 100 m
_METRES: Final = 111_320  # in a degree along a meridian
_DECIMALS_MAX: Final = 8
_SAMPLE: Final = 1_000
_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)
_MOVING: Final = 0.002  # degrees that a subject has to move to be a track: 200 m
_POINTS_MIN: Final = 2
_POINTS_ENOUGH: Final = 50_000  # of points and of subjects, to tell the median step
_SUBJECTS_ENOUGH: Final = 500
_READABLE: Final = 0.9  # of a column of texts, to be one of instants


# What names a person to the letter; a plate names a car, and an address a house.
_NAMING: Final = frozenset(
    {
        SensitiveKind.RESIDENT_ID,
        SensitiveKind.MOBILE,
        SensitiveKind.BANK_CARD,
        SensitiveKind.EMAIL,
        SensitiveKind.PERSON_NAME,
        SensitiveKind.PASSPORT,
        SensitiveKind.PERMIT,
    }
)


def persons_named(found: Sequence[SensitiveFinding]) -> frozenset[str]:
    """Return the columns found for certain to name persons."""
    return frozenset(each.column for each in found if each.kind in _NAMING and each.certain)


@dataclass(frozen=True, slots=True)
class Position:
    """The columns of a position and how many decimals of a degree are in use."""

    latitude: int
    longitude: int
    decimals: int

    @property
    def metres(self) -> int:
        """How finely the position is written, in metres along a meridian."""
        return max(1, round(_METRES * 10.0**-self.decimals))


def positions(connection: DuckDBPyConnection, table: Table) -> Iterator[Position]:
    """Yield the pairs of columns that are degrees by name and by range, with their decimals."""
    columns = table.columns
    numbers = [i for i, each in enumerate(columns) if each.type in _NUMBERS]
    latitudes = [i for i in numbers if lexicon.is_latitude(columns[i].name)]
    longitudes = [i for i in numbers if lexicon.is_longitude(columns[i].name)]
    for latitude, longitude in zip(latitudes, longitudes, strict=False):
        (south, north), (west, east) = extremes_of(connection, table, (latitude, longitude))
        if south is None or west is None:
            continue
        if south < -90 or north > 90 or west < -180 or east > 360:
            continue
        yield Position(latitude, longitude, _decimals(connection, latitude, longitude))


def _decimals(connection: DuckDBPyConnection, *columns: int) -> int:
    """Return how many decimals most cells of the coarser column use."""
    found: list[int] = []
    for i in columns:
        cells = [
            f"{value:.{_DECIMALS_MAX}f}".rstrip("0").partition(".")[2]
            for (value,) in connection.execute(
                f"SELECT DISTINCT c{i} FROM cells WHERE c{i} IS NOT NULL LIMIT {_SAMPLE}"
            ).fetchall()
        ]
        # A trailing zero is not written: nine in ten cells show all decimals.
        cells.sort(key=len)
        found.append(len(cells[len(cells) // 2]) if cells else 0)
    return min(found)


def bearer_of(column: Column) -> Bearer | None:
    """Return who moves under this header, None for what is nobody."""
    name = column.name
    if lexicon.names_vessel(name):
        return Bearer.VESSEL
    if lexicon.names_vehicle(name):
        return Bearer.VEHICLE
    if lexicon.names_other_being(name):
        return None
    if lexicon.names_person(name):
        return Bearer.PERSON
    return None


def tracks(examined: Examined) -> tuple[Track, ...]:
    """Return the tracks of a table; columns found to name persons or plates are their keys."""
    persons = persons_named(examined.found) | {
        each.column for each in examined.found if each.kind is SensitiveKind.PLATE and each.certain
    }
    if persons not in examined.tracked:
        examined.tracked[persons] = tuple(_tracks(examined, persons))
    return examined.tracked[persons]


def _tracks(examined: Examined, persons: frozenset[str]) -> Iterator[Track]:
    connection, table = examined.connection, examined.table
    times = [i for i, each in enumerate(table.columns) if _is_time(connection, i, each)]
    if not times:
        return
    for position in positions(connection, table):
        if position.decimals < FINEST:
            continue
        for i, column in enumerate(table.columns):
            bearer = Bearer.PERSON if column.name in persons else bearer_of(column)
            if bearer is None or i in times or i in (position.latitude, position.longitude):
                continue
            if examined.distinct(i) == examined.present[i]:
                continue  # nobody is there twice
            track = _measured(connection, table, i, times[0], position, bearer)
            if track is not None:
                yield track
                return


def _is_time(connection: DuckDBPyConnection, i: int, column: Column) -> bool:
    if column.type is ColumnType.TIMESTAMP:
        return True
    if not lexicon.is_time(column.name):
        return False
    if column.type in _NUMBERS:
        return True
    # A format may hold instants as texts.
    ((share,),) = connection.execute(
        f"SELECT avg(CASE WHEN try_cast(v AS TIMESTAMP) IS NULL THEN 0 ELSE 1 END) FROM"
        f" (SELECT CAST(c{i} AS VARCHAR) AS v FROM cells WHERE c{i} IS NOT NULL LIMIT {_SAMPLE})"
    ).fetchall()
    return share is not None and share > _READABLE


def _instant(i: int, column: Column) -> str:
    """Return the expression of a column's seconds since 1970."""
    if column.type is ColumnType.TIMESTAMP:
        return f"epoch(c{i})"
    if column.type is ColumnType.TEXT:
        return f"epoch(try_cast(c{i} AS TIMESTAMP))"
    return f"(CASE WHEN c{i} > 1e11 THEN c{i} / 1000 ELSE c{i} END)"


def _measured(
    connection: DuckDBPyConnection,
    table: Table,
    subject: int,
    time: int,
    position: Position,
    bearer: Bearer,
) -> Track | None:
    instant = _instant(time, table.columns[time])
    north, east = (f"max(c{i}) - min(c{i})" for i in (position.latitude, position.longitude))
    ((subjects, points, moving),) = connection.execute(
        f"SELECT count(*), sum(n), count(*) FILTER (WHERE spread >= {_MOVING})"
        f" FROM (SELECT count(*) AS n, greatest({north}, {east}) AS spread FROM cells"
        f" WHERE c{subject} IS NOT NULL AND c{position.latitude} IS NOT NULL GROUP BY c{subject})"
        f" WHERE n >= {_POINTS_MIN}"
    ).fetchall()
    if not subjects or (
        lexicon.names_device(table.columns[subject].name) and 2 * moving < subjects
    ):
        return None
    # The step is that of many subjects, and as well of one in so many of very many.  Of few that
    # have very many points each it is found by counting whole seconds, which are few: the engine's
    # own quantile holds every step in memory.
    share = max(1, min(int(points) // _POINTS_ENOUGH, subjects // _SUBJECTS_ENOUGH))
    ((step,),) = connection.execute(
        "SELECT min(seconds) FROM (SELECT seconds, sum(n) OVER (ORDER BY seconds) AS up_to,"
        " sum(n) OVER () AS whole FROM (SELECT round_even(CAST(step AS DOUBLE), 0) AS seconds,"
        f" count(*) AS n FROM (SELECT {instant} - lag({instant})"
        f" OVER (PARTITION BY c{subject} ORDER BY {instant}) AS step FROM cells"
        f" WHERE c{subject} IS NOT NULL AND hash(c{subject}) % {share} = 0)"
        " WHERE step IS NOT NULL GROUP BY seconds)) WHERE 2 * up_to >= whole"
    ).fetchall()
    names = [each.name for each in table.columns]
    return Track(
        subject=names[subject],
        time=names[time],
        position=(names[position.latitude], names[position.longitude]),
        bearer=bearer,
        subjects=subjects,
        points=int(points),
        step_seconds=round(step or 0),
        metres=position.metres,
    )
