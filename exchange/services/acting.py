"""Acts on the chain: drafting them for a participant, recording them, and the house's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

from exchange.errors import (
    BadField,
    Conflict,
    Forbidden,
    NotFound,
    Refused,
    Unauthenticated,
)
from exchange.openings import Opening, check_openings
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from ledger.acts import Act, SignedAct, format_time, key_id, parse_time
from ledger.entries import Entry
from ledger.errors import BadAct, NotCanonical
from ledger.signers import known_keys
from pricing.errors import PricingError
from pricing.money import Money

CLOCK_SLACK = dt.timedelta(minutes=10)  # an act may be signed so long before or after it arrives
# What may end the listings of what comes from a product; what else happens to it leaves them alone.
REACHING: Final = frozenset(
    {
        *("registration.changed", "registration.transferred", "registration.cancelled"),
        *("objection.filed", "dispute.opened", "grade.set", "sheet.submitted", "right.revoked"),
    }
)


def draft(
    kind: str,
    *,
    subject: str | None,
    actor: Participant | None,
    facts: Mapping[str, Any],
    floor: Floor,
    public_key: bytes | None = None,
) -> Act:
    """Return an act ready to be signed by `actor`: with its newest key, or with `public_key`."""
    key = public_key or (bytes.fromhex(actor.public_key) if actor else b"")
    return Act(
        log=floor.house.origin,
        kind=kind,
        subject=subject,
        actor=actor.id if actor else None,
        key=key_id(key),
        time=format_time(floor.clock()),
        nonce=floor.chance(16).hex(),
        facts=facts,
    )


def admit_act(
    signed: SignedAct, kind: str, *roles: Role, work: UnitOfWork, floor: Floor
) -> Participant:
    """Return the act's actor, or raise: wrong kind, wrong key, wrong role, wrong time.

    The chain checks all of it again when the act is appended; here the refusal gets its code.
    """
    act = signed.act
    require_kind(signed, kind)
    if act.log != floor.house.origin:
        raise Refused(f"act.log: this exchange is {floor.house.origin}, the act is for {act.log}")
    # It changes nothing, however late; asked before anything is read that it may have changed.
    repeated = work.chain.recorded(signed) is not None
    actor = work.participants.find(act.actor or "")
    if actor is None:
        raise Unauthenticated(f"act.actor: {act.actor} is not a participant of this exchange")
    require_key(signed, actor, repeated=repeated, work=work, floor=floor)
    if not repeated:
        actor.require(*roles)
        require_recent(signed, floor)
    return actor


def require_kind(signed: SignedAct, kind: str) -> None:
    """Raise `Refused` unless the act is of that kind."""
    if signed.act.kind != kind:
        raise Refused(f"act.kind: this takes {kind}, the act is {signed.act.kind}")


def opened(signed: SignedAct, kind: str, openings: Sequence[Opening]) -> Mapping[str, Any]:
    """Return the values of the commitments of an act of that kind; raises as `check_openings`."""
    require_kind(signed, kind)
    return check_openings(signed, openings)


def require_key(
    signed: SignedAct, actor: Participant, *, repeated: bool, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `Unauthenticated` unless a key of the actor that stands has signed the act.

    For an act that stands in the log already it may be a key that has ended since.
    """
    known = known_keys(work.chain.store, actor.id)
    key = next((key for key in known if key.id == signed.act.key), known[0])
    try:
        signed.verify(key.public_key)
    except BadAct as error:
        raise Unauthenticated(str(error)) from error
    now = format_time(floor.clock())
    if not repeated and not key.stands(now):
        why = "was revoked" if key.revoked else f"ended at {key.until}"
        then = what_then(actor, standing=any(other.stands(now) for other in known))
        raise Unauthenticated(f"act.key: the key {key.id} of {actor.handle} {why}; {then}")


def what_then(actor: Participant, *, standing: bool) -> str:
    """Say what a participant does whose key is dead."""
    if standing:
        return "sign with its newest key"
    return f"{actor.handle} has no other key that stands: apply again, under another handle"


def require_recent(signed: SignedAct, floor: Floor) -> None:
    """Raise `Refused` unless the act was signed within ten minutes of the exchange's clock."""
    signed_at = parse_time(signed.act.time, "act.time")
    if abs(floor.clock() - signed_at) > CLOCK_SLACK:
        raise Refused(f"act.time: {signed.act.time} is not within ten minutes of the exchange")


