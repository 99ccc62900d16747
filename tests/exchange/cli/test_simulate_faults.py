"""`guapai simulate faults`: seeds of crashes over a market file."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.simulation.faults import Stage, Trial, Unsound
from exchange.simulation.market import Suppliers
from exchange.simulation.market.writing import written
from tests.exchange.cli.guapai import Guapai
from tests.exchange.simulation.bazaar import kind, market


@pytest.fixture
def guapai(tmp_path: Path) -> Guapai:
    return Guapai(tmp_path / "no-exchange")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bazaar.toml"
    small = market(kinds=(kind("posted"),), suppliers=(Suppliers("supplier", 1, {"posted": 1}),))
    path.write_text(written(small), encoding="utf-8")
    return path


def test_seeds_are_played_and_told(file: Path, guapai: Guapai) -> None:
    ran = guapai("simulate", "faults", file, "--seeds", "3-4", "--wishes", "2")
    assert "2 seeds, " in ran.stdout
    assert f"guapai simulate run {file}" in ran.stderr


def test_a_seed_that_fails_is_named_with_what_plays_it_again(
    file: Path, guapai: Guapai, monkeypatch: pytest.MonkeyPatch
) -> None:
    def trial(self: Stage, seed: int, wishes: int, rate: float) -> Trial:  # noqa: ARG001
        raise Unsound(f"seed {seed}: step 1: escrow/1 was filled twice")

    monkeypatch.setattr(Stage, "trial", trial)
    ran = guapai("simulate", "faults", file, "--seeds", "3", code=1)
    assert f"guapai simulate faults {file} --seeds 3 --wishes 4 --rate 0.6" in ran.stderr


@pytest.mark.parametrize("seeds", ["x", "4-3", "-1", "1-1000001", ""])
def test_seeds_that_are_none_are_refused(seeds: str, file: Path, guapai: Guapai) -> None:
    ran = guapai("simulate", "faults", file, f"--seeds={seeds}", code=2)
    assert "--seeds: one seed or first-last" in ran.stderr
