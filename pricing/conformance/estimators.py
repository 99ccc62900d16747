"""The contract of an estimator."""

# ruff: noqa: S101 - a contract is asserted

from __future__ import annotations

import itertools
import math
from dataclasses import replace

from pricing.conformance.replaying import check_replay
from pricing.estimate import Estimate, Estimator, Guidance, MarketHistory, SettledTrade, Use
from pricing.money import Money
from pricing.record import recorded
from pricing.wire import from_wire, to_wire


class EstimatorContract:
    """What every estimator keeps to; `history` has at least three trades, prices above zero.

    Clear `remembers` for one that forgets: to it the order of trades matters.
    """

    estimator: Estimator
    history: MarketHistory
    remembers: bool = True

    def test_estimates_alike_twice(self) -> None:
        """The same history gives the same estimate."""
        first, second = (self.estimator.estimate(self.history) for _ in range(2))
        assert first == second, "two estimates of one history differ"

    def test_begins_with_the_appraisal(self) -> None:
        """Before any trade the median is the appraisal's middle, for one licence."""
        estimate = self.estimator.estimate(replace(self.history, trades=()))
        mid = self.history.opening().mid
        assert abs(estimate.guidance.band.mid.minor - mid.minor) <= 1, "another opening"
        assert estimate.guidance == estimate.opening

    def test_every_step_cites_its_entry(self) -> None:
        """Trade by trade, in their order, with what was paid."""
        path = self.estimator.estimate(self.history).path
        cited = [(step.entry, step.price) for step in path]
        assert cited == [(trade.entry, trade.price) for trade in self.history.trades], (
            "a step is missing, out of order or cites another entry"
        )

    def test_a_step_does_not_know_the_trades_after_it(self) -> None:
        """The path of a shorter history is the beginning of the longer one's."""
        whole = self.estimator.estimate(self.history)
        for count in range(len(self.history.trades)):
            shorter = replace(self.history, trades=self.history.trades[:count])
            path = self.estimator.estimate(shorter).path
            assert path == whole.path[:count], f"the first {count} steps know the future"

    def test_the_order_of_trades_does_not_matter(self) -> None:
        """What is never forgotten counts the same whenever it was learnt."""
        if self.remembers:
            forward = self.estimator.estimate(self.history)
            turned = replace(self.history, trades=self.history.trades[::-1])
            backward = self.estimator.estimate(turned)
            for name in ("location", "scale", "freedom"):
                pair = (getattr(one.predictive, name) for one in (forward, backward))
                assert math.isclose(*pair, rel_tol=1e-9), f"{name} depends on the order"

    def test_trades_that_agree_never_widen_the_band(self) -> None:
        """What sells at the expected price again and again is known better each time."""
        mid = self.history.opening().mid
        agreed = tuple(SettledTrade(mid, f"{i:064x}", self.history.product) for i in range(1, 21))
        path = self.estimator.estimate(replace(self.history, trades=agreed)).path
        widths = [_width(step.guidance) for step in path]
        for before, after in itertools.pairwise(widths):
            # Two units: each end is rounded by itself.
            assert after <= before + 2, f"agreeing trades widen the band: {widths}"
        assert widths[-1] < widths[0], "twenty trades taught nothing"

    def test_a_free_licence_moves_nothing(self) -> None:
        """It stands in the path, says so, and the guidance stays."""
        free = SettledTrade(Money(0, self.history.currency), "f" * 64, self.history.product)
        paid = self.estimator.estimate(self.history)
        given = self.estimator.estimate(replace(self.history, trades=(*self.history.trades, free)))
        assert given.path[-1].use is Use.FREE, "a free licence was observed"
        assert given.guidance == paid.guidance, "a free licence moved the estimate"

    def test_going_on_from_what_is_held_is_going_through_all(self) -> None:
        """A trade at a time, each step in a record of its own, ends bit for bit alike."""
        whole = step = self.estimator.estimate(self.history)
        if whole.held is None:
            return  # it goes through all trades every time
        held = None
        for trade in self.history.trades:
            one = replace(self.history, trades=(trade,), held=held)
            step = from_wire(Estimate, to_wire(self.estimator.estimate(one)))
            held = step.held
        assert step.predictive == whole.predictive, "going on gives another estimate"
        assert step.held == whole.held, "what is held differs"

    def test_is_read_back_from_its_wire_form(self) -> None:
        """Nothing of an estimate is lost in a record."""
        estimate = self.estimator.estimate(self.history)
        assert from_wire(Estimate, to_wire(estimate)) == estimate

    def test_replays_and_a_forgery_does_not(self) -> None:
        """A record is enough to follow the price again."""
        estimate, record = recorded(self.estimator, self.history)
        assert estimate == self.estimator.estimate(self.history), "recording changed it"
        last = record.output["path"][-1]
        forged = [*record.output["path"][:-1], {**last, "entry": "0" * 64}]
        check_replay(record, {"path": forged})


def _width(guidance: Guidance) -> int:
    return guidance.band.high.minor - guidance.band.low.minor
