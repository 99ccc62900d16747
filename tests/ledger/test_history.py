"""Older checkpoints: each must be the log's own, of its size, and a prefix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.audit import AuditReport, audit
from ledger.bundle import tile_path
from ledger.checkpoint import Checkpoint, sign, verify
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, pair
from tests.ledger.long import SIZE, note_of, write_long


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write_long(tmp_path / "b", history=[0, 255, 256, 300, SIZE])


def integrity(folder: Path, *against: Checkpoint) -> AuditReport:
    return audit(folder, key=VKEY, against=against, levels="integrity")


def found(report: AuditReport) -> list[tuple[str, str]]:
    return [(finding.place, finding.rule) for finding in report.findings]


def forked(size: int) -> bytes:
    return sign(Checkpoint(ORIGIN, size, bytes(32)), ORIGIN, LOG_KEY)


def test_the_history_of_a_bundle_is_continued(bundle: Path) -> None:
    report = integrity(bundle)
    assert report.passed
    assert report.to_record()["history"] == 5
    assert f"continues 5 of history/, of size 0 to {SIZE}" in report.remarks


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 300, SIZE])
def test_a_fork_in_history_is_named(bundle: Path, size: int) -> None:
    (bundle / f"history/{size}").write_bytes(forked(size))
    report = integrity(bundle)
    assert found(report) == [(f"history/{size}", "continuity")]
    assert f"the first {size} entries are not those" in report.findings[0].words
    assert report.findings[0].words.endswith(": a fork")


def test_a_log_that_was_larger_once_was_rolled_back(bundle: Path) -> None:
    (bundle / "history/700").write_bytes(forked(700))
    report = integrity(bundle)
    assert found(report) == [("history/700", "continuity")]
    assert f"the log has {SIZE} entries, and once had 700: rolled back" in report.findings[0].words


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda note: note.replace(b"\n300\n", b"\n301\n"), "does not cover"),
        (lambda _: sign(Checkpoint(ORIGIN, 300, bytes(32)), ORIGIN, pair("thief")), "not signed"),
        (lambda _: note_of(299), "the checkpoint of size 299"),
        (lambda _: b"", "no signature block"),
        (
            lambda note: sign(replace(verify(note, VKEY), origin="other.example"), ORIGIN, LOG_KEY),
            "of size 300 of other.example",
        ),
    ],
)
def test_a_note_that_is_not_the_logs_of_that_size_is_named(
    bundle: Path, change: Callable[[bytes], bytes], words: str
) -> None:
    path = bundle / "history/300"
    path.write_bytes(change(path.read_bytes()))
    report = integrity(bundle)
    assert found(report) == [("history/300", "history")]
    assert words in report.findings[0].words
    assert report.history == 4


def test_lines_of_others_in_history_are_counted(bundle: Path) -> None:
    other = sign(verify(note_of(300), VKEY), "other.example/w", pair("other"))
    path = bundle / "history/300"
    path.write_bytes(path.read_bytes() + other.partition(b"\n\n")[2])
    report = integrity(bundle)
    assert report.passed
    assert "ignored 1 signature lines of other keys in history/" in report.remarks


def test_names_that_are_no_sizes_are_not_read(bundle: Path) -> None:
    for name in ("007", "-1", "1e3", "latest"):
        (bundle / "history" / name).write_bytes(b"x")
    report = integrity(bundle)
    assert report.passed
    assert any("history/-1, history/007, history/1e3, history/latest" in r for r in report.remarks)


def test_a_history_that_is_a_file_is_remarked_on(tmp_path: Path) -> None:
    folder = write_long(tmp_path / "b", 3)
    (folder / "history").write_bytes(b"x")
    report = integrity(folder)
    assert report.passed
    assert "not part of the bundle and not read: history" in report.remarks


def test_several_checkpoints_may_be_brought(bundle: Path) -> None:
    own = [verify(note_of(size), VKEY) for size in (0, 300, 300, SIZE)]
    report = integrity(bundle, *own)
    assert report.passed
    assert sum(remark.startswith("continues the checkpoint") for remark in report.remarks) == 4
    report = integrity(bundle, *own, Checkpoint(ORIGIN, 300, bytes(32)))
    assert found(report) == [("checkpoint", "continuity")]


def test_what_was_changed_lies_between_two_checkpoints(bundle: Path) -> None:
    path = bundle / tile_path("entries", 1, 256)
    path.write_bytes(path.read_bytes().replace(b"CNY", b"USD", 20))
    (bundle / "history/256").rename(bundle / "history/aside")
    report = integrity(bundle)
    assert ("tile/entries, entry 256", "leaf") in found(report)
    places = [finding.place for finding in report.findings if finding.rule == "continuity"]
    assert places == ["history/300", f"history/{SIZE}"]
    words = "the root of all is not the one signed: changed since"
    assert all(words in f.words for f in report.findings if f.rule == "continuity")


def test_where_entries_and_their_hashes_lack_older_checkpoints_are_not_compared(
    bundle: Path,
) -> None:
    for level in ("entries", "0"):
        (bundle / tile_path(level, 1, 256)).unlink()
    report = integrity(bundle)
    assert found(report) == [("tile/entries/001", "tile"), ("tile/0/001", "tile")]
    assert f"the tree was checked up to entry 256 of {SIZE}" in report.remarks
    assert "2 older checkpoints were not compared: entries lack" in report.remarks
    assert report.history == 3


def test_where_entries_lack_their_hashes_stand_for_them(bundle: Path) -> None:
    (bundle / tile_path("entries", 1, 256)).unlink()
    report = audit(bundle, key=VKEY)
    assert found(report) == [("tile/entries/001", "tile")]
    assert report.history == 5
    assert f"rules were checked up to entry 256 of {SIZE}" in report.remarks
    assert report.acts == 256
