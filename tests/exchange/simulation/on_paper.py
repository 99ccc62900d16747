"""Whole runs in a blink: a market played on paper, with the trace that a depth leaves behind."""

from __future__ import annotations

from pathlib import Path

from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import Market
from exchange.simulation.trace import Trace
from samples.markets.lessons.paper import OnPaper


def on_paper(market: Market, folder: Path, seed: int = 7) -> Trace:
    depth = OnPaper(folder)
    depth.open(market, seed)
    kernel = Kernel(market, seed, Recorder(folder, depth))
    for _ in kernel.days():
        pass
    tables = kernel.tracing.tables(kernel.ids, depth.close(), kernel.mischief)
    return Trace(market.name, "00", seed, "paper", market.days, 0, "", tables)
