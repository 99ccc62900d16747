from __future__ import annotations

import gzip

import pytest

from exchange.errors import Unreadable
from exchange.inspection.conformance import ReaderContract
from exchange.inspection.seabird import SeabirdReader
from exchange.profile import ColumnType
from tests.exchange.inspection.conftest import Inspected
from tests.exchange.inspection.specimens import CAST


class TestSeabirdReader(ReaderContract):
    reader = SeabirdReader()
    suffix = ".cnv"
    document = CAST
    rows, columns = 3, 4


def test_a_cast_is_read_with_units_time_and_place(inspected: Inspected) -> None:
    profile = inspected(CAST, "cast.cnv")
    names = [(column.name, column.type, column.unit) for column in profile.columns]
    assert names == [
        ("timeS", ColumnType.TIMESTAMP, "UTC"),
        ("prDM", ColumnType.DECIMAL, "db"),
        ("t090C", ColumnType.DECIMAL, "ITS-90, deg C"),
        ("flag", ColumnType.DECIMAL, None),
    ]
    temperature = profile.columns[2]
    assert (temperature.missing, temperature.fill_value) == (1, "-9.99e-29")
    assert profile.time is not None
    assert (profile.time.start, profile.time.end) == (
        "2026-01-05T08:00:00Z",
        "2026-01-05T08:00:02.500000Z",
    )
    assert profile.space is not None
    assert (profile.space.west, profile.space.north) == ("120.5", "36.21")
    assert profile.space.columns == ("NMEA Longitude", "NMEA Latitude")
    assert ("** Cruise", "spring") in profile.attributes


@pytest.mark.parametrize(("end", "unit", "standard"), [("M", "db", True), ("E", "psi", False)])
def test_both_sensors_of_pressure_stand_beside_each_other(
    inspected: Inspected, end: str, unit: str, *, standard: bool
) -> None:
    """Sea-Bird calls them alike but for a capital, which nobody else tells apart."""
    cast = CAST.replace(b"prDM: Pressure, Digiquartz [db]", f"prD{end}: Pressure [{unit}]".encode())
    both = f"prd{end}: Pressure, Strain Gauge [{unit}]".encode()
    cast = cast.replace(b"t090C: Temperature [ITS-90, deg C]", both)
    profile = inspected(cast, "cast.cnv")
    gauges = [(each.name, each.unit, each.standard_name) for each in profile.columns[1:3]]
    assert [(name, unit) for name, unit, _ in gauges] == [
        (f"prD{end}", unit),
        (f"prd{end} strain gauge", unit),
    ]
    if standard:
        assert {found for _, _, found in gauges} == {"sea_water_pressure"}
    words = f"column prd{end} strain gauge: called prd{end} by the instrument, beside a prD{end}"
    assert words in profile.remarks


def test_a_strain_gauge_alone_keeps_its_name(inspected: Inspected) -> None:
    profile = inspected(CAST.replace(b"prDM", b"prdM"), "cast.cnv")
    assert profile.columns[1].name == "prdM"
    assert not any("strain gauge" in each for each in profile.remarks)


@pytest.mark.parametrize(
    ("name", "cell", "instant"),
    [
        ("timeJ: Julian Days", "5.500000", "2026-01-05T12:00:00Z"),
        ("timeJ: Julian Days", "366.250000", "2027-01-01T06:00:00Z"),
        ("timeM: Time, Elapsed [minutes]", "1.500", "2026-01-05T08:01:30Z"),
        ("timeH: Time, Elapsed [hours]", "2.000", "2026-01-05T10:00:00Z"),
        ("timeY: Time, System [seconds]", "1767571200", "2026-01-05T00:00:00Z"),
        ("timeK: Time, Instrument [seconds]", "820886400", "2026-01-05T00:00:00Z"),
    ],
)
def test_every_way_of_counting_time_becomes_instants(
    inspected: Inspected, name: str, cell: str, instant: str
) -> None:
    text = CAST.replace(b"timeS: Time, Elapsed [seconds]", name.encode())
    for row in (b"      0.000", b"      1.000  ", b"      2.500"):
        text = text.replace(row, cell.encode().rjust(11) + row[11:])
    profile = inspected(text, "cast.cnv")
    assert profile.columns[0].minimum == instant


