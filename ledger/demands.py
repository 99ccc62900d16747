"""Demand on the chain: how long a posting runs, what an answer offers, and who ends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from ledger.acts import parse_time
from ledger.entries import Entry
from ledger.registry import supplier_of
from ledger.view import Broken, View, newest, operator_of
from ledger.vocabulary import OFF_BOARD

RUNS_MAX: Final = dt.timedelta(days=366)
OUTCOMES: Final = ("met", "withdrawn", "removed")


def posting_runs(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an `until` to come, within 366 days, and a term of at least a day."""
    length = parse_time(entry.facts["until"], "until") - parse_time(entry.time, "time")
    if not dt.timedelta(0) < length <= RUNS_MAX:
        yield Broken(
            "expiry", f"a demand runs for at most {RUNS_MAX.days} days, and into the future"
        )
    if not entry.facts["term_days"]:
        yield Broken("demand", "a use is for at least a day")


def demand_runs(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the demand's time is not over."""
    posted = newest(view, entry.subject, "demand.posted")
    if posted and entry.time > posted.facts["until"]:
        yield Broken("expiry", f"{entry.subject} ended at {posted.facts['until']}")


def answer_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require either a listed `product` of the supplier's own, or a day `ready_by` to come."""
    product, day = entry.facts.get("product"), entry.facts.get("ready_by")
    if (product is None) == (day is None):
        yield Broken("answer", "an answer names a product, or a day by which there will be one")
    if day is not None and day < entry.time[:10]:
        yield Broken("expiry", f"what is ready by {day} is promised too late")
    if product is None:
        return
    subject = f"product/{product}"
    listed = newest(view, subject, "listing.published")
    ends = [newest(view, subject, kind) for kind in OFF_BOARD]
    if listed is None or any(end and end.version > listed.version for end in ends):
        yield Broken("listing", f"{subject} is not on the board")
    if supplier_of(view, subject) not in {None, entry.actor}:
        yield Broken("party", f"{subject} is not a product of {entry.actor}")


def closed_rightly(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the outcome met by an answer or withdrawn, of the buyer, or removed, of the house."""
    outcome, answer = entry.facts["outcome"], entry.facts.get("answer")
    posted = newest(view, entry.subject, "demand.posted")
    if outcome not in OUTCOMES:
        yield Broken("outcome", f"{entry.kind}.outcome: must be one of {', '.join(OUTCOMES)}")
    right = operator_of(view, entry.log) if outcome == "removed" else posted and posted.actor
    if entry.actor != right:
        yield Broken("party", f"{entry.actor} cannot close {entry.subject} as {outcome}")
    if (outcome == "met") != (answer is not None):
        yield Broken("answer", "a demand is met by an answer, and ends in no other way with one")
    found = view.by_leaf(answer) if answer else None
    if answer and (
        found is None or (found.kind, found.subject) != ("demand.answered", entry.subject)
    ):
        yield Broken("answer", f"{answer[:16]}… is no answer to {entry.subject}")


def demand_over(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the demand's time is over."""
    posted = newest(view, entry.subject, "demand.posted")
    if posted and entry.time <= posted.facts["until"]:
        yield Broken("expiry", f"{entry.subject} runs until {posted.facts['until']}")
