from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.conformance import EstimatorContract
from pricing.engines.hedonic import Hedonic
from pricing.engines.kernel import ComparablesKernel
from pricing.errors import BadInput
from pricing.money import Money
from tests.pricing.test_hedonic import ALONE, HISTORY, sold


class TestKernelContract(EstimatorContract):
    estimator = ComparablesKernel(bandwidth=Decimal("0.50"))
    history = HISTORY


def test_a_like_trade_counts_by_its_distance() -> None:
    # Log rows 0.8 and age 0.5 away with h = 0.5: exp(−0.89/0.5).
    held = ComparablesKernel(bandwidth=Decimal("0.5")).begin(HISTORY)
    assert math.isclose(held.weight(HISTORY.trades[1]), math.exp(-0.89 / 0.5), rel_tol=1e-9)
    assert held.weight(HISTORY.trades[0]) == 1


def test_without_features_it_is_the_hedonic_estimate() -> None:
    kernel, line = (one.estimate(ALONE) for one in (ComparablesKernel(), Hedonic()))
    assert kernel.guidance == line.guidance
    assert math.isclose(kernel.predictive.scale, line.predictive.scale, rel_tol=1e-12)


def test_a_trade_of_another_market_moves_nothing() -> None:
    far = replace(HISTORY, trades=(sold("900000", 7, "99", "1"),))
    estimate = ComparablesKernel().estimate(far)
    assert estimate.guidance == estimate.opening
    assert estimate.observed == 1


@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 30))
def test_trade_by_trade_is_the_weighted_batch(seed: int, count: int) -> None:
    chance = np.random.default_rng(seed)
    trades = tuple(
        sold(str(int(price)), i, f"{13.8 + shift:.3f}", "1")
        for i, (price, shift) in enumerate(
            zip(chance.integers(500, 9_000, count), chance.normal(size=count), strict=True)
        )
    )
    history = replace(HISTORY, trades=trades)
    model = ComparablesKernel()
    held, opening = model.begin(history), model.belief.of(history.opening())
    w = np.array([held.weight(trade) for trade in trades])
    y = np.log([trade.price.minor for trade in trades])
    for trade in trades:
        held.observe(trade)
    p = 1 / (1 / opening.spread + w.sum())
    mu = p * (opening.location / opening.spread + w @ y)
    b = opening.rate + 0.5 * (w @ (y - mu) ** 2 + (opening.location - mu) ** 2 / opening.spread)
    assert math.isclose(held.location, mu, rel_tol=1e-10)
    assert math.isclose(held.spread, p, rel_tol=1e-10)
    assert math.isclose(held.rate, b, rel_tol=1e-10)
    assert math.isclose(held.shape, opening.shape + w.sum() / 2, rel_tol=1e-10)


def test_a_bandwidth_is_above_zero() -> None:
    for bandwidth in ("0", "1e-400", "-1", "1000001"):
        with pytest.raises(BadInput, match=r"^bandwidth"):
            ComparablesKernel(bandwidth=Decimal(bandwidth))


def test_a_free_licence_is_no_price() -> None:
    free = ComparablesKernel().begin(ALONE)
    before = free.law()
    free.observe(replace(ALONE.trades[0], price=Money(0)))
    assert free.law() == before
