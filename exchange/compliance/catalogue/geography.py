"""Chapter G: places, the sea and the sky, and what lives there."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Final

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import ASSESSOR, NOT_INSPECTED, UNANSWERED
from exchange.compliance.catalogue.soundings import (
    CHINESE_SEA,
    METRES_PER_DEGREE,
    SEABED_POSTING_MAX,
    fine_soundings,
)
from exchange.compliance.catalogue.topics import Topic, has_heights, marine, topics
from exchange.compliance.evidence import Site
from exchange.compliance.rule import Answer, Method, Rule, Severity, clear, fired, unknown
from exchange.profile import Bearer, Profile, SpaceCoverage
from exchange.specsheet import ProductType

SURVEY_AREA_MAX: Final = 25.0  # square kilometres: 自然资发〔2020〕95号, item 18
SURVEY_POSTING_MAX: Final = 5.0  # a proposal: a posting of five metres goes with 1:5,000
FINE_SEABED: Final = "fine bathymetry, gravity or magnetics"
TRACK_STEP_MIN: Final = 300  # seconds: the rule's own five minutes
_MACHINES = frozenset({Bearer.VESSEL, Bearer.VEHICLE})
_DATE_LINE: Final = Decimal(180)
_OBSERVED = frozenset({ProductType.DATASET, ProductType.API})


def box(space: SpaceCoverage) -> Site:
    """Return the bounding box of a coverage as numbers."""
    return Site(*map(Decimal, (space.west, space.south, space.east, space.north)))


def overlap(one: Site, other: Site) -> bool:
    """Whether two boxes touch; one that crosses 180° has its west east of its east."""
    if one.south > other.north or other.south > one.north:
        return False
    return any(a[0] <= b[1] and b[0] <= a[1] for a in _spans(one) for b in _spans(other))


def _spans(site: Site) -> tuple[tuple[Decimal, Decimal], ...]:
    if site.west <= site.east:
        return ((site.west, site.east),)
    return (site.west, _DATE_LINE), (-_DATE_LINE, site.east)


def area(space: SpaceCoverage) -> float:
    """Return the area of the bounding box in square kilometres: no less than what is covered."""
    site = box(space)
    width = float(sum(east - west for west, east in _spans(site))) * METRES_PER_DEGREE
    height = float(site.north - site.south) * METRES_PER_DEGREE
    nearest = min(abs(site.south), abs(site.north)) if site.south * site.north > 0 else 0
    return width * math.cos(math.radians(nearest)) * height / 1e6


def posting(profile: Profile) -> float | None:
    """Return the mean distance of grid lines in metres, None where the columns do not tell."""
    if profile.space is None:
        return None
    site, steps = box(profile.space), []
    for name, span in zip(
        profile.space.columns, (site.east - site.west, site.north - site.south), strict=True
    ):
        column = profile.column(name)
        if column is not None and column.distinct > 1 and span > 0:
            steps.append(float(span) * METRES_PER_DEGREE / (column.distinct - 1))
    return min(steps, default=None)


def survey_small(case: ListingCase) -> Answer:
    """G-01: terrain measured finer than 1:5,000 over more than 25 km² needs an approval."""
    if Topic.SURVEY not in topics(case):
        return clear()
    if case.profile is None:
        return NOT_INSPECTED
    if case.profile.space is not None and area(case.profile.space) <= SURVEY_AREA_MAX:
        return clear("no more than 25 km²")
    step = posting(case.profile)
    if step is not None and step > SURVEY_POSTING_MAX:
        return clear("coarser than 1:5,000")
    fine = fired("survey detail over more than 25 km²", "profile.space")
    return case.signed("G-01", fine) if case.approved("survey-approval") else fine


def geography_approved(case: ListingCase) -> Answer:
    """G-02: positions, heights and depths may be important geographic information."""
    if case.profile is None:
        return NOT_INSPECTED
    if case.profile.space is None and not has_heights(case.profile):
        return clear()
    return case.signed("G-02", UNANSWERED)


def observations_submitted(case: ListingCase) -> Answer:
    """G-03: an assessor has seen the receipt of the authority and the secrecy check."""
    if not _observes_sea(case):
        return clear() if _observes_sea(case) is False else NOT_INSPECTED
    return case.signed("G-03", fired("marine observations need an assessor's word"))


def _observes_sea(case: ListingCase) -> bool | None:
    # By its type alone: a word for forecasts takes no observation out of what is asked of one.
    return marine(case) if case.sheet.basic.type in _OBSERVED else False


def forecast_not_public(case: ListingCase) -> Answer:
    """G-04: a marine forecast goes to named customers, unless an authority body offers it."""
    if Topic.FORECAST not in topics(case) or not case.sheet.conditions.public_release:
        return clear()
    at_sea = marine(case)
    if not at_sea:
        return NOT_INSPECTED if at_sea is None else clear()
    public = fired(
        "marine forecasts are released to the public by authority bodies only",
        "sheet.conditions.public_release",
    )
    return case.signed("G-04", public) if case.approved("marine-forecast-authority") else public


def collected_at_home(case: ListingCase) -> Answer:
    """G-05: no foreign organisation collected it in Chinese waters without approval."""
    if not _observes_sea(case):
        return clear() if _observes_sea(case) is False else NOT_INSPECTED
    return case.signed("G-05", UNANSWERED)


def weather_not_public(case: ListingCase) -> Answer:
    """G-06: a weather forecast is released to the public by meteorological bodies only."""
    spoken = topics(case)
    if Topic.FORECAST not in spoken or not case.sheet.conditions.public_release:
        return clear()
    if Topic.WEATHER not in spoken:
        return NOT_INSPECTED if case.profile is None else clear()
    public = fired(
        "weather forecasts are released to the public by meteorological bodies only",
        "sheet.conditions.public_release",
    )
    return case.signed("G-06", public) if case.approved("meteorological-body") else public


def genes_not_sold(case: ListingCase) -> Answer:
    """G-07: genetic resources are not sold; information about them is filed before it goes out."""
    if Topic.GENES not in topics(case):
        return clear()
    if not case.approved("genetic-filing"):
        return fired(
            "human genetic resources without the approval genetic-filing", "sheet.approvals"
        )
    return case.signed("G-07", UNANSWERED)


def datum_named(case: ListingCase) -> Answer:
    """G-08: positions name their horizontal datum, heights and depths their vertical one."""
    if case.profile is None:
        return NOT_INSPECTED
    content = case.sheet.content
    if case.profile.space is not None and not content.horizontal_datum:
        return fired("positions without a horizontal datum", "sheet.content.horizontal_datum")
    if not content.vertical_datum and has_heights(case.profile):
        return fired("heights or depths without a vertical datum", "sheet.content.vertical_datum")
    return clear()


def no_guarded_site(case: ListingCase) -> Answer:
    """G-09: no place of the operator's list; without a list an assessor answers for it."""
    if case.profile is None:
        return NOT_INSPECTED
    space = case.profile.space
    if space is None:
        return clear()
    if case.platform is None:
        return unknown("whether the operator has a list of guarded sites is not known")
    guarded = case.platform.guarded
    if guarded is None:
        return case.signed("G-09", unknown("the operator has no list of guarded sites"))
    covered = box(space)
    if not any(overlap(covered, site) for site in guarded):
        return clear()
    # Which site it is would tell where one lies.
    touched = fired("the data covers a guarded site", "profile.space")
    return case.signed("G-09", touched) if case.approved("guarded-site-approval") else touched


