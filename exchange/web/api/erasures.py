"""Erasures: asking for committed values to be destroyed, and what is left of them."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.openings import Erased, Opening
from exchange.services import erase_record
from exchange.services.disclose_values import disclose
from exchange.services.erase_record import Erasure
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    DisclosureShape,
    ErasureShape,
)
from exchange.web.api.requests import (
    Committed,
    Signed,
)
from exchange.web.gate import caller, floor
from ledger.commitments import Standing
from ledger.note import to_base64

erasures = Noun("erasures", path="/erasures")
disclosures = Noun("disclosures", path="/disclosures")


@erasures.write("/<leaf>")
@erasures.takes(Committed)
@erasures.gives(ErasureShape, 201)
def ask(body: dict[str, Any], leaf: str) -> dict[str, Any]:
    """Ask for the erasure of fields of the entry with that leaf hash."""
    signed = signed_act(body, f"erasure/{leaf}")
    return _shown(erase_record.request_erasure(signed, openings_of(body), floor=floor()))


@erasures.read("/<leaf>")
@erasures.gives(ErasureShape(many=True))
def list_of(leaf: str) -> list[dict[str, Any]]:
    """List the requests about an entry, to those whom it concerns."""
    with floor().read() as work:
        entry = erase_record.entry_of(leaf, work)
        if caller().id not in erase_record.concerned(entry, work, floor()):
            raise Forbidden(f"the requests about {entry.named} are open to whom it concerns")
        return [_shown(each) for each in erase_record.erasures_of(leaf, work)]


@erasures.write("/<leaf>/refusal")
@erasures.takes(Signed)
@erasures.gives(ErasureShape)
def refuse(body: dict[str, Any], leaf: str) -> dict[str, Any]:
    """Refuse a request: the values must be kept."""
    signed = signed_act(body, f"erasure/{leaf}")
    return _shown(erase_record.refuse_erasure(signed, floor=floor()))


@erasures.write("/<leaf>/execution")
@erasures.takes(Signed)
@erasures.gives(ErasureShape)
def execute(body: dict[str, Any], leaf: str) -> dict[str, Any]:
    """Destroy the values of a request, their keys and their salts."""
    signed = signed_act(body, f"erasure/{leaf}")
    return _shown(erase_record.execute_erasure(signed, floor=floor()))


@disclosures.read("/<leaf>")
@disclosures.gives(DisclosureShape(many=True))
def show(leaf: str) -> list[dict[str, Any]]:
    """Show the committed values of an entry with their salts, to those whom it concerns."""
    index, found = disclose(leaf, to=caller(), floor=floor())
    return [{"entry": index, **_disclosed(each)} for each in found]


def _shown(erasure: Erasure) -> dict[str, Any]:
    return {
        "request": erasure.request,
        "entry": erasure.entry,
        "named": list(erasure.fields),
        "actor": erasure.actor,
        "state": str(erasure.state),
        "decision": erasure.decision,
        "reason": erasure.reason,
    }


def _disclosed(found: Opening | Erased) -> dict[str, Any]:
    if isinstance(found, Erased):
        return {"field": found.field, "standing": Standing.ERASED, "salt": None, "value": None}
    return {
        "field": found.field,
        "standing": Standing.DISCLOSED,
        "salt": to_base64(found.salt),
        "value": found.value,
    }
