"""Deals off the exchange (场外备案): filed by one party, confirmed by the other, and their end.

A cleared deal is an obligation from its confirmation on, until a settlement cycle nets it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final

from exchange.clearing import Obligation, ObligationState
from exchange.deals import Deal, DealState, Side
from exchange.errors import BadField, Forbidden, NotFound, Refused, TermsDiffer
from exchange.openings import Erased, Opening, require_document
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    amount_of,
    fact,
    opened,
    record,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.consult_negative_list import require_not_barred
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.entries import Entry
from pricing.money import Money

# Whoever changes what a cycle rests on reserves this name first, and so does the cycle: obligations
# and parts of the guarantee fund stand still while one is closed.
NETTING: Final = "netting"


def file_deal(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Deal:
    """File a deal made off the exchange; `openings` hold its description and its terms.

    Raises `BadField` for an amount that is not above zero, a day or a time that has passed or a
    side that is none, `Forbidden` for a party without its role or of the filer's organisation,
    `NotFound` for another participant, product or scenario that is not there.
    """
    values = opened(signed, "deal.filed", openings)
    require_document(values, "description")
    require_document(values, "terms")
    key = opened_subject("deal", signed.act).partition("/")[2]
    with floor.write() as work:
        actor = admit_act(signed, "deal.filed", Role.SUPPLIER, Role.BUYER, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.deals.get(key)
        side, amount = _side(signed), _amount(signed)
        actor.require(Role(side))
        other = work.participants.get(fact(signed, "to"))
        if other.id != fact(signed, "to"):
            raise BadField("act.facts.to", "a participant's id")
        other.require(Role(side.other))
        if other.same_organisation(actor):
            raise Forbidden(f"{other.handle} is the organisation of {actor.handle}")
        for party in (actor, other):
            require_not_barred(party, work=work, floor=floor)
        _require_to_come(signed, floor)
        product, scenario = _named(signed, work)
        entry = record(signed, openings, work=work, floor=floor)
        deal = Deal(
            id=key,
            filer=actor.id,
            to=other.id,
            side=side,
            product=product,
            scenario=scenario,
            purpose=fact(signed, "purpose"),
            amount=amount,
            due=fact(signed, "due"),
            until=fact(signed, "until"),
            cleared=fact_flag(signed, "cleared"),
            filed_at=entry.time,
            filing=entry.leaf.hex(),
            head=entry.leaf.hex(),
        )
        work.deals.put(deal)
        return deal


def _side(signed: SignedAct) -> Side:
    try:
        return Side(fact(signed, "side"))
    except ValueError as error:
        raise BadField("act.facts.side", "supplier or buyer") from error


def _amount(signed: SignedAct) -> Money:
    amount = amount_of(signed, "amount")
    if amount.minor <= 0:
        raise BadField("act.facts.amount", "a deal is of an amount above zero")
    return amount


def fact_flag(signed: SignedAct, name: str) -> bool:
    """Return one fact of the act that is true or false, or raise `Refused` naming it."""
    value = signed.act.facts.get(name)
    if not isinstance(value, bool):
        raise Refused(f"act.facts.{name}: must be true or false")
    return value


def _require_to_come(signed: SignedAct, floor: Floor) -> None:
    now = format_time(floor.clock())
    try:
        due = dt.date.fromisoformat(fact(signed, "due"))
    except ValueError as error:
        raise BadField("act.facts.due", "a day such as 2026-01-05") from error
    if due.isoformat() < now[:10]:
        raise BadField("act.facts.due", "that day has passed")
    if fact(signed, "until") <= now:
        raise BadField("act.facts.until", "that time has passed")


def _named(signed: SignedAct, work: UnitOfWork) -> tuple[str, str]:
    """Return the product and the scenario that the act names, empty where it names none."""
    found = []
    for name, book in (("products", work.products), ("scenarios", work.scenarios)):
        named = texts(signed, name)
        if len(named) > 1:
            raise BadField(f"act.facts.{name}", "one at most")
        for key in named:
            book.get(key)
        found.append(named[0] if named else "")
    return found[0], found[1]


def confirm_deal(signed: SignedAct, *, floor: Floor) -> Deal:
    """Confirm a filing by its leaf hash; a cleared deal is owed from then on.

    Raises `Forbidden` for whom it does not name, `Refused` once its time or its day has passed,
    `TermsDiffer` where the act names another filing or amount.
    """
    with floor.write() as work:
        actor = admit_act(
            signed, "deal.confirmed", Role.SUPPLIER, Role.BUYER, work=work, floor=floor
        )
        deal = work.deals.get(subject_id(signed, "deal"))
        if unchanged(work.chain.recorded(signed), signed):
            return deal
        work.chain.store.reserve(NETTING)
        deal.require(DealState.CONFIRMED)
        if actor.id != deal.to:
            raise Forbidden(f"{deal.id} is not for {actor.handle} to confirm")
        actor.require(Role(deal.side.other))
        work.participants.get(deal.filer).require(Role(deal.side))
        now = format_time(floor.clock())
        if now > deal.until:
            raise Refused(f"{deal.id}: the time to confirm ended at {deal.until}")
        if now[:10] > deal.due:
            raise Refused(f"{deal.id} was due on {deal.due}")
        if fact(signed, "filing") != deal.filing:
            raise TermsDiffer(f"act.facts.filing: not the filing of {deal.id}")
        if signed.act.facts.get("amount") != deal.amount.to_record():
            raise TermsDiffer(f"act.facts.amount: not the amount of {deal.id}")
        entry = record(signed, work=work, floor=floor)
        confirmed = deal.moved(DealState.CONFIRMED, entry)
        work.deals.put(confirmed)
        if deal.cleared:
            work.obligations.put(_owed(deal, entry))
        return confirmed


def _owed(deal: Deal, entry: Entry) -> Obligation:
    leaf = entry.leaf.hex()
    return Obligation(f"deal/{deal.id}", deal.payer, deal.payee, deal.amount, deal.due, leaf)


def decline_deal(signed: SignedAct, *, floor: Floor) -> Deal:
    """End a filing before it was confirmed, by either party or the operator."""
    return _ended(signed, "deal.declined", DealState.DECLINED, floor=floor)


def end_deal(signed: SignedAct, *, floor: Floor) -> Deal:
    """End a confirmed deal; what no cycle has netted by then is not owed any more.

    Either party may, and the operator; a cleared deal not by who owes for it.
    """
    return _ended(signed, "deal.ended", DealState.ENDED, floor=floor)


def _ended(signed: SignedAct, kind: str, state: DealState, *, floor: Floor) -> Deal:
    with floor.write() as work:
        actor = admit_act(signed, kind, work=work, floor=floor)
        deal = work.deals.get(subject_id(signed, "deal"))
        if unchanged(work.chain.recorded(signed), signed):
            return deal
        work.chain.store.reserve(NETTING)
        _require_may_end(deal, actor, state, floor)
        deal.require(state)
        entry = record(signed, work=work, floor=floor)
        ended = deal.moved(state, entry, fact(signed, "reason"))
        work.deals.put(ended)
        owed = work.obligations.find(f"deal/{deal.id}")
        if owed and owed.state is ObligationState.OPEN:
            work.obligations.put(owed.released(entry.leaf.hex()))
        return ended


def _require_may_end(deal: Deal, actor: Participant, state: DealState, floor: Floor) -> None:
    if actor.id not in {*deal.parties, floor.house.operator}:
        raise Forbidden(f"{actor.handle} is no party to {deal.id}")
    if state is DealState.ENDED and deal.cleared and actor.id == deal.payer:
        raise Forbidden(f"{actor.handle} owes for {deal.id} and cannot end it")


# Looking.


def deal_for(key: str, reader: Participant, *, work: UnitOfWork, floor: Floor) -> Deal:
    """Return a deal to its parties and the operator, or raise `NotFound` as for one not there."""
    deal = work.deals.get(key)
    if reader.id not in {*deal.parties, floor.house.operator}:
        raise NotFound(f"there is no deal {key}")
    return deal


def document_of(deal: Deal, field: str, work: UnitOfWork) -> Any:  # noqa: ANN401 - a document value
    """Return a document of a filing, `description` or `terms`; None where it was erased."""
    found = work.confidential.get(deal.filing, field)
    return None if isinstance(found, Erased) else found.value
