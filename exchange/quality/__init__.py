"""The quality report: six dimensions of GB/T 36344-2018, and the expert's score beside them.

Each `Dimension` is a ratio of two counts that anyone can take again.  They measure what a
profile and a sheet can show; that a value is *true* no profile shows, which is why an expert
reviews in parallel.  Both name the sheet and the data they speak of by digest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Annotated, ClassVar

from annotated_types import Ge, Le
from pydantic import ConfigDict

from exchange.expectations import Aspect
from exchange.profile import ColumnProfile, ColumnType, Profile
from exchange.records import STRICT
from exchange.specsheet import Digest, FieldNote, Frequency, Name, SpecSheet

_FOUR_PLACES = Decimal("0.0001")
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
class Dimension:
    """One ratio; `how` says in words what was counted."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    numerator: Annotated[int, Ge(0)]
    denominator: Annotated[int, Ge(1)]
    how: str

    @property
    def ratio(self) -> Decimal:
        """Between 0 and 1, to four places."""
        return _rounded(Decimal(self.numerator) / Decimal(self.denominator))


@dataclass(frozen=True, slots=True)
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
        return tuple(dimension for dimension in six if dimension is not None)

    @property
    def score(self) -> Decimal:
        """The mean of what was measured, to four places; a dimension left out weighs nothing."""
        measured = self.measured
        return _rounded(sum((d.ratio for d in measured), Decimal(0)) / len(measured))


@dataclass(frozen=True, slots=True)
class QualityReview:
    """An expert's signed score of one data file; `comments` is a digest.

    `version` is the review's place in the product's chain.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    expert: Name
    sheet: Digest
    data: Digest
    score: Annotated[Decimal, Ge(0), Le(1)]
    comments: Digest
    version: int
    dimensions: dict[Aspect, Annotated[Decimal, Ge(0), Le(1)]] = field(default_factory=dict)


def measure(sheet: SpecSheet, profile: Profile, on: dt.date) -> QualityReport:
    """Measure the six dimensions as of the beginning of the day `on` (UTC)."""
    return QualityReport(
        sheet=sheet.digest,
        data=profile.data,
        on=on,
        normativity=_normativity(sheet, profile),
        completeness=_completeness(sheet, profile),
        accuracy=_accuracy(sheet, profile),
        consistency=_ratio(
            "consistency",
            profile.rows - profile.duplicate_rows,
            profile.rows,
            "rows that repeat no other, of all rows",
        ),
        timeliness=_timeliness(sheet, profile, on),
        accessibility=Dimension("accessibility", 1, 1, "files read to their end, of files given"),
    )


def compare(report: QualityReport, reviews: Iterable[QualityReview]) -> Decimal | None:
    """Return the widest distance of an expert's score from the system's, None without experts."""
    return max((abs(review.score - report.score) for review in reviews), default=None)


def _normativity(sheet: SpecSheet, profile: Profile) -> Dimension | None:
    described = {note.name: note for note in sheet.content.fields}
    measured = {column.name: column for column in profile.columns}
    conform = sum(_conforms(note, measured.get(name)) for name, note in described.items())
    return _ratio(
        "normativity",
        conform,
        len(described.keys() | measured.keys()),
        "columns described with their unit, and numeric where a range is declared, of all",
    )


def _conforms(note: FieldNote, column: ColumnProfile | None) -> bool:
    if column is None or (column.unit and note.unit and column.unit != note.unit):
        return False
    ranged = note.valid_min is not None or note.valid_max is not None
    return column.type in _NUMBERS or not ranged


def _completeness(sheet: SpecSheet, profile: Profile) -> Dimension | None:
    required = [note for note in sheet.content.fields if note.required]
    wanted = required or sheet.content.fields
    columns = [profile.column(note.name) for note in wanted]
    present = sum(column.rows - column.missing for column in columns if column is not None)
    return _ratio(
        "completeness",
        present,
        profile.rows * len(wanted),
        "cells that hold a value, of all cells of the "
        + ("required fields" if required else "described fields"),
    )


def _accuracy(sheet: SpecSheet, profile: Profile) -> Dimension | None:
    judged = [
        inside
        for note in sheet.content.fields
        if (inside := _inside(note, profile.column(note.name))) is not None
    ]
    return _ratio(
        "accuracy",
        sum(judged),
        len(judged),
        "columns whose least and greatest value keep the declared range, of those that have one",
    )


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


def _timeliness(sheet: SpecSheet, profile: Profile, on: dt.date) -> Dimension | None:
    period = _PERIOD_SECONDS.get(sheet.physical.update_frequency)
    if period is None or profile.time is None:
        return None
    newest = dt.datetime.fromisoformat(profile.time.end)
    if newest.tzinfo is None:
        newest = newest.replace(tzinfo=dt.UTC)
    age = dt.datetime.combine(on, dt.time.min, dt.UTC) - newest
    allowed = PERIODS_MAX * period
    return _ratio(
        "timeliness",
        allowed,
        max(int(age.total_seconds()), allowed),
        f"seconds of {PERIODS_MAX} update periods, of the newest record's age if greater",
    )


def _ratio(name: str, numerator: int, denominator: int, how: str) -> Dimension | None:
    return Dimension(name, numerator, denominator, how) if denominator else None


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_FOUR_PLACES, rounding=ROUND_HALF_EVEN)
