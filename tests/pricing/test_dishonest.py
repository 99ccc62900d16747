"""Mechanisms and learners that do not keep what they declare must fail their kits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from pricing.chance import Lots
from pricing.conformance import LearnerContract, MechanismContract
from pricing.laws import Law, Shape
from pricing.learning import Grid, History, Proposal, Trial, folded
from pricing.learning.ucb1 import UpperConfidence, UpperConfidenceState
from pricing.mechanisms import Auction, Award, Bid, Declared, Outcome, Payment, Property
from pricing.mechanisms.first_price import FirstPrice
from pricing.mechanisms.second_price import SecondPrice
from pricing.money import Money

BIDS = Auction((Bid("port", Money(100)), Bid("institute", Money(80)), Bid("fleet", Money(60))))
LAW = Law(Shape.UNIFORM, (Money(0), Money(100)))


def saying(*promises: Property, within: int = 0) -> tuple[Declared, ...]:
    return tuple(Declared(promise, "its word", within) for promise in promises)


@dataclass(frozen=True)
class Mislabelled(FirstPrice):
    """A first price that calls itself truthful."""

    @property
    def properties(self) -> tuple[Declared, ...]:
        return saying(Property.TRUTHFUL)


@dataclass(frozen=True)
class Claiming(SecondPrice):
    """A second price that claims more than it keeps."""

    @property
    def properties(self) -> tuple[Declared, ...]:
        return saying(Property.REVENUE_OPTIMAL, Property.REVENUE_OPTIMAL)


@dataclass(frozen=True)
class Bent:
    """A second price whose outcome is bent."""

    bend: Callable[[Auction, Outcome], Outcome]
    promises: tuple[Declared, ...] = ()
    seed: int = 0

    @property
    def properties(self) -> tuple[Declared, ...]:
        return self.promises

    def clear(self, auction: Auction) -> Outcome:
        return self.bend(auction, SecondPrice().clear(auction))


def dearer(_: Auction, outcome: Outcome) -> Outcome:
    return charging(outcome, lambda amount: amount + 7)


def generous(_: Auction, outcome: Outcome) -> Outcome:
    return charging(outcome, lambda amount: amount - 40)


def charging(outcome: Outcome, price: Callable[[int], int]) -> Outcome:
    return replace(
        outcome,
        payments=tuple(
            Payment.because(payment.bidder, Money(price(payment.amount.minor)), "as it pleased")
            for payment in outcome.payments
        ),
    )


def to_the_last(auction: Auction, outcome: Outcome) -> Outcome:
    awards = tuple(Award(bid.bidder, auction.items) for bid in auction.bids[-1:])
    return replace(outcome, allocations=awards, payments=())


def to_everybody(auction: Auction, outcome: Outcome) -> Outcome:
    awards = tuple(Award(bid.bidder, auction.items) for bid in auction.bids)
    return replace(outcome, allocations=awards, payments=())


def to_a_friend(_: Auction, outcome: Outcome) -> Outcome:
    return replace(outcome, allocations=(Award("a friend", ("licence",)),), payments=())


def of_nothing(auction: Auction, outcome: Outcome) -> Outcome:
    return replace(outcome, allocations=tuple(Award(b.bidder, ()) for b in auction.bids[:1]))


def by_name(auction: Auction, outcome: Outcome) -> Outcome:
    first = sorted(auction.bids, key=lambda bid: bid.bidder)[:1]
    return replace(
        outcome,
        allocations=tuple(Award(bid.bidder, auction.items) for bid in first),
        payments=(),
    )


@dataclass(frozen=True)
class Gamble:
    """Pays twice the second price or nothing, by a coin: truthful on the average alone."""

    seed: int
    promise: Property = Property.TRUTHFUL_ON_AVERAGE
    twice: int = 2

    @property
    def properties(self) -> tuple[Declared, ...]:
        return saying(self.promise)

    def clear(self, auction: Auction) -> Outcome:
        factor = self.twice * Lots(self.seed, 5).below(2)
        return charging(SecondPrice().clear(auction), lambda amount: amount * factor)


@dataclass(frozen=True)
class Whim:
    """Clears as often as it was asked."""

    asked: list[int]

    @property
    def properties(self) -> tuple[Declared, ...]:
        return ()

    def clear(self, auction: Auction) -> Outcome:
        self.asked.append(1)
        return replace(SecondPrice().clear(auction), remarks=(f"asked {len(self.asked)} times",))


@dataclass(frozen=True)
class Crashing:
    """Fails where nobody bids, and where amounts are great."""

    @property
    def properties(self) -> tuple[Declared, ...]:
        return ()

    def clear(self, auction: Auction) -> Outcome:
        highest = max(auction.bids, key=lambda bid: bid.amount.minor)
        Money(2 * highest.amount.minor)
        return Outcome((), ())


def kit(mechanism: Any, **settings: Any) -> MechanismContract:
    contract = MechanismContract()
    contract.mechanism, contract.auction = mechanism, BIDS
    for name, value in settings.items():
        setattr(contract, name, value)
    return contract


RATIONAL = saying(Property.INDIVIDUALLY_RATIONAL)
BALANCED = saying(Property.BUDGET_BALANCED)
EFFICIENT = saying(Property.EFFICIENT)
LAWS = (LAW, LAW)


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (kit(Mislabelled()).test_no_lie_pays_where_that_is_declared, "by bidding bidder"),
        (
            kit(Gamble(1, Property.TRUTHFUL)).test_no_lie_pays_where_that_is_declared,
            "minor units by bidding",
        ),
        (
            kit(
                Gamble(1, twice=20), count=200
            ).test_no_lie_pays_on_the_average_where_that_is_declared,
            "on average",
        ),
        (
            kit(Bent(dearer, RATIONAL)).test_nobody_pays_more_than_the_worth_where_that_is_declared,
            "loses",
        ),
        (kit(Bent(generous, BALANCED)).test_no_money_is_added_where_that_is_declared, "taken in"),
        (
            kit(
                Bent(to_the_last, EFFICIENT)
            ).test_nothing_better_can_be_done_where_that_is_declared,
            "worth",
        ),
        (kit(Bent(to_everybody)).test_awards_what_is_on_sale, "of 1 copies"),
        (kit(Bent(to_a_friend)).test_awards_what_is_on_sale, "did not bid"),
        (kit(Bent(to_a_friend)).test_sells_nothing_to_nobody, "awarded to nobody"),
        (kit(Bent(of_nothing)).test_awards_what_is_on_sale, "awarded nothing"),
        (kit(Bent(by_name)).test_names_move_nothing, "the name bidder"),
        (kit(Claiming()).test_declares_each_promise_once, "declared twice"),
        (
            kit(Claiming(), laws=LAWS).test_no_reserve_earns_more_where_that_is_declared,
            "earns",
        ),
        (kit(Claiming()).test_no_reserve_earns_more_where_that_is_declared, "State `laws`"),
        (kit(Whim([])).test_clears_alike_twice, "two outcomes"),
    ],
)
def test_the_kit_finds_a_mechanism_that_breaks_its_word(
    test: Callable[[], None], said: str
) -> None:
    with pytest.raises(AssertionError, match=said):
        test()


def test_a_lie_that_pays_is_told_with_the_whole_profile() -> None:
    with pytest.raises(AssertionError) as found:
        kit(Mislabelled()).test_no_lie_pays_where_that_is_declared()
    assert str(found.value).startswith(
        "bidder 0 gains 1 minor units by bidding bidder 0 46"
        " where the truth is bidder 0 47, supply 1"
    )


def test_what_is_true_on_the_average_alone_may_be_declared_so() -> None:
    kit(Gamble(1), count=60).test_no_lie_pays_on_the_average_where_that_is_declared()


def test_what_is_not_declared_is_not_asked() -> None:
    honest = kit(FirstPrice())
    honest.test_no_lie_pays_where_that_is_declared()
    honest.test_nothing_better_can_be_done_where_that_is_declared()
    kit(Bent(by_name), anonymous=False).test_names_move_nothing()


def test_a_rounding_that_is_declared_is_let_pass() -> None:
    rounded = saying(Property.INDIVIDUALLY_RATIONAL, within=7)
    kit(Bent(dearer, rounded)).test_nobody_pays_more_than_the_worth_where_that_is_declared()


def test_a_crash_is_no_outcome() -> None:
    with pytest.raises(ValueError, match="empty"):
        kit(Crashing()).test_sells_nothing_to_nobody()
    with pytest.raises(AssertionError, match="names no field"):
        kit(Crashing()).test_the_greatest_amounts_are_cleared_or_refused()


# Learners.

GRID = Grid(Money(10), Money(100), 10)


class State(UpperConfidenceState):
    """A state that a test bends."""


@dataclass(frozen=True)
class Learned:
    """UCB1 with a state of one's own."""

    state: Callable[[tuple[Money, ...]], Any]
    grid: Grid = GRID

    @property
    def prices(self) -> tuple[Money, ...]:
        return self.grid.prices

    def start(self) -> Any:
        return self.state(self.prices)

    def propose(self, history: History) -> Proposal:
        return folded(self, history, "as it pleased")


