"""The spec sheet (数据产品说明书): the supplier signs it, and so undertakes that it is true."""

from __future__ import annotations

from dataclasses import replace

from exchange.errors import BadField, DataDiffer, Forbidden
from exchange.listing import ListingState
from exchange.participants import Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, record, subject_id, unchanged
from exchange.services.share_proceeds import share
from exchange.services.suspend_listing import suspend_for_house
from exchange.specsheet import SpecSheet
from ledger.acts import SignedAct
from ledger.canonical import decode, encode
from pricing.money import Money


def submit_sheet(signed: SignedAct, sheet: SpecSheet, *, floor: Floor) -> Product:
    """Put a sheet on file for a product; another sheet takes a listed product off the board.

    Raises `DataDiffer` where the act names another sheet or other data, `BadField` where a
    contributor is not an admitted participant, `Forbidden` for another supplier's product.
    """
    if sheet.digest != fact(signed, "sheet"):
        raise DataDiffer("act.facts.sheet: not the digest of this sheet")
    with floor.write() as work:
        actor = admit_act(signed, "sheet.submitted", Role.SUPPLIER, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        if actor.id != product.supplier:
            raise Forbidden(f"{product.number} is not a product of {actor.handle}")
        if fact(signed, "data") != product.data:
            raise DataDiffer(f"act.facts.data: {product.number} is registered over other bytes")
        _know_contributors(sheet, work)
        if sheet.sharing:  # what cannot be divided is refused here, not with money in escrow
            share(Money(10_000), sheet.sharing, product, documents={}, floor=floor)
        stored = work.records.put(encode(to_record(sheet)), public=True)
        if product.listing is ListingState.LISTED:
            product = suspend_for_house(
                product, "the spec sheet has changed", work=work, floor=floor
            )
        entry = record(signed, work=work, floor=floor)
        updated = replace(
            product,
            name=sheet.basic.name,
            sheet=stored,
            entry=entry.index,
            head=entry.leaf.hex(),
        )
        work.products.put(updated)
        return updated


def sheet_of(product: Product, work: UnitOfWork) -> SpecSheet:
    """Return the sheet on file, or raise `BadField` if there is none."""
    if product.sheet is None:
        raise BadField("sheet", f"{product.number} has no spec sheet yet")
    return read_record(SpecSheet, decode(work.records.get(product.sheet)))


def _know_contributors(sheet: SpecSheet, work: UnitOfWork) -> None:
    for contributor in sheet.sharing.contributors if sheet.sharing else ():
        known = work.participants.find(contributor.participant)
        where = "sharing.contributors.participant"
        if known is None or known.id != contributor.participant:
            raise BadField(where, f"{contributor.participant} is not a participant's id")
        if known.standing is not Standing.ADMITTED:
            raise BadField(where, f"{known.handle} is {known.standing}, not admitted")
