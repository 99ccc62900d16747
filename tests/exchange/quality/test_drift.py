from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.profile import ColumnProfile, ColumnType, Profile, TimeCoverage
from exchange.quality.drift import Drifted, drift, stability
from tests.exchange.compliance.cases import PROFILE

EVEN = (100,) * 10


def number(**changes: Any) -> ColumnProfile:
    plain: dict[str, Any] = {
        "name": "depth",
        "type": ColumnType.DECIMAL,
        "rows": 1_000,
        "missing": 0,
        "distinct": 900,
        "minimum": "0",
        "maximum": "10",
        "quartiles": ("2.5", "5", "7.5"),
        "histogram": EVEN,
    }
    return ColumnProfile(**plain | changes)


def delivery(*columns: ColumnProfile, **changes: Any) -> Profile:
    plain: dict[str, Any] = {"columns": columns, "rows": 1_000, "time": None, "space": None}
    return replace(PROFILE, **plain | changes)


BEFORE = delivery(number())


def test_a_delivery_beside_itself_is_stable() -> None:
    found = drift(BEFORE, BEFORE)
    assert (found.verdict, found.shifts) == (Drifted.STABLE, ())
    assert found.columns[0].stability == 0


def test_the_index_is_the_sum_over_the_bins_of_the_older_delivery() -> None:
    # Half of the bins hold twice as much, the others nothing: 5 × 0.1 × ln 2, and 5 × 0.0999 ×
    # ln 1000 for the empty ones, whose share counts as 0.0001.
    doubled = number(histogram=(200,) * 5 + (0,) * 5, quartiles=("1.25", "2.5", "3.75"))
    assert stability(number(), doubled) == Decimal("3.7970")


def test_the_bins_are_those_of_the_older_delivery_whatever_the_newer_spans() -> None:
    wider = number(minimum="0", maximum="20", quartiles=("5", "10", "15"))
    # Nine bins of 0.05 where there were 0.1, and the last, open one with 0.55.
    assert stability(number(), wider) == Decimal("1.0791")
    assert drift(BEFORE, delivery(wider)).verdict is Drifted.ALARM


@pytest.mark.parametrize(
    ("change", "what", "verdict"),
    [
        ({"type": ColumnType.TEXT, "histogram": (), "minimum": None}, "type", Drifted.ALARM),
        ({"unit": "m"}, "unit", Drifted.ALARM),
        ({"missing": 60}, "missing share", Drifted.NOTICE),
        ({"missing": 300}, "missing share", Drifted.ALARM),
        ({"maximum": "12"}, "range", Drifted.NOTICE),
        ({"minimum": "-11"}, "range", Drifted.ALARM),
    ],
)
def test_a_column_that_is_not_as_it_was_is_told_with_both_figures(
    change: dict[str, Any], what: str, verdict: Drifted
) -> None:
    (column,) = drift(BEFORE, delivery(number(**change))).columns
    assert verdict in {shift.verdict for shift in column.shifts if shift.what == what}
    assert all(shift.before != shift.after for shift in column.shifts)


def test_columns_that_come_are_noticed_and_columns_that_go_are_an_alarm() -> None:
    other = number(name="salinity")
    assert drift(BEFORE, delivery(number(), other)).verdict is Drifted.NOTICE
    gone = drift(delivery(number(), other), BEFORE)
    assert gone.alarms[0][0] == "salinity"
    assert gone.alarms[0][1].after == "absent"


@pytest.mark.parametrize(
    ("rows", "verdict"),
    [(1_900, Drifted.STABLE), (400, Drifted.NOTICE), (11_000, Drifted.ALARM), (99, Drifted.ALARM)],
)
def test_the_number_of_rows_is_compared_both_ways(rows: int, verdict: Drifted) -> None:
    assert drift(BEFORE, replace(BEFORE, rows=rows)).verdict is verdict


@pytest.mark.parametrize(
    ("start", "end", "what"),
    [
        ("2026-01-02T01:00:00Z", "2026-01-03T00:00:00Z", []),
        ("2026-01-02T04:00:00Z", "2026-01-03T00:00:00Z", [("gap in time", Drifted.NOTICE)]),
        ("2026-01-09T00:00:00Z", "2026-01-10T00:00:00Z", [("gap in time", Drifted.ALARM)]),
        ("2025-12-01T00:00:00Z", "2025-12-02T00:00:00Z", [("newest instant", Drifted.NOTICE)]),
    ],
)
def test_time_goes_on_without_a_gap(start: str, end: str, what: list[tuple[str, str]]) -> None:
    first = TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", 3600, 0)
    found = drift(
        replace(BEFORE, time=first), replace(BEFORE, time=replace(first, start=start, end=end))
    )
    assert [(shift.what, shift.verdict) for shift in found.table] == what


HOURLY = TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-02-11T15:00:00Z", 3600, 0)


@pytest.mark.parametrize(
    ("later", "what"),
    [
        ({}, []),
        ({"step_seconds": 3_900}, []),
        ({"step_seconds": 1_800}, [("step in seconds", "3600", "1800", Drifted.NOTICE)]),
        ({"step_seconds": 600}, [("step in seconds", "3600", "600", Drifted.ALARM)]),
        ({"step_seconds": 86_400}, [("step in seconds", "3600", "86400", Drifted.ALARM)]),
        ({"step_seconds": 0}, []),
        ({"gaps": 9}, []),
        ({"gaps": 23}, [("gaps", "0", "23", Drifted.NOTICE)]),
        ({"gaps": 130}, [("gaps", "0", "130", Drifted.ALARM)]),
    ],
)
def test_a_series_goes_on_at_its_pace_and_without_more_gaps(
    later: dict[str, Any], what: list[tuple[str, str, str, Drifted]]
) -> None:
    found = drift(
        replace(BEFORE, time=HOURLY), replace(BEFORE, time=replace(HOURLY, **later))
    ).table
    assert [(each.what, each.before, each.after, each.verdict) for each in found] == what


