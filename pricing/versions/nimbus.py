"""Model-based pricing (Nimbus): the menu without arbitrage that brings in most.

L. Chen, P. Koutris, A. Kumar, Towards model-based pricing for machine learning in a data
marketplace, SIGMOD 2019 (arXiv 1805.11450).  To price for most revenue under p monotone and
subadditive is coNP-hard; under the narrower rule

    p(x) non-decreasing and p(x)/x non-increasing

it takes polynomial time, and the best such menu brings in at least half of the best menu
without arbitrage.  The abstract was at hand and not the paper's own program, so the one here
is derived anew.  Given who buys, the greatest prices are p(x) = min over buyers of
v · max(1, x/quality).  Whoever pays their whole value is *tight*; between tight buyers t and u

    p(x) = min(v_u, v_t · x/x_t),

so the best menu is the best chain of tight buyers with v_t ≤ v_u and v_u/x_u ≤ v_t/x_t.  What a
link of the chain brings in is a ray's sum up to the bend and a level's sum after it, both kept
for every point: O(n² log n) in exact fractions.

Prices are rounded up to the minor unit: that keeps them monotone and subadditive, and loses no
buyer, whose value is a whole number of units.
"""

from __future__ import annotations

import bisect
import math
from dataclasses import dataclass
from fractions import Fraction

from pricing.errors import BadInput
from pricing.money import Money
from pricing.versions import Demand, Menu, Version, revenue


@dataclass(frozen=True, slots=True)
class Nimbus:
    """Prices every quality that the demand names."""

    def menu(self, demand: Demand) -> Menu:
        """Return the menu, or raise `BadInput` for a demand without points."""
        if not demand.points:
            raise BadInput("points: versions need to know which quality is wanted at what value")
        currency = demand.points[0].value.currency
        prices = tuple(Money(math.ceil(price), currency) for price in relaxed_prices(demand))
        qualities = (point.quality for point in demand.points)
        return Menu(
            revenue(demand, prices),
            "revenue-maximising with p non-decreasing and p/x non-increasing (SIGMOD 2019)",
            tuple(Version(*one) for one in zip(qualities, prices, strict=True)),
        )


def relaxed_prices(demand: Demand) -> list[Fraction]:
    """Return the exact prices, in minor units, that bring in most under the narrower rule."""
    scale = math.lcm(*(point.quality.denominator for point in demand.points))
    x = [int(point.quality * scale) for point in demand.points]
    v = [point.value.minor for point in demand.points]
    b = [point.buyers for point in demand.points]
    n = len(x)
    rays = [_ray_sums(x, v, b, t) for t in range(n)]
    levels = [_level_sums(v, b, u) for u in range(n)]
    # best[u] is the most that points up to u bring in when u is tight; chain[u] the one before.
    best = [Fraction(levels[u][0]) for u in range(n)]
    chain: list[int | None] = [None] * n
    for u in range(n):
        for t in range(u):
            if v[t] <= v[u] and v[u] * x[t] <= v[t] * x[u]:
                # The first point after t at which the ray from t is as high as the level of u.
                bend = bisect.bisect_left(x, -(-v[u] * x[t] // v[t]), t + 1, u + 1)
                ray = Fraction(v[t] * (rays[t][bend] - rays[t][t + 1]), x[t])
                brought = best[t] + ray + levels[u][bend]
                if brought > best[u]:
                    best[u], chain[u] = brought, t
    ends = [best[t] + Fraction(v[t] * (rays[t][n] - rays[t][t + 1]), x[t]) for t in range(n)]
    last: int | None = max(range(n), key=ends.__getitem__)
    tight: list[int] = []
    while last is not None:
        tight.append(last)
        last = chain[last]
    return [min(v[t] * max(Fraction(1), Fraction(one, x[t])) for t in tight) for one in x]


def _ray_sums(x: list[int], v: list[int], b: list[int], t: int) -> list[int]:
    """Return Σ buyers · quality of points before j who pay v_t · x/x_t, for every j up to n."""
    sums = [0]
    for quality, value, buyers in zip(x, v, b, strict=True):
        pays = v[t] * quality <= value * x[t]
        sums.append(sums[-1] + (buyers * quality if pays else 0))
    return sums


def _level_sums(v: list[int], b: list[int], u: int) -> list[int]:
    """Return what points from j up to u bring in at v_u, for every j from 0 to u + 1."""
    sums = [0]
    for j in range(u, -1, -1):
        sums.append(sums[-1] + (b[j] * v[u] if v[u] <= v[j] else 0))
    return sums[::-1]
