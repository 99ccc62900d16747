"""Index model (指标法): weighted indicators give a score, and the score scales a reference value.

Weights come from judgements by pairs, from what tells products apart, or from both
(`pricing.weights`).  Fuzzy comprehensive evaluation: B = W ∘ R with R the shares of the raters
in each grade, by the weighted mean M(·, +); the score is Σ B_j · g_j over the grades' factors
g_j, and P = reference · score.  The range is one standard deviation of the grades under B on
either side: how far the raters and the indicators disagree.  The grades and this range are
readings of this exchange; AHP beside a market's coefficients is that of the journal article
010bfgydxxb202401017, entropy beside AHP that of 高文忠等, 中国资产评估 2023(5).
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from pricing.appraisal import Appraisal, Evidence, Indicator
from pricing.domain import require_within
from pricing.errors import BadInput
from pricing.evidence import GRADES_MAX, Rating
from pricing.lines import figure, number, times, weight
from pricing.money import exact
from pricing.weights import RATIO_MAX, combined, entropy, hierarchy, require_consistent

# Excellent, good, fair, poor, bad (优、良、中、差、劣): an opening assumption.
GRADES: Final = tuple(map(Decimal, ("1", "0.8", "0.6", "0.4", "0.2")))


class Weighting(enum.StrEnum):
    """Where the weights come from."""

    COMBINED = "judgements and entropy"
    JUDGEMENTS = "judgements"
    ENTROPY = "entropy"


@dataclass(frozen=True, slots=True)
class IndexModel:
    """Scores a product by rated indicators and scales a reference value with the score.

    `grades` are the factors that the grades stand for, the best first, none above 10.
    """

    grades: tuple[Decimal, ...] = GRADES
    weighting: Weighting = Weighting.COMBINED

    def __post_init__(self) -> None:
        if not 2 <= len(self.grades) <= GRADES_MAX:
            raise BadInput(f"grades: {len(self.grades)} are too few or more than {GRADES_MAX}")
        for factor in self.grades:
            require_within("grades", factor, 0, 10)
        if any(one <= other for one, other in zip(self.grades, self.grades[1:], strict=False)):
            raise BadInput("grades: the best does not come first, or two are equal")

    def appraise(self, evidence: Evidence) -> Appraisal:
        """Value the product, or raise `BadInput` naming what is missing or contradicts itself."""
        if evidence.reference is None:
            raise BadInput("reference: the index model needs a value to scale")
        ratings = self._ratings(evidence)
        sources = self._weights(evidence, ratings)
        raw = {name: Fraction(share) for name, share in sources[-1][1].items()}
        whole = sum(raw.values(), Fraction(0))
        shares = {name: share / whole for name, share in raw.items()}
        factors = [exact(factor) for factor in self.grades]
        held = [
            sum((shares[name] * exact(one.grades[j]) for name, one in ratings.items()), Fraction(0))
            for j in range(len(factors))
        ]
        score = _mean(held, factors)
        variance = _mean(held, [(factor - score) ** 2 for factor in factors])
        spread = Fraction(math.sqrt(variance))
        reference = evidence.reference
        return Appraisal(
            reference.amount.scaled(max(score - spread, factors[-1])),
            reference.amount.scaled(score),
            reference.amount.scaled(min(score + spread, factors[0])),
            basis=f"index model, P = reference · Σ B·g, B = W∘R, weights by {self.weighting}",
            indicators=(
                Indicator("reference value", figure(reference.amount), f"+ {reference.amount}",
                          reference.source),
                *self._rated(ratings, shares, sources),
                *_graded(held, factors),
                *_consistent(evidence, self.weighting),
            ),
        )  # fmt: skip

    def _ratings(self, evidence: Evidence) -> dict[str, Rating]:
        if not evidence.ratings:
            raise BadInput("ratings: the index model needs rated indicators")
        ratings = {one.indicator: one for one in evidence.ratings}
        if len(ratings) < len(evidence.ratings):
            raise BadInput("ratings: an indicator is rated twice")
        for name, one in ratings.items():
            if len(one.grades) != len(self.grades):
                raise BadInput(
                    f"ratings: {name} has {len(one.grades)} grades, the model {len(self.grades)}"
                )
        return ratings

    def _weights(
        self, evidence: Evidence, ratings: Mapping[str, Rating]
    ) -> list[tuple[str, dict[str, float]]]:
        """Return the weights by their origin, those that count last."""
        found: list[tuple[str, dict[str, float]]] = []
        if self.weighting is not Weighting.ENTROPY:
            if not evidence.judgements:
                raise BadInput("judgements: weights by judgements need some")
            judged = hierarchy(evidence.judgements)
            _require_rated(judged, ratings)
            found.append(("AHP", judged))
        if self.weighting is not Weighting.JUDGEMENTS:
            found.append(("entropy", entropy({name: r.samples for name, r in ratings.items()})))
        if self.weighting is Weighting.COMBINED:
            found.append(("combined", combined(found[0][1], found[1][1])))
        return found

    def _rated(
        self,
        ratings: Mapping[str, Rating],
        shares: Mapping[str, Fraction],
        sources: list[tuple[str, dict[str, float]]],
    ) -> Iterator[Indicator]:
        factors = [exact(factor) for factor in self.grades]
        for name, one in ratings.items():
            score = _mean([exact(share) for share in one.grades], factors)
            origins = ", ".join(
                f"{origin} {number(Fraction(held[name]))}" for origin, held in sources
            )
            yield Indicator(
                name,
                number(score),
                f"score + {number(score * shares[name])}",
                f"{one.source}; weight by {origins}",
                weight(shares[name]),
            )


def _require_rated(judged: Mapping[str, float], ratings: Mapping[str, Rating]) -> None:
    unrated, unjudged = judged.keys() - ratings.keys(), ratings.keys() - judged.keys()
    if unrated:
        raise BadInput(f"ratings: {min(unrated)} is not rated")
    if unjudged:
        raise BadInput(f"judgements: {min(unjudged)} is rated and stands in none")


def _mean(shares: list[Fraction], values: list[Fraction]) -> Fraction:
    return sum((s * v for s, v in zip(shares, values, strict=True)), Fraction(0))


def _graded(held: list[Fraction], factors: list[Fraction]) -> Iterator[Indicator]:
    for place, (share, factor) in enumerate(zip(held, factors, strict=True), 1):
        yield Indicator(
            f"grade {place} of {len(factors)}",
            number(share),
            times(factor),
            "B = W∘R, weighted mean",
            weight(share),
        )


def _consistent(evidence: Evidence, weighting: Weighting) -> Iterator[Indicator]:
    if weighting is not Weighting.ENTROPY:
        for one in evidence.judgements:
            ratio = Fraction(require_consistent(one).ratio)
            yield Indicator(
                f"consistency of {one.of}",
                number(max(ratio, Fraction(0))),
                f"below {RATIO_MAX}: taken",
                f"{one.source}; CR of Saaty (1980)",
            )
