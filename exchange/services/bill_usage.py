"""Billing by use: what stands of the batches, under the frozen plan, taken from escrow and paid.

Each bill is of all use since the contract, less what earlier bills took: so a bill needs no
memory, and its pricing record replays by itself.  It takes no more than the escrow holds; what
a later bill would come to less is credited against those that follow, and never paid back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from exchange.clearing import EscrowState, account_subject, available, escrow, transfer
from exchange.errors import Busy, Refused
from exchange.metering import Batch, statement_of
from exchange.plans import period_of
from exchange.ports import Floor, UnitOfWork
from exchange.recurring import in_words
from exchange.services.acting import record_for_house
from exchange.services.execute_trade import terms_of
from exchange.services.meter_usage import Metered, batches_of, metered
from exchange.services.release_part import Division, divide, release_part
from exchange.services.serve_awards import serve_awards
from exchange.trading import BY_USE, TradeState, period_end
from ledger.acts import format_time, parse_time
from ledger.canonical import encode
from ledger.usage import CONTEST, LATE, unsettled
from pricing.errors import PricingError
from pricing.money import Money
from pricing.record import PricingRecord, recorded


@dataclass(frozen=True, slots=True)
class Due:
    """A bill that is due: until when, over which batches, what all use costs, what it takes."""

    number: int
    until: str
    through: int
    total: Money
    amount: Money
    record: PricingRecord


def bill_usage(trade_id: str, *, floor: Floor) -> Metered:
    """Bill a trade's use to the end of the last whole period; nothing where none is due.

    What the bill takes is settled as a part of the trade in the same commit.  Raises `Refused`
    while a batch of that time may be contested or is, and before late batches of the last
    period could come; `Busy` where use was metered meanwhile.
    """
    with floor.read() as work:
        found = metered(trade_id, work=work, floor=floor)
        due = _due(found, work=work, floor=floor)
        if due is None:
            return found
        division = None
        if due.amount.minor:
            division = divide(found.trade, due.amount, work=work, floor=floor)
    with floor.write() as work:
        found = metered(trade_id, work=work, floor=floor)
        again = _due(found, work=work, floor=floor)
        if again is None:
            return found
        if again != due:
            raise Busy(f"the use of {trade_id} was metered meanwhile: nothing was billed")
        _record(found, due, division, work=work, floor=floor)
        return metered(trade_id, work=work, floor=floor)


def _record(
    found: Metered, due: Due, division: Division | None, *, work: UnitOfWork, floor: Floor
) -> None:
    trade = found.trade
    facts = {
        "trade": trade.id,
        "number": due.number,
        "until": due.until,
        "through": due.through,
        "due": due.total.to_record(),
        "amount": due.amount.to_record(),
        "pricing": work.records.put(encode(due.record.to_record()), public=True),
    }
    if division:
        work.chain.store.reserve(*division.subjects)
    entry = record_for_house("usage.billed", f"usage/{trade.id}", facts, work=work, floor=floor)
    if division:
        release_part(trade, due.amount, entry, division, work=work, floor=floor)
        serve_awards(trade.supplier, work=work, floor=floor)


def _due(found: Metered, *, work: UnitOfWork, floor: Floor) -> Due | None:
    """Return the bill that is due, None where the last one goes to the end of the last period."""
    terms = terms_of(found.trade.terms, work)
    if terms.mode not in BY_USE:
        raise Refused(f"trade {found.trade.id} is {terms.mode}: it is not billed by use")
    until = _last_end(found, floor.clock())
    billed = found.bills[-1].until if found.bills else ""
    if until is None or until <= billed:
        return None
    within = [batch for batch in found.batches if batch.facts["since"] < until]
    for batch in within:
        why = unsettled(work.chain.store, batch, format_time(floor.clock()))
        if why:
            raise Refused(f"batch {batch.facts['sequence']} of {found.trade.id} {why}")
    batches = batches_of(replace(found, batches=tuple(within)), work)
    total, record = _rated(found, batches, until, terms.pack, terms.sheet)
    taken = Money(found.trade.released, found.trade.amount.currency)
    owed = total.minor - taken.minor
    amount = Money(min(max(owed, 0), found.trade.held.minor), total.currency)
    through = within[-1].facts["sequence"] if within else 0
    return Due(len(found.bills) + 1, until, through, total, amount, record)


def _rated(
    found: Metered, batches: list[Batch], until: str, pack: int, sheet: str
) -> tuple[Money, PricingRecord]:
    statement = statement_of(batches, since=found.since, until=until, pack=pack)
    documents = {"sheet": sheet}
    try:
        bill, record = recorded(found.plan.tariff, statement, documents=documents)
    except PricingError as error:
        raise Refused(f"the use of {found.trade.id} cannot be billed: {error}") from error
    return bill.amount, record


def _last_end(found: Metered, now: dt.datetime) -> str | None:
    """Return the end of the last whole period, or of the use right once late batches are in."""
    end = parse_time(found.until, "until")
    if now >= end + LATE:
        return found.until
    began, period = parse_time(found.since, "since"), period_of(found.plan)
    last, count = None, 1
    while (after := period_end(began, period, count)) < end and after <= now:
        last, count = after, count + 1
    return format_time(last) if last else None


def next_bill(found: Metered) -> str:
    """Return from when on the next bill of a trade can be made; empty after the last one.

    That is once its period is over and each batch of it could be contested for a week; the last
    bill waits for late batches.  A batch that is contested waits for its decision besides.
    """
    billed = found.bills[-1].until if found.bills else ""
    if found.closed or billed == found.until:
        return ""
    end = parse_time(found.until, "until")
    began, period, count = parse_time(found.since, "since"), period_of(found.plan), 1
    while (until := period_end(began, period, count)) < end and format_time(until) <= billed:
        count += 1
    until, ready = (end, end + LATE) if until >= end else (until, until)
    within = [batch for batch in found.batches if batch.facts["since"] < format_time(until)]
    contested = (parse_time(batch.time, "time") + CONTEST for batch in within)
    return format_time(max([ready, *contested]))


def close_usage(trade_id: str, *, floor: Floor) -> Metered:
    """Bill the rest of a trade's use and give back what is left in escrow.

    Closing again moves nothing.  Raises `Refused` before the use right has ended and the seven
    days for late batches are over, and as `bill_usage` does.
    """
    found = bill_usage(trade_id, floor=floor)
    end = parse_time(found.until, "until")
    if floor.clock() < end + LATE:
        after = format_time(end + LATE)
        raise Refused(f"the use of {trade_id} is closed after {after}, when late batches are in")
    with floor.write() as work:
        found = metered(trade_id, work=work, floor=floor)
        if found.closed:
            return found
        trade = found.trade
        trade.require_undisputed()
        rest = trade.held
        work.chain.store.reserve(account_subject(trade.buyer))
        subject, facts = f"trade/{trade_id}", {"amount": rest.to_record()}
        entry = record_for_house("usage.closed", subject, facts, work=work, floor=floor)
        source, target = escrow(trade_id), available(trade.buyer)
        what = f"rest of {trade_id}"
        work.accounts.post(transfer(what, entry, source, target, rest))
        if trade.state is TradeState.CONTRACTED:
            paid = trade.released or not rest.minor
            state = EscrowState.RELEASED if paid else EscrowState.REFUNDED
            trade = trade.escrow_moved(state).moved(TradeState.EXECUTED)
        work.trades.put(trade.at(entry))
        return metered(trade_id, work=work, floor=floor)


@dataclass(frozen=True, slots=True)
class Round:
    """What a run over all metered trades has billed or closed, and what was refused, by trade."""

    billed: tuple[Metered, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def bill_due(*, floor: Floor) -> Round:
    """Bill and close whatever is due; the scheduled job of metered use.

    One trade that fails, whatever the error, is told and stops no other.
    """
    with floor.read() as work:
        due = [
            trade.id
            for trade in work.trades.unsettled()
            if trade.state is TradeState.CONTRACTED and terms_of(trade.terms, work).mode in BY_USE
        ]
    billed, refused = [], []
    for trade_id in due:
        try:
            with floor.read() as work:
                before = metered(trade_id, work=work, floor=floor)
            over = floor.clock() >= parse_time(before.until, "until") + LATE
            after = (close_usage if over else bill_usage)(trade_id, floor=floor)
        except Exception as error:  # noqa: BLE001 - the next is done all the same
            refused.append((trade_id, in_words(error)))
        else:
            if after.bills != before.bills or after.trade != before.trade:
                billed.append(after)
    return Round(tuple(billed), tuple(refused))
