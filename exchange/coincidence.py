"""What strangers have in common, and what they do not: which columns are evidence of a copy.

Times, places, codes and the names that go with them are everybody's, and so is what follows from
them: the weekday of a time, the depth at a station, the duty on a kind of goods.  A *fact* is a
column of numbers, or of texts beside times, that repeat seldom and follow from none of these.  Of
strangers hardly one is the same, row by row; what a table has more of than its facts can be typed
over in a moment.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import Final

from exchange.conversion import conversion_of
from exchange.fingerprint import NO_NUMBER, RANGE, Anchor, ColumnSketch, Fingerprint, Sketch

REPEATING: Final = 20_000  # ppm; numbers that meet more often say too little of a row
FOLLOWING: Final = 16  # rows that must have had to say something else, had they been able to
CROWDED: Final = 0.1  # of the pairs that two columns can make: cells of a lattice
COUNTED: Final = 0.5  # of the steps between the least and the greatest: numbers counted up
DIFFERENT: Final = 0.9  # of the rows have a number of their own, where they are counted

# By their names, since numbers of a place or of a list look like any others.
_EVERYBODYS: Final = re.compile(
    r"(^|[^a-z])(lat|lon|lng|latitude|longitude|easting|northing|x|y|id|ids|code|codes|no|nr|num"
    r"|number|key|index|idx|rank|imo|mmsi|zip|postcode|fips|hs|year|month|week|day|hour|minute)"
    r"([^a-z]|$)|经度|纬度|坐标|编号|编码|代码|序号|号码|邮编|年份|月份",
    re.IGNORECASE,
)


def facts_of(file: Fingerprint) -> frozenset[int]:
    """Return the columns that may be facts by their kind, their name and how seldom they repeat.

    Texts are where rows have times of their own; in a list they go with what it lists.
    """
    timed = any(each.instant and each.repeats_ppm < REPEATING for each in file.columns)
    return frozenset(
        i
        for i, each in enumerate(file.columns)
        if (timed or each.base is not None)
        and not each.instant
        and each.repeats_ppm < REPEATING
        and not everybodys(each)
    )


def everybodys(column: ColumnSketch) -> bool:
    """Whether a column is called as places, numbers in a list and parts of dates are."""
    return _EVERYBODYS.search(column.name) is not None


def following(
    file: Fingerprint, anchor: Anchor, asked: Iterable[int], after: Iterable[int]
) -> frozenset[int]:
    """Return which of the columns `asked` follow from one of `after`, or from when it was.

    A column follows from another if rows that agree in the other agree in it, in as many rows as
    leave no doubt.  The order of rows is of no account, nor is what the columns are called.
    """
    given = {i: [row[i] for row in anchor.cells] for i in {*asked, *after}}
    leading: list[tuple[int, Sequence[int]]] = [(i, given[i]) for i in after]
    for i, each in enumerate(file.columns):
        if each.instant and (seconds := file.numbers_of(anchor, i)):
            leading += [(i, parts) for parts in _calendar(seconds)]
    return frozenset(
        i
        for i in asked
        if any(i != other and _follows(given[i], values) for other, values in leading)
    )


def _follows(values: Sequence[int], leading: Sequence[int]) -> bool:
    first: dict[int, int] = {}
    again = out = 0
    for value, lead in zip(values, leading, strict=True):
        if lead in first:
            again += 1
            out += first[lead] != value
            if out > 1:
                return False
        else:
            first[lead] = value
    return again >= FOLLOWING and len(first) > 1


def _calendar(seconds: Sequence[float]) -> list[list[int]]:
    """Return what calendars say of times: date, weekday, month, time of day and hour."""
    epoch = dt.date(1970, 1, 1).toordinal()
    told: list[list[int]] = [[], [], [], [], []]
    for each in seconds:
        # Single precision leaves some seconds open over years.
        minutes = 0 if each == NO_NUMBER else math.floor((each + 30) / 60)
        days, minute = divmod(minutes, 24 * 60)
        day = dt.date.fromordinal(min(max(epoch + days, 1), dt.date.max.toordinal()))
        for part, value in zip(
            told, (days, day.weekday(), day.month, minute, minute // 60), strict=True
        ):
            part.append(value)
    return told


def crowded(file: Fingerprint, anchor: Anchor) -> bool:
    """Whether two columns make so many of the pairs that they can that none says who made it."""
    first, second = (_different(file.columns[i].values) for i in anchor.columns)
    return _different(anchor.values) > CROWDED * first * second


def counted(file: Fingerprint, anchor: Anchor) -> bool:
    """Whether the numbers of an anchor count the rows up, with or without gaps."""
    (column,) = anchor.columns
    numbers = [each for each in file.numbers_of(anchor, column) or () if each != NO_NUMBER]
    if any(each != round(each) for each in numbers) or len(numbers) < 2:
        return False
    different = _different(file.columns[column].values)
    steps = max(numbers) - min(numbers)
    return different > COUNTED * steps and different > DIFFERENT * _different(file.rows)


def _different(sketch: Sketch) -> float:
    """Return how many different values a sketch was drawn from, as an estimate."""
    if sketch.whole or not sketch.keys:
        return len(sketch.keys)
    return (len(sketch.keys) - 1) * RANGE / sketch.bound


def of_their_own(facts: Sequence[Sequence[float] | None]) -> tuple[int, ...]:
    """Return the places of facts of which none is another in other units."""
    kept: list[int] = []
    for place, ours in enumerate(facts):
        others = (facts[other] for other in kept)
        if ours is None or not any(
            theirs is not None and conversion_of(list(zip(theirs, ours, strict=True)))
            for theirs in others
        ):
            kept.append(place)
    return tuple(kept)