def tracks_coarse(case: ListingCase) -> Answer:
    """G-10: no tracks of vessels or vehicles in Chinese waters or finer than five minutes."""
    if case.profile is None:
        return NOT_INSPECTED
    tracks = [track for track in case.profile.tracks if track.bearer in _MACHINES]
    if not tracks and Topic.TRACKS not in topics(case):
        return clear()
    time, space = case.profile.time, case.profile.space
    if space is None or (time is None and not tracks):
        return case.signed("G-10", unknown("how fine the tracks are, and where, is not known"))
    steps = [track.step_seconds for track in tracks] or [time.step_seconds if time else 0]
    if min(steps) >= TRACK_STEP_MIN and not overlap(box(space), CHINESE_SEA):
        return clear()
    return case.signed("G-10", fired("fine tracks, or tracks in sensitive water", "profile.time"))


def seabed_coarse(case: ListingCase) -> Answer:
    """G-11: no fine soundings of the Chinese sea, by the sheet's words or by the columns."""
    if case.profile is None:
        return NOT_INSPECTED
    if Topic.SEABED not in topics(case):
        sounded = fine_soundings(case.profile)
        return case.signed("G-11", fired(FINE_SEABED, "profile.columns")) if sounded else clear()
    space, step = case.profile.space, posting(case.profile)
    if space is not None and not overlap(box(space), CHINESE_SEA):
        return clear()
    if step is not None and step > SEABED_POSTING_MAX:
        return clear()
    return case.signed("G-11", fired(FINE_SEABED, "profile.space"))


