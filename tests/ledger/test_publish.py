"""Publications that were cut off anywhere, and stores that do not continue them."""

from __future__ import annotations

import errno
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ledger import durable
from ledger.audit import audit
from ledger.bundle import TILE, levels, read_entries, tile_path, write_bundle
from ledger.checkpoint import Checkpoint, VerifierKey, sign
from ledger.cosignature import Cosigner
from ledger.errors import (
    BadNote,
    BadProof,
    Forked,
    InUse,
    NothingPublished,
    RolledBack,
    Unreadable,
)
from ledger.merkle import EMPTY_ROOT, leaf_hash, root_of
from ledger.note import Note
from ledger.publish import (
    ListedLog,
    Publisher,
    check_publication,
    new_tiles,
    published_checkpoint,
    published_note,
    require_continues,
    verify_log,
)
from ledger.tiles import TileTree, folder_tiles
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, full_history, pair

ENTRIES = [b"entry %d" % number for number in range(70_000)]
LOG = ListedLog(ENTRIES)
LEAVES = [leaf_hash(data) for data in ENTRIES]


def note(size: int, leaves: list[bytes] = LEAVES) -> bytes:
    return sign(Checkpoint(ORIGIN, size, root_of(leaves[:size])), ORIGIN, LOG_KEY)


def publish(folder: Path, *sizes: int) -> None:
    folder.mkdir(exist_ok=True)
    with Publisher(folder, [VKEY]) as publisher:
        for size in sizes:
            publisher.publish(LOG, note(size))


