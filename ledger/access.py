"""Accesses (访问): to the buyer alone, counted without a gap, within the contract's count and time.

The accesses of a trade are a subject of their own, so that a download changes nothing that a party
to the trade has read.  Which purposes and places a policy allows stands in its record, whose digest
the entry names; the auditor checks what entries alone tell: who, how often, and until when.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ledger.agreements import over_at_once, use_until
from ledger.entries import Entry
from ledger.grades import CORE, grade_of, is_core
from ledger.registry import STRICTER_SINCE, why_frozen
from ledger.scenarios import scenario_broken
from ledger.subscriptions import refunded_at
from ledger.usage import budget_spent, use_over
from ledger.view import Broken, View, newest

GRANTED: Final = "access.granted"


def access_subject(trade: str) -> str:
    """Return the subject of the accesses of a trade."""
    return f"access/{trade}"


def accesses(view: View, trade: str) -> int:
    """Return how often the delivery of a trade was handed out."""
    last = newest(view, access_subject(trade), GRANTED)
    return int(last.facts["count"]) if last else 0


def access_counted(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `count` one above that of the access before, and within a `limit` that stays."""
    facts, before = entry.facts, newest(view, entry.subject, GRANTED)
    if entry.subject != access_subject(facts["trade"]):
        yield Broken("access", f"{entry.subject} is not of the trade {facts['trade']}")
    due = before.facts["count"] + 1 if before else 1
    if facts["count"] != due:
        yield Broken("access", f"this is access {due}, not {facts['count']}")
    limit = facts.get("limit")
    if before and before.facts.get("limit") != limit:
        yield Broken("access", f"the limit was {before.facts.get('limit')}")
    if limit is not None and facts["count"] > limit:
        yield Broken("access", f"the contract allows {limit} accesses")


def access_of_buyer(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the buyer who ordered as `to`, scenario and use right that run, and what pays."""
    trade = f"trade/{entry.facts['trade']}"
    order, contract = newest(view, trade, "trade.ordered"), newest(view, trade, "trade.contracted")
    if order is None or contract is None:
        return  # the kind's needs say so
    if entry.facts["to"] != order.actor:
        yield Broken("access", f"{entry.facts['to']} did not order {trade}")
    yield from scenario_broken(f"scenario/{order.facts['scenario']}", entry.time, view)
    until = use_until(view, trade)
    if entry.time > until or over_at_once(view, trade):
        yield Broken("expiry", f"the use right ended at {until}")
    elif over := use_over(view, entry.facts["trade"]):
        yield Broken("expiry", f"the use of {trade} ended with {over.named}")
    period = refunded_at(view, entry.facts["trade"], entry.time)
    if period:
        yield Broken("refund", f"the fee of period {period} was given back, and the use with it")
    if budget_spent(view, entry.facts["trade"]):
        yield Broken("budget", f"{trade} holds nothing that further use could be billed to")


def access_not_withheld(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a product that is not core, not suspended, and whose lineage nobody disputes.

    From 2027 on nothing that it comes from, or largely is, is core either.
    """
    order = newest(view, f"trade/{entry.facts['trade']}", "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    number = order.facts["product"]
    subject = f"product/{number}"
    core = is_core if entry.time >= STRICTER_SINCE else _graded_core
    if core(view, number):
        yield Broken("grade", f"{number} is core data, which is handed out to nobody")
    published, suspended = (
        newest(view, subject, f"listing.{word}") for word in ("published", "suspended")
    )
    if published and suspended and suspended.version > published.version:
        yield Broken("listing", f"{number} was suspended at {suspended.named}")
    if why := why_frozen(view, subject):
        yield Broken("registration", why)


def _graded_core(view: View, product: str) -> bool:
    return grade_of(view, product) == CORE
