"""Income approach (收益法): P = Σ_k Σ_t contribution_k · F_kt / (1 + i_k)^t over scenes k, years t.

What F_t is depends on the variant, as the annex of models to the 数据资产评估指导意见
(中评协〔2023〕17号) and 资产评估专家指引第9号 (2020) have them:

    direct       直接收益   F_t = R_t, income that the data earns by itself
    royalty      分成收益   F_t = R_t, of which the data's share is the royalty rate (contribution)
    excess       超额收益   F_t = R_t − what the other assets in the use contribute
    incremental  增量收益   F_t = R_t with the data − R_t without it

The sum over scenes is that of the guide for data of electric utilities (2025).  Years end at 1,
2, …; the annex was seen in excerpts, so this is the reading commonly quoted.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from pricing.appraisal import Appraisal, Evidence, Indicator
from pricing.errors import BadInput
from pricing.evidence import Scene
from pricing.lines import figure, number, times, weight
from pricing.money import Money

_GUIDE: Final = "数据资产评估指导意见, models of the income approach"


class Variant(enum.StrEnum):
    """What of a scene's income is counted."""

    DIRECT = "direct"
    ROYALTY = "royalty"
    EXCESS = "excess"
    INCREMENTAL = "incremental"


@dataclass(frozen=True, slots=True)
class IncomeApproach:
    """Values a product by what its uses will earn, discounted.

    Direct and royalty take gross income, none below zero.  Excess and incremental take what is
    left over, and a year may lose: it then counts the more for the low end.  Wherever
    contributions and rates lie in their ranges, P lies in its own; a low end below zero is zero,
    since data may be left unused.
    """

    variant: Variant = Variant.DIRECT

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` naming the scene and what it lacks."""
        if not evidence.scenes:
            raise BadInput("scenes: the income approach needs at least one scene of use")
        if len({scene.name for scene in evidence.scenes}) < len(evidence.scenes):
            raise BadInput("scenes: a scene is named twice")
        currencies = {
            amount.currency
            for scene in evidence.scenes
            for amount in (*scene.income, *scene.others, *scene.without)
        }
        if len(currencies) > 1:
            raise BadInput("scenes: the incomes are in more than one currency")
        years = [_Year(s, t, f) for s in evidence.scenes for t, f in enumerate(self._flows(s), 1)]
        low, mid, high = (sum(year.present[end] for year in years) for end in range(3))
        if mid < 0:
            raise BadInput("scenes: together they lose money, which is no value of the data")
        one = Money(1, currencies.pop())
        return Appraisal(
            one.scaled(max(Fraction(low), Fraction(0))),
            one.scaled(Fraction(mid)),
            one.scaled(Fraction(high)),
            basis=f"income approach, {self.variant}, P = ΣΣ contribution·F/(1+i)^t ({_GUIDE})",
            indicators=tuple(self._lines(years, Fraction(mid), one)),
        )

    def _flows(self, scene: Scene) -> tuple[Money, ...]:
        match self.variant:
            case Variant.DIRECT | Variant.ROYALTY:
                for amount in scene.income:
                    if amount.minor < 0:
                        raise BadInput(
                            f"scenes: income of {scene.name} is below zero, {amount},"
                            f" which the {self.variant} variant does not take"
                        )
                return scene.income
            case Variant.EXCESS:
                return _less(scene, "others", scene.others)
            case Variant.INCREMENTAL:
                return _less(scene, "without", scene.without)

    def _lines(self, years: list[_Year], mid: Fraction, one: Money) -> Iterator[Indicator]:
        losing = mid == 0 or any(year.present[1] < 0 for year in years)
        for year in years:
            scene, present = year.scene, one.scaled(year.present[1])
            if year.number == 1:
                yield Indicator(
                    f"{scene.name}: contribution",
                    number(scene.contribution.mid),
                    times(scene.contribution.mid),
                    f"{scene.source}; the appraiser states {scene.contribution}",
                )
                yield Indicator(
                    f"{scene.name}: rate of discount",
                    number(scene.rate.mid),
                    f"÷ {number(1 + scene.rate.mid)} a year",
                    f"{scene.source}; the appraiser states {scene.rate}",
                )
            yield Indicator(
                f"{scene.name}: year {year.number}",
                figure(year.flow),
                f"+ {present}" if present.minor >= 0 else f"- {-present}",
                scene.source,
                None if losing else weight(year.present[1] / mid),
            )


class _Year:
    """What one year of one scene adds: present values in minor units, low, mid and high."""

    def __init__(self, scene: Scene, number: int, flow: Money) -> None:
        self.scene, self.number, self.flow = scene, number, flow
        parts, rates = scene.contribution.ends(), scene.rate.ends()
        if flow.minor < 0:
            # A loss is worst where the data has most part in it and it is discounted least.
            parts, rates = parts[::-1], rates[::-1]
        self.present = tuple(
            flow.minor * part / (1 + rate) ** number
            for part, rate in zip(parts, rates[::-1], strict=True)
        )


def _less(scene: Scene, field: str, amounts: tuple[Money, ...]) -> tuple[Money, ...]:
    if not amounts:
        raise BadInput(f"scenes: {field} of {scene.name} is not known")
    return tuple(one - other for one, other in zip(scene.income, amounts, strict=True))
