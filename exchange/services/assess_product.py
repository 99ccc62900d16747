"""Independent assessment: who may give it, what was given, and an expert's score of the data.

An assessor's attestation of rules is in `exchange.services.attest_product`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from exchange.compliance import Attestation, Opinion, QualityReview
from exchange.errors import BadField, DataDiffer, Forbidden
from exchange.expectations import Aspect
from exchange.openings import Opening, require_document
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.acting import admit_act, fact, opened, record, subject_id, texts, unchanged
from exchange.services.measure_quality import publish_measured
from exchange.services.read_papers import require_identity, require_licensed
from exchange.services.submit_sheet import sheet_of
from ledger.acts import SignedAct, parse_time
from ledger.entries import Entry
from ledger.merchants import signed_under_licence
from ledger.registry import lineage_of, registered_since, suppliers_of
from ledger.scores import is_score

KIND_OF_VETTING: Final = "listing.vetted"
ASSESSING: Final = ("compliance.attested", "quality.reviewed")


def review_quality(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Product:
    """Record an expert's score, 0 to 1, of the data behind a sheet; refusals as for attesting."""
    require_document(opened(signed, "quality.reviewed", openings), "comments")
    with floor.write() as work:
        expert = admit_act(signed, "quality.reviewed", Role.QUALITY_EXPERT, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        require_assessing(expert, product, work=work, floor=floor)
        require_identity(expert, "Q-10", floor=floor)
        require_licensed(expert, Role.QUALITY_EXPERT, work=work, floor=floor)
        require_present(signed, product)
        score(fact(signed, "score"))
        dimension_scores(texts(signed, "dimensions"))
        publish_measured(product, work)
        return enter_word(signed, product, openings, work=work, floor=floor)


def score(text: str) -> Decimal:
    """Read a score, or raise `BadField`: a decimal from 0 to 1 with at most four places."""
    if not is_score(text):
        raise BadField("score", f"{text} is not a decimal from 0 to 1 with at most four places")
    return Decimal(text)


def dimension_scores(told: Sequence[str]) -> dict[Aspect, Decimal]:
    """Read scores of dimensions such as "accuracy 0.95", or raise `BadField`."""
    scores: dict[Aspect, Decimal] = {}
    for text in told:
        name, _, given = text.partition(" ")
        if name not in set(Aspect):
            raise BadField("dimensions", f"{name} is none of {', '.join(Aspect)}")
        if Aspect(name) in scores:
            raise BadField("dimensions", f"{name} is scored twice")
        scores[Aspect(name)] = score(given)
    return scores


def require_assessing(
    assessor: Participant, product: Product, *, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `Forbidden` where `require_independent` does, or who assesses has vetted it."""
    require_independent(assessor, product, work=work, floor=floor)
    if has_said(assessor, KIND_OF_VETTING, product, work):
        raise Forbidden("who vetted the product cannot assess it", rules=("V-01",))


def has_said(participant: Participant, kind: str, product: Product, work: UnitOfWork) -> bool:
    """Whether a participant's organisation has signed such an entry on a product, ever."""
    spoken = work.chain.store.of_kind(f"product/{product.number}", kind)
    names = {entry.actor for entry in spoken}
    return any(participant.same_organisation(work.participants.get(name)) for name in names)


def require_independent(
    reviewer: Participant, product: Product, *, work: UnitOfWork, floor: Floor
) -> None:
    """Raise `Forbidden` where a reviewer is of the supplier, the exchange, or who shares."""
    require_disinterested(reviewer, product, to="assess", rule="T-05", work=work)
    if reviewer.same_organisation(work.participants.get(floor.house.operator)):
        raise Forbidden("the exchange's own organisation cannot assess", rules=("T-05",))


def require_disinterested(
    reviewer: Participant, product: Product, *, to: str, rule: str, work: UnitOfWork
) -> None:
    """Raise `Forbidden` where the reviewer's organisation has an interest in a product.

    `BadField` before there is a sheet, which says who shares.
    """
    if words := interest_of(reviewer, product, to=to, work=work):
        raise Forbidden(words, rules=(rule,))
    sheet_of(product, work)


def interest_of(reviewer: Participant, product: Product, *, to: str, work: UnitOfWork) -> str:
    """Say why a reviewer's organisation has an interest in a product; empty where it has none.

    It supplies the product or what that comes from, having granted the right to it, or once did, or
    shares in the proceeds by the present sheet.
    """
    store = work.chain.store
    for subject in lineage_of(store, f"product/{product.number}"):
        number = subject.partition("/")[2]
        present, *former = (work.participants.get(each) for each in suppliers_of(store, subject))
        comes = f"{number}, which it comes from," if number != product.number else "it"
        if reviewer.same_organisation(present):
            if number == product.number:
                return f"a supplier cannot {to} its own product"
            return f"who supplies {comes} cannot {to} it"
        if any(reviewer.same_organisation(each) for each in former):
            return f"who supplied {comes} before cannot {to} it"
    sheet = sheet_of(product, work) if product.sheet else None
    for contributor in sheet.sharing.contributors if sheet and sheet.sharing else ():
        if reviewer.same_organisation(work.participants.get(contributor.participant)):
            return f"who shares in the proceeds cannot {to}"
    return ""


def require_present(signed: SignedAct, product: Product) -> None:
    """Raise `DataDiffer` unless the act speaks of the present sheet and data of the product."""
    for name, present in (("sheet", product.sheet), ("data", product.data)):
        if fact(signed, name) != present:
            raise DataDiffer(f"act.facts.{name}: not the present {name} of {product.number}")


def enter_word(
    signed: SignedAct,
    product: Product,
    openings: Sequence[Opening],
    *,
    work: UnitOfWork,
    floor: Floor,
) -> Product:
    """Record what was said of a product."""
    entry = record(signed, openings, work=work, floor=floor)
    assessed = product.at(entry)
    work.products.put(assessed)
    return assessed


def words_on(product: Product, kind: str, work: UnitOfWork) -> Iterator[Entry]:
    """Yield what was signed over a product as it stands registered, the newest first.

    What was signed before a change or a transfer was about another claim, under whatever sheet.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    since = registered_since(store, subject)
    return (entry for entry in store.of_kind(subject, kind) if entry.version > since)


def attestations_of(product: Product, work: UnitOfWork) -> tuple[Attestation, ...]:
    """Return every attestation of the product as it stands registered, from the chain."""
    entries = words_on(product, "compliance.attested", work)
    return tuple(
        Attestation(
            assessor=entry.actor,
            sheet=entry.facts["sheet"],
            data=entry.facts["data"],
            rule_pack=entry.facts["pack"],
            outcome=Opinion(entry.facts["outcome"]),
            rules=tuple(entry.facts["rules"]),
            issued_on=parse_time(entry.time, "time").date(),
            valid_until=dt.date.fromisoformat(entry.facts["until"]),
            version=entry.version,
            licensed=signed_under_licence(work.chain.store, entry),
        )
        for entry in entries
    )


def reviews_of(product: Product, work: UnitOfWork) -> tuple[QualityReview, ...]:
    """Return every expert review of the product as it stands registered, from the chain."""
    entries = words_on(product, "quality.reviewed", work)
    return tuple(
        QualityReview(
            expert=entry.actor,
            sheet=entry.facts["sheet"],
            data=entry.facts["data"],
            score=Decimal(entry.facts["score"]),
            dimensions=dimension_scores(entry.facts["dimensions"]),
            comments=entry.facts["comments"],
            version=entry.version,
            licensed=signed_under_licence(work.chain.store, entry),
        )
        for entry in entries
    )
