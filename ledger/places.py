"""Places: which lies in which, so that what holds of the one holds of the other.

A subdivision (ISO 3166-2) lies in the country (ISO 3166-1) that its code begins with, `CN-SD` in
`CN`, and a member state and its subdivisions lie in `EU`, which ISO 3166 reserves for the Union.
A subdivision that is coded as a country too, as `CN-HK` is by `HK`, is set apart: it lies in
nothing but itself, since laws treat it so, such as those on the export of data.  But it may be
meant, and that is reason enough to see two rights meet.  Chinese provinces have letters since
2017 and had the digits of GB/T 2260 before; both name the same one.  Everything else is a name,
and lies in what is written alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


UNION: Final = "EU"
# Since 1 February 2020; another list needs another version of the log's rules.
MEMBERS: Final = frozenset(
    _words("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
)
# Coded in ISO 3166-1 as well, as ISO 3166-2 lists them.
SET_APART: Final = frozenset(
    _words(
        "CN-HK CN-MO CN-TW FI-01 FR-971 FR-972 FR-973 FR-974 FR-976 FR-BL FR-GF FR-GP FR-MF FR-MQ"
        " FR-NC FR-PF FR-PM FR-RE FR-TF FR-WF FR-YT NL-AW NL-BQ1 NL-BQ2 NL-BQ3 NL-CW NL-SX NO-21"
        " NO-22 US-AS US-GU US-MP US-PR US-UM US-VI"
    )
)
_LETTERS: Final = _words(
    "11 BJ 12 TJ 13 HE 14 SX 15 NM 21 LN 22 JL 23 HL 31 SH 32 JS 33 ZJ 34 AH 35 FJ 36 JX 37 SD"
    " 41 HA 42 HB 43 HN 44 GD 45 GX 46 HI 50 CQ 51 SC 52 GZ 53 YN 54 XZ 61 SN 62 GS 63 QH 64 NX"
    " 65 XJ 71 TW 81 HK 82 MO 91 HK 92 MO"
)
_BY_DIGITS: Final = {
    f"CN-{digits}": f"CN-{letters}"
    for digits, letters in zip(_LETTERS[::2], _LETTERS[1::2], strict=True)
}
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_SUBDIVISION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}", re.ASCII)


def lies_within(place: str, wider: str) -> bool:
    """Whether a place is another, or a part of it that is not set apart."""
    place, wider = _coded(place), _coded(wider)
    return place == wider or (place not in SET_APART and wider in _above(place))


def all_within(places: Iterable[str], wider: Iterable[str]) -> bool:
    """Whether each of some places lies within one of others."""
    allowed = tuple(wider)
    return all(any(lies_within(place, each) for each in allowed) for place in places)


def places_meet(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a place of one list may lie within one of the other, or the other way round."""
    there = tuple(_coded(other) for other in others)
    return any(
        here == other or other in _above(here) or here in _above(other)
        for here in map(_coded, ones)
        for other in there
    )


def _coded(place: str) -> str:
    return _BY_DIGITS.get(place, place)


def _above(place: str) -> tuple[str, ...]:
    """Return what a place is a part of by its code, the nearest first."""
    if _SUBDIVISION.fullmatch(place):
        country = place[:2]
        return (country, UNION) if country in MEMBERS else (country,)
    return (UNION,) if _COUNTRY.fullmatch(place) and place in MEMBERS else ()
