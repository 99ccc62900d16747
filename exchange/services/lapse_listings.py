"""Lapse: a listing stands while its verdict would fall the same way, and not a day longer.

Time alone takes a product off the board at once (`Product.as_of`); the entry that says so follows
when a writer next touches it, or when the scheduled job comes by.  The job asks every rule again,
so that a rule that has come into force, another rule pack, or evidence that has gone ends a
listing as well.  What was measured stays as it was at the verdict: other data or another sheet is
another case, and opens the gate anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from exchange.compliance import Finding, review_listing
from exchange.compliance.lapse import lasts
from exchange.compliance.wanted import words_wanted
from exchange.errors import NotCompliant
from exchange.listing import ListingState
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.recurring import in_words
from exchange.registration import Product
from exchange.services.acting import record_for_house
from exchange.services.assess_product import attestations_of, reviews_of
from exchange.services.attach_document import documents_of
from exchange.services.build_case import listing_case, standing_case
from exchange.services.explain_listing import pack_obstacle
from exchange.services.explain_suspension import ended_words, ran_out
from exchange.services.list_product import (
    judge_and_keep,
    lasts_in_its_grants,
    unfounded,
    verdict_facts,
)
from exchange.services.suspend_listing import REASON_MAX, suspend_for_house
from exchange.services.vet_listing import vettings_of
from ledger.acts import format_time
from ledger.registry import why_circular

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lapsed:
    """What a run of the job has changed: listings suspended, and listings that hold for longer.

    `shortened` are those that end sooner, `failed` says in words what could not be done.
    """

    suspended: tuple[Product, ...] = ()
    renewed: tuple[Product, ...] = ()
    shortened: tuple[Product, ...] = ()
    failed: tuple[str, ...] = ()


def lapse_listings(*, floor: Floor) -> Lapsed:
    """Ask again for every listing whether it stands; the scheduled job of the gate.

    What no longer passes is suspended with the rules that say so; what holds longer than its
    verdict said, since somebody attested it again, gets a new verdict; what ends sooner, since an
    end has come closer, is listed until then.  Each product is a transaction of its own: one that
    fails is named and keeps no other on the board.
    """
    with floor.read() as work:
        listed = [product.number for product in work.products.listed()]
    suspended: list[Product] = []
    renewed: list[Product] = []
    shortened: list[Product] = []
    failed: list[str] = []
    for number in listed:
        try:
            found = _ask_again(number, floor)
        except Exception as error:  # noqa: BLE001 - the next is asked all the same
            failed.append(f"{number}: {in_words(error)}")
        else:
            suspended += found.suspended
            renewed += found.renewed
            shortened += found.shortened
    return Lapsed(tuple(suspended), tuple(renewed), tuple(shortened), tuple(failed))


def _ask_again(number: str, floor: Floor) -> Lapsed:
    """Ask again for one product; nobody who writes waits where nothing is to be changed."""
    with floor.read() as work:
        product = work.products.get(number)
        off = why_off_board(product, work=work, floor=floor)
        if not off and _other_end(product, work=work, floor=floor) is None:
            return Lapsed()
    with floor.write() as work:
        return recheck([work.products.get(number)], work=work, floor=floor)


def recheck(
    products: Collection[Product], *, because: str = "", work: UnitOfWork, floor: Floor
) -> Lapsed:
    """Ask again for these products, within the caller's unit of work.

    `because` says what has happened, before the reason of a suspension that it may have brought.
    """
    suspended, renewed, shortened = [], [], []
    for product in products:
        if product.listing is not ListingState.LISTED:
            continue
        reason = why_off_board(product, work=work, floor=floor)
        if reason and because and not ran_out(product, floor=floor):
            reason = f"{because}: {reason}"[:REASON_MAX]
        if reason:
            suspended.append(suspend_for_house(product, reason, work=work, floor=floor))
        elif other := _other_end(product, work=work, floor=floor):
            if other > _end(product):
                renewed.append(_renew(product, work=work, floor=floor))
            else:
                shortened.append(_shortened(product, other, work))
    return Lapsed(tuple(suspended), tuple(renewed), tuple(shortened))


def recheck_resting_on(
    participant: Participant, *, because: str = "", work: UnitOfWork, floor: Floor
) -> Lapsed:
    """Ask again for every listing that a participant supplies, spoke on, or on a document of."""

    def rests(product: Product) -> bool:
        acts = {act.assessor for act in attestations_of(product, work)}
        acts |= {act.expert for act in reviews_of(product, work)}
        acts |= {document.decided_by or "" for document in documents_of(product, work)}
        acts |= {act.reviewer for act in vettings_of(product, work)}
        return participant.id in acts | {product.supplier}

    products = [product for product in work.products.listed() if rests(product)]
    return recheck(products, because=because, work=work, floor=floor)


def why_off_board(product: Product, *, work: UnitOfWork, floor: Floor) -> str:
    """Say why a listed product no longer stands; empty if it does."""
    if ended := ended_words(product, work=work, floor=floor):
        return ended[:REASON_MAX]
    store = work.chain.store
    if circular := why_circular(store, f"product/{product.number}"):
        return circular[:REASON_MAX]
    for words in unfounded(store, product.number, format_time(floor.clock())):
        return words[:REASON_MAX]
    if unjudged := pack_obstacle(work=work, floor=floor):
        return unjudged.words[:REASON_MAX]
    case = standing_case(product, work=work, floor=floor)
    return _told(review_listing(case, floor.pack).blocking)


def _told(blocking: Sequence[Finding]) -> str:
    """Return the first finding in words and the rules of the others, as far as an entry holds."""
    if not blocking:
        return ""
    first, *others = blocking
    also = f" (also {', '.join(finding.rule for finding in others)})" if others else ""
    words = f"{first.rule}: {first.message}"
    return f"{words[: REASON_MAX - len(also[:100])]}{also[:100]}"


def _end(product: Product) -> dt.date:
    """Return the last day of a listing, as its row says."""
    return dt.date.fromisoformat(product.valid_until or "0001-01-01")


def _other_end(product: Product, *, work: UnitOfWork, floor: Floor) -> dt.date | None:
    """Return on which other day than its row says a listing that stands ends; None if on that.

    It holds longer where a verdict of today would, and ends sooner where an end that the verdict
    did not know of is in its way.
    """
    said, case = _end(product), listing_case(product, work=work, floor=floor)
    review = review_listing(case, floor.pack)
    if review.passed and not words_wanted(case, review, floor.pack):
        last = lasts_in_its_grants(lasts(case, floor.pack), product, work=work, floor=floor)
        if last >= said:
            return last if last > said else None
    case = standing_case(product, work=work, floor=floor)
    last = lasts_in_its_grants(lasts(case, floor.pack), product, work=work, floor=floor)
    return last if last < said else None


def end_sooner(product: Product, *, work: UnitOfWork, floor: Floor) -> None:
    """Have a listing that stands end no later than what it rests on; it is given no new verdict."""
    other = _other_end(product, work=work, floor=floor)
    if other and other < _end(product):
        _shortened(product, other, work)


def _shortened(product: Product, last: dt.date, work: UnitOfWork) -> Product:
    """Have a listing end sooner, under the verdict that it has: for less none is needed."""
    shortened = replace(product, valid_until=last.isoformat())
    work.products.put(shortened)
    return shortened


def _renew(product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    review, stored, last = judge_and_keep(product, work=work, floor=floor)
    facts = verdict_facts(product, review, stored)
    subject = f"product/{product.number}"
    entry = record_for_house("compliance.verdict", subject, facts, work=work, floor=floor)
    renewed = replace(product.at(entry), valid_until=last.isoformat())
    work.products.put(renewed)
    return renewed


def records_lapse(service: Callable[P, T]) -> Callable[P, T]:
    """Make a service record the end of a listing that it was refused for, and then refuse.

    The refusal rolls the service's own unit of work back; the lapse is an entry of its own.  A
    process in which the house cannot act refuses all the same.
    """

    @wraps(service)
    def recording(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return service(*args, **kwargs)
        except NotCompliant as error:
            floor = cast("Floor", kwargs["floor"])
            if error.lapsed and floor.signer is not None:
                with floor.write() as work:
                    recheck([work.products.get(error.lapsed)], work=work, floor=floor)
            raise

    return recording
