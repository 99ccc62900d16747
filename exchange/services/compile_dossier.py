"""Gathering everything that a spec sheet shows, and telling one version of it from another.

A sheet that the supplier signs anew never replaces the one on the board in silence: the listing is
suspended until the new one has been reviewed, and both stay to be seen side by side.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from exchange.documents import Document
from exchange.dossier import (
    Approval,
    Checked,
    Dossier,
    Paper,
    Party,
    Popularity,
    Sampled,
    SheetState,
    SheetVersion,
)
from exchange.errors import Broken, NotFound
from exchange.listing import ListingState
from exchange.participants import is_organisation_code
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile, without_values
from exchange.records import read_stored
from exchange.registration import Product
from exchange.services.assess_product import reviews_of
from exchange.services.attach_document import documents_of
from exchange.services.measure_quality import quality_of
from exchange.services.publish_sample import sample_of
from exchange.services.register_product import profile_of
from exchange.specsheet import SpecSheet
from exchange.trading import TradeState
from ledger.canonical import encode
from ledger.checkpoint import verify_any
from ledger.entries import Entry
from ledger.registry import parents_of
from ledger.view import newest

# What a sheet rests on besides its documents; of the first kinds the newest counts alone.
APPROVALS = (
    "sheet.submitted",
    "registration.confirmed",
    "compliance.verdict",
    "listing.published",
    "compliance.attested",
    "quality.reviewed",
    "listing.vetted",
)
_EVERY = frozenset({"compliance.attested", "quality.reviewed", "listing.vetted"})


def compile_dossier(
    product: Product,
    *,
    work: UnitOfWork,
    floor: Floor,
    version: int | None = None,
    public: bool = False,
) -> Dossier:
    """Gather the dossier of a product as of today, of its newest signed sheet or another version.

    A `public` one quotes the data, in rows and in extremes, of the version on the board alone.
    Raises `NotFound` where the product has no such version, or no sheet at all.
    """
    on = floor.clock().date()
    product = product.as_of(on)
    versions = versions_of(product, work)
    shown = next((each for each in versions if version in {None, each.number}), None)
    if shown is None:
        wanted = "no spec sheet yet" if version is None else f"no version {version} of its sheet"
        raise NotFound(f"{product.number} has {wanted}")
    sheet, profile = _sheet(shown.digest, work), profile_of(product, work)
    supplier = work.participants.get(product.supplier)
    subject = f"product/{product.number}"
    head = work.chain.store.last(subject)
    if head is None:
        raise Broken(f"{subject} has no entry")
    board = product.listing is ListingState.LISTED and _published(product, work) == shown.digest
    reviews = [each for each in reviews_of(product, work) if each.sheet == shown.digest]
    papers = tuple(paper_of(each, work=work, floor=floor) for each in documents_of(product, work))
    dossier = Dossier(
        log=floor.house.origin,
        house=floor.house.name,
        number=product.number,
        supplier=party(product.supplier, work),
        supplier_identified=is_organisation_code(supplier.credit_code),
        registration=product.registration,
        listing=product.listing,
        registered_at=product.registered_at,
        data=product.data,
        schema_digest=schema_digest(profile),
        pack=floor.pack.digest,
        on=on,
        head=head.leaf.hex(),
        head_at=head.time,
        head_place=head.place,
        sheet=sheet,
        version=shown,
        versions=versions,
        profile=without_values(profile) if public and not board else profile,
        quality=quality_of(product, sheet, on=on, work=work) if reviews else None,
        expert_scores=tuple(review.score for review in reviews),
        sample=_sampled(product, shown, work, rows=board or not public),
        papers=papers,
        approvals=tuple(sorted(_approvals(product, shown, work), key=_order)),
        popularity=_popularity(product, work),
        parents=parents_of(work.chain.store, subject),
        listed_at=product.listed_at if board else None,
        valid_until=product.valid_until if board else None,
        checkpoint=_checked(head, work, floor),
    )
    if board and shown is versions[0]:
        state = SheetState.ISSUED if dossier.issued else SheetState.PENDING
        shown = replace(shown, state=state)
        dossier = replace(dossier, version=shown, versions=(shown, *versions[1:]))
    return dossier


def schema_digest(profile: Profile) -> str:
    """Return the SHA-256 of the columns as found: names, types and units, in their order."""
    columns = [[column.name, str(column.type), column.unit or ""] for column in profile.columns]
    return hashlib.sha256(encode(columns)).hexdigest()


def party(participant: str, work: UnitOfWork) -> Party:
    """Return a participant as a dossier names it."""
    found = work.participants.find(participant)
    named = found is not None and not found.is_erased
    return Party(participant, found.name if found and named else participant)


def versions_of(product: Product, work: UnitOfWork) -> tuple[SheetVersion, ...]:
    """Return every signed version of a product's sheet, the newest first.

    Of the newest it says pending while it is on the board: whether it is issued depends on its
    documents, which `compile_dossier` looks at.
    """
    subject = f"product/{product.number}"
    submitted = list(work.chain.store.of_kind(subject, "sheet.submitted"))
    published = list(work.chain.store.of_kind(subject, "listing.published"))
    last = published[0].facts["sheet"] if published else None
    found, shown = [], False
    for behind, entry in enumerate(submitted):
        digest = entry.facts["sheet"]
        on_board = [each.time for each in published if each.facts["sheet"] == digest]
        state = SheetState.PENDING if behind == 0 else SheetState.SUPERSEDED
        if digest == last and not shown:
            shown = True
            if product.listing in {ListingState.SUSPENDED, ListingState.DELISTED}:
                state = SheetState.SUSPENDED
        found.append(
            SheetVersion(
                number=len(submitted) - behind,
                digest=digest,
                state=state,
                submitted_at=entry.time,
                leaf=entry.leaf.hex(),
                place=entry.place,
                published_at=on_board[0] if on_board else None,
            )
        )
    return tuple(found)


def _sheet(digest: str, work: UnitOfWork) -> SpecSheet:
    return read_stored(SpecSheet, work.records.get(digest))


def _sampled(
    product: Product, version: SheetVersion, work: UnitOfWork, *, rows: bool
) -> Sampled | None:
    found = sample_of(product.number, version.digest, product.data, work)
    if found is None:
        return None
    drawn, entry = found
    return Sampled(entry.facts["sample"], entry.leaf.hex(), entry.place, drawn if rows else None)


def _published(product: Product, work: UnitOfWork) -> str | None:
    entry = newest(work.chain.store, f"product/{product.number}", "listing.published")
    sheet: str | None = entry.facts["sheet"] if entry else None
    return sheet


def paper_of(document: Document, *, work: UnitOfWork, floor: Floor) -> Paper:
    """Return a document as everybody may see it, without the name of its file."""
    return Paper(
        kind=document.kind,
        digest=document.digest,
        issuer=document.issuer,
        issued_on=document.issued_on,
        valid_until=document.valid_until,
        attached_by=party(document.attached_by, work),
        attached_at=document.attached_at,
        leaf=document.leaf,
        state=str(document.state),
        stands=document.stands(floor.clock().date()),
        sheet=document.sheet,
        decided_by=party(document.decided_by, work) if document.decided_by else None,
        decided_at=document.decided_at,
        decision=document.decision,
    )


def _approvals(product: Product, version: SheetVersion, work: UnitOfWork) -> Iterator[Approval]:
    """Yield the acts that this very sheet and data rest on, each with its signer."""
    for kind in APPROVALS:
        for entry in work.chain.store.of_kind(f"product/{product.number}", kind):
            bound = entry.facts.get("sheet", version.digest) == version.digest
            if bound and entry.facts["data"] == product.data:
                yield _approval(entry, work)
                if kind not in _EVERY:
                    break


def _order(approval: Approval) -> tuple[str, int]:
    return approval.at, approval.place if approval.place is not None else 2**53


def _approval(entry: Entry, work: UnitOfWork) -> Approval:
    facts = entry.facts
    return Approval(
        kind=entry.kind,
        by=party(entry.actor, work),
        at=entry.time,
        leaf=entry.leaf.hex(),
        place=entry.place,
        outcome=facts.get("outcome") or facts.get("decision"),
        score=facts.get("score"),
        until=facts.get("until"),
        rules=tuple(facts.get("rules", ())),
        pack=facts.get("pack"),
    )


def _popularity(product: Product, work: UnitOfWork) -> Popularity:
    trades = work.trades.ordered(product.number)
    scenarios = work.scenarios.of_product(product.number)
    open_states = {TradeState.ORDERED, TradeState.CONTRACTED}
    return Popularity(
        scenarios=len(scenarios),
        trades_executed=sum(trade.executed for trade in trades),
        trades_open=sum(trade.state in open_states for trade in trades),
    )


def _checked(head: Entry, work: UnitOfWork, floor: Floor) -> Checked | None:
    note = None if head.place is None else work.checkpoint_over(head.place)
    if note is None:
        return None
    checkpoint, _ = verify_any(note, floor.log_keys)
    return Checked(checkpoint.size, checkpoint.root.hex())
