"""Quality, measured and reviewed: chapter Q."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from exchange.compliance import ListingCase
from exchange.expectations import Aspect
from exchange.participants import Role
from exchange.profile import ColumnProfile, ColumnType, TimeCoverage
from exchange.quality import Dimension, Part, QualityReview, measure
from exchange.quality.measured import Flags, Measured, Measurement
from exchange.specsheet import FieldNote, Frequency, SpecSheet
from tests.exchange.compliance.cases import (
    ATTESTED,
    CLEAR,
    EXPERT,
    EXPERT_CODE,
    FIRED,
    ON,
    PAPER,
    PROFILE,
    REVIEWERS,
    SHEET,
    SUPPLIER,
    UNKNOWN,
    Example,
    listing,
    participant,
    section,
    unseen,
)

INLAND = section(SHEET, "basic", sector="farming", industry="crops", name="Yield")
UNRANGED = section(
    SHEET, "content", fields=(FieldNote("time", "when"), FieldNote("speed", "how fast"))
)
LATE = replace(
    PROFILE, time=TimeCoverage("time", "2026-01-01T00:00:00Z", "2026-11-20T23:59:59Z", 3_600, 0)
)
STALE = replace(
    PROFILE, time=TimeCoverage("time", "2019-01-01T00:00:00Z", "2019-02-01T00:00:00Z", 3_600, 0)
)
EMPTY_COLUMN = ColumnProfile("speed", ColumnType.DECIMAL, 1_000, 900, 80, "m s-1", None, None)
FAST = replace(PROFILE.columns[1], maximum="9.5")
SECOND = participant("second", "51110000500000922L", Role.QUALITY_EXPERT)
MEASURED = measure(SHEET, PROFILE, ON)
STATIC = section(SHEET, "physical", update_frequency=Frequency.STATIC)
OLD = Dimension("timeliness", 1, 10, "rows", (Part("rows", 1, 10, 0, Decimal("0.9")),))


def columns(*changed: ColumnProfile) -> ListingCase:
    return listing(profile=replace(PROFILE, columns=(PROFILE.columns[0], *changed)))


def reviewed(*scores: tuple[str, str], **dimensions: str) -> ListingCase:
    told = {Aspect(name): Decimal(score) for name, score in dimensions.items()}
    reviews = tuple(
        QualityReview(expert, SHEET.digest, PROFILE.data, Decimal(score), PAPER, entry, told)
        for entry, (expert, score) in enumerate(scores)
    )
    return listing(reviews=reviews, reviewers={**REVIEWERS, SECOND.id: SECOND})


def failing_accuracy(whole: str = "0.95", **dimensions: str) -> ListingCase:
    """A product whose values keep their range in 94 of 100 cells, and an expert's scores."""
    low = Dimension("accuracy", 94, 100, "cells", (Part("cells", 94, 100),))
    case = reviewed((EXPERT.id, whole), **dimensions)
    return replace(case, quality=replace(MEASURED, accuracy=low))


def breaking(**dimensions: str) -> ListingCase:
    """A product that holds what every sheet is measured by and breaks what its own expects."""
    case = reviewed((EXPERT.id, "1"), **dimensions)
    return replace(case, quality=expecting(Part("cells", 8, 10, 0, Decimal("0.9"))).quality)


def uncounted_accuracy(**dimensions: str) -> ListingCase:
    """A product whose accuracy has no part that every sheet is measured by."""
    whole = Dimension("accuracy", 1, 1, "cells")
    return replace(
        reviewed((EXPERT.id, "1"), **dimensions), quality=replace(MEASURED, accuracy=whole)
    )


def counted(flags: Flags | None = None) -> Measured:
    return Measured(SHEET.digest, PROFILE.data, 1_000, (Measurement(0, 9, 9, flags),))


def expecting(*parts: Part) -> ListingCase:
    """A product whose sheet expects more of its completeness."""
    assert MEASURED.completeness is not None
    whole = replace(MEASURED.completeness, parts=(*MEASURED.completeness.parts, *parts))
    return listing(quality=replace(MEASURED, completeness=whole))


def easily(
    aspect: Aspect, kept: int, sheet: SpecSheet = SHEET, attested: tuple[str, ...] = ATTESTED
) -> ListingCase:
    """A product of which one dimension is counted by what such data could hardly break."""
    part = Part("cells", kept, 10, 0, Decimal(1), weak="weak: it allows 900 steps")
    easy = Dimension(aspect, kept, 10, "cells", (part,))
    quality = measure(sheet, PROFILE, ON)
    if aspect is Aspect.ACCURACY:
        quality = replace(quality, accuracy=easy)
    else:
        quality = replace(quality, timeliness=easy)
    return replace(listing(sheet, attested=attested), quality=quality)


