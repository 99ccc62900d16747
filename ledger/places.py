"""Places by name: two are one only if they are written alike.

A subdivision (ISO 3166-2) lies in the country (ISO 3166-1) that its code begins with, `CN-SH` in
`CN`.  That is reason enough to see two rights meet, and never to let one stand for the other: the
law may set a part apart, as it does `CN-HK` where data is exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)
_SUBDIVISION: Final = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}", re.ASCII)


def lies_within(place: str, wider: str) -> bool:
    """Whether a place is another, or a subdivision of the country that the other is."""
    if place == wider:
        return True
    if not place.startswith(wider) or not _COUNTRY.fullmatch(wider):
        return False
    return _SUBDIVISION.fullmatch(place) is not None


def places_meet(ones: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a place of one list lies within one of the other, or the other way round."""
    there = tuple(others)
    return any(
        lies_within(here, other) or lies_within(other, here) for here in ones for other in there
    )
