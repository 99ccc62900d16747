"""Identity (身份核验): what the operator has seen of a merchant, and what it is licensed for.

Data Security Law 33 has whoever runs a data market verify both parties and keep the record.  The
documents stay with the exchange until they are erased; their digests, the method and the day it
ends stand on the chain, and personal names and numbers as commitments.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from exchange.errors import BadField, NotFound
from exchange.openings import Opening, text_of
from exchange.participants import LicenceClass, Participant, Role
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
from exchange.services.lapse_listings import recheck_resting_on
from exchange.services.suspend_listing import suspend_those_on
from ledger.acts import SignedAct
from ledger.entries import Entry
from ledger.merchants import licences_of, signed_under_licence

NAME_MAX = 200  # characters


def verify_identity(
    signed: SignedAct, openings: Sequence[Opening], *, documents: Sequence[bytes], floor: Floor
) -> Participant:
    """Record that the operator has verified an identity, over documents that it keeps.

    Where it ends sooner than it did, listings that rest on it do.
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
        if fact(signed, "until") < (participant.verified_until or ""):
            recheck_resting_on(verified, work=work, floor=floor)
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

    Listings that rest on such a word, or on a document that it verified, leave the board at once.
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
        recheck_resting_on(former, because=reason, work=work, floor=floor)
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


def _still_runs(until: str, floor: Floor) -> None:
    try:
        last = dt.date.fromisoformat(until)
    except ValueError as error:
        raise BadField("act.facts.until", "a date such as 2026-01-05") from error
    if last < floor.clock().date():
        raise BadField("act.facts.until", "that day has passed")
