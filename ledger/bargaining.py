"""Negotiations: who may offer what to whom until when, and the quote that an agreement makes.

A buyer opens a negotiation over its approved scenario; buyer and supplier offer in turn, each
offer taking the place of the one before, and the other party accepts the newest while it stands.
The scenario, the listing and the negotiation's own end are asked about at every step.  Times
count to their last second.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.registry import supplier_of
from ledger.scenarios import scenario_broken
from ledger.view import Broken, View, newest, operator_of

ROUNDS_MAX = 20  # offers in one negotiation: who has not agreed by then opens another


def negotiation_opened(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `until` to come, within the scenario, and a product of another."""
    if entry.facts["until"] <= entry.time:
        yield Broken("expiry", f"the negotiation would have ended at {entry.facts['until']}")
    approved = newest(view, f"scenario/{entry.facts['scenario']}", "scenario.approved")
    if approved and entry.facts["until"] > approved.facts["until"]:
        yield Broken("expiry", f"the scenario ends at {approved.facts['until']}, before that")
    if supplier_of(view, f"product/{entry.facts['product']}") == entry.actor:
        yield Broken("party", "nobody negotiates with itself")


def negotiating_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer who opened it or the product's supplier."""
    opened = _opened(entry, view)
    if opened and entry.actor not in {opened.actor, _supplier(opened, view)}:
        yield Broken("party", f"{entry.actor} is no party to {entry.subject}")


def ending_negotiation(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer who opened it, the product's supplier, or the operator."""
    if entry.actor != operator_of(view, entry.log):
        yield from negotiating_party(entry, view)


def negotiation_runs(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that neither the negotiation nor its scenario has ended."""
    opened = _opened(entry, view)
    if opened is None:
        return  # the kind's needs say so
    if entry.time > opened.facts["until"]:
        yield Broken("expiry", f"{entry.subject} ended at {opened.facts['until']}")
    yield from scenario_broken(f"scenario/{opened.facts['scenario']}", entry.time, view)


def offer_in_turn(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the next `round`, by the other party unless the offer before has ended.

    The amount is above zero, in the currency of the negotiation; it stands until a time to come,
    within the negotiation's.
    """
    opened = _opened(entry, view)
    if opened is None:
        return  # the kind's needs say so
    facts, last = entry.facts, newest(view, entry.subject, "negotiation.offered")
    due = last.facts["round"] + 1 if last else 1
    if facts["round"] != due or due > ROUNDS_MAX:
        yield Broken("round", f"round {due} of at most {ROUNDS_MAX} is next, not {facts['round']}")
    if last and last.actor == entry.actor and entry.time <= last.facts["until"]:
        yield Broken("round", f"the offer of {last.named} stands: the other party is next")
    if facts["amount"]["minor"] <= 0 or facts["amount"]["currency"] != opened.facts["currency"]:
        yield Broken("money", f"an offer is above zero, in {opened.facts['currency']}")
    if not entry.time < facts["until"] <= opened.facts["until"]:
        yield Broken("expiry", f"an offer ends after it is made, by {opened.facts['until']}")


def offer_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an offer that has not ended; its last second counts."""
    offer = view.by_leaf(entry.facts["offer"])
    if offer and offer.kind == "negotiation.offered" and entry.time > offer.facts["until"]:
        yield Broken("expiry", f"the offer of {offer.named} ended at {offer.facts['until']}")


def price_negotiated(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of a negotiated price the offer and its acceptance as `basis`, and what they say."""
    if entry.facts.get("mode") != "negotiated":
        return
    basis = [view.by_leaf(leaf) for leaf in entry.facts.get("basis", [])]
    kinds = [found.kind if found else "" for found in basis]
    if kinds != ["negotiation.offered", "negotiation.accepted"]:
        yield Broken("mode", "a negotiated price rests on an offer and its acceptance")
        return
    accepted = basis[1]
    if accepted is None or basis[0] is None or accepted.facts["offer"] != basis[0].leaf.hex():
        yield Broken("mode", "the acceptance is of another offer")
        return
    opened = newest(view, accepted.subject, "negotiation.opened")
    told = (accepted.facts["amount"], entry.facts["buyer"], entry.facts.get("exclusive", False))
    agreed = (
        entry.facts["amount"],
        opened.actor if opened else "",
        bool(opened and opened.facts["exclusive"]),
    )
    same = opened and all(
        opened.facts[name] == entry.facts[name] for name in ("product", "scenario")
    )
    if told != agreed or not same:
        yield Broken("mode", f"the quote is not what {accepted.subject} agreed on")


def _opened(entry: Entry, view: View) -> Entry | None:
    return newest(view, entry.subject, "negotiation.opened")


def _supplier(opened: Entry, view: View) -> str | None:
    return supplier_of(view, f"product/{opened.facts['product']}")
