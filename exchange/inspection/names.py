"""Names that come with data: of files, of entries in archives, of columns.

A name is shown to people and joined to folders by programs, so one that shows otherwise than
it reads, or leads out of the folder it is put in, is refused (rules F-03 and F-06).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from exchange.inspection.intake import Intake

# Control and formatting characters (those that turn the direction of writing among them), and
# halves of surrogate pairs.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
# "temperature (degC)", "temperature [degC]": the unit that people write into a header.
_UNIT: Final = re.compile(r".*\S\s*[(\[（](?P<unit>[^()\[\]（）]{1,20})[)\]）]")
_BREAKS: Final = re.compile(r"[\t\n\v\f\r]+")


def unseen(text: str) -> bool:
    """Whether the text holds a character that steers a display instead of showing on it."""
    return not text.isprintable() and any(unicodedata.category(each) in _UNSEEN for each in text)


def require_columns(names: Sequence[str], intake: Intake, place: str = "line 1") -> tuple[str, ...]:
    """Return the names of columns in their normal form (NFC, line breaks as spaces).

    Raises `Unreadable` (F-06) for a name that is empty, stands twice, or holds control
    characters, and for more columns than the limits allow; `place` is where the names stand.
    """
    if len(names) > intake.limits.columns:
        raise intake.refusal(f"{place}: more than {intake.limits.columns} columns", "F-06")
    normal = []
    taken: set[str] = set()
    for position, given in enumerate(names, start=1):
        name = unicodedata.normalize("NFC", _BREAKS.sub(" ", given)).strip()
        if not name:
            raise intake.refusal(f"{place}: column {position} has no name", "F-06")
        if unseen(name):
            raise intake.refusal(
                f"{place}: the name of column {position} holds a control character", "F-06"
            )
        if name in taken:
            raise intake.refusal(f"{place}: two columns are called {name!r}", "F-06")
        taken.add(name)
        normal.append(name)
    return tuple(normal)


def unit_of(header: str) -> str | None:
    """Return the unit that a header carries in brackets, None if it carries none."""
    match = _UNIT.fullmatch(header)
    return match["unit"].strip() if match else None
