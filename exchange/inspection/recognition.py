"""Which reader a file belongs to: its name and its first bytes must both say so (rule F-01).

What is no data file is refused for what it is: an archive, a program's own format, an old or
active form of a format that is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from exchange.inspection import archive
from exchange.inspection.intake import Intake
from exchange.inspection.reader import Reader

OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Suffixes that somebody will try, with the rule that speaks and what helps.
_HINTS: Final = {
    ".xls": ("F-01", "the old Excel format is not read: save it as .xlsx"),
    ".xlsb": ("F-01", "the binary Excel format is not read: save it as .xlsx"),
    ".xlsm": ("F-04", "a workbook with macros is a program: save it as .xlsx"),
    ".xltm": ("F-04", "a template with macros is a program: save it as .xlsx"),
    ".xlam": ("F-04", "an add-in is a program"),
    ".ods": ("F-01", "OpenDocument is not read: save it as .xlsx or .csv"),
    ".json": ("F-01", "one JSON document is not read: write one object a line, as .jsonl"),
    ".pkl": ("F-04", "a pickle is a program"),
    ".pickle": ("F-04", "a pickle is a program"),
    ".joblib": ("F-04", "a pickle is a program"),
}


def choose(intake: Intake, readers: Sequence[Reader]) -> Reader:
    """Return the reader that both the suffix and the first bytes name, or raise `Unreadable`."""
    suffixes = [suffix.lower() for suffix in PurePath(intake.name).suffixes[-2:]]
    zipped = suffixes[-1:] == [".gz"]
    suffix = ((suffixes[:-1] if zipped else suffixes)[-1:] or [""])[0]
    if zipped and intake.compression is None:
        raise intake.refusal("is called .gz and is not compressed with gzip", "F-01")
    if intake.compression and not zipped:
        raise intake.refusal("is compressed with gzip and is not called .gz", "F-01")
    named = [reader for reader in readers if suffix in reader.suffixes]
    head = intake.head()
    claiming = [reader for reader in readers if reader.claims(head, intake.path)]
    both = [reader for reader in named if reader in claiming]
    kind = archive.archive_of(head)
    if kind and (not both or kind == "tar"):  # whose head is text, were it not for its zeros
        _refuse_archive(intake, kind)
    if not named:
        _refuse_suffix(intake, suffix, readers)
    if head.startswith(OLE_MAGIC):
        raise intake.refusal(
            "is an OLE file: an old .xls, or a workbook with a password; save it as a plain .xlsx",
            "F-01",
        )
    if not both:
        seen = " or ".join(reader.name for reader in claiming) or "no known format"
        raise intake.refusal(
            f"is called {suffix} ({named[0].name}) and its bytes are of {seen}", "F-01"
        )
    return both[0]


def _refuse_archive(intake: Intake, kind: str) -> None:
    if kind == "ZIP" and intake.compression is None:
        archive.judge(intake)  # a bomb or a traversal is called by its own rule
    raise intake.refusal(f"is a {kind} archive: give the data file that is in it", "F-01")


def _refuse_suffix(intake: Intake, suffix: str, readers: Sequence[Reader]) -> None:
    if suffix in _HINTS:
        rule, hint = _HINTS[suffix]
        raise intake.refusal(hint, rule)
    known = ", ".join(sorted({each for reader in readers for each in reader.suffixes}))
    raise intake.refusal(f"suffix {suffix or '(none)'} is none of {known}", "F-01")
