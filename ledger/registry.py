"""What stands registered (统一登记): whose a product is now, over which data, until when.

A registration begins with its claim.  Later entries change its data, pass it on, renew it, dispute
it and cancel it; whoever asks what stands asks here, in the exchange and in an audit alike.  A
change that was objected to with success never happened: the version before it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ledger.entries import Entry
from ledger.view import Broken, View, newest, operator_of, roles_of

VERSIONS = ("product.registered", "registration.changed")
OUTCOMES = ("dismissed", "cancelled", "transferred")
# What an earlier exchange has recorded stays valid: rules that grew stricter hold from here on.
STRICTER_SINCE: Final = "2027-01-01T00:00:00Z"


def versions_of(view: View, subject: str) -> list[Entry]:
    """Return the entries that registered data of a product and were not objected to with success.

    The newest is first; the claim itself is the last.
    """
    found = sorted(
        (entry for kind in VERSIONS for entry in view.of_kind(subject, kind)),
        key=lambda entry: entry.version,
    )
    upheld = [
        entry.version
        for entry in view.of_kind(subject, "objection.closed")
        if entry.facts["outcome"] == "upheld"
    ]
    standing = []
    for place, entry in enumerate(found):
        end = found[place + 1].version if place + 1 < len(found) else None
        if not any(entry.version < at and (end is None or at < end) for at in upheld):
            standing.append(entry)
    return standing[::-1]


def registered_now(view: View, subject: str) -> Entry | None:
    """Return the entry behind the data that stands registered; None where no claim stands."""
    found = versions_of(view, subject)
    claimed = bool(found) and found[-1].kind == "product.registered"
    return found[0] if claimed else None


def registered_since(view: View, subject: str) -> int:
    """Return the version of the entry that last changed what stands registered, or whose it is.

    What was signed over the product before says nothing of it as it stands, not even where sheet
    and data are the same to the byte.
    """
    found = (registered_now(view, subject), newest(view, subject, "registration.transferred"))
    return max((entry.version for entry in found if entry), default=0)


def supplier_of(view: View, subject: str) -> str | None:
    """Return whose a product is: who took it over last, else who claimed it."""
    passed = newest(view, subject, "registration.transferred")
    if passed:
        to: str = passed.facts["to"]
        return to
    claim = newest(view, subject, "product.registered")
    return claim.actor if claim else None


def suppliers_of(view: View, subject: str) -> tuple[str, ...]:
    """Return everybody whose a product is or was, each once, the newest first."""
    passed = [entry.facts["to"] for entry in view.of_kind(subject, "registration.transferred")]
    claimed = [entry.actor for entry in view.of_kind(subject, "product.registered")]
    return tuple(dict.fromkeys([*passed, *claimed]))


def parents_of(view: View, subject: str) -> tuple[str, ...]:
    """Return the numbers of all products that any standing version of a product comes from."""
    named = (name for entry in versions_of(view, subject) for name in entry.facts["parents"])
    return tuple(dict.fromkeys(named))


def lineage_of(view: View, subject: str) -> Iterator[str]:
    """Yield the subjects of a product and of everything it comes from, each once."""
    seen, ahead = {subject}, [subject]
    while ahead:
        current = ahead.pop()
        yield current
        for parent in (f"product/{name}" for name in parents_of(view, current)):
            if parent not in seen:
                seen.add(parent)
                ahead.append(parent)


def own_parent(view: View, subject: str, parents: Iterable[str]) -> str | None:
    """Return the first of some parents by which a product would come from itself, if any."""
    for name in parents:
        if subject in lineage_of(view, f"product/{name}"):
            return name
    return None


def why_circular(view: View, subject: str) -> str:
    """Say by which parent a product comes from itself; empty if by none."""
    name = own_parent(view, subject, parents_of(view, subject))
    return f"{subject} comes from {name}, and so from itself" if name else ""


def disputes_open(view: View, subject: str) -> list[Entry]:
    """Return the disputes over a product that were neither decided nor withdrawn."""
    closed = {
        entry.facts["dispute"]
        for kind in ("dispute.decided", "dispute.withdrawn")
        for entry in view.of_kind(subject, kind)
    }
    opened = view.of_kind(subject, "dispute.opened")
    return [entry for entry in opened if entry.leaf.hex() not in closed]


def objections_open(view: View, subject: str) -> list[Entry]:
    """Return the objections to a claim that are not decided nor withdrawn, the newest first.

    One that is upheld ends the claim, and with it every other objection to it.
    """
    withdrawn = view.of_kind(subject, "objection.withdrawn")
    closed, upheld = {entry.facts["objection"] for entry in withdrawn}, 0
    for entry in view.of_kind(subject, "objection.closed"):
        closed.add(entry.facts["objection"])
        if entry.facts["outcome"] == "upheld":
            upheld = max(upheld, entry.version)
    return [
        entry
        for entry in view.of_kind(subject, "objection.filed")
        if entry.version > upheld and entry.leaf.hex() not in closed
    ]


def registered_until(view: View, subject: str) -> str | None:
    """Return when the term of a registration ends; None before it is confirmed."""
    found = [
        entry
        for kind in ("registration.confirmed", "registration.renewed")
        for entry in view.of_kind(subject, kind)
    ]
    last = max(found, key=lambda entry: entry.version, default=None)
    until: str | None = last.facts["until"] if last else None
    return until


def why_frozen(view: View, subject: str) -> str:
    """Say what holds up a product: a dispute over it or over what it comes from; empty if none."""
    for each in lineage_of(view, subject):
        for dispute in disputes_open(view, each):
            return f"a dispute over {each} is open since {dispute.named}"
    return ""


def cancellation_of(view: View, subject: str) -> Entry | None:
    """Return what cancelled a registration: its supplier, the operator, or a dispute's end."""
    decided = newest(view, subject, "dispute.decided")
    by_dispute = decided if decided and decided.facts["outcome"] == "cancelled" else None
    return newest(view, subject, "registration.cancelled") or by_dispute


