r"""Query game: each row of an answer is worth something to whoever can derive it by themselves.

A row is derived from what sellers hold: from any one of several sets of sellers, all of whom
are needed (a join has one such set for each way to join), or from every one of several sets,
any member of which will do (each relation of the join may be had from several sellers).  Rows
add up, so the Shapley value is the sum of the rows' own ("independent utility", Luo et al.,
PVLDB 15(11), 2022), each over the few sellers that the row names.

Both readings of the same sets have the same value, since either game is the dual of the other,
v*(S) = v(N) − v(N \ S), and a game has the values of its dual (Funaki 1998).  Per row:

  sets that share no seller   φ_i = ∫₀¹ t^(a−1) · ∏ (1 − t^b) dt, a the size of i's set and the
                              product over the sizes b of the others: O(sets · sellers)
  few sets that overlap       inclusion and exclusion over unions of sets: O(2^sets)
  many sets of few sellers    every coalition of the row's sellers: O(2^sellers)

all in fractions.  Derived here for any sizes and checked against enumeration; the paper's own
text was not at hand.
"""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput

if TYPE_CHECKING:
    from numpy.typing import NDArray

OVERLAPS_MAX: Final = 16  # sets, or sellers, of one row: 2^16 steps in whole numbers, about 0.1 s


class Reading(enum.StrEnum):
    """What a row's sets mean."""

    ANY_OF_ALL = "any-of-all"
    """Any one set is enough, and all of its sellers are needed."""

    ALL_OF_ANY = "all-of-any"
    """Every set is needed, and any one of its sellers is enough."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the answer: what it is worth, and the sets of sellers that it is derived from."""

    sets: tuple[tuple[int, ...], ...]
    reading: Reading = Reading.ANY_OF_ALL
    worth: Fraction = Fraction(1)

    def __post_init__(self) -> None:
        if not self.sets or not all(self.sets):
            raise BadInput("rows.sets: a row needs a set of sellers, and a set a seller")
        for members in self.sets:
            for seller in members:
                require_count("rows.sets", seller)
            if len(set(members)) < len(members):
                raise BadInput(f"rows.sets: a seller is named twice in {members}")
        if self.worth < 0:
            raise BadInput(f"rows.worth: {self.worth} is below zero")


@dataclass(frozen=True, slots=True)
class Tuples:
    """Worth of the rows that a coalition can derive; seller i is player i of `players`."""

    rows: tuple[Row, ...]
    players: int

    def __post_init__(self) -> None:
        require_count("players", self.players, 1)
        for row in self.rows:
            stranger = max(map(max, row.sets))
            if stranger >= self.players:
                raise BadInput(f"rows.sets: {stranger} is none of the {self.players} players")

    def value(self, mask: int) -> Fraction:
        """Return what the rows are worth that the coalition derives, exactly."""
        return sum((row.worth for row in self.rows if _derived(row, mask)), Fraction(0))

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the worth of each coalition."""
        found = np.zeros(masks.shape)
        for sets, reading, worth in self._kinds():
            held = [masks & np.uint64(members) for members in sets]
            if reading is Reading.ANY_OF_ALL:
                each = [one == np.uint64(members) for one, members in zip(held, sets, strict=True)]
                derived = np.logical_or.reduce(each)
            else:
                derived = np.logical_and.reduce([one != 0 for one in held])
            found += derived * float(worth)
        return found

    def shapley(self) -> tuple[Fraction, ...] | None:
        """Return the sellers' exact Shapley values, or None where a row is too tangled."""
        values = [Fraction(0)] * self.players
        for sets, _, worth in self._kinds():
            of_row = row_values(sets)
            if of_row is None:
                return None
            for seller, value in of_row:
                values[seller] += worth * value
        return tuple(values)

    def _kinds(self) -> list[tuple[tuple[int, ...], Reading, Fraction]]:
        """Put rows derived alike together, their sets as masks of which none holds another."""
        worths: dict[tuple[tuple[int, ...], Reading], Fraction] = {}
        for row in self.rows:
            kind = _least(row.sets), row.reading
            worths[kind] = worths.get(kind, Fraction(0)) + row.worth
        return [(sets, reading, worth) for (sets, reading), worth in worths.items()]