def test_time_that_nothing_dates_stays_a_number_and_says_so(inspected: Inspected) -> None:
    profile = inspected(CAST.replace(b"# start_time", b"# started"), "cast.cnv")
    assert (profile.columns[0].type, profile.time) == (ColumnType.DECIMAL, None)
    assert "column timeS: nothing dates it, kept as numbers" in profile.remarks


def test_a_cast_without_a_column_of_time_has_its_start(inspected: Inspected) -> None:
    profile = inspected(CAST.replace(b"timeS: Time", b"scan: Scan"), "cast.cnv")
    assert profile.time is not None
    assert (profile.time.column, profile.time.start) == ("# start_time", "2026-01-05T08:00:00Z")


def test_infinite_cells_are_missing_and_told(inspected: Inspected) -> None:
    profile = inspected(CAST.replace(b"    5.1234", b"      -inf"), "cast.cnv")
    assert "column t090C: 1 infinite cells are read as missing" in profile.remarks
    assert profile.columns[2].missing == inspected(CAST, "cast.cnv").columns[2].missing + 1


def test_numbers_that_touch_are_told_apart_by_their_width(inspected: Inspected) -> None:
    wide = CAST.replace(b"      1.000     5.1234", b"-9999.12345-9999.12345")
    assert inspected(wide, "cast.cnv").columns[1].minimum == "-9999.12345"


def test_the_theta_of_windows_is_read_and_named(inspected: Inspected) -> None:
    profile = inspected(CAST.replace(b"t090C: Temp", b"sigma-\xe900: Dens"), "cast.cnv")
    assert (profile.columns[2].name, profile.encoding) == ("sigma-é00", "cp1252")


def test_a_wrapper_and_windows_line_ends_change_no_row(inspected: Inspected) -> None:
    plain = inspected(CAST, "cast.cnv")
    other = gzip.compress(CAST.replace(b"\n", b"\r\n"), mtime=0)
    assert inspected(other, "cast.cnv.gz").rows_digest == plain.rows_digest


@pytest.mark.parametrize(
    ("old", "new", "rule", "message"),
    [
        (b"# nvalues = 3", b"# nvalues = 4", "F-01", "3 rows where # nvalues says 4"),
        (b"# nvalues = 3", b"# nvalues = -3", "F-06", "# nvalues is no count"),
        (b"# nquan = 4", b"# nquan = 5", "F-06", "# nquan says 5 and 4 columns are named"),
        (b"# nquan", b"# count", "F-06", "# nquan says nothing"),
        (b"# nquan = 4", b"# nquan = 99999999999999", "F-06", "# nquan is no count"),
        (b"# name 1", b"# name 7", "F-06", "4 columns are named"),
        (b"t090C", b"prDM", "F-06", "two columns are called 'prDM'"),
        (b"t090C", b"PRDM", "F-06", "'prDM' and 'PRDM' differ in capitals"),
        (b"t090C:", b"t09\x07C:", "F-06", "control character"),
        (b"*END*\n", b"", "F-01", "does not end with *END*"),
        (b"     5.1236", b"", "F-06", "line 18: 3 cells where # nquan says 4"),
        (b"     5.1236", b"     5.12x6", "F-06", "line 18: a cell is not a number"),
        (b"= ascii", b"= binary", "F-01", "binary form"),
        (b"Jan 05 2026", b"Feb 30 2026", "F-01", "start_time is not a time"),
        (b"36 12.60 N", b"96 12.60 N", "F-01", "the NMEA position is none"),
        (b"36 12.60 N", b"unknown", "F-01", "the NMEA position is none"),
        (b"= -9.990e-29", b"= bad", "F-06", "# bad_flag is no number"),
        (b"cast.hex", b"cast\0hex", "F-06", "line 2: a NUL byte"),
        (b"     5.1236", b"     5.12\xe96", "F-05", "line 18: a row is ASCII"),
        (b"cast.hex", b"x" * (1 << 20), "F-06", "line 2: a line of more than"),
        (b"2.500      3.000", b"2.500\n\n      3.000", "F-06", "cells where # nquan says 4"),
    ],
)
def test_damaged_casts_are_refused(
    inspected: Inspected, old: bytes, new: bytes, rule: str, message: str
) -> None:
    with pytest.raises(Unreadable) as refused:
        inspected(CAST.replace(old, new, 1), "cast.cnv")
    assert message in str(refused.value)
    assert refused.value.rules == (rule,)