RULES = (
    Rule(
        id="G-01",
        statement="Topographic/large-scale survey detail, contiguous coverage > "
        "25 km2 outside military zones (better than 1:5,000)",
        basis={
            "CN": "自然资发〔2020〕95号 catalogue item 18 (MNR "
            "reply); Surveying Law 34, 47; 测绘成果管理条例 16-18",
            "EU": "INSPIRE 13",
        },
        severity=Severity.ATTEST,
        check=survey_small,
        evidence="coverage area, posting, approval",
        unlock="less detail or less area, or the approval survey-approval and "
        "an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="G-02",
        statement="Publishes position/elevation/depth/area/length as important "
        "geographic information",
        basis={"CN": "Surveying Law 37", "EU": "-"},
        severity=Severity.ATTEST,
        check=geography_approved,
        evidence="approval",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="G-03",
        statement="Marine observation data: submitted to the authority; secrecy "
        "checked; to a foreign party only with approval",
        basis={"CN": "海洋观测预报管理条例 17, 19, 20, 34, 35", "EU": "Directive 2007/2"},
        severity=Severity.ATTEST,
        check=observations_submitted,
        evidence="submission receipt / approval",
        unlock="an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="G-04",
        statement="Marine forecast/warning offered to the public only by authority bodies",
        basis={"CN": "海洋观测预报管理条例 22, 36 (fine 20k-100k)", "EU": "-"},
        severity=Severity.BLOCK,
        check=forecast_not_public,
        evidence="supplier kind + audience",
        unlock="no public release, or the approval marine-forecast-authority "
        "and an attestation that names the rule",
    ),
    Rule(
        id="G-05",
        statement="Foreign organisation collected the data in Chinese waters",
        basis={"CN": "海洋观测预报管理条例 19; Surveying Law 8", "EU": "UNCLOS 246"},
        severity=Severity.ATTEST,
        check=collected_at_home,
        evidence="approval",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="G-06",
        statement="Public weather forecast only by meteorological bodies; "
        "observation data submitted",
        basis={"CN": "气象法 15, 16, 18, 22, 25", "EU": "-"},
        severity=Severity.BLOCK,
        check=weather_not_public,
        evidence="supplier kind",
        unlock="no public release, or the approval meteorological-body and an "
        "attestation that names the rule",
    ),
    Rule(
        id="G-07",
        statement="Human genetic resources not bought or sold; information to "
        "foreign parties filed and backed up",
        basis={"CN": "人类遗传资源管理条例 7, 10, 28", "EU": "GDPR 9"},
        severity=Severity.BLOCK,
        check=genes_not_sold,
        evidence="filing no.",
        unlock="the approval genetic-filing and an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="G-08",
        statement="Coordinates carry datum, vertical datum and accuracy (CGCS2000 "
        "/ WGS84 / GCJ-02; 1985 national height)",
        basis={"CN": "Surveying Law 9, 10; GB/T 36344 规范性", "EU": "ISO 19115"},
        severity=Severity.ADVISE,
        check=datum_named,
        evidence="sheet fields",
        unlock="the datums in the sheet",
    ),
    Rule(
        id="G-09",
        statement="Military or guarded sites, place list supplied by the operator (none shipped)",
        basis={"CN": "State Secrets Law; 自然资发〔2020〕95号", "EU": "-"},
        severity=Severity.BLOCK,
        check=no_guarded_site,
        evidence="polygon/keyword test",
        unlock="data that covers none, or the approval guarded-site-approval "
        "and an attestation; without a list, an attestation that names "
        "the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="G-10",
        statement="Vessel/AIS or vehicle tracks in sensitive water or finer than 5 min",
        basis={"CN": "GB/T 43697 App. G; 汽车数据安全管理若干规定 (2021)", "EU": "GDPR 4(1)"},
        severity=Severity.ATTEST,
        check=tracks_coarse,
        evidence="track test",
        unlock="coarser tracks elsewhere, or an attestation that names the rule",
    ),
    Rule(
        id="G-11",
        statement="Fine bathymetry / gravity / magnetics in Chinese sea",
        basis={"CN": "自然资发〔2020〕95号; Surveying Law 37", "EU": "-"},
        severity=Severity.ATTEST,
        check=seabed_coarse,
        evidence="grid spacing",
        unlock="a coarser grid, or an attestation that names the rule",
    ),
)
