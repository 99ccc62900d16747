"""Where each key of a TOML text stands, so that a refusal can name the line.

`tomllib` gives values without positions, and so do the other readers of TOML that are about.  What
stands here says nothing of values and accepts more than TOML: it is for texts that `tomllib` has
read already.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final

Path = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
# Three quotes end a text of several lines, and up to two more before them belong to it.
_TEXT: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}' r"|'''.*?'{3,5}" r'|"(?:[^"\\]|\\.)*"' r"|'[^']*'", re.DOTALL
)
_KEY: Final = re.compile(r"""(?:[^"'=\]]|"(?:[^"\\]|\\.)*"|'[^']*')+""")
_PLAIN: Final = re.compile(r"[^,\]}\n#]+")


class Places:
    """The lines of the keys of one text; lines count from 1."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._breaks = [found.start() for found in re.finditer("\n", self._text)]
        self._at = 0
        self._lines: dict[Path, int] = {(): 1}
        self._tables: dict[Path, int] = {}  # how many tables an array of tables has so far
        self._read()

    @property
    def lines(self) -> Mapping[Path, int]:
        """The line of every key, table and item that stands in the text."""
        return self._lines

    def line(self, path: Path) -> int:
        """Return the line of a path, or of the nearest thing around it that stands there."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def _read(self) -> None:
        within: Path = ()
        while self._skip():
            if self._text.startswith("[[", self._at):
                self._at += 2
                within = self._header(array=True)
            elif self._text[self._at] == "[":
                self._at += 1
                within = self._header(array=False)
            else:
                self._pair(within)

    def _header(self, *, array: bool) -> Path:
        line = self._line()
        path: Path = ()
        names = self._key()
        for nth, name in enumerate(names):
            path = self._noted((*path, name), line)
            if array and nth == len(names) - 1:
                self._tables[path] = self._tables.get(path, 0) + 1
            if path in self._tables:
                path = self._noted((*path, self._tables[path] - 1), line)
        self._at += 2 if array else 1
        return path

    def _pair(self, within: Path) -> None:
        line, path = self._line(), within
        for name in self._key():
            path = self._noted((*path, name), line)
        self._at += 1
        self._skip()
        self._value(path)

    def _value(self, path: Path) -> None:
        match self._text[self._at]:
            case "[":
                for nth in self._members("]"):
                    self._value(self._noted((*path, nth), self._line()))
            case "{":
                for _ in self._members("}"):
                    self._pair(path)
            case '"' | "'":
                self._take(_TEXT)
            case _:
                self._take(_PLAIN)

    def _members(self, end: str) -> Iterator[int]:
        self._at += 1
        nth = 0
        while self._skip() and self._text[self._at] != end:
            yield nth
            nth += 1
            self._skip()
            if self._text[self._at] == ",":
                self._at += 1
        self._at += 1

    def _key(self) -> tuple[str, ...]:
        """Take a key of one or more names, joined by points; `tomllib` knows what it says."""
        held: object = tomllib.loads(f"{self._take(_KEY).strip()} = 0")
        names = []
        while isinstance(held, dict):
            ((name, held),) = held.items()
            names.append(name)
        return tuple(names)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:  # tomllib has read the text, so something stands there
            raise AssertionError(self._at)
        self._at = found.end()
        return found[0]

    def _skip(self) -> bool:
        found = _BLANK.match(self._text, self._at)
        self._at = found.end() if found else self._at
        return self._at < len(self._text)

    def _line(self) -> int:
        return bisect_right(self._breaks, self._at) + 1

    def _noted(self, path: Path, line: int) -> Path:
        self._lines.setdefault(path, line)
        return path
