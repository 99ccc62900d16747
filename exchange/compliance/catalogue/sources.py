"""Chapter S: where the data comes from, and by which right it is sold."""

from __future__ import annotations

import datetime as dt

from exchange.compliance.case import ListingCase
from exchange.compliance.catalogue.intake import ASSESSOR, UNANSWERED
from exchange.compliance.rule import Answer, Method, Rule, Severity, clear, fired, unknown
from exchange.specsheet import ProductType, Right, SourceCode

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
_FREE = _REDISTRIBUTABLE | {"licenseref-public-domain"}

# Ways by which the raw data does not leave the supplier's domain (原始数据不出域).
IN_DOMAIN = frozenset({"sandbox", "query"})
# What is made of the data, as opposed to the data.
_MADE_OF_DATA = frozenset({ProductType.MODEL, ProductType.REPORT, ProductType.FORECAST})
PUBLIC_DATA_APPROVALS = ("public-data-agreement", "public-data-registration")


PARENTS_UNKNOWN = unknown("what the product is derived from is not known")


def _from(case: ListingCase, code: SourceCode) -> bool:
    return code in [source.code for source in case.sheet.sources]


def source_stated(case: ListingCase) -> Answer:
    """S-01: at least one source, each with words; its code is one of five by its type."""
    if not case.sheet.sources:
        return fired("no source is stated", "sheet.sources")
    if "" in [source.statement for source in case.sheet.sources]:
        return fired("a source has no statement", "sheet.sources")
    return clear()


def source_proved(case: ListingCase) -> Answer:
    """S-02: each source carries the digest of its proof, which counts and which somebody read."""
    if not case.sheet.sources:
        return unknown("no source is stated")
    for position, source in enumerate(case.sheet.sources, 1):
        lack = case.lack(source.evidence)
        if lack:
            return fired(f"the evidence of source {position} {lack}", "sheet.sources")
    counting = [paper for paper in case.papers if not paper.void(case.on)]
    verified = {paper.digest for paper in counting if paper.verified}
    if verified.issuperset([source.evidence for source in case.sheet.sources]):
        return clear("every proof was verified")
    return case.signed("S-02", unknown("nobody has verified the evidence of every source"))


def right_to_operate(case: ListingCase) -> Answer:
    """S-03: the operating right is claimed and given, for no more than any ancestor's sheet is.

    Nor for more regions than the grants are, by which the parents may be processed.
    """
    if Right.OPERATING not in case.sheet.rights:
        return fired("the right to operate the data is not claimed", "sheet.rights")
    if case.operates is None:
        return unknown("whether the chain of grants gives the operating right is not known")
    if not case.operates:
        return fired("the chain of grants does not give the operating right", "right.granted")
    for ancestor in case.ancestors:
        wider = case.sheet.conditions.wider_than(ancestor.conditions)
        if wider:
            words = f"wider than {ancestor.number}, which it comes from, in {', '.join(wider)}"
            return fired(words, "sheet.conditions")
    for words in case.out_of_reach:
        return fired(words, "right.granted")
    return clear()


def collected_fairly(case: ListingCase) -> Answer:
    """S-04: whoever collected from the public kept the site's terms; an assessor says so."""
    if not _from(case, SourceCode.PUBLIC):
        return clear()
    return case.signed("S-04", UNANSWERED)


def derived_in_substance(case: ListingCase) -> Answer:
    """S-05: a derived product names its parents, and an assessor saw that it was worked on."""
    derived = _from(case, SourceCode.DERIVED)
    if case.parents is None:
        return PARENTS_UNKNOWN
    if derived and not case.parents:
        return fired("derived data names no parent", "product.registered")
    if case.parents and not derived:
        return fired("the product has parents and no source says that it is derived", "sources")
    return case.signed("S-05", UNANSWERED) if derived else clear()


def licence_permits(case: ListingCase) -> Answer:
    """S-06: a known licence that permits passing on for money, or the supplier's own terms."""
    licence = case.sheet.licence.lower()
    if licence in _FREE:
        return clear()
    if licence in _PROPRIETARY:
        if _from(case, SourceCode.PUBLIC):
            return fired("publicly collected data needs the licence it was published under")
        return clear()
    if {"nc", "nd"} & set(licence.split("-")):
        return fired("the licence reserves commercial use or derivatives", "sheet.licence")
    return fired("the licence is not known to permit commercial redistribution", "sheet.licence")


def public_data_authorised(case: ListingCase) -> Answer:
    """S-07: agreement and registration are on record, and an assessor compared their scope."""
    if not _from(case, SourceCode.AUTHORISED):
        return clear()
    missing = [name for name in PUBLIC_DATA_APPROVALS if not case.approved(name)]
    if missing:
        return fired(f"public data without {', '.join(missing)}", "sheet.approvals")
    return case.signed("S-07", UNANSWERED)


