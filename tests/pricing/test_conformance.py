"""A kit that lets everything pass proves nothing: bad plug-ins must fail it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pricing import plugins
from pricing.conformance import (
    AllocatorContract,
    AppraiserContract,
    EstimatorContract,
    StrategyContract,
)
from pricing.engines.cost import CostApproach
from pricing.engines.hedonic import Hedonic
from pricing.estimate import Estimate, Estimator, MarketHistory, Step, Use
from pricing.money import Money
from pricing.posterior import Belief
from pricing.quote import Quote, QuoteLine, QuoteRequest
from pricing.record import KINDS, Replayed
from pricing.sharing import Allocation, SharingCase
from pricing.sharing.fixed import FixedShares
from tests.pricing.test_cost import SURVEY
from tests.pricing.test_hedonic import HISTORY


@dataclass(frozen=True)
class Equally:
    """Decides about other people's money."""

    def allocate(self, case: SharingCase) -> Allocation:
        return case.split([1] * len(case.owners), basis="equally")


@dataclass(frozen=True)
class FirstComeFirstServed:
    """Gives everything to whoever stands first."""

    def allocate(self, case: SharingCase) -> Allocation:
        return case.split([1] + [0] * (len(case.owners) - 1), basis="by order")


@dataclass(frozen=True)
class DearInHaste:
    """Charges more for less time."""

    def quote(self, request: QuoteRequest) -> Quote:
        amount = request.list_price.scaled(2 - request.term_ratio)
        return Quote(amount, (QuoteLine("haste", amount),))


class Unfounded(CostApproach):
    """Values what nothing is known of."""

    def appraise(self, evidence: Any) -> Any:
        known = evidence if evidence.costs else SURVEY
        appraisal = super().appraise(known)
        return replace(appraisal, indicators=(replace(appraisal.indicators[0], value="much"),))


def contracts() -> tuple[AllocatorContract, AllocatorContract, StrategyContract, AppraiserContract]:
    equal, ordered = AllocatorContract(), AllocatorContract()
    dear, unfounded = StrategyContract(), AppraiserContract()
    equal.allocator, ordered.allocator = Equally(), FirstComeFirstServed()
    dear.strategy, dear.request = DearInHaste(), QuoteRequest(Money(1_000))
    unfounded.appraiser, unfounded.evidence = Unfounded(), SURVEY
    return equal, ordered, dear, unfounded


EQUAL, ORDERED, DEAR, UNFOUNDED = contracts()


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (EQUAL.test_refuses_without_its_input, "without knowing anything"),
        (EQUAL.test_who_adds_nothing_gets_nothing, "paid for nothing"),
        (ORDERED.test_equal_owners_get_equal_parts, "equal owners differ"),
        (ORDERED.test_the_order_of_owners_moves_an_odd_unit_at_most, "gains 1000 units by order"),
        (DEAR.test_a_shorter_term_never_costs_more, "amounts by growing term"),
        (UNFOUNDED.test_refuses_to_value_what_nothing_is_known_of, "without evidence"),
    ],
)
def test_the_kit_finds_what_a_plugin_must_not_do(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()


def test_an_owner_who_adds_nothing_may_be_paid_where_that_is_declared() -> None:
    class Declared(AllocatorContract):
        allocator = Equally()
        null_player = False

    Declared().test_who_adds_nothing_gets_nothing()


def test_a_figure_that_is_none_cannot_be_defended() -> None:
    with pytest.raises(ArithmeticError):
        UNFOUNDED.test_every_figure_names_its_source()


def test_a_forgery_that_replays_fails_the_kit(monkeypatch: pytest.MonkeyPatch) -> None:
    fixed = AllocatorContract()
    fixed.allocator = FixedShares()
    fixed.test_replays_and_a_forgery_does_not()
    monkeypatch.setattr("pricing.conformance.replaying.replay", lambda _: Replayed.BIT_FOR_BIT)
    with pytest.raises(AssertionError, match="forged"):
        fixed.test_replays_and_a_forgery_does_not()


def test_every_kind_and_every_built_in_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "pricing.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"`pricing.{kind}`" in page
        for name in plugins.names(kind):
            assert f"`{name}`" in page


@dataclass(frozen=True)
class Clairvoyant(Hedonic):
    """Shows after the first trade what only the last one taught."""

    def estimate(self, history: MarketHistory) -> Estimate:
        found = super().estimate(history)
        path = tuple(replace(step, guidance=found.guidance) for step in found.path)
        return replace(found, path=path)


@dataclass(frozen=True)
class Uncited(Hedonic):
    """Leaves out the trade that it likes least."""

    def estimate(self, history: MarketHistory) -> Estimate:
        return super().estimate(replace(history, trades=history.trades[1:]))


@dataclass(frozen=True)
class Generous(Hedonic):
    """Takes a gift for a price of one fen."""

    def estimate(self, history: MarketHistory) -> Estimate:
        sold = tuple(
            replace(trade, price=max(trade.price, Money(1, trade.price.currency)))
            for trade in history.trades
        )
        return super().estimate(replace(history, trades=sold))


@dataclass(frozen=True)
class Doubtful(Hedonic):
    """Believes the less the more it has seen."""

    def estimate(self, history: MarketHistory) -> Estimate:
        noise = Decimal("0.2") * (1 + len(history.trades))
        doubt = Hedonic(Belief(noise=noise)).estimate(replace(history, trades=()))
        if not history.trades:
            return doubt
        before = self.estimate(replace(history, trades=history.trades[:-1]))
        last = history.trades[-1]
        step = Step(last.entry, last.price, Use.OBSERVED, doubt.guidance)
        return replace(doubt, opening=before.opening, path=(*before.path, step))


@dataclass(frozen=True)
class Stubborn(Hedonic):
    """Begins with twice what the appraisal says."""

    def estimate(self, history: MarketHistory) -> Estimate:
        return super().estimate(replace(history, licence_fraction=history.licence_fraction * 2))


def contract_of(estimator: Estimator) -> EstimatorContract:
    contract = EstimatorContract()
    contract.estimator, contract.history = estimator, HISTORY
    return contract


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (contract_of(Clairvoyant()).test_a_step_does_not_know_the_trades_after_it, "the future"),
        (contract_of(Uncited()).test_every_step_cites_its_entry, "a step is missing"),
        (contract_of(Generous()).test_a_free_licence_moves_nothing, "a free licence was observed"),
        (contract_of(Doubtful()).test_trades_that_agree_never_widen_the_band, "widen the band"),
        (contract_of(Stubborn()).test_begins_with_the_appraisal, "another opening"),
        (
            contract_of(Hedonic(memory=Decimal("0.5"))).test_the_order_of_trades_does_not_matter,
            "depends on the order",
        ),
    ],
)
def test_the_kit_finds_what_an_estimator_must_not_do(test: Callable[[], None], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        test()


def test_the_kit_finds_weights_and_orders_that_do_not_hold() -> None:
    unweighed = AppraiserContract()
    unweighed.appraiser, unweighed.evidence = CostApproach(), SURVEY
    unweighed.weighed = ("quality α",)
    with pytest.raises(AssertionError, match="no weight beside"):
        unweighed.test_weights_are_shown_and_sum_to_one()
    falling = AppraiserContract()
    falling.appraiser = CostApproach()
    falling.better = (SURVEY, replace(SURVEY, quality=Decimal("0.1")))
    with pytest.raises(AssertionError, match="after"):
        falling.test_better_evidence_is_never_valued_lower()
