"""What stands before the header of a delimited text: remarks behind `# `, or a line `sep=;`.

Instruments and archives write where and how they measured above the table, and spreadsheets which
sign parts the cells.  A remark is a line that begins with `#` and a blank, with `##` or `#!`, or is
`#` alone, and blank lines may follow it; `#id,name` is a header.  Whoever wrote `# id,name` may
have meant either, and a guess would lose a row or name the columns wrongly, so such a text is
refused.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.formulas import first_active
from exchange.inspection.intake import Intake
from exchange.inspection.lexicon import PERSON_KEYS
from exchange.inspection.names import unseen
from exchange.inspection.persons import may_name

COMMENT: Final = "comment"  # the key of a remark that has none
DELIMITERS: Final = ",\t;|"  # on equal counts the first wins
LINES_MAX: Final = 1_000
BYTES_MAX: Final = 64 << 10
_SEP: Final = re.compile(rb"sep=([^\r\n])\r?\n?", re.IGNORECASE)
_REMARK: Final = re.compile(rb"#(?:[ #!]|\r?\n|$)")
_BLANK: Final = re.compile(rb"[,\t;|]*\r?\n")  # spreadsheets fill every line up to the widest
_PARTED: Final = re.compile(f"[{DELIMITERS}]")
_KEY: Final = re.compile(r"[^\W\d_][^\d:：=@#]{0,39}")
_WORD: Final = re.compile(r"(\S{1,40}?)\s+(\S.*)")
_SIGNS: Final = f"#!-%*\"' {DELIMITERS}"
# What names no column: a number that is no year, a date, a missing cell.
_VALUE: Final = re.compile(
    r"|(?!(?:19|20)[0-9]{2}$)[+-]?[0-9.,]+(e[+-]?[0-9]+)?"
    r"|[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}.*|na|n/a|nan|null|-+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Preamble:
    """The `lines` before the header as they are written, and the delimiter that is named there."""

    lines: tuple[str, ...] = ()
    delimiter: str | None = None

    @property
    def remarks(self) -> tuple[str, ...]:
        """The lines that are remarks, without their signs."""
        return tuple(each.strip(_SIGNS) for each in self.lines if each.startswith("#"))

    @property
    def attributes(self) -> tuple[tuple[str, str], ...]:
        """The remarks that say something, as pairs of a key, `COMMENT` without one, and a value."""
        return tuple(_pair(text) for text in self.remarks if text)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = _first_parted(text)
    value = value.strip()
    if sign and value and not value.startswith("//") and _KEY.fullmatch(key):
        if PERSON_KEYS.search(key) or not (may_name(key) or may_name(value)):
            return key, value
    elif (found := _WORD.fullmatch(text)) and PERSON_KEYS.search(found[1]):
        return found[1], found[2]
    return COMMENT, text


def _first_parted(text: str) -> tuple[str, str, str]:
    at = min((place for sign in ":：=" if (place := text.find(sign)) >= 0), default=len(text))
    return text[:at].strip(), text[at : at + 1], text[at + 1 :]


def refuse_formulas(connection: DuckDBPyConnection, before: Preamble, intake: Intake) -> None:
    """Raise `Unreadable` (F-04) for a cell that would run, whichever signs part the cells."""
    if first_active(connection, [cell for line in before.lines for cell in _any_cells(line)]):
        for number, line in enumerate(before.lines, start=1):
            if first_active(connection, _any_cells(line)):
                raise intake.refusal(f"line {number}: a remark holds a formula", "F-04")


def _any_cells(line: str) -> list[str]:
    """Return what may be the cells of a line, by each sign that may part them and by all."""
    cells = [cell for sign in DELIMITERS for cell in _cells(line, sign)]
    return [*cells, *(cell.strip(' "') for cell in _PARTED.split(line))]


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        found = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:  # a header with a cell beyond the module's limit
        found = line.split(delimiter)
    return found


def _leaves_open(line: str) -> bool:
    """Whether a quoted cell goes on below the line, by any sign that may part the cells."""
    return '"' in line and any(
        len([*csv.reader([line, "-"], delimiter=sign, skipinitialspace=skipped)]) == 1
        for sign in DELIMITERS
        for skipped in (False, True)
    )


def unquoted(line: str) -> str:
    """Return what stands outside the quotes of a line."""
    return "".join(line.split('"')[::2])


def delimiter_of(header: str) -> str:
    """Return the sign that parts the cells of a header: the most frequent outside quotes."""
    outside = unquoted(header)
    return max(DELIMITERS, key=lambda each: (outside.count(each), -DELIMITERS.index(each)))


def split(pieces: Iterable[bytes], intake: Intake) -> tuple[Preamble, Iterator[bytes]]:
    """Return what stands before the header of a UTF-8 text, and the text from the header on.

    Raises `Unreadable` (F-06) for a remark that may be the header, for more than `LINES_MAX` lines
    or `BYTES_MAX` bytes of them, for control characters, quotes left open and line ends of two
    kinds in them, and for a delimiter that is none of `DELIMITERS`.
    """
    begun = _Begun(iter(pieces), intake)
    delimiter, lines, at = None, [], 0
    line = begun.line(0) if begun.may_have_any() else b""
    if named := _SEP.fullmatch(line):
        delimiter = named[1].decode("utf-8", "replace")
        if delimiter not in DELIMITERS:
            words = "sep= names no comma, tab, semicolon or bar"
            raise intake.refusal(f"line 1: {words}", "F-06")
        lines.append(line)
        at = len(line)
        line = begun.line(at)
    while _is_remark(line) or (len(lines) > (delimiter is not None) and _BLANK.fullmatch(line)):
        lines.append(line)
        at += len(line)
        if len(lines) > LINES_MAX or at > BYTES_MAX:
            words = f"more than {LINES_MAX} lines or {BYTES_MAX} bytes of remarks"
            raise intake.refusal(f"line {len(lines)}: {words} before the header", "F-06")
        line = begun.line(at)
    before = Preamble(tuple(map(_text, lines)), delimiter)
    if lines:
        _check(before, [*lines, begun.record(at)], intake)
    return before, begun.rest(at)


def _is_remark(line: bytes) -> bool:
    # A quote that is left open goes on below, as no remark does.
    return _REMARK.match(line) is not None and line.count(b'"') % 2 == 0


def _check(before: Preamble, lines: list[bytes], intake: Intake) -> None:
    """Raise `Unreadable` for lines before a header that two readers would take for two things."""
    header, at = _text(lines[-1]), len(lines)
    for number, line in enumerate(before.lines, start=1):
        if unseen(line.replace("\t", "")):
            raise intake.refusal(f"line {number}: a remark holds a control character", "F-06")
        if _leaves_open(line):
            raise intake.refusal(f"line {number}: a remark leaves a quote open", "F-06")
    if len({line.endswith(b"\r\n") for line in lines if line.endswith(b"\n")}) > 1:
        raise intake.refusal("line 1: lines end in LF and in CR LF", "F-06")
    if not before.remarks:
        return
    if not header:
        raise intake.refusal(f"line {at}: nothing follows the remarks", "F-06")
    if _REMARK.match(lines[-1]):
        raise intake.refusal(f"line {at}: a remark leaves a quote open", "F-06")
    cells = _cells(header, before.delimiter or delimiter_of(header))
    values = sum(_VALUE.fullmatch(cell.strip()) is not None for cell in cells)
    if 2 * values >= len(cells):
        words = "values stand where a header must follow the remarks"
        raise intake.refusal(f"line {at}: {words}", "F-06")
    _require_apart(before, header, intake)


def _require_apart(before: Preamble, header: str, intake: Intake) -> None:
    """Raise `Unreadable` where the last remark that says something may be the header.

    A blank line tells them apart, but for a single column, in which it is a row.
    """
    for number, line in reversed([*enumerate(before.lines, start=1)]):
        if not line and _PARTED.search(header):
            return
        if remark := line.startswith("#") and line.strip(_SIGNS):
            if _as_many(remark, header):
                raise intake.refusal(
                    f"line {number}: a remark, or the header? if the header, take its # away; if a"
                    " remark, leave a blank line behind it",
                    "F-06",
                )
            return


def _as_many(remark: str, header: str) -> bool:
    """Whether two lines have as many cells, by whichever sign parts those of the first."""
    remark, header = unquoted(remark), unquoted(header)
    counts = [(remark.count(sign), header.count(sign)) for sign in DELIMITERS]
    return any(a == b > 0 for a, b in counts) or not any(a + b for a, b in counts)


def _text(line: bytes) -> str:
    text = line.decode("utf-8", "replace")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


class _Begun:
    """The start of a text, read as far as it is asked for."""

    def __init__(self, pieces: Iterator[bytes], intake: Intake) -> None:
        self._pieces = pieces
        self._intake = intake
        self._read = b""

    def may_have_any(self) -> bool:
        """Whether the text begins as a remark does, or as the name of a delimiter."""
        while len(self._read) < len(b"sep=") and self._more():
            pass
        return self._read.lower().startswith((b"#", b"sep="))

    def line(self, at: int) -> bytes:
        """Return the line that begins at a place, with its end, as far as a record may go."""
        while (end := self._read.find(b"\n", at)) < 0:
            if len(self._read) - at > self._intake.limits.record or not self._more():
                return self._read[at:]
        return self._read[at : end + 1]

    def record(self, at: int) -> bytes:
        """Return the record that begins at a place: its quotes may hold line feeds."""
        found = self.line(at)
        while found.count(b'"') % 2 and len(found) <= self._intake.limits.record:
            more = self.line(at + len(found))
            if not more:
                break
            found += more
        return found

    def rest(self, at: int) -> Iterator[bytes]:
        """Yield the text from a place on, to its end."""
        return chain([self._read[at:]], self._pieces)

    def _more(self) -> bool:
        piece = next(self._pieces, None)
        self._read += piece or b""
        return piece is not None
