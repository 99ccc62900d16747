"""Transferring a registration (转移登记): offered by its supplier, taken by another, both signing.

The listing is suspended with it, and returns on a sheet that the new supplier has signed.  Grants
stay in force.  Contracts that were concluded are delivered by whoever concluded them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exchange.errors import Forbidden
from exchange.listing import ListingState
from exchange.openings import Opening, require_document
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.register_product import confirm_registration
from exchange.services.suspend_listing import suspend_for_house
from ledger.acts import SignedAct
from ledger.entries import Entry


def offer_transfer(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Offer a confirmed registration to another supplier until a time.

    `openings` hold the agreement, a document, empty where nothing is written.
    """
    require_document(opened(signed, "transfer.offered", openings), "agreement")
    with floor.write() as work:
        actor = admit_act(signed, "transfer.offered", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id != product.supplier:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        product = confirm_registration(product, work=work, floor=floor)
        moved = product.at(record(signed, openings, work=work, floor=floor))
        work.products.put(moved)
        return moved


def take_transfer(signed: SignedAct, *, floor: Floor) -> Product:
    """Take a registration over, by whom it was offered to; its listing is suspended."""
    with floor.write() as work:
        actor = admit_act(signed, "registration.transferred", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if fact(signed, "to") != actor.id:
            raise Forbidden("an offer is taken by whom it is to, under its own key")
        product = _off_the_board(product, work=work, floor=floor)
        return _passed(product, record(signed, work=work, floor=floor), work)


def transfer_by_decision(
    product: Product, to: str, decision: str, *, work: UnitOfWork, floor: Floor
) -> Product:
    """Pass a registration on by a decision over a dispute, within the caller's unit of work."""
    product = _off_the_board(product, work=work, floor=floor)
    facts = {"to": to, "offer": [], "decision": [decision]}
    subject = f"product/{product.number}"
    entry = record_for_house("registration.transferred", subject, facts, work=work, floor=floor)
    return _passed(product, entry, work)


def _off_the_board(product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    if product.listing is not ListingState.LISTED:
        return product
    return suspend_for_house(product, "the product passes to another", work=work, floor=floor)


def _passed(product: Product, entry: Entry, work: UnitOfWork) -> Product:
    # The sheet is the word of whoever signed it: the next supplier gives its own.
    passed = replace(product.at(entry), supplier=entry.facts["to"], sheet=None)
    work.products.put(passed)
    return passed
