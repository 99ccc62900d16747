"""Units as people and programs write them: degree_C, m s-1, umol kg**-1, ‰, 米/秒, UTC.

Tables of measurements often name the units in a row of their own below the header, as ERDDAP's
`.csv` does (its documentation, "csv: the second line has the units").  The row is told by what
stands in it: names of units alone, above columns of numbers or instants.  Names are those of
UDUNITS, of CF's standard names and of instruments; a name that is not known makes no row of units.
"""

from __future__ import annotations

import re
from typing import Final

_PREFIXED: Final = "g|m|s|A|K|mol|cd|Hz|N|Pa|J|W|V|S|F|T|H|bar|L|l|eq|M|cal|Wh|Bq|Gy|Sv|Ω|ohm"
_NAMED: Final = (
    "met(?:er|re)s?|grams?|kilograms?|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|"
    "months?|years?|yr|kelvins?|celsius|fahrenheit|pascals?|(?:milli|deci|hecto|kilo)?bars?|"
    "volts?|amp(?:ere)?s?|watts?|joules?|newtons?|siemens|hertz|moles?|lit(?:er|re)s?|"
    "(?:centi|milli|kilo|micro|nano)met(?:er|re)s?|micromoles?|millimoles?|einsteins?|"
    "knots?|kts?|kn|feet|foot|ft|miles?|mi|nmi|inch(?:es)?|fathoms?|"
    "degrees?(?:_(?:north|east|south|west|true|n|e|c|f|k|celsius|fahrenheit))?|"
    "degs?(?:_?[cfkne])?|rad|radians?|counts?|percent|psu|pss|pss-78|ppm|ppb|ppt|ppmv|ppbv|"
    "ntu|ftu|fnu|fdom|qsu|rfu|ph|db|dbz|dbar|du|mb|hr|h|d|min|a|u|ha|rpm|utc|gmt|iso ?8601|"
    "dimensionless|unitless|1|1e-3|0\\.001|cells?|individuals?|ind|pcs|psi|atm|torr|mmhg|"
    "cny|usd|eur|rmb"
)
_SIGNS: Final = (
    "%|‰|°(?:[CFKNE])?|℃|℉|′|″|µatm|μatm|uatm|"
    "[万亿]?元|[千毫微]?[米克升]|厘米|公里|海里|公斤|吨|节|度|摄氏度|开尔文|百?帕|千帕|毫巴|伏|安|瓦|赫兹|"
    "秒|分钟|小时|天|日|月|年|个|次|件|人|辆|只|尾|平方米|立方米|公顷|亩|无量纲|世界时|北京时间"
)
_ONE: Final = rf"(?:[fpnuµμmcdhkMGT]|da)?(?:{_PREFIXED})|(?i:{_NAMED})|{_SIGNS}"
_POWER: Final = r"(?:(?:\^|\*\*)?[-−+]?[1-9]|[²³⁻⁰¹]{1,3})?"
# m s-1, mg/L, W m**-2, µmol photons would need a name for what is counted, so kg air is none.
_PRODUCT: Final = re.compile(rf"(?:{_ONE}){_POWER}(?:\s*[./*·⋅ ]\s*(?:{_ONE}){_POWER})*")
# seconds since 1970-01-01T00:00:00Z, and how an instant is written: yyyy-MM-dd'T'HH:mm:ssZ.
_OF_TIME: Final = re.compile(
    r"(?i:(?:second|minute|hour|day)s? since [-0-9T:. Z]{4,32})"
    r"|(?=.*[yY])[yYmMdDhHsStTzZ':/. -]{6,32}"
)
_LONGEST: Final = 48


def bare(text: str) -> str:
    """Return a text without the brackets around it."""
    text = text.strip()
    return text[1:-1].strip() if text[:1] + text[-1:] in {"()", "[]", "（）"} else text


def is_unit(text: str) -> bool:
    """Whether a text is a unit and nothing else, in brackets or without."""
    unit = bare(text)
    if len(unit) > _LONGEST:
        return False
    return bool(_PRODUCT.fullmatch(unit) or _OF_TIME.fullmatch(unit))
