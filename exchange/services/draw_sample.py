"""The rows that an expert is shown, drawn by the chain and masked."""

from __future__ import annotations

from exchange.participants import Participant, Role
from exchange.ports import Floor
from exchange.quality.sampling import Drawn
from exchange.services.assess_product import require_independent
from exchange.services.publish_sample import draw_rows, notice_of
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of


def draw_sample(number: str, *, reader: Participant, floor: Floor) -> Drawn:
    """Draw the sample of the sheet again, for an independent quality expert or assessor.

    Raises `Forbidden` for anyone else, and `BadField` before there is a sheet to be reviewed.
    """
    reader.require(Role.QUALITY_EXPERT, Role.COMPLIANCE_ASSESSOR)
    with floor.read() as work:
        product = work.products.get(number)
        require_independent(reader, product, work=work, floor=floor)
        sheet, profile = sheet_of(product, work), profile_of(product, work)
        notice = notice_of(product, work)
    return draw_rows(sheet, product, profile, notice, floor=floor)
