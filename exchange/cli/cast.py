"""The cast of the demonstration: who takes part, what they want, and how they judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Final

from exchange.compliance import Finding, Outcome, Severity
from exchange.desk import Desk
from exchange.engagements import Engagement, Offer
from exchange.participants import LicenceClass, Participant, Role
from exchange.profile import Profile
from exchange.registration import Product
from ledger.acts import format_time
from pricing.money import Money

# Handle, legal name, unified social credit code (valid and fictitious), roles.
CAST: Final = (
    ("qingdao-ocean", "青岛海洋数据有限公司", "91370200MAQDHC00BL", (Role.SUPPLIER,)),
    ("rizhao-station", "日照雷达站运营有限公司", "91371100MARHYD00CB", (Role.SUPPLIER,)),
    ("ranch-cooperative", "崂山海洋牧场合作社", "91370211MARCHC00DC", (Role.SUPPLIER,)),
    ("harbour-pilot", "青岛引航科技有限公司", "91370203MAHBPT00EC", (Role.BUYER,)),
    ("harbour-tug", "青岛港拖轮有限公司", "91370200MAHBTG00JC", (Role.BUYER,)),
    ("law-firm", "沪法律师事务所", "31370000MALAWF00F7", (Role.COMPLIANCE_ASSESSOR,)),
    ("ocean-institute", "海洋研究院", "12370200MAHYYJ00GR", (Role.QUALITY_EXPERT,)),
    ("house-reviewer", "青岛数据交易所审核部", "91370200MAEXCHR0A8", (Role.REVIEWER,)),
    ("asset-valuer", "青岛海洋资产评估有限公司", "91370200MAPGRD00HX", (Role.VALUER,)),
)
OPERATOR: Final = ("exchange-house", "青岛数据交易所", "91370200MAEXCHG0A5")
AMOUNT: Final = b',"amount":{"currency":"CNY","minor":'  # of a settlement: after its allocation
BUYER, RIVAL, SUPPLIER, ASSESSOR, EXPERT, VALUER, REVIEWER = (
    "harbour-pilot",
    "harbour-tug",
    "qingdao-ocean",
    "law-firm",
    "ocean-institute",
    "asset-valuer",
    "house-reviewer",
)
DEPOSIT: Final = Money(20_000_000)
RIVALS_MONEY: Final = Money(1_000_000)
FEE: Final = Money(500_000)  # of the assessor, for all of a supplier's products

# What the roles whose word others rely on are licensed by, and who issues that.
PAPERS: Final[Mapping[Role, LicenceClass]] = {
    Role.COMPLIANCE_ASSESSOR: LicenceClass.LEGAL_PRACTICE,
    Role.QUALITY_EXPERT: LicenceClass.EXPERT,
    Role.VALUER: LicenceClass.ASSET_VALUATION,
}
ISSUERS: Final[Mapping[LicenceClass, str]] = {
    LicenceClass.LEGAL_PRACTICE: "山东省司法厅",
    LicenceClass.EXPERT: "青岛海洋数据专家委员会",
    LicenceClass.ASSET_VALUATION: "青岛市财政局",
}

PURPOSES: Final = {
    "hf-radar": "marine-safety",
    "ocean-forecast": "shipping",
    "marine-ranch": "research",
}


def welcome(operator: Desk, applicant: Participant, roles: Collection[Role]) -> Participant:
    """Verify an applicant's identity, record the licence of its role, and admit it."""
    until = operator.floor.clock().date() + dt.timedelta(days=365)
    paper = f"business licence of {applicant.name}, {applicant.credit_code}\n".encode()
    verified = operator.verify(applicant, [paper], signatory="张海", until=until)
    for role, licence in PAPERS.items():
        if role in roles:
            operator.license(
                verified,
                licence,
                number=f"{applicant.credit_code[2:8]}-2026-001",
                issuer=ISSUERS[licence],
                until=until,
                document=f"{licence} of {applicant.name}\n".encode(),
            )
    return operator.admit(verified, tuple(roles))


def engage(
    operator: Desk, supplier: Desk, assessor: Desk, products: Mapping[str, Product]
) -> Engagement:
    """Have the supplier engage the assessor for all of its products, out of money of its own."""
    operator.deposit(supplier.participant, FEE, "bank transfer 2026-0000")
    due = format_time(operator.floor.clock() + dt.timedelta(days=30))
    numbers = tuple(product.number for product in products.values())
    offer = Offer(Role.COMPLIANCE_ASSESSOR, numbers, "合规评估", FEE, due)
    made = supplier.engage(assessor.participant, offer, b"contract 2026-01\n")
    return assessor.accept_engagement(made.id)


def box(profile: Profile) -> tuple[str, str]:
    """Return the latitudes and longitudes of a profile, to a tenth of a degree."""
    space = profile.space
    if space is None:
        return "", ""
    south, north, west, east = (
        f"{float(edge):.1f}" for edge in (space.south, space.north, space.west, space.east)
    )
    return f"{south}–{north}", f"{west}–{east}"


def expert_score(profile: Profile) -> Decimal:
    """Score as the expert of this demonstration does, from the data and not from the system.

    The share of cells that hold a value and of rows that repeat no other, less 0.03 for what
    nobody can check without a second instrument.
    """
    cells = sum(column.rows for column in profile.columns)
    filled = Decimal(cells - sum(column.missing for column in profile.columns)) / cells
    distinct = Decimal(profile.rows - profile.duplicate_rows) / profile.rows
    return (filled * distinct - Decimal("0.03")).quantize(Decimal("0.01"))


def assessor_may_attest(finding: Finding) -> bool:
    """Whether a careful assessor signs for it: what only a person can judge, or measured doubt.

    An assessor does not sign away what the machine has found, save where the rule asks a
    person (severity attest); a rule that nobody could evaluate is one of those.
    """
    if finding.severity is Severity.ATTEST:
        return True
    asked = finding.unlock.endswith("an attestation that names the rule")
    return finding.outcome is Outcome.NOT_EVALUATED and asked
