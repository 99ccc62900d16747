"""Explaining a product's standing: every rule, its evidence, who signed, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from exchange.compliance import Review
from exchange.compliance.explanation import Explained, explain_listing, reviewed
from exchange.errors import Broken
from exchange.ports import Floor, UnitOfWork
from exchange.quality import QualityReport
from exchange.registration import Product
from exchange.services.build_case import listing_case
from ledger.entries import Entry

# Which entries of a product a field of its case is taken from; the newest of each kind counts.
SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sheet": ("sheet.submitted",),
        "profile": ("inspection.recorded",),
        "quality": ("quality.measured", "inspection.recorded"),
        "measured": ("quality.measured",),
        "papers": ("document.attached", "document.verified"),
        "parents": ("product.registered",),
        "operates": ("product.registered", "right.granted"),
        "similar": ("similarity.found",),
        "reviews": ("quality.reviewed",),
        "vettings": ("listing.vetted",),
        "open_disputes": ("objection.filed", "objection.closed"),
        "notice_ended": ("notice.opened", "registration.confirmed"),
    }
)

OF_A_MERCHANT: Final = ("participant.admitted", "identity.verified")


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of the gate over one product, with the entries behind its answer."""

    explained: Explained
    evidence: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every rule with its reason, the review that they come to, and the quality measured."""

    reasons: tuple[Reason, ...]
    review: Review
    quality: QualityReport


def explain_product(product: Product, *, work: UnitOfWork, floor: Floor) -> Explanation:
    """Return what every rule in force says of a product today, with its evidence.

    Each rule is asked once.  Raises `BadField` for a product without a spec sheet.
    """
    case = listing_case(product, work=work, floor=floor)
    if case.quality is None:  # it was measured a moment ago
        raise Broken(f"{product.number}: nothing was measured")
    told = explain_listing(case, floor.pack)
    reasons = tuple(Reason(each, _evidence(each, product, work)) for each in told)
    return Explanation(reasons, reviewed(told, case, floor.pack), case.quality)


def _evidence(explained: Explained, product: Product, work: UnitOfWork) -> tuple[Entry, ...]:
    found = {
        entry.leaf: entry
        for name in sorted(explained.read)
        for entry in _behind(name, explained.finding.rule, product, work)
    }
    return tuple(found.values())


def _behind(name: str, rule: str, product: Product, work: UnitOfWork) -> Iterator[Entry]:
    store, subject = work.chain.store, f"product/{product.number}"
    if name == "attestations":  # of this very sheet; those that name the rule, if any does
        found = [
            entry
            for entry in store.of_kind(subject, "compliance.attested")
            if entry.facts["sheet"] == product.sheet
        ]
        yield from [entry for entry in found if rule in entry.facts["rules"]] or found
        return
    if name == "supplier":
        subject = f"participant/{product.supplier}"
    for kind in OF_A_MERCHANT if name == "supplier" else SOURCES.get(name, ()):
        newest = next(iter(store.of_kind(subject, kind)), None)
        if newest:
            yield newest
