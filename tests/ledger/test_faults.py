"""Files that are torn, missing or no files at all: named, never passed over."""

from __future__ import annotations

import io
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.audit import audit
from ledger.bundle import write_bundle
from ledger.errors import Unreadable
from ledger.findings import FINDINGS_MAX, AuditReport
from ledger.progress import AFTER, shown_progress
from tests.ledger.floor import VKEY, digest
from tests.ledger.long import long_log, note_of, write_long

SIZE = 300
TILES = (
    "tile/entries/000",
    "tile/entries/001.p/44",
    "tile/0/000",
    "tile/0/001.p/44",
    "tile/1/000.p/1",
)
# What an entry names: the rule pack that the exchange opened with.
RECORD = f"records/{digest('pack')}"
OPTIONAL = ("history/7", "history/256", "report.txt", RECORD, "vkey")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "b"
    write_bundle(
        folder,
        long_log()[:SIZE],
        note=note_of(SIZE),
        vkey=str(VKEY),
        records=iter([(digest("pack"), b"pack")]),
        history=map(note_of, (7, 256)),
    )
    return folder


@pytest.fixture
def bundle(written: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written, tmp_path / "b"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def torn(path: Path) -> None:
    """Write what a disk leaves where the first half reached it and the rest is zeros."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2] + bytes(len(data) - len(data) // 2))


def oversized(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(2**35)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def loop(path: Path) -> None:
    """Leave what not even the superuser can open."""
    path.unlink()
    path.symlink_to(path.name)


def device(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def empty(path: Path) -> None:
    path.write_bytes(b"")


HARMS: tuple[Callable[[Path], None], ...] = (
    *(cut, torn, empty, oversized, folder, pipe, loop, device),
)


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
@pytest.mark.parametrize("name", [*TILES, *OPTIONAL, "checkpoint"])
def test_a_file_that_is_harmed_is_named(
    bundle: Path, name: str, harm: Callable[[Path], None]
) -> None:
    harm(bundle / name)
    levels = "all" if name in {"report.txt", RECORD} else "integrity"
    key = None if name == "vkey" else VKEY
    try:
        report = audit(bundle, key=key, levels=levels)  # type: ignore[arg-type]
    except Unreadable:
        with pytest.raises(Unreadable, match=f"^{name}: "):
            audit(bundle, key=key)
        assert name in {"checkpoint", "vkey"}
        return
    places = {finding.place.split(",")[0] for finding in report.findings}
    assert any(name.startswith(place) for place in places), (places, report.remarks)


@pytest.mark.parametrize("name", TILES)
def test_a_tile_that_is_missing_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    report = audit(bundle, key=VKEY)
    assert [(f.place, f.rule) for f in report.findings] == [(name, "tile")]
    assert "No such file" in report.findings[0].words


def test_any_of_the_optional_files_may_be_missing(written: Path, tmp_path: Path) -> None:
    chance = random.Random(11)  # noqa: S311 - repeats
    for count in range(12):
        copy = Path(shutil.copytree(written, tmp_path / str(count)))
        gone = chance.sample(OPTIONAL, chance.randrange(len(OPTIONAL) + 1))
        for name in gone:
            (copy / name).unlink()
        report = audit(copy, key=VKEY)
        assert report.passed, (gone, report.findings)
        assert report.history == 2 - sum(name.startswith("history/") for name in gone)
        assert report.records == 1 - (RECORD in gone)
        told = "there is no report.txt for people" not in report.remarks
        assert told is ("report.txt" not in gone)


def test_the_order_in_which_files_were_copied_does_not_matter(
    written: Path, tmp_path: Path
) -> None:
    expected = audit(written, key=VKEY).to_record()
    names = [path.relative_to(written) for path in written.rglob("*") if path.is_file()]
    for seed in range(3):
        random.Random(seed).shuffle(names)  # noqa: S311 - repeats
        for name in names:
            (tmp_path / str(seed) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(written / name, tmp_path / str(seed) / name)
        assert audit(tmp_path / str(seed), key=VKEY).to_record() == expected


def test_what_is_no_file_of_the_layout_is_remarked_on(bundle: Path) -> None:
    os.mkfifo(bundle / "pipe")
    (bundle / "dangling").symlink_to("nowhere")
    (bundle / "elsewhere").symlink_to("/usr")
    (bundle / "tile" / "7").mkdir()
    (bundle / "tile" / "7" / "000").write_bytes(b"x")
    report = audit(bundle, key=VKEY)
    assert report.passed
    unread = next(remark for remark in report.remarks if remark.startswith("not part"))
    assert sorted(unread.partition(": ")[2].split(", ")) == [
        *("dangling", "elsewhere", "pipe", "tile/7/000")
    ]


def test_tiles_behind_a_link_are_read(bundle: Path) -> None:
    (bundle / "tile").rename(bundle.parent / "kept")
    (bundle / "tile").symlink_to(bundle.parent / "kept")
    report = audit(bundle, key=VKEY)
    assert report.passed
    assert report.remarks == ["continues 2 of history/, of size 7 to 256"]


def test_a_file_where_a_folder_should_be_is_named(bundle: Path) -> None:
    shutil.rmtree(bundle / "tile" / "0")
    (bundle / "tile" / "0").write_bytes(b"")
    report = audit(bundle, key=VKEY)
    assert [f.place for f in report.findings] == ["tile/0/000", "tile/0/001.p/44"]
    shutil.rmtree(bundle / "tile" / "entries")
    (bundle / "tile" / "entries").write_bytes(b"")
    assert {f.rule for f in audit(bundle, key=VKEY).findings} == {"tile"}


@pytest.mark.parametrize("harm", [cut, empty, lambda path: path.unlink()])
def test_entries_that_change_while_they_are_audited_are_found(
    bundle: Path, harm: Callable[[Path], None]
) -> None:
    def meanwhile(what: str, done: int, size: int) -> None:
        if (what, done) == ("integrity", size):
            harm(bundle / "tile/entries/001.p/44")

    report = audit(bundle, key=VKEY, progress=meanwhile)
    assert [(f.place, f.rule) for f in report.findings] == [("tile/entries/001.p/44", "tile")]
    assert f"rules were checked up to entry 256 of {SIZE}" in report.remarks


def test_an_entry_that_is_exchanged_while_it_is_audited_is_found(bundle: Path) -> None:
    path = bundle / "tile/entries/001.p/44"

    def meanwhile(what: str, done: int, size: int) -> None:
        if (what, done) == ("integrity", size):
            path.write_bytes(path.read_bytes().replace(b'"minor":1', b'"minor":9', 1))

    report = audit(bundle, key=VKEY, progress=meanwhile)
    assert [f.words for f in report.findings] == ["was changed while it was audited"]


def test_rules_stop_at_the_entry_that_was_changed_and_nothing_else_is_blamed(bundle: Path) -> None:
    path = bundle / "tile/entries/000"
    before = path.read_bytes()
    index = next(e.index for e in long_log() if e.kind == "account.deposited")
    path.write_bytes(before.replace(b'"minor":1', b'"minor":9', 1))
    report = audit(bundle, key=VKEY, levels="integrity")
    assert [(f.place, f.rule) for f in report.findings] == [
        (f"tile/entries, entry {index}", "leaf"),
        ("checkpoint", "root"),
        ("history/256", "continuity"),
    ]
    report = audit(bundle, key=VKEY)
    assert {f.index for f in report.findings if f.rule in {"leaf", "signature"}} == {index}
    assert f"rules were checked up to entry {index} of {SIZE}" in report.remarks
    assert report.acts == index


def test_both_an_entry_and_another_tile_that_were_changed_are_named(bundle: Path) -> None:
    entries, upper = bundle / "tile/entries/001.p/44", bundle / "tile/0/000"
    entries.write_bytes(entries.read_bytes().replace(b'"minor":1', b'"minor":9', 1))
    upper.write_bytes(bytes(32) + upper.read_bytes()[32:])
    report = audit(bundle, key=VKEY)
    places = [f.place for f in report.findings if f.rule == "leaf"]
    assert places == ["tile/entries, entry 0", "tile/entries, entry 256"]
    assert ("checkpoint", "root") in [(f.place, f.rule) for f in report.findings]


# Findings without end, levels, and progress.


def test_findings_beyond_the_most_are_counted(
    monkeypatch: pytest.MonkeyPatch, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = AuditReport()
    for number in range(FINDINGS_MAX + 7):
        report.find("here", number, "rule", "words")
    assert (len(report.findings), report.more) == (FINDINGS_MAX, 7)
    assert report.to_record()["more_findings"] == 7
    monkeypatch.setattr("ledger.findings.FINDINGS_MAX", 2)
    for name in TILES[1:4]:
        cut(bundle / name)
    assert main(["verify", str(bundle), "--key", str(VKEY)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["WRONG    and 1 more findings", "NOT verified"]


def test_a_thousand_forks_in_history_are_all_counted(tmp_path: Path) -> None:
    copy = write_long(tmp_path / "b", 20)
    (copy / "history").mkdir()
    for size in range(10):
        (copy / "history" / str(size)).write_bytes(note_of(size + 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ledger.history.FINDINGS_MAX", 3)
        patch.setattr("ledger.findings.FINDINGS_MAX", 3)
        report = audit(copy, key=VKEY, levels="integrity")
    assert (len(report.findings), report.more) == (3, 7)


def test_integrity_alone_says_so(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "report.txt").write_bytes(b"not looked at")
    command = ["verify", str(bundle), "--key", str(VKEY), "--levels"]
    assert main([*command, "integrity"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("verified: integrity alone\n")
    assert "no rule, no signature of an act, no record, disclosure or report was checked" in out
    assert "signed " not in out
    assert main([*command, "integrity", "--json"]) == 0
    assert '"levels": "integrity"' in capsys.readouterr().out
    assert main([*command, "all"]) == 1


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_after_a_while_and_wiped() -> None:
    stream, moment = Terminal(), [0.0]
    with shown_progress(stream, lambda: moment[0]) as progress:
        progress("integrity", 256, 10_000)
        assert stream.getvalue() == ""
        moment[0] = AFTER
        progress("integrity", 5_000, 10_000)
        moment[0] += 0.1  # too soon for another line
        progress("integrity", 5_200, 10_000)
        moment[0] += 1
        progress("rules", 100, 10_000)
        moment[0] += AFTER
        progress("rules", 200, 36_200)
    shown = stream.getvalue().split("\r\x1b[K")[1:]
    assert shown == [
        "integrity: 5,000 of 10,000 entries, 2,500/s, 2 s left in this",
        "rules: 200 of 36,200 entries, 100/s, 6 min left in this",
        "",
    ]


def test_progress_is_quiet_elsewhere() -> None:
    stream = io.StringIO()
    with shown_progress(stream, iter(range(100)).__next__) as progress:
        for done in range(1, 10):
            progress("rules", done, 10)
    assert stream.getvalue() == ""
