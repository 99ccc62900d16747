"""Taking a product off the board: until a new verdict, or for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from exchange.errors import Forbidden
from exchange.listing import ListingState
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from ledger.acts import SignedAct
from ledger.entries import Entry

REASON_MAX: Final = 200  # characters that an entry of `listing.suspended` holds


def suspend_listing(signed: SignedAct, *, floor: Floor) -> Product:
    """Suspend one listing by an act of the operator; it returns only through a new verdict."""
    with floor.write() as work:
        admit_act(signed, "listing.suspended", Role.OPERATOR, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        moved = product.listing_moved(ListingState.SUSPENDED)
        entry = record(signed, work=work, floor=floor)
        suspended = moved.at(entry)
        work.products.put(suspended)
        return suspended


def delist_product(signed: SignedAct, *, floor: Floor) -> Product:
    """End a listing for good, by its supplier or the operator; contracts made stay in force."""
    with floor.write() as work:
        actor = admit_act(
            signed, "listing.delisted", Role.OPERATOR, Role.SUPPLIER, work=work, floor=floor
        )
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id not in {product.supplier, floor.house.operator}:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        fact(signed, "reason")
        moved = product.listing_moved(ListingState.DELISTED)
        entry = record(signed, work=work, floor=floor)
        delisted = moved.at(entry)
        work.products.put(delisted)
        return delisted


def suspend_for_house(product: Product, reason: str, *, work: UnitOfWork, floor: Floor) -> Product:
    """Suspend a listing by the house's own act, within the caller's unit of work."""
    moved = product.listing_moved(ListingState.SUSPENDED)
    subject = f"product/{product.number}"
    entry = record_for_house(
        "listing.suspended", subject, {"reason": reason}, work=work, floor=floor
    )
    suspended = moved.at(entry)
    work.products.put(suspended)
    return suspended


def suspend_all_of(participant: Participant, *, work: UnitOfWork, floor: Floor) -> None:
    """Suspend what a suspended participant has on the board, or has spoken for there."""
    for product in work.products.listed():
        if product.supplier == participant.id:
            suspend_for_house(product, "the supplier is suspended", work=work, floor=floor)

    def theirs(act: Entry) -> bool:
        return act.actor == participant.id

    reason = f"{participant.id}, on whose word it rests, is suspended"
    suspend_those_on(theirs, reason, work=work, floor=floor)


def suspend_those_on(
    undone: Callable[[Entry], bool], reason: str, *, work: UnitOfWork, floor: Floor
) -> list[Product]:
    """Suspend every listing that has a passing word behind it which is `undone`."""
    return [
        suspend_for_house(product, reason, work=work, floor=floor)
        for product in work.products.listed()
        if any(undone(act) for act in words_behind(product, work))
    ]


def words_behind(product: Product, work: UnitOfWork) -> Iterator[Entry]:
    """Yield what was signed over the present sheet and data for it: passed, scored, approved.

    Of the exchange's reviewers the latest word alone counts.
    """
    for kind in ("compliance.attested", "quality.reviewed", "listing.vetted"):
        for act in work.chain.store.of_kind(f"product/{product.number}", kind):
            present = (act.facts["sheet"], act.facts["data"]) == (product.sheet, product.data)
            passed = act.facts.get("outcome", "passed") == "passed"
            if present and passed and act.facts.get("decision", "approved") == "approved":
                yield act
            if present and kind == "listing.vetted":
                break
