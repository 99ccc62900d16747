"""Chapter P: who takes part, and who keeps what."""

from __future__ import annotations

from exchange.compliance.case import Case, ListingCase, ProductCase, TradeCase
from exchange.compliance.catalogue.intake import UNANSWERED
from exchange.compliance.evidence import Party
from exchange.compliance.rule import Answer, Method, Rule, Severity, Stage, clear, fired, unknown
from exchange.grading import Grade, at_least
from exchange.participants import Role

LOG_DAYS_MIN = 184  # CSL 23(3): no less than six months, the longest six of a year
RECORD_DAYS_MIN = 3 * 366  # NDSMR 12, PIPL 56: no less than three years


def supplier_verified(case: ListingCase) -> Answer:
    """P-01: the supplier is admitted as one, under its name, a true code and a licence."""
    if case.supplier is None:
        return unknown("the supplier is not known")
    return _verified(case, case.supplier, Role.SUPPLIER)


def buyer_verified(case: TradeCase) -> Answer:
    """P-02: the buyer is verified to the same level."""
    if case.buyer is None:
        return unknown("the buyer is not known")
    return _verified(case, case.buyer, Role.BUYER)


def _verified(case: Case, party: Party, role: Role) -> Answer:
    if not party.acts_as(role):
        return fired(f"the {role} is not admitted as one", "participant")
    if not party.named:
        return fired(f"the {role} has no name or no key on record", "participant")
    if not party.coded:
        return fired(f"the {role}'s credit code or LEI fails its check", "participant")
    if party.licensed_until is not None and party.licensed_until < case.on:
        unlock = f"the operator verifies anew the identity of {party.id}"
        return fired(f"the {role}'s identity has ended", "participant", unlock=unlock)
    return clear()


def records_kept(case: Case) -> Answer:
    """P-03: logs are kept for six months, records for three years; the chain keeps every digest."""
    kept = case.platform
    if kept is None or kept.log_days is None:
        return unknown("the exchange does not say how long it keeps its logs")
    if kept.log_days < LOG_DAYS_MIN:
        return fired(f"network logs are kept for less than {LOG_DAYS_MIN} days", "log_days")
    if kept.record_days is not None and kept.record_days < RECORD_DAYS_MIN:
        return fired(f"records are kept for less than {RECORD_DAYS_MIN} days", "record_days")
    return clear()


def not_restricted(case: ProductCase) -> Answer:
    """P-04: on no list of those with whom one may not deal; an assessor looks at the rest."""
    if case.supplier is None:
        return unknown("the supplier is not known")
    if case.supplier.restricted:
        return fired("the supplier stands on the negative list", "participant")
    return case.signed("P-04", UNANSWERED)


def duty_holder_named(case: ListingCase) -> Answer:
    """P-05: who answers for data security is named with an address; for important data an officer.

    The officer is the person and the body on record with the authority (NDSMR 30).
    """
    duties = case.sheet.duties
    if duties is None:
        return fired("nobody is named who answers for data security", "sheet.duties")
    if not (case.sheet.contact and duties.security_officer and duties.security_contact):
        return fired("who answers for data security has no address", "sheet.duties")
    important = at_least(case.sheet.grade, Grade.IMPORTANT)
    if important and not case.approved("data-security-officer"):
        return fired("no officer for important data is named", "sheet.approvals")
    return clear()


RULES = (
    Rule(
        id="P-01",
        statement="Supplier identity verified: legal name + USCC (GB 32100-2015) or "
        "LEI (ISO 17442), check digits proved + licence + authorised signatory",
        basis={"CN": "DSL 33, 47", "EU": "DGA 11, 12(f)"},
        severity=Severity.BLOCK,
        check=supplier_verified,
        evidence="licence file hash, USCC or LEI, signer",
        unlock="admission as a supplier under a true credit code or LEI and a licence that runs",
        method=Method.BOTH,
    ),
    Rule(
        id="P-02",
        statement="Buyer identity verified to the same level before any order",
        basis={"CN": "DSL 33", "EU": "DGA 12(j)"},
        severity=Severity.BLOCK,
        check=buyer_verified,
        evidence="as P-01",
        unlock="admission as a buyer under a true credit code or LEI and a licence that runs",
        stage=Stage.TRADE,
        method=Method.BOTH,
    ),
    Rule(
        id="P-03",
        statement="Review and trade records kept: audit log >= 6 months for "
        "network logs, >= 3 years for provision of PI/important data "
        "and PIA reports; exchange keeps all hashes permanently",
        basis={"CN": "DSL 33; CSL 23(3); NDSMR 12; PIPL 56", "EU": "GDPR 30, 5(2)"},
        severity=Severity.BLOCK,
        check=records_kept,
        evidence="retention config, ledger head",
        unlock="an exchange that keeps its logs and records so long",
        stage=Stage.PLATFORM,
    ),
    Rule(
        id="P-04",
        statement="Supplier/buyer has no serious data violation in the look-back "
        "window and is not on a restricted-recipient list",
        basis={"CN": "PIPL 42; GB/T 37932-2019 5.1 [title only]", "EU": "GDPR 28(1)"},
        severity=Severity.ATTEST,
        check=not_restricted,
        evidence="signed statement + list check",
        unlock="a supplier on no negative list, and an attestation that names the rule",
        method=Method.ATTEST,
    ),
    Rule(
        id="P-05",
        statement="Data-security duty holder and contact named (important data: "
        "responsible person + body)",
        basis={"CN": "DSL 27; NDSMR 30", "EU": "GDPR 37-39"},
        severity=Severity.BLOCK,
        check=duty_holder_named,
        evidence="contact record",
        unlock="the duties section of the sheet; for important data also the "
        "approval data-security-officer",
    ),
)
