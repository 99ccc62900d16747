"""Alerts: who, what, when, how strongly, and the trades that show it.

An alert is a finding, never a decision: it says where somebody should look.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

EVIDENCE_MAX: Final = 50  # trades named by an alert; `count` says how many there are


class Pattern(enum.StrEnum):
    """What an alert says."""

    WASH = "wash"
    DISCRIMINATION = "discrimination"
    EXCLUSIVITY = "exclusivity"
    CONCENTRATION = "concentration"


@dataclass(frozen=True, slots=True)
class Alert:
    """One finding.

    `suppliers` come first and the one it is mainly about first among them.  `first` and `last` are
    seconds, of the same epoch as the tape.  `score`, from 0 to 1, sorts alerts of one pattern;
    scores of different patterns do not compare.  `facts` are the figures behind it, by name.
    """

    pattern: Pattern
    way: str  # the detector's own word: ring, circle, loyalty, bound, kind
    suppliers: tuple[str, ...]
    buyers: tuple[str, ...]
    kinds: tuple[str, ...]
    first: int
    last: int
    score: float
    trades: tuple[str, ...]
    count: int
    facts: Mapping[str, float] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """Return the alert as JSON's own types, without words."""
        return {
            "pattern": str(self.pattern),
            "way": self.way,
            "suppliers": list(self.suppliers),
            "buyers": list(self.buyers),
            "kinds": list(self.kinds),
            "first": self.first,
            "last": self.last,
            "score": rounded(self.score),
            "trades": list(self.trades),
            "count": self.count,
            "facts": {name: rounded(value) for name, value in self.facts.items()},
        }


def evidence(ids: Iterable[str]) -> tuple[tuple[str, ...], int]:
    """Return the first trades of a run of ids, and how many there are."""
    kept = list(ids)
    return tuple(kept[:EVIDENCE_MAX]), len(kept)


def rounded(value: float) -> float:
    """Return a figure as a record holds it, to twelve digits; a whole one as a whole number."""
    return value if isinstance(value, int) else float(f"{value:.12g}")
