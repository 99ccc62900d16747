"""Products: registration, the sheet, assessment, listing."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from exchange.comparison import differences
from exchange.compliance.explanation import Explained
from exchange.errors import Forbidden, NotFound
from exchange.formats.chinese import said_in, told_in
from exchange.listing import ListingState
from exchange.ports import UnitOfWork
from exchange.profile import without_values
from exchange.records import read_record, to_record
from exchange.registration import Product
from exchange.services import (
    assess_product,
    attest_product,
    compare_quality,
    draw_sample,
    estimate_price,
    explain_listing,
    list_product,
    object_to_claim,
    register_product,
    set_grade,
    submit_sheet,
    suspend_listing,
    vet_listing,
)
from exchange.services.explain_suspension import off_board
from exchange.specsheet import SpecSheet
from exchange.web.acts import for_act, from_base64, handed_in, openings_of, product_head, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    FindingsShape,
    GradedShape,
    PathShape,
    ProductShape,
    QualityShape,
    ReasonShape,
    SampleShape,
    SheetShape,
    StandingProductShape,
)
from exchange.web.api.requests import (
    Committed,
    Registration,
    SheetBody,
    Signed,
    Spoken,
    VettingBody,
)
from exchange.web.gate import JUDGES, caller, floor, shows_values

products = Noun("products", path="/products")


@products.write("")
@products.takes(Registration, "multipart")
@products.gives(ProductShape, 201)
def register(body: dict[str, Any]) -> Product:
    """Register a file under its supplier's claim."""
    signed = signed_act(body, None)
    evidence = [document.read() for document in body["evidence"]]
    with handed_in(body, signed) as file:
        return register_product.register_product(
            signed, file, name=body["name"], evidence=evidence, floor=floor()
        )


@products.read("/<number>")
@products.takes(Spoken, location="query")
@products.gives(StandingProductShape)
def get(query: dict[str, Any], number: str) -> dict[str, Any]:
    """Return a product as it stands today, and why it is off the board if it was on it."""
    with floor().read() as work:
        stored = work.products.get(number)
        left = off_board(stored, work=work, floor=floor())
    told = left and {
        "words": said_in(query["lang"], left.words, floor().pack.chinese),
        "since": left.entry and left.entry.time,
        "entry": left.entry and left.entry.leaf.hex(),
    }
    return asdict(stored.as_of(floor().clock().date())) | {"off_board": told}


@products.read("/<number>/sheet")
@products.gives(SheetShape)
def show_sheet(number: str) -> dict[str, Any]:
    """Return the sheet as declared, the profile as measured, and where they differ.

    While the product is not listed, least and greatest values are told to its supplier and to those
    who judge it alone.
    """
    with floor().read() as work:
        product = work.products.get(number)
        sheet = submit_sheet.sheet_of(product, work)
        profile = register_product.profile_of(product, work)
    on_board = product.as_of(floor().clock().date()).listing is ListingState.LISTED
    if not on_board and not shows_values(product):
        profile = without_values(profile)
    return {
        "sheet": to_record(sheet),
        "profile": to_record(profile),
        "differences": differences(sheet, profile),
    }


@products.write("/<number>/sheet")
@products.takes(SheetBody)
@products.gives(ProductShape)
def submit(body: dict[str, Any], number: str) -> Product:
    """Put a signed sheet on file; another sheet takes a listed product off the board."""
    signed = signed_act(body, f"product/{number}")
    sheet = read_record(SpecSheet, body["sheet"], within="sheet")
    evidence = [from_base64(text, "evidence") for text in body["evidence"]]
    checked = for_act(signed, product_head(number))
    return submit_sheet.submit_sheet(signed, sheet, evidence=evidence, floor=checked)


def _judged(number: str, work: UnitOfWork) -> Product:
    """Return a product whose findings are open to the caller, and that has a sheet to judge."""
    product = _open_to_caller(number, work)
    if product.sheet is None:
        found = explain_listing.obstacles(product, work=work, floor=floor())
        words = "; ".join(obstacle.words for obstacle in found)
        raise NotFound(f"{number}: {words}: the rules have nothing to judge before its sheet")
    return product


