"""Whether a table is one of soundings, gravity or magnetics, by what its columns measure.

A sheet need not say so.  What is sounded has one value at each place, and places close together:
a cast has many depths at one place, a gauge one place, and a profile of the water tells of its
temperature, salt or currents beside the depth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from exchange.compliance.evidence import Site
from exchange.profile import ColumnProfile, ColumnType, Profile

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
_EAST: Final = re.compile(
    r"x|lon\w*|lng|easting|e|jd|经度|东经|东坐标|横坐标|经度_?\w*|\w*longitude", re.IGNORECASE
)
_NORTH: Final = re.compile(
    r"y|lat\w*|northing|n|wd|纬度|北纬|北坐标|纵坐标|纬度_?\w*|\w*latitude", re.IGNORECASE
)
# Metres of a projection, the east with the number of its zone or without.
_NORTHINGS: Final = (300_000, 4_700_000)
_EASTINGS: Final = ((100_000, 900_000), (13_000_000, 46_000_000))
_PLACES_MIN: Final = 10  # along a line
_LEVELS_SHARE: Final = 20  # rows to a depth, of soundings, at the most


def fine_soundings(profile: Profile) -> bool:
    """Whether it holds soundings closer than a mile in Chinese water, or where nobody can tell."""
    columns = [each for each in profile.columns if each.type in _NUMBERS]
    values = [each for each in columns if _sounded(each)]
    if not values or any(_OTHERWISE.search(each.name) for each in profile.columns):
        return False
    return any(
        step <= SEABED_POSTING_MAX and _one_at_each(profile, places, values[0])
        for places, step in _spacings(columns)
    )


def _sounded(column: ColumnProfile) -> bool:
    name = _UNIT.sub("", column.name.strip())
    if _SOUNDED.fullmatch(name) or _STANDARD.search(column.standard_name or ""):
        return True
    # Heights that are all below nought are of a floor.
    return _LEVEL.fullmatch(name) is not None and Decimal(column.maximum or 0) < 0


def _spacings(
    columns: Sequence[ColumnProfile],
) -> Iterator[tuple[tuple[ColumnProfile, ColumnProfile], float]]:
    """Yield the pairs of columns that are places, with the mean distance of lines in metres."""
    measured = [each for each in columns if each.minimum and each.maximum and each.distinct > 1]
    east = [each for each in measured if _EAST.fullmatch(_UNIT.sub("", each.name.strip()))]
    north = [each for each in measured if _NORTH.fullmatch(_UNIT.sub("", each.name.strip()))]
    for places in zip(east, north, strict=False):
        metres = _metres_of_a_unit(*map(_extremes, places))
        if metres and max(each.distinct for each in places) >= _PLACES_MIN:
            spans = [(high - low, each) for each in places for low, high in [_extremes(each)]]
            yield places, min(float(span) * metres / (each.distinct - 1) for span, each in spans)


def _extremes(column: ColumnProfile) -> tuple[Decimal, Decimal]:
    return Decimal(column.minimum or 0), Decimal(column.maximum or 0)


def _metres_of_a_unit(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> float | None:
    """Return the metres of a degree or of a metre, whichever is x; None where it is elsewhere."""
    for (west, east), (south, north) in ((one, other), (other, one)):
        at_sea = west >= CHINESE_SEA.west and east <= CHINESE_SEA.east
        if at_sea and south >= CHINESE_SEA.south and north <= CHINESE_SEA.north:
            return METRES_PER_DEGREE
        level = _NORTHINGS[0] <= south and north <= _NORTHINGS[1]
        if level and any(first <= west and east <= last for first, last in _EASTINGS):
            return 1.0
    return None


def _one_at_each(
    profile: Profile, places: tuple[ColumnProfile, ColumnProfile], value: ColumnProfile
) -> bool:
    """Whether each place has a value of its own, as of a grid, a line or points far and wide.

    Of casts, a few levels stand again and again at some places.
    """
    one, other = (each.distinct for each in places)
    if one * other < profile.rows:
        return False
    a_grid = one * other <= 2 * profile.rows
    a_line = 3 * max(one, other) >= profile.rows
    return a_grid or a_line or value.distinct * _LEVELS_SHARE >= profile.rows
