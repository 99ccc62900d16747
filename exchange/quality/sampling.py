"""Which rows of data are shown: drawn from the chain, so that the supplier cannot choose them.

The seed is the SHA-256 of the leaf hash of the entry that opened the first public notice over
the data, and of the digest of the data.  The data is fixed by the claim, and the notice's entry
comes after it and is signed by the house, so no supplier knows the seed before its data is
registered, and no later notice draws again.  (The house could try again and again for a seed it
likes; it is not the supplier, and every row drawn can be drawn again by anyone.  A supplier that
registers its data anew in another order draws anew, and each time stands on the chain.)  Row i is
drawn from SHA-256(seed, i) by rejection: no row is likelier.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Final

from pydantic import ConfigDict

from exchange.records import STRICT, to_record
from ledger.canonical import encode
from ledger.samples import ROWS_MAX

ROWS_SHOWN: Final = ROWS_MAX
MASK: Final = "•••"  # one length for all, since a length tells something as well
_RANGE: Final = 2**64


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows as they are shown; a missing cell is None.

    `places` are the rows' places in the file, from 0.  Every value of the columns `masked` is
    `MASK`: the sheet or the inspection gives a reason not to show them, or a detector found one
    when it looked at the masked sample once more.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    columns: tuple[str, ...]
    places: tuple[int, ...]
    rows: tuple[tuple[str | None, ...], ...]
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample, and what anyone needs to draw the same places again.

    `notice` is the leaf hash that the seed is made from.  As a record it is what `sample.drawn`
    on the chain names by its digest.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    product: str
    sheet: str
    data: str
    notice: str
    sample: Sample

    @property
    def digest(self) -> str:
        """The SHA-256 of the record, in hex."""
        return hashlib.sha256(encode(to_record(self))).hexdigest()


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
