"""What the inspection measures, held against plain Python and against strangers' libraries."""

# ruff: noqa: S608 - queries are made of numbers that we drew
from __future__ import annotations

import datetime as dt
import functools
import statistics
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.cn import ric, uscc

from exchange.inspection import arrow, identifiers
from exchange.inspection.anonymity import anonymity
from exchange.inspection.cells import Cells
from exchange.inspection.detector import Examined
from exchange.inspection.reader import SQL_TYPES, Column, Table
from exchange.inspection.statistics import statistics as kept_statistics
from exchange.inspection.subjects import counted_subjects, youngest_born
from exchange.inspection.traces import tracks
from exchange.profile import Bearer, ColumnType, SensitiveFinding, SensitiveKind

TEXT, DECIMAL, TIMESTAMP = ColumnType.TEXT, ColumnType.DECIMAL, ColumnType.TIMESTAMP
NEW_YEAR = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - instants of a table are in UTC

engine = settings(deadline=None)  # to start one takes as long as the machine is busy
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
cells = st.lists(st.one_of(st.none(), words), max_size=40)
few = st.one_of(st.none(), st.sampled_from("abc"))


@functools.cache
def one_engine() -> duckdb.DuckDBPyConnection:
    """Start the engine once: that takes longer than any of what it is asked here."""
    return duckdb.connect(config={"threads": "1"})


def loaded(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]]
) -> tuple[duckdb.DuckDBPyConnection, Table]:
    """Put rows where an inspection has them."""
    connection = one_engine()
    types = ", ".join(f"c{i} {SQL_TYPES[each.type]}" for i, each in enumerate(columns))
    connection.execute(f"CREATE OR REPLACE TABLE cells ({types})")
    if rows:
        places = ", ".join("?" * len(columns))
        connection.executemany(f"INSERT INTO cells VALUES ({places})", [list(row) for row in rows])
    return connection, Table(tuple(columns))


def examined(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], found: Sequence[SensitiveFinding] = ()
) -> Examined:
    connection, table = loaded(columns, rows)
    present = tuple(sum(row[i] is not None for row in rows) for i in range(len(columns)))
    known = kept_statistics(connection, len(columns))
    return Examined(connection, table, len(rows), present, known, tuple(found))


# Columns of text as buffers.


def read_back(relation: duckdb.DuckDBPyRelation) -> list[str]:
    found = []
    for data, offsets in arrow.strings(relation):
        held = data.tobytes()
        found += [
            held[start:end].decode()
            for start, end in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        ]
    return found


@engine
@example([None, "", "a", None], 1)
@example(["x" * 12, "y" * 13, None], 0)  # what the engine keeps in place, and what it does not
@given(cells, st.integers(0, 8))
def test_texts_come_out_of_the_engine_as_they_went_in(
    texts: list[str | None], skipped: int
) -> None:
    connection = one_engine()
    connection.execute("CREATE OR REPLACE TABLE t AS SELECT unnest(?::VARCHAR[]) AS v", [texts])
    sliced = connection.sql(f"SELECT v FROM t ORDER BY rowid OFFSET {skipped}")
    assert read_back(sliced) == [text or "" for text in texts[skipped:]]


def test_texts_of_many_pieces_and_of_great_length_come_out() -> None:
    with duckdb.connect() as connection:
        query = "SELECT CASE WHEN i % 7 = 0 THEN NULL ELSE repeat('密' || i, i % 400) END AS v"
        relation = connection.sql(f"{query} FROM range(6000) t(i)")
        expected = ["" if i % 7 == 0 else f"密{i}" * (i % 400) for i in range(6_000)]
        assert read_back(relation) == expected
        long = connection.sql("SELECT repeat('ab', 3000000) AS v")
        assert read_back(long) == ["ab" * 3_000_000]


def test_no_rows_and_nothing_but_missing_cells_come_out() -> None:
    with duckdb.connect() as connection:
        assert read_back(connection.sql("SELECT 'a' AS v WHERE false")) == []
        assert read_back(connection.sql("SELECT NULL::VARCHAR AS v FROM range(3)")) == [""] * 3


@given(st.lists(words, max_size=12))
def test_every_byte_knows_its_cell_and_its_neighbours(texts: list[str]) -> None:
    batch = Cells.of(texts)
    encoded = [text.encode() for text in texts]
    places = np.arange(len(batch.data))
    holders = [i for i, each in enumerate(encoded) for _ in each]
    before = [([0, *each])[at] for each in encoded for at in range(len(each))]
    behind = [([*each, 0])[at + 1] for each in encoded for at in range(len(each))]
    assert batch.holders(places).tolist() == holders
    assert batch.before(places).tolist() == before
    assert batch.at(places + 1).tolist() == behind
    assert [batch.text(i) for i in range(len(batch))] == texts


