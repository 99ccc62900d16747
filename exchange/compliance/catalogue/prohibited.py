"""Chapter C: content that no machine here can judge, so that an assessor answers for it."""

from __future__ import annotations

import datetime as dt
from functools import partial

from exchange.compliance.case import ListingCase
from exchange.compliance.rule import Answer, Rule, Severity, unknown


def _attested(rule: str, case: ListingCase) -> Answer:
    return case.signed(rule, unknown("no assessor has answered for it"))


_UNLOCK = "an attestation that names the rule"
_ANNEX_IN_FORCE = dt.date(2026, 7, 1)  # GB/T 37932-2025

RULES = (
    Rule(
        id="C-01",
        statement="Nothing in the prohibited catalogue A.1 (state security, social stability, "
        "illegal goods)",
        basis={
            "CN": "GB/T 37932-2025 (2026-07-01) prohibited-data annex [text read from 2023 draft "
            "App. A]; CSL 49, 50",
            "EU": "DSA 9, 16",
        },
        severity=Severity.BLOCK,
        check=partial(_attested, "C-01"),
        evidence="content scan + statement",
        unlock=_UNLOCK,
        effective_from=_ANNEX_IN_FORCE,
    ),
    Rule(
        id="C-02",
        statement="Nothing infringing specific persons (A.2) or enterprises (A.3)",
        basis={"CN": "GB/T 37932-2025 annex; Shanghai Data Regs 55(1)", "EU": "GDPR 82"},
        severity=Severity.BLOCK,
        check=partial(_attested, "C-02"),
        evidence="statement",
        unlock=_UNLOCK,
        effective_from=_ANNEX_IN_FORCE,
    ),
    Rule(
        id="C-03",
        statement="No tool/data specially for crime",
        basis={"CN": "NDSMR 8; CSL 48", "EU": "-"},
        severity=Severity.BLOCK,
        check=partial(_attested, "C-03"),
        evidence="statement",
        unlock=_UNLOCK,
    ),
)