def row_values(sets: Sequence[int]) -> list[tuple[int, Fraction]] | None:
    """Return the Shapley values of a row of worth 1 by seller, its sets as masks.

    None beyond `OVERLAPS_MAX` overlapping sets of as many sellers.
    """
    named = [i for i in range(max(sets).bit_length()) if any(mask >> i & 1 for mask in sets)]
    if sum(mask.bit_count() for mask in sets) == len(named):
        return _apart(sets, named)
    if min(len(sets), len(named)) > OVERLAPS_MAX:
        return None
    return _by_unions(sets, named) if len(sets) <= len(named) else _by_coalitions(sets, named)


def _apart(sets: Sequence[int], named: Sequence[int]) -> list[tuple[int, Fraction]]:
    sizes = Counter(mask.bit_count() for mask in sets)
    worth = {size: _integral(size, sizes - Counter([size])) for size in sizes}
    of = {i: mask.bit_count() for mask in sets for i in named if mask >> i & 1}
    return [(seller, worth[of[seller]]) for seller in named]


def _integral(size: int, others: Counter[int]) -> Fraction:
    """Return ∫₀¹ t^(size−1) ∏ (1 − t^b) dt."""
    product = [1]
    for other in others.elements():
        longer = product + [0] * other
        for power, held in enumerate(product):
            longer[power + other] -= held
        product = longer
    terms = (Fraction(held, power + size) for power, held in enumerate(product) if held)
    return sum(terms, Fraction(0))


def _by_unions(sets: Sequence[int], named: Sequence[int]) -> list[tuple[int, Fraction]]:
    """Write the row as unanimity games of unions of sets, of alternating sign."""
    # Unions repeat: kept as a sum by union, there are far fewer than 2^sets.
    signs: Counter[int] = Counter({0: -1})
    for members in sets:
        joined: Counter[int] = Counter()
        for union, sign in signs.items():
            joined[union | members] -= sign
        for union, sign in joined.items():
            signs[union] += sign
    del signs[0]
    return [
        (i, sum((Fraction(s, u.bit_count()) for u, s in signs.items() if u >> i & 1), Fraction(0)))
        for i in named
    ]


def _by_coalitions(sets: Sequence[int], named: Sequence[int]) -> list[tuple[int, Fraction]]:
    n = len(named)
    place = {seller: i for i, seller in enumerate(named)}
    own = [sum(1 << place[i] for i in named if mask >> i & 1) for mask in sets]
    masks = np.arange(1 << n, dtype=np.uint64)
    derived = np.zeros(1 << n, dtype=bool)
    for members in own:
        derived |= (masks & np.uint64(members)) == np.uint64(members)
    sizes = np.bitwise_count(masks).astype(np.intp)
    found = []
    for i, seller in enumerate(named):
        with_i = (masks >> np.uint64(i) & np.uint64(1)) != 0
        pivotal = with_i & derived & ~derived[masks.astype(np.intp) & ~(1 << i)]
        counts = np.bincount(sizes[pivotal], minlength=n + 1).tolist()
        added = sum(
            count * math.factorial(size - 1) * math.factorial(n - size)
            for size, count in enumerate(counts)
            if count
        )
        found.append((seller, Fraction(added, math.factorial(n))))
    return found


def _derived(row: Row, mask: int) -> bool:
    inside = (sum(1 << i for i in members) for members in row.sets)
    if row.reading is Reading.ANY_OF_ALL:
        return any(members & mask == members for members in inside)
    return all(members & mask for members in inside)


def _least(sets: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the sets as masks, without those that contain another: they add nothing."""
    masks = sorted({sum(1 << i for i in members) for members in sets}, key=int.bit_count)
    least: list[int] = []
    for mask in masks:
        if not any(mask & held == held for held in least):
            least.append(mask)
    return tuple(sorted(least))
