"""ZIP containers, judged from their directory and headers before anything is taken out.

The format (PKWARE's APPNOTE 6.3.10) says everything twice, in a central directory and in a
header before each entry, and lets the two disagree.  Bombs, hidden entries and files that two
programs unpack differently live on that.  `judge` accepts the plain form that office programs
write and no other: entries one behind the other from the first byte to the directory, the
directory up to the end, both accounts of an entry the same, names that are only names.

`unpacked` then inflates one entry and holds it to the size and checksum that were judged, so no
second parser ever sees the container.
"""

from __future__ import annotations

import os
import stat
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from exchange.inspection.intake import PIECE, RATIO_FLOOR, Intake, path_fault
from exchange.records import printable

ZIP_MAGIC: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
STORED: Final = 0
DEFLATED: Final = 8

# Names and first bytes of what is an archive itself; one inside another is not looked into.
ARCHIVE_SUFFIXES: Final = frozenset(
    {".zip", ".jar", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".lz4", ".cab"}
)
_ARCHIVES: Final = {
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"PK\x07\x08": "ZIP",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!": "RAR",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"\x04\x22\x4d\x18": "LZ4",
    b"MSCF": "cabinet",
}
_TAR_PLACE: Final = 257
_TAR_MAGIC: Final = b"ustar"

_END: Final = struct.Struct("<4s4H2LH")
_END64: Final = struct.Struct("<4sQ2H2L4Q")
_LOCATOR64: Final = struct.Struct("<4sLQL")
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_COMMENT_MAX: Final = 0xFFFF
_DIRECTORY_MAX: Final = 16 << 20  # bytes; ten thousand entries of usual names take one
_ENCRYPTED: Final = 0x0041  # the two bits for either way of encrypting
_DESCRIBED: Final = 0x0008  # sizes follow the data instead of standing before them
_UTF8: Final = 0x0800
_DESCRIPTORS: Final = (12, 16, 20, 24)  # without or with a signature, 32 or 64 bits
_WIDE: Final = 0xFFFFFFFF  # the value stands in the field for 64 bits


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in the container; `start` is where its data begins, sizes in bytes."""

    name: str
    method: int
    packed: int
    size: int
    checksum: int
    start: int


@dataclass(frozen=True, slots=True)
class _Listed:
    """One entry as the central directory has it."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    checksum: int
    packed: int
    size: int
    offset: int


def archive_of(head: bytes) -> str | None:
    """Return what kind of archive begins with these bytes, None if none that we know."""
    if head[_TAR_PLACE:].startswith(_TAR_MAGIC):
        return "tar"
    return next((kind for magic, kind in _ARCHIVES.items() if head.startswith(magic)), None)


def judge(intake: Intake) -> tuple[Entry, ...]:
    """Return the entries of a container, its directories left out.

    Raises `Unreadable`: F-01 for a container that contradicts itself, F-02 for one that
    expands too far, overlaps or nests, F-03 for names and kinds of entries that lead elsewhere.
    """
    with intake.path.open("rb") as stream:
        begin, end, count = _directory(stream, intake)
        listed = _listed(stream, intake, begin, end, count)
        _require_sizes(listed, intake)
        placed = sorted(listed, key=lambda each: each.offset)
        starts = [_start(stream, each, intake) for each in placed]
        _require_one_behind_the_other(placed, starts, begin, intake)
        entries = []
        for each, start in zip(placed, starts, strict=True):
            _require_agreement(stream, each, intake)
            if each.name.endswith("/"):
                if each.size:
                    raise intake.refusal(f"folder {each.name} holds data", "F-01")
                continue
            entry = Entry(each.name, each.method, each.packed, each.size, each.checksum, start)
            _require_no_archive(stream, entry, intake)
            entries.append(entry)
    return tuple(entries)


def unpacked(stream: BinaryIO, entry: Entry, intake: Intake) -> Iterator[bytes]:
    """Yield the content of a judged entry, or raise `Unreadable` (F-01) where it is another."""
    size = checksum = 0
    for piece in _inflated(stream, entry, intake):
        size += len(piece)
        checksum = zlib.crc32(piece, checksum)
        if size > entry.size:
            break
        yield piece
    if size != entry.size or checksum != entry.checksum:
        raise intake.refusal(f"entry {entry.name} is not what its header says", "F-01")


def _inflated(stream: BinaryIO, entry: Entry, intake: Intake) -> Iterator[bytes]:
    inflater = zlib.decompressobj(wbits=-15)
    left, place = entry.packed, entry.start
    tail = b""
    while left or tail:
        given = tail
        if not given:
            stream.seek(place)  # others may have read in between
            given = stream.read(min(PIECE, left))
            if not given:
                break
            left -= len(given)
            place += len(given)
        if entry.method == STORED:
            yield given
            continue
        try:
            yield inflater.decompress(given, PIECE)
        except zlib.error as error:
            raise intake.refusal(f"entry {entry.name} is broken: {error}", "F-01") from error
        tail = inflater.unconsumed_tail
    while entry.method == DEFLATED and (rest := inflater.decompress(b"", PIECE)):
        yield rest


