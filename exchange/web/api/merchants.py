"""Merchants: identities, licences, and the negative list."""

from __future__ import annotations

from typing import Any

from flask import Response

from exchange.errors import BadField
from exchange.negative import Barred
from exchange.participants import Participant
from exchange.services import keep_negative_list, keep_papers, verify_identity
from exchange.services.read_papers import Licence, licences_held
from exchange.web.acts import from_base64, openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import BarredShape, LicenceShape, MerchantPaperShape, ParticipantShape
from exchange.web.api.requests import Committed, Papers, Signed
from exchange.web.gate import caller, floor

merchants = Noun("merchants", path="/participants")
negative = Noun("negative", path="/negative-list")


def _documents(texts: list[str]) -> list[bytes]:
    return [from_base64(text, "documents") for text in texts]


@merchants.write("/<participant>/identity")
@merchants.takes(Papers)
@merchants.gives(ParticipantShape)
def verify(body: dict[str, Any], participant: str) -> Participant:
    """Record a verified identity over documents, as the operator."""
    signed = signed_act(body, f"participant/{participant}")
    documents = _documents(body["documents"])
    return verify_identity.verify_identity(
        signed, openings_of(body), documents=documents, floor=floor()
    )


@merchants.read("/<participant>/licences")
@merchants.gives(LicenceShape(many=True))
def list_licences(participant: str) -> list[Licence]:
    """Return the licences of a participant that nobody took back, ended ones too."""
    with floor().read() as work:
        found = work.participants.get(participant)
        return list(licences_held(found.id, work, floor()))


@merchants.read("/<participant>/papers")
@merchants.gives(MerchantPaperShape(many=True))
def list_papers(participant: str) -> list[keep_papers.Paper]:
    """List what the operator was shown of the identity and licences of a participant.

    It is told to the participant itself and to the operator.
    """
    with floor().read() as work:
        found = work.participants.get(participant)
        keep_papers.require_shown_papers(found, to=caller(), floor=floor())
        return keep_papers.papers_behind(found, work)


@merchants.read("/<participant>/papers/<digest>")
@merchants.gives(None, media_type="application/octet-stream")
def paper(participant: str, digest: str) -> Response:
    """Hand out a paper that is still kept, to the participant itself and to the operator."""
    found = keep_papers.paper_bytes(digest, participant, to=caller(), floor=floor())
    return Response(found, content_type="application/octet-stream")


@merchants.write("/<participant>/licences")
@merchants.takes(Papers)
@merchants.gives(ParticipantShape, 201)
def license_merchant(body: dict[str, Any], participant: str) -> Participant:
    """Record a licence of a participant with its document, as the operator."""
    signed = signed_act(body, f"participant/{participant}")
    documents = _documents(body["documents"])
    if len(documents) != 1:
        raise BadField("documents", "a licence is one document")
    return verify_identity.record_licence(
        signed, openings_of(body), document=documents[0], floor=floor()
    )


@merchants.write("/<participant>/licences/<licence>/withdrawal")
@merchants.takes(Signed)
@merchants.gives(ParticipantShape)
def withdraw_licence(body: dict[str, Any], participant: str, licence: str) -> Participant:
    """Record that a licence, by the leaf hash of its entry, was taken back, as the operator."""
    signed = signed_act(body, f"participant/{participant}")
    if signed.act.facts.get("licence") != licence:
        raise BadField("act.facts.licence", f"the request is about {licence[:64]}")
    return verify_identity.withdraw_licence(signed, floor=floor())


@negative.read("")
@negative.gives(BarredShape(many=True))
def list_barred() -> list[Barred]:
    """List the organisations that are barred today."""
    today, lookback = floor().clock().date(), floor().house.lookback_days
    with floor().read() as work:
        return [each for each in work.negative_list.all() if each.bars(today, lookback)]


@negative.write("")
@negative.takes(Committed)
@negative.gives(BarredShape, 201)
def bar(body: dict[str, Any]) -> Barred:
    """Put an organisation on the negative list, as the operator."""
    signed = signed_act(body, None)
    acts = [(signed, openings_of(body))]
    return keep_negative_list.list_organisations(acts, floor=floor())[0]


@negative.write("/<barred>/clearance")
@negative.takes(Signed)
@negative.gives(BarredShape)
def clear(body: dict[str, Any], barred: str) -> Barred:
    """Take an organisation off the negative list, as the operator."""
    signed = signed_act(body, f"negative/{barred}")
    return keep_negative_list.clear_organisation(signed, floor=floor())
