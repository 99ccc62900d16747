"""Changing a registration (变更登记): other data, or other particulars, for the same product.

A change goes the way of a claim: it is inspected, searched for copies, put on public notice and
confirmed.  The listing is suspended until then and until a new sheet has passed the gate.
Contracts made before are still delivered as they were ordered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from exchange.errors import Forbidden, Refused
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product, RegistrationState
from exchange.services.acting import admit_act, fact, record, subject_id, texts, unchanged
from exchange.services.register_product import (
    Examined,
    announce,
    columns_without_fill,
    confirm_registration,
    discard_unused,
    keep_documents,
    keep_version,
    may_process,
    open_notice,
    profile_of,
    record_inspection,
    require_new,
    require_sources,
    stage_claimed,
)
from exchange.services.suspend_listing import suspend_for_house
from ledger.acts import SignedAct, format_time


def change_registration(
    signed: SignedAct,
    source: Path | None,
    *,
    name: str,
    floor: Floor,
    evidence: Sequence[bytes] = (),
) -> Product:
    """Register other data for a product under its supplier's act, or other particulars.

    `source` is the file, called `name` by its owner; None where the data stays the same, which is
    inspected anew where other columns are declared to be without a fill value.  Raises as
    `register_product` does, `Forbidden` for another's product, `IllegalTransition` while the notice
    of the claim runs or a dispute is open, `BadField` for a parent that comes from the product
    itself, and `Refused` where nothing would change.
    """
    with floor.read() as work:
        product = _changeable(signed, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return product
        require_sources(signed)
        if fact(signed, "data") != product.data:
            require_new(fact(signed, "data"), work)
    if source is None:
        if fact(signed, "data") != product.data:
            raise Refused("act.facts.data: other data is registered with its file")
        examined = _examined_anew(signed, product, floor=floor)
        with floor.write() as work:
            return _particulars(signed, evidence, examined, work=work, floor=floor)
    staged = stage_claimed(signed, source, name=name, floor=floor)
    try:
        found = floor.examine(staged.path, name, columns_without_fill(signed))
        examined = Examined(*found, staged.size)
        with floor.write() as work:
            product = _changeable(signed, work=work, floor=floor)
            if unchanged(work.chain.recorded(signed), signed):
                return product
            require_new(staged.digest, work)
            changed = _changed(signed, product, evidence, work=work, floor=floor)
            stored, notice = announce(
                f"product/{product.number}", examined, name=name, work=work, floor=floor
            )
            changed = replace(
                changed.at(notice),
                file=name,
                data=staged.digest,
                bytes=staged.size,
                profile=stored,
                notice_until=notice.facts["until"],
            )
            work.products.put(changed)
            keep_version(changed, examined.fingerprint, work)
            floor.vault.keep(staged)  # last: a kill here leaves a file that `sweep` removes
            return changed
    except BaseException:
        discard_unused(staged.digest, floor=floor)
        raise
    finally:
        floor.vault.drop(staged)


def _changeable(signed: SignedAct, *, work: UnitOfWork, floor: Floor) -> Product:
    actor = admit_act(signed, "registration.changed", Role.SUPPLIER, work=work, floor=floor)
    product = work.products.get(subject_id(signed, "product"))
    if unchanged(work.chain.recorded(signed), signed):
        return product
    if actor.id != product.supplier:
        raise Forbidden(f"{product.number} is not a product of {actor.handle}")
    due = product.notice_until <= format_time(floor.clock())
    on_notice = product.registration is RegistrationState.ON_NOTICE
    if product.registration is not RegistrationState.CONFIRMED and not (on_notice and due):
        product.registration_moved(RegistrationState.ON_NOTICE)
        raise Refused(f"{product.number}: its claim is not confirmed yet")
    return product


def _changed(
    signed: SignedAct,
    product: Product,
    evidence: Sequence[bytes],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    """Record the act and suspend the listing; the sheet is to be signed anew.

    What stands on a notice that has run is confirmed before it is changed.
    """
    supplier = work.participants.get(product.supplier)
    may_process(product.number, supplier, texts(signed, "parents"), work=work, floor=floor)
    keep_documents(evidence, texts(signed, "evidence"), work)
    product = confirm_registration(product, work=work, floor=floor)
    if product.listing is ListingState.LISTED:
        product = suspend_for_house(
            product, "the registration is being changed", work=work, floor=floor
        )
    entry = record(signed, work=work, floor=floor)
    work.products.add_parents(product.number, texts(signed, "parents"))
    moved = product.registration_moved(RegistrationState.ON_NOTICE)
    return replace(moved.at(entry), sheet=None)


def _examined_anew(signed: SignedAct, product: Product, *, floor: Floor) -> Examined | None:
    """Inspect the data that stands, where other columns are declared to be without a fill value."""
    columns = columns_without_fill(signed)
    with floor.read() as work:
        before = profile_of(product, work)
    if set(columns) == set(before.no_fill_value):
        return None
    path = floor.vault.check(product.data)
    return Examined(*floor.examine(path, product.file, columns), product.bytes)


def _particulars(
    signed: SignedAct,
    evidence: Sequence[bytes],
    examined: Examined | None,
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    product = _changeable(signed, work=work, floor=floor)
    if unchanged(work.chain.recorded(signed), signed):
        return product
    if fact(signed, "data") != product.data:  # it was changed while this data was inspected
        raise Refused("act.facts.data: other data is registered with its file")
    changed = _changed(signed, product, evidence, work=work, floor=floor)
    subject = f"product/{product.number}"
    if examined:
        stored, notice = announce(subject, examined, name=product.file, work=work, floor=floor)
        changed = replace(changed, profile=stored)
        keep_version(changed, examined.fingerprint, work)
    else:
        profile = profile_of(product, work)
        record_inspection(subject, profile, product.profile, work=work, floor=floor)
        notice = open_notice(subject, work=work, floor=floor)
    changed = replace(changed.at(notice), notice_until=notice.facts["until"])
    work.products.put(changed)
    return changed
