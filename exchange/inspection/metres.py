"""Ways of somebody in metres of a grid, or in numbers of degrees under headers that say nothing.

Easting and northing, Rechtswert and Hochwert, x and y of a town's grid.  No name proves that such
numbers are a position, and nothing tells who moves where the columns have no names: a way is told
by how it goes on.  Ordered by its time, each subject's next position lies near the last one, about
as far to the one side as to the other, and no further than something on land gets in the time; the
numbers lie far from nought, as those of a grid over a country do and those of a hall do not.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from exchange.inspection import lexicon, traces
from exchange.inspection.detector import Examined
from exchange.inspection.lexicon import plain_header, says_nothing
from exchange.inspection.measure import extremes_of
from exchange.inspection.whereabouts import by_values
from exchange.profile import Bearer, ColumnType

_NUMBERS: Final = (ColumnType.INTEGER, ColumnType.DECIMAL)
_EAST: Final = re.compile(
    r"东坐标|横坐标|(^|_)(easting|east|rechtswert|(utm|pos|coord|lambert|local|grid)_?x|x_?(m|utm|l93|coord)"
    r"|x_?metres?|coordonnee_x|coordenada_x)(_|$)"
)
_NORTH: Final = re.compile(
    r"北坐标|纵坐标|(^|_)(northing|north|hochwert|(utm|pos|coord|lambert|local|grid)_?y|y_?(m|utm|l93|coord)"
    r"|y_?metres?|coordonnee_y|coordenada_y)(_|$)"
)
_ROWS: Final = 50_000  # from which to tell
_PAIRS, _SUBJECTS = 8, 8  # columns without names that are looked at
_FINE: Final = 300  # seconds from one position to the next
_GRID_LEAST: Final = 100_000  # metres from the origin
_APART: Final = 50  # metres that a subject's positions lie apart, at the least
_IN_A_HALL: Final = 5  # where the headers say metres
_FAR: Final = 200_000  # metres, at the most
_SPEED: Final = (0.02, 70)  # metres in a second
_ASIDE: Final = 10  # times that a step may go further to one side than to the other
_CLOSE: Final = 0.15  # of how far positions lie apart, at the most, from one to the next
_DEGREE: Final = 111_320  # metres
_REPEATED: Final = 3  # times at least that a subject is somewhere, on average


def ways_in_metres(examined: Examined) -> tuple[int, int, int] | None:
    """Return the columns of somebody and of two numbers that are somebody's way; None for none."""
    if any(_of_things(column.name) for _, column, _ in examined.held()):
        return None
    pairs = list(_pairs(examined))
    times = traces.times(examined) if pairs else []
    subjects = list(_subjects(examined)) if times else []
    for east, north, scale, least in pairs:
        for subject in subjects:
            apart = {subject, east, north, times[0]}
            if len(apart) == 4 and _goes_on(
                examined, subject, times[0], (east, north), scale, least
            ):
                return subject, east, north
    return None


def _of_things(name: str) -> bool:
    return lexicon.names_other_being(name) or lexicon.names_vessel(name)


def _subjects(examined: Examined) -> Iterator[int]:
    """Yield columns by which those who move may be told apart: by a name, or a few by none."""
    bare = 0
    for i, column, cells in examined.held():
        person = traces.bearer_of(column) in (Bearer.PERSON, Bearer.VEHICLE)
        may_be = column.type is not ColumnType.TIMESTAMP and says_nothing(column.name)
        bare += may_be
        if person or (may_be and bare <= _SUBJECTS):
            different = examined.distinct(i)
            if different > 1 and cells >= _REPEATED * different:
                yield i


def _pairs(examined: Examined) -> Iterator[tuple[int, int, float, int]]:
    """Yield pairs of columns that may be positions: metres in one, and how far apart they lie."""
    held = [(i, column) for i, column, _ in examined.held() if column.type in _NUMBERS]
    plain = {i: plain_header(column.name) for i, column in held}
    east = [i for i in plain if _EAST.search(plain[i])]
    north = [i for i in plain if _NORTH.search(plain[i])]
    named = list(zip(east, north, strict=False))
    yield from ((one, other, 1.0, _IN_A_HALL) for one, other in named)
    if named:
        return
    bare = [i for i, column in held if says_nothing(column.name)]
    near = [pair for pair in pairwise(bare) if pair[1] == pair[0] + 1][:_PAIRS]
    for one, other in near:
        extremes = extremes_of(examined.connection, examined.table, (one, other))
        if by_values(examined, one, other):
            yield one, other, float(_DEGREE), _APART
        elif all(
            low is not None and min(abs(low), abs(high)) >= _GRID_LEAST for low, high in extremes
        ):
            yield one, other, 1.0, _APART


def _goes_on(
    examined: Examined, subject: int, time: int, pair: tuple[int, int], scale: float, least: int
) -> bool:
    """Whether positions go on with time, as those of somebody on the way do."""
    when = traces.instant(time, examined.table.columns[time])
    east, north = pair
    ((seconds, aside, ahead, apart),) = examined.connection.execute(
        "SELECT median(seconds), median(dx), median(dy), max(apart) FROM"
        " (SELECT t - lag(t) OVER way AS seconds, abs(x - lag(x) OVER way) AS dx,"
        " abs(y - lag(y) OVER way) AS dy, greatest(max(x) OVER who - min(x) OVER who,"
        " max(y) OVER who - min(y) OVER who) AS apart FROM"
        f" (SELECT c{subject} AS s, {when} AS t, c{east} * {scale} AS x, c{north} * {scale} AS y"
        f" FROM cells LIMIT {_ROWS})"
        " WHERE s IS NOT NULL AND t IS NOT NULL AND x IS NOT NULL AND y IS NOT NULL"
        " WINDOW way AS (PARTITION BY s ORDER BY t), who AS (PARTITION BY s))"
    ).fetchall()
    if seconds is None or not 0 < seconds <= _FINE or not min(aside, ahead) > 0:
        return False
    step = max(aside, ahead)
    slow, fast = _SPEED
    return bool(
        least <= apart <= _FAR
        and step <= _ASIDE * min(aside, ahead)
        and step <= _CLOSE * apart
        and slow * seconds <= step <= fast * seconds
    )
