"""Cells that a spreadsheet would run: formulas hidden in text (rule F-04).

A cell is active if, after spaces, tabs and carriage returns,

- it begins with `=` and goes on as an expression does: a letter, a digit, a quote, `$`, `(`,
  `[`, `{`, `@`, a sign, or a point before a digit;
- it begins with `+`, `-` or `@` and, at once or behind further signs, brackets and operands, calls
  a function (`+HYPERLINK(…)`, `-@SUM(1)`, `+A1&IMAGE(…)`) or refers to another sheet or file
  (`+Sheet2!A1`, `-'x.xls'!A1`, `@[1]x!A1`);
- it begins with `@` and is a cell (`@A1`, `@A1:B2`);
- it begins with one of the three and is an expression over a cell from there to its end
  (`+A1*2`, `-A1&B1`), or joins to a quoted text (`+"a"&b`);
- it begins with `+` or `-` and pipes into a program (`-cmd|…!`), or adds a name to a number
  (`+1+cmd`).

The full-width forms of these signs count as the signs do: spreadsheets of East Asia take them so.
A dash, `-abc`, `-A1`, `- CO2/CH4 ratio`, `-5-A`, `@someone`, a signed number or a telephone number
(`+86 532 …`) is none of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from duckdb import DuckDBPyConnection

from exchange.inspection.asking import aggregated
from exchange.inspection.intake import Intake
from exchange.inspection.reader import Table
from exchange.profile import ColumnType

_NUMBER: Final = r"[0-9.]+(?:[eE][+-]?[0-9]+)?%?"
_CELL: Final = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}\b%?"
_OPERAND: Final = rf"[\s(+＋－-]*(?:{_NUMBER}|{_CELL}|\x22[^\x22]*\x22)[\s)]*"
_OPERATOR: Final = r"[-+*/^&:=<>]+"
# What an expression may begin with before its first operand: signs, brackets, or the `@` by which
# a spreadsheet takes one value of many.
_LEAD: Final = r"[+＋－@＠-][\s(+＋－@＠-]*"
_PLACE: Final = r"!\s*(?:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}\b|\$?[A-Za-z]{1,3}:|\$?[0-9]+:)"
ACTIVE: Final = (
    r"^\s*("
    r"[=＝]\s*(?:[\pL0-9_\x22'$(\[{@＠+＋－-]|\.[0-9])"
    rf"|{_LEAD}(?:{_OPERAND}{_OPERATOR}[\s(+＋－@＠-]*)*(?:"
    r"[A-Za-z_][\w.]*\("
    r"|'[^\r\n]*'!"
    rf"|(?:\[[^\]\[]*\])?[\pL\pN_.:]*{_PLACE}"
    r")"
    rf"|[@＠]\s*{_CELL}(?:\s*:\s*{_CELL})?\s*$"
    rf"|{_LEAD}{_CELL}[\s)]*(?:{_OPERATOR}{_OPERAND})+$"
    rf"|{_LEAD}\x22[^\x22]*\x22\s*&"
    r"|[+＋－-][^|]{0,200}\|[^!]{0,500}!"
    rf"|[+＋－-]\s*{_NUMBER}(\s*[-+*/^&]\s*{_NUMBER})*\s*[+*/^&]\s*[A-Za-z_@(]"
    r")"
)
# Every sign and space that an active cell begins with sorts before the digits, or between them
# and the letters; so do the full-width ones among their own.
_EARLY: Final = (
    "{cell} < '0' OR ({cell} >= '=' AND {cell} < 'A') OR ({cell} >= '＋' AND {cell} < 'Ａ')"
)
_STARTS: Final = r"['=', '+', '-', '@', '＝', '＋', '－', '＠']"


def asked_early(table: Table) -> Mapping[int, str]:
    """Return by column of texts the condition of a cell that could be active.

    One comparison a cell tells most columns apart from those that need a pattern.
    """
    return {
        i: _EARLY.format(cell=f"c{i}")
        for i, each in enumerate(table.columns)
        if each.type is ColumnType.TEXT
    }


def refuse_formulas(
    connection: DuckDBPyConnection,
    table: Table,
    intake: Intake,
    early: Collection[int] | None = None,
) -> None:
    """Raise `Unreadable` (F-04) naming the first column and row with an active cell.

    `early` are the columns that have a cell of `asked_early`, where that has been asked.
    """
    names = [column.name for column in table.columns]
    if active := first_active(connection, names):
        raise intake.refusal(f"the header: column name {active[:20]!r} is a formula", "F-04")
    if early is None:
        early = _asked(connection, asked_early(table))
    for i, row in _active_cells(connection, sorted(early)):
        place = f"row {row + 1}" if table.first_line is None else f"line {row + table.first_line}"
        raise intake.refusal(f"{place}: column {names[i]}: a cell is a formula", "F-04")


def first_active(connection: DuckDBPyConnection, texts: Sequence[str]) -> str:
    """Return the first of some texts that a spreadsheet would run, "" where it would run none."""
    if not any(text.lstrip()[:1] in tuple("=+-@＝＋－＠") for text in texts):
        return ""  # compiling the pattern takes longer than all else that a small file costs
    ((active,),) = connection.execute(
        "SELECT list_filter($texts, lambda x: regexp_matches(x, $active))",
        {"texts": list(texts), "active": ACTIVE},
    ).fetchall()
    return active[0] if active else ""


def _asked(connection: DuckDBPyConnection, conditions: Mapping[int, str]) -> Collection[int]:
    answers = aggregated(connection, [f"bool_or({each})" for each in conditions.values()])
    return [i for i, hit in zip(conditions, answers, strict=True) if hit]


def _active_cells(connection: DuckDBPyConnection, text: Sequence[int]) -> Sequence[tuple[int, int]]:
    rows = [
        f"min(rowid) FILTER (WHERE CASE WHEN {_EARLY.format(cell=f'c{i}')} THEN"
        f" list_contains({_STARTS}, left(ltrim(c{i}, ' ' || chr(9) || chr(10) || chr(13)), 1))"
        f" AND regexp_matches(c{i}, $active) ELSE false END)"
        for i in text
    ]
    found = aggregated(connection, rows, given={"active": ACTIVE})
    return [(i, row) for i, row in zip(text, found, strict=True) if row is not None]
