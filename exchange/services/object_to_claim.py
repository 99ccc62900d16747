"""Objections (异议): anybody may object to a claim on notice, and the exchange decides on each.

Who objected may withdraw the objection before that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from exchange.errors import Broken, Forbidden
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
    unchanged,
)
from exchange.services.register_product import profile_of, record_inspection
from ledger.acts import SignedAct, format_time
from ledger.entries import Entry
from ledger.registry import objections_open, registered_now

GROUNDS_MAX: Final = 200_000  # characters


def file_objection(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Object to a claim on notice; registration and listing freeze until no objection is open.

    Others may object while one is open, each once at a time, so that none keeps another out.
    """
    text_of(opened(signed, "objection.filed", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        actor = admit_act(signed, "objection.filed", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id == product.supplier:
            raise Forbidden("a supplier cannot object to its own claim")
        moved = product.registration_moved(RegistrationState.OBJECTED)
        return _objection_entry(signed, moved, openings, work=work, floor=floor)


def withdraw_objection(signed: SignedAct, *, floor: Floor) -> Product:
    """Withdraw an open objection, by who filed it; without another the claim is on notice again.

    Raises `Refused` for anybody else's, and for one that was decided or withdrawn.
    """
    with floor.write() as work:
        admit_act(signed, "objection.withdrawn", work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        moved = product.registration_moved(_without(signed, product, work))
        return _objection_entry(signed, moved, (), work=work, floor=floor)


def _without(signed: SignedAct, product: Product, work: UnitOfWork) -> RegistrationState:
    """Return where a claim stands once the objection that an act names is open no more."""
    named = fact(signed, "objection")
    found = objections_open(work.chain.store, f"product/{product.number}")
    if any(each.leaf.hex() != named for each in found):
        return RegistrationState.OBJECTED
    return RegistrationState.ON_NOTICE


def close_objection(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Decide on an objection by an act of the operator: dismissed or upheld.

    The claim is on notice again once none is open; one upheld ends the others with it.
    """
    text_of(opened(signed, "objection.closed", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        admit_act(signed, "objection.closed", Role.OPERATOR, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        upheld = fact(signed, "outcome") == "upheld"
        if upheld and product.registered_until is not None:
            return _undone(signed, product, openings, work=work, floor=floor)
        state = RegistrationState.REJECTED if upheld else _without(signed, product, work)
        moved = product.registration_moved(state)
        return _objection_entry(signed, moved, openings, work=work, floor=floor)


def _undone(
    signed: SignedAct,
    product: Product,
    openings: Sequence[Opening],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    """Take a change back that was objected to with success: what was confirmed before stands."""
    product = _objection_entry(
        signed,
        product.registration_moved(RegistrationState.CONFIRMED),
        openings,
        work=work,
        floor=floor,
    )
    subject = f"product/{product.number}"
    standing = registered_now(work.chain.store, subject)
    if standing is None:
        raise Broken(f"{subject} was confirmed, and nothing stands registered")
    version = work.versions.get(product.number, standing.facts["data"])
    # Where the change was of what is read as missing, the version holds how it read the data.
    before = replace(version, profile=_inspected(standing, work))
    work.versions.put(before)
    restored = replace(
        product,
        data=before.data,
        file=before.file,
        bytes=before.bytes,
        profile=before.profile,
        notice_until=format_time(floor.clock()),
    )
    record_inspection(subject, profile_of(restored, work), before.profile, work=work, floor=floor)
    work.products.put(restored)
    return restored


def _inspected(standing: Entry, work: UnitOfWork) -> str:
    """Return the profile of data as it was inspected when it was registered."""
    inspections = work.chain.store.of_kind(standing.subject, "inspection.recorded")
    later = [each for each in inspections if each.version > standing.version]
    profile: str = min(later, key=lambda each: each.version).facts["profile"]
    return profile


def _objection_entry(
    signed: SignedAct,
    moved: Product,
    openings: Sequence[Opening],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    entry = record(signed, openings, work=work, floor=floor)
    product = moved.at(entry)
    work.products.put(product)
    return product
