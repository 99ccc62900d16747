"""Grades, and places with what lives there: chapters D and G."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from exchange.compliance import GradeFloor, ListingCase, Parent, Site
from exchange.grading import Grade
from exchange.profile import (
    Bearer,
    ColumnProfile,
    ColumnType,
    Profile,
    SensitiveKind,
    SpaceCoverage,
    Track,
)
from exchange.specsheet import ProductType, SpecSheet
from tests.exchange.compliance.cases import (
    CLEAR,
    CORE,
    FIRED,
    IMPORTANT,
    PERSONAL_SHEET,
    PLATFORM,
    PROFILE,
    SHEET,
    UNKNOWN,
    Example,
    finding,
    found,
    listing,
    paper,
    refused,
    section,
    unseen,
)

PARENT = Parent("GP-0", "9" * 64, Grade.GENERAL_1, disputed=False)
INLAND = section(SHEET, "basic", sector="farming", industry="crops", name="Yield")
FORECAST = section(
    section(SHEET, "basic", type=ProductType.FORECAST), "conditions", public_release=True
)
AUTHORITY = replace(FORECAST, approvals={"marine-forecast-authority": "no. 12"})
INLAND_FORECAST = section(
    section(INLAND, "basic", type=ProductType.FORECAST), "conditions", public_release=True
)
WEATHER = section(INLAND_FORECAST, "basic", name="Weather of the week")
BODY = replace(WEATHER, approvals={"meteorological-body": "no. 13"})
GENES = section(SHEET, "basic", keywords=("人类遗传资源",))
FILED_GENES = replace(GENES, approvals={"genetic-filing": "no. 14"})
SITE_APPROVED = replace(SHEET, approvals={"guarded-site-approval": "no. 15"})
TRACKS = section(SHEET, "basic", name="Vessel tracks")
SEABED = section(SHEET, "basic", name="Bathymetry of the bay")
TERRAIN = section(SHEET, "basic", name="机载激光点云")
APPROVED_TERRAIN = replace(TERRAIN, approvals={"survey-approval": "no. 16"})
ATLANTIC = SpaceCoverage("-40", "30", "-39", "31", ("lon", "lat"))


def ground(east: str = "120.06", steps: int = 20_000) -> Profile:
    """A survey of a box six hundredths of a degree wide, or narrower."""
    columns = tuple(
        ColumnProfile(name, ColumnType.DECIMAL, 1_000, 0, steps) for name in ("lon", "lat")
    )
    space = SpaceCoverage("120.0", "36.0", east, "36.06", ("lon", "lat"))
    return replace(PROFILE, columns=(*PROFILE.columns, *columns), space=space)


def seabed(lines: int) -> Profile:
    """A grid of so many meridians and parallels over 1.25 degrees: 75 are a mile apart."""
    columns = tuple(
        ColumnProfile(name, ColumnType.DECIMAL, 1_000, 0, lines) for name in ("lon", "lat")
    )
    space = SpaceCoverage("120.0", "35.0", "121.25", "36.25", ("lon", "lat"))
    return replace(PROFILE, columns=(*PROFILE.columns, *columns), space=space)


def sounded(east: str) -> Profile:
    """Depths on 400 places of a square under a sheet that says nothing of the seabed."""
    north = f"{Decimal(east) - 85}"
    columns = tuple(
        ColumnProfile(name, ColumnType.DECIMAL, 400, 0, 20, minimum=low, maximum=high)
        for name, low, high in (("x", "121", east), ("y", "36", north), ("depth", "5", "9"))
    )
    return replace(PROFILE, columns=columns, rows=400, space=None)


def guarded(
    west: str,
    south: str,
    east: str,
    north: str,
    sheet: SpecSheet = SHEET,
    attested: tuple[str, ...] = (),
) -> ListingCase:
    site = Site(Decimal(west), Decimal(south), Decimal(east), Decimal(north))
    return replace(listing(sheet, attested=attested), platform=replace(PLATFORM, guarded=(site,)))


def sailed(step: int) -> Profile:
    track = Track("mmsi", "time", ("lon", "lat"), Bearer.VESSEL, 20, 400, step, 10)
    return replace(PROFILE, tracks=(track,))


def columns(*changed: ColumnProfile) -> ListingCase:
    return listing(profile=replace(PROFILE, columns=(PROFILE.columns[0], *changed)))


EXAMPLES: list[Example] = [
    ("D-01", FIRED, listing(replace(PERSONAL_SHEET, grade=Grade.GENERAL_1))),
    (
        "D-01",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, grade=Grade.GENERAL_3), found(finding(SensitiveKind.HEALTH))
        ),
    ),
    ("D-01", CLEAR, listing(replace(PERSONAL_SHEET, grade=Grade.GENERAL_2))),
    ("D-01", CLEAR, listing(PERSONAL_SHEET, found(finding(SensitiveKind.HEALTH)))),
    ("D-01", UNKNOWN, unseen(listing())),
    ("D-01", UNKNOWN, unseen(listing(PERSONAL_SHEET))),
    ("D-01", FIRED, listing(floors=(GradeFloor(Grade.GENERAL_2),))),
    ("D-01", FIRED, listing(floors=(GradeFloor(Grade.GENERAL_2, "GP-0"),))),
    (
        "D-01",
        FIRED,
        listing(floors=(GradeFloor(Grade.GENERAL_1), GradeFloor(Grade.IMPORTANT, "GP-0"))),
    ),
    ("D-01", CLEAR, listing(floors=(GradeFloor(Grade.GENERAL_1), GradeFloor(Grade.GENERAL_1)))),
    ("D-01", CLEAR, listing(IMPORTANT, floors=(GradeFloor(Grade.IMPORTANT, "GP-0"),))),
    ("D-02", FIRED, listing(floors=(GradeFloor(Grade.CORE),))),
    ("D-02", FIRED, listing(floors=(GradeFloor(Grade.GENERAL_1), GradeFloor(Grade.CORE, "GP-0")))),
    ("D-02", CLEAR, listing(floors=(GradeFloor(Grade.IMPORTANT, "GP-0"),))),
    ("D-01", FIRED, listing(floors=(GradeFloor(Grade.GENERAL_2, alike="GP-0"),))),
    ("D-02", FIRED, listing(floors=(GradeFloor(Grade.CORE, alike="GP-0"),))),
    # Where columns alone agree, an assessor decides.
    ("D-01", CLEAR, listing(floors=(GradeFloor(Grade.CORE, resembled="GP-0"),))),
    ("D-02", CLEAR, listing(floors=(GradeFloor(Grade.CORE, resembled="GP-0"),))),
    ("D-05", CLEAR, listing(floors=(GradeFloor(Grade.IMPORTANT, "GP-0"),))),  # for D-01
    ("D-05", FIRED, listing(floors=(GradeFloor(Grade.IMPORTANT, resembled="GP-0"),))),
    ("D-05", CLEAR, listing(IMPORTANT, floors=(GradeFloor(Grade.IMPORTANT, resembled="GP-0"),))),
    ("D-02", FIRED, listing(CORE)),
    ("D-02", FIRED, listing(CORE, attested=("D-02",))),
    ("D-02", CLEAR, listing(IMPORTANT)),
    ("D-03", FIRED, listing(replace(SHEET, grade=Grade.IMPORTANT))),
    ("D-03", FIRED, listing(CORE)),
    (
        "D-03",
        FIRED,
        listing(replace(IMPORTANT, approvals={**IMPORTANT.approvals, "risk-assessment": "done"})),
    ),
    (
        "D-04",
        FIRED,
        listing(profile=found(finding(SensitiveKind.SECRECY_MARK)), attested=("D-04",)),
    ),
    ("D-04", FIRED, listing(profile=found(finding(SensitiveKind.SECRECY_MARK, certain=False)))),
    (
        "D-04",
        CLEAR,
        listing(
            profile=found(finding(SensitiveKind.SECRECY_MARK, certain=False)), attested=("D-04",)
        ),
    ),
    ("D-04", UNKNOWN, unseen(listing())),
    ("D-01", FIRED, listing(parents=(replace(PARENT, grade=Grade.GENERAL_2),))),
    ("D-01", CLEAR, listing(parents=(PARENT,))),
    ("D-01", UNKNOWN, listing(parents=(replace(PARENT, grade=None),))),
    ("D-01", UNKNOWN, listing(parents=None)),
    ("D-03", CLEAR, listing(IMPORTANT, attested=("D-03",))),
    (
        "D-03",
        CLEAR,
        replace(
            listing(
                replace(IMPORTANT, approvals={**IMPORTANT.approvals, "risk-assessment": ""}),
                attested=("D-03",),
            ),
            papers=(paper(kind="risk-assessment", verified=True),),
        ),
    ),
    (
        "D-03",
        FIRED,
        replace(listing(IMPORTANT, attested=("D-03",)), papers=(paper(verified=False),)),
    ),
    (  # attached once more under another kind, and looked at by nobody
        "D-03",
        FIRED,
        replace(
            listing(IMPORTANT, attested=("D-03",)),
            papers=(paper(), paper(kind="other", verified=False)),
        ),
    ),
    ("D-03", CLEAR, listing()),
    ("D-03", UNKNOWN, listing(IMPORTANT)),
    ("D-05", FIRED, listing(estimate=Grade.GENERAL_2)),
    ("D-05", CLEAR, listing()),
    ("D-05", CLEAR, listing(estimate=Grade.GENERAL_2, attested=("D-05",))),
    ("D-05", CLEAR, listing(estimate=None, attested=("D-05",))),
    ("D-05", UNKNOWN, listing(estimate=None)),
    ("D-06", FIRED, refused("D-06")),
    ("D-06", CLEAR, listing()),
    ("D-06", UNKNOWN, listing(attested=("C-01",))),
    ("D-07", FIRED, refused("D-07")),
    ("D-07", CLEAR, listing()),
    ("D-07", UNKNOWN, listing(attested=("C-01",))),
    ("G-03", FIRED, listing(attested=("C-01",))),
    ("G-03", FIRED, refused("G-03")),
    (
        "G-03",
        FIRED,
        listing(
            INLAND,
            replace(
                PROFILE,
                columns=(replace(PROFILE.columns[1], standard_name="sea_water_temperature"),),
            ),
            attested=(),
        ),
    ),
    ("G-03", FIRED, unseen(listing())),
    ("G-03", CLEAR, listing()),
    ("G-03", CLEAR, listing(FORECAST, attested=())),
    ("G-03", CLEAR, listing(INLAND, attested=())),
    (
        "G-03",
        CLEAR,
        listing(
            INLAND,
            replace(
                PROFILE,
                columns=(
                    replace(PROFILE.columns[1], standard_name="air_pressure_at_mean_sea_level"),
                ),
            ),
            attested=(),
        ),
    ),
    ("G-03", UNKNOWN, unseen(listing(INLAND))),
    ("G-04", FIRED, listing(FORECAST)),
    ("G-04", FIRED, listing(FORECAST, attested=("G-04",))),
    ("G-04", FIRED, listing(AUTHORITY)),
    (
        "G-04",
        FIRED,
        listing(
            section(section(SHEET, "basic", name="海浪预报"), "conditions", public_release=True)
        ),
    ),
    (
        "G-04",
        FIRED,
        listing(
            section(
                section(INLAND, "basic", description="未来三天的海浪与风暴潮预报，向公众发布"),
                "conditions",
                public_release=True,
            )
        ),
    ),
    ("G-04", CLEAR, listing(AUTHORITY, attested=("G-04",))),
    ("G-04", CLEAR, listing(section(SHEET, "basic", type=ProductType.FORECAST))),
    ("G-04", CLEAR, listing(INLAND_FORECAST)),
    ("G-04", UNKNOWN, unseen(listing(INLAND_FORECAST))),
    ("G-08", FIRED, listing(section(SHEET, "content", horizontal_datum=""))),
    ("G-08", FIRED, columns(replace(PROFILE.columns[1], standard_name="depth"))),
    ("G-08", CLEAR, listing()),
    (
        "G-08",
        CLEAR,
        listing(section(SHEET, "content", horizontal_datum=""), replace(PROFILE, space=None)),
    ),
    ("G-08", UNKNOWN, unseen(listing())),
    ("G-01", FIRED, listing(TERRAIN, ground())),
    ("G-01", FIRED, listing(TERRAIN, replace(PROFILE, space=None), attested=("G-01",))),
    ("G-01", FIRED, listing(APPROVED_TERRAIN, ground())),
    ("G-01", CLEAR, listing(APPROVED_TERRAIN, ground(), attested=("G-01",))),
    ("G-01", CLEAR, listing(TERRAIN, ground(east="120.04"))),
    ("G-01", CLEAR, listing(TERRAIN, ground(steps=1_000))),
    ("G-01", CLEAR, listing()),
    ("G-01", UNKNOWN, unseen(listing(TERRAIN))),
    ("G-02", FIRED, refused("G-02")),
    ("G-02", CLEAR, listing()),
    ("G-02", CLEAR, listing(profile=replace(PROFILE, space=None), attested=("C-01",))),
    ("G-02", UNKNOWN, listing(attested=("C-01",))),
    ("G-02", UNKNOWN, unseen(listing())),
    ("G-05", FIRED, refused("G-05")),
    ("G-05", CLEAR, listing()),
    ("G-05", CLEAR, listing(INLAND, attested=("C-01",))),
    ("G-05", UNKNOWN, listing(attested=("C-01",))),
    ("G-05", UNKNOWN, unseen(listing(INLAND))),
    ("G-06", FIRED, listing(WEATHER)),
    ("G-06", FIRED, listing(WEATHER, attested=("G-06",))),
    ("G-06", FIRED, listing(BODY)),
    ("G-06", CLEAR, listing(BODY, attested=("G-06",))),
    ("G-06", CLEAR, listing(section(WEATHER, "conditions", public_release=False))),
    ("G-06", CLEAR, listing(FORECAST)),
    ("G-06", UNKNOWN, unseen(listing(FORECAST))),
    ("G-07", FIRED, listing(GENES, attested=("G-07",))),
    ("G-07", CLEAR, listing(FILED_GENES, attested=("G-07",))),
    ("G-07", CLEAR, listing()),
    ("G-07", UNKNOWN, listing(FILED_GENES)),
    ("G-09", FIRED, guarded("121", "36", "122", "37", attested=("G-09",))),
    ("G-09", FIRED, guarded("121", "36", "122", "37", SITE_APPROVED)),
    ("G-09", CLEAR, guarded("121", "36", "122", "37", SITE_APPROVED, attested=("G-09",))),
    ("G-09", CLEAR, guarded("122", "36", "123", "37")),
    ("G-09", CLEAR, guarded("-180", "36.5", "180", "37")),
    ("G-09", FIRED, guarded("121.4", "35", "-170", "37")),
    ("G-09", CLEAR, listing()),
    ("G-09", CLEAR, listing(profile=replace(PROFILE, space=None), attested=("C-01",))),
    ("G-09", UNKNOWN, listing(attested=("C-01",))),
    ("G-09", UNKNOWN, replace(listing(), platform=None)),
    ("G-09", UNKNOWN, unseen(listing())),
    ("G-10", FIRED, listing(profile=sailed(600))),
    ("G-10", FIRED, listing(profile=replace(sailed(299), space=ATLANTIC))),
    ("G-10", FIRED, listing(TRACKS)),
    ("G-10", CLEAR, listing(profile=sailed(600), attested=("G-10",))),
    ("G-10", CLEAR, listing(profile=replace(sailed(300), space=ATLANTIC))),
    ("G-10", CLEAR, listing(TRACKS, replace(PROFILE, space=ATLANTIC))),
    ("G-10", CLEAR, listing()),
    ("G-10", UNKNOWN, listing(profile=replace(sailed(600), space=None))),
    ("G-10", UNKNOWN, listing(TRACKS, replace(PROFILE, time=None))),
    ("G-10", UNKNOWN, unseen(listing())),
    ("G-11", FIRED, listing(SEABED)),
    ("G-11", FIRED, listing(SEABED, seabed(77))),
    ("G-11", CLEAR, listing(SEABED, seabed(76))),
    ("G-11", CLEAR, listing(SEABED, replace(PROFILE, space=ATLANTIC))),
    ("G-11", CLEAR, listing(SEABED, attested=("G-11",))),
    ("G-11", CLEAR, listing()),
    ("G-11", FIRED, listing(profile=sounded("121.0038"))),
    ("G-11", CLEAR, listing(profile=sounded("121.0038"), attested=("G-11",))),
    ("G-11", CLEAR, listing(profile=sounded("122"))),
    ("G-11", UNKNOWN, unseen(listing())),
]
