"""The report for people in a whole bundle: what it says, and that it says what the entries say."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.audit import audit
from ledger.bundle import write_bundle
from ledger.checkpoint import verify
from ledger.entries import Entry
from ledger.kinds import KINDS
from ledger.report import PARTICIPANTS_MAX, STORIES_MAX, LogReport
from tests.ledger.floor import VKEY, Floor, full_history
from tests.ledger.long import long_log, note_of


@pytest.fixture(scope="module")
def history() -> Floor:
    return full_history()


@pytest.fixture
def bundle(history: Floor, tmp_path: Path) -> Path:
    return export(history, tmp_path / "b")


def export(floor: Floor, folder: Path) -> Path:
    write_bundle(folder, floor.log.entries(), note=floor.note(), vkey=str(VKEY), records={})
    return folder


def test_the_report_says_who_recorded_what_when_and_under_whose_key(
    bundle: Path, history: Floor
) -> None:
    lines = (bundle / "report.txt").read_text().splitlines()
    entries = list(history.log.entries())
    assert lines[0] == "存证日志报告 · Report of the ledger exchange.example/ledger"
    assert f"  entries   {len(entries)}" in lines
    assert f"  root      {history.log.edge().root.hex()}" in lines
    assert f"  log key   {VKEY}" in lines
    assert f"  recorded  {entries[0].time} to {entries[-1].time}" in lines
    counted = {line.split()[1]: line for line in lines if line[:11].strip().isdigit()}
    for kind, line in counted.items():
        assert int(line.split()[0]) == sum(entry.kind == kind for entry in entries)
        assert line.endswith(KINDS[kind].says)
    assert set(counted) == set(KINDS) - {"log.key_added", "log.closed"}
    buyers = [entry for entry in entries if entry.actor == history.ids["buyer"]]
    first, last = buyers[0], buyers[-1]
    assert (
        f"  {history.ids['buyer']}  key {first.signed.act.key}  signed {len(buyers)}: "
        f"first entry {first.index}, last entry {last.index} at {last.time}"
    ) in lines
    order = next(entry for entry in entries if entry.kind == "trade.ordered")
    at = lines.index(f"  {order.subject}")
    assert lines[at + 1] == (
        f"    entry {order.index}  {order.time}  the buyer orders at the quoted price and terms; "
        f"trade.ordered by {order.actor}, key {order.signed.act.key}"
    )


def test_every_heading_is_in_both_languages(bundle: Path) -> None:
    text = (bundle / "report.txt").read_text()
    headings = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert len(headings) == 8
    for heading in headings:
        chinese, english = heading.split(" · ", 1)
        assert not chinese.isascii()
        assert english.isascii()
    assert "核验通过即表明" in text
    assert "python -m ledger verify" in text


def test_any_other_report_is_a_finding_and_none_a_remark(bundle: Path) -> None:
    path = bundle / "report.txt"
    whole = path.read_bytes()
    assert audit(bundle, key=VKEY).passed
    for other in (b"", whole + b"paid in full\n", whole.replace(b"entry 3", b"entry 4", 1)):
        path.write_bytes(other)
        found = audit(bundle, key=VKEY).findings
        assert [(f.place, f.rule, f.words) for f in found] == [
            ("report.txt", "report", "the report does not say what the entries say")
        ]
    path.unlink()
    report = audit(bundle, key=VKEY)
    assert report.passed
    assert "there is no report.txt for people" in report.remarks


def test_a_report_is_not_compared_where_entries_were_not_read_to_the_end(tmp_path: Path) -> None:
    floor = Floor().ready("notice.opened")
    floor.force(floor.compose(floor.sign("notice.opened", until="soon")))
    report = audit(export(floor, tmp_path / "b"), key=VKEY)
    assert {finding.rule for finding in report.findings} == {"facts"}
    assert "report.txt was not compared with the entries" in report.remarks


def test_a_hostile_entry_cannot_write_lines_of_the_report() -> None:
    entry = long_log()[0]
    told = LogReport()
    told.take(entry)
    told.take(replace(entry, subject="product/\n\x1b[2Jverified", kind="x\ny", actor="z\u202e"))
    text = told.text(verify(note_of(2), VKEY), str(VKEY))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert r"  product/\n\x1b[2Jverified" in text.splitlines()
    assert r"x\ny by z\u202e" in text
    assert "          1  ?                         a kind that is not known here" in text


def many(log: LogReport, entry: Entry, count: int) -> None:
    for number in range(count):
        name = f"PT-{number}"
        log.take(replace(entry, actor=name, subject=f"participant/{name}"))
        log.take(replace(entry, actor=name, subject=f"trade/{number}", kind="trade.lapsed"))


def test_what_has_no_room_is_counted() -> None:
    told = LogReport()
    many(told, long_log()[0], PARTICIPANTS_MAX + 5)
    lines = told.text(verify(note_of(410), VKEY), str(VKEY)).splitlines()
    assert sum(line.startswith("  PT-") for line in lines) == PARTICIPANTS_MAX
    assert "  另有 5 个 · and 5 more" in lines
    assert sum(line.startswith("  trade/") for line in lines) == STORIES_MAX
    assert any("and 5 earlier ones; see the party bundles" in line for line in lines)
    assert "  trade/4" not in lines
    assert "  trade/204" in lines


def test_a_report_takes_no_more_memory_for_a_long_log() -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        many(LogReport(), long_log()[0], count)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(4_000) < peak(400) + 20_000


def test_the_log_key_stands_in_it(bundle: Path) -> None:
    other = str(VKEY).replace("exchange", "exchanges")
    path = bundle / "report.txt"
    path.write_text(path.read_text().replace(str(VKEY), other))
    assert [f.rule for f in audit(bundle, key=VKEY).findings] == ["report"]
