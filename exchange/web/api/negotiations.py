"""Negotiations: opened, offered, accepted, ended."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.negotiation import Negotiation
from exchange.records import to_record
from exchange.services import negotiate
from exchange.web.acts import signed_act
from exchange.web.api.bargain_replies import AgreedShape, NegotiationShape, RequestsBody
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Signed
from exchange.web.gate import floor, is_party
from exchange.web.showing import fields_of
from ledger.acts import format_time

negotiations = Noun("negotiations", path="/negotiations")


def _is_party(negotiation: Negotiation) -> bool:
    return is_party(negotiation.buyer, negotiation.supplier)


def _now() -> str:
    return format_time(floor().clock())


@negotiations.read("")
@negotiations.gives(NegotiationShape(many=True))
def list_own() -> list[Negotiation]:
    """List the negotiations that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        return [each.as_of(_now()) for each in work.negotiations.all() if _is_party(each)]


@negotiations.read("/<negotiation>")
@negotiations.gives(NegotiationShape)
def get(negotiation: str) -> Negotiation:
    """Return a negotiation, to its parties and to the operator."""
    with floor().read() as work:
        found = work.negotiations.get(negotiation)
    if not _is_party(found):
        raise Forbidden(f"{negotiation} is open to its parties and to the operator")
    return found.as_of(_now())


@negotiations.write("")
@negotiations.takes(RequestsBody)
@negotiations.gives(NegotiationShape(many=True), 201)
def request(body: dict[str, Any]) -> list[Negotiation]:
    """Ask one supplier or several for a price: all are asked, or none."""
    acts = [signed_act(each, None) for each in body["acts"]]
    return negotiate.open_negotiations(acts, floor=floor())


@negotiations.write("/<negotiation>/offers")
@negotiations.takes(Signed)
@negotiations.gives(NegotiationShape)
def offer(body: dict[str, Any], negotiation: str) -> Negotiation:
    """Offer an amount, which withdraws the offer before."""
    signed = signed_act(body, f"negotiation/{negotiation}")
    return negotiate.make_offer(signed, floor=floor())


@negotiations.write("/<negotiation>/acceptance")
@negotiations.takes(Signed)
@negotiations.gives(AgreedShape)
def accept(body: dict[str, Any], negotiation: str) -> dict[str, Any]:
    """Accept the offer that stands: the exchange quotes its amount to the buyer."""
    signed = signed_act(body, f"negotiation/{negotiation}")
    agreed = negotiate.accept_offer(signed, floor=floor())
    quote = fields_of(agreed.quote) | {"agreed": to_record(agreed.terms)}
    return {"negotiation": agreed.negotiation, "quote": quote}


@negotiations.write("/<negotiation>/end")
@negotiations.takes(Signed)
@negotiations.gives(NegotiationShape)
def end(body: dict[str, Any], negotiation: str) -> Negotiation:
    """End a negotiation without a price."""
    signed = signed_act(body, f"negotiation/{negotiation}")
    return negotiate.end_negotiation(signed, floor=floor())
