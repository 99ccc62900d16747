"""Life-cycle lineage: what was done with data, from collecting to storing (全生命周期).

What an activity cost is a business secret, so the log commits to it; who may see it can check it.
"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.registry import supplier_of
from ledger.rights import holds
from ledger.view import Broken, View

ACTIVITIES = ("collect", "label", "clean", "analyse", "store", "transmit")


def activity_told(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an activity that is known, a beginning before its end, and an end that has come."""
    facts = entry.facts
    if facts["activity"] not in ACTIVITIES:
        yield Broken("activity", f"activity.recorded.activity: one of {', '.join(ACTIVITIES)}")
    if not facts["from"] <= facts["until"] <= entry.time:
        yield Broken("activity", "an activity is recorded when it is over, its beginning first")


def activity_of_processor(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier, or who holds the right to process the data."""
    number = entry.subject.partition("/")[2]
    if entry.actor == supplier_of(view, entry.subject):
        return
    if not holds(view, entry.actor, number, "processing", entry.time):
        yield Broken("rights", f"{entry.actor} has no right to process {number}")
