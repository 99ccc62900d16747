from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from pricing.appraisal import Appraisal, Band, Indicator
from pricing.conformance import EstimatorContract
from pricing.engines.hedonic import Hedonic
from pricing.engines.kernel import ComparablesKernel
from pricing.errors import BadAmount, BadInput
from pricing.estimate import (
    Estimate,
    Guidance,
    Held,
    Levels,
    MarketHistory,
    Predictive,
    SettledTrade,
    Use,
)
from pricing.money import Currency, Money
from pricing.posterior import Belief, Posterior

LINE = Indicator("survey", "1", "+ 1", "ledger")
APPRAISED = Appraisal(
    Money.parse("80000 CNY"), Money.parse("100000 CNY"), Money.parse("125000 CNY"), "cost", (LINE,)
)


def sold(price: str, number: int, *features: str) -> SettledTrade:
    return SettledTrade(
        Money.parse(f"{price} CNY"), f"{number:064x}", tuple(map(Decimal, features))
    )


# One licence of forty; like products with other logarithms of rows and other ages.
HISTORY = MarketHistory(
    APPRAISED,
    (
        sold("2900", 1, "13.8", "1"),
        sold("3600", 2, "14.6", "0.5"),
        sold("2400", 3, "13.1", "3"),
        sold("3100", 4, "13.8", "1"),
    ),
    licence_fraction=Fraction(1, 40),
    names=("log rows", "age"),
    product=(Decimal("13.8"), Decimal(1)),
)
ALONE = replace(HISTORY, names=(), product=(), trades=(sold("2900", 1), sold("3100", 4)))


class TestHedonicContract(EstimatorContract):
    estimator = Hedonic(slope=Decimal("0.30"))
    history = HISTORY


class TestForgettingContract(EstimatorContract):
    estimator = Hedonic(memory=Decimal("0.95"))
    history = ALONE
    remembers = False


def test_a_trade_moves_the_posterior_as_by_hand() -> None:
    # P = 2, x = 1, μ = 0, y = 3: width 3, k = 2/3, μ = 2, P = 2 − 4/3, a = 3.5, b = 1 + 9/6.
    held = Posterior(np.array([0.0]), np.array([[2.0]]), 3.0, 1.0)
    held.observe(np.array([1.0]), 3.0)
    assert (held.mean[0], held.shape, held.rate) == (2.0, 3.5, 2.5)
    assert math.isclose(held.spread[0, 0], 2 / 3)


def batch(x: Any, y: Any, prior: Posterior, memory: float) -> tuple[Any, Any, float, float]:
    """The posterior in one go: weighted least squares with the prior as further rows."""
    count = len(y)
    weights = memory ** np.arange(count - 1, -1, -1.0)
    held = memory**count * np.linalg.inv(prior.spread)
    precision = held + (x * weights[:, None]).T @ x
    right = held @ prior.mean + (x * weights[:, None]).T @ y
    mean = np.linalg.solve(precision, right)
    residual = y - x @ mean
    shift = mean - prior.mean
    rate = memory**count * prior.rate + (weights @ residual**2 + shift @ held @ shift) / 2
    return mean, np.linalg.inv(precision), memory**count * prior.shape + weights.sum() / 2, rate


@pytest.mark.parametrize("memory", [1.0, 0.97])
@settings(max_examples=50)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(1, 80))
def test_trade_by_trade_is_the_batch_refit(
    memory: float, seed: int, width: int, trades: int
) -> None:
    chance = np.random.default_rng(seed)
    x = np.column_stack([np.ones(trades), chance.normal(size=(trades, width - 1))])
    y = x @ chance.normal(size=width) + 0.3 * chance.normal(size=trades) + 8
    prior = Posterior(np.zeros(width), np.eye(width) * 4, 3.0, 0.5)
    held = Posterior(prior.mean, prior.spread, prior.shape, prior.rate, memory)
    for row, value in zip(x, y, strict=True):
        held.observe(row, float(value))
    mean, spread, shape, rate = batch(x, y, prior, memory)
    assert np.allclose(held.mean, mean, rtol=1e-10, atol=1e-10)
    assert np.allclose(held.spread, spread, rtol=1e-10, atol=1e-10)
    assert math.isclose(held.shape, shape, rel_tol=1e-10)
    assert math.isclose(held.rate, rate, rel_tol=1e-10, abs_tol=1e-10)


