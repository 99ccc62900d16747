"""Participants: applying, admission, the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange.errors import BadField, Forbidden
from exchange.participants import Participant
from exchange.services import admit_participant as admission
from exchange.services import rotate_keys
from exchange.web.acts import openings_of, read_act, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    KeyShape,
    ParticipantShape,
    RegisterShape,
)
from exchange.web.api.requests import (
    Application,
    Committed,
    NewKey,
    Signed,
)
from exchange.web.gate import floor, is_party

participants = Noun("participants", path="/participants")


@participants.write("")
@participants.takes(Application)
@participants.gives(ParticipantShape, 201)
def apply(body: dict[str, Any]) -> Participant:
    """Apply for admission; the act inside shows the applicant's key and is signed with it."""
    return admission.apply_to_join(
        read_act(body),
        handle=body["handle"],
        name=body["name"],
        credit_code=body["credit_code"],
        floor=floor(),
    )


@participants.read("")
@participants.gives(ParticipantShape(many=True))
def list_all() -> Sequence[Participant]:
    """List the register of participants."""
    with floor().read() as work:
        return work.participants.all()


@participants.read("/<participant>")
@participants.gives(ParticipantShape)
def get(participant: str) -> Participant:
    """Return one participant, by id or by handle."""
    with floor().read() as work:
        return work.participants.get(participant)


@participants.read("/<participant>/register")
@participants.gives(RegisterShape)
def show_page(participant: str) -> Participant:
    """Return a page of the register, to the operator and to whom it is about."""
    with floor().read() as work:
        found = work.participants.get(participant)
    if not is_party(found.id):
        raise Forbidden("a page of the register is open to the operator and to whom it is about")
    return found


@participants.write("/<participant>/admission")
@participants.takes(Committed)
@participants.gives(ParticipantShape)
def admit(body: dict[str, Any], participant: str) -> Participant:
    """Admit an applicant, or readmit a suspended participant, in the roles of the act.

    The act commits to the register's page on it.
    """
    signed = signed_act(body, f"participant/{participant}")
    return admission.admit_participant(signed, openings_of(body), floor=floor())


@participants.write("/<participant>/suspension")
@participants.takes(Signed)
@participants.gives(ParticipantShape)
def suspend(body: dict[str, Any], participant: str) -> Participant:
    """Suspend a participant and its listings."""
    signed = signed_act(body, f"participant/{participant}")
    return admission.suspend_participant(signed, floor=floor())


@participants.read("/<participant>/keys")
@participants.gives(KeyShape(many=True))
def list_keys(participant: str) -> list[dict[str, Any]]:
    """Return every key a participant ever took into use, the newest first."""
    with floor().read() as work:
        found = work.participants.get(participant)
    return rotate_keys.key_records(found, floor=floor())


@participants.write("/<participant>/keys")
@participants.takes(NewKey)
@participants.gives(ParticipantShape, 201)
def rotate(body: dict[str, Any], participant: str) -> Participant:
    """Take a new key into use: both acts are recorded, or neither."""
    added = signed_act(body["added"], f"participant/{participant}")
    shown = signed_act(body["shown"], f"key/{added.act.facts.get('key')}")
    return rotate_keys.rotate_key(shown, added, floor=floor())


@participants.write("/<participant>/keys/<key>/revocation")
@participants.takes(Signed)
@participants.gives(ParticipantShape)
def revoke(body: dict[str, Any], participant: str, key: str) -> Participant:
    """Declare a key dead: an older one of the participant's own, or any as the operator."""
    signed = signed_act(body, f"participant/{participant}")
    if signed.act.facts.get("key") != key:
        raise BadField("act.facts.key", f"the request is about {key}")
    return rotate_keys.revoke_key(signed, floor=floor())
