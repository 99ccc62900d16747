"""The days of a market: repeatable, resumable, and each agent's chance its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exchange.errors import BadField, Conflict, NotFound
from exchange.simulation.depth import Ending
from exchange.simulation.full.house import instant
from exchange.simulation.kernel import Kernel, Progress
from exchange.simulation.kernel.deciding import Shelves
from exchange.simulation.kernel.population import lay_out
from exchange.simulation.kernel.record import Recorder
from exchange.simulation.market import (
    Blow,
    Brokers,
    Buyers,
    Conduct,
    Faults,
    Market,
    Misconduct,
    PlugIn,
    Shock,
    Suppliers,
    Way,
)
from exchange.simulation.market.possible import require_possible
from exchange.simulation.market.reading import read_market
from exchange.simulation.run import Finished, Run
from exchange.simulation.streams import Distribution
from exchange.venue import DATABASE, Venue
from ledger.acts import parse_time
from tests.exchange.simulation.bazaar import PRICE, RESERVE, fixed, kind, market

LEARNER = PlugIn(
    "hedge",
    {
        "grid": {
            "floor": {"minor": PRICE // 2, "currency": "CNY"},
            "ceiling": {"minor": 2 * PRICE, "currency": "CNY"},
            "steps": 4,
        },
        "rate": "0.5",
    },
)
ALL_WAYS = market(
    kinds=(
        kind("posted", contributors=2, allocator=PlugIn("by-rows"), cost=fixed(5 * PRICE)),
        kind("negotiated", Way.NEGOTIATED, learner=LEARNER),
        kind(
            "auction",
            Way.AUCTION,
            mechanism=PlugIn("second-price", {"reserve": RESERVE}),
            auction_days=2,
        ),
        kind("deal", Way.DEAL, parents=("posted",)),
    ),
    suppliers=(
        Suppliers("supplier", 1, {"posted": 1, "negotiated": 1}),
        Suppliers("other", 1, {"auction": 1, "deal": 1}),
    ),
    buyers=(
        Buyers(
            "buyer",
            6,
            {"posted": 1.0, "negotiated": 1.0, "auction": 1.0},
            fixed(10 * PRICE),
            Distribution("uniform", PRICE / 2, 3 * PRICE),
            arrivals=2.0,
            loyalty=0.5,
            term_days=30,
        ),
    ),
    brokers=(Brokers("broker", 1, ("deal",), 2.0, 0.1, 1),),
    misconduct=(
        Misconduct(Conduct.WASH, "supplier", 1, 1.5),
        Misconduct(Conduct.DISCRIMINATION, "supplier", 1, 0.2),
        Misconduct(Conduct.EXCLUSIVITY, "supplier", 1, 0.9),
    ),
    shocks=(
        Shock(1, Blow.DEMAND, "buyer", 2.0),
        Shock(1, Blow.VALUE, "posted", 1.5),
        Shock(2, Blow.EXIT, "other", 1.0),
        Shock(2, Blow.FEE, amount=10_000),
    ),
    faults=Faults(delivery_fails=0.1, payment_late=0.1),
    rounds=2,
    days=3,
)
SMALL = market(
    kinds=(kind("posted"),),
    suppliers=(Suppliers("supplier", 1, {"posted": 1}),),
    buyers=(Buyers("buyer", 8, {"posted": 1.0}, fixed(9 * PRICE), fixed(2 * PRICE), arrivals=0.4),),
    house=replace(market().house, netting_days=0),
    days=3,
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Finished]:
    run = Run.begun(tmp_path_factory.mktemp("played"), require_possible(ALL_WAYS), 7)
    return run, run.play()


def test_a_market_of_every_way_passes_its_audit(played: tuple[Run, Finished]) -> None:
    _, finished = played
    assert finished.faults == []
    assert finished.trace.audit == "passed"
    wishes = finished.trace["wishes"]
    assert set(wishes["way"][wishes["ending"] == "executed"]) >= {
        "posted",
        "negotiated",
        "auction",
    }
    assert "filed" in wishes["ending"][wishes["way"] == "deal"]


def test_what_derives_comes_to_the_gate_once_its_parents_are_listed(
    played: tuple[Run, Finished],
) -> None:
    products = played[1].trace["products"]
    derived = products["kind"] == "deal"
    assert products["offered"][derived].tolist() == products["listed"][derived].tolist() == [1]
    with Venue.open(played[0].folder / "exchange") as venue, venue.floor.read() as work:
        number = products["product"][derived][0]
        (registered,) = work.chain.store.of_kind(f"product/{number}", "product.registered")
        (parent,) = registered.facts["parents"]
        assert parent in products["product"][products["kind"] == "posted"]
        granted = [*work.chain.store.of_kind(f"product/{parent}", "right.granted")]
        assert [entry.facts["to"] for entry in granted] == [registered.actor]


def test_a_trace_says_where_each_wish_stands_in_the_log(played: tuple[Run, Finished]) -> None:
    wishes = played[1].trace["wishes"]
    done = wishes["ending"] == str(Ending.EXECUTED)
    assert (wishes["first_entry"][done] > 0).all()
    assert (wishes["last_entry"] < played[1].trace.size).all()
    order = wishes["day"].astype(np.int64) * 86_400 + wishes["second"]
    assert (np.diff(order) >= 0).all()


def test_a_trace_says_when_each_right_ends_as_the_exchange_does(
    played: tuple[Run, Finished],
) -> None:
    run, finished = played
    wishes = finished.trace["wishes"]
    with closing(sqlite3.connect(run.folder / "exchange" / DATABASE)) as database:
        ends = dict(database.execute("SELECT id, grant_until FROM trade"))
    start = instant(run.market, 0, 0)
    told: dict[str, dict[str, int]] = {"at once": {}, "auction": {}}
    for trade, way, until in zip(
        *(wishes[name].tolist() for name in ("trade", "way", "until")), strict=True
    ):
        if trade in ends and until >= 0:
            late = int((parse_time(ends[trade], "end") - start).total_seconds()) - until
            told["auction" if way == Way.AUCTION else "at once"][trade] = late
    assert set(told["at once"].values()) == {0}
    # What is bid for is ordered once the auction is cleared, seconds after it was opened.
    assert told["auction"]
    assert set(told["auction"].values()) <= set(range(6))
    unbought = ~np.isin(wishes["ending"], ["executed", "filed"])
    assert set(wishes["until"][unbought]) == {-1}


def test_nobody_buys_from_a_supplier_that_has_left(played: tuple[Run, Finished]) -> None:
    wishes, products = played[1].trace["wishes"], played[1].trace["products"]
    assert products["left"].tolist() == [2 if each == 1 else -1 for each in products["supplier"]]
    left = products["supplier"][wishes["product"]] == 1
    after = wishes["ending"][left & (wishes["day"] == 2)]
    assert set(after) <= {str(Ending.REFUSED)}


def test_what_was_planted_is_told_with_whom_it_touched(played: tuple[Run, Finished]) -> None:
    trace = played[1].trace
    planted, people = trace["planted"], trace["participants"]
    for conduct in Conduct:
        touched = planted["participant"][planted["conduct"] == str(conduct)]
        assert "supplier" in people["role"][touched]
    ring = planted["participant"][planted["conduct"] == "wash"]
    sham = np.isin(trace["wishes"]["buyer"], ring)
    assert set(trace["wishes"]["value"][sham]) == {0}


def test_everybody_learns_what_came_of_its_wishes(played: tuple[Run, Finished]) -> None:
    run, finished = played
    kernel = run.again()
    for _ in kernel.days():
        pass
    wishes, people = finished.trace["wishes"], finished.trace["participants"]
    spent = np.bincount(wishes["buyer"], wishes["amount"], len(people["role"])).astype(np.int64)
    buyers = kernel.population.buyers
    assert (people["deposited"] - spent)[buyers.start : buyers.stop].tolist() == (
        kernel.minds.money.tolist()
    )


def test_a_run_that_is_finished_is_not_played_again(played: tuple[Run, Finished]) -> None:
    with pytest.raises(Conflict, match="is finished"):
        Run.found(played[0].folder).play()
    with pytest.raises(Conflict, match="is not empty"):
        Run.begun(played[0].folder, ALL_WAYS, 7)


def test_a_folder_without_a_run_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no run of a market"):
        Run.found(tmp_path)


def test_no_more_days_are_played_than_a_market_has(tmp_path: Path) -> None:
    with pytest.raises(BadField, match="days: 1 to 3, those of bazaar"):
        Run.begun(tmp_path, SMALL, 7, days=4)


class _Killed(BaseException):
    pass


def _killed_after(day: int) -> Callable[[Progress], None]:
    def told(progress: Progress) -> None:
        if progress.day == day:
            raise _Killed

    return told


def _bytes(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.iterdir() if path.suffix in {".json", ".toml", ".parquet"}]
    return {path.name: path.read_bytes() for path in sorted(files)}


def test_a_run_that_was_cut_off_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    whole = Run.begun(tmp_path / "whole", SMALL, 7)
    first = whole.play()
    cut = Run.begun(tmp_path / "cut", SMALL, 7)
    kept = iter([True, False])
    with pytest.raises(_Killed):  # after the second day, of which no state was kept
        cut.play(_killed_after(2), keep=lambda: next(kept))
    resumed = Run.found(tmp_path / "cut")
    again = resumed.play()
    assert first.trace["wishes"]["trade"].tolist().count("") < len(first.trace["wishes"]["trade"])
    assert _bytes(whole.folder) == _bytes(resumed.folder)
    assert read_market(cut.folder / "market.toml") == SMALL
    assert first.trace.root == again.trace.root


def test_a_run_whose_money_is_not_all_there_says_so(tmp_path: Path) -> None:
    run = Run.begun(tmp_path, SMALL, 7, days=1)

    def stolen(_: Progress) -> None:
        with closing(sqlite3.connect(tmp_path / "exchange" / DATABASE)) as store:
            store.execute("UPDATE balance SET minor = minor - 1 WHERE account = 'house/fees'")
            store.commit()

    finished = run.play(stolen)
    assert any("house/fees" in fault for fault in finished.faults)
    assert finished.trace.audit.startswith("failed: ")


def test_another_seed_is_another_market(tmp_path: Path) -> None:
    seventh, eighth = (Kernel(SMALL, seed, Recorder(tmp_path, None)) for seed in (7, 8))
    came = [kernel.crowd.visits(0, 0, kernel.minds)[0].tolist() for kernel in (seventh, eighth)]
    assert came[0] != came[1]
    assert seventh.population.goods.price.tolist() == eighth.population.goods.price.tolist()


def _decided(of: Market, folder: Path) -> list[list[Any]]:
    """Return who comes on each of twenty days, what it sees and what it wants."""
    kernel = Kernel(of, 7, Recorder(folder, None))
    goods = kernel.population.goods
    shelves = Shelves(np.ones(len(goods), np.bool_))
    shelves.arrange(goods.kind, goods.supplier, len(of.kinds))
    rows = []
    for day in range(20):
        buyer, counter = kernel.crowd.visits(day, day, kernel.minds)
        looks = kernel.crowd.look(buyer, counter, shelves, kernel.minds)
        columns = (looks.buyer, looks.product, looks.value, looks.choice)
        rows += [[day, *row] for row in zip(*(each.tolist() for each in columns), strict=True)]
    return rows


def test_a_buyer_added_at_the_end_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    (group,) = ALL_WAYS.buyers
    more = replace(ALL_WAYS, buyers=(replace(group, count=group.count + 1),))
    before = _decided(ALL_WAYS, tmp_path)
    after = [row for row in _decided(more, tmp_path) if row[1] < group.count]
    assert before == after
    assert len(_decided(more, tmp_path)) > len(after)


def test_whoever_joins_later_comes_no_earlier(tmp_path: Path) -> None:
    (group,) = SMALL.buyers
    late = replace(SMALL, buyers=(replace(group, arrivals=3.0, joins=fixed(1)),))
    crowd = Kernel(late, 7, Recorder(tmp_path, None)).crowd
    minds = Kernel(late, 7, Recorder(tmp_path, None)).minds
    assert [len(crowd.visits(day, day, minds)[0]) for day in (0, 1)] == [0, 3 * group.count]


def test_what_a_buyer_has_a_licence_for_it_does_not_want_again(tmp_path: Path) -> None:
    kernel = Kernel(SMALL, 7, Recorder(tmp_path, None))
    goods, minds, buyers = kernel.population.goods, kernel.minds, kernel.population.buyers
    shelves = Shelves(np.ones(len(goods), np.bool_))
    shelves.arrange(goods.kind, goods.supplier, len(SMALL.kinds))
    who = np.repeat(np.arange(len(buyers)), 40)
    at = np.arange(len(who), dtype=np.uint64)
    free = kernel.crowd.look(who, at, shelves, minds)
    wanted = np.flatnonzero(free.choice >= 0)
    has = int(free.buyer[wanted[0]]), int(free.product[wanted[0], free.choice[wanted[0]]])
    minds.owned = np.array([has[0] * len(goods) + has[1]], np.int64)
    bound = kernel.crowd.look(who, at, shelves, minds)
    mine = (free.buyer[:, None] == has[0]) & (free.product == has[1])
    assert mine.any()
    assert (bound.score[mine] == np.iinfo(np.int64).min).all()
    assert (bound.score[~mine] == free.score[~mine]).all()


def test_rings_are_buyers_beyond_the_population_with_the_money_for_it() -> None:
    population = lay_out(ALL_WAYS, 7)
    plot = next(plot for plot in population.plots if plot.conduct is Conduct.WASH)
    ring = [population.agents[place] for place in plot.ring]
    assert [agent.handle for agent in ring] == ["buyer-6", "buyer-7"]
    assert all(agent.deposit >= PRICE * 1.5 * ALL_WAYS.days for agent in ring)
