"""Use: batches handed in, contested and decided, bills, and the end."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.records import to_record
from exchange.services import bill_usage, meter_usage
from exchange.services.meter_usage import Metered
from exchange.web.acts import from_base64, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.plan_replies import UsageShape
from exchange.web.api.requests import MeteredBody, Nothing, Signed
from exchange.web.gate import floor, is_party

usage = Noun("usage", path="/usage")


@usage.read("/<trade_id>")
@usage.gives(UsageShape)
def get(trade_id: str) -> dict[str, Any]:
    """Return batches and bills of a trade, to its parties and to the operator."""
    return _shown(_own(trade_id))


@usage.write("/<trade_id>/batches")
@usage.takes(MeteredBody)
@usage.gives(UsageShape, 201)
def meter(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Take in a batch of use with its events in base 64, by whoever serves."""
    signed = signed_act(body, f"usage/{trade_id}")
    events = from_base64(body["events"], "events")
    return _shown(meter_usage.meter_usage(signed, events, floor=floor()))


@usage.write("/<trade_id>/contests")
@usage.takes(Signed)
@usage.gives(UsageShape)
def contest(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Deny a batch, as the buyer."""
    signed = signed_act(body, f"usage/{trade_id}")
    return _shown(meter_usage.contest_usage(signed, floor=floor()))


@usage.write("/<trade_id>/decisions")
@usage.takes(Signed)
@usage.gives(UsageShape)
def decide(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Decide on a contested batch, as the operator."""
    signed = signed_act(body, f"usage/{trade_id}")
    return _shown(meter_usage.decide_usage(signed, floor=floor()))


@usage.write("/<trade_id>/bills")
@usage.takes(Nothing, "query")
@usage.gives(UsageShape)
def bill(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Bill what is due, at the request of a party or the operator."""
    _own(trade_id)
    return _shown(bill_usage.bill_usage(trade_id, floor=floor()))


@usage.write("/<trade_id>/closing")
@usage.takes(Nothing, "query")
@usage.gives(UsageShape)
def close(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Bill the rest and give back what is left, at the request of a party or the operator."""
    _own(trade_id)
    return _shown(bill_usage.close_usage(trade_id, floor=floor()))


@usage.write("/<trade_id>/end")
@usage.takes(Signed)
@usage.gives(UsageShape)
def end(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """End metered use as of the act, by a party."""
    signed = signed_act(body, f"usage/{trade_id}")
    return _shown(meter_usage.end_usage(signed, floor=floor()))


def _own(trade_id: str) -> Metered:
    with floor().read() as work:
        trade = work.trades.get(trade_id)
        if not is_party(trade.buyer, trade.supplier):
            raise Forbidden(f"the use of {trade_id} is open to its parties and to the operator")
        return meter_usage.metered(trade_id, work=work, floor=floor())


def _shown(found: Metered) -> dict[str, Any]:
    batches = [
        dict(batch.facts) | {"recorded_at": batch.time, "standing": standing}
        for batch, standing in zip(found.batches, found.standing, strict=True)
    ]
    return {
        "trade": found.trade.id,
        "plan": found.plan.to_record(),
        "since": found.since,
        "until": found.until,
        "budget": found.trade.amount,
        "left": found.trade.held,
        "closed": found.closed,
        "batches": batches,
        "bills": [to_record(each) for each in found.bills],
    }
