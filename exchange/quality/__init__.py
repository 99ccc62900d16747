"""The quality report: six dimensions of GB/T 36344-2018, and the expert's score beside them.

Each `Dimension` is a ratio of two counts that anyone can take again, and so is each of its
parts: what every profile shows, and what the sheet expects.  The weakest part speaks for its
dimension, so that an easy expectation more never hides a fault.  They measure what can be
counted; that a value is *true* no count shows, which is why an expert reviews in parallel.  Both
name the sheet and the data they speak of by digest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, ClassVar

from annotated_types import Ge, Le
from pydantic import ConfigDict

from exchange.expectations import Aspect, Expectation, Fresh, InUnit
from exchange.kept import kept
from exchange.profile import ColumnProfile, ColumnType, Profile
from exchange.quality.measured import Flags, Measured, Measurement
from exchange.quality.weak import of_ranges, why_weak
from exchange.quality.wording import in_words
from exchange.records import STRICT, Usually
from exchange.specsheet import Digest, FieldNote, Frequency, Name, SpecSheet

_FOUR_PLACES = Decimal("0.0001")
_WHOLE = Decimal("1.0000")
_MANY = 0.5  # of the fields, from which on the required ones speak for the sheet
_NUMBERS = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})

# A month and a year are taken at their longest, so that no calendar makes fresh data stale.
_PERIOD_SECONDS = {
    Frequency.HOURLY: 3_600,
    Frequency.DAILY: 86_400,
    Frequency.WEEKLY: 7 * 86_400,
    Frequency.MONTHLY: 31 * 86_400,
    Frequency.YEARLY: 366 * 86_400,
}
PERIODS_MAX = 2  # rule Q-05: the newest record is at most two periods old


@dataclass(frozen=True, slots=True)
class Part:
    """One ratio of a dimension; `how` says in words what was counted.

    `place` is that of an expectation on the sheet, which undertakes `at_least`; None for what
    every sheet is measured by.  A denominator of 0 means that nothing was there to be counted,
    `fault` why a check could not be made; `weak` says why data like this could hardly break it.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    how: str
    numerator: Annotated[int, Ge(0)]
    denominator: Annotated[int, Ge(0)]
    place: int | None = None
    at_least: Decimal | None = None
    flags: Flags | None = None
    fault: str = ""
    weak: str = ""

    @property
    def ratio(self) -> Decimal:
        """Between 0 and 1, to four places; 0 where there was nothing to count."""
        return _ratio(self.numerator, self.denominator or 1)

    @property
    def kept(self) -> bool | None:
        """Whether the undertaking is kept; None where nothing was undertaken or counted."""
        if self.at_least is None or not self.denominator:
            return None
        return self.numerator >= self.at_least * self.denominator


@dataclass(frozen=True, slots=True)
class Dimension:
    """The weakest of its parts; `how` says in words what that part counted."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    numerator: Annotated[int, Ge(0)]
    denominator: Annotated[int, Ge(1)]
    how: str
    parts: tuple[Part, ...] = ()

    @property
    def ratio(self) -> Decimal:
        """Between 0 and 1, to four places."""
        return _ratio(self.numerator, self.denominator)

    @property
    def weak(self) -> str:
        """Why nothing that is asked of it could be broken; empty where something could."""
        told = [part.weak for part in self.parts]
        return told[0] if told and all(told) else ""

    def sorted_parts(self) -> tuple[Part | None, tuple[Part, ...], tuple[Part, ...]]:
        """Return what every sheet is measured by, what is not kept, and what was not counted.

        Of the sheet's expectations, the data does not keep the second; of the third there was no
        cell to judge, or nobody measured them.
        """
        unasked: Part | None = None
        broken: list[Part] = []
        uncounted: list[Part] = []
        for part in self.parts:
            if not part.denominator:
                uncounted.append(part)
            elif part.at_least is not None and not part.kept:
                broken.append(part)
            if unasked is None and part.place is None:
                unasked = part
        return unasked, tuple(broken), tuple(uncounted)


@dataclass(frozen=True)
class QualityReport:
    """What the system measured of one data file against one sheet; None is "not measurable"."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    sheet: Digest
    data: Digest
    on: dt.date
    normativity: Dimension | None
    completeness: Dimension | None
    accuracy: Dimension | None
    consistency: Dimension | None
    timeliness: Dimension | None
    accessibility: Dimension

    @property
    def measured(self) -> tuple[Dimension, ...]:
        """Those of the six that could be measured, in the order of the standard."""
        six = (
            self.normativity,
            self.completeness,
            self.accuracy,
            self.consistency,
            self.timeliness,
            self.accessibility,
        )
        return tuple([dimension for dimension in six if dimension is not None])

    def of(self, aspect: Aspect) -> Dimension | None:
        """Return one of the six, None where it could not be measured."""
        found: Dimension | None = getattr(self, aspect)
        return found

    @kept
    def score(self) -> Decimal:
        """The mean of what was measured, to four places; a dimension left out weighs nothing.

        One of which nothing is asked that data could break weighs where it lowers the mean.
        """
        ratios = [d.ratio for d in self.measured if not d.weak]
        for ratio in sorted(d.ratio for d in self.measured if d.weak):
            if ratio * len(ratios) < sum(ratios, Decimal(0)):
                ratios.append(ratio)
        return _rounded(sum(ratios, Decimal(0)) / len(ratios))

    @property
    def ocean_tests(self) -> tuple[Part, ...]:
        """The tests of QARTOD that were run, each with its histogram of flags."""
        return tuple(part for dimension in self.measured for part in dimension.parts if part.flags)


