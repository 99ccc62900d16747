"""When and where the rows of a table lie: time coverage and the bounding box."""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

import numpy as np
from duckdb import DuckDBPyConnection

from exchange.inspection.cells import once
from exchange.inspection.dates import AS_NUMBERS, DATES, date_form
from exchange.inspection.measure import SORTED_ROWS, extremes_of, in_order, instant, plain, ranked
from exchange.inspection.reader import Column, Table
from exchange.profile import ColumnType, SpaceCoverage, TimeCoverage

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_LATITUDES: Final = frozenset({"latitude", "lat", "latd", "纬度", "gps_latitude", "nav_lat"})
_LONGITUDES: Final = frozenset({"longitude", "lon", "lng", "long", "lond", "经度", "nav_lon"})
_TIMES: Final = frozenset({"time", "timestamp", "datetime", "date", "时间", "日期", "观测时间"})
# Under a usual name alone: the dates of a column of births or of permits cover nothing.
_TIMES_WRITTEN: Final = frozenset(
    {*_TIMES, "day", "datum", "zeit", "zeitpunkt", "fecha", "data", "观测日期", "采集时间"}
    | {"采集日期", "监测时间", "监测日期", "测量时间", "数据时间", "数据日期", "统计日期"}
    | {"month", "year_month", "月份", "年月", "统计月份"}
)
# Formats with types of their own hold instants as texts too.
_AS_TEXT: Final = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")
_FORMS: Final = {
    ColumnType.TEXT: (
        *DATES,
        *_AS_TEXT,
        *(form.replace(" ", "T") + zone for form in _AS_TEXT[1:] for zone in ("", "Z")),
        *(form.replace("-", "/") for form in _AS_TEXT),
        *("%Y-%m", "%Y/%m", "%Y年%m月", "%Y%m"),
    ),
    ColumnType.INTEGER: (*AS_NUMBERS, "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m"),
}


def time_coverage(connection: DuckDBPyConnection, table: Table) -> TimeCoverage | None:
    """Return the coverage of the column of time, else of the instant in the file's header.

    Where several columns hold instants, a standard name decides, then a usual name, then the
    order.  Where none does, a column under a usual name counts whose texts or numbers all read as
    dates in one way (05.01.2026, 20260105), and not in two (05/01/2026).  The step is the median
    distance between neighbouring distinct instants, in whole seconds; a gap is a distance of more
    than two steps.
    """
    i = _time_column(table.columns)
    column = _written(connection, table.columns) if i is None else (i, f"c{i}")
    found = None if column is None else _span(connection, column, table.columns[column[0]].name)
    if found is None and table.instant is not None:
        name, moment = table.instant
        return TimeCoverage(name, instant(moment), instant(moment), 0, 0)
    return found


def _time_column(columns: Sequence[Column]) -> int | None:
    instants = [i for i, each in enumerate(columns) if each.type is ColumnType.TIMESTAMP]
    standard = [i for i in instants if columns[i].standard_name == "time"]
    usual = [i for i in instants if _plain_name(columns[i].name) in _TIMES]
    return next(iter((*standard, *usual, *instants)), None)


def _written(connection: DuckDBPyConnection, columns: Sequence[Column]) -> tuple[int, str] | None:
    """Return a column whose texts or numbers are dates, and the expression of its instants."""
    for i, column in enumerate(columns):
        forms = _FORMS.get(column.type)
        if forms is None or _plain_name(column.name) not in _TIMES_WRITTEN:
            continue
        cell = f"trim(CAST(c{i} AS VARCHAR))"
        form = date_form(connection, cell, i, forms, "cells")
        if form is None:
            continue
        other = form.replace("%d/%m", "%m/%d")
        if other == form or date_form(connection, cell, i, (other,), "cells") is None:
            return i, f"try_strptime({cell}, '{form}')"
    return None


def _span(
    connection: DuckDBPyConnection, column: tuple[int, str], name: str
) -> TimeCoverage | None:
    i, cell = column
    ((present,),) = connection.execute(f"SELECT count(c{i}) FROM cells").fetchall()
    if not present:
        return None
    if present > SORTED_ROWS:
        return _span_of_many(connection, column, name)
    moments = once(in_order(connection, f"epoch_us({cell})", i))
    steps = np.diff(moments)
    middle = (len(steps) - 1) // 2  # of an even number, the lower one
    median = int(np.partition(steps, middle)[middle]) if len(steps) else 0
    gaps = int(np.count_nonzero(steps > 2 * median))
    first, last = (EPOCH + dt.timedelta(microseconds=int(moments[each])) for each in (0, -1))
    return TimeCoverage(name, instant(first), instant(last), round(median / 1e6), gaps)


def _span_of_many(
    connection: DuckDBPyConnection, column: tuple[int, str], name: str
) -> TimeCoverage:
    """Measure a column of more instants than fit in memory."""
    i, cell = column
    ((first, last),) = connection.execute(f"SELECT min({cell}), max({cell}) FROM cells").fetchall()
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE steps AS SELECT epoch_us(t) - epoch_us(lag(t) OVER (ORDER BY"
        f" t)) AS step FROM (SELECT DISTINCT {cell} AS t FROM cells WHERE c{i} IS NOT NULL)"
    ).fetchall()
    ((count, least, greatest),) = connection.execute(
        "SELECT count(step), min(step), max(step) FROM steps"
    ).fetchall()
    median = 0
    if count:
        middle = (count - 1) // 2  # of an even number, the lower one
        found = ranked(connection, "steps", "step", {middle}, low=least, high=greatest)
        median = int(dict(found)[middle])
    ((gaps,),) = connection.execute(
        "SELECT count(*) FROM steps WHERE step > $1", [2 * median]
    ).fetchall()
    connection.execute("DROP TABLE steps").fetchall()
    return TimeCoverage(name, instant(first), instant(last), round(median / 1e6), gaps)


def space_coverage(connection: DuckDBPyConnection, table: Table) -> SpaceCoverage | None:
    """Return the bounding box of the columns of position, None where there are none or no values.

    Columns count by their standard name or a usual name.  Values that are no degrees (latitude
    beyond 90, longitude beyond 360) give no box: the columns mean something else.
    """
    columns = table.columns
    latitude = _position(columns, "latitude", _LATITUDES)
    longitude = _position(columns, "longitude", _LONGITUDES)
    if latitude is None or longitude is None:
        return None
    (south, north), (west, east) = extremes_of(connection, table, (latitude, longitude))
    if south is None or west is None:
        return None
    if south < -90 or north > 90 or west < -180 or east > 360:
        return None
    names = (columns[longitude].name, columns[latitude].name)
    return SpaceCoverage(plain(west), plain(south), plain(east), plain(north), names)


def _position(columns: Sequence[Column], standard: str, usual: frozenset[str]) -> int | None:
    numbers = [
        i for i, each in enumerate(columns) if each.type in {ColumnType.INTEGER, ColumnType.DECIMAL}
    ]
    by_standard = [i for i in numbers if columns[i].standard_name == standard]
    by_name = [i for i in numbers if _plain_name(columns[i].name) in usual]
    return next(iter((*by_standard, *by_name)), None)


def _plain_name(name: str) -> str:
    """Return a name in lower case without the unit that may follow it in brackets."""
    return name.partition("(")[0].partition("（")[0].partition("[")[0].strip().lower()
