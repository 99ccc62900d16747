"""Keys of participants: taking a new one into use, and declaring one dead.

A new key takes two acts, `key.shown` and `key.added`, which are recorded together or not at
all.  The chain keeps the keys; the register keeps the newest one that stands.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import replace
from typing import Any

from exchange.errors import BadField, Conflict, Forbidden, NotFound
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import admit_act, fact, record, subject_id, unchanged
from ledger.acts import SignedAct, format_time, key_id
from ledger.entries import Entry
from ledger.keys import Signer
from ledger.signers import OVERLAP_MAX, keys_of, known_keys, possession_message


def shown_facts(
    participant: Participant, signer: Signer, recipient: str, *, floor: Floor
) -> dict[str, Any]:
    """Return what `key.shown` says of a new key, with the key's own signature."""
    message = possession_message(floor.house.origin, participant.id, signer.public_key)
    return {
        "public_key": signer.public_key.hex(),
        "recipient": recipient,
        "possession": base64.b64encode(signer.sign(message)).decode(),
    }


def added_facts(public_key: bytes, overlap: dt.timedelta, *, floor: Floor) -> dict[str, Any]:
    """Return what `key.added` says: the key, and until when older ones sign.

    Raises `BadField` for an overlap outside of 0 to 90 days.
    """
    if not dt.timedelta(0) <= overlap <= OVERLAP_MAX:
        raise BadField("overlap", f"0 to {OVERLAP_MAX.days} days")
    return {"key": key_id(public_key), "old_until": format_time(floor.clock() + overlap)}


def rotate_key(shown: SignedAct, added: SignedAct, *, floor: Floor) -> Participant:
    """Take a participant's new key into use; older ones end when `added` says.

    Raises `BadField` where the two acts are not about one key or nothing can be sealed to the
    recipient, `Conflict` for a key that is taken, `Unauthenticated` for acts under a dead key,
    `Refused` for any but the newest key or a `possession` that does not hold.
    """
    with floor.write() as work:
        participant = admit_act(shown, "key.shown", work=work, floor=floor)
        other = admit_act(added, "key.added", work=work, floor=floor)
        if subject_id(added, "participant") != participant.id or other.id != participant.id:
            raise Forbidden("act.subject: a participant takes keys of its own into use")
        key = fact(added, "key")
        if subject_id(shown, "key") != key:
            raise BadField("act.facts.key", "the two acts are about different keys")
        if unchanged(work.chain.recorded(added), added):
            return participant
        for method in floor.deliveries.values():
            method.check_recipient(fact(shown, "recipient"))
        standing = work.chain.store.last(f"key/{key}")
        if standing and not unchanged(work.chain.recorded(shown), shown):
            raise Conflict(f"act.facts.public_key: the key was shown before, at {standing.named}")
        record(shown, work=work, floor=floor)
        entry = record(added, work=work, floor=floor)
        return _registered(participant, entry, work)


def revoke_key(signed: SignedAct, *, floor: Floor) -> Participant:
    """Declare a key of a participant dead from here on; return the participant.

    It is the participant's act, under its newest key and not about that one, or the operator's.
    Raises `NotFound` where the participant has no such key, `Conflict` where it was revoked,
    `Forbidden` for others, `Refused` where a rule of the ledger says no.
    """
    with floor.write() as work:
        actor = admit_act(signed, "key.revoked", work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        if actor.id not in {participant.id, floor.house.operator}:
            raise Forbidden(f"{actor.handle} is neither {participant.handle} nor the operator")
        known = {key.id: key for key in known_keys(work.chain.store, participant.id)}
        key = known.get(fact(signed, "key"))
        if key is None:
            words = f"{participant.handle} has no key {fact(signed, 'key')}"
            raise NotFound(f"{words}: is it a key of another participant?")
        if key.revoked:
            raise Conflict(f"the key {key.id} of {participant.handle} was revoked before")
        return _registered(participant, record(signed, work=work, floor=floor), work)


def key_records(participant: Participant, *, floor: Floor) -> list[dict[str, Any]]:
    """Return every key that a participant ever took into use, as all may know it, newest first."""
    with floor.read() as work:
        known = known_keys(work.chain.store, participant.id)
    now = format_time(floor.clock())
    return [
        {
            "key": key.id,
            "public_key": key.public_key.hex(),
            "recipient": key.recipient,
            "entry": key.entry.leaf.hex(),
            "until": key.until,
            "revoked": key.revoked,
            "stands": key.stands(now),
        }
        for key in known
    ]


def signing_order(participant: str, at: str, work: UnitOfWork) -> list[str]:
    """Return the ids of a participant's keys: those that stand first, and the newest first."""
    known = known_keys(work.chain.store, participant)
    return [key.id for key in sorted(known, key=lambda key: not key.stands(at))]


def _registered(participant: Participant, entry: Entry, work: UnitOfWork) -> Participant:
    """Put the newest key that stands into the register; the last one, where none does."""
    changed = replace(participant, head=entry.leaf.hex())
    standing = keys_of(work.chain.store, participant.id, entry.time)
    if standing:
        newest = standing[0]
        key, recipient = newest.public_key.hex(), newest.recipient
        changed = replace(changed, public_key=key, recipient=recipient)
    work.participants.put(changed)
    return changed
