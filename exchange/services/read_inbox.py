"""The inbox (待办): what waits for a participant, the most pressing first.

Nothing is assigned: what a role may do, everybody in it sees, less what its own organisation is
a party to.  A task is there because of how the chain stands, so it goes away by being done, by
whomever, and nothing has to be ticked off.
"""
# long because: it says of every role whose turn it is, and what each is told agrees with the others

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from exchange.compliance import (
    Finding,
    ListingCase,
    Review,
    Severity,
    is_attested,
    review_listing,
)
from exchange.compliance.answered import left_to_supplier
from exchange.compliance.review import BEFORE_LISTING
from exchange.compliance.wanted import Word, attestable, words_wanted
from exchange.documents import Document, DocumentState
from exchange.errors import Forbidden
from exchange.grading import Grade, at_least
from exchange.listing import ListingState
from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.profile import Profile
from exchange.quality.drift import Drifted
from exchange.registration import Product, RegistrationState
from exchange.scenarios import Ground, ScenarioState
from exchange.services.assess_product import require_assessing, require_disinterested
from exchange.services.assess_scenario import may_assess
from exchange.services.attach_document import documents_of
from exchange.services.build_case import listing_case, looked_at, words_stand
from exchange.services.compare_quality import newest_drift
from exchange.services.explain_listing import (
    WANTED,
    Obstacle,
    no_purpose,
    obstacles,
    pack_obstacle,
)
from exchange.services.explain_suspension import day_over, off_board
from exchange.services.read_papers import papers_past, require_identity
from exchange.services.register_product import profile_of
from exchange.services.submit_sheet import sheet_of
from exchange.services.verify_document import VERIFIERS
from exchange.services.vet_listing import require_fresh_eyes
from exchange.specsheet import SpecSheet
from exchange.vetting import CHECKLIST, Decision, Vetting
from ledger.acts import format_time, parse_time
from ledger.entries import Entry
from ledger.registry import disputes_open, objections_open
from ledger.view import newest

EXPIRY_DAYS: Final = 30  # before an assessment ends, its supplier hears of it
_GRAVE: Final = frozenset({Ground.GRADE, Ground.PERSONS})
_ASSESSING: Final = frozenset({Role.COMPLIANCE_ASSESSOR, Role.QUALITY_EXPERT, Role.REVIEWER})
# What makes a product wait for a word on it, and what answers a reviewer who returned it.
_ARISING: Final = (
    *("sheet.submitted", "listing.suspended", "registration.changed", "registration.transferred"),
    *("objection.withdrawn", "objection.closed", "dispute.withdrawn", "dispute.decided"),
    "grade.set",
)
_WORDS: Final = ("compliance.attested", "quality.reviewed", "listing.vetted", "document.verified")
_MENDING: Final = ("document.attached", "document.verified", "compliance.attested")


class Duty(enum.StrEnum):
    """What is to be done."""

    ADMIT = "admit"
    DECIDE = "decide"
    RENEW_PAPERS = "renew-papers"
    MEND_PACK = "mend-pack"
    VERIFY = "verify"
    ATTEST = "attest"
    SCORE = "score"
    VET = "vet"
    WRITE_SHEET = "write-sheet"
    MEND = "mend"
    REASSESS = "reassess"
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
    """Yield what waits for the operator alone: applicants, papers that ended, claims contested."""
    if Role.OPERATOR not in reader.roles:
        return
    store = work.chain.store
    for participant in work.participants.waiting(floor.clock().date()):
        subject = f"participant/{participant.id}"
        shown = newest(store, subject, "participant.key")
        if participant.standing is Standing.APPLIED and shown:
            yield _task(Duty.ADMIT, subject, participant.name, shown.time, floor)
        ended = [each for each in papers_past(participant, work=work, floor=floor) if each.until]
        if ended:
            since = day_over(dt.date.fromisoformat(min(each.until for each in ended)))
            risk, papers = (Risk.MEDIUM, ("its acts stop",)), tuple(each.paper for each in ended)
            title = participant.name
            yield _task(Duty.RENEW_PAPERS, subject, title, since, floor, risk=risk, items=papers)
    for product in work.products.contested():
        if claim := contested(product, work):
            opened, why = claim
            subject, risk = f"product/{product.number}", (Risk.HIGH, (why,))
            yield _task(Duty.DECIDE, subject, product.name, opened.time, floor, risk=risk)


