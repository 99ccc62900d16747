from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import uscc

from exchange.errors import ExchangeError
from exchange.expectations import Expectation
from exchange.inspection.counting import count
from exchange.inspection.engine import Frame
from exchange.inspection.reader import Column
from exchange.profile import ColumnType
from exchange.quality.measured import Flags, Measurement
from tests.exchange.inspection.tables import (
    COLUMNS,
    COUNTED,
    FAULTS,
    FLAGGED,
    ROWS,
    WRITTEN,
    WRITTEN_COLUMNS,
    WRITTEN_COUNTED,
    Row,
    after,
    expected,
    on_duckdb,
    on_polars,
)

ENGINES = ("duckdb", "polars")


def counted(
    engine: str,
    expectations: Sequence[Expectation],
    rows: Sequence[tuple[Any, ...]] = ROWS,
    columns: Sequence[Column] = COLUMNS,
) -> tuple[Measurement, ...]:
    if engine == "polars":
        return count(on_polars(rows, columns), expectations)
    with on_duckdb(rows, columns) as frame:
        return count(frame, expectations)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_check_counts_what_a_person_counts(engine: str) -> None:
    found = counted(engine, expected(*(told for told, _ in COUNTED)))
    for (told, counts), measured in zip(COUNTED, found, strict=True):
        assert (measured.numerator, measured.denominator) == counts, told
        assert measured.fault == ""


@pytest.mark.parametrize("engine", ENGINES)
def test_each_ocean_test_flags_what_a_person_flags(engine: str) -> None:
    found = counted(engine, expected(*(told for told, _ in FLAGGED)))
    for (told, flags), measured in zip(FLAGGED, found, strict=True):
        assert measured.flags == flags, told
        assert (measured.numerator, measured.denominator) == (flags.passed, flags.evaluated)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_cannot_be_judged_is_kept_by_no_row_and_says_why(engine: str) -> None:
    found = counted(engine, expected(*(told for told, _ in FAULTS)))
    for (told, words), measured in zip(FAULTS, found, strict=True):
        assert (measured.numerator, measured.denominator) == (0, len(ROWS)), told
        assert words in measured.fault
        assert not measured.meets(expected(told)[0].at_least)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_without_a_value_leaves_nothing_to_judge(engine: str) -> None:
    empty: Row = (None, None, None, None, None, None)
    told = expected(*(told for told, _ in (*COUNTED, *FLAGGED)))
    found = counted(engine, told, [empty] * 3)
    for expectation, measured in zip(told, found, strict=True):
        assert measured.numerator == 0
        of = {"not-missing": 3, "coverage": 12, "readable": 3}.get(expectation.check, 0)
        assert measured.denominator == of
        if measured.flags:
            assert measured.flags == Flags(missing=3)


def test_the_unit_and_the_age_are_not_counted_over_rows() -> None:
    told = expected(
        {"check": "unit", "column": "value", "unit": "m"},
        {"check": "not-missing", "column": "id"},
        {"check": "lag", "column": "time", "seconds": 60},
    )
    assert [each.place for each in counted("polars", told)] == [1]


def test_a_frame_of_no_engine_is_refused() -> None:
    with pytest.raises(ExchangeError, match="list is no frame"):
        Frame([1, 2], COLUMNS)


def test_flat_lines_are_told_in_the_order_of_time_within_each_station() -> None:
    told = {
        "check": "flat-line",
        "column": "value",
        "time": "time",
        "tolerance": "0.01",
        "suspect_repeats": 2,
        "fail_repeats": 3,
        "series": ["station"],
    }
    still = [(i, None, after(i), 5.0 + i / 1000, "a", None) for i in range(6)]
    moving: list[Row] = [(i, None, after(i), float(i), "b", None) for i in range(6)]
    for engine in ENGINES:
        (found,) = counted(engine, expected(told), [*reversed(still), *moving])
        # Of a: the first two too early, the third suspect, three fail; of b: four pass.
        assert found.flags == Flags(passed=4, not_evaluated=4, suspect=1, failed=3)


