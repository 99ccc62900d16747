"""Write anew what is published of market files: the schema, and the goldens of the samples.

    python -m tests.exchange.simulation.published

A change of either is a change that users see: look at the difference before it is committed.
"""

from __future__ import annotations

import json

from exchange.simulation.schema import json_schema
from tests.meta.sources import ROOT

FOLDER = ROOT / "samples" / "markets"
SCHEMA = FOLDER / "market.schema.json"


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    SCHEMA.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
