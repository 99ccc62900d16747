"""Erasure (删除): what entries commit to is asked to be destroyed, and is destroyed or kept.

A request names an entry and its fields; whoever the entry concerns may make one.  The operator
carries it out or refuses it, and both stand in the log.  Carrying out destroys value, key and salt
in the transaction of the entry that says so.  `concerned` also says who is shown values.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from exchange.clearing import WithdrawalState, available
from exchange.engagements import EngagementState
from exchange.errors import Forbidden, NotFound, Refused
from exchange.listing import ListingState
from exchange.openings import ERASED, Erased, Opening, committed_fields, text_of
from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.registration import ENDED
from exchange.scenarios import APPROVING, ScenarioState
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    subject_id,
    texts,
    unchanged,
)
from exchange.services.keep_negative_list import participants_of
from exchange.services.keep_papers import paper_field
from exchange.services.read_papers import licences_held
from exchange.trading import Trade, TradeState
from ledger.acts import SignedAct, parse_time
from ledger.documents import decision_on
from ledger.entries import Entry
from ledger.erasure import PAPERS, erasable_fields, papers_of
from ledger.registry import objections_open
from ledger.view import newest
from pricing.money import Currency

GROUNDS_MAX: Final = 20_000  # characters
_OPEN: Final = frozenset({TradeState.ORDERED, TradeState.CONTRACTED})


class ErasureState(enum.StrEnum):
    """What became of a request."""

    REQUESTED = "requested"
    REFUSED = "refused"
    EXECUTED = "executed"


@dataclass(frozen=True, slots=True)
class Erasure:
    """One request: leaf hashes of itself and of the entry, and what was decided at `decision`."""

    request: str
    entry: str
    fields: tuple[str, ...]
    actor: str
    state: ErasureState
    decision: str | None = None
    reason: str | None = None


def request_erasure(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Erasure:
    """Record that somebody asks for the erasure of fields of an entry that concerns it.

    Raises `Forbidden` for anybody whom the entry does not concern, `NotFound` where there is no
    such entry, `Refused` for fields that it does not commit to or that are erased.
    """
    text_of(opened(signed, "erasure.requested", openings), "grounds", GROUNDS_MAX)
    with floor.write() as work:
        actor = admit_act(signed, "erasure.requested", work=work, floor=floor)
        target = entry_of(subject_id(signed, "erasure"), work)
        found = work.chain.recorded(signed)
        if not unchanged(found, signed):
            if actor.id not in concerned(target, work, floor):
                words = f"{target.named} concerns neither {actor.handle} nor an act of its own"
                raise Forbidden(words)
            found = record(signed, openings, work=work, floor=floor)
        return _erasure(found, work)  # type: ignore[arg-type]  # recorded before or just now


def refuse_erasure(signed: SignedAct, *, floor: Floor) -> Erasure:
    """Record that the house keeps the values, and by which duty; another request may follow."""
    with floor.write() as work:
        admit_act(signed, "erasure.refused", Role.OPERATOR, work=work, floor=floor)
        if not unchanged(work.chain.recorded(signed), signed):
            record(signed, work=work, floor=floor)
        return _erasure(entry_of(fact(signed, "request"), work), work)


def execute_erasure(signed: SignedAct, *, floor: Floor) -> Erasure:
    """Destroy the values of a request with their keys and salts, and record it.

    What business rows repeat of them goes too: the name in the register, the recipients of a
    scenario.  Raises `Refused` with the duty that still holds the values.
    """
    with floor.write() as work:
        admit_act(signed, "erasure.executed", Role.OPERATOR, work=work, floor=floor)
        target = entry_of(subject_id(signed, "erasure"), work)
        request = entry_of(fact(signed, "request"), work)
        if not unchanged(work.chain.recorded(signed), signed):
            fields = texts(signed, "fields")
            for field in fields:
                _require_free(target, field, work, floor)
            record(signed, work=work, floor=floor)
            work.confidential.erase(target.leaf.hex(), _kept_as(target, fields))
            _blank_rows(target, fields, work)
        return _erasure(request, work)


def _kept_as(target: Entry, fields: Sequence[str]) -> list[str]:
    """Return under which names the values of these fields are kept, each paper under its own."""
    papers = PAPERS.get(target.kind)
    values = [field for field in fields if field != papers]
    return values + [paper_field(each) for each in papers_of(target) if papers in fields]


def execution_facts(request: str, work: UnitOfWork) -> Mapping[str, Any]:
    """Return the facts of the act that carries out a request, named by its leaf hash."""
    asked = _request(request, work)
    target = entry_of(asked.subject.partition("/")[2], work)
    fields = asked.facts["fields"]
    erasable = erasable_fields(target)
    made = [each for field in fields for each in erasable[field]]
    return {"request": request, "fields": fields, "commitments": made}


def entry_of(leaf: str, work: UnitOfWork) -> Entry:
    """Return the entry with that leaf hash, or raise `NotFound`."""
    found = work.chain.store.by_leaf(leaf)
    if found is None:
        raise NotFound(f"there is no entry with the leaf hash {leaf[:64]}")
    return found


def _request(leaf: str, work: UnitOfWork) -> Entry:
    found = entry_of(leaf, work)
    if found.kind != "erasure.requested":
        raise NotFound(f"{found.named} is {found.kind}, no request for erasure")
    return found


def erasures_of(leaf: str, work: UnitOfWork) -> list[Erasure]:
    """Return every request about the entry with that leaf hash, newest first."""
    asked = work.chain.store.of_kind(f"erasure/{leaf}", "erasure.requested")
    return [_erasure(request, work) for request in asked]


def _erasure(request: Entry, work: UnitOfWork) -> Erasure:
    leaf = request.leaf.hex()
    made = Erasure(
        request=leaf,
        entry=request.subject.partition("/")[2],
        fields=tuple(request.facts["fields"]),
        actor=request.actor,
        state=ErasureState.REQUESTED,
    )
    for state in (ErasureState.REFUSED, ErasureState.EXECUTED):
        for entry in work.chain.store.of_kind(request.subject, f"erasure.{state}"):
            if entry.facts["request"] == leaf:
                reason = entry.facts.get("reason")
                return replace(made, state=state, decision=entry.leaf.hex(), reason=reason)
    return made


# Whom an entry concerns.


def concerned(entry: Entry, work: UnitOfWork, floor: Floor) -> frozenset[str]:
    """Return the participants who may ask for erasure: signer, subject, counterparty, operator."""
    prefix, _, name = entry.subject.partition("/")
    found = {entry.actor, floor.house.operator}
    match prefix:
        case "participant" | "account":
            found.add(name)
        case "product":
            found.add(work.products.get(name).supplier)
        case "scenario":
            found.add(work.scenarios.get(name).buyer)
        case "negative":
            found |= {each.id for each in participants_of(work.negative_list.get(name), work)}
    granted = entry.facts.get("to")
    return frozenset(found | ({granted} if isinstance(granted, str) else set()))


def shown_to(entry: Entry, work: UnitOfWork, floor: Floor) -> frozenset[str]:
    """Return the participants who are shown the entry's values while they live."""
    if entry.kind == "objection.closed":  # whoever objected is told why it was decided so
        return concerned(entry, work, floor) | {entry_of(entry.facts["objection"], work).actor}
    if entry.kind == "right.granted":  # of a grant on, the supplier may ask as well
        return frozenset({entry.actor, entry.facts["to"], floor.house.operator})
    return concerned(entry, work, floor)


