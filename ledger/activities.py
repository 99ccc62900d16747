"""Life-cycle lineage: what was done with data, from collecting to storing (全生命周期).

What an activity cost is a business secret, so the log commits to it; who may see it can check it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.registry import cancellation_of, lineage_of
from ledger.rights import revocations
from ledger.view import Broken, View, newest

ACTIVITIES = ("collect", "label", "clean", "analyse", "store", "transmit")
_SECOND: Final = dt.timedelta(seconds=1)
_ALWAYS: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_FOREVER: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


def activity_told(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an activity that is known, a beginning before its end, and an end that has come."""
    facts = entry.facts
    if facts["activity"] not in ACTIVITIES:
        yield Broken("activity", f"activity.recorded.activity: one of {', '.join(ACTIVITIES)}")
    if not facts["from"] <= facts["until"] <= entry.time:
        yield Broken("activity", "an activity is recorded when it is over, its beginning first")


def activity_within_right(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that its actor could process the data all the while, as supplier or by grants.

    When it is recorded does not count: who could process the data then tells of it afterwards, its
    right over or not.  Who claimed the data could before the claim too, since collecting comes
    before registering.
    """
    number = entry.subject.partition("/")[2]
    begins, ends = (parse_time(entry.facts[name], name) for name in ("from", "until"))
    reached: dt.datetime | None = None  # until when it could, without a break from the beginning
    for since, until in sorted(_could_process(view, entry.actor, entry.subject)):
        if until < begins:
            continue
        # A right that begins where another ends goes on with it.
        if since <= begins or (reached is not None and since - reached <= _SECOND):
            reached = max(reached or until, until)
    if reached is None:
        yield Broken(
            "rights",
            f"{entry.actor} had no right to process {number} at {entry.facts['from']}, when the "
            "activity began",
        )
    elif reached < ends:
        lost = format_time(reached)
        yield Broken("rights", f"{entry.actor} had no right to process {number} after {lost}")


def inputs_in_line(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that what goes in is the product itself or among what it comes from.

    Grade, purposes and disputes are inherited from there; what is named here alone binds nobody.
    """
    line = set(lineage_of(view, entry.subject))
    for number in entry.facts["inputs"]:
        if f"product/{number}" not in line:
            yield Broken("inputs", f"{number} goes in, and is no parent that the product names")


def withdrawals(view: View, subject: str) -> Mapping[str, Entry]:
    """Return the entries that took activities on a product back, by the leaf hash of each."""
    return {each.facts["activity"]: each for each in view.of_kind(subject, "activity.withdrawn")}


def activity_withdrawable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an activity that stands, and no later one that uses a file which it alone made.

    Where another activity that stands made the file as well, what follows goes on from that one.
    """
    gone = withdrawals(view, entry.subject)
    named = entry.facts["activity"]
    if named in gone:
        yield Broken("once", f"the activity was withdrawn at {gone[named].named}")
    recorded = list(view.of_kind(entry.subject, "activity.recorded"))
    taken = next((each for each in recorded if each.leaf.hex() == named), None)
    if taken is None:
        return  # the kind's needs say so
    others = [each for each in recorded if each is not taken and each.leaf.hex() not in gone]
    for later in (each for each in others if each.version > taken.version):
        made = {file for each in others if each is not later for file in each.facts["made"]}
        lost = set(later.facts["used"]) & set(taken.facts["made"]) - made
        if lost:
            words = f"{later.named} uses a file that {taken.named} alone made: {min(lost)}"
            yield Broken("order", words)


def _could_process(
    view: View, participant: str, subject: str
) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """Yield the times from and until which somebody could process a product, in any order."""
    passed = sorted(
        view.of_kind(subject, "registration.transferred"), key=lambda each: each.version
    )
    claim = newest(view, subject, "product.registered")
    owners = [(claim.actor, _ALWAYS)] if claim else []
    owners += [(each.facts["to"], parse_time(each.time, "time")) for each in passed]
    for place, (owner, since) in enumerate(owners):
        if owner == participant:
            yield since, owners[place + 1][1] if place + 1 < len(owners) else _FOREVER
    cancelled = cancellation_of(view, subject)  # which ends every right in the product
    ends = [cancelled.time] if cancelled else []
    for grant in view.of_kind(subject, "right.granted"):
        if (grant.facts["to"], grant.facts["right"]) == (participant, "processing"):
            until = min([grant.facts["until"], *revocations(grant, view), *ends])
            yield parse_time(grant.facts["from"], "from"), parse_time(until, "until")
