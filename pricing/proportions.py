"""Proportions: whole-number weights that stand to each other as computed values do.

Money is divided by whole numbers alone, so that nothing is lost; this is the one way in which
the values of a game become such numbers.  Fractions keep their proportion exactly.  Floats
carry rounding, which must neither favour one of two equal owners nor owe a useless one a
fen: so what differs by rounding alone is made equal first, and the proportion is kept to 15
decimal places of the whole.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from pricing.errors import BadInput

PLACES: Final = 10**15

# What 2^30 additions of doubles leave, with room to spare; as a part of the value itself and,
# for values that are small beside the others, of all of them together.
ROUNDING: Final = 1e-12
ROUNDING_OF_ALL: Final = 1e-14
_SMALL: Final = 2.0**500  # times which no digit is lost


def levelled(values: Sequence[Fraction | float]) -> tuple[Fraction | float, ...]:
    """Make equal what differs by rounding alone; fractions are returned as they are.

    Floats that lie, one beside the next, closer than 10^-12 of themselves or 10^-14 of the sum
    of all magnitudes become their mean; those so close to zero become zero.  The order of the
    values makes no difference.  NaN and infinities are a `BadInput`.
    """
    if all(isinstance(value, int | Fraction) for value in values):
        return tuple(values)
    floats = [float(value) for value in values]
    if not all(map(math.isfinite, floats)):
        raise BadInput("values: a value that is no finite number divides nothing")
    largest = max(map(abs, floats))
    if not largest:
        return tuple(floats)
    magnitude = math.fsum(abs(value / largest) for value in floats) * largest
    if not math.isfinite(magnitude):
        raise BadInput("values: they are too large to be summed")
    found, group = list(floats), list[int]()
    for i in sorted(range(len(floats)), key=floats.__getitem__):
        if group and floats[i] - floats[group[-1]] > _close(floats[i], magnitude):
            _level(found, group, magnitude)
            group = []
        group.append(i)
    _level(found, group, magnitude)
    return tuple(found)


def weights_of(values: Sequence[Fraction | float]) -> tuple[int, ...]:
    """Return whole numbers in the proportion of `values`, none of which is below zero.

    Exactly in their proportion for fractions; for floats, each value's part of the sum in
    units of 10^-15, to the nearest.  Equal values have equal weights.
    """
    if all(isinstance(value, int | Fraction) for value in values):
        exact = [Fraction(value) for value in values]
        scale = math.lcm(*(value.denominator for value in exact))
        return tuple(int(value * scale) for value in exact)
    floats = [float(value) for value in values]
    largest = max(floats, default=0.0)
    if not largest:
        return (0,) * len(floats)
    # Division, exact sum and rounding are the same on every machine, as the standard has them.
    parts = [value / largest for value in floats]
    whole = math.fsum(parts)
    return tuple(round(part / whole * PLACES) for part in parts)


def _close(value: float, magnitude: float) -> float:
    return max(abs(value) * ROUNDING, magnitude * ROUNDING_OF_ALL)


def _level(found: list[float], group: list[int], magnitude: float) -> None:
    """Give a run of neighbouring values one value."""
    held = [found[i] for i in group]
    near_zero = any(abs(value) <= magnitude * ROUNDING_OF_ALL for value in held)
    # So small a number has few digits left, and a part of it would have fewer, or none.
    scale = _SMALL if magnitude < 1 / _SMALL else 1.0
    mean = 0.0 if near_zero else math.fsum(value * scale / len(held) for value in held) / scale
    for i in group:
        found[i] = mean