def test_the_guidance_is_read_off_the_posterior_predictive() -> None:
    estimate = Hedonic().estimate(ALONE)
    law = estimate.predictive
    # Prior by hand: 2a = 6, b = 0.25²·2 = 0.125; the half width is log 1.25 at t(0.9; 6).
    p = (math.log(1.25) / stats.t.ppf(0.9, 6)) ** 2 * 3 / 0.125
    a, b, mu = 3.0, 0.125, math.log(2_500_00)
    for trade in ALONE.trades:
        e, width = math.log(trade.price.minor) - mu, 1 + p
        mu, b, a, p = mu + p / width * e, b + e * e / (2 * width), a + 0.5, p - p * p / width
    assert math.isclose(law.location, mu, rel_tol=1e-12)
    assert math.isclose(law.scale, math.sqrt(b / a * (1 + p)), rel_tol=1e-12)
    assert law.freedom == 8
    expected = stats.t(8, law.location, law.scale)
    for probability, amount in [
        (0.1, estimate.guidance.band.low),
        (0.25, estimate.guidance.floor),
        (0.5, estimate.guidance.band.mid),
        (0.6, estimate.guidance.ask),
        (0.9, estimate.guidance.band.high),
    ]:
        assert amount.minor == round(math.exp(expected.ppf(probability)))


def test_the_appraisal_covers_the_mean_as_it_says() -> None:
    opening = Belief(coverage=Decimal("0.9")).of(HISTORY.opening())
    scale = math.sqrt(opening.rate / opening.shape * opening.spread)
    mean = stats.t(2 * opening.shape, opening.location, scale)
    assert math.isclose(mean.cdf(math.log(3_125_00)) - mean.cdf(math.log(2_000_00)), 0.9)
    assert math.isclose(opening.rate / (opening.shape - 1), 0.25**2)


def test_the_wider_side_of_an_uneven_range_counts_and_none_is_certain() -> None:
    uneven, wide = (Belief().of(Band(Money(low), Money(1000), Money(2000))) for low in (900, 500))
    assert uneven == wide
    point = Band(Money(100), Money(100), Money(100))
    even, doubted = (Belief(doubt=Decimal(doubt)).of(point) for doubt in ("0.05", "0.1"))
    assert math.isclose(doubted.spread, 4 * even.spread)


def test_trades_move_the_price_from_the_estimate_to_the_market() -> None:
    trades = tuple(sold("4000", i) for i in range(1, 31))
    estimate = Hedonic().estimate(replace(ALONE, trades=trades))
    mids = [step.guidance.band.mid for step in estimate.path]
    assert mids == sorted(mids)
    assert estimate.opening.band.mid == Money.parse("2500 CNY")
    assert Money.parse("3800 CNY") < mids[-1] < Money.parse("4000 CNY")
    assert estimate.observed == 30


def test_a_drifting_market_is_followed_by_one_that_forgets() -> None:
    trades = tuple(sold("2500", i) for i in range(1, 41)) + tuple(
        sold("5000", i) for i in range(41, 56)
    )
    history = replace(ALONE, trades=trades)
    firm, supple = (Hedonic(memory=Decimal(m)).estimate(history) for m in ("1", "0.9"))
    assert firm.guidance.band.mid < Money.parse("3500 CNY")
    assert supple.guidance.band.mid > Money.parse("4200 CNY")


def test_what_is_never_observed_is_forgotten_and_does_not_overflow() -> None:
    held = Posterior(np.zeros(2), np.diag([1.0, 4.0]), 3.0, 0.5, memory=0.5)
    for _ in range(2_000):
        held.observe(np.array([1.0, 0.0]), 8.0)
    assert held.mean[0] == pytest.approx(8)
    assert held.spread[1, 1] == pytest.approx(4e6)
    assert held.spread[0, 0] == pytest.approx(0.5)
    assert np.array_equal(held.spread, held.spread.T)


