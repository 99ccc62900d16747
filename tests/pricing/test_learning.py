"""Learners against the contract, and against the regret that their papers bound."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pricing.chance import Lots
from pricing.conformance import LearnerContract, StrategyContract
from pricing.engines.learned import LearnedPrice
from pricing.errors import BadInput
from pricing.learning import Answer, Grid, History, Learner, Proposal, Trial
from pricing.learning.exp3 import Exp3
from pricing.learning.hedge import Hedge
from pricing.learning.ucb1 import KleinbergLeighton, UpperConfidence
from pricing.money import Currency, Money
from pricing.quote import QuoteRequest

TEN = Grid(Money(1_000), Money(10_000), 10)


class TestUpperConfidence(LearnerContract):
    learner = UpperConfidence(TEN)


class TestKleinbergLeighton(LearnerContract):
    learner = KleinbergLeighton(Money(10_000), 2_000)


class TestExp3(LearnerContract):
    learner = Exp3.tuned(TEN, 2_000, seed=3)
    part = 0.6  # it goes on exploring: that is what the adversary is afraid of


class TestHedge(LearnerContract):
    learner = Hedge.tuned(TEN, 2_000, seed=3)
    part = 0.95


class TestLearnedPrice(StrategyContract):
    strategy = LearnedPrice(
        UpperConfidence(TEN).propose(History()), floor=Money(1_500), ceiling=Money(9_000)
    )
    request = QuoteRequest(Money(5_000))


def regret(learner: Learner, worths: Sequence[Money]) -> tuple[float, float]:
    """Return what the best fixed price earns and what it leads by, in shares of the highest."""
    state, earned = learner.start(), 0
    for worth in worths:
        trial = Trial.of_worth(state.propose(), worth)
        state.update(trial)
        earned += trial.price.minor if trial.answer is Answer.BOUGHT else 0
    best = max(price.minor * sum(worth >= price for worth in worths) for price in learner.prices)
    top = learner.prices[-1].minor
    return best / top, (best - earned) / top


def uniform_worths(count: int, seed: int) -> list[Money]:
    lots = Lots(seed, 1)  # another stream than that of the learner with this seed
    return [Money(lots.below(10_001)) for _ in range(count)]


def turning_worths(count: int, seed: int) -> list[Money]:
    """Buyers who change together, as none of the laws of chance do."""
    lots = Lots(seed, 1)
    return [Money((3_000, 8_000, 5_000)[3 * i // count] + lots.below(1_000)) for i in range(count)]


def test_ucb1_keeps_the_regret_of_its_theorem() -> None:
    # Auer, Cesa-Bianchi, Fischer 2002, theorem 1.  Of uniform worths the price x earns x(1 - x).
    count = 5_000
    means = [x * (1 - x) for x in (i / 10 for i in range(1, 11))]
    short = [max(means) - mean for mean in means if mean < max(means)]
    bound = 8 * sum(math.log(count) / gap for gap in short) + (1 + math.pi**2 / 3) * sum(short)
    found = [regret(UpperConfidence(TEN), uniform_worths(count, seed))[1] for seed in range(3)]
    assert all(0 < one < bound for one in found)
    # The bound is generous; the regret grows as a logarithm does, and no line would keep to this.
    assert max(found) < 0.08 * count


@pytest.mark.parametrize("worths", [uniform_worths, turning_worths])
def test_exp3_keeps_the_regret_of_its_theorem(worths: Callable[[int, int], list[Money]]) -> None:
    # Auer, Cesa-Bianchi, Freund, Schapire 2002, corollary 3.2: against any buyers.
    count, prices = 5_000, 10
    bound = 2.63 * math.sqrt(count * prices * math.log(prices))
    found = [regret(Exp3.tuned(TEN, count, s), worths(count, s))[1] for s in range(3)]
    assert sum(found) / 3 < bound


@pytest.mark.parametrize("worths", [uniform_worths, turning_worths])
def test_hedge_keeps_the_regret_of_its_theorem(worths: Callable[[int, int], list[Money]]) -> None:
    # Arora, Hazan, Kale 2012, theorem 2.5 for gains: against any buyers.
    count, prices = 2_000, 10
    bound = 2 * math.sqrt(count * math.log(prices))
    found = [regret(Hedge.tuned(TEN, count, s), worths(count, s))[1] for s in range(3)]
    assert sum(found) / 3 < bound


def test_kleinberg_and_leighton_come_near_the_best_price_of_all() -> None:
    # FOCS 2003, section 3: regret O(sqrt(n log n)) against the best price; of uniform worths ½.
    count = 10_000
    learner = KleinbergLeighton(Money(10_000), count)
    assert [price.minor for price in learner.prices] == [1667, 3334, 5000, 6667, 8333, 10000]
    best, behind = regret(learner, uniform_worths(count, 4))
    assert behind + (count / 4 - best) < 4 * math.sqrt(count * math.log(count))


@pytest.mark.parametrize(("rounds", "steps"), [(2, 2), (100, 3), (10_000, 6), (1_000_000, 17)])
def test_the_grid_grows_with_the_fourth_root(rounds: int, steps: int) -> None:
    assert KleinbergLeighton(Money(10_000), rounds).steps == steps


def test_ucb1_by_hand() -> None:
    # Two prices, each offered once: 1/2 bought earned 1/2, 1 declined earned 0; then ln 2.
    learner = UpperConfidence(Grid(Money(50), Money(100), 2))
    trials = [Trial(Money(50), Answer.BOUGHT), Trial(Money(100), Answer.DECLINED)]
    assert learner.propose(History()).price == Money(50)
    assert learner.propose(History(tuple(trials[:1]))).price == Money(100)
    assert learner.propose(History(tuple(trials))).price == Money(50)
    # After 2, 3 and 4 declined offers of 50: mean 1/6 + sqrt(2 ln 4 / 3) = 1.13, and for 100
    # sqrt(2 ln 4 / 1) = 1.67.
    trials += [Trial(Money(50), Answer.DECLINED)] * 2
    proposal = learner.propose(History(tuple(trials)))
    assert proposal == Proposal(Money(100), 4, "highest upper confidence bound (UCB1)")


def test_exp3_by_hand() -> None:
    # K = 2, γ = 1/2: after one sale at the lower price, offered by chance 1/2 and earning 1/2,
    # its weight is exp(γ/K · (1/2)/(1/2)) = exp(1/4).
    state = Exp3(Grid(Money(50), Money(100), 2), 0.5, seed=0).start()
    state.update(Trial(Money(50), Answer.BOUGHT))
    assert state._weights == [math.exp(0.25), 1.0]
    # The next sale at 50: its chance is then (1 - γ) w/W + γ/K.
    chance = 0.5 * math.exp(0.25) / (math.exp(0.25) + 1) + 0.25
    state.update(Trial(Money(50), Answer.BOUGHT))
    assert state._weights[0] == pytest.approx(math.exp(0.25) * math.exp(0.25 * 0.5 / chance))


def test_hedge_by_hand() -> None:
    # A worth of 60 would have earned 1/2 of the ceiling at 50 and nothing at 100.
    state = Hedge(Grid(Money(50), Money(100), 2), 0.5, seed=0).start()
    state.update(Trial.of_worth(Money(100), Money(60)))
    assert state.weights == (1.25 / 2.25, 1 / 2.25)


@pytest.mark.parametrize("learner", [Exp3(TEN, 1.0, 1), Hedge(TEN, 0.5, 1)])
def test_weights_never_overflow(learner: Learner) -> None:
    state = learner.start()
    for _ in range(5_000):
        state.update(Trial.of_worth(Money(10_000), Money(10_000)))
    assert state.propose() in TEN.prices


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(2, 50))
@settings(max_examples=60)
def test_a_grid_is_even_to_half_a_unit_and_has_both_ends(low: int, width: int, steps: int) -> None:
    ceiling = Money(low + width + steps)
    prices = Grid(Money(low), ceiling, steps).prices
    assert (prices[0], prices[-1]) == (Money(low), ceiling)
    for place, price in enumerate(prices):
        even = low + Fraction((ceiling.minor - low) * place, steps - 1)
        assert abs(price.minor - even) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("made", "named"),
    [
        (lambda: Grid(Money(-1), Money(10), 2), "grid.floor"),
        (lambda: Grid(Money(1), Money(10, Currency.USD), 2), "grid.ceiling"),
        (lambda: Grid(Money(5), Money(8), 5), "grid.ceiling"),
        (lambda: Grid(Money(0), Money(0), 1), "grid.ceiling"),
        (lambda: Grid(Money(5), Money(8), 1), "grid.steps"),
        (lambda: Grid(Money(5), Money(8), 0), "grid.steps"),
        (lambda: Exp3(TEN, 0.0, 1), "exploration"),
        (lambda: Exp3(TEN, math.nan, 1), "exploration"),
        (lambda: Hedge(TEN, 0.6, 1), "rate"),
        (lambda: Hedge(TEN, math.inf, 1), "rate"),
        (lambda: KleinbergLeighton(Money(10_000), 1), "rounds"),
        (lambda: KleinbergLeighton(Money(5), 10_000), "ceiling"),
        (lambda: Trial(Money(-1), Answer.BOUGHT), "trials.price"),
        (lambda: Trial(Money(5), Answer.BOUGHT, Money(4)), "trials.worth"),
        (lambda: Trial(Money(5), Answer.DECLINED, Money(5)), "trials.worth"),
        (lambda: Trial(Money(5), Answer.BOUGHT, Money(5, Currency.USD)), "trials.worth"),
        (
            lambda: Hedge(TEN, 0.5, 1).propose(History((Trial(Money(1_000), Answer.BOUGHT),))),
            "trials.worth",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_refused(made: Callable[[], object], named: str) -> None:
    with pytest.raises(BadInput, match=f"^{named}: "):
        made()


@pytest.mark.parametrize(
    ("proposed", "quoted", "said"),
    [
        (5_000, 5_000, ["UCB1, 40 trials"]),
        (500, 1_000, ["UCB1, 40 trials", "raised to the floor"]),
        (9_500, 9_000, ["UCB1, 40 trials", "lowered to the ceiling"]),
    ],
)
def test_a_learned_price_stays_within_what_was_declared(
    proposed: int, quoted: int, said: list[str]
) -> None:
    strategy = LearnedPrice(Proposal(Money(proposed), 40, "UCB1"), Money(1_000), Money(9_000))
    quote = strategy.quote(QuoteRequest(Money(6_000)))
    assert quote.amount == Money(quoted)
    assert [line.text for line in quote.lines] == said
    assert quote.remarks == ("the supplier's list price is 60.00 CNY",)


def test_a_learned_price_names_what_does_not_fit() -> None:
    proposal = Proposal(Money(5_000), 40, "UCB1")
    with pytest.raises(BadInput, match=r"^floor: .* above the ceiling"):
        LearnedPrice(proposal, Money(2), Money(1))
    with pytest.raises(BadInput, match=r"^ceiling: in USD"):
        LearnedPrice(proposal, Money(1), Money(2, Currency.USD))
    with pytest.raises(BadInput, match=r"^list_price: in USD"):
        LearnedPrice(proposal, Money(1), Money(2)).quote(QuoteRequest(Money(1, Currency.USD)))