def test_gaps_are_told_by_the_distances_between_different_instants() -> None:
    """Ten stations in each hour make ten times as many rows, and no more distances."""
    times = number(name="time", type=ColumnType.TIMESTAMP, distinct=101)
    before = delivery(times, time=HOURLY)
    after = replace(before, time=replace(HOURLY, gaps=11))
    assert drift(before, after).verdict is Drifted.ALARM
    assert drift(after, before).verdict is Drifted.STABLE


@pytest.mark.parametrize(
    ("repeated", "verdict"), [(10, Drifted.STABLE), (11, Drifted.NOTICE), (290, Drifted.ALARM)]
)
def test_repeated_rows_are_compared(repeated: int, verdict: Drifted) -> None:
    before = replace(BEFORE, duplicate_rows=0)
    found = drift(before, replace(before, duplicate_rows=repeated))
    assert found.verdict is verdict
    assert [each.what for each in found.table] == ["repeated rows"] * (repeated > 10)


def kinds(distinct: int, **changes: Any) -> ColumnProfile:
    nothing = {"minimum": None, "maximum": None, "quartiles": (), "histogram": ()}
    return number(type=ColumnType.TEXT, distinct=distinct, **nothing | changes)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (kinds(3), kinds(3), Drifted.STABLE),
        (kinds(3), kinds(4), Drifted.NOTICE),
        (kinds(3), kinds(2), Drifted.NOTICE),
        (kinds(3), kinds(7), Drifted.ALARM),
        (kinds(3), kinds(1), Drifted.ALARM),
        (kinds(50), kinds(900), Drifted.ALARM),
        (kinds(51), kinds(900), Drifted.STABLE),  # names, of which the next delivery has others
        (kinds(3), kinds(2, rows=199), Drifted.STABLE),
        (kinds(3, rows=240, missing=41), kinds(2), Drifted.STABLE),
    ],
)
def test_kinds_that_come_and_go_are_told_by_their_number(
    before: ColumnProfile, after: ColumnProfile, verdict: Drifted
) -> None:
    (column,) = drift(delivery(before), delivery(after)).columns
    told = [each.verdict for each in column.shifts if each.what == "different values"]
    assert told == [verdict] * (verdict is not Drifted.STABLE)


def test_decimals_that_are_whole_for_once_are_no_other_type() -> None:
    whole = number(type=ColumnType.INTEGER)
    assert drift(BEFORE, delivery(whole)).verdict is Drifted.STABLE
    assert drift(delivery(whole), BEFORE).verdict is Drifted.NOTICE
    (back,) = drift(delivery(whole), BEFORE).shifts
    assert back[1].what == "type"


@pytest.mark.parametrize(("distinct", "verdict"), [(20, Drifted.NOTICE), (21, Drifted.ALARM)])
def test_bins_do_not_tell_a_few_whole_numbers_from_decimals(
    distinct: int, verdict: Drifted
) -> None:
    uneven = (500, 0, 100, 0, 100, 0, 100, 0, 100, 100)
    few = number(
        type=ColumnType.INTEGER, distinct=distinct, histogram=uneven, quartiles=("0", "1", "6")
    )
    assert drift(BEFORE, delivery(few)).verdict is verdict
    assert drift(BEFORE, delivery(replace(few, type=ColumnType.DECIMAL))).verdict is Drifted.ALARM


def test_a_column_without_a_value_has_no_other_type() -> None:
    empty = kinds(0, missing=1_000)
    for before, after in ((BEFORE, delivery(empty)), (delivery(empty), BEFORE)):
        assert [shift.what for _, shift in drift(before, after).shifts] == ["missing share"]
    assert drift(delivery(empty), delivery(empty)).verdict is Drifted.STABLE


def test_a_column_of_one_value_drifts_when_it_gets_another() -> None:
    one = number(minimum="5", maximum="5", quartiles=("5",) * 3, histogram=(1_000, *[0] * 9))
    assert stability(one, one) == 0
    other = replace(one, minimum="6", maximum="6", quartiles=("6",) * 3)
    assert drift(delivery(one), delivery(other)).verdict is Drifted.ALARM


def test_few_cells_have_no_index() -> None:
    assert stability(number(), number(histogram=(19,) * 10)) is None


@given(
    st.lists(st.integers(0, 500), min_size=10, max_size=10),
    st.lists(st.integers(0, 500), min_size=10, max_size=10),
    st.integers(-50, 50),
)
def test_the_index_is_never_below_zero_and_zero_for_one_population(
    old: list[int], new: list[int], shift: int
) -> None:
    before = number(histogram=(*old[:9], old[9] + 200), quartiles=())
    after = number(
        histogram=(*new[:9], new[9] + 200),
        quartiles=(),
        minimum=str(shift),
        maximum=str(shift + 10),
    )
    found = stability(before, after)
    assert found is not None
    assert found >= 0
    assert stability(before, before) == 0
    assert stability(after, after) == 0
