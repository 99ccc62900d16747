"""Identity (身份核验): what the operator has seen of a merchant, and what it is licensed for.

Data Security Law 33 has whoever runs a data market verify both parties and keep the record.  The
documents stay with the exchange until they are erased; their digests, the method and the day it
ends stand on the chain, and personal names and numbers as commitments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from exchange.errors import BadField, Forbidden, NotFound
from exchange.openings import Opening, text_of
from exchange.participants import LICENCES, LicenceClass, Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.keep_papers import keep_papers, require_papers
from exchange.services.suspend_listing import suspend_those_on
from ledger.acts import SignedAct, format_time
from ledger.entries import Entry
from ledger.merchants import licences_of, licensed, signed_under_licence

NAME_MAX = 200  # characters


def verify_identity(
    signed: SignedAct, openings: Sequence[Opening], *, documents: Sequence[bytes], floor: Floor
) -> Participant:
    """Record that the operator has verified an identity, over documents that it keeps.

    `openings` hold the name of the authorised signatory.  Raises `DataDiffer` where the act names
    other documents than those given, `BadField` for none at all or for a day that has passed.
    """
    text_of(opened(signed, "identity.verified", openings), "signatory", NAME_MAX)
    with floor.write() as work:
        admit_act(signed, "identity.verified", Role.OPERATOR, work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        claimed = texts(signed, "documents")
        if not claimed:
            raise BadField("act.facts.documents", "at least one document, such as the licence")
        _still_runs(fact(signed, "until"), floor)
        words = "act.facts.documents: not the digests of the documents given"
        require_papers(documents, claimed, words)
        entry = record(signed, openings, work=work, floor=floor)
        keep_papers(entry, documents, work=work, floor=floor)
        verified = replace(participant, verified_until=fact(signed, "until")).at(entry)
        work.participants.put(verified)
        return verified


def record_licence(
    signed: SignedAct, openings: Sequence[Opening], *, document: bytes, floor: Floor
) -> Participant:
    """Record a licence that the operator has seen; `openings` hold its number.

    Raises `BadField` for an unknown class or a day that has passed, `DataDiffer` where the act
    names another document than the one given.
    """
    text_of(opened(signed, "licence.recorded", openings), "number", NAME_MAX)
    with floor.write() as work:
        admit_act(signed, "licence.recorded", Role.OPERATOR, work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        known = [str(kind) for kind in LicenceClass]
        if fact(signed, "licence") not in known:
            raise BadField("act.facts.licence", f"one of {', '.join(known)}")
        _still_runs(fact(signed, "until"), floor)
        words = "act.facts.document: not the digest of the document given"
        require_papers([document], [fact(signed, "document")], words)
        entry = record(signed, openings, work=work, floor=floor)
        keep_papers(entry, [document], work=work, floor=floor)
        licensee = _with_licences(participant, work).at(entry)
        work.participants.put(licensee)
        return licensee


def withdraw_licence(signed: SignedAct, *, floor: Floor) -> Participant:
    """Record that a licence was taken back: what was signed under it counts no longer.

    Listings that rest on such a word leave the board at once.
    """
    with floor.write() as work:
        admit_act(signed, "licence.withdrawn", Role.OPERATOR, work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        licence_at(fact(signed, "licence"), participant, work)
        entry = record(signed, work=work, floor=floor)
        former = _with_licences(participant, work).at(entry)
        work.participants.put(former)

        def undone(act: Entry) -> bool:
            return act.actor == former.id and not signed_under_licence(work.chain.store, act)

        reason = f"a licence of {former.id} was withdrawn"
        suspend_those_on(undone, reason, work=work, floor=floor)
        return former


def _with_licences(participant: Participant, work: UnitOfWork) -> Participant:
    """Return a participant with the day until which it is licensed, for the store to ask for.

    Belongs after every entry that records a licence or takes one back.
    """
    last: dict[str, str] = {}
    for entry in licences_of(work.chain.store, participant.id):
        licence, until = entry.facts["licence"], entry.facts["until"]
        last[licence] = max(until, last.get(licence, ""))
    return replace(participant, licences_until=min(last.values(), default=""))


def licence_at(leaf: str, participant: Participant, work: UnitOfWork) -> Entry:
    """Return a participant's licence by the leaf hash of its entry, or raise `NotFound`."""
    found = work.chain.store.by_leaf(leaf)
    subject = f"participant/{participant.id}"
    if found is None or found.kind != "licence.recorded" or found.subject != subject:
        raise NotFound(f"{participant.handle} has no licence {leaf[:64]}")
    return found


def require_licensed(actor: Participant, role: Role, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `Forbidden` unless the actor needs no licence in a role, or has one that runs."""
    now = format_time(floor.clock())
    if not licensed(work.chain.store, actor.id, role, floor.house.origin, now):
        wanted = " or ".join(LICENCES.get(role, ()))
        raise Forbidden(
            f"{actor.handle} has no licence that runs as {role}: {wanted}", rules=("T-05",)
        )


def require_identity(actor: Participant, rule: str, *, floor: Floor) -> None:
    """Raise `Forbidden` where the identity of an actor has ended: its word would not count.

    `rule` is the one that asks for the word.
    """
    until = actor.verified_until
    if until is not None and not actor.verified(floor.clock().date()):
        raise Forbidden(
            f"the identity of {actor.handle} ended on {until}, and nothing that it does counts: "
            "the operator verifies it anew first",
            rules=(rule,),
        )


def _still_runs(until: str, floor: Floor) -> None:
    try:
        last = dt.date.fromisoformat(until)
    except ValueError as error:
        raise BadField("act.facts.until", "a date such as 2026-01-05") from error
    if last < floor.clock().date():
        raise BadField("act.facts.until", "that day has passed")


# Looking.


@dataclass(frozen=True, slots=True)
class Ended:
    """A paper of an admitted participant that runs no longer: its identity or a licence."""

    handle: str
    paper: str
    until: str


def papers_ended(*, floor: Floor) -> list[Ended]:
    """Return what has ended and was not renewed: it stops acts by itself, and is worth a letter."""
    with floor.read() as work:
        found = [papers_past(each, work=work, floor=floor) for each in work.participants.all()]
    return [ended for of_one in found for ended in of_one]


def papers_past(participant: Participant, *, work: UnitOfWork, floor: Floor) -> list[Ended]:
    """Return which papers of an admitted participant have ended and were not renewed."""
    if participant.standing is not Standing.ADMITTED or participant.id == floor.house.operator:
        return []  # nobody verifies the operator but whoever deals with it
    found: list[Ended] = []
    if not participant.verified(floor.clock().date()):
        found.append(Ended(participant.handle, "identity", participant.verified_until or ""))
    licences = licences_held(participant.id, work, floor)
    running = {each.licence for each in licences if each.runs}
    ended = (each for each in licences if each.licence not in running)
    return [*found, *(Ended(participant.handle, each.licence, each.until) for each in ended)]


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence of a participant that nobody took back; `entry` is the leaf hash of its entry."""

    entry: str
    licence: str
    issuer: str
    until: str
    runs: bool


def licences_held(participant: str, work: UnitOfWork, floor: Floor) -> tuple[Licence, ...]:
    """Return the licences of a participant that stand, the newest first, ended ones too."""
    today = floor.clock().date().isoformat()
    return tuple(
        Licence(
            entry=entry.leaf.hex(),
            licence=entry.facts["licence"],
            issuer=entry.facts["issuer"],
            until=entry.facts["until"],
            runs=today <= entry.facts["until"],
        )
        for entry in licences_of(work.chain.store, participant)
    )
