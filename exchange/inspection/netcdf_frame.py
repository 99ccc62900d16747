"""The header of a classic NetCDF file, held against the file before the library reads it.

The library believes the header: one that counts four billion dimensions keeps it busy for
minutes.  `examine` reads the header as the format specification has it (The NetCDF Classic Format
Specification; magics CDF 1, 2 and 5) and refuses, by rule F-08, counts, lengths and offsets that
the file has no room for.  Files on HDF5 have no such header.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from exchange.inspection.intake import Intake

HEADER_MAX: Final = 16 << 20
_COUNT_MAX: Final = 10_000  # dimensions, attributes or variables; the format knows no limit
_NAME_MAX: Final = 1_024
_DIMENSION, _VARIABLE, _ATTRIBUTE = 0x0A, 0x0B, 0x0C
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
_STREAMING: Final = (0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF)  # whoever wrote it did not count


class _Malformed(Exception):
    """The header contradicts itself or the file."""


def examine(intake: Intake) -> None:
    """Return if the header and the file agree, or raise `Unreadable`."""
    with intake.path.open("rb") as stream:
        header = stream.read(HEADER_MAX)
    try:
        _Header(header, intake.bytes).read()
    except _Malformed as error:
        raise intake.refusal(f"not a whole NetCDF file: {error}", "F-08") from error


@dataclass(frozen=True, slots=True)
class _Placed:
    """One variable: where it begins, its bytes (of one record, if it has records)."""

    begin: int
    size: int
    records: bool


class _Header:
    def __init__(self, data: bytes, size: int) -> None:
        self._data = data
        self._size = size
        version = data[3]
        self._wide = 8 if version == 5 else 4  # bytes of a count
        self._offset = 4 if version == 1 else 8
        self._at = 4

    def read(self) -> None:
        records = self._number(self._wide)
        dimensions = self._dimensions()
        self._attributes()
        variables = [self._variable(dimensions) for _ in range(self._list(_VARIABLE))]
        step = sum(each.size for each in variables if each.records)
        for each in variables:
            more = 0 if not each.records or records in _STREAMING else step * max(0, records - 1)
            empty = each.records and not records
            if not empty and each.begin + more + each.size > self._size:
                raise _Malformed("a variable ends behind the end of the file")

    def _dimensions(self) -> list[int]:
        lengths = []
        for _ in range(self._list(_DIMENSION)):
            self._name()
            lengths.append(self._number(self._wide))
        return lengths

    def _attributes(self) -> None:
        for _ in range(self._list(_ATTRIBUTE)):
            self._name()
            size = self._type()
            self._skip(size * self._number(self._wide))

    def _variable(self, dimensions: Sequence[int]) -> _Placed:
        self._name()
        count = self._number(self._wide)
        if count > len(dimensions):
            raise _Malformed("a variable of more dimensions than there are")
        places = [self._number(self._wide) for _ in range(count)]
        if any(place >= len(dimensions) for place in places):
            raise _Malformed("a variable of a dimension that there is not")
        lengths = [dimensions[place] for place in places]
        records = bool(lengths) and lengths[0] == 0
        if 0 in lengths[1:]:
            raise _Malformed("records within records")
        self._attributes()
        size = self._type() * math.prod(lengths[1:] if records else lengths)
        self._number(self._wide)  # its own word for its size, which readers ignore
        return _Placed(self._number(self._offset), size, records)

    def _list(self, tag: int) -> int:
        found, count = self._number(4), self._number(self._wide)
        if (found, count) == (0, 0):
            return 0
        if found != tag or count > _COUNT_MAX:
            raise _Malformed("a list of another kind, or far too long")
        return count

    def _name(self) -> None:
        length = self._number(self._wide)
        if not 0 < length <= _NAME_MAX:
            raise _Malformed(f"a name of {length} bytes")
        self._skip(length)

    def _type(self) -> int:
        kind = self._number(4)
        if kind not in _SIZES:
            raise _Malformed(f"values of the unknown type {kind}")
        return _SIZES[kind]

    def _skip(self, count: int) -> None:
        self._at += count + -count % 4  # padded to four bytes
        if self._at > len(self._data):
            raise _Malformed("its header is cut short")

    def _number(self, width: int) -> int:
        begin = self._at
        self._skip(width)
        return int.from_bytes(self._data[begin : begin + width], "big")
