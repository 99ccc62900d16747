"""`guapai simulate sweep`: its progress, and its refusals."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from exchange.cli import main
from exchange.cli.simulate_sweep import progress_line
from tests.meta.sources import ROOT

MARKET = ROOT / "samples" / "markets" / "fee-war.toml"


@pytest.mark.parametrize(
    ("told", "line"),
    [
        ((0, 9, 0, 0.0), "0 of 9 cells are there; the first ones are played"),
        ((4, 10, 2, 6.0), "4 of 10 cells, 3.0 s each, about 18 s left"),
        ((4, 100, 2, 60.0), "4 of 100 cells, 30 s each, about 48 min left"),
        ((1, 1000, 1, 60.0), "1 of 1000 cells, 60 s each, about 16.6 h left"),
        ((9, 9, 0, 0.0), "9 of 9 cells"),
    ],
)
def test_progress_says_what_it_knows(told: tuple[int, int, int, float], line: str) -> None:
    assert progress_line(*told) == line


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--set", "house.fee=1"], "--set house.fee: house has no fee"),
        (["--seeds", "x"], "--seeds: 'x' is no seed"),
        (["--executor", "nobody"], "nobody"),
    ],
)
def test_a_sweep_that_cannot_be_is_refused_before_anything_is_made(
    tmp_path: Path, options: list[str], words: str
) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["simulate", "sweep", str(MARKET), "--out", str(out), *options])
    assert done.exit_code == 2
    assert words in done.stderr
    assert not out.exists()
