"""Looking at documents: four eyes before one counts, and taking back what does not hold."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from exchange.documents import Document, DocumentState
from exchange.errors import DataDiffer, Forbidden
from exchange.openings import Opening, text_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, opened, record, subject_id, unchanged
from exchange.services.assess_product import interest_of
from exchange.services.attach_document import document_of, require_genuine, with_verifiers
from exchange.services.lapse_listings import recheck
from exchange.services.read_papers import require_licensed
from ledger.acts import SignedAct
from ledger.documents import ENDLESS

GROUNDS_MAX = 20_000  # characters
VERIFIERS = (Role.OPERATOR, Role.COMPLIANCE_ASSESSOR)
_READERS = (*VERIFIERS, Role.REVIEWER)  # whose checklist answers for what the documents say


def verify_document(signed: SignedAct, *, floor: Floor) -> Document:
    """Record that the operator or an assessor found a document genuine, until a day.

    Where that comes before the day until which it counted, a listing ends no later.
    Raises `Forbidden` for who attached it, supplies or supplied the product or belongs to such an
    organisation, shares in the proceeds or has no licence that runs, `DataDiffer` for the digest
    of another document or one that is not what its signer committed to, `Refused` for one that
    has ended, was rejected or withdrawn, or speaks of another sheet.
    """
    with floor.write() as work:
        actor = admit_act(signed, "document.verified", *VERIFIERS, work=work, floor=floor)
        product, document = _attached(signed, work)
        if not unchanged(work.chain.recorded(signed), signed):
            document.require_open_to(DocumentState.VERIFIED)
            _four_eyes(actor, document, product, work)
            if Role.OPERATOR not in actor.roles:
                require_licensed(actor, Role.COMPLIANCE_ASSESSOR, work=work, floor=floor)
            entry = record(signed, work=work, floor=floor)
            require_genuine(document, product, work)
            work.products.put(with_verifiers(product, work).at(entry))
            if entry.facts["until"] < str(document.valid_until or ENDLESS):
                recheck([work.products.get(product.number)], work=work, floor=floor)
        return document_of(document.leaf, product, work)


def reject_document(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Document:
    """Record that a document does not hold; a listing that rests on it leaves the board at once.

    `openings` hold the grounds.  Refuses as verifying, but asks for no licence.
    """
    text_of(opened(signed, "document.rejected", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        actor = admit_act(signed, "document.rejected", *VERIFIERS, work=work, floor=floor)
        product, document = _attached(signed, work)
        if not unchanged(work.chain.recorded(signed), signed):
            document.require_open_to(DocumentState.REJECTED)
            _four_eyes(actor, document, product, work)
            entry = record(signed, openings, work=work, floor=floor)
            work.products.put(with_verifiers(product, work).at(entry))
            recheck([work.products.get(product.number)], work=work, floor=floor)
        return document_of(document.leaf, product, work)


def withdraw_document(signed: SignedAct, *, floor: Floor) -> Document:
    """Take a document back, by who attached it; others raise `Forbidden`.

    A listing that rests on it leaves the board at once.
    """
    with floor.write() as work:
        actor = admit_act(signed, "document.withdrawn", work=work, floor=floor)
        product, document = _attached(signed, work)
        if not unchanged(work.chain.recorded(signed), signed):
            if actor.id != document.attached_by:
                raise Forbidden(f"{actor.handle} did not attach that document")
            document.require_open_to(DocumentState.WITHDRAWN)
            entry = record(signed, work=work, floor=floor)
            work.products.put(with_verifiers(product, work).at(entry))
            recheck([work.products.get(product.number)], work=work, floor=floor)
        return document_of(document.leaf, product, work)


def _attached(signed: SignedAct, work: UnitOfWork) -> tuple[Product, Document]:
    product = work.products.get(subject_id(signed, "product"))
    document = document_of(fact(signed, "attachment"), product, work)
    if fact(signed, "document") != document.digest:
        raise DataDiffer("act.facts.document: not the digest of the document attached there")
    return product, document


def _four_eyes(actor: Participant, document: Document, product: Product, work: UnitOfWork) -> None:
    """Raise `Forbidden` where who looks is who attached or supplies, or of one organisation."""
    for other, did in ((document.attached_by, "attached it"), (product.supplier, "supplies it")):
        if actor.same_organisation(work.participants.get(other)):
            raise Forbidden(f"{actor.handle} {did}: another party looks at the document")
    if words := interest_of(actor, product, to="verify its documents", work=work):
        raise Forbidden(words, rules=("S-02",))


def document_bytes(leaf: str, number: str, *, to: Participant, floor: Floor) -> bytes:
    """Return an attached document, to who attached it, the supplier, and those who judge it.

    These are the operator, assessors and the exchange's reviewers.  Raises `Forbidden` for anybody
    else, one of these that is suspended among them, and `NotFound` for a document that the product
    has not.
    """
    with floor.read() as work:
        product = work.products.get(number)
        document = document_of(leaf, product, work)
        require_shown(
            f"the documents of {number} are", to, {document.attached_by, product.supplier}
        )
        return work.records.get(document.digest)


def require_shown(what: str, to: Participant, parties: Collection[str]) -> None:
    """Raise `Forbidden` unless a participant is one of the parties, or judges and may act."""
    if to.id in parties:
        return
    to.require()
    if to.roles.isdisjoint(_READERS):
        raise Forbidden(f"{what} not open to {to.handle}")
