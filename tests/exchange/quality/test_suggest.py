from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from exchange.expectations import GrossRange, InRange, NoGap, NotMissing, Unique
from exchange.formats.sheet_file import FIRST_COLLECTED, load_sheet, template
from exchange.gauge import Gauge
from exchange.quality.suggest import suggest
from tests.exchange.floor import DATA

SPIKY = "id,level,note\n" + "".join(
    f"{i},{60 if i % 50 == 0 else 5 + i % 7},{'' if i % 3 else 'x'}\n" for i in range(1, 301)
)


def described(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("text", [DATA, SPIKY, "a,b\n1,\n1,\n", 'a,"b ""c"" d"\n1,x\n2,y\n'])
def test_the_file_that_was_measured_keeps_all_that_is_suggested(tmp_path: Path, text: str) -> None:
    path, gauge = described(tmp_path / "data.csv", text), Gauge()
    suggested = suggest(gauge.inspect(path))
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
    assert (ids.minimum, ids.maximum) == (Decimal(0), Decimal(315))
    (level,) = [each for each in suggested if isinstance(each, GrossRange)]
    assert level.suspect_maximum is not None
    assert 11 < level.suspect_maximum < 60 < level.fail_maximum
    assert level.at_least < 1


def test_a_series_without_a_gap_is_expected_to_stay_so(tmp_path: Path) -> None:
    suggested = suggest(Gauge().inspect(described(tmp_path / "data.csv", DATA)))
    assert NoGap("time", 7_201) in suggested


def test_a_template_with_its_suggestions_is_a_sheet(tmp_path: Path) -> None:
    profile = Gauge().inspect(described(tmp_path / "data.csv", SPIKY))
    text = template(profile).replace(FIRST_COLLECTED, "first_collected = 2026-01-05")
    assert "suggestions from what was measured" in text
    written = described(tmp_path / "sheet.toml", text.replace("TODO", "said"))
    sheet, _ = load_sheet(written, identify=str)
    assert sheet.quality == suggest(profile)


def test_a_sheet_of_a_file_whose_column_is_called_todo_can_be_written(tmp_path: Path) -> None:
    profile = Gauge().inspect(described(tmp_path / "data.csv", "TODO a,b\n1,2\n2,3\n"))
    text = template(profile).replace(FIRST_COLLECTED, "first_collected = 2026-01-05")
    text = text.replace('"TODO', '"said').replace('"said a"', '"TODO a"')
    sheet, _ = load_sheet(described(tmp_path / "sheet.toml", text), identify=str)
    assert Unique(("TODO a",)) in sheet.quality
