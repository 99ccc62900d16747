"""The queue (待办) before the gate as everybody may see it: whose turn it is with which product.

It is read from the chain, which is public: what was signed over the present sheet and data, what
was attached, objected to or disputed.  No rule is asked, so that it tells nothing of what the
inspection found or the rules say, which before a verdict is the business of those who judge; their
own inboxes (`exchange.services.read_inbox`) name it.  So what is answered for here may still wait
for more there, and risk is that of the grade, which the register shows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from exchange.compliance import ListingCase, Opinion
from exchange.grading import Grade, at_least
from exchange.listing import ListingState
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.services.assess_product import attestations_of, reviews_of
from exchange.services.attach_document import documents_of
from exchange.services.build_case import parties
from exchange.services.read_inbox import (
    Duty,
    Risk,
    arose,
    contested,
    gone,
    mended_since,
    products_waiting,
    returned_by,
    time_of,
    unverified,
)
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.services.verify_document import VERIFIERS
from exchange.services.vet_listing import vettings_of
from ledger.acts import format_time, parse_time
from ledger.grades import grade_of, purposeless
from ledger.view import newest

WHOSE: Final = {
    Duty.DECIDE: (Role.OPERATOR,),
    Duty.VERIFY: VERIFIERS,
    Duty.ATTEST: (Role.COMPLIANCE_ASSESSOR,),
    Duty.SCORE: (Role.QUALITY_EXPERT,),
    Duty.VET: (Role.REVIEWER,),
    Duty.WRITE_SHEET: (Role.SUPPLIER,),
    Duty.MEND: (Role.SUPPLIER,),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that a product waits for: of which roles, since when and until when it is due."""

    product: str
    name: str
    duty: Duty
    since: str
    due: str
    overdue: bool
    risk: Risk

    @property
    def roles(self) -> tuple[Role, ...]:
        """Whose turn it is."""
        return WHOSE[self.duty]


def read_queue(*, work: UnitOfWork, floor: Floor) -> tuple[Turn, ...]:
    """Return what products wait for at the gate: overdue first, then by risk and by time due."""
    today = floor.clock().date()
    turns = (
        turn
        for product in products_waiting(today, work, floor)
        for turn in _turns(product.as_of(today), work, floor)
    )
    order = list(Risk)
    return tuple(
        sorted(turns, key=lambda t: (not t.overdue, order.index(t.risk), t.due, t.product))
    )


def _turns(product: Product, work: UnitOfWork, floor: Floor) -> Iterator[Turn]:
    for duty, since in _waiting(product, work, floor):
        late = parse_time(since, "since") + dt.timedelta(seconds=floor.house.review_seconds)
        due = format_time(late)
        risk = Risk.HIGH if duty is Duty.DECIDE else _risk(product, work)
        overdue = due < format_time(floor.clock())
        yield Turn(product.number, product.name, duty, since, due, overdue, risk)


def _waiting(product: Product, work: UnitOfWork, floor: Floor) -> Iterator[tuple[Duty, str]]:
    """Yield what a product waits for, and since when."""
    if claim := contested(product, work):
        yield Duty.DECIDE, claim[0].time
    if product.sheet is None:
        none = purposeless(work.chain.store, product.number, format_time(floor.clock()))
        yield Duty.MEND if none else Duty.WRITE_SHEET, arose(product, work, floor)
        return
    attached = documents_of(product, work)
    if waits := [each for each in attached if unverified(each, product, work, floor)]:
        yield Duty.VERIFY, min(each.attached_at for each in waits)
    if product.listing is not ListingState.LISTED:
        yield from _words_wanted(product, work, floor)


def _words_wanted(product: Product, work: UnitOfWork, floor: Floor) -> Iterator[tuple[Duty, str]]:
    case = _case(product, work, floor)
    since = max(arose(product, work, floor), *gone(case, work))
    opinions = {each.outcome for each in case.in_force}
    returned = returned_by(case)
    mended = mended_since(returned, product, work) if returned else since
    if Opinion.REFUSED in opinions:
        word = newest(work.chain.store, f"product/{product.number}", "compliance.attested")
        yield Duty.MEND, word.time if word else since
    elif Opinion.PASSED not in opinions:
        yield Duty.ATTEST, since
    if not case.expert_reviews:
        yield Duty.SCORE, since
    if returned and not mended:
        yield Duty.MEND, time_of(returned, product, work)
    elif returned or case.latest_vetting is None:
        yield Duty.VET, mended


def _case(product: Product, work: UnitOfWork, floor: Floor) -> ListingCase:
    """Return as much of a product's case as says which words over it count."""
    attestations, reviews = attestations_of(product, work), reviews_of(product, work)
    vettings = vettings_of(product, work)
    spoke = [each.assessor for each in attestations] + [each.expert for each in reviews]
    spoke += [each.reviewer for each in vettings]
    known = parties([product.supplier, *spoke], work, floor)
    return ListingCase(
        sheet=sheet_of(product, work),
        sheet_digest=product.sheet or "",
        on=floor.clock().date(),
        profile=profile_of(product, work),
        supplier=known[product.supplier],
        reviewers={name: known[name] for name in spoke},
        attestations=attestations,
        reviews=reviews,
        vettings=vettings,
        pack_digest=floor.pack.digest,
    )


def _risk(product: Product, work: UnitOfWork) -> Risk:
    grade = grade_of(work.chain.store, product.number)
    if grade is None:
        return Risk.LOW
    if at_least(Grade(grade), Grade.IMPORTANT):
        return Risk.HIGH
    return Risk.MEDIUM if at_least(Grade(grade), Grade.GENERAL_3) else Risk.LOW