EXAMPLES: list[Example] = [
    ("Q-02", FIRED, expecting(Part("cells", 8, 10, 0, Decimal("0.9")))),
    ("Q-02", CLEAR, expecting(Part("cells", 9, 10, 0, Decimal("0.9")))),
    ("Q-02", UNKNOWN, expecting(Part("cells", 0, 0, 0, Decimal("0.9")))),
    ("Q-01", FIRED, columns(replace(PROFILE.columns[1], unit="knots"))),
    ("Q-01", CLEAR, listing(profile=replace(PROFILE, columns=()), attested=("Q-01",))),
    ("Q-01", CLEAR, listing()),
    ("Q-01", UNKNOWN, listing(quality=None)),
    ("Q-02", FIRED, columns(EMPTY_COLUMN)),
    ("Q-02", CLEAR, listing()),
    ("Q-02", UNKNOWN, listing(quality=None)),
    ("Q-02", UNKNOWN, listing(profile=replace(PROFILE, rows=0))),
    ("Q-03", FIRED, columns(FAST)),
    ("Q-03", CLEAR, listing()),
    ("Q-03", CLEAR, listing(UNRANGED, attested=("Q-03",))),
    ("Q-03", UNKNOWN, listing(UNRANGED)),
    ("Q-03", UNKNOWN, easily(Aspect.ACCURACY, 10)),
    ("Q-03", FIRED, easily(Aspect.ACCURACY, 8)),
    ("Q-03", CLEAR, easily(Aspect.ACCURACY, 10, attested=("Q-03",))),
    ("Q-05", CLEAR, easily(Aspect.TIMELINESS, 10, STATIC)),
    ("Q-05", FIRED, easily(Aspect.TIMELINESS, 8, STATIC)),
    ("Q-05", UNKNOWN, easily(Aspect.TIMELINESS, 10)),
    ("Q-03", UNKNOWN, listing(quality=None)),
    ("Q-05", FIRED, listing(profile=STALE)),
    ("Q-05", FIRED, listing(profile=LATE)),
    ("Q-05", CLEAR, listing()),
    ("Q-05", CLEAR, listing(profile=STALE, attested=("Q-05",))),
    (
        "Q-05",
        CLEAR,
        listing(section(SHEET, "physical", update_frequency=Frequency.STATIC), STALE),
    ),
    # Static data has no period, and is held all the same to what its own sheet expects of its time.
    (
        "Q-05",
        FIRED,
        listing(STATIC, quality=replace(MEASURED, sheet=STATIC.digest, timeliness=OLD)),
    ),
    ("Q-05", UNKNOWN, listing(profile=replace(PROFILE, time=None))),
    ("Q-05", UNKNOWN, listing(quality=None)),
    ("Q-07", FIRED, listing(profile=replace(PROFILE, rows=900))),
    ("Q-07", FIRED, listing(profile=replace(PROFILE, columns=PROFILE.columns[:1]))),
    ("Q-07", CLEAR, listing()),
    ("Q-07", UNKNOWN, unseen(listing())),
    ("Q-08", FIRED, listing(profile=replace(PROFILE, duplicate_rows=3))),
    ("Q-08", CLEAR, listing()),
    ("Q-08", UNKNOWN, unseen(listing())),
    ("Q-10", FIRED, listing(reviews=())),
    (
        "Q-10",
        FIRED,
        listing(
            reviewers={EXPERT.id: replace(EXPERT, roles=frozenset({Role.COMPLIANCE_ASSESSOR}))}
        ),
    ),
    ("Q-10", FIRED, listing(supplier=replace(SUPPLIER, id=EXPERT.id))),
    ("Q-10", FIRED, listing(supplier=replace(SUPPLIER, credit_code=EXPERT_CODE))),
    ("Q-10", CLEAR, listing()),
    ("Q-10", UNKNOWN, unseen(listing())),
    ("Q-10", UNKNOWN, listing(supplier=None)),
    ("Q-11", FIRED, reviewed((EXPERT.id, "0.8"))),
    ("Q-11", FIRED, reviewed((EXPERT.id, "0.9"), (EXPERT.id, "0.8"))),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "0.85"))),
    ("Q-11", FIRED, reviewed((EXPERT.id, "1"), consistency="0.84")),
    ("Q-11", FIRED, reviewed((EXPERT.id, "1"), consistency="0.94")),  # which passes nobody
    ("Q-11", CLEAR, reviewed((EXPERT.id, "1"), consistency="0.95")),
    ("Q-11", FIRED, reviewed((EXPERT.id, "1"), timeliness="0.99")),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "1"), (SECOND.id, "1"), consistency="0.5")),
    ("Q-11", FIRED, failing_accuracy(accuracy="0.97")),
    ("Q-11", CLEAR, failing_accuracy(accuracy="0.94")),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "0.8492"))),  # 0.15 apart, and no more
    ("Q-11", FIRED, breaking(completeness="0.97")),
    ("Q-11", CLEAR, breaking(completeness="0.9")),
    ("Q-11", CLEAR, uncounted_accuracy(accuracy="1")),
    ("Q-11", CLEAR, reviewed((EXPERT.id, "0.5"), (SECOND.id, "0.5"))),
    (  # two of one house are one
        "Q-11",
        FIRED,
        listing(
            reviews=reviewed((EXPERT.id, "0.5"), (SECOND.id, "0.5")).reviews,
            reviewers={**REVIEWERS, SECOND.id: replace(SECOND, credit_code=EXPERT.credit_code)},
        ),
    ),
    ("Q-11", UNKNOWN, listing(reviews=())),
    ("Q-11", UNKNOWN, listing(quality=None)),
    ("Q-04", FIRED, listing(profile=replace(PROFILE, duplicate_rows=60))),
    ("Q-04", CLEAR, listing(profile=replace(PROFILE, duplicate_rows=50))),
    ("Q-04", CLEAR, listing(profile=replace(PROFILE, duplicate_rows=60), attested=("Q-04",))),
    ("Q-04", UNKNOWN, listing(quality=None)),
    (
        "Q-06",
        FIRED,
        listing(quality=replace(MEASURED, accessibility=Dimension("accessibility", 0, 1, "files"))),
    ),
    ("Q-06", CLEAR, listing()),
    ("Q-06", UNKNOWN, listing(quality=None)),
    ("Q-09", FIRED, listing(measured=counted())),
    ("Q-09", CLEAR, listing(measured=counted(Flags(passed=9)))),
    ("Q-09", CLEAR, listing(INLAND)),
    ("Q-09", UNKNOWN, listing()),
    ("Q-09", UNKNOWN, listing(measured=replace(counted(Flags()), data="0" * 64))),
    ("Q-09", UNKNOWN, unseen(listing(INLAND))),
]
