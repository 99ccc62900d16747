"""Thrift's compact protocol, as far as it takes to look at Parquet's metadata.

Written from the protocol's specification (Apache Thrift, thrift-compact-protocol.md).  A struct
comes as a mapping from the numbers of its fields to their values, or is written once more with
some of its fields alone.  The bytes are a stranger's: nesting, the number of values and every
length are bounded before anything is made of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Struct = dict[int, Any]
# The fields of a struct that are kept, each whole, or as a struct or a list of structs of which
# these are kept.
Kept = Mapping[int, "Kept | None"]

DEPTH_MAX: Final = 24  # structs and lists in one another; Parquet's own metadata have eight
VALUES_MAX: Final = 1_000_000  # a thousand row groups of forty columns

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY = range(1, 9)
_LIST, _SET, _MAP, _STRUCT, _UUID = range(9, 14)
_FIXED: Final = {_BYTE: 1, _DOUBLE: 8, _UUID: 16}


class Malformed(Exception):
    """The bytes are no such message, or a larger one than anybody needs."""


class Decoder:
    """Reads one message from the start of `data`; `at` is where it stands."""

    def __init__(self, data: bytes) -> None:
        self.at = 0
        self._data = data
        self._left = VALUES_MAX

    def struct(self, depth: int = 0) -> Struct:
        """Return the struct that begins here, or raise `Malformed`."""
        found: Struct = {}
        number = 0
        while True:
            head = self._byte()
            if head == 0:
                return found
            step, kind = head >> 4, head & 0x0F
            number = number + step if step else self._zigzag()
            if kind in {_TRUE, _FALSE}:
                found[number] = kind == _TRUE
            else:
                found[number] = self._value(kind, depth)

    def pruned(self, kept: Kept) -> bytes:
        """Return the struct that begins here with these fields alone, or raise `Malformed`."""
        made, number, before = bytearray(), 0, 0
        while head := self._byte():
            step, kind = head >> 4, head & 0x0F
            number = number + step if step else self._zigzag()
            content = self._content(kind, kept.get(number))
            if number in kept:
                near = 0 < number - before < 16
                made.append((number - before) << 4 | kind if near else kind)
                made += content if near else _varint(number << 1) + content
                before = number
        return bytes(made) + b"\0"

    def _content(self, kind: int, kept: Kept | None) -> bytes:
        start = self.at
        if kind in {_TRUE, _FALSE}:
            return b""  # which the head of the field has said
        if kept is None:
            self._value(kind, 0)
            return self._data[start : self.at]
        if kind == _STRUCT:
            return self.pruned(kept)
        if kind != _LIST:
            raise Malformed("a value where there are structs")
        inside, count = self._list()
        if inside != _STRUCT:
            raise Malformed("a list of values where there are structs")
        begun = self._data[start : self.at]
        return begun + b"".join(self.pruned(kept) for _ in self._counted(count))

    def _value(self, kind: int, depth: int) -> Any:  # noqa: ANN401 - whatever the field is
        self._left -= 1
        if depth > DEPTH_MAX or self._left < 0:
            raise Malformed("more metadata, or deeper ones, than any table needs")
        if kind in {_I16, _I32, _I64}:
            return self._zigzag()
        if kind == _BINARY:
            return self._bytes(self._varint())
        if kind in _FIXED:
            return self._bytes(_FIXED[kind])
        if kind == _STRUCT:
            return self.struct(depth + 1)
        if kind in {_LIST, _SET}:
            return self._values(*self._list(), depth)
        if kind == _MAP:
            count = self._varint()
            kinds = self._byte() if count else 0
            pairs = self._counted(2 * count)
            return [
                self._value(kinds >> 4 if i % 2 == 0 else kinds & 0x0F, depth + 1) for i in pairs
            ]
        raise Malformed(f"a value of the unknown type {kind}")

    def _list(self) -> tuple[int, int]:
        """Return of what kind the values of a list are, and how many there are."""
        head = self._byte()
        return head & 0x0F, head >> 4 if head >> 4 != 15 else self._varint()

    def _values(self, kind: int, count: int, depth: int) -> list[Any]:
        if kind in {_TRUE, _FALSE}:  # in a list they take a byte each
            return [self._byte() == _TRUE for _ in self._counted(count)]
        return [self._value(kind, depth + 1) for _ in self._counted(count)]

    def _counted(self, count: int) -> range:
        if count > len(self._data) - self.at:  # every value takes a byte at least
            raise Malformed(f"a list of {count} values in {len(self._data)} bytes")
        return range(count)

    def _byte(self) -> int:
        if self.at >= len(self._data):
            raise Malformed("cut short")
        self.at += 1
        return self._data[self.at - 1]

    def _bytes(self, count: int) -> bytes:
        if count > len(self._data) - self.at:
            raise Malformed(f"{count} bytes where there are {len(self._data) - self.at}")
        self.at += count
        return self._data[self.at - count : self.at]

    def _varint(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise Malformed("a number of more than 64 bits")

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(made) + bytes([value])
