"""From estimate to market: CPU time of learning a trade, and of quoting from what was learned.

A posterior of twelve coefficients takes trades one by one; beside it stands what it must agree
with, the refit of all trades by least squares, and river's Bayesian linear regression where it
is installed (no prior from an appraisal, no noise learned, no quantile).  A quote is timed alone
and from the trade that moved it: observe, predict, read the guidance, quote.

    python benchmarks/pricing_estimate.py --trades 2000
"""

from __future__ import annotations

import argparse
import importlib.util
import math
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import numpy as np
from ledger_workload import SEED, print_machine, print_table, verdict

from pricing import chance
from pricing.appraisal import Appraisal, Indicator
from pricing.engines.hedonic import Hedonic
from pricing.engines.kernel import ComparablesKernel
from pricing.engines.posterior_quantile import PosteriorQuantile
from pricing.estimate import Estimate, Guidance, MarketHistory, SettledTrade
from pricing.money import Money
from pricing.quote import QuoteRequest
from pricing.student import quantile

WIDTH: Final = 12  # coefficients, the constant included

UPDATE_BAR: Final = 20.0  # µs a trade
QUOTE_BAR: Final = 1_000.0  # µs, 99th of a hundred quotes


def main() -> None:
    """Time the updates and the quotes, and print both beside their bars."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--trades", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    history = market(options.trades)
    print_machine(trades=options.trades, coefficients=WIDTH, repeats=options.repeats)
    print_updates(history, options.repeats)
    print_quotes(history)


def market(trades: int) -> MarketHistory:
    """Return a market whose log-prices lie about a line."""
    stream = chance.Stream(SEED)
    features = stream.normals(trades * (WIDTH - 1)).reshape(trades, WIDTH - 1)
    logs = 12.5 + features @ stream.normals(WIDTH - 1) * 0.2 + 0.25 * stream.normals(trades)
    line = Indicator("survey", "100000", "+ 100,000.00 CNY", "drawn")
    ends = (Money.parse(f"{amount} CNY") for amount in (80_000, 100_000, 125_000))
    sold = tuple(
        SettledTrade(
            Money(max(round(math.exp(log)), 1)),
            f"{number:064x}",
            tuple(Decimal(f"{value:.6f}") for value in row),
        )
        for number, (log, row) in enumerate(zip(logs, features, strict=True))
    )
    names = tuple(f"feature {number}" for number in range(WIDTH - 1))
    return MarketHistory(
        Appraisal(*ends, "drawn", (line,)),
        sold,
        names=names,
        product=(Decimal(0),) * (WIDTH - 1),
    )


def print_updates(history: MarketHistory, repeats: int) -> None:
    """Print the CPU microseconds that one trade costs each contender, in turns."""
    x = np.array([(1.0, *map(float, trade.features)) for trade in history.trades])
    y = np.log([trade.price.minor for trade in history.trades])
    count = len(y)

    def posterior() -> None:
        held = Hedonic().begin(history).posterior
        for row, value in zip(x, y.tolist(), strict=True):
            held.observe(row, value)

    def hedonic() -> None:
        learning = Hedonic().begin(history)
        for trade in history.trades:
            learning.observe(trade)

    def kernel() -> None:
        held = ComparablesKernel(bandwidth=Decimal(3)).begin(history)
        for trade in history.trades:
            held.observe(trade)

    def refit() -> None:
        np.linalg.solve(np.eye(WIDTH) + x.T @ x, x.T @ y)

    ours = {"posterior, arrays": posterior, "hedonic, trades": hedonic, "kernel, trades": kernel}
    works: dict[str, tuple[Callable[[], object], int]] = {
        name: (work, count) for name, work in ours.items()
    }
    works[f"refit of all {count:,} trades, numpy"] = refit, 1
    works |= river(x, y)
    took: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, (work, trades) in works.items():
            took[name].append(cpu(work) * 1e6 / trades)
    medians = {name: statistics.median(times) for name, times in took.items()}
    first = medians["hedonic, trades"]
    rows = [
        [
            name,
            f"{found:.1f}",
            f"{found / first:.2f} × hedonic",
            *((f"≤ {UPDATE_BAR:.0f}", verdict(found, UPDATE_BAR, most=True))
              if name in ours else ("", "")),
        ]
        for name, found in medians.items()
    ]  # fmt: skip
    print_table(["one trade", "µs of CPU", "", "bar", ""], rows)


def river(x: Any, y: Any) -> dict[str, tuple[Callable[[], object], int]]:  # noqa: ANN401 - arrays
    """Return river's online Bayesian regression, or nothing where it is not installed."""
    if importlib.util.find_spec("river") is None:
        print("left out: river is not installed\n")
        return {}
    from river import linear_model  # noqa: PLC0415 - a peer that few have

    rows = [dict(enumerate(row)) for row in x.tolist()]

    def learn() -> None:
        model = linear_model.BayesianLinearRegression()
        for row, value in zip(rows, y.tolist(), strict=True):
            model.learn_one(row, value)

    return {"river": (learn, len(y))}


def print_quotes(history: MarketHistory) -> None:
    """Print the median and the 99th percentile of quotes, alone and after a trade."""
    model, strategy = Hedonic(), PosteriorQuantile()
    estimate = model.estimate(replace(history, trades=history.trades[:50]))
    request = QuoteRequest(Money.parse("100000 CNY"), estimate=estimate)
    learning = model.begin(history)
    waiting = iter(history.trades)

    def after_a_trade() -> None:
        learning.observe(next(waiting))
        law = learning.law()
        guidance = Guidance.read(law, model.levels)
        moved = Estimate(guidance, law, guidance, (), "running")
        strategy.quote(replace(request, estimate=moved))

    quantile.cache_clear()
    works = {
        "quote from an estimate": lambda: strategy.quote(request),
        "trade, estimate and quote": after_a_trade,
    }
    rows = []
    for name, work in works.items():
        found = sorted(cpu(work) * 1e6 for _ in range(len(history.trades)))
        slow = found[math.ceil(0.99 * len(found)) - 1]
        held = verdict(slow, QUOTE_BAR, most=True)
        rows.append([name, f"{statistics.median(found):.0f}", f"{slow:.0f}",
                     f"≤ {QUOTE_BAR:,.0f} at p99", held])  # fmt: skip
    print_table(["one quote", "µs of CPU, median", "p99", "bar", ""], rows)


def cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of this thread that one piece of work takes."""
    began = time.thread_time()
    work()
    return time.thread_time() - began


if __name__ == "__main__":
    main()
