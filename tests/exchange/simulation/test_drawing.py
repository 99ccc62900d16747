"""Charts are arithmetic: round ticks that enclose what is drawn, bars as long as they should be."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exchange.simulation.report.drawing import (
    Labels,
    Row,
    Series,
    bars,
    lines,
    rows,
    tick_text,
    ticks,
)

LABELS = Labels("a", "A <title>", "A sentence.", "days", "CNY")
numbers = st.floats(-1e12, 1e12)


@pytest.mark.parametrize(
    ("low", "high", "names"),
    [
        (0, 100, ["0", "20", "40", "60", "80", "100"]),
        (0, 1_234_567, ["0", "500,000", "1,000,000", "1,500,000"]),
        (0.98, 1.07, ["0.98", "1.00", "1.02", "1.04", "1.06", "1.08"]),
        (1, 1, ["0.90", "0.95", "1.00", "1.05", "1.10"]),
        (0, 0, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (-3, 4, ["-4", "-2", "0", "2", "4"]),
    ],
)
def test_ticks_by_hand(low: float, high: float, names: list[str]) -> None:
    found = ticks(low, high)
    assert [tick_text(each, found[1] - found[0]) for each in found] == names


@given(numbers, numbers)
def test_ticks_enclose_what_is_drawn_and_are_few(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(high - low > 1e-9)
    found = ticks(low, high)
    assert 2 <= len(found) <= 6
    step = found[1] - found[0]
    assert found[0] <= low + 1e-9 * step
    assert found[-1] >= high - 1e-9 * step


def test_a_bar_is_as_high_as_its_amount() -> None:
    drawn = bars(LABELS, [(50.0,), (100.0, 25.0), (0.0,)])
    heights = [float(h) for h in re.findall(r'class="f\d"[^>]* height="([\d.]+)"', drawn)]
    assert heights == pytest.approx([190 / 3, 190 * 2 / 3, 190 / 6], abs=0.1)
    assert "A &lt;title&gt;" in drawn


def test_what_is_below_zero_lies_to_the_left() -> None:
    drawn = rows(LABELS, [Row("a", -50, "−50"), Row("b", 150, "150")])
    spans = re.findall(r'class="f0" x="([\d.]+)" y="\d+" width="([\d.]+)"', drawn)
    assert spans == [("0", "100"), ("100", "300")]


def test_a_line_of_one_point_is_a_dot_and_steps_keep_their_height() -> None:
    assert "<circle" in lines(LABELS, [Series("a", ((3, 1.0),))], x=(0, 9))
    stepped = lines(LABELS, [Series("a", ((0, 1.0), (4, 0.5)))], x=(0, 9), y=(0, 1), stepped=True)
    assert re.search(r'd="M[\d.]+ 26H[\d.]+V121"', stepped)


def test_a_name_too_long_for_its_row_is_cut() -> None:
    drawn = rows(LABELS, [Row("海洋" * 40, 1, "1,000.00 元"), Row("short", 1, "1")])
    name = re.findall(r'<text x="0"[^>]*>([^<]*)', drawn)
    assert name[0].endswith("…")
    assert len(name[0]) < 25
    assert name[1] == "short"
