"""The spec sheet (数据产品说明书): the supplier signs it, and so undertakes that it is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from exchange.compliance import GradeFloor
from exchange.errors import BadField, Conflict, DataDiffer, Forbidden, Refused
from exchange.grading import Grade, at_least
from exchange.legible import require_formed, require_legible, require_written
from exchange.listing import ListingState
from exchange.participants import Participant, Role, Standing
from exchange.plans import check_counted, check_plan
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_stored, to_record
from exchange.registration import ENDED, Product
from exchange.services.acting import admit_act, fact, record, subject_id, unchanged
from exchange.services.measure_quality import count_expected, record_measured
from exchange.services.publish_sample import draw_rows, notice_of, record_sample
from exchange.services.read_papers import require_identity
from exchange.services.register_product import profile_of
from exchange.services.renew_registration import require_registered
from exchange.services.share_proceeds import share
from exchange.services.suspend_listing import suspend_for_house
from exchange.specsheet import SpecSheet
from ledger.acts import SignedAct, format_time
from ledger.canonical import encode
from ledger.grades import floors_of, granted_purposes, line_of, purposeless, purposes_of
from ledger.registry import registered_now, why_circular
from ledger.view import newest
from pricing.errors import PricingError
from pricing.money import Currency, Money
from pricing.plugins import load


def require_fit(sheet: SpecSheet) -> None:
    """Raise `BadField` for a text that people cannot read, that a template had there, or malformed.

    Malformed is what is not the digest or the moment that its field means.
    """
    record = to_record(sheet)
    require_written(record)
    require_legible(record)
    require_formed(record)


def check_sheet(sheet: SpecSheet, *, data: Path, name: str, floor: Floor) -> None:
    """Raise `BadField` for a sheet that could be signed and then neither priced, shared nor read.

    `data` is the file that the sheet describes, called `name` by its owner.
    """
    require_fit(sheet)
    with floor.read() as work:
        _know_contributors(sheet, work, floor.house.operator)
    _check_price(sheet)
    if sheet.sharing:  # what cannot be divided is refused here, not with money in escrow
        share(Money(10_000), sheet.sharing, data, name, documents={}, floor=floor)
    _check_grading(sheet)


def _check_grading(sheet: SpecSheet) -> None:
    if sheet.grading is None:
        return
    known = {note.name for note in sheet.content.fields}
    names = [column.name for column in sheet.grading.columns]
    for name in names:
        if name not in known or names.count(name) > 1:
            raise BadField("grading.columns.name", "each names one field of the content, once")
    if not at_least(sheet.grade, sheet.grading.grade):
        raise BadField("grade", f"{sheet.grade}: its grading comes to {sheet.grading.grade}")


def submit_sheet(
    signed: SignedAct, sheet: SpecSheet, *, floor: Floor, evidence: Sequence[bytes] = ()
) -> Product:
    """Put a sheet on file for a product; another sheet takes a listed product off the board.

    So it does with what was derived from the product and is graded lower, is for more, or has wider
    conditions of use than it now.
    What the sheet expects of the data is counted over every row, and the counts are recorded; so
    is the sample of rows that the sheet shows.
    `evidence` are documents that the sheet names by digest; each one named must be given now
    or have been given for this product before: attached to it, with its registration, or with
    the sheet on file.  Raises `DataDiffer` where the act names another sheet or other
    data, `BadField` for a sheet that claims more than the registration did, whose evidence is
    nowhere, that is graded below or is for more than what it was derived from, or that
    `check_sheet` refuses, `Forbidden` for another supplier's product or once the supplier's
    identity has ended, `Refused` where its claim was rejected, its registration cancelled, or
    it comes from itself, `NotCompliant` once the term of that is over.
    """
    if sheet.digest != fact(signed, "sheet"):
        raise DataDiffer("act.facts.sheet: not the digest of this sheet")
    number = subject_id(signed, "product")
    with floor.read() as work:
        actor = admit_act(signed, "sheet.submitted", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(number)
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id != product.supplier:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        _require_standing(actor, product, work, floor)
        profile, notice = profile_of(product, work), notice_of(product, work)
        inspected = product.profile
    # Outside the writing unit, since it reads the whole file; the bytes cannot change meanwhile.
    check_sheet(sheet, data=floor.vault.check(product.data), name=product.file, floor=floor)
    counted = count_expected(sheet, product, profile, floor=floor)
    drawn = draw_rows(sheet, product, profile, notice, floor=floor)
    with floor.write() as work:
        actor = admit_act(signed, "sheet.submitted", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(number)
        if unchanged(work.chain.recorded(signed), signed):
            return product
        _require_standing(actor, product, work, floor)  # it may have ended meanwhile
        if not fact(signed, "data") == product.data == drawn.data:
            raise DataDiffer(f"act.facts.data: {product.number} is registered over other bytes")
        if product.profile != inspected:
            raise Conflict(f"{product.number} was inspected anew meanwhile")
        _as_signed(signed, sheet)
        _within_claim(sheet, product, work)
        if none := purposeless(work.chain.store, number, format_time(floor.clock())):
            raise BadField("conditions.purposes", none)
        _as_inherited(sheet, product, work, floor)
        _keep_evidence(sheet, evidence, product, work)
        stored = work.records.put(encode(to_record(sheet)), public=True)
        if product.listing is ListingState.LISTED:
            product = suspend_for_house(
                product, "the spec sheet has changed", work=work, floor=floor
            )
        entry = record(signed, work=work, floor=floor)
        updated = replace(product.at(entry), name=sheet.basic.name, sheet=stored)
        work.sheet_drafts.discard(product.number)
        updated = record_sample(drawn, updated, work=work, floor=floor)
        return record_measured(sheet, counted, updated, work=work, floor=floor)


def _require_standing(actor: Participant, product: Product, work: UnitOfWork, floor: Floor) -> None:
    """Raise unless a sheet could come to something: who is over, or a claim, or its term.

    Nor does one of a product that comes from itself, as an older exchange let it.
    """
    require_identity(actor, "P-01", floor=floor)
    if product.registration in ENDED:
        raise Refused(
            f"{product.number}: its registration is {product.registration}, "
            "and no sheet is taken for it"
        )
    require_registered(product, floor=floor)
    if why := why_circular(work.chain.store, f"product/{product.number}"):
        raise Refused(f"{why}: no sheet is taken for it")


def sheet_of(product: Product, work: UnitOfWork) -> SpecSheet:
    """Return the sheet on file, or raise `BadField` if there is none."""
    if product.sheet is None:
        raise BadField("sheet", f"{product.number} has no spec sheet yet")
    return read_stored(SpecSheet, work.records.get(product.sheet))


def last_sheet_of(product: Product, work: UnitOfWork) -> SpecSheet | None:
    """Return the sheet signed last, None before there is one.

    After a change or a transfer it stands no more, and what comes from the product is held to it
    until there is another.
    """
    signed = newest(work.chain.store, f"product/{product.number}", "sheet.submitted")
    return read_stored(SpecSheet, work.records.get(signed.facts["sheet"])) if signed else None


def _know_contributors(sheet: SpecSheet, work: UnitOfWork, operator: str) -> None:
    where = "sharing.contributors"
    contributors = sheet.sharing.contributors if sheet.sharing else ()
    for name in ("participant", "value") if sheet.sharing and sheet.sharing.column else ():
        values = [getattr(contributor, name) for contributor in contributors]
        if len(set(values)) < len(values):
            raise BadField(f"{where}.{name}", "each contributor has its own")
    for contributor in contributors:
        known = work.participants.find(contributor.participant)
        if known is None or known.id != contributor.participant:
            raise BadField(where, f"{contributor.participant} is not a participant's id")
        if known.standing is not Standing.ADMITTED:
            raise BadField(where, f"{known.handle} is {known.standing}, not admitted")
        if known.id == operator:
            raise BadField(where, "the operator takes its fee and no share")


def _check_price(sheet: SpecSheet) -> None:
    price = sheet.price
    if price.amount is not None and price.amount.minor < 0:
        raise BadField("price.amount", "below zero")
    if price.amount is not None and price.amount.currency is not Currency.CNY:
        raise BadField("price.amount", "this exchange clears in CNY")
    if any(cost.amount.minor < 0 for cost in sheet.costs):
        raise BadField("costs.amount", "below zero")
    if any(cost.amount.currency is not Currency.CNY for cost in sheet.costs):
        raise BadField("costs.amount", "in another currency than the price, CNY")
    try:
        load("strategies", price.strategy)
    except PricingError as error:
        raise BadField("price.strategy", str(error)) from error
    check_plan(price)
    check_counted(sheet.conditions, price)


def _as_signed(signed: SignedAct, sheet: SpecSheet) -> None:
    """Hold the act to the sheet's own grade and purposes, by which derived products are held."""
    said = {"grade": str(sheet.grade), "purposes": list(sheet.conditions.purposes)}
    for name, value in said.items():
        if signed.act.facts.get(name) != value:
            raise DataDiffer(f"act.facts.{name}: not that of the sheet")


