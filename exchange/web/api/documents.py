"""Documents of a product: attached, looked at, taken back, and shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response

from exchange.documents import Document
from exchange.dossier import Paper
from exchange.errors import BadField
from exchange.services import attach_document, read_evidence, verify_document
from exchange.services.compile_dossier import paper_of
from exchange.web.acts import for_act, from_base64, openings_of, product_head, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Committed, DocumentBody, Signed
from exchange.web.api.sheet_replies import PaperShape
from exchange.web.gate import caller, floor
from ledger.acts import SignedAct

documents = Noun("documents", path="/products")


@documents.read("/<number>/documents")
@documents.gives(PaperShape(many=True))
def list_of(number: str) -> list[Paper]:
    """List the documents of a product, oldest first: who answers for each, and who has looked."""
    with floor().read() as work:
        found = attach_document.documents_of(work.products.get(number), work)
        return [paper_of(each, work=work, floor=floor()) for each in found]


@documents.write("/<number>/documents")
@documents.takes(DocumentBody)
@documents.gives(PaperShape, 201)
def attach(body: dict[str, Any], number: str) -> Paper:
    """Attach a document, by the party that answers for its kind."""
    signed = signed_act(body, f"product/{number}")
    document = from_base64(body["document"], "document")
    guarded = for_act(signed, product_head(number))
    return _shown(
        attach_document.attach_document(signed, openings_of(body), document, floor=guarded)
    )


@documents.read("/<number>/documents/<leaf>/content")
@documents.gives(None, media_type="application/octet-stream")
def content(number: str, leaf: str) -> Response:
    """Return a document's bytes, to its parties, to those who verify and to reviewers."""
    return _handed_out(
        verify_document.document_bytes(leaf, number, to=caller(), floor=floor()), leaf
    )


@documents.read("/<number>/evidence/<digest>")
@documents.gives(None, media_type="application/octet-stream")
def evidence(number: str, digest: str) -> Response:
    """Return a document that claim or sheet names, to the supplier and to those who judge it."""
    return _handed_out(
        read_evidence.evidence_bytes(digest, number, to=caller(), floor=floor()), digest
    )


def _handed_out(data: bytes, name: str) -> Response:
    response = Response(data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name[:16]}"'
    return response


@documents.read("/<number>/undertaking")
@documents.gives(None, media_type="text/plain")
def undertaking(number: str) -> Response:
    """Return the legal undertaking for the present sheet, to the byte that a supplier attaches."""
    with floor().read() as work:
        text = attach_document.undertaking_of(work.products.get(number))
    return Response(text, content_type="text/plain; charset=utf-8")


@documents.write("/<number>/documents/<leaf>/verification")
@documents.takes(Signed)
@documents.gives(PaperShape)
def verify(body: dict[str, Any], number: str, leaf: str) -> Paper:
    """Record that the operator or an assessor found a document genuine."""
    signed = _about(body, number, leaf)
    guarded = for_act(signed, product_head(number))
    return _shown(verify_document.verify_document(signed, floor=guarded))


@documents.write("/<number>/documents/<leaf>/rejection")
@documents.takes(Committed)
@documents.gives(PaperShape)
def reject(body: dict[str, Any], number: str, leaf: str) -> Paper:
    """Record that a document does not hold; that is final."""
    signed = _about(body, number, leaf)
    guarded = for_act(signed, product_head(number))
    return _shown(verify_document.reject_document(signed, openings_of(body), floor=guarded))


@documents.write("/<number>/documents/<leaf>/withdrawal")
@documents.takes(Signed)
@documents.gives(PaperShape)
def withdraw(body: dict[str, Any], number: str, leaf: str) -> Paper:
    """Take a document back, by who attached it."""
    signed = _about(body, number, leaf)
    guarded = for_act(signed, product_head(number))
    return _shown(verify_document.withdraw_document(signed, floor=guarded))


def _about(body: Mapping[str, Any], number: str, leaf: str) -> SignedAct:
    signed = signed_act(body, f"product/{number}")
    if signed.act.facts.get("attachment") != leaf:
        raise BadField("act.facts.attachment", f"the request is about {leaf}")
    return signed


def _shown(document: Document) -> Paper:
    with floor().read() as work:
        return paper_of(document, work=work, floor=floor())
