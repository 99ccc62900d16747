"""Acceptance by silence, and what is due by time: the job that pays and refunds without asking.

A buyer that neither receives nor disputes a delivery within the time agreed has accepted it, unless
it never fetched what is withheld from it.  Once that is within reach again, the whole time is the
buyer's anew.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from exchange.delivery import DeliveryState
from exchange.errors import NotCompliant, Refused
from exchange.ports import Floor, UnitOfWork
from exchange.recurring import in_words
from exchange.services.acting import record_for_house
from exchange.services.deliver_product import data_due, part_facts, require_handed_out
from exchange.services.execute_trade import terms_of
from exchange.services.refund_trade import claim_for_buyer
from exchange.services.settle import settle
from exchange.trading import BY_USE, Trade
from ledger.acts import format_time
from ledger.agreements import answer_until, fetched
from ledger.view import newest


@dataclass(frozen=True, slots=True)
class Due:
    """What a run of the job has done, and what it could not do, each in words."""

    deemed: tuple[Trade, ...] = ()
    settled: tuple[Trade, ...] = ()
    refunded: tuple[Trade, ...] = ()
    failed: tuple[str, ...] = ()


def deem_accepted(trade_id: str, *, floor: Floor) -> Trade:
    """Record that a buyer has accepted a delivery by its silence.

    The buyer may answer in the last second of its time; the house may speak from the next one on.
    Raises `Refused` before that, where no such time was agreed, and during a dispute, and
    `NotCompliant` while what the buyer never fetched is withheld from it.  A delivery that was
    accepted already stays as it is.
    """
    with floor.write() as work:
        trade = work.trades.get(trade_id)
        if trade.accepted:
            return trade
        trade.require_undisputed()
        if trade.delivery is not DeliveryState.MADE or trade.answer_until is None:
            raise Refused(f"trade {trade.id}: no delivery waits for an answer in a time agreed")
        until = _until(trade, work)
        if format_time(floor.clock()) <= until:
            raise Refused(f"trade {trade.id}: the buyer may answer until {until}")
        _require_within_reach(trade, work, floor)
        terms = terms_of(trade.terms, work)
        facts: dict[str, Any] = {"data": data_due(trade, terms), "sealed": trade.sealed}
        facts |= part_facts(trade)
        entry = record_for_house("delivery.deemed", _subject(trade), facts, work=work, floor=floor)
        deemed = trade.answered(DeliveryState.DEEMED, len(terms.parts)).at(entry)
        work.trades.put(deemed)
        return deemed


def release_due(*, floor: Floor) -> Due:
    """Do for every contract what time has made due; the scheduled job of clearing.

    Deliveries whose time to answer is over are deemed accepted, what was accepted is settled, and
    what was not delivered while the use right ran goes back to its buyer.  Each trade is a
    transaction of its own: one that fails is named and stops no other.
    """
    with floor.read() as work:
        waiting = [
            trade.id
            for trade in work.trades.unsettled()
            if terms_of(trade.terms, work).mode not in BY_USE  # bills settle those
        ]
    deemed, settled, refunded, failed = [], [], [], []
    for trade_id in waiting:
        try:
            _count_anew(trade_id, floor)
            if _silent(trade_id, floor):
                deemed.append(deem_accepted(trade_id, floor=floor))
            if _payable(trade_id, floor):
                settled.append(settle(trade_id, floor=floor)[0])
            if _overdue(_read(trade_id, floor), floor):
                with floor.write() as work:
                    trade = claim_for_buyer(work.trades.get(trade_id), work=work, floor=floor)
                    refunded.append(trade)
        except Exception as error:  # noqa: BLE001 - the next is done all the same
            failed.append(f"{trade_id}: {in_words(error)}")
    return Due(tuple(deemed), tuple(settled), tuple(refunded), tuple(failed))


def _read(trade_id: str, floor: Floor) -> Trade:
    with floor.read() as work:
        return work.trades.get(trade_id)


def _subject(trade: Trade) -> str:
    return f"trade/{trade.id}"


def _until(trade: Trade, work: UnitOfWork) -> str:
    """Return until when the buyer may answer, empty without such a time.

    The row says what was so at the last act in the trade; what the product went through is no such
    act, so the log is asked.
    """
    return answer_until(work.chain.store, _subject(trade)) or ""


def _count_anew(trade_id: str, floor: Floor) -> None:
    """Show in a trade the time to answer that a delivery has which came back within reach."""
    with floor.read() as work:
        trade = work.trades.get(trade_id)
        until = _until(trade, work)
    if trade.delivery is DeliveryState.MADE and until > (trade.answer_until or until):
        with floor.write() as work:
            work.trades.put(replace(work.trades.get(trade_id), answer_until=until))


def _silent(trade_id: str, floor: Floor) -> bool:
    with floor.read() as work:
        trade = work.trades.get(trade_id)
        over = (
            trade.delivery is DeliveryState.MADE
            and trade.answer_until is not None
            and _until(trade, work) < format_time(floor.clock())
            and not trade.disputed
        )
        if not over:
            return False
        try:
            _require_within_reach(trade, work, floor)
        except NotCompliant:
            return False
        return True


def _require_within_reach(trade: Trade, work: UnitOfWork, floor: Floor) -> None:
    """Raise `NotCompliant` where what is withheld today was never fetched: silence says nothing."""
    store, subject = work.chain.store, _subject(trade)
    made = newest(store, subject, "delivery.made")
    if made is None or not any(fetched(store, subject, made)):
        require_handed_out(trade, work=work, floor=floor)


def _payable(trade_id: str, floor: Floor) -> bool:
    with floor.read() as work:
        trade = work.trades.get(trade_id)
        return not trade.disputed and bool(_answers(trade, work))


def _answers(trade: Trade, work: UnitOfWork) -> int:
    """Count what was accepted and is not paid for."""
    view, subject = work.chain.store, f"trade/{trade.id}"
    kinds = ("delivery.received", "delivery.deemed")
    answers = sum(1 for kind in kinds for _ in view.of_kind(subject, kind))
    return answers - sum(1 for _ in view.of_kind(subject, "settlement.part"))


def _overdue(trade: Trade, floor: Floor) -> bool:
    return (
        trade.held.minor > 0
        and trade.delivery is DeliveryState.DUE
        and (trade.grant_until or "") < format_time(floor.clock())
        and not trade.disputed
    )
