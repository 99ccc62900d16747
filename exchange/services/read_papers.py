"""Papers of a merchant: whether its identity and licences run, for who asks before it acts.

What stands recorded of them, and by which act, is with `verify_identity`.
"""

from __future__ import annotations

from dataclasses import dataclass

from exchange.errors import Forbidden
from exchange.participants import LICENCES, Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from ledger.acts import format_time
from ledger.merchants import licences_of, licensed


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
