"""Dates that the readers leave as text or as numbers: 05.01.2026, 2026年1月5日, 20260105."""

# ruff: noqa: S608 - queries are made of column numbers and our own patterns
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from duckdb import DuckDBPyConnection

# Ways of writing a date that the readers leave as text or as a number, tried in this order.
DATES: Final = (
    "%Y%m%d",
    "%Y%m%d%H%M%S",
    "%Y年%m月%d日",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y.%m.%d",
    "%Y.%m.%d %H:%M",
    "%Y.%m.%d %H:%M:%S",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%b-%Y",
    "%d %b %Y",
)
AS_NUMBERS: Final = DATES[:2]
_SIGNS: Final = re.compile(r"(?<!%)[^%\s\w]|[年月日]")
_FIRST: Final = 64  # cells that are looked at before a whole column is
_EARLIEST, _LATEST = 1900, 2100  # years; numbers of eight digits outside them are no dates


def date_form(
    connection: DuckDBPyConnection, cell: str, i: int, forms: Sequence[str], source: str
) -> str | None:
    """Return the first form by which every cell of column i reads as a date, or None."""
    first = connection.execute(
        f"SELECT {cell} FROM {source} WHERE c{i} IS NOT NULL LIMIT {_FIRST}"
    ).fetchall()
    # To try a form costs the engine half a millisecond, whatever the number of cells.
    forms = [form for form in forms if all(_could_be(text, form) for (text,) in first)]
    years = f"year(try_strptime({cell}, '{{form}}')) BETWEEN {_EARLIEST} AND {_LATEST}"
    some = f"(SELECT c{i} FROM {source} WHERE c{i} IS NOT NULL LIMIT {_FIRST})"
    for rows_of in (some, source):
        if not first or not forms:
            return None
        tests = ", ".join(f"count(*) FILTER (WHERE {years.format(form=form)})" for form in forms)
        (found,) = connection.execute(f"SELECT count(c{i}), {tests} FROM {rows_of}").fetchall()
        rows, *fitting = found
        forms = [form for form, count in zip(forms, fitting, strict=True) if count == rows]
    return forms[0] if forms else None


def _could_be(text: str, form: str) -> bool:
    """Whether a text has the signs that a form is written with, or digits alone as it has."""
    if "%b" in form:
        return re.search("[A-Za-z]{3}", text) is not None
    signs = _SIGNS.findall(form)
    return all(sign in text for sign in signs) if signs else text.strip().isdigit()
