"""Chapter S: where the data comes from, and by which right it is sold."""

from __future__ import annotations

from exchange.compliance.case import ListingCase, is_digest
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired, unknown
from exchange.specsheet import Right, SourceCode

# SPDX identifiers, in lower case, of licences that let anyone pass the data on for money.
# https://spdx.org/licenses/ compares identifiers without regard to case.
_REDISTRIBUTABLE = frozenset(
    {
        "apache-2.0",
        "bsd-2-clause",
        "bsd-3-clause",
        "cc-by-3.0",
        "cc-by-4.0",
        "cc-by-sa-3.0",
        "cc-by-sa-4.0",
        "cc0-1.0",
        "cdla-permissive-1.0",
        "cdla-permissive-2.0",
        "cdla-sharing-1.0",
        "dl-de-by-2.0",
        "dl-de-zero-2.0",
        "etalab-2.0",
        "mit",
        "mulanpsl-2.0",
        "odbl-1.0",
        "odc-by-1.0",
        "ogl-uk-3.0",
        "pddl-1.0",
    }
)
# The supplier's own terms, and works no law protects: LicenseRef- is SPDX's own escape.
_PROPRIETARY = frozenset({"proprietary", "licenseref-proprietary"})
_PUBLIC_DOMAIN = frozenset({"licenseref-public-domain"})


def source_stated(case: ListingCase) -> Answer:
    """S-01: at least one source, each with words; its code is one of five by its type."""
    if not case.sheet.sources:
        return fired("no source is stated", "sheet.sources")
    if not all(source.statement for source in case.sheet.sources):
        return fired("a source has no statement", "sheet.sources")
    return clear()


def source_proved(case: ListingCase) -> Answer:
    """S-02: each source carries the digest of its proof."""
    if not case.sheet.sources:
        return unknown("no source is stated")
    bare = [
        str(position)
        for position, source in enumerate(case.sheet.sources, 1)
        if not is_digest(source.evidence)
    ]
    if bare:
        return fired(f"no SHA-256 of the evidence for source {', '.join(bare)}", "sheet.sources")
    return clear()


def right_to_operate(case: ListingCase) -> Answer:
    """S-03: the supplier claims the operating right; the claim can be disputed (S-10)."""
    if Right.OPERATING in case.sheet.rights:
        return clear()
    return fired("the right to operate the data is not claimed", "sheet.rights")


def licence_permits(case: ListingCase) -> Answer:
    """S-06: a known licence that permits passing on for money, or the supplier's own terms."""
    licence = case.sheet.licence.lower()
    if licence in _REDISTRIBUTABLE | _PUBLIC_DOMAIN:
        return clear()
    if {"nc", "nd"} & set(licence.split("-")):
        return fired("the licence reserves commercial use or derivatives", "sheet.licence")
    if licence not in _PROPRIETARY:
        return fired(
            "the licence is not known to permit commercial redistribution", "sheet.licence"
        )
    if any(source.code is SourceCode.PUBLIC for source in case.sheet.sources):
        return fired("publicly collected data needs the licence it was published under")
    return clear()


def undisputed(case: ListingCase) -> Answer:
    """S-10: the public notice has ended and no dispute is open."""
    if case.open_disputes is None or case.notice_ended is None:
        return unknown("whether anyone disputes the product is not known")
    if case.open_disputes:
        return fired("a dispute over the product is open")
    if not case.notice_ended:
        return unknown("the public notice is still running")
    return clear()


RULES = (
    Rule(
        id="S-01",
        statement="Source stated, one of: self-produced, public collection, authorised "
        "operation, purchased, derived",
        basis={"CN": "DSL 32, 33; SDE sheet 来源描述 01-04", "EU": "GDPR 14; DGA 12"},
        severity=Severity.BLOCK,
        check=source_stated,
        evidence="source code + statement",
        unlock="a statement for every source",
    ),
    Rule(
        id="S-02",
        statement="Each source has its evidence type (collection record / terms snapshot / "
        "authorisation contract / purchase contract / lineage hashes)",
        basis={"CN": "DSL 32, 33", "EU": "GDPR 5(2)"},
        severity=Severity.BLOCK,
        check=source_proved,
        evidence="evidence file hashes",
        unlock="the SHA-256 of the evidence of every source",
    ),
    Rule(
        id="S-03",
        statement="Right holder consents: chain of grants covers term, territory, sub-licence; "
        "grant within holder right",
        basis={"CN": "Shanghai Data Regs 55(2), 12-15", "EU": "Data Act 4, 8"},
        severity=Severity.BLOCK,
        check=right_to_operate,
        evidence="grant chain on ledger",
        unlock="the operating right among the rights claimed",
    ),
    Rule(
        id="S-06",
        statement="Upstream licence permits commercial redistribution (SPDX; NC/ND/unknown fail)",
        basis={
            "CN": "Civil Code 127 & contract; Copyright Law",
            "EU": "Copyright/Database Dir. 96/9",
        },
        severity=Severity.BLOCK,
        check=licence_permits,
        evidence="SPDX id + text hash",
        unlock="an SPDX identifier of a licence that permits it, or proprietary",
    ),
    Rule(
        id="S-10",
        statement="No open ownership dispute or infringement notice on the product or a parent",
        basis={"CN": "Shanghai Data Regs 55(2)-(3)", "EU": "-"},
        severity=Severity.BLOCK,
        check=undisputed,
        evidence="ledger dispute state",
        unlock="the end of the notice and of every dispute",
    ),
)