def values_of(entry: Entry, work: UnitOfWork) -> Iterator[Opening | Erased]:
    """Yield what opens each commitment of an entry, by field; `Erased` for what is gone."""
    for field in sorted(committed_fields(entry.kind)):
        yield work.confidential.get(entry.leaf.hex(), field)


# What holds a value back.

Hold = Callable[[Entry, UnitOfWork, Floor], None]


def _require_free(target: Entry, field: str, work: UnitOfWork, floor: Floor) -> None:
    hold = _HOLDS.get((target.kind, field))
    if hold:
        hold(target, work, floor)


def _bank_references(target: Entry, _: UnitOfWork, floor: Floor) -> None:
    until = parse_time(target.time, "time") + dt.timedelta(days=floor.house.retention_days)
    if floor.clock() < until:
        days = floor.house.retention_days
        raise Refused(
            f"retention_days: bank references are kept for {days} days, this one until "
            f"{until.date()}"
        )


def _payee(target: Entry, work: UnitOfWork, _: Floor) -> None:
    withdrawal = work.withdrawals.get(target.subject.partition("/")[2])
    if withdrawal.state is WithdrawalState.REQUESTED:
        raise Refused(f"withdrawal {withdrawal.id} is {withdrawal.state}: the bank has not paid it")


def _register(target: Entry, work: UnitOfWork, _: Floor) -> None:
    participant = work.participants.get(target.subject.partition("/")[2])
    if participant.standing is not Standing.SUSPENDED:
        raise Refused(f"{participant.handle} is {participant.standing}: suspend it first")
    for currency in Currency:
        balance = work.accounts.balance(available(participant.id), currency)
        if balance.minor:
            raise Refused(f"{participant.handle} holds {balance}: pay it out first")
    for trade in _still_open(work.trades.of_party(participant.id)):
        raise Refused(f"trade {trade.id} of {participant.handle} is {trade.state}")
    for engagement in work.engagements.all():
        if participant.id in {engagement.by, engagement.to} and engagement.holds:
            words = f"engagement {engagement.id} of {participant.handle} is {engagement.state}"
            raise Refused(words)


