from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.errors import BadInput
from pricing.evidence import Judgements
from pricing.weights import combined, entropy, hierarchy, priorities, require_consistent


def judged(of: str, upper: str, *names: str) -> Judgements:
    """Fill a reciprocal matrix from its upper triangle, row after row."""
    given_ = iter(map(Fraction, upper.split()))
    size = len(names)
    rows = [[Fraction(1)] * size for _ in range(size)]
    for i in range(size):
        for j in range(i + 1, size):
            rows[i][j] = next(given_)
            rows[j][i] = 1 / rows[i][j]
    return Judgements(of, names, tuple(map(tuple, rows)), "the panel's sheet")


# Saaty, Decision making with the analytic hierarchy process, Int. J. Services Sciences 1 (2008):
# tables 3 and 4, the choice of a job, and table 2, drinks in the U.S. (the printed matrix is not
# reciprocal in tea against wine; 3 gives the printed priorities and CR).
JOB = judged(
    "job",
    "1/4 1/6 1/4 1/8  1/3 3 1/7  4 1/2  1/7",
    "flexibility", "opportunities", "security", "reputation", "salary",
)  # fmt: skip
FLEXIBILITY = judged("flexibility", "1/3 1/6 1/4", "location", "time", "work")
DRINKS = judged(
    "drinks",
    "9 5 2 1 1 1/2  1/3 1/9 1/9 1/9 1/9  1/3 1/4 1/3 1/9  1/2 1 1/3  2 1/2  1/3",
    "coffee", "wine", "tea", "beer", "sodas", "milk", "water",
)  # fmt: skip


@pytest.mark.parametrize(
    ("judgements", "printed"),
    [
        (JOB, (0.036, 0.122, 0.262, 0.075, 0.506)),
        (FLEXIBILITY, (0.091, 0.218, 0.691)),
        (DRINKS, (0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327)),
    ],
)
def test_priorities_are_those_that_saaty_printed(
    judgements: Judgements, printed: tuple[float, ...]
) -> None:
    found = require_consistent(judgements).weights
    assert all(abs(w - p) < 6e-4 for w, p in zip(found, printed, strict=True))


def test_the_consistency_ratio_is_the_one_that_saaty_printed() -> None:
    assert round(priorities(DRINKS).ratio, 3) == 0.022


def test_what_saaty_found_inconsistent_is_refused_by_name() -> None:
    # Size of house, Saaty (1988), How to make a decision: λ 3.136, CI .068, CR .117.
    house = judged("size of house", "6 8 4", "A", "B", "C")
    found = priorities(house)
    assert (round(found.eigenvalue, 3), round(found.index, 3)) == (3.136, 0.068)
    with pytest.raises(BadInput, match=r"^judgements: size of house .* CR 0\.117 is not below"):
        require_consistent(house)


def test_two_indicators_are_always_consistent_and_one_has_all() -> None:
    assert require_consistent(judged("pair", "3", "a", "b")).weights == (0.75, 0.25)
    assert require_consistent(judged("one", "", "a")).weights == (1.0,)


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9))
def test_priorities_are_the_principal_eigenvector_of_numpy(seed: int, size: int) -> None:
    chance = np.random.default_rng(seed)
    steps = [Fraction(int(n)) for n in chance.integers(1, 10, size=size * size)]
    upper = " ".join(str(1 / s if i % 2 else s) for i, s in enumerate(steps))
    found = priorities(judged("any", upper, *(f"i{n}" for n in range(size))))
    matrix = np.array(judged("any", upper, *map(str, range(size))).rows, dtype=float)
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    assert np.allclose(found.weights, vector / vector.sum(), atol=1e-9)
    assert math.isclose(found.eigenvalue, values[first].real, rel_tol=1e-9)
    assert math.isclose(math.fsum(found.weights), 1)


