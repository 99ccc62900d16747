"""A worker of jobs that plays nothing: what it does is told by the seed of its job."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from exchange.simulation.job import MEMORY, Told, bound, work

if TYPE_CHECKING:
    from exchange.simulation.market import Market
    from exchange.simulation.run_folder import Played

DIES, HANGS, EATS, KILLED, PLAYS = range(5)


def play(market: Market, seed: int, days: int, folder: Path, tell: Told) -> Played:
    from exchange.simulation.market.reading import digest  # noqa: PLC0415 - after the bounds
    from exchange.simulation.run_folder import Played  # noqa: PLC0415 - the same
    from tests.exchange.simulation.made_up import made_up  # noqa: PLC0415 - the same

    assert not list(folder.iterdir())
    (folder / "exchange.sqlite3").touch()
    tell(days, 277)
    return Played(made_up(seed, market=market.name, digest=digest(market)), market)


def main(folder: Path) -> None:
    bound()
    seed = json.loads((folder / "job.json").read_text(encoding="utf-8"))["seed"]
    match seed:
        case 0:
            sys.exit("the market fell over")
        case 1:
            tempfile.mkstemp()
            (folder / "exchange").mkdir()
            time.sleep(600)
        case 2:
            bytearray(2 * MEMORY)
        case 3:
            os.abort()
        case _:
            assert "GUAPAI_PASSPHRASE" not in os.environ
            work(folder, play)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
