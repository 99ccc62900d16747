"""Chance in a market: a stream of its own for every agent and purpose, counted, never consumed.

A draw is a function of the seed, the agent, the purpose and a counter (SplitMix64 over their
digest), so adding an agent leaves the choices of the others as they were, and one draw at a time
gives the same bits as a million at once.  Laws are tables of their quantiles, joined by straight
lines: only sums, products and quotients are left to floating point, which every machine rounds
alike.  This is chance for a simulation; nothing secret is ever drawn from it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Keys = npt.NDArray[np.uint64]

POINTS: Final = 1_024  # pieces of a quantile table
_GAMMA: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_ELEVEN, _TWENTY_SEVEN, _THIRTY, _THIRTY_ONE = (np.uint64(bits) for bits in (11, 27, 30, 31))
_UNIT: Final = 2.0**-53


def key_of(*parts: str | int) -> int:
    """Return the 64-bit key of a stream: the seed, the agent and the purpose, in their order."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def keys_of(seed: int, agents: Sequence[str], purpose: str) -> Keys:
    """Return the keys of one stream of every agent."""
    return np.array([key_of(seed, agent, purpose) for agent in agents], dtype=np.uint64)


def uniforms(keys: Keys, counters: Keys | int) -> Floats:
    """Return the draw of each stream at its counter: at least 0 and below 1, 53 bits."""
    # Of the steps as arrays none is kept: what stays in the cache is mixed several times as fast.
    state = np.atleast_1d(np.add(counters, np.uint64(1), dtype=np.uint64))
    state *= _GAMMA
    state = state + keys if state.shape != keys.shape else np.add(state, keys, out=state)
    shifted = state >> _THIRTY
    state ^= shifted
    state *= _FIRST
    np.right_shift(state, _TWENTY_SEVEN, out=shifted)
    state ^= shifted
    state *= _SECOND
    np.right_shift(state, _THIRTY_ONE, out=shifted)
    state ^= shifted
    state >>= _ELEVEN
    drawn: Floats = state.view(np.int64).astype(np.float64)  # 53 bits have no sign
    drawn *= _UNIT
    return drawn


def uniform(key: int, counter: int) -> float:
    """Return one draw of one stream, the same bits as `uniforms` gives."""
    return float(uniforms(np.array([key], dtype=np.uint64), counter)[0])


@dataclass(frozen=True, slots=True)
class Distribution:
    """A law by its name and parameters.

    fixed (value), uniform (low, high), lognormal (median, sigma), exponential (mean); the last two
    are cut at their quantiles of one in a thousand at either end.
    """

    law: str
    first: float
    second: float = 0.0

    def at(self, drawn: Floats | float) -> Floats:
        """Return the quantiles at the given draws (0 to 1)."""
        places = np.asarray(drawn, dtype=np.float64) * POINTS
        left = np.minimum(places.astype(np.int64), POINTS - 1)
        table = _table(self)
        step: Floats = table[left] + (table[left + 1] - table[left]) * (places - left)
        return step

    def minor(self, drawn: Floats | float) -> npt.NDArray[np.int64]:
        """Return the quantiles as whole minor units, rounded half to even."""
        return np.rint(self.at(drawn)).astype(np.int64)


@lru_cache(maxsize=512)
def _table(law: Distribution) -> Floats:
    shares = [min(max(n / POINTS, 0.001), 0.999) for n in range(POINTS + 1)]
    match law.law:
        case "fixed":
            values = [law.first for _ in shares]
        case "uniform":
            values = [law.first + (law.second - law.first) * n / POINTS for n in range(POINTS + 1)]
        case "lognormal":
            normal = NormalDist()
            values = [law.first * math.exp(law.second * normal.inv_cdf(u)) for u in shares]
        case "exponential":
            values = [-law.first * math.log1p(-u) for u in shares]
        case _:
            raise ValueError(law.law)
    # Twelve digits: what two mathematical libraries disagree on is cut off.
    return np.array([float(f"{value:.12g}") for value in values])


def as_wire(law: Distribution | None) -> dict[str, Any] | None:
    """Return a law as a market file writes it."""
    if law is None:
        return None
    names = {
        "fixed": ("value",),
        "uniform": ("low", "high"),
        "lognormal": ("median", "sigma"),
        "exponential": ("mean",),
    }[law.law]
    given = (law.first, law.second)
    return {"law": law.law} | dict(zip(names, given, strict=False))
