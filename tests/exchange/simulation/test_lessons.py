"""Three published results inside the market, each with the bound that it is held to."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from exchange.simulation.market import Market
from exchange.simulation.market.reading import read_market
from pricing.figures import Form, Language
from pricing.games.coverage import Coverage
from pricing.money import Money
from pricing.sharing import Owner, SharingCase
from pricing.sharing.robust import RobustShapley
from pricing.sharing.shapley import ExactShapley
from samples.markets.lessons import copies, reserves, weights
from samples.markets.lessons.playing import FOLDER, lesson
from tests.exchange.simulation.test_markets import fits


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_the_market_of_a_lesson_fits_the_schema(path: Path) -> None:
    assert read_market(path).name == f"lesson-{path.stem}"
    assert fits(path.read_text(encoding="utf-8"))


# Multiplicative weights.


@pytest.fixture(scope="module")
def life() -> weights.Learned:
    market = lesson("hedge")
    crowd = replace(market.buyers[0], count=800, arrivals=0.15)
    return weights.learned(replace(market, days=8, buyers=(crowd,)), 1)


def test_multiplicative_weights_fall_behind_by_no_more_than_their_bound(
    life: weights.Learned,
) -> None:
    offers = len(life.history.trials)
    top = life.learner.prices[-1].minor
    assert offers > 600
    assert sum(life.rounds) == offers
    # Whoever never learns falls behind by more, so the bound says something.
    worsts = (life.learner.prices[0], life.learner.prices[-1])
    best = life.earning(life.best)
    assert all(best - life.earning(worst) > life.bound(offers) * top for worst in worsts)
    assert 0 < life.regrets[-1] <= life.bound(offers) * top


def test_the_price_settles_where_it_earns_what_the_best_price_does(life: weights.Learned) -> None:
    assert life.best.minor == pytest.approx(5_000, abs=1_000)  # uniform values up to 100.00
    assert life.settled(len(life.history.trials) // 4) > 0.85


def test_the_bound_of_one_offer_a_round_is_that_of_the_theorem_and_an_eighth() -> None:
    market = lesson("hedge")
    assert market.kinds[0].learner is not None
    learned = weights.learned(replace(market, days=1), 1)
    steady = replace(learned, rounds=(1,) * 100)
    rate, prices = learned.learner.rate, len(learned.learner.prices)
    assert steady.bound(100) == pytest.approx(rate * 112.5 + math.log(prices) / rate)
    together = replace(learned, rounds=(100,))
    assert together.bound(100) == pytest.approx(rate * 1_350 + math.log(prices) / rate)


# Myerson's reserve.


@pytest.fixture(scope="module")
def auctions() -> Market:
    return lesson("reserve")


@pytest.fixture(scope="module")
def plain(auctions: Market) -> reserves.Sales:
    return reserves.sold(auctions, 1, reserves.PLAIN)


def test_the_curve_of_revenue_is_that_of_theory_and_peaks_at_one_half(
    plain: reserves.Sales,
) -> None:
    found = {reserve: plain.under(reserve) for reserve in (0.0, 0.25, 0.5, 0.75)}
    for reserve, (mean, error) in found.items():
        assert abs(mean - plain.expected(reserve)) < 3 * error, reserve
    assert max(found, key=lambda reserve: found[reserve][0]) == 0.5
    curve = [plain.expected(n / 100) for n in range(101)]
    assert curve.index(max(curve)) == 50


def test_the_auction_that_myerson_sets_earns_what_a_reserve_of_one_half_does(
    auctions: Market, plain: reserves.Sales
) -> None:
    optimal = reserves.sold(auctions, 1, reserves.MYERSON)
    assert optimal.bids == plain.bids
    assert plain.earned == pytest.approx(plain.under(0.0)[0])
    assert optimal.earned == pytest.approx(plain.under(0.5)[0])
    assert optimal.earned > plain.earned + 3 * plain.under(0.0)[1]


@pytest.mark.parametrize(
    ("reserve", "bidders", "revenue"),
    [(0.0, 2, 1 / 3), (0.5, 2, 5 / 12), (0.5, 1, 1 / 4), (0.0, 1, 0.0), (0.0, 3, 1 / 2)],
)
def test_theory_is_that_of_the_books(reserve: float, bidders: int, revenue: float) -> None:
    """Krishna, Auction Theory, chapter 2: two uniform bidders bring 1/3, with the reserve 5/12."""
    assert reserves.expected(reserve, bidders) == pytest.approx(revenue)


# Copies.


@pytest.fixture(scope="module")
def attack() -> copies.Attack:
    return copies.attacked(copies.proceeds(lesson("copies"), 1))


def test_a_copy_pays_under_the_plain_shapley_value_and_under_no_repair(
    attack: copies.Attack,
) -> None:
    assert attack.proceeds > Money(100_000)
    plain = attack.shares["shapley"]
    assert list(plain) == sorted(set(plain))  # every further copy pays
    assert plain[0] == Fraction(9, 22)  # 3 cells alone and half of 3 shared, of 11
    for repaired in ("robust", "contents"):
        assert attack.shares[repaired][0] == pytest.approx(plain[0])
        assert all(attack.gain(repaired, n) <= 0 for n in range(1, copies.COPIES + 1))
    assert set(attack.shares["contents"]) == {plain[0]}


def test_who_can_stand_in_for_another_gets_what_the_paper_says() -> None:
    for clones in range(5):
        owners = [Owner("south"), *(Owner(f"north-{n}", content="x") for n in range(clones + 1))]
        game = Coverage(((0,),) * len(owners))
        case = SharingCase(Money(10_000), tuple(owners), game=game)
        share = copies.of_attacker(ExactShapley().allocate(case))
        assert share == Fraction(clones + 1, clones + 2)
        robust = copies.of_attacker(RobustShapley(rest_to="fund").allocate(case))
        assert float(robust) == pytest.approx((clones + 1) / (clones + 2) / 2**clones)


# Figures.


def test_the_figures_are_drawn(life: weights.Learned, attack: copies.Attack) -> None:
    assert b"</svg>" in weights.draw(life, Language.EN, Form.SVG)
    assert b"plain Shapley value" in copies.draw(attack, Language.EN, Form.SVG)
    few = reserves.Sales(((90_000, 20_000), (60_000,)), (20_000, 0))
    assert b"as played" in reserves.draw(few, few, Language.EN, Form.SVG)
