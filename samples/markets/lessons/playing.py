"""Playing a lesson: its market, on paper, from a seed to the wishes of its trace."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import Market
from exchange.simulation.market.reading import read_market
from exchange.simulation.trace import Table
from samples.markets.lessons.paper import OnPaper

FOLDER: Final = Path(__file__).parent


def lesson(name: str) -> Market:
    """Return the market of a lesson."""
    return read_market(FOLDER / f"{name}.toml")


def played(market: Market, seed: int) -> Table:
    """Play a market to its end and return everything that was wished."""
    with tempfile.TemporaryDirectory() as name:
        depth = OnPaper(Path(name))
        depth.open(market, seed)
        kernel = Kernel(market, seed, Recorder(depth.folder, depth))
        for _ in kernel.days():
            pass
        tables = kernel.tracing.tables(kernel.ids, depth.close(), kernel.mischief)
    return tables["wishes"]
