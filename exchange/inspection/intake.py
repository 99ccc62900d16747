"""One file on its way in: its name, its hash, its bytes, and how far they may expand.

Nothing here trusts the file.  It must be a regular file that can be opened, under a name that is
nothing but a name; it is hashed as it came; a gzip wrapper is taken off while streaming, with
every byte counted; and whoever reads it by path reads it through a link of our own naming,
because engines expand `*` and `#mode=` in the names they are given.

A wrapper is one gzip member (RFC 1952) and nothing behind it.  The format allows more, and
programs disagree: some read the first member, some all, some drop what follows.  What was
inspected would not be what a buyer reads.
"""

from __future__ import annotations

import copy
import hashlib
import os
import re
import shutil
import stat
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Final, Self

from exchange.errors import NotFound, Unreadable
from exchange.records import printable

PIECE: Final = 1 << 18  # one read; numpy views of a piece take about ten times as much
# One read of the hashing.  Once it has been given back, glibc keeps as much at hand: the arrays
# made of every piece then need no memory fetched anew from the system, half of their time.
HASHED: Final = 4 << 20
HEAD: Final = 4096  # enough for every magic number and for the first line of a text
GZIP_MAGIC: Final = b"\x1f\x8b"
GZIP_WINDOW: Final = 31  # zlib's code for a gzip header, its checksum verified
UNWRAPPED: Final = "unwrapped"  # the name, in scratch, of what was in a wrapper
RATIO_FLOOR: Final = 1 << 20  # below one mebibyte an expansion harms nobody, whatever its ratio