def _scenario(target: Entry, work: UnitOfWork, _: Floor) -> None:
    scenario = work.scenarios.get(target.subject.partition("/")[2])
    if scenario.state in {ScenarioState.FILED, *APPROVING}:
        raise Refused(f"scenario {scenario.id} is {scenario.state}: withdraw it first")
    for trade in _still_open(work.trades.ordered(scenario.product)):
        if trade.scenario == scenario.id:
            raise Refused(f"trade {trade.id} rests on scenario {scenario.id} and is {trade.state}")


def _objection(target: Entry, work: UnitOfWork, _: Floor) -> None:
    if target in objections_open(work.chain.store, target.subject):
        number = target.subject.partition("/")[2]
        raise Refused(f"the objection to {number} is open: it is decided or withdrawn first")


def _assessment(target: Entry, work: UnitOfWork, _: Floor) -> None:
    product = work.products.get(target.subject.partition("/")[2])
    over = product.registration in ENDED or product.listing is ListingState.DELISTED
    present = (target.facts["sheet"], target.facts["data"]) == (product.sheet, product.data)
    if present and not over:  # suspended, it would be listed again on what nobody could show
        raise Refused(
            f"{product.number} may be listed on this assessment: another sheet is signed for it, "
            "or it is delisted, first"
        )


def _identity(target: Entry, work: UnitOfWork, _: Floor) -> None:
    participant = work.participants.get(target.subject.partition("/")[2])
    newest_one = newest(work.chain.store, target.subject, target.kind) == target
    if newest_one and participant.standing is Standing.ADMITTED:
        raise Refused(f"{participant.handle} is admitted on this: suspend it first")


def _licence(target: Entry, work: UnitOfWork, floor: Floor) -> None:
    participant = target.subject.partition("/")[2]
    for licence in licences_held(participant, work, floor):
        if licence.entry == target.leaf.hex() and licence.runs:
            raise Refused(f"the licence runs until {licence.until}: withdraw it first")


def _identity_papers(target: Entry, work: UnitOfWork, floor: Floor) -> None:
    _identity(target, work, floor)
    store = work.chain.store
    later = [e for e in store.of_kind(target.subject, target.kind) if e.version > target.version]
    suspended = newest(store, target.subject, "participant.suspended")
    over = max(target.time, suspended.time if suspended else "")
    # Where another was verified in its place, nothing was done under it from then on.
    _keep_after(target, later[-1].time if later else over, work, floor)


def _licence_paper(target: Entry, work: UnitOfWork, floor: Floor) -> None:
    _licence(target, work, floor)
    taken_back = work.chain.store.of_kind(target.subject, "licence.withdrawn")
    times = [each.time for each in taken_back if each.facts["licence"] == target.leaf.hex()]
    _keep_after(target, min(times, default=f"{target.facts['until']}T23:59:59Z"), work, floor)


