"""Surveillance against planted truth: what it finds, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from exchange.simulation.market import Buyers, Conduct, Market, Misconduct, Suppliers
from exchange.simulation.measures import measure
from exchange.simulation.measures.labelled import HONEST, labelled
from exchange.simulation.measures.scoring import (
    Case,
    Detection,
    detections,
    planted_cases,
    sightings,
    tape_of,
)
from exchange.surveillance import Tape, watch
from exchange.surveillance.alerts import Alert, Pattern
from tests.exchange.simulation.bazaar import PRICE, fixed, kind, market
from tests.exchange.simulation.on_paper import on_paper
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
            sale(3, 1, 0, value=9, amount=7, second=30, list_price=8, trade="T-1", until=99),
            sale(3, 2, 0, value=9, amount=7, second=20, list_price=8, trade="T-0", until=88),
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
    tape = tape_of(run)
    assert tape.trade_id == ["T-0", "T-1"]
    assert tape.trade_until.tolist() == [88, 99]
    assert tape.offer_price.tolist() == [7, 7, 6]
    assert tape.offer_list.tolist() == [8, 8, 8]
    assert planted_cases(run) == (Case(Conduct.WASH, ("s",), ("r",)),)
    assert measure(run).surveillance[0] == Detection(Conduct.WASH, 0, 0, 1, 0)
    assert measure(run, [alert(Pattern.WASH, "s")]).surveillance[0].recall == 1


def renewing(conduct: tuple[Misconduct, ...] = ()) -> Market:
    """Return a market whose buyers buy the same again once their right of a day has ended."""
    kinds = "one", "two"
    return market(
        kinds=tuple(kind(name) for name in kinds),
        suppliers=tuple(Suppliers(f"seller-{name}", 1, {name: 1}) for name in kinds),
        buyers=tuple(
            Buyers(
                f"buyer-{name}",
                3,
                {name: 1.0},
                fixed(1_000 * PRICE),
                fixed(5 * PRICE),
                arrivals=0.9,
                term_days=1,
            )
            for name in kinds
        ),
        misconduct=conduct,
        days=16,
    )


def test_whoever_renews_a_right_that_has_ended_is_no_ring(tmp_path: Path) -> None:
    honest, ringed = (
        on_paper(renewing(conduct), tmp_path / name)
        for name, conduct in (
            ("honest", ()),
            ("ringed", (Misconduct(Conduct.WASH, "seller-one", 1, 2.0),)),
        )
    )
    bought = np.stack([honest["wishes"]["buyer"], honest["wishes"]["product"]])
    assert bought.shape[1] > 2 * np.unique(bought, axis=1).shape[1]  # again and again
    assert [each for each in watch(tape_of(honest)) if each.pattern is Pattern.WASH] == []
    assert measure(ringed).surveillance[0] == Detection(Conduct.WASH, 1, 1, 1, 1)


def test_a_case_is_seen_on_the_first_day_that_has_enough_of_it() -> None:
    # Each of two buyers buys what it holds already, once a day from day 3 on: on some day that is
    # too often for chance, and no day before.
    rows = [
        sale(day, buyer, 0, value=0, amount=100, trade=f"T-{day}-{buyer}", until=99 * 86_400)
        for day in range(3, 20)
        for buyer in (1, 2)
    ]
    run = trace_of(
        20,
        participants=[trader("s", "supplier"), trader("x", "buyer"), trader("y", "buyer")],
        products=[product("k", 0)],
        wishes=rows,
        planted=[
            {"case": 0, "conduct": "wash", "participant": who, "first_day": 3, "last_day": 19}
            for who in (0, 1, 2)
        ],
    )
    (found,) = measure(run).sightings
    assert found.seen is not None
    days = [
        any(each.pattern is Pattern.WASH for each in watch(tape_of(run).before(day * 86_400)))
        for day in range(1, 21)
    ]
    assert found.seen == days.index(True)
    assert 3 < found.seen < 19
    assert (found.delay, found.first_day, found.last_day) == (found.seen - 3, 3, 19)
    # What comes after the look changes nothing, and a case that has not begun is not seen.
    late = Case(Conduct.WASH, ("s",), (), first_day=15, last_day=19)
    unseen = Case(Conduct.EXCLUSIVITY, ("s",), (), first_day=3, last_day=19)
    assert [each.seen for each in sightings(tape_of(run), (late, unseen), 20)] == [15, None]


def test_a_long_tape_is_not_looked_at_every_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = on_paper(renewing((Misconduct(Conduct.WASH, "seller-one", 1, 2.0),)), tmp_path)
    tape, cases = tape_of(run), planted_cases(run)
    (daily,) = sightings(tape, cases, run.days)
    rows = len(tape.trade_at) + len(tape.offer_at)
    monkeypatch.setattr("exchange.simulation.measures.scoring.LOOKED", 4 * rows)
    looks: list[int] = []

    def looked(_: Tape, second: int) -> Tape:
        looks.append(second)
        return tape

    monkeypatch.setattr(Tape, "before", looked)
    sightings(tape, (replace(cases[0], suppliers=("nobody",)),), run.days)
    assert looks == [day * 86_400 for day in (1, 5, 9, 13, 16)]
    assert daily.seen is not None
