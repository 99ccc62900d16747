"""Proof files against C2SP tlog-proof, and against whoever changes one."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.__main__ import main
from ledger.bundle import write_bundle
from ledger.checkpoint import Checkpoint, VerifierKey, sign, verify
from ledger.entries import Entry
from ledger.errors import BadNote, BadProof, LedgerError
from ledger.merkle import inclusion_proof, leaf_hash
from ledger.proofs import EXTRA_MAX, HEADER, PROOF_MAX, TlogProof
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, Floor, pair


def small() -> tuple[list[Entry], bytes]:
    floor = Floor().ready("exchange.opened")
    floor.do("exchange.opened")
    for who in ("supplier", "buyer", "expert"):
        floor.do("participant.key", who)
    return list(floor.log.entries()), floor.note()


ENTRIES, NOTE = small()
PROOF = TlogProof(3, inclusion_proof([entry.leaf for entry in ENTRIES], 3), NOTE)
FILE = PROOF.to_bytes()
ENTRY = ENTRIES[3].data


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    write_bundle(folder, ENTRIES, note=NOTE, vkey=str(VKEY), records={})
    return folder


def test_a_proof_file_is_that_of_c2sp() -> None:
    lines = FILE.decode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 3"]
    assert [base64.b64decode(line) for line in lines[2:5]] == list(PROOF.path)
    assert lines[5] == ""
    assert "\n".join(lines[6:]).encode() == NOTE


@given(st.none() | st.binary(max_size=100), st.integers(0, 2**63 - 1), st.integers(0, 63))
def test_a_proof_file_is_read_back(extra: bytes | None, index: int, length: int) -> None:
    proof = TlogProof(index, (bytes(range(32)),) * length, NOTE, extra)
    assert TlogProof.parse(proof.to_bytes()) == proof


def test_every_entry_is_proved_and_no_other_entry_is() -> None:
    leaves = [entry.leaf for entry in ENTRIES]
    for entry in ENTRIES:
        proof = TlogProof(entry.index, inclusion_proof(leaves, entry.index), NOTE)
        assert proof.verify(entry.data, VKEY) == verify(NOTE, VKEY)
        for other in ENTRIES:
            if other is not entry:
                with pytest.raises(BadProof, match="does not lead to the root"):
                    proof.verify(other.data, VKEY)


def test_extra_data_is_carried_and_proves_nothing() -> None:
    carried = TlogProof.parse(replace(PROOF, extra=b"anything").to_bytes())
    assert carried.extra == b"anything"
    assert carried.verify(ENTRY, VKEY) == PROOF.verify(ENTRY, VKEY)


def test_another_key_proves_nothing() -> None:
    with pytest.raises(BadNote, match="has not signed"):
        PROOF.verify(ENTRY, VerifierKey(ORIGIN, pair("thief").public_key))
    elsewhere = VerifierKey("other.example/ledger", LOG_KEY.public_key)
    note = sign(verify(NOTE, VKEY), elsewhere.name, LOG_KEY)
    with pytest.raises(BadNote, match=r"the checkpoint is of exchange.example/ledger"):
        replace(PROOF, note=note).verify(ENTRY, elsewhere)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(FILE) * 8 - 1))
def test_any_bit_of_a_proof_file_matters(place: int) -> None:
    flipped = bytearray(FILE)
    flipped[place // 8] ^= 1 << place % 8
    with pytest.raises((BadProof, BadNote)):
        TlogProof.parse(bytes(flipped)).verify(ENTRY, VKEY)


PATH = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "head",
    [
        "",
        HEADER,
        f"{HEADER}\n",
        f"{HEADER}\nindex",
        f"{HEADER}\nindex ",
        f"{HEADER}\nindex 01",
        f"{HEADER}\nindex -1",
        f"{HEADER}\nindex +1",
        f"{HEADER}\nindex ３",
        f"{HEADER}\nindex 1 ",
        f"{HEADER}\nindex {2**63}",
        f"{HEADER}\nindex {'9' * 5_000}",
        f"{HEADER}\nIndex 3",
        f"{HEADER}\nindex 3\nextra QUJD",
        f"{HEADER}\nextra QUJ\nindex 3",
        f"{HEADER}\nextra QUJD\nextra QUJD\nindex 3",
        f"{HEADER}\nextra {'QUJD' * (EXTRA_MAX // 3 + 1)}\nindex 3",
        f"{HEADER}\nindex 3\n{PATH[:-1]}",
        f"{HEADER}\nindex 3\nQUJD",
        f"{HEADER}\nindex 3\n {PATH}",
        f"{HEADER}\r\nindex 3",
        f"{HEADER}\nindex 3" + f"\n{PATH}" * 64,
        "c2sp.org/tlog-proof@v2\nindex 3",
    ],
)
def test_a_head_of_any_other_form_is_refused(head: str) -> None:
    with pytest.raises(BadProof, match="not a proof file"):
        TlogProof.parse(f"{head}\n\n".encode() + NOTE)


def test_a_file_without_a_note_or_beyond_all_measure_is_refused() -> None:
    with pytest.raises(BadProof, match="not a proof file"):
        TlogProof.parse(f"{HEADER}\nindex 3\n".encode())
    with pytest.raises(BadProof, match="is over"):
        TlogProof.parse(FILE + bytes(PROOF_MAX))
    with pytest.raises(BadNote):
        TlogProof.parse(f"{HEADER}\nindex 3\n\n".encode()).verify(ENTRY, VKEY)


def test_nothing_is_written_that_could_not_be_read_back() -> None:
    for changes in ({"index": -1}, {"path": (b"short",)}, {"path": (bytes(32),) * 64}):
        with pytest.raises(BadProof):
            replace(PROOF, **changes).to_bytes()


# The commands.


def test_a_bundles_entry_is_proved_and_checked(
    bundle: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    entry, file = tmp_path / "entry", tmp_path / "3.tlog-proof"
    assert main(["prove", str(bundle), "3", "--entry", str(entry), "--key", str(VKEY)]) == 0
    assert entry.read_bytes() == ENTRY
    file.write_bytes(capsysbinary.readouterr().out)
    assert file.read_bytes() == FILE
    assert main(["check-proof", str(file), "--entry", str(entry), "--key", str(VKEY)]) == 0
    said = capsysbinary.readouterr().out.decode()
    assert "participant.key of participant/PT-" in said
    assert said.endswith("verified\n")


def test_what_was_changed_is_not_proved(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tile = bundle / f"tile/0/000.p/{len(ENTRIES)}"
    entries = bundle / f"tile/entries/000.p/{len(ENTRIES)}"
    for path, words in ((tile, "NOT proved: tile/0/000"), (entries, "entry 4 is not the entry")):
        before = path.read_bytes()
        path.write_bytes(before[:-2] + b"xx")
        new = tmp_path / "new"
        assert main(["prove", str(bundle), "4", "--entry", str(new)]) == 1
        assert not new.exists()
        path.write_bytes(before)
        captured = capsys.readouterr()
        assert words in captured.err
        assert captured.out == ""
    assert main(["prove", str(bundle), "99"]) == 1
    assert "no leaf 99" in capsys.readouterr().err


def test_a_wrong_proof_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, entry = tmp_path / "file", tmp_path / "entry"
    entry.write_bytes(ENTRIES[2].data)
    for data, words in ((FILE, "does not lead to the root"), (b"\x1b[2J", "not a proof file")):
        file.write_bytes(data)
        assert main(["check-proof", str(file), "--entry", str(entry), "--key", str(VKEY)]) == 1
        said = capsys.readouterr().out
        assert words in said
        assert said.endswith("NOT verified\n")


def unreadable(bundle: Path, tmp_path: Path) -> Iterator[list[str]]:
    file, entry = tmp_path / "file", tmp_path / "entry"
    file.write_bytes(FILE)
    entry.write_bytes(ENTRY)
    check = ["check-proof", str(file), "--entry", str(entry), "--key"]
    yield [*check, "no key"]
    yield ["check-proof", str(tmp_path / "gone"), "--entry", str(entry), "--key", str(VKEY)]
    yield ["check-proof", str(file), "--entry", str(tmp_path / "gone"), "--key", str(VKEY)]
    yield ["prove", str(tmp_path / "gone"), "0"]
    yield ["prove", str(bundle), "0", "--entry", str(entry)]  # never written over


def test_what_cannot_be_read_exits_with_2(bundle: Path, tmp_path: Path) -> None:
    for given_ in unreadable(bundle, tmp_path):
        assert main(given_) == 2, given_
    (bundle / f"tile/0/000.p/{len(ENTRIES)}").unlink()
    assert main(["prove", str(bundle), "0"]) == 2
    for wrong in (["prove", str(bundle), "first"], ["check-proof", "file"]):
        with pytest.raises(SystemExit) as stop:
            main(wrong)
        assert stop.value.code == 2


def test_an_entry_of_another_format_is_proved_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        Entry.parse(b"of another log", 0)
    file, entry = tmp_path / "file", tmp_path / "entry"
    foreign = b"of another log"
    note = sign(Checkpoint(ORIGIN, 1, leaf_hash(foreign)), ORIGIN, LOG_KEY)
    file.write_bytes(TlogProof(0, (), note).to_bytes())
    entry.write_bytes(foreign)
    assert main(["check-proof", str(file), "--entry", str(entry), "--key", str(VKEY)]) == 0


def test_the_process_writes_the_proof_and_nothing_else(bundle: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ledger", "prove", str(bundle), "3"],
        check=False,
        capture_output=True,
        env={"LANG": "C", "PYTHONUTF8": "0"},
        cwd=Path(__file__).parents[2],
    )
    assert (done.returncode, done.stdout) == (0, FILE), done.stderr
