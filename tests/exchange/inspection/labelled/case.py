"""One labelled table: how it is made, what stands in it, and what the rules make of it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.exchange.inspection.labelled.draw import Draw

METADATA: Final = "(metadata)"
TABLE: Final = "(table)"  # where a label is about the rows together, not about a column
QUASI: Final = "quasi_identifiers"  # small groups by their quasi-identifiers: I-08, or I-03

Cell = str | bytes | int | float | bool | None
Columns = Mapping[str, Sequence[Cell]]


class Verdict(enum.StrEnum):
    """What a sheet that declares no persons and brings no evidence gets, mildest first."""

    PASS = "pass"
    ADVISE = "advise"
    ATTEST = "attest"
    BLOCK = "block"

    @property
    def weight(self) -> int:
        """Its place among the verdicts."""
        return list(Verdict).index(self)


PASS, ADVISE, ATTEST, BLOCK = Verdict


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in a column: any one of `kinds`, beyond doubt or only by its shape."""

    kinds: tuple[str, ...]
    certain: bool


def certain(*kinds: str) -> Label:
    """Label what a checksum, a header that its values bear out, or a whole column proves."""
    return Label(kinds, certain=True)


def reported(*kinds: str) -> Label:
    """Label a shape that harmless values share, for a person to decide (I-10)."""
    return Label(kinds, certain=False)


@dataclass(frozen=True, slots=True)
class Made:
    """A table and the file it stands in; `attributes` are those of a NetCDF file."""

    columns: Columns
    suffix: str = ".csv"
    encoding: str = "utf-8"
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """A table with the answer that the rules give; `why` names the rule and the reason.

    `expected` maps a column, or columns of which any one will do, to what stands there.  A
    column without a label must stay without a finding.
    """

    name: str
    why: str
    judged: Verdict
    build: Callable[[Draw], Made | Columns]
    expected: Mapping[str | tuple[str, ...], Label | tuple[Label, ...]] = field(
        default_factory=dict
    )
    rows: int = 300
    slow: bool = False
    theme: str = ""

    def made(self, seed: str = "") -> Made:
        """Make the table; the same one every time, whatever other cases there are.

        Another seed draws other values of the same kinds, for which the label is the same.
        """
        built = self.build(Draw(self.name + seed, self.rows))
        return built if isinstance(built, Made) else Made(built)

    def labels(self) -> tuple[tuple[frozenset[str], Label], ...]:
        """Return every label with the columns in which it may be found."""
        return tuple(
            (frozenset({where} if isinstance(where, str) else where), label)
            for where, labels in self.expected.items()
            for label in (labels if isinstance(labels, tuple) else (labels,))
        )
