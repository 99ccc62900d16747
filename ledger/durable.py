"""Files that are whole or absent, whatever comes between: a kill, a full disk, a loss of power.

A file is written beside, synced, and renamed into place; the rename is durable once the folder
is synced, which `Placing.settle` does for all folders at once.  One process at a time: the file
beside has one name.
"""

from __future__ import annotations

import os
from pathlib import Path


class Placing:
    """Places files below one folder, which must exist.

    What is not `lasting` may be lost with the machine's power, though not with the process.
    """

    def __init__(self, folder: Path, *, lasting: bool = True) -> None:
        self.folder = folder
        self._lasting = lasting
        self._beside = folder / ".new"
        self._unsettled: set[Path] = set()

    def place(self, name: str, data: bytes) -> None:
        """Write or replace one file; it survives a loss of power after the next `settle`."""
        path = self.folder / name
        self._make(path.parent)
        descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
            if self._lasting:
                os.fsync(descriptor)  # before the rename: else a loss of power leaves it empty
        finally:
            os.close(descriptor)
        os.replace(self._beside, path)  # noqa: PTH105 - tests fail each call of os by itself
        self._unsettled.add(path.parent)

    def settle(self) -> None:
        """Sync the folders of all that was placed: what comes after may rely on it."""
        for folder in sorted(self._unsettled):
            if self._lasting:
                sync_folder(folder)
            self._unsettled.discard(folder)

    def _make(self, folder: Path) -> None:
        if folder == self.folder:
            return
        self._make(folder.parent)
        try:
            os.mkdir(folder)  # noqa: PTH102 - as above
        except FileExistsError:
            # It may be left by a run that was killed before it synced the folder above.
            if folder not in self._unsettled:
                self._unsettled.add(folder.parent)
        else:
            self._unsettled.add(folder.parent)


def sync_folder(folder: Path) -> None:
    """Put a folder's own entries, such as a rename, where a loss of power does not take them."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
