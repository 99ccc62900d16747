"""Print how the installed detectors do on the labelled corpus, with every miss by name.

    python -m tests.exchange.inspection.labelled [--theme NAME] [--quick] [--seed TEXT]

`--quick` leaves out the tables that take more than a second.  `--seed` draws other values of the
same kinds: detectors that only know the values they were tried on fall behind there.  Exit code
0 where the bars hold.
"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from exchange.errors import ExchangeError
from exchange.inspection import Reader, discover_readers, inspect
from tests.exchange.inspection.labelled import CASES, THEMES, Case
from tests.exchange.inspection.labelled.file import write
from tests.exchange.inspection.labelled.score import Outcome, Score, found, judged, score

PRECISION_MIN = RECALL_MIN = 0.97
RULE_F1_MIN = 0.95


def run(case: Case, readers: Sequence[Reader], seed: str = "") -> Outcome:
    """Write the case's file, inspect it, and return what was found."""
    with tempfile.TemporaryDirectory(prefix="labelled-") as folder:
        path = write(case.made(seed), Path(folder))
        try:
            return Outcome(case, found(inspect(path, readers=readers)))
        except ExchangeError as error:
            return Outcome(case, {}, str(error))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the cases and print a table of scores by theme."""
    parser = ArgumentParser(prog="python -m tests.exchange.inspection.labelled")
    parser.add_argument("--theme", choices=THEMES)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--seed", default="", help="draw other values")
    options = parser.parse_args(arguments)
    chosen = [
        case
        for case in CASES
        if options.theme in (None, case.theme) and not (options.quick and case.slow)
    ]
    readers = discover_readers()
    outcomes = [run(case, readers, options.seed) for case in chosen]
    for outcome in outcomes:
        if misses := outcome.misses():
            verdicts = f"{outcome.case.judged} -> {judged(outcome)}"
            print(f"{outcome.case.theme}: {outcome.case.name} [{verdicts}]")  # noqa: T201
            for miss in misses:
                print(f"    {miss}")  # noqa: T201
    print(_head())  # noqa: T201
    for theme in THEMES:
        of_theme = [each for each in outcomes if each.case.theme == theme]
        if of_theme:
            print(_line(theme, len(of_theme), score(of_theme)))  # noqa: T201
    whole = score(outcomes)
    print(_line("all", len(outcomes), whole))  # noqa: T201
    for name in whole.unsafe:
        print(f"unsafe: {name}")  # noqa: T201
    return 0 if holds(whole) else 1


def holds(whole: Score) -> bool:
    """Whether the score reaches every bar."""
    return (
        whole.precision >= PRECISION_MIN
        and whole.recall >= RECALL_MIN
        and whole.rule_f1 >= RULE_F1_MIN
        and not whole.unsafe
    )


_COLUMNS = (
    "cases",
    "precision",
    "recall",
    "unsafe",
    "rule F1",
    "findings P",
    "findings R",
    "verdicts",
)


def _head() -> str:
    return f"{'theme':12}" + "".join(f"{column:>12}" for column in _COLUMNS)


def _line(theme: str, cases: int, of: Score) -> str:
    shares = (of.rule_f1, of.finding_precision, of.finding_recall, of.verdicts)
    return (
        f"{theme:12}{cases:12}{of.precision:12.3f}{of.recall:12.3f}{len(of.unsafe):12}"
        + "".join(f"{share:12.3f}" for share in shares)
    )


if __name__ == "__main__":
    sys.exit(main())
