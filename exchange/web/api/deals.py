"""Deals made off the exchange: filed, confirmed, declined, ended."""

from __future__ import annotations

import base64
from typing import Any

from exchange.deals import Deal
from exchange.openings import require_document
from exchange.services import file_deal
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.netting_replies import DealPapersShape, DealShape
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Committed, Signed
from exchange.web.gate import caller, floor

deals = Noun("deals", path="/deals")


@deals.read("")
@deals.gives(DealShape(many=True))
def list_own() -> list[Deal]:
    """List the deals that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        if caller().id == floor().house.operator:
            return list(work.deals.all())
        return list(work.deals.of(caller().id))


@deals.read("/<deal>")
@deals.gives(DealPapersShape)
def get(deal: str) -> dict[str, Any]:
    """Return a deal with its papers, to its parties and to the operator."""
    with floor().read() as work:
        found = file_deal.deal_for(deal, caller(), work=work, floor=floor())
        shown = {name: getattr(found, name) for name in found.__dataclass_fields__}
        for field in ("terms", "description"):
            value = file_deal.document_of(found, field, work)
            paper = None if value is None else require_document({field: value}, field)
            shown[field] = None if paper is None else base64.b64encode(paper).decode()
        return shown


@deals.write("")
@deals.takes(Committed)
@deals.gives(DealShape, 201)
def file(body: dict[str, Any]) -> Deal:
    """File a deal made off the exchange."""
    return file_deal.file_deal(signed_act(body, None), openings_of(body), floor=floor())


@deals.write("/<deal>/confirmation")
@deals.takes(Signed)
@deals.gives(DealShape)
def confirm(body: dict[str, Any], deal: str) -> Deal:
    """Confirm a deal that names the caller; a cleared one is owed from then on."""
    return file_deal.confirm_deal(signed_act(body, f"deal/{deal}"), floor=floor())


@deals.write("/<deal>/refusal")
@deals.takes(Signed)
@deals.gives(DealShape)
def decline(body: dict[str, Any], deal: str) -> Deal:
    """End a filing that was not confirmed."""
    return file_deal.decline_deal(signed_act(body, f"deal/{deal}"), floor=floor())


@deals.write("/<deal>/end")
@deals.takes(Signed)
@deals.gives(DealShape)
def end(body: dict[str, Any], deal: str) -> Deal:
    """End a confirmed deal; what no cycle has netted is not owed any more."""
    return file_deal.end_deal(signed_act(body, f"deal/{deal}"), floor=floor())
