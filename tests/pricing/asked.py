"""A game that can be asked about one coalition at a time, and no faster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A game that answers one coalition at a time, by the values of a table."""

    values: tuple[Any, ...]

    @property
    def players(self) -> int:
        return len(self.values).bit_length() - 1

    def value(self, mask: int) -> Any:
        return self.values[mask]
