"""Helpers check ahead what needs no order, and what an audit finds is the same with them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.ahead import Ahead, Helper, processors
from ledger.audit import audit
from ledger.bundle import TILE, write_tiles
from ledger.checkpoint import Checkpoint, sign
from ledger.entries import Entry
from ledger.errors import BadAct
from ledger.integrity import leaves_of, seal
from ledger.report import LogReport
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, pair
from tests.ledger.long import SIZE, long_log, write_long

LAST = long_log()[-1]  # a deposit, signed by the operator
OPERATOR = bytes.fromhex(long_log()[0].facts["public_key"])
KNOWN = {LAST.signed.act.key: OPERATOR}


def another_signature(entry: Entry) -> bytes:
    """Return the entry's bytes with a signature by somebody else over the same act."""
    forged = replace(entry.signed, signature=pair("buyer").sign(entry.signed.act.message))
    return entry.data.replace(entry.signed.signature_text.encode(), forged.signature_text.encode())


def as_it_is(entry: Entry) -> bytes:
    """Return the entry's own bytes."""
    return entry.data


def spaced(entry: Entry) -> bytes:
    """Return the same object in other bytes."""
    return entry.data.replace(b'"v":1', b'"v": 1')


def sealed(number: int) -> bytes:
    """Return the seal of a tile of the long log."""
    tile = long_log()[number * TILE : (number + 1) * TILE]
    return seal(leaves_of([entry.data for entry in tile]))


@pytest.fixture
def _helped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.ahead.AHEAD_FROM", 0)


def test_a_helper_names_the_key_that_signed() -> None:
    assert Helper().check([LAST.data], KNOWN).signers == [OPERATOR]
    assert Helper().check([long_log()[0].data, LAST.data], {}).signers == [OPERATOR, OPERATOR]


def test_a_helper_does_not_speak_for_what_it_has_not_verified() -> None:
    assert Helper().check([LAST.data], {}).signers == [b""]
    assert Helper().check([another_signature(LAST)], KNOWN).signers == [b""]
    assert Helper().check([LAST.data], {LAST.signed.act.key: b"no key"}).signers == [b""]


def test_a_helper_reads_nothing_that_is_not_in_its_one_form() -> None:
    assert Helper().check([spaced(LAST), b"{}", b"", LAST.data], KNOWN).signers == [
        *(None, None, None),
        OPERATOR,
    ]


def test_keys_that_were_not_met_for_long_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.ahead.KEYS_MAX", 2)
    helper = Helper()
    assert helper.check([LAST.data], KNOWN | {"1": b"1"}).signers == [OPERATOR]
    assert helper.check([LAST.data], {"2": b"2"}).signers == [OPERATOR]
    assert helper.check([LAST.data], {"3": b"3", "4": b"4"}).signers == [b""]


def test_the_word_of_a_helper_counts_for_the_key_it_names_alone() -> None:
    said = Entry.reread(another_signature(LAST), LAST.index, pair("buyer").public_key)
    with pytest.raises(BadAct, match="signature does not cover"):
        said.signed.verify(OPERATOR)
    Entry.reread(LAST.data, LAST.index, b"").signed.verify(OPERATOR)


@pytest.mark.usefixtures("_helped")
def test_what_is_known_of_a_tile_is_of_the_very_bytes(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "b")
    with Ahead(folder, SIZE, 1) as ahead:
        for entry in long_log()[:TILE]:
            ahead.show(entry)
        assert ahead.signers(0, sealed(0)) == [None] * TILE
        assert ahead.signers(1, sealed(1)) == [OPERATOR] * TILE
        assert ahead.signers(2, sealed(1)) == [None] * (SIZE - 2 * TILE)


@pytest.mark.usefixtures("_helped")
def test_a_helper_that_dies_is_not_missed(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "b")
    with Ahead(folder, SIZE, 1) as ahead:
        assert ahead.signers(0, sealed(0)) == [None] * TILE
        (process,) = ahead._offices[0]._processes
        os.kill(process, signal.SIGKILL)
        assert ahead.signers(1, sealed(1)) == [None] * TILE
        assert ahead.signers(2, sealed(2)) == [None] * (SIZE - 2 * TILE)


FORSAKEN = """
import multiprocessing, os, signal
from concurrent.futures import ProcessPoolExecutor
from ledger.ahead import begin_helping

if __name__ == "__main__":
    spawning = multiprocessing.get_context("spawn")
    office = ProcessPoolExecutor(1, spawning, begin_helping)
    print(office.submit(os.getpid).result(), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_helpers_leave_when_whoever_started_them_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "forsaken.py"
    script.write_text(FORSAKEN)
    command = [sys.executable, str(script)]
    # What the helper has of the output ends with it: this waits until it is gone.
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout[-1:]) == (-signal.SIGKILL, b"\n")


@pytest.mark.usefixtures("_helped")
@pytest.mark.parametrize("changed", [as_it_is, another_signature, spaced])
def test_an_audit_finds_the_same_with_helpers(
    changed: Callable[[Entry], bytes], tmp_path: Path
) -> None:
    told = LogReport()
    bodies = [told.take(entry).data for entry in long_log()]
    bodies[300] = changed(long_log()[300])

    def put(name: str, data: bytes) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)

    checkpoint = Checkpoint(ORIGIN, SIZE, write_tiles(put, bodies).root())
    put("report.txt", told.text(checkpoint, str(VKEY)).encode())
    put("vkey", f"{VKEY}\n".encode())
    put("checkpoint", sign(checkpoint, ORIGIN, LOG_KEY))
    alone = audit(tmp_path, key=VKEY, spill_from=0)
    assert alone.passed == (bodies[300] == long_log()[300].data)
    assert audit(tmp_path, key=VKEY, spill_from=0, processes=2).to_record() == alone.to_record()


def test_there_is_a_processor() -> None:
    assert processors() >= 1
