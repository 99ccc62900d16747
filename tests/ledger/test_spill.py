"""A view on disk answers what a view in memory does, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.__main__ import main
from ledger.audit import audit
from ledger.bundle import write_bundle
from ledger.errors import Unreadable
from ledger.kinds import KINDS
from ledger.spill import SPILL_FROM, GrowingView, SpilledView, WholeView, growing_view
from tests.ledger.floor import VKEY, Floor, digest, full_history
from tests.ledger.long import SIZE, long_log, write_long

HISTORY = list(full_history().log.entries())
SUBJECTS = sorted({entry.subject for entry in HISTORY})


def require_same(one: GrowingView, other: GrowingView) -> None:
    for subject in (*SUBJECTS, "product/none"):
        assert one.last(subject) == other.last(subject)
        for kind in KINDS:
            assert list(one.of_kind(subject, kind)) == list(other.of_kind(subject, kind))
    for entry in HISTORY:
        leaf, act = entry.leaf.hex(), entry.signed.act.digest
        assert one.by_leaf(leaf) == other.by_leaf(leaf)
        assert one.act_entry(act) == other.act_entry(act)
    assert one.by_leaf("no leaf") is one.act_entry("no act") is None


@settings(deadline=None, max_examples=6)
@given(st.sets(st.integers(0, len(HISTORY)), min_size=1, max_size=3), st.integers(1, 20))
def test_both_views_answer_alike(sizes: set[int], kept: int) -> None:
    with contextlib.ExitStack() as opened:
        patch = opened.enter_context(pytest.MonkeyPatch.context())
        patch.setattr("ledger.spill.ENTRIES_KEPT", kept)
        patch.setattr("ledger.spill.ANSWERS_KEPT", kept)
        patch.setattr("ledger.spill.KEPT_MAX", 600 + 100 * kept)
        patch.setattr("ledger.spill.SHORT", 1 + kept % 3)
        patch.setattr("ledger.spill.UNWRITTEN_MAX", kept * 100)
        spilled = opened.enter_context(growing_view(1, spill_from=0))
        whole = WholeView()
        for entry in HISTORY:
            if entry.index in sizes:
                require_same(spilled, whole)
            spilled.hold(entry)
            whole.hold(entry)
        require_same(spilled, whole)


def test_the_objections_of_the_history_are_found_the_newest_first() -> None:
    with growing_view(1, spill_from=0) as spilled:
        assert isinstance(spilled, SpilledView)
        for entry in HISTORY:
            spilled.hold(entry)
        filed = [entry for entry in HISTORY if entry.kind == "objection.filed"][::-1]
        assert list(spilled.of_kind(filed[0].subject, "objection.filed")) == filed
        assert [spilled.by_leaf(each.leaf.hex()) for each in filed] == filed


def test_names_that_fall_together_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "ledger.spill.hash", lambda parts: sum(map(ord, parts[-1])) % 16, raising=False
    )
    with growing_view(1, spill_from=0) as spilled:
        whole = WholeView()
        for entry in HISTORY:
            spilled.hold(entry)
            whole.hold(entry)
        require_same(spilled, whole)


@pytest.mark.parametrize("spill_from", [0, SPILL_FROM])
def test_a_text_is_new_once(spill_from: int) -> None:
    with growing_view(1, spill_from=spill_from) as view:
        assert [view.is_new(text) for text in ("a", "b", "a", "鱼", "鱼")] == [
            *(True, True, False, True, False)
        ]


def test_small_logs_stay_in_memory() -> None:
    with growing_view(SPILL_FROM - 1) as small, growing_view(SPILL_FROM) as large:
        assert isinstance(small, WholeView)
        assert isinstance(large, SpilledView)


def test_an_audit_finds_the_same_either_way(tmp_path: Path) -> None:
    floor = full_history()
    floor.force(floor.compose(floor.sign("listing.published")))
    records = {digest("sheet"): b"sheet", digest("gossip"): b"gossip"}
    folder = tmp_path / "b"
    write_bundle(folder, floor.log.entries(), note=floor.note(), vkey=str(VKEY), records=records)
    spilled = audit(folder, key=VKEY, spill_from=0)
    assert not spilled.passed
    assert spilled.to_record() == audit(folder, key=VKEY).to_record()


def test_a_long_log_passes_from_disk(tmp_path: Path) -> None:
    report = audit(write_long(tmp_path / "b"), key=VKEY, spill_from=0)
    assert report.passed, report.findings
    assert report.acts == SIZE
    assert report.kinds["account.deposited"] == SIZE - len(Floor().open().log._entries)


@contextlib.contextmanager
def files_up_to(size: int) -> Iterator[None]:
    """Let this process write no file beyond a size, as where the disk is full."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("size", [4_096, 400_000])  # the table does not fit, or the entries do not
def test_a_disk_that_is_full_does_not_pass(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_long(tmp_path / "b")
    monkeypatch.setattr("ledger.spill.UNWRITTEN_MAX", 1_000)
    refused = pytest.raises(Unreadable, match="temporary file: File too large")
    with files_up_to(size), refused:
        audit(folder, key=VKEY, spill_from=0)
    monkeypatch.setattr("ledger.__main__.audit", partial(audit, spill_from=0))
    with files_up_to(size):
        assert main(["verify", str(folder), "--key", str(VKEY)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("not verified: the audit's own temporary file")
    assert "verified" not in said.out


def test_the_files_have_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("ledger.spill.UNWRITTEN_MAX", 1_000)
    with growing_view(1, spill_from=0) as view:
        assert isinstance(view, SpilledView)
        for entry in long_log():
            view.hold(entry)
        assert view._written > 100_000
        assert not list(tmp_path.iterdir())
