"""Building a case: what the exchange knows of a product or an order, for rules to read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from exchange.compliance import (
    Ancestor,
    Case,
    Exported,
    GradeFloor,
    ListingCase,
    Paper,
    Parent,
    Party,
    PlatformCase,
    TradeCase,
)
from exchange.compliance.catalogue.export import abroad
from exchange.compliance.catalogue.personal import (
    holds_persons,
    holds_sensitive,
    persons_seen,
)
from exchange.documents import Document, DocumentState
from exchange.errors import NotFound
from exchange.listing import ListingState
from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.records import read_stored
from exchange.registration import Product, RegistrationState
from exchange.scenarios import Scenario
from exchange.sensitivity import estimate
from exchange.services.assess_product import attestations_of, interest_of, reviews_of
from exchange.services.attach_document import documents_of, overruled
from exchange.services.consult_negative_list import barring
from exchange.services.dispute_registration import disputes_over
from exchange.services.find_similar import similar_of
from exchange.services.measure_quality import measured_of, quality_of
from exchange.services.publish_sample import drawing_of
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import last_sheet_of, sheet_of
from exchange.services.vet_listing import vettings_of
from exchange.specsheet import SpecSheet
from exchange.trading import Terms, TradeState
from ledger import grades, registry
from ledger.acts import format_time, parse_time
from ledger.merchants import licensed
from ledger.rights import holds, out_of_reach
from ledger.view import newest

_EXPORTING = frozenset({TradeState.CONTRACTED, TradeState.EXECUTED})

DISPUTED: Final = frozenset({RegistrationState.OBJECTED, RegistrationState.DISPUTED})


def parties(ids: Iterable[str], work: UnitOfWork, floor: Floor) -> dict[str, Party]:
    """Return participants as rules see them, by id, those of one organisation told as one.

    The licence of a merchant is its identity as verified over documents, and the list consulted
    the exchange's negative list.
    """
    found = [work.participants.get(each) for each in dict.fromkeys(ids)]
    return {each.id: _party(each, found, work, floor) for each in found}


def _party(
    participant: Participant, among: Iterable[Participant], work: UnitOfWork, floor: Floor
) -> Party:
    until = participant.verified_until
    return replace(
        party_of(participant, among),
        licensed_until=dt.date.fromisoformat(until) if until else None,
        restricted=barring(participant.credit_code, work=work, floor=floor) is not None,
    )


def party_of(participant: Participant, among: Iterable[Participant] = ()) -> Party:
    """Return one participant as rules see it."""
    return Party.of(participant, among)


def _reviewers(
    names: Iterable[str], known: Mapping[str, Party], product: Product, work: UnitOfWork
) -> dict[str, Party]:
    """Return who has judged a product, told of whom an interest in it has come to since.

    Of its own supplier and of who shares in it the case tells itself.
    """
    found = {name: known[name] for name in names}
    if registry.parents_of(work.chain.store, f"product/{product.number}"):
        for name, party in found.items():
            interest = interest_of(work.participants.get(name), product, to="assess", work=work)
            found[name] = replace(party, interested=bool(interest))
    return found


def listing_case(product: Product, *, work: UnitOfWork, floor: Floor) -> ListingCase:
    """Return the case of a product as it stands today."""
    sheet, profile = sheet_of(product, work), profile_of(product, work)
    attestations, reviews = attestations_of(product, work), reviews_of(product, work)
    now = floor.clock()
    today = now.date()
    vettings = vettings_of(product, work)
    reviewers = [act.assessor for act in attestations] + [act.expert for act in reviews]
    reviewers += [act.reviewer for act in vettings]
    known = parties([product.supplier, *reviewers], work, floor)
    parents = parents_of(product, work)
    return ListingCase(
        sheet=sheet,
        sheet_digest=product.sheet or "",
        on=today,
        profile=profile,
        estimate=estimate(profile, sheet).grade,
        intake=(),  # a file that the inspection refuses is never registered
        supplier=known[product.supplier],
        reviewers=_reviewers(reviewers, known, product, work),
        attestations=attestations,
        reviews=reviews,
        quality=quality_of(product, sheet, on=today, work=work),
        vettings=vettings,
        measured=measured_of(product.number, sheet.digest, product.data, work),
        similar=similar_of(product, work),
        open_disputes=disputes_over(product, work),
        notice_ended=now >= parse_time(product.notice_until, "notice"),
        operates=_operates(product, format_time(now), work),
        parents=parents,
        floors=floors_of(product, work),
        ancestors=ancestors_of(product, work),
        out_of_reach=reach_of(sheet, product, format_time(now), work),
        sampled=drawing_of(product.number, sheet.digest, product.data, work) is not None,
        papers=papers_of(product, work=work, floor=floor),
        platform=floor.house.platform,
        pack_digest=floor.pack.digest,
    )


def stands(product: Product, *, floor: Floor) -> bool:
    """Whether a product is on the board today: no time has ended its verdict."""
    return product.as_of(floor.clock().date()).listing is ListingState.LISTED


def standing_case(product: Product, *, work: UnitOfWork, floor: Floor) -> ListingCase:
    """Return the case of a product by which its listing stands or falls.

    One on the board keeps what was measured at its verdict, and what was attested under an earlier
    pack goes on to count for the rules that the present one words alike.  The case of any other is
    the one that a request would be judged by.
    """
    case = listing_case(product, work=work, floor=floor)
    if not stands(product, floor=floor) or product.listed_at is None:
        return case
    judged = parse_time(product.listed_at, "listed").date()
    quality = quality_of(product, case.sheet, on=judged, work=work)
    carried = carried_rules(case, work=work, floor=floor)
    return replace(case, quality=quality, carried=carried)


def _operates(product: Product, now: str, work: UnitOfWork) -> bool:
    """Whether the supplier has the operating right: by its claim until that is confirmed."""
    if product.registration in {RegistrationState.CONFIRMED, RegistrationState.DISPUTED}:
        return holds(work.chain.store, product.supplier, product.number, "operating", now)
    claim = next(work.chain.store.of_kind(f"product/{product.number}", "product.registered"))
    return "operating" in claim.facts["rights"]


def papers_of(product: Product, *, work: UnitOfWork, floor: Floor) -> tuple[Paper, ...]:
    """Return the documents attached to a product, without their names and issuers.

    One that was withdrawn to be attached anew is left out, unless somebody had verified it.
    """
    documents = documents_of(product, work)
    left = {each.digest for each in documents if each.state is not DocumentState.WITHDRAWN}
    seen = work.chain.store.of_kind(f"product/{product.number}", "document.verified")
    left -= {entry.facts["document"] for entry in seen}
    return tuple(
        Paper(
            kind=str(document.kind),
            digest=document.digest,
            issued_on=document.issued_on,
            valid_until=document.valid_until,
            verified=looked_at(document, product, work, floor),
        )
        for document in documents
        if document.state is not DocumentState.WITHDRAWN or document.digest not in left
    )


def looked_at(document: Document, product: Product, work: UnitOfWork, floor: Floor) -> bool | None:
    """Say whether a document was found genuine, None where nobody's word on it counts.

    The word of who may look no longer does not, be it for an interest in the product that came
    since, nor one before the same bytes were rejected, whatever they were attached as.
    """
    if document.state is DocumentState.ATTACHED:
        return None
    if document.state is not DocumentState.VERIFIED:
        return False
    verifier = work.participants.get(document.verified_by or "")
    interest = interest_of(verifier, product, to="verify its documents", work=work)
    if interest or overruled(document.decision or "", product, work):
        return None
    return True if _may_look(verifier, document.decided_at or "", work, floor) else None


def _may_look(verifier: Participant, decided: str, work: UnitOfWork, floor: Floor) -> bool:
    """Whether a participant still looks at documents, and was licensed to when it did."""
    if verifier.standing is not Standing.ADMITTED:
        return False
    role, origin = Role.COMPLIANCE_ASSESSOR, floor.house.origin
    if verifier.id == floor.house.operator:
        return True
    return role in verifier.roles and licensed(work.chain.store, verifier.id, role, origin, decided)


def words_stand(verifier: str, work: UnitOfWork, floor: Floor) -> bool:
    """Whether all that somebody found genuine counts for sure: `looked_at` says so of any of it.

    It asks for no single word, so that one answer holds for all products: of what a listing makes
    of one, an interest or a rejection, the product itself tells (`with_verifiers`).
    """
    known, store = work.participants.get(verifier), work.chain.store
    if known.standing is not Standing.ADMITTED:
        return False
    if verifier == floor.house.operator:
        return True
    if Role.COMPLIANCE_ASSESSOR not in known.roles or Role.OPERATOR in known.roles:
        return False
    subject = f"participant/{verifier}"
    *_, first = store.of_kind(subject, "participant.admitted")
    required = newest(store, f"exchange/{floor.house.origin}", "licence.required")
    # Each word was held to its licence as it was given: by this requirement, under these.
    asked_since = required is not None and required.time > first.time
    return not asked_since and newest(store, subject, "licence.withdrawn") is None


def floors_of(product: Product, work: UnitOfWork) -> tuple[GradeFloor, ...]:
    """Return the grades that a product is held to: its own, every ancestor's, and of like data."""
    return tuple(map(GradeFloor.of, grades.floors_of(work.chain.store, product.number)))


