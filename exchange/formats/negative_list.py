"""A regulator's list of violators as CSV: read whole, or refused by row and column.

    credit_code,name,reason,source,since,until

in UTF-8, with or without a byte-order mark; `source` may be left out where it is given beside
the file.  Nothing of a list is taken in unless all of it is in order.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from exchange.errors import BadField, Unreadable
from exchange.negative import Notice
from exchange.participants import NO_CODE, is_organisation_code
from exchange.records import printable

COLUMNS: Final = ("credit_code", "name", "reason", "source", "since", "until")
BYTES_MAX: Final = 4 << 20
TEXT_MAX: Final = 200  # characters, as a fact of the chain has


def read_notice(row: Mapping[str, str], *, within: str = "") -> Notice:
    """Build a notice, or raise `BadField` naming the field; `within` is put before its name."""
    values = {name: printable((row.get(name) or "").strip()) for name in COLUMNS}
    for name, value in values.items():
        if not 1 <= len(value) <= TEXT_MAX:
            raise BadField(f"{within}{name}", f"1 to {TEXT_MAX} characters")
    if not is_organisation_code(values["credit_code"]):
        raise BadField(f"{within}credit_code", NO_CODE)
    since, until = (_day(values[name], f"{within}{name}") for name in ("since", "until"))
    if until < since:
        raise BadField(f"{within}until", "before since")
    return Notice(
        values["credit_code"], values["name"], values["reason"], values["source"], since, until
    )


def _day(text: str, where: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise BadField(where, "a date such as 2026-01-05") from error


def read_notices(path: Path, *, source: str = "") -> list[Notice]:
    """Read a list; `source` stands in where a row names none."""
    names, lines = _table(path, source)
    found: list[Notice] = []
    seen: dict[tuple[str, dt.date, str], int] = {}
    for number, line in lines:
        where = f"{path.name}: row {number}: "
        if len(line) != len(names):
            raise BadField(f"{where}columns", f"{len(line)} cells under {len(names)} names")
        row = dict(zip(names, line, strict=True))
        notice = read_notice({**row, "source": row.get("source") or source}, within=where)
        key = (notice.credit_code, notice.since, notice.reason)
        if key in seen:
            raise BadField(f"{where}credit_code", f"row {seen[key]} says the same already")
        seen[key] = number
        found.append(notice)
    if not found:
        raise BadField(f"{path.name}: rows", "the list names nobody")
    return found


def _table(path: Path, source: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns, and the rows that say something with their numbers."""
    data = path.read_bytes()
    if len(data) > BYTES_MAX:
        raise Unreadable(f"{path.name}: over {BYTES_MAX} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name}: not UTF-8") from error
    if "\0" in text:
        raise Unreadable(f"{path.name}: holds a NUL character")
    try:
        header, *lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    except (csv.Error, ValueError) as error:
        raise Unreadable(f"{path.name}: not CSV with a header: {error}") from error
    wanted = set(COLUMNS) - ({"source"} if source else set())
    names = [name.strip() for name in header]
    if len(set(names)) != len(names) or not wanted <= set(names) <= set(COLUMNS):
        raise BadField(f"{path.name}: header", f"the columns are {', '.join(COLUMNS)}")
    return names, [(number, line) for number, line in enumerate(lines, start=2) if line]
