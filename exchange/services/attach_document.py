"""Attaching documents to a product: each by the party that answers for it, none verified by that.

`documents_of` is what everybody else reads: it rebuilds the documents from the chain.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from exchange.documents import Document, DocumentKind, DocumentState
from exchange.errors import BadField, DataDiffer, Forbidden, NotFound, Refused
from exchange.openings import Erased, Opening, require_document, text_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import UNSEEN, Product
from exchange.services.acting import admit_act, fact, opened, record, subject_id, unchanged
from exchange.services.assess_product import interest_of, require_independent
from exchange.services.read_papers import require_identity
from ledger.acts import SignedAct
from ledger.documents import ENDLESS, EVIDENCE_ROLES, THE_FOUR, decision_on, undertaking
from ledger.entries import Entry

ATTACHING: Final = (
    Role.SUPPLIER,
    Role.COMPLIANCE_ASSESSOR,
    Role.QUALITY_EXPERT,
    Role.VALUER,
)
NAME_MAX: Final = 200  # characters of an issuer's or a file's name
# What the two documents of the assessors are copies of: the kind of entry, and its field.
COPY_OF: Final = {
    DocumentKind.COMPLIANCE_ASSESSMENT: ("compliance.attested", "report"),
    DocumentKind.QUALITY_CERTIFICATE: ("quality.reviewed", "comments"),
}


def attach_document(
    signed: SignedAct, openings: Sequence[Opening], document: bytes, *, floor: Floor
) -> Document:
    """Attach a document to a product and keep its bytes privately.

    `openings` hold the issuer's and the file's names.  Raises `DataDiffer` where the act names
    another document or one of the four is not what the assessor or expert has signed, `BadField`
    for an empty one or an unknown kind, `Forbidden` where the signer is not the party that attaches
    that kind, whoever judges is not independent of the supplier or the identity of a supplier that
    undertakes has ended, `Refused` where the document has ended or one of the four does not belong
    to the present sheet.
    """
    values = opened(signed, "document.attached", openings)
    for name in ("issuer", "name"):
        text_of(values, name, NAME_MAX)
    kind = kind_of(fact(signed, "what"))
    if not document:
        raise BadField("document", "it is empty")
    if hashlib.sha256(document).hexdigest() != fact(signed, "document"):
        raise DataDiffer("act.facts.document: not the digest of these bytes")
    with floor.write() as work:
        actor = admit_act(signed, "document.attached", *ATTACHING, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        recorded = work.chain.recorded(signed)
        if recorded and unchanged(recorded, signed):
            return document_at(recorded, work)
        _require_party(actor, kind, product)
        if kind is DocumentKind.LEGAL_UNDERTAKING:
            require_identity(actor, "P-01", floor=floor)
        entry = record(signed, openings, work=work, floor=floor)
        if kind.is_one_of_the_four and kind is not DocumentKind.LEGAL_UNDERTAKING:
            require_independent(actor, product, work=work, floor=floor)
        work.records.put(document, public=False)
        require_genuine(document_at(entry, work), product, work)
        work.products.put(with_verifiers(product, work).at(entry))
        return document_at(entry, work)


def _require_party(actor: Participant, kind: DocumentKind, product: Product) -> None:
    """Raise `Forbidden` unless the actor is the party that attaches that kind."""
    wanted = {THE_FOUR[kind]} if kind in THE_FOUR else set(EVIDENCE_ROLES)
    roles = {str(role) for role in actor.roles}
    if actor.id != product.supplier:
        roles.discard(Role.SUPPLIER)  # of other products
    elif kind in THE_FOUR:
        roles &= {Role.SUPPLIER}  # nobody judges its own product
    if roles.isdisjoint(wanted):
        words = " or ".join(sorted(wanted)).replace("supplier", "product's supplier")
        raise Forbidden(f"{actor.handle} may not attach a {kind}: it takes the {words}")


def kind_of(text: str) -> DocumentKind:
    """Return the kind of document of that name, or raise `BadField`."""
    try:
        return DocumentKind(text)
    except ValueError:
        known = ", ".join(DocumentKind)
        raise BadField("kind", f"{text} is not a kind of document: {known}") from None


def require_genuine(document: Document, product: Product, work: UnitOfWork) -> None:
    """Raise `DataDiffer` unless a document of the assessor or the expert is the very one signed.

    A compliance assessment must be, byte for byte, the report that its attestation commits to,
    a quality certificate the comments of its review; `Refused` where those were erased.
    """
    if document.kind not in COPY_OF:
        return
    kind, field = COPY_OF[document.kind]
    entry = next(
        each
        for each in work.chain.store.of_kind(f"product/{product.number}", kind)
        if each.actor == document.attached_by and each.facts["sheet"] == document.sheet
    )
    value = work.confidential.get(entry.leaf.hex(), field)
    if isinstance(value, Erased):
        raise Refused(f"{entry.named}: its {field} was erased, so nothing can be held against it")
    signed = require_document({field: value.value}, field)
    if hashlib.sha256(signed).hexdigest() != document.digest:
        raise DataDiffer(f"document: not the {field} that {entry.named} commits to")


def undertaking_of(product: Product) -> bytes:
    """Return the legal undertaking that the supplier is to give for its present sheet."""
    if product.sheet is None:
        raise BadField("sheet", f"{product.number} has no spec sheet yet")
    return undertaking(product.number, product.supplier, product.sheet, product.data)


def documents_of(product: Product, work: UnitOfWork) -> tuple[Document, ...]:
    """Return every document of the product from the chain, oldest first, withdrawn ones too."""
    attached = work.chain.store.of_kind(f"product/{product.number}", "document.attached")
    return tuple(document_at(entry, work) for entry in attached)[::-1]


def with_verifiers(product: Product, work: UnitOfWork) -> Product:
    """Return a product with those whose word its documents stand by, for the store to ask for.

    Belongs after every entry that attaches a document or decides on one, and before a listing,
    whose sheet says who has an interest.
    """
    store = work.chain.store
    found = set()
    for attached in store.of_kind(f"product/{product.number}", "document.attached"):
        decision = decision_on(store, attached)
        if decision is None:
            found.add(UNSEEN)
        elif decision.kind == "document.verified":
            found.add(decision.actor)
            verifier = work.participants.get(decision.actor)
            if overruled(decision.leaf.hex(), product, work) or interest_of(
                verifier, product, to="verify its documents", work=work
            ):
                found.add(UNSEEN)
    return replace(product, verifiers=" ".join(sorted(found)))


def overruled(verification: str, product: Product, work: UnitOfWork) -> bool:
    """Whether the bytes that were verified in an entry were rejected since, whatever they are as.

    Who then verifies them has looked again.
    """
    store = work.chain.store
    verified = store.by_leaf(verification)
    return verified is not None and any(
        entry.facts["document"] == verified.facts["document"] and entry.version > verified.version
        for entry in store.of_kind(f"product/{product.number}", "document.rejected")
    )


def document_of(leaf: str, product: Product, work: UnitOfWork) -> Document:
    """Return the document that the entry with that leaf hash attached, or raise `NotFound`."""
    found = work.chain.store.by_leaf(leaf)
    wanted = ("document.attached", f"product/{product.number}")
    if found is None or (found.kind, found.subject) != wanted:
        raise NotFound(f"{product.number} has no document attached at {leaf[:64]}")
    return document_at(found, work)


def document_at(attached: Entry, work: UnitOfWork) -> Document:
    """Return the document of an entry ``document.attached``, as of the newest word on it."""
    facts, leaf = attached.facts, attached.leaf.hex()
    decision = decision_on(work.chain.store, attached)
    until = facts["until"]
    if decision and decision.kind == "document.verified":
        until = min(until, decision.facts["until"])
    state = decision.kind.partition(".")[2] if decision else DocumentState.ATTACHED
    return Document(
        kind=DocumentKind(facts["what"]),
        digest=facts["document"],
        name=_name(leaf, "name", work),
        issuer=_name(leaf, "issuer", work),
        issued_on=dt.date.fromisoformat(facts["issued"]),
        valid_until=None if until == ENDLESS else dt.date.fromisoformat(until),
        attached_by=attached.actor,
        attached_at=attached.time,
        leaf=leaf,
        state=DocumentState(state),
        sheet=facts["sheets"][0] if facts["sheets"] else None,
        decided_by=decision.actor if decision else None,
        decided_at=decision.time if decision else None,
        decision=decision.leaf.hex() if decision else None,
    )


def _name(leaf: str, field: str, work: UnitOfWork) -> str:
    found = work.confidential.get(leaf, field)
    return "" if isinstance(found, Erased) else str(found.value)
