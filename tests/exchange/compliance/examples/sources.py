"""Where the data comes from, and what it must not hold: chapters S and C."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from exchange.compliance import Ancestor, Opinion, Parent
from exchange.grading import Grade
from exchange.profile import SensitiveKind
from exchange.registration import Similar
from exchange.specsheet import ProductType, Right, Source, SourceCode, TimeLimit
from tests.exchange.compliance.cases import (
    CLEAR,
    FIRED,
    ON,
    PAPER,
    SHEET,
    UNKNOWN,
    Example,
    attestation,
    finding,
    found,
    listing,
    paper,
    refused,
    section,
    unseen,
)

YESTERDAY, TOMORROW = ON - dt.timedelta(days=1), ON + dt.timedelta(days=1)
CRAWLED = replace(SHEET, sources=(Source(SourceCode.PUBLIC, "a web page", PAPER),))
DERIVED = replace(SHEET, sources=(Source(SourceCode.DERIVED, "smoothed", PAPER),))
AUTHORISED = replace(SHEET, sources=(Source(SourceCode.AUTHORISED, "a bureau", PAPER),))
REGISTERED = replace(
    AUTHORISED,
    approvals={"public-data-agreement": "no. 7", "public-data-registration": "no. 8"},
)
PARENT = Parent("GP-0", "9" * 64, Grade.GENERAL_1, disputed=False)


LIMITED = section(SHEET, "conditions", time_limit=TimeLimit.TERM_THEN_ERASED, term_days=30)
UNLIMITED = section(SHEET, "conditions", time_limit=TimeLimit.NONE, term_days=None)
IN_SHANDONG = section(SHEET, "conditions", regions=("CN-37",))
IN_HONG_KONG = section(SHEET, "conditions", regions=("CN-HK",))
PASSED_ON = section(SHEET, "conditions", transfer=True)
PUBLISHED = section(SHEET, "conditions", public_release=True)


def of(**changes: Any) -> Ancestor:
    """A source whose sheet allows what the product's does, but for what is changed."""
    plain = {"time_limit": TimeLimit.NONE, "term_days": None}
    return Ancestor("GP-0", replace(SHEET.conditions, **plain | changes))


def like(**changes: Any) -> Similar:
    """Another supplier's registration in which most of the rows stand."""
    plain = Similar(
        product="GP-0000-0000-0002",
        of_this_ppm=970_000,
        of_other_ppm=96_500,
        columns=5,
        compared=2_048,
        how="rows",
        declared=False,
        own=False,
    )
    return replace(plain, **changes)


THIRD = like(of_this_ppm=333_333, of_other_ppm=450_000)


BEYOND = "GP-2 comes from GP-1, which PT-1 has no grant to process in JP for research"

