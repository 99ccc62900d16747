"""What crosses a border, and what is traded: chapters X and T."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from exchange.compliance import Exported, Opinion, Party, TradeCase
from exchange.grading import Grade
from exchange.participants import Standing
from exchange.scenarios import Limits, ScenarioState
from exchange.specsheet import ExportRoute, PersonalClass, SpecSheet
from tests.exchange.compliance.cases import (
    ASSESSOR,
    CLEAR,
    CORE,
    FIRED,
    IMPORTANT,
    ON,
    PAPER,
    PERSONAL_SHEET,
    SCENARIO,
    SHEET,
    UNKNOWN,
    VERIFIED,
    Example,
    attestation,
    listing,
    paper,
    refused,
    section,
    trade,
    unseen,
)

ABROAD = replace(SCENARIO, region="JP")
FILED = replace(SCENARIO, state=ScenarioState.FILED, approved_on=None, expires_on=None)
ZONE = section(SHEET, "duties", free_trade_zone="Lingang")
LISTED_ZONE = replace(ZONE, approvals={"zone-negative-list": "2024 edition"})


def sent(sheet: SpecSheet = SHEET, attested: tuple[str, ...] = (), **changes: Any) -> TradeCase:
    """A use that crosses the border; the documents that its sheet names are verified."""
    usual = {"scenario": ABROAD, "exported": Exported(0, 0), "papers": VERIFIED}
    return trade(sheet, attested=attested, **{**usual, **changes})


def routed(route: ExportRoute, **changes: Any) -> SpecSheet:
    return replace(section(SHEET, "duties", export=route), **changes)


def assessed(sheet: SpecSheet) -> SpecSheet:
    return replace(sheet, approvals={**sheet.approvals, "security-assessment": PAPER})


def yield_of(route: ExportRoute, **approvals: str) -> SpecSheet:
    """Data that is not about the sea, and its route."""
    land = {"sector": "farming", "industry": "crops", "name": "Yield"}
    return section(routed(route, approvals=named(approvals)), "basic", **land)


def named(approvals: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in approvals.items()}


def crowd(
    subjects: int | None,
    *,
    plain: int = 0,
    before: int = 0,
    sensitive: bool = False,
    attested: tuple[str, ...] = (),
    approvals: dict[str, str] | None = None,
    **changes: Any,
) -> TradeCase:
    """So many persons who go abroad, after others this year."""
    classes = (PersonalClass.HEALTH,) if sensitive else ()
    sheet = section(PERSONAL_SHEET, "personal_data", subjects=subjects, classes=classes, **changes)
    return sent(
        replace(sheet, approvals=approvals or {}),
        attested,
        exported=Exported(plain, before),
    )


EXAMPLES: list[Example] = [
    ("X-01", FIRED, sent()),
    ("X-01", FIRED, sent(replace(SHEET, duties=None))),
    ("X-01", FIRED, sent(routed(ExportRoute.EXEMPT))),
    (
        "X-01",
        CLEAR,
        sent(routed(ExportRoute.EXEMPT, approvals={"marine-export-approval": PAPER})),
    ),
    ("X-01", FIRED, sent(routed(ExportRoute.EXEMPT, approvals={"marine-export-approval": "17"}))),
    ("X-01", CLEAR, sent(yield_of(ExportRoute.EXEMPT))),
    ("X-01", FIRED, sent(yield_of(ExportRoute.NONE, none=PAPER))),
    ("X-01", FIRED, sent(yield_of(ExportRoute.CERTIFICATION))),
    ("X-01", FIRED, sent(yield_of(ExportRoute.CERTIFICATION, certification="no. 20"))),
    ("X-01", FIRED, sent(yield_of(ExportRoute.CERTIFICATION, standard_contract=PAPER))),
    ("X-01", CLEAR, sent(yield_of(ExportRoute.CERTIFICATION, certification=PAPER))),
    (
        "X-01",
        FIRED,
        sent(yield_of(ExportRoute.CERTIFICATION, certification=PAPER), papers=(paper(),)),
    ),
    (
        "X-01",
        FIRED,
        sent(yield_of(ExportRoute.CERTIFICATION, certification="0" * 64)),
    ),
    (
        "X-01",
        FIRED,
        sent(
            yield_of(ExportRoute.CERTIFICATION, certification=PAPER),
            papers=(paper(verified=True, valid_until=ON - dt.timedelta(days=1)),),
        ),
    ),
    (
        "X-01",
        CLEAR,
        sent(
            yield_of(ExportRoute.STANDARD_CONTRACT),
            papers=(paper(kind="standard-contract", digest="0" * 64, verified=True),),
        ),
    ),
    ("X-01", CLEAR, trade()),
    ("X-01", UNKNOWN, trade(scenario=None)),
    ("X-01", UNKNOWN, trade(buyer=None)),
    ("X-02", FIRED, sent(section(IMPORTANT, "duties", critical_operator=True))),
    ("X-02", FIRED, sent(section(PERSONAL_SHEET, "duties", critical_operator=True))),
    ("X-02", CLEAR, sent(section(assessed(IMPORTANT), "duties", critical_operator=True))),
    ("X-02", CLEAR, sent(section(SHEET, "duties", critical_operator=True))),
    ("X-02", CLEAR, sent(IMPORTANT)),
    ("X-02", CLEAR, trade()),
    ("X-02", UNKNOWN, sent(replace(SHEET, duties=None))),
    (
        "X-02",
        UNKNOWN,
        replace(sent(section(SHEET, "duties", critical_operator=True)), profile=None),
    ),
    ("X-02", UNKNOWN, trade(buyer=None)),
    ("X-03", FIRED, sent(IMPORTANT)),
    ("X-03", FIRED, sent(replace(IMPORTANT, approvals={"security-assessment": "no. 22"}))),
    ("X-03", CLEAR, sent(assessed(IMPORTANT))),
    ("X-03", CLEAR, sent()),
    ("X-03", CLEAR, trade(IMPORTANT)),
    ("X-03", UNKNOWN, trade(IMPORTANT, buyer=None)),
    ("X-04", FIRED, crowd(1_000_000)),
    ("X-04", FIRED, crowd(1, plain=999_999)),
    ("X-04", FIRED, crowd(10_000, sensitive=True)),
    ("X-04", FIRED, crowd(1, before=9_999, sensitive=True)),
    ("X-04", CLEAR, crowd(999_999)),
    ("X-04", CLEAR, crowd(9_999, sensitive=True)),
    ("X-04", CLEAR, crowd(1_000_000, approvals={"security-assessment": PAPER})),
    ("X-04", CLEAR, sent()),
    ("X-04", CLEAR, trade(PERSONAL_SHEET)),
    ("X-04", UNKNOWN, replace(crowd(1), exported=None)),
    ("X-04", UNKNOWN, crowd(None)),
    ("X-04", UNKNOWN, replace(sent(), profile=None)),
    ("X-04", UNKNOWN, trade(scenario=None)),
    ("X-05", FIRED, crowd(100_000)),
    ("X-05", FIRED, crowd(1, plain=99_999)),
    ("X-05", FIRED, crowd(1, sensitive=True)),
    ("X-05", FIRED, crowd(1, before=1)),
    ("X-05", CLEAR, crowd(99_999)),
    ("X-05", CLEAR, crowd(100_000, approvals={"standard-contract": PAPER})),
    ("X-05", CLEAR, crowd(100_000, approvals={"certification": PAPER})),
    ("X-05", CLEAR, crowd(100_000, approvals={"security-assessment": PAPER})),
    ("X-05", FIRED, crowd(100_000, approvals={"standard-contract": "no. 19"})),
    ("X-05", CLEAR, trade(PERSONAL_SHEET)),
    ("X-05", UNKNOWN, replace(crowd(1), exported=None)),
    ("X-06", FIRED, crowd(1, consent_evidence="")),
    ("X-06", FIRED, crowd(99_999, impact_assessment="")),
    ("X-06", CLEAR, crowd(1)),
    ("X-06", CLEAR, crowd(1, attested=("X-06",), consent_evidence="")),
    ("X-06", CLEAR, crowd(100_000, consent_evidence="")),
    ("X-06", CLEAR, crowd(1, sensitive=True, consent_evidence="")),
    ("X-06", CLEAR, trade()),
    ("X-06", UNKNOWN, crowd(None)),
    ("X-07", FIRED, sent(ZONE, attested=("X-07",))),
    ("X-07", CLEAR, sent(LISTED_ZONE, attested=("X-07",))),
    ("X-07", CLEAR, sent()),
    ("X-07", CLEAR, trade(ZONE)),
    ("X-07", UNKNOWN, sent(LISTED_ZONE)),
    ("X-07", UNKNOWN, sent(replace(SHEET, duties=None))),
    ("X-07", UNKNOWN, trade(scenario=None)),
    (
        "X-08",
        FIRED,
        replace(
            sent(), attestations=(attestation(SHEET, outcome=Opinion.REFUSED, rules=("X-08",)),)
        ),
    ),
    ("X-08", CLEAR, sent(attested=("X-08",))),
    ("X-08", CLEAR, trade(attested=())),
    ("X-08", UNKNOWN, sent()),
    ("X-08", UNKNOWN, trade(buyer=None)),
    ("T-01", FIRED, trade(scenario=None)),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, buyer="id-other"))),
    ("T-01", FIRED, trade(on=ON + dt.timedelta(days=90))),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, state=ScenarioState.WITHDRAWN))),
    ("T-01", FIRED, trade(scenario=replace(FILED, recipients=()))),
    ("T-01", CLEAR, trade(scenario=FILED)),
    ("T-01", FIRED, trade(scenario=replace(SCENARIO, recipients=()))),
    ("T-01", CLEAR, trade()),
    ("T-01", UNKNOWN, trade(buyer=None)),
    ("T-02", FIRED, trade(scenario=replace(SCENARIO, purpose="resale"))),
    ("T-02", FIRED, trade(listing_state="suspended")),
    ("T-02", CLEAR, trade()),
    # A limit is a part of the region asked, as the assessor has said, whatever it is called.
    ("T-02", CLEAR, trade(scenario=replace(SCENARIO, limits=Limits(regions=("Qingdao",))))),
    ("T-02", UNKNOWN, trade(scenario=None)),
    ("T-02", UNKNOWN, trade(listing_state="")),
    ("T-04", FIRED, trade(ways=("telegram",))),
    ("T-04", FIRED, trade(PERSONAL_SHEET)),
    ("T-04", FIRED, trade(replace(SHEET, grade=Grade.GENERAL_4))),
    ("T-04", FIRED, trade(replace(IMPORTANT, approvals={}), ways=("sandbox",))),
    ("T-04", FIRED, trade(CORE, ways=("sandbox",))),
    ("T-04", CLEAR, trade()),
    ("T-04", CLEAR, trade(PERSONAL_SHEET, ways=("sandbox",))),
    ("T-04", FIRED, trade(IMPORTANT, ways=("sandbox",))),
    ("T-04", CLEAR, trade(IMPORTANT, ways=("sandbox",), papers=VERIFIED)),
    ("T-04", UNKNOWN, trade(ways=())),
    ("T-05", FIRED, listing(attestations=())),
    ("T-05", FIRED, refused("C-01")),
    ("T-05", FIRED, listing(reviewers={ASSESSOR.id: replace(ASSESSOR, standing=Standing.APPLIED)})),
    ("T-05", CLEAR, listing()),
    ("T-05", UNKNOWN, unseen(listing())),
    ("T-05", UNKNOWN, listing(supplier=None)),
    ("T-03", FIRED, trade(scenario=replace(SCENARIO, region=""))),
    ("T-03", FIRED, trade(scenario=replace(SCENARIO, purpose=""))),
    ("T-03", FIRED, trade(replace(PERSONAL_SHEET, duties=None), attested=("T-03",))),
    ("T-03", FIRED, trade(section(PERSONAL_SHEET, "duties", supervision=""), attested=("T-03",))),
    ("T-03", FIRED, trade(section(IMPORTANT, "duties", security_terms=""), attested=("T-03",))),
    ("T-03", CLEAR, trade(PERSONAL_SHEET, attested=("T-03",))),
    ("T-03", CLEAR, trade()),
    ("T-03", UNKNOWN, trade(PERSONAL_SHEET)),
    ("T-03", UNKNOWN, trade(scenario=None)),
    ("T-05", CLEAR, listing()),
    (
        "T-05",
        FIRED,
        replace(
            listing(),
            reviewers={
                ASSESSOR.id: replace(Party.of(ASSESSOR), licensed_until=ON - dt.timedelta(days=1))
            },
        ),
    ),
    ("T-06", FIRED, trade(due="0" * 64)),
    ("T-06", CLEAR, trade()),
    ("T-06", UNKNOWN, trade(due=None)),
    ("T-06", UNKNOWN, trade(judged=None)),
]
