"""The six dimensions: counts that can be taken again, and None for what cannot be measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.expectations import Aspect
from exchange.profile import ColumnProfile, ColumnType, Profile, TimeCoverage
from exchange.quality import Dimension, QualityReport, QualityReview, distances, measure
from exchange.records import read_record, to_record
from exchange.specsheet import FieldNote, Frequency, SpecSheet
from tests.exchange.compliance.cases import ON, PAPER, PROFILE, SHEET, section


def described(*notes: FieldNote) -> SpecSheet:
    return section(SHEET, "content", fields=notes)


def holding(*columns: ColumnProfile) -> Profile:
    return replace(PROFILE, columns=columns)


def counts(dimension: Dimension | None) -> tuple[int, int] | None:
    return None if dimension is None else (dimension.numerator, dimension.denominator)


def test_a_clean_file_is_measured_in_all_six_dimensions() -> None:
    report = measure(SHEET, PROFILE, ON)
    assert (report.sheet, report.data, report.on) == (SHEET.digest, PROFILE.data, ON)
    assert [(d.name, counts(d)) for d in report.measured] == [
        ("normativity", (2, 2)),
        ("completeness", (1_990, 2_000)),
        ("accuracy", (1, 1)),
        ("consistency", (1_000, 1_000)),
        ("timeliness", (172_800, 172_800)),
        ("accessibility", (1, 1)),
    ]
    assert report.score == Decimal("0.9992")
    assert all(dimension.how for dimension in report.measured)


NUMBER = ColumnProfile("a", ColumnType.DECIMAL, 1_000, 0, 9, "m", minimum="-1.5", maximum="2")
TEXT = ColumnProfile("a", ColumnType.TEXT, 1_000, 0, 9)


@pytest.mark.parametrize(
    ("note", "column", "conform"),
    [
        (FieldNote("a", "x", "m"), NUMBER, 1),
        (FieldNote("a", "x"), NUMBER, 1),
        (FieldNote("a", "x", "km"), NUMBER, 0),
        (FieldNote("a", "x", "km"), TEXT, 1),
        (FieldNote("a", "x", valid_min=Decimal(0)), TEXT, 0),
        (FieldNote("a", "x", valid_max=Decimal(0)), TEXT, 0),
    ],
)
def test_a_column_is_normative_with_its_unit_and_a_range_only_on_numbers(
    note: FieldNote, column: ColumnProfile, conform: int
) -> None:
    report = measure(described(note), holding(column), ON)
    assert counts(report.normativity) == (conform, 1)


def test_columns_undescribed_and_fields_absent_are_not_normative() -> None:
    report = measure(described(FieldNote("a", "x"), FieldNote("b", "y")), holding(NUMBER), ON)
    assert counts(report.normativity) == (1, 2)
    extra = holding(NUMBER, replace(NUMBER, name="c"))
    assert counts(measure(described(FieldNote("a", "x")), extra, ON).normativity) == (1, 2)


def test_completeness_looks_at_required_fields_where_any_are() -> None:
    gappy = replace(NUMBER, missing=400)
    full = replace(NUMBER, name="b")
    one = described(FieldNote("a", "x", required=True), FieldNote("b", "y"))
    both = described(FieldNote("a", "x"), FieldNote("b", "y"))
    assert counts(measure(one, holding(gappy, full), ON).completeness) == (600, 1_000)
    assert counts(measure(both, holding(gappy, full), ON).completeness) == (1_600, 2_000)


def test_a_required_field_that_is_absent_is_missing_in_every_row() -> None:
    sheet = described(FieldNote("a", "x", required=True), FieldNote("b", "y", required=True))
    assert counts(measure(sheet, holding(NUMBER), ON).completeness) == (1_000, 2_000)


@pytest.mark.parametrize(
    ("low", "high", "inside"),
    [
        ("-1.5", "2", (1, 1)),
        ("-1.4", "2", (0, 1)),
        ("-1.5", "1.9", (0, 1)),
        (None, "2", (1, 1)),
        ("-2", None, (1, 1)),
        (None, None, None),
    ],
)
def test_a_column_is_accurate_within_its_range_ends_included(
    low: str | None, high: str | None, inside: tuple[int, int] | None
) -> None:
    note = FieldNote(
        "a", "x", valid_min=Decimal(low) if low else None, valid_max=Decimal(high) if high else None
    )
    assert counts(measure(described(note), holding(NUMBER), ON).accuracy) == inside


@pytest.mark.parametrize("column", [TEXT, replace(NUMBER, minimum=None, maximum=None)])
def test_accuracy_of_columns_without_numbers_is_not_measurable(column: ColumnProfile) -> None:
    sheet = described(FieldNote("a", "x", valid_min=Decimal(0)))
    assert measure(sheet, holding(column), ON).accuracy is None


def test_repeated_rows_cost_consistency() -> None:
    report = measure(SHEET, replace(PROFILE, duplicate_rows=250), ON)
    assert report.consistency is not None
    assert report.consistency.ratio == Decimal("0.75")


def test_a_file_without_rows_has_neither_completeness_nor_consistency() -> None:
    report = measure(SHEET, replace(PROFILE, rows=0), ON)
    assert report.completeness is None
    assert report.consistency is None


@pytest.mark.parametrize(
    ("frequency", "end", "ratio"),
    [
        (Frequency.DAILY, "2026-11-21T00:00:00Z", "1"),
        (Frequency.DAILY, "2026-11-20T23:59:59+00:00", "1.0000"),
        (Frequency.DAILY, "2026-11-19T00:00:00Z", "0.5"),
        (Frequency.DAILY, "2026-11-19T00:00:00", "0.5"),
        (Frequency.DAILY, "2026-12-24T00:00:00Z", "1"),
        (Frequency.HOURLY, "2026-11-22T16:00:00Z", "0.25"),
        (Frequency.WEEKLY, "2026-11-09T00:00:00Z", "1"),
        (Frequency.MONTHLY, "2026-09-22T00:00:00Z", "1"),
        (Frequency.YEARLY, "2024-11-22T00:00:00Z", "1"),
        (Frequency.STATIC, "1999-01-01T00:00:00Z", None),
        (Frequency.IRREGULAR, "1999-01-01T00:00:00Z", None),
    ],
)
def test_timeliness_is_two_periods_over_the_age(
    frequency: Frequency, end: str, ratio: str | None
) -> None:
    sheet = section(SHEET, "physical", update_frequency=frequency)
    time = TimeCoverage("time", "1990-01-01T00:00:00Z", end, 3_600, 0)
    timeliness = measure(sheet, replace(PROFILE, time=time), ON).timeliness
    assert (timeliness and timeliness.ratio) == (ratio and Decimal(ratio))


def test_a_second_too_old_is_not_timely() -> None:
    time = TimeCoverage("time", "1990-01-01T00:00:00Z", "2026-11-20T23:59:59Z", 3_600, 0)
    timeliness = measure(SHEET, replace(PROFILE, time=time), ON).timeliness
    assert counts(timeliness) == (172_800, 172_801)


def test_timeliness_of_a_file_without_times_is_not_measurable() -> None:
    assert measure(SHEET, replace(PROFILE, time=None), ON).timeliness is None


REPORT = measure(SHEET, PROFILE, ON)


def review(score: str) -> QualityReview:
    return QualityReview("id-expert", SHEET.digest, PROFILE.data, Decimal(score), PAPER, 8)


def test_experts_are_compared_by_every_score_that_both_give() -> None:
    assert list(distances(REPORT, ())) == []
    assert list(distances(REPORT, [review("0.9992")])) == [(None, Decimal(0))]
    scores = {Aspect.COMPLETENESS: Decimal("0.5"), Aspect.ACCESSIBILITY: Decimal(1)}
    second = replace(review("0.8"), dimensions=scores)
    assert REPORT.completeness is not None
    assert list(distances(REPORT, [review("1"), second])) == [
        (None, Decimal("0.0008")),
        (None, Decimal("0.1992")),
        (Aspect.COMPLETENESS, REPORT.completeness.ratio - Decimal("0.5")),
        (Aspect.ACCESSIBILITY, Decimal(0)),
    ]
    lost = replace(REPORT, completeness=None)  # what the system could not measure is not compared
    assert Aspect.COMPLETENESS not in dict(distances(lost, [second]))


def test_a_report_is_read_back_as_it_was_written() -> None:
    assert read_record(QualityReport, to_record(REPORT)) == REPORT


@given(
    rows=st.integers(0, 10**9),
    missing=st.integers(0, 10**9),
    duplicates=st.integers(0, 10**9),
    days=st.integers(-1_000, 10_000),
)
def test_every_ratio_and_the_score_lie_between_nothing_and_everything(
    rows: int, missing: int, duplicates: int, days: int
) -> None:
    column = replace(PROFILE.columns[1], rows=rows, missing=min(missing, rows))
    profile = replace(
        PROFILE,
        rows=rows,
        duplicate_rows=min(duplicates, rows),
        columns=(replace(PROFILE.columns[0], rows=rows), column),
    )
    report = measure(SHEET, profile, ON + dt.timedelta(days=days))
    assert all(0 <= dimension.ratio <= 1 for dimension in report.measured)
    assert 0 <= report.score <= 1
