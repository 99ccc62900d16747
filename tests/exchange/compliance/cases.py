"""A product and an order that every rule passes, and ways to bend them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from exchange.compliance import (
    Attestation,
    Case,
    ListingCase,
    Opinion,
    Outcome,
    Paper,
    Party,
    Platform,
    PlatformCase,
    TradeCase,
)
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
    Duties,
    FieldNote,
    Frequency,
    PersonalClass,
    PersonalData,
    Physical,
    Price,
    PriceMode,
    ProductType,
    Right,
    Service,
    Source,
    SourceCode,
    SpecSheet,
    TimeLimit,
    TradeLevel,
)
from exchange.vetting import Decision, Vetting
from pricing.money import Money

ON = dt.date(2026, 11, 23)
PAPER = "c" * 64
SUPPLIER_CODE = "91370200MA00000015"
BUYER_CODE = "91370200MA00000028"
ASSESSOR_CODE = "91370200MA0000003B"
EXPERT_CODE = "91370200MA0000004E"
REVIEWER_CODE = "91370200MA0000005H"

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
    physical=Physical(
        update_frequency=Frequency.DAILY,
        rows=1_000,
        first_collected=dt.date(2026, 10, 1),
        increment_rows=24,
    ),
    content=Content(
        fields=(
            FieldNote("time", "when", required=True),
            FieldNote(
                *("speed", "how fast", "m s-1", True, False, Decimal(0), Decimal(3)),
                fill_value="empty cell",
            ),
        ),
        horizontal_datum="WGS84",
    ),
    conditions=Conditions(
        purposes=("research", "navigation"),
        regions=("CN",),
        time_limit=TimeLimit.TERM_THEN_ERASED,
        term_days=365,
        prohibited=("resale of the rows",),
    ),
    delivery=Delivery(
        trade_level=TradeLevel.S1,
        ways=("sealed-file", "sandbox"),
        technical_document="what each column of the radar's files holds",
        service=Service(support="desk@supplier.example", availability=Decimal("0.99")),
    ),
    sources=(Source(SourceCode.PRODUCED, "our own radar", PAPER),),
    rights=(Right.HOLDING, Right.OPERATING),
    licence="proprietary",
    grade=Grade.GENERAL_1,
    personal_data=PersonalData(contained=False),
    price=Price(PriceMode.NEGOTIATED),
    contact="desk@supplier.example",
    use_cases=("where a man overboard drifts",),
    duties=Duties(
        security_officer="who answers for data security",
        security_contact="security@supplier.example",
        complaints="complaints@supplier.example",
        security_terms="used within the scenario alone",
        supervision="looked at once a year",
    ),
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
REVIEWER = participant("reviewer", REVIEWER_CODE, Role.REVIEWER)
REVIEWERS = {who.id: who for who in (ASSESSOR, EXPERT, REVIEWER)}


PLATFORM = Platform(complaints="abuse@exchange.example", log_days=184, incident_plan=PAPER)
# What the clean product needs signed.
ATTESTED = (
    *("P-04", "S-02", "S-09", "D-06", "D-07", "G-02", "G-03", "G-05", "G-09"),
    *("C-01", "C-02", "C-03", "O-02"),
)


def parties(*known: Participant | None) -> dict[str, Party]:
    """Look at participants as a case does, those of one organisation told as one."""
    found = [each for each in known if each is not None]
    return {each.id: Party.of(each, found) for each in found}


def attestation(signed: SpecSheet, profile: Profile = PROFILE, /, **changes: Any) -> Attestation:
    """Sign, as the assessor, the rules that the clean product needs signed."""
    made = Attestation(
        assessor=ASSESSOR.id,
        sheet=signed.digest,
        data=profile.data,
        rule_pack=PACK.digest,
        outcome=Opinion.PASSED,
        rules=ATTESTED,
        issued_on=ON - dt.timedelta(days=10),
        valid_until=ON + dt.timedelta(days=300),
        version=7,
    )
    return replace(made, **changes)


def vetting(signed: SpecSheet, profile: Profile = PROFILE, /, **changes: Any) -> Vetting:
    """Approve, as the exchange's reviewer, this very sheet and data."""
    made = Vetting(
        reviewer=REVIEWER.id,
        sheet=signed.digest,
        data=profile.data,
        rule_pack=PACK.digest,
        decision=Decision.APPROVED,
        version=9,
    )
    return replace(made, **changes)


