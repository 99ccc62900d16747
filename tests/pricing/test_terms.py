from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.billing.terms import (
    DAY_MS,
    MOMENT_MAX,
    Term,
    TermUnit,
    billing_day,
    day_text,
    require_offset,
)
from pricing.errors import BadInput
from tests.pricing.statements import at


def day(text: str) -> int:
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def term(text: str) -> Term:
    count, unit = text.split()
    return Term(int(count), TermUnit(unit))


@pytest.mark.parametrize(
    ("first", "length", "times", "last"),
    [
        # 民法典 arts. 201 and 202: the first day is not counted, the corresponding day is the last.
        ("2026-03-05", "1 year", 1, "2027-03-05"),
        ("2026-03-05", "7 day", 1, "2026-03-12"),
        ("2026-03-05", "1 month", 2, "2026-05-05"),
        ("2026-01-31", "1 month", 1, "2026-02-28"),
        ("2026-01-31", "1 month", 2, "2026-03-31"),
        ("2028-02-29", "1 year", 1, "2029-02-28"),
        ("2026-12-31", "2 month", 1, "2027-02-28"),
    ],
)
def test_a_term_ends_on_the_corresponding_day(
    first: str, length: str, times: int, last: str
) -> None:
    assert day_text(term(length).last_day(day(first), times)) == last


def test_terms_in_a_row_leave_no_day_out() -> None:
    month = Term(1, TermUnit.MONTH)
    begin = [day_text(month.first_day(day("2026-01-31"), index)) for index in range(4)]
    assert begin == ["2026-01-31", "2026-03-01", "2026-04-01", "2026-05-01"]


terms = st.builds(Term, st.integers(1, 40), st.sampled_from(TermUnit))


@given(terms, st.integers(0, 30_000), st.integers(0, 3_000))
@settings(deadline=None)
def test_every_day_lies_in_the_term_of_its_index(length: Term, first: int, later: int) -> None:
    index = length.index(first, first + later)
    assert length.first_day(first, index) <= first + later <= length.last_day(first, index + 1)


def test_a_billing_day_begins_at_midnight_where_the_market_is() -> None:
    midnight = at("2026-01-06 00:00")
    assert day_text(billing_day(midnight, 8 * 60)) == "2026-01-06"
    assert day_text(billing_day(midnight - 1, 8 * 60)) == "2026-01-05"
    assert day_text(billing_day(midnight, 0)) == "2026-01-05"
    assert day_text(billing_day(midnight, 14 * 60)) == "2026-01-06"
    assert billing_day(0, -1) == -1


def test_a_term_says_how_long_it_is() -> None:
    assert [str(term(text)) for text in ("1 year", "3 month")] == ["1 year", "3 months"]


@pytest.mark.parametrize("count", [0, -1, True, 1.5, 36_501])
def test_a_term_of_no_length_or_of_centuries_is_none(count: Any) -> None:
    with pytest.raises(BadInput, match=r"term\.count"):
        Term(count, TermUnit.DAY)


def test_a_term_does_not_end_after_the_calendar() -> None:
    for unit in TermUnit:
        with pytest.raises(BadInput, match="after the year 9998"):
            Term(36_500, unit).last_day(day("2026-01-01"), 100)
    assert day_text(MOMENT_MAX // DAY_MS) == "9999-01-01"


@pytest.mark.parametrize("minutes", [15 * 60, -15 * 60, True, 8.0, None])
def test_an_offset_that_no_place_has_is_refused(minutes: Any) -> None:
    with pytest.raises(BadInput, match="zone"):
        require_offset("zone", minutes)
