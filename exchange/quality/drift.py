"""Drift: how far one delivery of a product lies from the one before, by their profiles alone.

Columns are compared by name.  The spread of numbers is compared by the population stability
index over the ten bins of the older histogram, the outer ones open: sum (a - b) ln(a / b) over the
shares a and b of each bin.  Below 0.1 a population counts as stable, above 0.25 as another one
(Siddiqi, Credit Risk Scorecards, 2006).  Shares of the newer delivery are read off its own
histogram and quartiles, straight between the points they give, so that what is compared is as
fine as a tenth of its span.

A profile holds no value of a text: of a column of few, how many there are is compared, and one
whose values were all replaced by as many others looks as it did.
"""

from __future__ import annotations

import datetime as dt
import enum
import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise
from typing import ClassVar, Final

from pydantic import ConfigDict

from exchange.profile import ColumnProfile, ColumnType, Profile, TimeCoverage
from exchange.records import STRICT

# From the first figure on it is worth a look, beyond the second it is another population.
PSI: Final = (Decimal("0.1"), Decimal("0.25"))
MISSING: Final = (Decimal("0.05"), Decimal("0.2"))  # change of the missing share
ROWS: Final = (Decimal(2), Decimal(10))  # times as many rows, or as few
ESCAPE: Final = (Decimal("0.1"), Decimal(1))  # of the older span, beyond its ends
STEPS: Final = (2, 10)  # of time between the deliveries that nobody has delivered
PACE: Final = (Decimal("1.1"), Decimal(5))  # times as long a median step, or as short
GAPS: Final = (Decimal("0.01"), Decimal("0.1"))  # more gaps, of the distances between instants
REPEATED: Final = (Decimal("0.01"), Decimal("0.1"))  # change of the share of repeated rows
VALUES: Final = (Decimal(1), Decimal(2))  # times as many different texts, or as few
COARSE: Final = 20  # different whole numbers, over ten bins
VALUES_MAX: Final = 50  # different texts that are kinds of something rather than names
# With fewer cells the index is mostly chance: it is about 9 (1/n + 1/m) for equal populations.
CELLS_MIN: Final = 200
_FLOOR: Final = 1e-4  # the share of a bin that holds nothing: the index has no zero
_FOUR_PLACES: Final = Decimal("0.0001")
_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})


class Drifted(enum.StrEnum):
    """How far something has drifted, in growing order."""

    STABLE = "stable"
    NOTICE = "notice"
    ALARM = "alarm"


@dataclass(frozen=True, slots=True)
class Shift:
    """One thing that is not as it was: which, how far in figures, and how grave."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    what: str
    before: str
    after: str
    verdict: Drifted


@dataclass(frozen=True, slots=True)
class ColumnDrift:
    """One column over two deliveries; `stability` is its index, None where it is no number."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    stability: Decimal | None
    shifts: tuple[Shift, ...]

    @property
    def verdict(self) -> Drifted:
        """The gravest of its shifts."""
        return _gravest(self.shifts)


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that differs between two deliveries, by the digests of their data."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    before: str
    after: str
    table: tuple[Shift, ...]
    columns: tuple[ColumnDrift, ...]

    @property
    def shifts(self) -> tuple[tuple[str, Shift], ...]:
        """Every shift with its column, "" for the table as a whole."""
        of_columns = ((column.name, shift) for column in self.columns for shift in column.shifts)
        return (*(("", shift) for shift in self.table), *of_columns)

    @property
    def verdict(self) -> Drifted:
        """The gravest of all shifts."""
        return _gravest([shift for _, shift in self.shifts])

    @property
    def alarms(self) -> tuple[tuple[str, Shift], ...]:
        """What makes the newer delivery another product than was reviewed."""
        return tuple(each for each in self.shifts if each[1].verdict is Drifted.ALARM)


def drift(before: Profile, after: Profile) -> Drift:
    """Compare two deliveries; a delivery beside itself is stable in everything."""
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    return Drift(
        before=before.data,
        after=after.data,
        table=(
            *_rows(before, after),
            *_repeated(before, after),
            *_times(before, after),
            *_pace(before, after),
        ),
        columns=tuple(_column(name, old.get(name), new.get(name)) for name in old | new),
    )


