"""System and experts side by side, a product's sheets and deliveries one beside another."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from exchange.compliance import Review
from exchange.compliance.archive import quality_in
from exchange.errors import Forbidden
from exchange.listing import ListingState
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.quality import QualityReport, QualityReview, measure
from exchange.quality.drift import Drift, drift
from exchange.records import read_stored, to_record
from exchange.registration import Product
from exchange.services.assess_product import reviews_of
from exchange.services.explain_listing import obstacles
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
class Version:
    """One signed sheet, and one of its listings, if it had any: the scores it was listed with.

    `signed` is the entry of the sheet and `listed` that of the listing.  `score` is the system's as
    of the day of the listing, from the case that its verdict was reached from, None where it was
    not listed; `experts` are theirs of this sheet and data.  `today` is what the system measures of
    the same sheet and data on the day that is asked for.
    """

    number: int
    signed: Entry
    listed: Entry | None
    score: Decimal | None
    experts: tuple[Decimal, ...]
    today: Decimal

    @property
    def record(self) -> dict[str, Any]:
        """The JSON form."""
        return {
            "version": self.number,
            "sheet": self.signed.facts["sheet"],
            "data": self.signed.facts["data"],
            "signed": self.signed.time,
            "listed": self.listed and self.listed.time,
            "score": None if self.score is None else str(self.score),
            "experts": [str(score) for score in self.experts],
            "today": str(self.today),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything the exchange says of a product's quality on one day.

    `report` is None where no sheet stands over the data that is registered.
    """

    report: QualityReport | None
    opinions: tuple[Opinion, ...]
    deliveries: tuple[Delivery, ...]
    versions: tuple[Version, ...]

    @property
    def record(self) -> dict[str, Any]:
        """The JSON form, as the API and the command print it."""
        return {
            "score": str(self.report.score) if self.report else None,
            "report": to_record(self.report) if self.report else None,
            "experts": [each.record for each in self.opinions],
            "deliveries": [each.record for each in self.deliveries],
            "sheets": [each.record for each in self.versions],
        }


def compare_quality(product: Product, *, on: dt.date, work: UnitOfWork) -> Comparison:
    """Return the report as of a day, what experts say beside it, and what stood, oldest first."""
    report = None
    if product.sheet:
        report = quality_of(product, sheet_of(product, work), on=on, work=work)
    standing = [
        review
        for review in reviews_of(product, work)
        if (review.sheet, review.data) == (product.sheet, product.data)
    ]
    return Comparison(
        report=report,
        opinions=tuple(each for review in standing if report for each in _opinions(review, report)),
        deliveries=tuple(_deliveries(product, on, work)),
        versions=tuple(_versions(product, on, work)),
    )


def pending_of(product: Product, *, work: UnitOfWork, floor: Floor) -> tuple[str, ...]:
    """Say what of a product waits before its quality is that of a listing; nothing on the board."""
    if product.listing is ListingState.LISTED:
        return ()
    found = [each.words for each in obstacles(product, work=work, floor=floor)]
    if product.sheet:
        signed = list(work.chain.store.of_kind(f"product/{product.number}", "sheet.submitted"))
        found.append(f"version {len(signed)} of its spec sheet is not on the board")
    return tuple(found)


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


def _versions(product: Product, on: dt.date, work: UnitOfWork) -> Iterator[Version]:
    store, subject = work.chain.store, f"product/{product.number}"
    signed = list(store.of_kind(subject, "sheet.submitted"))[::-1]
    published = list(store.of_kind(subject, "listing.published"))[::-1]
    reviewed = list(store.of_kind(subject, "quality.reviewed"))[::-1]
    inspected = list(store.of_kind(subject, "inspection.recorded"))
    for number, entry in enumerate(signed, 1):
        over = signed[number].version if number < len(signed) else sys.maxsize
        digest, data = entry.facts["sheet"], entry.facts["data"]
        looked = next(
            each for each in inspected if each.version < over and each.facts["data"] == data
        )
        today = measure(
            read_stored(SpecSheet, work.records.get(digest)),
            read_stored(Profile, work.records.get(looked.facts["profile"])),
            on,
            measured=measured_of(product.number, digest, data, work),
        ).score
        listings: list[Entry | None] = [
            each for each in published if entry.version < each.version < over
        ]
        for listed in listings or [None]:
            last = listed.version if listed else over
            said = {
                each.actor: Decimal(each.facts["score"])
                for each in reviewed
                if entry.version < each.version < last
            }
            score = _score_signed(listed, work) if listed else None
            yield Version(number, entry, listed, score, tuple(said.values()), today)


def _score_signed(listed: Entry, work: UnitOfWork) -> Decimal | None:
    """Return the score of the case that a listing rests on, None where that is not on record."""
    verdicts = work.chain.store.of_kind(listed.subject, "compliance.verdict")
    verdict = next(each for each in verdicts if each.version < listed.version)
    case = read_stored(Review, work.records.get(verdict.facts["review"])).case
    report = quality_in(case, work.records.get) if case else None
    return report.score if report else None


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
