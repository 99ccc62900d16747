"""Chapter M: what a spec sheet must say before it may stand on a board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from exchange.completeness import Blank, Known, asked_before_listing
from exchange.compliance.case import ListingCase
from exchange.compliance.evidence import Party
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired, unknown
from exchange.documents import DocumentKind
from exchange.profile import Profile

_UNINSPECTED: Final = cast("Profile", Blank("the data was not inspected"))
_NOBODY: Final = Blank("the supplier is not known")
_UNDRAWN: Final = Blank("whether a sample was drawn is not known")
_UNTRACED: Final = Blank("what it is derived from is not known")
_NONE: Final = frozenset[DocumentKind]()


def coded(supplier: Party) -> bool:
    """Whether a supplier stands in the register under a unified social credit code or an LEI."""
    return supplier.named and supplier.coded


def disclosed(case: ListingCase, *, identified: Callable[[Party], bool] = coded) -> Answer:
    """M-01: every field that counts and is due before a listing is filled.

    What the case does not know leaves a field undecided; one that is empty all the same is told.
    """
    profile, supplier, papers = case.profile, case.supplier, case.papers
    asked = asked_before_listing(
        Known(
            sheet=case.sheet,
            profile=profile or _UNINSPECTED,
            digests=(case.sheet_digest, profile.data, case.pack_digest) if profile else (),
            supplier_identified=_NOBODY if supplier is None else identified(supplier),
            sample=_UNDRAWN if case.sampled is None else case.sampled,
            parents=_UNTRACED if case.parents is None else bool(case.parents),
            documents=_standing(case) if papers else _NONE,
            void=frozenset(paper.digest for paper in papers if case.lack(paper.digest)),
        )
    )
    if asked.missing:
        told = [f"{each.code} {each.zh} {each.en} ({each.how})" for each in asked.missing]
        codes = ", ".join(each.code for each in asked.missing)
        return fired(f"the sheet does not fill {'; '.join(told)}", f"sheet: {codes}")
    if asked.unseen:
        return unknown("; ".join(asked.unseen))
    return clear(f"{asked.asked} fields of the sheet are filled")


def _standing(case: ListingCase) -> frozenset[DocumentKind]:
    return frozenset(kind for kind in DocumentKind if case.paper(kind))


RULES = (
    Rule(
        id="M-01",
        statement="The sheet is complete: every mandatory field is filled, and every conditional "
        "one where its condition holds, but for what the listing itself brings about",
        basis={
            "CN": "Shanghai Data Regs 52, 67; SDE 数据产品说明书",
            "EU": "Data Act 33(1)(a)",
        },
        severity=Severity.BLOCK,
        check=disclosed,
        evidence="the sheet's 45 fields, counted",
        unlock="a sheet signed anew that fills the fields the finding names, each by what "
        "stands behind it",
    ),
)
