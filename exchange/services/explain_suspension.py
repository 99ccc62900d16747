"""Why a product that was listed is off the board: what its buyers and its supplier are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.compliance import Opinion
from exchange.documents import DocumentState
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.assess_product import attestations_of, reviews_of
from exchange.services.attach_document import documents_of
from exchange.services.vet_listing import vettings_of
from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.registry import lineage_of, registered_until
from ledger.view import newest

_NAMED: Final = 3  # of what ended, which fit into an entry with the rest
_STANDING: Final = frozenset({DocumentState.ATTACHED, DocumentState.VERIFIED})
_LEAVING: Final = ("listing.suspended", "listing.delisted")


@dataclass(frozen=True, slots=True)
class OffBoard:
    """Why a product is off the board, in the words of the entry that took it off.

    `entry` is None where time alone took it off and nobody has written since.
    """

    words: str
    entry: Entry | None = None


def off_board(product: Product, *, work: UnitOfWork, floor: Floor) -> OffBoard | None:
    """Say why a product that was listed is not on the board; None for one that is, or never was."""
    store, subject = work.chain.store, f"product/{product.number}"
    published = newest(store, subject, "listing.published")
    if published is None:
        return None
    left = [found for kind in _LEAVING if (found := newest(store, subject, kind))]
    last = max(left, key=lambda entry: entry.version, default=published)
    if last.version > published.version:
        return OffBoard(last.facts["reason"], last)
    words = ended_words(product, work=work, floor=floor)
    return OffBoard(words) if words else None


def lapsed_at(product: Product) -> str:
    """Return from when on a listing has run out, or will have, whatever took it off the board.

    Empty for a product that was never listed.
    """
    if product.valid_until is None:
        return ""
    over = day_over(dt.date.fromisoformat(product.valid_until))
    return min(over, product.registered_until or over)


def day_over(day: dt.date) -> str:
    """Return when a day is over."""
    return format_time(dt.datetime.combine(day, dt.time(), dt.UTC) + dt.timedelta(days=1))


def ran_out(product: Product, *, floor: Floor) -> str:
    """Say what time has ended of what a listing rests on; empty while it runs."""
    now = format_time(floor.clock())
    if _registration_over(product, now):
        return f"the registration ended on {product.registered_until}"
    if (product.valid_until or "") < now[:10]:
        return f"what its verdict rests on ended on {product.valid_until}"
    return ""


def ended_words(product: Product, *, work: UnitOfWork, floor: Floor) -> str:
    """Say what time has ended of what a listing rests on, and name it; empty while it runs."""
    ended = ran_out(product, floor=floor)
    last = product.valid_until
    if not ended or last is None or _registration_over(product, format_time(floor.clock())):
        return ended
    found = [*dict.fromkeys(_ended_on(dt.date.fromisoformat(last), product, work, floor))]
    if not found:  # no verdict lasts longer than an assessment may
        return ended
    more = ["and others"] * (len(found) > _NAMED)
    return f"{ended}: {'; '.join([*found[:_NAMED], *more])}"


def _ended_on(last: dt.date, product: Product, work: UnitOfWork, floor: Floor) -> Iterator[str]:
    """Name what can have ended a verdict on its last day, of all that it is looked at for then.

    What another supplier has to give anew stands first, as no more than three are named.
    """
    yield from _rights_ended(product, last, work)
    present = (product.sheet, product.data)
    spoke = [
        each
        for each in attestations_of(product, work)
        if (each.sheet, each.data) == present and each.outcome is Opinion.PASSED
    ]
    for attestation in spoke:
        if attestation.last_day == last:
            yield f"the attestation of {attestation.assessor}"
    for document in documents_of(product, work):
        if document.valid_until == last and document.state in _STANDING:
            yield f"the document {document.kind}"
    reviewers = [each.assessor for each in spoke]
    reviewers += [each.expert for each in reviews_of(product, work)]
    reviewers += [each.reviewer for each in vettings_of(product, work)]
    for party in dict.fromkeys([product.supplier, *reviewers]):
        if work.participants.get(party).verified_until == last.isoformat():
            yield f"the identity of {party}"
    for rule in floor.pack.rules:
        if rule.effective_from == last + dt.timedelta(days=1):
            yield f"the rule {rule.id} is in force since"
        if rule.effective_to == last:
            yield f"the rule {rule.id}"


def _rights_ended(product: Product, last: dt.date, work: UnitOfWork) -> Iterator[str]:
    """Name each source whose registration, or right to process it, ended within the day after."""
    store, subject = work.chain.store, f"product/{product.number}"
    for ancestor in lineage_of(store, subject):
        until = registered_until(store, ancestor)
        if until and ancestor != subject and _over_on(until) == last + dt.timedelta(days=1):
            yield f"the registration of {ancestor.partition('/')[2]}"
        for grant in store.of_kind(ancestor, "right.granted"):
            over = _over_on(grant.facts["until"])
            if grant.facts["to"] == product.supplier and over == last + dt.timedelta(days=1):
                yield f"the right to process {ancestor.partition('/')[2]}"


def _over_on(until: str) -> dt.date:
    return (parse_time(until, "until") + dt.timedelta(seconds=1)).date()


def _registration_over(product: Product, now: str) -> bool:
    return (product.registered_until or now) < now  # a registration without an end goes on
