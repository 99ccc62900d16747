"""Surveillance against planted truth: what it finds, and what it leaves alone."""

from __future__ import annotations

from exchange.simulation.market import Conduct
from exchange.simulation.measures import measure
from exchange.simulation.measures.labelled import HONEST, labelled
from exchange.simulation.measures.scoring import Case, Detection, detections, planted_cases, tape_of
from exchange.surveillance import watch
from exchange.surveillance.alerts import Alert, Pattern
from tests.exchange.simulation.traces import product, sale, trace_of, trader, wish


def alert(pattern: Pattern, *suppliers: str) -> Alert:
    return Alert(pattern, "ring", suppliers, (), (), 0, 0, 1.0, (), 0)


def test_detection_by_hand() -> None:
    cases = [
        Case(Conduct.WASH, ("A",), ("x",)),
        Case(Conduct.WASH, ("B", "C"), ()),
        Case(Conduct.DISCRIMINATION, ("D",), ()),
    ]
    raised = [
        alert(Pattern.WASH, "A"),
        alert(Pattern.WASH, "A", "Z"),
        alert(Pattern.WASH, "D"),  # another conduct's supplier
        alert(Pattern.CONCENTRATION, "Q"),  # no misconduct
    ]
    wash, unfair, exclusive = detections(raised, cases)
    assert wash == Detection(Conduct.WASH, alerts=3, true=2, cases=2, found=1)
    assert (wash.precision, wash.recall) == (2 / 3, 1 / 2)
    assert (unfair.precision, unfair.recall) == (None, 0)
    assert exclusive.recall is None
    assert wash + wash == Detection(Conduct.WASH, 6, 4, 4, 2)


def test_the_same_seed_lives_the_same_market() -> None:
    one, truth = labelled(5, suppliers=15, buyers=30, days=12)
    other, again = labelled(5, suppliers=15, buyers=30, days=12)
    assert truth == again
    assert one.trade_at.tolist() == other.trade_at.tolist()
    assert (
        labelled(6, suppliers=15, buyers=30, days=12)[0].trade_at.tolist() != one.trade_at.tolist()
    )


def test_most_of_what_is_planted_is_found_and_little_else() -> None:
    # Seeds that no limit was chosen by; docs/surveillance.md has the figures of many more.
    wash, unfair, exclusive = (
        sum_of(found)
        for found in zip(
            *(detections(watch(tape), truth) for tape, truth in map(labelled, (1_000, 1_001))),
            strict=True,
        )
    )
    assert (wash.cases, unfair.cases, exclusive.cases) == (8, 6, 4)
    assert wash.found >= 6
    assert unfair.found >= 2
    assert exclusive.found >= 2
    assert sum(each.alerts - each.true for each in (wash, unfair, exclusive)) <= 2


def sum_of(found: tuple[Detection, ...]) -> Detection:
    first, *rest = found
    for each in rest:
        first += each
    return first


def test_an_honest_market_is_left_alone() -> None:
    tape, truth = labelled(1_002, HONEST)
    assert truth == ()
    assert sum(each.alerts for each in detections(watch(tape), truth)) <= 1


def test_a_run_is_watched_by_its_trades_and_offers() -> None:
    run = trace_of(
        9,
        participants=[trader("s", "supplier"), trader("b", "buyer"), trader("r", "buyer")],
        products=[product("k", 0)],
        wishes=[
            sale(3, 1, 0, value=9, amount=7, second=30, list_price=8, trade="T-1"),
            sale(3, 2, 0, value=9, amount=7, second=20, list_price=8, trade="T-0"),
            wish(4, 1, 0, 5, "declined", offered=6, list_price=8),
            wish(5, 1, 0, 5, "declined", offered=6, way="auction"),
            wish(6, 1, 0, 5, "refused"),
        ],
        planted=[
            {"case": 3, "conduct": "wash", "participant": 0, "product": 0},
            {"case": 3, "conduct": "wash", "participant": 2, "product": -1},
            {"case": 3, "conduct": "wash", "participant": -1, "product": 0},
        ],
    )
    tape = tape_of(run, term_days=2)
    assert tape.trade_id == ["T-0", "T-1"]
    assert tape.trade_until.tolist() == [5 * 86_400 + 20, 5 * 86_400 + 30]
    assert tape.offer_price.tolist() == [7, 7, 6]
    assert tape.offer_list.tolist() == [8, 8, 8]
    assert planted_cases(run) == (Case(Conduct.WASH, ("s",), ("r",)),)
    assert measure(run).surveillance[0] == Detection(Conduct.WASH, 0, 0, 1, 0)
    assert measure(run, [alert(Pattern.WASH, "s")]).surveillance[0].recall == 1
