"""Engagements: what participants do for one another for a fee, and what the ledger holds them to.

Whoever engages proposes the work and a fixed fee; the engaged accepts, and the fee goes into
escrow; it delivers, and is paid.  An assessor's, an expert's or a valuer's fee cannot hang on how
the work comes out: it is owed for a refusal as for a pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.merchants import licensed
from ledger.view import Broken, View, newest, operator_of, roles_of

ENGAGED_AS = frozenset(
    {
        "supplier",
        "compliance-assessor",
        "quality-expert",
        "valuer",
        "delivery-provider",
        "broker",
        "consultant",
    }
)
# Whose word others rely on: who pays for it must not be able to pay for its content.
INDEPENDENT = frozenset({"compliance-assessor", "quality-expert", "valuer"})


def engagement_offered(entry: Entry, view: View) -> Iterator[Broken]:
    """Require another participant `to` admitted in `role`, a `due` to come, and a fee above zero.

    Only where nobody relies on the outcome may the fee be contingent on it.
    """
    facts = entry.facts
    role = facts["role"]
    if role not in ENGAGED_AS:
        yield Broken("engagement", f"nobody is engaged as {role}")
    if facts["to"] == entry.actor:
        yield Broken("engagement", "nobody engages itself")
    if role not in roles_of(view, facts["to"], entry.log):
        yield Broken("engagement", f"{facts['to']} is not admitted as {role}")
    if facts["contingent"] and role in INDEPENDENT:
        yield Broken("engagement", f"the fee of a {role} does not depend on the outcome")
    if facts["due"] <= entry.time:
        yield Broken("engagement", f"the work was due at {facts['due']}")
    if facts["amount"]["minor"] <= 0:
        yield Broken("engagement", "the fee is above zero")


def engagement_taken(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the one who was asked, still in that role and licensed for it, before it is due."""
    offer = _offer(entry, view)
    if offer is None:
        return  # the kind's needs say so
    role = offer.facts["role"]
    yield from engaged_party(entry, view)
    if role not in roles_of(view, entry.actor, entry.log):
        yield Broken("engagement", f"{entry.actor} is not admitted as {role}")
    elif not licensed(view, entry.actor, role, entry.log, entry.time):
        yield Broken("licence", f"{entry.actor} has no licence that runs as {role}")
    if entry.time > offer.facts["due"]:
        yield Broken("engagement", f"the work was due at {offer.facts['due']}")


def engaged_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the one who was asked."""
    offer = _offer(entry, view)
    if offer and entry.actor != offer.facts["to"]:
        yield Broken("party", f"{entry.subject} engages {offer.facts['to']}")


def paying_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require who engaged, or the operator."""
    offer = _offer(entry, view)
    if offer and entry.actor not in {offer.actor, operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.subject} is paid for by {offer.actor}")


def either_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require who engaged, who was asked, or the operator."""
    offer = _offer(entry, view)
    parties = {offer.actor, offer.facts["to"]} if offer else set()
    if offer and entry.actor not in parties | {operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.actor} is no party to {entry.subject}")


def ending_party(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the engaged or the operator; who engaged only if contingent, or overdue, undone."""
    yield from either_party(entry, view)
    offer = _offer(entry, view)
    if offer is None or entry.actor != offer.actor:
        return
    undone = newest(view, entry.subject, "engagement.delivered") is None
    overdue = undone and entry.time > offer.facts["due"]
    if not (offer.facts["contingent"] or overdue):
        yield Broken("engagement", "who engaged owes the fee until the work is overdue")


def _offer(entry: Entry, view: View) -> Entry | None:
    return newest(view, entry.subject, "engagement.proposed")
