"""Where a witness keeps what it must not forget: in memory, or in a folder.

The folder has ``<SHA-256 of the origin>/checkpoint`` for each log, the note last cosigned, which
is also what tlog-witness serves below the monitoring prefix: hand the folder to any web server.
It must be on a local disk, and it must not be restored from a backup: a witness that forgets
will cosign what contradicts it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ledger.durable import sync_folder
from ledger.errors import Unreadable


@dataclass(slots=True)
class MemoryState:
    """A `WitnessState` in memory: for tests and simulations."""

    _notes: dict[str, bytes] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def latest(self, origin: str) -> bytes | None:
        """Return the note last cosigned."""
        return self._notes.get(origin)

    def replace(self, origin: str, old: bytes | None, new: bytes) -> bool:
        """Keep `new` if `old` is what is kept."""
        with self._lock:
            if self._notes.get(origin) != old:
                return False
            self._notes[origin] = new
            return True


class FolderState:
    """A `WitnessState` in a folder, which must exist: an empty one is a witness without memory."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise Unreadable(f"{folder}: not a folder; make it once, for a witness that is new")
        self.folder = folder

    def latest(self, origin: str) -> bytes | None:
        """Return the note last cosigned."""
        try:
            return (self._of(origin) / "checkpoint").read_bytes()
        except FileNotFoundError:
            return None

    def replace(self, origin: str, old: bytes | None, new: bytes) -> bool:
        """Keep `new` if `old` is what is kept; it is on the disk when this returns."""
        home = self._of(origin)
        home.mkdir(exist_ok=True)
        with _locked(home / "lock"):
            if self.latest(origin) != old:
                return False
            # A crash before the rename leaves the old note, one after it the new: never a part.
            with (home / "checkpoint.new").open("wb") as file:
                file.write(new)
                file.flush()
                os.fsync(file.fileno())
            (home / "checkpoint.new").replace(home / "checkpoint")
            sync_folder(home)
            sync_folder(self.folder)
            return True

    def _of(self, origin: str) -> Path:
        return self.folder / hashlib.sha256(origin.encode()).hexdigest()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the file's lock, which ends with the process at the latest."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
