"""Who holds which right in a product: claims that were confirmed, and grants of them.

The three rights are those of the 2022 Data Twenty Articles: to hold the data, to process it, to
operate the product; none implies another.  A supplier holds what it claimed once the claim is
confirmed.  It grants a right to others for purposes, regions and a time; who got one that is
transferable grants on within it.  A grant ends with its time, with its revocation, or with the
grant it is under.  Two grants of one right never meet if one of them is exclusive.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.places import all_within, places_meet
from ledger.registry import (
    STRICTER_SINCE,
    cancellation_of,
    lineage_of,
    parents_of,
    registered_now,
    sources_over,
    supplier_of,
    terms_over,
)
from ledger.view import SLACK, Broken, View, newest, roles_of

RIGHTS = ("holding", "processing", "operating")
_REVOKED = "right.revoked"
ANY = "any"  # alone in a list of purposes or regions: all of them


@dataclass(frozen=True, slots=True)
class Holding:
    """A right that somebody holds, and the entries it rests on, the one that gives it first."""

    participant: str
    right: str
    purposes: tuple[str, ...]
    regions: tuple[str, ...]
    until: str | None
    exclusive: bool
    transferable: bool
    rests_on: tuple[Entry, ...]


def rights_of(view: View, product: str, at: str) -> tuple[Holding, ...]:
    """Return who holds which right in a product at a time: the supplier, then grants by age.

    Nobody holds any before the registration is confirmed.
    """
    claim = confirmed_claim(view, product)
    if claim is None:
        return ()
    confirmed = newest(view, claim.subject, "registration.confirmed")
    basis = (claim, confirmed) if confirmed else (claim,)
    everything = (ANY,)
    owner = supplier_of(view, claim.subject) or claim.actor
    held = [
        Holding(
            owner,
            right,
            everything,
            everything,
            until=None,
            exclusive=False,
            transferable=True,
            rests_on=basis,
        )
        for right in claim.facts["rights"]
    ]
    for grant in reversed(list(view.of_kind(claim.subject, "right.granted"))):
        if stands(grant, view, at):
            facts = grant.facts
            held.append(
                Holding(
                    facts["to"],
                    facts["right"],
                    tuple(facts["purposes"]),
                    tuple(facts["regions"]),
                    until=facts["until"],
                    exclusive=facts["exclusive"],
                    transferable=facts["transferable"],
                    rests_on=(*_upwards(grant, view), *basis),
                )
            )
    return tuple(held)


def confirmed_claim(view: View, product: str) -> Entry | None:
    """Return a product's claim if it was confirmed, not rejected and not cancelled."""
    subject = f"product/{product}"
    if newest(view, subject, "registration.confirmed") is None:
        return None
    if cancellation_of(view, subject) or registered_now(view, subject) is None:
        return None
    return newest(view, subject, "product.registered")


def holds(view: View, participant: str, product: str, right: str, at: str) -> bool:
    """Whether a participant holds a right in a product at a time, by its claim or by a grant."""
    return any(
        (held.participant, held.right) == (participant, right)
        for held in rights_of(view, product, at)
    )


def stands(grant: Entry, view: View, at: str) -> bool:
    """Whether a grant is in its time and neither it nor any it is under was revoked."""
    return grant.facts["from"] <= at <= grant.facts["until"] and not revoked(grant, view)


def revoked(grant: Entry, view: View) -> bool:
    """Whether a grant, or one that it is under, was revoked."""
    return bool(revocations(grant, view))


def revocations(grant: Entry, view: View) -> tuple[str, ...]:
    """Return when a grant was revoked, and when those were that it is under."""
    ends = {entry.facts["grant"]: entry.time for entry in view.of_kind(grant.subject, _REVOKED)}
    leaves = [each.leaf.hex() for each in _upwards(grant, view)] if ends else []
    return tuple(ends[leaf] for leaf in leaves if leaf in ends)


def _upwards(grant: Entry, view: View) -> Iterator[Entry]:
    """Yield a grant and those that it is under, up to the supplier's."""
    found: Entry | None = grant
    while found is not None:
        yield found
        under = found.facts["under"]
        found = view.by_leaf(under[0]) if under else None


