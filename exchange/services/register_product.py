"""Registration (统一登记): take the bytes in, inspect them, give a number, open the notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from exchange.errors import Conflict, DataDiffer, Forbidden, NoticeRunning
from exchange.fingerprint import Fingerprint
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.records import read_record, to_record
from exchange.registration import Product, RegistrationState
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    texts,
    unchanged,
)
from exchange.services.find_similar import find_similar, record_similar
from ledger.acts import SignedAct, format_time, opened_subject, parse_time
from ledger.canonical import decode, encode
from ledger.rights import holds


def register_product(
    signed: SignedAct,
    source: Path,
    *,
    name: str,
    floor: Floor,
    evidence: Sequence[bytes] = (),
) -> Product:
    """Register the file at `source` under its supplier's claim; `name` is the file's own name.

    The claim names the digests of the bytes and of every document of `evidence`, which are kept
    as private records; others raise `DataDiffer`.  Bytes that stand
    registered already raise `Conflict`; a file that cannot be read as what it is raises
    `Unreadable`.  Of `parents` that the claim names, one that is not registered raises `NotFound`,
    one that the supplier may not process `Forbidden`, and one of its own whose notice has not run
    `NoticeRunning`.  Data like it that is registered already is searched for, and what is found
    recorded.  Nothing is kept of a file whose registration is refused.
    """
    number = opened_subject("product", signed.act).partition("/")[2]
    with floor.read() as work:
        _may_register(signed, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.products.get(number)
        _is_new(fact(signed, "data"), work)
    staged = floor.vault.stage(source, name=name)
    try:
        claimed = (fact(signed, "data"), fact(signed, "bytes", int))
        if (staged.digest, staged.size) != claimed:
            raise DataDiffer(
                f"{name}: the file is {staged.digest[:16]}…, the claim is over other bytes"
            )
        profile, fingerprint = floor.examine(staged.path, name)
        with floor.write() as work:
            supplier = _may_register(signed, work=work, floor=floor)
            if unchanged(work.chain.recorded(signed), signed):
                return work.products.get(number)
            _is_new(staged.digest, work)
            _may_process(supplier, texts(signed, "parents"), work=work, floor=floor)
            _keep(evidence, texts(signed, "evidence"), work)
            examined = Examined(profile, fingerprint, staged.size)
            product = _enter(signed, examined, name=name, work=work, floor=floor)
            floor.vault.keep(staged)  # last: a kill here leaves a file that `sweep` removes
            return product
    except BaseException:
        discard_unused(staged.digest, floor=floor)
        raise
    finally:
        floor.vault.drop(staged)


def discard_unused(digest: str, *, floor: Floor) -> None:
    """Remove a file from the vault unless a product or a delivery stands on it.

    Looks under the writers' lock, so that nobody comes to stand on it meanwhile.
    """
    with floor.write() as work:
        sealed = {trade.sealed for trade in work.trades.all()}
        if digest not in sealed | {product.data for product in work.products.all()}:
            floor.vault.discard(digest)


def _keep(evidence: Sequence[bytes], claimed: Sequence[str], work: UnitOfWork) -> None:
    kept = {work.records.put(document, public=False) for document in evidence}
    if kept != set(claimed):
        raise DataDiffer("act.facts.evidence: not the digests of the documents given")


def _may_register(signed: SignedAct, *, work: UnitOfWork, floor: Floor) -> Participant:
    return admit_act(signed, "product.registered", Role.SUPPLIER, work=work, floor=floor)


def _may_process(
    supplier: Participant, parents: Sequence[str], *, work: UnitOfWork, floor: Floor
) -> None:
    """Confirm parents of the supplier's own, and hold it to what it was granted in others."""
    for number in parents:
        parent = work.products.get(number)
        if parent.supplier == supplier.id:
            confirm_registration(parent, work=work, floor=floor)
        now = format_time(floor.clock())
        if not holds(work.chain.store, supplier.id, number, "processing", now):
            raise Forbidden(f"{supplier.handle} has no right to process {number}")


def _is_new(data: str, work: UnitOfWork) -> None:
    known = work.products.with_data(data)
    if known:
        raise Conflict(
            f"the same bytes are registered as {known.number}; another spec sheet for them is "
            "signed under that number"
        )


@dataclass(frozen=True, slots=True)
class Examined:
    """What was measured in a file of so many bytes, and its fingerprint."""

    profile: Profile
    fingerprint: Fingerprint
    bytes: int


def _enter(
    signed: SignedAct, examined: Examined, *, name: str, work: UnitOfWork, floor: Floor
) -> Product:
    entry = record(signed, work=work, floor=floor)
    profile = examined.profile
    # A file's name may say more than its bytes; only its kind goes into the public record.
    nameless = replace(profile, name=f"data{''.join(PurePath(name).suffixes[-2:])}")
    stored = work.records.put(encode(to_record(nameless)), public=True)
    inspected = {
        "data": profile.data,
        "profile": stored,
        "rows": profile.rows,
        "reader": profile.reader,
    }
    record_for_house("inspection.recorded", entry.subject, inspected, work=work, floor=floor)
    found = find_similar(examined.fingerprint, profile, work=work)
    record_similar(entry.subject, profile.data, found, work=work, floor=floor)
    now = floor.clock()
    until = format_time(now + dt.timedelta(seconds=floor.house.notice_seconds))
    notice = record_for_house(
        "notice.opened", entry.subject, {"until": until}, work=work, floor=floor
    )
    product = Product(
        number=entry.subject.partition("/")[2],
        supplier=entry.actor,
        file=name,
        data=profile.data,
        bytes=examined.bytes,
        profile=stored,
        notice_until=until,
        registered_at=format_time(now),
        head=notice.leaf.hex(),
        name=name,
    )
    work.products.put(product)
    work.fingerprints.put(product.number, product.data, examined.fingerprint)
    return product


def profile_of(product: Product, work: UnitOfWork) -> Profile:
    """Return what the inspection measured, from its record."""
    return read_record(Profile, decode(work.records.get(product.profile)))


def confirm_registration(product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    """Confirm a claim whose notice has run, within the caller's unit of work.

    Raises `NoticeRunning` before the notice ends or while an objection is open, and does
    nothing for a claim that is confirmed.
    """
    if product.registration is RegistrationState.CONFIRMED:
        return product
    if product.registration is RegistrationState.OBJECTED:
        raise NoticeRunning(f"{product.number}: an objection to the claim is open")
    if floor.clock() < parse_time(product.notice_until, "notice"):
        raise NoticeRunning(
            f"{product.number}: the public notice runs until {product.notice_until}"
        )
    moved = product.registration_moved(RegistrationState.CONFIRMED)
    subject = f"product/{product.number}"
    entry = record_for_house(
        "registration.confirmed", subject, {"data": product.data}, work=work, floor=floor
    )
    confirmed = moved.at(entry)
    work.products.put(confirmed)
    return confirmed
