"""What a product speaks of: subjects that a law singles out, read from the sheet's own words.

Words are looked for in name, sector, industry, keywords and description, in Chinese and in English,
and in the standard names of the columns; not in the use cases, which speak of what buyers make of
it.  A word is a hint, and a rule that leans on one asks an assessor; a product that hides its
subject is told apart by nobody but a person, which is why rules that matter ask for a signature in
any case.
"""

from __future__ import annotations

import enum
import functools
import re

from exchange.compliance.case import ProductCase, once
from exchange.profile import Profile
from exchange.specsheet import ProductType, SpecSheet


class Topic(enum.StrEnum):
    """Subjects that rules ask about."""

    MARINE = "marine"
    FORECAST = "forecast"
    WEATHER = "weather"
    SURVEY = "survey"
    TRACKS = "tracks"
    SEABED = "seabed"
    GENES = "genes"
    CREDIT = "credit"


_WORDS = {
    Topic.MARINE: r"海洋|海浪|海流|海温|海冰|潮汐|潮位|风暴潮|"
    r"\b(?:marine|oceans?|sea|tides?|tidal|buoys?)\b",
    Topic.FORECAST: r"预报|预警|\b(?:forecasts?|warnings?)\b",
    Topic.WEATHER: r"天气|气象|降水|台风|气温|\b(?:weather|meteorolog\w*|rainfall|typhoons?)\b",
    Topic.SURVEY: r"测绘|地形图|数字高程|点云|\b(?:topograph\w*|lidar|cadastr\w*|DEM|DSM)\b",
    Topic.TRACKS: r"轨迹|船舶自动识别|\b(?:AIS|MMSI|trajector\w*|vessel tracks?|vehicle tracks?)\b",
    Topic.SEABED: r"水深|海底地形|重力异常|磁力|"
    r"\b(?:bathymetr\w*|seabed|seafloor|gravity|magnetic)\b",
    Topic.GENES: r"基因|遗传|血样|生物样本|\b(?:genom\w*|genes?|genetics?|DNA|biobank)\b",
    Topic.CREDIT: r"征信|信用报告|信用评分|信贷记录|\bcredit (?:reports?|scores?|histor\w*)\b",
}
_PATTERNS = {topic: re.compile(words, re.IGNORECASE) for topic, words in _WORDS.items()}

# CF standard names; mean sea level alone is the datum of many a land station.
_STANDARD = {
    Topic.MARINE: re.compile(r"sea_(?!level)|tidal_|^water_surface|^ocean_"),
    Topic.WEATHER: re.compile(
        r"^(?:air_|precipitation|rainfall|wind_|eastward_wind|northward_wind)"
    ),
    Topic.SEABED: re.compile(r"^sea_floor_depth|gravity|magnetic"),
}
_HEIGHT = re.compile(r"^(?:depth|altitude|height)|_height_above_|_altitude$|_depth$")


@once
def topics(case: ProductCase) -> frozenset[Topic]:
    """Return what the sheet speaks of, and what the standard names of the columns say."""
    spoken = _spoken(_words(case.sheet), case.sheet.basic.type is ProductType.FORECAST)
    if case.profile is None:
        return spoken
    return spoken | _standard(_names(case.profile))


def marine(case: ProductCase) -> bool | None:
    """Whether it is about the sea: None if no word says so and nobody looked at the columns."""
    if Topic.MARINE in topics(case):
        return True
    return None if case.profile is None else False


def has_heights(profile: Profile) -> bool:
    """Whether a column is a height or a depth by its standard name."""
    return bool([name for name in _names(profile) if _HEIGHT.search(name)])


def _names(profile: Profile) -> tuple[str, ...]:
    return tuple([column.standard_name for column in profile.columns if column.standard_name])


def _words(sheet: SpecSheet) -> str:
    basic = sheet.basic
    told = (basic.name, basic.name_en, basic.sector, basic.industry, *basic.keywords)
    return "\n".join((*told, basic.description))


@functools.lru_cache(maxsize=4_096)
def _spoken(words: str, forecast: bool) -> frozenset[Topic]:  # noqa: FBT001 - a key of the cache
    found = {topic for topic, pattern in _PATTERNS.items() if pattern.search(words)}
    return frozenset(found | {Topic.FORECAST}) if forecast else frozenset(found)


@functools.lru_cache(maxsize=4_096)
def _standard(names: tuple[str, ...]) -> frozenset[Topic]:
    return frozenset(
        topic for topic, pattern in _STANDARD.items() if any(pattern.search(name) for name in names)
    )
