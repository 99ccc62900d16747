"""Tables that may be others written otherwise, and what is left as it stands."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from exchange.fingerprint import NO_NUMBER, Fingerprint
from exchange.inspection import discover_readers, inspect
from tests.exchange.inspection.copies import BUOY, TRADE, Table, glued, melted, turned

READERS = discover_readers()
Take = Callable[[Table], Fingerprint]


@pytest.fixture
def take(tmp_path: Path) -> Take:
    def taken(table: Table) -> Fingerprint:
        path, kept = tmp_path / "data.csv", list[Fingerprint]()
        with path.open("w", encoding="utf-8", newline="") as text:
            csv.writer(text, lineterminator="\n").writerows([table.header, *table.rows])
        inspect(path, readers=READERS, keep=kept.append)
        return kept[0]

    return taken


def of(cells: Sequence[Any], *more: Sequence[Any]) -> Table:
    """Return a table of a column of cells, beside numbers and what else is given."""
    columns = (cells, range(len(cells)), *more)
    return Table(tuple("abcde"[: len(columns)]), tuple(zip(*columns, strict=True)))


def columns(file: Fingerprint) -> list[list[str]]:
    return [[each.name for each in laid.columns] for laid in file.layouts]


def test_a_table_as_tables_are_has_no_other_layout(take: Take) -> None:
    assert take(BUOY).layouts == take(TRADE).layouts == ()


@pytest.mark.parametrize("sign", ["/", ";", "|", "\t", "_", ",", " "])
def test_glued_numbers_are_read_as_columns(sign: str, take: Take) -> None:
    copy = take(BUOY.each(glued(sign), "day", "station", "all"))
    assert columns(copy) == [["day", "station", *(f"all {i}" for i in range(1, 6))]]
    plain = take(BUOY.each(lambda row: (row[0].date(), *row[1:])))
    assert copy.layouts[0].rows == plain.rows
    assert [each.values for each in copy.layouts[0].columns] == [
        each.values for each in plain.columns
    ]


@pytest.mark.parametrize(
    "cells",
    [
        ["138 0013 8000", "139 0013 8001"],  # of which the parts would be kept as numbers
        ["138 0013 800.5", "1380 01380 01.5"],
        ["8888 66 7", "8888 66 8"],
        ["1/2", "3/4"],
        ["1/2/3", "1/2"],
        ["a/b/c", "a/b/2"],
        ["05/01/2026", "06/01/2026"],
        ["1,234,567", "7,654,321"],
        ["1,234,567.5", "7,654,321.5"],
        ["/".join(["1"] * 33)] * 2,
    ],
)
def test_other_cells_are_left_whole(cells: list[str], take: Take) -> None:
    assert columns(take(of(cells * 8))) == []


def test_one_cell_of_another_form_leaves_all_whole(take: Take) -> None:
    cells = [f"{i}.5/{i}.25/{i}" for i in range(100)]
    assert columns(take(of(cells))) == [["a 1", "a 2", "a 3", "b"]]
    assert columns(take(of([*cells, "1.5/2.5"]))) == []
    assert columns(take(of([*cells, "138/0013/8000.0"]))) == []
    assert columns(take(of([*cells, ""]))) == [["a 1", "a 2", "a 3", "b"]]


def test_numbers_as_long_as_telephones_are_not_kept_of_parts(take: Take) -> None:
    cells = [f"{i}.5;13800138{i:03};1.5" for i in range(100)]
    (laid,) = take(of(cells)).layouts or (None,)
    assert laid is None  # glued so, they are one run of digits
    cells = [f"{i}.5;x;13800138{i:03}.5" for i in range(100)]
    for laid in take(of(cells)).layouts:
        assert all(
            number == NO_NUMBER or number < 1e9
            for anchor in laid.anchors
            for number in laid.numbers_of(anchor, 2) or ()
        )


def test_melted_columns_are_columns_again_under_names_that_tell_nothing(take: Take) -> None:
    copy = take(melted(BUOY).shuffled())
    assert columns(copy) == [["time", *(f"value {i}" for i in range(1, 6))]]
    numbers = sorted(BUOY.header[2:])
    plain = take(BUOY.each(lambda row: row))
    by_name = {each.name: each.values for each in plain.columns}
    assert [each.values for each in copy.layouts[0].columns[1:]] == [by_name[n] for n in numbers]


def test_what_is_no_melted_table_is_left_as_it_is(take: Take) -> None:
    kinds, days = ["ab"[i % 2] for i in range(40)], [i // 2 for i in range(40)]
    words = [f"day {i}" for i in days]
    values = [i / 7 for i in range(40)]

    def table(*each: Sequence[Any]) -> Table:
        return Table(tuple("abcd"[: len(each)]), tuple(zip(*each, strict=True)))

    assert columns(take(table(words, kinds, values))) == [["a", "c 1", "c 2"]]
    assert columns(take(table(kinds, values))) == []  # of nothing
    assert columns(take(table(words, ["a"] * 40, values))) == []  # of one kind
    assert columns(take(table(words, kinds, values, values))) == []  # two numbers a row
    assert columns(take(table(words, sorted(kinds), values))) == []  # twice of one thing
    sparse = [f"day {i}" for i in range(40)]
    assert columns(take(table(sparse, kinds, values))) == [["a", "c 1", "c 2"]]
    many = [f"kind {i % 5}" for i in range(40)]
    assert columns(take(table(sparse, many, values))) == []  # most would be missing
    each_its_own = [f"kind {i % 65}" for i in range(65**2)]
    long = [f"day {i // 65}" for i in range(65**2)]
    assert columns(take(table(long, each_its_own, range(65**2)))) == []  # of too many kinds


def test_a_table_of_few_rows_and_many_columns_is_turned(take: Take) -> None:
    assert columns(take(turned(BUOY, 20))) == [[f"row {i}" for i in range(1, 6)]]
    assert columns(take(turned(BUOY, 19))) == []
    one = turned(BUOY, 60)
    assert columns(take(Table(one.header, one.rows[:1]))) == []
    tall = BUOY.each(lambda row: [row[2] + i for i in range(260)], *(f"c{i}" for i in range(260)))
    assert len(take(Table(tall.header, tall.rows[:64])).layouts) == 1
    assert take(Table(tall.header, tall.rows[:65])).layouts == ()
    days = [20260101 + i for i in range(30)]  # which are dates, not numbers
    dated = Table(tuple(f"d{i}" for i in range(30)), (tuple(days), tuple(days[::-1])))
    assert columns(take(dated)) == []


def test_layouts_are_written_and_read_and_looked_up(take: Take) -> None:
    copy = take(BUOY.each(glued("/"), "day", "station", "all"))
    assert Fingerprint.from_bytes(copy.to_bytes()) == copy
    (laid,) = copy.layouts
    assert laid.probes <= copy.probes
    assert laid.questions <= copy.questions
    assert len(copy.to_bytes()) < 130_000