def record(
    signed: SignedAct, openings: Sequence[Opening] = (), *, work: UnitOfWork, floor: Floor
) -> Entry:
    """Append an act to the chain and keep what opens its commitments, in one transaction.

    What reaches those that come from a product is noted in `work.reached`.

    Raises `Refused` with the broken rules in words, `BadField` or `DataDiffer` for openings that
    are not those of the act.
    """
    check_openings(signed, openings)
    try:
        entry = work.chain.append(signed, clock=lambda: format_time(floor.clock()))
    except (BadAct, NotCanonical) as error:
        raise Refused(str(error)) from error
    if entry.kind in REACHING:
        work.reached.setdefault(entry.subject.partition("/")[2], set()).add(entry.kind)
    for opening in openings:
        work.confidential.put(entry.leaf.hex(), opening, chance=floor.chance)
    return entry


def record_for_house(
    kind: str,
    subject: str | None,
    facts: Mapping[str, Any],
    *,
    openings: Sequence[Opening] = (),
    work: UnitOfWork,
    floor: Floor,
) -> Entry:
    """Append an act of the house itself, signed with the operator's key.

    `openings` open the commitments among the facts.
    """
    if floor.signer is None:
        raise Forbidden("the operator's key is not unlocked: the house cannot act")
    operator = work.participants.get(floor.house.operator)
    key = floor.signer.public_key
    act = draft(kind, subject=subject, actor=operator, facts=facts, floor=floor, public_key=key)
    return record(act.signed(floor.signer), openings, work=work, floor=floor)


def record_all_for_house(
    acts: Sequence[tuple[str, str, Mapping[str, Any]]], *, work: UnitOfWork, floor: Floor
) -> list[Entry]:
    """Append many acts of the house, each a kind, a subject and facts; all of them or none."""
    if floor.signer is None:
        raise Forbidden("the operator's key is not unlocked: the house cannot act")
    operator = work.participants.get(floor.house.operator)
    key = floor.signer.public_key
    drafted = [
        draft(kind, subject=subject, actor=operator, facts=facts, floor=floor, public_key=key)
        for kind, subject, facts in acts
    ]
    signed = [act.signed(floor.signer) for act in drafted]
    try:
        return work.chain.append_all(signed, clock=lambda: format_time(floor.clock()))
    except (BadAct, NotCanonical) as error:
        raise Refused(str(error)) from error


def subject_id(signed: SignedAct, prefix: str) -> str:
    """Return the id in the act's subject, or raise `Refused` if it is of another sort."""
    found, _, name = (signed.act.subject or "").partition("/")
    if found != prefix or not name:
        raise Refused(f"act.subject: must be {prefix}/…, is {signed.act.subject}")
    return name


def fact(signed: SignedAct, name: str, kind: type = str) -> Any:  # noqa: ANN401 - as signed
    """Return one fact of the act, or raise `Refused` naming it."""
    value = signed.act.facts.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise Refused(f"act.facts.{name}: must be {kind.__name__}")
    return value


def amount_of(signed: SignedAct, name: str) -> Money:
    """Return one fact of the act that is an amount, or raise `BadField` naming it."""
    try:
        return Money.read(signed.act.facts.get(name))
    except PricingError as error:
        raise BadField(f"act.facts.{name}", str(error)) from error


def account_owner(signed: SignedAct, work: UnitOfWork) -> str:
    """Return whose account the act is about: an id, since on the chain nobody goes by a handle."""
    name = subject_id(signed, "account")
    if work.participants.get(name).id != name:
        raise NotFound(f"there is no participant with the id {name}")
    return name


def texts(signed: SignedAct, name: str) -> list[str]:
    """Return one fact of the act that is a list of texts, or raise `Refused` naming it."""
    value: list[str] = fact(signed, name, list)
    if not all(isinstance(item, str) for item in value):
        raise Refused(f"act.facts.{name}: must be a list of texts")
    return value


def unchanged(found: Entry | None, signed: SignedAct) -> bool:
    """Whether the act was recorded before; the same act under another signature is a conflict."""
    if found is None:
        return False
    if found.signed.signature != signed.signature:
        raise Conflict("the act was recorded before under another signature")
    return True
