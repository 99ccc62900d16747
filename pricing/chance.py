"""Chance from a seed: the same numbers on every platform, process and version of numpy.

A stream is named by the seed and a path of whole numbers, such as the index of a chunk, so that
what is drawn does not depend on who draws first or how many workers there are.  numpy promises
that a bit generator's raw output stays as it is, and not that its distributions do (NEP 19):
so the doubles are made here, from the raw output of Philox (Salmon et al., SC 2011).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def uniforms(seed: int, path: tuple[int, ...], count: int) -> NDArray[np.float64]:
    """Return `count` doubles in [0, 1), multiples of 2^-53, of the stream `path` of `seed`."""
    return Stream(seed, *path).uniforms(count)


class Stream:
    """One stream of chance, read in order."""

    def __init__(self, seed: int, *path: int) -> None:
        # A seed may be negative in a record; SeedSequence takes none that is.
        entropy = [abs(seed), int(seed < 0)]
        self._bits = np.random.Philox(np.random.SeedSequence(entropy, spawn_key=path))

    def uniforms(self, count: int) -> NDArray[np.float64]:
        """Return the next `count` doubles in [0, 1)."""
        return (self._bits.random_raw(count) >> 11).astype(np.float64) * 2.0**-53

    def normals(self, count: int) -> NDArray[np.float64]:
        """Return the next `count` doubles of the standard normal law, by Box and Muller (1958)."""
        pairs = (count + 1) // 2
        radius = np.sqrt(-2.0 * np.log1p(-self.uniforms(pairs)))
        angle = 2.0 * np.pi * self.uniforms(pairs)
        both = np.concatenate((radius * np.cos(angle), radius * np.sin(angle)))
        return both[:count]

    def orders(self, rows: int, count: int) -> NDArray[np.intp]:
        """Return `rows` random orders of 0 … count − 1, an order a row, each equally likely."""
        # Two equal keys in one row of doubles are too rare to tilt an order by 2^-40.
        return np.argsort(self.uniforms(rows * count).reshape(rows, count), axis=1, kind="stable")


class Lots:
    """Lots drawn one at a time from a stream that is read many at a time."""

    _READ_AT_ONCE = 1_024

    def __init__(self, seed: int, *path: int) -> None:
        self._stream = Stream(seed, *path)
        self._read: list[float] = []

    def draw(self) -> float:
        """Return the next double in [0, 1)."""
        if not self._read:
            self._read = self._stream.uniforms(self._READ_AT_ONCE).tolist()[::-1]
        return self._read.pop()

    def below(self, count: int) -> int:
        """Return one of 0 … count − 1, each as likely to within count / 2^53."""
        return int(self.draw() * count)