def test_features_carry_a_price_from_like_products() -> None:
    learning = Hedonic(slope=Decimal(1)).begin(HISTORY)
    for number in range(60):
        size = Decimal(13 + number % 3)
        price = Money(1, Currency.CNY).scaled(Fraction(math.exp(6 + 0.5 * float(size))))
        learning.observe(SettledTrade(price, f"{number:064x}", (size, Decimal(number % 2))))
    larger = learning.predict((Decimal("14.8"), Decimal(1)))
    assert math.isclose(larger.location - learning.law().location, 0.5, abs_tol=0.01)


def test_a_free_licence_is_cited_and_moves_nothing() -> None:
    estimate = Hedonic().estimate(replace(ALONE, trades=(*ALONE.trades, sold("0", 9))))
    assert [step.use for step in estimate.path] == [Use.OBSERVED, Use.OBSERVED, Use.FREE]
    assert estimate.guidance == Hedonic().estimate(ALONE).guidance
    assert estimate.observed == 2


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"licence_fraction": Fraction(0)}, "licence_fraction"),
        ({"licence_fraction": Fraction(3, 2)}, "licence_fraction"),
        ({"names": ("age", "age"), "product": (Decimal(1), Decimal(1))}, "names"),
        ({"names": (" ",), "product": (Decimal(1),)}, "names"),
        ({"names": ("age",)}, "product"),
        ({"product": (0.5,)}, "product"),
        ({"names": ("age",), "product": (Decimal("1e900"),), "trades": ()}, "product"),
        ({"trades": (sold("1", 1, "2"),)}, "trades"),
        ({"trades": (sold("1", 1), sold("2", 1))}, "trades: 0+1 is cited twice"),
        ({"trades": (SettledTrade(Money(1, Currency.USD), "a" * 64),)}, "trades"),
        ({"held": Held((1.0, 2.0), ((1.0, 0.0), (0.0, 1.0)), 1.0, 1.0)}, "held: 2 means"),
    ],
)
def test_a_history_outside_its_domain_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        replace(ALONE, **change)


@pytest.mark.parametrize("entry", ["", "ab", "A" * 64, "g" * 64, "0x" + "a" * 62])
def test_a_trade_must_cite_its_entry(entry: str) -> None:
    with pytest.raises(BadInput, match=r"trades\.entry"):
        SettledTrade(Money(1), entry)
    with pytest.raises(BadInput, match=r"trades\.price"):
        SettledTrade(Money(-1), "a" * 64)


def test_a_feature_beyond_what_a_float_counts_is_refused_and_not_lost() -> None:
    for value in ("1e900", "-1e160", "9007199254740993"):
        with pytest.raises(BadInput, match=r"^trades\.features: .* is not within"):
            sold("2900", 1, value)


def test_an_appraisal_of_nothing_is_no_beginning() -> None:
    nothing = replace(APPRAISED, low=Money(0))
    with pytest.raises(BadInput, match=r"^appraisal: a low end of 0\.00 CNY"):
        Hedonic().estimate(replace(ALONE, appraisal=nothing))


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (lambda: Hedonic(memory=Decimal(0)), "memory"),
        (lambda: Hedonic(memory=Decimal("1.1")), "memory"),
        (lambda: Hedonic(slope=Decimal(0)), "slope"),
        (lambda: Belief(coverage=Decimal(1)), "belief.coverage"),
        (lambda: Hedonic(memory=Decimal("1e-400")), "memory"),
        (lambda: Belief(coverage=Decimal("1e-400")), "belief.coverage"),
        (lambda: Belief(noise=Decimal(0)), "belief.noise"),
        (lambda: Belief(noise=Decimal("1e-300")), "belief.noise"),
        (lambda: Belief(strength=Decimal(-1)), "belief.strength"),
        (lambda: Levels(ask=Decimal("0.2")), "levels"),
        (lambda: Levels(high=Decimal(1)), "levels.high"),
        (lambda: Levels(Decimal("0.5"), Decimal("0.5")), "levels"),
        (lambda: Predictive(math.nan, 1.0, 3.0, Currency.CNY), "predictive"),
        (lambda: Predictive(1.0, 1.0, 0.0, Currency.CNY), "predictive"),
    ],
)
def test_parameters_outside_their_domain_are_named(build: Any, named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}"):
        build()


