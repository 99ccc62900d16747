"""Coverage game: a coalition is worth what its members cover together, each thing once.

Grid cells surveyed, vessels seen, questions answered.  A thing that several players cover is
worth nothing to whoever comes second, so repeating others' data adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.games.keeping import Keeping

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Coverage(Keeping):
    """Is worth the `weights` of the things covered; `covers` has each player's, by index.

    No weights means that each thing counts one.
    """

    covers: tuple[tuple[int, ...], ...]
    weights: tuple[Fraction, ...] | None = None

    def __post_init__(self) -> None:
        for things in self.covers:
            for thing in things:
                require_count("covers", thing)
                if self.weights is not None and thing >= len(self.weights):
                    raise BadInput(f"covers: thing {thing} has no weight")

    @property
    def players(self) -> int:
        """Those who cover."""
        return len(self.covers)

    def value(self, mask: int) -> Fraction:
        """Return the weight of what the coalition covers, exactly."""
        return sum((weight for who, weight in self._by_who() if who & mask), Fraction(0))

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the weight of what each coalition covers."""
        found = np.zeros(masks.shape)
        for who, weight in self._by_who():
            found += float(weight) * ((masks & np.uint64(who)) != 0)
        return found

    def added(self) -> tuple[tuple[Fraction, ...], ...]:
        """Return what nobody else in the coalition covers, over coalitions of each size."""
        n = self.players
        found = [[Fraction(0)] * n for _ in range(n)]
        for who, weight in self._by_who():
            alone = [weight * math.comb(n - who.bit_count(), s) for s in range(n)]
            for i in _members(who):
                found[i] = [one + more for one, more in zip(found[i], alone, strict=True)]
        return tuple(map(tuple, found))

    def _by_who(self) -> tuple[tuple[int, Fraction], ...]:
        """Return each set of players that alone cover something, and how much that weighs."""
        return self.kept("by who", self._gathered)

    def _gathered(self) -> tuple[tuple[int, Fraction], ...]:
        who_covers: dict[int, int] = {}
        for i, things in enumerate(self.covers):
            for thing in things:
                who_covers[thing] = who_covers.get(thing, 0) | 1 << i
        weighs: dict[int, Fraction] = {}
        for thing, who in sorted(who_covers.items()):
            one = Fraction(1) if self.weights is None else self.weights[thing]
            weighs[who] = weighs.get(who, Fraction(0)) + one
        return tuple(sorted(weighs.items()))


def _members(who: int) -> Iterator[int]:
    return (i for i in range(who.bit_length()) if who >> i & 1)
