"""The rows that an expert is shown, drawn by the chain and masked."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.participants import Participant, Role
from exchange.ports import Floor
from exchange.quality.sampling import Sample, draw
from exchange.services.assess_product import require_independent
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from ledger.view import newest


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample, and what anyone needs to draw the same places again."""

    product: str
    data: str
    notice: str
    sample: Sample


def draw_sample(number: str, *, reader: Participant, floor: Floor) -> Drawn:
    """Show an independent quality expert or compliance assessor the rows that the chain draws.

    Raises `Forbidden` for anyone else, and `BadField` before there is a sheet to be reviewed.
    Columns are masked that the sheet calls personal or in which the inspection found something.
    """
    reader.require(Role.QUALITY_EXPERT, Role.COMPLIANCE_ASSESSOR)
    with floor.read() as work:
        product = work.products.get(number)
        require_independent(reader, product, work=work, floor=floor)
        sheet, profile = sheet_of(product, work), profile_of(product, work)
        opened = newest(work.chain.store, f"product/{number}", "notice.opened")
    notice = opened.leaf.hex() if opened else ""  # a registration never commits without one
    personal = {note.name for note in sheet.content.fields if note.personal}
    private = personal | {found.column for found in profile.sensitive}
    places = draw(notice, product.data, profile.rows)
    shown = floor.show(floor.vault.check(product.data), product.file, places, private)
    return Drawn(number, product.data, notice, shown)