TEXTS = st.one_of(
    st.sampled_from(["a", "b", "", "x", "x\n", "站", "😀", "-1", "1.5", "2026-02-28", "true"]),
    st.integers(10**11, 10**18).map(str),
    st.from_regex(r"91370200MA[0-9A-HJ-NP-RTUWXY]{8}", fullmatch=True),
    st.text(max_size=4),
)
NUMBERS = st.one_of(
    st.sampled_from([0.0, -0.0, 2.5, float("nan"), float("inf"), 1e18, 5e-324, 0.1 + 0.2]),
    st.floats(-100, 100),
    st.integers(-4, 4).map(float),
)
INSTANTS = st.one_of(
    st.integers(0, 12).map(after),
    st.integers(-(10**9), 10**9).map(lambda n: after(0) + dt.timedelta(microseconds=n)),
)
TABLES = st.lists(
    st.tuples(
        st.none() | st.sampled_from([0, 1, 2, 9074729, 366053209, 2**62, -(2**62)]),
        st.none() | TEXTS,
        st.none() | INSTANTS,
        st.none() | NUMBERS,
        st.none() | st.sampled_from(["a", "b", "c"]),
        st.none() | st.booleans(),
    ),
    min_size=1,
    max_size=60,
)


# A table of 60 rows is small enough to look at, and making it smaller takes minutes.
@settings(max_examples=6, deadline=None, phases=set(Phase) - {Phase.shrink})
@given(TABLES)
def test_duckdb_and_polars_count_alike(rows: list[Row]) -> None:
    told = expected(*(told for told, _ in (*COUNTED, *FLAGGED, *FAULTS)))
    assert counted("duckdb", told, rows) == counted("polars", told, rows)


# What stands in the way of digits: other digits, signs, blanks, what a number may be spelt with.
_STRANGE = "0123456789+-_. ,'eExX\n\r\t\v\f\0\x1c\x85\xa0\u2003\u200b\ufeff٣３०¹Ⅷ−'"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("length", [1, 2, 18, 19])
def test_digits_alone_are_what_their_pattern_says(engine: str, length: int) -> None:
    digits = "9081726354" * 2
    texts = {digits[:count] for count in range(length - 1, min(length + 2, 21))}
    texts |= {"0" * length, "9" * length, "-0", "+1", "1e9", "0x1", "1_0"}
    for place in range(length):
        for strange in _STRANGE:
            texts.add(digits[:place] + strange + digits[place + 1 : length])
            texts.add((digits[:place] + strange + digits[place:])[: length + 1])
            # As many bytes as the digits would be, in fewer characters.
            texts.add(digits[: max(length - len(strange.encode()), 0)] + strange)
    pattern = f"[0-9]{{{length}}}"
    rows: list[Row] = [(None, text, None, None, None, None) for text in sorted(texts)]
    (found,) = counted(
        engine, expected({"check": "pattern", "column": "code", "pattern": pattern}), rows
    )
    kept = [text for text in texts if re.fullmatch(pattern, text)]
    assert 1 <= len(kept) < len(texts)
    assert (found.numerator, found.denominator) == (len(kept), len(texts))


KEYS = st.one_of(
    st.lists(st.none() | st.integers(-5, 40), max_size=40),
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=10),
    st.lists(st.sampled_from([-(2**63), 2**63 - 1, 0]), max_size=6),
    st.integers(-(2**63), 2**63 - 61).flatmap(
        lambda first: st.lists(st.integers(first, first + 60), max_size=40)
    ),
    st.integers(1, 40).map(lambda rows: list(range(rows))),
    st.integers(1, 40).map(lambda rows: [*range(rows), rows - 1]),
)


