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
from exchange.inspection.persons import is_person

# Control and formatting characters (those that turn the direction of writing among them), and
# halves of surrogate pairs.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})
# "temperature (degC)", "temperature [degC]": the unit that people write into a header.
_UNIT: Final = re.compile(r".*\S\s*[(\[（](?P<unit>[^()\[\]（）]{1,20})[)\]）]")
WITHHELD: Final = "(withheld)"
_BREAKS: Final = re.compile(r"[\t\n\v\f\r]+")


def unseen(text: str) -> bool:
    """Whether the text holds a character that steers a display instead of showing on it."""
    return not text.isprintable() and any(unicodedata.category(each) in _UNSEEN for each in text)


def require_columns(names: Sequence[str], intake: Intake, place: str = "line 1") -> tuple[str, ...]:
    """Return the names of columns in their normal form (NFC, line breaks as spaces).

    Raises `Unreadable` (F-06) for a name that is empty, is another one as `require_apart` says, or
    holds control characters, and for more columns than the limits allow; `place` is where the
    names stand.
    """
    if len(names) > intake.limits.columns:
        raise intake.refusal(f"{place}: more than {intake.limits.columns} columns", "F-06")
    normal = []
    for position, given in enumerate(names, start=1):
        name = unicodedata.normalize("NFC", _BREAKS.sub(" ", given)).strip()
        if not name:
            raise intake.refusal(f"{place}: column {position} has no name", "F-06")
        if unseen(name):
            raise intake.refusal(
                f"{place}: the name of column {position} holds a control character", "F-06"
            )
        normal.append(name)
    require_apart(normal, intake, place)
    return tuple(normal)


def shown(name: str, position: int | None = None) -> str:
    """Return a name as a refusal may quote it: withheld where it could be a person's.

    A file without a header gives its first row for one, and a refusal is kept and shown to others.
    """
    if re.search(r"[0-9０-９]{4}|[@＠]", name) or is_person(name):
        return WITHHELD if position is None else f"{WITHHELD} {position}"
    return repr(name[:40])


def require_apart(names: Sequence[str], intake: Intake, place: str) -> None:
    """Raise `Unreadable` (F-06), naming both, where two names are one to who reads them.

    Names are one that differ in capitals, in width or in another form of the same characters
    (NFKC), or in the space around them.  Engines of databases, spreadsheets and people take them
    for the same column, and what is agreed of the one would hold of the other.
    """
    taken: dict[str, tuple[str, str]] = {}
    for position, name in enumerate(names, start=1):
        read, told = read_name(name), shown(name, position)
        before, told_before = taken.get(read, (None, ""))
        if before == name:
            raise intake.refusal(f"{place}: two columns are called {told}", "F-06")
        if before is not None:
            raise intake.refusal(
                f"{place}: the columns {told_before} and {told} differ in capitals, width or"
                " form of characters alone",
                "F-06",
            )
        taken[read] = name, told


def read_name(name: str) -> str:
    """Return a name as it is read: in NFKC, without capitals, trimmed."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", plain).casefold().strip()


def unit_of(header: str) -> str | None:
    """Return the unit that a header carries in brackets, None if it carries none."""
    match = _UNIT.fullmatch(header)
    return match["unit"].strip() if match else None