def why_ended(view: View, subject: str, at: str) -> str:
    """Say why a registration does not stand at a time: cancelled, or its term has ended."""
    if cancelled := cancellation_of(view, subject):
        return f"the registration of {subject} was cancelled at {cancelled.named}"
    until = registered_until(view, subject)
    if until is not None and until < at:
        return f"the registration of {subject} ended at {until}"
    return ""


def terms_over(view: View, parents: Iterable[str], at: str) -> Iterator[str]:
    """Say which terms have ended at a time, of registrations of parents and what they come from."""
    line = (each for name in parents for each in lineage_of(view, f"product/{name}"))
    for each in dict.fromkeys(line):
        until = registered_until(view, each)
        if until is not None and until < at:
            yield f"the registration of {each} ended at {until}"


def sources_over(view: View, subject: str, at: str) -> Iterator[str]:
    """Say which terms have ended at a time, of the registrations that a product comes from."""
    return terms_over(view, parents_of(view, subject), at)


# Rules.


def own_product(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier whose product it is now."""
    subject = _product(entry)
    if supplier_of(view, subject) not in {None, entry.actor}:
        yield Broken("party", f"{subject} is not a product of {entry.actor}")


def data_registered(entry: Entry, view: View) -> Iterator[Broken]:
    """Require `data` to be what stands registered now."""
    subject = _product(entry)
    standing = registered_now(view, subject)
    if standing and standing.facts["data"] != entry.facts["data"]:
        yield Broken("data", f"{subject} stands registered over other data, by {standing.named}")


def data_ordered(entry: Entry, view: View) -> Iterator[Broken]:
    """Require `data` to be what stood registered when the order was made."""
    subject = _product(entry)
    order = newest(view, entry.subject, "trade.ordered")
    if order is None:
        return  # the kind's needs say so
    before = [each for each in versions_of(view, subject) if each.time <= order.time]
    # Within one second the order of two subjects cannot be told.
    then = before[: 2 if before and before[0].time == order.time else 1]
    if entry.facts["data"] not in {each.facts["data"] for each in then}:
        yield Broken("data", f"{subject} was ordered over other data")


def registration_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a registration whose term runs, not cancelled, with no dispute on its lineage."""
    subject = _product(entry)
    for why in (why_ended(view, subject, entry.time), why_frozen(view, subject)):
        if why:
            yield Broken("registration", why)


def in_no_circle(entry: Entry, view: View) -> Iterator[Broken]:
    """Require from 2027 on that by none of its parents the product comes from itself."""
    if entry.time < STRICTER_SINCE:
        return
    parents = (*entry.facts.get("parents", ()), *parents_of(view, entry.subject))
    name = own_parent(view, entry.subject, parents)
    if name:
        yield Broken("lineage", f"{entry.subject} comes from {name}, and so from itself")


def undisputed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no dispute over the product is open."""
    for dispute in disputes_open(view, entry.subject):
        yield Broken("dispute", f"a dispute is open since {dispute.named}")
        return


def term_runs(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the term of the registration has not ended."""
    if why := why_ended(view, entry.subject, entry.time):
        yield Broken("registration", why)


def notice_due(entry: Entry, view: View) -> Iterator[Broken]:
    """Require data that has not been on notice: the claim's, or that of a change."""
    standing = registered_now(view, entry.subject)
    notice = newest(view, entry.subject, "notice.opened")
    if standing is None or (notice and notice.version > standing.version):
        yield Broken("notice", f"what stands registered of {entry.subject} was on notice already")


def unconfirmed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that what stands registered was not confirmed before."""
    standing = registered_now(view, entry.subject)
    if standing is None:
        yield Broken("objection", f"an objection was upheld on {entry.subject}")
    elif _confirmed(standing, view):
        yield Broken("once", f"{entry.subject} stands confirmed over this data")


def confirmed_now(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that what stands registered, a change included, is confirmed."""
    standing = registered_now(view, entry.subject)
    if standing and not _confirmed(standing, view):
        yield Broken("notice", f"the change of {standing.named} is not confirmed")


def _confirmed(version: Entry, view: View) -> bool:
    confirmed = newest(view, version.subject, "registration.confirmed")
    return confirmed is not None and confirmed.version > version.version


def change_changes(entry: Entry, view: View) -> Iterator[Broken]:
    """Require other data or particulars of it than stand, and those confirmed."""
    standing = registered_now(view, entry.subject)
    if standing is None:
        return  # the kind's needs say so
    if not _confirmed(standing, view):
        yield Broken("order", f"what stands registered of {entry.subject} is not confirmed yet")
    told = ("data", "bytes", "sources", "evidence", "parents")
    without_fill = [set(each.facts.get("no_fill_value", ())) for each in (entry, standing)]
    same = all(entry.facts[name] == standing.facts[name] for name in told)
    if same and without_fill[0] == without_fill[1]:
        yield Broken("change", "nothing would be changed")


def term_to_come(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `until` to come, and not before the end of the term that runs."""
    until = entry.facts["until"]
    if until <= entry.time or until < (registered_until(view, entry.subject) or ""):
        yield Broken("term", f"the registration cannot run until {until}")


def own_or_operator(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the supplier whose product it is now, or the operator."""
    if entry.actor not in {supplier_of(view, entry.subject), operator_of(view, entry.log)}:
        yield Broken("party", f"{entry.subject} is not a product of {entry.actor}")


def cancellable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require no open objection, of a supplier no open dispute, of the operator a confirmation.

    What is on notice is taken back by its supplier alone: the operator decides on objections to
    it and ends none of its own accord.  An objection is decided first, so that nobody evades one.
    """
    yield from unopposed(entry, view)
    if registered_now(view, entry.subject) is None:
        yield Broken("objection", f"an objection was upheld on {entry.subject}")
    if entry.actor != operator_of(view, entry.log):
        yield from undisputed(entry, view)
    elif newest(view, entry.subject, "registration.confirmed") is None:
        yield Broken("party", f"the claim on {entry.subject} is its supplier's to take back")


def unopposed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that no objection is open."""
    if objections_open(view, entry.subject):
        yield Broken("objection", f"an objection is open on {entry.subject}")


def _closed(entry: Entry, view: View, what: str, kinds: Mapping[str, str]) -> str:
    """Say which entry, of these kinds, closed what the entry names; empty where none did."""
    for kind, words in kinds.items():
        for each in view.of_kind(entry.subject, kind):
            if each.facts[what] == entry.facts[what]:
                return f"the {what} was {words} at {each.named}"
    return ""


def objection_over(entry: Entry, view: View) -> str:
    """Say why the `objection` that an entry names is open no more; empty while it is."""
    closed = {"objection.closed": "decided", "objection.withdrawn": "withdrawn"}
    if over := _closed(entry, view, "objection", closed):
        return over
    named = entry.facts["objection"]
    filed = {each.leaf.hex() for each in view.of_kind(entry.subject, "objection.filed")}
    if named in filed - {each.leaf.hex() for each in objections_open(view, entry.subject)}:
        return "the objection ended when another one was upheld"
    return ""  # of what was never filed, the entry that it needs is wanting


def objection_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an `objection` that is open."""
    if over := objection_over(entry, view):
        yield Broken("objection", over)


def objects_once(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that the participant has no other objection open to it."""
    for other in objections_open(view, entry.subject):
        if other.actor == entry.actor:
            yield Broken("once", f"an objection of {entry.actor} is open since {other.named}")


def taker_fit(entry: Entry, view: View) -> Iterator[Broken]:
    """Require another participant, an admitted supplier, and an offer with time to come."""
    to = entry.facts["to"]
    if to == entry.actor or "supplier" not in roles_of(view, to, entry.log):
        yield Broken("transfer", f"{to} is no other supplier in good standing")
    if entry.facts["until"] <= entry.time:
        yield Broken("expiry", f"the offer ended at {entry.facts['until']}")


def transfer_founded(entry: Entry, view: View) -> Iterator[Broken]:
    """Require one ground: an offer taken by whom it is to, in time, or a decision of the operator.

    An offer is taken once, and not while a dispute is open; a later one takes its place.
    """
    offers, decisions = entry.facts["offer"], entry.facts["decision"]
    if len(offers) + len(decisions) != 1:
        yield Broken("transfer", "a transfer rests on one offer, or on one decision")
        return
    ground = view.by_leaf((offers or decisions)[0])
    if ground is None or ground.subject != entry.subject:
        return  # the kind's needs say so
    if ground.facts.get("to") not in (entry.facts["to"], [entry.facts["to"]]):
        yield Broken("transfer", f"{ground.named} is not to {entry.facts['to']}")
    passed = newest(view, entry.subject, "registration.transferred")
    if passed and passed.version > ground.version:
        yield Broken("transfer", f"the product passed on at {passed.named}")
    if decisions:
        if entry.actor != operator_of(view, entry.log) or _outcome(ground) != "transferred":
            yield Broken("transfer", "the operator alone carries out a decision to transfer")
        return
    newer = newest(view, entry.subject, "transfer.offered")
    if newer and newer.version > ground.version:
        yield Broken("transfer", f"another offer stands at {newer.named}")
    if entry.actor != entry.facts["to"]:
        yield Broken("transfer", f"the offer is to {entry.facts['to']}, who signs")
    if entry.time > ground.facts["until"]:
        yield Broken("expiry", f"the offer ended at {ground.facts['until']}")
    yield from undisputed(entry, view)


def _outcome(entry: Entry) -> Any:  # noqa: ANN401 - a fact, or nothing
    return entry.facts.get("outcome")


def dispute_foreign(entry: Entry, view: View) -> Iterator[Broken]:
    """Require another participant than the supplier."""
    if entry.actor == supplier_of(view, entry.subject):
        yield Broken("dispute", "a supplier does not dispute its own registration")


def dispute_stands(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `dispute` that is open."""
    closed = {"dispute.decided": "decided", "dispute.withdrawn": "withdrawn"}
    named = {each.leaf.hex() for each in disputes_open(view, entry.subject)}
    if entry.facts["dispute"] not in named:
        over = _closed(entry, view, "dispute", closed)
        yield Broken("dispute", over or "no such dispute is open")


def decision_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `outcome` dismissed, cancelled, or transferred to one other supplier by an order.

    `order` holds the digest of the document, of a court or an arbiter, that orders a transfer.
    """
    facts = entry.facts
    if facts["outcome"] not in OUTCOMES:
        yield Broken("outcome", f"dispute.decided.outcome: must be {', '.join(OUTCOMES)}")
    passes = facts["outcome"] == "transferred"
    if len(facts["to"]) != passes or (passes and not facts["order"]):
        yield Broken("dispute", "a transfer names one supplier and the document that orders it")
    for to in facts["to"]:
        if "supplier" not in roles_of(view, to, entry.log) or to == supplier_of(
            view, entry.subject
        ):
            yield Broken("transfer", f"{to} is no other supplier in good standing")


def grant_revocable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require who granted it, or of a grant under no other the supplier now."""
    grant = view.by_leaf(entry.facts["grant"])
    if grant is None or grant.kind != "right.granted":
        return  # the kind's needs say so
    may = {grant.actor}
    if not grant.facts["under"]:
        may = {supplier_of(view, entry.subject) or grant.actor}
    if entry.actor not in may:
        yield Broken("rights", f"{grant.named} was not granted by {entry.actor}")


def _product(entry: Entry) -> str:
    named = entry.facts.get("product")
    if named:
        return f"product/{named}"
    return entry.subject
