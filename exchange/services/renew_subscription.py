"""Subscriptions: the buyer's authorisation, renewal period by period, notice, and settlement.

A renewal charges the amount that was ordered, at the frozen terms: the sheet's later price is
never looked at.  It is made while everything that a contract needs stands: the parties, the
board, the registration, the scenario and its policy.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from exchange.clearing import account_subject, available, escrow, release, transfer
from exchange.errors import (
    BadField,
    ExchangeError,
    Forbidden,
    InsufficientFunds,
    NotFound,
    Refused,
    TermsDiffer,
)
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.recurring import in_words
from exchange.services.acting import (
    admit_act,
    fact,
    record,
    record_for_house,
    subject_id,
    unchanged,
)
from exchange.services.execute_trade import terms_of
from exchange.services.file_scenario import require_permitted
from exchange.services.judge_use import Moment, policy_of, require_allowed
from exchange.services.lapse_listings import records_lapse
from exchange.services.list_product import require_listed
from exchange.services.release_part import divide
from exchange.services.renew_registration import require_registered
from exchange.services.reserve_use import require_use_free
from exchange.services.serve_awards import serve_awards
from exchange.subscriptions import Subscription, SubscriptionState, held_for
from exchange.trading import Terms, Trade, TradeState, TradingMode, period_end
from ledger.acts import SignedAct, format_time, parse_time
from ledger.agreements import use_until
from ledger.entries import Entry
from ledger.subscriptions import GRACE
from ledger.view import newest
from pricing.money import Money

PERIODS_MAX: Final = 1_200  # a century of months
REASON_MAX: Final = 200  # characters


def authorise(signed: SignedAct, *, floor: Floor) -> Subscription:
    """Let the exchange charge further periods; once more, with another number, replaces it.

    Raises `TermsDiffer` for other terms or another amount than were ordered, `BadField` for a
    number of periods that allows nothing, `Refused` for a trade that is no subscription or that
    has no contract yet.
    """
    trade_id = subject_id(signed, "subscription")
    with floor.write() as work:
        buyer = admit_act(signed, "subscription.authorised", Role.BUYER, work=work, floor=floor)
        trade = work.trades.get(trade_id)
        if unchanged(work.chain.recorded(signed), signed):
            return work.subscriptions.get(trade_id)
        if buyer.id != trade.buyer:
            raise Forbidden(f"{buyer.handle} is not the buyer of trade {trade_id}")
        agreed = {"trade": trade.id, "terms": trade.terms, "amount": trade.amount.to_record()}
        for name, value in agreed.items():
            if signed.act.facts.get(name) != value:
                raise TermsDiffer(f"act.facts.{name}: not that of trade {trade.id}")
        terms = terms_of(trade.terms, work)
        if terms.mode is not TradingMode.SUBSCRIPTION:
            raise Refused(f"trade {trade.id} is {terms.mode}: it has no periods to renew")
        contract = newest(work.chain.store, f"trade/{trade.id}", "trade.contracted")
        if contract is None or trade.state not in {TradeState.CONTRACTED, TradeState.EXECUTED}:
            raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to renew")
        running = _found(trade, contract, terms, work)
        periods = fact(signed, "periods", int)
        if not running.period < periods <= PERIODS_MAX:
            rule = f"more than the {running.period} charged, {PERIODS_MAX} at most"
            raise BadField("act.facts.periods", rule)
        running.require(SubscriptionState.RUNNING)
        entry = record(signed, work=work, floor=floor)
        allowed = replace(running, periods=periods, head=entry.leaf.hex())
        work.subscriptions.put(allowed)
        return allowed


def _found(trade: Trade, contract: Entry, terms: Terms, work: UnitOfWork) -> Subscription:
    try:
        return work.subscriptions.get(trade.id)
    except NotFound:
        return Subscription(
            trade=trade.id,
            product=trade.product,
            buyer=trade.buyer,
            supplier=trade.supplier,
            amount=terms.amount,
            terms=trade.terms,
            periods=1,
            since=contract.time,
            until=contract.facts["until"],
            anchor=contract.time,
            head=contract.leaf.hex(),
        )


@records_lapse
def renew(trade_id: str, *, floor: Floor) -> Subscription:
    """Charge the next period, where one is due; else return the subscription as it is.

    What stands in the way is recorded once, as overdue, and raised: `InsufficientFunds`,
    `NoScenario`, `NotCompliant`, `Refused`.  The period may then be charged for a week from the
    end of the last, beginning when it is charged; after that the subscription is ended here.
    """
    try:
        with floor.write() as work:
            found = work.subscriptions.get(trade_id)
            now = format_time(floor.clock())
            if found.state is SubscriptionState.ENDED or now < found.due_at:
                return found
            if found.is_last or now > _grace(found):
                return _end_for_house(found, work=work, floor=floor)
            return _renew(found, work=work, floor=floor)
    except ExchangeError as error:
        if isinstance(error, Refused | Forbidden):
            with floor.write() as work:
                _fall_overdue(work.subscriptions.get(trade_id), error, work=work, floor=floor)
        raise


def _renew(found: Subscription, *, work: UnitOfWork, floor: Floor) -> Subscription:
    trade = work.trades.get(found.trade)
    terms = terms_of(found.terms, work)
    _require_renewable(trade, terms, work=work, floor=floor)
    spendable = work.accounts.spendable(available(found.buyer), found.amount.currency)
    if spendable < found.amount:
        raise InsufficientFunds(f"the account of the buyer holds {spendable}, not {found.amount}")
    moved = _next_period(found, terms, floor.clock())
    facts = {
        "trade": found.trade,
        "product": found.product,
        "terms": found.terms,
        "amount": found.amount.to_record(),
        "period": moved.period,
        "since": moved.since,
        "until": moved.until,
    }
    work.chain.store.reserve(account_subject(found.buyer))
    subject = f"subscription/{found.trade}"
    entry = record_for_house("subscription.renewed", subject, facts, work=work, floor=floor)
    source, target = available(found.buyer), escrow(held_for(found.trade))
    what = f"period {moved.period} of {found.trade}"
    work.accounts.post(transfer(what, entry, source, target, found.amount))
    work.trades.put(replace(trade, grant_until=moved.until))
    renewed = moved.moved(SubscriptionState.RUNNING, entry)
    work.subscriptions.put(renewed)
    return renewed


def _next_period(found: Subscription, terms: Terms, now: dt.datetime) -> Subscription:
    """Return the subscription with its next period, from the last one's end, or from now."""
    if terms.period is None:
        raise Refused(f"trade {found.trade}: its terms name no period")
    number = found.period + 1
    last = parse_time(found.until, "until")
    if now > last:  # nobody pays for days on which the use right rested
        began = format_time(now)
        end = period_end(now, terms.period)
        found = replace(found, anchor=began, anchored=number, since=began)
    else:
        anchor = parse_time(found.anchor, "anchor")
        end = period_end(anchor, terms.period, number - found.anchored + 1)
        found = replace(found, since=found.until)
    return replace(found, period=number, until=format_time(end), grace=None, reason=None)


