"""Drafts of a sheet: saved by the supplier on the exchange, to be edited, and signed later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from exchange.comparison import Change, Difference, differences, record_changes
from exchange.dossier import SheetDraft
from exchange.errors import BadField, Forbidden, NotFound
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import require_fit, sheet_of
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
        require_fit(read_record(SpecSheet, draft.content))
    except BadField as error:
        return str(error)
    return ""


@dataclass(frozen=True, slots=True)
class HeldDraft:
    """A draft held against the newest signed sheet and against what was measured.

    `record` is what the draft says, with what it leaves to its defaults once it is whole.
    `fault` is what `draft_fault` says; `differences` are the figures typed that are not those
    measured, which will stand as differing once signed, and which rule Q-07 blocks.  `changes` are
    from the newest signed sheet, from nothing where none is signed.
    """

    record: Mapping[str, Any]
    fault: str
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]

    @property
    def words(self) -> str:
        """Whether it can be signed, and what will be said of it then."""
        if self.fault:
            return f"not ready: {self.fault}"
        told = len(self.differences)
        if not told:
            return "ready to sign"
        figures = "1 figure in it is" if told == 1 else f"{told} figures in it are"
        return (
            f"it can be signed, but {figures} not as measured: signed, that stands as differing, "
            "and Q-07 keeps the product off the board"
        )


def hold_draft(draft: SheetDraft, *, work: UnitOfWork) -> HeldDraft:
    """Hold a draft against its product; one that is not whole has no differences yet."""
    product = work.products.get(draft.product)
    fault, record = draft_fault(draft), draft.content
    found: tuple[Difference, ...] = ()
    if not fault:
        sheet = read_record(SpecSheet, draft.content)
        record, found = to_record(sheet), differences(sheet, profile_of(product, work))
    signed = to_record(sheet_of(product, work)) if product.sheet else {}
    return HeldDraft(record, fault, record_changes(signed, record), found)


def _own(number: str, by: Participant, work: UnitOfWork) -> Product:
    product = work.products.get(number)
    work.participants.get(by.id).require(Role.SUPPLIER)
    if by.id != product.supplier:
        raise Forbidden(f"{number} is not a product of {by.handle}")
    return product
