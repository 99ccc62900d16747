"""Model game: a coalition is worth how well a ridge regression on its pooled data predicts.

The sellers' data enter by sums alone, XᵀX and Xᵀy of each seller: they add up over sellers, so
that a coalition's model is one solution of a small system and no seller's rows are looked at
twice, nor shown to anybody.  What a coalition is worth is measured on the buyer's own
validation data, of which the same sums are all that the score needs.

    β = (λ I + Σ XᵀX)⁻¹ Σ Xᵀy        (Hoerl and Kennard 1970)

No intercept is added: give the features a column of ones, or centre them.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.games.asking import in_coalition
from pricing.games.keeping import Keeping

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

_AT_ONCE: Final = 2**22  # entries of the systems held at a time: 32 MiB


class Score(enum.StrEnum):
    """How a model's predictions are scored on the validation data."""

    R2 = "r2"
    """1 − Σ (y − ŷ)² / Σ (y − ȳ)²: one is perfect, and a bad model is below zero."""

    NEGATIVE_MSE = "negative-mse"
    """−mean (y − ŷ)², in the square of the target's units."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What a ridge regression needs of some rows of data, and what scoring one does."""

    rows: int
    xx: tuple[tuple[float, ...], ...]
    """XᵀX, features by features."""
    xy: tuple[float, ...]
    """Xᵀy."""
    y: float
    """Σ y."""
    yy: float
    """Σ y²."""

    def __post_init__(self) -> None:
        require_count("rows", self.rows)
        if any(len(row) != len(self.xy) for row in (self.xy, *self.xx)) or len(self.xx) != len(
            self.xy
        ):
            raise BadInput(f"xx: not {len(self.xy)} by {len(self.xy)}, as many as xy")
        numbers = (self.y, self.yy, *self.xy, *(one for row in self.xx for one in row))
        if not all(map(math.isfinite, numbers)):
            raise BadInput("xx, xy, y, yy: one of them is no finite number")

    @classmethod
    def of(cls, features: ArrayLike, target: ArrayLike) -> Sums:
        """Sum up rows of features, of shape (rows, features), and their target."""
        x, y = np.asarray(features, dtype=np.float64), np.asarray(target, dtype=np.float64)
        if x.ndim != 2 or y.shape != x.shape[:1]:
            raise BadInput(f"features: {x.shape} rows and features do not go with {y.shape}")
        # Not by BLAS, whose sums depend on the machine: a record holds these numbers.
        xx = np.einsum("ri,rj->ij", x, x)
        xy = np.einsum("ri,r->i", x, y)
        return cls(
            len(y),
            tuple(tuple(map(float, row)) for row in xx),
            tuple(map(float, xy)),
            math.fsum(y),
            math.fsum(y * y),
        )


@dataclass(frozen=True, slots=True)
class Ridge(Keeping):
    """Is worth the `score` on `validation` of a regression on the sums of `sellers`.

    `penalty` is λ, above zero, so that every coalition has one model; nobody's predicts zero.
    """

    sellers: tuple[Sums, ...]
    validation: Sums
    penalty: float = 1.0
    score: Score = Score.R2

    def __post_init__(self) -> None:
        if not (math.isfinite(self.penalty) and self.penalty > 0):
            raise BadInput(f"penalty: {self.penalty!r} is not above zero")
        if not self.validation.rows:
            raise BadInput("validation: there are no rows to score on")
        if self.score is Score.R2 and not self._spread() > 0:
            raise BadInput("validation: the target does not vary, so R² says nothing")
        if any(len(one.xy) != len(self.validation.xy) for one in self.sellers):
            raise BadInput("sellers: not as many features as the validation data")

    @property
    def players(self) -> int:
        """The sellers."""
        return len(self.sellers)

    def value(self, mask: int) -> float:
        """Return the score of the coalition's model."""
        return float(self.batch(np.array([mask], dtype=np.uint64))[0])

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the score of each coalition's model: all of them are solved in one call."""
        features = len(self.validation.xy)
        step = max(1, _AT_ONCE // (features * (features + 1)))
        parts = [self._scores(masks[at : at + step]) for at in range(0, len(masks), step)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _scores(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        sums, validation = self.kept("sums", self._systems), self.validation
        features = len(validation.xy)
        systems = np.zeros((len(masks), features, features + 1))
        systems[:, :, :features] = self.penalty * np.eye(features)
        for i, seller in enumerate(sums[:-1]):
            systems += seller * in_coalition(masks, i)[:, np.newaxis, np.newaxis]
        model = np.linalg.solve(systems[:, :, :features], systems[:, :, features:])[:, :, 0]
        xx, xy = sums[-1][:, :features], sums[-1][:, features]
        # Σ (y − Xβ)² = Σ y² − 2 βᵀXᵀy + βᵀXᵀXβ
        squares = validation.yy + np.einsum(
            "mi,mi->m", model, np.einsum("mj,ij->mi", model, xx) - 2 * xy
        )
        score = -squares / validation.rows
        if self.score is Score.R2:
            score = 1 - squares / self._spread()
        return np.asarray(score, dtype=np.float64)

    def _spread(self) -> float:
        return self.validation.yy - self.validation.y**2 / self.validation.rows

    def _systems(self) -> list[NDArray[np.float64]]:
        """Return XᵀX with Xᵀy as its last column, for each seller and the validation data."""
        return [
            np.column_stack((np.array(one.xx), np.array(one.xy)))
            for one in (*self.sellers, self.validation)
        ]