@settings(max_examples=30, deadline=None)
@example([None], False)  # none rises above the one before it, and none is a key
@example([5, None, 5], False)
@example([1, 3, 2], False)
@given(KEYS, st.booleans())
def test_keys_are_told_apart_however_they_lie(keys: list[int | None], spelt: bool) -> None:  # noqa: FBT001
    told = expected({"check": "unique", "key": ["code" if spelt else "id"]})
    rows: list[Row] = [
        (None if spelt else key, str(key) if spelt and key is not None else None, *(None,) * 4)
        for key in keys
    ]
    there = [key for key in keys if key is not None]
    for engine in ENGINES:
        (found,) = counted(engine, told, rows)
        assert (found.numerator, found.denominator) == (len(set(there)), len(there))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("more", [0, 20])
def test_a_code_table_is_held_to_whether_it_is_short_or_long(engine: str, more: int) -> None:
    listed = ["a", "站", *(f"code {i}" for i in range(more))]
    rows: list[Row] = [
        (None, text, None, None, None, None) for text in ("a", "A", "", "站", None, "code 7", "a ")
    ]
    told = expected({"check": "code-table", "column": "code", "values": listed})
    (found,) = counted(engine, told, rows)
    assert (found.numerator, found.denominator) == (3 if more else 2, 6)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 10**17).map(lambda n: f"{n:012d}"), min_size=1, max_size=200))
def test_luhn_is_that_of_an_independent_library(numbers: list[str]) -> None:
    whole = [number + luhn.calc_check_digit(number) for number in numbers]
    rows: list[Row] = [(None, text, None, None, None, None) for text in [*whole, *numbers]]
    told = expected({"check": "checksum", "column": "code", "scheme": "luhn"})
    (found,) = counted("polars", told, rows)
    assert found.numerator == sum(luhn.is_valid(row[1] or "") for row in rows)
    assert found.numerator >= len(whole)


@settings(max_examples=5, deadline=None)
@given(
    st.lists(st.from_regex(r"9[1-3][0-9]{6}[0-9A-HJ-NP-RTUWXY]{9}", fullmatch=True), max_size=50)
)
def test_credit_codes_are_those_of_an_independent_library(stems: list[str]) -> None:
    codes = [stem + uscc.calc_check_digit(stem) for stem in [*stems, "91370200MA0000001"]]
    wrong = [code[:-1] + ("0" if code[-1] != "0" else "1") for code in codes]
    rows: list[Row] = [(None, code, None, None, None, None) for code in [*codes, *wrong]]
    told = expected({"check": "checksum", "column": "code", "scheme": "credit-code"})
    (found,) = counted("polars", told, rows)
    assert found.numerator == len(codes)


@pytest.mark.parametrize(
    ("text", "exists"),
    [
        ("2024-02-29", True),
        ("2023-02-29", False),
        ("1900-02-29", False),
        ("2000-02-29", True),
        ("2026-04-31", False),
        ("2026-12-31", True),
        ("2026-13-01", False),
        ("2026-00-10", False),
        ("2026-1-1", False),
        ("2026-01-01T00:00:00", False),
    ],
)
def test_a_date_exists_in_the_calendar(text: str, exists: bool) -> None:  # noqa: FBT001
    told = expected({"check": "checksum", "column": "code", "scheme": "iso-8601"})
    rows: list[Row] = [(None, text, None, None, None, None)]
    (found,) = counted("polars", told, rows)
    assert found.numerator == exists


def test_a_bound_is_inside_even_where_a_float_is_near() -> None:
    told: Mapping[str, Any] = {"check": "range", "column": "value", "maximum": "0.3"}
    rows: list[Row] = [(None, None, None, value, None, None) for value in (0.3, 0.1 + 0.2)]
    for engine in ENGINES:
        (found,) = counted(engine, expected(told), rows)
        assert found.numerator == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_numbers_are_counted_as_they_are_written(engine: str) -> None:
    told = expected(*(told for told, _ in WRITTEN_COUNTED))
    found = counted(engine, told, WRITTEN, WRITTEN_COLUMNS)
    for (asked, counts), measured in zip(WRITTEN_COUNTED, found, strict=True):
        assert (measured.numerator, measured.denominator) == counts, asked