def _directory(stream: BinaryIO, intake: Intake) -> tuple[int, int, int]:
    """Return where the central directory begins and ends, and how many entries it has."""
    reach = min(intake.bytes, _END.size + _COMMENT_MAX)
    stream.seek(intake.bytes - reach)
    tail = stream.read(reach)
    found = [at for at in _places(tail, b"PK\x05\x06") if _is_end(tail, at)]
    if len(found) != 1:
        what = "has more than one end" if found else "does not end as one does; cut short?"
        raise intake.refusal(f"is a ZIP archive that {what}", "F-01")
    at = found[0]
    _, disk, other, here, count, size, begin, _ = _END.unpack_from(tail, at)
    end = intake.bytes - reach + at
    if _WIDE in (size, begin) or 0xFFFF in (disk, other, here, count):
        end, disk, other, here, count, size, begin = _directory64(stream, end, intake)
    if disk or other or here != count:
        raise intake.refusal("is one part of a ZIP archive in several", "F-01")
    if count > intake.limits.entries:
        raise intake.refusal(f"has more than {intake.limits.entries} entries", "F-02")
    if begin + size != end:
        raise intake.refusal("has a ZIP directory that is not where it should be", "F-01")
    if size > _DIRECTORY_MAX:
        raise intake.refusal(f"has a directory of more than {_DIRECTORY_MAX} bytes", "F-02")
    return begin, end, count


def _places(tail: bytes, signature: bytes) -> Iterator[int]:
    at = tail.find(signature)
    while at >= 0:
        yield at
        at = tail.find(signature, at + 1)


def _is_end(tail: bytes, at: int) -> bool:
    whole = len(tail) - at >= _END.size
    return whole and at + _END.size + int(_END.unpack_from(tail, at)[-1]) == len(tail)


def _directory64(
    stream: BinaryIO, end: int, intake: Intake
) -> tuple[int, int, int, int, int, int, int]:
    broken = intake.refusal("has a ZIP directory of 64 bits that is broken", "F-01")
    if end < _LOCATOR64.size + _END64.size:
        raise broken
    stream.seek(end - _LOCATOR64.size)
    signature, _, place, _ = _LOCATOR64.unpack(stream.read(_LOCATOR64.size))
    if signature != b"PK\x06\x07" or place != end - _LOCATOR64.size - _END64.size:
        raise broken
    stream.seek(place)
    signature, _, _, _, disk, other, here, count, size, begin = _END64.unpack(
        stream.read(_END64.size)
    )
    if signature != b"PK\x06\x06":
        raise broken
    return place, disk, other, here, count, size, begin


def _listed(
    stream: BinaryIO, intake: Intake, begin: int, end: int, count: int
) -> tuple[_Listed, ...]:
    stream.seek(begin)
    directory = stream.read(end - begin)
    at = 0
    listed = []
    names: set[str] = set()
    for _ in range(count):
        if directory[at : at + 4] != b"PK\x01\x02" or len(directory) - at < _CENTRAL.size:
            raise intake.refusal("has a ZIP directory that is cut short", "F-01")
        fields = _CENTRAL.unpack_from(directory, at)
        _, _, _, flags, method, _, _, checksum, packed, size, *lengths = fields[:13]
        attributes, offset = fields[15:]
        at += _CENTRAL.size
        name_length, extra_length, comment_length = lengths
        raw_name = directory[at : at + name_length]
        extra = directory[at + name_length : at + name_length + extra_length]
        at += name_length + extra_length + comment_length
        size, packed, offset = _widened(extra, (size, packed, offset), intake)
        name = raw_name.decode("utf-8" if flags & _UTF8 else "cp437", "replace")
        _require_plain(name, flags, method, attributes, intake)
        if name.casefold() in names:
            raise intake.refusal(f"has two entries called {printable(name)}", "F-01")
        names.add(name.casefold())
        listed.append(_Listed(raw_name, name, flags, method, checksum, packed, size, offset))
    if at != len(directory):
        raise intake.refusal("has a ZIP directory with more in it than it counts", "F-01")
    if not listed:
        raise intake.refusal("is a ZIP archive without an entry", "F-06")
    return tuple(listed)


def _widened(extra: bytes, values: Sequence[int], intake: Intake) -> list[int]:
    """Put the 64-bit values of an extra field (APPNOTE 4.5.3) where 32 bits were too few."""
    wide = b""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == 0x0001:
            wide = extra[at + 4 : at + 4 + length]
        if kind == 0x7075:
            raise intake.refusal("has an entry with two names", "F-03")
        at += 4 + length
    found = []
    for value in values:
        if value == _WIDE:
            if len(wide) < 8:
                raise intake.refusal("has an entry of 64 bits that is broken", "F-01")
            (value,), wide = struct.unpack("<Q", wide[:8]), wide[8:]  # noqa: PLW2901
        found.append(value)
    return found


