"""Scarcity: a row of like products has a price, and the fewer are like it, the dearer it is."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pricing.appraisal import Appraisal, Evidence, Indicator
from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.money import Money, decimal_text, exact, quantized


@dataclass(frozen=True, slots=True)
class ScarcityAppraiser:
    """Values a product at rows × price of a row × (1 + premium / number of like products).

    `premium`, 0 to 10, is what a product like one other only is worth above it.  The range is
    that of the prices of a row, from the lowest to the highest; the middle is their median.
    """

    premium: Decimal = Decimal("0.5")

    def __post_init__(self) -> None:
        require_within("premium", self.premium, 0, 10)

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` without its rows or a like product's."""
        if not evidence.rows:
            raise BadInput("rows: the number of rows is needed, and above zero")
        likes = [(one.product, one.price, one.rows) for one in evidence.comparables if one.rows]
        if not likes:
            raise BadInput("comparables: at least one with its price and its rows is needed")
        if len({price.currency for _, price, _ in likes}) > 1:
            raise BadInput("comparables: the prices are in more than one currency")
        unit = Money(1, likes[0][1].currency)
        factor = 1 + exact(self.premium) / len(likes)
        rates = [Fraction(price.minor, rows) for _, price, rows in likes]
        low, mid, high = (
            unit.scaled(rate * evidence.rows * factor)
            for rate in (min(rates), Fraction(statistics.median(rates)), max(rates))
        )
        lines = [
            Indicator(product, str(rows), f"{price} for its rows", "the comparable's trade")
            for product, price, rows in likes
        ]
        return Appraisal(
            low,
            mid,
            high,
            basis="price of a row of like products, with a premium for scarcity",
            indicators=(
                *lines,
                Indicator("rows", str(evidence.rows), f"× {evidence.rows}", "the evidence"),
                Indicator(
                    "scarcity",
                    decimal_text(self.premium),
                    f"× {decimal_text(quantized(factor, 6))}",
                    f"the appraiser states the premium; {len(likes)} like products",
                ),
            ),
        )
