"""Metering: batches of use by whoever serves, contested by the buyer, decided by the operator."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from exchange.clearing import account_subject
from exchange.errors import (
    BadField,
    BudgetSpent,
    Conflict,
    DataDiffer,
    Forbidden,
    NoScenario,
    NotCompliant,
    Refused,
    TermsDiffer,
)
from exchange.listing import ListingState
from exchange.metering import Batch, Bill, Units, read_batch, statement_over, units_of
from exchange.participants import Participant, Role
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import admit_act, fact, record, subject_id, unchanged
from exchange.services.execute_trade import terms_of
from exchange.services.explain_suspension import lapsed_at
from exchange.services.judge_use import policy_of, require_metering_allowed
from exchange.services.lapse_listings import records_lapse
from exchange.trading import Terms, Trade, TradingMode
from ledger.acts import SignedAct, format_time, parse_time
from ledger.canonical import decode
from ledger.entries import Entry
from ledger.grades import CORE, is_core
from ledger.registry import disputes_open, lineage_of
from ledger.scenarios import scenario_end
from ledger.usage import CONTEST, LATE, batch_of, end_of_use, struck, unsettled, use_over
from ledger.view import newest
from pricing.billing import Outcome, UsageEvent
from pricing.errors import PricingError
from pricing.money import Money
from pricing.plan import Plan

METERED = frozenset({TradingMode.SUBSCRIPTION, TradingMode.USAGE, TradingMode.TRIAL})


@dataclass(frozen=True, slots=True)
class Metered:
    """What is known of a trade's use: its batches, its bills, and what is left to spend.

    `standing` says of each batch, in their order, whether it counts: billable, contested, struck,
    or open to be contested until a time.
    """

    trade: Trade
    plan: Plan
    since: str
    until: str
    batches: tuple[Entry, ...]
    standing: tuple[str, ...]
    bills: tuple[Bill, ...]
    closed: bool


@records_lapse
def meter_usage(signed: SignedAct, events: bytes, *, floor: Floor) -> Metered:
    """Take in a batch of use; `events` are the bytes that the act names by digest.

    The supplier meters, or a delivery provider that it engaged.  Raises `BadField` for a number
    out of sequence, a span that overlaps, is late or is not over, counts that are not those of
    the events, and use that the plan has no price for, a trial's beyond its cap for one;
    `NoScenario` for a span that ends after the scenario did, which may be told after that end,
    `NotCompliant` for use of a time at which the product was suspended, disputed or core data,
    `OutsidePolicy` with the part of the frozen policy that does not allow so much use or so late,
    `BudgetSpent` for use that could not be billed, `Refused` once the contract is over or its
    escrow was awarded, `DataDiffer` for other events than the act names.
    """
    trade_id = subject_id(signed, "usage")
    with floor.write() as work:
        actor = admit_act(
            signed,
            "usage.metered",
            Role.SUPPLIER,
            Role.DELIVERY_PROVIDER,
            work=work,
            floor=floor,
        )
        trade = work.trades.get(trade_id)
        if unchanged(work.chain.recorded(signed), signed):
            return metered(trade_id, work=work, floor=floor)
        _require_serving(signed, trade, actor)
        require_lasting(trade, work)
        found = metered(trade_id, work=work, floor=floor)
        _require_in_order(signed, found, floor)
        _require_scenario(signed, trade, work)
        if work.records.put(events, public=False) != fact(signed, "events"):
            raise DataDiffer("act.facts.events: not the digest of the events given")
        batch = read_batch(events, fact(signed, "since"), fact(signed, "until"))
        _require_counts(signed, batch)
        _require_handed_out(trade, batch, work)
        _require_allowed(trade, batch, work=work, floor=floor)
        _require_priced(found, batch, work)
        record(signed, work=work, floor=floor)
        work.metering.add(trade_id, units_of([batch]))
        return metered(trade_id, work=work, floor=floor)


def require_lasting(trade: Trade, work: UnitOfWork) -> None:
    """Raise `Refused` where the use of a trade has ended for good: nothing pays for more."""
    over = use_over(work.chain.store, trade.id)
    if over:
        raise Refused(f"trade {trade.id}: its use ended with {over.named}")


def _require_serving(signed: SignedAct, trade: Trade, actor: Participant) -> None:
    if fact(signed, "trade") != trade.id:
        raise TermsDiffer(f"act.facts.trade: the act is about {trade.id}")
    if actor.id != trade.supplier and not signed.act.facts.get("engagement"):
        raise Forbidden(
            f"{actor.handle} does not supply {trade.product}: name the engagement to serve it"
        )


def _require_in_order(signed: SignedAct, found: Metered, floor: Floor) -> None:
    number = len(found.batches) + 1
    if fact(signed, "sequence", int) != number:
        raise BadField("act.facts.sequence", f"batch {number} is next: none twice, none left out")
    begins = found.batches[-1].facts["until"] if found.batches else found.since
    since, until = fact(signed, "since"), fact(signed, "until")
    parse_time(since, "act.facts.since")
    now = floor.clock()
    if since < begins:
        raise BadField("act.facts.since", f"what was used before {begins} is metered already")
    if until <= since:
        raise BadField("act.facts.until", "a span ends after it begins")
    if until > found.until:
        raise BadField("act.facts.until", f"the use right ends at {found.until}")
    if until > format_time(now):
        raise BadField("act.facts.until", "that time is still to come")
    if now > parse_time(until, "act.facts.until") + LATE:
        raise BadField("act.facts.until", "use is told within seven days of its span's end")


def _require_scenario(signed: SignedAct, trade: Trade, work: UnitOfWork) -> None:
    """Raise `NoScenario` for a span that ends after the scenario, whenever it is told."""
    subject = f"scenario/{trade.scenario}"
    work.chain.store.reserve(subject)  # whoever ends it meanwhile comes before or after
    end = scenario_end(work.chain.store, subject)
    if fact(signed, "until") > end:
        raise NoScenario(
            f"act.facts.until: scenario {trade.scenario} ended at {end}, and later use is not"
            " metered",
            rules=("T-01",),
        )


def _require_handed_out(trade: Trade, batch: Batch, work: UnitOfWork) -> None:
    """Raise `NotCompliant` for a use at a time at which the product was kept from its buyers.

    What was used before counts, whenever it is told, and so does what is used once it is back on
    the board.
    """
    store, subject = work.chain.store, f"product/{trade.product}"
    store.reserve(subject)  # whoever suspends it meanwhile comes before or after
    product = work.products.get(trade.product)
    over = lapsed_at(product)
    if product.listing is not ListingState.DELISTED and over and (late := _used(batch, over)):
        why = f"what the listing of {trade.product} rests on ended at {over}"
        raise NotCompliant(
            f"events: {late.id}: {why}, and use of then is not metered",
            rules=("T-05",),
            lapsed=trade.product,
        )
    published = [entry.time for entry in store.of_kind(subject, "listing.published")]
    for suspended in store.of_kind(subject, "listing.suspended"):
        back = min((time for time in published if time > suspended.time), default="")
        if late := _used(batch, suspended.time, back):
            why = f"{trade.product} was suspended at {suspended.time}"
            raise NotCompliant(f"events: {late.id}: {why}, and use of then is not metered")
    for each in lineage_of(store, subject):
        for dispute in disputes_open(store, each):
            if late := _used(batch, dispute.time):
                why = f"a dispute over {each} is open since {dispute.time}"
                raise NotCompliant(f"events: {late.id}: {why}", rules=("S-10",))
    if is_core(store, trade.product):
        told = [newest(store, each, "grade.set") for each in lineage_of(store, subject)]
        core = [each.time for each in told if each and each.facts["grade"] == CORE]
        if late := _used(batch, min(core, default=batch.since)):
            why = f"{trade.product} is core data, whose use is not metered"
            raise NotCompliant(f"events: {late.id}: {why}", rules=("T-04",))


def _used(batch: Batch, since: str, until: str = "") -> UsageEvent | None:
    """Return a use after one time and before another, if there is one."""
    first = parse_time(since, "since").timestamp() * 1_000
    last = parse_time(until, "until").timestamp() * 1_000 if until else math.inf
    return next((event for event in batch.events if first < event.at_ms < last), None)


def _require_allowed(trade: Trade, batch: Batch, *, work: UnitOfWork, floor: Floor) -> None:
    policy = policy_of(terms_of(trade.terms, work), work.scenarios.get(trade.scenario), work)
    at = parse_time(batch.until, "act.facts.until")
    uses = sum(event.quantity for event in batch.events)
    require_metering_allowed(policy, trade, at=at, uses=uses, work=work, floor=floor)


def _require_counts(signed: SignedAct, batch: Batch) -> None:
    for name, outcome in (("found", Outcome.FOUND), ("missed", Outcome.NOT_FOUND)):
        if fact(signed, name, int) != batch.count(outcome):
            raise BadField(f"act.facts.{name}", f"the events come to {batch.count(outcome)}")


def _require_priced(found: Metered, batch: Batch, work: UnitOfWork) -> None:
    """Raise for use that the plan has no price for, or the contract no money left.

    `BadField` where a trial or a pack is spent, `BudgetSpent` where a budget is.
    """
    try:
        require_budget(found, batch, work)
    except PricingError as error:
        raise BadField("events", str(error).removeprefix("events: ")) from error


def require_budget(found: Metered, batch: Batch, work: UnitOfWork) -> None:
    """Raise `BudgetSpent` where the use so far takes all of the budget and `batch` costs more.

    The batch that reaches the end of a budget is the last one: of that use, what goes beyond is
    not billed.  The use so far is a running total, which is kept as batches are taken and struck.
    Raises `PricingError` for use that the plan has no price for.
    """
    before = work.metering.of(found.trade.id)
    due = _rated(found, before + units_of([batch]), batch.until, work)
    if terms_of(found.trade.terms, work).mode is not TradingMode.USAGE:
        return
    spent = _rated(found, before, batch.until, work)
    budget = found.trade.money(found.trade.released) + found.trade.held
    if budget <= spent < due:
        raise BudgetSpent(f"trade {found.trade.id}: its use takes all of {budget} already")


def _rated(found: Metered, units: Units, until: str, work: UnitOfWork) -> Money:
    statement = statement_over(units, since=found.since, until=until, pack=_pack(found, work))
    return found.plan.rate(statement).amount


def _pack(found: Metered, work: UnitOfWork) -> int:
    return terms_of(found.trade.terms, work).pack


def batches_of(found: Metered, work: UnitOfWork) -> list[Batch]:
    """Return the batches that were not struck, with their events."""
    out = struck(work.chain.store, found.trade.id)
    return [_read(each, work) for each in found.batches if each.facts["sequence"] not in out]


def _read(batch: Entry, work: UnitOfWork) -> Batch:
    facts = batch.facts
    return read_batch(work.records.get(facts["events"]), facts["since"], facts["until"])


def contest_usage(signed: SignedAct, *, floor: Floor) -> Metered:
    """Deny a batch, as the buyer, within seven days: it is not billed before a decision.

    Raises `NotFound` for a batch that there is not, `Conflict` for one contested before,
    `Refused` after the seven days, `BadField` without a reason.
    """

    def check(trade: Trade, batch: Entry, work: UnitOfWork) -> None:
        sequence = batch.facts["sequence"]
        _require_once(trade, "usage.contested", sequence, work)
        if floor.clock() > parse_time(batch.time, "time") + CONTEST:
            raise Refused(f"batch {sequence}: it could be contested for seven days")

    return _about_batch(signed, "usage.contested", Role.BUYER, check, floor=floor)


def decide_usage(signed: SignedAct, *, floor: Floor) -> Metered:
    """Decide on a contested batch, as the operator: it stands, or it is struck.

    Raises `Refused` for one that nobody contested, `Conflict` for one decided before, `BadField`
    for another outcome or without a reason.
    """

    def check(trade: Trade, batch: Entry, work: UnitOfWork) -> None:
        sequence = batch.facts["sequence"]
        subject = f"usage/{trade.id}"
        contests = work.chain.store.of_kind(subject, "usage.contested")
        if all(contest.facts["sequence"] != sequence for contest in contests):
            raise Refused(f"batch {sequence} of {trade.id}: nobody contested it")
        _require_once(trade, "usage.decided", sequence, work)
        if fact(signed, "outcome") not in {"stands", "struck"}:
            raise BadField("act.facts.outcome", "stands or struck")

    return _about_batch(signed, "usage.decided", Role.OPERATOR, check, floor=floor)


def _require_once(trade: Trade, kind: str, sequence: int, work: UnitOfWork) -> None:
    for found in work.chain.store.of_kind(f"usage/{trade.id}", kind):
        if found.facts["sequence"] == sequence:
            word = kind.rpartition(".")[2]
            raise Conflict(f"batch {sequence} of {trade.id} was {word} at {found.named}")


def _about_batch(
    signed: SignedAct,
    kind: str,
    role: Role,
    check: Callable[[Trade, Entry, UnitOfWork], None],
    *,
    floor: Floor,
) -> Metered:
    trade_id = subject_id(signed, "usage")
    with floor.write() as work:
        actor = admit_act(signed, kind, role, work=work, floor=floor)
        trade = work.trades.get(trade_id)
        if not unchanged(work.chain.recorded(signed), signed):
            if role is Role.BUYER and actor.id != trade.buyer:
                raise Forbidden(f"{actor.handle} is not the buyer of trade {trade.id}")
            if fact(signed, "trade") != trade.id:
                raise TermsDiffer(f"act.facts.trade: the act is about {trade.id}")
            batch = batch_of(work.chain.store, trade_id, fact(signed, "sequence", int))
            if batch is None:
                raise BadField("act.facts.sequence", "there is no batch of that number")
            if not fact(signed, "reason"):
                raise BadField("act.facts.reason", "a reason is wanted")
            check(trade, batch, work)
            record(signed, work=work, floor=floor)
            if signed.act.facts.get("outcome") == "struck":
                taken = units_of([_read(batch, work)])
                work.metering.add(trade_id, Counter({key: -units for key, units in taken.items()}))
        return metered(trade_id, work=work, floor=floor)


def end_usage(signed: SignedAct, *, floor: Floor) -> Metered:
    """End metered use, by buyer, supplier or operator, as of the act; what was used is billed.

    Raises `Refused` for a trade that is not billed by use, has no contract or whose use is over
    for good, `Conflict` where it was ended, `BadField` for another time than the present.
    """
    trade_id = subject_id(signed, "usage")
    with floor.write() as work:
        actor = admit_act(signed, "usage.ended", work=work, floor=floor)
        trade = work.trades.get(trade_id)
        if unchanged(work.chain.recorded(signed), signed):
            return metered(trade_id, work=work, floor=floor)
        if actor.id not in {trade.buyer, trade.supplier, floor.house.operator}:
            raise Forbidden(f"{actor.handle} is no party to trade {trade_id}")
        found = metered(trade_id, work=work, floor=floor)
        terms = terms_of(trade.terms, work)
        if terms.mode is TradingMode.SUBSCRIPTION:
            raise Refused(f"trade {trade_id} is a subscription: it ends by notice")
        if fact(signed, "trade") != trade.id:
            raise TermsDiffer(f"act.facts.trade: the act is about {trade.id}")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        ended = newest(work.chain.store, f"usage/{trade_id}", "usage.ended")
        if ended:
            raise Conflict(f"the use of {trade_id} was ended at {ended.named}")
        require_lasting(trade, work)
        if fact(signed, "until") > found.until or fact(signed, "until") != signed.act.time:
            raise BadField("act.facts.until", f"the time of the act, by {found.until}")
        work.chain.store.reserve(account_subject(trade.buyer))
        entry = record(signed, work=work, floor=floor)
        work.trades.put(replace(trade, grant_until=entry.facts["until"]))
        return metered(trade_id, work=work, floor=floor)


# Looking.


def metered(trade_id: str, *, work: UnitOfWork, floor: Floor) -> Metered:
    """Return what is known of a trade's use, or raise `Refused` for one that is not metered."""
    trade = work.trades.get(trade_id)
    terms: Terms = terms_of(trade.terms, work)
    store, subject = work.chain.store, f"usage/{trade_id}"
    contract = newest(store, f"trade/{trade_id}", "trade.contracted")
    if terms.mode not in METERED or contract is None:
        why = f"it is {trade.state}" if contract is None else f"its mode is {terms.mode}"
        raise Refused(f"trade {trade_id}: nothing is metered, {why}")
    batches = tuple(store.of_kind(subject, "usage.metered"))[::-1]
    return Metered(
        trade=trade,
        plan=Plan.from_record(decode(work.records.get(terms.plan))),
        since=contract.time,
        until=end_of_use(store, trade_id),
        batches=batches,
        standing=standing_of(batches, work=work, floor=floor),
        bills=tuple(_bill(entry) for entry in store.of_kind(subject, "usage.billed"))[::-1],
        closed=newest(store, f"trade/{trade_id}", "usage.closed") is not None,
    )


def standing_of(batches: Sequence[Entry], *, work: UnitOfWork, floor: Floor) -> tuple[str, ...]:
    """Say of each batch whether it is billable, contested, struck, or may be contested."""
    now, store = format_time(floor.clock()), work.chain.store
    said = []
    for batch in batches:
        out = batch.facts["sequence"] in struck(store, batch.facts["trade"])
        why = "struck" if out else unsettled(store, batch, now)
        said.append(why or "billable")
    return tuple(said)


def _bill(entry: Entry) -> Bill:
    facts = entry.facts
    return Bill(
        number=facts["number"],
        until=facts["until"],
        through=facts["through"],
        due=str(Money.read(facts["due"])),
        amount=str(Money.read(facts["amount"])),
        pricing=facts["pricing"],
        entry=entry.leaf.hex(),
    )