def _require_plain(name: str, flags: int, method: int, attributes: int, intake: Intake) -> None:
    shown = printable(name)[:80]
    if not name.strip("/"):
        raise intake.refusal("has an entry without a name", "F-03")
    if "\\" in name:
        raise intake.refusal(f"entry {shown} has a backslash in its name", "F-03")
    # A folder between slashes is what archives are for; every part must be but a name.
    if name.startswith("/"):
        raise intake.refusal(f"entry {shown} is an absolute path", "F-03")
    for part in name.removesuffix("/").split("/"):
        if fault := path_fault(part) or ("has an empty part" if part in {"", "."} else None):
            raise intake.refusal(f"entry {shown} {fault}", "F-03")
    kind = stat.S_IFMT(attributes >> 16)
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        what = "a symbolic link" if kind == stat.S_IFLNK else "a device or a pipe"
        raise intake.refusal(f"entry {shown} is {what}", "F-03")
    if flags & _ENCRYPTED:
        raise intake.refusal(f"entry {shown} is encrypted", "F-01")
    if method not in {STORED, DEFLATED}:
        raise intake.refusal(f"entry {shown} is packed in an unknown way ({method})", "F-01")


def _require_sizes(listed: Sequence[_Listed], intake: Intake) -> None:
    """Refuse what would expand beyond the limits, as a whole or in one entry (F-02)."""
    intake.allow(sum(each.size for each in listed))
    for each in listed:
        if each.size > max(RATIO_FLOOR, intake.limits.ratio * each.packed):
            raise intake.refusal(
                f"entry {each.name} expands to more than {intake.limits.ratio} times its size",
                "F-02",
            )
        if each.method == STORED and each.size != each.packed:
            raise intake.refusal(f"entry {each.name} has two sizes", "F-01")


def _start(stream: BinaryIO, entry: _Listed, intake: Intake) -> int:
    """Return where the data of an entry begin, behind its own header."""
    stream.seek(min(entry.offset, intake.bytes))
    header = stream.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        raise intake.refusal(f"entry {entry.name} is not where the directory says", "F-01")
    name_length, extra_length = _LOCAL.unpack(header)[-2:]
    return entry.offset + _LOCAL.size + int(name_length) + int(extra_length)


def _require_one_behind_the_other(
    placed: Sequence[_Listed], starts: Sequence[int], directory: int, intake: Intake
) -> None:
    """Refuse entries that share bytes (F-02), and bytes that belong to no entry (F-01).

    Overlapping entries are how 42 kB become petabytes without nesting (D. Fifield, A better
    zip bomb, WOOT 2019).
    """
    if placed[0].offset:
        raise intake.refusal("has bytes before its first entry", "F-01")
    following = [*(each.offset for each in placed[1:]), directory]
    for each, start, after in zip(placed, starts, following, strict=True):
        gap = after - (start + each.packed)
        if gap < 0:
            raise intake.refusal(f"entry {each.name} overlaps with what follows it", "F-02")
        if gap and not (each.flags & _DESCRIBED and gap in _DESCRIPTORS):
            raise intake.refusal(f"has bytes that belong to no entry behind {each.name}", "F-01")


def _require_agreement(stream: BinaryIO, entry: _Listed, intake: Intake) -> None:
    stream.seek(entry.offset)
    fields = _LOCAL.unpack(stream.read(_LOCAL.size))
    _, _, flags, method, _, _, checksum, packed, size, name_length, extra_length = fields
    name = stream.read(name_length)
    size, packed = _widened(stream.read(extra_length), (size, packed), intake)
    told = (checksum, packed, size)
    same = told == (entry.checksum, entry.packed, entry.size)
    if flags & _DESCRIBED and told == (0, 0, 0):
        same = True  # they follow the data, where only the directory's are believed
    if name != entry.raw_name or method != entry.method or flags != entry.flags or not same:
        raise intake.refusal(f"entry {entry.name} is described in two ways", "F-01")


def _require_no_archive(stream: BinaryIO, entry: Entry, intake: Intake) -> None:
    """Refuse an archive in the archive (F-02): also how one that contains itself is stopped."""
    named = PurePosixPath(entry.name).suffix.lower() in ARCHIVE_SUFFIXES
    if named or archive_of(_first_bytes(stream, entry)):
        raise intake.refusal(f"entry {entry.name} is an archive itself", "F-02")


def _first_bytes(stream: BinaryIO, entry: Entry) -> bytes:
    stream.seek(entry.start, os.SEEK_SET)
    raw = stream.read(min(512, entry.packed))
    if entry.method == STORED:
        return raw
    try:
        return zlib.decompressobj(wbits=-15).decompress(raw, 512)
    except zlib.error:
        return b""  # whoever reads the entry will say so
