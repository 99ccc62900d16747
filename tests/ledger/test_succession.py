"""Several keys of one log, and one log after another, audited without the exchange."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.audit import audit
from ledger.bundle import write_bundle
from ledger.checkpoint import Checkpoint, VerifierKey, sign, verify, verify_any
from ledger.errors import BadNote, Unreadable
from ledger.keys import KeyPair
from ledger.note import Note
from ledger.succession import format_vkeys, known_keys, last_checkpoint, parse_vkeys
from tests.ledger.floor import LOG_KEY, ORIGIN, Floor, pair

OLD = VerifierKey(ORIGIN, LOG_KEY.public_key)
SECOND = pair("second log")
NEW = VerifierKey(ORIGIN, SECOND.public_key)
STRANGER = KeyPair.from_seed(bytes(31) + b"\x07")


def grown(overlap: int = 3, more: int = 0) -> Floor:
    floor = Floor().ready("log.key_added")
    floor.do("log.key_added", overlap=overlap)
    for _ in range(more):
        floor.do("account.deposited")
    return floor


def note_of(floor: Floor, *signers: KeyPair, size: int | None = None) -> bytes:
    edge = floor.log.edge()
    assert size in {None, edge.size}
    return sign(Checkpoint(ORIGIN, edge.size, edge.root), ORIGIN, *signers)


def bundle(floor: Floor, folder: Path, *signers: KeyPair, vkeys: tuple[VerifierKey, ...]) -> Path:
    write_bundle(
        folder,
        floor.log.entries(),
        note=note_of(floor, *signers),
        vkey="\n".join(map(str, vkeys)),
        records={},
    )
    return folder


def found(folder: Path, key: VerifierKey | None) -> list[tuple[str, str]]:
    return [(each.place, each.rule) for each in audit(folder, key=key).findings]


@pytest.mark.parametrize("key", [OLD, NEW, None])
def test_either_key_opens_a_bundle_of_the_overlap(tmp_path: Path, key: VerifierKey | None) -> None:
    folder = bundle(grown(), tmp_path / "b", SECOND, LOG_KEY, vkeys=(NEW, OLD))
    report = audit(folder, key=key)
    assert report.findings == []
    size = grown().log.edge().size
    assert f"the log key {OLD} is valid up to size {size - 1 + 3}" in report.remarks
    assert f"log key   {NEW}" in (folder / "report.txt").read_text()


def test_after_the_overlap_the_new_key_alone_signs_and_counts(tmp_path: Path) -> None:
    floor = grown(overlap=1, more=2)
    folder = bundle(floor, tmp_path / "b", SECOND, vkeys=(NEW, OLD))
    assert found(folder, NEW) == found(folder, None) == []
    assert found(folder, OLD) == [("checkpoint", "checkpoint")]
    late = bundle(floor, tmp_path / "late", SECOND, LOG_KEY, vkeys=(NEW, OLD))
    assert found(late, NEW) == []
    assert found(late, OLD) == [("checkpoint", "key")]
    (finding,) = audit(late, key=OLD).findings
    assert "ended at size" in finding.words


@pytest.mark.parametrize(("signer", "key"), [(SECOND, NEW), (LOG_KEY, OLD)])
def test_in_the_overlap_one_signature_is_too_few(
    tmp_path: Path, signer: KeyPair, key: VerifierKey
) -> None:
    folder = bundle(grown(), tmp_path / "b", signer, vkeys=(NEW, OLD))
    (finding,) = audit(folder, key=key).findings
    assert (finding.place, finding.rule) == ("checkpoint", "key")
    assert "has not signed a checkpoint of" in finding.words


def test_a_key_that_no_entry_declares_is_found_wherever_it_comes_from(tmp_path: Path) -> None:
    strange = VerifierKey(ORIGIN, STRANGER.public_key)
    listed = bundle(grown(), tmp_path / "a", SECOND, LOG_KEY, vkeys=(NEW, OLD, strange))
    assert found(listed, NEW) == [("vkey", "key")]
    signed = bundle(grown(), tmp_path / "b", STRANGER, SECOND, vkeys=(strange, NEW))
    assert found(signed, strange) == [("checkpoint", "key")]
    assert found(listed, strange) == [("checkpoint", "checkpoint")]  # which it has not signed


def test_a_signature_of_the_other_key_that_does_not_hold_spoils_the_note(tmp_path: Path) -> None:
    folder = bundle(grown(), tmp_path / "b", SECOND, LOG_KEY, vkeys=(NEW, OLD))
    opened = Note.parse((folder / "checkpoint").read_bytes())
    wrong = replace(opened.lines[1], signature=bytes(64))
    (folder / "checkpoint").write_bytes(replace(opened, lines=(opened.lines[0], wrong)).to_bytes())
    (finding,) = audit(folder, key=NEW).findings
    assert "does not cover this checkpoint" in finding.words


def test_older_checkpoints_of_an_older_key_are_compared(tmp_path: Path) -> None:
    floor = Floor().ready("log.key_added")
    older = note_of(floor, LOG_KEY)
    floor.do("log.key_added", overlap=1)
    floor.do("account.deposited")
    folder = tmp_path / "b"
    size = verify(older, OLD).size
    write_bundle(
        folder,
        floor.log.entries(),
        note=note_of(floor, SECOND),
        vkey=f"{NEW}\n{OLD}",
        records={},
        history=[older],
    )
    report = audit(folder, key=NEW, against=verify_any(older, known_keys(folder, NEW))[0])
    assert report.findings == []
    assert report.history == 1
    (tmp_path / "older").write_bytes(older)
    line = ["verify", str(folder), "--key", str(NEW), "--against", str(tmp_path / "older")]
    assert main(line) == 0
    (folder / "vkey").write_bytes(format_vkeys([NEW]))
    assert found(folder, NEW) == [(f"history/{size}", "history")]
    assert main(line) == 2


# The file `vkey`.


def test_the_file_of_keys_reads_back() -> None:
    assert parse_vkeys(format_vkeys([NEW, OLD])) == (NEW, OLD)
    assert parse_vkeys(format_vkeys([OLD])) == (OLD,)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"\xff\n",
        b"not a key\n",
        format_vkeys([OLD, OLD]),
        format_vkeys([OLD, VerifierKey("other.example/log", OLD.public_key)]),
        b"\n" * 2_000,
    ],
)
def test_what_is_no_file_of_keys_is_refused(data: bytes) -> None:
    with pytest.raises(BadNote):
        parse_vkeys(data)


def test_older_checkpoints_are_read_with_the_keys_that_go_with_the_trusted_one(
    tmp_path: Path,
) -> None:
    with pytest.raises(Unreadable):
        known_keys(tmp_path, None)
    assert known_keys(tmp_path, NEW) == (NEW,)
    (tmp_path / "vkey").write_bytes(format_vkeys([NEW, OLD]))
    assert known_keys(tmp_path, None) == known_keys(tmp_path, OLD) == (NEW, OLD)
    strange = VerifierKey(ORIGIN, STRANGER.public_key)
    assert known_keys(tmp_path, strange) == (strange,)


# Signing and verifying with several.


def test_a_checkpoint_needs_a_signer_and_a_known_one() -> None:
    floor = grown()
    edge = floor.log.edge()
    with pytest.raises(BadNote, match="at least one signer"):
        sign(Checkpoint(ORIGIN, edge.size, edge.root), ORIGIN)
    note = note_of(floor, SECOND, LOG_KEY)
    checkpoint = Checkpoint(ORIGIN, edge.size, edge.root)
    assert verify_any(note, [OLD, NEW]) == (checkpoint, (OLD, NEW))
    assert verify_any(note_of(floor, LOG_KEY), [NEW, OLD]) == (checkpoint, (OLD,))
    for keys in ([], [VerifierKey(ORIGIN, STRANGER.public_key)]):
        with pytest.raises(BadNote, match="has not signed"):
            verify_any(note, keys)


# One log after another.


def continuing(last: Checkpoint) -> Floor:
    floor = Floor().ready("exchange.opened")
    before = {"origin": last.origin, "size": last.size, "root": last.root.hex()}
    floor.do("exchange.opened", continues=[before])
    return floor


def test_the_last_checkpoint_is_read_from_a_note_or_a_bundle(tmp_path: Path) -> None:
    folder = bundle(Floor().open(), tmp_path / "b", LOG_KEY, vkeys=(OLD,))
    expected = verify((folder / "checkpoint").read_bytes(), OLD)
    assert last_checkpoint(folder, OLD) == last_checkpoint(folder / "checkpoint", OLD) == expected
    with pytest.raises(BadNote, match="has not signed"):
        last_checkpoint(folder, NEW)
    other = VerifierKey("other.example/log", LOG_KEY.public_key)
    note = sign(expected, other.name, LOG_KEY)
    (tmp_path / "note").write_bytes(note)
    with pytest.raises(BadNote, match="the checkpoint is of"):
        last_checkpoint(tmp_path / "note", other)


def test_a_log_that_says_it_continues_another_is_held_to_it(tmp_path: Path) -> None:
    """Also where the two look alike: origin, size and root must all be those that were named."""
    last = Checkpoint("old.example/log", 7, bytes(32))
    folder = bundle(continuing(last), tmp_path / "new", LOG_KEY, vkeys=(OLD,))
    report = audit(folder, key=OLD)
    assert report.findings == []
    assert report.continues == {"origin": last.origin, "size": 7, "root": "00" * 32}
    assert any("continues the log old.example/log: 7 entries" in each for each in report.remarks)
    other = bundle(Floor().open(), tmp_path / "other", LOG_KEY, vkeys=(OLD,))
    (finding,) = audit(folder, key=OLD, continued=other).findings
    assert (finding.place, finding.rule) == ("continued", "continues")
    assert finding.words.startswith("this log continues old.example/log at 7 entries")
    assert main(["verify", str(folder), "--key", str(OLD), "--continued", str(other)]) == 1
    with pytest.raises(Unreadable):
        audit(folder, key=OLD, continued=tmp_path / "nowhere")
