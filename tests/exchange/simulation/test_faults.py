"""A market whose exchange dies between any two statements: nothing is lost or done twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from exchange.simulation.chance import SeededChance
from exchange.simulation.depth import Ending
from exchange.simulation.faults import Crash, Fuse, PerilousDepth, Stage, Unsound, stage
from exchange.simulation.full import FullDepth
from exchange.simulation.market import Faults, Suppliers
from exchange.simulation.run import PASSED, Run
from tests.exchange.simulation.bazaar import PARTNER, market, perilous_market

SEEDS: Final = 200
CHUNK: Final = 20


@pytest.fixture(scope="module")
def bazaar(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Open a market of every way of trading once; trials begin from there."""
    memory = Path("/dev/shm")  # noqa: S108 - a file system in memory
    base = memory if memory.is_dir() else tmp_path_factory.getbasetemp()
    folder = base / f"faults-{os.getpid()}"
    folder.mkdir()
    try:
        yield stage(perilous_market(), folder)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
def test_crashes_change_nothing(first: int, bazaar: Stage) -> None:
    trials = [bazaar.trial(seed, wishes=2, rate=0.8) for seed in range(first, first + CHUNK)]
    assert sum(trial.crashes for trial in trials) >= CHUNK // 2


def test_a_trade_is_settled_once_however_often_it_dies(bazaar: Stage) -> None:
    trial = bazaar.trial(34, wishes=4, rate=0.6)
    assert trial.crashes == 4
    assert trial.endings == [Ending.EXECUTED] * 4


def test_a_trial_happens_again_from_its_seed(bazaar: Stage) -> None:
    assert bazaar.trial(17) == bazaar.trial(17)


def test_acts_that_are_signed_anew_are_found(
    bazaar: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered: list[str] = []

    def enter(chance: SeededChance, label: str) -> None:
        entered.append(label)
        chance._label, chance._drawn = f"{label} {entered.count(label)}", 0

    monkeypatch.setattr(SeededChance, "enter", enter)
    with pytest.raises(Unsound, match=r"^seed 34: \d+ crashes changed the log or an ending"):
        bazaar.trial(34)


def test_money_that_is_wrong_after_a_step_is_found(bazaar: Stage, tmp_path: Path) -> None:
    kept = bazaar.folder / "kept"
    depth = PerilousDepth(bazaar._depth(tmp_path), 1, 0.0)
    depth.resume(bazaar.market, bazaar.market.seed, kept)
    floor = depth.depth._company.floor
    wish = replace(bazaar._wish(1, 0), fails="")
    depth.carry_out([wish])
    with floor.write() as work:
        work.session.connection().exec_driver_sql(  # type: ignore[attr-defined]
            "UPDATE balance SET minor = minor + 1 WHERE account LIKE 'participant/%'"
        )
    with pytest.raises(Unsound, match="the balance is not what the postings come to"):
        depth.end_day(wish.day)


def test_a_fuse_lets_so_many_statements_pass() -> None:
    fuse = Fuse(2)
    fuse()
    fuse()
    with pytest.raises(Crash):
        fuse()
    fuse()  # burnt down, it ends nothing more


def test_what_was_not_committed_is_gone(bazaar: Stage, tmp_path: Path) -> None:
    depth = bazaar._depth(tmp_path)
    depth.resume(bazaar.market, bazaar.market.seed, bazaar.folder / "kept")
    size = depth.size
    fuse = Fuse()
    depth.watch_writing(fuse)
    statements = 0
    while depth.size == size:  # the first act of a wish, statement by statement up to its commit
        fuse.left = statements
        with pytest.raises(Crash):
            depth.carry_out([bazaar._wish(34, 0)])
        statements += 1
    assert statements > 10
    assert isinstance(depth, FullDepth)


def test_a_run_whose_market_has_crashes_comes_out_as_without_them(tmp_path: Path) -> None:
    traces = []
    for crash in (0.0, 0.5):
        suppliers = (Suppliers("supplier", 1, {"posted": 1, "negotiated": 1}), PARTNER)
        buyers = tuple(
            replace(group, arrivals=1.0, wants={"posted": 1.0, "negotiated": 1.0})
            for group in market().buyers
        )
        kinds = market().kinds[:2]
        played = market(
            faults=Faults(crash=crash), kinds=kinds, suppliers=suppliers, buyers=buyers, days=3
        )
        traces.append(Run.begun(tmp_path / str(crash), played, 7).play().trace)
    plain, perilous = traces
    assert plain.audit == perilous.audit == PASSED
    for column in ("ending", "trade", "amount", "fee"):
        assert plain["wishes"][column].tolist() == perilous["wishes"][column].tolist()
    assert "executed" in plain["wishes"]["ending"].tolist()


def test_files_that_a_killed_run_left_at_the_desks_are_not_in_the_way(
    bazaar: Stage, tmp_path: Path
) -> None:
    roots = []
    for left in (False, True):
        depth = bazaar._depth(tmp_path / str(left))
        if left:
            plain = bazaar.folder / "kept"
            first = FullDepth(tmp_path / "first")
            shutil.copytree(bazaar.folder / "exchange", first.folder / "exchange")
            first.resume(bazaar.market, bazaar.market.seed, plain)
            (outcome,) = first.carry_out([bazaar._wish(36, 0)])
            (depth.folder / "desks").mkdir()
            (depth.folder / "desks" / outcome.trade).write_bytes(b"opened before the end")
        depth.resume(bazaar.market, bazaar.market.seed, bazaar.folder / "kept")
        (outcome,) = depth.carry_out([bazaar._wish(36, 0)])
        assert outcome.ending is Ending.EXECUTED
        roots.append(depth.close().root)
    assert roots[0] == roots[1]
