"""Disputes (争议) over a confirmed registration: opened by anybody, decided by the exchange.

An open dispute freezes the product: no transfer, no change, no listing, no grant, no order, no
delivery, and none that was made is handed out.  What was derived from it is frozen with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exchange.errors import Forbidden
from exchange.listing import ListingState
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product, RegistrationState
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.renew_registration import cancel_for_house
from exchange.services.suspend_listing import suspend_for_house
from exchange.services.trace_lineage import derived_from
from exchange.services.transfer_registration import transfer_by_decision
from ledger.acts import SignedAct
from ledger.registry import disputes_open, lineage_of, objections_open

GROUNDS_MAX: Final = 200_000  # characters


def open_dispute(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Dispute a confirmed registration; it and what came of it leave the board.

    Raises `IllegalTransition` for a claim on notice, to which one objects.
    """
    text_of(opened(signed, "dispute.opened", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        actor = admit_act(signed, "dispute.opened", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id == product.supplier:
            raise Forbidden("a supplier does not dispute its own registration")
        moved = product.registration_moved(RegistrationState.DISPUTED)
        disputed = moved.at(record(signed, openings, work=work, floor=floor))
        work.products.put(disputed)
        return _freeze(disputed, work=work, floor=floor)


def _freeze(disputed: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    """Suspend the listings of a product and of everything derived from it."""
    for each in (disputed, *derived_from(disputed, work)):
        product = work.products.get(each.number)  # as it stands after those before it
        if product.listing is ListingState.LISTED:
            reason = f"a dispute over {disputed.number} is open"
            suspend_for_house(product, reason, work=work, floor=floor)
    return work.products.get(disputed.number)


def withdraw_dispute(signed: SignedAct, *, floor: Floor) -> Product:
    """Withdraw a dispute, by who opened it; listings return through a new verdict."""
    with floor.write() as work:
        admit_act(signed, "dispute.withdrawn", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        moved = product.at(record(signed, work=work, floor=floor))
        return _settled(moved, work)


def decide_dispute(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Decide a dispute by an act of the operator, and carry the decision out at once.

    It is dismissed, or the registration is cancelled, or passed to another supplier by the order
    of a document whose digest the act names.
    """
    text_of(opened(signed, "dispute.decided", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        admit_act(signed, "dispute.decided", Role.OPERATOR, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        entry = record(signed, openings, work=work, floor=floor)
        decided, outcome = product.at(entry), fact(signed, "outcome")
        if outcome == "cancelled":
            reason = "a dispute was decided so"
            return cancel_for_house(decided, reason, work=work, floor=floor)
        if outcome == "transferred":
            (to,) = texts(signed, "to")
            decided = transfer_by_decision(decided, to, entry.leaf.hex(), work=work, floor=floor)
        return _settled(decided, work)


def _settled(product: Product, work: UnitOfWork) -> Product:
    if disputes_open(work.chain.store, f"product/{product.number}"):
        settled = product
    else:
        settled = product.registration_moved(RegistrationState.CONFIRMED)
    work.products.put(settled)
    return settled


def disputes_over(product: Product, work: UnitOfWork) -> int:
    """Count the objections and disputes that are open over a product or what it comes from."""
    view = work.chain.store
    subjects = lineage_of(view, f"product/{product.number}")
    objected = len(objections_open(view, f"product/{product.number}"))
    return objected + sum(len(disputes_open(view, subject)) for subject in subjects)
