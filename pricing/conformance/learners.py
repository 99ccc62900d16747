"""The contract of a learner."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

from collections.abc import Iterator

from pricing.conformance.replaying import check_replay, must_refuse, unit
from pricing.learning import Answer, History, Learner, Proposal, Trial
from pricing.money import Currency, Money
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class LearnerContract:
    """What every learner keeps to.

    The kit's buyers all say what the product is worth to them, the same to each: a price that
    the learner knows.  After `rounds` of them the price must have been found: the last half of
    the offers earn `part` of what that price would have earned, on the average.
    """

    learner: Learner
    rounds: int = 2_000
    part: float = 0.7

    def test_proposes_its_own_prices(self) -> None:
        """A price comes from the grid, whose prices rise and are of one currency."""
        prices = self.learner.prices
        assert list(prices) == sorted(set(prices), key=lambda price: price.minor), f"{prices}"
        proposed = {trial.price for trial in self._lived(self._worth, 200)}
        assert proposed <= set(prices), f"{proposed - set(prices)} are none of its prices"

    def test_finds_the_price_that_earns_most(self) -> None:
        """What buyers teach is learned."""
        late = list(self._lived(self._worth, self.rounds))[self.rounds // 2 :]
        earned = sum(trial.price.minor for trial in late if trial.answer is Answer.BOUGHT)
        best = self._worth.minor * len(late)
        assert earned >= self.part * best, f"earned {earned} where {best} was to be had"

    def test_learns_nothing_from_buyers_who_never_buy(self) -> None:
        """Nothing earned is no reason to stop: it still proposes one of its prices."""
        below = Money(0, self._worth.currency)
        state = self.learner.start()
        for trial in self._lived(below, 50):
            state.update(trial)
        assert state.propose() in self.learner.prices

    def test_a_proposal_stands_until_it_is_answered(self) -> None:
        """To ask twice draws no other lot."""
        state = self.learner.start()
        for trial in self._lived(self._worth, 50):
            assert state.propose() == state.propose() == trial.price, "asking moved the price"
            state.update(trial)

    def test_a_history_is_folded_into_the_same_price(self) -> None:
        """The recordable proposal is that of the running state, after any number of trials."""
        lived = tuple(self._lived(self._worth, 60))
        for count in range(len(lived)):
            proposal = self.learner.propose(History(lived[:count]))
            assert proposal.price == lived[count].price, f"after {count} trials it is another"
            assert proposal.trials == count

    def test_refuses_a_price_it_does_not_know(self) -> None:
        """Nothing can be learned about a price that is not among its own."""
        highest = self.learner.prices[-1]
        for price in (highest + unit(highest), Money(highest.minor, _other(highest.currency))):
            trial = Trial(price, Answer.DECLINED, Money(0, price.currency))
            must_refuse(
                lambda trial=trial: self.learner.propose(History((trial,))),  # type: ignore[misc]
                f"learned from {price}, which is none of its prices",
            )

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of a proposal is lost in a record."""
        proposal = self.learner.propose(self._history())
        assert from_wire(Proposal, to_wire(proposal)) == proposal

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to learn again."""
        proposal, record = recorded(self.learner, self._history())
        assert proposal == self.learner.propose(self._history()), "recording changed it"
        check_replay(record, {"price": (proposal.price + unit(proposal.price)).to_record()})

    @property
    def _worth(self) -> Money:
        prices = self.learner.prices
        return prices[2 * len(prices) // 3]

    def _history(self) -> History:
        return History(tuple(self._lived(self._worth, 20)))

    def _lived(self, worth: Money, rounds: int) -> Iterator[Trial]:
        state = self.learner.start()
        for _ in range(rounds):
            trial = Trial.of_worth(state.propose(), worth)
            state.update(trial)
            yield trial


def _other(currency: Currency) -> Currency:
    return next(other for other in Currency if other is not currency)
