"""Counting what a sheet expects, over all rows, on whichever engine holds them.

Everything that needs neither a key nor an order is counted in one query, however many
expectations there are.  Keys and periods take a query each, and so does each variable whose
neighbours in time are looked at.  The counts are whole numbers and the same on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import narwhals as nw

from exchange.expectations import (
    FROM_PROFILE,
    Compares,
    Coverage,
    Determines,
    Expectation,
    GrossRange,
    HasLength,
    InCodeTable,
    InPlace,
    InRange,
    InReference,
    Matches,
    NoFlatLine,
    NoGap,
    NoSpike,
    NotMissing,
    OfType,
    PassesChecksum,
    Readable,
    Series,
    SlowChange,
    SumsTo,
    Unique,
    columns_of,
)
from exchange.inspection import criteria, series
from exchange.inspection.criteria import NUMBERS, WORDS
from exchange.inspection.engine import Frame
from exchange.profile import ColumnType
from exchange.quality.measured import Flags, Measurement

_INSTANT = frozenset({ColumnType.TIMESTAMP})
_SPELT = WORDS | {ColumnType.DECIMAL}


def count(frame: Frame, expectations: Sequence[Expectation]) -> tuple[Measurement, ...]:
    """Measure every expectation that rows can answer, in the order of the sheet.

    Those of `FROM_PROFILE` are left out.  A column that is not there, or of a type that the check
    cannot judge, makes a fault: 0 of all rows.
    """
    counting = _Counting(frame)
    for place, expectation in enumerate(expectations):
        if not isinstance(expectation, FROM_PROFILE):
            counting.take(place, expectation)
    return counting.measurements()


class _Counting:
    """One pass: first every count is asked for, then the queries run."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._places = {column.name: i for i, column in enumerate(frame.columns)}
        self._asked: dict[str, nw.Expr] = {"rows": nw.len()}
        self._then: dict[int, Callable[[Mapping[str, int]], Measurement]] = {}
        self._faults: dict[int, str] = {}
        self._variables: dict[tuple[str, ...], list[tuple[int, Series]]] = {}

    def take(self, place: int, expectation: Expectation) -> None:
        """Ask for what one expectation needs."""
        fault = self._fault(expectation)
        if fault:
            self._faults[place] = fault
        elif isinstance(expectation, NoSpike | SlowChange | NoFlatLine):
            key = (expectation.column, expectation.time, *expectation.series)
            self._variables.setdefault(key, []).append((place, expectation))
        elif isinstance(expectation, NoGap):
            self._gap(place, expectation)
        elif isinstance(expectation, Unique | Determines | Coverage):
            self._keyed(place, expectation)
        elif isinstance(expectation, GrossRange | InPlace):
            self._flagged(place, expectation)
        elif isinstance(expectation, Readable):
            self._readable(place, expectation)
        else:
            self._plain(place, expectation)

    def measurements(self) -> tuple[Measurement, ...]:
        """Carry out the queries."""
        found = self._frame.one(
            self._frame.rows.select(*(asked.alias(name) for name, asked in self._asked.items()))
        )
        counts = dict(zip(self._asked, found, strict=True))
        made = {place: then(counts) for place, then in self._then.items()}
        for key, checks in self._variables.items():
            made |= self._variable(key, checks, counts["rows"])
        for place, fault in self._faults.items():
            made[place] = Measurement(place, 0, counts["rows"], fault=fault)
        return tuple(made[place] for place in sorted(made))

    def _fault(self, expectation: Expectation) -> str:
        names = () if isinstance(expectation, Readable) else columns_of(expectation)
        for name in names:
            if name not in self._places:
                return f"there is no column {name}"
        for name, kinds in _judged(expectation).items():
            kind = self._kind(name)
            if kind not in kinds:
                return f"{name} is of type {kind}, which {expectation.check} cannot judge"
        if isinstance(expectation, Compares):
            left, right = self._kind(expectation.left), self._kind(expectation.right)
            if left is not right and not {left, right} <= NUMBERS:
                return f"{left} and {right} do not compare"
            if left is ColumnType.TEXT and expectation.tolerance:
                return "texts are no distance apart: they have no tolerance"
        if isinstance(expectation, OfType):
            cell = self._cell(expectation.column)
            kind = self._kind(expectation.column)
            if criteria.of_type(cell, kind, expectation) is None:
                return f"{expectation.column} is of type {kind}"
        return ""

    def _kind(self, name: str) -> ColumnType:
        return self._frame.columns[self._places[name]].type

    def _cell(self, name: str) -> nw.Expr:
        return nw.col(f"c{self._places[name]}")

    def _text(self, name: str) -> nw.Expr:
        return criteria.text_of(self._cell(name), self._kind(name))

    def _ask(self, condition: nw.Expr) -> str:
        """Ask how many rows keep a condition; return the name of that count."""
        name = f"n{len(self._asked)}"
        self._asked[name] = self._frame.how_many(condition)
        return name

    def _present(self, *names: str) -> str:
        """Ask, once, how many rows have a value in all of these columns."""
        cells = [f"c{self._places[name]}" for name in names]
        name = "present_" + "_".join(sorted(cells))
        there = criteria.all_there([nw.col(cell) for cell in cells])
        self._asked[name] = self._frame.how_many(there)
        return name

    def _plain(self, place: int, expectation: Expectation) -> None:
        numerator = self._ask(self._criterion(expectation))
        if isinstance(expectation, NotMissing):
            denominator = "rows"
        else:
            denominator = self._present(*columns_of(expectation))
        self._then[place] = lambda counts: Measurement(
            place, counts[numerator], counts[denominator]
        )

    def _criterion(self, expectation: Expectation) -> nw.Expr:  # noqa: PLR0911 - one a check
        match expectation:
            case OfType(column):
                kept = criteria.of_type(self._cell(column), self._kind(column), expectation)
                return nw.lit(value=False) if kept is None else kept
            case Matches(column, pattern):
                return self._frame.matching(f"c{self._places[column]}", pattern)
            case InCodeTable(column, values) | InReference(column, values):
                return criteria.among(self._cell(column), self._kind(column), values)
            case HasLength(column):
                return criteria.has_length(self._text(column), expectation)
            case NotMissing(column):
                return ~self._cell(column).is_null()
            case InRange(column):
                return criteria.in_range(self._cell(column), self._kind(column), expectation)
            case PassesChecksum(column, scheme):
                return criteria.passes(self._text(column), scheme)
            case Compares(left, _, right):
                kinds = {self._kind(left), self._kind(right)}
                exact = ColumnType.DECIMAL not in kinds
                return criteria.compares(
                    self._cell(left), self._cell(right), expectation, exact=exact
                )
            case SumsTo(parts, total):
                cells = [self._cell(part) for part in parts]
                whole = {self._kind(name) for name in (*parts, total)} == {ColumnType.INTEGER}
                return criteria.sums(cells, self._cell(total), expectation, exact=whole)
        raise AssertionError(expectation)

    def _flagged(self, place: int, expectation: GrossRange | InPlace) -> None:
        names = columns_of(expectation)
        if isinstance(expectation, GrossRange):
            column = expectation.column
            fails, suspect = criteria.gross_range(
                self._cell(column), self._kind(column), expectation
            )
        else:
            fails, suspect = criteria.in_place(
                (self._cell(names[0]), self._cell(names[1])),
                (self._kind(names[0]), self._kind(names[1])),
                expectation,
            )
        asked = (self._ask(suspect), self._ask(fails), self._present(*names))

        def then(counts: Mapping[str, int]) -> Measurement:
            suspects, failed, present = (counts[name] for name in asked)
            return _of_flags(place, series.flags((suspects, failed, 0), present, counts["rows"]))

        self._then[place] = then

    def _readable(self, place: int, expectation: Readable) -> None:
        asked = [self._present(name) for name in expectation.columns if name in self._places]
        self._then[place] = lambda counts: Measurement(
            place, sum(counts[name] > 0 for name in asked), len(expectation.columns)
        )

    def _keyed(self, place: int, expectation: Unique | Determines | Coverage) -> None:
        names = columns_of(expectation)
        there = self._frame.rows.filter(criteria.all_there([self._cell(name) for name in names]))
        match expectation:
            case Unique(key):
                answer = self._different(place, key)
            case Determines(key, column):
                each = there.group_by(*self._names(key)).agg(
                    nw.len().alias("rows"), self._cell(column).n_unique().alias("values")
                )
                alone = nw.when(nw.col("values") <= 1).then(nw.col("rows")).otherwise(nw.lit(0))
                asked = each.select(alone.sum().alias("kept"), nw.col("rows").sum().alias("all"))
                answer = self._later(place, asked)
            case Coverage():
                answer = self._covered(place, expectation)
        self._then[place] = answer

    def _names(self, columns: Sequence[str]) -> list[str]:
        return [f"c{self._places[name]}" for name in columns]

    def _later(
        self, place: int, asked: nw.LazyFrame[Any]
    ) -> Callable[[Mapping[str, int]], Measurement]:
        def then(counts: Mapping[str, int]) -> Measurement:  # noqa: ARG001 - one signature
            numerator, denominator = self._frame.one(asked)
            return Measurement(place, numerator, denominator)

        return then

    def _different(
        self, place: int, key: Sequence[str]
    ) -> Callable[[Mapping[str, int]], Measurement]:
        names = self._names(key)
        rising = self._frame.rising(names[0]) if len(names) == 1 else None
        if rising is None:
            return lambda _: Measurement(place, *self._frame.keys(names))
        rises, present = self._ask(rising), self._present(*key)

        def then(counts: Mapping[str, int]) -> Measurement:
            rows = counts["rows"]
            if counts[present] == rows == counts[rises] + 1:
                return Measurement(place, rows, rows)
            return Measurement(place, *self._frame.keys(names))

        return then

    def _covered(
        self, place: int, expectation: Coverage
    ) -> Callable[[Mapping[str, int]], Measurement]:
        step = expectation.step_seconds * 1_000_000
        first = round(expectation.first.timestamp() * 1_000_000)
        length = round((expectation.last - expectation.first).total_seconds() * 1_000_000)
        since = self._cell(expectation.column) - first
        inside = self._frame.rows.select(since.alias("since")).filter(
            (nw.col("since") >= 0) & (nw.col("since") <= length)
        )
        slots = inside.select((nw.col("since") - nw.col("since") % step).alias("slot"))
        asked = slots.group_by("slot").agg(nw.len().alias("rows")).select(nw.len().alias("slots"))

        def then(counts: Mapping[str, int]) -> Measurement:  # noqa: ARG001 - one signature
            (covered,) = self._frame.one(asked)
            return Measurement(place, covered, length // step + 1)

        return then

    def _gap(self, place: int, expectation: NoGap) -> None:
        time, *parts = self._names(columns_of(expectation))
        asked = series.gaps(self._frame.rows, time, parts, expectation)
        present = self._present(*columns_of(expectation))

        def then(counts: Mapping[str, int]) -> Measurement:
            *counted, instants = self._frame.one(asked)
            found = series.flags(counted, instants, instants)
            return _of_flags(place, replace(found, missing=counts["rows"] - counts[present]))

        self._then[place] = then

    def _variable(
        self, key: tuple[str, ...], checks: Sequence[tuple[int, Series]], rows: int
    ) -> dict[int, Measurement]:
        value, time, *parts = self._names(key)
        asked = series.neighbours(
            self._frame.rows, value, time, parts, [check for _, check in checks]
        )
        *counted, values = self._frame.one(asked)
        return {
            place: _of_flags(place, series.flags(counted[3 * i : 3 * i + 3], values, rows))
            for i, (place, _) in enumerate(checks)
        }


def _of_flags(place: int, found: Flags) -> Measurement:
    return Measurement(place, found.passed, found.evaluated, flags=found)


def _judged(  # noqa: PLR0911 - one answer for each sort of check
    expectation: Expectation,
) -> dict[str, frozenset[ColumnType]]:
    """Return the types that a check can judge, by column."""
    match expectation:
        case Matches(column) | HasLength(column) | PassesChecksum(column):
            return {column: WORDS}
        case InCodeTable(column) | InReference(column):
            return {column: _SPELT}
        case InRange(column) | GrossRange(column):
            return {column: NUMBERS}
        case Coverage(column) | NoGap(column):
            return {column: _INSTANT}
        case SumsTo(parts, total):
            return dict.fromkeys((*parts, total), NUMBERS)
        case Compares(left, _, right):
            comparable = NUMBERS | _INSTANT | {ColumnType.TEXT}
            return dict.fromkeys((left, right), comparable)
        case InPlace(longitude, latitude):
            return dict.fromkeys((longitude, latitude), NUMBERS)
        case NoSpike(column, time) | SlowChange(column, time) | NoFlatLine(column, time):
            return {column: NUMBERS, time: _INSTANT}
        case _:
            return {}
