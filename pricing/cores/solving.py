"""Linear systems over the fractions, by elimination that divides without remainder."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction


def solved(
    rows: Sequence[Sequence[Fraction | int]], right: Sequence[Fraction | int]
) -> tuple[Fraction, ...] | None:
    """Return the one solution of the first independent equations, or None if there are many.

    Equations that depend on earlier ones are passed over: the caller knows that they agree but
    for rounding.  E. H. Bareiss, Mathematics of Computation 22, 1968, keeps all numbers whole.
    """
    unknowns = len(rows[0]) if rows else 0
    held: list[tuple[int, list[int]]] = []
    previous: list[int] = [1]
    for row, end in zip(rows, right, strict=True):
        line = _whole([*row, end])
        for step, (column, pivot) in enumerate(held):
            factor, below = line[column], pivot[column]
            line = [
                (below * one - factor * other) // previous[step]
                for one, other in zip(line, pivot, strict=True)
            ]
        column = next((i for i in range(unknowns) if line[i]), -1)
        if column >= 0:
            held.append((column, line))
            previous.append(line[column])
        if len(held) == unknowns:
            break
    else:
        return None
    found: dict[int, Fraction] = {}
    for column, line in reversed(held):
        known = sum((line[i] * value for i, value in found.items()), Fraction(0))
        found[column] = (line[-1] - known) / line[column]
    return tuple(found[i] for i in range(unknowns))


def _whole(row: Sequence[Fraction | int]) -> list[int]:
    scale = math.lcm(*(one.denominator for one in row))
    return [int(one * scale) for one in row]
