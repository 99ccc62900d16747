from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.appraisal import Evidence
from pricing.conformance import AppraiserContract
from pricing.engines.index import IndexModel, Weighting
from pricing.errors import BadInput
from pricing.evidence import Rating, Reference
from pricing.money import Money
from tests.pricing.test_weights import decimals, judged

REFERENCE = Reference(Money.parse("100000 CNY"), "the cost approach, appraised the same day")


def rated(indicator: str, grades: str, samples: str = "") -> Rating:
    return Rating(indicator, decimals(*grades.split()), "panel of five", decimals(*samples.split()))


# 3 : 1 by judgement; the samples tell 1 − 0.811278 and 1 − 0.543564 (see the test of entropy).
EVIDENCE = Evidence(
    judgements=(judged("value", "3", "quality", "scarcity"),),
    ratings=(rated("quality", "0.6 0.4 0 0 0", "1 3"), rated("scarcity", "0 0.2 0.8 0 0", "1 7")),
    reference=REFERENCE,
)
JUDGED = IndexModel(weighting=Weighting.JUDGEMENTS)


class TestIndexContract(AppraiserContract):
    appraiser = IndexModel()
    evidence = EVIDENCE
    weighed = ("quality", "scarcity")
    better = tuple(
        replace(EVIDENCE, reference=replace(REFERENCE, amount=Money(minor)))
        for minor in (0, 1, 10_000_00, 10_000_01)
    )


class TestJudgedIndexContract(AppraiserContract):
    appraiser = JUDGED
    evidence = EVIDENCE
    weighed = tuple(f"grade {place} of 5" for place in range(1, 6))


def test_a_score_by_hand() -> None:
    # W = (¾, ¼): B = (0.45, 0.35, 0.2, 0, 0); score 0.45 + 0.28 + 0.12 = 0.85;
    # variance 0.45·0.0225 + 0.35·0.0025 + 0.2·0.0625 = 0.0235.
    found = JUDGED.appraise(EVIDENCE)
    spread = math.sqrt(0.0235)
    assert found.mid == Money.parse("85000 CNY")
    assert found.low.minor == round(10_000_000 * (0.85 - spread))
    assert found.high == Money.parse("100000 CNY")  # 0.85 + 0.1533 is beyond the best grade


def test_weights_are_those_of_judgements_entropy_or_both() -> None:
    told = 1 - 0.8112781245, 1 - 0.5435644432
    both = 0.75 * told[0] / (0.75 * told[0] + 0.25 * told[1])
    for weighting, expected in [
        (Weighting.JUDGEMENTS, 0.75),
        (Weighting.ENTROPY, told[0] / sum(told)),
        (Weighting.COMBINED, both),
    ]:
        lines = IndexModel(weighting=weighting).appraise(EVIDENCE).indicators
        assert lines[1].weight == round(Decimal(expected), 6)


def test_each_indicator_shows_its_score_its_weight_and_where_it_comes_from() -> None:
    lines = IndexModel().appraise(EVIDENCE).indicators
    assert [line.name for line in lines] == [
        "reference value",
        "quality",
        "scarcity",
        *(f"grade {place} of 5" for place in range(1, 6)),
        "consistency of value",
    ]
    quality = lines[1]
    assert (quality.value, quality.effect) == ("0.92", "score + 0.50936")
    assert quality.weight == Decimal("0.553652")
    assert quality.source.startswith("panel of five; weight by AHP 0.75, entropy 0.292")
    assert lines[0].source == REFERENCE.source
    assert (lines[-1].value, lines[-1].effect) == ("0", "below 0.1: taken")


shares = st.lists(st.integers(0, 10), min_size=5, max_size=5).filter(any)


@settings(max_examples=50)
@given(shares, shares)
def test_the_range_stays_within_the_grades(one: list[int], other: list[int]) -> None:
    def grades(parts: list[int]) -> str:
        cells = [Decimal(part * 1000 // sum(parts)) / 1000 for part in parts]
        cells[0] += 1 - sum(cells)
        return " ".join(map(str, cells))

    evidence = replace(
        EVIDENCE, ratings=(rated("quality", grades(one)), rated("scarcity", grades(other)))
    )
    found = JUDGED.appraise(evidence)
    assert Money.parse("20000 CNY") <= found.low <= found.mid <= found.high
    assert found.high <= Money.parse("100000 CNY")


HOUSE = judged("value", "6 8 4", "quality", "scarcity", "reach")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"reference": None}, "reference: "),
        ({"ratings": ()}, "ratings: the index model needs"),
        ({"ratings": EVIDENCE.ratings * 2}, "ratings: an indicator is rated twice"),
        ({"ratings": EVIDENCE.ratings[:1]}, "ratings: scarcity is not rated"),
        (
            {"ratings": (*EVIDENCE.ratings, rated("reach", "1 0 0 0 0", "1 2"))},
            "judgements: reach is rated",
        ),
        ({"ratings": (rated("quality", "1 0"), EVIDENCE.ratings[1])}, "ratings: quality has 2"),
        ({"ratings": tuple(replace(r, samples=()) for r in EVIDENCE.ratings)}, "ratings.samples"),
        ({"judgements": ()}, "judgements: weights by judgements need some"),
        ({"judgements": (HOUSE,)}, "judgements: value contradict themselves"),
    ],
)
def test_what_is_missing_or_contradicts_itself_is_named(change: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        IndexModel().appraise(replace(EVIDENCE, **change))


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: IndexModel(grades=decimals("1")), "grades: 1 are too few"),
        (lambda: IndexModel(grades=decimals("0.5", "1")), "grades: the best does not come first"),
        (lambda: IndexModel(grades=decimals("11", "1")), "grades: 11 is not within 0 and 10"),
        (lambda: rated("reach", "0.5 0.4"), "ratings: the grades of reach sum to 9/10, not to 1"),
        (lambda: rated("reach", "1.5 -0.5"), "ratings: reach"),
        (lambda: rated("reach", ""), "ratings: reach has 0 grades"),
        (lambda: rated("reach", "1", "-1"), "ratings: a sample of reach is below zero"),
        (lambda: Reference(Money(-1), "x"), "reference.amount"),
        (lambda: Reference(Money(1), " "), "reference.source"),
    ],
)
def test_parameters_and_evidence_outside_their_domain_are_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        build()


def test_a_product_may_have_nothing_of_an_indicator() -> None:
    assert rated("reach", "1", "0 2").samples == decimals("0", "2")
