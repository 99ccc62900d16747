"""The course of a contract after its conclusion: deliveries, silence, disputes, amendments, ends.

Who may do what, and when; the money of it stands in `ledger.settling`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ledger import agreements
from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.registry import data_ordered
from ledger.subscriptions import quote_of
from ledger.view import SLACK, Broken, View, newest, operator_of

NOTICE = dt.timedelta(
    days=30
)  # from a party's word that ends a contract without a cause to its end
CAUSES = ("notice", "breach", "late", "suspended", "unlawful")


def trade_undisputed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no dispute over the trade is open."""
    dispute = agreements.dispute_open(view, entry.subject)
    if dispute:
        yield Broken("dispute", f"{entry.subject} is frozen by the dispute of {dispute.named}")


def renewed_undisputed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that its trade is neither disputed, cancelled, ended, retired nor paid back whole."""
    trade = f"trade/{entry.facts['trade']}"
    if agreements.dispute_open(view, trade):
        yield Broken("dispute", f"{trade} is frozen by a dispute")
    for kind in ("trade.cancelled", "trade.ended", "trade.retired"):
        if newest(view, trade, kind):
            yield Broken("order", f"{entry.kind} cannot follow {kind} in {trade}")
    emptied = agreements.emptied(view, trade)
    if emptied:
        yield Broken("order", f"all of the price of {trade} went back at {emptied.named}")


def its_trade_undisputed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no dispute over the trade that it names is open."""
    trade = f"trade/{entry.facts['trade']}"
    dispute = agreements.dispute_open(view, trade)
    if dispute:
        yield Broken("dispute", f"{trade} is frozen by the dispute of {dispute.named}")


