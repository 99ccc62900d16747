"""Plans on the sheet: which tariff a product is sold under, and the mode of trading it takes.

A sheet holds a plan as it is written down; what is read from it here is the tariff itself, and
what does not read is refused by its field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from exchange.errors import BadField
from exchange.specsheet import Conditions, Price, PriceMode, TimeLimit, WrittenPlan
from exchange.trading import TradingMode
from pricing.billing.terms import MONTH, Term
from pricing.errors import PricingError, UnknownPlugin
from pricing.money import Currency, Money
from pricing.plan import Plan
from pricing.tariffs.free import Free
from pricing.tariffs.free_trial import FreeTrial
from pricing.tariffs.negotiated import Negotiated
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.subscription import Subscription
from pricing.wire import to_wire

# Plans that `price.mode` and `price.amount` say more plainly: no mode of trading is theirs.
_PLAIN: Final = (Free, Negotiated, OneOff)
_AMOUNT: Final = re.compile(r"[0-9.,]{1,30} [A-Z]{3}")


def read_plan(written: WrittenPlan, within: str = "price.plan") -> Plan:
    """Return the plan that a sheet writes down, or raise `BadField` naming the parameter."""
    try:
        parameters = _amounts(written.parameters)
        return Plan.from_record({"tariff": written.tariff, "parameters": parameters})
    except UnknownPlugin as error:
        raise BadField(f"{within}.tariff", str(error)) from error
    except PricingError as error:
        where, _, rule = str(error).partition(": ")
        if not rule:
            raise BadField(f"{within}.parameters", str(error)) from error
        inside = where if where.startswith(("tariff", "parameters")) else f"parameters.{where}"
        raise BadField(f"{within}.{inside}", rule) from error


def check_plan(price: Price) -> None:
    """Raise `BadField` for a plan that nobody could buy under, or that says what the mode denies.

    A trial alone is the sheet's `price.trial`; what a mode says more plainly is no plan.
    """
    if price.plan is None:
        if price.mode is PriceMode.PLAN:
            raise BadField("price.plan", "a product sold by its plan alone has one")
        return
    if price.mode is PriceMode.FREE:
        raise BadField("price.plan", "what is free has no plan")
    if price.mode is PriceMode.PLAN and price.amount is not None:
        raise BadField("price.amount", "a product sold by its plan alone has no amount besides")
    plan = read_plan(price.plan)
    if isinstance(plan.tariff, _PLAIN):
        raise BadField("price.plan.tariff", f"{plan.name} is said by price.mode and price.amount")
    if isinstance(plan.tariff, FreeTrial):
        raise BadField("price.plan.tariff", "a free trial is said by price.trial")
    other = next((code for code in _currencies(to_wire(plan.tariff)) if code != Currency.CNY), None)
    if other is not None:
        raise BadField("price.plan.parameters", f"in {other}: this exchange clears in CNY")


def check_counted(conditions: Conditions, price: Price) -> None:
    """Raise `BadField` for a limit on the number of uses where use is sold, or tried, as metered.

    A plan counts in units of its own, calls or gigabytes; a limit counts uses, which are downloads.
    """
    limited = (
        (conditions.time_limit is TimeLimit.THIS_CALL, "conditions.time_limit"),
        (conditions.time_limit is TimeLimit.UNITS_THEN_ERASED, "conditions.units"),
        (conditions.units is not None, "conditions.units"),
    )
    field = next((name for there, name in limited if there), None)
    if field is None:
        return
    if price.trial is not None:
        raise BadField(field, "the number of uses is not limited where a trial is metered")
    if price.plan and mode_of(read_plan(price.plan)) is TradingMode.USAGE:
        raise BadField(field, "the number of uses is not limited where a plan meters use")


def plan_remarks(price: Price) -> tuple[str, ...]:
    """Say where a buyer under the sheet's plan gets more for less; a warning, never a refusal."""
    if price.plan is None:
        return ()
    from pricing.tariffs.arbitrage import find_arbitrage  # noqa: PLC0415 - it computes in arrays

    try:
        return tuple(str(gap) for gap in find_arbitrage(read_plan(price.plan).tariff))
    except PricingError as error:  # a stranger's tariff cannot be compared
        return (str(error),)


def mode_of(plan: Plan) -> TradingMode:
    """Return the mode of trading that a plan is bought in: by the period, or by use."""
    if isinstance(plan.tariff, Subscription):
        return TradingMode.SUBSCRIPTION
    return TradingMode.USAGE


def period_of(plan: Plan) -> Term:
    """Return the period in which a plan is billed: its own, else a month."""
    period = getattr(plan.tariff, "period", None)
    return period if isinstance(period, Term) else MONTH


def _amounts(value: Any) -> Any:  # noqa: ANN401 - any part of a written plan
    """Return parameters with amounts written as text, such as "0.50 CNY", in their wire form."""
    if isinstance(value, Mapping):
        return {name: _amounts(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_amounts(part) for part in value]
    if isinstance(value, str) and _AMOUNT.fullmatch(value):
        return Money.parse(value).to_record()
    return value


def _currencies(wire: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a wire form
    if isinstance(wire, Mapping):
        if set(wire) == {"minor", "currency"}:
            yield str(wire["currency"])
        for part in wire.values():
            yield from _currencies(part)
    elif isinstance(wire, list):
        for part in wire:
            yield from _currencies(part)
