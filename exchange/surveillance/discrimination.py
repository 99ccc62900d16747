"""Price discrimination by loyalty (杀熟): who bought before is offered more for the same.

The Anti-Monopoly Committee's guidelines for platforms (国务院反垄断委员会关于平台经济领域的反垄断
指南, 2021, art. 17) count differences of trading history among those that do *not* make two buyers
unlike.  So offers are compared in strata that are alike in all else: one product, the same rights,
one stretch of time, and each price taken by the list price of its moment where there is one.

The test is van Elteren's (1960), Wilcoxon's rank sum within strata: it asks only that within a
stratum every order of the prices is as likely as any other, whatever law they follow, so haggling
with long tails does not fool it; ties, which posted prices are full of, shrink its variance as
they must.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exchange.surveillance.alerts import Alert, Pattern, evidence
from exchange.surveillance.odds import normal_above, surprise
from exchange.surveillance.tape import DAY, Flags, Real, Tape, Whole, grouped, pairs, whole


@dataclass(frozen=True, slots=True)
class LoyaltyLimits:
    """What counts as discrimination.

    Offers are compared within `short` days, where no price has time to move, and within `days`, or
    `listed_days` where the list price of the moment is known and time is allowed for already: few
    sure comparisons, and many that trust prices to hold still.  `odds` is how likely
    chance may make an alert in a whole market, shared out among all tests that can be made
    (Bonferroni); `effect` the least part by which loyal buyers pay more; `buyers` the fewest of
    them.
    """

    short: int = 1
    days: int = 7
    listed_days: int = 28
    odds: float = 0.01
    effect: float = 0.02
    buyers: int = 3


def price_discrimination(tape: Tape, limits: LoyaltyLimits | None = None) -> Iterator[Alert]:
    """Yield an alert for each supplier whose loyal buyers are offered more for the same."""
    limits = limits or LoyaltyLimits()
    if not len(tape.offer_at):
        return
    loyal = history(tape) > 0
    supplier = tape.product_supplier[tape.offer_product]
    dearness = _dearness(tape)
    results = []
    priced = np.flatnonzero(tape.offer_price > 0)
    stretches = ((limits.short, limits.short), (limits.days, limits.listed_days))
    strata = [_strata(tape, *stretch) for stretch in stretches]
    for seller, places in grouped(supplier[priced]):
        of = priced[places]
        for stratum in strata:
            result = _tested(
                stratum[of], dearness[of], loyal[of], tape.offer_buyer[of], limits.buyers
            )
            if result is not None:
                z, effect, offers = result
                results.append((seller, z, effect, of[offers]))
    surest: dict[int, tuple[float, float, Whole]] = {}
    for seller, z, effect, offers in results:
        odds = min(1.0, normal_above(z) * len(results))
        if odds > limits.odds or effect < limits.effect:
            continue
        if seller not in surest or odds < surest[seller][0]:
            surest[seller] = odds, effect, offers
    for seller, (odds, effect, offers) in surest.items():
        yield _alert(tape, seller, offers, odds, effect)


def history(tape: Tape) -> Whole:
    """Return how often each offer's buyer had bought from its supplier before the offer."""
    people = len(tape.participants)
    bought = pairs(tape.trade_buyer, tape.trade_supplier, people)
    asked = pairs(tape.offer_buyer, tape.product_supplier[tape.offer_product], people)
    order = np.lexsort((tape.trade_at, bought))
    bought, times = bought[order], tape.trade_at[order]
    # Trades of the pair that come before the offer: a place among all sorted by pair and time.
    span = int(max(tape.trade_at.max(initial=0), tape.offer_at.max(initial=0))) + 1
    names = np.unique(bought)
    known = np.isin(asked, names)
    within = np.searchsorted(names, bought) * span + times
    start = np.searchsorted(bought, asked)
    before = np.searchsorted(within, np.searchsorted(names, asked) * span + tape.offer_at)
    counted: Whole = np.where(known, before - start, 0)
    return counted


