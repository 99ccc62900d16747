"""Engagements (委托): assessors, processors, brokers, valuers and consultants, paid for their work.

The fee goes into escrow when the engaged accepts, and out of it when the work is accepted; the
exchange takes nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from exchange.clearing import account_subject, available, escrow, transfer
from exchange.engagements import Engagement, EngagementState, Step
from exchange.errors import BadField, Forbidden, Refused, TermsDiffer
from exchange.openings import Opening, require_document
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
from exchange.services.read_papers import require_licensed
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.engagements import ENGAGED_AS, INDEPENDENT
from ledger.entries import Entry
from pricing.money import Currency, Money


def propose_engagement(
    signed: SignedAct, openings: Sequence[Opening], *, floor: Floor
) -> Engagement:
    """Engage another participant; `openings` hold the terms, a document.

    Raises `BadField` for a role nobody is engaged in, a fee that is not above zero or that hangs
    on the outcome where others rely on it, or a time that has passed; `Forbidden` with rule T-05
    where an assessor would be engaged by its own organisation, or who is engaged has no licence
    that runs for the role.
    """
    require_document(opened(signed, "engagement.proposed", openings), "terms")
    key = opened_subject("engagement", signed.act).partition("/")[2]
    with floor.write() as work:
        actor = admit_act(signed, "engagement.proposed", work=work, floor=floor)
        if unchanged(work.chain.recorded(signed), signed):
            return work.engagements.get(key)
        role, fee = _role(signed), _fee(signed)
        engaged = work.participants.get(fact(signed, "to"))
        if engaged.id != fact(signed, "to"):
            raise BadField("act.facts.to", "a participant's id")
        engaged.require(role)
        # The log asks for it at the acceptance alone, where it holds again: one may end between.
        require_licensed(engaged, role, work=work, floor=floor)
        _require_apart(actor, engaged, role)
        if fact(signed, "due") <= format_time(floor.clock()):
            raise BadField("act.facts.due", "that time has passed")
        products = texts(signed, "products")
        for number in products:
            work.products.get(number)
        entry = record(signed, openings, work=work, floor=floor)
        engagement = Engagement(
            id=key,
            by=actor.id,
            to=engaged.id,
            role=role,
            products=tuple(products),
            work=fact(signed, "work"),
            fee=fee,
            contingent=signed.act.facts["contingent"],
            due=fact(signed, "due"),
            proposed_at=entry.time,
            head=entry.leaf.hex(),
        )
        work.engagements.put(engagement)
        return engagement


def _role(signed: SignedAct) -> Role:
    name = fact(signed, "role")
    if name not in ENGAGED_AS:
        raise BadField("act.facts.role", f"one of {', '.join(sorted(ENGAGED_AS))}")
    if signed.act.facts.get("contingent") is not False and name in INDEPENDENT:
        raise BadField(
            "act.facts.contingent",
            f"the fee of a {name} does not depend on the outcome: a refusal is paid as a pass is",
        )
    return Role(name)


def _fee(signed: SignedAct) -> Money:
    fee = amount_of(signed, "amount")
    if fee.minor <= 0 or fee.currency is not Currency.CNY:
        raise BadField("act.facts.amount", "a fee above zero, in CNY")
    return fee


def _require_apart(actor: Participant, engaged: Participant, role: Role) -> None:
    if engaged.same_organisation(actor):
        rules = ("T-05",) if role in INDEPENDENT else ()
        raise Forbidden(f"{engaged.handle} is the organisation of {actor.handle}", rules=rules)


def accept_engagement(signed: SignedAct, *, floor: Floor) -> Engagement:
    """Take the work: the fee goes from who engaged into escrow, or nothing happens.

    Raises `InsufficientFunds` where the account does not hold the fee, `Forbidden` without the
    role or a licence that runs, `Refused` once the work was due.
    """

    def check(engagement: Engagement, actor: Participant, work: UnitOfWork) -> None:
        if actor.id != engagement.to:
            raise Forbidden(f"{engagement.id} engages another than {actor.handle}")
        actor.require(engagement.role)
        require_licensed(actor, engagement.role, work=work, floor=floor)
        payer = work.participants.get(engagement.by)
        payer.require()
        _require_apart(payer, actor, engagement.role)
        if format_time(floor.clock()) > engagement.due:
            raise Refused(f"{engagement.id}: the work was due at {engagement.due}")
        _require_fee(signed, engagement)

    def conclude(engagement: Engagement, entry: Entry, work: UnitOfWork) -> None:
        source, target = available(engagement.by), escrow(engagement.id)
        what = f"fee of {engagement.id}"
        work.accounts.post(transfer(what, entry, source, target, engagement.fee))

    state = EngagementState.ACCEPTED
    return _advance(signed, "engagement.accepted", state, check, conclude, floor=floor)


def decline_engagement(signed: SignedAct, *, floor: Floor) -> Engagement:
    """End an engagement that nobody accepted, by either party or the operator."""

    def check(engagement: Engagement, actor: Participant, work: UnitOfWork) -> None:  # noqa: ARG001
        _require_party(engagement, actor, floor)

    state = EngagementState.DECLINED
    return _advance(signed, "engagement.declined", state, check, _nothing, floor=floor)


def deliver_work(signed: SignedAct, report: bytes, *, floor: Floor) -> Engagement:
    """Hand the work in: its report is kept, and its digest stands on the chain.

    Raises `TermsDiffer` where the act names another report than the one given.
    """

    def check(engagement: Engagement, actor: Participant, work: UnitOfWork) -> None:
        if actor.id != engagement.to:
            raise Forbidden(f"{engagement.id} engages another than {actor.handle}")
        if work.records.put(report, public=False) != fact(signed, "report"):
            raise TermsDiffer("act.facts.report: not the digest of the report given")

    state = EngagementState.DELIVERED
    return _advance(signed, "engagement.delivered", state, check, _nothing, floor=floor)


def pay_engagement(signed: SignedAct, *, floor: Floor) -> Engagement:
    """Accept the work: escrow is released to the engaged, by who engaged it or the operator."""

    def check(engagement: Engagement, actor: Participant, work: UnitOfWork) -> None:  # noqa: ARG001
        if actor.id not in {engagement.by, floor.house.operator}:
            raise Forbidden(f"{engagement.id} is not paid for by {actor.handle}")
        _require_fee(signed, engagement)

    def conclude(engagement: Engagement, entry: Entry, work: UnitOfWork) -> None:
        source, target = escrow(engagement.id), available(engagement.to)
        what = f"fee of {engagement.id}"
        work.accounts.post(transfer(what, entry, source, target, engagement.fee))

    state = EngagementState.PAID
    return _advance(signed, "engagement.paid", state, check, conclude, floor=floor)


def cancel_engagement(signed: SignedAct, *, floor: Floor) -> Engagement:
    """End an accepted engagement: the fee goes back to who engaged.

    The engaged and the operator may at any time; who engaged only where the fee is contingent, or
    the work is overdue and was not handed in.  Raises `Refused` otherwise.
    """

    def check(engagement: Engagement, actor: Participant, work: UnitOfWork) -> None:  # noqa: ARG001
        _require_party(engagement, actor, floor)
        _require_fee(signed, engagement)
        undone = engagement.state is EngagementState.ACCEPTED
        overdue = undone and format_time(floor.clock()) > engagement.due
        if actor.id == engagement.by and not (engagement.contingent or overdue):
            raise Refused(f"{engagement.id}: the fee is owed until the work is overdue")

    def conclude(engagement: Engagement, entry: Entry, work: UnitOfWork) -> None:
        source, target = escrow(engagement.id), available(engagement.by)
        what = f"refund of {engagement.id}"
        work.accounts.post(transfer(what, entry, source, target, engagement.fee))

    state = EngagementState.CANCELLED
    return _advance(signed, "engagement.cancelled", state, check, conclude, floor=floor)


def _nothing(engagement: Engagement, entry: Entry, work: UnitOfWork) -> None:
    """Move no money."""


def _require_party(engagement: Engagement, actor: Participant, floor: Floor) -> None:
    if actor.id not in {engagement.by, engagement.to, floor.house.operator}:
        raise Forbidden(f"{actor.handle} is no party to {engagement.id}")


def _require_fee(signed: SignedAct, engagement: Engagement) -> None:
    if signed.act.facts.get("amount") != engagement.fee.to_record():
        raise TermsDiffer(f"act.facts.amount: not the fee of {engagement.id}")


def _advance(
    signed: SignedAct,
    kind: str,
    state: EngagementState,
    check: Callable[[Engagement, Participant, UnitOfWork], None],
    conclude: Callable[[Engagement, Entry, UnitOfWork], None],
    *,
    floor: Floor,
) -> Engagement:
    """Move one engagement by one act: check, record, move the money, store."""
    with floor.write() as work:
        actor = admit_act(signed, kind, work=work, floor=floor)
        engagement = work.engagements.get(subject_id(signed, "engagement"))
        if unchanged(work.chain.recorded(signed), signed):
            return engagement
        engagement.require(state)
        check(engagement, actor, work)
        if state is not EngagementState.DECLINED:  # a credit it rests on must be placed before it
            work.chain.store.reserve(*map(account_subject, (engagement.by, engagement.to)))
        entry = record(signed, work=work, floor=floor)
        conclude(engagement, entry, work)
        report = signed.act.facts.get("report")
        moved = replace(engagement.moved(state, entry), report=report or engagement.report)
        work.engagements.put(moved)
        return moved


# Looking.


def engagements_over(number: str, work: UnitOfWork) -> tuple[Engagement, ...]:
    """Return every engagement over a product that was accepted, oldest first."""
    idle = {EngagementState.PROPOSED, EngagementState.DECLINED}
    return tuple(
        engagement
        for engagement in work.engagements.all()
        if number in engagement.products and engagement.state not in idle
    )


def steps_of(engagement: Engagement, work: UnitOfWork) -> tuple[Step, ...]:
    """Return what was done about an engagement, from its proposal on: when, and by which entry."""
    entry, found = work.chain.store.by_leaf(engagement.head), []
    while entry:
        found.append(Step.of(entry))
        entry = work.chain.store.by_leaf(entry.prev) if entry.prev else None
    return tuple(reversed(found))
