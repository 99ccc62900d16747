from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from exchange.cli.waiting import Watch, watched
from exchange.gauge import PROGRESS
from exchange.venue import Venue


class Bars:
    """Takes the place of the terminal: keeps what a bar was told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int | None, int | None]] = []

    def add_task(self, description: str, total: int) -> int:
        self.said.append((description, 0, total))
        return 7

    def update(
        self, task: int, *, description: str, total: int | None, completed: int | None = None
    ) -> None:
        assert task == 7
        self.said.append((description, completed, total))


def test_a_bar_says_what_is_being_done_and_when_nobody_can_count() -> None:
    bars = Bars()
    watch = Watch(bars, "data.csv")  # type: ignore[arg-type]
    for done in (40, 100, 150, 200):
        watch.told(done, 200)
    assert bars.said == [
        ("hashing data.csv", 0, 1),
        ("hashing data.csv", 40, 200),
        ("hashing data.csv", 100, 200),
        ("reading data.csv", 150, 200),
        ("measuring data.csv", None, None),
    ]


def test_an_inspection_is_watched_on_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"a,b\n1,2\n")
    screen = io.StringIO()
    with watched("[data].csv", console=Console(file=screen, force_terminal=True, width=80)):
        assert PROGRESS.get() is not None
        assert Venue.inspect_file(path).rows == 1
    assert PROGRESS.get() is None
    assert "measuring [data].csv" in screen.getvalue()


def test_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with watched("data.csv"):
        assert PROGRESS.get() is None
    assert capsys.readouterr().err == ""