def reach_of(sheet: SpecSheet, product: Product, at: str, work: UnitOfWork) -> tuple[str, ...]:
    """Say which grants to process what a product comes from do not cover its sheet's regions."""
    subject, conditions = f"product/{product.number}", sheet.conditions
    found = out_of_reach(work.chain.store, subject, conditions.purposes, conditions.regions, at)
    return tuple(dict.fromkeys(found))


def parents_of(product: Product, work: UnitOfWork) -> tuple[Parent, ...]:
    """Return what a product was registered as derived from, as it stands today.

    By the sheet signed last, as the chain has it: a change or a transfer unsays nothing.
    """
    found = []
    for number in registry.parents_of(work.chain.store, f"product/{product.number}"):
        parent = work.products.get(number)
        sheet = last_sheet_of(parent, work)
        found.append(
            Parent(
                number=number,
                data=parent.data,
                grade=sheet.grade if sheet else None,
                disputed=parent.registration in DISPUTED,
                purposes=sheet.conditions.purposes if sheet else None,
            )
        )
    return tuple(found)


def ancestors_of(product: Product, work: UnitOfWork) -> tuple[Ancestor, ...]:
    """Return everything a product comes from that has had a sheet, back to the sources, each once.

    It is held to the sheet signed last, also while that is to be signed anew.
    """
    view, own = work.chain.store, f"product/{product.number}"
    found = (
        work.products.get(subject.partition("/")[2])
        for subject in registry.lineage_of(view, own)
        if subject != own
    )
    sheets = ((each.number, last_sheet_of(each, work)) for each in found)
    return tuple(Ancestor(number, sheet.conditions) for number, sheet in sheets if sheet)


