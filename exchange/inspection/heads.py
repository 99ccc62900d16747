"""Columns that are called after persons, as those of marks and of who was there are.

One header that reads as a name is no evidence: 黄金, 金华 and Max Wind do.  Most headers of a table
have to, several of the Chinese ones with three characters, the others behind different given names
and before no word of a measurement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from exchange.inspection import foreign, persons

_UNIT: Final = re.compile(r"\s*[(（\[【].{1,20}[)）\]】]$")
_MEASURED: Final = re.compile(
    r"(?i)\b(?:wind|gust|rain\w*|snow\w*|depth|temp\w*|level|speed|height|weight|length|width|size|area|volume"
    r"|period|price|index|rate|ratio|value|share|score|count|total|number|date|time|name|type|status"
    r"|flag|code|id|no|pressure|salinity|flow|power|energy|sales?|market|revenue|cost|profit|stock"
    r"|fund|creek|beach|springs?|hills?|falls|county|city|town|park|field|data|day|week|month|year)$"
)
_COLUMNS_MIN: Final = 3
_SHARE: Final = 0.6  # of a table's columns
_LONG: Final = 3
_OFTEN: Final = 3  # in one of so many names


def called_after_persons(headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers that are names of persons, where most of a table's headers are."""
    bare = {each: _UNIT.sub("", each.strip()) for each in headers}
    chinese = [each for each in headers if _is_chinese(bare[each])]
    long = sum(len(bare[each]) >= _LONG for each in chinese)
    if _OFTEN * long < len(chinese):
        chinese = []
    others = [each for each in headers if _is_other(bare[each])]
    first = {bare[each].split()[0] for each in others}
    if 2 * len(first) < len(others):
        others = []
    named = {*chinese, *others}
    if len(named) < max(_COLUMNS_MIN, _SHARE * len(headers)):
        return ()
    # Among names so many, 梁洋 is no ocean.
    return tuple(
        each
        for each in headers
        if each in named or (chinese and persons.is_built_as_chinese(bare[each]))
    )


def _is_chinese(header: str) -> bool:
    return persons.is_chinese_name(header) and persons.has_common_given(header)


def _is_other(header: str) -> bool:
    if " " not in header or _MEASURED.search(header):
        return False
    return persons.is_western_name(header) or foreign.is_name(header)
