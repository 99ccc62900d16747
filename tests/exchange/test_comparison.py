"""Declared beside measured: what is measured is never typed over."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.comparison import Line, changes, compare, differences
from exchange.profile import Profile
from exchange.specsheet import SpecSheet
from exchange.venue import Venue
from tests.exchange.floor import DATA, SHEET, sheet

FIELDS = SHEET["content"]["fields"]


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    path: Path = tmp_path_factory.mktemp("data") / "temperature.csv"
    path.write_text(DATA)
    return Venue.inspect_file(path)


def physical(**declared: object) -> SpecSheet:
    return sheet(physical={"update_frequency": "static", **declared})


def line(found: SpecSheet, profile: Profile, field: str) -> Line:
    return next(each for each in compare(found, profile) if each.field == field)


def test_what_is_measured_stands_there_though_nothing_was_declared(profile: Profile) -> None:
    found = {each.field: each.measured for each in compare(physical(), profile)}
    assert found["physical.rows"] == "6"
    assert found["physical.bytes"] == str(len(DATA.encode()))
    assert found["physical.columns"] == "5"
    assert found["physical.format"] == "text/csv"
    assert found["physical.compression"] == "none"
    assert (found["physical.period.start"], found["physical.extent.west"]) == (
        "2026-01-04T00:00:00Z",
        "119.61",
    )
    assert found["content.fields.temperature.type"] == "decimal"
    assert differences(physical(), profile) == ()


def test_no_sheet_names_a_fill_value_that_its_supplier_told_the_register_there_is_not(
    profile: Profile,
) -> None:
    declared = dataclasses.replace(profile, no_fill_value=("temperature",))

    def differing(word: str) -> list[str]:
        fields = [
            each | ({"fill_value": word} if each["name"] == "temperature" else {})
            for each in FIELDS
        ]
        found = sheet(content=SHEET["content"] | {"fields": fields})
        return [f"{each.declared} {each.measured}" for each in differences(found, declared)]

    assert differing("-999") == ["-999 none"]
    assert differing("none") == differing("empty cell") == []  # which is no value


@pytest.mark.parametrize(
    ("field", "declared"),
    [
        ("bytes", 1),
        ("columns", 6),
        ("format", "application/json"),
        ("encoding", "gb18030"),
        ("compression", "gzip"),
    ],
)
def test_what_is_declared_otherwise_differs(profile: Profile, field: str, declared: object) -> None:
    (found,) = differences(physical(**{field: declared}), profile)
    assert (found.field, found.declared) == (f"physical.{field}", str(declared))


def test_a_date_is_held_to_the_day_and_an_instant_to_the_second(profile: Profile) -> None:
    day = {"start": "2026-01-04", "end": "2026-01-04"}
    assert differences(physical(period=day), profile) == ()
    late = {"start": "2026-01-04T00:00:01Z", "end": "2026-01-04T03:00:00Z"}
    (found,) = differences(physical(period=late), profile)
    assert found.field == "physical.period.start"


def test_gaps_and_steps_are_counted_not_declared(profile: Profile) -> None:
    period = {"start": "2026-01-04", "end": "2026-01-04", "gaps": 7, "step_seconds": 3_600}
    (found,) = differences(physical(period=period), profile)
    assert (found.field, found.declared, found.measured) == ("physical.period.gaps", "7", "0")


def test_an_edge_is_held_to_its_last_decimal_place(profile: Profile) -> None:
    box = {"west": "119.6", "south": "35.4", "east": "120.34", "north": "36"}
    assert differences(physical(extent=box), profile) == ()
    (found,) = differences(physical(extent=box | {"east": "120.36"}), profile)
    assert (found.field, found.measured) == ("physical.extent.east", "120.34")


def test_a_coverage_that_the_data_has_not_differs(profile: Profile) -> None:
    nowhere = dataclasses.replace(profile, space=None, time=None)
    box = {"west": "1", "south": "1", "east": "2", "north": "2"}
    period = {"start": "2026", "end": "2026"}
    found = differences(physical(extent=box, period=period), nowhere)
    assert {each.measured for each in found} == {"none"}
    assert len(found) == 6


def test_a_type_and_a_unit_of_the_file_have_the_last_word(profile: Profile) -> None:
    fields = [*FIELDS[:4], FIELDS[4] | {"type": "text"}]
    (found,) = differences(sheet(content={"fields": fields}), profile)
    assert (found.field, found.declared, found.measured) == (
        "content.fields.temperature.type",
        "text",
        "decimal",
    )
    assert line(sheet(), profile, "content.fields.temperature.unit").differs is False


def test_columns_that_only_one_side_has_differ(profile: Profile) -> None:
    fields = [*FIELDS[:4], FIELDS[4] | {"name": "salinity"}]
    found = differences(sheet(content={"fields": fields}), profile)
    assert {(each.field, each.declared) for each in found} == {
        ("content.fields.salinity", "present"),
        ("content.fields.temperature", "absent"),
    }


def test_a_name_that_stands_more_than_once_is_told_once_and_how_often(profile: Profile) -> None:
    twice = sheet(content={"fields": [*FIELDS, FIELDS[4] | {"meaning": "again"}]})
    (found,) = differences(twice, profile)
    assert (found.field, found.declared, found.measured) == (
        "content.fields.temperature",
        "named 2 times",
        "once",
    )
    assert line(twice, profile, "content.fields.temperature").differs
    four = sheet(content={"fields": [*FIELDS, *[FIELDS[4] | {"name": "salinity"}] * 4]})
    (found,) = differences(four, profile)
    assert (found.field, found.declared, found.measured) == (
        "content.fields.salinity",
        "named 4 times",
        "absent",
    )


@given(st.decimals(-90, 90, places=4), st.integers(0, 4))
def test_an_edge_rounded_to_any_place_is_no_difference(measured: Decimal, places: int) -> None:
    from exchange.comparison import _near  # noqa: PLC0415 - the rule alone

    rounded = round(measured, places)
    assert _near(rounded, measured)
    unit = Decimal(1).scaleb(-places)
    assert not _near(rounded + 2 * unit, measured)


# Two sheets side by side.


def test_two_sheets_differ_field_by_field() -> None:
    after = sheet(
        contact="another@supplier.example",
        content={"fields": [*FIELDS[:4], FIELDS[4] | {"unit": "K"}]},
    )
    found = [(each.field, each.before, each.after) for each in changes(sheet(), after)]
    assert found == [
        ("content.fields.temperature.unit", "degree_Celsius", "K"),
        ("content.horizontal_datum", "CGCS2000", ""),
        ("contact", "data@supplier.example", "another@supplier.example"),
    ]


def test_a_field_that_comes_or_goes_is_a_change_from_or_to_nothing() -> None:
    after = sheet(content={"fields": FIELDS[:4], "horizontal_datum": "CGCS2000"})
    found = {each.field: (each.before, each.after) for each in changes(sheet(), after)}
    assert found["content.fields.temperature.meaning"] == ("水温", None)
    back = {each.field: (each.before, each.after) for each in changes(after, sheet())}
    assert back == {name: (new, old) for name, (old, new) in found.items()}


def test_fields_of_one_name_are_told_apart_by_their_count() -> None:
    fields = [*FIELDS, *(FIELDS[4] | {"meaning": each} for each in ("second", "third"))]
    found = {each.field: each.after for each in changes(sheet(), sheet(content={"fields": fields}))}
    assert "content.fields.temperature.meaning" not in found
    assert found["content.fields.temperature (2).meaning"] == "second"
    assert found["content.fields.temperature (3).meaning"] == "third"


def test_a_sheet_does_not_differ_from_itself() -> None:
    assert changes(sheet(), sheet()) == ()


# The first collection, and the key.


@pytest.mark.parametrize(
    ("declared", "differs"),
    [("2026-01-20", True), ("2026-01-05", True), ("2026-01-04", False), ("1999-12-31", False)],
)
def test_nothing_is_first_collected_after_its_first_instant(
    profile: Profile, declared: str, *, differs: bool
) -> None:
    found = line(physical(first_collected=declared), profile, "physical.first_collected")
    assert found == Line("physical.first_collected", declared, "2026-01-04", differs)


@pytest.mark.parametrize(
    ("start", "differs"),
    [
        ("2026-01-03T16:00:00Z", False),
        ("2026-01-03T09:59:59Z", True),
        ("9999-12-31T20:00:00Z", False),
    ],
)
def test_the_day_begins_where_the_supplier_is(
    profile: Profile, start: str, *, differs: bool
) -> None:
    assert profile.time is not None
    moved = dataclasses.replace(profile, time=dataclasses.replace(profile.time, start=start))
    found = line(physical(first_collected="2026-01-04"), moved, "physical.first_collected")
    assert found.differs is differs


def test_days_may_be_those_of_something_else(profile: Profile) -> None:
    assert profile.time is not None
    for step, differs in ((86_399, True), (86_400, False)):
        daily = dataclasses.replace(
            profile, time=dataclasses.replace(profile.time, step_seconds=step)
        )
        found = line(physical(first_collected="2026-02-01"), daily, "physical.first_collected")
        assert found.differs is differs


def test_without_an_instant_the_first_collection_is_the_suppliers_word(profile: Profile) -> None:
    timeless = dataclasses.replace(profile, time=None)
    found = line(physical(first_collected="2030-01-04"), timeless, "physical.first_collected")
    assert found == Line("physical.first_collected", "2030-01-04", None)


def keyed(*names: str) -> SpecSheet:
    fields = [each | ({"key": True} if each["name"] in names else {}) for each in FIELDS]
    return sheet(content={**SHEET["content"], "fields": fields})


def counted(profile: Profile, **columns: tuple[int, int]) -> Profile:
    """Return the profile with so many different values and missing cells of some columns."""
    changed = [
        dataclasses.replace(each, distinct=columns[each.name][0], missing=columns[each.name][1])
        if each.name in columns
        else each
        for each in profile.columns
    ]
    return dataclasses.replace(profile, columns=tuple(changed))


@pytest.mark.parametrize(
    ("names", "measured", "differs"),
    [
        (("station",), "2 / 6", True),
        (("time",), "4 / 6", True),
        (("station", "time"), None, False),  # eight combinations of six rows: nobody counted
        (("temperature",), "6 / 6", False),
        (("station", "temperature"), "6 / 6", False),
    ],
)
def test_the_key_is_held_against_the_rows_that_it_can_tell_apart(
    profile: Profile, names: tuple[str, ...], measured: str | None, *, differs: bool
) -> None:
    told = counted(profile, station=(2, 0), time=(4, 0), temperature=(6, 0))
    found = line(keyed(*names), told, "content.key")
    assert found == Line("content.key", ", ".join(names), measured, differs)
    assert [each.field for each in differences(keyed(*names), told)] == ["content.key"] * differs


def test_two_columns_of_few_values_tell_few_rows_apart(profile: Profile) -> None:
    told = counted(profile, station=(2, 0), time=(2, 0))
    assert line(keyed("station", "time"), told, "content.key").measured == "≤ 4 / 6"


def test_a_missing_cell_is_one_value_of_the_key(profile: Profile) -> None:
    assert not line(keyed("time"), counted(profile, time=(5, 1)), "content.key").differs
    assert line(keyed("time"), counted(profile, time=(4, 2)), "content.key").measured == "5 / 6"


def test_no_key_tells_rows_apart_that_repeat_one_another(profile: Profile) -> None:
    twice = dataclasses.replace(counted(profile, temperature=(5, 0)), duplicate_rows=1)
    found = line(keyed(*(each["name"] for each in FIELDS)), twice, "content.key")
    assert (found.measured, found.differs) == ("≤ 5 / 6", True)


def test_a_key_that_is_not_there_is_one_difference(profile: Profile) -> None:
    fields = [*FIELDS, {"name": "elsewhere", "meaning": "x", "key": True}]
    found = differences(sheet(content={**SHEET["content"], "fields": fields}), profile)
    assert [each.field for each in found] == ["content.fields.elsewhere"]
    assert "content.key" not in {each.field for each in compare(keyed(), profile)}