def audits(folder: Path) -> int | None:
    """Read the publication as a stranger does, all of it, and return its size; None for nothing."""
    found = published_note(folder)
    if found is None:
        return None
    checkpoint = verify_log(found, [VKEY])
    tree = TileTree(folder_tiles(folder), checkpoint)
    for start in range(0, checkpoint.size, TILE):
        name, held = read_entries(folder, start // TILE, min(TILE, checkpoint.size - start))
        assert b"".join(map(leaf_hash, held)) == tree.tile(0, start // TILE), name
    for level in range(1, (checkpoint.size.bit_length() + 7) // 8):
        for number in range(((checkpoint.size >> 8 * level) + TILE - 1) // TILE):
            assert tree.tile(level, number)
    assert (folder / f"history/{checkpoint.size}").read_bytes()
    return checkpoint.size


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in {".lock", ".new"}
    }


# What is published.


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600])
def test_a_log_is_published_in_the_layout_of_c2sp(tmp_path: Path, size: int) -> None:
    publish(tmp_path, size)
    assert audits(tmp_path) == size
    expected = {"checkpoint", "vkey", f"history/{size}"}
    for level, hashes in enumerate(levels(LEAVES[:size])):
        for start in range(0, len(hashes), TILE):
            width = min(TILE, len(hashes) - start)
            expected.add(tile_path(str(level), start // TILE, width))
            expected |= {tile_path("entries", start // TILE, width)} if level == 0 else set()
    assert set(files(tmp_path)) == expected


def test_what_need_not_last_is_the_same_and_not_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "lasting", 300)
    (tmp_path / "played").mkdir()
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    with Publisher(tmp_path / "played", [VKEY], lasting=False) as publisher:
        publisher.publish(LOG, note(300))
    assert flushed == []
    assert files(tmp_path / "played") == files(tmp_path / "lasting")


def test_a_log_of_real_entries_is_accepted_by_the_audit(tmp_path: Path) -> None:
    floor = full_history()
    entries = [entry.data for entry in floor.log.entries()]
    with Publisher(tmp_path, [VKEY]) as publisher:
        publisher.publish(ListedLog(entries), floor.note())
    report = audit(tmp_path, key=VKEY)
    assert report.passed
    assert report.size == len(entries)


def test_a_publication_is_the_bundle_of_the_same_log(tmp_path: Path) -> None:
    floor = full_history()
    entries = list(floor.log.entries())
    write_bundle(tmp_path / "bundle", entries, note=floor.note(), vkey=str(VKEY), records={})
    (tmp_path / "log").mkdir()
    with Publisher(tmp_path / "log", [VKEY]) as publisher:
        publisher.publish(ListedLog([entry.data for entry in entries]), floor.note())
    found = files(tmp_path / "log")
    found.pop(f"history/{len(entries)}")
    exported = files(tmp_path / "bundle")
    exported.pop("report.txt")  # for people who are handed a bundle; a publication grows
    assert found == exported


def test_a_log_that_grows_ends_where_one_that_was_published_at_once_does(tmp_path: Path) -> None:
    sizes = [0, 1, 2, 255, 256, 257, 300, 300, 511, 512, 600, 66_000]
    publish(tmp_path / "grown", *sizes)
    publish(tmp_path / "once", sizes[-1])
    grown, once = files(tmp_path / "grown"), files(tmp_path / "once")
    assert {name for name in grown if not name.startswith("history/")} >= set(once) - {
        f"history/{sizes[-1]}"
    }
    assert all(grown[name] == data for name, data in once.items())
    assert {name for name in grown if name.startswith("history/")} == {
        f"history/{size}" for size in sizes
    }
    assert audits(tmp_path / "grown") == sizes[-1]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (0, 0, []),
        (0, 2, [(0, 0, 2)]),
        (2, 2, []),
        (2, 256, [(0, 0, 256), (1, 0, 1)]),
        (256, 300, [(0, 1, 44)]),
        (300, 600, [(0, 1, 256), (0, 2, 88), (1, 0, 2)]),
        (65_536, 65_537, [(0, 256, 1)]),
        (65_535, 65_536, [(0, 255, 256), (1, 0, 256), (2, 0, 1)]),
    ],
)
def test_only_tiles_that_are_new_are_written(
    old: int, new: int, expected: list[tuple[int, int, int]]
) -> None:
    assert list(new_tiles(old, new)) == expected


@dataclass
class Counted:
    """A log that counts the tiles it is asked for."""

    asked: list[str] = field(default_factory=list)

    def read_entries(self, number: int, width: int) -> bytes:
        self.asked.append(tile_path("entries", number, width))
        return LOG.read_entries(number, width)

    def read(self, level: int, number: int, width: int) -> bytes:
        self.asked.append(tile_path(str(level), number, width))
        return LOG.read(level, number, width)


def test_the_work_is_that_of_what_is_new_however_long_the_log_is(tmp_path: Path) -> None:
    publish(tmp_path, 66_000)
    log = Counted()
    with Publisher(tmp_path, [VKEY]) as publisher:
        publisher.publish(log, note(66_010))
    entries = [name for name in log.asked if "entries" in name]
    assert entries == ["tile/entries/257.p/218"]
    assert len(log.asked) <= 8  # the right edge, the tile that holds the old one, no more


def test_partial_tiles_stay_for_this_checkpoint_and_the_last(tmp_path: Path) -> None:
    publish(tmp_path, 10, 20, 30)
    assert {name for name in files(tmp_path) if name.startswith("tile/0")} == {
        "tile/0/000.p/20",
        "tile/0/000.p/30",
    }
    publish(tmp_path, 300)
    assert {name for name in files(tmp_path) if name.startswith("tile/0")} == {
        "tile/0/000",
        "tile/0/001.p/44",
    }
    # Whoever holds the checkpoint before takes the full tile in place of the partial one.
    older = verify_log((tmp_path / "history/30").read_bytes(), [VKEY])
    assert TileTree(folder_tiles(tmp_path), older).leaf(29) == LEAVES[29]


def test_every_published_checkpoint_stays_in_the_history(tmp_path: Path) -> None:
    publish(tmp_path, 3, 7, 300)
    for size in (3, 7, 300):
        assert (tmp_path / f"history/{size}").read_bytes() == note(size)


# Cosignatures.


def cosigned(size: int) -> bytes:
    opened = Note.parse(note(size))
    witness = Cosigner("witness.example/w1", pair("witness"))
    line = witness.cosign(Checkpoint(ORIGIN, size, root_of(LEAVES[:size])), 1_767_603_600)
    return Note(opened.body, (*opened.lines, line)).to_bytes()


def test_cosignatures_replace_the_checkpoint_alone(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    before = files(tmp_path)
    with Publisher(tmp_path, [VKEY]) as publisher:
        assert publisher.publish_cosigned(cosigned(300))
        assert files(tmp_path) == before | {"checkpoint": cosigned(300)}
        publisher.publish(LOG, note(300))  # a rerun takes no cosignature away
        assert publisher.note() == cosigned(300)
        publisher.publish(LOG, note(301))
        assert not publisher.publish_cosigned(cosigned(300))  # the log has moved on
        assert publisher.note() == note(301)


def test_what_a_quorum_cosigned_never_gets_smaller(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    with Publisher(tmp_path, [VKEY]) as publisher:
        publisher.publish_witnessed(cosigned(200))
        publisher.publish_witnessed(cosigned(300))
        publisher.publish_witnessed(cosigned(200))
        assert (tmp_path / "witnessed").read_bytes() == cosigned(300)


def test_a_note_of_another_key_is_not_published(tmp_path: Path) -> None:
    publish(tmp_path, 3)
    forged = sign(Checkpoint(ORIGIN, 9, root_of(LEAVES[:9])), ORIGIN, pair("thief"))
    with Publisher(tmp_path, [VKEY]) as publisher:
        with pytest.raises(BadNote, match="no key known"):
            publisher.publish(LOG, forged)
        with pytest.raises(BadNote):
            publisher.publish_witnessed(forged)
    assert audits(tmp_path) == 3


def test_while_a_key_is_rotated_either_signs(tmp_path: Path) -> None:
    second = VerifierKey(ORIGIN, pair("second").public_key)
    publish(tmp_path, 3)
    newer = sign(Checkpoint(ORIGIN, 9, root_of(LEAVES[:9])), ORIGIN, pair("second"))
    with Publisher(tmp_path, [VKEY, second]) as publisher:
        publisher.publish(LOG, newer)
    assert (tmp_path / "vkey").read_text() == f"{second}\n"
    assert published_checkpoint(tmp_path, [second]) == Checkpoint(ORIGIN, 9, root_of(LEAVES[:9]))


# What a log must not change, and what it must not show.


def test_a_tile_that_stands_there_is_never_rewritten(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    full = tmp_path / "tile/0/000"
    full.chmod(0o400)
    before = full.stat()
    publish(tmp_path, 600)
    assert full.stat().st_ino == before.st_ino
    (tmp_path / "tile/0/002").write_bytes(b"something else")
    with pytest.raises(Forked, match="tile/0/002: the published tile differs"):
        publish(tmp_path, 800)
    assert audits(tmp_path) == 600


@dataclass
class Damaged:
    """A log one of whose tiles comes out changed."""

    wrong: str

    def read_entries(self, number: int, width: int) -> bytes:
        return self._spoil(tile_path("entries", number, width), LOG.read_entries(number, width))

    def read(self, level: int, number: int, width: int) -> bytes:
        data = LOG.read(level, number, width)
        return self._spoil(tile_path(str(level), number, width), data)

    def _spoil(self, name: str, data: bytes) -> bytes:
        return data[:-1] + bytes([data[-1] ^ 1]) if name == self.wrong else data


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("tile/entries/001", "tile/entries/001: entry 511 is not what was recorded"),
        ("tile/entries/002.p/88", "tile/entries/002.p/88: entry 599 is not what was recorded"),
        ("tile/0/001", "tile/0/001: does not lead to hash 1 of tile/1/000.p/2"),
        ("tile/0/002.p/88", "tile/0/002.p/88: does not lead to the root"),
        ("tile/1/000.p/2", "tile/1/000.p/2: does not lead to the root"),
    ],
)
def test_a_tile_that_the_log_did_not_sign_is_named_and_not_published(
    tmp_path: Path, wrong: str, words: str
) -> None:
    publish(tmp_path, 300)
    escaped = words.replace(".", r"\.")
    with Publisher(tmp_path, [VKEY]) as publisher, pytest.raises(BadProof, match=escaped):
        publisher.publish(Damaged(wrong), note(600))
    assert audits(tmp_path) == 300
    assert not (tmp_path / wrong).exists()


def test_two_processes_do_not_publish_into_one_folder(tmp_path: Path) -> None:
    words = "another process publishes here"
    with Publisher(tmp_path, [VKEY]), pytest.raises(InUse, match=words):
        Publisher(tmp_path, [VKEY])
    Publisher(tmp_path, [VKEY]).close()


def test_a_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="not a folder; make it once"):
        Publisher(tmp_path / "typo", [VKEY])


# Restores.


def root_at(size: int) -> bytes:
    return root_of(LEAVES[:size])


def test_a_store_that_was_restored_from_an_older_backup_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    with pytest.raises(RolledBack) as refused:
        check_publication(tmp_path, [VKEY], size=299, root_at=root_at, signed=200)
    words = str(refused.value)
    assert "300 entries" in words
    assert "the store has 299" in words
    assert "at least 300 entries" in words
    assert "a new exchange, of another origin, that commits to it" in words
    with Publisher(tmp_path, [VKEY]) as publisher, pytest.raises(RolledBack):
        publisher.publish(LOG, note(299))
    assert audits(tmp_path) == 300


def test_a_store_with_another_history_is_refused(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    other = [*LEAVES[:4], leaf_hash(b"another"), *LEAVES[5:]]
    with pytest.raises(Forked, match="the first 300 entries") as refused:
        check_publication(
            tmp_path, [VKEY], size=400, root_at=lambda size: root_of(other[:size]), signed=400
        )
    assert "in the store, which has 400" in str(refused.value)
    changed = ListedLog([*ENTRIES[:4], b"another", *ENTRIES[5:400]])
    before = files(tmp_path)
    with Publisher(tmp_path, [VKEY]) as publisher, pytest.raises(Forked, match="published"):
        publisher.publish(changed, note(400, other))
    assert files(tmp_path) == before


def test_a_folder_that_lags_behind_is_caught_up(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    found = check_publication(tmp_path, [VKEY], size=600, root_at=root_at, signed=600)
    assert found == Checkpoint(ORIGIN, 300, root_at(300))
    publish(tmp_path, 600)
    assert audits(tmp_path) == 600


def test_a_folder_that_is_gone_is_not_taken_for_a_new_log(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    asked: dict[str, Any] = {"size": 300, "root_at": root_at, "signed": 300}
    with pytest.raises(NothingPublished, match="--accept-empty") as refused:
        check_publication(gone, [VKEY], **asked)
    assert "signed one of 300 entries" in str(refused.value)
    assert check_publication(gone, [VKEY], **asked, accept_empty=True) is None
    assert check_publication(gone, [VKEY], size=2, root_at=root_at, signed=None) is None


def test_a_note_in_the_history_counts_though_its_publication_was_cut_off(tmp_path: Path) -> None:
    publish(tmp_path, 300)
    (tmp_path / "history/600").write_bytes(note(600))
    assert published_checkpoint(tmp_path, [VKEY]) == Checkpoint(ORIGIN, 600, root_at(600))
    with pytest.raises(RolledBack):
        check_publication(tmp_path, [VKEY], size=500, root_at=root_at, signed=300)
    publish(tmp_path, 600)
    assert audits(tmp_path) == 600


def test_a_note_under_another_size_in_the_history_is_no_memory(tmp_path: Path) -> None:
    publish(tmp_path, 3)
    (tmp_path / "history/9").write_bytes(note(7))
    with pytest.raises(BadNote, match="history/9 is the checkpoint of size 7"):
        published_checkpoint(tmp_path, [VKEY])


def test_an_empty_log_continues_an_empty_log() -> None:
    require_continues(Checkpoint(ORIGIN, 0, EMPTY_ROOT), 0, root_at)


# Faults: each call of the system fails in turn, done or not done.


@dataclass
class Faulty:
    """The module `os`, where the call of that number fails: before it, after it, or half way."""

    at: int
    how: str
    number: int = 0
    failed: str = ""
    made: tuple[str, ...] = ("open", "write", "fsync", "replace", "mkdir")

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in self.made:
            return real

        def call(*arguments: Any) -> Any:
            self.number += 1
            if self.number != self.at:
                return real(*arguments)
            self.failed = name
            if self.how == "torn" and name == "write":
                real(arguments[0], arguments[1][: len(arguments[1]) // 2])
            if self.how == "done":
                done = real(*arguments)
                if name == "open":
                    os.close(done)
            raise OSError(errno.ENOSPC, "No space left on device")

        return call


def faults(how: str) -> Iterator[Faulty]:
    """Yield a fault for every call that there is; the caller stops where none was left."""
    return (Faulty(at, how) for at in itertools.count(1))


@pytest.mark.parametrize("how", ["not done", "done", "torn"])
@pytest.mark.parametrize(("old", "new"), [(None, 3), (254, 257)])
def test_a_publication_that_fails_at_any_call_audits_and_a_rerun_completes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, old: int | None, new: int
) -> None:
    publish(tmp_path / "start", *([old] if old else []))
    publish(tmp_path / "end", *([old] if old else []), new)
    failed = set()
    for fault in faults(how):
        folder = tmp_path / "log"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(tmp_path / "start", folder)
        with monkeypatch.context() as patch:
            patch.setattr(durable, "os", fault)
            try:
                publish(folder, new)
            except OSError as error:
                assert error.errno == errno.ENOSPC  # noqa: PT017 - and nothing else
        if not fault.failed:
            break
        failed.add(fault.failed)
        assert audits(folder) in {old, new}
        publish(folder, new)
        found, end = files(folder), files(tmp_path / "end")
        assert found == end | {name: found[name] for name in set(found) - set(end) if ".p/" in name}
        assert audits(folder) == new
    assert failed == {"open", "write", "fsync", "replace", "mkdir"}


@pytest.mark.parametrize("how", ["not done", "done", "torn"])
def test_cosignatures_that_cannot_be_written_leave_the_checkpoint_as_it_was_or_is_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    publish(tmp_path, 300)
    with Publisher(tmp_path, [VKEY]) as publisher:
        for fault in faults(how):
            before = publisher.note()
            with monkeypatch.context() as patch:
                patch.setattr(durable, "os", fault)
                try:
                    publisher.publish_cosigned(cosigned(300))
                except OSError:
                    assert publisher.note() in {before, cosigned(300)}
            if not fault.failed:
                break
        publisher.publish_cosigned(cosigned(300))
        assert publisher.note() == cosigned(300)


WORKER = """
import sys
from pathlib import Path
from ledger.publish import Publisher
from tests.ledger.floor import VKEY
from tests.ledger.test_publish import LOG, note
with Publisher(Path(sys.argv[1]), [VKEY]) as publisher:
    start = int(sys.argv[2])
    print("ready", flush=True)
    for size in range(start + 1, start + 2_000, 3):
        publisher.publish(LOG, note(size))
"""


@pytest.mark.slow
def test_a_process_that_is_killed_at_any_moment_leaves_a_publication_that_audits(
    tmp_path: Path,
) -> None:
    drawn = random.Random(7)  # noqa: S311 - moments, not secrets
    root = Path(__file__).parents[2]
    size = audited = 0
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", WORKER, str(tmp_path), str(size)],
            stdout=subprocess.PIPE,
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
        ) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(drawn.random() * 0.15)
            child.send_signal(signal.SIGKILL)
        # Neither reading goes back.  A kill before `checkpoint` is placed leaves the audit at the
        # one before, and so does another kill before the next process has published anything.
        found, newest = audits(tmp_path) or 0, published_checkpoint(tmp_path, [VKEY])
        shown = newest.size if newest else 0
        assert audited <= found <= shown >= size
        size, audited = shown, found
    publish(tmp_path, size + 1)
    assert audits(tmp_path) == size + 1 > 1
