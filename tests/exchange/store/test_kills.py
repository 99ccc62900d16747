"""A process that trades is killed anywhere: what was acknowledged stands, the money comes out."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.simulation.auditors.journal import Auditor
from exchange.venue import DATABASE, Venue
from ledger.audit import audit
from tests.exchange.floor import PASSPHRASE

ROOT = Path(__file__).parents[3]


class Trader:
    """The process of `tests.exchange.market_child`."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, store: str) -> None:
        self.process = process
        self.folder = folder
        self.store = store
        self.acknowledged = 0

    def play(self, seed: int, seconds: float) -> None:
        """Let a child trade for a while, and kill it wherever it is."""
        assert self.process.stdin
        command = {"folder": str(self.folder), "store": self.store, "seed": seed}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        pid = int(self._line("pid ").split()[1])
        self._line("step ")
        time.sleep(seconds)
        os.kill(pid, signal.SIGKILL)
        assert self._line("ended ") == f"ended {-signal.SIGKILL}"

    def _line(self, prefix: str) -> str:
        assert self.process.stdout
        while line := self.process.stdout.readline():
            if line.startswith("step "):
                self.acknowledged = int(line.split()[1])
            if line.startswith(prefix):
                return line.strip()
        raise AssertionError("the trader has ended")


@contextmanager
def trader(folder: Path, store: str) -> Iterator[Trader]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.exchange.market_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Trader(process, folder, store)
    finally:
        process.communicate(timeout=60)


def survives(folder: Path, acknowledged: int) -> Path | str:
    """After a kill: nothing acknowledged is lost and everything comes out; return the database."""
    with Venue.open(folder) as venue:
        venue.published.place_waiting()
        with venue.floor.read() as work:
            assert work.chain.store.edge().size >= acknowledged
        assert reconcile(floor=venue.floor).faults == ()
        database = venue.settings.database
    where = folder / DATABASE if database == "sqlite" else database
    assert Auditor(where).faults() == []
    return where


def is_killed(tmp_path: Path, store: str, kills: int) -> None:
    chance = random.Random(kills)  # noqa: S311 - where to kill is no secret
    folder = tmp_path / "exchange"
    with trader(folder, store) as player:
        for seed in range(kills):
            player.play(seed, chance.random() / 2)
            survives(folder, player.acknowledged)
        with Venue.open(folder) as venue:
            venue.unlock(PASSPHRASE)
            export_bundle(tmp_path / "bundle", floor=venue.floor)
            report = audit(tmp_path / "bundle", key=venue.floor.log_key)
        assert report.findings == []
        assert report.size >= player.acknowledged > kills


def test_a_trader_that_is_killed_three_times_loses_nothing(tmp_path: Path) -> None:
    is_killed(tmp_path, "sqlite", 3)


@pytest.mark.long
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_a_trader_that_is_killed_again_and_again_loses_nothing(tmp_path: Path, store: str) -> None:
    is_killed(tmp_path, store, 30)
