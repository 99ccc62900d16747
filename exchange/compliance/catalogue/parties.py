"""Chapter P: who takes part."""

from __future__ import annotations

import datetime as dt

from exchange.compliance.case import ListingCase, TradeCase
from exchange.compliance.rule import Answer, Rule, Severity, Stage, clear, fired, unknown
from exchange.grading import Grade, at_least
from exchange.participants import Participant, Role, Standing, is_credit_code


def supplier_verified(case: ListingCase) -> Answer:
    """P-01: the supplier is admitted as one, its identity verified over documents."""
    if case.supplier is None:
        return unknown("the supplier is not known")
    return _verified(case.supplier, Role.SUPPLIER, case.on)


def buyer_verified(case: TradeCase) -> Answer:
    """P-02: the buyer is verified to the same level."""
    if case.buyer is None:
        return unknown("the buyer is not known")
    return _verified(case.buyer, Role.BUYER, case.on)


def _verified(participant: Participant, role: Role, on: dt.date) -> Answer:
    if participant.standing is not Standing.ADMITTED or role not in participant.roles:
        return fired(f"the {role} is not admitted as one", "participant")
    if not participant.name or not participant.public_key:
        return fired(f"the {role} has no name or no key on record", "participant")
    if not is_credit_code(participant.credit_code):
        return fired(f"the {role}'s unified social credit code fails its check", "participant")
    if not participant.verified(on):
        return fired(f"the {role}'s identity was not verified, or that has ended", "participant")
    return clear()


def duty_holder_named(case: ListingCase) -> Answer:
    """P-05: a contact is named, and for important data an officer."""
    if not case.sheet.contact:
        return fired("no contact is named", "sheet.contact")
    important = at_least(case.sheet.grade, Grade.IMPORTANT)
    if important and not case.sheet.approvals.get("data-security-officer"):
        return fired("no officer for important data is named", "sheet.approvals")
    return clear()


RULES = (
    Rule(
        id="P-01",
        statement="Supplier identity verified: legal name + USCC (GB 32100-2015 check digit) "
        "+ licence + authorised signatory",
        basis={"CN": "DSL 33, 47", "EU": "DGA 11, 12(f)"},
        severity=Severity.BLOCK,
        check=supplier_verified,
        evidence="licence file hash, USCC, signer",
        unlock="an identity verified over documents, and admission as a supplier",
    ),
    Rule(
        id="P-02",
        statement="Buyer identity verified to the same level before any order",
        basis={"CN": "DSL 33", "EU": "DGA 12(j)"},
        severity=Severity.BLOCK,
        check=buyer_verified,
        evidence="as P-01",
        unlock="an identity verified over documents, and admission as a buyer",
        stage=Stage.TRADE,
    ),
    Rule(
        id="P-05",
        statement="Data-security duty holder and contact named (important data: responsible "
        "person + body)",
        basis={"CN": "DSL 27; NDSMR 30", "EU": "GDPR 37-39"},
        severity=Severity.BLOCK,
        check=duty_holder_named,
        evidence="contact record",
        unlock="a contact; for important data also the approval data-security-officer",
    ),
)
