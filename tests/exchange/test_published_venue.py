"""An exchange and its publication: what others have seen holds the store to its word."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exchange.courier import Unreachable, carry
from exchange.errors import Busy
from exchange.services.audit_provenance import export_bundle
from exchange.venue import DATABASE, Venue
from exchange.watchtower import Watchtower
from ledger.audit import audit
from ledger.checkpoint import Checkpoint
from ledger.errors import BadProof, Forked, InUse, NothingPublished, RolledBack
from ledger.publish import published_checkpoint
from pricing.money import Money
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import DEPOSIT, OPERATOR, PASSPHRASE, Hall
from tests.exchange.web.test_witness import ROOT, free_port, running, serving

__all__ = ["hall", "listed"]

from tests.exchange.floor import hall, listed


def seen(hall: Hall) -> Checkpoint:
    found = published_checkpoint(hall.venue.published.folder, [hall.floor.log_key])
    assert found is not None
    return found


def copied(hall: Hall, folder: Path) -> Path:
    """Copy the store alone, as a backup of the database does."""
    hall.venue.close()
    return Path(shutil.copyfile(hall.folder / DATABASE, folder / "backup.sqlite3"))


def restored(hall: Hall, backup: Path) -> None:
    hall.venue.close()
    for path in hall.folder.glob(f"{DATABASE}*"):
        path.unlink()
    shutil.copyfile(backup, hall.folder / DATABASE)


def test_an_exchange_is_published_from_its_first_entries_on(hall: Hall) -> None:
    assert (hall.venue.published.folder / "history/3").is_file()
    assert seen(hall).size == 3


def test_what_is_signed_is_published_before_it_leaves(hall: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "bundle", floor=hall.floor)
    assert seen(hall).size == hall.size
    assert audit(hall.venue.published.folder, key=hall.floor.log_key).passed


def test_what_is_signed_while_this_process_publishes_is_published_by_it(
    hall: Hall, tmp_path: Path
) -> None:
    publishing = hall.venue.published.publishing()
    export_bundle(tmp_path / "bundle", floor=hall.floor)
    assert seen(hall).size == hall.size
    publishing.stop()
    export_bundle(tmp_path / "again", floor=hall.floor)


def test_a_signature_waits_for_another_process_that_publishes(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Venue.open(hall.folder) as other:
        other.unlock(PASSPHRASE)
        with other.published.publishing():
            export_bundle(tmp_path / "bundle", floor=hall.floor)
            assert seen(hall).size == hall.size
    monkeypatch.setattr("exchange.publication.PATIENCE", 0.1)
    monkeypatch.setattr("exchange.publication.PATIENCE_MAX", 0.1)
    with Venue.open(hall.folder) as stuck:
        publishing = stuck.published.publishing()  # and does nothing
        hall.deposit()
        with pytest.raises(Busy, match="has not published"):
            export_bundle(tmp_path / "again", floor=hall.floor)
        publishing.stop()


def test_what_a_witness_has_shown_binds_the_log(listed: Hall, tmp_path: Path) -> None:
    backup = copied(listed, tmp_path)
    listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    restored(listed, backup)
    held = listed.venue.published.folder / "evidence/18-a"
    shutil.rmtree(listed.venue.published.folder)
    held.mkdir(parents=True)
    shutil.copyfile(tmp_path / "bundle/checkpoint", held / "theirs")
    with Venue.open(listed.folder) as venue:
        venue.accept_empty = True
        with pytest.raises(RolledBack):
            venue.unlock(PASSPHRASE)


def test_one_process_publishes_an_exchange(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.publication.PATIENCE", 0.1)
    publishing = hall.venue.published.publishing()
    with pytest.raises(InUse):
        hall.venue.published.publishing()
    publishing.stop()


def test_trading_goes_on_while_the_log_is_published(listed: Hall) -> None:
    with listed.venue.published.publishing() as publishing:
        buyer = listed.participant("buyer")
        threads = [
            threading.Thread(target=listed.house.deposit, args=(buyer, DEPOSIT, f"transfer {n}"))
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert publishing.wait_witnessed(listed.size, 30)
    assert seen(listed).size == listed.size
    assert audit(listed.venue.published.folder, key=listed.floor.log_key).passed


# Restores.


def test_a_restored_backup_opens_for_reading_and_signs_nothing(
    listed: Hall, tmp_path: Path
) -> None:
    backup = copied(listed, tmp_path)
    listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    size = listed.size
    restored(listed, backup)
    with Venue.open(listed.folder) as venue:
        with pytest.raises(RolledBack) as refused:
            venue.unlock(PASSPHRASE)
        assert venue.log_signer is None
        with venue.floor.read() as work:
            assert work.chain.store.edge().size < size
    assert f"at least {size} entries" in str(refused.value)
    guapai = Guapai(listed.folder)
    for command in (("publish",), ("publish", "--accept-empty"), ("export", str(tmp_path / "x"))):
        assert guapai.error(*command, code=1)["code"] == "rolled_back"
    assert seen(listed).size == size


def test_a_store_that_went_on_from_a_restore_is_a_fork(listed: Hall, tmp_path: Path) -> None:
    backup = copied(listed, tmp_path)
    listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    restored(listed, backup)
    for _ in range(4):  # a program that does not look goes on
        listed.deposit()
    with Venue.open(listed.folder) as venue, pytest.raises(Forked, match="another history"):
        venue.unlock(PASSPHRASE)


def test_a_restore_of_all_that_was_published_goes_on(listed: Hall, tmp_path: Path) -> None:
    listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    backup = copied(listed, tmp_path)
    listed.deposit()  # never signed, and so never seen
    restored(listed, backup)
    with Venue.open(listed.folder) as venue:
        venue.unlock(PASSPHRASE)
        export_bundle(tmp_path / "again", floor=venue.floor)


def test_a_publication_that_is_gone_is_accepted_by_name_alone(listed: Hall) -> None:
    shutil.rmtree(listed.venue.published.folder)
    with Venue.open(listed.folder) as venue, pytest.raises(NothingPublished, match="accept-empty"):
        venue.unlock(PASSPHRASE)
    guapai = Guapai(listed.folder)
    assert guapai.error("publish", code=1)["code"] == "nothing_published"
    assert not listed.venue.published.folder.exists()
    assert guapai.json("publish", "--accept-empty")["size"] == listed.size
    assert seen(listed).size == listed.size
    assert guapai.json("publish")["size"] == listed.size


def test_a_store_that_was_tampered_with_is_named(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    listed.venue.close()
    with sqlite3.connect(listed.folder / DATABASE) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        (edge,) = connection.execute("SELECT edge FROM ledger_head").fetchone()
        connection.execute("UPDATE ledger_head SET edge = ?", (bytes([edge[0] ^ 1]) + edge[1:],))
    connection.close()
    with Venue.open(listed.folder) as venue, pytest.raises(BadProof, match=r"does not lead"):
        venue.unlock(PASSPHRASE)


def test_a_store_replaced_by_an_older_one_under_a_running_process_signs_nothing(
    listed: Hall, tmp_path: Path
) -> None:
    backup = copied(listed, tmp_path)
    listed.scenario()
    export_bundle(tmp_path / "bundle", floor=listed.floor)
    restored(listed, backup)  # the venue stays unlocked
    listed.deposit(amount=Money(7))
    with pytest.raises((RolledBack, Forked)):
        export_bundle(tmp_path / "again", floor=listed.floor)
    for serial in range(3):
        listed.deposit(amount=Money(8 + serial))
    with pytest.raises(Forked):
        export_bundle(tmp_path / "once-more", floor=listed.floor)


def test_many_sign_at_once_beside_what_publishes(listed: Hall) -> None:
    def work(serial: int) -> None:
        for step in range(6):
            listed.house.deposit(listed.participant("buyer"), Money(1), f"{serial} {step}")
            with listed.floor.write() as unit:
                listed.floor.sign_checkpoint(unit)

    with listed.venue.published.publishing() as publishing:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        assert publishing.fault == ""
        assert publishing.publish().size == listed.size
    assert audit(listed.venue.published.folder, key=listed.floor.log_key).passed


# The commands.


def test_a_command_beside_an_open_exchange_leaves_what_that_wrote(
    listed: Hall, tmp_path: Path
) -> None:
    listed.venue.close()
    with listed.floor.read():
        pass  # as a server's threads do, one of which reads before another writes
    listed.house.deposit(listed.participant("buyer"), Money(1), "before")
    done = command(listed, "board")
    assert done.returncode == 0
    listed.house.deposit(listed.participant("buyer"), Money(1), "after")
    for path in listed.folder.glob(f"{DATABASE}*"):  # what a kill would leave
        shutil.copyfile(path, tmp_path / path.name)
    with sqlite3.connect(tmp_path / DATABASE) as left:
        ((entries,),) = left.execute("SELECT count(*) FROM ledger_entry").fetchall()
    assert entries == listed.size


@pytest.mark.slow
def test_an_exchange_that_serves_is_published_and_witnessed(listed: Hall, tmp_path: Path) -> None:
    tower = Watchtower.build(tmp_path / "witness", "witness.example/w1", PASSPHRASE)
    tower.add_log(str(listed.floor.log_key))
    listed.venue.close()
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with serving(tower.folder) as witness:
        policy = f"witness w1 {tower.vkeys[0]} {witness}\nquorum w1\n"
        (listed.folder / "policy").write_text(policy)

        def witnessed() -> bool:
            try:
                return carry("GET", f"{url}/log/witnessed", b"").status == 200
            except Unreachable:
                return False

        with running("-C", listed.folder, "serve", "--port", port, until=witnessed):
            pass
        again = Guapai(listed.folder).json("publish")  # it has let go of the folder
    assert again["witnesses"][0]["state"] == "cosigned"
    (watched,) = tower.watched()
    assert watched.checkpoint == seen(listed)


# Callers that wait.


def waited(hall: Hall, wait: str, reference: str) -> subprocess.CompletedProcess[str]:
    """Deposit by the command, and say how it ended."""
    deposit = ["account", "deposit", "buyer", "1.00 CNY", "--as", OPERATOR[0]]
    return command(hall, "--wait", wait, *deposit, "--reference", reference)


def command(hall: Hall, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, and say how it ended."""
    arguments = ["-C", str(hall.folder), *words]
    return subprocess.run(
        [sys.executable, "-c", "from exchange.cli import main; main()", *arguments],
        env=os.environ | {"GUAPAI_PASSPHRASE": PASSPHRASE, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_who_waits_for_witnesses_is_told_how_far_it_came(listed: Hall, tmp_path: Path) -> None:
    refused = waited(listed, "witnessed", "first")
    assert refused.returncode == 3
    assert "no witness cosigns this log" in refused.stderr
    size = listed.size
    tower = Watchtower.build(tmp_path / "witness", "witness.example/w1", PASSPHRASE)
    tower.add_log(str(listed.floor.log_key))
    listed.venue.close()
    with serving(tower.folder) as witness:
        policy = f"witness w1 {tower.vkeys[0]} {witness}\nquorum w1\n"
        (listed.folder / "policy").write_text(policy)
        done = waited(listed, "witnessed", "second")
        assert (done.returncode, done.stderr) == (0, "")
        (watched,) = tower.watched()
        assert watched.checkpoint == seen(listed)
        assert listed.size == size + 1 == seen(listed).size
    away = waited(listed, "witnessed", "third")
    assert away.returncode == 0
    assert "recorded, and not witnessed yet" in away.stderr
    assert listed.size == size + 2
