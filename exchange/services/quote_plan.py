"""Quoting under a plan: a first period, a budget for use, or a trial, over frozen terms.

What the plan of the sheet says at the quote is what the contract is billed by to its end: the
plan is stored, and its digest stands in the terms that both parties sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from exchange.errors import BadField, Refused
from exchange.plans import mode_of, read_plan
from exchange.ports import Floor, UnitOfWork
from exchange.registration import Product
from exchange.scenarios import Scenario
from exchange.services.grant_trial import require_no_trial
from exchange.services.lapse_listings import records_lapse
from exchange.services.quote_price import Priced, quote_price, record_quote, wanted
from exchange.specsheet import SpecSheet
from exchange.trading import TradingMode, period_end
from ledger.canonical import encode
from pricing.billing import CHARGED, Bill, Order, Statement
from pricing.billing.meter import Trial
from pricing.errors import PricingError
from pricing.money import Currency, Money
from pricing.plan import Plan
from pricing.quote import Quote as Offer
from pricing.quote import QuoteLine
from pricing.record import PricingRecord, recorded
from pricing.tariffs.free_trial import FreeTrial
from pricing.tariffs.package import Package
from pricing.tariffs.subscription import Subscription

TRIAL_DAYS: Final = 14  # how long a trial runs, or as long as the scenario
BUDGET_MAX: Final = Money(10**13)  # a hundred thousand million yuan; a slip of the pen beyond


@dataclass(frozen=True, slots=True)
class Wish:
    """What a buyer asks for: a mode, or the one of the sheet; a budget; the units of a pack."""

    mode: TradingMode | None = None
    budget: Money | None = None
    pack: int | None = None


@records_lapse
def quote_plan(scenario_id: str, wish: Wish, *, buyer: str, floor: Floor) -> Priced:
    """Quote what the sheet's plan, or its trial, comes to for an approved scenario of `buyer`.

    A subscription is quoted for its first period, use for a budget that no bill goes beyond, a
    trial for nothing.  Raises `BadField` for a wish that the plan cannot meet, `Refused` where
    the sheet has no such plan, `Conflict` for a second trial, and as `quote_price` does.
    """
    with floor.read() as work:
        scenario, _, sheet = wanted(scenario_id, buyer=buyer, work=work, floor=floor)
        mode = _mode(sheet, scenario.product, wish)
    if mode is TradingMode.POSTED:
        if wish.budget or wish.pack:
            raise BadField("budget", "a licence has its price: no budget, no pack")
        return quote_price(scenario_id, buyer=buyer, floor=floor)
    with floor.write() as work:
        scenario, product, sheet = wanted(scenario_id, buyer=buyer, work=work, floor=floor)
        if mode is TradingMode.TRIAL:
            require_no_trial(product, work.participants.get(buyer), work)
        plan = _plan(sheet, mode)
        bill, made = _first_bill(plan, product, wish, floor)
        amount = _amount(mode, bill, wish)
        agreed = _agreed(plan, mode, scenario, wish, work, floor)
        quote, terms = record_quote(
            amount,
            scenario,
            product,
            sheet,
            records=[made],
            work=work,
            floor=floor,
            mode=mode,
            agreed=agreed,
        )
    lines = [QuoteLine(line.text, line.amount) for line in bill.lines if line.type in CHARGED]
    words = {
        TradingMode.SUBSCRIPTION: "for the first period",
        TradingMode.USAGE: "budget for use, what is left of it goes back",
        TradingMode.TRIAL: "free trial",
    }
    rest = amount - bill.amount
    if rest.minor or not lines:
        lines.append(QuoteLine(words[mode], rest))
    return Priced(quote, terms, Offer(amount, tuple(lines)), None, None)


def _mode(sheet: SpecSheet, number: str, wish: Wish) -> TradingMode:
    price = sheet.price
    if wish.mode is TradingMode.TRIAL:
        if price.trial is None:
            raise Refused(f"{number}: its sheet offers no trial (price.trial)")
        return TradingMode.TRIAL
    if price.plan is None or wish.mode is TradingMode.POSTED:
        if wish.mode not in {None, TradingMode.POSTED}:
            raise Refused(f"{number}: its sheet has no plan (price.plan)")
        return TradingMode.POSTED
    offered = mode_of(read_plan(price.plan))
    if wish.mode not in {None, offered}:
        raise BadField("mode", f"{number} is sold as {offered}, not as {wish.mode}")
    return offered


def _plan(sheet: SpecSheet, mode: TradingMode) -> Plan:
    price = sheet.price
    if mode is TradingMode.TRIAL and price.trial:
        return Plan(FreeTrial(Trial(units=price.trial.units)))
    if price.plan is None:
        raise Refused("the sheet has no plan (price.plan)")
    return read_plan(price.plan)


def _first_bill(
    plan: Plan, product: Product, wish: Wish, floor: Floor
) -> tuple[Bill, PricingRecord]:
    """Bill the contract's first moment: what is owed before anything is used."""
    begins = int(floor.clock().timestamp()) * 1_000
    if isinstance(plan.tariff, Package) != (wish.pack is not None):
        raise BadField("pack", "the units of a pack of the plan, where it sells packs")
    orders = (Order("the contract", begins, wish.pack),) if wish.pack is not None else ()
    try:
        statement = Statement(begins, begins + 1, orders=orders)
        return recorded(plan.tariff, statement, documents={"sheet": product.sheet or ""})
    except PricingError as error:
        field = "pack" if orders else "price.plan"
        raise BadField(field, str(error)) from error


def _amount(mode: TradingMode, bill: Bill, wish: Wish) -> Money:
    if mode is not TradingMode.USAGE:
        if wish.budget is not None:
            raise BadField("budget", f"a {mode} has none")
        return bill.amount
    budget = wish.budget or (bill.amount if wish.pack is not None else None)
    if budget is None or budget.minor <= 0:
        raise BadField("budget", "use is paid for in advance, up to a budget above zero")
    if budget.currency is not Currency.CNY or budget > BUDGET_MAX:
        raise BadField("budget", f"an amount in CNY, {BUDGET_MAX} at most")
    if budget < bill.amount:
        raise BadField("budget", f"at least {bill.amount}, which is due at once")
    return budget


def _agreed(
    plan: Plan,
    mode: TradingMode,
    scenario: Scenario,
    wish: Wish,
    work: UnitOfWork,
    floor: Floor,
) -> Mapping[str, Any]:
    agreed: dict[str, Any] = {"plan": work.records.put(encode(plan.to_record()), public=True)}
    if wish.pack is not None:
        agreed["pack"] = wish.pack
    if mode is TradingMode.TRIAL:
        agreed["term_days"] = min(scenario.term_days, TRIAL_DAYS)
    if isinstance(plan.tariff, Subscription):
        now = floor.clock()
        if (period_end(now, plan.tariff.period) - now).days >= scenario.term_days:
            words = f"a period of {plan.tariff.period} is longer than the use approved"
            raise BadField("scenario.term_days", words)
        agreed["period"] = plan.tariff.period
    return agreed
