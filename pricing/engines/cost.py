"""Cost approach (成本法): P = TC · (1 + R) · U with U = α · β · (1 + l) · (1 − r).

The formula is that of 资产评估专家指引第9号 (2020), in the frame of the 数据资产评估指导意见
(中评协〔2023〕17号), which names replacement cost times an adjustment.  The reading implemented
is the one commonly quoted; the guide's own text was not at hand to compare.

The guide names the coefficients and leaves their values to the appraiser.  The defaults are
therefore an opening assumption, wide on purpose, and every appraisal says so for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.appraisal import Appraisal, Evidence, Indicator, Range
from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.lines import figure, times, weight
from pricing.money import decimal_text, exact, total

RETURN_RATE: Final = Range(Decimal("0.05"), Decimal("0.10"), Decimal("0.15"))
CIRCULATION: Final = Range(Decimal(1), Decimal(1), Decimal(1))
SCARCITY: Final = Range(Decimal(0), Decimal(0), Decimal("0.10"))
RISK: Final = Range(Decimal(0), Decimal("0.10"), Decimal("0.20"))

_GUIDE: Final = "资产评估专家指引第9号"


@dataclass(frozen=True, slots=True)
class CostApproach:
    """Values a product by what it cost, what such cost returns, and how useful it came out.

    `return_rate` is R, 0 to 10; `circulation` β, 0 to 10, how widely the data can be passed on;
    `scarcity` l, 0 to 1, the product's share of all such data; `risk` r, 0 to 1, that the value
    is not realised.  α is the evidence's quality score, known to within `quality_spread`.

    P rises with R, α, β and l and falls with r, so the ends of the range take every parameter
    at its worse or better end: wherever the parameters lie in their ranges, P lies in its own.
    """

    return_rate: Range = RETURN_RATE
    circulation: Range = CIRCULATION
    scarcity: Range = SCARCITY
    risk: Range = RISK
    quality_spread: Decimal = Decimal("0.05")

    def __post_init__(self) -> None:
        self.return_rate.require_within("return_rate", 0, 10)
        self.circulation.require_within("circulation", 0, 10)
        self.scarcity.require_within("scarcity", 0, 1)
        self.risk.require_within("risk", 0, 1)
        require_within("quality_spread", self.quality_spread, 0, 1)

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` without cost lines or a quality score."""
        lines = evidence.cost_lines()
        if not lines:
            raise BadInput("costs: the cost approach needs at least one cost line")
        if evidence.quality is None:
            raise BadInput("quality: the cost approach needs the product's quality score")
        cost = total(line.amount for line in lines)
        quality = self._quality(exact(evidence.quality))
        rate, beta = self.return_rate.ends(), self.circulation.ends()
        scarcity, risk = self.scarcity.ends(), self.risk.ends()[::-1]
        factors = tuple(
            (1 + big_r) * alpha * b * (1 + scarce) * (1 - r)
            for big_r, alpha, b, scarce, r in zip(rate, quality, beta, scarcity, risk, strict=True)
        )
        low, mid, high = (cost.scaled(factor) for factor in factors)
        return Appraisal(
            low,
            mid,
            high,
            basis=f"cost approach, P = TC·(1+R)·U ({_GUIDE})",
            indicators=(
                *_cost_lines(evidence),
                self._stated("return rate R", self.return_rate, 1 + rate[1]),
                Indicator(
                    "quality α",
                    decimal_text(evidence.quality),
                    times(quality[1]),
                    f"the quality score, give or take {decimal_text(self.quality_spread)}",
                ),
                self._stated("circulation β", self.circulation, beta[1]),
                self._stated("scarcity l", self.scarcity, 1 + scarcity[1]),
                self._stated("realisation risk r", self.risk, 1 - risk[1]),
            ),
        )

    def _quality(self, score: Fraction) -> tuple[Fraction, Fraction, Fraction]:
        spread = exact(self.quality_spread)
        return max(score - spread, Fraction(0)), score, min(score + spread, Fraction(1))

    def _stated(self, name: str, parameter: Range, factor: Fraction) -> Indicator:
        return Indicator(
            name,
            decimal_text(parameter.mid),
            times(factor),
            f"{_GUIDE}; the appraiser states {parameter}",
        )


def _cost_lines(evidence: Evidence) -> tuple[Indicator, ...]:
    lines = evidence.cost_lines()
    whole = total(line.amount for line in lines).minor
    return tuple(
        Indicator(
            f"{line.stage}: {line.name}" if line.stage else line.name,
            figure(line.amount),
            f"+ {line.amount}",
            line.source or "the supplier's cost lines",
            weight(Fraction(line.amount.minor, whole)) if whole else None,
        )
        for line in lines
    )
