"""What stood behind a wish: planted cases, shocks, rival bids, and the answers a learner had."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from exchange.simulation.kernel.population import key_number
from exchange.simulation.market import Blow, Conduct, Shock
from exchange.simulation.market.plugged import built
from exchange.simulation.market.possible import require_possible
from exchange.simulation.replaying import in_force, told_again
from exchange.simulation.run import FAST, Run
from exchange.simulation.run_folder import read_run
from exchange.simulation.trace import Table
from pricing.learning import Trial
from pricing.money import Money
from tests.exchange.cli.guapai import Guapai
from tests.exchange.simulation.test_kernel import ALL_WAYS, LEARNER

SEED = 7
MARKET = replace(ALL_WAYS, days=9)  # past the first day on which a new fee can hold


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    begun = Run.begun(tmp_path_factory.mktemp("told"), require_possible(MARKET), SEED, FAST)
    begun.play()
    return begun


@pytest.fixture(scope="module")
def trace(run: Run) -> dict[str, Table]:
    return dict(read_run(run.folder).trace.tables)


def numbers(wishes: Table, way: str) -> list[int]:
    return np.flatnonzero(wishes["way"] == way).tolist()


def of_ring(trace: dict[str, Table]) -> list[int]:
    planted = trace["planted"]
    washing = planted["participant"][planted["conduct"] == "wash"]
    return np.flatnonzero(np.isin(trace["wishes"]["buyer"], washing)).tolist()


def test_a_trade_of_a_ring_tells_its_case_its_conduct_and_its_ring(
    run: Run, trace: dict[str, Table]
) -> None:
    found = of_ring(trace)
    assert found
    for number in found[:5]:
        story = told_again(run, str(number))
        (case,) = story.planted
        assert (case.conduct, case.supplier, case.strength) == ("wash", "supplier-0", 1.5)
        assert (case.first_day, case.last_day) == (0, 8)
        assert story.buyer in case.ring
        planted = trace["planted"]
        assert "wash" in planted["conduct"][planted["case"] == case.case]
    said = Guapai(run.folder)("simulate", "replay", run.folder, found[0]).stdout
    assert "the ring of its supplier brought it" in said
    assert "Planted case 0: wash by supplier-0, strength 1.5, days 0 to 8; its ring is " in said


def test_an_offer_to_the_loyal_and_a_buyer_that_is_bound_tell_their_cases(
    run: Run, trace: dict[str, Table]
) -> None:
    ring = set(of_ring(trace))
    wishes = [n for n in numbers(trace["wishes"], "negotiated") if n not in ring]
    conducts: set[str] = set()
    for number in wishes[:20]:
        story = told_again(run, str(number))
        told = {each.conduct for each in story.planted}
        assert (Conduct.DISCRIMINATION in told) is (story.offer > story.base)
        conducts |= told
    assert conducts == {"discrimination", "exclusivity"}


def test_a_bid_tells_every_other_bid_of_its_auction(run: Run, trace: dict[str, Table]) -> None:
    wishes = trace["wishes"]
    handles = trace["participants"]["handle"]
    several = 0
    for number in numbers(wishes, "auction")[:6]:
        story = told_again(run, str(number))
        same = [
            other
            for other in numbers(wishes, "auction")
            if other != number
            and all(wishes[c][other] == wishes[c][number] for c in ("product", "day", "second"))
        ]
        assert [each.wish for each in story.rivals] == same
        several += len(same) > 1
        for each in story.rivals:
            assert each.buyer == handles[wishes["buyer"][each.wish]]
            assert each.amount == wishes["amount"][each.wish] <= each.bid
            assert told_again(run, str(each.wish)).limit == each.bid
    assert several
    assert not told_again(run, str(numbers(wishes, "posted")[0])).rivals


def test_the_answers_told_are_all_that_a_learner_made_its_offer_of(
    run: Run, trace: dict[str, Table]
) -> None:
    """A learner that starts afresh and is told them proposes the very price."""
    ring = set(of_ring(trace))
    wishes = [n for n in numbers(trace["wishes"], "negotiated") if n not in ring]
    learned = 0
    for number in wishes[-6:]:
        story = told_again(run, str(number))
        seed = key_number(SEED, "supplier-0", "learner negotiated")
        state = built("learner", LEARNER, seed=seed).start()
        for each in story.answers:
            assert each.wish < number
            state.update(Trial.of_worth(Money(each.price), Money(each.worth)))
        assert (story.learner, state.propose().minor) == ("hedge", story.base)
        learned += len(story.answers)
    assert learned > 20


def test_a_deal_tells_its_broker(run: Run, trace: dict[str, Table]) -> None:
    story = told_again(run, str(numbers(trace["wishes"], "deal")[0]))
    assert (story.broker, story.planted, story.learner) == ("broker-0", (), "")
    said = Guapai(run.folder)("simulate", "replay", run.folder, story.number).stdout
    assert "the broker broker-0 brought it" in said


def test_a_wish_tells_the_shocks_in_force(run: Run, trace: dict[str, Table]) -> None:
    posted = numbers(trace["wishes"], "posted")
    first, last = (told_again(run, str(posted[place])) for place in (0, -1))
    assert first.shocks == ()
    told = ["demand", "value", "exit", "fee"]
    assert [each.blow for each in last.shocks] == told
    assert [each["blow"] for each in last.to_record()["shocks"]] == told
    said = Guapai(run.folder)("simulate", "replay", run.folder, posted[-1]).stdout
    assert "Shocks in force" in said
    assert "10,000 ppm" in said


def test_of_fees_the_one_that_holds_is_in_force_once_its_notice_has_run() -> None:
    fees = tuple(Shock(day, Blow.FEE, amount=ppm) for day, ppm in ((2, 1), (9, 2), (12, 3)))
    demand = Shock(5, Blow.DEMAND, "buyer", 2.0)
    market = replace(ALL_WAYS, days=20, shocks=(*fees, demand))
    held = {
        day: [(s.blow.value, s.amount) for s in in_force(market, day, day)] for day in range(20)
    }
    assert held[4] == []
    assert held[6] == [("demand", 0)]
    assert held[7] == held[8] == [("fee", 1), ("demand", 0)]
    assert held[9] == held[11] == [("demand", 0), ("fee", 2)]
    assert held[12] == held[19] == [("demand", 0), ("fee", 3)]
    # A bid was valued before its auction: the shocks of the one day, the fee of the other.
    assert [each.blow.value for each in in_force(market, 4, 9)] == ["fee"]