# k, l and the unique share.


def groups_of(rows: Sequence[Sequence[str | None]]) -> dict[tuple[object, ...], list[object]]:
    groups: dict[tuple[object, ...], list[object]] = defaultdict(list)
    for *quasi, sensitive in rows:
        groups[tuple(quasi)].append(sensitive)
    return groups


@engine
@example([])
@example([("a", "b", None), ("a", "b", "c")])
@example([(None, None, None)])
@given(st.lists(st.tuples(few, few, few), max_size=25))
def test_groups_are_those_that_plain_python_finds(
    rows: list[tuple[str | None, str | None, str | None]],
) -> None:
    columns = [Column(name, TEXT) for name in ("sex", "town", "illness")]
    connection, table = loaded(columns, rows)
    found = anonymity(connection, table, ["sex", "town"], sensitive=["illness"])
    groups = groups_of(rows)
    sizes = [len(each) for each in groups.values()]
    assert (found.rows, found.groups) == (len(rows), len(groups))
    assert found.k == min(sizes, default=0)
    assert found.unique == sizes.count(1)
    assert found.unique_share == (sizes.count(1) / len(rows) if rows else 0)
    least = min((len(set(each)) for each in groups.values()), default=0)
    assert found.diversity == (("illness", least),)


@engine
@given(st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=1, max_size=25))
def test_groups_are_those_of_pycanon(rows: list[tuple[str, str, str]]) -> None:
    pycanon = pytest.importorskip("pycanon.anonymity", reason="pycanon brings 400 MB with it")
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(rows, columns=["sex", "town", "illness"])
    columns = [Column(name, TEXT) for name in frame.columns]
    found = anonymity(*loaded(columns, rows), ["sex", "town"], sensitive=["illness"])
    assert found.k == pycanon.k_anonymity(frame, ["sex", "town"])
    assert dict(found.diversity)["illness"] == pycanon.l_diversity(
        frame, ["sex", "town"], ["illness"]
    )


# Tracks.

POINTS = [Column("user_id", TEXT), Column("time", TIMESTAMP)] + [
    Column(name, DECIMAL) for name in ("lat", "lon")
]


# Rows of nobody have no step.
@example([("a", 0, 1, 1), ("a", 60, 1, 2), (None, 0, 1, 1), (None, 1, 1, 1)])
@engine
@given(
    st.lists(
        st.tuples(
            few, st.integers(0, 500), st.integers(1, 89), st.one_of(st.none(), st.integers(1, 179))
        ),
        min_size=1,
        max_size=25,
    )
)
def test_tracks_are_counted_as_plain_python_counts_them(
    points: list[tuple[str | None, int, int, int | None]],
) -> None:
    rows = [
        (
            who,
            NEW_YEAR + dt.timedelta(seconds=after),
            None if lon is None else lat + 0.12345,
            (lon or 0) + 0.54321,
        )
        for who, after, lat, lon in points
    ]
    found = tracks(examined(POINTS, rows))
    by_subject: dict[str, list[dt.datetime]] = defaultdict(list)
    placed: dict[str, int] = defaultdict(int)
    for who, when, lat, _ in rows:
        if who is not None:
            by_subject[who].append(when)
            placed[who] += lat is not None
    subjects = [who for who, count in placed.items() if count >= 2]
    repeated = any(len(times) > 1 for times in by_subject.values())
    if not subjects or not repeated:
        assert found == ()
        return
    steps = [
        (later - earlier).total_seconds()
        for times in by_subject.values()
        for earlier, later in zip(sorted(times), sorted(times)[1:], strict=False)
    ]
    (track,) = found
    assert (track.bearer, track.subject, track.time) == (Bearer.PERSON, "user_id", "time")
    assert (track.subjects, track.points) == (
        len(subjects),
        sum(placed[who] for who in subjects),
    )
    assert track.step_seconds == round(statistics.median_low(steps))
    assert track.metres == 1


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [
        ((0.5,), 0),
        ((1.5,), 2),
        ((2.5,), 2),
        ((0.4, 7.0), 0),
        ((3.0, 9.0, 3.0, 9.0), 3),
        ((3.0, 9.0, 9.0), 9),
        ((9.0, 3.0, 5.6, 5.4), 5),
    ],
)
def test_the_step_is_the_lower_median_in_whole_seconds(
    steps: tuple[float, ...], seconds: int
) -> None:
    times = [NEW_YEAR + dt.timedelta(seconds=sum(steps[:n])) for n in range(len(steps) + 1)]
    rows = [("u1", when, 36.12345 + n / 10, 120.54321) for n, when in enumerate(times)]
    (track,) = tracks(examined(POINTS, rows))
    assert track.step_seconds == seconds == round(statistics.median_low(steps))


