"""The inbox (待办): what waits for a participant, the most pressing first.

Nothing is assigned: what a role may do, everybody in it sees, less what its own organisation is
a party to.  A task is there because of how the chain stands, so it goes away by being done, by
whomever, and nothing has to be ticked off.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from exchange.compliance import Finding, Review, Severity
from exchange.grading import Grade, at_least
from exchange.listing import ListingState
from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.registration import Product, RegistrationState
from exchange.scenarios import Ground, ScenarioState
from exchange.services.assess_scenario import may_assess
from exchange.services.list_product import judge
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.services.vet_listing import vettings_of
from exchange.specsheet import SpecSheet
from exchange.vetting import CHECKLIST, Decision, Vetting
from ledger.acts import format_time, parse_time
from ledger.view import newest

EXPIRY_DAYS: Final = 30  # before an assessment ends, its supplier hears of it
_GRAVE: Final = frozenset({Ground.GRADE, Ground.PERSONS})


class Duty(enum.StrEnum):
    """What is to be done."""

    ADMIT = "admit"
    DECIDE = "decide"
    ATTEST = "attest"
    SCORE = "score"
    VET = "vet"
    WRITE_SHEET = "write-sheet"
    MEND = "mend"
    REQUEST_LISTING = "request-listing"
    RENEW = "renew"
    ASSESS_USE = "assess-use"


class Risk(enum.StrEnum):
    """How much harm a careless decision would do, the most first."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits: since when, until when it is due, at what risk and why.

    `items` are what has to be gone through: rules to attest, a checklist, rules that stop it.
    Times are those of the ledger.
    """

    duty: Duty
    subject: str
    title: str
    since: str
    due: str
    risk: Risk
    why: tuple[str, ...]
    items: tuple[str, ...]
    overdue: bool


def read_inbox(reader: Participant, *, work: UnitOfWork, floor: Floor) -> tuple[Task, ...]:
    """Return what waits for a participant: overdue first, then by risk, then by time due.

    Raises `Forbidden` for a participant that is not admitted.
    """
    reader.require()
    tasks = [
        *_of_house(reader, work, floor),
        *_of_products(reader, work, floor),
        *_of_scenarios(reader, work, floor),
    ]
    return tuple(sorted(tasks, key=_pressing))


def _pressing(task: Task) -> tuple[bool, int, str, str]:
    return not task.overdue, list(Risk).index(task.risk), task.due, task.subject


def _task(  # noqa: PLR0913 - a task has as many parts
    duty: Duty,
    subject: str,
    title: str,
    since: str,
    floor: Floor,
    *,
    risk: tuple[Risk, tuple[str, ...]] = (Risk.LOW, ()),
    items: tuple[str, ...] = (),
    due: str = "",
) -> Task:
    late = parse_time(since, "since") + dt.timedelta(seconds=floor.house.review_seconds)
    due = due or format_time(late)
    overdue = due < format_time(floor.clock())
    return Task(duty, subject, title, since, due, *risk, items, overdue)


def _of_house(reader: Participant, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    """Yield what waits for the operator: applicants, and objections to decide on."""
    if Role.OPERATOR not in reader.roles:
        return
    for participant in work.participants.all():
        subject = f"participant/{participant.id}"
        shown = newest(work.chain.store, subject, "participant.key")
        if participant.standing is Standing.APPLIED and shown:
            yield _task(Duty.ADMIT, subject, participant.name, shown.time, floor)
    for product in work.products.all():
        subject = f"product/{product.number}"
        filed = newest(work.chain.store, subject, "objection.filed")
        if product.registration is RegistrationState.OBJECTED and filed:
            risk = Risk.HIGH, ("an objection freezes the claim",)
            yield _task(Duty.DECIDE, subject, product.name, filed.time, floor, risk=risk)


def _of_products(reader: Participant, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    for product in work.products.all():
        gone = product.listing is ListingState.DELISTED
        if gone or product.registration is RegistrationState.REJECTED:
            continue
        if product.supplier == reader.id:
            yield from _of_supplier(product, work, floor)
        elif _independent(reader, product, work):
            yield from _of_assessors(reader, product, work, floor)


def _of_scenarios(reader: Participant, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    """Yield the scenarios that wait for an assessor, and may be looked at by this one."""
    if Role.COMPLIANCE_ASSESSOR not in reader.roles:
        return
    for scenario in work.scenarios.in_state(ScenarioState.FILED):
        if not may_assess(reader, scenario, work=work, floor=floor):
            continue
        subject = f"scenario/{scenario.id}"
        referred = newest(work.chain.store, subject, "scenario.referred")
        title = f"{work.products.get(scenario.product).name}: {scenario.purpose}"
        why = tuple(str(each) for each in scenario.grounds)
        risk = (Risk.HIGH if _GRAVE & set(scenario.grounds) else Risk.MEDIUM), why
        since = referred.time if referred else format_time(floor.clock())
        yield _task(Duty.ASSESS_USE, subject, title, since, floor, risk=risk)


def _independent(reader: Participant, product: Product, work: UnitOfWork) -> bool:
    return not reader.same_organisation(work.participants.get(product.supplier))


def _of_supplier(product: Product, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    subject, title = f"product/{product.number}", product.name
    if product.sheet is None:
        yield _task(Duty.WRITE_SHEET, subject, title, product.registered_at, floor)
        return
    if product.listing is ListingState.LISTED:
        ends = dt.datetime.fromisoformat(f"{product.valid_until}T00:00:00Z")
        if ends - floor.clock() <= dt.timedelta(days=EXPIRY_DAYS):
            since = product.listed_at or product.registered_at
            yield _task(Duty.RENEW, subject, title, since, floor, due=format_time(ends))
        return
    signed = newest(work.chain.store, subject, "sheet.submitted")
    since = signed.time if signed else product.registered_at
    review, _ = judge(product, work=work, floor=floor)
    returned = _latest(product, work)
    if returned and returned.decision is not Decision.APPROVED:
        items = (f"{returned.decision} by a reviewer of the exchange", *_rules(review.blocking))
        yield _task(Duty.MEND, subject, title, since, floor, items=items)
    elif review.passed and floor.clock() >= parse_time(product.notice_until, "notice"):
        yield _task(Duty.REQUEST_LISTING, subject, title, since, floor)
    elif stopping := _rules(f for f in review.blocking if f.severity is not Severity.ATTEST):
        yield _task(Duty.MEND, subject, title, since, floor, items=stopping)


def _of_assessors(
    reader: Participant, product: Product, work: UnitOfWork, floor: Floor
) -> Iterator[Task]:
    waits = {Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT, Role.REVIEWER} & reader.roles
    if not waits or product.sheet is None or product.listing is ListingState.LISTED:
        return
    subject, title = f"product/{product.number}", product.name
    signed = newest(work.chain.store, subject, "sheet.submitted")
    since = signed.time if signed else product.registered_at
    review, _ = judge(product, work=work, floor=floor)
    risk = risk_of(sheet_of(product, work), profile_of(product, work), review)
    open_rules = {finding.rule for finding in review.blocking}
    if Role.COMPLIANCE_ASSESSOR in waits and (asked := _rules(_to_attest(review))):
        yield _task(Duty.ATTEST, subject, title, since, floor, risk=risk, items=asked)
    if Role.QUALITY_EXPERT in waits and open_rules & {"Q-10", "Q-11"}:
        scored = work.chain.store.of_kind(subject, "quality.reviewed")
        if all(e.actor != reader.id or e.facts["sheet"] != product.sheet for e in scored):
            yield _task(Duty.SCORE, subject, title, since, floor, risk=risk)
    if Role.REVIEWER in waits and "V-01" in open_rules and _latest(product, work) is None:
        items = tuple(CHECKLIST)
        yield _task(Duty.VET, subject, title, since, floor, risk=risk, items=items)


def _to_attest(review: Review) -> Iterator[Finding]:
    """Yield what only an assessor's word can clear, and the wish for that word itself."""
    for finding in review.blocking:
        if finding.severity is Severity.ATTEST or "attest" in finding.unlock:
            yield finding


