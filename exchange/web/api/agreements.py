"""Agreements: refunds, disputes, awards, amendments, endings."""

from __future__ import annotations

from typing import Any

from exchange.amendments import Amendment
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record, to_record
from exchange.services import amend_trade, dispute_trade, end_trade, refund_trade, release_due
from exchange.trading import Terms
from exchange.web.acts import for_act, matched, openings_of, signed_act, trade_head
from exchange.web.api.agreement_replies import AmendmentShape, Proposal
from exchange.web.api.noun import Noun
from exchange.web.api.replies import TradeShape
from exchange.web.api.requests import Committed, Nothing, Signed
from exchange.web.api.trades import own_trade, shown_trade
from exchange.web.gate import floor
from ledger.acts import SignedAct

agreements = Noun("agreements", path="/trades")


def _signed(body: dict[str, Any], trade_id: str) -> tuple[SignedAct, Floor]:
    signed = signed_act(body, f"trade/{trade_id}")
    return signed, for_act(signed, trade_head(trade_id))


@agreements.write("/<trade_id>/refund")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def refund(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Give the buyer money back, as the supplier."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(refund_trade.refund_buyer(signed, floor=guarded))


@agreements.write("/<trade_id>/claim")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def claim(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Take the money of what was not delivered in time, as the buyer or the operator."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(refund_trade.claim_refund(signed, floor=guarded))


@agreements.write("/<trade_id>/silence")
@agreements.takes(Nothing, "query")
@agreements.gives(TradeShape)
def deem(query: dict[str, Any], trade_id: str) -> dict[str, Any]:  # noqa: ARG001
    """Record that the buyer's time to answer is over, at the request of a party."""
    own_trade(trade_id)

    def accepted(work: UnitOfWork) -> bool:
        return work.trades.get(trade_id).accepted

    guarded = matched(trade_head(trade_id), accepted)
    return shown_trade(release_due.deem_accepted(trade_id, floor=guarded))


@agreements.write("/<trade_id>/dispute")
@agreements.takes(Committed)
@agreements.gives(TradeShape)
def dispute(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Dispute a contract's performance: everything about it stands still."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(dispute_trade.dispute_trade(signed, openings_of(body), floor=guarded))


@agreements.write("/<trade_id>/dispute/withdrawal")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def undispute(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Withdraw a dispute of one's own."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(dispute_trade.withdraw_dispute(signed, floor=guarded))


@agreements.write("/<trade_id>/award")
@agreements.takes(Committed)
@agreements.gives(TradeShape)
def arbitrate(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Decide a dispute, as the operator or an arbiter."""
    signed, guarded = _signed(body, trade_id)
    decided = dispute_trade.arbitrate(signed, openings_of(body), floor=guarded)
    return shown_trade(decided)


@agreements.read("/<trade_id>/amendments")
@agreements.gives(AmendmentShape(many=True))
def list_amendments(trade_id: str) -> list[dict[str, Any]]:
    """List the amendments of a trade, to its parties and the operator."""
    trade = own_trade(trade_id)
    with floor().read() as work:
        return [_amendment(each) for each in amend_trade.amendments_of(trade, work)]


def _amendment(amendment: Amendment) -> dict[str, Any]:
    return {
        "leaf": amendment.leaf,
        "trade": amendment.trade,
        "by": amendment.by,
        "state": str(amendment.state),
        "proposed_at": amendment.proposed_at,
        "terms": amendment.terms.digest,
        "agreed": to_record(amendment.terms),
    }


@agreements.write("/<trade_id>/amendments")
@agreements.takes(Proposal)
@agreements.gives(AmendmentShape, 201)
def propose(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Propose other terms for a contract."""
    signed, guarded = _signed(body, trade_id)
    terms = read_record(Terms, body["terms"])
    return _amendment(amend_trade.propose_amendment(signed, terms, floor=guarded))


@agreements.write("/<trade_id>/amendments/acceptance")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def accept(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Sign the terms that the other party proposed."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(amend_trade.accept_amendment(signed, floor=guarded))


@agreements.write("/<trade_id>/amendments/refusal")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def decline(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Decline a proposal, or withdraw one's own."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(amend_trade.decline_amendment(signed, floor=guarded))


@agreements.write("/<trade_id>/ending")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def end(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """End a contract, with notice or for a cause."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(end_trade.end_trade(signed, floor=guarded))


@agreements.write("/<trade_id>/retirement")
@agreements.takes(Signed)
@agreements.gives(TradeShape)
def retire(body: dict[str, Any], trade_id: str) -> dict[str, Any]:
    """Close the file of a contract that is over, as the operator."""
    signed, guarded = _signed(body, trade_id)
    return shown_trade(end_trade.retire_trade(signed, floor=guarded))
