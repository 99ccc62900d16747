"""Trades: order, contract, delivery, receipt, settlement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, request, send_file

from exchange.clearing import Line
from exchange.errors import Forbidden
from exchange.participants import Role
from exchange.ports import UnitOfWork
from exchange.records import to_record
from exchange.services import access_delivery, deliver_product, execute_trade, settle
from exchange.trading import Trade
from exchange.web.acts import for_act, handed_in, matched, signed_act, trade_head
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    TradeShape,
)
from exchange.web.api.requests import (
    Nothing,
    Signed,
    SignedForm,
)
from exchange.web.gate import caller, floor, is_party
from exchange.web.showing import fields_of

trades = Noun("trades", path="/trades")


@trades.write("")
@trades.takes(Signed)
@trades.gives(TradeShape, 201)
def order(body: dict[str, Any]) -> dict[str, Any]:
    """Order at a quote."""
    return shown_trade(execute_trade.order_product(signed_act(body, None), floor=floor()))


@trades.read("")
@trades.gives(TradeShape(many=True))
def list_own() -> list[dict[str, Any]]:
    """List the trades that the caller is a party to; all of them to the operator."""
    with floor().read() as work:
        found = work.trades.all() if is_party() else work.trades.of_party(caller().id)
        return [_with_terms(trade, work) for trade in found]


@trades.read("/<trade_id>")
@trades.gives(TradeShape)
def get(trade_id: str) -> dict[str, Any]:
    """Return one trade, to its parties and to the operator."""
    return shown_trade(own_trade(trade_id))


@trades.write("/<trade_id>/contract")
@trades.takes(Signed)
@trades.gives(TradeShape)
def contract(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Accept an order: escrow is held and the use right granted."""
    signed = signed_act(body, f"trade/{trade_id}")
    guarded = for_act(signed, trade_head(trade_id))
    return shown_trade(execute_trade.accept_order(signed, floor=guarded))


@trades.write("/<trade_id>/lapse")
@trades.takes(Signed)
@trades.gives(TradeShape)
def lapse(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """End an order before there is a contract."""
    signed = signed_act(body, f"trade/{trade_id}")
    guarded = for_act(signed, trade_head(trade_id))
    return shown_trade(execute_trade.lapse_order(signed, floor=guarded))


@trades.write("/<trade_id>/cancellation")
@trades.takes(Signed)
@trades.gives(TradeShape)
def cancel(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """End a contract before its receipt: the buyer gets its money back."""
    signed = signed_act(body, f"trade/{trade_id}")
    guarded = for_act(signed, trade_head(trade_id))
    return shown_trade(execute_trade.cancel_trade(signed, floor=guarded))


@trades.write("/<trade_id>/delivery")
@trades.takes(SignedForm, "multipart")
@trades.gives(TradeShape)
def deliver(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Take in the supplier's sealed file."""
    signed = signed_act(body, f"trade/{trade_id}")
    guarded = for_act(signed, trade_head(trade_id))
    with handed_in(body, signed) as sealed:
        return shown_trade(deliver_product.deliver(signed, sealed, floor=guarded))


@trades.read("/<trade_id>/delivery")
@trades.gives(None, media_type="application/octet-stream")
def download(trade_id: str) -> Response:
    """Hand the sealed file to its buyer, who alone can open it: each time is an access, counted.

    Who says by If-None-Match that it has the file is answered so, and nothing is counted.
    """
    with floor().read() as work:
        trade = access_delivery.require_buyer(trade_id, caller().id, work=work, floor=floor())
    sealed = trade.sealed or ""
    if request.if_none_match.contains(sealed):
        return Response(status=304, headers={"ETag": f'"{sealed}"'})
    if request.method == "HEAD":
        return Response(headers={"ETag": f'"{sealed}"'})
    access = access_delivery.access_delivery(trade_id, by=caller().id, floor=floor())
    answer = send_file(
        access.path,
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=f"{trade_id}.age",
        etag=access.sealed,
        conditional=False,  # a part of it would be counted as the whole
    )
    answer.headers["Guapai-Access"] = f"{access.count}/{access.limit or '*'}"
    return answer


@trades.write("/<trade_id>/receipt")
@trades.takes(Signed)
@trades.gives(TradeShape)
def receive(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Record the buyer's receipt."""
    signed = signed_act(body, f"trade/{trade_id}")
    guarded = for_act(signed, trade_head(trade_id))
    return shown_trade(deliver_product.receive(signed, floor=guarded))


@trades.write("/<trade_id>/settlement")
@trades.takes(Nothing, "query")
@trades.gives(TradeShape)
def settle_trade(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Release the escrow of a received trade, at the request of a party or the operator."""
    own_trade(trade_id)

    def settled(work: UnitOfWork) -> bool:
        return work.trades.get(trade_id).executed

    return shown_trade(settle.settle(trade_id, floor=matched(trade_head(trade_id), settled))[0])


def _is_party(trade: Trade) -> bool:
    return is_party(trade.buyer, trade.supplier)


def own_trade(trade_id: str) -> Trade:
    """Return a trade of the caller's, or raise `Forbidden`; an arbiter reads what is disputed."""
    with floor().read() as work:
        trade = work.trades.get(trade_id)
    if not (_is_party(trade) or (trade.disputed and Role.ARBITER in caller().roles)):
        raise Forbidden(f"trade {trade_id} is open to its parties and to the operator")
    return trade


def shown_trade(trade: Trade) -> dict[str, Any]:
    """Return a trade with its terms and the lines that were paid."""
    with floor().read() as work:
        return _with_terms(trade, work)


def _with_terms(trade: Trade, work: UnitOfWork) -> dict[str, Any]:
    return fields_of(trade) | {
        "agreed": to_record(execute_trade.terms_of(trade.terms, work)),
        "lines": _lines(settle.settled_lines(trade, work)),
    }


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [{"account": line.account, "text": line.what, "amount": line.amount} for line in lines]
