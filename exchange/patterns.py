r"""Patterns that every engine reads alike: a small, bounded part of what RE2, Rust and Java share.

The engines differ where people seldom look: `.` stops at other characters in Java, `\d`, `\w`
and `\s` mean ASCII here and Unicode there, `$` accepts a line feed at the end, and Java goes
back over a text where RE2 does not, so that a short pattern can run for hours.  What is left is
literals, classes, groups, alternatives, and `?`, `{n}` and `{m,n}` up to 64, never one inside
another.  A pattern always speaks of the whole cell.
"""

from __future__ import annotations

import re
from typing import Final

LENGTH_MAX: Final = 500
REPEAT_MAX: Final = 64
VARYING_MAX: Final = 3  # {m,n}: with three, going back over a cell stays within 64^3 steps
_ESCAPABLE: Final = frozenset("\\.+*?()|[]{}^$-#&~/")
_ADVICE: Final = {
    ".": "say which characters, such as [^,]",
    "*": "say how many, such as {0,64}",
    "+": "say how many, such as {1,64}",
    "^": "a pattern speaks of the whole cell already",
    "$": "a pattern speaks of the whole cell already",
    "]": "escape it",
    "}": "escape it",
}
# Java and Rust read these as operations on classes.
_CLASS_OPERATORS: Final = ("&&", "--", "~~")


def check_pattern(pattern: str) -> str:
    """Return the pattern, or raise `ValueError` naming what engines would not read alike."""
    if not 1 <= len(pattern) <= LENGTH_MAX:
        raise ValueError(f"a pattern has 1 to {LENGTH_MAX} characters")
    if not pattern.isprintable():
        raise ValueError("a pattern has printable characters only")
    _Reading(pattern).check()
    return pattern


def digits_alone(pattern: str) -> int | None:
    """Return of how many digits a pattern is that asks for nothing else, of 1 to 19: of 64 bits."""
    found = _DIGITS.fullmatch(pattern)
    return int(found[1]) if found else None


def whole(pattern: str) -> str:
    """Return the expression that finds the pattern if it is all of a text."""
    return rf"\A(?:{pattern})\z"


_DIGITS: Final = re.compile(r"\[0-9\]\{(1?[1-9]|10)\}")


class _Reading:
    """One pattern, read from left to right."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._varying = 0

    def check(self) -> None:
        self._alternatives(depth=0)
        if self._at < len(self._text):
            raise ValueError("a ) without its (")

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        found = self._peek()
        self._at += 1
        return found

    def _alternatives(self, depth: int) -> bool:
        """Read up to the end or to the closing bracket; say whether anything repeats inside."""
        if depth > 10:
            raise ValueError("groups stand in groups more than ten deep")
        repeats = False
        while (found := self._peek()) and found != ")":
            if found == "|":
                self._take()
                continue
            inner = self._piece(depth)
            repeats |= self._repeat(inner) or inner
        return repeats

    def _piece(self, depth: int) -> bool:
        found = self._take()
        if found == "(":
            if self._peek() == "?":
                self._take()
                if self._take() != ":":
                    raise ValueError("(?: is the only group that begins with (?")
            inner = self._alternatives(depth + 1)
            if self._take() != ")":
                raise ValueError("a ( without its )")
            return inner
        if found == "[":
            self._set()
        elif found == "\\":
            self._escape()
        elif found in "?{":
            raise ValueError(f"{found} repeats nothing")
        elif found in _ADVICE:
            raise ValueError(f"{found} is not read alike by every engine: {_ADVICE[found]}")
        return False

    def _escape(self) -> str:
        found = self._take()
        if found not in _ESCAPABLE or not found:
            raise ValueError(f"\\{found} is not read alike by every engine: write a class")
        return found

    def _set(self) -> None:
        if self._peek() == "^":
            self._take()
        members = 0
        while (found := self._peek()) != "]":
            if not found:
                raise ValueError("a [ without its ]")
            low = self._member()
            members += 1
            if self._peek() == "-":
                self._take()
                if self._peek() in {"]", ""}:
                    raise ValueError("a - in a class stands between two characters or is escaped")
                if self._member() < low:
                    raise ValueError("a range in a class runs backwards")
        self._take()
        if not members:
            raise ValueError("a class is empty")

    def _member(self) -> str:
        if self._text.startswith(_CLASS_OPERATORS, self._at):
            raise ValueError("&&, -- and ~~ in a class are not read alike by every engine")
        found = self._take()
        if found == "\\":
            return self._escape()
        if found in {"[", "-", "^"}:
            raise ValueError(f"{found} in a class must be escaped")
        return found

    def _repeat(self, inner: bool) -> bool:  # noqa: FBT001 - what `_piece` said
        found = self._peek()
        if found not in {"?", "{"}:
            return False
        if inner:
            raise ValueError("a repetition inside a repetition can run for hours")
        self._take()
        low, high = (0, 1) if found == "?" else self._bounds()
        if high > 1 and low != high:
            self._varying += 1
        if self._varying > VARYING_MAX:
            raise ValueError(f"more than {VARYING_MAX} repetitions {{m,n}}")
        if self._peek() in {"?", "+", "*", "{"}:
            raise ValueError("a repetition of a repetition is not read alike by every engine")
        return True

    def _bounds(self) -> tuple[int, int]:
        inside, closed, _ = self._text[self._at :].partition("}")
        self._at += len(inside) + 1
        first, comma, last = inside.partition(",")
        numbers = [first, last] if comma else [first, first]
        if not closed or not all(n.isascii() and n.isdigit() and len(n) <= 3 for n in numbers):
            raise ValueError("a repetition is written {n} or {m,n}")
        low, high = int(numbers[0]), int(numbers[1])
        if not 0 <= low <= high <= REPEAT_MAX or high == 0:
            raise ValueError(f"a repetition is of 1 to {REPEAT_MAX}, the lesser number first")
        return low, high
