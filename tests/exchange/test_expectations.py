from __future__ import annotations

import dataclasses
import re
import typing
from collections.abc import Mapping
from decimal import Decimal

import pytest

from exchange.errors import BadField
from exchange.expectations import Aspect, Expectation, InRange, Matches, columns_of
from exchange.records import read_record, to_record
from exchange.specsheet import SpecSheet
from ledger.scores import DIMENSIONS
from tests.exchange.compliance.cases import SHEET
from tests.meta.test_documents import page, rows

KINDS = typing.get_args(typing.get_args(Expectation)[0])


def with_quality(*told: Mapping[str, object]) -> SpecSheet:
    return read_record(SpecSheet, to_record(SHEET) | {"quality": list(told)})


def test_expectations_stand_in_the_sheet_and_in_its_digest() -> None:
    sheet = with_quality(
        {"check": "range", "column": "temperature", "minimum": -2, "at_least": "0.99"},
        {"check": "pattern", "column": "station", "pattern": "QD[0-9]{2}"},
    )
    ranged, pattern = sheet.quality
    assert isinstance(ranged, InRange)
    assert isinstance(pattern, Matches)
    assert (ranged.minimum, ranged.maximum) == (Decimal(-2), None)
    assert ranged.at_least == Decimal("0.99")
    assert sheet.digest != SHEET.digest
    assert read_record(SpecSheet, to_record(sheet)) == sheet
    assert read_record(SpecSheet, to_record(sheet)).digest == sheet.digest


@pytest.mark.parametrize(
    ("told", "field", "words"),
    [
        ({"check": "beauty", "column": "a"}, "quality.0", "beauty"),
        ({"column": "a"}, "quality.0", "check"),
        ({"check": "range", "column": "a"}, "quality.0.range", "say a minimum"),
        ({"check": "range", "column": "a", "minimum": 2, "maximum": 1}, "quality.0.range", "2 is"),
        ({"check": "range", "column": "a", "minimum": "NaN"}, "quality.0.minimum", ""),
        ({"check": "range", "column": "a", "minimum": "1e999999"}, "quality.0.minimum", ""),
        ({"check": "not-missing", "column": "a", "at_least": 2}, "quality.0.at_least", ""),
        ({"check": "not-missing", "column": "a", "x": 2}, "quality.0.x", ""),
        ({"check": "pattern", "column": "a", "pattern": "(a+)+"}, "quality.0.pattern", "+"),
        ({"check": "unique", "key": ["a", "a"]}, "quality.0.unique", "named twice"),
        ({"check": "code-table", "column": "a", "values": []}, "quality.0.values", ""),
        (
            {
                "check": "coverage",
                "column": "t",
                "first": "2026-01-01T00:00:00",
                "last": "2026-01-02T00:00:00Z",
                "step_seconds": 3600,
            },
            "quality.0.first",
            "timezone",
        ),
        (
            {"check": "spike", "column": "a", "time": "t", "suspect": 3, "fail": 2},
            "quality.0.spike",
            "3 is more than 2",
        ),
    ],
)
def test_an_expectation_that_means_nothing_is_refused_by_its_field(
    told: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(BadField) as refused:
        with_quality(told)
    assert str(refused.value).startswith(field)
    assert words in str(refused.value)


def test_a_sheet_has_no_more_than_200_expectations() -> None:
    one = {"check": "not-missing", "column": "a"}
    with pytest.raises(BadField, match="quality"):
        with_quality(*[one] * 201)


def test_every_check_has_its_row_with_dimension_and_fields() -> None:
    told = {
        row[0]: (row[1], re.findall("[a-z_]+", row[2]))
        for row in rows(page("quality.md"))
        if len(row) == 4 and row[0] != "check"
    }
    shared = {"check", "at_least"}
    assert told == {
        kind.__dataclass_fields__["check"].default: (
            kind.aspect,
            [each.name for each in dataclasses.fields(kind) if each.name not in shared],
        )
        for kind in KINDS
    }


def test_the_six_dimensions_are_those_of_the_ledger() -> None:
    assert tuple(Aspect) == DIMENSIONS
    assert {kind.aspect for kind in KINDS} == set(Aspect)


def test_a_check_names_its_columns_once() -> None:
    box = {"west": 119, "south": 35, "east": 123, "north": 38}
    placed = {"check": "location", "longitude": "lon", "latitude": "lat", **box}
    compared = {"check": "compare", "left": "low", "operator": "<=", "right": "high"}
    sheet = with_quality(placed, compared, {"check": "unique", "key": ["a", "b"]})
    assert [columns_of(each) for each in sheet.quality] == [
        ("lon", "lat"),
        ("low", "high"),
        ("a", "b"),
    ]
