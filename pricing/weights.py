"""Weights of indicators: from an expert's judgements by pairs, and from what tells products apart.

AHP (Saaty, The Analytic Hierarchy Process, 1980): the weights are the principal eigenvector of
the reciprocal matrix, and CI = (λmax − n)/(n − 1) over the random index is the consistency
ratio CR, which must stay below 0.1.  Entropy (Shannon 1948, as used with AHP by 高文忠等,
中国资产评估 2023(5)): p_ij = x_ij / Σ_i x_ij, e_j = −(1/ln m) Σ_i p_ij ln p_ij over m products,
w_j = (1 − e_j) / Σ_k (1 − e_k).  Combined: w ∝ w_AHP · w_entropy.  The multiplicative
combination and Saaty's table of 1980 are the readings implemented; the article's own text was
not at hand.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.errors import BadInput
from pricing.evidence import Judgements

# Mean CI of random reciprocal matrices of size 1 to 15 (Saaty 1980); CR < 0.1 is his rule.
RANDOM_INDEX: Final = (
    0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59,
)  # fmt: skip
RATIO_MAX: Final = 0.1
_CLOSE: Final = 1e-15
_ROUNDS_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Priorities:
    """What a matrix of judgements says: weights that sum to 1, and how consistent it is."""

    weights: tuple[float, ...]
    eigenvalue: float
    index: float
    ratio: float


def priorities(judgements: Judgements) -> Priorities:
    """Return the weights of one matrix, however inconsistent it may be.

    Raises `BadInput` for more indicators than the random index is known for.
    """
    size = len(judgements.indicators)
    if size > len(RANDOM_INDEX):
        raise BadInput(f"judgements: {judgements.of} compares {size}, more than 15, indicators")
    rows = [[float(cell) for cell in row] for row in judgements.rows]
    held = [1.0 / size] * size
    # A positive matrix has one positive eigenvector and the powers lead to it (Perron, Frobenius).
    for _ in range(_ROUNDS_MAX):
        image = [_dot(row, held) for row in rows]
        whole = math.fsum(image)
        image = [value / whole for value in image]
        moved = max(abs(one - other) for one, other in zip(image, held, strict=True))
        held = image
        if moved < _CLOSE:
            break
    eigenvalue = math.fsum(_dot(row, held) / w for row, w in zip(rows, held, strict=True)) / size
    index = (eigenvalue - size) / (size - 1) if size > 1 else 0.0
    random = RANDOM_INDEX[size - 1]
    return Priorities(tuple(held), eigenvalue, index, index / random if random else 0.0)


def hierarchy(judgements: Sequence[Judgements]) -> dict[str, float]:
    """Return the weight of every indicator that is divided no further; they sum to 1.

    The weight of a part is that of its whole times its own within it.  Raises `BadInput` naming
    the matrix whose consistency ratio is 0.1 or more, or that does not belong to one tree.
    """
    of = {one.of: one for one in judgements}
    parts = [part for one in judgements for part in one.indicators]
    tops = [name for name in of if name not in set(parts)]
    if len(of) < len(judgements) or len(set(parts)) < len(parts) or len(tops) != 1:
        raise BadInput(
            f"judgements: {', '.join(one.of for one in judgements) or 'none'} are not one tree"
        )
    leaves: dict[str, float] = {}
    waiting = [(tops[0], 1.0)]
    while waiting:
        name, share = waiting.pop(0)
        if name not in of:
            leaves[name] = share
            continue
        found = require_consistent(of.pop(name))
        names = zip(judgements_of(name, judgements), found.weights, strict=True)
        waiting += [(part, share * weight) for part, weight in names]
    if of:
        raise BadInput(f"judgements: {', '.join(of)} hang on nothing")
    return leaves


def judgements_of(name: str, judgements: Sequence[Judgements]) -> tuple[str, ...]:
    """Return the indicators that `name` is divided into."""
    return next(one.indicators for one in judgements if one.of == name)


def require_consistent(judgements: Judgements) -> Priorities:
    """Return the weights, or raise `BadInput` where CR is 0.1 or more."""
    found = priorities(judgements)
    if found.ratio >= RATIO_MAX:
        raise BadInput(
            f"judgements: {judgements.of} contradict themselves, CR {found.ratio:.3f}"
            f" is not below {RATIO_MAX}"
        )
    return found


def entropy(samples: Mapping[str, Sequence[Decimal]]) -> dict[str, float]:
    """Return weights by how much each indicator differs over the same products; they sum to 1.

    Raises `BadInput` without two products, for lists of different lengths, for an indicator
    that is zero everywhere, and where nothing differs at all.
    """
    counts = {len(values) for values in samples.values()}
    if len(counts) != 1 or min(counts) < 2:
        raise BadInput("ratings.samples: every indicator needs the same products, two at least")
    products = counts.pop()
    told: dict[str, float] = {}
    for name, values in samples.items():
        whole = sum(map(Fraction, values))
        if whole == 0:
            raise BadInput(f"ratings.samples: {name} is zero in every product")
        parts = [float(Fraction(value) / whole) for value in values]
        # p ln p is 0 at 0, and at a part too small for a float to tell from 0.
        spread = -math.fsum(part * math.log(part) for part in parts if part) / math.log(products)
        told[name] = max(1.0 - spread, 0.0)  # rounding may leave an even one below zero
    summed = math.fsum(told.values())
    if summed < _CLOSE * products:
        raise BadInput("ratings.samples: no indicator tells the products apart")
    return {name: value / summed for name, value in told.items()}


def combined(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Return weights in proportion to the products of both; they sum to 1."""
    both = {name: weight * other[name] for name, weight in one.items()}
    summed = math.fsum(both.values())
    if summed <= 0:
        raise BadInput("weights: no indicator has a weight in both")
    return {name: value / summed for name, value in both.items()}


def _dot(row: Sequence[float], held: Sequence[float]) -> float:
    return math.fsum(one * other for one, other in zip(row, held, strict=True))
