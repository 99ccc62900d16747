"""Arbitrage in a menu of plans: where a buyer gets more for less, with the way how.

A price without arbitrage is monotone, more never costs less, and subadditive, a whole never
costs more than parts that make it up (Chen, Koutris, Kumar, SIGMOD 2019, for versions of a
product; here for numbers of units and lengths of time).  What is found is a warning to the
seller and forbids nothing: a free allowance, say, is always cheaper in two contracts.

Three searches, all exact.  Packs against packs, whose units last as long or longer.  Terms in a
row: packs or subscriptions of a shorter term, taken again and again through a longer one,
counted so that they suffice however the units are spread over it.  And one metered plan
against itself under several contracts.  Trials are left out, since nobody gets two, and so
are maxima of a day.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pricing.billing import Tariff
from pricing.billing.terms import Term, TermUnit
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.money import Money, total
from pricing.tariffs.knapsack import cheapest
from pricing.tariffs.metered import Curve, curve
from pricing.tariffs.one_off import OneOff
from pricing.tariffs.package import Package
from pricing.tariffs.subscription import Subscription

OFFERS_MAX: Final = 200  # compared with one another in seconds; more are no menu
_YEAR_2000: Final = 10_957  # its first day


class Gap(enum.StrEnum):
    """What is wrong with a price."""

    MORE_IS_CHEAPER = "more-is-cheaper"
    """It costs less to buy more: the price is not monotone."""
    PARTS_ARE_CHEAPER = "parts-are-cheaper"
    """It costs less to buy in parts: the price is not subadditive."""
    SHORTER_IS_CHEAPER = "shorter-is-cheaper"
    """It costs less to buy shorter terms in a row."""


@dataclass(frozen=True, slots=True)
class Part:
    """So many of one offer, at its price each."""

    count: int
    offer: str
    price: Money


@dataclass(frozen=True, slots=True)
class Arbitrage:
    """An offer at its price, and what a buyer takes instead of it for less."""

    gap: Gap
    offer: str
    price: Money
    instead: tuple[Part, ...]

    @property
    def cost(self) -> Money:
        """What the parts cost together."""
        return total(
            (Money(part.count * part.price.minor, part.price.currency) for part in self.instead),
            self.price.currency,
        )

    def __str__(self) -> str:
        parts = " + ".join(f"{part.count:,} × {part.offer}" for part in self.instead)
        return f"{self.offer} costs {self.price}; {parts} cost {self.cost}"


@dataclass(frozen=True, slots=True)
class _Offer:
    """Units, or any number of them, for a term, or for ever."""

    units: int | None
    term: Term | None
    price: Money

    def __str__(self) -> str:
        units = "any use" if self.units is None else f"{self.units:,} units"
        units = "1 unit" if self.units == 1 else units
        return f"{units} {f'for {self.term}' if self.term else 'for ever'}"


def find_arbitrage(*menu: Tariff) -> tuple[Arbitrage, ...]:
    """Return every offer of the menu that can be had for less, with the cheapest way found.

    Raises `BadInput` for a menu in two currencies, for one whose numbers of units are too many
    to compare exactly, and for a tariff that has no price or is not known here.
    """
    offers = [offer for plan in menu for offer in _offers(plan)]
    require_count("menu: its offers", len(offers), at_most=OFFERS_MAX)
    if len({offer.price.currency for offer in offers}) > 1:
        raise BadInput("menu: its prices are of more than one currency")
    found = [*_among(offers)]
    for plan in menu:
        metered = curve(plan)
        if metered is not None:
            found += _metered(metered)
    return tuple(found)


def _offers(plan: Tariff) -> Iterator[_Offer]:
    match plan:
        case Package():
            for pack in plan.packs:
                yield _Offer(pack.units, plan.validity, pack.price)
            if plan.overage is not None:
                # The rate in its own step: smaller purchases cost their part of it.
                yield _Offer(plan.overage.per, None, plan.overage.amount)
        case Subscription():
            yield _Offer(plan.period_units, plan.period, plan.fee)
        case OneOff():
            yield _Offer(None, plan.term, plan.amount)
        case _ if curve(plan) is None:
            raise BadInput(f"menu: {type(plan).__name__} has no price to compare")


def _among(offers: list[_Offer]) -> Iterator[Arbitrage]:
    for target in offers:
        others = [one for one in offers if one is not target and _lasts(one.term, target.term)]
        instead = _at_once(target, others)
        if instead is not None:
            larger = sum(part.count for part in instead) == 1
            gap = Gap.MORE_IS_CHEAPER if larger else Gap.PARTS_ARE_CHEAPER
            yield Arbitrage(gap, str(target), target.price, instead)
            continue
        in_a_row = min(
            (part for one in offers if (part := _in_a_row(target, one)) is not None),
            key=lambda part: part.count * part.price.minor,
            default=None,
        )
        if in_a_row is not None:
            yield Arbitrage(Gap.SHORTER_IS_CHEAPER, str(target), target.price, (in_a_row,))


def _at_once(target: _Offer, others: list[_Offer]) -> tuple[Part, ...] | None:
    """Return what lasts as long, has the units and costs less, if anything does."""
    limit = target.price.minor
    whole = [one for one in others if one.units is None and one.price.minor < limit]
    best = min(whole, key=lambda one: one.price.minor, default=None)
    parts = None
    if target.units is not None:
        below = limit if best is None else best.price.minor
        priced = {(one.units, one.price.minor): one for one in others if one.units is not None}
        chosen = cheapest(list(priced), target.units, below)
        if chosen is not None:
            parts = tuple(
                Part(count, str(priced[pack]), priced[pack].price)
                for pack, count in sorted(chosen.items(), reverse=True)
            )
    if parts is None and best is not None:
        return (Part(1, str(best), best.price),)
    return parts


def _in_a_row(target: _Offer, one: _Offer) -> Part | None:
    """Return how many of a shorter offer suffice for the longer term, if they cost less."""
    if target.term is None or one.term is None or _lasts(one.term, target.term):
        return None
    terms = _terms_within(target.term, one.term)
    if one.units is None:
        count = terms
    elif target.units is None:
        return None
    else:
        # At worst a unit in every term, and then full packs: one more pack for each `units`.
        count = min(target.units, terms) + max(0, target.units - terms) // one.units
    if count * one.price.minor >= target.price.minor:
        return None
    return Part(count, str(one), one.price)


def _lasts(one: Term | None, other: Term | None) -> bool:
    """Say whether a term is surely as long as another, whenever both begin."""
    if one is None or other is None:
        return one is None
    if _family(one) is _family(other):
        return _length(one) >= _length(other)
    return _days(one)[0] >= _days(other)[1]


def _terms_within(long: Term, short: Term) -> int:
    if _family(long) is _family(short):
        return -(-_length(long) // _length(short))
    return -(-_days(long)[1] // _days(short)[0])


def _family(term: Term) -> TermUnit:
    return TermUnit.DAY if term.unit is TermUnit.DAY else TermUnit.MONTH


def _length(term: Term) -> int:
    return term.count * (12 if term.unit is TermUnit.YEAR else 1)


def _days(term: Term) -> tuple[int, int]:
    """Return the least and the greatest number of days that a term may have."""
    if term.unit is TermUnit.DAY:
        return term.count, term.count
    # Every beginning of a month of 2000 to 2003, a leap year among them.
    starts = [Term(count, TermUnit.MONTH).last_day(_YEAR_2000) for count in range(1, 49)]
    lengths = [term.last_day(start) - start for start in starts]
    return min(lengths), max(lengths)


def _metered(plan: Curve) -> Iterator[Arbitrage]:
    for units, more in plan.falls():
        instead = (Part(1, f"{more:,} units", plan.money(more)),)
        yield Arbitrage(Gap.MORE_IS_CHEAPER, f"{units:,} units", plan.money(units), instead)
    split = plan.split()
    if split is not None:
        parts = sorted(Counter(split).items())
        pieces = tuple(Part(n, f"a contract of {u:,} units", plan.money(u)) for u, n in parts)
        offer = f"{sum(split):,} units under one contract"
        yield Arbitrage(Gap.PARTS_ARE_CHEAPER, offer, plan.money(sum(split)), pieces)
