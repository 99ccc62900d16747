"""What was counted of a sheet's expectations over all rows of one data file.

A report holds counts and never a value.  Two engines that read the same rows give the same
report, and so does anyone who takes the counts again.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from annotated_types import Ge
from pydantic import ConfigDict

from exchange.records import STRICT
from exchange.specsheet import Digest

Count = Annotated[int, Ge(0)]


@dataclass(frozen=True, slots=True)
class Flags:
    """How many values of a variable carry each flag of QARTOD."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    passed: Count = 0  # 1
    not_evaluated: Count = 0  # 2: too near the end of its series
    suspect: Count = 0  # 3
    failed: Count = 0  # 4
    missing: Count = 0  # 9

    @property
    def evaluated(self) -> int:
        """The values that a test could judge."""
        return self.passed + self.suspect + self.failed


@dataclass(frozen=True, slots=True)
class Measurement:
    """The two counts of one expectation; `place` is its position on the sheet, from 0.

    A denominator of 0 means that no cell was there to judge.  `fault` says why a check could not
    be made at all, such as a column that is not there: its numerator is then 0, so that nothing
    that was not looked at counts as kept.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    place: Count
    numerator: Count
    denominator: Count
    flags: Flags | None = None
    fault: str = ""

    def meets(self, share: Decimal) -> bool:
        """Whether so large a share keeps the expectation; nothing to judge is not kept."""
        return self.denominator > 0 and self.numerator >= share * self.denominator


@dataclass(frozen=True, slots=True)
class Measured:
    """What one engine counted of one sheet's expectations over one data file."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    sheet: Digest
    data: Digest
    rows: Count
    measurements: tuple[Measurement, ...]
