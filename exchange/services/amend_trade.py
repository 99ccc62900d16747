"""Amending a contract: one party proposes other terms, the other signs the same terms.

The terms are frozen anew by their digest, and the checks of ordering run again.  Escrow follows
the price in the transaction in which the other party accepts.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Final

from exchange.amendments import Amendment, AmendmentState, Changes, PartOffer
from exchange.clearing import account_subject, available, escrow, transfer
from exchange.errors import BadField, DataDiffer, Forbidden, NotFound, Refused, TermsDiffer
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import admit_act, fact, record, subject_id, unchanged
from exchange.services.dispute_trade import require_party
from exchange.services.execute_trade import performance_facts, terms_of
from exchange.services.file_scenario import require_permitted
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.reserve_use import hold_product, require_use_free
from exchange.trading import BY_USE, Part, Terms, Trade, TradeState, grant_end
from ledger.acts import SignedAct, format_time, parse_time
from ledger.entries import Entry
from ledger.view import newest
from pricing.money import Money, total

AMENDABLE: Final = frozenset({"amount", "term_days", "acceptance_seconds", "parts"})
ACCEPTANCE_MAX: Final = 366 * 86_400  # seconds: a year, as the setting of the house
PARTS_MAX: Final = 40  # of which an entry holds what it must say


# The terms.


def amended_terms(trade: Trade, changes: Changes, *, floor: Floor) -> Terms:
    """Return a trade's terms with the changes; parts get the digests of their bytes.

    Raises `BadField` for parts that are not the whole of the data or of the price, and for a
    price or a part in another currency than the contract's.
    """
    _require_currency(trade, "amount", changes.amount)
    _require_currency(trade, "parts", *(part.amount for part in changes.parts))
    with floor.read() as work:
        terms = terms_of(trade.terms, work)
    wanted: dict[str, Any] = {
        "amount": changes.amount or terms.amount,
        "term_days": changes.term_days or terms.term_days,
        "acceptance_seconds": terms.acceptance_seconds
        if changes.acceptance_seconds is None
        else changes.acceptance_seconds,
    }
    if changes.parts:
        wanted["parts"] = cut(changes.parts, floor.vault.check(terms.data))
    return replace(terms, **wanted)


def _require_currency(trade: Trade, field: str, *amounts: Money | None) -> None:
    """Raise `BadField` that names the field unless all amounts are in the contract's currency."""
    currency = trade.amount.currency
    if any(amount and amount.currency is not currency for amount in amounts):
        raise BadField(field, f"in {currency}, the currency of the contract")


def cut(offers: Sequence[PartOffer], data: Path) -> tuple[Part, ...]:
    """Return parts as runs of bytes of a file, one after the other, each with its digest."""
    if sum(offer.bytes for offer in offers) != data.stat().st_size:
        raise BadField("parts", f"their bytes come to {data.stat().st_size}, the size of the data")
    made = []
    with data.open("rb") as file:
        for offer in offers:
            if offer.bytes <= 0:
                raise BadField("parts", "a part has at least one byte")
            digest = hashlib.sha256()
            left = offer.bytes
            while left:
                block = file.read(min(left, 1 << 20))
                digest.update(block)
                left -= len(block)
            made.append(Part(offer.amount, digest.hexdigest(), offer.bytes, offer.days))
    return tuple(made)


def write_part(data: Path, parts: Sequence[Part], number: int, target: Path) -> Path:
    """Write one part of a file into another, which must not exist yet."""
    start = sum(part.bytes for part in parts[: number - 1])
    left = parts[number - 1].bytes
    with data.open("rb") as source, target.open("xb") as out:
        source.seek(start)
        while left:
            block = source.read(min(left, 1 << 20))
            out.write(block)
            left -= len(block)
    return target


def amendment_facts(trade: Trade, terms: Terms, work: UnitOfWork) -> dict[str, Any]:
    """Return what both parties sign to amend a contract to those terms."""
    start = _start(trade, work)
    zero = trade.money(0)
    more = terms.amount - trade.amount
    return {
        "product": trade.product,
        "terms": terms.digest,
        "amount": terms.amount.to_record(),
        "added": max(more, zero, key=lambda money: money.minor).to_record(),
        "returned": max(-more, zero, key=lambda money: money.minor).to_record(),
        "purposes": [terms.purpose],
        "until": format_time(grant_end(start, terms.term_days)),
    } | performance_facts(terms, start)


def _start(trade: Trade, work: UnitOfWork) -> dt.datetime:
    """Return when the use right began, as the contract has it."""
    contract = newest(work.chain.store, f"trade/{trade.id}", "trade.contracted")
    order = newest(work.chain.store, f"trade/{trade.id}", "trade.ordered")
    if contract is None or order is None:
        raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to amend")
    first = terms_of(order.facts["terms"], work)
    return parse_time(contract.facts["until"], "until") - dt.timedelta(days=first.term_days)


