"""Objections (异议): anybody may object to a claim on notice, and the exchange decides."""

from __future__ import annotations

from exchange.errors import DataDiffer, Forbidden
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product, RegistrationState
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    subject_id,
    unchanged,
)
from ledger.acts import SignedAct


def file_objection(signed: SignedAct, grounds: bytes, *, floor: Floor) -> Product:
    """Object to a claim on notice; the registration and the listing freeze until it is closed."""
    with floor.write() as work:
        actor = admit_act(signed, "objection.filed", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id == product.supplier:
            raise Forbidden("a supplier cannot object to its own claim")
        moved = product.registration_moved(RegistrationState.OBJECTED)
        return _objection_entry(signed, moved, grounds, work=work, floor=floor)


def close_objection(signed: SignedAct, grounds: bytes, *, floor: Floor) -> Product:
    """Decide on an objection by an act of the operator: dismissed or upheld."""
    with floor.write() as work:
        admit_act(signed, "objection.closed", Role.OPERATOR, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        upheld = fact(signed, "outcome") == "upheld"
        state = RegistrationState.REJECTED if upheld else RegistrationState.ON_NOTICE
        moved = product.registration_moved(state)
        return _objection_entry(signed, moved, grounds, work=work, floor=floor)


def _objection_entry(
    signed: SignedAct, moved: Product, grounds: bytes, *, work: UnitOfWork, floor: Floor
) -> Product:
    stored = work.records.put(grounds, public=False)
    if stored != fact(signed, "grounds"):
        raise DataDiffer("grounds: the text is not the one whose digest the act names")
    entry = record(signed, work=work, floor=floor)
    product = moved.at(entry)
    work.products.put(product)
    return product