@dataclass(frozen=True, slots=True)
class QualityReview:
    """An expert's signed score of one data file; `comments` is the commitment to them.

    `version` is the review's place in the product's chain; `licensed` says whether a licence stands
    that it was signed under, where the exchange wants one for the role.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    expert: Name
    sheet: Digest
    data: Digest
    score: Annotated[Decimal, Ge(0), Le(1)]
    comments: Name
    version: int
    dimensions: dict[Aspect, Annotated[Decimal, Ge(0), Le(1)]] = field(default_factory=dict)
    licensed: Usually = True


def measure(
    sheet: SpecSheet, profile: Profile, on: dt.date, *, measured: Measured | None = None
) -> QualityReport:
    """Measure the six dimensions as of the beginning of the day `on` (UTC).

    `measured` are the counts of what the sheet expects.  Counts of another sheet or of other data
    are none, and an expectation without a count stays uncounted.
    """
    if measured is not None and (measured.sheet, measured.data) != (sheet.digest, profile.data):
        measured = None
    expected = _expected(sheet, profile, on, measured)
    accessible = Part("files read to their end, of files given", 1, 1)
    unasked = {
        Aspect.NORMATIVITY: _normativity(sheet, profile),
        Aspect.COMPLETENESS: _completeness(sheet, profile),
        Aspect.ACCURACY: _accuracy(sheet, profile),
        Aspect.CONSISTENCY: _part(
            profile.rows - profile.duplicate_rows,
            profile.rows,
            "rows that repeat no other, of all rows",
        ),
        Aspect.TIMELINESS: _timeliness(sheet, profile, on),
        Aspect.ACCESSIBILITY: accessible,
    }
    found = {
        aspect: _dimension(aspect, part, expected.get(aspect, []))
        for aspect, part in unasked.items()
    }
    return QualityReport(
        sheet=sheet.digest,
        data=profile.data,
        on=on,
        normativity=found[Aspect.NORMATIVITY],
        completeness=found[Aspect.COMPLETENESS],
        accuracy=found[Aspect.ACCURACY],
        consistency=found[Aspect.CONSISTENCY],
        timeliness=found[Aspect.TIMELINESS],
        accessibility=found[Aspect.ACCESSIBILITY] or Dimension("accessibility", 1, 1, ""),
    )


def _dimension(aspect: Aspect, unasked: Part | None, expected: Iterable[Part]) -> Dimension | None:
    """Let the weakest part speak; None where nothing at all is asked of this dimension."""
    parts = (*([unasked] if unasked else ()), *expected)
    if not parts:
        return None
    weakest = min(parts, key=lambda part: part.ratio)
    return Dimension(
        str(aspect), weakest.numerator, max(weakest.denominator, 1), weakest.how, parts
    )


def _expected(
    sheet: SpecSheet, profile: Profile, on: dt.date, measured: Measured | None
) -> dict[Aspect, list[Part]]:
    counts = {found.place: found for found in measured.measurements} if measured else {}
    parts: dict[Aspect, list[Part]] = {}
    for place, expectation in enumerate(sheet.quality):
        found = from_profile(expectation, profile, on) or counts.get(place)
        found = found or Measurement(place, 0, 0)
        part = Part(
            how=in_words(expectation),
            numerator=found.numerator,
            denominator=found.denominator,
            place=place,
            at_least=expectation.at_least,
            flags=found.flags,
            fault=found.fault,
            weak=why_weak(expectation, profile),
        )
        parts.setdefault(expectation.aspect, []).append(part)
    return parts


def from_profile(expectation: Expectation, profile: Profile, on: dt.date) -> Measurement | None:
    """Answer the expectations that a profile answers by itself, None for all others.

    The age of the newest instant is another every day, so it is counted when somebody looks.
    """
    match expectation:
        case InUnit(name, unit):
            column = profile.column(name)
            if column is None:
                return Measurement(0, 0, 1, fault=f"there is no column {name}")
            return Measurement(0, int(column.unit == unit), 1)
        case Fresh(name, seconds):
            column = profile.column(name)
            if column is None or column.type is not ColumnType.TIMESTAMP or not column.maximum:
                return Measurement(0, 0, 1, fault=f"{name} shows no newest instant")
            return Measurement(0, seconds, max(_age(column.maximum, on), seconds))
        case _:
            return None


def _age(newest: str, on: dt.date) -> int:
    """Return how many seconds an instant lies before the beginning of a day."""
    instant = dt.datetime.fromisoformat(newest)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=dt.UTC)
    return int((dt.datetime.combine(on, dt.time.min, dt.UTC) - instant).total_seconds())


def distances(
    report: QualityReport, reviews: Iterable[QualityReview]
) -> Iterator[tuple[Aspect | None, Decimal]]:
    """Yield how far each score of an expert is from the system's; None stands for the whole.

    Every dimension that both have scored counts: means hide what is far apart.
    """
    for review in reviews:
        yield None, abs(review.score - report.score)
        for aspect, score in review.dimensions.items():
            measured = report.of(aspect)
            if measured is not None:
                yield aspect, abs(score - measured.ratio)


def _normativity(sheet: SpecSheet, profile: Profile) -> Part | None:
    described = {note.name: note for note in sheet.content.fields}
    measured = {column.name: column for column in profile.columns}
    conform = sum(_conforms(note, measured.get(name)) for name, note in described.items())
    return _part(
        conform,
        len(described.keys() | measured.keys()),
        "columns described with their unit, and numeric where a range is declared, of all",
    )


def _conforms(note: FieldNote, column: ColumnProfile | None) -> bool:
    if column is None or (column.unit and note.unit and column.unit != note.unit):
        return False
    ranged = note.valid_min is not None or note.valid_max is not None
    return column.type in _NUMBERS or not ranged


def _completeness(sheet: SpecSheet, profile: Profile) -> Part | None:
    """Return how full the required fields are; where they are few, all if these are less so.

    Fields that may be empty are no fault, and to require one whole field hides no other.
    """
    fields = sheet.content.fields
    required = tuple(note for note in fields if note.required)
    asked = [(required, "required")]
    if len(required) < _MANY * len(fields):
        asked.append((fields, "described"))
    parts = [
        _filled(wanted, profile, f"cells that hold a value, of all cells of the {which} fields")
        for wanted, which in asked
    ]
    found = [part for part in parts if part is not None]
    return min(found, key=lambda part: part.ratio, default=None)


def _filled(wanted: Sequence[FieldNote], profile: Profile, how: str) -> Part | None:
    columns = [profile.column(note.name) for note in wanted]
    present = sum(column.rows - column.missing for column in columns if column is not None)
    return _part(present, profile.rows * len(wanted), how)


def _accuracy(sheet: SpecSheet, profile: Profile) -> Part | None:
    ranged = [
        (note, inside)
        for note in sheet.content.fields
        if (inside := _inside(note, profile.column(note.name))) is not None
    ]
    part = _part(
        sum(inside for _, inside in ranged),
        len(ranged),
        "columns whose least and greatest value keep the declared range, of those that have one",
    )
    told = of_ranges(
        ((note.valid_min, note.valid_max), profile.column(note.name)) for note, _ in ranged
    )
    return replace(part, weak=told) if part else None


def _inside(note: FieldNote, column: ColumnProfile | None) -> bool | None:
    if note.valid_min is None and note.valid_max is None:
        return None
    if column is None or column.type not in _NUMBERS:
        return None
    if column.minimum is None or column.maximum is None:
        return None
    low = note.valid_min is None or Decimal(column.minimum) >= note.valid_min
    high = note.valid_max is None or Decimal(column.maximum) <= note.valid_max
    return low and high


def _timeliness(sheet: SpecSheet, profile: Profile, on: dt.date) -> Part | None:
    period = _PERIOD_SECONDS.get(sheet.physical.update_frequency)
    if period is None or profile.time is None:
        return None
    allowed = PERIODS_MAX * period
    return _part(
        allowed,
        max(_age(profile.time.end, on), allowed),
        f"seconds of {PERIODS_MAX} update periods, of the newest record's age if greater",
    )


def _part(numerator: int, denominator: int, how: str) -> Part | None:
    return Part(how, numerator, denominator) if denominator else None


def _ratio(numerator: int, denominator: int) -> Decimal:
    if numerator == denominator:  # most often, and a division costs ten times as much
        return _WHOLE
    return _rounded(Decimal(numerator) / Decimal(denominator))


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_FOUR_PLACES, ROUND_HALF_EVEN)
