"""Listing: no compliance, no listing (不合规不挂牌).

The verdict is recorded whichever way it falls: a refusal is a decision of the exchange, and its
reasons stand on the chain as those of a listing do.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from exchange.compliance import ListingCase, Opinion, Review, review_listing
from exchange.compliance.case import ASSESSMENT_DAYS_MAX
from exchange.errors import Forbidden, NotCompliant
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.quality import QualityReport
from exchange.records import read_record, to_record
from exchange.registration import Product, RegistrationState
from exchange.services.acting import (
    admit_act,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.assess_product import attestations_of, reviews_of
from exchange.services.find_similar import similar_of
from exchange.services.measure_quality import quality_of
from exchange.services.register_product import confirm_registration, profile_of
from exchange.services.set_grade import require_graded
from exchange.services.submit_sheet import sheet_of
from ledger.acts import SignedAct, format_time, parse_time
from ledger.canonical import decode, encode
from ledger.entries import Entry


def list_product(signed: SignedAct, *, floor: Floor) -> tuple[Product, Review]:
    """Judge a product at its supplier's request and put it on the board, or refuse.

    Raises `NoticeRunning` while the public notice runs (nothing is recorded then) and
    `NotCompliant` with the ids of the rules that block; that verdict is on the chain.
    """
    with floor.write() as work:
        actor = admit_act(signed, "listing.requested", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        recorded = work.chain.recorded(signed)
        if recorded and unchanged(recorded, signed):
            review = _review_after(recorded, work)
            review.require_passed()
            return product, review
        if actor.id != product.supplier:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        product.listing_moved(ListingState.LISTED)
        require_graded(product, work)
        product = confirm_registration(product, work=work, floor=floor)
        record(signed, work=work, floor=floor)
        review, _ = judge(product, work=work, floor=floor)
        product = _decide(product, review, work=work, floor=floor)
    review.require_passed()
    return product, review


def _review_after(request: Entry, work: UnitOfWork) -> Review:
    """Return the review that a request brought about, from its record."""
    verdicts = work.chain.store.of_kind(request.subject, "compliance.verdict")
    first = min((v for v in verdicts if v.version > request.version), key=lambda v: v.version)
    return read_record(Review, decode(work.records.get(first.facts["review"])))


def judge(product: Product, *, work: UnitOfWork, floor: Floor) -> tuple[Review, QualityReport]:
    """Review a product as it stands today; changes nothing."""
    case, quality = _case(product, work, floor)
    return review_listing(case, floor.pack), quality


def _case(product: Product, work: UnitOfWork, floor: Floor) -> tuple[ListingCase, QualityReport]:
    sheet, profile = sheet_of(product, work), profile_of(product, work)
    attestations, reviews = attestations_of(product, work), reviews_of(product, work)
    today = floor.clock().date()
    reviewers = {act.assessor for act in attestations} | {act.expert for act in reviews}
    quality = quality_of(product, sheet, on=today, work=work)
    ended = floor.clock() >= parse_time(product.notice_until, "notice")
    case = ListingCase(
        sheet=sheet,
        on=today,
        profile=profile,
        supplier=work.participants.get(product.supplier),
        reviewers={name: work.participants.get(name) for name in reviewers},
        attestations=attestations,
        reviews=reviews,
        quality=quality,
        open_disputes=int(product.registration is RegistrationState.OBJECTED),
        notice_ended=ended,
        similar=similar_of(product, work),
        pack_digest=floor.pack.digest,
    )
    return case, quality


def _decide(product: Product, review: Review, *, work: UnitOfWork, floor: Floor) -> Product:
    subject = f"product/{product.number}"
    bound = {"sheet": product.sheet, "data": product.data}
    verdict = {
        **bound,
        "pack": review.pack_digest,
        "outcome": "passed" if review.passed else "refused",
        "fired": [finding.rule for finding in review.blocking] or ([] if review.passed else ["?"]),
        "review": work.records.put(encode(to_record(review)), public=True),
        "on": review.on.isoformat(),
    }
    entry = record_for_house("compliance.verdict", subject, verdict, work=work, floor=floor)
    if review.passed:
        entry = record_for_house("listing.published", subject, bound, work=work, floor=floor)
        product = replace(
            product.listing_moved(ListingState.LISTED),
            listed_at=format_time(floor.clock()),
            valid_until=_valid_until(product, floor, work),
        )
    product = product.at(entry)
    work.products.put(product)
    return product


def _valid_until(product: Product, floor: Floor, work: UnitOfWork) -> str:
    """Return the last day on which all that the verdict rests on still runs.

    That is every attestation, and the identity of the supplier as it was verified.
    """
    passes = [
        act for act in _case(product, work, floor)[0].in_force if act.outcome is Opinion.PASSED
    ]
    longest = dt.timedelta(days=ASSESSMENT_DAYS_MAX)
    last = min(min(act.valid_until, act.issued_on + longest) for act in passes)
    supplier = work.participants.get(product.supplier)  # P-01 has held it to a verified identity
    return min(last.isoformat(), supplier.verified_until or last.isoformat())


def require_listed(product: Product, *, floor: Floor) -> None:
    """Raise `NotCompliant` unless the product is on the board and its assessment still runs."""
    if product.listing is not ListingState.LISTED:
        raise NotCompliant(f"{product.number} is {product.listing}, not on the board")
    if (product.valid_until or "") < floor.clock().date().isoformat():
        raise NotCompliant(
            f"{product.number}: its attestation ended on {product.valid_until}", rules=("T-05",)
        )
