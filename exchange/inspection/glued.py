r"""What stands right before a number without a joint: escapes and words for telephones.

The digits and letters of %22 in addresses (RFC 3986) and of \u0022 in JSON (RFC 8259) run into the
digits that follow, which are then no number by themselves: %22139… has thirteen.  Only cells in
which eleven digits follow an escape are read; behind a number an escape ends it as any sign does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

import numpy as np

from exchange.inspection.cells import DIGIT, LETTER, Cells, Places, different

_PERCENT: Final = ord("%")
_BACKSLASH: Final = ord("\\")
_HEXADECIMAL: Final = DIGIT.copy()
_HEXADECIMAL[list(b"abcdefABCDEF")] = True
_DIGITS: Final = 11  # of a telephone number
_WORDS: Final = (b"tel", b"phone", b"mobile", b"mob", b"cell", b"sms", b"sjh", b"shouji")
_IN_JSON: Final = re.compile(r"\\u([0-9a-fA-F]{4})")


def unescaped(cells: Cells) -> Iterator[Cells]:
    """Yield the cells, those apart and as they read in which a number may follow an escape."""
    return cells.rewritten(_escaped(cells), _read)


def _escaped(cells: Cells) -> Places:
    """Return the cells in which eleven digits follow an escape."""
    found = [
        _before_digits(cells, mark, letters)
        for mark, letters in ((_PERCENT, 3), (_BACKSLASH, 6))
        if mark in cells.raw and cells.longest >= letters + _DIGITS
    ]
    return different(*(cells.holders(each) for each in found)) if found else np.zeros(0, np.int64)


def _before_digits(cells: Cells, mark: int, letters: int) -> Places:
    data = cells.data
    at = np.flatnonzero(data == mark)
    at = at[at + letters + _DIGITS <= len(data)]
    # The last digit of all first: it stands in few texts with a share or a path.
    for ahead in range(letters + _DIGITS - 1, letters - 1, -1):
        at = at[DIGIT[data[at + ahead]]]
    for ahead in range(letters - 2, letters):
        at = at[_HEXADECIMAL[data[at + ahead]]]
    return at if mark == _PERCENT else at[(data[at + 1] | 32) == ord("u")]


def _read(text: str) -> str:
    return _IN_JSON.sub(lambda found: chr(int(found[1], 16)), unquote(text))


def worded(cells: Cells, starts: Places) -> Places:
    """Return those of some places before which a word for telephones stands without a joint."""
    starts = starts[LETTER[cells.before(starts)]]
    found = []
    for word in _WORDS if starts.size else ():
        at = starts[starts >= len(word)]
        for back, each in enumerate(reversed(word), start=1):
            at = at[(cells.data[at - back] | 32) == each]
        at = at[cells.holders(at) == cells.holders(at - len(word))]
        found.append(at[~LETTER[cells.before(at - len(word))]])
    return different(*found) if found else starts[:0]
