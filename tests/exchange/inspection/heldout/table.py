"""A labelled table of the second corpus, whose verdict follows from its labels by the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tests.exchange.inspection.labelled.case import Case, Columns, Label, Made, Verdict
from tests.exchange.inspection.labelled.draw import Draw
from tests.exchange.inspection.labelled.score import expected_rules, verdict_of

Table = Case
Labels = Mapping[str | tuple[str, ...], Label | tuple[Label, ...]]


def table(
    name: str,
    why: str,
    build: Callable[[Draw], Made | Columns],
    expected: Labels | None = None,
    rows: int = 240,
) -> Table:
    """Return a table with the verdict of the rules that its labels fire, a pass without any."""
    case = Case(name, why, Verdict.PASS, build, expected or {}, rows)
    return replace(case, judged=verdict_of(expected_rules(case)))
