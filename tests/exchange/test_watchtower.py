"""The folder of a witness: made once, with a memory that it does not lose."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exchange.errors import BadField, Conflict, NotFound, Unauthenticated, Unreadable
from exchange.watchtower import Watchtower
from ledger.checkpoint import VerifierKey
from ledger.errors import BadNote
from ledger.mldsa import AVAILABLE
from ledger.witness import SplitView
from tests.exchange.floor import PASSPHRASE
from tests.ledger.floor import ORIGIN, VKEY, pair
from tests.ledger.test_witness import FORKED, note, request

NAME = "witness.example/w1"


@pytest.fixture
def tower(tmp_path: Path) -> Watchtower:
    made = Watchtower.build(tmp_path / "witness", NAME, PASSPHRASE)
    made.add_log(str(VKEY))
    return made


def test_a_witness_is_what_it_was_after_a_restart(tower: Watchtower) -> None:
    assert tower.witness(lambda: 5.9).add_checkpoint(request(0, 3)).status == 200
    again = Watchtower.open(tower.folder).unlocked(PASSPHRASE)
    assert again.cosigners[0].key == tower.cosigners[0].key
    assert again.vkeys == [str(tower.cosigners[0].key)]
    assert again.witness().add_checkpoint(request(3, 9)).status == 200
    (watched,) = again.watched()
    assert watched.origin == ORIGIN
    assert watched.checkpoint is not None
    assert watched.checkpoint.size == 9


def test_its_keys_are_encrypted_and_its_own(tower: Watchtower) -> None:
    assert b"ENCRYPTED" in (tower.folder / "cosigner.pem").read_bytes()
    assert tower.folder.stat().st_mode & 0o777 == 0o700
    with pytest.raises(Unauthenticated):
        Watchtower.open(tower.folder).unlocked("another passphrase")


@pytest.mark.skipif(not AVAILABLE, reason="this cryptography has no ML-DSA-44")
def test_a_second_key_signs_beside_the_first(tmp_path: Path) -> None:
    made = Watchtower.build(tmp_path, NAME, PASSPHRASE, ml_dsa=True)
    made.add_log(str(VKEY))
    again = Watchtower.open(tmp_path).unlocked(PASSPHRASE)
    assert [str(cosigner.key) for cosigner in again.cosigners] == made.vkeys
    answer = again.witness().add_checkpoint(request(0, 3))
    assert answer.cosignatures.count(b"\n") == 2
    assert next(again.watched()).time is not None


def test_a_witness_is_made_once_and_for_a_name(tmp_path: Path) -> None:
    for name in ("", "a b", "a+b", "青岛", "x" * 201):
        with pytest.raises(BadField, match="name"):
            Watchtower.build(tmp_path / "new", name, PASSPHRASE)
    with pytest.raises(BadField, match="passphrase"):
        Watchtower.build(tmp_path / "new", NAME, "short")
    assert not (tmp_path / "new").exists()
    Watchtower.build(tmp_path / "new", NAME, PASSPHRASE)
    with pytest.raises(Conflict, match="not empty"):
        Watchtower.build(tmp_path / "new", NAME, PASSPHRASE)


def test_a_folder_without_memory_is_no_witness(tower: Watchtower, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="guapai witness init"):
        Watchtower.open(tmp_path)
    shutil.rmtree(tower.folder / "state")
    with pytest.raises(Unreadable, match="without memory would cosign a second history"):
        Watchtower.open(tower.folder)


def test_a_log_is_known_by_its_keys(tower: Watchtower) -> None:
    second = VerifierKey(ORIGIN, pair("second").public_key)
    tower.add_log(str(second))
    assert tower.logs() == {ORIGIN: (VKEY, second)}
    with pytest.raises(Conflict, match="known already"):
        tower.add_log(str(VKEY))
    with pytest.raises(BadField):
        tower.add_log("nonsense")
    with pytest.raises(BadField):  # a witness's own key is of another type
        tower.add_log(str(tower.cosigners[0].key))
    (tower.folder / "logs").write_text("nonsense\n")
    with pytest.raises(BadNote):
        tower.logs()


def test_evidence_is_kept_once(tower: Watchtower) -> None:
    evidence = SplitView(note(9), note(9, FORKED))
    where = Path(tower.keep(evidence))
    assert (where / "cosigned").read_bytes() == note(9)
    assert (where / "shown").read_bytes() == note(9, FORKED)
    assert tower.keep(evidence) == str(where)
    assert tower.evidence() == [str(where)]
