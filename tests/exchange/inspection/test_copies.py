"""Copies of which much was changed are found by what was not, and strangers are left alone."""

from __future__ import annotations

import csv
import itertools
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from exchange.fingerprint import Fingerprint
from exchange.inspection import discover_readers, inspect
from exchange.likeness import Likeness, likeness, likeness_or_part, together
from tests.exchange.inspection.copies import (
    BUOY,
    DISGUISES,
    STRANGERS,
    Row,
    Table,
    buoy,
    from_both,
    joined,
)

READERS = discover_readers()


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Table], Fingerprint]:
    folder, known = tmp_path_factory.mktemp("copies"), dict[Table, Fingerprint]()

    def take(table: Table) -> Fingerprint:
        if table not in known:
            path = folder / "data.csv"
            with path.open("w", encoding="utf-8", newline="") as text:
                csv.writer(text, lineterminator="\n").writerows([table.header, *table.rows])
            known[table] = of(path)
        return known[table]

    return take


def of(path: Path) -> Fingerprint:
    kept: list[Fingerprint] = []
    inspect(path, readers=READERS, keep=kept.append)
    return kept[0]


def found(copy: Fingerprint, original: Fingerprint) -> Likeness:
    like = likeness(copy, original)
    assert like is not None, "the copy was not recognised"
    assert copy.questions & original.probes, "a search would not come upon the original"
    return like


@pytest.mark.parametrize("name", DISGUISES)
def test_a_copy_under_a_disguise_is_found_from_either_side(
    name: str, taken: Callable[[Table], Fingerprint]
) -> None:
    registered, copied, columns = DISGUISES[name]
    original, copy = taken(registered), taken(copied)
    like, back = found(copy, original), found(original, copy)
    assert len(like.columns) == len(back.columns) == columns
    assert min(like.this_ppm, back.other_ppm) >= 900_000


def test_what_agrees_and_what_was_changed_is_told(taken: Callable[[Table], Fingerprint]) -> None:
    registered, copied, _ = DISGUISES["two columns translated, two rounded"]
    like = found(taken(copied), taken(registered))
    assert like.how == "converted"
    assert [ours for ours, _ in like.columns] == ["date", "weight_kg", "value_cny", "parcels"]
    assert like.others == ("category", "port")
    ((name, near),) = like.near
    assert (name, round(near.within)) == ("weight_kg", 50)
    assert [(name, map_.words) for name, map_ in like.converted] == [("value_cny", "1 × x + 0")]
    untouched, suffixed, _ = DISGUISES["suffixes on two of six columns"]
    like = found(taken(suffixed), taken(untouched))
    assert (like.how, like.near, like.others) == ("columns", (), ("category", "port"))


def test_one_column_in_three_of_one_s_own_is_no_copy_where_days_are_shared(
    taken: Callable[[Table], Fingerprint],
) -> None:
    # Two indices of the market beside a figure of each one's own.
    ours, theirs = STRANGERS["indices of a market"]
    first, second = (
        taken(table.each(lambda row: row[:4], *table.header[:4])) for table in (ours, theirs)
    )
    assert likeness(first, second) is None


def test_two_columns_that_agree_in_two_rows_of_three_are_no_copy(
    taken: Callable[[Table], Fingerprint],
) -> None:
    chance = random.Random(6)  # noqa: S311 - the same rows every time
    narrow = BUOY.each(lambda row: (row[0], row[2] + (chance.random() < 1 / 3)), "time", "level")
    assert likeness(taken(narrow), taken(BUOY)) is None


def test_columns_of_which_other_cells_were_changed_in_every_row_are_no_copy(
    taken: Callable[[Table], Fingerprint],
) -> None:
    chance = random.Random(7)  # noqa: S311 - the same rows every time
    places = itertools.cycle(range(5))

    def but_two(row: Row) -> Row:
        first = next(places)
        return tuple(
            cell + chance.random() if i - 2 in {first, (first + 2) % 5} else cell
            for i, cell in enumerate(row)
        )

    changed = BUOY.each(but_two)
    assert likeness(taken(changed), taken(BUOY)) is None


def test_what_was_put_together_from_several_is_found_of_all_of_them(
    taken: Callable[[Table], Fingerprint],
) -> None:
    second = buoy(2, station="RZ02")
    copy = taken(from_both(BUOY, second))
    parts = [likeness_or_part(copy, taken(each)) for each in (BUOY, second, buoy(3))]
    ours, theirs, stranger = parts
    assert ours is not None
    assert theirs is not None
    assert stranger is None
    assert (ours.in_part, ours.facts) == (True, ("level", "air"))
    assert (theirs.in_part, theirs.facts) == (True, ("wind", "humidity"))
    assert likeness(copy, taken(BUOY)) is None
    assert together([ours, theirs], copy) == together([ours, ours, theirs][::2], copy) == [0, 1]
    assert together([ours, ours, theirs], copy) == [0, 2]
    assert together([ours], copy) == together([ours, ours], copy) == together([], copy) == []


def test_one_s_own_figures_beside_those_of_others_are_not_put_together(
    taken: Callable[[Table], Fingerprint],
) -> None:
    second = buoy(2, station="RZ02")
    copy = taken(from_both(BUOY, second, "own"))
    parts = [likeness_or_part(copy, taken(each)) for each in (BUOY, second)]
    assert all(each is not None and each.in_part for each in parts)
    assert together([each for each in parts if each], copy) == []
    # Shops of one town have its weather in common, and each its own sales.
    shop = taken(joined(1))
    parts = [likeness_or_part(shop, taken(joined(other))) for other in (2, 3, 4)]
    assert [each.facts for each in parts if each] == [("tmax", "rain")] * 3
    assert together([each for each in parts if each], shop) == []


def test_older_forms_find_copies_of_which_columns_were_translated(
    taken: Callable[[Table], Fingerprint],
) -> None:
    registered, copied, columns = DISGUISES["two of six columns translated"]
    kept = taken(registered)
    older = Fingerprint(
        kept.rows, kept.columns, tuple(replace(each, alone=()) for each in kept.anchors[:2])
    )
    form, head, packed = older.to_bytes().split(b"\n", 2)
    words = json.loads(head)
    words["anchors"] = [each[:3] for each in words["anchors"]]
    written = b"fingerprint 4\n" + json.dumps(words).encode() + b"\n" + packed
    assert form == b"fingerprint 5"
    read = Fingerprint.from_bytes(written)
    assert read == older
    assert len(found(taken(copied), read).columns) == columns


@pytest.mark.parametrize("name", STRANGERS)
def test_strangers_are_taken_for_copies_from_neither_side(
    name: str, taken: Callable[[Table], Fingerprint]
) -> None:
    ours, theirs = map(taken, STRANGERS[name])
    assert likeness(theirs, ours) is None
    assert likeness(ours, theirs) is None


def test_a_value_is_alone_that_stands_in_one_row_however_often(
    taken: Callable[[Table], Fingerprint],
) -> None:
    rows = [(i, i // 2, i % 7) for i in range(100)]
    table = Table(("n", "half", "week"), (*rows, *rows[:50], (0, 77, 7)))
    by_columns = {each.columns: each for each in taken(table).anchors}
    assert sorted(by_columns[0,].alone) == [False] + [True] * 99