def _require_terms(trade: Trade, terms: Terms, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise unless the terms change nothing but what may be amended, within scenario and data."""
    if trade.state is not TradeState.CONTRACTED:
        raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to amend")
    trade.require_undisputed()
    before = terms_of(trade.terms, work)
    if before.period is not None or before.mode in BY_USE:
        raise Refused(f"trade {trade.id} is {before.mode}: its plan is not amended, but ended")
    for field in fields(Terms):
        changed = getattr(before, field.name) != getattr(terms, field.name)
        if changed and field.name not in AMENDABLE:
            raise TermsDiffer(f"terms.{field.name}: an amendment cannot change that")
    scenario = work.scenarios.get(trade.scenario)
    if not 0 < terms.term_days <= scenario.term_days:
        raise BadField("terms.term_days", f"1 to {scenario.term_days}, as the scenario has it")
    if terms.amount.currency is not trade.amount.currency or terms.amount.minor < 0:
        raise BadField("terms.amount", f"in {trade.amount.currency}, not below zero")
    left = trade.held + terms.amount - trade.amount
    if trade.held.minor and terms.amount.minor and not left.minor:
        raise Refused(
            f"trade {trade.id}: all of {trade.held} held would go back: refund it, or end it"
        )
    if not 0 <= terms.acceptance_seconds <= ACCEPTANCE_MAX:
        raise BadField("terms.acceptance_seconds", f"0 to {ACCEPTANCE_MAX}")
    _require_currency(trade, "terms.parts", *(part.amount for part in terms.parts))
    if terms.parts and terms.parts != before.parts:
        _require_parts(terms, floor)


def _require_parts(terms: Terms, floor: Floor) -> None:
    if not 2 <= len(terms.parts) <= PARTS_MAX:
        raise BadField("terms.parts", f"2 to {PARTS_MAX}")
    if total(part.amount for part in terms.parts) != terms.amount:
        raise BadField("terms.parts", "their amounts come to the price")
    for part in terms.parts:
        if part.amount.minor <= 0 or not 0 < part.days <= terms.term_days:
            raise BadField("terms.parts", "each has its price, and is due while the use right runs")
    offers = [PartOffer(part.amount, part.bytes, part.days) for part in terms.parts]
    if cut(offers, floor.vault.check(terms.data)) != terms.parts:
        raise DataDiffer("terms.parts: not the runs of bytes of the registered data")


# The acts.


@records_lapse
def propose_amendment(signed: SignedAct, terms: Terms, *, floor: Floor) -> Amendment:
    """Propose other terms for a contract, as its buyer or supplier.

    Raises `TermsDiffer` where the act does not sign those terms or they change what cannot be
    amended, `BadField` beyond the scenario, `NoScenario` and `NotCompliant` as for ordering, and
    `Refused` while another proposal waits or the contract is not open.
    """
    with floor.write() as work:
        actor = admit_act(signed, "amendment.proposed", work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        found = work.chain.recorded(signed)
        if unchanged(found, signed) and found:
            return _amendment(found, work)
        require_party(trade, actor)
        _require_terms(trade, terms, work=work, floor=floor)
        _require_facts(signed, trade, terms, work)
        _order_again(trade, work=work, floor=floor)
        work.records.put(terms.record, public=True)
        entry = record(signed, work=work, floor=floor)
        work.trades.put(trade.at(entry))
        return _amendment(entry, work)


@records_lapse
def accept_amendment(signed: SignedAct, *, floor: Floor) -> Trade:
    """Sign the terms that the other party proposed: they hold from here on.

    Raises `InsufficientFunds` where the buyer does not have what the price has grown by, and as
    `propose_amendment`; nothing has then happened.
    """
    with floor.write() as work:
        actor = admit_act(signed, "amendment.accepted", work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        require_party(trade, actor)
        amendment = _named(signed, trade, work)
        amendment.require(AmendmentState.ACCEPTED)
        if amendment.by == actor.id:
            raise Forbidden(f"{actor.handle} has proposed it: the other party accepts")
        terms = amendment.terms
        _require_terms(trade, terms, work=work, floor=floor)
        _require_facts(signed, trade, terms, work)
        _order_again(trade, work=work, floor=floor)
        work.chain.store.reserve(*map(account_subject, (trade.buyer, trade.supplier)))
        entry = record(signed, work=work, floor=floor)
        _move_difference(trade, entry, work)
        part = trade.part or (1 if terms.parts else 0)
        amended = replace(
            trade,
            amount=terms.amount,
            terms=terms.digest,
            grant_until=entry.facts["until"],
            part=part,
        )
        work.trades.put(amended.at(entry))
        return work.trades.get(trade.id)


def decline_amendment(signed: SignedAct, *, floor: Floor) -> Trade:
    """Decline a proposal, or withdraw one's own: what was agreed goes on."""
    with floor.write() as work:
        actor = admit_act(signed, "amendment.declined", work=work, floor=floor)
        trade = work.trades.get(subject_id(signed, "trade"))
        if unchanged(work.chain.recorded(signed), signed):
            return trade
        require_party(trade, actor)
        _named(signed, trade, work).require(AmendmentState.DECLINED)
        declined = trade.at(record(signed, work=work, floor=floor))
        work.trades.put(declined)
        return declined


def _order_again(trade: Trade, *, work: UnitOfWork, floor: Floor) -> None:
    """Ask what ordering and accepting ask."""
    exclusive = terms_of(trade.terms, work).exclusive
    if exclusive:
        hold_product(trade, work)
    product = work.products.get(trade.product)
    require_listed(product, work=work, floor=floor)
    scenario, buyer = work.scenarios.get(trade.scenario), work.participants.get(trade.buyer)
    require_permitted(scenario, product, buyer, work=work, floor=floor)
    require_use_free(
        product,
        scenario,
        exclusive=exclusive,
        besides=trade.id,
        work=work,
        floor=floor,
    )


def _require_facts(signed: SignedAct, trade: Trade, terms: Terms, work: UnitOfWork) -> None:
    expected = amendment_facts(trade, terms, work)
    said = {name: value for name, value in signed.act.facts.items() if name != "proposal"}
    for name in sorted(expected | said):
        if said.get(name) != expected.get(name):
            raise TermsDiffer(f"act.facts.{name}: not that of the amended terms")


def _move_difference(trade: Trade, entry: Entry, work: UnitOfWork) -> None:
    mine, held = available(trade.buyer), escrow(trade.id)
    for name, source, target in (("added", mine, held), ("returned", held, mine)):
        amount = Money.read(entry.facts[name])
        if amount.minor:
            what = f"amendment of {trade.id}"
            work.accounts.post(transfer(what, entry, source, target, amount))


# Looking.


def amendments_of(trade: Trade, work: UnitOfWork) -> tuple[Amendment, ...]:
    """Return every amendment that was proposed, oldest first."""
    proposed = work.chain.store.of_kind(f"trade/{trade.id}", "amendment.proposed")
    return tuple(_amendment(entry, work) for entry in list(proposed)[::-1])


def amendments_beside(trade: Trade, work: UnitOfWork) -> tuple[tuple[Amendment, Terms], ...]:
    """Return every amendment, oldest first, beside the terms that it was to change.

    One waits at a time, so those are of the order or of the last that was accepted before it.
    """
    ordered = newest(work.chain.store, f"trade/{trade.id}", "trade.ordered")
    agreed = terms_of(ordered.facts["terms"] if ordered else trade.terms, work)
    found = []
    for amendment in amendments_of(trade, work):
        found.append((amendment, agreed))
        if amendment.state is AmendmentState.ACCEPTED:
            agreed = amendment.terms
    return tuple(found)


def waiting_amendment(trade: Trade, work: UnitOfWork) -> Amendment:
    """Return the amendment that waits for its answer, or raise `NotFound`."""
    for amendment in amendments_of(trade, work):
        if amendment.state is AmendmentState.PROPOSED:
            return amendment
    raise NotFound(f"trade {trade.id}: no amendment waits for its answer")


def _named(signed: SignedAct, trade: Trade, work: UnitOfWork) -> Amendment:
    leaf = fact(signed, "proposal")
    for amendment in amendments_of(trade, work):
        if amendment.leaf == leaf:
            return amendment
    raise NotFound(f"trade {trade.id}: no amendment {leaf[:16]}… was proposed")


def _amendment(entry: Entry, work: UnitOfWork) -> Amendment:
    state, leaf = AmendmentState.PROPOSED, entry.leaf.hex()
    for kind, outcome in (
        ("amendment.accepted", AmendmentState.ACCEPTED),
        ("amendment.declined", AmendmentState.DECLINED),
    ):
        answers = work.chain.store.of_kind(entry.subject, kind)
        if any(answer.facts["proposal"] == leaf for answer in answers):
            state = outcome
    return Amendment(
        leaf=leaf,
        trade=entry.subject.partition("/")[2],
        by=entry.actor,
        terms=terms_of(entry.facts["terms"], work),
        proposed_at=entry.time,
        state=state,
    )
