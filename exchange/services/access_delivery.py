"""Access to a delivery: each time the sealed file is handed out is judged, counted and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from exchange.errors import BudgetSpent, Busy, Forbidden, NotFound, Refused
from exchange.metering import once_more
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from exchange.services.deliver_product import require_handed_out
from exchange.services.execute_trade import terms_of
from exchange.services.file_scenario import require_running
from exchange.services.judge_use import Moment, policy_of, require_allowed, uses_of
from exchange.services.lapse_listings import records_lapse
from exchange.services.meter_usage import metered, require_budget, require_lasting
from exchange.services.read_papers import require_identity
from exchange.trading import BY_USE, Trade, TradeState
from ledger.access import GRANTED, access_subject, accesses
from ledger.acts import format_time
from ledger.agreements import undone
from ledger.subscriptions import refunded_at
from ledger.usage import struck
from pricing.errors import PricingError
from pricing.money import Money


@dataclass(frozen=True, slots=True)
class Access:
    """One access: the sealed file, how many there were with it, and how many are allowed."""

    path: Path
    sealed: str
    count: int
    limit: int | None


@records_lapse
def access_delivery(trade_id: str, *, by: str, floor: Floor) -> Access:
    """Hand a delivery to its buyer once more, where the policy of the contract allows it.

    The access is counted on the chain in the transaction that allows it, so that however many ask
    at once no more are let through than the contract says.  Raises `Forbidden` for anybody but
    the buyer, `NotFound` before anything was delivered, `NoScenario` once the scenario has ended,
    `NotCompliant` while the product is suspended, lapsed or disputed and for core data,
    `Refused` after the contract or the use right has, or the period's fee was given back,
    `BudgetSpent` where no further use could be billed, `OutsidePolicy` with the part of the policy
    that refuses, `Busy` where use was metered or struck meanwhile.
    """
    with floor.read() as work:
        trade = require_buyer(trade_id, by, work=work, floor=floor)
        require_paid_for(trade, work=work, floor=floor)
        # Rating all use so far takes its time: nobody who writes waits for it.
        rated = require_further_use(trade, work=work, floor=floor)
    path = floor.vault.check(trade.sealed or "")  # read whole before it counts
    with floor.write() as work:
        work.chain.store.reserve(access_subject(trade_id))  # whoever asks next waits, and counts on
        trade = require_buyer(trade_id, by, work=work, floor=floor)
        require_paid_for(trade, work=work, floor=floor)
        if _counted(trade, work) != rated:
            raise Busy(f"the use of {trade_id} was metered meanwhile: nothing was handed out")
        require_handed_out(trade, work=work, floor=floor)  # the board may have changed since
        terms, scenario = terms_of(trade.terms, work), work.scenarios.get(trade.scenario)
        require_running(scenario, trade.product, trade.buyer, floor=floor)
        policy = policy_of(terms, scenario, work)
        require_allowed(
            policy, scenario, trade.product, Moment.ACCESS, trade=trade, work=work, floor=floor
        )
        trade.require_use_right(format_time(floor.clock()))
        limit = uses_of(policy)
        count = accesses(work.chain.store, trade.id) + 1
        facts = {"trade": trade.id, "to": trade.buyer, "sealed": trade.sealed, "count": count}
        if terms.policy:
            facts["policy"] = terms.policy
        if limit is not None:
            facts["limit"] = limit
        record_for_house(GRANTED, access_subject(trade.id), facts, work=work, floor=floor)
    return Access(path, trade.sealed or "", count, limit)


def require_buyer(trade_id: str, by: str, *, work: UnitOfWork, floor: Floor) -> Trade:
    """Return a delivered trade whose contract stands, or raise for anybody but its buyer.

    A buyer whose identity has ended is handed out nothing until it is verified anew (P-02).
    """
    trade = work.trades.get(trade_id)
    if trade.buyer != by:
        raise Forbidden(f"the delivery of {trade_id} is open to its buyer alone")
    buyer = work.participants.get(by)
    buyer.require()  # who is suspended reads what is its own, fetches nothing
    require_identity(buyer, "P-02", floor=floor)
    if trade.sealed is None:
        raise NotFound(f"trade {trade_id}: nothing has been delivered yet")
    if trade.state not in {TradeState.CONTRACTED, TradeState.EXECUTED}:
        raise Refused(f"trade {trade_id} is {trade.state}: there is no contract to fetch under")
    if undone(work.chain.store, f"trade/{trade_id}"):
        raise Refused(f"trade {trade_id}: the whole price was awarded back, and the use with it")
    return trade


def require_paid_for(trade: Trade, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `Refused` where the period's fee was given back, or the use has ended for good."""
    period = refunded_at(work.chain.store, trade.id, format_time(floor.clock()))
    if period:
        raise Refused(
            f"trade {trade.id}: the fee of period {period} was given back, and the use with it"
        )
    require_lasting(trade, work)


@dataclass(frozen=True, slots=True)
class Counted:
    """What decides whether a further use is paid for: terms, budget, the batches that count."""

    terms: str
    budget: Money
    batches: int
    struck: frozenset[int]


def require_further_use(trade: Trade, *, work: UnitOfWork, floor: Floor) -> Counted | None:
    """Raise `BudgetSpent` where one more use could not be billed; return what was counted.

    None for a trade that is not billed by use.
    """
    counted = _counted(trade, work)
    if counted:
        found = metered(trade.id, work=work, floor=floor)
        try:
            require_budget(found, once_more(floor.clock()), work)
        except PricingError as error:  # a pack is spent
            raise BudgetSpent(f"trade {trade.id}: {error}") from error
    return counted


def _counted(trade: Trade, work: UnitOfWork) -> Counted | None:
    if terms_of(trade.terms, work).mode not in BY_USE:
        return None
    store = work.chain.store
    batches = sum(1 for _ in store.of_kind(f"usage/{trade.id}", "usage.metered"))
    budget = trade.money(trade.released) + trade.held
    return Counted(trade.terms, budget, batches, struck(store, trade.id))
