"""Chapter R: what unified registration found of the data."""

from __future__ import annotations

from exchange.compliance.case import ListingCase
from exchange.compliance.rule import Answer, Rule, Severity, clear, fired, unknown
from exchange.registration import percent, together_ppm
from ledger.similarity import LARGELY

# What unlocks it, once the notice has run and while it runs: how a parent is named then.
_CHANGED = (
    "a change of the registration that names the other product among the parents, by the supplier"
    " with the right to process it, or an assessor's attestation that names the rule"
)
_CLAIMED = (
    "the claim taken back and made anew with the other product among the parents, by the supplier"
    " with the right to process it, or a change that names it once the notice has run, or an"
    " assessor's attestation that names the rule"
)


def independent_source(case: ListingCase) -> Answer:
    """R-01: what largely stands in another's registration is derived from it, or attested.

    Likewise what stands in one of the supplier's own that names parents which this one does not.

    It may be cut from several of them, of which none holds much of it: what stands in all of them
    together counts.  Older registrations alone do, since the search at registration sees no others.
    """
    if case.similar is None:
        return unknown("whether the data is like registered data is not known")
    foreign = [each for each in case.similar if not each.own and not each.declared]
    largely = [each for each in foreign if max(each.of_this_ppm, each.of_other_ppm) >= LARGELY]
    together = together_ppm(each.of_this_ppm for each in foreign)
    if not largely and together < LARGELY:
        return clear()
    named = largely or foreign
    words = "; ".join(each.words for each in named[:3])
    if not largely:
        words = (
            f"others' registrations together hold at most {percent(together)} of the rows; {words}"
        )
    where = ", ".join(each.product for each in named)
    unlock = _CHANGED if case.notice_ended else _CLAIMED
    return case.signed("R-01", fired(words, f"similarity.found: {where}", unlock=unlock))


RULES = (
    Rule(
        id="R-01",
        statement="Data that largely stands in another supplier's registration is declared as "
        "derived from it, or an assessor attests the independent source",
        basis={"CN": "Shanghai Data Regs 55(2), 67; 统一登记", "EU": "Database Dir. 96/9 art. 7"},
        severity=Severity.ATTEST,
        check=independent_source,
        evidence="what the search at registration found, on the chain",
        unlock="the other product among the parents, or an assessor's attestation",
    ),
)