def _rules(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.rule for finding in findings)


def _latest(product: Product, work: UnitOfWork) -> Vetting | None:
    """Return the newest decision on the present sheet and data, whatever it was."""
    bound = (v for v in vettings_of(product, work) if v.sheet == product.sheet)
    return next((v for v in bound if v.data == product.data), None)


def risk_of(sheet: SpecSheet, profile: Profile, review: Review) -> tuple[Risk, tuple[str, ...]]:
    """Return how much harm a careless decision would do, and what says so."""
    grave, some = [], []
    if at_least(sheet.grade, Grade.IMPORTANT):
        grave.append(f"graded {sheet.grade}")
    elif at_least(sheet.grade, Grade.GENERAL_3):
        some.append(f"graded {sheet.grade}")
    certain = sorted({str(each.kind) for each in profile.sensitive if each.certain})
    if certain:
        grave.append(f"found: {', '.join(certain)}")
    elif profile.sensitive:
        some.append("values that may be sensitive")
    if sheet.personal_data.contained:
        grave.append("holds personal data by its sheet")
    if any(finding.severity is Severity.REJECT for finding in review.blocking):
        grave.append("a rule rejects it")
    if grave:
        return Risk.HIGH, tuple(grave + some)
    return (Risk.MEDIUM if some else Risk.LOW), tuple(some)
