"""Re-grading (重新定级) and what grades and purposes a derived product inherits.

GB/T 43697-2024 has grades set anew when the data or what may be done with it changes (appendix J,
by title), and derived data graded after what it was derived from (appendix I, by title).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exchange.errors import BadField
from exchange.grading import Grade, at_least
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.sensitivity import Estimate, estimate
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.find_similar import record_alike
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.services.suspend_listing import suspend_for_house
from exchange.services.trace_lineage import derived_from
from ledger.acts import SignedAct
from ledger.grades import grade_of, line_of
from ledger.view import newest


def set_grade(signed: SignedAct, *, floor: Floor) -> Product:
    """Set the least grade of a product, by an act of the operator.

    A grade above the one it had takes the product and everything derived from it off the board
    until it is assessed again; core data is delisted for good.  A lower one changes no listing.
    What is largely the same data under another number, and graded lower, leaves the board likewise.
    Raises `BadField` for a word that is no grade.
    """
    with floor.write() as work:
        admit_act(signed, "grade.set", Role.OPERATOR, work=work, floor=floor)
        product = work.products.get(subject_id(signed, "product"))
        if unchanged(work.chain.recorded(signed), signed):
            return product
        grade = _grade(fact(signed, "grade"))
        before = grade_of(work.chain.store, product.number)
        product = product.at(record(signed, work=work, floor=floor))
        work.products.put(product)
        if before is None or not at_least(Grade(before), grade):
            product = _taken_off(product, grade, work=work, floor=floor)
        _like_taken_off(product, grade, work=work, floor=floor)
        return work.products.get(product.number)


def _grade(word: str) -> Grade:
    try:
        return Grade(word)
    except ValueError as error:
        raise BadField("act.facts.grade", f"one of {', '.join(Grade)}") from error


def _like_taken_off(product: Product, grade: Grade, *, work: UnitOfWork, floor: Floor) -> None:
    reason = f"{product.number}, in which its data largely stands, is graded {grade}"
    for like in record_alike(product, work=work, floor=floor):
        theirs = grade_of(work.chain.store, like.number)
        if theirs and at_least(Grade(theirs), grade):
            continue
        for kin in (like, *derived_from(like, work)):
            _suspended(kin.number, reason, work=work, floor=floor)


def _taken_off(product: Product, grade: Grade, *, work: UnitOfWork, floor: Floor) -> Product:
    for kin in derived_from(product, work):
        reason = f"{product.number}, which it comes from, is graded {grade}"
        _suspended(kin.number, reason, work=work, floor=floor)
    if grade is Grade.CORE and product.listing in {ListingState.LISTED, ListingState.SUSPENDED}:
        moved = product.listing_moved(ListingState.DELISTED)
        facts = {"reason": "core data is never listed"}
        subject = f"product/{product.number}"
        delisted = moved.at(
            record_for_house("listing.delisted", subject, facts, work=work, floor=floor)
        )
        work.products.put(delisted)
        return delisted
    if product.listing is ListingState.LISTED:
        return suspend_for_house(product, f"it is graded {grade}", work=work, floor=floor)
    return product


def _suspended(number: str, reason: str, *, work: UnitOfWork, floor: Floor) -> None:
    kin = work.products.get(number)  # as it stands after those before it
    if kin.listing is ListingState.LISTED:
        suspend_for_house(kin, reason, work=work, floor=floor)


# Looking.


@dataclass(frozen=True, slots=True)
class Graded:
    """A product's grades: declared, set by the operator, estimated, and inherited.

    `grade` is the stricter of the first two, None before either; `line` has for each ancestor its
    grade, if it has one, and the way to it.
    """

    product: str
    declared: Grade | None
    set: Grade | None
    grade: Grade | None
    estimate: Estimate | None
    line: tuple[tuple[str, Grade | None, tuple[str, ...]], ...]

    def to_record(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        found = self.estimate
        return {
            "product": self.product,
            "declared": self.declared,
            "set": self.set,
            "grade": self.grade,
            "estimate": found.grade if found else None,
            "reasons": [
                {"grade": each.grade, "words": each.words, "factor": each.factor}
                for each in (found.reasons if found else ())
            ],
            "line": [
                {"product": name, "grade": grade, "path": list(path)}
                for name, grade, path in self.line
            ],
        }


def graded(product: Product, work: UnitOfWork) -> Graded:
    """Return how a product is graded today, and why."""
    store = work.chain.store
    sheet = sheet_of(product, work) if product.sheet else None
    told = newest(store, f"product/{product.number}", "grade.set")
    now = grade_of(store, product.number)
    return Graded(
        product=product.number,
        declared=sheet.grade if sheet else None,
        set=Grade(told.facts["grade"]) if told else None,
        grade=Grade(now) if now else None,
        estimate=estimate(profile_of(product, work), sheet) if sheet else None,
        line=tuple(
            (ancestor, Grade(found) if (found := grade_of(store, ancestor)) else None, path)
            for ancestor, path in line_of(store, product.number)
        ),
    )
