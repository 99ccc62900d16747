"""Engagements: proposed, accepted, delivered, paid."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from exchange.engagements import Engagement
from exchange.errors import BadField, Forbidden
from exchange.services import engage_merchant
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import EngagementShape
from exchange.web.api.requests import Committed, Reported, Signed
from exchange.web.gate import floor, is_party

engagements = Noun("engagements", path="/engagements")


def _is_party(engagement: Engagement) -> bool:
    return is_party(engagement.by, engagement.to)


@engagements.read("")
@engagements.gives(EngagementShape(many=True))
def list_own() -> list[Engagement]:
    """List the engagements that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        return [each for each in work.engagements.all() if _is_party(each)]


@engagements.read("/<engagement>")
@engagements.gives(EngagementShape)
def get(engagement: str) -> Engagement:
    """Return an engagement, to its parties and to the operator."""
    with floor().read() as work:
        found = work.engagements.get(engagement)
    if not _is_party(found):
        raise Forbidden(f"{engagement} is open to its parties and to the operator")
    return found


@engagements.write("")
@engagements.takes(Committed)
@engagements.gives(EngagementShape, 201)
def propose(body: dict[str, Any]) -> Engagement:
    """Engage another participant for a fixed fee."""
    signed = signed_act(body, None)
    return engage_merchant.propose_engagement(signed, openings_of(body), floor=floor())


@engagements.write("/<engagement>/acceptance")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def accept(body: dict[str, Any], engagement: str) -> Engagement:
    """Take the work: the fee goes into escrow."""
    signed = signed_act(body, f"engagement/{engagement}")
    return engage_merchant.accept_engagement(signed, floor=floor())


@engagements.write("/<engagement>/refusal")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def decline(body: dict[str, Any], engagement: str) -> Engagement:
    """End an engagement that nobody has accepted."""
    signed = signed_act(body, f"engagement/{engagement}")
    return engage_merchant.decline_engagement(signed, floor=floor())


@engagements.write("/<engagement>/delivery")
@engagements.takes(Reported)
@engagements.gives(EngagementShape)
def deliver(body: dict[str, Any], engagement: str) -> Engagement:
    """Hand the work in, with its report in base 64."""
    signed = signed_act(body, f"engagement/{engagement}")
    try:
        report = base64.b64decode(body["report"], validate=True)
    except binascii.Error as error:
        raise BadField("report", "not base 64") from error
    return engage_merchant.deliver_work(signed, report, floor=floor())


@engagements.write("/<engagement>/payment")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def pay(body: dict[str, Any], engagement: str) -> Engagement:
    """Accept the work: escrow is released to whoever did it."""
    signed = signed_act(body, f"engagement/{engagement}")
    return engage_merchant.pay_engagement(signed, floor=floor())


@engagements.write("/<engagement>/cancellation")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def cancel(body: dict[str, Any], engagement: str) -> Engagement:
    """End an accepted engagement: the fee goes back to who engaged."""
    signed = signed_act(body, f"engagement/{engagement}")
    return engage_merchant.cancel_engagement(signed, floor=floor())
