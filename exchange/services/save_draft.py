"""Drafts of a sheet: saved by the supplier on the exchange, to be edited, and signed later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from exchange.dossier import SheetDraft
from exchange.errors import BadField, Forbidden, NotFound
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record
from exchange.registration import Product
from exchange.specsheet import SpecSheet
from ledger.acts import format_time
from ledger.canonical import encode
from ledger.errors import NotCanonical

DRAFT_MAX: Final = 1 << 20  # bytes of a draft as canonical JSON


def save_draft(
    number: str, content: Mapping[str, Any], *, by: Participant, floor: Floor
) -> SheetDraft:
    """Save the draft of a product's next sheet; nothing is said by it and nothing recorded.

    It may be incomplete.  Raises `Forbidden` for anybody but the product's supplier, `BadField`
    for what is no JSON of the ledger's or over a mebibyte.
    """
    try:
        size = len(encode(dict(content)))
    except NotCanonical as error:
        raise BadField("draft", str(error)) from error
    if size > DRAFT_MAX:
        raise BadField("draft", f"over {DRAFT_MAX} bytes")
    with floor.write() as work:
        product = _own(number, by, work)
        draft = SheetDraft(product.number, by.id, format_time(floor.clock()), dict(content))
        work.sheet_drafts.put(draft)
        return draft


def draft_of(number: str, *, to: Participant, floor: Floor) -> SheetDraft:
    """Return the draft of a product's sheet to its supplier; `NotFound` where none is saved."""
    with floor.read() as work:
        product = _own(number, to, work)
        draft = work.sheet_drafts.find(product.number)
    if draft is None:
        raise NotFound(f"no draft is saved of the sheet of {number}")
    return draft


def draft_fault(draft: SheetDraft) -> str:
    """Say which field keeps a draft from being signed, the first of them; empty if none does."""
    try:
        read_record(SpecSheet, draft.content)
    except BadField as error:
        return str(error)
    return ""


def _own(number: str, by: Participant, work: UnitOfWork) -> Product:
    product = work.products.get(number)
    work.participants.get(by.id).require(Role.SUPPLIER)
    if by.id != product.supplier:
        raise Forbidden(f"{number} is not a product of {by.handle}")
    return product
