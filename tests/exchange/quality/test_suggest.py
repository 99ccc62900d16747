from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exchange.expectations import (
    Expectation,
    GrossRange,
    InPlace,
    InRange,
    NoGap,
    NotMissing,
    Unique,
)
from exchange.formats.sheet_file import FIRST_COLLECTED, load_sheet, template
from exchange.gauge import Gauge
from exchange.profile import ColumnProfile, ColumnType
from exchange.quality.suggest import suggest
from tests.exchange.floor import DATA
from tests.exchange.inspection.specimens import CAST

TODAY = dt.date(2026, 6, 1)
SPIKY = "id,level,note\n" + "".join(
    f"{i},{60 if i % 50 == 0 else 5 + i % 7},{'' if i % 3 else 'x'}\n" for i in range(1, 301)
)


def described(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def require_kept(path: Path) -> tuple[Expectation, ...]:
    """Return what is suggested with counts; the file keeps that, and what is without them."""
    gauge = Gauge()
    profile = gauge.inspect(path)
    counted = gauge.suggest(path, profile)
    for suggested in (suggest(profile), counted):
        for found in gauge.count(path, path.name, suggested):
            assert found.fault == ""
            assert found.meets(suggested[found.place].at_least), suggested[found.place]
    return counted


@pytest.mark.parametrize("text", [DATA, SPIKY, "a,b\n1,\n1,\n", 'a,"b ""c"" d"\n1,x\n2,y\n'])
def test_the_file_that_was_measured_keeps_all_that_is_suggested(tmp_path: Path, text: str) -> None:
    require_kept(described(tmp_path / "data.csv", text))


def spread(tmp_path: Path, cells: list[str]) -> GrossRange:
    """Return what is suggested for a column with values far out."""
    path = described(tmp_path / "data.csv", "\n".join(["level", *cells, ""]))
    (found,) = [each for each in require_kept(path) if isinstance(each, GrossRange)]
    return found


def test_one_value_far_out_is_suspect_however_far_out_it_lies(tmp_path: Path) -> None:
    cells = ["-9999.0" if i == 7 else f"{10 + i / 10:.1f}" for i in range(1, 51)]
    found = spread(tmp_path, cells)
    # Quartiles 11.325 and 13.775: fences 3.975 and 21.125, rounded to whole ones.
    assert (found.suspect_minimum, found.fail_minimum) == (Decimal(3), Decimal(-10_500))
    assert found.suspect_maximum == found.fail_maximum == Decimal("15.6")
    assert found.at_least == Decimal("0.98")
    higher = spread(tmp_path, [cell.lstrip("-") for cell in cells])
    assert higher.suspect_minimum == higher.fail_minimum == Decimal("9.5")
    assert (higher.suspect_maximum, higher.fail_maximum) == (Decimal(22), Decimal(10_500))


def test_a_tenth_in_another_unit_is_suspect(tmp_path: Path) -> None:
    found = spread(
        tmp_path,
        [f"{15 + i % 10 / 10 if i < 90 else 59 + i / 10:.1f}" for i in range(100)],
    )
    assert (found.suspect_minimum, found.suspect_maximum) == (Decimal("14.8"), Decimal("17.6"))
    assert found.at_least == Decimal("0.9")
    assert found.fail_maximum > Decimal("68.9")


@settings(max_examples=25, deadline=None)
@example([10, 10, 11, 11], [-(10**6)], 0)
@example([0], [1], 1)
@given(
    st.lists(st.integers(100, 140), min_size=1, max_size=30),
    st.lists(st.integers(-(10**6), 10**6), max_size=6),
    st.integers(0, 3),
)
def test_whatever_lies_far_out_the_file_keeps_what_is_suggested(
    near: list[int], far: list[int], places: int
) -> None:
    with TemporaryDirectory() as folder:
        cells = [f"{each / 10**places:.{places}f}" for each in [*near, *far]]
        text = "\n".join(["level", *cells, ""])
        require_kept(described(Path(folder) / "data.csv", text))


def test_of_a_position_in_the_header_alone_no_column_is_expected(tmp_path: Path) -> None:
    path, gauge = tmp_path / "cast.cnv", Gauge()
    path.write_bytes(CAST)
    profile = gauge.inspect(path)
    assert profile.space is not None
    suggested = suggest(profile)
    assert not [each for each in suggested if isinstance(each, InPlace)]
    for found in gauge.count(path, path.name, suggested):
        assert found.fault == ""
        assert found.meets(suggested[found.place].at_least), suggested[found.place]


def test_suggestions_are_ranges_with_a_margin_keys_and_what_is_never_missing(
    tmp_path: Path,
) -> None:
    suggested = suggest(Gauge().inspect(described(tmp_path / "data.csv", SPIKY)))
    assert Unique(("id",)) in suggested
    assert NotMissing("level") in suggested
    assert NotMissing("note") not in suggested
    (ids,) = [each for each in suggested if isinstance(each, InRange)]
    assert (ids.minimum, ids.maximum) == (Decimal(0), Decimal(320))
    (level,) = [each for each in suggested if isinstance(each, GrossRange)]
    assert level.suspect_maximum is not None
    assert 11 < level.suspect_maximum < 60 < level.fail_maximum
    assert level.at_least < 1


def ranges(tmp_path: Path, **columns: list[str]) -> dict[str, tuple[str, str]]:
    """Return the bounds that are suggested for columns of these cells."""
    rows = zip(*columns.values(), strict=True)
    text = "\n".join([",".join(columns), *(",".join(row) for row in rows)])
    suggested = suggest(Gauge().inspect(described(tmp_path / "data.csv", f"{text}\n")))
    found = [each for each in suggested if isinstance(each, InRange)]
    return {each.column: (str(each.minimum), str(each.maximum)) for each in found}


def test_a_range_is_as_wide_as_what_was_measured_and_a_twentieth_on_either_side(
    tmp_path: Path,
) -> None:
    found = ranges(
        tmp_path,
        narrow=[f"120.3{at:03d}" for at in range(20)],
        level=[f"{at / 10 - 1:.3f}" for at in range(20)],
        epoch=[str(1_440_000_000 + 5_000_000 * at) for at in range(20)],
    )
    assert found["narrow"] == ("120.2999", "120.302")  # measured: 120.3 to 120.3019
    assert found["level"] == ("-1.1", "1")
    assert found["epoch"] == ("1435000000", "1540000000")


def test_of_what_stands_still_the_last_digit_may_change_and_of_a_whole_number_nothing_is_said(
    tmp_path: Path,
) -> None:
    found = ranges(
        tmp_path,
        longitude=["120.31"] * 9,
        latitude=["36.0"] * 9,
        depth=["-1.5"] * 9,
        sensor=["7"] * 9,
        level=[f"{at}.25" for at in range(9)],
    )
    assert found["longitude"] == ("120.3", "120.32")
    assert found["latitude"] == ("35.9", "36.1")
    assert found["depth"] == ("-1.6", "-1.4")
    assert "sensor" not in found


def test_a_range_stays_within_what_is_possible(tmp_path: Path) -> None:
    found = ranges(
        tmp_path,
        longitude=[f"{170 + at}.95" for at in range(10)],
        latitude=[f"{-80 - at}.95" for at in range(10)],
        height=[f"{at}.5" for at in range(10)],
    )
    assert found["longitude"] == ("170.5", "180")
    assert found["latitude"] == ("-90", "-80.5")
    assert found["height"] == ("0", "10")


@pytest.mark.parametrize(
    ("unit", "bounds"),
    [("degrees", (0, 360)), ("%", (0, 380)), ("Percent", (0, 380)), ("m", (0, 380))],
)
def test_a_bearing_ends_at_360_degrees_and_a_share_at_100_percent(
    tmp_path: Path, unit: str, bounds: tuple[int, int]
) -> None:
    column = ColumnProfile(
        *("bearing", ColumnType.INTEGER, 40, 0, 40, unit),
        minimum="1",
        maximum="356",
        quartiles=("91", "126", "164"),
        histogram=(4,) * 10,
    )
    assert range_of(column, tmp_path) == bounds
    share = replace(column, minimum="2", maximum="98", quartiles=("20", "50", "70"))
    assert range_of(share, tmp_path) == ((0, 100) if unit in {"%", "Percent"} else (0, 103))


def range_of(column: ColumnProfile, folder: Path) -> tuple[int, int]:
    """Return the range that is suggested for one column."""
    plain = Gauge().inspect(described(folder / "x.csv", "a\n1\n"))
    (found,) = [e for e in suggest(replace(plain, columns=(column,))) if isinstance(e, InRange)]
    return int(found.minimum or 0), int(found.maximum or 0)


@pytest.mark.parametrize("last", ["5", "7"])
def test_of_a_few_whole_numbers_the_range_is_theirs(tmp_path: Path, last: str) -> None:
    assert ranges(tmp_path, score=["0", "3", last, "2", "1"])["score"] == ("0", last)


def test_a_series_without_a_gap_is_expected_to_stay_so(tmp_path: Path) -> None:
    suggested = suggest(Gauge().inspect(described(tmp_path / "data.csv", DATA)))
    assert NoGap("time", 7_201) in suggested


def test_a_template_with_its_suggestions_is_a_sheet(tmp_path: Path) -> None:
    profile = Gauge().inspect(described(tmp_path / "data.csv", SPIKY))
    text = template(profile, on=TODAY).replace(FIRST_COLLECTED, "first_collected = 2026-01-05")
    assert "suggestions from what was measured" in text
    written = described(tmp_path / "sheet.toml", text.replace("TODO", "said"))
    sheet, _ = load_sheet(written, identify=str)
    assert sheet.quality == suggest(profile)


def test_a_sheet_of_a_file_whose_column_is_called_todo_can_be_written(tmp_path: Path) -> None:
    profile = Gauge().inspect(described(tmp_path / "data.csv", "TODO a,b\n1,2\n2,3\n"))
    text = template(profile, on=TODAY).replace(FIRST_COLLECTED, "first_collected = 2026-01-05")
    text = text.replace('"TODO', '"said').replace('"said a"', '"TODO a"')
    sheet, _ = load_sheet(described(tmp_path / "sheet.toml", text), identify=str)
    assert Unique(("TODO a",)) in sheet.quality