def contested(product: Product, work: UnitOfWork) -> tuple[Entry, str] | None:
    """Return the entry since which the operator has a claim to decide, and why; None if none."""
    store, subject = work.chain.store, f"product/{product.number}"
    if product.registration is RegistrationState.DISPUTED:
        opened = min(disputes_open(store, subject), key=lambda each: each.version)
        return opened, "a dispute freezes it"
    if product.registration is RegistrationState.OBJECTED:
        filed = min(objections_open(store, subject), key=lambda each: each.version)
        return filed, "an objection freezes the claim"
    return None


def products_waiting(
    by: dt.date, work: UnitOfWork, floor: Floor, *, supplier: str | None = None
) -> Sequence[Product]:
    """Return the products of which something may wait for somebody, or will by a day."""

    @cache
    def stands(verifier: str) -> bool:
        return words_stand(verifier, work, floor)

    return work.products.waiting(by, stands=stands, supplier=supplier)


def _of_products(reader: Participant, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    today = floor.clock().date()
    heard = today + dt.timedelta(days=EXPIRY_DAYS + 1)
    broken: set[str] = set()
    looks_at_others = not reader.roles.isdisjoint(_ASSESSING | {*VERIFIERS})
    supplier = None if looks_at_others else reader.id
    for stored in products_waiting(heard, work, floor, supplier=supplier):
        product = stored.as_of(today)
        if product.supplier == reader.id:
            yield from _of_supplier(product, work, floor)
        elif product.sheet and _disinterested(reader, product, work):
            yield from _of_verifiers(reader, product, work, floor)
            yield from _of_assessors(reader, product, work, floor)
            if Role.OPERATOR in reader.roles and product.listing is not ListingState.LISTED:
                case = listing_case(product, work=work, floor=floor)
                found = review_listing(case, floor.pack).blocking
                broken.update(each.rule for each in found if each.broken)
    if Role.OPERATOR in reader.roles:
        yield from _of_pack(sorted(broken), work, floor)


def _of_pack(broken: Sequence[str], work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    """Yield what the operator has to mend of its rule pack: rules that raise, or none in force."""
    unjudged = pack_obstacle(work=work, floor=floor)
    items = (unjudged.words,) if unjudged else tuple(broken)
    if not items:
        return
    subject, kinds = f"exchange/{floor.house.origin}", ("pack.adopted", "exchange.opened")
    shown = [found for kind in kinds if (found := newest(work.chain.store, subject, kind))]
    since = shown[0].time if shown else format_time(floor.clock())
    title, risk = f"{floor.pack.name} {floor.pack.version}", (Risk.HIGH, ("nothing lists",))
    yield _task(Duty.MEND_PACK, subject, title, since, floor, risk=risk, items=items)


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


def _disinterested(reader: Participant, product: Product, work: UnitOfWork) -> bool:
    return _may(lambda: require_disinterested(reader, product, to="look at", rule="", work=work))


def _of_supplier(product: Product, work: UnitOfWork, floor: Floor) -> Iterator[Task]:
    subject, title = f"product/{product.number}", product.name
    if product.sheet is None:
        yield _to_write(product, work, floor)
        return
    if product.listing is ListingState.LISTED:
        ends = dt.datetime.combine(_last_day(product), dt.time(), dt.UTC)
        heard = ends - dt.timedelta(days=EXPIRY_DAYS)
        if heard <= floor.clock():
            since = max(format_time(heard), product.listed_at or "")
            yield _task(Duty.RENEW, subject, title, since, floor, due=format_time(ends))
        return
    ended = product.registered_until
    if ended and ended < format_time(floor.clock()):
        why = ("its registration has ended, and nothing lists before it is renewed",)
        yield _task(Duty.RENEW, subject, title, ended, floor, risk=(Risk.MEDIUM, why))
        return
    case = listing_case(product, work=work, floor=floor)
    review = review_listing(case, floor.pack)
    items, since = _rules(left_to_supplier(case, floor.pack)), arose(product, work, floor)
    returned = returned_by(case)
    if returned and not mended_since(returned, product, work):
        items = (f"{returned.decision} by a reviewer of the exchange", *items)
        since = max(since, time_of(returned, product, work))
    left = off_board(product, work=work, floor=floor)
    risk = Risk.LOW, tuple(filter(None, (left.words if left else "", case.way_back())))
    unasked = _unasked(case, review, work, floor)
    notice_over = floor.clock() >= parse_time(product.notice_until, "notice")
    if items:
        yield _task(Duty.MEND, subject, title, since, floor, risk=risk, items=items)
    elif review.passed and not unasked and notice_over:
        since = max(product.notice_until, arose(product, work, floor, *_WORDS))
        beside = [*obstacles(product, work=work, floor=floor)]
        if beside:  # no rule is asked about it, and a request would be refused all the same
            yield _told(beside, subject, title, since, floor)
        else:
            yield _task(Duty.REQUEST_LISTING, subject, title, since, floor, risk=risk)
    elif left and (unasked or not review.passed):  # others' to give, and its to ask for
        asked = unasked or _rules(review.blocking)
        yield _task(Duty.REASSESS, subject, title, since, floor, risk=risk, items=asked)


def _to_write(product: Product, work: UnitOfWork, floor: Floor) -> Task:
    subject, title, since = f"product/{product.number}", product.name, arose(product, work, floor)
    if none := [*no_purpose(product, work=work, floor=floor)]:
        return _told(none, subject, title, since, floor)
    return _task(Duty.WRITE_SHEET, subject, title, since, floor)


def _told(beside: Sequence[Obstacle], subject: str, title: str, since: str, floor: Floor) -> Task:
    """Tell a supplier what no rule is asked about, and what ends it."""
    risk = Risk.LOW, tuple(each.words for each in beside)
    items = tuple(dict.fromkeys(each.unlock for each in beside))
    return _task(Duty.MEND, subject, title, since, floor, risk=risk, items=items)


def _unasked(case: ListingCase, review: Review, work: UnitOfWork, floor: Floor) -> tuple[str, ...]:
    """Say what refuses a product that others answer for, and that no rule asks about."""
    if unjudged := pack_obstacle(work=work, floor=floor):
        return (unjudged.words,)
    return tuple(WANTED[word] for word in words_wanted(case, review, floor.pack))


def _of_verifiers(
    reader: Participant, product: Product, work: UnitOfWork, floor: Floor
) -> Iterator[Task]:
    """Yield the documents of a product that wait for a second pair of eyes, of those who may."""
    if reader.roles.isdisjoint(VERIFIERS):
        return
    waiting = [
        document
        for document in documents_of(product, work)
        if unverified(document, product, work, floor)
        and not reader.same_organisation(work.participants.get(document.attached_by))
    ]
    if waiting:
        subject, since = f"product/{product.number}", min(each.attached_at for each in waiting)
        risk = risk_of(sheet_of(product, work), profile_of(product, work), ())
        items = tuple(f"{each.kind} {each.leaf}" for each in waiting)
        yield _task(Duty.VERIFY, subject, product.name, since, floor, risk=risk, items=items)


def unverified(document: Document, product: Product, work: UnitOfWork, floor: Floor) -> bool:
    """Whether nobody has looked at a document that could count, or nobody's word on it does."""
    today = floor.clock().date()
    if document.valid_until is not None and document.valid_until < today:
        return False
    of_this = document.sheet in {None, product.sheet}
    return of_this and (
        document.state is DocumentState.ATTACHED
        or (
            document.state is DocumentState.VERIFIED
            and looked_at(document, product, work, floor) is None
        )
    )


def _of_assessors(
    reader: Participant, product: Product, work: UnitOfWork, floor: Floor
) -> Iterator[Task]:
    waits = _ASSESSING & reader.roles
    if not waits or product.listing is ListingState.LISTED:
        return
    if not _may(lambda: require_identity(reader, "T-05", floor=floor)):
        return  # nothing that it says counts before the operator has verified its identity anew
    subject, title = f"product/{product.number}", product.name
    case = listing_case(product, work=work, floor=floor)
    review = review_listing(case, floor.pack)
    risk = _with_drift(
        risk_of(case.sheet, profile_of(product, work), review.blocking), product, work
    )
    open_rules = {finding.rule for finding in review.blocking}
    since = max(arose(product, work, floor), *gone(case, work))
    outside = _may(lambda: require_assessing(reader, product, work=work, floor=floor))
    wanted = words_wanted(case, review, floor.pack)  # that no rule asks for
    asked = _rules(_to_attest(case, review, reader))
    if Word.ATTESTATION in wanted:
        open_to_it = floor.pack.names_in_force(case.on, *BEFORE_LISTING)
        asked = tuple(r for r in attestable(floor.pack, case.on) if r in open_to_it)
    if outside and Role.COMPLIANCE_ASSESSOR in waits and asked:
        yield _task(Duty.ATTEST, subject, title, since, floor, risk=risk, items=asked)
    scored = any(
        reader.same_organisation(work.participants.get(each.expert)) for each in case.expert_reviews
    )
    to_score = bool(open_rules & {"Q-10", "Q-11"}) or Word.SCORE in wanted
    if outside and Role.QUALITY_EXPERT in waits and to_score and not scored:
        yield _task(Duty.SCORE, subject, title, since, floor, risk=risk)
    if Role.REVIEWER in waits and ("V-01" in open_rules or Word.DECISION in wanted):
        returned = returned_by(case)
        mended = mended_since(returned, product, work) if returned else since
        if mended and _may(lambda: require_fresh_eyes(reader, product, work)):
            items = tuple(CHECKLIST)
            yield _task(Duty.VET, subject, title, mended, floor, risk=risk, items=items)


def _with_drift(
    risk: tuple[Risk, tuple[str, ...]], product: Product, work: UnitOfWork
) -> tuple[Risk, tuple[str, ...]]:
    """Raise a low risk where the newest delivery is far from the one before, and say so."""
    found = newest_drift(product, work)
    if found is None or found.verdict is not Drifted.ALARM:
        return risk
    level, why = risk
    where = ", ".join(dict.fromkeys(name or "the table" for name, _ in found.alarms))
    told = f"this delivery is far from the one before: {where}"
    return (Risk.MEDIUM if level is Risk.LOW else level), (*why, told)


def _may(require: Callable[[], None]) -> bool:
    try:
        require()
    except Forbidden:
        return False
    return True


def returned_by(case: ListingCase) -> Vetting | None:
    """Return the latest decision that counts if it is against the product as it stands."""
    latest = case.latest_vetting
    return latest if latest and latest.decision is not Decision.APPROVED else None


def mended_since(returned: Vetting, product: Product, work: UnitOfWork) -> str:
    """Say when something answered a decision under the same sheet, empty if nothing has yet."""
    entries = (
        entry
        for kind in _MENDING
        for entry in work.chain.store.of_kind(f"product/{product.number}", kind)
    )
    return min((e.time for e in entries if e.version > returned.version), default="")


def time_of(vetting: Vetting, product: Product, work: UnitOfWork) -> str:
    """Return when a decision was recorded."""
    decisions = work.chain.store.of_kind(f"product/{product.number}", "listing.vetted")
    return next(entry.time for entry in decisions if entry.version == vetting.version)


def _last_day(product: Product) -> dt.date:
    """Return the last day of what a listing rests on: its registration ends it as well."""
    days = (product.valid_until, (product.registered_until or "")[:10])
    return dt.date.fromisoformat(min(day for day in days if day))


def arose(product: Product, work: UnitOfWork, floor: Floor, *kinds: str) -> str:
    """Say since when a product waits: since whatever last opened the question anew.

    That is an entry of its own, the adoption of another pack, or the day on which it lapsed.
    """
    store, subject = work.chain.store, f"product/{product.number}"
    found = [newest(store, subject, kind) for kind in (*_ARISING, *kinds)]
    found.append(newest(store, f"exchange/{floor.house.origin}", "pack.adopted"))
    times = [product.registered_at, *(entry.time for entry in found if entry)]
    if product.valid_until:
        over = day_over(_last_day(product))
        times += [over] * (over <= format_time(floor.clock()))
    return max(times)


def gone(case: ListingCase, work: UnitOfWork) -> Iterator[str]:
    """Yield when words on a product stopped to count: ended, or of who may not give them now."""
    yield ""
    for attestation in case.attestations:
        if attestation.sheet == case.sheet_digest and attestation.valid_until < case.on:
            yield day_over(attestation.valid_until)
    for reviewer in case.reviewers:
        if work.participants.get(reviewer).standing is not Standing.ADMITTED:
            stopped = newest(work.chain.store, f"participant/{reviewer}", "participant.suspended")
            yield stopped.time if stopped else ""
    unlicensed = {each.assessor for each in case.attestations if not each.licensed}
    for name in unlicensed | {each.expert for each in case.reviews if not each.licensed}:
        withdrawn = newest(work.chain.store, f"participant/{name}", "licence.withdrawn")
        yield withdrawn.time if withdrawn else ""


def _to_attest(case: ListingCase, review: Review, reader: Participant) -> Iterator[Finding]:
    """Yield what only an assessor's word can clear, and the wish for that word itself.

    What somebody has refused, nobody else's word clears.
    """
    for finding in review.blocking:
        heard = is_attested(finding.severity, finding.unlock) and not finding.broken
        refused = finding.unlock in {case.way_back(), case.way_back(finding.rule)}
        if heard and (not refused or reader.id in case.refusers):
            yield finding


def _rules(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.rule for finding in findings)


def risk_of(
    sheet: SpecSheet, profile: Profile, blocking: Iterable[Finding]
) -> tuple[Risk, tuple[str, ...]]:
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
    if any(finding.severity is Severity.REJECT for finding in blocking):
        grave.append("a rule rejects it")
    if grave:
        return Risk.HIGH, tuple(grave + some)
    return (Risk.MEDIUM if some else Risk.LOW), tuple(some)
