"""The bytes that services draw in a simulation: nonces and salts, from the seed and a label."""

from __future__ import annotations

import hashlib


class SeededChance:
    """A `Chance` whose bytes follow from the seed and the label entered last.

    Entering a label begins its stream anew, so what is drawn within one wish does not depend on
    what was drawn before it, and can be drawn ahead, elsewhere, or again.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.enter("start")

    def enter(self, label: str) -> None:
        """Begin the stream of a label."""
        self._label, self._drawn = label, 0

    def __call__(self, count: int) -> bytes:
        """Return so many bytes, the next ones of the stream."""
        drawn = drawn_bytes(self._seed, self._label, self._drawn, count)
        self._drawn += 1
        return drawn


def drawn_bytes(seed: int, label: str, nth: int, count: int) -> bytes:
    """Return what the nth draw of a label gives when `count` bytes are asked for."""
    return hashlib.shake_128(f"{seed}/{label}/{nth}".encode()).digest(count)
