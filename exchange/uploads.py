"""Uploads: files that arrive in parts, each kept until it is used, taken back or has ended.

An upload is one file and nothing beside it: its name says whose it is and how long it will be,
its size how far it has come, and its time when the last part came.  So a killed process leaves
nothing that contradicts itself, and any number of processes may serve one folder, which must be
on a local disk: whoever changes an upload holds the system's lock on it.

What has come is what was sent, in its order.  That it is the file that was meant, the digest
says which the act that uses it signs.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.errors import (
    Busy,
    Conflict,
    ExchangeError,
    NotFound,
    OffsetDiffers,
    Refused,
    TooLarge,
)
from exchange.requests import Upload

_NAME: Final = re.compile(r"(?P<owner>[^.]+)\.(?P<name>[0-9a-f]{32})\.(?P<bytes>[1-9]\d*)")

_GONE: Final = "no upload of yours is open under that name: it was used or taken back, or has ended"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much participants may have on its way; the names are those of the settings."""

    upload_bytes: int
    uploads_open: int
    uploads_bytes: int
    upload_seconds: int


class FileUploads:
    """A folder of files in the making that only the operator's account may read."""

    def __init__(
        self, folder: Path, limits: Limits, *, now: Callable[[], float] = time.time
    ) -> None:
        self._folder = folder.absolute()
        self._limits = limits
        self._now = now

    def open(self, owner: str, size: int, *, name: str) -> Upload:
        """Begin a file of so many bytes under a name of 32 hex digits.

        Raises `TooLarge` for a file above the limit of one, and `Refused` where the owner has as
        many open as it may, in number or in bytes, or the disk has no room for what was announced.
        """
        limits = self._limits
        if size > limits.upload_bytes:
            raise TooLarge(f"no upload has more than {limits.upload_bytes} bytes (upload_bytes)")
        with _own_disk(), self._alone():
            self.sweep()
            found = list(self._all())
            mine = [upload for upload in found if upload.owner == owner]
            if len(mine) >= limits.uploads_open:
                words = f"{len(mine)} uploads are open: {limits.uploads_open} at most at a time"
                raise Refused(f"{words} (uploads_open); use one, or take it back")
            held = sum(upload.bytes for upload in mine)
            if held + size > limits.uploads_bytes:
                words = f"open uploads have {held} bytes, {limits.uploads_bytes} at most together"
                raise Refused(f"{words} (uploads_bytes); use one, or take it back")
            promised = sum(upload.bytes - upload.offset for upload in found)
            if promised + size > shutil.disk_usage(self._folder).free:
                raise Refused("the exchange has no room for an upload of that size at present")
            path = self._folder / f"{owner}.{name}.{size}"
            flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC
            descriptor = os.open(path, flags, 0o600)
            try:
                return self._as_it_stands(owner, name, size, os.fstat(descriptor))
            finally:
                os.close(descriptor)

    def find(self, owner: str, name: str) -> Upload:
        """Return an open upload of the owner's, or raise `NotFound`."""
        for upload in self.of(owner):
            if upload.name == name:
                return upload
        raise NotFound(_GONE)

    def of(self, owner: str) -> list[Upload]:
        """Return the open uploads of an owner, those that end first before the others."""
        mine = [upload for upload in self._all() if upload.owner == owner]
        return sorted(mine, key=lambda upload: (upload.until, upload.name))

    def append(self, owner: str, name: str, offset: int, part: bytes) -> Upload:
        """Add a part at `offset`, which is where the upload stands; nothing of it stays on failure.

        Raises `OffsetDiffers` for another offset, `TooLarge` for more bytes than were announced,
        and `Busy` while somebody else changes or reads it.
        """
        upload = self.find(owner, name)
        with self._held(upload) as (descriptor, _):
            have = os.fstat(descriptor).st_size
            if offset != have:
                raise OffsetDiffers(f"Upload-Offset: the upload has {have} bytes", offset=have)
            if have + len(part) > upload.bytes:
                raise TooLarge(f"the upload has {upload.bytes - have} bytes to come, not more")
            try:
                with _own_disk():
                    _write(descriptor, part, offset)
            except BaseException:
                with suppress(OSError):
                    os.ftruncate(descriptor, have)
                raise
            return self._as_it_stands(owner, name, upload.bytes, os.fstat(descriptor))

    @contextmanager
    def lend(self, owner: str, name: str) -> Iterator[Path]:
        """Lend a whole upload to whoever uses it; where that succeeds, it is gone.

        Raises `Conflict` for one that is not whole and `Busy` while somebody else has it.
        """
        upload = self.find(owner, name)
        with self._held(upload) as (descriptor, path):
            have = os.fstat(descriptor).st_size
            if have != upload.bytes:
                raise Conflict(f"the upload has {have} of its {upload.bytes} bytes")
            yield path
            path.unlink()

    def end(self, owner: str, name: str) -> None:
        """Take an upload back, or raise `NotFound`; `Busy` while somebody uses it."""
        with self._held(self.find(owner, name)) as (_, path):
            path.unlink()

    def sweep(self) -> int:
        """Remove what has ended and nobody holds; return how many."""
        swept = 0
        for path in self._files():
            with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._read(path) is None:  # asked under the lock: a part may have come
                    path.unlink()
                    swept += 1
        return swept

    def _all(self) -> Iterator[Upload]:
        return (upload for path in self._files() if (upload := self._read(path)))

    def _files(self) -> list[Path]:
        try:
            return sorted(self._folder.iterdir())
        except FileNotFoundError:  # nobody has opened one yet
            return []

    def _read(self, path: Path) -> Upload | None:
        """Return the upload that a file is, or None where it has ended."""
        named = _NAME.fullmatch(path.name)
        if named is None:
            return None
        try:
            found = path.stat()
        except FileNotFoundError:  # used, or taken back meanwhile
            return None
        upload = self._as_it_stands(named["owner"], named["name"], int(named["bytes"]), found)
        return upload if self._now() <= upload.until else None

    def _as_it_stands(self, owner: str, name: str, size: int, found: os.stat_result) -> Upload:
        until = found.st_mtime + self._limits.upload_seconds
        return Upload(owner, name, size, found.st_size, until)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep all others from opening one: what is counted must not grow meanwhile."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _held(self, upload: Upload) -> Iterator[tuple[int, Path]]:
        """Hold an upload, so that nobody else changes or removes it, or raise `Busy`."""
        path = self._folder / f"{upload.owner}.{upload.name}.{upload.bytes}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError as error:
            raise NotFound(_GONE) from error
        try:
            _lock(descriptor)
            yield descriptor, path
        finally:
            os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Busy("another request is at the same upload") from error
    if not os.fstat(descriptor).st_nlink:
        raise NotFound(_GONE)


def _write(descriptor: int, part: bytes, offset: int) -> None:
    rest = memoryview(part)
    while rest:
        written = os.pwrite(descriptor, rest, offset)
        rest, offset = rest[written:], offset + written


@contextmanager
def _own_disk() -> Iterator[None]:
    """Name a failure of the exchange's own disk."""
    try:
        yield
    except OSError as error:
        words = os.strerror(error.errno or errno.EIO)
        raise ExchangeError(f"the exchange cannot take an upload in: {words}") from error
