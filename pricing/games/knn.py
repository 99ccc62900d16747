"""Nearest-neighbour game: sellers' points together label test points; what is right is worth.

Each training point belongs to one seller and a coalition holds the points of its members.  How
worth is measured, and which point is the nearer of two equally far, stands in
`pricing.games.nearest`.  All worths are whole numbers of matches over a common denominator.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.games.keeping import Keeping
from pricing.games.nearest import Measure, Neighbourhood, exact_values, point_values

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT_MAX: Final = 1_000  # points whose values are worth writing out: 400 digits each
FEATURE_MAX: Final = 1e100  # the squares of any number of such distances are finite
CELLS: Final = 2**16  # pairs of a coalition and a test point at once, which stay in the cache
BLOCK_BYTES: Final = 2**24


@dataclass(frozen=True, slots=True)
class Point:
    """A labelled point; features beyond 10^100 are refused."""

    features: tuple[float, ...]
    label: str

    def __post_init__(self) -> None:
        features: tuple[object, ...] = self.features
        for feature in features:
            # A record holds a double as text and a whole number as one: it reads them apart.
            if not isinstance(feature, float) or not math.isfinite(feature):
                raise BadInput(f"features: {feature!r} of a point is no finite double")
            # Squares that overflow are all as far, and the order of the points would divide.
            if abs(feature) > FEATURE_MAX:
                raise BadInput(f"features: {feature!r} of a point is beyond {FEATURE_MAX}")


@dataclass(frozen=True, slots=True, eq=False)
class _Nearest:
    """The nearest points of each player to each test point, by rank among all points.

    A key is twice the rank, and one more where the label is right: the smaller key is the
    nearer point, and what is right is told by its last bit.  One more player has no points.
    """

    keys: NDArray[np.integer[Any]]  # by player, place, test point
    counts: NDArray[np.int64]
    k: int

    @classmethod
    def of(cls, points: Neighbourhood, sellers: NDArray[np.intp], players: int, k: int) -> _Nearest:
        tests, n = len(points.test_labels), len(sellers)
        counts = np.bincount(sellers, minlength=players + 1)
        kind = np.int16 if 2 * n + 2 < 2**15 else np.int32
        keys = np.full((players + 1, min(k, int(counts.max())), tests), 2 * n, dtype=kind)
        ranks = np.arange(n)
        for test in range(tests):
            near = points.nearest(test)
            key = 2 * ranks + (points.labels[near] == points.test_labels[test])
            # A stable sort by seller keeps each seller's points from nearest to farthest.
            by_seller = np.argsort(sellers[near], kind="stable")
            whose = sellers[near][by_seller]
            place = ranks - np.searchsorted(whose, whose)
            kept = place < keys.shape[1]
            keys[whose[kept], place[kept], test] = key[by_seller][kept]
        return cls(keys, counts, k)

    def nobody(self, coalitions: int) -> NDArray[np.integer[Any]]:
        """Return the keys of the k nearest, by coalition and test point, of nobody's points."""
        return np.repeat(self.keys[None, -1, :1].repeat(self.k, axis=0), coalitions, axis=1)

    def join(
        self, near: NDArray[np.integer[Any]], joining: NDArray[np.integer[Any]]
    ) -> NDArray[np.int64]:
        """Let each coalition's nearest, in place, be joined by a player's; return matches gained.

        What is pushed out by the nearer moves on to the next place, and out at the end.
        """
        gained = np.zeros(near.shape[1], dtype=np.int64)
        for place, moving in enumerate(joining):
            gained += (moving & 1).sum(axis=1)
            # Places before this one are held by what is nearer than this player's earlier points.
            for held in near[place:]:
                nearer = np.minimum(held, moving)
                moving = np.maximum(held, moving)  # noqa: PLW2901 - it is what moves on
                held[...] = nearer
            gained -= (moving & 1).sum(axis=1)
        return gained


