"""Lesson two: a reserve of one half earns the most where values are uniform, and beats none.

R. Myerson, Optimal auction design (1981): for values uniform on 0 to 1 the virtual value is 2v - 1,
so nothing is sold below one half, however many bidders there are.  With n bidders a second price
with reserve r earns n r^n (1 - r) + n (n - 1) [(1 - r^n) / n - (1 - r^(n+1)) / (n + 1)].
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from exchange.simulation.market import Market, PlugIn
from exchange.simulation.market.plugged import wired
from pricing.figures import BLUE, GREEN, ORANGE, VERMILION, Form, Language, Words, drawn
from pricing.mechanisms import Auction, Bid
from pricing.mechanisms.second_price import SecondPrice
from pricing.money import Money
from samples.markets.lessons.playing import played

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOP: Final = 100_000  # minor units: what the values of the market's buyers go up to
RESERVES: Final = tuple(n / 20 for n in range(21))

_TITLE: Final = Words("每场拍卖的收入", "Revenue of an auction")
_RESERVE: Final = Words("保留价（占最高估值的比例）", "reserve, as a share of the highest value")
_REVENUE: Final = Words("收入（同上）", "revenue, likewise")
_MEASURED: Final = Words(
    "市场中的出价，重新清算（±2 标准误）", "the market's bids, cleared again (±2 s.e.)"
)
_THEORY: Final = Words("理论值", "theory")
_MYERSON: Final = Words("Myerson 拍卖，实际运行", "Myerson's auction, as played")
_NONE: Final = Words("无保留价，实际运行", "no reserve, as played")


@dataclass(frozen=True, slots=True)
class Sales:
    """The bids of many auctions, and what was paid in them; minor units."""

    bids: tuple[tuple[int, ...], ...]
    paid: tuple[int, ...]

    @property
    def earned(self) -> float:
        """What an auction earned on average, as a share of the highest value."""
        return sum(self.paid) / len(self.paid) / TOP

    def under(self, reserve: float) -> tuple[float, float]:
        """Return what the same bids earn under a reserve, on average, and its standard error.

        In a second price nobody's best bid hangs on the reserve, so the bids stay as they are.
        """
        mechanism = SecondPrice(Money(round(reserve * TOP)))
        found = [
            mechanism.clear(
                Auction(tuple(Bid(str(n), Money(bid)) for n, bid in enumerate(bids)))
            ).revenue.minor
            / TOP
            for bids in self.bids
        ]
        mean = math.fsum(found) / len(found)
        spread = math.fsum((each - mean) ** 2 for each in found) / (len(found) - 1)
        return mean, math.sqrt(spread / len(found))

    def expected(self, reserve: float) -> float:
        """Return what theory says of a reserve with as many bidders as there were."""
        each = [expected(reserve, len(bids)) for bids in self.bids]
        return math.fsum(each) / len(each)


def expected(reserve: float, bidders: int) -> float:
    """Return what a second price with a reserve earns from uniform values on 0 to 1."""
    r, n = reserve, bidders
    above = (1 - r**n) / n - (1 - r ** (n + 1)) / (n + 1)
    return n * r**n * (1 - r) + n * (n - 1) * above


def sold(market: Market, seed: int, mechanism: PlugIn) -> Sales:
    """Play the market's auctions under a mechanism."""
    kinds = tuple(replace(kind, mechanism=wired("mechanism", mechanism)) for kind in market.kinds)
    wishes = played(replace(market, kinds=kinds), seed)
    bids: dict[int, list[int]] = defaultdict(list)
    paid: dict[int, int] = defaultdict(int)
    names = ("product", "value", "amount")
    for product, value, amount in zip(*(wishes[name].tolist() for name in names), strict=True):
        bids[product].append(value)
        paid[product] += amount
    return Sales(tuple(map(tuple, bids.values())), tuple(paid[product] for product in bids))


PLAIN: Final = PlugIn("second-price")
MYERSON: Final = PlugIn(
    "myerson", {"law": {"shape": "uniform", "points": ["0.00 CNY", f"{TOP / 100:.2f} CNY"]}}
)


def draw(plain: Sales, optimal: Sales, language: Language, form: Form) -> bytes:
    """Draw the curve of revenue over the reserve, measured and as theory has it."""
    measured = [plain.under(reserve) for reserve in RESERVES]
    curve = [n / 200 for n in range(201)]

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        axes.plot(curve, [plain.expected(r) for r in curve], color=VERMILION, lw=1.6, ls="--",
                  label=_THEORY.said(language))  # fmt: skip
        means, errors = zip(*measured, strict=True)
        axes.errorbar(RESERVES, means, [2 * error for error in errors], fmt="o", ms=4, lw=1,
                      color=BLUE, label=_MEASURED.said(language))  # fmt: skip
        axes.plot([0.5], [optimal.earned], "D", ms=9, mfc="none", mew=2, color=GREEN,
                  label=_MYERSON.said(language))  # fmt: skip
        axes.plot([0.0], [plain.earned], "s", ms=9, mfc="none", mew=2, color=ORANGE,
                  label=_NONE.said(language))  # fmt: skip
        axes.axvline(0.5, color=GREEN, lw=0.8)
        axes.set_ylim(bottom=0)
        axes.set_title(_TITLE.said(language))
        axes.set_xlabel(_RESERVE.said(language))
        axes.set_ylabel(_REVENUE.said(language))
        axes.legend(loc="lower center")

    return drawn(onto, language=language, form=form)


def peak(sales: Sales, reserves: Sequence[float] = RESERVES) -> float:
    """Return the reserve that earns the most."""
    return max(reserves, key=lambda reserve: sales.under(reserve)[0])
