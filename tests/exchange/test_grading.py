"""Grades by impact and degree, and the estimate beside the declaration."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.grading import TABLE, Degree, Grade, ImpactObject, at_least, grade_of, strictest
from exchange.profile import (
    Bearer,
    ColumnProfile,
    ColumnType,
    SensitiveFinding,
    SensitiveKind,
    SpaceCoverage,
    Track,
)
from exchange.sensitivity import area_km2, estimate
from exchange.specsheet import ColumnGrade, Grading, Impact
from ledger.grades import CORE, GRADES, rank
from tests.exchange.compliance.cases import PROFILE, SHEET

KINDS = st.sampled_from(list(SensitiveKind))
FINDINGS = st.builds(
    SensitiveFinding,
    column=st.just("temperature"),
    kind=KINDS,
    matched=st.just(1),
    tested=st.just(1),
    certain=st.booleans(),
    evidence=st.just("test"),
    subjects=st.none() | st.integers(0, 20_000_000),
)


@pytest.mark.parametrize(
    ("harmed", "degree", "grade"),
    [
        ("national-security", "minor", "important"),
        ("national-security", "serious", "core"),
        ("economic-operation", "serious", "important"),
        ("public-interest", "especially-serious", "core"),
        ("social-order", "minor", "general-4"),
        ("organisation-rights", "especially-serious", "general-4"),
        ("personal-rights", "serious", "general-3"),
        ("personal-rights", "none", "general-1"),
    ],
)
def test_the_table_says(harmed: str, degree: str, grade: str) -> None:
    assert grade_of(ImpactObject(harmed), Degree(degree)) is Grade(grade)


@given(st.sampled_from(ImpactObject), st.sampled_from(Degree), st.sampled_from(Degree))
def test_more_harm_never_lowers_a_grade(harmed: ImpactObject, one: Degree, two: Degree) -> None:
    less, more = sorted((one, two), key=list(Degree).index)
    assert at_least(grade_of(harmed, more), grade_of(harmed, less))


def test_the_table_covers_every_object_and_degree() -> None:
    assert set(TABLE) == set(ImpactObject)
    assert {len(row) for row in TABLE.values()} == {len(Degree)}


def test_the_ledger_orders_the_same_grades() -> None:
    assert tuple(str(grade) for grade in Grade) == GRADES
    assert CORE == Grade.CORE
    assert rank("top-secret") > rank(CORE)


@given(st.lists(st.sampled_from(Grade), min_size=1, max_size=9), st.sampled_from(Grade))
def test_one_more_column_never_lowers_the_grade_of_the_whole(
    columns: list[Grade], more: Grade
) -> None:
    assert at_least(strictest([*columns, more]), strictest(columns))


def test_a_grading_comes_to_its_strictest_impact_or_field() -> None:
    light = Impact(ImpactObject.PERSONAL_RIGHTS, Degree.MINOR, "a leak embarrasses")
    assert Grading((light,)).grade is Grade.GENERAL_2
    assert Grading((light,), (ColumnGrade("a", Grade.IMPORTANT),)).grade is Grade.IMPORTANT


# The estimate.


def found(kind: SensitiveKind, *, certain: bool = True, subjects: int | None = None) -> object:
    finding = SensitiveFinding("x", kind, 1, 1, certain, "test", subjects=subjects)
    return estimate(replace(PROFILE, sensitive=(finding,)), SHEET).grade


def test_plain_measurements_are_estimated_at_the_least() -> None:
    made = estimate(PROFILE, SHEET)
    assert made.grade is Grade.GENERAL_1
    assert [reason.factor for reason in made.deciding] == ["none"]


@pytest.mark.parametrize(
    ("kind", "certain", "subjects", "grade"),
    [
        (SensitiveKind.PERSON_NAME, False, None, Grade.GENERAL_2),
        (SensitiveKind.MOBILE, True, None, Grade.GENERAL_3),
        (SensitiveKind.HEALTH, False, None, Grade.GENERAL_4),
        (SensitiveKind.MOBILE, True, 10_000_000, Grade.IMPORTANT),
        (SensitiveKind.MOBILE, True, 9_999_999, Grade.GENERAL_3),
        (SensitiveKind.HEALTH, True, 1_000_000, Grade.IMPORTANT),
        (SensitiveKind.SECRECY_MARK, False, None, Grade.IMPORTANT),
        (SensitiveKind.SECRECY_MARK, True, None, Grade.CORE),
        (SensitiveKind.CREDENTIAL, True, None, Grade.GENERAL_1),
    ],
)
def test_what_was_found_speaks_for_a_grade(
    kind: SensitiveKind, subjects: int | None, grade: Grade, *, certain: bool
) -> None:
    assert found(kind, certain=certain, subjects=subjects) is grade


def test_fine_depths_over_more_than_25_square_kilometres_speak_for_important() -> None:
    depth = ColumnProfile("depth", ColumnType.DECIMAL, 20_000, 0, 20_000)
    box = SpaceCoverage("120.0", "36.0", "120.06", "36.06", ("lon", "lat"))
    fine = replace(PROFILE, columns=(depth,), space=box, rows=20_000)
    assert 25 < area_km2(fine) < 50
    assert estimate(fine, SHEET).grade is Grade.IMPORTANT
    assert estimate(replace(fine, rows=2_000), SHEET).grade is Grade.GENERAL_1
    assert estimate(replace(fine, space=None), SHEET).grade is Grade.GENERAL_1


@pytest.mark.parametrize(
    ("name", "lines", "box", "grade"),
    [
        ("缆线", 20, 0.3, Grade.IMPORTANT),
        ("cable_id", 20, 0.3, Grade.IMPORTANT),
        ("pipeline", 20, 0.3, Grade.IMPORTANT),
        ("cable", 19, 0.3, Grade.GENERAL_1),
        ("cable", 20, 0.4, Grade.GENERAL_1),
        ("cable", 20, None, Grade.GENERAL_1),
        ("applicable", 20, 0.3, Grade.GENERAL_1),
    ],
)
def test_the_course_of_cables_speaks_for_important(
    name: str, lines: int, box: float | None, grade: Grade
) -> None:
    columns = (
        ColumnProfile(name, ColumnType.TEXT, 200, 0, 4),
        *(ColumnProfile(each, ColumnType.DECIMAL, 200, 0, lines) for each in ("lon", "lat")),
    )
    space = None
    if box is not None:
        space = SpaceCoverage("120.0", "36.0", f"{120 + box}", f"{36 + box}", ("lon", "lat"))
    course = replace(PROFILE, columns=columns, space=space, rows=200)
    assert estimate(course, SHEET).grade is grade
    unknown = replace(course, columns=columns[:1])
    assert estimate(unknown, SHEET).grade is Grade.GENERAL_1


@pytest.mark.parametrize(
    ("bearer", "seconds", "grade"),
    [
        (Bearer.PERSON, 3_600, Grade.GENERAL_4),
        (Bearer.VESSEL, 60, Grade.GENERAL_3),
        (Bearer.VESSEL, 300, Grade.GENERAL_2),
    ],
)
def test_tracks_speak_by_who_moved_and_how_often(
    bearer: Bearer, seconds: int, grade: Grade
) -> None:
    track = Track("id", "time", ("lon", "lat"), bearer, 9, 99, seconds, 10)
    assert estimate(replace(PROFILE, tracks=(track,)), SHEET).grade is grade


@given(st.lists(FINDINGS, max_size=4), FINDINGS)
def test_one_more_finding_never_lowers_the_estimate(
    before: list[SensitiveFinding], more: SensitiveFinding
) -> None:
    one = estimate(replace(PROFILE, sensitive=tuple(before)), SHEET)
    two = estimate(replace(PROFILE, sensitive=(*before, more)), SHEET)
    assert at_least(two.grade, one.grade)
