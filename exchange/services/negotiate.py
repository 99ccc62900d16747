"""Negotiating: a buyer asks for a price, both sides offer in rounds, and one of them accepts.

At every step the product must be on the board and the scenario must run: what ended while it was
talked about is not sold.  An acceptance and the quote that it makes are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.errors import BadField, Conflict, Forbidden, Refused, TermsDiffer
from exchange.negotiation import ROUNDS_MAX, Negotiation, NegotiationState, StandingOffer
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import (
    admit_act,
    amount_of,
    fact,
    record,
    subject_id,
    unchanged,
)
from exchange.services.execute_trade import terms_of
from exchange.services.file_scenario import require_permitted
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.quote_price import record_quote
from exchange.services.reserve_use import require_use_free
from exchange.services.submit_sheet import sheet_of
from exchange.specsheet import PriceMode
from exchange.trading import Quote, Terms, TradingMode
from ledger.acts import SignedAct, format_time, opened_subject
from ledger.entries import Entry
from pricing.bargain import Bargain, Round, Side
from pricing.errors import PricingError
from pricing.money import Currency, Money
from pricing.plugins import load
from pricing.record import recorded

PROTOCOL: Final = "alternating-offers"
REQUESTS_MAX: Final = 50  # suppliers asked at once


@dataclass(frozen=True, slots=True)
class Agreed:
    """A negotiation that came to a price, with the quote and the terms that it made."""

    negotiation: Negotiation
    quote: Quote
    terms: Terms


def open_negotiations(acts: Sequence[SignedAct], *, floor: Floor) -> list[Negotiation]:
    """Ask one supplier or several for a price: all negotiations are opened, or none.

    Raises `BadField` for none or too many, else as `open_negotiation`.
    """
    if not 1 <= len(acts) <= REQUESTS_MAX:
        raise BadField("acts", f"1 to {REQUESTS_MAX} negotiations are opened at once")

    @records_lapse
    def opened(*, floor: Floor) -> list[Negotiation]:
        with floor.write() as work:
            return [_open(signed, work=work, floor=floor) for signed in acts]

    return opened(floor=floor)


def open_negotiation(signed: SignedAct, *, floor: Floor) -> Negotiation:
    """Ask the supplier of a listed product for a price of one's own approved scenario.

    Raises `NotCompliant` for a product off the board, `NoScenario` without a running scenario,
    `Refused` for one that is free or whose use is another's alone, `BadField` for an end that has
    passed or lies beyond the scenario's.
    """
    (opened,) = open_negotiations([signed], floor=floor)
    return opened


def _open(signed: SignedAct, *, work: UnitOfWork, floor: Floor) -> Negotiation:
    identity = opened_subject("negotiation", signed.act).partition("/")[2]
    buyer = admit_act(signed, "negotiation.opened", Role.BUYER, work=work, floor=floor)
    if unchanged(work.chain.recorded(signed), signed):
        return work.negotiations.get(identity)
    product = work.products.get(fact(signed, "product"))
    if fact(signed, "currency") not in set(Currency):
        raise BadField("act.facts.currency", f"one of {', '.join(Currency)}")
    negotiation = Negotiation(
        id=identity,
        product=product.number,
        scenario=fact(signed, "scenario"),
        buyer=buyer.id,
        supplier=product.supplier,
        currency=Currency(fact(signed, "currency")),
        exclusive=signed.act.facts.get("exclusive") is True,
        until=fact(signed, "until"),
        opened_at=format_time(floor.clock()),
        head="",
    )
    _require_talk(negotiation, work=work, floor=floor)
    if sheet_of(product, work).price.mode is PriceMode.FREE:
        raise Refused(f"{product.number} is free: there is no price to negotiate")
    if negotiation.until <= format_time(floor.clock()):
        raise BadField("act.facts.until", "that time has passed")
    entry = record(signed, work=work, floor=floor)
    opened = replace(negotiation, head=entry.leaf.hex(), opened_at=entry.time)
    work.negotiations.put(opened)
    return opened


@records_lapse
def make_offer(signed: SignedAct, *, floor: Floor) -> Negotiation:
    """Offer an amount until a time, which withdraws the offer before.

    Raises `Conflict` out of turn, `Refused` after the last round, `BadField` for an amount that is
    not above zero or in another currency, and for an end that has passed or is too late.
    """

    def check(negotiation: Negotiation, actor: Participant, work: UnitOfWork) -> None:
        _require_talk(negotiation, work=work, floor=floor)
        now = format_time(floor.clock())
        if negotiation.rounds >= ROUNDS_MAX:
            raise Refused(f"{negotiation.id}: {ROUNDS_MAX} offers were made, which is the most")
        if actor.id not in negotiation.next_from(now):
            raise Conflict(f"{negotiation.id}: your offer stands, the other party is next")
        if fact(signed, "round", int) != negotiation.rounds + 1:
            raise Conflict(f"act.facts.round: round {negotiation.rounds + 1} is next")
        _amount(signed, negotiation)
        if not now < fact(signed, "until") <= negotiation.until:
            raise BadField("act.facts.until", f"a time to come, by {negotiation.until}")

    def conclude(negotiation: Negotiation, entry: Entry) -> Negotiation:
        offer = StandingOffer(
            leaf=entry.leaf.hex(),
            by=entry.actor,
            amount=Money.read(entry.facts["amount"]),
            until=entry.facts["until"],
        )
        return replace(negotiation, rounds=negotiation.rounds + 1, offer=offer)

    state = NegotiationState.OFFERED
    return _advance(signed, "negotiation.offered", state, check, conclude, floor=floor)


@records_lapse
def accept_offer(signed: SignedAct, *, floor: Floor) -> Agreed:
    """Accept the newest offer, which makes the exchange quote its amount to the buyer.

    Raises `TermsDiffer` where another offer or amount is accepted than stands, `Refused` once the
    offer has ended, `Forbidden` for one's own.
    """
    kind = "negotiation.accepted"
    with floor.write() as work:
        actor = admit_act(signed, kind, work=work, floor=floor)
        negotiation = work.negotiations.get(subject_id(signed, "negotiation"))
        if unchanged(work.chain.recorded(signed), signed) and negotiation.quote:
            return _agreed(negotiation, work)
        negotiation = negotiation.as_of(format_time(floor.clock()))
        _require_party(negotiation, actor)
        negotiation.require(NegotiationState.ACCEPTED)
        product, scenario = _require_talk(negotiation, work=work, floor=floor), negotiation.scenario
        offer = _require_standing(signed, negotiation, actor, floor)
        accepted = record(signed, work=work, floor=floor)
        offered = work.chain.store.by_leaf(offer.leaf)
        documents = {"sheet": product.sheet} if product.sheet else {}
        try:
            bargain = _bargain(negotiation, accepted, work)
            protocol = load("bargains", PROTOCOL)(rounds_max=ROUNDS_MAX)
            agreement, made = recorded(protocol, bargain, documents=documents)
        except PricingError as error:
            raise Refused(f"{negotiation.id} came to no price: {error}") from error
        quote, terms = record_quote(
            agreement.amount,
            work.scenarios.get(scenario),
            product,
            sheet_of(product, work),
            records=[made],
            mode=TradingMode.NEGOTIATED,
            basis=[entry for entry in (offered, accepted) if entry],
            exclusive=negotiation.exclusive,
            work=work,
            floor=floor,
        )
        moved = replace(negotiation.moved(NegotiationState.ACCEPTED, accepted), quote=quote.id)
        work.negotiations.put(moved)
        return Agreed(moved, quote, terms)


def end_negotiation(signed: SignedAct, *, floor: Floor) -> Negotiation:
    """End a negotiation without a price, by either party or the operator, for a reason."""

    def check(negotiation: Negotiation, actor: Participant, work: UnitOfWork) -> None:  # noqa: ARG001
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")

    def conclude(negotiation: Negotiation, entry: Entry) -> Negotiation:  # noqa: ARG001
        return negotiation

    state = NegotiationState.ENDED
    return _advance(signed, "negotiation.ended", state, check, conclude, floor=floor)


def offer_facts(negotiation: Negotiation, amount: Money, until: str) -> dict[str, Any]:
    """Return what a party signs to offer an amount next."""
    return {
        "product": negotiation.product,
        "round": negotiation.rounds + 1,
        "amount": amount.to_record(),
        "until": until,
    }


def acceptance_facts(negotiation: Negotiation) -> dict[str, Any]:
    """Return what a party signs to accept the newest offer, or raise `Refused` without one."""
    if negotiation.offer is None:
        raise Refused(f"{negotiation.id}: nothing was offered yet")
    return {
        "product": negotiation.product,
        "offer": negotiation.offer.leaf,
        "amount": negotiation.offer.amount.to_record(),
    }


def _advance(
    signed: SignedAct,
    kind: str,
    state: NegotiationState,
    check: Callable[[Negotiation, Participant, UnitOfWork], None],
    conclude: Callable[[Negotiation, Entry], Negotiation],
    *,
    floor: Floor,
) -> Negotiation:
    """Move one negotiation by one act: check, record, store."""
    with floor.write() as work:
        actor = admit_act(signed, kind, work=work, floor=floor)
        negotiation = work.negotiations.get(subject_id(signed, "negotiation"))
        if unchanged(work.chain.recorded(signed), signed):
            return negotiation
        operator = {floor.house.operator} if state is NegotiationState.ENDED else set()
        if actor.id not in operator:
            _require_party(negotiation, actor)
        negotiation = negotiation.as_of(format_time(floor.clock()))
        negotiation.require(state)
        check(negotiation, actor, work)
        entry = record(signed, work=work, floor=floor)
        moved = conclude(negotiation, entry).moved(state, entry)
        work.negotiations.put(moved)
        return moved


def _require_talk(negotiation: Negotiation, *, work: UnitOfWork, floor: Floor) -> Product:
    """Return the product, or raise unless it is on the board, the scenario runs, and both may."""
    product = work.products.get(negotiation.product)
    require_listed(product, work=work, floor=floor)
    if product.supplier != negotiation.supplier:
        raise Refused(f"{negotiation.id}: {product.number} has passed to another supplier")
    buyer = work.participants.get(negotiation.buyer)
    for party in (buyer, work.participants.get(negotiation.supplier)):
        party.require()
    scenario = work.scenarios.get(negotiation.scenario)
    require_permitted(scenario, product, buyer, work=work, floor=floor)
    last = scenario.expires_on
    if last and negotiation.until[:10] > last.isoformat():
        raise BadField("act.facts.until", f"the scenario ends on {last}, before that")
    require_use_free(
        product,
        scenario,
        exclusive=negotiation.exclusive,
        work=work,
        floor=floor,
    )
    return product


def _require_party(negotiation: Negotiation, actor: Participant) -> None:
    if actor.id not in {negotiation.buyer, negotiation.supplier}:
        raise Forbidden(f"{actor.handle} is no party to {negotiation.id}")


def _require_standing(
    signed: SignedAct, negotiation: Negotiation, actor: Participant, floor: Floor
) -> StandingOffer:
    offer = negotiation.offer
    if offer is None:  # the table of states has no step from there
        raise Refused(f"{negotiation.id}: nothing was offered yet")
    if offer.by == actor.id:
        raise Forbidden(f"{negotiation.id}: {actor.handle} cannot accept its own offer")
    if fact(signed, "offer") != offer.leaf:
        raise TermsDiffer(f"act.facts.offer: another offer stands in {negotiation.id}")
    if signed.act.facts.get("amount") != offer.amount.to_record():
        raise TermsDiffer(f"act.facts.amount: the offer is of {offer.amount}")
    if format_time(floor.clock()) > offer.until:
        raise Refused(f"{negotiation.id}: the offer ended at {offer.until}")
    return offer


def _amount(signed: SignedAct, negotiation: Negotiation) -> Money:
    amount = amount_of(signed, "amount")
    if amount.minor <= 0 or amount.currency is not negotiation.currency:
        raise BadField("act.facts.amount", f"above zero, in {negotiation.currency}")
    return amount


def _bargain(negotiation: Negotiation, accepted: Entry, work: UnitOfWork) -> Bargain:
    """Return the rounds of a negotiation as its entries tell them."""
    sides = {negotiation.buyer: Side.BUYER, negotiation.supplier: Side.SUPPLIER}
    offers = work.chain.store.of_kind(accepted.subject, "negotiation.offered")
    rounds = [
        Round(sides[each.actor], Money.read(each.facts["amount"]), each.time, each.facts["until"])
        for each in offers
    ]
    return Bargain(tuple(rounds[::-1]), sides[accepted.actor], accepted.time)


def _agreed(negotiation: Negotiation, work: UnitOfWork) -> Agreed:
    quote = work.quotes.get(negotiation.quote or "")
    return Agreed(negotiation, quote, terms_of(quote.terms, work))
