"""Fees: the public schedule, and publishing another."""

from __future__ import annotations

from typing import Any

from exchange.clearing.fees import FeeSchedule
from exchange.records import read_record, to_record
from exchange.services.publish_fees import Published, publish_fees, published_fees
from exchange.web.acts import signed_act
from exchange.web.api.clearing_replies import FeesBody, FeesShape, ScheduleShape
from exchange.web.api.noun import Noun
from exchange.web.gate import floor

fees = Noun("fees", path="/fees")


def _shown(published: Published) -> dict[str, Any]:
    return {
        "leaf": published.entry.leaf.hex(),
        "digest": published.schedule.digest,
        "schedule": to_record(published.schedule),
    }


@fees.read("")
@fees.gives(FeesShape)
def list_all() -> dict[str, Any]:
    """Return what the exchange keeps of a price: every schedule that was published."""
    with floor().read() as work:
        found = published_fees(work, floor())
    return {"fee_ppm": floor().house.fee_ppm, "schedules": [_shown(each) for each in found]}


@fees.write("")
@fees.takes(FeesBody)
@fees.gives(ScheduleShape, 201)
def publish(body: dict[str, Any]) -> dict[str, Any]:
    """Publish a schedule, seven days before it begins at least."""
    signed = signed_act(body, f"exchange/{floor().house.origin}")
    schedule = read_record(FeeSchedule, body["schedule"], within="schedule")
    return _shown(publish_fees(signed, schedule, floor=floor()))