def stability(before: ColumnProfile, after: ColumnProfile) -> Decimal | None:
    """Return the population stability index, to four places.

    None where a column holds no numbers, or fewer than `CELLS_MIN` of them.
    """
    if not {before.type, after.type} <= _NUMBERS:
        return None
    old, new = _cumulative(before), _cumulative(after)
    if old is None or new is None:
        return None
    edges = [_at(old, i / 10) for i in range(1, 10)]
    if old[0][0] == old[-1][0]:  # a column of one value: it is there, or it is not
        edges = [math.nextafter(old[0][0], -math.inf), old[0][0]]
    shares = [_shares(points, edges) for points in (old, new)]
    index = sum(
        (b - a) * math.log(b / a)
        for a, b in zip(*([max(share, _FLOOR) for share in each] for each in shares), strict=True)
    )
    return Decimal(index).quantize(_FOUR_PLACES, ROUND_HALF_EVEN)


def _column(name: str, old: ColumnProfile | None, new: ColumnProfile | None) -> ColumnDrift:
    if old is None or new is None:
        there = ("absent", "present") if old is None else ("present", "absent")
        verdict = Drifted.NOTICE if old is None else Drifted.ALARM
        return ColumnDrift(name, None, (Shift("column", *there, verdict),))
    index = stability(old, new)
    shifts = [*_schema(old, new), *_missing(old, new)]
    verdict = Drifted.STABLE if index is None else _graded(index, PSI)
    if verdict is Drifted.ALARM and _coarse(old, new):
        verdict = Drifted.NOTICE
    if verdict is not Drifted.STABLE:
        shifts.append(Shift("stability index", "0", str(index), verdict))
    shifts.extend(_escape(old, new))
    shifts.extend(_values(old, new))
    return ColumnDrift(name, index, tuple(shifts))


def _schema(old: ColumnProfile, new: ColumnProfile) -> Iterator[Shift]:
    if old.type is not new.type and not _empty(old) and not _empty(new):
        verdict = Drifted.ALARM
        if {old.type, new.type} == _NUMBERS:  # decimals may all be whole for once
            verdict = Drifted.NOTICE if new.type is ColumnType.DECIMAL else Drifted.STABLE
        if verdict is not Drifted.STABLE:
            yield Shift("type", str(old.type), str(new.type), verdict)
    if old.unit != new.unit:
        yield Shift("unit", old.unit or "none", new.unit or "none", Drifted.ALARM)


def _coarse(old: ColumnProfile, new: ColumnProfile) -> bool:
    """Whether decimals became a few whole numbers, or these decimals: bins tell that badly."""
    return old.type is not new.type and min(old.distinct, new.distinct) <= COARSE


def _empty(column: ColumnProfile) -> bool:
    """Whether a column holds no value: what type it is, nobody can say."""
    return column.missing == column.rows


def _values(old: ColumnProfile, new: ColumnProfile) -> Iterator[Shift]:
    """Compare how many different texts there are, where they are few beside the cells."""
    if not old.type is new.type is ColumnType.TEXT or not 1 <= old.distinct <= VALUES_MAX:
        return
    if min(each.rows - each.missing for each in (old, new)) < CELLS_MIN:
        return
    fewer, more = sorted((old.distinct, new.distinct))
    verdict = _graded(Decimal(more) / Decimal(fewer), VALUES)
    if verdict is not Drifted.STABLE:
        yield Shift("different values", str(old.distinct), str(new.distinct), verdict)


def _missing(old: ColumnProfile, new: ColumnProfile) -> Iterator[Shift]:
    before, after = (Decimal(each.missing) / Decimal(each.rows or 1) for each in (old, new))
    verdict = _graded(abs(after - before), MISSING)
    if verdict is not Drifted.STABLE:
        yield Shift("missing share", str(_rounded(before)), str(_rounded(after)), verdict)


def _escape(old: ColumnProfile, new: ColumnProfile) -> Iterator[Shift]:
    if not {old.type, new.type} <= _NUMBERS or None in {old.minimum, new.minimum}:
        return
    (low, high), (lower, higher) = _ends(old), _ends(new)
    span = high - low
    beyond = max(low - lower, higher - high)
    if beyond <= 0:
        return
    # Beside one value, whatever is not that value has left the range by more than its span.
    verdict = _graded(beyond / span, ESCAPE) if span else Drifted.ALARM
    if verdict is not Drifted.STABLE:
        yield Shift("range", f"{low} to {high}", f"{lower} to {higher}", verdict)


def _rows(before: Profile, after: Profile) -> Iterator[Shift]:
    fewer, more = sorted((before.rows, after.rows))
    verdict = _graded(Decimal(more) / Decimal(fewer or 1), ROWS)
    if verdict is not Drifted.STABLE:
        yield Shift("rows", str(before.rows), str(after.rows), verdict)


