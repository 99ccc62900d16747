"""Who a participant is and what it is licensed for: identities, licences, folded from entries.

The operator records what it has seen: the documents behind an identity, and the licences that
others have issued, each until a day.  Which roles take a licence, and of which classes, the
exchange declares (`licence.required`); the newest declaration holds for what comes after it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ledger.acts import parse_time
from ledger.entries import Entry
from ledger.kinds import KINDS
from ledger.view import Broken, View, newest, roles_of

APART = ": "  # between role and class in a line of `licence.required`
_ASSESSED = frozenset({"compliance.attested", "quality.reviewed"})


def identity_of(view: View, participant: str, day: str) -> Entry | None:
    """Return the newest verification of a participant's identity if it has not ended on a day."""
    found = newest(view, f"participant/{participant}", "identity.verified")
    return found if found and day <= found.facts["until"] else None


def licences_required(view: View, log: str, role: str) -> frozenset[str]:
    """Return the classes of which a role needs one; none where the role takes no licence."""
    declared = newest(view, f"exchange/{log}", "licence.required")
    lines = declared.facts["licences"] if declared else ()
    found = (line.partition(APART) for line in lines)
    return frozenset(kind for name, _, kind in found if name == role)


def licences_of(view: View, participant: str) -> Iterator[Entry]:
    """Yield a participant's licences that nobody took back, the newest first, ended ones too."""
    subject = f"participant/{participant}"
    gone = {entry.facts["licence"] for entry in view.of_kind(subject, "licence.withdrawn")}
    for entry in view.of_kind(subject, "licence.recorded"):
        if entry.leaf.hex() not in gone:
            yield entry


def licensed(view: View, participant: str, role: str, log: str, time: str) -> bool:
    """Whether a participant may act in a role at a time: no licence is needed, or one runs.

    It has to be recorded by then: one that is recorded later bears nothing out that was said
    before it, least of all under one that was withdrawn.
    """
    wanted = licences_required(view, log, role)
    return not wanted or any(
        entry.facts["licence"] in wanted
        and entry.time <= time
        and time[:10] <= entry.facts["until"]
        for entry in licences_of(view, participant)
    )


def signed_under_licence(view: View, act: Entry) -> bool:
    """Whether the licence that an act was signed under still counts: it ran then, and stands.

    One that ended afterwards does; one that was withdrawn since, by whatever name, does not.
    """
    roles = KINDS[act.kind].roles
    return any(licensed(view, act.actor, role, act.log, act.time) for role in roles)


def counts_for(day: object, word: Entry, view: View) -> bool:
    """Whether an assessor's or expert's word can be rested on, on a day; others' words always can.

    It has not ended, and the licence that it was signed under stands.
    """
    if word.kind not in _ASSESSED:
        return True
    ended = isinstance(day, str) and word.facts.get("until", day) < day
    return not ended and signed_under_licence(view, word)


# Rules.


def identity_evidenced(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require at least one document, and an `until` that has not passed."""
    if not entry.facts["documents"]:
        yield Broken("identity", "an identity is verified over at least one document")
    yield from _still_to_come(entry)


def identity_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an identity that was verified and has not ended."""
    name = entry.subject.partition("/")[2]
    if identity_of(view, name, entry.time[:10]) is None:
        yield Broken("identity", f"the identity of {name} was not verified, or that has ended")


def licences_named(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require of each of the `licences` the form ``role: class``, each named once."""
    lines = entry.facts["licences"]
    if len(set(lines)) != len(lines):
        yield Broken("licence", "a class of licence is named twice for a role")
    if any(not all(line.partition(APART)) for line in lines):
        yield Broken("licence", "licences are named as role: class")


def licence_dated(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an `until` that has not passed."""
    yield from _still_to_come(entry)


def licence_standing(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a licence that was not withdrawn already."""
    withdrawn = view.of_kind(entry.subject, "licence.withdrawn")
    if any(before.facts["licence"] == entry.facts["licence"] for before in withdrawn):
        yield Broken("licence", "the licence was withdrawn already")


def licence_runs(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a licence that runs that day, where the exchange wants one for the role."""
    roles = roles_of(view, entry.actor, entry.log) & KINDS[entry.kind].roles
    time = entry.time
    if roles and not any(licensed(view, entry.actor, role, entry.log, time) for role in roles):
        words = " or ".join(sorted(roles))
        yield Broken("licence", f"{entry.actor} has no licence that runs as {words}")


def assessors_licensed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require, if passed, that the licences behind what it rests on were not withdrawn since."""
    if entry.facts["outcome"] != "passed":
        return
    for _, leaf in entry.refs:
        found = view.by_leaf(leaf)
        if found and found.kind in _ASSESSED and not signed_under_licence(view, found):
            yield Broken("licence", f"no licence that stands is behind {found.named}")


def _still_to_come(entry: Entry) -> Iterator[Broken]:
    day = parse_time(entry.time, "time").date()
    if dt.date.fromisoformat(entry.facts["until"]) < day:
        yield Broken("expiry", f"{entry.kind} of {day} cannot run until {entry.facts['until']}")
