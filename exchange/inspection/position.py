"""A position as a table writes it, found by `whereabouts`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

FINE: Final = 100  # metres: a position written finer than that tells where somebody is


@dataclass(frozen=True, slots=True)
class Position:
    """Where a table says where something is: its columns, and how finely it is written.

    `north` and `east` are expressions of the engine for degrees, `cell` one for a coarser cell of
    the grid where there are none; `plain` says that no other reading is left.
    """

    columns: tuple[int, ...]
    metres: int
    north: str = ""
    east: str = ""
    cell: str = ""
    plain: bool = True

    @property
    def fine(self) -> bool:
        """Whether it is written finer than some 100 m."""
        return self.metres < FINE

    @property
    def spread(self) -> str:
        """The expression of how many degrees the rows of a group lie apart, at the least."""
        if self.cell:
            # Neighbouring cells of a grid may be a step apart; three are a kilometre or more.
            return f"CASE WHEN count(DISTINCT {self.cell}) > 2 THEN 1.0 ELSE 0.0 END"
        north, east = (f"max({each}) - min({each})" for each in (self.north, self.east))
        return f"greatest({north}, {east})"