EXAMPLES: list[Example] = [
    ("S-01", FIRED, listing(replace(SHEET, sources=()))),
    ("S-01", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "", PAPER),)))),
    ("S-01", CLEAR, listing()),
    ("S-06", FIRED, listing(replace(SHEET, licence="CC-BY-NC-4.0"))),
    ("S-06", FIRED, listing(replace(SHEET, licence="CC-BY-ND-4.0"))),
    ("S-06", FIRED, listing(replace(SHEET, licence="whatever"))),
    (
        "S-06",
        FIRED,
        listing(replace(SHEET, sources=(Source(SourceCode.PUBLIC, "a web page", PAPER),))),
    ),
    ("S-06", CLEAR, listing()),
    ("S-06", CLEAR, listing(replace(SHEET, licence="cc-by-4.0"))),
    ("S-06", CLEAR, listing(replace(SHEET, licence="LicenseRef-Public-Domain"))),
    ("S-02", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "bought"),)))),
    ("S-02", FIRED, listing(replace(SHEET, sources=(Source(SourceCode.BOUGHT, "b", "x" * 64),)))),
    ("S-02", FIRED, replace(listing(), papers=(paper(valid_until=YESTERDAY),))),
    ("S-02", FIRED, replace(listing(), papers=(paper(verified=False),))),
    ("S-02", FIRED, replace(listing(), papers=(paper(issued_on=TOMORROW),))),
    (
        "S-02",
        CLEAR,
        replace(listing(), papers=(paper(valid_until=ON), paper(valid_until=YESTERDAY))),
    ),
    ("S-02", CLEAR, listing()),
    ("S-02", CLEAR, replace(listing(attested=("C-01",)), papers=(paper(verified=True),))),
    # What somebody has looked at is proved by a word that runs, whatever else the bytes are.
    (
        "S-02",
        FIRED,
        replace(listing(), papers=(paper(verified=True, valid_until=YESTERDAY), paper())),
    ),
    (
        "S-02",
        CLEAR,
        replace(
            listing(attested=("C-01",)),
            papers=(paper(verified=True, valid_until=YESTERDAY), paper(verified=True)),
        ),
    ),
    (
        "S-02",
        FIRED,
        replace(listing(attested=("C-01",)), papers=(paper(verified=True, issued_on=TOMORROW),)),
    ),
    ("S-02", FIRED, refused("S-02")),
    ("S-02", UNKNOWN, replace(listing(attested=("C-01",)), papers=(paper(),))),
    ("S-02", UNKNOWN, listing(attested=("C-01",))),
    ("S-02", UNKNOWN, listing(replace(SHEET, sources=()))),
    ("S-03", FIRED, listing(replace(SHEET, rights=(Right.HOLDING, Right.PROCESSING)))),
    ("S-03", FIRED, listing(operates=False)),
    ("S-03", CLEAR, listing()),
    ("S-03", UNKNOWN, listing(operates=None)),
    ("S-03", FIRED, listing(out_of_reach=(BEYOND,))),
    ("S-03", CLEAR, listing(ancestors=(of(regions=SHEET.conditions.regions),))),
    ("S-03", FIRED, listing(ancestors=(of(), of(regions=("XX",))))),
    ("S-03", CLEAR, listing(IN_SHANDONG, ancestors=(of(regions=("CN",)),))),
    ("S-03", FIRED, listing(IN_HONG_KONG, ancestors=(of(regions=("CN",)),))),
    ("S-03", FIRED, listing(IN_SHANDONG, ancestors=(of(regions=("CN-SH",)),))),
    (
        "S-03",
        CLEAR,
        listing(
            section(SHEET, "conditions", regions=("DE", "FR-IDF")),
            ancestors=(of(regions=("EU",)),),
        ),
    ),
    ("S-03", FIRED, listing(LIMITED, ancestors=(of(term_days=29),))),
    ("S-03", CLEAR, listing(LIMITED, ancestors=(of(term_days=30),))),
    ("S-03", CLEAR, listing(LIMITED, ancestors=(of(term_days=None),))),
    (
        "S-03",
        FIRED,
        listing(section(SHEET, "conditions", term_days=None), ancestors=(of(term_days=9),)),
    ),
    ("S-03", FIRED, listing(UNLIMITED, ancestors=(of(time_limit=TimeLimit.TERM_THEN_ERASED),))),
    ("S-03", CLEAR, listing(UNLIMITED, ancestors=(of(time_limit=TimeLimit.NONE),))),
    ("S-03", FIRED, listing(PASSED_ON, ancestors=(of(transfer=False),))),
    ("S-03", CLEAR, listing(PASSED_ON, ancestors=(of(transfer=True),))),
    ("S-03", FIRED, listing(PUBLISHED, ancestors=(of(public_release=False),))),
    ("S-03", CLEAR, listing(PUBLISHED, ancestors=(of(public_release=True),))),
    (
        "S-04",
        FIRED,
        listing(
            attestations=(attestation(CRAWLED, outcome=Opinion.REFUSED, rules=("S-04",)),),
            sheet=CRAWLED,
        ),
    ),
    ("S-04", CLEAR, listing(CRAWLED, attested=("S-04",))),
    ("S-04", CLEAR, listing(attested=("C-01",))),
    ("S-04", UNKNOWN, listing(CRAWLED)),
    ("S-05", FIRED, listing(DERIVED, attested=("S-05",))),
    ("S-05", FIRED, listing(parents=(PARENT,), attested=("S-05",))),
    ("S-05", CLEAR, listing(DERIVED, parents=(PARENT,), attested=("S-05",))),
    ("S-05", CLEAR, listing(attested=("C-01",))),
    ("S-05", UNKNOWN, listing(DERIVED, parents=(PARENT,))),
    ("S-05", UNKNOWN, listing(parents=None)),
    ("S-07", FIRED, listing(AUTHORISED, attested=("S-07",))),
    (
        "S-07",
        FIRED,
        listing(
            replace(AUTHORISED, approvals={"public-data-agreement": "no. 7"}), attested=("S-07",)
        ),
    ),
    ("S-07", CLEAR, listing(REGISTERED, attested=("S-07",))),
    (
        "S-07",
        CLEAR,
        replace(
            listing(AUTHORISED, attested=("S-07",)),
            papers=(
                paper(kind="public-data-agreement", verified=True),
                paper(kind="public-data-registration", verified=True),
            ),
        ),
    ),
    (
        "S-07",
        FIRED,
        replace(
            listing(AUTHORISED, attested=("S-07",)),
            papers=(
                paper(kind="public-data-agreement"),
                paper(kind="public-data-registration", verified=True),
            ),
        ),
    ),
    ("S-07", CLEAR, listing(attested=("C-01",))),
    ("S-07", UNKNOWN, listing(REGISTERED)),
    ("S-08", FIRED, listing(AUTHORISED)),
    ("S-08", FIRED, listing(section(AUTHORISED, "delivery", ways=("sandbox", "sealed-file")))),
    ("S-08", CLEAR, listing(section(AUTHORISED, "delivery", ways=("sandbox", "query")))),
    ("S-08", CLEAR, listing(section(AUTHORISED, "basic", type=ProductType.MODEL))),
    ("S-08", CLEAR, listing(replace(AUTHORISED, licence="CC-BY-4.0"))),
    ("S-08", CLEAR, listing()),
    ("S-09", FIRED, refused("S-09")),
    ("S-09", CLEAR, listing()),
    ("S-09", UNKNOWN, listing(attested=("C-01",))),
    ("S-10", FIRED, listing(open_disputes=1)),
    ("S-10", FIRED, listing(open_disputes=1, notice_ended=False)),
    ("S-10", FIRED, listing(parents=(replace(PARENT, disputed=True),))),
    ("S-10", CLEAR, listing()),
    ("S-10", CLEAR, listing(parents=(PARENT,))),
    ("S-10", UNKNOWN, listing(parents=(replace(PARENT, disputed=None),))),
    ("S-10", UNKNOWN, listing(parents=None)),
    ("S-10", UNKNOWN, listing(open_disputes=None)),
    ("S-10", UNKNOWN, listing(notice_ended=None)),
    ("S-10", UNKNOWN, listing(notice_ended=False)),
    (
        "C-01",
        FIRED,
        listing(profile=found(finding(SensitiveKind.SECRECY_MARK)), attested=("C-01",)),
    ),
    ("C-01", UNKNOWN, unseen(listing())),
    ("C-01", FIRED, refused("C-01")),
    ("C-01", CLEAR, listing()),
    ("C-01", UNKNOWN, listing(attested=("G-03",))),
    ("C-02", FIRED, refused("C-02")),
    ("C-02", CLEAR, listing()),
    ("C-02", UNKNOWN, listing(attested=("G-03",))),
    ("C-03", FIRED, refused("C-03")),
    ("C-03", CLEAR, listing()),
    ("C-03", UNKNOWN, listing(attested=("G-03",))),
    ("R-01", FIRED, listing(similar=(like(),))),
    ("R-01", FIRED, listing(similar=(like(of_this_ppm=90_000, of_other_ppm=500_000),))),
    ("R-01", FIRED, listing(similar=(like(declared=True), like()))),
    ("R-01", CLEAR, listing(similar=(like(of_this_ppm=499_999, of_other_ppm=499_999),))),
    ("R-01", FIRED, listing(similar=(THIRD, THIRD))),
    ("R-01", FIRED, listing(similar=(replace(THIRD, of_this_ppm=250_000),) * 2)),
    ("R-01", CLEAR, listing(similar=(replace(THIRD, of_this_ppm=249_999),) * 2)),
    ("R-01", CLEAR, listing(similar=(THIRD,))),
    ("R-01", CLEAR, listing(similar=(THIRD, replace(THIRD, declared=True)))),
    ("R-01", CLEAR, listing(similar=(THIRD, replace(THIRD, own=True)))),
    ("R-01", CLEAR, listing(similar=(THIRD, THIRD), attested=("R-01",))),
    ("R-01", CLEAR, listing(similar=(like(own=True), like(declared=True)))),
    ("R-01", CLEAR, listing(similar=(like(),), attested=("R-01",))),
    ("R-01", CLEAR, listing()),
    ("R-01", UNKNOWN, listing(similar=None)),
]
