"""Write anew what is published of market files: the schema, and the goldens of the samples.

    python -m tests.exchange.simulation.published

A change of either is a change that users see: look at the difference before it is committed.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from exchange.simulation.market import Market
from exchange.simulation.market.reading import digest, read_market
from exchange.simulation.market.schema import json_schema
from exchange.simulation.measures import measure
from exchange.simulation.run import FAST, Finished, Run
from exchange.simulation.trace import TABLES, Trace
from exchange.simulation.trace_files import contents_digest
from tests.meta.sources import ROOT

FOLDER: Final = ROOT / "samples" / "markets"
SCHEMA: Final = FOLDER / "market.schema.json"
GOLDENS: Final = Path(__file__).with_name("goldens.json")
LARGE: Final = "double-ten-thousand"
PART, DAYS = 500, 12  # of the large market: its groups by so much, past its first settlement
ITEMS: Final = 8  # that a golden holds of a list in the open; of a longer one the digest


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def portion(market: Market) -> Market:
    """Return what a golden plays of a market: all of it, but of the large one a part."""
    if market.name != LARGE:
        return market

    suppliers = tuple(replace(each, count=each.count // PART) for each in market.suppliers)
    buyers = tuple(replace(each, count=each.count // PART) for each in market.buyers)
    return replace(market, days=DAYS, suppliers=suppliers, buyers=buyers)


def played(market: Market, folder: Path) -> Finished:
    """Play a market to its end, in the fast depth."""
    return Run.begun(folder, market, market.seed, FAST).play(keep=lambda: False)


def golden(market: Market, trace: Trace) -> dict[str, Any]:
    """Return what is held of a market and of its run: every table, every measure, the root."""
    return {
        "digest": digest(market),
        "days": trace.days,
        "entries": trace.size,
        "root": trace.root,
        "audit": trace.audit,
        "rows": {name: len(next(iter(trace[name].values()))) for name in TABLES},
        "tables": {name: contents_digest(name, trace[name]) for name in TABLES},
        "measures": _brief(measure(trace).to_record()),
    }


def _brief(record: Any) -> Any:
    """Put its digest in the place of each long list, as those of days are."""
    if isinstance(record, dict):
        return {name: _brief(held) for name, held in record.items()}
    if not isinstance(record, list):
        return record
    if len(record) <= ITEMS:
        return [_brief(each) for each in record]
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return f"{len(record)} items, SHA-256 {hashlib.sha256(text.encode()).hexdigest()}"


def goldens() -> dict[str, Any]:
    """Play every sample market."""
    found: dict[str, Any] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        market = read_market(path)
        with tempfile.TemporaryDirectory() as name:
            trace = played(portion(market), Path(name)).trace
        found[path.stem] = golden(market, trace)
    return found


def main() -> None:
    SCHEMA.write_text(schema_text(), encoding="utf-8")
    text = json.dumps(goldens(), ensure_ascii=False, indent=1)
    GOLDENS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
