"""Subscriptions: authorised, renewed, ended; and the periods that were charged."""

from __future__ import annotations

from typing import Any

from exchange.errors import Forbidden
from exchange.ports import UnitOfWork
from exchange.services import renew_subscription
from exchange.services.renew_subscription import periods_of
from exchange.subscriptions import Subscription
from exchange.web.acts import signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.plan_replies import SubscriptionShape
from exchange.web.api.requests import Nothing, Signed
from exchange.web.gate import floor, is_party
from exchange.web.showing import fields_of

subscriptions = Noun("subscriptions", path="/subscriptions")


@subscriptions.read("")
@subscriptions.gives(SubscriptionShape(many=True))
def list_own() -> list[dict[str, Any]]:
    """List the subscriptions that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        return [_with_periods(e, work) for e in work.subscriptions.all() if _is_party(e)]


@subscriptions.read("/<trade_id>")
@subscriptions.gives(SubscriptionShape)
def get(trade_id: str) -> dict[str, Any]:
    """Return a subscription with its periods, to its parties and to the operator."""
    return _shown(_own(trade_id))


@subscriptions.write("/<trade_id>/authorisation")
@subscriptions.takes(Signed)
@subscriptions.gives(SubscriptionShape, 201)
def authorise(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Let the exchange charge further periods, as the buyer."""
    signed = signed_act(body, f"subscription/{trade_id}")
    return _shown(renew_subscription.authorise(signed, floor=floor()))


@subscriptions.write("/<trade_id>/renewal")
@subscriptions.takes(Nothing, "query")
@subscriptions.gives(SubscriptionShape)
def renew(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Charge the next period where one is due, at the request of a party or the operator."""
    _own(trade_id)
    return _shown(renew_subscription.renew(trade_id, floor=floor()))


@subscriptions.write("/<trade_id>/settlement")
@subscriptions.takes(Nothing, "query")
@subscriptions.gives(SubscriptionShape)
def settle(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Release the escrow of the periods that have ended, at the request of a party."""
    _own(trade_id)
    return _shown(renew_subscription.settle_periods(trade_id, floor=floor()))


@subscriptions.write("/<trade_id>/end")
@subscriptions.takes(Signed)
@subscriptions.gives(SubscriptionShape)
def end(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Give notice: the period that is paid for is the last."""
    signed = signed_act(body, f"subscription/{trade_id}")
    return _shown(renew_subscription.end_subscription(signed, floor=floor()))


@subscriptions.write("/<trade_id>/refund")
@subscriptions.takes(Signed)
@subscriptions.gives(SubscriptionShape)
def refund(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Give the fee of a period back to the buyer, as the operator."""
    signed = signed_act(body, f"subscription/{trade_id}")
    return _shown(renew_subscription.refund_period(signed, floor=floor()))


def _is_party(found: Subscription) -> bool:
    return is_party(found.buyer, found.supplier)


def _own(trade_id: str) -> Subscription:
    with floor().read() as work:
        trade = work.trades.get(trade_id)
        if not is_party(trade.buyer, trade.supplier):
            words = "is open to its parties and to the operator"
            raise Forbidden(f"the subscription of {trade_id} {words}")
        return work.subscriptions.get(trade_id)


def _shown(found: Subscription) -> dict[str, Any]:
    with floor().read() as work:
        return _with_periods(found, work)


def _with_periods(found: Subscription, work: UnitOfWork) -> dict[str, Any]:
    fields = {name: value for name, value in fields_of(found).items() if name not in _INSIDE}
    return fields | {"due_at": found.due_at, "charged": periods_of(found.trade, work)}


_INSIDE = frozenset({"anchor", "anchored"})
