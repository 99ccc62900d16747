"""A kit that lets everything pass proves nothing: bad plug-ins must fail it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pricing import plugins
from pricing.conformance import AllocatorContract, AppraiserContract, StrategyContract
from pricing.engines.cost import CostApproach
from pricing.money import Money
from pricing.quote import Quote, QuoteLine, QuoteRequest
from pricing.record import KINDS, Replayed
from pricing.sharing import Allocation, SharingCase
from pricing.sharing.fixed import FixedShares
from tests.pricing.test_cost import SURVEY


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
