"""Listing: no compliance, no listing (不合规不挂牌).

The verdict is recorded whichever way it falls: a refusal is a decision of the exchange, and its
reasons stand on the chain as those of a listing do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from exchange.compliance import ListingCase, Review, review_listing
from exchange.compliance.archive import keep
from exchange.compliance.lapse import lasts
from exchange.errors import Broken, Forbidden, NotCompliant, Refused
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.quality import QualityReport
from exchange.records import read_stored, to_record
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.attach_document import with_verifiers
from exchange.services.build_case import listing_case, reach_of, standing_case
from exchange.services.charge_service import charge, due_of
from exchange.services.explain_listing import unasked_words
from exchange.services.explain_suspension import ended_words, off_board
from exchange.services.publish_sample import publish_shown
from exchange.services.register_product import confirm_registration
from exchange.services.renew_registration import require_registered
from exchange.services.search_board import show_on_board
from exchange.services.submit_sheet import sheet_of
from exchange.services.suspend_listing import REASON_MAX, suspend_for_house
from ledger.acts import SignedAct, format_time, parse_time
from ledger.canonical import encode
from ledger.entries import Entry
from ledger.grades import unpermitted
from ledger.registry import lineage_of, registered_until, sources_over, why_circular
from ledger.rights import unprocessed
from ledger.view import View


def list_product(signed: SignedAct, *, floor: Floor) -> tuple[Product, Review]:
    """Judge a product at its supplier's request and put it on the board, or refuse.

    Raises `NoticeRunning` while the public notice runs (nothing is recorded then) and
    `NotCompliant` with the ids of the rules that block; that verdict is on the chain, and costs
    nothing.  `InsufficientFunds` where the fee for a listing is not there; what was on the board
    before with the same sheet and data returns free.
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
        if product.listing is ListingState.LISTED:
            ended = ended_words(product, work=work, floor=floor)
            if ended:  # and no entry has said so yet
                product = suspend_for_house(product, ended[:REASON_MAX], work=work, floor=floor)
        product.listing_moved(ListingState.LISTED)
        if circular := why_circular(work.chain.store, f"product/{product.number}"):
            raise Refused(f"{circular}: it cannot be listed")
        sheet_of(product, work)  # says that there is none in words, before the act is looked at
        due = due_of(signed, actor, work=work, floor=floor)
        product = confirm_registration(product, work=work, floor=floor)
        request = record(signed, work=work, floor=floor)
        product, review = _decide(product, work=work, floor=floor)
        if review.passed:
            charge(due, request, work=work, floor=floor)
    review.require_passed()
    return product, review


def _review_after(request: Entry, work: UnitOfWork) -> Review:
    """Return the review that a request brought about, from its record."""
    verdicts = work.chain.store.of_kind(request.subject, "compliance.verdict")
    first = min((v for v in verdicts if v.version > request.version), key=lambda v: v.version)
    return read_stored(Review, work.records.get(first.facts["review"]))


def putting(work: UnitOfWork) -> Callable[[bytes, bool], str]:
    """Return what stores a record in a unit of work, publicly or not."""
    return lambda data, public: work.records.put(data, public=public)


@dataclass(frozen=True, slots=True)
class Judged:
    """A product as it stands: its case, what the rules say of it, the quality measured."""

    case: ListingCase
    review: Review
    quality: QualityReport


def judge(product: Product, *, work: UnitOfWork, floor: Floor) -> Judged:
    """Review a product as it stands today, on the board or before a request; changes nothing."""
    case = standing_case(product, work=work, floor=floor)
    if case.quality is None:  # it was measured a moment ago
        raise Broken(f"{product.number}: nothing was measured")
    return Judged(case, review_listing(case, floor.pack), case.quality)


