"""Disputes over a contract's performance: opened by a party, withdrawn by it, or arbitrated.

An open dispute freezes the trade: its escrow, its deliveries, its settlement, its renewal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from exchange.clearing import Line, account_subject, available, release
from exchange.disputes import Award, DisputeState
from exchange.errors import Forbidden, Refused, TermsDiffer
from exchange.openings import Opening, text_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    amount_of,
    opened,
    record,
    subject_id,
    unchanged,
)
from exchange.services.charge_service import charge, due_of
from exchange.services.release_part import SUPPLIER_ALONE, Division, divide
from exchange.services.serve_awards import serve_awards
from exchange.trading import Trade, TradeState
from ledger import agreements
from ledger.acts import SignedAct, format_time
from pricing.errors import PricingError
from pricing.money import Money

GROUNDS_MAX: Final = 200_000  # characters
AWARDED: Final = "awarded to the buyer"


def dispute_trade(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Trade:
    """Dispute a contract's performance, as its buyer or supplier; `openings` hold the grounds.

    The buyer may until the last second of its time to answer a delivery, also where that was
    settled meanwhile; without such a time, until it has accepted.  The supplier may while escrow
    holds anything.  Raises `Refused` otherwise, `Forbidden` for anybody else, and
    `InsufficientFunds` where the fee for an arbitration is not there: who opens the dispute bears
    it, also where it withdraws.
    """
    text_of(opened(signed, "trade.disputed", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        actor = admit_act(signed, "trade.disputed", work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        require_party(trade, actor)
        moved = trade.dispute_moved(DisputeState.OPEN)
        until = agreements.answer_until(work.chain.store, f"trade/{trade.id}")
        if actor.id == trade.buyer and until and format_time(floor.clock()) > until:
            raise Refused(f"trade {trade.id}: the buyer could answer until {until}")
        due = due_of(signed, actor, work=work, floor=floor)
        entry = record(signed, openings, work=work, floor=floor)
        charge(due, entry, work=work, floor=floor)
        disputed = moved.at(entry)
        work.trades.put(disputed)
        return disputed


def require_party(trade: Trade, actor: Participant) -> None:
    """Raise `Forbidden` unless the actor bought or sold."""
    if actor.id not in {trade.buyer, trade.supplier}:
        raise Forbidden(f"{actor.handle} is not the buyer or supplier of trade {trade.id}")


def withdraw_dispute(signed: SignedAct, *, floor: Floor) -> Trade:
    """Withdraw a dispute, by who opened it; the buyer's time to answer begins again."""
    with floor.write() as work:
        actor = admit_act(signed, "trade.undisputed", work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        require_party(trade, actor)
        moved = trade.dispute_moved(DisputeState.WITHDRAWN)
        entry = record(signed, work=work, floor=floor)
        until = agreements.answer_until(work.chain.store, entry.subject)
        undisputed = replace(moved, answer_until=until).at(entry)
        work.trades.put(undisputed)
        return undisputed


# The award.


def award_division(trade: Trade, award: Award, *, floor: Floor) -> Division:
    """Divide what is held as the award says: `back` to the buyer, the rest as a settlement is."""
    sold = trade.held - award.back
    lines = [Line(available(trade.buyer), award.back, AWARDED)]
    if sold.minor <= 0:
        return Division(tuple(lines), SUPPLIER_ALONE)
    with floor.read() as work:
        division = divide(trade, sold, work=work, floor=floor)
    return Division((*lines, *division.lines), division.allocation)


def award_facts(trade: Trade, award: Award, division: Division, work: UnitOfWork) -> dict[str, Any]:
    """Return what an arbiter signs, without the commitment to its reasons."""
    dispute = agreements.dispute_open(work.chain.store, f"trade/{trade.id}")
    return {
        "dispute": dispute.leaf.hex() if dispute else "",
        "amount": trade.held.to_record(),
        "lines": [line.to_record() for line in division.lines],
        "allocation": hashlib.sha256(division.allocation).hexdigest(),
        "reversal": award.reversal.to_record(),
    }


def arbitrate(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Trade:
    """Decide the dispute over a trade, by the operator or an arbiter apart from both parties.

    What is held is divided between buyer and supplier to the last fen; what was paid already is
    reversed as far as the award says, at once or as soon as the supplier has it.  The use right
    ends with an award of the whole price, or of what use was to be billed to; a further period
    that was charged is a use of its own, which goes on.  `openings` hold the
    reasons.  Raises `Forbidden` for an arbiter of either organisation, `TermsDiffer` for
    lines that the award does not come to, `Refused` for more than there is.
    """
    text_of(opened(signed, "trade.arbitrated", openings), "reasons", GROUNDS_MAX)
    with floor.read() as work:
        found = work.trades.get(subject_id(signed, "trade"))
    award = _award(signed, found)
    division = award_division(found, award, floor=floor)
    with floor.write() as work:
        actor = admit_act(signed, "trade.arbitrated", work=work, floor=floor)
        trade = work.trades.get(found.id)
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        actor.require(Role.OPERATOR, Role.ARBITER)
        _require_apart(trade, actor, work)
        moved = trade.dispute_moved(DisputeState.DECIDED)
        work.records.put(division.allocation, public=True)
        expected = award_facts(trade, award, division, work)
        for name, value in expected.items():
            if signed.act.facts.get(name) != value:
                raise TermsDiffer(f"act.facts.{name}: not what the award over {trade.id} comes to")
        if trade.held.minor:
            moved = moved.paid_out(trade.held - award.back, award.back)
            if agreements.renewed(work.chain.store, f"trade/{trade.id}"):
                moved = replace(moved, state=TradeState.EXECUTED)  # its further periods go on
        subjects = {account_subject(trade.buyer), *division.subjects}
        work.chain.store.reserve(account_subject(trade.supplier), *subjects)
        entry = record(signed, openings, work=work, floor=floor)
        if trade.held.minor:
            work.accounts.post(release(trade.id, entry, division.lines))
        # Nothing may be left that would pay for the use.
        moved = moved.cut_short(agreements.use_until(work.chain.store, entry.subject))
        work.trades.put(replace(moved, reversal=award.reversal.minor).at(entry))
        serve_awards(trade.supplier, work=work, floor=floor)
        return work.trades.get(trade.id)


def _award(signed: SignedAct, trade: Trade) -> Award:
    mine = available(trade.buyer)
    lines: Any = signed.act.facts.get("lines")
    try:
        back = [Money.read(line["amount"]) for line in lines if line["account"] == mine]
    except (PricingError, TypeError, KeyError) as error:
        raise Refused(f"act.facts.lines: {error}") from error
    return Award(sum(back[1:], back[0]) if back else trade.money(0), amount_of(signed, "reversal"))


def _require_apart(trade: Trade, actor: Participant, work: UnitOfWork) -> None:
    for party in (trade.buyer, trade.supplier):
        if actor.same_organisation(work.participants.get(party)):
            raise Forbidden(f"{actor.handle} is of the organisation of a party to {trade.id}")