# What a registration and a listing need.


def rights_claimed(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require at least one of the rights holding, processing and operating, each once."""
    claimed = entry.facts["rights"]
    if not claimed:
        yield Broken("rights", "a registration claims at least one right")
    if len(set(claimed)) != len(claimed) or not set(claimed) <= set(RIGHTS):
        yield Broken("rights", f"the rights are {', '.join(RIGHTS)}, each named once")


def parents_processed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of each of the `parents`, named once, the right to process it.

    From 2027 on neither its term nor that of anything it comes from has ended.
    """
    parents = entry.facts["parents"]
    if len(set(parents)) != len(parents):
        yield Broken("parents", "a parent is named twice")
    for parent in parents:
        if not holds(view, entry.actor, parent, "processing", entry.time):
            yield Broken("rights", f"{entry.actor} has no right to process {parent}")
    if entry.time >= STRICTER_SINCE:
        yield from (Broken("lineage", words) for words in terms_over(view, parents, entry.time))


def operating_claimed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the registration claims the right to operate the product."""
    registered = newest(view, entry.subject, "product.registered")
    if registered and "operating" not in registered.facts["rights"]:
        yield Broken("rights", f"the right to operate {entry.subject} was not claimed")


def lineage_processed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that who derived a product may still process its parents, back to the sources.

    From 2027 on no term of their registrations has ended.
    """
    named = entry.facts.get("product")
    start = f"product/{named}" if named else entry.subject
    yield from (Broken("lineage", words) for words in unprocessed(view, start, entry.time))
    if entry.time >= STRICTER_SINCE:
        yield from (Broken("lineage", words) for words in sources_over(view, start, entry.time))


def unprocessed(view: View, product: str, at: str) -> Iterator[str]:
    """Say of each step from a product back to its sources who may not take it at a time."""
    yield from (words for _, words in steps_unprocessed(view, product, at))


def steps_unprocessed(view: View, product: str, at: str) -> Iterator[tuple[str, str]]:
    """Yield of each step that may not be taken the parent, and who may not process it."""
    for subject in lineage_of(view, product):
        supplier = supplier_of(view, subject)
        for parent in parents_of(view, subject):
            if supplier and not holds(view, supplier, parent, "processing", at):
                words = f"{supplier} derived {subject} from {parent}"
                yield parent, f"{words} and has no right to process that"


def out_of_reach(
    view: View, product: str, purposes: Iterable[str], regions: Sequence[str], at: str
) -> Iterator[str]:
    """Say of each step from a product back to its sources where it may not be taken at a time.

    That is in which of these regions for one of these purposes.  Of a step that may be taken
    nowhere, or not for the purpose, `unprocessed` and `grades.unpermitted` tell.
    """
    wanted = tuple(purposes)
    for subject in lineage_of(view, product):
        supplier = supplier_of(view, subject) or ""
        for parent in parents_of(view, subject):
            held = [
                each
                for each in rights_of(view, parent, at)
                if (each.participant, each.right) == (supplier, "processing")
            ]
            for purpose in wanted:
                where = [r for h in held if _share((purpose,), h.purposes) for r in h.regions]
                beyond = [region for region in regions if not all_within([region], where)]
                if where and ANY not in where and beyond:
                    child, told = subject.partition("/")[2], ", ".join(beyond)
                    words = f"which {supplier} has no grant to process in {told} for {purpose}"
                    yield f"{child} comes from {parent}, {words}"


# Grants.


def grant_well_formed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require another participant in good standing, a time to come, and scopes that say something.

    Purposes and regions are named one by one, or are the one word any.
    """
    facts = entry.facts
    if not roles_of(view, facts["to"], entry.log) or facts["to"] == entry.actor:
        yield Broken("rights", f"{facts['to']} is no other participant in good standing")
    for name in ("purposes", "regions"):
        if not facts[name] or (ANY in facts[name] and facts[name] != [ANY]):
            yield Broken("rights", f"{name}: one or more, or {ANY} alone")
    earliest = format_time(parse_time(entry.time, "time") - SLACK)
    if not earliest <= facts["from"] < facts["until"] or facts["until"] <= entry.time:
        yield Broken("rights", "a grant begins not before its entry, and ends after that")


def grant_within(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier's claim, or to stay within the transferable grant `under` which it is.

    Right, purposes, regions and time are within; an exclusive one is under an exclusive one.
    """
    facts, under = entry.facts, entry.facts["under"]
    if not under:
        claim = newest(view, entry.subject, "product.registered")
        if claim and entry.actor != supplier_of(view, entry.subject):
            yield Broken("rights", f"{entry.subject} is not a product of {entry.actor}")
        if claim and facts["right"] not in claim.facts["rights"]:
            yield Broken("rights", f"the right {facts['right']!r} was not claimed")
        return
    if len(under) > 1:
        yield Broken("rights", "a grant is under one other at most")
    above = view.by_leaf(under[0])
    if above is None or above.kind != "right.granted" or above.subject != entry.subject:
        return  # the kind's needs say so
    theirs = above.facts
    if theirs["to"] != entry.actor or not theirs["transferable"] or revoked(above, view):
        yield Broken("rights", f"{entry.actor} may not grant on under {above.named}")
    within = (
        facts["right"] == theirs["right"]
        and theirs["from"] <= facts["from"]
        and facts["until"] <= theirs["until"]
        and _within(facts["purposes"], theirs["purposes"])
        and (ANY in theirs["regions"] or all_within(facts["regions"], theirs["regions"]))
        and (theirs["exclusive"] or not facts["exclusive"])
    )
    if not within:
        yield Broken("rights", f"the grant goes beyond {above.named}, which it is under")


def grant_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no standing grant meets it where either is exclusive, but those it is under."""
    above = {leaf for each in _upwards(entry, view) for leaf in each.facts["under"]}
    for other in view.of_kind(entry.subject, "right.granted"):
        apart = not (entry.facts["exclusive"] or other.facts["exclusive"])
        if apart or other.leaf.hex() in above or revoked(other, view):
            continue
        if other.facts["right"] == entry.facts["right"] and _meet(entry, other):
            yield Broken("exclusive", f"the grant meets that of {other.named}")


def grant_not_ended(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a grant that was not revoked, nor one that it is under."""
    grant = view.by_leaf(entry.facts["grant"])
    if grant and grant.kind == "right.granted" and revoked(grant, view):
        yield Broken("rights", f"the grant of {grant.named} was revoked already")


def use_not_foreign(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the use meets no exclusive right of others to operate the product."""
    order = newest(view, entry.subject, "trade.ordered")
    contract = newest(view, entry.subject, "trade.contracted")
    scenario = f"scenario/{order.facts['scenario']}" if order else ""
    filed = newest(view, scenario, "scenario.filed")
    if order is None or filed is None:
        return  # the kind's needs say so
    parties = {entry.actor, order.actor, contract.actor if contract else entry.actor}
    for grant in view.of_kind(f"product/{entry.facts['product']}", "right.granted"):
        facts = grant.facts
        if facts["right"] != "operating" or not facts["exclusive"] or revoked(grant, view):
            continue
        foreign = facts["to"] not in parties
        in_time = facts["from"] <= entry.facts["until"] and entry.time <= facts["until"]
        met = _share(facts["purposes"], entry.facts["purposes"]) and _overlap(
            facts["regions"], [filed.facts["region"]]
        )
        if foreign and in_time and met:
            yield Broken("exclusive", f"{facts['to']} alone operates this use by {grant.named}")


def _meet(one: Entry, other: Entry) -> bool:
    return (
        one.facts["from"] <= other.facts["until"]
        and other.facts["from"] <= one.facts["until"]
        and _share(one.facts["purposes"], other.facts["purposes"])
        and _overlap(one.facts["regions"], other.facts["regions"])
    )


def _share(one: Sequence[str], other: Sequence[str]) -> bool:
    return ANY in one or ANY in other or not set(one).isdisjoint(other)


def _overlap(one: Sequence[str], other: Sequence[str]) -> bool:
    return ANY in one or ANY in other or places_meet(one, other)


def _within(inner: Sequence[str], outer: Sequence[str]) -> bool:
    return ANY in outer or set(inner) <= set(outer)