@dataclass(frozen=True, slots=True)
class Knn(Keeping):
    """Worth of points to the `k` nearest neighbours of each of `tests`, the mean over these.

    `sellers[i]` is the player, from 0 to `players` − 1, who has the training point `points[i]`.
    """

    points: tuple[Point, ...]
    sellers: tuple[int, ...]
    tests: tuple[Point, ...]
    players: int
    k: int = 5
    measure: Measure = Measure.OF_K

    def __post_init__(self) -> None:
        require_count("k", self.k, 1)
        require_count("players", self.players, 1)
        if len(self.sellers) != len(self.points):
            raise BadInput(f"sellers: {len(self.sellers)} for {len(self.points)} points")
        for seller in self.sellers:
            require_count("sellers", seller)
            if seller >= self.players:
                raise BadInput(f"sellers: {seller} is none of the {self.players} players")
        if not self.points or not self.tests:
            raise BadInput("points, tests: one of each is the least")
        for name, points in (("points", self.points), ("tests", self.tests)):
            for point in points:
                if len(point.features) != len(self.points[0].features):
                    raise BadInput(f"{name}: not all points have as many features")

    def value(self, mask: int) -> Fraction:
        """Return what the coalition is worth, exactly."""
        order = [i if mask >> i & 1 else self.players for i in range(self.players)]
        matches, held = self._grown(np.array([order], dtype=np.intp))
        return self._worth(int(matches[0, -1]), int(held[0, -1]))

    def batch(self, masks: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the worth of each coalition."""
        players = np.arange(self.players)
        inside = (masks.reshape(-1, 1) >> players.astype(np.uint64) & np.uint64(1)) != 0
        return self.prefixes(np.where(inside, players, self.players))[:, -1].reshape(masks.shape)

    def prefixes(self, orders: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the worth of every prefix of every order, nobody's first."""
        rows = max(1, CELLS // len(self.tests))
        parts = [self._grown(orders[at : at + rows]) for at in range(0, len(orders) or 1, rows)]
        matches, held = (np.concatenate(part) for part in zip(*parts, strict=True))
        return self._worths(matches, held)

    def block(self, high: int, low_bits: int) -> NDArray[np.float64]:
        """Return the worth of ``high << low_bits | low`` for every `low` of `low_bits` bits."""
        cells = self.k * len(self.tests) * self._nearest.keys.itemsize
        if low_bits and cells << low_bits > BLOCK_BYTES:
            halves = (self.block(high << 1 | bit, low_bits - 1) for bit in (0, 1))
            return np.concatenate(list(halves))
        game = self._nearest
        near, matches, held = game.nobody(1), np.zeros(1, np.int64), np.zeros(1, np.int64)
        for i in range(low_bits, self.players):
            if high >> (i - low_bits) & 1:
                matches += game.join(near, game.keys[i][:, None])
                held += game.counts[i]
        for i in range(low_bits):
            grown = near.copy()
            gained = game.join(grown, game.keys[i][:, None])
            near = np.concatenate((near, grown), axis=1)
            matches = np.concatenate((matches, matches + gained))
            held = np.concatenate((held, held + game.counts[i]))
        return self._worths(matches, held)

    def shapley(self) -> tuple[Fraction, ...] | None:
        """Return exact values where each player has one point, and None where one has more.

        From `EXACT_MAX` points on, the doubles that are within 1e-12 of the values.
        """
        if sorted(self.sellers) != list(range(self.players)):
            return None
        if len(self.points) <= EXACT_MAX:
            values = exact_values(self.neighbourhood(), self.k, self.measure)
        else:
            values = tuple(map(Fraction, self.by_point().tolist()))
        of = dict(zip(self.sellers, values, strict=True))
        return tuple(of[player] for player in range(self.players))

    def by_point(self) -> NDArray[np.float64]:
        """Return the Shapley value of each point in the game of points, each its own player."""
        return point_values(self.neighbourhood(), self.k, self.measure)

    def neighbourhood(self) -> Neighbourhood:
        """Return the points as arrays, with labels by number."""
        both = (*self.points, *self.tests)
        numbers = {label: i for i, label in enumerate(sorted({p.label for p in both}))}
        labels = np.array([numbers[point.label] for point in both], dtype=np.intp)
        train = np.array([point.features for point in self.points], dtype=np.float64)
        test = np.array([point.features for point in self.tests], dtype=np.float64)
        return Neighbourhood(train, labels[: len(train)], test, labels[len(train) :])

    @property
    def _nearest(self) -> _Nearest:
        return self.kept("nearest", self._found)

    def _found(self) -> _Nearest:
        sellers = np.array(self.sellers, dtype=np.intp)
        return _Nearest.of(self.neighbourhood(), sellers, self.players, self.k)

    @property
    def _classes(self) -> int:
        return len({point.label for point in (*self.points, *self.tests)})

    def _grown(self, orders: NDArray[np.intp]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the matches of every prefix, summed over tests, and how many points it has."""
        game = self._nearest
        m, n = orders.shape
        near = game.nobody(m)
        matches = np.zeros((m, n + 1), dtype=np.int64)
        held = np.zeros((m, n + 1), dtype=np.int64)
        for place in range(n):
            joining = orders[:, place]
            gained = game.join(near, game.keys[joining].swapaxes(0, 1))
            matches[:, place + 1] = matches[:, place] + gained
            held[:, place + 1] = held[:, place] + game.counts[joining]
        return matches, held

    def _worth(self, matches: int, held: int) -> Fraction:
        if self.measure is Measure.OF_K:
            return Fraction(matches, self.k * len(self.tests))
        if not held:
            return Fraction(1, self._classes)
        return Fraction(matches, min(self.k, held) * len(self.tests))

    def _worths(self, matches: NDArray[np.int64], held: NDArray[np.int64]) -> NDArray[np.float64]:
        if self.measure is Measure.OF_K:
            return matches / (self.k * len(self.tests))
        among = np.minimum(self.k, held) * len(self.tests)
        found: NDArray[np.float64] = matches / np.maximum(among, 1)
        return np.where(held > 0, found, 1 / self._classes)