def trade_case(
    scenario: Scenario, product: Product, buyer: Participant, *, work: UnitOfWork, floor: Floor
) -> TradeCase:
    """Return the case of a use of a product as it stands today.

    The names of the recipients stay out of it, and how many there are does not.  While the product
    is on the board, attestations under an earlier pack count as they do for its listing.
    """
    sheet, attestations = sheet_of(product, work), attestations_of(product, work)
    reviewers = [act.assessor for act in attestations]
    known = parties([product.supplier, buyer.id, *reviewers], work, floor)
    masked = tuple(f"recipient {n}" for n, _ in enumerate(scenario.recipients, 1))
    verdict = next(
        work.chain.store.of_kind(f"product/{product.number}", "compliance.verdict"), None
    )
    case = TradeCase(
        sheet=sheet,
        sheet_digest=product.sheet or "",
        on=floor.clock().date(),
        profile=profile_of(product, work),
        supplier=known[product.supplier],
        reviewers=_reviewers(reviewers, known, product, work),
        attestations=attestations,
        scenario=replace(scenario, recipients=masked),
        buyer=known[buyer.id],
        listing_state=str(product.listing),
        ways=tuple(way for way in sheet.delivery.ways if way in floor.deliveries),
        judged=verdict.facts["data"] if verdict else None,
        due=product.data,
        ancestors=ancestors_of(product, work),
        papers=papers_of(product, work=work, floor=floor),
        platform=floor.house.platform,
        pack_digest=floor.pack.digest,
    )
    if stands(product, floor=floor):
        case = replace(case, carried=carried_rules(case, work=work, floor=floor))
    if abroad(case) and holds_persons(case):
        return replace(case, exported=_exported(product.supplier, case.on, work))
    return case


def _exported(supplier: str, on: dt.date, work: UnitOfWork) -> Exported:
    """Count the persons whom a supplier's contracts of the year have taken abroad.

    Each is counted by the sheet and the data that it was concluded over: what its supplier has
    signed or registered since brings nobody back.
    """
    plain = sensitive = 0
    for trade in work.trades.of_party(supplier):
        year = parse_time(trade.ordered_at, "ordered").year
        exporting = trade.state in _EXPORTING or trade.sealed is not None  # ended ones were as well
        if trade.supplier != supplier or not exporting or year != on.year:
            continue
        terms = read_stored(Terms, work.records.get(trade.terms))
        inspected = work.versions.get(trade.product, terms.data).profile
        case = TradeCase(
            sheet=read_stored(SpecSheet, work.records.get(terms.sheet)),
            on=on,
            profile=read_stored(Profile, work.records.get(inspected)),
            scenario=work.scenarios.get(trade.scenario),
            buyer=party_of(work.participants.get(trade.buyer)),
        )
        if not (abroad(case) and holds_persons(case)):
            continue
        persons = persons_seen(case)  # at least, where the supplier does not say how many
        if holds_sensitive(case):
            sensitive += persons
        else:
            plain += persons
    return Exported(plain, sensitive)


def platform_case(*, work: UnitOfWork, floor: Floor) -> PlatformCase:
    """Return the case of the exchange itself, with what assessors have said of it anywhere."""
    attestations = [
        act for product in work.products.all() for act in attestations_of(product, work)
    ]
    reviewers = [act.assessor for act in attestations]
    known = parties([floor.house.operator, *reviewers], work, floor)
    return PlatformCase(
        on=floor.clock().date(),
        supplier=known[floor.house.operator],
        reviewers={name: known[name] for name in reviewers},
        attestations=tuple(attestations),
        platform=floor.house.platform,
        pack_digest=floor.pack.digest,
    )


def carried_rules(case: Case, *, work: UnitOfWork, floor: Floor) -> Mapping[str, tuple[str, ...]]:
    """Return which rules of each earlier pack of the attestations the present pack words alike.

    A pack whose words were never recorded carries nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    for pack in {act.rule_pack for act in case.attestations} - {floor.pack.digest}:
        try:
            words = work.records.get(pack)
        except NotFound:
            continue
        found[pack] = tuple(sorted(floor.pack.unchanged_since(words)))
    return found
