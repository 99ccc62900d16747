"""Tables on a terminal: as wide as it is, wrapped between words, else one block for each row.

An id, a digest, a date or a state is a word, and no word is ever broken: whoever copies one out
of a narrow window gets the whole of it.  Where the columns do not fit beside one another even so,
or where they would stand on more lines than blocks do, each row is a block of names and values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

GAP: Final = 3  # characters between two columns of a table
NARROW: Final = 2  # the same where the window is narrow
INDENT: Final = 2  # of a value below its name, and between a name and its value
_CLOSING: Final = "，。、；：！？）》」』】”’"  # what no line begins with, in Chinese text
_OPENING: Final = "（《「『【“‘"  # what no line ends with

Row = Sequence[str]


def fitted(columns: Sequence[str], rows: Sequence[Row], width: int) -> Table | list[str]:
    """Return a table of at most `width` columns, or the lines of blocks where none is that narrow.

    A name that begins with ">" is of numbers, with "=" of ids: those columns stay as wide as they
    are.  A column of nothing is left out where there is not room for all.
    """
    natural = _natural(columns, rows)
    if sum(natural) + GAP * (len(columns) - 1) <= width:
        return _table(columns, rows, natural, GAP)
    columns, rows = _told(columns, rows)
    natural = _natural(columns, rows)
    least = [
        full if name.startswith((">", "=")) else _longest([name, *(row[at] for row in rows)])
        for at, (name, full) in enumerate(zip(columns, natural, strict=True))
    ]
    below = list(_blocks(_names(columns), rows, width))
    widths = _narrowed(natural, least, width - NARROW * (len(columns) - 1))
    if widths and (len(columns) < 3 or _height(rows, widths) <= len(below)):
        return _table(columns, rows, widths, NARROW)
    return below


def _names(columns: Sequence[str]) -> list[str]:
    return [name.lstrip(">=") for name in columns]


def _told(columns: Sequence[str], rows: Sequence[Row]) -> tuple[list[str], list[list[str]]]:
    """Leave out the columns in which no row says anything."""
    kept = [at for at in range(len(columns)) if any(row[at] for row in rows)]
    kept = kept or list(range(len(columns)))
    return [columns[at] for at in kept], [[row[at] for at in kept] for row in rows]


def _natural(columns: Sequence[str], rows: Sequence[Row]) -> list[int]:
    return [
        max(cell_len(cell) for cell in (name, *(row[at] for row in rows)))
        for at, name in enumerate(_names(columns))
    ]


def _longest(cells: Sequence[str]) -> int:
    return max((cell_len(piece) for cell in cells for piece in _pieces(cell)), default=0)


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, broken between words; a word that is wider stands by itself."""
    if cell_len(text) <= width:
        return [text]
    lines = [""]
    for word in text.split():
        for at, piece in enumerate(_pieces(word)):
            apart = " " if at == 0 and lines[-1] else ""
            if lines[-1] and cell_len(lines[-1] + apart + piece) > width:
                lines.append(piece)
            else:
                lines[-1] += apart + piece
    return lines


def _pieces(text: str) -> Iterator[str]:
    """Yield what no line is broken in: words, and the characters of scripts without spaces."""
    for word in text.split():
        if word.isascii():
            yield word
            continue
        piece = ""
        for each in word:
            held = each in _CLOSING or piece.endswith(tuple(_OPENING))
            narrow = cell_len(each) < 2 and (not piece or cell_len(piece[-1]) < 2)
            if piece and not held and not narrow:
                yield piece
                piece = ""
            piece += each
        yield piece


def _narrowed(natural: Sequence[int], least: Sequence[int], room: int) -> list[int] | None:
    """Take from the widest columns until all fit into `room`; None where they cannot."""
    if sum(least) > room:
        return None
    widths = list(natural)
    while sum(widths) > room:
        widest = max(
            (at for at, width in enumerate(widths) if width > least[at]), key=widths.__getitem__
        )
        widths[widest] -= 1
    return widths


def _height(rows: Sequence[Row], widths: Sequence[int]) -> int:
    return sum(
        max(len(wrapped(cell, width)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _table(columns: Sequence[str], rows: Sequence[Row], widths: Sequence[int], gap: int) -> Table:
    beside = (0, 1, 0, gap - NARROW)  # and the box has a character of its own between columns
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=beside)
    for name, width in zip(columns, widths, strict=True):
        head = "\n".join(wrapped(name.lstrip(">="), width))
        justify: JustifyMethod = "right" if name.startswith(">") else "left"
        table.add_column(Text(head), justify=justify, no_wrap=True, width=width)
    for row in rows:
        cells = zip(row, widths, strict=True)
        table.add_row(*(Text("\n".join(wrapped(cell, width))) for cell, width in cells))
    return table


def _blocks(names: Row, rows: Sequence[Row], width: int) -> Iterator[str]:
    """Yield a line for each value, with its name before it; of two columns, the first names."""
    if len(names) < 3:
        labels = [row[0] for row in rows] if len(names) == 2 else [""] * len(rows)
        yield from _named(labels, [row[-1] for row in rows], width)
        return
    for at, row in enumerate(rows):
        if at:
            yield ""
        told = [(name, cell) for name, cell in zip(names, row, strict=True) if cell]
        yield from _named([name for name, _ in told], [cell for _, cell in told], width)


def _named(labels: Row, values: Row, width: int) -> Iterator[str]:
    wide = max(map(cell_len, labels), default=0)
    before = wide + INDENT if wide else 0
    for label, value in zip(labels, values, strict=True):
        lines = wrapped(value, max(width - before, 1))
        if before and max(map(cell_len, lines)) > width - before:
            yield label
            yield from (" " * INDENT + line for line in wrapped(value, width - INDENT))
            continue
        padded = label + " " * (before - cell_len(label))
        yield (padded + lines[0]).rstrip()
        yield from (" " * before + line for line in lines[1:])
