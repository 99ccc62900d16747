"""Numbers as people write them: 1,234,567 and 1.234.567,89, ¥12.50, 12 kg.

A cell of its own does not tell whether 1,234 is more than a thousand or little more than one; all
the cells of a column do, unless every one reads both ways.
"""

# ruff: noqa: S608 - queries are made of column numbers and our own patterns
from __future__ import annotations

import re
from typing import Final

from duckdb import DuckDBPyConnection

# Ways of writing a number that the readers leave as text, tried in this order, and what makes it
# plain.  What reads both ways in every cell, such as 1,234, is taken for thousands.
_SPELT: Final = (
    (r"[-+]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?", "replace({}, ',', '')"),
    (
        r"[-+]?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?",
        "replace(replace({}, '.', ''), ',', '.')",
    ),
)
# Named one by one: letters behind digits are a number of something else, a seat or a berth.
_MONEY: Final = r"¥|￥|\$|€|£|CNY|RMB|USD|EUR|JPY|GBP|HKD"
_UNIT: Final = (
    r"%|‰|°|°C|℃|°F|℉|K|mm|cm|m|km|nm|kn|m/s|km/h|kg|g|mg|t|l|ml|L|mL|m2|m²|m3|m³|mg/L|µg/L|"
    r"Pa|hPa|kPa|mbar|V|kV|A|W|kW|MW|kWh|MWh|Hz|s|min|h|d|psu|元|万元|亿元|吨|千克|公斤|克|"
    r"米|千米|公里|毫米|厘米|升|秒|分钟|小时|天|人|个|件"
)
_WITH_SIGNS: Final = re.compile(
    rf"({_MONEY})?\s*([-+]?[0-9][0-9.,]*)\s*({_UNIT}|{_MONEY})?", re.ASCII
)
_FIRST: Final = 64  # cells that are looked at before a whole column is


def plain_numbers(connection: DuckDBPyConnection, i: int, source: str) -> str | None:
    """Return the expression of a column's numbers, plainly written, or None if they are none.

    It is for texts whose cells all read as numbers in one way of writing, of which one at least is
    not how the engine writes them; blanks are no numbers.
    """
    first = connection.execute(
        f"SELECT trim(c{i}) FROM {source} WHERE c{i} IS NOT NULL LIMIT {_FIRST}"
    ).fetchall()
    read = [_WITH_SIGNS.fullmatch(text) for (text,) in first]
    around = {(each[1] or "", each[3] or "") for each in read if each}
    if len(around) != 1 or not all(read):  # most columns of text are words, and end here
        return None
    before, behind = map(re.escape, next(iter(around)))
    number = f"regexp_extract(trim(c{i}), '^{before}\\s*([-+0-9.,]+)\\s*{behind}$', 1)"
    for form, plain in _SPELT:
        if not all(re.fullmatch(form, each[2]) for each in read if each):
            continue
        (counted,) = connection.execute(
            f"SELECT count(*), count(*) FILTER (WHERE regexp_full_match({number}, '{form}')),"
            f" count(*) FILTER (WHERE try_cast(c{i} AS DOUBLE) IS NULL)"
            f" FROM {source} WHERE c{i} IS NOT NULL"
        ).fetchall()
        cells, fitting, otherwise = counted
        if cells == fitting and otherwise:
            return plain.format(number)
    return None
