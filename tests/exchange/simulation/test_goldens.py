"""The first days of every sample market leave the same log behind until somebody means otherwise.

Whoever changes what a market file means, a kernel decides, a gate refuses or an entry holds, sees
it here first.  Where that is meant, `python -m tests.exchange.simulation.published` writes the
goldens anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exchange.simulation.fast import FastDepth
from exchange.simulation.market.reading import digest, read_market
from samples.markets.lessons.paper import OnPaper
from tests.exchange.simulation.published import FOLDER, GOLDENS, UNPLAYED, begun, golden

HELD: dict[str, dict[str, Any]] = json.loads(GOLDENS.read_text(encoding="utf-8"))


def test_every_sample_has_a_golden() -> None:
    assert sorted(HELD) == sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("name", sorted(UNPLAYED))
def test_a_market_that_is_not_played_here_is_as_it_was(name: str) -> None:
    assert {"digest": digest(read_market(FOLDER / f"{name}.toml"))} == HELD[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(HELD) - UNPLAYED))
def test_the_first_days_of_a_market_are_as_they_were(name: str, tmp_path: Path) -> None:
    market = read_market(FOLDER / f"{name}.toml")
    wishes, closing = begun(market, FastDepth(tmp_path))
    assert golden(market, wishes, closing) == HELD[name]
    if any(kind.defects for kind in market.kinds):
        return  # on paper there is no gate
    # On paper the same is wished, offered and paid: lessons learned there hold here.
    paper, _ = begun(market, OnPaper(tmp_path / "paper"))
    for column in ("day", "second", "buyer", "product", "ending", "offered", "amount", "fee"):
        assert paper[column].tolist() == wishes[column].tolist(), column