def test_a_price_beyond_any_amount_is_refused() -> None:
    for location in (40.0, 1e6):
        with pytest.raises(BadAmount):
            Predictive(location, 0.1, 5.0, Currency.CNY).at(Decimal("0.5"))
    with pytest.raises(BadInput, match="probability"):
        Predictive(1.0, 0.1, 5.0, Currency.CNY).at(Decimal(1))


def test_an_estimate_ends_where_its_path_does() -> None:
    estimate = Hedonic().estimate(ALONE)
    with pytest.raises(BadInput, match=r"^guidance: it is not where the path ends"):
        replace(estimate, guidance=estimate.opening)
    with pytest.raises(BadInput, match="basis"):
        replace(estimate, basis=" ")
    with pytest.raises(BadInput, match="predictive"):
        replace(estimate, predictive=replace(estimate.predictive, currency=Currency.USD))
    band = estimate.guidance.band
    with pytest.raises(BadInput, match="guidance"):
        Guidance(band, ask=band.low, floor=band.high)
    assert isinstance(estimate, Estimate)


@pytest.mark.parametrize(
    ("mean", "spread", "shape"),
    [
        ((1.0,), (), 1.0),
        ((1.0, 1.0), ((1.0,), (1.0,)), 1.0),
        ((math.nan,), ((1.0,),), 1.0),
        ((1.0,), ((math.inf,),), 1.0),
        ((1.0,), ((1.0,),), 0.0),
        ((1.0, 1.0), ((1.0, 5.0), (-5.0, 1.0)), 1.0),
    ],
)
def test_what_is_held_is_a_law(
    mean: tuple[float, ...], spread: tuple[tuple[float, ...], ...], shape: float
) -> None:
    with pytest.raises(BadInput, match=r"^held:"):
        Held(mean, spread, shape, 1.0)


def test_going_on_begins_where_the_trades_before_ended() -> None:
    before = Hedonic().estimate(replace(ALONE, trades=ALONE.trades[:1]))
    after = Hedonic().estimate(replace(ALONE, trades=ALONE.trades[1:], held=before.held))
    assert after.opening == before.guidance
    assert (before.observed, after.observed, len(after.path)) == (1, 2, 1)
    with pytest.raises(BadInput, match=r"^held: this estimator goes through all trades"):
        ComparablesKernel().estimate(replace(ALONE, held=before.held))
    assert after.guidance == Hedonic().estimate(ALONE).guidance


def test_what_was_never_observed_stays_bounded_trade_by_trade_too() -> None:
    model = Hedonic(memory=Decimal("0.01"))
    alike = tuple(replace(one, features=HISTORY.product) for one in HISTORY.trades)
    whole = replace(HISTORY, trades=alike)
    held = None
    for trade in alike:
        held = model.estimate(replace(whole, trades=(trade,), held=held)).held
    assert held == model.estimate(whole).held
    assert held is not None
    # Four trades forgotten a hundredfold each would make it 10^8 times the first variance.
    assert held.spread[1][1] == pytest.approx(1e6 * (0.5 / 0.25) ** 2)


def test_a_forged_belief_of_no_law_is_refused_before_a_price_is_read() -> None:
    negative = Held((7.0,), ((-1.0,),), 2.0, 1.0)
    for trades in ((), ALONE.trades):
        with pytest.raises(BadInput, match=r"^held: a spread that gives"):
            Hedonic().estimate(replace(ALONE, trades=trades, held=negative))
    hardly_free = Held((7.0,), ((1.0,),), 5e-324, 5e-324)
    with pytest.raises(BadAmount, match="nan"):
        Hedonic().estimate(replace(ALONE, trades=(), held=hardly_free))
