"""Explaining a product's standing: every rule, its evidence, who signed, and what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from exchange.compliance import ListingCase, Review, Stage
from exchange.compliance.explanation import Explained, explain_listing, reviewed
from exchange.compliance.wanted import Word, words_wanted
from exchange.errors import Broken
from exchange.listing import ListingState
from exchange.ports import Floor, UnitOfWork
from exchange.quality import QualityReport
from exchange.registration import Product, RegistrationState
from exchange.services.build_case import standing_case, stands
from ledger.acts import format_time
from ledger.entries import Entry
from ledger.grades import is_core, line_of, permissions, purposeless, unpermitted
from ledger.registry import (
    cancellation_of,
    disputes_open,
    lineage_of,
    sources_over,
    why_circular,
    why_ended,
    why_frozen,
)
from ledger.rights import steps_unprocessed
from ledger.view import View, newest

# Which entries of a product a field of its case is taken from; the newest of each kind counts.
SOURCES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "sheet": ("sheet.submitted",),
        "profile": ("inspection.recorded",),
        "quality": ("quality.measured", "inspection.recorded"),
        "measured": ("quality.measured",),
        "floors": ("grade.set",),
        "sampled": ("sample.drawn",),
        "papers": ("document.attached", "document.verified"),
        "parents": ("product.registered", "registration.changed"),
        "operates": ("product.registered", "registration.transferred", "right.granted"),
        "similar": ("similarity.found",),
        "reviews": ("quality.reviewed",),
        "vettings": ("listing.vetted",),
        "open_disputes": (
            *("objection.filed", "objection.withdrawn", "objection.closed"),
            "dispute.opened",
        ),
        "notice_ended": ("notice.opened", "registration.confirmed"),
    }
)

# Whose word it is that a product lacks.
GIVEN: Final[Mapping[Word, str]] = MappingProxyType(
    {
        Word.ATTESTATION: "a passed attestation by an admitted compliance assessor who is not the"
        " supplier",
        Word.SCORE: "a review by an admitted quality expert who is not the supplier",
        Word.DECISION: "an approval by an admitted reviewer of the exchange",
    }
)
# What the record takes no passed verdict without, whatever the rules of a pack ask.
WANTED: Final[Mapping[Word, str]] = MappingProxyType(
    {
        Word.ATTESTATION: "no rule asks for it, and nothing lists without an assessor's attestation"
        " of this sheet and this data",
        Word.SCORE: "no rule asks for it, and nothing lists without a quality expert's review of"
        " this sheet and this data",
        Word.DECISION: "no rule asks for it, and nothing lists without the approval of a reviewer"
        " of the exchange",
    }
)

OF_A_MERCHANT: Final = ("participant.admitted", "identity.verified")


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of the gate over one product, with the entries behind its answer."""

    explained: Explained
    evidence: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What keeps a product off the board whatever the rules say, and the entry that tells so.

    `unlock` says what ends it, and whose that is.
    """

    words: str
    unlock: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every rule with its reason, the review that they come to, and the quality measured.

    `obstacles` are what no rule is asked about: a product that was delisted, a registration that
    has ended, a parent that may be processed no longer, or not for what the sheet is for, a word
    that the record needs and no rule of the pack asks for.
    """

    reasons: tuple[Reason, ...]
    review: Review
    quality: QualityReport
    obstacles: tuple[Obstacle, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing stands in the way of listing."""
        return self.review.passed and not self.obstacles


def explain_product(product: Product, *, work: UnitOfWork, floor: Floor) -> Explanation:
    """Return what every rule in force says of a product today, with its evidence.

    Of one on the board it says whether it stands there, of any other what a request would find.
    Raises `BadField` for a product without a spec sheet.
    """
    case = standing_case(product, work=work, floor=floor)
    if case.quality is None:  # it was measured a moment ago
        raise Broken(f"{product.number}: nothing was measured")
    told = explain_listing(case, floor.pack)
    reasons = tuple(Reason(each, _evidence(each, product, work)) for each in told)
    review = reviewed(told, case, floor.pack)
    beside = tuple(obstacles_beside(product, case, review, work=work, floor=floor))
    return Explanation(reasons, review, case.quality, beside)


def obstacles_beside(
    product: Product, case: ListingCase, review: Review, *, work: UnitOfWork, floor: Floor
) -> Iterator[Obstacle]:
    """Yield what stands in the way beside the rules, and the words that none of them asks for.

    A listing that stands rests on the words that its verdict had.
    """
    yield from obstacles(product, work=work, floor=floor)
    if not stands(product, floor=floor):
        yield from unasked_words(case, review, floor=floor)


def unasked_words(case: ListingCase, review: Review, *, floor: Floor) -> Iterator[Obstacle]:
    """Yield the words that a product lacks though every rule of the pack is kept."""
    for word in words_wanted(case, review, floor.pack):
        yield Obstacle(WANTED[word], GIVEN[word])


def pack_obstacle(*, work: UnitOfWork, floor: Floor) -> Obstacle | None:
    """Say that no rule in force judges a product, so that none lists; None where rules do."""
    pack = floor.pack
    if pack.in_force(floor.clock().date(), Stage.LISTING):
        return None
    words = f"no rule of the pack {pack.name} {pack.version} that judges a product is in force"
    subject = f"exchange/{floor.house.origin}"
    kinds = ("pack.adopted", "exchange.opened")
    found = (newest(work.chain.store, subject, kind) for kind in kinds)
    unlock = "a pack with rules in force, which the operator adopts"
    return Obstacle(words, unlock, next((entry for entry in found if entry), None))


def obstacles(product: Product, *, work: UnitOfWork, floor: Floor) -> Iterator[Obstacle]:
    """Yield what would refuse a listing before or after any rule is asked."""
    store, subject = work.chain.store, f"product/{product.number}"
    now = format_time(floor.clock())
    if unjudged := pack_obstacle(work=work, floor=floor):
        yield unjudged
    if product.sheet is None:
        changed = newest(store, subject, "registration.changed")
        since = ", and is to be signed anew after the change of its registration" if changed else ""
        yield Obstacle(f"no spec sheet of it stands{since}", "a sheet of its supplier's", changed)
    yield from _over(product, work)
    if ended := why_ended(store, subject, now):
        kinds = ("registration.cancelled", "registration.renewed", "registration.confirmed")
        found = next((entry for kind in kinds if (entry := newest(store, subject, kind))), None)
        unlock = "the renewal of its registration, by its supplier"
        if found and found.kind == "registration.cancelled":
            unlock = _anew(product, work)
        yield Obstacle(ended, unlock, found)
    if frozen := why_frozen(store, subject):
        unlock = "its withdrawal by who opened it, or the operator's decision"
        yield Obstacle(frozen, unlock, next(open_disputes_of(product, work), None))
    if circular := why_circular(store, subject):
        unlock = "the cancellation of its registration, and the data registered anew"
        yield Obstacle(circular, unlock, newest(store, subject, "registration.changed"))
    yield from _lineage_lacking(store, subject, now)
    yield from _purposes_lacking(product, work=work, floor=floor)


def _lineage_lacking(store: View, subject: str, now: str) -> Iterator[Obstacle]:
    """Say which right to process what it comes from is lacking, and what of that has ended."""
    for parent, words in steps_unprocessed(store, subject, now):
        unlock = "a grant of the right to process it, by who supplies it"
        if cancellation_of(store, f"product/{parent}"):  # in which nobody grants a right
            unlock = f"nothing: the registration of {parent} was cancelled"
        yield Obstacle(words, unlock)
    for words in sources_over(store, subject, now):
        yield Obstacle(words, "the renewal of its registration, by its supplier")


def _over(product: Product, work: UnitOfWork) -> Iterator[Obstacle]:
    """Say what has ended a product for good, and where its data may go on."""
    store, subject = work.chain.store, f"product/{product.number}"
    if product.listing is ListingState.DELISTED:
        delisted = newest(store, subject, "listing.delisted")
        reason = f": {delisted.facts['reason']}" if delisted else ""
        words = f"it was delisted, which is for good{reason}"
        yield Obstacle(words, _anew(product, work), delisted)
    if product.registration is RegistrationState.REJECTED:
        closed = newest(store, subject, "objection.closed")
        unlock = "a claim made anew, by who has the right to it"
        yield Obstacle("an objection to its registration was upheld", unlock, closed)


def _anew(product: Product, work: UnitOfWork) -> str:
    """Say how the data of a product that is over for good comes to the board again."""
    if is_core(work.chain.store, product.number):
        return "nothing: core data is never listed"
    if product.registration is RegistrationState.CANCELLED:
        return "the data registered anew, under another number"
    return (
        "the cancellation of its registration, by its supplier once it owes no delivery, and the"
        " data registered anew"
    )


def _purposes_lacking(product: Product, *, work: UnitOfWork, floor: Floor) -> Iterator[Obstacle]:
    """Yield what a product may not be for, by what it comes from; or that it may be for nothing."""
    store, now = work.chain.store, format_time(floor.clock())
    if none := [*no_purpose(product, work=work, floor=floor)]:
        yield from none
        return
    for words in unpermitted(store, product.number, now):
        limits = permissions(store, product.number, now)
        left = frozenset.intersection(*(each[-1] for each in limits))
        yield Obstacle(
            words,
            f"a sheet of its supplier's for no more than {', '.join(sorted(left))}, or, by who"
            " supplies what it comes from, a sheet or a grant for more",
        )


def no_purpose(product: Product, *, work: UnitOfWork, floor: Floor) -> Iterator[Obstacle]:
    """Say that no sheet of a product is possible, where what it comes from has no use in common."""
    if words := purposeless(work.chain.store, product.number, format_time(floor.clock())):
        unlock = (
            "sheets or grants, by who supplies what it comes from, that leave a purpose in common"
        )
        yield Obstacle(words, unlock)


def open_disputes_of(product: Product, work: UnitOfWork) -> Iterator[Entry]:
    """Yield the disputes that are open over a product and all that it comes from."""
    store = work.chain.store
    for subject in lineage_of(store, f"product/{product.number}"):
        yield from disputes_open(store, subject)


def _evidence(explained: Explained, product: Product, work: UnitOfWork) -> tuple[Entry, ...]:
    found = {
        entry.leaf: entry
        for name in sorted(explained.read)
        for entry in _behind(name, explained.finding.rule, product, work)
    }
    return tuple(found.values())


def _behind(name: str, rule: str, product: Product, work: UnitOfWork) -> Iterator[Entry]:
    store, subject = work.chain.store, f"product/{product.number}"
    if name == "attestations":  # of this very sheet; those that name the rule, if any does
        said = [
            entry
            for entry in store.of_kind(subject, "compliance.attested")
            if entry.facts["sheet"] == product.sheet
        ]
        yield from [entry for entry in said if rule in entry.facts["rules"]] or said
        return
    yield from _of_line(name, product, work)
    if name == "supplier":
        subject = f"participant/{product.supplier}"
    for kind in OF_A_MERCHANT if name == "supplier" else SOURCES.get(name, ()):
        found = newest(store, subject, kind)
        if found:
            yield found


def _of_line(name: str, product: Product, work: UnitOfWork) -> Iterator[Entry]:
    """Yield what a field of a case was taken from in what the product comes from."""
    if name in {"open_disputes", "parents"}:
        yield from open_disputes_of(product, work)
    kinds = ("right.granted",) if name == "out_of_reach" else ("sheet.submitted", "grade.set")
    if name in {"floors", "parents", "ancestors", "out_of_reach"}:
        for ancestor, _ in line_of(work.chain.store, product.number):
            for kind in kinds:
                found = newest(work.chain.store, f"product/{ancestor}", kind)
                if found:
                    yield found
