"""A product and an order that every rule passes, and ways to bend them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from exchange.compliance import Attestation, ListingCase, Opinion, TradeCase
from exchange.compliance.china import PACK
from exchange.grading import Grade
from exchange.participants import Participant, Role, Standing
from exchange.profile import (
    ColumnProfile,
    ColumnType,
    Profile,
    SensitiveFinding,
    SensitiveKind,
    SpaceCoverage,
    TimeCoverage,
)
from exchange.quality import QualityReview, measure
from exchange.scenarios import Scenario, ScenarioState
from exchange.specsheet import (
    Basic,
    Conditions,
    Content,
    Delivery,
    FieldNote,
    Frequency,
    PersonalData,
    Physical,
    Price,
    PriceMode,
    ProductType,
    Right,
    Source,
    SourceCode,
    SpecSheet,
    TimeLimit,
    TradeLevel,
)

ON = dt.date(2026, 11, 23)
PAPER = "c" * 64
SUPPLIER_CODE = "91370200MA00000015"
BUYER_CODE = "91370200MA00000028"
ASSESSOR_CODE = "91370200MA0000003B"
EXPERT_CODE = "91370200MA0000004E"

SHEET = SpecSheet(
    basic=Basic(
        name="Surface currents off the cape",
        sector="marine",
        industry="oceanography",
        description="Hourly surface currents seen by one high-frequency radar.",
        keywords=("radar",),
        type=ProductType.DATASET,
        language="en",
    ),
    physical=Physical(update_frequency=Frequency.DAILY, rows=1_000),
    content=Content(
        fields=(
            FieldNote("time", "when", required=True),
            FieldNote("speed", "how fast", "m s-1", True, False, Decimal(0), Decimal(3)),
        ),
        horizontal_datum="WGS84",
    ),
    conditions=Conditions(
        purposes=("research", "navigation"),
        regions=("CN",),
        time_limit=TimeLimit.TERM_THEN_ERASED,
        term_days=365,
    ),
    delivery=Delivery(trade_level=TradeLevel.S1, ways=("sealed-file", "sandbox")),
    sources=(Source(SourceCode.PRODUCED, "our own radar", PAPER),),
    rights=(Right.HOLDING, Right.OPERATING),
    licence="proprietary",
    grade=Grade.GENERAL_1,
    personal_data=PersonalData(contained=False),
    price=Price(PriceMode.NEGOTIATED),
    contact="desk@supplier.example",
)

PROFILE = Profile(
    name="currents.csv",
    reader="csv",
    media_type="text/csv",
    encoding="utf-8",
    compression=None,
    bytes=50_000,
    data="d" * 64,
    rows=1_000,
    rows_digest="e" * 64,
    duplicate_rows=0,
    columns=(
        ColumnProfile("time", ColumnType.TIMESTAMP, 1_000, 0, 1_000),
        ColumnProfile(
            "speed", ColumnType.DECIMAL, 1_000, 10, 800, "m s-1", minimum="0", maximum="1.9"
        ),
    ),
    time=TimeCoverage("time", "2026-10-01T00:00:00Z", "2026-11-22T12:00:00Z", 3_600, 0),
    space=SpaceCoverage("120.1", "35.2", "121.5", "36.4", ("lon", "lat")),
)


def participant(name: str, code: str, *roles: Role, **changes: Any) -> Participant:
    """Build an admitted participant called `name`."""
    made = Participant(
        id=f"id-{name}",
        handle=name,
        name=name,
        credit_code=code,
        public_key="a" * 64,
        recipient="age1",
        roles=frozenset(roles),
        standing=Standing.ADMITTED,
        head="",
        verified_until="2099-12-31",
    )
    return replace(made, **changes)


SUPPLIER = participant("supplier", SUPPLIER_CODE, Role.SUPPLIER)
BUYER = participant("buyer", BUYER_CODE, Role.BUYER)
ASSESSOR = participant("assessor", ASSESSOR_CODE, Role.COMPLIANCE_ASSESSOR)
EXPERT = participant("expert", EXPERT_CODE, Role.QUALITY_EXPERT)
REVIEWERS = {who.id: who for who in (ASSESSOR, EXPERT)}


def attestation(signed: SpecSheet, profile: Profile = PROFILE, /, **changes: Any) -> Attestation:
    """Sign, as the assessor, the rules that the clean product needs signed."""
    made = Attestation(
        assessor=ASSESSOR.id,
        sheet=signed.digest,
        data=profile.data,
        rule_pack=PACK.digest,
        outcome=Opinion.PASSED,
        rules=("C-01", "C-02", "C-03", "G-03"),
        issued_on=ON - dt.timedelta(days=10),
        valid_until=ON + dt.timedelta(days=300),
        version=7,
    )
    return replace(made, **changes)


def listing(
    sheet: SpecSheet = SHEET,
    profile: Profile = PROFILE,
    *,
    attested: tuple[str, ...] = ("C-01", "C-02", "C-03", "G-03"),
    on: dt.date = ON,
    **changes: Any,
) -> ListingCase:
    """Build a case in which everything is known, measured, reviewed and attested."""
    quality = measure(sheet, profile, on)
    case = ListingCase(
        sheet=sheet,
        on=on,
        profile=profile,
        supplier=SUPPLIER,
        reviewers=REVIEWERS,
        attestations=(
            attestation(
                sheet,
                profile,
                rules=attested,
                issued_on=on - dt.timedelta(days=10),
                valid_until=on + dt.timedelta(days=300),
            ),
        ),
        reviews=(QualityReview(EXPERT.id, sheet.digest, profile.data, quality.score, PAPER, 8),),
        quality=quality,
        open_disputes=0,
        similar=(),
        notice_ended=True,
    )
    return replace(case, **changes)


def finding(
    kind: SensitiveKind, column: str = "speed", *, certain: bool = True
) -> SensitiveFinding:
    """Build a finding of that kind."""
    return SensitiveFinding(column, kind, 5, 1_000, certain, "column share")


def found(*findings: SensitiveFinding) -> Profile:
    """Return the clean profile with sensitive findings."""
    return replace(PROFILE, sensitive=findings)


def section(sheet: SpecSheet, which: str, /, **changes: Any) -> SpecSheet:
    """Return the sheet with fields of one section changed."""
    return replace(sheet, **{which: replace(getattr(sheet, which), **changes)})


PERSONAL_SHEET = replace(
    SHEET,
    grade=Grade.GENERAL_4,
    personal_data=PersonalData(
        contained=True,
        legal_basis="consent",
        consent_evidence=PAPER,
        impact_assessment=PAPER,
    ),
    approvals={"necessity": PAPER},
)

SCENARIO = Scenario(
    id="scenario-1",
    buyer=BUYER.id,
    product="GP-1",
    purpose="research",
    region="CN",
    term_days=90,
    recipients=("the laboratory",),
    onward_transfer=False,
    public_release=False,
    description=PAPER,
    state=ScenarioState.APPROVED,
    head="",
    approved_on=ON - dt.timedelta(days=1),
    expires_on=ON + dt.timedelta(days=89),
)


def trade(sheet: SpecSheet = SHEET, **changes: Any) -> TradeCase:
    """Build an order that every rule passes."""
    case = TradeCase(
        sheet=sheet,
        on=ON,
        scenario=SCENARIO,
        buyer=BUYER,
        listing_state="listed",
        ways=("sealed-file",),
    )
    return replace(case, **changes)
