"""Nets of obligations, and the waterfall where a debtor cannot pay: whole minor units alone.

Multilateral netting puts one amount a party in the place of all that it owes and is owed in one
currency.  What a debtor lacks is borne in the order that docs/netting.md gives, after principles 4
and 13 of the CPMI-IOSCO Principles for financial market infrastructures (2012): its own money, its
own part of the guarantee fund, the parts of the others, and then its creditors of the cycle, who
keep a claim.  The exchange settles by these functions and an auditor recomputes by them: equal
input gives equal shares, to the last minor unit, in whatever order it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple


class Owed(NamedTuple):
    """One obligation: a plain tuple, since a cycle may have a million of them."""

    payer: str
    payee: str
    currency: str
    minor: int


def net_positions(obligations: Iterable[tuple[str, str, str, int]]) -> dict[tuple[str, str], int]:
    """Return what each party is owed (above zero) or owes, by party and currency, sorted.

    Whoever had any obligation is in it, with zero where they cancel out.  The nets of a currency
    sum to zero.
    """
    nets: dict[tuple[str, str], int] = {}
    for payer, payee, currency, minor in obligations:
        key = payer, currency
        nets[key] = nets.get(key, 0) - minor
        key = payee, currency
        nets[key] = nets.get(key, 0) + minor
    return dict(sorted(nets.items()))


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Divide an amount by weights, the largest remainders taking the odd units.

    The parts sum to the amount, and none is above its weight where the amount is not above their
    sum.  Of equal remainders the earlier takes the unit.
    """
    if not amount:
        return [0] * len(weights)
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(amount * weights[i] % whole))
    for i in by_remainder[: amount - sum(parts)]:
        parts[i] += 1
    return parts


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What a debtor lacked at a cycle, and who bore it; the three parts sum to `amount`."""

    amount: int
    contribution: int
    fund: int
    left: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one currency of a cycle settles; every name maps to an amount of minor units.

    `used` is what is taken of each party's part of the guarantee fund, `received` what each
    creditor is paid, with an item for every creditor.  `carried` opens the next cycle: below zero
    what a defaulter owes for what others bore, above zero what they may claim; it sums to zero.
    """

    defaults: Mapping[str, Shortfall]
    used: Mapping[str, int]
    received: Mapping[str, int]
    carried: Mapping[str, int] = field(default_factory=dict)


def pour(nets: Mapping[str, int], paid: Mapping[str, int], fund: Mapping[str, int]) -> Outcome:
    """Settle the nets of one currency, of which the debtors could pay `paid` out of their money.

    The nets sum to zero, `paid` is within what is owed and `fund` holds everybody's part of the
    guarantee fund.  What comes in, paid and used, is what is received.
    """
    lacking = {
        party: -net - paid.get(party, 0)
        for party, net in sorted(nets.items())
        if -net > paid.get(party, 0)
    }
    credits_ = {party: net for party, net in sorted(nets.items()) if net > 0}
    if not lacking:
        return Outcome({}, {}, credits_)
    own = {party: min(lack, fund.get(party, 0)) for party, lack in lacking.items()}
    needed = [lack - own[party] for party, lack in lacking.items()]
    others = {who: part for who, part in sorted(fund.items()) if part and who not in lacking}
    drawn = min(sum(needed), sum(others.values()))
    covered = dict(zip(lacking, split(drawn, needed), strict=True))
    borne = dict(zip(others, split(drawn, list(others.values())), strict=True))
    defaults = {
        party: Shortfall(lack, own[party], covered[party], lack - own[party] - covered[party])
        for party, lack in lacking.items()
    }
    left = sum(default.left for default in defaults.values())
    lost = dict(zip(credits_, split(left, list(credits_.values())), strict=True))
    carried = {party: -default.fund - default.left for party, default in defaults.items()}
    for claims in (borne, lost):
        for party, claim in claims.items():
            carried[party] = carried.get(party, 0) + claim
    return Outcome(
        defaults,
        {party: part for party, part in sorted({**own, **borne}.items()) if part},
        {party: net - lost[party] for party, net in credits_.items()},
        {party: claim for party, claim in sorted(carried.items()) if claim},
    )