def listing(
    sheet: SpecSheet = SHEET,
    profile: Profile = PROFILE,
    *,
    attested: tuple[str, ...] = ATTESTED,
    on: dt.date = ON,
    **changes: Any,
) -> ListingCase:
    """Build a case in which everything is known, measured, reviewed and attested."""
    quality = measure(sheet, profile, on)
    supplier: Participant | None = changes.pop("supplier", SUPPLIER)
    reviewers: dict[str, Participant] = changes.pop("reviewers", REVIEWERS)
    seen = parties(supplier, *reviewers.values())
    case = ListingCase(
        sheet=sheet,
        sheet_digest=sheet.digest,
        on=on,
        profile=profile,
        intake=(),
        supplier=seen[supplier.id] if supplier else None,
        reviewers={name: seen[who.id] for name, who in reviewers.items()},
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
        vettings=(vetting(sheet, profile),),
        open_disputes=0,
        similar=(),
        notice_ended=True,
        operates=True,
        estimate=sheet.grade,
        parents=(),
        sampled=True,
        platform=PLATFORM,
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
        classes=(PersonalClass.OTHER,),
        subjects=40,
        minors=False,
        retention_days=90,
        rights_channel="rights@supplier.example",
        deidentification="none",
    ),
    approvals={"necessity": PAPER},
)

IMPORTANT = replace(
    SHEET,
    grade=Grade.IMPORTANT,
    approvals={
        "risk-assessment": PAPER,
        "important-data-filing": "no. 3",
        "data-security-officer": "officer on record",
        "delivery-approval": PAPER,
    },
)
CORE = replace(SHEET, grade=Grade.CORE)

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


def trade(
    sheet: SpecSheet = SHEET,
    profile: Profile = PROFILE,
    *,
    attested: tuple[str, ...] = ATTESTED,
    **changes: Any,
) -> TradeCase:
    """Build an order that every rule passes, and its delivery."""
    buyer: Participant | None = changes.pop("buyer", BUYER)
    seen = parties(SUPPLIER, buyer, *REVIEWERS.values())
    case = TradeCase(
        sheet=sheet,
        sheet_digest=sheet.digest,
        on=ON,
        profile=profile,
        supplier=seen[SUPPLIER.id],
        reviewers={name: seen[name] for name in REVIEWERS},
        attestations=(attestation(sheet, profile, rules=attested),),
        scenario=SCENARIO,
        buyer=seen[buyer.id] if buyer else None,
        listing_state="listed",
        ways=("sealed-file",),
        judged=profile.data,
        due=profile.data,
        price=Money(100_000),
        prices=(),
        platform=PLATFORM,
    )
    return replace(case, **changes)


HOUSE = participant("house", "91370200MA0000005H", Role.OPERATOR)


def platform(attested: tuple[str, ...] = ATTESTED, **changes: Any) -> PlatformCase:
    """Build an exchange that keeps what it must, and that an assessor has looked at."""
    seen = parties(HOUSE, *REVIEWERS.values())
    case = PlatformCase(
        on=ON,
        supplier=seen[HOUSE.id],
        reviewers={name: seen[name] for name in REVIEWERS},
        attestations=(attestation(SHEET, rules=attested),),
        platform=PLATFORM,
    )
    return replace(case, **changes)


FIRED, CLEAR, UNKNOWN = Outcome.FIRED, Outcome.CLEAR, Outcome.NOT_EVALUATED
Example = tuple[str, Outcome, Case]


def refused(rule: str) -> ListingCase:
    """A product of which an assessor has refused that rule."""
    return listing(attestations=(attestation(SHEET, outcome=Opinion.REFUSED, rules=(rule,)),))


def unseen(case: ListingCase) -> ListingCase:
    """The case before anybody inspected the data."""
    return replace(case, profile=None)


def paper(**changes: Any) -> Paper:
    """The document of every digest here, attached and looked at by nobody."""
    made = Paper("source-proof", PAPER, ON - dt.timedelta(days=30))
    return replace(made, **changes)


VERIFIED = (paper(verified=True),)
