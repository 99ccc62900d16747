"""Write anew what is published of market files: the schema, and the goldens of the samples.

    python -m tests.exchange.simulation.published

A change of either is a change that users see: look at the difference before it is committed.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from exchange.simulation.depth import Closing, Depth
from exchange.simulation.fast import FastDepth
from exchange.simulation.kernel import Kernel
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import Market
from exchange.simulation.market.reading import digest, read_market
from exchange.simulation.market.schema import json_schema
from exchange.simulation.trace import Table
from tests.meta.sources import ROOT

FOLDER: Final = ROOT / "samples" / "markets"
SCHEMA: Final = FOLDER / "market.schema.json"
GOLDENS: Final = Path(__file__).with_name("goldens.json")
DAYS: Final = 3  # of a golden's run
# Held to their digests alone: one is large, the other says nothing that six do not.
UNPLAYED: Final = frozenset({"double-ten-thousand", "real-listings"})


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def begun(market: Market, depth: Depth, days: int = DAYS) -> tuple[Table, Closing]:
    """Play the first days of a market and close it; return what was wished and what is left."""
    depth.open(market, market.seed)
    kernel = Kernel(market, market.seed, Recorder(depth.folder, depth))
    for progress in kernel.days():
        if progress.day == days:
            break
    closing = depth.close()
    wishes = kernel.tracing.tables(kernel.ids, closing, kernel.mischief)["wishes"]
    depth.leave()
    return wishes, closing


def golden(market: Market, wishes: Table, closing: Closing) -> dict[str, Any]:
    """Return what is held of the first days of a market."""
    return {
        "digest": digest(market),
        "root": closing.root,
        "entries": closing.size,
        "wishes": len(wishes["amount"]),
        "trades": int((wishes["amount"] > 0).sum()),
        "volume": int(wishes["amount"].sum()),
    }


def goldens() -> dict[str, Any]:
    """Play every sample market."""
    found: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        market = read_market(path)
        if path.stem in UNPLAYED:
            found[path.stem] = {"digest": digest(market)}
            continue
        with tempfile.TemporaryDirectory() as name:
            found[path.stem] = golden(market, *begun(market, FastDepth(Path(name))))
    return found


def main() -> None:
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    GOLDENS.write_text(json.dumps(goldens(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