def _times(before: Profile, after: Profile) -> Iterator[Shift]:
    old, new = before.time, after.time
    if old is None or new is None:
        return
    ended, begins, ends = (_instant(text) for text in (old.end, new.start, new.end))
    if ends < ended:
        yield Shift("newest instant", old.end, new.end, Drifted.NOTICE)
    step = dt.timedelta(seconds=old.step_seconds)
    verdict = _graded(Decimal((begins - ended) / step), STEPS) if step else Drifted.STABLE
    if verdict is not Drifted.STABLE:
        yield Shift("gap in time", old.end, new.start, verdict)


def _repeated(before: Profile, after: Profile) -> Iterator[Shift]:
    old, new = (Decimal(each.duplicate_rows) / (each.rows or 1) for each in (before, after))
    verdict = _graded(abs(new - old), REPEATED)
    if verdict is not Drifted.STABLE:
        yield Shift("repeated rows", str(_rounded(old)), str(_rounded(new)), verdict)


def _pace(before: Profile, after: Profile) -> Iterator[Shift]:
    """Compare the median step of two series, and how many of their distances are gaps."""
    old, new = before.time, after.time
    if old is None or new is None or not old.step_seconds or not new.step_seconds:
        return
    shorter, longer = sorted((old.step_seconds, new.step_seconds))
    verdict = _graded(Decimal(longer) / Decimal(shorter), PACE)
    if verdict is not Drifted.STABLE:
        yield Shift("step in seconds", str(old.step_seconds), str(new.step_seconds), verdict)
    more = _gaps(new, after) - _gaps(old, before)
    verdict = _graded(more, GAPS)
    if verdict is not Drifted.STABLE:
        yield Shift("gaps", str(old.gaps), str(new.gaps), verdict)


def _gaps(time: TimeCoverage, profile: Profile) -> Decimal:
    """Return which share of the distances between instants are gaps."""
    column = profile.column(time.column)
    instants = profile.rows if column is None else column.distinct
    return Decimal(time.gaps) / max(1, instants - 1)


Points = Sequence[tuple[float, float]]  # a value, and the share of cells up to it


def _cumulative(column: ColumnProfile) -> Points | None:
    """Return points of the column's distribution, from its minimum (0) to its maximum (1)."""
    total = sum(column.histogram)
    if total < CELLS_MIN or column.minimum is None or column.maximum is None:
        return None
    low, high = float(column.minimum), float(column.maximum)
    width = high / len(column.histogram) - low / len(column.histogram)
    points, seen = [(low, 0.0)], 0
    for i, count in enumerate(column.histogram, 1):
        seen += count
        points.append((low + i * width, seen / total))
    points += [(float(q), share) for q, share in zip(column.quartiles, _QUARTERS, strict=False)]
    points.append((high, 1.0))
    return _rising(sorted(points))


_QUARTERS: Final = (0.25, 0.5, 0.75)


def _rising(points: Sequence[tuple[float, float]]) -> Points:
    """Hold shares to never falling, where rounding of a quartile would make them."""
    risen, reached = [], 0.0
    for value, share in points:
        reached = max(reached, share)
        risen.append((value, reached))
    return risen


def _at(points: Points, share: float) -> float:
    """Return the value at that part of the way from minimum to maximum."""
    low, high = points[0][0], points[-1][0]
    return low * (1 - share) + high * share


def _shares(points: Points, edges: Sequence[float]) -> list[float]:
    reached = [0.0, *(_up_to(points, edge) for edge in edges), 1.0]
    return [max(0.0, b - a) for a, b in pairwise(reached)]


def _up_to(points: Points, value: float) -> float:
    """Return the share of cells up to a value, straight between the points that are known."""
    after = bisect_right([point[0] for point in points], value)
    if after == 0:
        return 0.0
    if after == len(points):
        return 1.0
    (low, share), (high, next_share) = points[after - 1], points[after]
    return share + (next_share - share) * ((value - low) / (high - low))


def _ends(column: ColumnProfile) -> tuple[Decimal, Decimal]:
    return Decimal(column.minimum or 0), Decimal(column.maximum or 0)


def _instant(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _graded(figure: Decimal, thresholds: Sequence[Decimal | int]) -> Drifted:
    notice, alarm = thresholds
    if figure > alarm:
        return Drifted.ALARM
    return Drifted.NOTICE if figure > notice else Drifted.STABLE


def _gravest(shifts: Sequence[Shift]) -> Drifted:
    order = list(Drifted)
    return max((shift.verdict for shift in shifts), key=order.index, default=Drifted.STABLE)


def _rounded(share: Decimal) -> Decimal:
    return share.quantize(_FOUR_PLACES, ROUND_HALF_EVEN)
