"""Chapter V: the exchange's own reviewer has looked, beside the assessor from outside."""

from __future__ import annotations

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import NOT_INSPECTED
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired, unknown
from exchange.vetting import Decision


def vetted(case: ListingCase) -> Answer:
    """V-01: the latest decision of an independent reviewer over this very case is to approve."""
    if case.profile is None:
        return NOT_INSPECTED
    if case.vettings is None:
        return unknown("whether a reviewer of the exchange has looked is not known")
    latest = case.latest_vetting
    if latest is None:
        return fired("no independent reviewer of the exchange has decided on this sheet and data")
    if latest.decision is not Decision.APPROVED:
        return fired(
            f"a reviewer of the exchange has {latest.decision} it",
            f"chain version {latest.version}",
        )
    return clear("a reviewer of the exchange approved it", f"chain version {latest.version}")


RULES = (
    Rule(
        id="V-01",
        statement="A reviewer of the exchange, who is neither the supplier nor an assessor of the "
        "product, has approved this sheet and this data",
        basis={
            "CN": "DSL 33, 47; Shanghai Data Regs 67; SDE double vetting (law firm + exchange)",
            "EU": "DGA 12(a), (g)",
        },
        severity=Severity.BLOCK,
        check=vetted,
        evidence="signed decision with its checklist",
        unlock="an approval by an admitted reviewer of the exchange",
    ),
)
