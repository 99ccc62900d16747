"""The folder of a run: what was played and all that happened, and nothing else is needed.

    market.json           the market, with every default spelled out
    market.toml           the same as a market file, which plays it again
    trace.json, tables    the trace (`exchange.simulation.trace_files`)

A folder without a market is read too: reports then call kinds by their names.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.errors import BadField, Unreadable
from exchange.simulation.market import Market
from exchange.simulation.market.reading import digest, market_from, record_of
from exchange.simulation.market.writing import written
from exchange.simulation.trace import Trace
from exchange.simulation.trace_files import Form, read_trace, write_trace

MARKET: Final = "market.json"
FILE: Final = "market.toml"


@dataclass(frozen=True, slots=True)
class Played:
    """One run: its trace, and its market where that is at hand."""

    trace: Trace
    market: Market | None = None


def market_files(market: Market) -> Mapping[str, bytes]:
    """Return the files of a run's folder that hold its market, by their names."""
    record = json.dumps(record_of(market), ensure_ascii=False, indent=2)
    return {MARKET: f"{record}\n".encode(), FILE: written(market).encode()}


def repeating(trace: Trace, folder: Path | None = None) -> str:
    """Return the command that plays a run again: typed beside its folder, else in it."""
    path = FILE if folder is None else shlex.quote(str(folder / FILE))
    parts = [f"guapai simulate run {path}", f"--seed {trace.seed}", f"--days {trace.days}"]
    return " ".join([*parts, f"--depth {trace.depth}", "--out again"])


def write_run(run: Played, folder: Path, form: Form = Form.PARQUET) -> None:
    """Write a run into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    if run.market:
        for name, held in market_files(run.market).items():
            (folder / name).write_bytes(held)
    write_trace(run.trace, folder, form)


def read_run(folder: Path) -> Played:
    """Read a run; raise `Unreadable` for what is none, or whose market is another one's."""
    trace, path = read_trace(folder), folder / MARKET
    try:
        market = market_from(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Played(trace)
    except BadField as error:
        raise Unreadable(f"{path}: {error}") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{path}: no market") from error
    if digest(market) != trace.digest:
        raise Unreadable(f"{path}: not the market that the trace names by its digest")
    return Played(trace, market)
