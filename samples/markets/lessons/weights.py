"""Lesson one: multiplicative weights learn a price, and fall behind by no more than their bound.

A. Agarwal, M. Dahleh, T. Sarkar, A marketplace for data (EC 2019), price data by multiplicative
weights over a net of K prices: whatever the buyers do, the expected regret against the best of
them after T offers is O(sqrt(T ln K)).

In a market the offers of one round are made together, before any of them is answered.  The proof
of S. Arora, E. Hazan and S. Kale (2012), theorem 2.5 for gains, carries over with Hoeffding's lemma
for a round of m offers: (1 + x) >= exp(x - x^2) for the best price, and for what is drawn
E exp(rate G) <= exp(rate E G + rate^2 m^2 / 8).  So the expected regret is at most

    rate (T + sum of m^2 / 8) + ln K / rate

in units of the highest price.  With one offer a round that is 9/8 of the theorem's own first term.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from exchange.simulation.depth import Ending
from exchange.simulation.kernel.hours import CLOSES, OPENS
from exchange.simulation.market import Market
from exchange.simulation.market.plugged import built
from pricing.figures import Form, Language
from pricing.figures import learning as figure
from pricing.learning import Answer, History, Trial
from pricing.learning.hedge import Hedge
from pricing.money import Money
from samples.markets.lessons.playing import played

_ANSWERED = frozenset({Ending.EXECUTED, Ending.DECLINED})


@dataclass(frozen=True, slots=True)
class Learned:
    """One supplier's offers and their answers, in the order in which they were made."""

    learner: Hedge
    history: History
    rounds: tuple[int, ...]  # how many offers each round made

    @property
    def regrets(self) -> tuple[int, ...]:
        """How far behind the best price it was after each offer, in minor units."""
        return figure.regrets(self.history, self.learner.prices)[1]

    @property
    def best(self) -> Money:
        """The price that was best in hindsight."""
        return figure.regrets(self.history, self.learner.prices)[0]

    def bound(self, offers: int) -> float:
        """Return how large a regret is expected at most, as a share of the highest price."""
        left, squares = offers, 0
        for made in self.rounds:
            squares += min(made, left) ** 2
            left -= min(made, left)
        rate = self.learner.rate
        return rate * (offers + squares / 8) + math.log(len(self.learner.prices)) / rate

    def earning(self, price: Money) -> int:
        """Return what a fixed price would have earned, in minor units."""
        worths = (trial.worth for trial in self.history.trials if trial.worth is not None)
        return sum(price.minor for worth in worths if worth >= price)

    def settled(self, last: int) -> float:
        """Return what the last offers earned, as a share of what the best price had from them."""
        trials, best = self.history.trials[-last:], self.best
        earned = sum(each.price.minor for each in trials if each.answer is Answer.BOUGHT)
        worths = (each.worth for each in trials if each.worth is not None)
        return earned / sum(best.minor for worth in worths if worth >= best)


def learned(market: Market, seed: int) -> Learned:
    """Play the market, in which one supplier offers one product, and return what it lived."""
    wishes = played(market, seed)
    (kind,) = market.kinds
    assert kind.learner is not None  # noqa: S101 - the lesson is about it
    names = ("ending", "offered", "value", "day", "second")
    trials, rounds = [], Counter[tuple[int, int]]()
    for ending, offered, value, day, second in zip(
        *(wishes[name].tolist() for name in names), strict=True
    ):
        if ending in _ANSWERED:
            trials.append(Trial.of_worth(Money(offered), Money(value)))
            rounds[day, (second - OPENS) * market.rounds // (CLOSES - OPENS)] += 1
    learner = built("learner", kind.learner, seed=seed)
    return Learned(learner, History(tuple(trials)), tuple(rounds.values()))


def draw(life: Learned, language: Language, form: Form) -> bytes:
    """Draw the offers and the regret beside its bound."""
    return figure.draw(
        life.history, life.learner.prices, bound=life.bound, language=language, form=form
    )
