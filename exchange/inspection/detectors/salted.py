"""Hashes of passwords as systems keep them, with the salt and the cost in front.

crypt(3) with `$1$`, `$5$`, `$6$`, bcrypt, yescrypt, Argon2 and scrypt; phpass; PBKDF2 as frameworks
write it; RFC 2307 ({SSHA}); MySQL's star and forty digits.  They open nothing by themselves, and
passwords are guessed at them, so whoever finds one asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from exchange.inspection.cells import Cells, Places, different

FORM: Final = re.compile(
    r"\$2[abxy]?\$[0-9]{2}\$[A-Za-z0-9./]{53}"
    r"|\$argon2(?:id|i|d)\$(?:v=[0-9]+\$)?m=[0-9]+,t=[0-9]+,p=[0-9]+\$[A-Za-z0-9+/]{8,}\$[A-Za-z0-9+/]{16,}"
    r"|\$(?:1|apr1)\$[A-Za-z0-9./]{1,8}\$[A-Za-z0-9./]{22}"
    r"|\$5\$(?:rounds=[0-9]+\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{43}"
    r"|\$6\$(?:rounds=[0-9]+\$)?[A-Za-z0-9./]{1,16}\$[A-Za-z0-9./]{86}"
    r"|\$(?:y|gy|7)\$[A-Za-z0-9./]{3,}\$[A-Za-z0-9./]{1,86}\$[A-Za-z0-9./]{43}"
    r"|\$[PH]\$[A-Za-z0-9./]{31}"
    r"|\$?(?:pbkdf2|scrypt)[-_:]?(?:sha[0-9]{1,3})?[$:][0-9][A-Za-z0-9:=,]*\$[A-Za-z0-9+/.=_-]{4,}\$[A-Za-z0-9+/.=_-]{20,}"
    r"|\{(?:S?SHA|SSHA256|SSHA512|SMD5)\}[A-Za-z0-9+/]{24,}={0,2}"
    r"|(?<![A-Za-z0-9*])\*[0-9A-F]{40}(?![0-9A-Za-z])"
)
_LEAST: Final = 33  # characters of the shortest, of phpass and of a directory
# What begins a form, by the sign that every cell of that form has.
_WORDS: Final = {b"$": (b"pbkdf2", b"scrypt"), b"}": (b"SHA}", b"{SSHA", b"{SMD5}")}
_DOLLAR: Final = ord("$")
_STAR: Final = ord("*")
_STAR_DIGITS: Final = 40
_NEXT: Final = 9  # characters from one dollar to the next, at most
_FIRST: Final = np.zeros(256, bool)  # what stands behind the first dollar
_FIRST[list(b"12567ayPHg")] = True
_CAPITALS: Final = np.zeros(256, bool)
_CAPITALS[list(b"0123456789ABCDEF")] = True


def holding(cells: Cells) -> Places:
    """Return the cells in which a hash may stand, few others among them."""
    if cells.longest < _LEAST or cells.shape is not None:  # letters and digits alone hold none
        return np.zeros(0, np.int64)
    places = [each for each in (*_dollars(cells), *_stars(cells)) if each.size]
    found = [cells.holders(each) for each in places]
    for sign, words in _WORDS.items():
        if sign in cells.raw:
            found += [cells.containing(each) for each in words if each in cells.raw]
    return different(*found) if found else np.zeros(0, np.int64)


def _dollars(cells: Cells) -> Iterator[Places]:
    """Yield where a dollar is followed by what says the form, and soon by another dollar."""
    if b"$" not in cells.raw:
        return
    data = cells.data
    at = np.flatnonzero(data == _DOLLAR)
    at = at[at + _LEAST <= len(data)]
    at = at[_FIRST[data[at + 1]]]
    soon = np.zeros(len(at), bool)
    for ahead in range(2, _NEXT + 1):
        soon |= data[at + ahead] == _DOLLAR
    yield at[soon]


def _stars(cells: Cells) -> Iterator[Places]:
    """Yield where forty hexadecimal digits in capitals may follow a star, by three of them."""
    if b"*" not in cells.raw:
        return
    data = cells.data
    at = np.flatnonzero(data == _STAR)
    at = at[at + _STAR_DIGITS < len(data)]
    for ahead in (1, 20, _STAR_DIGITS):
        at = at[_CAPITALS[data[at + ahead]]]
    yield at