def _require_renewable(trade: Trade, terms: Terms, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise unless all that a contract needs stands, and what was bought was received."""
    trade.require_undisputed()
    if trade.state not in {TradeState.CONTRACTED, TradeState.EXECUTED}:
        raise Refused(f"trade {trade.id} is {trade.state}: there is no contract to renew")
    if not trade.accepted and trade.state is not TradeState.EXECUTED:
        raise Refused(f"trade {trade.id}: what was bought first is not received yet")
    product, buyer = work.products.get(trade.product), work.participants.get(trade.buyer)
    buyer.require(Role.BUYER)
    work.participants.get(trade.supplier).require(Role.SUPPLIER)
    if product.supplier != trade.supplier:
        raise Refused(
            f"{product.number} is not supplied by who concluded trade {trade.id} any more"
        )
    require_registered(product, floor=floor)
    require_listed(product, work=work, floor=floor)
    scenario = work.scenarios.get(terms.scenario)
    require_permitted(scenario, product, buyer, work=work, floor=floor)
    require_use_free(
        product,
        scenario,
        exclusive=terms.exclusive,
        besides=trade.id,
        work=work,
        floor=floor,
    )
    # Without the trade: a period's use right begins anew, and is not measured by the last one's.
    policy = policy_of(terms, scenario, work)
    require_allowed(policy, scenario, product.number, Moment.RENEWAL, work=work, floor=floor)


def _grace(found: Subscription) -> str:
    return format_time(parse_time(found.until, "until") + GRACE)


def _fall_overdue(
    found: Subscription, why: ExchangeError, *, work: UnitOfWork, floor: Floor
) -> None:
    """Record once that a period could not be charged, and why."""
    if found.grace is not None or floor.signer is None:
        return
    reason, until = str(why)[:REASON_MAX], _grace(found)
    facts = {
        "trade": found.trade,
        "period": found.period + 1,
        "reason": reason,
        "until": until,
    }
    subject = f"subscription/{found.trade}"
    entry = record_for_house("subscription.overdue", subject, facts, work=work, floor=floor)
    moved = found.moved(SubscriptionState.OVERDUE, entry)
    work.subscriptions.put(replace(moved, grace=until, reason=reason))


def _end_for_house(found: Subscription, *, work: UnitOfWork, floor: Floor) -> Subscription:
    if format_time(floor.clock()) < found.until:
        return found  # the last period runs still
    allowed = f"the {found.periods} periods that the buyer authorised are over"
    reason = allowed if found.is_last else f"not charged in time: {found.reason or 'not asked'}"
    facts = {"trade": found.trade, "reason": reason[:REASON_MAX], "until": found.until}
    subject = f"subscription/{found.trade}"
    entry = record_for_house("subscription.ended", subject, facts, work=work, floor=floor)
    return _ended(found, entry, work)


def _ended(found: Subscription, entry: Entry, work: UnitOfWork) -> Subscription:
    moved = found.moved(SubscriptionState.ENDED, entry)
    ended = replace(moved, reason=entry.facts["reason"], grace=None)
    work.subscriptions.put(ended)
    return ended


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a run over all subscriptions has changed, and what was refused, by trade."""

    changed: tuple[Subscription, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def renew_due(*, floor: Floor) -> Sweep:
    """Renew and settle whatever is due; the scheduled job of subscriptions.

    One step that fails, whatever the error, is told and stops no other.
    """
    with floor.read() as work:
        ended = SubscriptionState.ENDED
        found = [
            each for each in work.subscriptions.all() if each.state is not ended or each.held.minor
        ]
    changed, refused = [], []
    steps: Sequence[Callable[..., Subscription]] = (renew, settle_periods)
    for before in found:
        for step in steps:
            try:
                after = step(before.trade, floor=floor)
            except Exception as error:  # noqa: BLE001 - the next is done all the same
                refused.append((before.trade, in_words(error)))
            else:
                if after.head != before.head and after not in changed:
                    changed.append(after)
    return Sweep(tuple(changed), tuple(refused))


def end_subscription(signed: SignedAct, *, floor: Floor) -> Subscription:
    """Give notice, by buyer, supplier or operator: what is paid for is the last period.

    Raises `TermsDiffer` where the act names another end, `BadField` without a reason.
    """
    trade_id = subject_id(signed, "subscription")
    with floor.write() as work:
        actor = admit_act(signed, "subscription.ended", work=work, floor=floor)
        trade = work.trades.get(trade_id)
        if actor.id not in {trade.buyer, trade.supplier, floor.house.operator}:
            raise Forbidden(f"{actor.handle} is no party to trade {trade_id}")
        found = work.subscriptions.get(trade_id)
        if unchanged(work.chain.recorded(signed), signed):
            return found
        found.require(SubscriptionState.ENDED)
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        if fact(signed, "until") != found.until:
            raise TermsDiffer(f"act.facts.until: what is paid for runs until {found.until}")
        return _ended(found, record(signed, work=work, floor=floor), work)


def settle_periods(trade_id: str, *, floor: Floor) -> Subscription:
    """Release the escrow of every renewed period that has ended: fee, supplier, contributors.

    Settling again moves nothing.  The first period is settled as its trade is.  Raises `Refused`
    while a dispute over the trade is open.
    """
    with floor.read() as work:
        found = work.subscriptions.get(trade_id)
        trade = work.trades.get(trade_id)
        if not _ended_periods(found, floor):
            return found
        trade.require_undisputed()
        # Each period costs the same.
        division = divide(trade, found.amount, work=work, floor=floor, alone=True)
    with floor.write() as work:
        found = work.subscriptions.get(trade_id)
        work.trades.get(trade_id).require_undisputed()
        for period in _ended_periods(found, floor):
            work.chain.store.reserve(*division.subjects)
            facts = {
                **_paid(found, period),
                "lines": [line.to_record() for line in division.lines],
                "allocation": work.records.put(division.allocation, public=True),
            }
            subject = f"subscription/{trade_id}"
            entry = record_for_house("subscription.settled", subject, facts, work=work, floor=floor)
            work.accounts.post(release(held_for(trade_id), entry, division.lines))
            found = replace(found, settled=period, head=entry.leaf.hex())
        work.subscriptions.put(found)
        serve_awards(trade.supplier, work=work, floor=floor)
        return found


def _ended_periods(found: Subscription, floor: Floor) -> range:
    """Return the numbers of the periods that have ended and are held still."""
    now = format_time(floor.clock())
    # Where the newest was charged ahead and has not begun, the one before it runs still.
    running = 0 if now >= found.until else 1 if now >= found.since else 2
    return range(found.settled + 1, found.period - running + 1)


def refund_period(signed: SignedAct, *, floor: Floor) -> Subscription:
    """Give the fee of a period that is held back, as the operator: it was not served.

    The use right of the period ends with it: at once, or before it begins.

    Raises `Refused` for a period that was paid out, or before an earlier one that was not, and
    while a dispute over the trade is open.
    """
    trade_id = subject_id(signed, "subscription")
    with floor.write() as work:
        admit_act(signed, "subscription.refunded", Role.OPERATOR, work=work, floor=floor)
        found = work.subscriptions.get(trade_id)
        if unchanged(work.chain.recorded(signed), signed):
            return found
        trade = work.trades.get(trade_id)
        trade.require_undisputed()
        period = fact(signed, "period", int)
        if period != found.settled + 1 or period > found.period:
            raise Refused(f"act.facts.period: period {period} is not the next that is held")
        if not fact(signed, "reason"):
            raise BadField("act.facts.reason", "a reason is wanted")
        for name, value in _paid(found, period).items():
            if signed.act.facts.get(name) != value:
                raise TermsDiffer(f"act.facts.{name}: not that of the period")
        work.chain.store.reserve(account_subject(found.buyer))
        entry = record(signed, work=work, floor=floor)
        source, target = escrow(held_for(trade_id)), available(found.buyer)
        what = f"refund of period {period} of {trade_id}"
        work.accounts.post(transfer(what, entry, source, target, found.amount))
        refunded = replace(found, settled=period, head=entry.leaf.hex())
        work.subscriptions.put(refunded)
        shortened = trade.cut_short(use_until(work.chain.store, f"trade/{trade_id}"))
        if shortened != trade:
            work.trades.put(shortened)
        return refunded


def _paid(found: Subscription, period: int) -> dict[str, object]:
    amount = found.amount.to_record()
    return {"trade": found.trade, "period": period, "amount": amount}


# Looking.


@dataclass(frozen=True, slots=True)
class Charged:
    """One period as the chain tells it: its bounds, its fee, and where the fee is."""

    period: int
    since: str
    until: str
    amount: Money
    paid_out: str
    entry: str


def periods_of(trade_id: str, work: UnitOfWork) -> tuple[Charged, ...]:
    """Return the periods of a subscription that were charged, oldest first."""
    trade, store = work.trades.get(trade_id), work.chain.store
    subject = f"subscription/{trade_id}"
    contract = newest(store, f"trade/{trade_id}", "trade.contracted")
    if contract is None:
        return ()
    paid = {
        entry.facts["period"]: kind.rpartition(".")[2]
        for kind in ("subscription.settled", "subscription.refunded")
        for entry in store.of_kind(subject, kind)
    }
    until = contract.facts["until"]
    first = Charged(1, contract.time, until, trade.amount, str(trade.escrow), contract.leaf.hex())
    later = [
        Charged(
            entry.facts["period"],
            entry.facts["since"],
            entry.facts["until"],
            Money.read(entry.facts["amount"]),
            paid.get(entry.facts["period"], "held"),
            entry.leaf.hex(),
        )
        for entry in store.of_kind(subject, "subscription.renewed")
    ]
    return (first, *later[::-1])
