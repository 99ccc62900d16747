"""Quality on the chain: what the house measured and what experts scored, well-formed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ledger.entries import Entry
from ledger.view import Broken, View

# The six dimensions of GB/T 36344-2018.
DIMENSIONS: Final = (
    "normativity",
    "completeness",
    "accuracy",
    "consistency",
    "timeliness",
    "accessibility",
)
_SCORE: Final = re.compile(r"0(\.[0-9]{1,4})?|1(\.0{1,4})?", re.ASCII)


def is_score(text: str) -> bool:
    """Whether a text is a score: a decimal from 0 to 1 with at most four places."""
    return _SCORE.fullmatch(text) is not None


def met_within_expected(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require at least one expectation, and no more met than `expected`."""
    if not entry.facts["met"] <= entry.facts["expected"] > 0:
        yield Broken(
            "quality", f"{entry.facts['met']} of {entry.facts['expected']} expectations cannot be"
        )


def scores_well_formed(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require scores from 0 to 1, in `dimensions` of different ones as in "accuracy 0.95"."""
    if not is_score(entry.facts["score"]):
        yield Broken("score", "quality.reviewed.score: must be a decimal from 0 to 1")
    named = []
    for text in entry.facts["dimensions"]:
        name, _, score = text.partition(" ")
        named.append(name)
        if name not in DIMENSIONS or not is_score(score):
            yield Broken("score", f"quality.reviewed.dimensions: {text!r} scores no dimension")
    if len(set(named)) < len(named):
        yield Broken("score", "quality.reviewed.dimensions: one dimension is scored twice")
