"""Every sample market, played to its end, leaves the same behind until somebody means otherwise.

Whoever changes what a market file means, what agents decide, what is planted and when it begins,
what a gate refuses, an entry holds or a measure counts, sees it here first.  Where that is meant,
`python -m tests.exchange.simulation.published` writes the goldens anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import Conduct, Market
from exchange.simulation.market.reading import digest, read_market
from exchange.simulation.trace import Table
from samples.markets.lessons.paper import OnPaper
from tests.exchange.simulation.published import FOLDER, GOLDENS, golden, played, portion

HELD: dict[str, dict[str, Any]] = json.loads(GOLDENS.read_text(encoding="utf-8"))


def test_every_sample_has_a_golden() -> None:
    assert sorted(HELD) == sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(HELD))
def test_a_market_played_to_its_end_is_as_it_was(name: str, tmp_path: Path) -> None:
    whole = read_market(FOLDER / f"{name}.toml")
    market = portion(whole)
    finished = played(market, tmp_path / "run")
    assert golden(whole, finished.trace) == HELD[name]
    if any(kind.defects for kind in market.kinds):
        return  # on paper there is no gate
    # On paper the same is wished, offered and paid: lessons learned there hold here.
    paper, wishes = on_paper(market, tmp_path / "paper"), finished.trace["wishes"]
    for column in ("day", "second", "buyer", "product", "ending", "offered", "amount", "fee"):
        assert paper[column].tolist() == wishes[column].tolist(), column


def on_paper(market: Market, folder: Path) -> Table:
    depth = OnPaper(folder)
    depth.open(market, market.seed)
    kernel = Kernel(market, market.seed, Recorder(folder, depth))
    for _ in kernel.days():
        pass
    return kernel.tracing.tables(kernel.ids, depth.close(), kernel.mischief)["wishes"]


@pytest.mark.parametrize("name", sorted(HELD))
def test_a_golden_is_of_a_run_in_which_all_of_its_market_has_happened(name: str) -> None:
    """What begins after a golden's last day could be broken without anybody seeing it."""
    market, held = read_market(FOLDER / f"{name}.toml"), HELD[name]
    assert held["digest"] == digest(market)
    assert held["audit"] == "passed"
    assert held["days"] == portion(market).days > market.house.netting_days
    begins = [*(shock.day for shock in market.shocks), *(c.first_day for c in market.misconduct)]
    assert all(day < held["days"] for day in begins)
    measures = held["measures"]
    assert measures["total"]["trades"] > 0
    for each in measures["surveillance"]:
        planted = [case for case in market.misconduct if case.conduct == each["conduct"]]
        assert each["cases"] == sum(case.count for case in planted)
        if planted:  # and it did something, which surveillance may find
            assert held["rows"]["planted"] > each["cases"]
    washes = any(case.conduct is Conduct.WASH for case in market.misconduct)
    assert (measures["total"]["sham_trades"] > 0) is washes
