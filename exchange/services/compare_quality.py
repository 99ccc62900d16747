"""System and experts side by side, and one delivery of a product beside the one before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from exchange.errors import Forbidden
from exchange.listing import ListingState
from exchange.participants import Participant, Role
from exchange.ports import UnitOfWork
from exchange.profile import Profile
from exchange.quality import QualityReport, QualityReview, measure
from exchange.quality.drift import Drift, drift
from exchange.records import read_stored, to_record
from exchange.registration import Product
from exchange.services.assess_product import reviews_of
from exchange.services.measure_quality import measured_of, quality_of
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import SpecSheet
from ledger.entries import Entry

_JUDGES = frozenset({Role.OPERATOR, Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT})


@dataclass(frozen=True, slots=True)
class Opinion:
    """One score of an expert beside the system's; `dimension` is "" for the whole.

    `system` is None where the system could not measure, and `difference` then too.
    """

    expert: str
    dimension: str
    score: Decimal
    system: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """The expert's score less the system's."""
        return None if self.system is None else self.score - self.system

    @property
    def record(self) -> dict[str, str | None]:
        """The JSON form."""
        return {
            "expert": self.expert,
            "dimension": self.dimension,
            "score": str(self.score),
            "system": None if self.system is None else str(self.system),
            "difference": None if self.difference is None else str(self.difference),
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """One version of a product's data: what was inspected when, and how it differs.

    `score` is against the sheet that was signed for it, None without one; `drift` is from the
    delivery before, None for the first.
    """

    entry: Entry
    profile: Profile
    score: Decimal | None
    drift: Drift | None

    @property
    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "time": self.entry.time,
            "data": self.profile.data,
            "rows": self.profile.rows,
            "score": None if self.score is None else str(self.score),
            "drift": to_record(self.drift) if self.drift else None,
            "verdict": str(self.drift.verdict) if self.drift else None,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the exchange says of a product's quality on one day."""

    report: QualityReport
    opinions: tuple[Opinion, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def record(self) -> dict[str, Any]:
        """The JSON form, as the API and the command print it."""
        return {
            "score": str(self.report.score),
            "report": to_record(self.report),
            "experts": [each.record for each in self.opinions],
            "deliveries": [each.record for each in self.deliveries],
        }


def compare_quality(product: Product, *, on: dt.date, work: UnitOfWork) -> Comparison:
    """Return the report as of a day, what experts say beside it, and every delivery, oldest first.

    Raises `BadField` for a product without a sheet.
    """
    report = quality_of(product, sheet_of(product, work), on=on, work=work)
    standing = [
        review
        for review in reviews_of(product, work)
        if (review.sheet, review.data) == (product.sheet, product.data)
    ]
    return Comparison(
        report=report,
        opinions=tuple(each for review in standing for each in _opinions(review, report)),
        deliveries=tuple(_deliveries(product, on, work)),
    )


def require_unblinded(reader: Participant, product: Product, work: UnitOfWork) -> None:
    """Raise `Forbidden` for who may not see the quality of a product yet.

    What is on the board everybody may see.  Before, its supplier may, and who judges it; but a
    quality expert first scores this sheet and this data, so that the score is its own.
    """
    if product.listing is ListingState.LISTED or reader.id == product.supplier:
        return
    reader.require()
    if reader.roles.isdisjoint(_JUDGES):
        raise Forbidden(f"the quality of {product.number} is open to its supplier and assessors")
    if is_blind(reader, product, work):
        raise Forbidden(
            f"{reader.handle} reviews {product.number} first: the system's figures are held back "
            "from an expert until then",
            rules=("Q-10",),
        )


def is_blind(reader: Participant, product: Product, work: UnitOfWork) -> bool:
    """Whether the system's figures are held back from a reader: an expert who has yet to score."""
    if Role.QUALITY_EXPERT not in reader.roles or reader.id == product.supplier:
        return False
    return product.listing is not ListingState.LISTED and not any(
        (review.expert, review.sheet, review.data) == (reader.id, product.sheet, product.data)
        for review in reviews_of(product, work)
    )


def _opinions(review: QualityReview, report: QualityReport) -> Iterator[Opinion]:
    yield Opinion(review.expert, "", review.score, report.score)
    measured = {dimension.name: dimension.ratio for dimension in report.measured}
    for aspect, score in review.dimensions.items():
        yield Opinion(review.expert, str(aspect), score, measured.get(str(aspect)))


def _deliveries(product: Product, on: dt.date, work: UnitOfWork) -> Iterator[Delivery]:
    subject = f"product/{product.number}"
    inspected = list(work.chain.store.of_kind(subject, "inspection.recorded"))
    before: Profile | None = None
    for entry in reversed(inspected):
        profile = read_stored(Profile, work.records.get(entry.facts["profile"]))
        sheet = _sheet_for(subject, profile.data, work)
        score = None
        if sheet is not None:
            measured = measured_of(product.number, sheet.digest, profile.data, work)
            score = measure(sheet, profile, on, measured=measured).score
        yield Delivery(entry, profile, score, drift(before, profile) if before else None)
        before = profile


def newest_drift(product: Product, work: UnitOfWork) -> Drift | None:
    """Return how the newest delivery differs from the one before it; None for the first."""
    inspected = work.chain.store.of_kind(f"product/{product.number}", "inspection.recorded")
    entries = list(islice(inspected, 2))
    if len(entries) == 1:
        return None
    after, before = (
        read_stored(Profile, work.records.get(entry.facts["profile"])) for entry in entries
    )
    return drift(before, after)


def _sheet_for(subject: str, data: str, work: UnitOfWork) -> SpecSheet | None:
    """Return the newest sheet that was signed for this data."""
    for entry in work.chain.store.of_kind(subject, "sheet.submitted"):
        if entry.facts["data"] == data:
            return read_stored(SpecSheet, work.records.get(entry.facts["sheet"]))
    return None
