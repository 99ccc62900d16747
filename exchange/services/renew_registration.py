"""The term of a registration: renewed (续展登记), ended by time, or cancelled (注销登记).

A registration runs for `registration_days`, which is a rule of the house.  When its term ends, the
listing is suspended and nothing is ordered or delivered, until it is renewed.  Cancelled, it is
gone for good: the listing ends, and so does every right that rests on it.  A claim on notice is
taken back in the same way by its supplier, and its bytes are free to be registered.
"""

from __future__ import annotations

from dataclasses import replace

from exchange.errors import Forbidden, IllegalTransition, NotCompliant, Refused
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product, RegistrationState
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.register_product import term_end
from exchange.trading import TradeState
from ledger.acts import SignedAct, format_time


def renew_registration(signed: SignedAct, *, floor: Floor) -> Product:
    """Renew a registration by its supplier, before or after its term has ended.

    Raises `Refused` for a term longer than the house gives.
    """
    with floor.write() as work:
        actor = admit_act(signed, "registration.renewed", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id != product.supplier:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        until = fact(signed, "until")
        if until > term_end(floor):
            days = floor.house.registration_days
            raise Refused(f"act.facts.until: this house registers for {days} days at most")
        entry = record(signed, work=work, floor=floor)
        renewed = replace(product.at(entry), registered_until=until)
        work.products.put(renewed)
        return renewed


def cancel_registration(signed: SignedAct, *, floor: Floor) -> Product:
    """Cancel a registration, by its supplier or the operator: its listing and its grants end.

    Raises `Refused` for a supplier that still has contracts to deliver on, `Forbidden` for an
    operator where the claim was never confirmed, and `IllegalTransition` while an objection is
    open.  What was paid for the registration is not given back.
    """
    with floor.write() as work:
        actor = admit_act(
            signed,
            "registration.cancelled",
            Role.OPERATOR,
            Role.SUPPLIER,
            work=work,
            floor=floor,
        )
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id not in {product.supplier, floor.house.operator}:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        if actor.id == product.supplier:
            _nothing_owed(product, work)
        elif product.registration is RegistrationState.ON_NOTICE and not product.registered_until:
            raise Forbidden(f"{product.number}: a claim on notice is its supplier's to take back")
        if product.registration is RegistrationState.OBJECTED:
            words = f"an objection to {product.number} is open, and is decided first"
            raise IllegalTransition(words)
        moved = product.registration_moved(RegistrationState.CANCELLED)
        moved = _delisted(moved, work=work, floor=floor)
        cancelled = moved.at(record(signed, work=work, floor=floor))
        work.products.put(cancelled)
        return cancelled


def cancel_for_house(product: Product, reason: str, *, work: UnitOfWork, floor: Floor) -> Product:
    """Cancel a registration by the house's own act, within the caller's unit of work."""
    moved = product.registration_moved(RegistrationState.CANCELLED)
    moved = _delisted(moved, work=work, floor=floor)
    subject = f"product/{product.number}"
    facts = {"reason": reason}
    entry = record_for_house("registration.cancelled", subject, facts, work=work, floor=floor)
    cancelled = moved.at(entry)
    work.products.put(cancelled)
    return cancelled


def _nothing_owed(product: Product, work: UnitOfWork) -> None:
    for trade in work.trades.ordered(product.number):
        if trade.state is TradeState.CONTRACTED and not trade.accepted:
            raise Refused(f"{product.number}: trade {trade.id} is still to be delivered")


def _delisted(product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    if product.listing not in {ListingState.LISTED, ListingState.SUSPENDED}:
        return product
    subject, facts = f"product/{product.number}", {"reason": "the registration is cancelled"}
    record_for_house("listing.delisted", subject, facts, work=work, floor=floor)
    return product.listing_moved(ListingState.DELISTED)


def require_registered(product: Product, *, floor: Floor) -> None:
    """Raise `NotCompliant` unless the term of a product's registration runs."""
    until = product.registered_until
    if until is not None and until < format_time(floor.clock()):
        raise NotCompliant(
            f"{product.number}: its registration ended on {until}; it can be renewed"
        )
