"""The vault: files of the exchange, each under the SHA-256 of its bytes.

A file is copied in under a temporary name, synced and renamed, so that a name in the vault
always stands for whole bytes; nothing in it is ever changed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from exchange.errors import DataDiffer, ExchangeError, NotFound, Unreadable

CHUNK = 1 << 20


class FileVault:
    """A folder of files that only the operator's account may read."""

    def __init__(self, folder: Path, *, bytes_max: int = 64 << 30) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take_in(self, source: Path) -> tuple[str, int]:
        """Copy a file in; return its SHA-256 and size.

        Raises `NotFound` for a missing file, `Unreadable` for what is no file, cannot be read,
        is empty or is larger than the vault takes, and `ExchangeError` where the vault's own
        disk fails; nothing is kept then.
        """
        try:
            if not source.is_file():
                source.stat()  # a missing file raises here
                raise Unreadable(f"{source}: not a regular file", rules=("F-01",))
            file = source.open("rb")
        except FileNotFoundError as error:
            raise NotFound(f"{source}: no such file") from error
        except OSError as error:
            raise _unreadable(source, error) from error
        with file, _own_disk():
            return self._copy(file, source)

    def _copy(self, file: BinaryIO, source: Path) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "wb") as copy:
                while chunk := _read(file, source):
                    size += len(chunk)
                    if size > self._bytes_max:
                        raise Unreadable(f"{source}: over {self._bytes_max} bytes", rules=("F-02",))
                    digest.update(chunk)
                    copy.write(chunk)
                if not size:
                    raise Unreadable(f"{source}: the file is empty", rules=("F-01",))
                copy.flush()
                os.fsync(copy.fileno())
            Path(name).replace(self._folder / digest.hexdigest())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        self._sync()
        return digest.hexdigest(), size

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def path(self, digest: str) -> Path:
        """Return the file of that digest, or raise `NotFound`."""
        path = self._folder / digest
        if len(digest) != 64 or not digest.isalnum() or not path.is_file():
            raise NotFound(f"the vault has no file {digest[:16]}…")
        return path

    def check(self, digest: str) -> Path:
        """Return the file after reading it whole, or raise `DataDiffer` if its bytes changed."""
        path = self.path(digest)
        if sha256_of(path) != digest:
            raise DataDiffer(f"the file {digest[:16]}… in the vault has changed", rules=("T-06",))
        return path

    def discard(self, digest: str) -> None:
        """Remove the file of that digest, if there is one."""
        (self._folder / digest).unlink(missing_ok=True)


def _read(file: BinaryIO, source: Path) -> bytes:
    try:
        return file.read(CHUNK)
    except OSError as error:
        raise _unreadable(source, error) from error


def _unreadable(source: Path, error: OSError) -> Unreadable:
    return Unreadable(f"{source}: {os.strerror(error.errno or errno.EIO)}")


@contextmanager
def _own_disk() -> Iterator[None]:
    """Tell a failure of the vault's own disk from a file that cannot be read."""
    try:
        yield
    except OSError as error:
        words = os.strerror(error.errno or errno.EIO)
        raise ExchangeError(f"the vault cannot take a file in: {words}") from error


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex, reading it in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