def test_a_part_weighs_its_share_of_its_whole() -> None:
    leaves = hierarchy([FLEXIBILITY, JOB])
    assert list(leaves) == ["opportunities", "security", "reputation", "salary",
                            "location", "time", "work"]  # fmt: skip
    # Saaty (2008), table 3 times table 4: 0.036 · 0.691.
    assert abs(leaves["work"] - 0.036 * 0.691) < 1e-3
    assert math.isclose(sum(leaves.values()), 1)


@pytest.mark.parametrize(
    "matrices",
    [
        [],
        [JOB, JOB],
        [JOB, DRINKS],
        [judged("a", "1", "b", "c"), judged("b", "1", "a", "d")],
        [judged("a", "1", "b", "c"), judged("b", "1", "c", "d")],
        [judged("a", "1", "b", "c"), judged("d", "1", "e", "d")],
    ],
)
def test_judgements_must_be_one_tree(matrices: list[Judgements]) -> None:
    with pytest.raises(BadInput, match=r"^judgements: "):
        hierarchy(matrices)


def test_more_than_fifteen_indicators_have_no_random_index() -> None:
    names = [f"i{n}" for n in range(16)]
    with pytest.raises(BadInput, match="more than 15"):
        priorities(judged("many", "1 " * 120, *names))


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        (((1, 2), (1, 1)), "is not the reciprocal of"),
        (((2, 2), (Fraction(1, 2), 1)), "is not the reciprocal of"),
        (((1, 10), (Fraction(1, 10), 1)), "is not within 1/9 and 9"),
        (((1, 2),), "is not 2 rows of 2"),
        (((1,), (1,)), "is not 2 rows of 2"),
    ],
)
def test_a_matrix_that_is_none_is_named(rows: Any, named: str) -> None:
    cells = tuple(tuple(map(Fraction, row)) for row in rows)
    with pytest.raises(BadInput, match=f"^judgements: quality.*{named}"):
        Judgements("quality", ("a", "b"), cells, "sheet")
    with pytest.raises(BadInput, match="one of them twice"):
        Judgements("quality", ("a", "a"), cells, "sheet")


def decimals(*values: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, values))


def test_entropy_by_hand() -> None:
    # (1, 3): −(¼ ln ¼ + ¾ ln ¾)/ln 2 = 0.811278; (1, 7): 0.543564; (2, 2): 1.
    found = entropy({"a": decimals("1", "3"), "b": decimals("1", "7"), "c": decimals("2", "2")})
    told = 1 - 0.8112781245, 1 - 0.5435644432
    assert math.isclose(found["a"], told[0] / sum(told), rel_tol=1e-8)
    assert math.isclose(found["b"], told[1] / sum(told), rel_tol=1e-8)
    assert found["c"] == 0


def test_what_is_had_by_one_product_alone_tells_most() -> None:
    found = entropy({"a": decimals("1", "0", "0"), "b": decimals("1", "1", "0")})
    # e = 0 and ln 2 / ln 3 = 0.63093.
    assert math.isclose(found["a"], 1 / (2 - 0.6309297536), rel_tol=1e-9)


def test_a_part_too_small_for_a_float_is_none() -> None:
    found = entropy({"a": decimals("1e-400", "1"), "b": decimals("1", "1")})
    assert found == {"a": 1, "b": 0}


@pytest.mark.parametrize(
    ("samples", "named"),
    [
        ({"a": ("1",)}, "two at least"),
        ({"a": ()}, "two at least"),
        ({"a": ("1", "2"), "b": ("1", "2", "3")}, "the same products"),
        ({"a": ("0", "0")}, "a is zero"),
        ({"a": ("2", "2"), "b": ("7", "7")}, "no indicator tells"),
    ],
)
def test_samples_that_say_nothing_are_refused(samples: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^ratings.samples: .*{named}"):
        entropy({name: decimals(*values) for name, values in samples.items()})


def test_both_weights_are_multiplied() -> None:
    found = combined({"a": 0.5, "b": 0.3, "c": 0.2}, {"a": 0.2, "b": 0.2, "c": 0.6})
    assert [round(w, 4) for w in found.values()] == [0.3571, 0.2143, 0.4286]
    with pytest.raises(BadInput, match=r"^weights: "):
        combined({"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 1.0})
