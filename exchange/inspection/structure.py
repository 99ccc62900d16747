"""The structure of a delimited text, checked byte by byte before an engine sees it.

DuckDB's own sniffer accepts ragged rows, unclosed quotes, repeated headers and NUL bytes
without a word.  `examine` accepts none of them (rule F-06): every record has as many cells as
the header, headers are unique and not empty, quotes stand around whole cells and are closed,
and no cell is larger than a mebibyte.  The dialect is RFC 4180 with any of four delimiters; a
quote inside an unquoted cell is an error rather than a guess.  Blank lines are accepted at the
end only.  Memory is a small multiple of one piece, even for a line of a gigabyte.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NoReturn

import numpy as np
import numpy.typing as npt

from exchange.inspection.intake import Intake
from exchange.inspection.names import require_columns
from exchange.inspection.preamble import delimiter_of, unquoted

Bytes = npt.NDArray[np.uint8]

QUOTE: Final = 0x22
LF: Final = 0x0A
CR: Final = 0x0D


@dataclass(frozen=True, slots=True)
class Structure:
    """What a delimited text is made of; `multiline` if any cell holds a line break.

    `longest` is the size of the longest record in bytes, its line end included.
    """

    header: tuple[str, ...]
    delimiter: str
    records: int
    multiline: bool
    longest: int


def examine(
    pieces: Iterable[bytes], intake: Intake, *, line: int = 1, delimiter: str | None = None
) -> Structure:
    """Check a UTF-8 text from its header on, or raise `Unreadable` (F-06) naming line and fault.

    The header stands on that `line` of the file; without a `delimiter` the header tells it.
    """
    stream = iter(pieces)
    start, begun = _first_record(stream, intake, line)
    header, delimiter = _header(start, intake, line, delimiter)
    scan = _Scan(intake, len(header), ord(delimiter), line)
    for piece in _chained(begun, stream):
        scan.feed(piece)
    records = scan.close() - 1
    return Structure(header, delimiter, records, scan.multiline, scan.longest)


def _chained(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _first_record(stream: Iterator[bytes], intake: Intake, line: int) -> tuple[bytes, bytes]:
    """Return the header's bytes, and everything read to find its end."""
    begun = b""
    odd = False  # whether an odd number of quotes stands before what is looked at
    for piece in stream:
        if b"\0" in piece:
            return begun + piece, begun + piece  # the scan says on which line
        end, odd = _end_of_record(piece, odd=odd)
        if end is not None:
            return begun + piece[:end], begun + piece
        begun += piece
        if len(begun) > intake.limits.record:
            raise intake.refusal(
                f"line {line}: the header does not end within {intake.limits.record} bytes", "F-06"
            )
    return begun, begun


def _end_of_record(piece: bytes, *, odd: bool) -> tuple[int | None, bool]:
    """Return where the first line feed outside quotes stands, and the parity behind the piece."""
    view = np.frombuffer(piece, np.uint8)
    parity = np.cumsum(view == QUOTE, dtype=np.int32) + odd
    ends = np.flatnonzero((view == LF) & (parity % 2 == 0))
    return (int(ends[0]) if ends.size else None), bool(parity[-1] % 2) if parity.size else odd


def _header(
    start: bytes, intake: Intake, line: int, delimiter: str | None
) -> tuple[tuple[str, ...], str]:
    text = start.decode("utf-8", "replace").rstrip("\r\n")
    delimiter = delimiter or delimiter_of(text)
    if unquoted(text).count(delimiter) + 1 > intake.limits.columns:
        raise intake.refusal(f"line {line}: more than {intake.limits.columns} columns", "F-06")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise intake.refusal(f"line {line}: the header cannot be read: {error}", "F-06") from error
    if not any(rows):
        raise intake.refusal(f"line {line}: the header is blank", "F-06")
    return require_columns(rows[0], intake, f"line {line}"), delimiter


def _marked(*codes: int) -> npt.NDArray[np.bool_]:
    marked = np.zeros(256, bool)
    marked[list(codes)] = True
    return marked


