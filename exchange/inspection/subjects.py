"""How many different persons the findings are about.

The thresholds of law count persons, not cells: 法释〔2017〕10号 article 5, PIPL 52, the provisions
on cross-border flows of 2024.
"""

# ruff: noqa: S608 - queries are made of column numbers alone
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

import numpy as np
from duckdb import DuckDBPyConnection

from exchange.inspection.cells import DIGIT, Cells, batches, once
from exchange.inspection.detector import Examined
from exchange.inspection.identifiers import Codes
from exchange.inspection.initials import spelt_out
from exchange.inspection.lexicon import is_birthday, is_own_age, names_device, names_person
from exchange.profile import PERSONAL_KINDS, ColumnType, SensitiveFinding, SensitiveKind

# In this order: a number is one person's, a telephone nearly so, a name is shared by many.
_TELLING: Final = (
    SensitiveKind.RESIDENT_ID,
    SensitiveKind.PASSPORT,
    SensitiveKind.PERMIT,
    SensitiveKind.NATIONAL_ID,
    SensitiveKind.MOBILE,
    SensitiveKind.EMAIL,
    SensitiveKind.BANK_CARD,
    SensitiveKind.PLATE,
    SensitiveKind.PERSON_NAME,
)
_HALF: Final = 0.5
RESIDENT_LENGTH: Final = 18
_NUMBER: Final = re.compile("[1-9][0-9]{5}((?:19|20)[0-9]{2})[0-9]{7}[0-9Xx]")
_FIRST_YEAR, _LAST_YEAR = 1900, 2099  # of birth
_OLDEST: Final = 130  # years; a column with more counts something else
_YEARS: Final = r"^\s*([0-9]{1,3})\s*(?:周?[岁歲])?\s*$"


def subject_column(examined: Examined) -> int | None:
    """Return the column that tells one person from another, None if there is none."""
    columns = {column.name: i for i, column, _ in examined.held()}
    for kind in _TELLING:
        for each in examined.found:
            if each.kind is kind and each.certain and each.column in columns:
                fills = each.matched - each.embedded >= _HALF * each.tested
                if fills and each.tested >= _HALF * examined.rows:
                    return columns[each.column]
    keys = [i for i, column, _ in examined.held() if names_person(column.name)]
    return next(
        iter(sorted(keys, key=lambda i: names_device(examined.table.columns[i].name))), None
    )


def counted_subjects(examined: Examined) -> Iterator[SensitiveFinding]:
    """Yield the findings with the number of different persons their rows are about."""
    key = subject_column(examined)
    columns = {column.name: i for i, column in enumerate(examined.table.columns)}
    counted: dict[int, int] = {}
    for each in examined.found:
        i = columns.get(each.column)
        if key is None or i is None or each.kind not in PERSONAL_KINDS:
            yield each
            continue
        filled = each.matched >= examined.rows
        if i != key and not filled and each.subjects is not None:
            yield each  # a number of its own tells persons apart better than the row's key
            continue
        at = key if filled else i
        if examined.present[at] == examined.rows:
            counted[at] = examined.distinct(key)
        elif at not in counted:
            ((counted[at],),) = examined.connection.execute(
                f"SELECT count(DISTINCT c{key}) FROM cells WHERE c{at} IS NOT NULL"
            ).fetchall()
        yield replace(each, subjects=min(counted[at], each.matched) or None)


def youngest_born(examined: Examined) -> int | None:
    """Return the latest year of birth in identity numbers and columns of birthdays, if any."""
    numbered = {
        each.column
        for each in examined.found
        if each.kind is SensitiveKind.RESIDENT_ID and each.certain
    }
    years: list[int] = []
    for i, column in enumerate(examined.table.columns):
        if column.name in numbered and column.type is not ColumnType.TIMESTAMP:
            latest = _latest_in_numbers(
                batches(examined.connection, i, column, rows=examined.rows, known=examined.known[i])
            )
        elif is_birthday(column.name) and column.type is ColumnType.TIMESTAMP:
            latest = _greatest(examined.connection, f"year(c{i})")
        else:
            continue
        years += [] if latest is None else [latest]
    return max(years, default=None)


def youngest_aged(examined: Examined) -> int | None:
    """Return the least age in columns of ages of persons, if any.

    It is what was written down when the data was made, whenever that was.  A nought stands for an
    age that nobody knows in as many tables as for a newborn, and is left out.
    """
    columns = examined.table.columns
    ages: list[int] = []
    for i, header in enumerate(spelt_out([column.name for column in columns])):
        if not is_own_age(header) or columns[i].type in (
            ColumnType.TIMESTAMP,
            ColumnType.BOOLEAN,
        ):
            continue
        text = columns[i].type is ColumnType.TEXT
        years = f"try_cast(regexp_extract(c{i}, '{_YEARS}', 1) AS DOUBLE)" if text else f"c{i}"
        ((least, most),) = examined.connection.execute(
            f"SELECT min(y) FILTER (WHERE y > 0), max(y) FROM (SELECT {years} AS y FROM cells)"
        ).fetchall()
        if least is not None and most <= _OLDEST:
            ages.append(int(least))
    return min(ages, default=None)


def _greatest(connection: DuckDBPyConnection, year: str) -> int | None:
    ((latest,),) = connection.execute(f"SELECT max({year}) FROM cells").fetchall()
    return None if latest is None else int(latest)


def _latest_in_numbers(read: Iterable[Cells]) -> int | None:
    """Return the latest year of birth in cells that hold identity numbers."""
    latest = 0
    for batch in read:
        # Where all cells are as long, each is a number or holds none.
        if batch.longest == RESIDENT_LENGTH and len(batch.data) == RESIDENT_LENGTH * len(batch):
            codes = batch.matrix(batch.offsets[:-1], RESIDENT_LENGTH)
        else:
            starts, _ = batch.runs(batch.digits, RESIDENT_LENGTH - 1)
            holders = batch.holders(starts)
            whole = batch.lengths[holders] == RESIDENT_LENGTH
            whole &= starts == batch.offsets[holders]
            codes = batch.matrix(starts[whole], RESIDENT_LENGTH)
            # Where a number is not all there is, a pattern looks for it.
            for each in once(holders[~whole]).tolist():
                found = _NUMBER.search(batch.text(each))
                latest = max(latest, int(found[1]) if found else 0)
        latest = max(latest, _latest_year(codes, beyond=latest))
    return latest or None


def _latest_year(codes: Codes, *, beyond: int) -> int:
    """Return the latest year of birth in what may be identity numbers, if it is a later one."""
    if not len(codes):
        return 0
    # The four bytes of a year as one number, of which a later year's is the greater.
    years = np.ndarray((len(codes),), ">u4", codes, 6, (RESIDENT_LENGTH,)).astype(np.uint32)
    early, last = _spelt(max(beyond, _FIRST_YEAR - 1)), _spelt(_LAST_YEAR)
    # What is no number has any bytes there: few are late enough to be looked at whole.
    late = np.flatnonzero((years > early) & (years <= last))
    numbers = DIGIT[codes[late, : RESIDENT_LENGTH - 1]].all(axis=1)
    latest = int(years[late[numbers]].max(initial=0))
    return int(latest.to_bytes(4)) if latest else 0


def _spelt(year: int) -> int:
    return int.from_bytes(str(year).encode())