def use_runs(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a use right that has neither run out nor been ended."""
    until = agreements.use_until(view, entry.subject)
    if until and (entry.time > until or agreements.over_at_once(view, entry.subject)):
        yield Broken("expiry", f"the use right of {entry.subject} ended at {until}")


def within_its_quote(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the quote of its order has not ended."""
    quote = quote_of(view, entry.subject)
    if quote and entry.time > quote.facts["until"]:
        yield Broken("expiry", f"{quote.subject} ended at {quote.facts['until']}")


# Deliveries.


def delivers_what_is_due(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the part that is next, over its own data; without parts, what was ordered, once."""
    due, part = agreements.parts(view, entry.subject), entry.facts.get("part")
    if not due:
        for answer in agreements.accepted(view, entry.subject):
            yield Broken("order", f"delivery.made cannot follow {answer.kind} in {entry.subject}")
        if part is not None:
            yield Broken("part", f"{entry.subject} is delivered as a whole")
        yield from data_ordered(entry, view)
        return
    closed = agreements.parts_closed(view, entry.subject)
    if closed >= len(due) or part != closed + 1:
        yield Broken("part", f"{closed} of {len(due)} parts of {entry.subject} are closed")
    elif entry.facts["data"] != due[closed]["data"]:
        yield Broken("data", f"part {part} of {entry.subject} is other data")


def answers_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a delivery that nobody has answered yet, of the same part."""
    made, part = newest(view, entry.subject, "delivery.made"), entry.facts.get("part")
    if made and made.facts.get("part") != part:
        yield Broken("part", f"{made.named} delivered another part")
    for answer in agreements.accepted(view, entry.subject):
        if answer.facts.get("part") == part:
            yield Broken("once", f"{answer.kind} stands already in {entry.subject}")


def silence_long_enough(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the buyer's time to answer is over: not in its last second yet."""
    until = agreements.answer_until(view, entry.subject)
    if until is None:
        yield Broken("expiry", f"no time was agreed in which silence accepts {entry.subject}")
    elif entry.time <= until:
        yield Broken("expiry", f"the buyer may answer until {until}")


# Disputes.


def may_dispute(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer in its time to answer, or either party while a price is held, once.

    Without a time to answer the buyer may until it has accepted the delivery.
    """
    trade = entry.subject
    yield from either_party(entry, view)
    yield from trade_undisputed(entry, view)
    holds = agreements.held(view, trade) > 0
    if entry.actor == agreements.buyer_of(view, trade):
        until = agreements.answer_until(view, trade)
        if until and entry.time > until:
            yield Broken("expiry", f"the buyer could answer until {until}")
        accepted = any(agreements.accepted(view, trade))
        if until is None and (accepted or not holds):
            yield Broken("dispute", f"{trade} was accepted, and no time to dispute it agreed")
    elif not holds:
        yield Broken("dispute", f"nothing is held for {trade}: the supplier has nothing to dispute")


def dispute_named(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the dispute that is open."""
    dispute = agreements.dispute_open(view, entry.subject)
    if dispute is None or dispute.leaf.hex() != entry.facts["dispute"]:
        yield Broken("dispute", f"that dispute over {entry.subject} is not open")


def arbiter_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require somebody who is neither the buyer nor the supplier."""
    parties = {agreements.buyer_of(view, entry.subject), agreements.seller_of(view, entry.subject)}
    if entry.actor in parties:
        yield Broken("party", f"{entry.actor} is a party to {entry.subject}")


def either_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer or the supplier of the contract."""
    parties = {agreements.buyer_of(view, entry.subject), agreements.seller_of(view, entry.subject)}
    if entry.actor not in parties:
        yield Broken("party", f"{entry.actor} is no party to {entry.subject}")


# Amendments.


def amendable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a contract that goes on to hold of its price, and sums that come to `amount`.

    Parts are changed only before anything was delivered, and come to the amount.
    """
    trade, facts = entry.subject, entry.facts
    basis = agreements.agreed(view, trade)
    if basis is None:
        return  # the kind's needs say so
    yield from either_party(entry, view)
    if not agreements.held(view, trade) and agreements.minor(basis):
        yield Broken("escrow", f"nothing is held for {trade}: there is nothing left to amend")
    added, returned = facts["added"]["minor"], facts["returned"]["minor"]
    units = {facts[name]["currency"] for name in ("amount", "added", "returned")}
    if units != {basis.facts["amount"]["currency"]} or (added and returned):
        yield Broken("money", "an amendment adds or returns, in the currency of the price")
    if agreements.minor(basis) + added - returned != agreements.minor(entry):
        yield Broken("money", f"{agreements.minor(basis)} were agreed, and the sums do not fit")
    held = agreements.held(view, trade)
    if returned > held:
        yield Broken("escrow", f"{held} are held for {trade}")
    if 0 < returned == held and agreements.minor(entry):
        yield Broken(
            "escrow", f"all of {held} held for {trade} would go back: refund it, or end it"
        )
    due = facts.get("parts", [])
    if due != basis.facts.get("parts", []) and newest(view, trade, "delivery.made"):
        yield Broken("part", f"{trade} is being delivered: its parts stand")
    if due and sum(each["amount"]["minor"] for each in due) != agreements.minor(entry):
        yield Broken("money", "the parts do not come to the amount")


def none_proposed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no amendment is waiting for its answer."""
    waiting = agreements.proposal_open(view, entry.subject)
    if waiting:
        yield Broken("order", f"the proposal of {waiting.named} waits for its answer")


def answers_proposal(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the proposal that waits for its answer, and a party to the contract."""
    yield from either_party(entry, view)
    waiting = agreements.proposal_open(view, entry.subject)
    if waiting is None or waiting.leaf.hex() != entry.facts["proposal"]:
        yield Broken("order", f"that proposal over {entry.subject} does not wait for an answer")


def as_proposed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require every fact of the proposal, the later ones too."""
    found = view.by_leaf(entry.facts["proposal"])
    said = {name: value for name, value in entry.facts.items() if name != "proposal"}
    if found and dict(found.facts) != said:
        yield Broken("terms", f"{found.named} proposed something else")


def amended_within_scenario(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the scenario's purpose alone, and its `term_days` counted from the contract."""
    order = newest(view, entry.subject, "trade.ordered")
    contract = newest(view, entry.subject, "trade.contracted")
    filed = newest(view, f"scenario/{order.facts['scenario']}", "scenario.filed") if order else None
    if filed is None or contract is None:
        return  # the kind's needs say so
    if entry.facts["purposes"] != [filed.facts["purpose"]]:
        yield Broken("scenario", f"the use approved is {filed.facts['purpose']!r} alone")
    length = parse_time(entry.facts["until"], "until") - parse_time(contract.time, "time")
    days = filed.facts["term_days"]
    if not dt.timedelta(0) < length <= dt.timedelta(days=days) + SLACK:
        yield Broken("scenario", f"the use approved is for {days} days from the contract")


def runs_on(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an `until` to come."""
    if entry.facts["until"] <= entry.time:
        yield Broken("expiry", f"{entry.facts['until']} has passed: end the contract instead")


# Ends.


def ends_with_cause(entry: Entry, view: View) -> Iterator[Broken]:
    """Require 30 days' notice and no money; or a cause, an end at once, and all that is held.

    Late is what is past its due time; suspended is the other party.  A delivery that waits for
    its answer is answered or disputed first, and what was accepted is settled first.
    """
    trade, facts = entry.subject, entry.facts
    if agreements.agreed(view, trade) is None:
        return  # the kind's needs say so
    yield from either_party(entry, view)
    yield from use_runs(entry, view)
    cause = facts["cause"]
    if cause not in CAUSES:
        yield Broken("cause", f"the causes are {', '.join(CAUSES)}")
        return
    if cause == "notice":
        earliest = format_time(parse_time(entry.time, "time") + NOTICE - SLACK)
        if facts["at"] < earliest or facts["amount"]["minor"]:
            yield Broken("expiry", f"without a cause it ends at {earliest} or later, money apart")
        if facts["at"] > agreements.use_until(view, trade):
            yield Broken("expiry", "an ending does not lengthen the use right")
        return
    if abs(parse_time(facts["at"], "at") - parse_time(entry.time, "time")) > SLACK:
        yield Broken("expiry", "with a cause it ends at once")
    yield from _all_given_back(entry, view)
    if cause == "late":
        yield from _is_late(entry, view)
    if cause == "suspended":
        yield from _other_suspended(entry, view)


def _all_given_back(entry: Entry, view: View) -> Iterator[Broken]:
    trade, left = entry.subject, agreements.held(view, entry.subject)
    if agreements.minor(entry) != left:
        yield Broken("escrow", f"{left} are held for {trade}, the entry gives back another sum")
    yield from no_period_held(entry, view)
    if not left:
        return
    made, answer = (
        newest(view, trade, "delivery.made"),
        next(agreements.accepted(view, trade), None),
    )
    if made and (answer is None or answer.version < made.version):
        yield Broken("order", f"{made.named} waits for its answer: answer it, or dispute it")
    paid = {part.facts["basis"] for part in view.of_kind(trade, "settlement.part")}
    if any(each.leaf.hex() not in paid for each in agreements.accepted(view, trade)):
        yield Broken("order", "what was accepted is settled first")


def no_period_held(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, where it empties the escrow, that the fee of no further period is held."""
    trade = entry.subject
    periods = agreements.periods_held(view, trade)
    if periods and agreements.minor(entry) == agreements.held(view, trade):
        yield Broken("escrow", f"the fee of period {periods[0]} of {trade} is held")


def _is_late(entry: Entry, view: View) -> Iterator[Broken]:
    due, closed = (
        agreements.parts(view, entry.subject),
        agreements.parts_closed(view, entry.subject),
    )
    if closed >= len(due) or entry.time <= due[closed]["due"]:
        yield Broken("cause", "nothing is late: no due time has passed")


def _other_suspended(entry: Entry, view: View) -> Iterator[Broken]:
    parties = {agreements.buyer_of(view, entry.subject), agreements.seller_of(view, entry.subject)}
    for other in parties - {entry.actor}:
        admitted = newest(view, f"participant/{other}", "participant.admitted")
        suspended = newest(view, f"participant/{other}", "participant.suspended")
        if suspended is None or (admitted and admitted.version > suspended.version):
            yield Broken("cause", f"{other} is not suspended")


def over(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the use right has ended, nothing is held or disputed, and every award paid."""
    trade = entry.subject
    yield from trade_undisputed(entry, view)
    until = agreements.use_until(view, trade)
    cancelled = newest(view, trade, "trade.cancelled")
    if not cancelled and entry.time <= until and not agreements.ended_at_once(view, trade):
        yield Broken("expiry", f"the use right runs until {until}")
    if agreements.held(view, trade):
        yield Broken("escrow", f"{agreements.held(view, trade)} are held for {trade}")
    award = newest(view, trade, "trade.arbitrated")
    done = sum(agreements.minor(each) for each in view.of_kind(trade, "trade.reversed"))
    if award and award.facts["reversal"]["minor"] > done:
        yield Broken("money", "what was awarded is not paid back yet")


def claims_for_buyer(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer, or the operator for it."""
    if entry.actor not in {agreements.buyer_of(view, entry.subject), operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.actor} is not the buyer of {entry.subject}")
