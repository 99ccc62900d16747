"""Clocks: whole seconds of UTC, and a simulated one that only moves forward."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from exchange.clock import SimulatedClock, system_clock
from exchange.errors import BadField, Unreadable

START = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)


@pytest.fixture
def clock(tmp_path: Path) -> SimulatedClock:
    made = SimulatedClock(tmp_path / "clock")
    made.set(START)
    return made


def test_the_systems_clock_gives_whole_seconds_of_utc() -> None:
    before = dt.datetime.now(dt.UTC).replace(microsecond=0)
    now = system_clock()
    assert (now.tzinfo, now.microsecond) == (dt.UTC, 0)
    assert before <= now <= dt.datetime.now(dt.UTC)


def test_a_simulated_clock_stands_still(clock: SimulatedClock) -> None:
    assert clock() == clock() == START


def test_it_moves_as_far_as_it_is_told(clock: SimulatedClock, tmp_path: Path) -> None:
    assert clock.advance(dt.timedelta(days=5, hours=1)) == START + dt.timedelta(days=5, hours=1)
    assert SimulatedClock(tmp_path / "clock")() == clock()
    assert [path.name for path in tmp_path.iterdir()] == ["clock"]


def test_other_zones_are_read_as_utc(clock: SimulatedClock) -> None:
    clock.set(dt.datetime(2026, 1, 5, 17, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    assert clock() == START
    assert clock().utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("seconds", [0, -1])
def test_it_does_not_move_back(clock: SimulatedClock, seconds: int) -> None:
    with pytest.raises(BadField, match="a clock moves forward"):
        clock.advance(dt.timedelta(seconds=seconds))
    assert clock() == START


@pytest.mark.parametrize("text", ["", "yesterday", "2026-01-05T09:00:00", "\xff"])
def test_a_file_that_tells_no_time_is_unreadable(
    clock: SimulatedClock, tmp_path: Path, text: str
) -> None:
    (tmp_path / "clock").write_text(text, encoding="latin-1")
    with pytest.raises(Unreadable):
        clock()


def test_a_lost_clock_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not the time of a simulated clock"):
        SimulatedClock(tmp_path / "clock")()
