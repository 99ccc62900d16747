"""Demand: posting what is looked for, answering it, closing it; and matching both ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from exchange.demands import ANSWERS_MAX, OPEN_MAX, Answer, Demand, DemandState, Posting
from exchange.errors import BadField, DataDiffer, Forbidden, NotFound, Refused
from exchange.legible import require_legible
from exchange.listing import ListingState
from exchange.matching import Match, gist, match, rarity
from exchange.openings import Opening
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.fit_scenario import FITS_MAX, fit_products, listed_sheets, terms_inherited
from exchange.services.list_product import require_listed
from exchange.services.submit_sheet import sheet_of
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.canonical import decode, encode
from ledger.view import newest

BRIEF_MAX = 20_000  # characters


def posting_facts(posting: Posting, until: str) -> dict[str, Any]:
    """Return what a buyer signs of a posting, but for the digest of its record."""
    return {
        "title": posting.title,
        "purpose": posting.wish.purpose,
        "region": posting.wish.region,
        "term_days": posting.wish.term_days,
        "until": until,
    }


def post_demand(
    signed: SignedAct, openings: Sequence[Opening], posting: Posting, *, floor: Floor
) -> Demand:
    """Post what a buyer looks for; `openings` hold its `brief`, which only the exchange reads.

    Raises `Refused` where the buyer has twenty open already, `DataDiffer` where the act says
    another thing than the posting.
    """
    brief = opened(signed, "demand.posted", openings)["brief"]
    if not isinstance(brief, str) or len(brief) > BRIEF_MAX:
        raise BadField("openings.brief.value", f"text of at most {BRIEF_MAX} characters")
    require_legible(to_record(posting), "posting")
    identity = opened_subject("demand", signed.act).partition("/")[2]
    with floor.write() as work:
        buyer = admit_act(signed, "demand.posted", Role.BUYER, work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.demands.get(identity)
        now = format_time(floor.clock())
        running = [each for each in work.demands.of_buyer(buyer.id) if each.runs(now)]
        if len(running) >= OPEN_MAX:
            raise Refused(f"{buyer.handle} has {len(running)} demands open: close one first")
        expected = posting_facts(posting, fact(signed, "until"))
        expected["posting"] = work.records.put(encode(to_record(posting)), public=True)
        for name, value in expected.items():
            if signed.act.facts.get(name) != value:
                raise DataDiffer(f"act.facts.{name}: not that of the posting")
        entry = record(signed, openings, work=work, floor=floor)
        demand = Demand(
            id=identity,
            buyer=buyer.id,
            title=posting.title,
            posting=expected["posting"],
            posted_at=entry.time,
            until=expected["until"],
            head=entry.leaf.hex(),
        )
        work.demands.put(demand)
        return demand


def answer_demand(signed: SignedAct, *, floor: Floor) -> Answer:
    """Answer an open demand with a listed product of the supplier's own, or promise one.

    Raises `Refused` for a demand that is over and for a sixth answer, `Forbidden` for a product
    of another and for a demand of the supplier's own organisation, `NotCompliant` for a product
    off the board.
    """
    with floor.write() as work:
        supplier = admit_act(signed, "demand.answered", Role.SUPPLIER, work=work, floor=floor)
        demand = work.demands.get(subject_id(signed, "demand"))
        found = work.chain.recorded(signed)
        if unchanged(found, signed):
            return next(
                each for each in answers_to(demand, work) if found and each.id == found.leaf.hex()
            )
        if not demand.runs(format_time(floor.clock())):
            raise Refused(f"demand {demand.id} is {demand.state}, until {demand.until}")
        if supplier.same_organisation(work.participants.get(demand.buyer)):
            raise Forbidden(f"{supplier.handle} cannot answer a demand of its own organisation")
        given = [each for each in answers_to(demand, work) if each.supplier == supplier.id]
        if len(given) >= ANSWERS_MAX:
            raise Refused(f"{supplier.handle} has answered demand {demand.id} {len(given)} times")
        number = signed.act.facts.get("product")
        if number is not None:
            product = work.products.get(str(number))
            if product.supplier != supplier.id:
                raise Forbidden(f"{product.number} is not a product of {supplier.handle}")
            require_listed(product, work=work, floor=floor)
            if any(each.product == number for each in given):
                raise Refused(f"{product.number} was answered to demand {demand.id} already")
        entry = record(signed, work=work, floor=floor)
        return _answer(entry.leaf.hex(), demand.id, entry.actor, entry.time, entry.facts)


def _answer(leaf: str, demand: str, supplier: str, time: str, facts: Mapping[str, Any]) -> Answer:
    day = facts.get("ready_by")
    return Answer(
        id=leaf,
        demand=demand,
        supplier=supplier,
        words=facts["words"],
        answered_at=time,
        product=facts.get("product"),
        ready_by=dt.date.fromisoformat(day) if day else None,
    )


def answers_to(demand: Demand, work: UnitOfWork) -> tuple[Answer, ...]:
    """Return every answer to a demand, the newest first, from the chain."""
    entries = work.chain.store.of_kind(f"demand/{demand.id}", "demand.answered")
    return tuple(
        _answer(each.leaf.hex(), demand.id, each.actor, each.time, each.facts) for each in entries
    )


def close_demand(signed: SignedAct, *, floor: Floor) -> Demand:
    """Close a demand: met by an answer or withdrawn, by its buyer; removed, by the operator.

    Raises `IllegalTransition` where it is over, `Forbidden` for anybody else, `NotFound` for an
    answer to another demand.
    """
    with floor.write() as work:
        roles = (Role.BUYER, Role.OPERATOR)
        actor = admit_act(signed, "demand.closed", *roles, work=work, floor=floor)
        demand = work.demands.get(subject_id(signed, "demand"))
        if unchanged(work.chain.recorded(signed), signed):
            return demand
        outcome = fact(signed, "outcome")
        ends = {"met": demand.buyer, "withdrawn": demand.buyer, "removed": floor.house.operator}
        if outcome not in ends:
            raise BadField("act.facts.outcome", f"one of {', '.join(ends)}")
        if actor.id != ends[outcome]:
            raise Forbidden(f"{actor.handle} cannot close demand {demand.id} as {outcome}")
        demand.step(DemandState(outcome))
        answer = signed.act.facts.get("answer")
        known = {each.id for each in answers_to(demand, work)}
        if answer is not None and answer not in known:
            raise NotFound(f"demand {demand.id} has no answer {str(answer)[:16]}…")
        entry = record(signed, work=work, floor=floor)
        closed = demand.moved(DemandState(outcome), entry, met_by=answer)
        work.demands.put(closed)
        return closed


def expire_demands(*, floor: Floor) -> tuple[Demand, ...]:
    """Record the end of every open demand whose time is over; the scheduled job."""
    with floor.write() as work:
        now, expired = format_time(floor.clock()), []
        for demand in work.demands.open():
            if demand.until >= now:
                continue
            subject = f"demand/{demand.id}"
            entry = record_for_house("demand.expired", subject, {}, work=work, floor=floor)
            moved = demand.moved(DemandState.EXPIRED, entry)
            work.demands.put(moved)
            expired.append(moved)
        return tuple(expired)


# Reading.


def posting_of(demand: Demand, work: UnitOfWork) -> Posting:
    """Return what was posted, from its record."""
    return read_record(Posting, decode(work.records.get(demand.posting)))


def running_demands(work: UnitOfWork, floor: Floor) -> list[Demand]:
    """Return the demands that may be answered, the newest first."""
    now = format_time(floor.clock())
    return [demand for demand in work.demands.open() if demand.runs(now)][::-1]


def supply_for(demand: Demand, *, work: UnitOfWork, floor: Floor) -> list[Match]:
    """Return the listed products that come nearest to a demand, the best first."""
    wish = posting_of(demand, work).looked_for
    return fit_products(wish, work=work, floor=floor, most=FITS_MAX)


def demands_met(product: Product, *, work: UnitOfWork, floor: Floor) -> list[tuple[Demand, Match]]:
    """Return the open demands that a listed product meets with nothing in the way, best first.

    A demand is met only where some of its words are the product's: a purpose and a region
    that fit are not yet the data.
    """
    if product.as_of(floor.clock().date()).listing is not ListingState.LISTED:
        return []
    sheet, inherited = sheet_of(product, work), terms_inherited(product.number, work)

    def matched(demand: Demand, weights: Mapping[str, int]) -> Match:
        wish = posting_of(demand, work).looked_for
        return match(wish, product.number, sheet, weights, inherited)

    # What stands in the way does not depend on how rare words are, for which all sheets are read.
    free = [demand for demand in running_demands(work, floor) if matched(demand, {}).fits]
    if not free:
        return []
    weights = rarity(gist(each) for each in listed_sheets(work, floor).values())
    fits = [
        (demand, each)
        for demand in free
        for each in [matched(demand, weights)]
        if any(part.name == "words" and part.points for part in each.parts)
    ]
    return sorted(fits, key=lambda pair: (-pair[1].points, pair[0].id))


def demand_behind(answer: str, *, buyer: str, work: UnitOfWork) -> tuple[Demand, Answer]:
    """Return a buyer's demand and the answer that names a product, for a filing to begin from.

    Raises `NotFound` for what is no answer and `Forbidden` where the demand is another's.
    """
    entry = work.chain.store.by_leaf(answer)
    if entry is None or entry.kind != "demand.answered":
        raise NotFound(f"there is no answer {answer[:16]}…")
    demand = work.demands.get(entry.subject.partition("/")[2])
    if demand.buyer != buyer:
        raise Forbidden(f"demand {demand.id} is another buyer's")
    posted = newest(work.chain.store, entry.subject, "demand.posted")
    if posted is None:
        raise NotFound(f"demand {demand.id} was never posted")
    return demand, _answer(answer, demand.id, entry.actor, entry.time, entry.facts)
