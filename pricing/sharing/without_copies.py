"""Shares without copies: contents play the game and not their owners, so that copying pays nobody.

The Shapley value rewards whoever turns up again under other names: of two sellers who can stand
in for each other, one with 1, 2 or 5 clones has 2/3, 3/4 or 6/7 of the whole instead of 1/2.  An
exchange knows the digest of what was registered, so all owners of one digest are one player.
It sees copies and not likeness: a byte changed is another content (`robust-shapley`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from pricing.games import Batched, Utility
from pricing.games.asking import in_coalition
from pricing.marginals import route
from pricing.sharing import Allocation, SharingCase

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Copies(enum.StrEnum):
    """Who gets what a content is worth that several owners have."""

    FIRST = "first"
    """The owner who stands first in the case, as whoever registered first should."""

    EQUALLY = "equally"
    """All its owners alike.  Others lose nothing by a copy, and its first owner does."""


@dataclass(frozen=True, slots=True)
class WithoutCopies:
    """Divides by the exact Shapley values of the different contents that owners have.

    A coalition of contents is worth what their first owners are worth together.  An owner whose
    content is not known has one of its own: what is not known to be a copy is none.
    """

    copies: Copies = Copies.FIRST

    def allocate(self, case: SharingCase) -> Allocation:
        """Divide the amount, or raise `BadInput` or `BadShares` as the Shapley value does."""
        game = case.require_game("the Shapley value")
        holders: dict[tuple[str, ...], list[int]] = {}
        for i, owner in enumerate(case.owners):
            key = ("own", owner.id) if owner.content is None else ("content", owner.content)
            holders.setdefault(key, []).append(i)
        firsts = tuple(held[0] for held in holders.values())
        among = _BatchOfFirsts if isinstance(game, Batched) else _Firsts
        found, how = route.shapley_values(
            game if len(firsts) == game.players else among(game, firsts)
        )
        values: list[Fraction | float] = [Fraction(0)] * len(case.owners)
        worths: tuple[Fraction | float, ...] = found
        for held, value in zip(holders.values(), worths, strict=True):
            paid = held if self.copies is Copies.EQUALLY else held[:1]
            for i in paid:
                values[i] = value / len(paid)
        return case.split_by_values(
            values,
            what="Shapley value",
            basis=f"exact Shapley value of {len(firsts)} different contents, {how}",
        )


@dataclass(frozen=True, slots=True)
class _Firsts:
    """The game of contents, each played by its first owner."""

    game: Utility
    firsts: tuple[int, ...]

    @property
    def players(self) -> int:
        return len(self.firsts)

    def value(self, mask: int) -> Fraction | int | float:
        owners = sum(1 << first for i, first in enumerate(self.firsts) if mask >> i & 1)
        return self.game.value(owners)


@dataclass(frozen=True, slots=True)
class _BatchOfFirsts(_Firsts):
    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        owners = np.zeros_like(masks)
        for i, first in enumerate(self.firsts):
            owners |= in_coalition(masks, i).astype(np.uint64) << np.uint64(first)
        assert isinstance(self.game, Batched)  # noqa: S101 - chosen for it
        return self.game.batch(owners)
