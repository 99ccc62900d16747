"""Examples at the edges, each of which some small fault in a check would let pass."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from exchange.compliance import Exported, Site
from exchange.grading import Grade
from exchange.profile import (
    Anonymity,
    Bearer,
    ColumnProfile,
    ColumnType,
    Profile,
    SensitiveKind,
    SpaceCoverage,
    Track,
)
from exchange.quality.measured import Flags, Measured, Measurement
from exchange.specsheet import (
    ExportRoute,
    FieldNote,
    Frequency,
    PersonalClass,
    ProductType,
    Source,
    SourceCode,
)
from tests.exchange.compliance.cases import (
    BUYER,
    CLEAR,
    FIRED,
    ON,
    PAPER,
    PERSONAL_SHEET,
    PLATFORM,
    PROFILE,
    SCENARIO,
    SHEET,
    UNKNOWN,
    Example,
    finding,
    found,
    listing,
    paper,
    parties,
    section,
    trade,
    unseen,
)
from tests.exchange.compliance.examples.borders_and_trades import ABROAD, crowd, routed, sent
from tests.exchange.compliance.examples.grades_and_places import (
    FORECAST,
    INLAND,
    SEABED,
    TERRAIN,
    WEATHER,
    guarded,
    sailed,
)
from tests.exchange.compliance.examples.persons import bodies, officer, persons

TWO_SOURCES = (
    Source(SourceCode.PRODUCED, "ours", PAPER),
    Source(SourceCode.PUBLIC, "a page", PAPER),
)
TWO_MARKS = found(
    finding(SensitiveKind.SECRECY_MARK, certain=False), finding(SensitiveKind.SECRECY_MARK)
)
TWO_KEYS = found(
    finding(SensitiveKind.CREDENTIAL, certain=False), finding(SensitiveKind.CREDENTIAL)
)
TWO_COLUMNS = (("illness", 5), ("wage", 1))
DEEP = replace(PROFILE, space=None, columns=(replace(PROFILE.columns[1], standard_name="depth"),))
PRIVATE_FIELD = section(
    SHEET, "content", fields=(FieldNote("time", "when"), FieldNote("speed", "how", personal=True))
)
FARM = section(routed(ExportRoute.NONE), "basic", sector="farming", industry="crops", name="Yield")
FAR = Site(Decimal(10), Decimal(10), Decimal(11), Decimal(11))
SLOW = Track("mmsi", "time", ("lon", "lat"), Bearer.VESSEL, 2, 40, 900, 10)
WALKED = replace(SLOW, bearer=Bearer.PERSON, step_seconds=10)
ATLANTIC = SpaceCoverage("-40", "30", "-39", "31", ("lon", "lat"))
STRANGER = parties(replace(BUYER, credit_code="none"))[BUYER.id]
YESTERDAY = ON - dt.timedelta(days=1)
NARROW = section(PERSONAL_SHEET, "delivery", ways=("sandbox", "query"))


def meshed(side: str, lines: int) -> Profile:
    """A square of so many degrees in Chinese water, with so many meridians and parallels."""
    columns = tuple(
        ColumnProfile(name, ColumnType.DECIMAL, 1_000, 0, lines) for name in ("lon", "lat")
    )
    east, north = (str(corner + Decimal(side)) for corner in (120, 36))
    space = SpaceCoverage("120", "36", east, north, ("lon", "lat"))
    return replace(PROFILE, columns=(*PROFILE.columns, *columns), space=space)


EXAMPLES: list[Example] = [
    ("F-05", UNKNOWN, replace(listing(), intake=None)),
    ("F-05", UNKNOWN, replace(listing(), intake=("F-01",))),
    ("F-07", FIRED, listing(profile=TWO_KEYS, attested=("F-07",))),
    ("D-04", FIRED, listing(profile=TWO_MARKS, attested=("D-04",))),
    (
        "S-01",
        FIRED,
        listing(replace(SHEET, sources=(*SHEET.sources, Source(SourceCode.BOUGHT, "")))),
    ),
    (
        "S-02",
        FIRED,
        replace(listing(), papers=(paper(valid_until=YESTERDAY), paper(verified=False))),
    ),
    ("S-02", CLEAR, replace(listing(), papers=(paper(issued_on=ON),))),
    # Attached twice, the one that counts is enough; another document stands for nothing.
    ("S-02", CLEAR, replace(listing(), papers=(paper(valid_until=YESTERDAY), paper()))),
    (
        "S-02",
        FIRED,
        replace(listing(), papers=(paper(valid_until=YESTERDAY), paper(digest="a" * 64))),
    ),
    ("S-04", UNKNOWN, listing(replace(SHEET, sources=TWO_SOURCES))),
    ("S-06", FIRED, listing(replace(SHEET, sources=TWO_SOURCES))),
    (
        "D-03",
        UNKNOWN,
        listing(
            replace(
                SHEET,
                grade=Grade.IMPORTANT,
                approvals={
                    "risk-assessment": PAPER,
                    "important-data-filing": "no. 3",
                    "data-security-officer": "x",
                },
            )
        ),
    ),
    (
        "D-03",
        FIRED,
        replace(
            listing(
                replace(
                    SHEET,
                    grade=Grade.IMPORTANT,
                    approvals={
                        "risk-assessment": PAPER,
                        "important-data-filing": PAPER,
                        "data-security-officer": "x",
                    },
                ),
                attested=("D-03",),
            ),
            papers=(paper(valid_until=YESTERDAY),),
        ),
    ),
    (
        "D-03",
        FIRED,
        replace(
            listing(
                replace(
                    SHEET,
                    grade=Grade.IMPORTANT,
                    approvals={
                        "risk-assessment": PAPER,
                        "data-security-officer": "x",
                    },
                ),
                attested=("D-03",),
            ),
            papers=(
                paper(
                    kind="important-data-filing",
                    verified=True,
                    valid_until=YESTERDAY,
                    digest="a" * 64,
                ),
            ),
        ),
    ),
    (
        "D-01",
        UNKNOWN,
        unseen(
            listing(
                section(
                    replace(SHEET, grade=Grade.GENERAL_4),
                    "personal_data",
                    classes=(PersonalClass.HEALTH,),
                )
            )
        ),
    ),
    ("I-01", FIRED, listing(PRIVATE_FIELD)),
    ("I-01", CLEAR, listing(replace(PERSONAL_SHEET, content=PRIVATE_FIELD.content))),
    ("I-02", FIRED, listing(PRIVATE_FIELD, attested=("I-02",))),
    (
        "I-03",
        CLEAR,
        listing(
            replace(PERSONAL_SHEET, approvals={}),
            replace(PROFILE, anonymity=Anonymity(("age",), True, 9, 9, 1, 9)),
            attested=("I-03",),
        ),
    ),
    (
        "I-03",
        FIRED,
        listing(
            replace(PERSONAL_SHEET, approvals={}),
            found(finding(SensitiveKind.RESIDENT_ID)),
            attested=("I-03",),
            on=dt.date(2025, 10, 31),
        ),
    ),
    (
        "I-04",
        CLEAR,
        persons(replace(PROFILE, youngest_born=2020), minors=True, guardian_consent=PAPER),
    ),
    (
        "I-05",
        CLEAR,
        persons(
            replace(
                found(replace(finding(SensitiveKind.HEALTH), matched=900)),
                columns=(PROFILE.columns[0], replace(PROFILE.columns[1], distinct=12)),
            ),
        ),
    ),
    (
        "I-05",
        FIRED,
        persons(
            found(
                replace(finding(SensitiveKind.HEALTH), subjects=3),
                replace(finding(SensitiveKind.HEALTH), subjects=500),
            )
        ),
    ),
    ("I-05", FIRED, persons(found(replace(finding(SensitiveKind.PERSON_NAME), subjects=5_000)))),
    (
        "I-05",
        CLEAR,
        persons(found(replace(finding(SensitiveKind.PERSON_NAME, certain=False), subjects=5_000))),
    ),
    (
        "I-08",
        FIRED,
        listing(
            section(PERSONAL_SHEET, "personal_data", deidentification="generalised"),
            replace(PROFILE, anonymity=Anonymity(("age",), True, 900, 9, 90, 0, TWO_COLUMNS)),
        ),
    ),
    (
        "I-09",
        FIRED,
        persons(
            found(finding(SensitiveKind.EMAIL), finding(SensitiveKind.PERSON_NAME)),
            attested=(),
        ),
    ),
    (
        "I-09",
        FIRED,
        persons(
            found(finding(SensitiveKind.EMAIL)),
            attested=("I-09",),
            consent_evidence="",
        ),
    ),
    (
        "I-09",
        FIRED,
        persons(
            found(finding(SensitiveKind.EMAIL)),
            attested=("I-09",),
            contained=False,
        ),
    ),
    ("I-12", CLEAR, listing(profile=found(finding(SensitiveKind.CREDENTIAL, "(metadata)")))),
    (
        "I-12",
        FIRED,
        listing(
            profile=found(
                finding(SensitiveKind.EMAIL, "(metadata)"),
                finding(SensitiveKind.EMAIL),
            )
        ),
    ),
    (
        "I-15",
        FIRED,
        listing(
            section(
                section(PERSONAL_SHEET, "personal_data", classes=(PersonalClass.GENETIC,)),
                "conditions",
                transfer=True,
            ),
            attested=("I-15",),
        ),
    ),
    (
        "I-15",
        CLEAR,
        replace(
            bodies(),
            sheet=section(
                section(bodies().sheet, "conditions", public_release=False),
                "basic",
                type=ProductType.DATASET,
            ),
        ),
    ),
    (
        "I-15",
        CLEAR,
        listing(
            section(
                section(bodies().sheet, "conditions", public_release=True),
                "basic",
                type=ProductType.MODEL,
            ),
            attested=("I-15",),
        ),
    ),
    ("I-17", UNKNOWN, listing(replace(PERSONAL_SHEET, sources=TWO_SOURCES))),
    ("G-02", UNKNOWN, listing(profile=DEEP, attested=())),
    ("G-03", CLEAR, listing(section(SHEET, "basic", type=ProductType.REPORT), attested=())),
    ("G-04", CLEAR, listing(section(SHEET, "conditions", public_release=True))),
    (
        "G-06",
        CLEAR,
        listing(
            section(
                section(WEATHER, "basic", type=ProductType.DATASET),
                "conditions",
                public_release=True,
            )
        ),
    ),
    ("G-06", FIRED, listing(section(FORECAST, "basic", keywords=("台风",)))),
    ("G-08", CLEAR, listing(section(SHEET, "content", vertical_datum="mean sea level"), DEEP)),
    (
        "G-09",
        FIRED,
        replace(
            guarded("121", "36", "122", "37"),
            platform=replace(
                PLATFORM, guarded=(FAR, Site(*map(Decimal, ("121", "36", "122", "37"))))
            ),
        ),
    ),
    ("G-10", FIRED, listing(profile=replace(sailed(600), time=None))),
    (
        "G-10",
        FIRED,
        listing(profile=replace(sailed(60), tracks=(SLOW, *sailed(60).tracks), space=ATLANTIC)),
    ),
    ("G-11", UNKNOWN, unseen(listing(SEABED))),
    ("G-11", FIRED, listing(SEABED, replace(PROFILE, space=None))),
    (
        "G-03",
        FIRED,
        listing(
            INLAND,
            replace(
                PROFILE,
                columns=(
                    replace(PROFILE.columns[0], standard_name="latitude"),
                    replace(PROFILE.columns[1], standard_name="sea_water_temperature"),
                ),
            ),
            attested=(),
        ),
    ),
    ("X-01", CLEAR, trade(scenario=replace(SCENARIO, region="CN-SH"))),
    ("X-01", CLEAR, trade(scenario=replace(SCENARIO, region="全国"))),
    ("X-01", FIRED, trade(scenario=replace(SCENARIO, region="CN-HK"))),
    ("X-01", FIRED, trade(scenario=replace(SCENARIO, region="CNX"))),
    ("X-01", FIRED, replace(trade(), buyer=STRANGER)),
    ("X-01", FIRED, sent(FARM)),
    ("X-05", UNKNOWN, replace(crowd(1), profile=None)),
    ("X-04", UNKNOWN, replace(crowd(1), scenario=ABROAD, exported=Exported(0, 0), profile=None)),
    (
        "Q-09",
        CLEAR,
        listing(
            measured=Measured(
                SHEET.digest,
                PROFILE.data,
                1_000,
                (
                    Measurement(0, 9, 9),
                    Measurement(1, 9, 9, Flags(passed=9)),
                ),
            )
        ),
    ),
    ("T-04", FIRED, trade(replace(PERSONAL_SHEET, grade=Grade.GENERAL_2))),
    ("T-04", CLEAR, trade(ways=("sealed-file", "sandbox"))),
    ("T-04", CLEAR, trade(NARROW, ways=("sandbox", "query"))),
    (
        "I-05",
        FIRED,
        persons(
            found(
                replace(finding(SensitiveKind.PERSON_NAME), subjects=3),
                replace(finding(SensitiveKind.PERSON_NAME), subjects=5_000),
            ),
        ),
    ),
    ("G-03", FIRED, listing(section(SHEET, "basic", name="Forecast of currents"), attested=())),
    # An approval given as a digest ends with its document.
    (
        "D-03",
        FIRED,
        replace(
            listing(
                replace(
                    SHEET,
                    grade=Grade.IMPORTANT,
                    approvals={
                        "risk-assessment": "a" * 64,
                        "important-data-filing": PAPER,
                        "data-security-officer": "x",
                    },
                ),
                attested=("D-03",),
            ),
            papers=(paper(valid_until=YESTERDAY),),
        ),
    ),
    (
        "Q-10",
        FIRED,
        listing(reviews=(replace(listing().reviews[0], sheet="0" * 64),)),
    ),
    # What is signed over the sheet in other words, or in other bytes, is not over the one on file.
    ("T-05", FIRED, replace(listing(), sheet_digest="0" * 64)),
    ("T-05", CLEAR, replace(listing(), sheet_digest="")),
    (
        "G-08",
        CLEAR,
        listing(
            profile=replace(
                PROFILE,
                columns=(
                    replace(PROFILE.columns[1], standard_name="sea_water_temperature"),
                    PROFILE.columns[0],
                ),
            )
        ),
    ),
    # As fine as the limit is fine, to the last digit.
    ("G-01", FIRED, listing(TERRAIN, meshed("1", 22_265), attested=())),
    ("G-01", CLEAR, listing(TERRAIN, meshed("1", 22_264), attested=())),
    ("G-11", FIRED, listing(SEABED, meshed("0.0499101688825009", 4), attested=())),
    ("G-11", CLEAR, listing(SEABED, meshed("0.0499101688825019", 4), attested=())),
    # Grave numbers take two assessors, and one of them alone does not do.
    ("I-05", FIRED, persons(subjects=5_000, attested=("I-05",))),
    (
        "I-05",
        CLEAR,
        persons(
            found(
                replace(finding(SensitiveKind.HEALTH), subjects=3),
                replace(finding(SensitiveKind.EMAIL), subjects=600),
            )
        ),
    ),
    ("I-07", FIRED, officer(10_000_000, "important-data-filing")),
    (
        "I-08",
        CLEAR,
        listing(
            section(PERSONAL_SHEET, "personal_data", deidentification="generalised"),
            replace(PROFILE, anonymity=Anonymity(("age",), True, 900, 9, 90, 10)),
            attested=("I-08",),
        ),
    ),
    (
        "I-15",
        FIRED,
        replace(
            bodies(released=True),
            sheet=section(bodies(released=True).sheet, "basic", type=ProductType.API),
        ),
    ),
    # Another finding for certain makes a doubtful key, or mark, no more certain.
    (
        "F-07",
        CLEAR,
        listing(
            profile=found(
                finding(SensitiveKind.CREDENTIAL, certain=False), finding(SensitiveKind.PLATE)
            ),
            attested=("F-07",),
        ),
    ),
    (
        "D-04",
        CLEAR,
        listing(
            profile=found(
                finding(SensitiveKind.SECRECY_MARK, certain=False), finding(SensitiveKind.PLATE)
            ),
            attested=("D-04",),
        ),
    ),
    ("C-01", CLEAR, listing(profile=found(finding(SensitiveKind.PLATE)))),
    (
        "Q-05",
        CLEAR,
        listing(
            section(SHEET, "physical", update_frequency=Frequency.IRREGULAR),
            replace(PROFILE, time=None),
        ),
    ),
    (
        "Q-05",
        CLEAR,
        replace(
            listing(section(SHEET, "physical", update_frequency=Frequency.STATIC)), quality=None
        ),
    ),
    # A subject is looked for in every name of the product and in its industry.
    ("G-11", FIRED, listing(section(SHEET, "basic", name_en="Bathymetry of the bay"))),
    ("G-11", FIRED, listing(section(SHEET, "basic", industry="bathymetry"))),
    (
        "G-10",
        CLEAR,
        listing(profile=replace(sailed(600), tracks=(WALKED, *sailed(600).tracks), space=ATLANTIC)),
    ),
    ("T-03", FIRED, trade(scenario=replace(SCENARIO, term_days=0))),
]