def _keep_after(target: Entry, ended: str, work: UnitOfWork, floor: Floor) -> None:
    """Raise `Refused` while a dealing from the time of a paper is open, and for so long after.

    E-Commerce Law 31 has a platform keep what is about a transaction for three years after it.
    """
    store, last = work.chain.store, ended
    for trade in work.trades.of_party(target.subject.partition("/")[2]):
        ordered = newest(store, f"trade/{trade.id}", "trade.ordered")
        if ordered is None or ordered.time > ended:
            continue
        for still in _still_open([trade]):
            raise Refused(f"trade {still.id} was made under these papers and is {still.state}")
        changed = store.by_leaf(trade.head)
        last = max(last, changed.time if changed else "")
    days = floor.house.papers_days
    until = parse_time(last, "time") + dt.timedelta(days=days)
    if floor.clock() < until:
        words = f"papers are kept for {days} days after the last dealing under them"
        raise Refused(f"papers_days: {words}, these until {until.date()}")


def _terms(target: Entry, work: UnitOfWork, _: Floor) -> None:
    engagement = work.engagements.get(target.subject.partition("/")[2])
    if engagement.holds or engagement.state is EngagementState.PROPOSED:
        raise Refused(f"engagement {engagement.id} is {engagement.state}: end it first")


def _listed(target: Entry, work: UnitOfWork, floor: Floor) -> None:
    barred = work.negative_list.get(target.subject.partition("/")[2])
    if barred.bars(floor.clock().date(), floor.house.lookback_days):
        last = barred.last_day(floor.house.lookback_days)
        raise Refused(f"{barred.id} counts until {last}: clear it first")


def _document(target: Entry, work: UnitOfWork, _: Floor) -> None:
    product = work.products.get(target.subject.partition("/")[2])
    decision = decision_on(work.chain.store, target)
    standing = decision is None or decision.kind == "document.verified"
    if standing and product.listing is ListingState.LISTED:
        raise Refused(
            f"{product.number} is on the board and the document stands: withdraw it first"
        )


_HOLDS: Final[Mapping[tuple[str, str], Hold]] = {
    ("account.deposited", "reference"): _bank_references,
    ("account.withdrawn", "reference"): _bank_references,
    ("withdrawal.requested", "payee"): _payee,
    ("participant.admitted", "register"): _register,
    ("identity.verified", "signatory"): _identity,
    ("identity.verified", "documents"): _identity_papers,
    ("licence.recorded", "number"): _licence,
    ("licence.recorded", "document"): _licence_paper,
    ("negative.listed", "organisation"): _listed,
    ("engagement.proposed", "terms"): _terms,
    ("scenario.filed", "scenario"): _scenario,
    ("scenario.reviewed", "reasons"): _scenario,
    ("objection.filed", "grounds"): _objection,
    ("compliance.attested", "report"): _assessment,
    ("quality.reviewed", "comments"): _assessment,
    ("listing.vetted", "reasons"): _assessment,
    ("document.attached", "issuer"): _document,
    ("document.attached", "name"): _document,
}


def _still_open(trades: Iterable[Trade]) -> Iterator[Trade]:
    """Yield the trades that are not over: disputed ones, and those with an award unpaid, too."""
    for trade in trades:
        if trade.state in _OPEN or trade.disputed or trade.reversal:
            yield trade


def _blank_rows(target: Entry, fields: Sequence[str], work: UnitOfWork) -> None:
    name = target.subject.partition("/")[2]
    if target.kind == "participant.admitted" and "register" in fields:
        erased: Participant = work.participants.get(name).erased()
        work.participants.put(erased)
    if target.kind == "negative.listed" and "organisation" in fields:
        listed = work.negative_list.get(name)
        work.negative_list.put(replace(listed, name=ERASED, credit_code=ERASED))
    if target.kind == "scenario.filed" and "scenario" in fields:
        work.scenarios.put(replace(work.scenarios.get(name), recipients=(ERASED,)))
