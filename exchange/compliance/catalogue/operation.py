"""Chapter O: what the exchange itself offers and keeps ready."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from exchange.compliance.case import Case, TradeCase
from exchange.compliance.catalogue.intake import UNANSWERED
from exchange.compliance.evidence import is_digest
from exchange.compliance.rule import Answer, Method, Rule, Severity, Stage, clear, fired, unknown

APART_MAX: Final = Decimal("0.2")  # a proposal: of what another was asked on the same terms

_PLATFORM_UNKNOWN = unknown("what the exchange offers is not known")


def complaints_heard(case: Case) -> Answer:
    """O-01: there is an address for complaints; an objection freezes what it is about."""
    if case.platform is None:
        return _PLATFORM_UNKNOWN
    if not case.platform.complaints:
        return fired("the exchange names no address for complaints", "complaints")
    return clear()


def incidents_planned(case: Case) -> Answer:
    """O-02: an assessor has read the plan for incidents, named by its SHA-256 or not."""
    if case.platform is None:
        return _PLATFORM_UNKNOWN
    if is_digest(case.platform.incident_plan):
        return case.signed("O-02", UNANSWERED)
    unnamed = fired("the exchange names no plan for incidents by its SHA-256", "incident_plan")
    return case.signed("O-02", unnamed)


def priced_alike(case: TradeCase) -> Answer:
    """O-03: on the same terms one is not asked much more than another."""
    if case.price is None or case.prices is None:
        return unknown("what others were asked is not known")
    price = case.price
    others = [other.minor for other in case.prices if other.currency is price.currency]
    if any(abs(price.minor - other) > APART_MAX * max(price.minor, other) for other in others):
        return fired("another was asked a price more than a fifth apart on the same terms", "price")
    return clear()


RULES = (
    Rule(
        id="O-01",
        statement="Complaint and take-down channel; freeze on notice",
        basis={"CN": "CSL 51; NDSMR 20", "EU": "DSA 16; GDPR 77"},
        severity=Severity.BLOCK,
        check=complaints_heard,
        evidence="contact + SLA",
        unlock="the setting complaints",
        stage=Stage.PLATFORM,
    ),
    Rule(
        id="O-02",
        statement="Incident plan and notification clock",
        basis={"CN": "NDSMR 11; PIPL 57; DSL 29", "EU": "GDPR 33 (72 h)"},
        severity=Severity.ATTEST,
        check=incidents_planned,
        evidence="plan hash",
        unlock="an attestation that names the rule",
        stage=Stage.PLATFORM,
        method=Method.ATTEST,
    ),
    Rule(
        id="O-03",
        statement="Fee/price: supplier may set price; no unreasonable "
        "differential treatment by automated decision",
        basis={"CN": "Shanghai Data Regs 57, 24; PIPL 24", "EU": "GDPR 22"},
        severity=Severity.ADVISE,
        check=priced_alike,
        evidence="price log",
        unlock="one price for the same terms",
        stage=Stage.TRADE,
    ),
)
