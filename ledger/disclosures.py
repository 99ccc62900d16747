"""Disclosures beside a bundle: values with their salts, one a line, for those who may see them.

A disclosure is checked against the entry it names.  What it shows is not kept: an audit remembers
the commitment that each opens, so that long documents need no memory.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ledger.commitments import Disclosure
from ledger.errors import BadProof, LedgerError
from ledger.findings import AuditReport

FILE = "disclosures.jsonl"
LINE_MAX = 8 << 20  # bytes: a document of 4 MiB in base 64, with room for its names


@dataclass(frozen=True, slots=True)
class Opened:
    """What a disclosure opens: a field of the entry at `index`, by the commitment it gives."""

    index: int
    field: str
    commitment: str


def disclosures_in(folder: Path, report: AuditReport) -> Iterator[Opened]:
    """Yield what the disclosures of a folder open; lines that are none are findings."""
    path = folder / FILE
    if not os.path.lexists(path):
        return
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe or a device would never end
            report.find(FILE, None, "disclosure", "not a regular file")
            return
        with path.open("rb") as file:
            yield from _lines(file, report)
    except OSError as error:
        report.find(FILE, None, "disclosure", os.strerror(error.errno or 0))


def _lines(file: BinaryIO, report: AuditReport) -> Iterator[Opened]:
    seen: set[tuple[int, str]] = set()
    number = 0
    while line := file.readline(LINE_MAX + 1):
        number += 1
        try:
            found = _opened(line)
            if (found.index, found.field) in seen:
                raise BadProof(f"{found.field} of entry {found.index} is disclosed above")
        except LedgerError as error:
            report.find(FILE, None, "disclosure", f"line {number}: {error}")
            if len(line) > LINE_MAX:
                return  # where the next one begins is not known
            continue
        seen.add((found.index, found.field))
        yield found


def _opened(line: bytes) -> Opened:
    if len(line) > LINE_MAX:
        raise BadProof(f"over {LINE_MAX} bytes")
    if not line.endswith(b"\n"):
        raise BadProof("cut off: a line ends with LF")
    found = Disclosure.parse(line)
    return Opened(found.index, found.field, found.commitment)
