"""Engagements: proposed, accepted, delivered, paid."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from exchange.engagements import Engagement
from exchange.errors import Forbidden
from exchange.ports import UnitOfWork
from exchange.services import engage_merchant
from exchange.web.acts import from_base64, openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import EngagementShape
from exchange.web.api.requests import Committed, Reported, Signed
from exchange.web.gate import floor, is_party

engagements = Noun("engagements", path="/engagements")


def _is_party(engagement: Engagement) -> bool:
    return is_party(engagement.by, engagement.to)


def _record(engagement: Engagement, work: UnitOfWork) -> dict[str, Any]:
    steps = [each.to_record() for each in engage_merchant.steps_of(engagement, work)]
    return {each.name: getattr(engagement, each.name) for each in fields(engagement)} | {
        "steps": steps
    }


def _told(engagement: Engagement) -> dict[str, Any]:
    with floor().read() as work:
        return _record(engagement, work)


@engagements.read("")
@engagements.gives(EngagementShape(many=True))
def list_own() -> list[dict[str, Any]]:
    """List the engagements that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        own = [each for each in work.engagements.all() if _is_party(each)]
        return [_record(each, work) for each in own]


@engagements.read("/<engagement>")
@engagements.gives(EngagementShape)
def get(engagement: str) -> dict[str, Any]:
    """Return an engagement, to its parties and to the operator."""
    with floor().read() as work:
        found = work.engagements.get(engagement)
        if not _is_party(found):
            raise Forbidden(f"{engagement} is open to its parties and to the operator")
        return _record(found, work)


@engagements.write("")
@engagements.takes(Committed)
@engagements.gives(EngagementShape, 201)
def propose(body: dict[str, Any]) -> dict[str, Any]:
    """Engage another participant for a fixed fee."""
    signed = signed_act(body, None)
    return _told(engage_merchant.propose_engagement(signed, openings_of(body), floor=floor()))


@engagements.write("/<engagement>/acceptance")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def accept(body: dict[str, Any], engagement: str) -> dict[str, Any]:
    """Take the work: the fee goes into escrow."""
    signed = signed_act(body, f"engagement/{engagement}")
    return _told(engage_merchant.accept_engagement(signed, floor=floor()))


@engagements.write("/<engagement>/refusal")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def decline(body: dict[str, Any], engagement: str) -> dict[str, Any]:
    """End an engagement that nobody has accepted."""
    signed = signed_act(body, f"engagement/{engagement}")
    return _told(engage_merchant.decline_engagement(signed, floor=floor()))


@engagements.write("/<engagement>/delivery")
@engagements.takes(Reported)
@engagements.gives(EngagementShape)
def deliver(body: dict[str, Any], engagement: str) -> dict[str, Any]:
    """Hand the work in, with its report in base 64."""
    signed = signed_act(body, f"engagement/{engagement}")
    report = from_base64(body["report"], "report")
    return _told(engage_merchant.deliver_work(signed, report, floor=floor()))


@engagements.write("/<engagement>/payment")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def pay(body: dict[str, Any], engagement: str) -> dict[str, Any]:
    """Accept the work: escrow is released to whoever did it."""
    signed = signed_act(body, f"engagement/{engagement}")
    return _told(engage_merchant.pay_engagement(signed, floor=floor()))


@engagements.write("/<engagement>/cancellation")
@engagements.takes(Signed)
@engagements.gives(EngagementShape)
def cancel(body: dict[str, Any], engagement: str) -> dict[str, Any]:
    """End an accepted engagement: the fee goes back to who engaged."""
    signed = signed_act(body, f"engagement/{engagement}")
    return _told(engage_merchant.cancel_engagement(signed, floor=floor()))