def judge_and_keep(
    product: Product, *, work: UnitOfWork, floor: Floor
) -> tuple[Review, str, dt.date]:
    """Review a product, and keep the case and the review on record.

    Returns the review, the digest of its record, and the last day on which it holds.  Raises
    `NotCompliant`, and keeps nothing, where it passes without a word that the record needs, or for
    purposes that what it comes from does not allow, or where the term of that is over.
    """
    case = listing_case(product, work=work, floor=floor)
    review = review_listing(case, floor.pack)
    beside = [each.words for each in unasked_words(case, review, floor=floor)]
    if review.passed:
        now = format_time(floor.clock())
        store, subject = work.chain.store, f"product/{product.number}"
        beside += [*sources_over(store, subject, now), *unpermitted(store, product.number, now)]
    if beside:
        raise NotCompliant("; ".join(beside))
    kept = keep(case, sheet=product.sheet or "", profile=product.profile, put=putting(work))
    review = replace(review, case=kept)
    stored = work.records.put(encode(to_record(review)), public=True)
    last = case.on
    if review.passed:
        last = lasts_in_its_grants(lasts(case, floor.pack), product, work=work, floor=floor)
    return review, stored, last


def unfounded(store: View, product: str, at: str) -> Iterator[str]:
    """Say what a product lacks at a time of what it comes from: rights, running terms, purposes."""
    subject = f"product/{product}"
    yield from unprocessed(store, subject, at)
    yield from sources_over(store, subject, at)
    yield from unpermitted(store, product, at)


def lasts_in_its_grants(
    last: dt.date, product: Product, *, work: UnitOfWork, floor: Floor
) -> dt.date:
    """Return the last whole day, up to `last`, on which each may process what it derived from.

    It may for all that the product's sheet is for, and wherever, while the registration of that
    runs.  What ends today leaves it today.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    sheet = sheet_of(product, work)
    ends = {
        grant.facts["until"]
        for ancestor in lineage_of(store, subject)
        for grant in store.of_kind(ancestor, "right.granted")
    }
    terms = (registered_until(store, each) for each in lineage_of(store, subject))
    ends |= {until for until in terms if until}
    now, horizon = format_time(floor.clock()), f"{last + dt.timedelta(days=1)}T00:00:00Z"
    for end in sorted(each for each in ends if now <= each < horizon):
        ended = parse_time(end, "until") + dt.timedelta(seconds=1)
        after = format_time(ended)
        if any(unfounded(store, product.number, after)) or reach_of(sheet, product, after, work):
            return max(floor.clock().date(), ended.date() - dt.timedelta(days=1))
    return last


def verdict_facts(product: Product, review: Review, stored: str) -> dict[str, Any]:
    """Return what the house signs of a review: the verdict."""
    return {
        "sheet": product.sheet,
        "data": product.data,
        "pack": review.pack_digest,
        "outcome": "passed" if review.passed else "refused",
        "fired": [finding.rule for finding in review.blocking] or ([] if review.passed else ["?"]),
        "review": stored,
        "on": review.on.isoformat(),
    }


def _decide(product: Product, *, work: UnitOfWork, floor: Floor) -> tuple[Product, Review]:
    subject = f"product/{product.number}"
    review, stored, last = judge_and_keep(product, work=work, floor=floor)
    verdict = verdict_facts(product, review, stored)
    entry = record_for_house("compliance.verdict", subject, verdict, work=work, floor=floor)
    if review.passed:
        bound = {"sheet": product.sheet, "data": product.data}
        entry = record_for_house("listing.published", subject, bound, work=work, floor=floor)
        publish_shown(product, work)
        product = replace(
            with_verifiers(product, work).listing_moved(ListingState.LISTED),
            listed_at=format_time(floor.clock()),
            valid_until=last.isoformat(),
        )
    product = product.at(entry)
    work.products.put(product)
    if review.passed:
        show_on_board(product, work=work)
    return product, review


def require_listed(product: Product, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `NotCompliant` unless the product is on the board and its verdict still holds.

    What was on the board before says why it is there no more.
    """
    require_registered(product, floor=floor)
    if product.listing is not ListingState.LISTED:
        left = off_board(product, work=work, floor=floor)
        why = f": {left.words}" if left else ""
        raise NotCompliant(f"{product.number} is {product.listing}, not on the board{why}")
    if ended := ended_words(product, work=work, floor=floor):
        raise NotCompliant(f"{product.number}: {ended}", rules=("T-05",), lapsed=product.number)