def _as_inherited(sheet: SpecSheet, product: Product, work: UnitOfWork, floor: Floor) -> None:
    """Raise `BadField` for a grade below, or purposes beyond, those of what it was derived from."""
    store, number = work.chain.store, product.number
    for held in floors_of(store, number):
        if not held.certain or at_least(sheet.grade, Grade(held.grade)):
            continue
        named = f" ({held.at})" if held.at else ""
        raise BadField("grade", f"{sheet.grade}: {GradeFloor.of(held).words}{named}")
    wanted, now = set(sheet.conditions.purposes), format_time(floor.clock())
    for ancestor, path in line_of(store, number):
        allowed = purposes_of(store, ancestor)
        beyond = wanted - set(allowed) if allowed is not None else set()
        if len(path) == 2:  # a parent: what the grant to process it is for counts as well
            granted = granted_purposes(store, product.supplier, ancestor, now)
            beyond |= wanted - granted if granted is not None else set()
        if beyond:
            words = f"{', '.join(sorted(beyond))}: {ancestor}, which it comes from, is not for that"
            raise BadField("conditions.purposes", words)


def _within_claim(sheet: SpecSheet, product: Product, work: UnitOfWork) -> None:
    """Raise `BadField` where the sheet claims what did not stand on public notice."""
    claim = next(work.chain.store.of_kind(f"product/{product.number}", "product.registered"))
    beyond = {str(right) for right in sheet.rights} - set(claim.facts["rights"])
    if beyond:
        raise BadField("rights", f"{', '.join(sorted(beyond))}: not claimed at registration")
    standing = registered_now(work.chain.store, f"product/{product.number}") or claim
    strange = {str(source.code) for source in sheet.sources} - set(standing.facts["sources"])
    if strange:
        raise BadField("sources.code", f"{', '.join(sorted(strange))}: not named at registration")


def _keep_evidence(
    sheet: SpecSheet, evidence: Sequence[bytes], product: Product, work: UnitOfWork
) -> None:
    given = {work.records.put(document, public=False) for document in evidence}
    attached = work.chain.store.of_kind(f"product/{product.number}", "document.attached")
    given |= {entry.facts["document"] for entry in attached} | evidence_of(product, work).keys()
    for field, digest in sheet.documents.items():
        if digest not in given:  # what others gave proves nothing here, and is not told to be there
            raise BadField(field, "the document of that digest was never given for this product")


def evidence_of(product: Product, work: UnitOfWork) -> dict[str, tuple[str, ...]]:
    """Return where each document is named that was handed in for a product, by digest.

    That is an act of its claim, by kind, or a field of its present sheet.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    named = [
        (digest, kind)
        for kind in ("product.registered", "registration.changed")
        for entry in store.of_kind(subject, kind)
        for digest in entry.facts["evidence"]
    ]
    if product.sheet is not None:
        documents = sheet_of(product, work).documents
        named += [(digest, field) for field, digest in documents.items()]
    found: dict[str, tuple[str, ...]] = {}
    for digest, where in named:
        found[digest] = (*found.get(digest, ()), where)
    return found
