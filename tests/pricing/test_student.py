from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pricing.errors import BadInput
from pricing.student import _series, quantile


# Fisher and Yates, Statistical Tables, table III, to the places printed there.
@pytest.mark.parametrize(
    ("probability", "freedom", "printed"),
    [
        (0.95, 1, 6.314),
        (0.975, 2, 4.303),
        (0.975, 5, 2.571),
        (0.995, 10, 3.169),
        (0.975, 30, 2.042),
        (0.95, 120, 1.658),
    ],
)
def test_quantiles_are_those_of_the_printed_tables(
    probability: float, freedom: float, printed: float
) -> None:
    assert round(quantile(probability, freedom), 3) == printed


def test_one_and_two_degrees_have_closed_forms() -> None:
    # Cauchy: tan(π(p − ½)).  Two degrees: (2p − 1)·sqrt(2 / (4p(1 − p))).
    assert math.isclose(quantile(0.9, 1), math.tan(math.pi * 0.4), rel_tol=1e-13)
    assert math.isclose(quantile(0.9, 2), 0.8 * math.sqrt(2 / 0.36), rel_tol=1e-13)
    assert quantile(0.5, 7) == 0


@given(
    st.floats(1e-6, 0.49),
    st.one_of(st.floats(1, 100), st.floats(100, 1e6)),
)
def test_quantiles_are_those_of_scipy(probability: float, freedom: float) -> None:
    expected = float(stats.t.ppf(probability, freedom))
    assert math.isclose(quantile(probability, freedom), expected, rel_tol=1e-11)
    assert math.isclose(quantile(1 - probability, freedom), -expected, rel_tol=1e-8)


def test_the_series_has_the_terms_of_the_handbook() -> None:
    # Abramowitz and Stegun 26.7.5, where the fourth term left out is below 1e-9.
    for tail, freedom in ((0.01, 500), (0.1, 300), (0.3, 300)):
        assert math.isclose(_series(tail, freedom), stats.t.isf(tail, freedom), rel_tol=1e-9)


@pytest.mark.parametrize(
    ("probability", "freedom"), [(0.0, 3), (1.0, 3), (0.5, 0), (math.nan, 3), (0.3, math.inf)]
)
def test_what_has_no_quantile_is_refused(probability: float, freedom: float) -> None:
    with pytest.raises(BadInput, match=r"^probability: "):
        quantile(probability, freedom)