class _Scan:
    """The state carried from one piece to the next: counters only, never text.

    One byte is held back, so that what follows a closing quote is always known.
    """

    def __init__(self, intake: Intake, width: int, delimiter: int, line: int) -> None:
        self.multiline = False
        self.longest = 0
        self._intake = intake
        self._width = width
        self._delimiter = delimiter
        self._before_quote = _marked(delimiter, LF, QUOTE)  # before the first quote of a cell
        self._after_quote = _marked(delimiter, LF, CR, QUOTE)  # behind the last one
        self._held = b""
        self._before = LF  # the byte before the piece; a file begins as a line does
        self._quoted = False
        self._cells = 0  # finished cells of the record under way
        self._cell = 0  # bytes of the cell under way
        self._record = 0  # bytes of the record under way
        self._line = line
        self._cell_line = line  # where the cell under way begins
        self._blank: int | None = None
        self._records = 0
        self._returns: bool | None = None  # whether lines end in CR LF, once one has ended

    def feed(self, piece: bytes) -> None:
        held = self._held + piece
        if len(held) > 1:
            self._scan(held)
        self._held = held[-1:]

    def close(self) -> int:
        """Finish the text and return how many records it has, the header included."""
        if not self._held.endswith(b"\n"):
            self._scan(self._held + b"\n")
            self._returns = None  # the line feed that ends the last line is ours
        self._scan(b"\n\n")
        if self._quoted:
            self._refuse(self._cell_line, "a quote is never closed")
        return self._records

    def _refuse(self, line: int, fault: str) -> NoReturn:
        raise self._intake.refusal(f"line {line}: {fault}", "F-06")

    def _refuse_at(self, view: Bytes, position: int, fault: str) -> NoReturn:
        self._refuse(self._line + int(np.count_nonzero(view[:position] == LF)), fault)

    def _scan(self, raw: bytes) -> None:
        """Take in all of `raw` but its last byte, which is only looked at.

        Whether a byte is there at all, strings of bytes tell many times quicker than arrays; how
        often it is there, arrays do.
        """
        view, end = np.frombuffer(raw, np.uint8), len(raw) - 1
        now, after = view[:-1], view[1:]
        if raw.find(b"\0", 0, end) >= 0:
            self._refuse_at(now, int(np.argmin(now != 0)), "a NUL byte")
        feeds = now == LF
        lines = int(np.count_nonzero(feeds))
        breaks = now == self._delimiter
        breaks |= feeds
        if self._quoted or raw.find(b'"', 0, end) >= 0:
            inside = self._inside(now, after, now == QUOTE)
            self.multiline = self.multiline or bool((inside & feeds).any())
            breaks &= ~inside
        else:
            inside = None
        if raw.find(b"\r", 0, end) >= 0:
            self._check_returns(now, after, inside)
        self._count(now, np.flatnonzero(breaks), lines)
        self._line += lines
        self._before = int(now[-1])

    def _inside(
        self, now: Bytes, after: Bytes, quotes: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.bool_]:
        """Return which bytes stand within quotes; a doubled quote leaves and enters again."""
        where = np.flatnonzero(quotes)
        # Each quote turns the state; runs are laid out many times quicker than quotes are added up.
        states = (np.arange(where.size + 1) + self._quoted) % 2 == 1
        inside = np.repeat(states, np.diff(where, prepend=0, append=len(now)))
        if where.size:
            opening, closing = where[self._quoted :: 2], where[1 - self._quoted :: 2]
            previous = np.where(opening > 0, now[opening - 1], self._before)
            bad = opening[~self._before_quote[previous]]
            if bad.size:
                self._refuse_at(now, int(bad[0]), "a quote inside an unquoted cell")
            bad = closing[~self._after_quote[after[closing]]]
            if bad.size:
                self._refuse_at(now, int(bad[0]), "text after a closing quote")
        self._quoted = bool(inside[-1])
        return inside

    def _check_returns(
        self, now: Bytes, after: Bytes, inside: npt.NDArray[np.bool_] | None
    ) -> None:
        returns = now == CR
        lone = returns & (after != LF)
        if inside is not None:
            lone &= ~inside
        if lone.any():
            # Some engines end the line here and some do not: two readers, two tables.
            self._refuse_at(now, int(np.argmax(lone)), "a carriage return without a line feed")

    def _count(self, now: Bytes, breaks: npt.NDArray[np.intp], lines: int) -> None:
        """Count the cells of every record that ends here, in which `lines` line feeds stand."""
        if not breaks.size:
            self._grow(len(now))
            return
        if self._cell + len(now) > self._intake.limits.cell:
            self._check_sizes(now, breaks)
        ends = np.flatnonzero(now[breaks] == LF)
        if ends.size:
            self._count_records(now, breaks, ends)
            self._cells = int(breaks.size - ends[-1] - 1)
            self._record = len(now) - int(breaks[ends[-1]]) - 1
        else:
            self._cells += int(breaks.size)
            self._record += len(now)
        last = int(breaks[-1]) + 1
        self._cell_line = self._line + lines - int(np.count_nonzero(now[last:] == LF))
        self._cell = len(now) - last
        self._grow(0)

    def _check_sizes(self, now: Bytes, breaks: npt.NDArray[np.intp]) -> None:
        sizes = np.diff(breaks, prepend=-1) - 1
        sizes[0] += self._cell
        largest = int(np.argmax(sizes))
        if sizes[largest] > self._intake.limits.cell:
            line = self._cell_line if largest == 0 else 0
            begin = int(breaks[largest - 1]) + 1 if largest else 0
            line = line or self._line + int(np.count_nonzero(now[:begin] == LF))
            self._too_large(line)

    def _count_records(
        self, now: Bytes, breaks: npt.NDArray[np.intp], ends: npt.NDArray[np.intp]
    ) -> None:
        lengths = np.diff(breaks[ends], prepend=-1)
        self.longest = max(self.longest, int(lengths.max()), int(lengths[0]) + self._record)
        cells = np.diff(ends, prepend=-1)
        cells[0] += self._cells
        # A blank line is one cell that is empty but for a carriage return.
        begins = np.where(ends > 0, breaks[ends - 1] + 1, -self._cell)
        size = breaks[ends] - begins
        before = np.where(breaks[ends] > 0, now[breaks[ends] - 1], self._before)
        returned = before == CR
        blank = (cells == 1) & ((size == 0) | ((size == 1) & returned))
        if self._returns is None:
            self._returns = bool(returned[0])
        if (returned != self._returns).any():
            other = int(np.argmax(returned != self._returns))
            self._refuse_at(now, int(breaks[ends[other]]), "lines end in LF and in CR LF")
        filled = np.flatnonzero(~blank)
        if self._width == 1:
            filled = np.arange(ends.size)  # in a single column a blank line is a missing cell
        elif self._blank is not None and filled.size:
            self._refuse(self._blank, "a blank line between rows")
        self._check_width(now, breaks[ends], cells, blank, filled)
        self._records += int(filled.size)

    def _check_width(
        self,
        now: Bytes,
        ends: npt.NDArray[np.intp],
        cells: npt.NDArray[np.intp],
        blank: npt.NDArray[np.bool_],
        filled: npt.NDArray[np.intp],
    ) -> None:
        wrong = filled[cells[filled] != self._width]
        if wrong.size:
            found = int(cells[wrong[0]])
            fault = f"{found} cells where the header has {self._width}"
            self._refuse_at(now, int(ends[wrong[0]]), fault)
        if self._width > 1 and blank.any():
            first = int(np.argmax(blank))
            if filled.size and first < filled[-1]:
                self._refuse_at(now, int(ends[first]), "a blank line between rows")
            self._blank = self._blank or self._line + int(
                np.count_nonzero(now[: ends[first]] == LF)
            )

    def _grow(self, size: int) -> None:
        self._cell += size
        self._record += size
        if self._cell > self._intake.limits.cell:
            self._too_large(self._cell_line)
        if self._record > self._intake.limits.record:
            self._refuse(self._line, f"a row of more than {self._intake.limits.record} bytes")

    def _too_large(self, line: int) -> NoReturn:
        limit = self._intake.limits.cell
        unclosed = ", or a quote is never closed" if self._quoted else ""
        self._refuse(line, f"a cell of more than {limit} bytes begins here{unclosed}")
