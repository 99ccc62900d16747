"""Older checkpoints of a log: what it must continue, compared as the tree passes their sizes."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from ledger.bundle import read_file
from ledger.checkpoint import Checkpoint, VerifierKey, verify_any
from ledger.errors import BadNote, Unreadable
from ledger.findings import FINDINGS_MAX, AuditReport
from ledger.growth import Growth
from ledger.note import Note, from_decimal


def ignored_lines(note: bytes, keys: Collection[VerifierKey]) -> list[str]:
    """Return the signature lines of a note that are of no key, as ``<name>+<key hash>``."""
    lines = Note.parse(note).lines
    return [
        f"{line.name}+{line.key_hash.hex()}"
        for line in lines
        if not any(line.is_of(key) for key in keys)
    ]


class Older:
    """The checkpoints that an auditor brought and those of ``history/<size>``.

    Notes of `history/` are read when the tree has their size, so any number of them fits memory.
    """

    def __init__(
        self,
        folder: Path,
        checkpoint: Checkpoint,
        keys: Collection[VerifierKey],
        report: AuditReport,
    ) -> None:
        self._folder = folder
        self._checkpoint = checkpoint
        self._keys = keys
        self._report = report
        self._due: list[tuple[int, Checkpoint | None]] = []  # by size, the smallest last
        self._apart: list[tuple[str, int]] = []
        self._more_apart = 0
        self._ignored = 0
        self._sizes: list[int] = []  # the smallest and the largest of history/ that is continued

    def expect(self, against: Sequence[Checkpoint], read: set[str]) -> None:
        """Collect what is to be compared; names in `history/` that are no sizes are left."""
        for older in against:
            if older.origin == self._checkpoint.origin:
                self._due.append((older.size, older))
            else:
                words = f"the older checkpoint is of another log, {older.origin}"
                self._report.find("checkpoint", None, "continuity", words)
        home = self._folder / "history"
        try:
            names = [path.name for path in home.iterdir()] if home.is_dir() else []
        except OSError as error:
            self._report.find("history", None, "history", os.strerror(error.errno or 0))
            names = []
        for name in names:
            try:
                self._due.append((from_decimal(name), None))
            except ValueError:
                continue
            read.add(f"history/{name}")
        self._due.sort(key=lambda due: due[0], reverse=True)

    def pass_by(self, growth: Growth, leaves: bytes = b"") -> None:
        """Compare those whose size lies within the next leaves of the tree."""
        end = growth.size + len(leaves) // 32
        while self._due and self._due[-1][0] <= end:
            size, brought = self._due.pop()
            older = brought or self._of_history(size)
            if older is None:
                continue
            if older.root != growth.root(leaves[: (size - growth.size) * 32]):
                self._stands_apart("checkpoint" if brought else f"history/{size}", size)
            elif brought:
                self._report.remarks.append(f"continues the checkpoint of size {size}")
            else:
                self._report.history += 1
                self._sizes = [*self._sizes[:1], size]

    def finish(self, *, right: bool) -> None:
        """Report what is left; `right` is whether the entries lead to the root that was signed."""
        why = ": a fork" if right else ", and the root of all is not the one signed: changed since"
        for place, size in self._apart:
            words = f"the first {size} entries are not those of the older checkpoint{why}"
            self._report.find(place, None, "continuity", words)
        self._report.more += self._more_apart
        not_compared = 0
        while self._due:
            size, brought = self._due.pop()
            if size <= self._checkpoint.size:
                not_compared += 1
            elif brought or self._of_history(size):
                words = (
                    f"the log has {self._checkpoint.size} entries, and once had {size}: rolled back"
                )
                place = "checkpoint" if brought else f"history/{size}"
                self._report.find(place, None, "continuity", words)
        self._remark(not_compared)

    def _remark(self, not_compared: int) -> None:
        remarks = self._report.remarks
        if self._sizes:
            sizes = " to ".join(map(str, self._sizes))
            remarks.append(f"continues {self._report.history} of history/, of size {sizes}")
        if self._ignored:
            remarks.append(f"ignored {self._ignored} signature lines of other keys in history/")
        if not_compared:
            remarks.append(f"{not_compared} older checkpoints were not compared: entries lack")

    def _of_history(self, size: int) -> Checkpoint | None:
        """Return the checkpoint of ``history/<size>``, or None where a finding says why not."""
        place = f"history/{size}"
        try:
            note = read_file(self._folder, place)
            older, _ = verify_any(note, self._keys)
            if (older.origin, older.size) != (self._checkpoint.origin, size):
                raise BadNote(f"the checkpoint of size {older.size} of {older.origin}")
        except (BadNote, Unreadable) as error:
            self._report.find(place, None, "history", str(error))
            return None
        self._ignored += len(ignored_lines(note, self._keys))
        return older

    def _stands_apart(self, place: str, size: int) -> None:
        if len(self._apart) < FINDINGS_MAX:
            self._apart.append((place, size))
        else:
            self._more_apart += 1
