"""Learners: prices that are tried, and what the answers teach.

A learner is a frozen plug-in of parameters.  `start` gives a running state, which proposes a
price and is told the answer, thousands of times a second; `propose` folds a history of trials
into the same state and gives the same price, so that a learned price can be recorded with the
answers it was learned from and computed again.

Revenue is learned as a share of the highest price, between 0 and 1, which is what the bounds on
regret speak of.  Such figures are floats; the prices are whole minor units of a declared grid.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Protocol

from pricing.domain import require_count, require_not_negative, require_text
from pricing.errors import BadInput
from pricing.money import Money

STEPS_MAX: Final = 10_000


class Answer(enum.StrEnum):
    """What came of an offered price."""

    BOUGHT = "bought"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Trial:
    """A price that was offered, and the answer.

    `worth` is what the buyer says the product is worth to it, where it says so, as in a sealed
    bid; it is bought where the worth is the price or more.
    """

    price: Money
    answer: Answer
    worth: Money | None = None

    def __post_init__(self) -> None:
        if self.price.minor < 0:
            require_not_negative("trials.price", self.price)
        if self.worth is not None:
            if self.worth.currency is not self.price.currency:
                raise BadInput(f"trials.worth: in {self.worth.currency}, not {self.price.currency}")
            if (self.worth.minor >= self.price.minor) is not (self.answer is Answer.BOUGHT):
                raise BadInput(f"trials.worth: {self.worth} at {self.price} is not {self.answer}")

    @classmethod
    def of_worth(cls, price: Money, worth: Money) -> Trial:
        """Return the trial of a price on a buyer to whom the product is worth so much."""
        return cls(price, Answer.BOUGHT if worth >= price else Answer.DECLINED, worth)


@dataclass(frozen=True, slots=True)
class History:
    """Trials in the order in which they were made."""

    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """The prices that may be proposed: `steps` of them, evenly from `floor` to `ceiling`.

    Each is rounded half to even to a whole minor unit, and no two may become one.
    """

    floor: Money
    ceiling: Money
    steps: int

    def __post_init__(self) -> None:
        require_not_negative("grid.floor", self.floor)
        if self.floor.currency is not self.ceiling.currency:
            raise BadInput(f"grid.ceiling: in {self.ceiling.currency}, not {self.floor.currency}")
        require_count("grid.steps", self.steps, 1)
        if self.steps > STEPS_MAX:
            raise BadInput(f"grid.steps: {self.steps} are more than the {STEPS_MAX} taken")
        if self.ceiling.minor <= 0 or self.ceiling.minor - self.floor.minor < self.steps - 1:
            raise BadInput(
                f"grid.ceiling: {self.steps} prices do not fit from {self.floor} to {self.ceiling}"
            )
        if self.steps == 1 and self.floor != self.ceiling:
            raise BadInput("grid.steps: one price is both the floor and the ceiling")

    @property
    def prices(self) -> tuple[Money, ...]:
        """The prices, rising."""
        width, gaps = self.ceiling - self.floor, max(1, self.steps - 1)
        return tuple(self.floor + width.scaled(Fraction(i, gaps)) for i in range(self.steps))


@dataclass(frozen=True, slots=True)
class Proposal:
    """The price to offer next, and how many trials of which rule it was learned from."""

    price: Money
    trials: int
    basis: str

    def __post_init__(self) -> None:
        require_not_negative("proposal.price", self.price)
        require_count("proposal.trials", self.trials)
        require_text("proposal.basis", self.basis)


class Learning(Protocol):
    """The running state of a learner."""

    def propose(self) -> Money:
        """Return the price to offer next; the same until the next update."""
        ...

    def update(self, trial: Trial) -> None:
        """Learn from a trial, or raise `BadInput` for a price that is not on the grid."""
        ...


class Learner(Protocol):
    """A plug-in of `pricing.learners`: a frozen dataclass of its parameters."""

    @property
    def prices(self) -> tuple[Money, ...]:
        """The prices that it may propose, rising."""
        ...

    def start(self) -> Learning:
        """Return the state before any trial."""
        ...

    def propose(self, history: History) -> Proposal:
        """Return the price after these trials: what `start`, updated by each, would propose."""
        ...


def folded(learner: Learner, history: History, basis: str) -> Proposal:
    """Tell every trial to a state that starts afresh, and return what it proposes."""
    state = learner.start()
    for trial in history.trials:
        state.update(trial)
    return Proposal(state.propose(), len(history.trials), basis)


class Shelf:
    """The prices of a grid, with the place and the share of the highest price of each."""

    __slots__ = ("_currency", "_places", "prices", "shares")

    def __init__(self, prices: tuple[Money, ...]) -> None:
        self.prices = prices
        self.shares = [price.minor / prices[-1].minor for price in prices]
        self._places = {price.minor: place for place, price in enumerate(prices)}
        self._currency = prices[0].currency

    def __len__(self) -> int:
        return len(self.prices)

    def __iter__(self) -> Iterator[Money]:
        return iter(self.prices)

    def place_of(self, price: Money) -> int:
        """Return where the price stands, or raise `BadInput` if it is none of these."""
        place = self._places.get(price.minor)
        if place is None or price.currency is not self._currency:
            raise BadInput(f"trials.price: {price} is none of the {len(self)} prices of the grid")
        return place


def require_rate(field: str, rate: float, at_most: float) -> None:
    """Raise `BadInput` unless the rate is a number above 0 and not above `at_most`."""
    if isinstance(rate, bool) or not isinstance(rate, int | float):
        raise BadInput(f"{field}: {rate!r} is not a number")
    if not (math.isfinite(rate) and 0 < rate <= at_most):
        raise BadInput(f"{field}: {rate!r} is not above 0 and at most {at_most}")
