"""Registration (统一登记): take the bytes in, inspect them, give a number, open the notice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exchange.delivery import Staged
from exchange.errors import BadField, Conflict, DataDiffer, Forbidden, NotCompliant, NoticeRunning
from exchange.fingerprint import Fingerprint
from exchange.listing import ListingState
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile, without_long_numbers
from exchange.records import read_stored, to_record
from exchange.registration import DataVersion, Product, RegistrationState, nameless
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    texts,
    unchanged,
)
from exchange.services.charge_service import charge, due_of, foresee_due
from exchange.services.find_similar import find_similar, record_similar
from exchange.specsheet import SourceCode
from ledger.acts import SignedAct, format_time, opened_subject, parse_time
from ledger.canonical import encode
from ledger.dues import Due
from ledger.entries import Entry
from ledger.registry import own_parent, terms_over
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
    one that the supplier may not process `Forbidden`, one whose term is over `NotCompliant`, one of
    its own whose notice has not run `NoticeRunning`, and `BadField` for a column of `no_fill_value`
    that the file does not have.  Data like it that is registered already is searched for, and what
    is found recorded.  `BadField` for a source that no sheet could name,
    `InsufficientFunds` where the fee for a registration is not there.  Nothing is kept of a file
    whose registration is refused.
    """
    number = opened_subject("product", signed.act).partition("/")[2]
    with floor.read() as work:
        supplier = _may_register(signed, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.products.get(number)
        require_sources(signed)
        require_new(fact(signed, "data"), work)
        foresee_due(signed, supplier, work=work, floor=floor)
    staged = stage_claimed(signed, source, name=name, floor=floor)
    try:
        profile, fingerprint = floor.examine(staged.path, name, columns_without_fill(signed))
        with floor.write() as work:
            supplier = _may_register(signed, work=work, floor=floor)
            if unchanged(work.chain.recorded(signed), signed):
                return work.products.get(number)
            require_new(staged.digest, work)
            may_process(number, supplier, texts(signed, "parents"), work=work, floor=floor)
            keep_documents(evidence, texts(signed, "evidence"), work)
            due = due_of(signed, supplier, work=work, floor=floor)
            examined = Examined(profile, fingerprint, staged.size)
            product = _enter(signed, examined, due, name=name, work=work, floor=floor)
            floor.vault.keep(staged)  # last: a kill here leaves a file that `sweep` removes
            return product
    except BaseException:
        discard_unused(staged.digest, floor=floor)
        raise
    finally:
        floor.vault.drop(staged)


def columns_without_fill(signed: SignedAct) -> Sequence[str]:
    """Return the columns every value of which the act declares to be one; none where it is silent.

    In these the inspection assumes no fill value.
    """
    return texts(signed, "no_fill_value") if "no_fill_value" in signed.act.facts else ()


def stage_claimed(signed: SignedAct, source: Path, *, name: str, floor: Floor) -> Staged:
    """Copy a file in, or raise `DataDiffer` if it is not the one that the act is over."""
    claimed = (fact(signed, "data"), fact(signed, "bytes", int))  # before anything is copied
    staged = floor.vault.stage(source, name=name)
    if (staged.digest, staged.size) != claimed:
        floor.vault.drop(staged)
        raise DataDiffer(
            f"{name}: the file is {staged.digest[:16]}…, the claim is over other bytes"
        )
    return staged


def discard_unused(digest: str, *, floor: Floor) -> None:
    """Remove a file from the vault unless a product or a delivery stands on it.

    Looks under the writers' lock, so that nobody comes to stand on it meanwhile.
    """
    with floor.write() as work:
        if not work.versions.holds(digest) and not _delivered(digest, work):
            floor.vault.discard(digest)


def _delivered(digest: str, work: UnitOfWork) -> bool:
    """Whether a file is the sealed one of a delivery, or of an earlier part of one."""
    return any(
        trade.sealed == digest
        or any(
            made.facts["sealed"] == digest
            for made in work.chain.store.of_kind(f"trade/{trade.id}", "delivery.made")
        )
        for trade in work.trades.of_file(digest)
    )


def require_sources(signed: SignedAct) -> None:
    """Raise `BadField` for no source, and for one that is none of those a sheet may name (S-01)."""
    codes = [str(code) for code in SourceCode]
    sources = texts(signed, "sources")
    if not sources:  # no sheet could name one afterwards
        raise BadField("act.facts.sources", f"one at least of {', '.join(codes)}")
    for source in sources:
        if source not in codes:
            raise BadField("act.facts.sources", f"{source!r} is none of {', '.join(codes)}")


def keep_documents(evidence: Sequence[bytes], claimed: Sequence[str], work: UnitOfWork) -> None:
    """Keep documents as private records; raises `DataDiffer` unless they are those claimed."""
    kept = {work.records.put(document, public=False) for document in evidence}
    if kept != set(claimed):
        raise DataDiffer("act.facts.evidence: not the digests of the documents given")


def _may_register(signed: SignedAct, *, work: UnitOfWork, floor: Floor) -> Participant:
    return admit_act(signed, "product.registered", Role.SUPPLIER, work=work, floor=floor)


def may_process(
    number: str,
    supplier: Participant,
    parents: Sequence[str],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> None:
    """Confirm parents of the supplier's own, and hold it to what it was granted in others.

    Raises `BadField` for a parent that is the product `number` itself or comes from it, and
    `NotCompliant` where the term of its registration, or of a source of it, is over.
    """
    own = own_parent(work.chain.store, f"product/{number}", parents)
    if own:
        words = "is the product itself" if own == number else f"comes from {number} itself"
        raise BadField("act.facts.parents", f"{own} {words}")
    for name in parents:
        parent = work.products.get(name)
        if parent.supplier == supplier.id:
            confirm_registration(parent, work=work, floor=floor)
        now = format_time(floor.clock())
        if not holds(work.chain.store, supplier.id, name, "processing", now):
            raise Forbidden(f"{supplier.handle} has no right to process {name}")
        for words in terms_over(work.chain.store, [name], now):
            raise NotCompliant(f"{words}: nothing is derived from it until it is renewed")


def require_new(data: str, work: UnitOfWork) -> None:
    """Raise `Conflict` where the same bytes stand, or stood, registered.

    Whoever claims them at the same moment waits here till this unit of work ends.
    """
    work.chain.store.reserve(f"data/{data}")
    holder = work.versions.holder(data)
    if holder:
        way = "another spec sheet for them is signed under that number"
        if work.products.get(holder).listing is ListingState.DELISTED:
            way = (
                "it was delisted for good, and they are registered anew once its supplier has "
                "cancelled that registration"
            )
        raise Conflict(f"the same bytes are registered as {holder}; {way}")


@dataclass(frozen=True, slots=True)
class Examined:
    """What was measured in a file of so many bytes, and its fingerprint."""

    profile: Profile
    fingerprint: Fingerprint
    bytes: int


def _enter(
    signed: SignedAct,
    examined: Examined,
    due: Due | None,
    *,
    name: str,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    entry = record(signed, work=work, floor=floor)
    charge(due, entry, work=work, floor=floor)
    profile = examined.profile
    stored, until = announce(entry.subject, examined, name=name, work=work, floor=floor)
    product = Product(
        number=entry.subject.partition("/")[2],
        supplier=entry.actor,
        file=name,
        data=profile.data,
        bytes=examined.bytes,
        profile=stored,
        notice_until=until.facts["until"],
        registered_at=format_time(floor.clock()),
        head=until.leaf.hex(),
        name=nameless(name),
        verifiers="",
    )
    work.products.put(product)
    work.products.add_parents(product.number, texts(signed, "parents"))
    keep_version(product, examined.fingerprint, work)
    return product


def announce(
    subject: str, examined: Examined, *, name: str, work: UnitOfWork, floor: Floor
) -> tuple[str, Entry]:
    """Record what was measured and what it is like, and open the notice on it.

    The profile's record is no public one before the product is listed, and holds no spread of long
    whole numbers, which may be numbers of persons.
    Returns the digest of the profile's record and the entry of the notice.
    """
    profile = examined.profile
    shown = without_long_numbers(replace(profile, name=nameless(name)))
    stored = work.records.put(encode(to_record(shown)), public=False)
    record_inspection(subject, profile, stored, work=work, floor=floor)
    number = subject.partition("/")[2]
    found = find_similar(examined.fingerprint, profile, work=work, but=number)
    record_similar(subject, profile.data, found, work=work, floor=floor)
    return stored, open_notice(subject, work=work, floor=floor)


def record_inspection(
    subject: str, profile: Profile, stored: str, *, work: UnitOfWork, floor: Floor
) -> None:
    """Put an inspection on the chain: its profile, by the digest of the record."""
    inspected = {
        "data": profile.data,
        "profile": stored,
        "rows": profile.rows,
        "reader": profile.reader,
    }
    record_for_house("inspection.recorded", subject, inspected, work=work, floor=floor)


def open_notice(subject: str, *, work: UnitOfWork, floor: Floor) -> Entry:
    """Put what stands registered on public notice."""
    until = format_time(floor.clock() + dt.timedelta(seconds=floor.house.notice_seconds))
    return record_for_house("notice.opened", subject, {"until": until}, work=work, floor=floor)


def keep_version(product: Product, fingerprint: Fingerprint, work: UnitOfWork) -> None:
    """Keep the data of a product as a version, and its fingerprint."""
    work.versions.put(
        DataVersion(product.number, product.data, product.file, product.bytes, product.profile)
    )
    work.fingerprints.put(product.number, product.data, fingerprint)


def profile_of(product: Product, work: UnitOfWork) -> Profile:
    """Return what the inspection measured, from its record."""
    return read_stored(Profile, work.records.get(product.profile))


def confirm_registration(product: Product, *, work: UnitOfWork, floor: Floor) -> Product:
    """Confirm a claim whose notice has run, within the caller's unit of work.

    Raises `NoticeRunning` before the notice ends or while an objection is open, and does
    nothing for a claim that is confirmed, disputed or not.
    """
    if product.registration in {RegistrationState.CONFIRMED, RegistrationState.DISPUTED}:
        return product
    if product.registration is RegistrationState.OBJECTED:
        raise NoticeRunning(f"{product.number}: an objection to the claim is open")
    if floor.clock() < parse_time(product.notice_until, "notice"):
        raise NoticeRunning(
            f"{product.number}: the public notice runs until {product.notice_until}"
        )
    moved = product.registration_moved(RegistrationState.CONFIRMED)
    subject = f"product/{product.number}"
    until = term_end(floor)
    facts = {"data": product.data, "until": until}
    entry = record_for_house("registration.confirmed", subject, facts, work=work, floor=floor)
    confirmed = replace(moved.at(entry), registered_until=until)
    work.products.put(confirmed)
    return confirmed


def term_end(floor: Floor) -> str:
    """Return until when a registration confirmed or renewed now runs: a rule of the house."""
    return format_time(floor.clock() + dt.timedelta(days=floor.house.registration_days))