_SEPARATORS: Final = re.compile(r"[/\\]")
_DRIVE: Final = re.compile(r"[A-Za-z]:")
# Characters that turn the direction of writing: with one, "gpj.exe" shows as "exe.jpg".
_TURNS: Final = frozenset(
    "\u200e\u200f\u061c" + "".join(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may ask of the exchange (rules F-02 and F-06); sizes in bytes."""

    ratio: int = 100
    expanded: int = 16 << 30
    cell: int = 1 << 20
    record: int = 8 << 20
    columns: int = 2_000
    entries: int = 10_000


class Intake:
    """A file under inspection; use as a context, which sees that it does not change meanwhile.

    `name` is what the file is called to its owner, `linked` a path with a harmless name in
    `scratch` that leads to the same bytes, or if `copied` to a copy of them.
    """

    def __init__(
        self,
        path: Path,
        *,
        scratch: Path,
        name: str | None = None,
        limits: Limits | None = None,
        progress: Progress | None = None,
        copied: bool = False,
    ) -> None:
        self.path = path
        self.scratch = scratch
        self.name = printable(name or path.name)
        self.limits = limits or Limits()
        self._progress = progress
        self._copied = copied
        self._source = path
        if fault := path_fault(name or path.name):
            raise self.refusal(f"the file's name {fault}", "F-03")
        self._seen = self._examine()
        self.bytes = self._seen.st_size
        self.head_raw = self._first(HEAD)
        self.compression = "gzip" if self.head_raw.startswith(GZIP_MAGIC) else None
        self.linked = scratch / "incoming"

    def __enter__(self) -> Self:
        if self._copied:
            self.linked.write_bytes(self._first(self.bytes))
            self._source = self.linked
        else:
            self.link(self.linked)
        return self

    def link(self, place: Path) -> Path:
        """Make `place`, a path in `scratch`, lead to the file itself, and return it."""
        target = self.path.resolve()
        if printable(str(target)) == str(target):
            place.symlink_to(target)
        else:  # the engine takes no path that is not text
            shutil.copyfile(target, place)
        return place

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for made in (self.linked, self.scratch / UNWRAPPED):
            made.unlink(missing_ok=True)
        if kind is None:
            after = self._examine()
            # The time of modification can be set at will, that of change cannot.
            same = ("st_size", "st_mtime_ns", "st_ctime_ns", "st_ino", "st_dev")
            if any(getattr(after, key) != getattr(self._seen, key) for key in same):
                raise self.refusal("the file changed while it was being read", "F-01")

    def refusal(self, message: str, rule: str) -> Unreadable:
        """Return the error that names this file, what is wrong with it, and the rule."""
        return Unreadable(f"{self.name}: {message} ({rule})", rules=(rule,))

    def hashed(self) -> str:
        """Return the SHA-256, in hex, of the bytes as given."""
        digest = hashlib.sha256()
        with self._opened() as stream:
            while piece := stream.read(HASHED):
                digest.update(piece)
                self._told(stream.tell(), 2 * self.bytes)
        return digest.hexdigest()

    def head(self) -> bytes:
        """Return the first bytes of the content, behind a gzip wrapper if there is one."""
        if self.compression is None:
            return self.head_raw
        return next(self.pieces(), b"")[:HEAD]

    def pieces(self) -> Iterator[bytes]:
        """Yield the content without its gzip wrapper, at most `PIECE` bytes at a time.

        Raises `Unreadable` (F-02) as soon as more has come out than the limits allow, so a
        decompression bomb costs one piece of memory and no disk.
        """
        with self._opened() as raw:
            for piece in self._unwrapped(raw) if self.compression else _read(raw):
                self._told(self.bytes + raw.tell(), 2 * self.bytes)
                yield piece

    def _unwrapped(self, raw: BinaryIO) -> Iterator[bytes]:
        member = zlib.decompressobj(wbits=GZIP_WINDOW)
        expanded = 0
        while not member.eof:
            given = member.unconsumed_tail or raw.read(PIECE)
            try:
                piece = member.decompress(given, PIECE)
            except zlib.error as error:
                raise self.refusal(f"the gzip wrapper is broken: {error}", "F-01") from error
            if not given and not piece and not member.eof:
                raise self.refusal("the gzip wrapper is broken: cut short", "F-01")
            expanded += len(piece)
            self.allow(expanded)
            if piece:
                yield piece
        if after := member.unused_data[:2] or raw.read(2):
            what = "a second gzip member" if after == GZIP_MAGIC else "bytes"
            raise self.refusal(f"{what} behind the end of the gzip wrapper", "F-01")

    def content(self) -> Intake:
        """Return this file, or what is in its gzip wrapper as a file of its own in `scratch`.

        For whoever needs more than a stream.  Both together expand to no more than the file may.
        """
        if self.compression is None:
            return self
        inner = copy.copy(self)
        inner.path = inner.linked = inner._source = self.scratch / UNWRAPPED  # noqa: SLF001 - of its kind
        with inner.path.open("wb") as file:
            for piece in self.pieces():
                file.write(piece)
        inner.head_raw = inner._first(HEAD)  # noqa: SLF001 - of its kind
        inner.bytes = inner.path.stat().st_size
        left = self.limits.ratio * self.bytes // max(1, inner.bytes)
        inner.limits = replace(self.limits, ratio=max(1, left))
        inner.compression = None
        return inner

    def allow(self, expanded: int) -> None:
        """Raise `Unreadable` (F-02) if so many bytes are more than this file may expand to."""
        if expanded > self.limits.expanded:
            raise self.refusal(f"expands to more than {self.limits.expanded} bytes", "F-02")
        if expanded > max(RATIO_FLOOR, self.limits.ratio * self.bytes):
            raise self.refusal(f"expands to more than {self.limits.ratio} times its size", "F-02")

    def finished(self) -> None:
        """Tell whoever watches that nothing is left to read."""
        self._told(2 * self.bytes, 2 * self.bytes)

    def _told(self, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(done, total)

    def _examine(self) -> os.stat_result:
        try:
            found = self.path.lstat()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(f"{self.name}: no such file") from error
        except (OSError, ValueError) as error:  # ValueError: a null byte in the path
            raise self.refusal(f"cannot be opened: {_reason(error)}", "F-01") from error
        if stat.S_ISDIR(found.st_mode):
            raise self.refusal("is a directory, not a file", "F-01")
        if stat.S_ISLNK(found.st_mode):
            raise self.refusal("is a symbolic link: give the file it leads to", "F-03")
        if not stat.S_ISREG(found.st_mode):
            # Opening a pipe would wait for ever, and a device has no end.
            raise self.refusal("is not a regular file", "F-03")
        if found.st_size == 0:
            raise self.refusal("is empty", "F-06")
        return found

    def _opened(self) -> BinaryIO:
        try:
            return self._source.open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"{self.name}: no such file") from error
        except OSError as error:
            raise self.refusal(f"cannot be opened: {_reason(error)}", "F-01") from error

    def _first(self, size: int) -> bytes:
        with self._opened() as stream:
            return stream.read(size)


def path_fault(name: str) -> str | None:
    """Return what makes a name more than a name, or show otherwise than it reads; else None."""
    if any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 or each in _TURNS for each in name):
        return "holds a control character"
    if ".." in _SEPARATORS.split(name):
        return "leads out of its folder"
    if _DRIVE.match(name):
        return "begins with a drive letter"
    if name.startswith(("/", "\\")):
        return "is an absolute path"
    if _SEPARATORS.search(name):
        return "is a path"
    return None


def _read(raw: BinaryIO) -> Iterator[bytes]:
    while piece := raw.read(PIECE):
        yield piece


def _reason(error: OSError | ValueError) -> str:
    # str(OSError) repeats the path, which may hold a machine's folder names.
    return (error.strerror if isinstance(error, OSError) else None) or "bad path"
