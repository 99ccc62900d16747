"""Print how the installed detectors do on the held-out tables, with every miss by name.

    python -m tests.exchange.inspection.heldout [--seed TEXT]

`--seed` draws other values of the same kinds.  Exit code 0 where the bars hold.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence

from exchange.inspection import discover_readers
from tests.exchange.inspection.heldout import TABLES
from tests.exchange.inspection.labelled.__main__ import holds, run
from tests.exchange.inspection.labelled.score import judged, score


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge every table and print the figures of the bars."""
    parser = ArgumentParser(prog="python -m tests.exchange.inspection.heldout")
    parser.add_argument("--seed", default="", help="draw other values")
    options = parser.parse_args(arguments)
    readers = discover_readers()
    outcomes = [run(table, readers, options.seed) for table in TABLES]
    for outcome in outcomes:
        if misses := outcome.misses():
            print(f"{outcome.case.name} [{outcome.case.judged} -> {judged(outcome)}]")  # noqa: T201
            for miss in misses:
                print(f"    {miss}")  # noqa: T201
    found = score(outcomes)
    print(  # noqa: T201
        f"{len(outcomes)} tables: precision {found.precision:.3f}, recall {found.recall:.3f}, "
        f"unsafe {len(found.unsafe)}, rules F1 {found.rule_f1:.3f}, verdicts {found.verdicts:.3f}, "
        f"findings {found.finding_precision:.3f} / {found.finding_recall:.3f}"
    )
    return 0 if holds(found) else 1


if __name__ == "__main__":
    sys.exit(main())