AMOUNTS = st.integers(-(10**13), 10**13)  # in fen, or other hundredths


@settings(max_examples=15, deadline=None)
@given(st.lists(AMOUNTS, min_size=2, max_size=50), st.integers(-3, 3), st.integers(0, 3))
@example([10, 20], 0, 0)
@example([10**13, -(10**13), 1], 1, 0)
def test_hundredths_make_a_total_exactly_if_they_do_on_paper(
    parts: list[int], off: int, tolerance: int
) -> None:
    names = [f"part {i}" for i in range(len(parts))]
    columns = [Column(name, ColumnType.DECIMAL) for name in (*names, "total")]
    row = tuple(amount / 100 for amount in (*parts, sum(parts) + off))
    told = expected(
        {"check": "sum", "parts": names, "total": "total", "tolerance": str(tolerance / 100)}
    )
    # Fifty amounts of 10^11 are off by more than a hundredth of one; so many digits no double has.
    if abs(off) != tolerance and sum(map(abs, parts)) > 10**13:
        return
    for engine in ENGINES:
        (found,) = counted(engine, told, [row], columns)
        assert found.numerator == (abs(off) <= tolerance)


WHOLE = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.sampled_from([-(2**63), 2**63 - 1, 2**53, 2**53 + 1, 0, -(2**32), 2**32 - 1]),
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(WHOLE, min_size=1, max_size=8),
    st.integers(-3, 3) | st.integers(-(10**18), 10**18),
    st.sampled_from(["0", "1", "2.5", "1e18"]),
)
def test_whole_numbers_make_a_total_to_the_last_digit(
    parts: list[int], off: int, tolerance: str
) -> None:
    total = min(max(sum(parts) + off, -(2**63)), 2**63 - 1)
    names = [f"part {i}" for i in range(len(parts))]
    columns = [Column(name, ColumnType.INTEGER) for name in (*names, "total")]
    asked = expected(
        {"check": "sum", "parts": names, "total": "total", "tolerance": tolerance},
        {
            "check": "compare",
            "left": names[0],
            "operator": "==",
            "right": "total",
            "tolerance": tolerance,
        },
    )
    limit = int(float(tolerance))
    wanted = [abs(sum(parts) - total) <= limit, abs(parts[0] - total) <= limit]
    for engine in ENGINES:
        found = counted(engine, asked, [(*parts, total)], columns)
        assert [each.numerator for each in found] == wanted


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["2024", "2023", "1900", "2000", "0001", "9999"]),
    st.integers(0, 14),
    st.integers(0, 33),
    st.sampled_from(["-", "/"]),
    st.booleans(),
    st.sampled_from(["", "T00:00", " 23:59:59", "T24:00", "T24:00:01", " 7:60", "T23:59:60Z"]),
)
@example("2026", 2, 30, "-", True, "")
@example("2026", 1, 1, "-", True, "T25:61:00Z")
def test_an_instant_is_one_that_the_inspection_reads(
    year: str,
    month: int,
    day: int,
    by: str,
    padded: bool,  # noqa: FBT001
    clock: str,
) -> None:
    two = "02d" if padded else "d"
    text = f"{year}{by}{month:{two}}{by}{day:{two}}{clock}"
    with duckdb.connect() as connection:
        query = "SELECT try_cast(? AS TIMESTAMP) IS NOT NULL"
        ((read,),) = connection.execute(query, [text]).fetchall()
    told = expected({"check": "type", "column": "text", "type": "timestamp"})
    for engine in ENGINES:
        (found,) = counted(engine, told, [(text,)], [Column("text", ColumnType.TEXT)])
        assert found.numerator == read, text
