"""Which rows an expert is shown: drawn from the chain, so that the supplier cannot choose them.

The seed is the SHA-256 of the leaf hash of the entry that opened the public notice and of the
digest of the data.  The data is fixed by the claim, and the notice's entry comes after it and is
signed by the house, so no supplier knows the seed before its data is registered.  (The house
could try again and again for a seed it likes; it is not the supplier, and every row drawn can be
drawn again by anyone.)  Row i is drawn from SHA-256(seed, i) by rejection: no row is likelier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import ConfigDict

from exchange.records import STRICT

ROWS_SHOWN: Final = 20
MASK: Final = "•••"  # one length for all, since a length tells something as well
_RANGE: Final = 2**64


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows as an expert is shown them; a missing cell is None.

    `places` are the rows' places in the file, from 0.  Every value of the columns `masked` is
    `MASK`: they are personal by the sheet or by the detector, which has looked at the sample
    once more after masking.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    columns: tuple[str, ...]
    places: tuple[int, ...]
    rows: tuple[tuple[str | None, ...], ...]
    masked: tuple[str, ...]


def draw(notice: str, data: str, rows: int, count: int = ROWS_SHOWN) -> tuple[int, ...]:
    """Return the places of `count` different rows, all of them if there are no more, in order.

    `notice` and `data` are SHA-256 in hex; a place is counted from 0 in the order of the file.
    """
    if rows <= count:
        return tuple(range(rows))
    drawn: set[int] = set()
    for number in _numbers(hashlib.sha256(bytes.fromhex(notice) + bytes.fromhex(data)).digest()):
        if number < _RANGE - _RANGE % rows:
            drawn.add(number % rows)
        if len(drawn) == count:
            break
    return tuple(sorted(drawn))


def _numbers(seed: bytes) -> Iterator[int]:
    counter = 0
    while True:
        block = hashlib.sha256(seed + counter.to_bytes(8, "big")).digest()
        for start in range(0, 32, 8):
            yield int.from_bytes(block[start : start + 8], "big")
        counter += 1
