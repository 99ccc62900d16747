"""What survives when a process is killed, the disk is full, or two write at once."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from exchange.errors import Broken, Busy, Conflict, ExchangeError, NotFound
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.settings import FILE
from exchange.trading import TradeState
from exchange.vault import sha256_of
from exchange.venue import DATABASE, Venue
from ledger.audit import audit
from ledger.checkpoint import verify
from ledger.errors import NothingPublished, RolledBack
from tests.exchange.floor import DATA, DEPOSIT, EVIDENCE, PASSPHRASE, PRICE, Hall, open_hall, sheet
from tests.exchange.player import opened

ROOT = Path(__file__).parents[3]


class Player:
    """The process of `tests.exchange.player`, kept for all tests of the module."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.exchange.player"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, **command: Any) -> list[int]:
        """Begin a command and return the process ids of its children."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        return [int(pid) for pid in self.line("pids ").split()[1:]]

    def line(self, prefix: str = "") -> str:
        """Return the next line, or the next with a prefix."""
        assert self.process.stdout
        while line := self.process.stdout.readline():
            if line.startswith(prefix):
                return line.strip()
        raise AssertionError("the player has ended")

    def end(self) -> list[int]:
        """Wait for the children and return their exit codes."""
        return [int(code) for code in self.line("ended ").split()[1:]]

    def close(self) -> None:
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def player() -> Iterator[Player]:
    started = Player()
    yield started
    started.close()


def is_whole(folder: Path, tmp_path: Path, name: str) -> None:
    """The exchange opens, its chain audits, its books come out and its files are whole."""
    with Venue.open(folder) as venue:
        venue.unlock(PASSPHRASE)
        bundle = tmp_path / name
        export_bundle(bundle, floor=venue.floor)
        assert audit(bundle, key=venue.floor.log_key).findings == []
        assert reconcile(floor=venue.floor).faults == ()
        for path in (folder / "vault").iterdir():
            assert path.name.startswith(".incoming-") or sha256_of(path) == path.name
        with venue.floor.read() as work:
            for product in work.products.all():
                venue.floor.vault.check(product.data)
            for trade in work.trades.all():
                if trade.sealed:
                    venue.floor.vault.check(trade.sealed)


def survives(player: Player, folder: Path, tmp_path: Path) -> None:
    """After a kill: what stands is whole, and the journey goes on to its end, once."""
    if (folder / FILE).exists():
        is_whole(folder, tmp_path, "after")
    else:
        with pytest.raises(NotFound, match="is not an exchange"):
            Venue.open(folder)
    player.start(folder=str(folder))
    assert player.end() == [0]
    is_whole(folder, tmp_path, "finished")
    with opened(folder) as hall, hall.floor.read() as work:
        (trade,) = work.trades.all()
        assert trade.state is TradeState.EXECUTED
        assert hall.balance("buyer") == DEPOSIT.minor - PRICE.minor
        assert hall.balance("supplier") == PRICE.minor - PRICE.minor // 40
        assert len(work.products.all()) == 1


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, 2, 9, 15, 18, 21, 22])
def test_a_kill_between_two_steps_loses_nothing(player: Player, tmp_path: Path, step: int) -> None:
    folder = tmp_path / "exchange"
    (pid,) = player.start(folder=str(folder))
    for _ in range(step):
        player.line()
    os.kill(pid, signal.SIGKILL)
    assert player.end() == [-signal.SIGKILL]
    survives(player, folder, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_kill_within_a_step_loses_nothing(player: Player, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - where to kill is no secret
    folder = tmp_path / "exchange"
    (pid,) = player.start(folder=str(folder))
    for _ in range(chance.randrange(14, 23)):
        player.line()
    timer = threading.Timer(chance.random() / 20, os.kill, (pid, signal.SIGKILL))
    timer.start()
    assert player.end() in ([-signal.SIGKILL], [0])
    timer.cancel()
    timer.join()
    survives(player, folder, tmp_path)


@pytest.mark.slow
def test_two_processes_at_once_lose_no_entry_and_fork_no_log(
    player: Player, tmp_path: Path
) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        size = hall.size
        first = tmp_path / "first"
        export_bundle(first, floor=hall.floor)
        older = verify((first / "checkpoint").read_bytes(), hall.floor.log_key)
    handles, count = ["supplier", "contributor"], 6
    player.start(folder=str(tmp_path / "exchange"), handles=handles, count=count)
    assert player.end() == [0, 0]
    is_whole(tmp_path / "exchange", tmp_path, "whole")
    report = audit(tmp_path / "whole", against=older)
    assert report.passed
    assert report.size == size + len(handles) * count * 3
    assert report.kinds["product.registered"] == len(handles) * count


def writer(hall: Hall) -> Engine:
    engine: Engine = hall.venue._engine(writing=True)
    return engine


def fill_the_disk(hall: Hall) -> None:
    """Allow the database not one page more."""
    with writer(hall).connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def fail_to_commit(hall: Hall) -> None:
    """Let every commit from now on fail, once something was written."""

    def failing(connection: Any) -> None:
        if connection.connection.dbapi_connection.total_changes > before:
            broken = sqlite3.OperationalError("disk I/O error")
            raise OperationalError("COMMIT", {}, broken)

    with writer(hall).connect() as connection:
        before = connection.connection.dbapi_connection.total_changes  # type: ignore[union-attr]
    event.listen(writer(hall), "commit", failing)


@pytest.mark.parametrize("fault", [fill_the_disk, fail_to_commit])
def test_a_store_that_cannot_write_keeps_nothing_of_a_registration(
    tmp_path: Path, fault: Callable[[Hall], None]
) -> None:
    folder = tmp_path / "exchange"
    with open_hall(folder) as hall:
        size = hall.size
        fault(hall)
        big = DATA + "".join(f"QD,2026-01-04T00:00:00Z,120.3,36.0,{i}.5\n" for i in range(9))
        with pytest.raises(ExchangeError, match=r"the store could not do it: (database|disk)"):
            hall.supplier.register(hall.file(data=big), sheet(), [EVIDENCE * 1_000])
        assert hall.size == size
        assert hall.vault() == set()
    with opened(folder) as again:
        assert again.register().bytes == len(DATA.encode())
    is_whole(folder, tmp_path, "after")


@pytest.mark.parametrize("fault", [fail_to_commit])
def test_a_contract_that_cannot_be_committed_moves_no_money(
    tmp_path: Path, fault: Callable[[Hall], None]
) -> None:
    with open_hall(tmp_path / "exchange", "ordered") as hall:
        trade, size, money = hall.trade(hall.made), hall.size, hall.balance("buyer")
        fault(hall)
        with pytest.raises(ExchangeError, match="disk I/O error"):
            hall.supplier.accept(trade.id)
        assert (hall.trade(trade.id), hall.size, hall.balance("buyer")) == (trade, size, money)
        assert reconcile(floor=hall.floor).faults == ()


def test_a_vault_that_cannot_write_registers_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    with open_hall(tmp_path / "exchange") as hall:
        size = hall.size
        monkeypatch.setattr("exchange.vault.os.fsync", full)
        with pytest.raises(ExchangeError, match="the vault cannot take a file in: No space left"):
            hall.register()
        monkeypatch.undo()
        assert (hall.size, hall.vault()) == (size, set())
        hall.register()


def test_a_sealed_file_that_cannot_be_kept_is_not_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    with open_hall(tmp_path / "exchange", "contracted") as hall:
        files, size = hall.vault(), hall.size
        monkeypatch.setattr("exchange.vault.FileVault._sync", full)
        with pytest.raises(ExchangeError):
            hall.deliver()
        monkeypatch.undo()
        assert hall.size == size
        assert not any(path.suffix == ".age" for path in tmp_path.iterdir())
        assert len(hall.vault() - files) <= 1  # whole, under its name, and nobody's
        hall.deliver()


def test_a_store_that_another_holds_is_waited_for_and_then_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exchange.store.engine.BUSY_MS", 50)
    with open_hall(tmp_path / "exchange") as hall:
        size = hall.size
        other = sqlite3.connect(hall.folder / DATABASE, isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(
                Busy, match="others were changing the same thing: nothing was done, try again"
            ):
                hall.deposit()
            assert hall.size == size  # reading goes on meanwhile
            other.execute("ROLLBACK")
        finally:
            other.close()
        hall.deposit()


def _gone(path: Path) -> None:
    path.unlink()


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database at all\n" * 1_000)


def _torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:8_192])


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_gone, "is missing: the exchange has lost its store"),
        (_folder, "is missing: the exchange has lost its store"),
        (_pipe, "is missing: the exchange has lost its store"),
        (_empty, "the store has no schema"),
        (_garbage, "the store cannot be read: file is not a database"),
        (_torn, "the store cannot be read: database disk image is malformed"),
    ],
)
def test_a_store_that_is_none_is_broken(
    tmp_path: Path, damage: Callable[[Path], None], words: str
) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        folder = hall.folder
    for path in folder.glob(f"{DATABASE}-*"):
        path.unlink()
    damage(folder / DATABASE)
    with pytest.raises(Broken, match=words):
        Venue.open(folder)


@pytest.mark.parametrize("damage", [_gone, _folder])
def test_a_vault_file_that_vanished_is_not_found(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    with open_hall(tmp_path / "exchange", "contracted") as hall:
        damage(hall.folder / "vault" / hall.product().data)
        with pytest.raises(NotFound, match="the vault has no file"):
            hall.deliver()


def test_a_failed_opening_leaves_no_exchange(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("exchange.venue.Settings.save", failing)
    with pytest.raises(OSError, match="full"), opened(tmp_path / "made"):
        pass
    assert not (tmp_path / "made").exists()


def test_an_exchange_opens_in_a_folder_of_its_own(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        folder, settings = hall.folder, hall.venue.settings
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Conflict, match="is not empty"):
        Venue.init(
            folder,
            settings,
            handle="house",
            operator_name="x",
            credit_code="91370200MAEXCHG0A5",
            passphrase=PASSPHRASE,
        )
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"origin": "guapai.example/other"}, "origin in exchange.toml was changed"),
        ({"clock": "system"}, "clock differs from what the chain says"),
        ({"fee_ppm": 0}, "fee_ppm differs from what the chain says"),
        ({"notice_seconds": 0}, "notice_seconds differs from what the chain says"),
    ],
)
def test_the_chain_has_the_last_word_on_the_rules_of_the_house(
    tmp_path: Path, changes: dict[str, Any], words: str
) -> None:
    with open_hall(tmp_path / "exchange") as hall:
        folder, settings = hall.folder, hall.venue.settings
    replace(settings, **changes).save(folder / FILE)
    with pytest.raises(Broken, match=words):
        Venue.open(folder)


def test_an_older_copy_of_the_store_is_a_rollback_that_a_checkpoint_shows(tmp_path: Path) -> None:
    """What the store cannot see itself the publication does, and whoever keeps a checkpoint."""
    with open_hall(tmp_path / "exchange", "listed") as hall:
        folder = hall.folder
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(folder / DATABASE, copy)
    with opened(folder) as hall:
        hall.number = next(p.number for p in _products(hall))
        hall.scenario()
        export_bundle(tmp_path / "later", floor=hall.floor)
        later = verify((tmp_path / "later" / "checkpoint").read_bytes(), hall.floor.log_key)
    for path in folder.glob(f"{DATABASE}*"):
        path.unlink()
    shutil.copyfile(copy, folder / DATABASE)
    with pytest.raises(RolledBack, match="restored backup"), opened(folder) as hall:
        export_bundle(tmp_path / "earlier", floor=hall.floor)
    shutil.rmtree(folder / "published")
    with pytest.raises(NothingPublished), opened(folder):
        pass
    (folder / "published").mkdir()
    with Venue.open(folder) as venue:
        venue.accept_empty = True
        venue.unlock(PASSPHRASE)
        export_bundle(tmp_path / "earlier", floor=venue.floor)
    report = audit(tmp_path / "earlier", against=later)
    assert [finding.rule for finding in report.findings] == ["continuity"]


def _products(hall: Hall) -> Any:
    with hall.floor.read() as work:
        return work.products.all()