class Stubborn(State):
    """Learns nothing."""

    def propose(self) -> Money:
        return self._shelf.prices[0]


class Elsewhere(State):
    """Proposes a price that is not on the grid."""

    def propose(self) -> Money:
        return Money(7)

    def update(self, trial: Trial) -> None:
        pass


class Restless(State):
    """Draws whenever it is asked."""

    def propose(self) -> Money:
        self._offers += 1
        return self._shelf.prices[self._offers % 10]


@dataclass(frozen=True)
class Forgetful(UpperConfidence):
    """Folds a history otherwise than it lived it."""

    def propose(self, history: History) -> Proposal:
        return super().propose(History(history.trials[:-1]))


def learner_kit(learner: Any) -> LearnerContract:
    contract = LearnerContract()
    contract.learner = learner
    return contract


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (learner_kit(Learned(Stubborn)).test_finds_the_price_that_earns_most, "was to be had"),
        (learner_kit(Learned(Elsewhere)).test_proposes_its_own_prices, "none of its prices"),
        (learner_kit(Learned(Elsewhere)).test_refuses_a_price_it_does_not_know, "learned from"),
        (
            learner_kit(Learned(Restless)).test_a_proposal_stands_until_it_is_answered,
            "asking moved the price",
        ),
        (
            learner_kit(Forgetful(GRID)).test_a_history_is_folded_into_the_same_price,
            "it is another",
        ),
    ],
)
def test_the_kit_finds_a_learner_that_does_not_learn(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()