@pytest.mark.parametrize(("decimals", "metres"), [(3, None), (4, 11), (5, 1)])
def test_positions_coarser_than_a_hundred_metres_are_no_track(
    decimals: int, metres: int | None
) -> None:
    step = 10.0**-decimals
    rows = [
        (
            "a",
            NEW_YEAR + dt.timedelta(minutes=i),
            round(30 + 7 * i * step, decimals),
            round(120 + 3 * i * step, decimals),
        )
        for i in range(60)
    ]
    found = tracks(examined(POINTS, rows))
    assert [each.metres for each in found] == ([] if metres is None else [metres])


# Persons.


@engine
@given(st.lists(st.tuples(few, few), min_size=1, max_size=25))
def test_persons_are_the_different_keys_beside_what_was_found(
    rows: list[tuple[str | None, str | None]],
) -> None:
    columns = [Column("patient_id", TEXT), Column("diagnosis", TEXT)]
    ill = sum(value is not None for _, value in rows)
    if not ill or not any(key for key, _ in rows):
        return
    finding = SensitiveFinding("diagnosis", SensitiveKind.HEALTH, ill, ill, True, "words")
    (counted,) = counted_subjects(examined(columns, rows, [finding]))
    keys = {key for key, value in rows if key is not None and value is not None}
    assert counted.subjects == (min(len(keys), ill) or None)


@engine
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map("320505{:%Y%m%d}001X".format),
            st.from_regex("[0-9A]{6}(18|19|20|21)[0-9A]{2}[0-9A]{7}[0-9XA]", fullmatch=True),
        ),
        min_size=1,
        max_size=12,
    )
)
@example(["320505199901010013", "320505201201A10013"])
def test_the_youngest_is_the_latest_year_in_any_number(numbers: list[str | None]) -> None:
    finding = SensitiveFinding("c", SensitiveKind.RESIDENT_ID, 1, len(numbers), True, "digits")
    table = examined([Column("c", TEXT)], [(each,) for each in numbers], [finding])
    digits = [each for each in numbers if each and each[:17].isdecimal()]
    years = [year for each in digits if 1900 <= (year := int(each[6:10])) <= 2099]
    assert youngest_born(table) == max(years, default=None)


# Check digits, by python-stdnum.

DIGITS = "0123456789"


@given(
    st.sampled_from(["320505", "110101", "440305", "999999"]),
    st.text(DIGITS, min_size=8, max_size=8),
    st.text(DIGITS, min_size=3, max_size=3),
    st.sampled_from(DIGITS + "Xx"),
)
def test_identity_numbers_pass_as_the_library_has_it(
    area: str, born: str, serial: str, check: str
) -> None:
    number = area + born + serial + check
    _, valid = identifiers.resident(identifiers.matrix([number], 18))
    try:
        year = dt.datetime.strptime(born, "%Y%m%d").year  # noqa: DTZ007 - a birthday has no zone
        dated = 1900 <= year <= 2099
    except ValueError:
        dated = False
    right = ric.calc_check_digit(number) == check.upper()
    assert valid.tolist() == [area != "999999" and dated and right]


@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.integers(0, 999))
def test_the_right_check_character_always_passes(born: dt.date, serial: int) -> None:
    body = f"320505{born:%Y%m%d}{serial:03}"
    number = body + ric.calc_check_digit(body + "0")
    for spelt in (number, number.lower()):
        _, valid = identifiers.resident(identifiers.matrix([spelt], 18))
        assert valid.all()


@given(
    st.sampled_from(["91", "92", "11", "52"]),
    st.sampled_from(["320505", "110101"]),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
    st.booleans(),
)
def test_credit_codes_pass_as_the_library_has_it(
    office: str,
    area: str,
    body: str,
    right: bool,  # noqa: FBT001 - drawn
) -> None:
    code = office + area + body
    check = uscc.calc_check_digit(code + "0")
    code += check if right else ("0" if check != "0" else "1")
    _, valid = identifiers.credit_code(identifiers.matrix([code], 18))
    assert valid.tolist() == [uscc.is_valid(code)] == [right]


@given(st.sampled_from(identifiers.CARD_LENGTHS), st.data())
def test_bank_cards_pass_as_the_library_has_it(length: int, data: st.DataObject) -> None:
    number = "62" + data.draw(st.text(DIGITS, min_size=length - 2, max_size=length - 2))
    _, valid = identifiers.bank_card(identifiers.matrix([number], length))
    assert valid.tolist() == [luhn.is_valid(number)]
