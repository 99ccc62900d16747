"""The directories of a TIFF file, held against the file before GDAL reads it (rule F-08).

TIFF 6.0 and BigTIFF: a chain of directories, each a list of tags whose values lie in the tag or
elsewhere in the file.  Everything must lie in the file, the chain must end, and texts must be
UTF-8, since GDAL quotes them.
"""

from __future__ import annotations

import struct
from typing import BinaryIO, Final

from exchange.inspection.intake import Intake

DIRECTORIES_MAX: Final = 64  # the image, its overviews and their masks
_ENTRIES_MAX: Final = 4_096
_TEXT: Final = 2
_TEXT_MAX: Final = 4 << 20
_SIZES: Final = dict(zip(range(1, 14), (1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4), strict=True)) | {
    16: 8,
    17: 8,
    18: 8,
}


def examine(intake: Intake) -> None:
    """Return if directories and file agree, or raise `Unreadable`."""
    with intake.path.open("rb") as stream:
        try:
            _Directories(stream, intake).walk()
        except struct.error as error:
            raise intake.refusal("not a whole TIFF file: cut short", "F-08") from error


class _Directories:
    def __init__(self, stream: BinaryIO, intake: Intake) -> None:
        self._stream, self._intake = stream, intake
        head = intake.head_raw[:16]
        order = "<" if head.startswith(b"II") else ">"
        self._big = head[2:4] in {b"+\0", b"\0+"}
        if self._big:
            self._count, self._offset = struct.Struct(order + "Q"), struct.Struct(order + "Q")
            self._entry, self._first = struct.Struct(order + "HHQ8s"), 8
        else:
            self._count, self._offset = struct.Struct(order + "H"), struct.Struct(order + "I")
            self._entry, self._first = struct.Struct(order + "HHI4s"), 4

    def _refuse(self, fault: str, rule: str = "F-08") -> Exception:
        return self._intake.refusal(f"not a whole TIFF file: {fault}", rule)

    def walk(self) -> None:
        (at,) = self._offset.unpack(self._read(self._first, self._offset.size))
        seen: set[int] = set()
        while at:
            if at in seen:
                raise self._refuse("its directories run in circles")
            seen.add(at)
            if len(seen) > DIRECTORIES_MAX:
                raise self._refuse(f"more than {DIRECTORIES_MAX} directories")
            at = self._directory(at)
        if not seen:
            raise self._refuse("no directory")

    def _directory(self, at: int) -> int:
        """Check one directory and return where the next begins, 0 behind the last."""
        (count,) = self._count.unpack(self._read(at, self._count.size))
        if count > _ENTRIES_MAX:
            raise self._refuse(f"a directory of {count} tags")
        begin = at + self._count.size
        entries = self._read(begin, count * self._entry.size)
        for tag, kind, number, value in self._entry.iter_unpack(entries):
            size = _SIZES.get(kind, 0) * number
            if not size:  # an unknown kind, or nothing: readers skip it
                continue
            place = None
            if size > len(value):
                (place,) = self._offset.unpack(value)
                if place + size > self._intake.bytes:
                    raise self._refuse(f"tag {tag} lies outside the file")
            if kind == _TEXT:
                self._require_text(tag, value[:size] if place is None else None, place, size)
        (after,) = self._offset.unpack(
            self._read(begin + count * self._entry.size, self._offset.size)
        )
        return int(after)

    def _require_text(self, tag: int, inline: bytes | None, place: int | None, size: int) -> None:
        if size > _TEXT_MAX:
            raise self._refuse(f"tag {tag} is a text of more than {_TEXT_MAX} bytes", "F-02")
        text = inline if place is None else self._read(place, size)
        try:
            (text or b"").decode()
        except UnicodeDecodeError as error:
            raise self._refuse(f"tag {tag} is not UTF-8", "F-05") from error

    def _read(self, at: int, size: int) -> bytes:
        if at + size > self._intake.bytes:
            raise self._refuse("a directory lies outside the file")
        self._stream.seek(at)
        return self._stream.read(size)
