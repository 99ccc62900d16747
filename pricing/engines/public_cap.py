"""The cap of public data (公共数据运营服务费): what an authorised operator may take in at most.

发改价格〔2025〕65号 of 2025-01-16: what serves public governance and public welfare is free; for
industry a fee under a government-guided price may be charged.  The maximum allowed revenue is
operating cost, net of what the government subsidises, plus allowed profit plus tax; the unit
caps of products and services are set under it, by products, calls, time or volume; revenue above
it is deducted from that of the next period.  The notice does not say in what was seen of it on
what the profit is counted: here it is a part of the net cost, stated as a range.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pricing.appraisal import Appraisal, Evidence, Indicator
from pricing.errors import BadInput
from pricing.evidence import Operation, PublicUse, Range, UnitCap
from pricing.lines import figure, number, weight
from pricing.money import Money, total

_NOTICE: Final = "发改价格〔2025〕65号"


@dataclass(frozen=True, slots=True)
class PublicCap:
    """Values public data at the most that its operator may take in during one period.

    It is a cap, not an opinion of worth: no price above it is lawful, and any below it is.
    """

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Return the cap, or raise `BadInput` for unit caps beyond it and for what is missing."""
        operation = evidence.operation
        if operation is None:
            raise BadInput("operation: the cap of public data needs the operator's accounts")
        if operation.use is not PublicUse.INDUSTRY:
            return _free(operation)
        return _capped(_Accounts(operation), operation)


class _Accounts:
    """The accounts with nothing missing, in one currency."""

    def __init__(self, operation: Operation) -> None:
        self.cost = _known(operation.cost, "cost")
        self.subsidy = _known(operation.subsidy, "subsidy")
        self.tax = _known(operation.tax, "tax")
        self.excess = _known(operation.excess, "excess")
        if operation.profit is None:
            raise BadInput("operation.profit: not known")
        self.profit: Range = operation.profit
        amounts = (self.subsidy, self.tax, self.excess, *(cap.price for cap in operation.caps))
        if any(amount.currency is not self.cost.currency for amount in amounts):
            raise BadInput("operation: the amounts are in more than one currency")
        if self.subsidy > self.cost:
            raise BadInput(f"operation.subsidy: {self.subsidy} is more than the cost {self.cost}")
        self.net = self.cost - self.subsidy

    def cap(self, profit: Fraction) -> Money:
        """Return the maximum allowed revenue, none below zero."""
        allowed = self.net + self.net.scaled(profit) + self.tax - self.excess
        return max(allowed, Money(0, allowed.currency))


def _known(amount: Money | None, field: str) -> Money:
    if amount is None:
        raise BadInput(f"operation.{field}: not known; state 0 where there is none")
    return amount


def _free(operation: Operation) -> Appraisal:
    currency = operation.cost.currency if operation.cost else Money(0).currency
    if any(cap.price.minor for cap in operation.caps):
        raise BadInput(f"caps: {operation.use} is free, and a unit has a price")
    nothing = Money(0, currency)
    line = Indicator("use", "0", f"free: {operation.use}", f"{_NOTICE}; {operation.source}")
    return Appraisal(nothing, nothing, nothing, f"free of charge ({_NOTICE})", (line,))


def _capped(accounts: _Accounts, operation: Operation) -> Appraisal:
    low, mid, high = (accounts.cap(profit) for profit in accounts.profit.ends())
    charged = total((_brings(cap) for cap in operation.caps), mid.currency)
    if charged > mid:
        raise BadInput(f"caps: together {charged}, above the maximum allowed revenue of {mid}")
    return Appraisal(
        low,
        mid,
        high,
        basis=f"maximum allowed revenue = net cost + allowed profit + tax ({_NOTICE})",
        indicators=(*_accounts_lines(accounts, operation), *_cap_lines(operation, mid)),
    )


def _accounts_lines(accounts: _Accounts, operation: Operation) -> Iterator[Indicator]:
    source = f"{_NOTICE}; {operation.source}"
    profit = accounts.net.scaled(accounts.profit.mid)
    yield Indicator("operating cost", figure(accounts.cost), f"+ {accounts.cost}", source)
    yield Indicator("subsidy", figure(accounts.subsidy), f"- {accounts.subsidy}", source)
    yield Indicator(
        "allowed profit on net cost",
        number(accounts.profit.mid),
        f"+ {profit}",
        f"{source}; stated as {accounts.profit}",
    )
    yield Indicator("tax", figure(accounts.tax), f"+ {accounts.tax}", source)
    yield Indicator(
        "excess of the period before", figure(accounts.excess), f"- {accounts.excess}", source
    )
    over = accounts.excess - (accounts.net + profit + accounts.tax)
    if over.minor > 0:
        yield Indicator("excess left to deduct", figure(over), "in the period after", source)


def _cap_lines(operation: Operation, mid: Money) -> Iterator[Indicator]:
    for cap in operation.caps:
        brings = _brings(cap)
        share = Fraction(brings.minor, mid.minor) if mid.minor else Fraction(0)
        yield Indicator(
            f"unit cap of {cap.product}",
            figure(cap.price),
            f"{cap.units:,} units, at most {brings}",
            f"{_NOTICE}; {operation.source}",
            weight(share),
        )


def _brings(cap: UnitCap) -> Money:
    return Money(cap.price.minor * cap.units, cap.price.currency)
