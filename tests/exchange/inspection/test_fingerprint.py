"""Fingerprints: a copy is found however it was disguised, and a stranger's file is not."""

# ruff: noqa: S311 - data is made up and disguised from seeds

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exchange.errors import Broken
from exchange.fingerprint import NO_NUMBER, Fingerprint, Overlap, Sketch, overlap
from exchange.inspection import discover_readers, inspect
from exchange.likeness import Likeness, likeness

Row = tuple[Any, ...]
READERS: Final = discover_readers()
HEADER: Final = ("station", "observed", "longitude", "latitude", "height", "period")
ROWS: Final = 3_000


def buoys(seed: int, count: int = ROWS) -> list[Row]:
    """Observations that are alike in kind and not in content."""
    chance = random.Random(seed)
    start = dt.datetime.fromisoformat("2026-01-01") + dt.timedelta(days=seed)
    return [
        (
            f"浮标-{chance.randrange(40):02}",
            start + dt.timedelta(minutes=10 * i),
            round(chance.uniform(119, 122), 4),
            round(chance.uniform(35, 38), 4),
            round(chance.uniform(0, 6), 2),
            round(chance.uniform(2, 12), 1),
        )
        for i in range(count)
    ]


ORIGINAL: Final = buoys(1)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Fingerprint]:
    folder = tmp_path_factory.mktemp("fingerprints")

    def taken(
        rows: Sequence[Row],
        header: Sequence[str] = HEADER,
        *,
        delimiter: str = ",",
        encoding: str = "utf-8",
        write: Callable[[Any], str] = str,
    ) -> Fingerprint:
        text = io.StringIO()
        out = csv.writer(text, delimiter=delimiter, lineterminator="\n")
        out.writerow(header)
        out.writerows([[write(cell) for cell in row] for row in rows])
        path = folder / "data.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        return of(path)

    return taken


def of(path: Path) -> Fingerprint:
    kept: list[Fingerprint] = []
    inspect(path, readers=READERS, keep=kept.append)
    return kept[0]


@pytest.fixture(scope="module")
def original(take: Callable[..., Fingerprint]) -> Fingerprint:
    return take(ORIGINAL)


def shuffled(rows: Sequence[Row], seed: int = 7) -> list[Row]:
    return random.Random(seed).sample(list(rows), len(rows))


def found(copy: Fingerprint, original: Fingerprint) -> Likeness:
    like = likeness(copy, original)
    assert like is not None, "the copy was not recognised"
    assert copy.questions & original.probes, "a search would not come upon the original"
    return like


def another_hand(cell: object) -> str:
    """Write cells as somebody else's program would."""
    if isinstance(cell, dt.datetime):
        return cell.strftime("%d.%m.%Y %H:%M:%S")
    if isinstance(cell, float):
        return f"{cell:.8f}" if cell > 100 else f"{cell:.6e}"
    return f" {str(cell).upper()} "


# Copies.


