"""Market approach (市场法): P = Σ_i weight_i · price_i · X_i1 · X_i2 · X_i3 · X_i4 · X_i5.

X1 … X5 correct a like product's price for quality, supply and demand, date, capacity and what
else differs (资产评估专家指引第9号, 2020; 数据资产评估指导意见, 中评协〔2023〕17号).  The weights
are stated by the appraiser and sum to 1, as in the guide for data of electric utilities (2025).
The guides were seen in excerpts: the reading is the one commonly quoted.  The range is that of
the corrected prices, from the lowest to the highest.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pricing.appraisal import Appraisal, Comparable, Evidence, Indicator
from pricing.domain import require_count
from pricing.errors import BadInput
from pricing.evidence import Adjustment
from pricing.lines import figure, number, product, times, weight
from pricing.money import Money, exact

_GUIDE: Final = "资产评估专家指引第9号"


@dataclass(frozen=True, slots=True)
class MarketApproach:
    """Values a product by what like ones were traded at, each corrected and weighted.

    `at_least` is how many comparables there must be; three is what appraisers of other assets
    ask for, an opening assumption here.
    """

    at_least: int = 3

    def __post_init__(self) -> None:
        require_count("at_least", self.at_least, 1)

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` naming the comparable and what it lacks."""
        likes = evidence.comparables
        if len(likes) < self.at_least:
            raise BadInput(f"comparables: {len(likes)} where {self.at_least} are needed")
        if len({one.product for one in likes}) < len(likes):
            raise BadInput("comparables: a product is named twice")
        if len({one.price.currency for one in likes}) > 1:
            raise BadInput("comparables: the prices are in more than one currency")
        weights = [_weight(one) for one in likes]
        if sum(weights) != 1:
            raise BadInput(f"comparables: the weights sum to {float(sum(weights)):g}, not to 1")
        corrected = [one.price.minor * _factor(one) for one in likes]
        mid = sum((w * price for w, price in zip(weights, corrected, strict=True)), Fraction(0))
        unit = Money(1, likes[0].price.currency)
        return Appraisal(
            unit.scaled(min(corrected)),
            unit.scaled(mid),
            unit.scaled(max(corrected)),
            basis=f"market approach, P = Σ weight·price·X1…X5 ({_GUIDE})",
            indicators=tuple(line for one in likes for line in _lines(one)),
        )


def _weight(one: Comparable) -> Fraction:
    if one.weight is None:
        raise BadInput(f"comparables: weight of {one.product} is not known")
    return exact(one.weight)


def _adjustment(one: Comparable) -> Adjustment:
    if one.adjustment is None:
        raise BadInput(f"comparables: adjustment of {one.product} is not known")
    return one.adjustment


def _factor(one: Comparable) -> Fraction:
    return product(factor for _, factor in _adjustment(one).factors())


def _lines(one: Comparable) -> Iterator[Indicator]:
    source = one.source or "the appraiser's set of comparables"
    corrected = one.price.scaled(_factor(one))
    yield Indicator(
        one.product,
        figure(one.price),
        f"corrected {corrected}, + {one.price.scaled(_factor(one) * _weight(one))}",
        source,
        weight(_weight(one)),
    )
    for name, factor in _adjustment(one).factors():
        stated = f"{_GUIDE}; the appraiser states it"
        yield Indicator(f"{one.product}: {name}", number(factor), times(factor), stated)