def _dearness(tape: Tape) -> Real:
    """Return ln(price / list price) of each offer; of the price where there is no list price.

    Dearer by the list price than the list itself is what counts, whatever the list did.
    """
    found, spot = np.unique(
        np.stack([tape.offer_price, tape.offer_list]), axis=1, return_inverse=True
    )
    logs = [
        math.log(price) - (math.log(listed) if listed > 0 else 0.0) if price > 0 else 0.0
        for price, listed in found.T.tolist()
    ]
    # Twelve places: what the order of adding makes different is no difference.
    return np.round(np.array(logs), 12)[spot.ravel()]


def _strata(tape: Tape, unlisted: int, listed: int) -> Whole:
    """Return a number for each offer, alike for what is alike in product, rights and time."""
    known = tape.offer_list > 0
    window = tape.offer_at // (np.where(known, listed, unlisted) * DAY)
    stratum = tape.offer_product
    for also in (tape.offer_terms, window, known.astype(np.int64)):
        # Numbered anew each time, so that no product of ranges grows out of its type.
        values, also_spot = np.unique(also, return_inverse=True)
        stratum = np.unique(pairs(stratum, also_spot, len(values)), return_inverse=True)[1]
    return whole(stratum)


def _tested(
    strata: Whole, price: Real, loyal: Flags, buyer: Whole, buyers: int
) -> tuple[float, float, Whole] | None:
    """Return z, the effect and the loyal offers in use; None where nothing can be compared."""
    spot = np.unique(strata, return_inverse=True)[1]
    offers, faithful = np.bincount(spot), np.bincount(spot[loyal], minlength=int(spot.max()) + 1)
    mixed = np.flatnonzero(((faithful > 0) & (faithful < offers))[spot])
    total = variance = moved = weight = 0.0
    used: list[Whole] = []
    for _, places in grouped(spot[mixed]):
        inside = mixed[places]
        values, group = _one_a_buyer(price[inside], loyal[inside], buyer[inside])
        size, ones = len(values), int(group.sum())
        ranks, ties = _ranks(values)
        part = 1 / (size + 1)
        total += part * (ranks[group].sum() - ones * (size + 1) / 2)
        spread = (size + 1) - ties / (size * (size - 1))
        variance += part * part * ones * (size - ones) / 12 * spread
        share = ones * (size - ones) / size
        moved += share * float(values[group].mean() - values[~group].mean())
        weight += share
        used.append(inside[loyal[inside]])
    if variance <= 0:
        return None
    kept = np.concatenate(used)
    if len(np.unique(buyer[kept])) < buyers:
        return None
    return total / math.sqrt(variance), math.expm1(moved / weight), kept


def _one_a_buyer(price: Real, loyal: Flags, buyer: Whole) -> tuple[Real, Flags]:
    """Return one mean price a buyer and loyalty: offers to one buyer are no independent news."""
    key = buyer * 2 + loyal
    found, spot = np.unique(key, return_inverse=True)
    mean = np.bincount(spot, weights=price) / np.bincount(spot)
    return np.round(mean, 12), found % 2 == 1


def _ranks(values: Real) -> tuple[Real, float]:
    """Return ranks from 1, ties in their middle, and Σ (t³ − t) over the ties."""
    _, spot, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    middle = ends - (counts - 1) / 2
    return middle[spot], float((counts.astype(np.float64) ** 3 - counts).sum())


def _alert(tape: Tape, seller: int, offers: Whole, odds: float, effect: float) -> Alert:
    buyers = np.unique(tape.offer_buyer[offers])
    products = np.unique(tape.offer_product[offers])
    first, last = int(tape.offer_at[offers].min()), int(tape.offer_at[offers].max())
    trades = np.flatnonzero(
        np.isin(tape.trade_product, products)
        & np.isin(tape.trade_buyer, buyers)
        & (tape.trade_at >= first)
        & (tape.trade_at <= last)
    )
    named, count = evidence([tape.trade_id[each] for each in trades.tolist()])
    return Alert(
        pattern=Pattern.DISCRIMINATION,
        way="loyalty",
        suppliers=(tape.participants[seller],),
        buyers=tuple(tape.participants[each] for each in buyers.tolist()),
        kinds=tuple(tape.kinds[k] for k in np.unique(tape.product_kind[products]).tolist()),
        first=first,
        last=last,
        score=min(1.0, surprise(odds) / 20),
        trades=named,
        count=count,
        facts={"effect": effect, "odds": odds, "offers": len(offers), "products": len(products)},
    )
