"""The six dimensions: counts that can be taken again, and None for what cannot be measured."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.expectations import (
    Aspect,
    Expectation,
    Fresh,
    GrossRange,
    InPlace,
    InRange,
    NoGap,
    NoSpike,
    Unique,
)
from exchange.profile import ColumnProfile, ColumnType, Profile, TimeCoverage
from exchange.quality import Dimension, QualityReport, QualityReview, distances, measure
from exchange.quality.measured import Measured, Measurement
from exchange.quality.weak import why_weak
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


def test_to_require_one_whole_field_of_three_hides_no_other() -> None:
    gappy, full = replace(NUMBER, missing=400), replace(NUMBER, name="b")
    other = replace(NUMBER, name="c", missing=400)
    notes = FieldNote("a", "x"), FieldNote("b", "y", required=True), FieldNote("c", "z")
    found = measure(described(*notes), holding(gappy, full, other), ON).completeness
    assert counts(found) == (2_200, 3_000)
    assert found is not None
    assert found.how.endswith("the described fields")


def test_fields_that_may_be_empty_are_no_fault_where_half_are_required() -> None:
    gappy, full = replace(NUMBER, missing=400), replace(NUMBER, name="b")
    sheet = described(FieldNote("a", "x"), FieldNote("b", "y", required=True))
    found = measure(sheet, holding(gappy, full), ON).completeness
    assert counts(found) == (1_000, 1_000)


SPREAD = replace(NUMBER, minimum="30", maximum="45", quartiles=("34", "35", "36"))
EARTH = InPlace("x", "y", Decimal(-180), Decimal(-90), Decimal(180), Decimal(90))
WEAK: list[tuple[Expectation, str]] = [
    (InRange("a", Decimal(-1_000_000), Decimal(1_000_000)), "bounds 66,663 times the spread"),
    (InRange("a", Decimal(-1_470)), "bounds 100 times the spread"),
    (InRange("a", maximum=Decimal(1_545)), "bounds 100 times the spread"),
    (GrossRange("a", Decimal(-9_000), Decimal(9_000)), "bounds 597 times the spread"),
    (InRange("a", Decimal(30), Decimal(45), Decimal("0.1")), "it undertakes less than 0.95"),
    (Unique(("a",), Decimal("0.94")), "it undertakes less than 0.95"),
    (NoSpike("a", "time", Decimal(1_500), Decimal(2_000)), "bounds 100 times the spread"),
    (NoGap("time", 360_000), "it allows 100 steps"),
    (NoGap("time", 2 * 10**9, 720_000), "it allows 200 steps"),
    (Fresh("time", 3_000_000_000), "it allows 34,722 days"),
    (
        InPlace("x", "y", Decimal(-180), Decimal(-90), Decimal(180), Decimal(90)),
        "it is the whole earth",
    ),
]
STRONG: list[Expectation] = [
    InRange("a", Decimal(0), Decimal(1_000_000)),  # a sign would break it
    InRange("a", Decimal(-1_469)),
    InRange("b", Decimal(-1_000_000), Decimal(1_000_000)),  # no column tells of it
    InRange("a", Decimal(-1_000_000), Decimal(50)),
    GrossRange("a", Decimal(-9_000), Decimal(9_000), Decimal(20), Decimal(50)),
    Unique(("a",), Decimal("0.95")),
    NoSpike("a", "time", Decimal(1_499), Decimal(2_000)),
    NoGap("time", 359_999),
    NoGap("other", 3_000_000_000),
    NoGap("time", 3_000_000_000, 7_200),
    Fresh("time", 86_400),
    InPlace("x", "y", Decimal(100), Decimal(-90), Decimal(360), Decimal(90)),
    InPlace("x", "y", Decimal(-180), Decimal(-60), Decimal(180), Decimal(90)),
]
HOURLY = replace(
    holding(SPREAD),
    time=TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", 3_600, 0),
)


@pytest.mark.parametrize(("expectation", "why"), WEAK)
def test_what_no_such_data_breaks_is_weak_and_says_why(expectation: Expectation, why: str) -> None:
    assert why_weak(expectation, HOURLY) == f"weak: {why}"


@pytest.mark.parametrize("expectation", STRONG)
def test_what_data_may_break_is_not_weak(expectation: Expectation) -> None:
    assert why_weak(expectation, HOURLY) == ""


def test_what_hardly_changes_is_not_held_to_its_spread() -> None:
    still = replace(SPREAD, minimum="12.00", maximum="12.01", quartiles=("12", "12", "12"))
    plain = InRange("a", Decimal(-2), Decimal(40))
    assert why_weak(plain, holding(still)) == ""
    far = InRange("a", Decimal(-2_000), Decimal(4_000))
    assert why_weak(far, holding(still)).startswith("weak: ")
    constant = replace(still, maximum="12.00")
    assert why_weak(far, holding(constant)) == "weak: bounds 167 times the spread"
    nothing = replace(still, minimum="0", maximum="0")
    assert why_weak(far, holding(nothing)) == ""


UNRANGED = section(SHEET, "content", fields=(FieldNote("a", "x", "m"),))


def expecting(*expectations: Expectation) -> SpecSheet:
    return replace(UNRANGED, quality=expectations)


def kept(sheet: SpecSheet, *numerators: int) -> Measured:
    found = tuple(Measurement(place, each, 100) for place, each in enumerate(numerators))
    return Measured(sheet.digest, HOURLY.data, 100, found)


def test_an_expectation_that_nothing_breaks_raises_no_score() -> None:
    gappy = replace(HOURLY, columns=(replace(SPREAD, missing=300),), duplicate_rows=100)
    bare = measure(UNRANGED, gappy, ON)
    assert bare.accuracy is None
    easy = expecting(WEAK[0][0])
    report = measure(easy, gappy, ON, measured=kept(easy, 100))
    assert report.accuracy is not None
    assert report.accuracy.weak
    assert report.score == bare.score
    # What it finds all the same weighs, and beside one that means something it is a part as others.
    low = measure(easy, gappy, ON, measured=kept(easy, 10))
    assert low.score < bare.score
    both = expecting(WEAK[0][0], STRONG[0])
    found = measure(both, gappy, ON, measured=kept(both, 100, 100))
    assert found.accuracy is not None
    assert not found.accuracy.weak
    assert found.score > bare.score


@given(
    st.lists(st.tuples(st.sampled_from([each for each, _ in WEAK]), st.integers(0, 100))),
    st.lists(st.tuples(st.sampled_from(STRONG), st.integers(0, 100)), max_size=3),
)
def test_weak_expectations_more_never_raise_the_score(
    weak: list[tuple[Expectation, int]], strong: list[tuple[Expectation, int]]
) -> None:
    few, all_of_them = (
        expecting(*(each for each, _ in some)) for some in (strong, [*strong, *weak])
    )
    before = measure(few, HOURLY, ON, measured=kept(few, *(n for _, n in strong)))
    counted = kept(all_of_them, *(n for _, n in [*strong, *weak]))
    assert measure(all_of_them, HOURLY, ON, measured=counted).score <= before.score


def test_a_range_declared_so_far_out_that_nothing_breaks_it_is_weak_too() -> None:
    far = FieldNote("a", "x", "m", valid_min=Decimal(-(10**6)), valid_max=Decimal(10**6))
    found = measure(described(far), HOURLY, ON)
    assert found.accuracy is not None
    assert found.accuracy.weak == "weak: bounds 66,663 times the spread"
    other = replace(SPREAD, name="b")
    near = FieldNote("b", "y", "m", valid_min=Decimal(0), valid_max=Decimal(50))
    both = measure(described(far, near), replace(HOURLY, columns=(SPREAD, other)), ON)
    assert both.accuracy is not None
    assert not both.accuracy.weak


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