def _open_to_caller(number: str, work: UnitOfWork) -> Product:
    product = work.products.get(number)
    if caller().id == product.supplier:
        return product
    caller().require()  # who is suspended reads its own and no more
    if caller().roles.isdisjoint(JUDGES):
        raise Forbidden(f"the findings on {number} are open to its supplier and assessors")
    return product


@products.read("/<number>/findings")
@products.takes(Spoken, location="query")
@products.gives(FindingsShape)
def explain(query: dict[str, Any], number: str) -> dict[str, Any]:
    """Say what the rules say of a product today, to its supplier and those who judge it.

    It is said in the language that `lang` asks for.  To an expert that has yet to score it, the
    figures of the system are not shown.  A product without a sheet has none yet: not found, saying
    what stands in its way.
    """
    with floor().read() as work:
        product = _judged(number, work)
        judged = list_product.judge(product, work=work, floor=floor())
        review, quality = judged.review, judged.quality
        blind = compare_quality.is_blind(caller(), product, work)
        found = [
            *explain_listing.obstacles_beside(
                product, judged.case, review, work=work, floor=floor()
            )
        ]
        standing = [said_in(query["lang"], obstacle.words) for obstacle in found]
        unlocked_by = [said_in(query["lang"], obstacle.unlock) for obstacle in found]
    return {
        "on": review.on,
        "passed": review.passed,
        "pack_digest": review.pack_digest,
        "rules_applied": review.rules_applied,
        "findings": [
            told_in(query["lang"], to_record(finding), floor().pack.chinese)
            for finding in review.findings
            if not (blind and finding.rule.startswith("Q-"))
        ],
        "obstacles": standing,
        "unlocked_by": unlocked_by,
        "quality": None if blind else str(quality.score),
    }


@products.read("/<number>/explanation")
@products.takes(Spoken, location="query")
@products.gives(ReasonShape(many=True))
def reasons(query: dict[str, Any], number: str) -> list[dict[str, Any]]:
    """Say of every rule why it answers as it does, to whom the findings are open.

    It is said in the language that `lang` asks for.
    """
    with floor().read() as work:
        product = _judged(number, work)
        compare_quality.require_unblinded(caller(), product, work)
        found = explain_listing.explain_product(product, work=work, floor=floor()).reasons
        return [
            {
                **told_in(query["lang"], _record(reason.explained), floor().pack.chinese),
                "entries": [
                    {"kind": e.kind, "index": e.place, "leaf": e.leaf.hex(), "signer": e.actor}
                    for e in reason.evidence
                ],
            }
            for reason in found
        ]


def _record(explained: Explained) -> dict[str, Any]:
    return to_record(explained.finding) | {"statement": explained.statement}


@products.read("/<number>/quality")
@products.takes(Spoken, location="query")
@products.gives(QualityShape)
def quality(query: dict[str, Any], number: str) -> dict[str, Any]:
    """Return what was counted, what experts say beside it, and what drifted between deliveries.

    `sheets` are those that were signed, with the scores that they were listed with.  `pending`
    says, in the language that `lang` asks for, what keeps one from the board.
    """
    with floor().read() as work:
        product = work.products.get(number)
        compare_quality.require_unblinded(caller(), product, work)
        compared = compare_quality.compare_quality(product, on=floor().clock().date(), work=work)
        pending = compare_quality.pending_of(product, work=work, floor=floor())
    return {**compared.record, "pending": [said_in(query["lang"], each) for each in pending]}


@products.read("/<number>/price")
@products.gives(PathShape(many=True))
def price(number: str) -> list[dict[str, Any]]:
    """Follow the product's price from its appraisal through its settled trades, oldest first.

    Each step names its pricing record, which computes it again; who traded is not told.
    """
    with floor().read() as work:
        path = estimate_price.price_path(work.products.get(number), work)
    return [move.to_record() for move in path]


