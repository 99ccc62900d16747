"""Excel workbooks (.xlsx): the one sheet that holds data, read as a table.

The sheet is held to what a delimited file is held to: names in row 1 from column A on, unique
and not empty, no blank rows between rows, no cell outside the named columns, no merged cells.
Formulas are refused (F-04): a table for sale holds values.  Everything that the file holds is
sold with it, so a second sheet with data is refused, hidden or not, and hidden rows and columns
are read like the others, which a remark says.

A cell is what its number format makes of it: dates are instants (counted from 1900 or 1904, as
the workbook says), percentages the fractions that they are, error values missing cells.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from pathlib import Path
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.gathering import Gathering
from exchange.inspection.intake import Intake
from exchange.inspection.names import require_columns
from exchange.inspection.reader import Table
from exchange.inspection.workbook import Attributes, Sheet, Workbook
from exchange.profile import ColumnType

_ZIP: Final = b"PK\x03\x04"
_NAME_PLACE: Final = 30  # where the name of a ZIP file's first entry stands
_FIRST_PARTS: Final = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/")

_NUMBER: Final = re.compile(r"[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]{1,3})?")
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_COLUMNS_MAX: Final = 16_384
_ROWS_MAX: Final = 1_048_576
_EXACT: Final = 2**63  # whole numbers beyond stay as the file writes them

# Numbers of built-in formats (ECMA-376 part 1, 18.8.30, and its lists for East Asia).
_BUILT_IN_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(50, 59)})
_BUILT_IN_TIMES: Final = frozenset({*range(18, 23), 45, 47, 32, 33, 34, 35, 55, 56})
_BUILT_IN_SHARES: Final = frozenset({9, 10})
# What a code shows as it stands: quoted words, escaped characters, colours, spaces.
_LITERAL: Final = re.compile(r"\"[^\"]*\"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]", re.IGNORECASE)
_ELAPSED: Final = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_FIRST_1904: Final = dt.datetime(1904, 1, 1)  # noqa: DTZ001 - a cell has no zone
# Lotus 1-2-3 took 1900 for a leap year, and Excel kept its day 60.
_FIRST_1900: Final = dt.datetime(1899, 12, 31)  # noqa: DTZ001 - the same
_LEAP: Final = 60
_LAST_DAY: Final = 2_958_465  # 9999-12-31


class ExcelReader:
    """Workbooks without programs in them, one sheet of data each."""

    name = "excel"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffixes: tuple[str, ...] = (".xlsx",)
    text = False

    def claims(self, head: bytes, path: Path) -> bool:  # noqa: ARG002 - the first entry says it all
        """Whether the head is that of a ZIP container which begins with a part of Office."""
        return head.startswith(_ZIP) and head[_NAME_PLACE:].startswith(_FIRST_PARTS)

    def open(self, intake: Intake, connection: DuckDBPyConnection) -> Table:
        """Judge the container, find the sheet, read it."""
        with Workbook(intake) as book:
            sheet = _sheet_with_data(book, intake)
            rows = _Rows(book, sheet, intake, connection)
            book.walk(sheet.part, rows.opened, rows.closed)
            return rows.table()


def _sheet_with_data(book: Workbook, intake: Intake) -> Sheet:
    """Return the one sheet that has a cell; refuses none and several, by their places (F-06)."""
    filled = [sheet for sheet in book.sheets if _has_data(book, sheet)]
    if not filled:
        raise intake.refusal("has no cell in any sheet", "F-06")
    if len(filled) > 1:
        places = ", ".join(
            f"{sheet.place}{' (hidden)' if sheet.hidden else ''}" for sheet in filled[:20]
        )
        raise intake.refusal(f"has data in several sheets: {places}; give one a file", "F-06")
    return filled[0]


class _Found(Exception):
    """A cell with content."""


def _has_data(book: Workbook, sheet: Sheet) -> bool:
    def closed(path: tuple[str, ...], text: str) -> None:
        if len(path) > 4 and path[-1] in {"v", "t", "f"} and path[3] == "c" and text:
            raise _Found

    try:
        book.walk(sheet.part, lambda _, __: None, closed)
    except _Found:
        return True
    return False


class _Rows:
    """The walk through one sheet: a cell at a time, gathered into rows."""

    def __init__(
        self, book: Workbook, sheet: Sheet, intake: Intake, connection: DuckDBPyConnection
    ) -> None:
        self._book, self._sheet, self._intake = book, sheet, intake
        self._connection = connection
        self._formats = [_Format.of(each) for each in book.formats]
        self._gathering: Gathering | None = None
        self._names: tuple[str, ...] = ()
        self._row = 0
        self._filled = 0  # the last row with a cell
        self._column = 0  # from 1, the cell under way
        self._type = "n"
        self._style = 0
        self._value: list[str] = []
        self._cells: dict[int, str] = {}
        self._present = False
        self._hidden_rows = 0
        self._hidden_columns = 0
        self._errors = 0
        self._shares: dict[int, bool] = {}  # whether all numbers of a column are percentages
        self._told: list[tuple[str, str]] = []

    def _refuse(self, fault: str, rule: str = "F-06") -> Exception:
        return self._intake.refusal(f"sheet {self._sheet.place}, row {self._row}: {fault}", rule)

    def opened(self, path: tuple[str, ...], given: Attributes) -> None:
        """Take in a tag."""
        match path[1:]:
            case ("sheetData", "row"):
                self._begin_row(given)
            case ("sheetData", "row", "c"):
                self._begin_cell(given)
            case ("sheetData", "row", "c", "f"):
                raise self._refuse(f"a formula in column {_letters(self._column)}", "F-04")
            case ("cols", "col") if given.get("hidden") in {"1", "true"}:
                self._hidden_columns += 1
            case ("mergeCells", "mergeCell"):
                raise self._intake.refusal(
                    f"sheet {self._sheet.place}: cells {given.get('ref', '')[:20]} are merged",
                    "F-06",
                )

    def closed(self, path: tuple[str, ...], text: str) -> None:
        """Take in the text of an element that ends."""
        match path[1:]:
            case ("sheetData", "row", "c", "v") | ("sheetData", "row", "c", "is", "t"):
                self._value.append(text)
            case ("sheetData", "row", "c", "is", "r", "t"):
                self._value.append(text)
            case ("sheetData", "row", "c"):
                self._end_cell()
            case ("sheetData", "row"):
                self._end_row()
            case ("headerFooter", _) | ("dataValidations", "dataValidation", _) if text.strip():
                self._told.append((path[-1], text))

    def _begin_row(self, given: Attributes) -> None:
        number = _whole(given.get("r"), self._row + 1)
        if not self._row < number <= _ROWS_MAX:
            raise self._refuse("rows are not numbered upwards")
        self._row = number
        self._column = 0
        self._cells = {}
        self._present = False
        self._hidden_rows += given.get("hidden") in {"1", "true"}

    def _begin_cell(self, given: Attributes) -> None:
        column = self._column + 1
        if "r" in given:
            match = _REFERENCE.fullmatch(given["r"])
            column = _number(match[1]) if match and int(match[2]) == self._row else 0
        if not self._column < column <= _COLUMNS_MAX:
            raise self._refuse("cells are not numbered upwards")
        self._column = column
        self._type = given.get("t", "n")
        self._style = _whole(given.get("s"), 0)
        self._value.clear()

    def _end_cell(self) -> None:
        if not self._value:
            return
        text = self._text("".join(self._value))
        if text is None:
            self._present = True  # an error value: a missing cell, and no blank one
            self._errors += 1
            return
        if not text:
            return
        if "\0" in text:
            raise self._refuse("a NUL character")
        self._present = True
        self._cells[self._column - 1] = text
        if len(self._cells) > self._intake.limits.columns:
            raise self._refuse(f"more than {self._intake.limits.columns} columns")

    def _text(self, value: str) -> str | None:
        """Return a cell as text for the ladder of types; None for an error value."""
        match self._type:
            case "s":
                found = self._book.string(_whole(value, -1))
                if found is None:
                    raise self._refuse("a cell refers to a text that there is not", "F-01")
                return found
            case "inlineStr" | "str":
                return value
            case "d":
                return value.strip()
            case "b":
                return "true" if value.strip() in {"1", "true"} else "false"
            case "e":
                return None
            case "n":
                return self._numeric(value.strip())
            case other:
                raise self._refuse(f"a cell of the unknown type {other[:10]!r}", "F-01")

    def _numeric(self, value: str) -> str:
        if not value:
            return ""
        if not _NUMBER.fullmatch(value):
            raise self._refuse("a cell that is called a number is none", "F-01")
        form = self._formats[self._style] if self._style < len(self._formats) else _Format()
        number = float(value)
        i = self._column - 1
        if self._gathering is not None:
            self._shares[i] = form.share and self._shares.get(i, True)
        if not math.isfinite(number):
            return value
        if form.moment and (moment := form.instant(number, since_1904=self._book.since_1904)):
            return moment
        if number.is_integer() and abs(number) < _EXACT:
            return str(int(number))
        return repr(number)

    def _end_row(self) -> None:
        if not self._present:
            return
        if self._gathering is None:
            self._begin_table()
            return
        if self._row != self._filled + 1:
            raise self._refuse("a blank row stands before it")
        beyond = [i for i in self._cells if i >= len(self._names)]
        if beyond:
            raise self._refuse(f"a cell in column {_letters(beyond[0] + 1)}, which has no name")
        self._filled = self._row
        self._gathering.add(self._cells)

    def _begin_table(self) -> None:
        if self._row != 1:
            raise self._refuse("the first cell stands here; names must stand in row 1")
        names = [self._cells.get(i, "") for i in range(max(self._cells, default=-1) + 1)]
        place = f"sheet {self._sheet.place}, row 1"
        self._names = require_columns(names, self._intake, place)
        self._gathering = Gathering(self._intake, self._connection, len(self._names))
        self._filled = 1

    def table(self) -> Table:
        """Return the table of a sheet that was walked to its end."""
        if self._gathering is None:
            raise self._intake.refusal(f"sheet {self._sheet.place} has no names in row 1", "F-06")
        typed = self._gathering.typed(units=True)
        return Table(
            typed.columns(self._names),
            attributes=(*self._book.told, *self._told),
            remarks=(*self._remarks(typed.types), *typed.remarks(self._names)),
        )

    def _remarks(self, kinds: tuple[ColumnType, ...]) -> list[str]:
        remarks = [f"sheet {self._sheet.place}"]
        if self._sheet.hidden:
            remarks.append("the sheet is hidden, and read and sold like any other")
        if self._hidden_rows or self._hidden_columns:
            remarks.append(
                f"{self._hidden_rows} hidden rows and {self._hidden_columns} hidden ranges of"
                " columns are read and sold like the others"
            )
        if self._errors:
            remarks.append(f"{self._errors} error values (#N/A and its kin) are missing cells")
        if self._book.since_1904 and ColumnType.TIMESTAMP in kinds:
            remarks.append("dates are counted from 1904-01-01")
        remarks += [
            f"column {self._names[i]}: percentages, read as fractions of one"
            for i, share in sorted(self._shares.items())
            if share and i < len(self._names)
        ]
        return remarks


class _Format:
    """What a number format makes of a number: nothing, a share of a hundred, a moment."""

    __slots__ = ("moment", "share", "time")

    def __init__(self, *, share: bool = False, moment: bool = False, time: bool = False) -> None:
        self.share, self.moment, self.time = share, moment, time

    @classmethod
    def of(cls, code: str | int) -> _Format:
        """Read a format's code, or know a built-in one by its number."""
        if isinstance(code, int):
            time = code in _BUILT_IN_TIMES
            return cls(
                share=code in _BUILT_IN_SHARES, moment=code in _BUILT_IN_DATES or time, time=time
            )
        plain = _LITERAL.sub("", code).partition(";")[0]
        if _ELAPSED.search(plain):  # a duration is an amount: of days
            return cls()
        letters = set(plain.lower()) if plain.lower() != "general" else set()
        return cls(
            share="%" in letters,
            moment=bool(letters & set("ymdhs")),
            time=bool(letters & set("hs")),
        )

    def instant(self, serial: float, *, since_1904: bool) -> str | None:
        """Return the moment in ISO 8601 to the millisecond, None where the calendar has none."""
        if not 0 <= serial <= _LAST_DAY:
            return None
        day, part = divmod(round(serial * 86_400_000), 86_400_000)
        if self.time and serial < 1:
            return (_FIRST_1904 + dt.timedelta(milliseconds=part)).time().isoformat()
        if since_1904:
            first = _FIRST_1904
        elif day > _LEAP:
            first = _FIRST_1900 - dt.timedelta(days=1)
        else:
            first = _FIRST_1900
        if not since_1904 and day in {0, _LEAP}:
            return "1900-02-29" if day else None
        try:
            moment = first + dt.timedelta(days=day, milliseconds=part)
        except OverflowError:
            return None
        return moment.isoformat() if part else moment.date().isoformat()


def _whole(text: str | None, default: int) -> int:
    if text is None:
        return default
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _number(letters: str) -> int:
    """Return the number of a column: A is 1, Z 26, AA 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