def test_a_shuffled_copy_with_other_names_and_columns_in_another_order_is_the_same(
    take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    turned = [row[::-1] for row in shuffled(ORIGINAL)]
    like = found(take(turned, ["a", "b", "c", "d", "e", "f"]), original)
    assert (like.this_ppm, like.other_ppm, like.how) == (1_000_000, 1_000_000, "rows")
    assert like.columns == tuple(zip("abcdef", HEADER[::-1], strict=True))
    assert like.renamed == 6


@pytest.mark.parametrize(
    ("disguise", "options"),
    [
        ("semicolons", {"delimiter": ";"}),
        ("GB 18030", {"encoding": "gb18030"}),
        ("UTF-8 with a mark", {"encoding": "utf-8-sig"}),
        ("other dates, digits and capitals", {"write": another_hand}),
    ],
)
def test_a_copy_written_otherwise_is_the_same(
    disguise: str, options: dict[str, Any], take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    like = found(take(shuffled(ORIGINAL), **options), original)
    assert like.this_ppm == like.other_ppm == 1_000_000, disguise
    assert len(like.columns) == len(HEADER)


def test_a_copy_in_parquet_with_single_precision_is_nearly_the_same(
    tmp_path: Path, original: Fingerprint
) -> None:
    path = tmp_path / "data.parquet"
    with duckdb.connect() as connection:
        columns = dict(zip(HEADER, zip(*ORIGINAL, strict=True), strict=True))
        given = ", ".join(f"unnest(${name}) AS {name}" for name in HEADER)
        connection.execute(
            f"COPY (SELECT * REPLACE (height::FLOAT AS height, period::FLOAT AS period) FROM"  # noqa: S608
            f" (SELECT {given})) TO '{path}' (FORMAT parquet)",
            {name: list(values) for name, values in columns.items()},
        )
    like = found(of(path), original)
    assert like.this_ppm == like.other_ppm == 1_000_000


@pytest.mark.parametrize(("share", "give"), [(0.5, 0.1), (0.1, 0.2), (0.01, 0.75)])
def test_a_sample_is_found_to_stand_in_the_whole(
    share: float, give: float, take: Callable[..., Fingerprint]
) -> None:
    rows = buoys(2, 20_000)
    sample = random.Random(3).sample(rows, int(share * len(rows)))
    like = found(take(sample), take(rows))
    assert like.this_ppm == 1_000_000
    assert like.other_ppm == pytest.approx(1_000_000 * share, rel=give)


def test_a_copy_inside_a_larger_file_is_found_from_either_side(
    take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    larger = take(shuffled([*ORIGINAL, *buoys(5)]))
    like = found(larger, original)
    assert like.this_ppm == pytest.approx(500_000, rel=0.1)
    assert like.other_ppm == 1_000_000
    back = found(original, larger)
    assert (back.this_ppm, back.other_ppm) == (like.other_ppm, like.this_ppm)


def test_a_copy_that_lost_a_column_and_gained_two_is_found_by_what_agrees(
    take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    chance = random.Random(11)
    changed = [
        (n, *row[:4], row[5], round(chance.random(), 6)) for n, row in enumerate(shuffled(ORIGINAL))
    ]
    like = found(take(changed, ["id", "s", "t", "x", "y", "p", "more"]), original)
    assert like.how == "columns"
    assert like.this_ppm > 900_000
    assert dict(like.columns) == {
        "s": "station",
        "t": "observed",
        "x": "longitude",
        "y": "latitude",
        "p": "period",
    }


def test_a_copy_with_every_twentieth_cell_changed_is_found(
    take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    chance = random.Random(13)
    noisy = [
        tuple(
            cell + 1 if isinstance(cell, float) and chance.random() < 0.05 else cell for cell in row
        )
        for row in shuffled(ORIGINAL)
    ]
    like = found(take(noisy), original)
    assert 700_000 < like.this_ppm < 950_000  # a row of four numbers stays whole at 0.95⁴


def tide(seed: int, count: int = ROWS) -> list[Row]:
    """One station's observations, each near the one before it."""
    chance, height = random.Random(seed), 1.0
    start = dt.datetime.fromisoformat("2026-01-01")
    rows = []
    for i in range(count):
        height = min(6.0, max(0.0, height + chance.gauss(0, 0.05)))
        period = round(chance.uniform(2, 12), 1)
        rows.append(("QD01", start + dt.timedelta(minutes=10 * i), round(height, 2), period))
    return rows


TIDE: Final = tide(1)
NARROW: Final = ("station", "observed", "height", "period")


@pytest.fixture(scope="module")
def narrow(take: Callable[..., Fingerprint]) -> Fingerprint:
    return take(TIDE, NARROW)


@pytest.mark.parametrize("kept", [(1, 2), (2, 1), (1, 3)])
def test_a_copy_that_lost_two_of_four_columns_is_found(
    kept: tuple[int, int], take: Callable[..., Fingerprint], narrow: Fingerprint
) -> None:
    rows = [tuple(row[i] for i in kept) for row in shuffled(TIDE)]
    like = found(take(rows, ["a", "b"]), narrow)
    assert (like.how, like.this_ppm, like.other_ppm) == ("columns", 1_000_000, 1_000_000)
    assert like.columns == (("a", NARROW[kept[0]]), ("b", NARROW[kept[1]]))


GAUGE: Final = [(row[1], row[2], 36.06, 120.31) for row in TIDE]
PLACED: Final = ("time", "level", "lat", "lon")


def test_a_copy_told_of_another_place_is_found(
    take: Callable[..., Fingerprint], narrow: Fingerprint
) -> None:
    elsewhere = [(*row[:2], 54.40, 10.21) for row in shuffled(GAUGE)]
    like = found(take(elsewhere, PLACED), take(GAUGE, PLACED))
    assert (like.how, like.this_ppm, like.other_ppm) == ("columns", 1_000_000, 1_000_000)
    assert like.columns == (("time", "time"), ("level", "level"))
    typed = [("KI09", *row[1:]) for row in shuffled(TIDE)]
    assert found(take(typed, NARROW), narrow).this_ppm == 1_000_000


@given(st.lists(st.one_of(st.integers(1, 99), st.text("abc", min_size=2)), min_size=1, max_size=4))
@settings(max_examples=12, deadline=None)
def test_columns_of_one_value_hide_no_copy_however_many_and_whatever_they_say(
    take: Callable[..., Fingerprint], typed: list[int | str]
) -> None:
    header = (*PLACED[:2], *(f"place {i}" for i in range(len(typed))))
    original = take(
        [(*row[1:3], *(f"said {i}" for i in range(len(typed)))) for row in TIDE], header
    )
    copy = take([(*row[1:3], *typed) for row in shuffled(TIDE)], header)
    like = found(copy, original)
    assert (like.this_ppm, like.other_ppm) == (1_000_000, 1_000_000)
    assert like.columns[:2] == (("time", "time"), ("level", "level"))


def test_strangers_told_of_one_place_or_of_two_are_not_alike(
    take: Callable[..., Fingerprint],
) -> None:
    original = take(GAUGE, PLACED)
    for seed in (5, 6, 7):
        other = [(row[1], row[2], 36.06, 120.31) for row in tide(seed)]
        far = [(*row[:2], 54.40, 10.21) for row in other]
        assert likeness(take(other, PLACED), original) is None
        assert likeness(take(far, PLACED), original) is None


def shifted(row: Row) -> Row:
    return (row[0], row[1] + dt.timedelta(hours=8), *row[2:])


@pytest.mark.parametrize(
    ("disguise", "maps"),
    [
        (lambda row: (*row[:2], round(row[2] * 100), row[3]), {"c": (100, 0)}),
        (lambda row: (*row[:2], round(row[2] + 0.35, 2), row[3]), {"c": (1, 0.35)}),
        (
            lambda row: (*row[:2], round(row[2] + 273.15, 2), round(row[3] * 0.514444, 2)),
            {"c": (1, 273.15), "d": (0.514444, 0)},
        ),
        (shifted, {"b": (1, 8 * 3600)}),
        (lambda row: (row[1], round(row[2] * 100)), {"b": (100, 0)}),
    ],
)
def test_a_copy_in_other_units_is_found_and_its_units_are_told(
    disguise: Callable[[Row], Row],
    maps: dict[str, tuple[float, float]],
    take: Callable[..., Fingerprint],
    narrow: Fingerprint,
) -> None:
    rows = [disguise(row) for row in shuffled(TIDE)]
    like = found(take(rows, list("abcd")[: len(rows[0])]), narrow)
    assert (like.how, like.this_ppm, like.other_ppm) == ("converted", 1_000_000, 1_000_000)
    assert {name for name, _ in like.converted} == set(maps)
    for name, map_ in like.converted:
        factor, offset = maps[name]
        assert map_.factor == pytest.approx(factor, rel=0.005)
        assert map_.offset == pytest.approx(offset, abs=0.02)


@given(
    st.integers(-400, 400).filter(lambda n: abs(n) > 20).map(lambda n: n / 20),
    st.integers(-3_000, 3_000).map(lambda n: n / 10),
)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_copy_in_any_unit_is_found(
    take: Callable[..., Fingerprint], narrow: Fingerprint, factor: float, offset: float
) -> None:
    rows = [
        (*row[:2], round(factor * row[2] + offset, 3), row[3] + offset) for row in shuffled(TIDE)
    ]
    like = found(take(rows, list("abcd")), narrow)
    assert [theirs for _, theirs in like.columns] == list(NARROW)
    assert dict(like.converted)["c"].factor == pytest.approx(factor, rel=0.01)


def test_numbers_that_stand_among_words_are_still_those_numbers(
    take: Callable[..., Fingerprint],
) -> None:
    plain = take([(i, i / 8, f"n{i}") for i in range(500)], ["a", "b", "c"])
    mixed = [(i, f"{i / 8:.3f}" if i else "none", f"n{i}") for i in range(500)]
    like = found(take(mixed, ["a", "b", "c"]), plain)
    assert like.this_ppm > 990_000


def test_identity_numbers_are_not_rounded(take: Callable[..., Fingerprint]) -> None:
    first = 440_301_199_001_010_000
    these = take([(first + 2 * i, "x") for i in range(400)], ["number", "x"])
    others = take([(first + 2 * i + 1, "x") for i in range(400)], ["number", "x"])
    assert overlap(these.rows, others.rows).shared == 0
    assert likeness(these, others) is None


# Strangers.


@pytest.mark.parametrize("seed", range(2, 5))
def test_another_station_s_observations_are_no_copy(
    seed: int, take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    assert likeness(take(buoys(seed)), original) is None


def test_observations_at_the_same_times_and_places_are_no_copy(
    take: Callable[..., Fingerprint], original: Fingerprint
) -> None:
    chance = random.Random(17)
    again = [
        (*row[:4], round(chance.uniform(0, 6), 2), round(chance.uniform(2, 12), 1))
        for row in ORIGINAL
    ]
    assert likeness(take(again), original) is None


def beside(rows: Sequence[Row], seed: int) -> list[Row]:
    """What another instrument at the same place would have told at the same times."""
    chance = random.Random(seed)
    return [
        (
            *row[:2],
            round(row[2] + chance.gauss(0, 0.04), 2),
            round(row[3] + chance.gauss(0, 0.4), 1),
        )
        for row in rows
    ]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "disguise",
    [
        lambda row: row,
        lambda row: row[1:],
        lambda row: (row[1], row[2]),
        lambda row: (*row[:2], round(row[2] * 100), row[3]),
    ],
)
def test_another_instrument_at_the_same_place_and_times_is_no_copy(
    seed: int,
    disguise: Callable[[Row], Row],
    take: Callable[..., Fingerprint],
    narrow: Fingerprint,
) -> None:
    for rows in (beside(TIDE, seed), tide(seed + 2)):
        assert (
            likeness(
                take([disguise(row) for row in rows], list("abcd")[: len(disguise(rows[0]))]),
                narrow,
            )
            is None
        )


@pytest.mark.parametrize("first", [0, 1, 5_000])
def test_rows_counted_and_timed_alike_are_no_copy(
    first: int, take: Callable[..., Fingerprint]
) -> None:
    header = ("id", "station", "observed", "minute", "longitude", "height")

    def counted(seed: int, first: int) -> Fingerprint:
        chance = random.Random(seed)
        return take(
            [
                (first + i, "QD01", row[1], 10 * i, 120.5, round(chance.uniform(0, 6), 2))
                for i, row in enumerate(TIDE)
            ],
            header,
        )

    assert likeness(counted(1, first), counted(2, 0)) is None


def test_row_numbers_beside_flags_are_no_copy(take: Callable[..., Fingerprint]) -> None:
    def flags(seed: int) -> Fingerprint:
        chance = random.Random(seed)
        rows = [(i, chance.randrange(2), chance.randrange(3)) for i in range(2_000)]
        return take(rows, ["id", "open", "kind"])

    assert likeness(flags(1), flags(2)) is None
    assert likeness(flags(1), flags(1)) is not None


# The sketches.


def test_an_overlap_is_told_from_the_range_that_both_see() -> None:
    whole = Sketch((1, 2, 3, 4, 5, 6), whole=True)
    cut = Sketch((2, 4, 6), whole=False)
    assert overlap(whole, cut) == Overlap(3, 6, 3)
    assert overlap(cut, Sketch((2, 4), whole=False)) == Overlap(2, 2, 2)
    assert overlap(whole, Sketch((), whole=True)) == Overlap(0, 6, 0)
    assert Overlap(0, 0, 0).most_ppm == 0


@given(
    st.sets(st.integers(1, 2**64 - 1), max_size=40),
    st.sets(st.integers(1, 2**64 - 1), max_size=40),
    st.integers(1, 20),
)
@settings(max_examples=60)
def test_an_overlap_of_samples_never_sees_what_is_not_there(
    ours: set[int], theirs: set[int], kept: int
) -> None:
    def sketch(keys: set[int]) -> Sketch:
        return Sketch(tuple(sorted(keys)[:kept]), whole=len(keys) <= kept)

    seen = overlap(sketch(ours), sketch(theirs))
    assert seen.shared <= len(ours & theirs)
    assert seen.of_this <= len(ours)
    assert (seen.this_ppm == 1_000_000) == (bool(seen.of_this) and seen.shared == seen.of_this)


def test_a_fingerprint_is_read_as_it_was_written(original: Fingerprint) -> None:
    written = original.to_bytes()
    assert Fingerprint.from_bytes(written) == original
    assert len(written) < 64_000


@pytest.mark.parametrize(
    "damaged", [b"", b"fingerprint 4\n{}\n", b"fingerprint 3\n{}\n", b"fingerprint 1\nnot JSON\n"]
)
def test_a_damaged_fingerprint_is_refused(damaged: bytes) -> None:
    with pytest.raises(Broken):
        Fingerprint.from_bytes(damaged)


@settings(max_examples=20, deadline=None)
@example(13_800_138_000, False)
@example(13_800_138_000, True)
@given(st.integers(-(2**63), 2**63 - 1), st.booleans())
def test_no_number_is_kept_that_has_as_many_digits_as_a_telephone(
    take: Callable[..., Fingerprint],
    first: int,
    spelt: bool,  # noqa: FBT001 - drawn
) -> None:
    rows = [(i, min(first + 37 * i, 2**63 - 1), i / 8) for i in range(40)]
    if spelt:  # as a text beside others, in which numbers are numbers too
        rows.append((40, "none", 0.5))  # type: ignore[arg-type]
    taken = take(rows, ("n", "number", "height"))
    kept = [
        number
        for anchor in taken.anchors
        for number in taken.numbers_of(anchor, 1) or ()
        if number != NO_NUMBER
    ]
    assert all(abs(number) < 1e10 for number in kept)
    assert abs(first) >= 1e9 or kept
    assert taken.columns[1].base is None or abs(taken.columns[1].base) < 1e10
    assert taken.columns[2].base == 0


def older(taken: Fingerprint) -> bytes:
    """Write a fingerprint in the first form, which kept no numbers."""
    plain = Fingerprint(
        taken.rows,
        tuple(replace(each, instant=False, base=None) for each in taken.columns),
        tuple(replace(each, numbers=()) for each in taken.anchors),
    )
    _, head, packed = plain.to_bytes().split(b"\n", 2)
    words = json.loads(head)
    words["columns"] = [each[:4] for each in words["columns"]]
    return b"fingerprint 1\n" + json.dumps(words).encode() + b"\n" + packed


def test_a_fingerprint_of_the_older_form_is_read_and_copies_in_the_same_units_are_found(
    take: Callable[..., Fingerprint], narrow: Fingerprint
) -> None:
    kept = Fingerprint.from_bytes(older(narrow))
    assert found(take(shuffled(TIDE), NARROW), kept).how == "rows"
    assert found(take([row[1:3] for row in TIDE], ["a", "b"]), kept).how == "columns"
    centimetres = [(*row[:2], round(row[2] * 100), row[3]) for row in TIDE]
    assert likeness(take(centimetres, NARROW), kept) is None


def test_a_fingerprint_cut_short_is_refused(original: Fingerprint) -> None:
    with pytest.raises(Broken):
        Fingerprint.from_bytes(original.to_bytes()[:-4])


def mixed(number: int) -> int:
    """SplitMix64's finaliser, in whole numbers."""
    number = (number + 0x9E3779B97F4A7C15) % 2**64
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ number >> 27) * 0x94D049BB133111EB % 2**64
    return number ^ number >> 31


def whole_number(value: int) -> int:
    return mixed(value % 2**64 ^ 0xD1B54A32D192ED03)


def fraction(digits: int, power: int) -> int:
    return mixed((mixed(digits % 2**64) + power % 2**64 * 0x8CB92BA72F3D8DD7) % 2**64)


def words(text: str) -> int:
    """What DuckDB calls md5_number_lower: the second half of the MD5, little end first."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest()[8:], "little")


def test_the_hash_of_every_sort_of_cell_is_fixed_for_good(take: Callable[..., Fingerprint]) -> None:
    midnight = int(dt.datetime(2026, 1, 5, tzinfo=dt.UTC).timestamp())
    rows = [("7", "-1.5", " Ä b ", "true", "2026-01-05", "20260105", "2026年1月5日")]
    taken = take([rows[0], (9, "0.00012345678", "c", "false", "", "", "")], list("abcdefg"))
    first = [
        whole_number(7),
        fraction(-150_000, 0),
        words("ä b"),
        whole_number(1),
        whole_number(midnight),
        whole_number(midnight),
        whole_number(midnight),
    ]
    second = [whole_number(9), fraction(123_457, -4), words("c"), whole_number(0)]
    for place, column in enumerate(taken.columns):
        kept = {first[place], *second[place : place + 1]}
        assert set(column.values.keys) == kept, column.name
    assert set(taken.rows.keys) == {mixed(sum(first) % 2**64), mixed(sum(second) % 2**64)}


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("1.50", "1.5"),
        ("150e-2", "1.5"),
        ("2.0", "2"),
        ("1234567.25", "1234567.4"),  # to six digits, as single precision would have it
        ("999999.7", "1000000"),
        ("2026-01-05T00:00:00+08:00", "2026-01-04 16:00"),
        ("05.01.2026 00:00:00", "2026/1/5"),
        ("5 Jan 2026", "5-Jan-2026"),
        ("5-Jan-2026", "2026-01-05"),
        ("05.01.2026 00:30", "2026-01-05T00:30:00"),
        ("2026.01.05 00:30", "2026-01-05T00:30:00"),
        ("1,234,567", "1234567"),
        ("-1,234.5", "-1234.5"),
        ("1.234.567,89", "1234567.89"),
        ("0,125", "0.125"),
        ("-12,5", "-12.5"),
        ("¥1,234.50", "1234.5"),
        ("1.234,50 €", "1234.5"),
        ("CNY 12", "12"),
        ("1,200 kg", "1200"),
        ("12.5℃", "12.5"),
        ("9,007,199,254,740,999", "9007199254740999"),
        ("Ａ", "ａ"),
        ("e\u0301", "é"),
    ],
)
def test_ways_of_writing_one_thing_agree(
    one: str, same: str, take: Callable[..., Fingerprint]
) -> None:
    assert take([(one, 1)], ["a", "b"]).rows == take([(same, 1)], ["a", "b"]).rows


def test_a_column_that_is_spelt_in_two_ways_says_what_it_said(
    take: Callable[..., Fingerprint],
) -> None:
    for cells in (["1,234", "n/a"], ["12 kg", "3 t"], ["1,234,567", "1.234.567"], ["1,5", "2 m"]):
        (column, _) = take([(each, i) for i, each in enumerate(cells)], ["a", "b"]).columns
        assert set(column.values.keys) == {words(each) for each in cells}
    # Where one cell alone tells, it tells of all.
    (column, _) = take([("1,234", 0), ("0,5", 1)], ["a", "b"]).columns
    assert set(column.values.keys) == {fraction(123_400, 0), fraction(500_000, -1)}
    long = "1," + ",".join(["234"] * 200)
    (column, _) = take([(long, 0), ("1,5", 1)], ["a", "b"]).columns  # neither way alone
    assert words("1,5") in column.values.keys
    (column, _) = take([(long, 0), ("1,500", 1)], ["a", "b"]).columns
    assert set(column.values.keys) == {words(long.replace(",", "")), whole_number(1500)}
    late = [(f"{i}", i) for i in range(100)] + [("1,234", 100)]
    assert take(late, ["a", "b"]).rows == take([*late[:-1], ("1234", 100)], ["a", "b"]).rows


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *[("1.5", "1.50001"), ("7", "-7"), ("2026-01-05", "2026-01-06"), ("0", ""), ("x y", "xy")],
        *[("¥5", "$5x"), ("12B", "12"), ("1,2,3", "123"), ("01,234", "1234")],
    ],
)
def test_different_things_do_not_agree(
    one: str, other: str, take: Callable[..., Fingerprint]
) -> None:
    assert take([(one, 1)], ["a", "b"]).rows != take([(other, 1)], ["a", "b"]).rows