@products.read("/<number>/sample")
@products.gives(SampleShape)
def sample(number: str) -> dict[str, Any]:
    """Return the rows that the chain draws for an expert, sensitive columns masked."""
    return to_record(draw_sample.draw_sample(number, reader=caller(), floor=floor()))


@products.write("/<number>/attestations")
@products.takes(Committed)
@products.gives(ProductShape)
def attest(body: dict[str, Any], number: str) -> Product:
    """Record an assessor's attestation."""
    signed = signed_act(body, f"product/{number}")
    return attest_product.attest_product(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@products.write("/<number>/reviews")
@products.takes(Committed)
@products.gives(ProductShape)
def review(body: dict[str, Any], number: str) -> Product:
    """Record an expert's review of the quality."""
    signed = signed_act(body, f"product/{number}")
    return assess_product.review_quality(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@products.write("/<number>/vettings")
@products.takes(VettingBody)
@products.gives(ProductShape)
def vet(body: dict[str, Any], number: str) -> Product:
    """Record a decision of a reviewer of the exchange: approved, returned or rejected."""
    signed = signed_act(body, f"product/{number}")
    return vet_listing.vet_listing(
        signed,
        openings_of(body),
        checklist=body["checklist"],
        floor=for_act(signed, product_head(number)),
    )


@products.write("/<number>/objections")
@products.takes(Committed)
@products.gives(ProductShape)
def object_to(body: dict[str, Any], number: str) -> Product:
    """Object to a claim on public notice, whoever else does."""
    signed = signed_act(body, f"product/{number}")
    return object_to_claim.file_objection(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@products.write("/<number>/objections/withdrawal")
@products.takes(Signed)
@products.gives(ProductShape)
def withdraw_objection(body: dict[str, Any], number: str) -> Product:
    """Withdraw an open objection of one's own, which the act names."""
    signed = signed_act(body, f"product/{number}")
    return object_to_claim.withdraw_objection(signed, floor=for_act(signed, product_head(number)))


@products.write("/<number>/objections/decision")
@products.takes(Committed)
@products.gives(ProductShape)
def decide(body: dict[str, Any], number: str) -> Product:
    """Decide on an open objection, which the act names."""
    signed = signed_act(body, f"product/{number}")
    return object_to_claim.close_objection(
        signed, openings_of(body), floor=for_act(signed, product_head(number))
    )


@products.read("/<number>/grade")
@products.gives(GradedShape)
def show_grade(number: str) -> dict[str, Any]:
    """Return how a product is graded: declared, set, estimated, and inherited."""
    with floor().read() as work:
        return set_grade.graded(work.products.get(number), work).to_record()


@products.write("/<number>/grade")
@products.takes(Signed)
@products.gives(ProductShape)
def grade(body: dict[str, Any], number: str) -> Product:
    """Set the least grade of a product, as the operator; a higher one suspends its line."""
    signed = signed_act(body, f"product/{number}")
    return set_grade.set_grade(signed, floor=for_act(signed, product_head(number)))


@products.write("/<number>/listing")
@products.takes(Signed)
@products.gives(ProductShape)
def request_listing(body: dict[str, Any], number: str) -> Product:
    """Have a product judged, and put it on the board or refuse it by rule."""
    signed = signed_act(body, f"product/{number}")
    return list_product.list_product(signed, floor=for_act(signed, product_head(number)))[0]


@products.write("/<number>/suspension")
@products.takes(Signed)
@products.gives(ProductShape)
def suspend(body: dict[str, Any], number: str) -> Product:
    """Take a product off the board until a new verdict."""
    signed = signed_act(body, f"product/{number}")
    return suspend_listing.suspend_listing(signed, floor=for_act(signed, product_head(number)))


@products.write("/<number>/delisting")
@products.takes(Signed)
@products.gives(ProductShape)
def delist(body: dict[str, Any], number: str) -> Product:
    """End a listing for good."""
    signed = signed_act(body, f"product/{number}")
    return suspend_listing.delist_product(signed, floor=for_act(signed, product_head(number)))
