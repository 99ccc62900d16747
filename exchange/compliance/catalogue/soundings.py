"""Whether a table is one of soundings, gravity or magnetics, by what its columns measure.

A sheet need not say so.  What is sounded has one value at each place, and places close together:
a cast has many depths at one place, a gauge one place, and a profile of the water tells of its
temperature, salt or currents beside the depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import permutations
from typing import Final, NamedTuple

from exchange.compliance.evidence import Site
from exchange.profile import ColumnType, Profile

METRES_PER_DEGREE: Final = 111_320.0  # of latitude, WGS84 at the equator
SEABED_POSTING_MAX: Final = 1_852.0  # a proposal: a bathymetry of a nautical mile is coarse
# A box around the sea off China, coarse on purpose: a hit asks an assessor, no more.
CHINESE_SEA: Final = Site(*map(Decimal, ("105", "3", "130", "41.5")))

_NUMBERS: Final = frozenset({ColumnType.INTEGER, ColumnType.DECIMAL})
_UNIT: Final = re.compile(r"[\s_]*[（(\[].*$|[\s_]+m$")
_SOUNDED: Final = re.compile(
    r"(water|sea|bottom|sea_?floor|sea_?bed|bed|charted)?_?depth|depth_?(m|value)?|sounding|bathy\w*"
    r"|水深值?|测深值?|测深水深|海底深度|海底高程|wassertiefe|tiefe|profondeur"
    r"|(obs\w*_)?gravity\w*|(free_?air|bouguer)\w*|m_?gal|\w*重力\w*|\w*布格\w*|\w*自由空气\w*"
    r"|(total_)?(magnetic|mag)_(field|anomaly|intensity)|magnetics?|nt|\w*磁(力|场|异常)\w*",
    re.IGNORECASE,
)
_LEVEL: Final = re.compile(r"z|elev\w*|height|h|高程|标高", re.IGNORECASE)
_STANDARD: Final = re.compile(r"^sea_floor_depth|gravity|magnetic")
# What is measured in the water, of animals or of earthquakes, not of its floor.
_OTHERWISE: Final = re.compile(
    r"temp|salin|press|oxygen|chlor|turbid|conduct|density|veloc|speed|current|wave|species|catch"
    r"|abund|biomass|magnitude|sound_vel|温|盐|压|氧|叶绿素|浊|密度|流速|流向|浪|波高|震级|物种|渔获|生物量"
    r"|(^|_)(sst|sal|do|ph|chl|sigma|u|v|mag|ml|mw|hs|count|n)(_|$)",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"x|lon\w*|lng|easting|e|jd|经度|东经|东坐标|横坐标|经度_?\w*|\w*longitude"
    r"|y|lat\w*|northing|n|wd|纬度|北纬|北坐标|纵坐标|纬度_?\w*|\w*latitude",
    re.IGNORECASE,
)
# With the metres of their units.  A projection has its metres north of the equator and east of a
# meridian, which counts as 500,000, with the number of the zone before it (13 to 23 of six degrees,
# 25 to 45 of three) or without: nothing tells which water it is.
_WATERS: Final = (
    (CHINESE_SEA, METRES_PER_DEGREE),
    (Site(*map(Decimal, (100_000, 300_000, 900_000, 4_700_000))), 1.0),
    (Site(*map(Decimal, (13_000_000, 300_000, 46_000_000, 4_700_000))), 1.0),
)
_PLACES_MIN: Final = 10  # along a line
_LEVELS_SHARE: Final = 20  # rows to a depth, of soundings, at the most


class _Measured(NamedTuple):
    """A column of numbers: its name without a unit, and how they spread."""

    name: str
    standard: str
    distinct: int
    low: Decimal
    high: Decimal


def fine_soundings(profile: Profile) -> bool:
    """Whether it holds soundings closer than a mile in Chinese water, or where nobody can tell."""
    columns = list(_measured(profile))
    levels = max((each.distinct for each in columns if _sounded(each)), default=0)
    if not levels or any(_OTHERWISE.search(each.name) for each in profile.columns):
        return False
    places = [each for each in columns if _PLACE.fullmatch(each.name)]
    return any(
        _fine(one, other) and _one_at_each(profile.rows, one.distinct, other.distinct, levels)
        for one, other in permutations(places, 2)  # x is the east, or the north as in surveys
    )


def _measured(profile: Profile) -> Iterator[_Measured]:
    for each in profile.columns:
        if each.type in _NUMBERS and each.minimum is not None and each.maximum is not None:
            name = _UNIT.sub("", each.name.strip())
            ends = Decimal(each.minimum), Decimal(each.maximum)
            yield _Measured(name, each.standard_name or "", each.distinct, *ends)


def _sounded(column: _Measured) -> bool:
    if _SOUNDED.fullmatch(column.name) or _STANDARD.search(column.standard):
        return True
    # Heights that are all below nought are of a floor.
    return _LEVEL.fullmatch(column.name) is not None and column.high < 0


def _fine(east: _Measured, north: _Measured) -> bool:
    """Whether lines lie within a mile of each other, one way or the other, in some of the waters.

    A column that has one value is no line beside another.
    """
    return any(
        0 < float(each.high - each.low) * metres <= SEABED_POSTING_MAX * (each.distinct - 1)
        for water, metres in _WATERS
        if water.west <= east.high and east.low <= water.east
        if water.south <= north.high and north.low <= water.north
        for each in (east, north)
    )


def _one_at_each(rows: int, one: int, other: int, levels: int) -> bool:
    """Whether each place has a value of its own, as of a grid, a line or points far and wide.

    Of casts, a few levels stand again and again at some places.
    """
    if max(one, other) < _PLACES_MIN or one * other < rows:
        return False
    a_grid = one * other <= 2 * rows
    a_line = 3 * max(one, other) >= rows
    return a_grid or a_line or levels * _LEVELS_SHARE >= rows
