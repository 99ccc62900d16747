"""Admission (入场): a participant applies with its own key, the operator admits it in roles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from exchange.errors import BadField, Conflict, DataDiffer, Refused, Unauthenticated
from exchange.legible import require_legible
from exchange.openings import Opening
from exchange.participants import NO_CODE, Participant, Role, Standing, is_organisation_code
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    record_for_house,
    require_recent,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.consult_negative_list import require_not_barred
from exchange.services.lapse_listings import recheck_resting_on
from exchange.services.suspend_listing import suspend_all_of
from ledger.acts import SignedAct, key_id, opened_subject, opened_subject_of_key
from ledger.entries import Entry
from ledger.errors import BadAct

_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,62}", re.ASCII)


def public_id(signed: SignedAct) -> str:
    """Return the participant id that an application brings about."""
    return opened_subject("participant", signed.act).partition("/")[2]


def check_register(handle: str, name: str, credit_code: str) -> None:
    """Raise `BadField` unless handle, name and code of the organisation are in order."""
    if not _HANDLE.fullmatch(handle):
        raise BadField("handle", "2 to 63 of a-z, 0-9 and -, not beginning with -")
    if not 1 <= len(name) <= 200:
        raise BadField("name", "1 to 200 characters")
    if not name.isprintable():
        raise BadField("name", "characters that cannot be printed")
    require_legible(name, "name")
    if not is_organisation_code(credit_code):
        raise BadField("credit_code", NO_CODE)


def apply_to_join(
    signed: SignedAct, *, handle: str, name: str, credit_code: str, floor: Floor
) -> Participant:
    """Put an applicant into the register, its key proved by its own signature.

    Raises `BadField` for a handle, name or credit code out of order, `Conflict` for a handle or
    key that is taken, `Unauthenticated` where the signature is not the key's own.
    """
    check_register(handle, name, credit_code)
    if signed.act.kind != "participant.key":
        raise BadField("act.kind", "an application is participant.key")
    public_key, recipient = fact(signed, "public_key"), fact(signed, "recipient")
    try:
        signed.verify(bytes.fromhex(public_key))
    except (BadAct, ValueError) as error:
        raise Unauthenticated(f"act: {error}") from error
    with floor.write() as work:
        if unchanged(work.chain.recorded(signed), signed):
            return work.participants.get(public_id(signed))
        require_recent(signed, floor)
        for method in floor.deliveries.values():
            method.check_recipient(recipient)
        if work.participants.find(handle):
            raise Conflict(f"handle: {handle} is taken")
        if _is_known(bytes.fromhex(public_key), work):
            raise Conflict("act.facts.public_key: the key belongs to a participant already")
        entry = record(signed, work=work, floor=floor)
        participant = Participant(
            id=entry.actor,
            handle=handle,
            name=name,
            credit_code=credit_code,
            public_key=public_key,
            recipient=recipient,
            roles=frozenset(),
            standing=Standing.APPLIED,
            head=entry.leaf.hex(),
            licences_until="",
        )
        work.participants.put(participant)
        return participant


def _is_known(public_key: bytes, work: UnitOfWork) -> bool:
    """Whether a participant began with the key, or has shown it."""
    subjects = (opened_subject_of_key(public_key), f"key/{key_id(public_key)}")
    return any(work.chain.store.last(subject) for subject in subjects)


def register_page(participant: Participant) -> Mapping[str, str]:
    """Return the register's page on a participant: an admission commits to it."""
    return {
        "handle": participant.handle,
        "name": participant.name,
        "credit_code": participant.credit_code,
    }


def admit_participant(
    signed: SignedAct, openings: Sequence[Opening], *, floor: Floor
) -> Participant:
    """Admit an applicant, or readmit a suspended participant, in the roles of the act.

    The act is the operator's and commits to the register's page.  Raises `BadField` for an
    unknown role, `DataDiffer` for another page, `Forbidden` for anybody but the operator,
    `Refused` for a participant whose page was erased, whose identity was not verified or whose
    organisation is on the negative list, `IllegalTransition` for one in good standing.
    """
    page = opened(signed, "participant.admitted", openings)["register"]
    with floor.write() as work:
        admit_act(signed, "participant.admitted", Role.OPERATOR, work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        roles = _roles(texts(signed, "roles"))
        if participant.is_erased:
            raise Refused(f"participant {participant.id} was erased: it applies with another key")
        if page != register_page(participant):
            raise DataDiffer("openings.register.value: not the register's page on the participant")
        require_not_barred(participant, work=work, floor=floor)
        if not participant.verified(floor.clock().date()):
            raise Refused(
                f"{participant.handle}: its identity was not verified, or that has ended",
                rules=("P-01", "P-02"),
            )
        entry = record(signed, openings, work=work, floor=floor)
        moved = participant.moved(Standing.ADMITTED, entry)
        admitted = moved.with_roles(roles)
        work.participants.put(admitted)
        return admitted


def suspend_participant(signed: SignedAct, *, floor: Floor) -> Participant:
    """Suspend a participant: its acts are refused, its own listings leave the board.

    So do the listings that rest on its word as an assessor or an expert.
    """
    with floor.write() as work:
        admit_act(signed, "participant.suspended", Role.OPERATOR, work=work, floor=floor)
        participant = work.participants.get(subject_id(signed, "participant"))
        if unchanged(work.chain.recorded(signed), signed):
            return participant
        if participant.id == floor.house.operator:
            raise BadField("act.subject", "the operator cannot suspend itself")
        entry = record(signed, work=work, floor=floor)
        return _suspended(participant, entry, work=work, floor=floor)


def suspend_for_house(
    participant: Participant, reason: str, *, work: UnitOfWork, floor: Floor
) -> Participant:
    """Suspend a participant by the house's own act, within the caller's unit of work."""
    subject = f"participant/{participant.id}"
    facts = {"reason": reason}
    entry = record_for_house("participant.suspended", subject, facts, work=work, floor=floor)
    return _suspended(participant, entry, work=work, floor=floor)


def _suspended(
    participant: Participant, entry: Entry, *, work: UnitOfWork, floor: Floor
) -> Participant:
    suspended = participant.moved(Standing.SUSPENDED, entry)
    work.participants.put(suspended)
    suspend_all_of(suspended, work=work, floor=floor)
    recheck_resting_on(suspended, work=work, floor=floor)
    return suspended


def _roles(names: Iterable[str]) -> frozenset[Role]:
    known = {str(role) for role in Role} - {str(Role.OPERATOR)}
    roles = list(names)
    if not roles or any(role not in known for role in roles):
        raise BadField("act.facts.roles", f"one or more of {', '.join(sorted(known))}")
    return frozenset(Role(role) for role in roles)
