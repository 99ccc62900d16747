"""The vault: files of the exchange, each under the SHA-256 of its bytes.

A file is copied in under a temporary name, synced and renamed, so that a name in the vault
always stands for whole bytes; nothing in it is ever changed.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from exchange.delivery import Staged
from exchange.errors import DataDiffer, ExchangeError, NotFound, Unreadable

CHUNK = 1 << 20
UPLOADS: Final = ".uploads"  # the folder in a vault that is not its own: exchange.uploads
_ARRIVING: Final = ".arriving-"


class FileVault:
    """A folder of files that only the operator's account may read.

    What is not `lasting` may be lost with the machine's power, though not with the process.
    """

    def __init__(self, folder: Path, *, bytes_max: int = 64 << 30, lasting: bool = True) -> None:
        self._folder = folder.absolute()  # whoever is handed a path may stand elsewhere
        self._bytes_max = bytes_max
        self._lasting = lasting
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def arriving(self) -> Iterator[Path]:
        """Lend a file of the vault's folder for what arrives from outside; it is gone afterwards.

        Where the process is killed meanwhile, the next `sweep` removes it, whatever its age.
        """
        descriptor, path = self._held()
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)
            os.close(descriptor)

    def _held(self) -> tuple[int, Path]:
        """Make a file under a lock that the system lets go with this process."""
        while True:
            with _own_disk():
                descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=_ARRIVING)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.fstat(descriptor).st_nlink:  # else a sweep came before the lock
                return descriptor, Path(name)
            os.close(descriptor)

    def stage(self, source: Path, *, name: str = "") -> Staged:
        """Copy a file in, under no digest yet; errors call it `name`, as its owner does.

        Raises `NotFound` for a missing file, `Unreadable` for what is no file, cannot be read,
        is empty or is larger than the vault takes, and `ExchangeError` where the vault's own
        disk fails; nothing is kept then.
        """
        name = name or str(source)
        require_regular(source, name)
        try:
            file = source.open("rb")
        except OSError as error:
            raise _unreadable(name, error) from error
        with file, _own_disk():
            return self._copy(file, name)

    def _copy(self, file: BinaryIO, name: str) -> Staged:
        digest, size = hashlib.sha256(), 0
        descriptor, place = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        try:
            with os.fdopen(descriptor, "wb") as copy:
                while chunk := _read(file, name):
                    size += len(chunk)
                    if size > self._bytes_max:
                        raise Unreadable(f"{name}: over {self._bytes_max} bytes", rules=("F-02",))
                    digest.update(chunk)
                    copy.write(chunk)
                if not size:
                    raise Unreadable(f"{name}: the file is empty", rules=("F-01",))
                if self._lasting:
                    copy.flush()
                    os.fsync(copy.fileno())
        except BaseException:
            Path(place).unlink(missing_ok=True)
            raise
        return Staged(Path(place), digest.hexdigest(), size)

    def keep(self, staged: Staged) -> None:
        """Put a staged file under its digest, where the same bytes are kept once."""
        with _own_disk():
            try:
                staged.path.replace(self._folder / staged.digest)
            except BaseException:
                self.drop(staged)
                raise
            if self._lasting:
                self._sync()

    def drop(self, staged: Staged) -> None:
        """Remove what was staged and not kept."""
        staged.path.unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str], *, older_than: float) -> list[str]:
        """Remove files that nothing refers to, if last changed before that Unix second.

        A kill between a copy and its commit leaves such a file; a young one may belong to a
        registration that is on its way in another process.  What arrived and is held by no
        process any more goes at once.
        """
        swept = []
        for path in sorted(each for each in self._folder.iterdir() if each.name != UPLOADS):
            with suppress(FileNotFoundError):  # another process was done with it meanwhile
                if path.name.startswith(_ARRIVING):
                    removed = _removed_if_forsaken(path)
                else:
                    removed = path.name not in wanted and path.stat().st_mtime < older_than
                    if removed:
                        path.unlink()
                swept += [path.name] if removed else []
        return swept

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def path(self, digest: str) -> Path:
        """Return the file of that digest by its absolute path, or raise `NotFound`."""
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


def _removed_if_forsaken(path: Path) -> bool:
    """Remove what arrived, unless the process that it arrived for still holds it."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        path.unlink()  # under the lock: whoever has just made it looks whether it is there
    return True


def require_regular(path: Path, name: str) -> None:
    """Raise `NotFound` or `Unreadable` (F-01) unless `path` is a regular file."""
    try:
        regular = stat.S_ISREG(path.stat().st_mode)
    except FileNotFoundError as error:
        raise NotFound(f"{name}: no such file") from error
    except OSError as error:
        raise _unreadable(name, error) from error
    if not regular:
        raise Unreadable(f"{name}: not a regular file", rules=("F-01",))


def _read(file: BinaryIO, name: str) -> bytes:
    try:
        return file.read(CHUNK)
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError) -> Unreadable:
    return Unreadable(f"{name}: {os.strerror(error.errno or errno.EIO)}")


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