def not_raw_public_data(case: ListingCase) -> Answer:
    """S-08: public data that is not open is delivered as what is made of it, or within a domain.

    Open is what was published under a licence that lets anyone pass it on.
    """
    if not _from(case, SourceCode.AUTHORISED):
        return clear()
    if case.sheet.basic.type in _MADE_OF_DATA:
        return clear()
    if case.sheet.licence.lower() in _FREE:
        return clear()
    if IN_DOMAIN.issuperset(case.sheet.delivery.ways):
        return clear()
    return fired("raw public data that is not open may not be delivered", "sheet.delivery.ways")


def no_secrets_of_others(case: ListingCase) -> Answer:
    """S-09: an assessor answers for it that nobody's trade secret is sold."""
    return case.signed("S-09", UNANSWERED)


def undisputed(case: ListingCase) -> Answer:
    """S-10: the public notice has ended and no dispute is open, over a parent neither."""
    if case.open_disputes is None or case.notice_ended is None:
        return unknown("whether anyone disputes the product is not known")
    if case.parents is None:
        return PARENTS_UNKNOWN
    disputed = [parent.disputed for parent in case.parents]
    if case.open_disputes or True in disputed:
        return fired("a dispute over the product or a parent is open")
    if None in disputed:
        return unknown("whether anyone disputes a parent is not known")
    if not case.notice_ended:
        return unknown("the public notice is still running")
    return clear()


RULES = (
    Rule(
        id="S-01",
        statement="Source stated, one of: self-produced, public collection, "
        "authorised operation, purchased, derived",
        basis={"CN": "DSL 32, 33; SDE sheet 来源描述 01-04", "EU": "GDPR 14; DGA 12"},
        severity=Severity.BLOCK,
        check=source_stated,
        evidence="source code + statement",
        unlock="a statement for every source",
    ),
    Rule(
        id="S-02",
        statement="Each source has its evidence type (collection record / terms "
        "snapshot / authorisation contract / purchase contract / "
        "lineage hashes)",
        basis={"CN": "DSL 32, 33", "EU": "GDPR 5(2)"},
        severity=Severity.BLOCK,
        check=source_proved,
        evidence="evidence file hashes",
        unlock="the SHA-256 of the evidence of every source, each verified (attached anew, where "
        "it was withdrawn or found not to hold), or an attestation that names the rule",
        method=Method.BOTH,
    ),
    Rule(
        id="S-03",
        statement="Right holder consents: chain of grants covers term, territory, "
        "sub-licence; grant within holder right",
        basis={"CN": "Shanghai Data Regs 55(2), 12-15", "EU": "Data Act 4, 8"},
        severity=Severity.BLOCK,
        check=right_to_operate,
        evidence="grant chain on ledger",
        unlock="the operating right among the rights claimed, grants that give it, and "
        "conditions no wider than those of what the product comes from",
    ),
    Rule(
        id="S-04",
        statement="Crawled/automated collection: target terms, robots, no "
        "intrusion, impact assessed",
        basis={"CN": "NDSMR 18; Shanghai Data Regs 13", "EU": "GDPR 6(1)(f), 14; DSM Dir. 4"},
        severity=Severity.ATTEST,
        check=collected_fairly,
        evidence="terms snapshot hash + statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
    ),
    Rule(
        id="S-05",
        statement="Derived product shows substantive processing and names every "
        "parent product by hash",
        basis={"CN": "Shanghai Data Regs 49; GB/T 43697-2024 App. I", "EU": "-"},
        severity=Severity.ATTEST,
        check=derived_in_substance,
        evidence="transform description + parent hashes",
        unlock="the parents in the registration, and an attestation that names the rule",
        method=Method.BOTH,
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
        id="S-07",
        statement="Public data: authorisation agreement no. + registration no.; "
        "scope, scenario and term match",
        basis={
            "CN": "Shanghai Data Regs 44-46; 发改数据规〔2025〕26、27号 (2025-03-01)",
            "EU": "DGA 5; Open Data Dir.",
        },
        severity=Severity.BLOCK,
        check=public_data_authorised,
        evidence="agreement + registration no.",
        unlock="the approvals public-data-agreement and "
        "public-data-registration, and an attestation that names the "
        "rule",
        method=Method.BOTH,
        effective_from=dt.date(2025, 3, 1),
    ),
    Rule(
        id="S-08",
        statement="Non-open raw public data is not itself the deliverable "
        "(product/model/verification service only)",
        basis={"CN": "数据二十条 (2022-12); Shanghai Data Regs 41, 45", "EU": "DGA 5(3)"},
        severity=Severity.BLOCK,
        check=not_raw_public_data,
        evidence="delivery mode",
        unlock="a model, report or forecast, an open licence, or delivery by sandbox or query",
    ),
    Rule(
        id="S-09",
        statement="No third-party trade secret or confidential business "
        "information without consent",
        basis={
            "CN": "DSL 38; Shanghai Data Regs 54; Anti-Unfair Competition Law 9",
            "EU": "Trade Secrets Dir.; DGA 5(8)",
        },
        severity=Severity.ATTEST,
        check=no_secrets_of_others,
        evidence="statement",
        unlock=ASSESSOR,
        method=Method.ATTEST,
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
