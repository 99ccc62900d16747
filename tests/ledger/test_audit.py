"""The offline audit against whoever wants it to pass: vandals, and an operator with its key."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ledger.__main__ import main
from ledger.audit import AuditReport, audit
from ledger.bundle import TILE, read_tile, split_entries, tile_path, write_bundle
from ledger.chain import MemoryLog
from ledger.checkpoint import Checkpoint, VerifierKey, sign, verify
from ledger.entries import Entry
from ledger.errors import BadAct, LedgerError, Unreadable
from ledger.kinds import KINDS
from ledger.meaning import MEANING
from ledger.merkle import Edge, leaf_hash, root_of
from ledger.rules import Broken, View, find_needed
from tests.ledger.floor import (
    LOG_KEY,
    OF_THE_LOG,
    ORIGIN,
    VKEY,
    Floor,
    digest,
    full_history,
    line,
    pair,
)

RECORDS = {digest("sheet"): b"sheet", digest("review"): b"review"}


def export(floor: Floor, folder: Path, records: dict[str, bytes] | None = None) -> Path:
    write_bundle(
        folder, floor.log.entries(), note=floor.note(), vkey=str(VKEY), records=records or {}
    )
    return folder


def rules(report: AuditReport) -> list[str]:
    return [finding.rule for finding in report.findings]


@pytest.fixture(scope="module")
def history() -> Floor:
    return full_history()


@pytest.fixture
def bundle(history: Floor, tmp_path: Path) -> Path:
    return export(history, tmp_path / "bundle", RECORDS)


@pytest.fixture(scope="module")
def small_floor() -> Floor:
    floor = Floor().ready("exchange.opened")
    floor.do("exchange.opened")
    floor.do("participant.key", "buyer")
    return floor


@pytest.fixture
def small(small_floor: Floor, tmp_path: Path) -> Path:
    return export(small_floor, tmp_path / "small")


# What passes.


def test_the_full_history_passes(bundle: Path, history: Floor) -> None:
    report = audit(bundle, key=VKEY)
    assert report.passed, report.findings
    assert report.size == report.entries == report.acts == history.log.edge().size
    assert report.origin == ORIGIN
    assert report.root == history.log.edge().root.hex()
    assert report.key == str(VKEY)
    assert set(report.kinds) == set(KINDS) - set(OF_THE_LOG)
    shown = [entry for entry in history.log.entries() if entry.kind == "participant.key"]
    assert report.participants == len(shown)
    assert report.records == 2
    assert len(report.remarks) == 1
    assert report.remarks[0].endswith("public records are not in the bundle")


def test_money_that_was_not_there_is_found_where_it_left(tmp_path: Path) -> None:
    floor = Floor().ready("account.withdrawn")
    floor.do("account.deposited", amount={"minor": 500, "currency": "CNY"})
    left = floor.do("account.withdrawn", amount={"minor": 501, "currency": "CNY"})
    (found,) = audit(export(floor, tmp_path / "bundle"), key=VKEY).findings
    assert (found.index, found.rule) == (left.index, "balance")
    assert "has 500 CNY, 501 CNY leave it" in found.words


def test_without_a_trusted_key_the_report_says_so(bundle: Path) -> None:
    report = audit(bundle)
    assert report.passed
    assert any("the bundle's own" in remark for remark in report.remarks)


def test_a_log_without_entries_passes(tmp_path: Path) -> None:
    assert audit(export(Floor(), tmp_path / "empty"), key=VKEY).passed


def many_entries() -> Floor:
    floor = Floor().open()
    for _ in range(270 - floor.log.edge().size):
        floor.do("account.deposited")
    return floor


def test_a_log_of_several_tiles_passes_and_each_tile_counts(tmp_path: Path) -> None:
    folder = export(many_entries(), tmp_path / "large")
    assert {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} == {
        "checkpoint",
        "vkey",
        "report.txt",
        "tile/entries/000",
        "tile/entries/001.p/14",
        "tile/0/000",
        "tile/0/001.p/14",
        "tile/1/000.p/1",
    }
    assert audit(folder, key=VKEY).passed
    for name in ("tile/0/000", "tile/0/001.p/14", "tile/1/000.p/1", "tile/entries/000"):
        path = folder / name
        before = path.read_bytes()
        path.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        report = audit(folder, key=VKEY)
        assert any(name.rpartition("/")[0] in finding.place for finding in report.findings), name
        path.write_bytes(before)


def test_a_full_tile_stands_in_for_a_partial_one(tmp_path: Path) -> None:
    floor = many_entries()
    grown = export(floor, tmp_path / "grown")
    earlier = MemoryLog()
    for entry in floor.log.entries():
        if entry.index < 200:
            earlier.add(entry)
    folder = export(Floor(log=earlier), tmp_path / "earlier")
    for name in ("entries", "0"):
        shutil.rmtree(folder / f"tile/{name}/000.p")
        shutil.copy(grown / f"tile/{name}/000", folder / f"tile/{name}/000")
    assert audit(folder, key=VKEY).passed
    (folder / "tile/0/000").write_bytes((grown / "tile/0/000").read_bytes()[:-32])
    assert rules(audit(folder, key=VKEY)) == ["tile"]


# Vandals: bytes changed, cut, missing, added.


def test_no_flipped_bit_passes(small: Path) -> None:
    chance = random.Random("flip")  # noqa: S311 - repeats
    tried = 0
    for path in sorted(path for path in small.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for place in range(len(whole)):
            data = bytearray(whole)
            data[place] ^= 1 << chance.randrange(8)
            path.write_bytes(data)
            # Whoever brings the key and whoever takes the bundle's take turns in long files.
            for key in (None, VKEY) if len(whole) < 300 else ((None, VKEY)[place % 2],):
                report = audit(small, key=key)
                assert not report.passed, (path.name, place, key)
                assert all(finding.place and finding.words for finding in report.findings)
            tried += 1
        path.write_bytes(whole)
    assert tried > 2_000
    assert audit(small, key=VKEY).passed


def test_no_flipped_bit_of_a_full_history_passes(bundle: Path) -> None:
    chance = random.Random("flip more")  # noqa: S311 - repeats
    paths = sorted(path for path in bundle.rglob("*") if path.is_file())
    for _ in range(40):
        path = chance.choice(paths)
        whole = path.read_bytes()
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        assert not audit(bundle, key=VKEY).passed, path
        path.write_bytes(whole)


def test_an_edited_entry_is_named(bundle: Path, history: Floor) -> None:
    settled = next(e for e in history.log.entries() if e.kind == "settlement.executed")
    tile, size = settled.index // 256, history.log.edge().size
    path = bundle / tile_path("entries", tile, min(256, size - 256 * tile))
    path.write_bytes(path.read_bytes().replace(b'"minor":97000', b'"minor":98000'))
    report = audit(bundle, key=VKEY)
    leaf = next(finding for finding in report.findings if finding.rule == "leaf")
    assert leaf.index == settled.index
    assert f"(settlement.executed of {settled.subject})" in leaf.words
    assert {"root", "signature", "money"} <= set(rules(report))


def test_a_truncated_file_is_named(small: Path) -> None:
    for path in sorted(path for path in small.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for size in {0, 1, len(whole) // 2, len(whole) - 1}:
            path.write_bytes(whole[:size])
            report = audit(small, key=VKEY)
            places = [finding.place for finding in report.findings]
            name = str(path.relative_to(small))
            assert any(place in name or name in place for place in places), (name, size)
        path.write_bytes(whole)


def test_bytes_after_the_end_of_a_file_are_named(small: Path) -> None:
    for path in sorted(path for path in small.rglob("*") if path.is_file()):
        whole = path.read_bytes()
        for more in (b"\n", bytes(32), whole):
            path.write_bytes(whole + more)
            assert str(path.relative_to(small)) in {
                finding.place for finding in audit(small, key=VKEY).findings
            }
        path.write_bytes(whole)


def test_a_missing_tile_is_named(small: Path) -> None:
    for name in ("tile/entries/000.p/3", "tile/0/000.p/3"):
        whole = (small / name).read_bytes()
        (small / name).unlink()
        report = audit(small, key=VKEY)
        assert [(f.place, f.rule) for f in report.findings] == [(name, "tile")]
        (small / name).write_bytes(whole)


@pytest.mark.parametrize("text", [f"{VKEY}", f"{VKEY}\v", f" {VKEY}\n", f"{VKEY}\n\n"])
def test_the_bundles_own_key_stands_on_one_line(small: Path, text: str) -> None:
    (small / "vkey").write_text(text)
    assert [(f.place, f.words) for f in audit(small).findings] == [
        ("vkey", "not one line with the key")
    ]


def test_without_checkpoint_or_key_there_is_no_bundle(small: Path, tmp_path: Path) -> None:
    (small / "vkey").rename(small / "elsewhere")
    with pytest.raises(Unreadable, match="vkey: No such file"):
        audit(small)
    assert audit(small, key=VKEY).passed
    (small / "checkpoint").unlink()
    with pytest.raises(Unreadable, match="checkpoint: No such file"):
        audit(small, key=VKEY)
    with pytest.raises(Unreadable, match="not a folder"):
        audit(tmp_path / "none")


def test_files_that_are_not_read_are_remarked_on(small: Path) -> None:
    for number in range(7):
        (small / f"more-{number}").write_bytes(b"x")
    report = audit(small, key=VKEY)
    assert report.passed
    assert report.remarks == [
        "not part of the bundle and not read: more-0, more-1, more-2, more-3, more-4 and 2 more"
    ]


def test_a_record_is_what_its_name_says_and_an_entry_names_it(bundle: Path) -> None:
    (bundle / "records" / digest("sheet")).write_bytes(b"another sheet")
    (bundle / "records" / digest("gossip")).write_bytes(b"gossip")
    (bundle / "records" / digest("folder")).mkdir()
    found = {f.place: f.words for f in audit(bundle, key=VKEY).findings}
    assert found == {
        f"records/{digest('sheet')}": "the record's content is not that of its name",
        f"records/{digest('gossip')}": "no entry names this record",
        f"records/{digest('folder')}": f"records/{digest('folder')}: not a regular file",
    }


def test_a_pipe_or_a_device_does_not_hold_the_audit_up(small: Path) -> None:
    path = small / "tile/0/000.p/3"
    path.unlink()
    os.mkfifo(path)
    assert [f.words for f in audit(small, key=VKEY).findings] == [
        "tile/0/000.p/3: not a regular file"
    ]
    path.unlink()
    path.symlink_to("/dev/zero")
    assert rules(audit(small, key=VKEY)) == ["tile"]


def test_a_file_beyond_all_measure_is_not_read(small: Path) -> None:
    path = small / "tile/0/000.p/3"
    with path.open("r+b") as file:
        file.truncate(2**35)
    assert "larger than" in audit(small, key=VKEY).findings[0].words


def test_another_key_is_not_the_logs(bundle: Path) -> None:
    other = VerifierKey(ORIGIN, pair("thief").public_key)
    assert {"key", "checkpoint"} == set(rules(audit(bundle, key=other)))
    elsewhere = VerifierKey("other.example/ledger", LOG_KEY.public_key)
    assert not audit(bundle, key=elsewhere).passed


def test_a_checkpoint_of_another_log_by_the_same_key_is_refused(small: Path) -> None:
    checkpoint = verify((small / "checkpoint").read_bytes(), VKEY)
    moved = replace(checkpoint, origin="other.example/ledger")
    (small / "checkpoint").write_bytes(sign(moved, ORIGIN, LOG_KEY))
    assert "the checkpoint is of other.example/ledger" in audit(small, key=VKEY).findings[0].words


def test_a_key_that_the_exchange_never_declared_is_named(small: Path) -> None:
    thief = pair("thief")
    checkpoint = verify((small / "checkpoint").read_bytes(), VKEY)
    (small / "checkpoint").write_bytes(sign(checkpoint, ORIGIN, thief))
    (small / "vkey").write_text(f"{VerifierKey(ORIGIN, thief.public_key)}\n")
    report = audit(small)
    assert [(f.rule, f.index) for f in report.findings] == [("key", 1), ("report", None)]
    assert LOG_KEY.public_key.hex() in report.findings[0].words


def test_a_checkpoint_of_a_size_below_nothing_is_refused(small: Path) -> None:
    body = f"{ORIGIN}\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n".encode()
    note = sign(Checkpoint(ORIGIN, 0, Edge().root), ORIGIN, LOG_KEY)
    (small / "checkpoint").write_bytes(body + note[note.index(b"\n\n") + 1 :])
    assert rules(audit(small, key=VKEY)) == ["checkpoint"]


# An operator who re-hashes and re-signs its forgery.


def forge(floor: Floor, folder: Path, entry: Entry) -> AuditReport:
    floor.force(entry)
    report = audit(export(floor, folder), key=VKEY)
    assert all(finding.index == entry.index for finding in report.findings)
    return report


def composed(floor: Floor, kind: str, who: str | None = None, **changes: Any) -> Entry:
    signed = floor.sign(kind, who, **changes)
    refs = find_needed(floor.compose(signed), floor.log)
    return floor.compose(signed, refs=refs)


def test_an_attestation_that_the_operator_wrote_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("compliance.attested")
    act = floor.draft("compliance.attested")
    operator = pair("operator")
    signed = type(floor.sign("notice.opened"))(act, operator.sign(act.message))
    refs = find_needed(floor.compose(signed), floor.log)
    report = forge(floor, tmp_path / "b", floor.compose(signed, refs=refs))
    assert rules(report) == ["signature"]
    assert "compliance.attested: " in report.findings[0].words


def test_an_attestation_in_the_operators_own_name_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("compliance.attested")
    report = forge(floor, tmp_path / "b", composed(floor, "compliance.attested", "operator"))
    assert rules(report) == ["role"]


def test_a_listing_without_a_verdict_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("compliance.verdict")
    report = forge(floor, tmp_path / "b", composed(floor, "listing.published"))
    assert rules(report) == ["needs"]
    assert "listing.published needs compliance.verdict" in report.findings[0].words


def test_a_listing_that_cites_another_products_verdict_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("listing.published")
    verdict = floor.log.last(floor.subjects["product"])
    assert verdict
    for step in ("product.registered", "inspection.recorded", "notice.opened", "sheet.submitted"):
        floor.do(step)
    signed = floor.sign("listing.published")
    entry = floor.compose(signed, refs=((verdict.subject, verdict.leaf.hex()),))
    assert set(rules(forge(floor, tmp_path / "b", entry))) == {"needs", "notice"}


def test_an_entry_written_into_the_past_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("registration.confirmed")
    notice = floor.log.last(floor.subjects["product"])
    assert notice
    signed = floor.sign("registration.confirmed")
    entry = floor.compose(
        signed, refs=find_needed(floor.compose(signed), floor.log), time="2026-01-05T09:00:00Z"
    )
    assert set(rules(forge(floor, tmp_path / "b", entry))) == {"time", "notice"}


def test_a_repeated_settlement_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("settlement.executed")
    floor.do("settlement.executed")
    report = forge(floor, tmp_path / "b", composed(floor, "settlement.executed"))
    assert set(rules(report)) == {"once", "escrow"}


def test_a_settlement_into_the_operators_pocket_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("settlement.executed")
    lines = [line("house/fees", 100_000, "fee")]
    report = forge(floor, tmp_path / "b", composed(floor, "settlement.executed", lines=lines))
    assert rules(report) == ["money"]


def test_a_fee_for_a_service_that_there_is_none_of_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The name is one of a schedule's facts, and no amount stands under it."""
    floor = Floor().ready("service.charged")
    report = forge(floor, tmp_path / "b", composed(floor, "service.charged", service="most_ppm"))
    assert rules(report) == ["service", "fees", "balance", "balance"]
    assert "nothing is asked for most_ppm" in report.findings[1].words
    assert main(["verify", str(tmp_path / "b"), "--key", str(VKEY)]) == 1
    assert capsys.readouterr().out.endswith("NOT verified\n")


@pytest.mark.parametrize("error", [KeyError("x"), TypeError("x"), BadAct("x")])
def test_an_entry_that_a_rule_cannot_reckon_with_is_a_finding_and_no_traceback(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def raises(_entry: Entry, _view: View) -> Iterator[Broken]:
        raise error

    floor = Floor().ready("listing.requested")
    bundle = export(floor, tmp_path / "b")
    asked = (*MEANING["sheet.submitted"], raises)
    monkeypatch.setattr("ledger.rules.MEANING", {**MEANING, "sheet.submitted": asked})
    (found,) = audit(bundle, key=VKEY).findings
    assert (found.rule, found.place) == ("unasked", f"tile/entries, entry {found.index}")
    assert found.words.startswith("sheet.submitted: the rule ")
    assert f"raises could not be asked: {type(error).__name__}: " in found.words
    assert main(["verify", str(bundle), "--key", str(VKEY)]) == 1
    size = floor.log.edge().size
    with pytest.raises(BadAct, match=r"unasked: the rule .*raises could not be asked"):
        floor.do("sheet.submitted")
    assert floor.log.edge().size == size


def test_a_store_that_cannot_be_read_is_no_finding(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_entry: Entry, _view: View) -> Iterator[Broken]:
        raise Unreadable("the disk is gone")

    rules = {**MEANING, "exchange.opened": (unreadable,)}
    monkeypatch.setattr("ledger.rules.MEANING", rules)
    with pytest.raises(Unreadable, match="the disk is gone"):
        audit(small, key=VKEY)


def test_a_quote_of_an_auction_that_rests_on_none_is_found(tmp_path: Path) -> None:
    floor = Floor().ready("price.quoted")
    report = forge(floor, tmp_path / "b", composed(floor, "price.quoted", mode="auction", basis=[]))
    found = report.findings[-1]
    assert found.rule == "mode"
    assert "an auction's price rests on its clearing and a bid" in found.words


def test_a_dropped_entry_is_found_though_all_is_signed_again(
    history: Floor, tmp_path: Path
) -> None:
    dropped = next(e for e in history.log.entries() if e.kind == "objection.filed").index
    log = MemoryLog()
    for entry in history.log.entries():
        if entry.index != dropped:
            moved = Entry.parse(entry.data, log.edge().size)
            log.add(moved)
    report = audit(export(Floor(log=log), tmp_path / "b"), key=VKEY)
    assert report.findings[0].index == dropped
    assert report.findings[0].rule == "chain"


def test_two_entries_that_changed_places_are_found(history: Floor, tmp_path: Path) -> None:
    entries = list(history.log.entries())
    at = next(i for i in range(20, 40) if entries[i].subject == entries[i + 1].subject)
    entries[at], entries[at + 1] = entries[at + 1], entries[at]
    log = MemoryLog()
    for index, entry in enumerate(entries):
        log.add(Entry.parse(entry.data, index))
    assert not audit(export(Floor(log=log), tmp_path / "b"), key=VKEY).passed


@pytest.mark.parametrize(
    "changes",
    [
        {"facts": {}},
        {"facts": {"until": 7}},
        {"facts": {"until": None}},
        {"kind": "notice.forgotten"},
        {"kind": "registration.confirmed", "facts": []},
    ],
)
def test_an_entry_that_no_rule_can_read_ends_the_audit_by_name(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    floor = Floor().ready("notice.opened")
    good = floor.compose(floor.sign("notice.opened"))
    record = json.loads(good.data)
    record["act"] |= changes
    record["kind"] = record["act"]["kind"]
    data = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    edge = floor.log.edge().appended(leaf_hash(data))
    after = floor.compose(floor.sign("objection.filed"))
    edge = edge.appended(after.leaf)
    bodies = [*(e.data for e in floor.log.entries()), data, after.data]
    folder = tmp_path / "b"
    _write(folder, bodies)
    report = audit(folder, key=VKEY)
    assert {finding.index for finding in report.findings} == {good.index}
    assert report.remarks[0] == f"rules were checked up to entry {good.index} of {len(bodies)}"


def _write(folder: Path, bodies: list[bytes]) -> None:
    leaves = [leaf_hash(body) for body in bodies]
    files = {
        tile_path("entries", 0, len(bodies)): b"".join(
            len(body).to_bytes(2, "big") + body for body in bodies
        ),
        tile_path("0", 0, len(bodies)): b"".join(leaves),
        "checkpoint": sign(Checkpoint(ORIGIN, len(bodies), root_of(leaves)), ORIGIN, LOG_KEY),
        "vkey": f"{VKEY}\n".encode(),
    }
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


# The older checkpoint.


def shortened(history: Floor, size: int) -> Floor:
    log = MemoryLog()
    for entry in history.log.entries():
        if entry.index < size:
            log.add(entry)
    return Floor(log=log)


def test_a_log_that_continues_an_older_checkpoint_says_so(bundle: Path, history: Floor) -> None:
    for size in (0, 1, 7, history.log.edge().size):
        older = verify(shortened(history, size).note(), VKEY)
        report = audit(bundle, key=VKEY, against=older)
        assert report.passed
        assert f"continues the checkpoint of size {size}" in report.remarks


def test_a_rollback_is_named(history: Floor, tmp_path: Path) -> None:
    folder = export(shortened(history, 10), tmp_path / "short")
    assert audit(folder, key=VKEY).passed
    report = audit(folder, key=VKEY, against=verify(history.note(), VKEY))
    assert rules(report) == ["continuity"]
    size = history.log.edge().size
    words = f"the log has 10 entries, and once had {size}: rolled back"
    assert words in report.findings[0].words


def test_a_fork_is_named(bundle: Path) -> None:
    against = Checkpoint(ORIGIN, 7, digest("another history").encode()[:32])
    report = audit(bundle, key=VKEY, against=against)
    assert rules(report) == ["continuity"]
    assert "the first 7 entries are not those of the older checkpoint: a fork" in (
        report.findings[0].words
    )


def test_an_older_checkpoint_of_another_log_is_named(bundle: Path) -> None:
    against = Checkpoint("other.example/ledger", 0, Edge().root)
    report = audit(bundle, key=VKEY, against=against)
    assert "of another log, other.example/ledger" in report.findings[0].words


# The command.


def test_the_command_verifies(
    bundle: Path, history: Floor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(bundle), "--key", str(VKEY)]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"log      {ORIGIN}"
    assert out[-1] == "verified"
    size = history.log.edge().size
    assert out[2] == f"signed   {size} acts of 11 participants checked"


def test_the_command_prints_json(
    bundle: Path, history: Floor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(bundle), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["passed"] is True
    assert report["size"] == history.log.edge().size
    assert report["findings"] == []
    (bundle / "records" / "鱼").write_bytes(b"x")
    Path(os.fsdecode(os.fsencode(bundle / "records") + b"/\xff")).write_bytes(b"x")
    assert main(["verify", str(bundle), "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert [finding["place"] for finding in report["findings"]] == ["records/鱼", "records/\udcff"]


def test_the_command_names_what_is_wrong(bundle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (bundle / "records" / digest("sheet")).write_bytes(b"x")
    assert main(["verify", str(bundle)]) == 1
    out = capsys.readouterr().out
    assert f"WRONG    records/{digest('sheet')}: record: " in out
    assert out.endswith("NOT verified\n")


def test_a_hostile_bundle_cannot_write_the_commands_lines(
    bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (bundle / "records" / "x\nverified\x1b[2J\u202e").write_bytes(b"x")
    assert main(["verify", str(bundle)]) == 1
    out = capsys.readouterr().out
    assert "verified" not in out.splitlines()[:-1]
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert r"records/x\nverified\x1b[2J\u202e" in out


def test_the_command_compares_with_an_older_checkpoint(
    bundle: Path, history: Floor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    older, newer = tmp_path / "older", tmp_path / "newer"
    older.write_bytes(shortened(history, 9).note())
    newer.write_bytes(sign(Checkpoint(ORIGIN, 999, bytes(32)), ORIGIN, LOG_KEY))
    for key in ([], ["--key", str(VKEY)]):
        assert main(["verify", str(bundle), "--against", str(older), *key]) == 0
        assert "continues the checkpoint of size 9" in capsys.readouterr().out
        assert main(["verify", str(bundle), "--against", str(newer), *key]) == 1
        assert "rolled back" in capsys.readouterr().out


def arguments(bundle: Path, tmp_path: Path) -> Iterator[list[str]]:
    nonsense = tmp_path / "nonsense"
    nonsense.write_bytes(b"\xff")
    unsigned = tmp_path / "unsigned"
    unsigned.write_bytes(sign(Checkpoint(ORIGIN, 1, bytes(32)), ORIGIN, pair("thief")))
    yield ["verify", str(tmp_path / "none")]
    yield ["verify", str(nonsense)]
    yield ["verify", str(bundle), "--key", "nonsense"]
    yield ["verify", str(bundle), "--against", str(tmp_path / "none")]
    yield ["verify", str(bundle), "--against", str(nonsense)]
    yield ["verify", str(bundle), "--against", str(unsigned)]


def test_what_cannot_be_read_exits_with_2(
    bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for given in arguments(bundle, tmp_path):
        assert main(given) == 2, given
        assert capsys.readouterr().err.startswith("not verified: ")
    for wrong in ([], ["verify"], ["prove", str(bundle)], ["verify", str(bundle), "--more"]):
        with pytest.raises(SystemExit) as caught:
            main(wrong)
        assert caught.value.code == 2


@pytest.mark.parametrize(("harm", "code"), [("", 0), ("flip", 1), ("remove", 2)])
def test_the_exit_codes_of_the_process(small: Path, harm: str, code: int) -> None:
    note = small / "checkpoint"
    if harm == "flip":
        note.write_bytes(note.read_bytes().replace(b"\n3\n", b"\n2\n"))
    if harm == "remove":
        note.unlink()
    done = subprocess.run(
        [sys.executable, "-m", "ledger", "verify", str(small)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert re.search(r"^(verified|NOT verified)$", done.stdout, re.MULTILINE) or code == 2


# Bundles as files.


@pytest.mark.parametrize(
    ("number", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (0, 3, "tile/0/000.p/3"),
        (999, 256, "tile/0/999"),
        (1_000, 256, "tile/0/x001/000"),
        (1_234_067, 256, "tile/0/x001/x234/067"),
        (1_234_067, 1, "tile/0/x001/x234/067.p/1"),
    ],
)
def test_tiles_are_named_as_c2sp_names_them(number: int, width: int, path: str) -> None:
    assert tile_path("0", number, width) == path


def test_a_bundle_is_written_into_an_empty_folder_with_its_checkpoint_last(
    small_floor: Floor, tmp_path: Path
) -> None:
    written = write_bundle(
        tmp_path, small_floor.log.entries(), note=small_floor.note(), vkey=str(VKEY), records={}
    )
    assert written[-1] == tmp_path / "checkpoint"
    with pytest.raises(Unreadable, match="not empty"):
        export(small_floor, tmp_path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x00", "cut off inside a length"),
        (b"\x00\x02a", "entry 0 of the tile is cut off"),
        (b"\x00\x01a", "holds 1 entries of 2"),
        (b"\x00\x01a\x00\x01b\x00", "goes on after its 2 entries"),
    ],
)
def test_an_entries_tile_fits_its_lengths(data: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        split_entries(data, "tile", 2)
    assert split_entries(b"\x00\x01a\x00\x00", "tile", 2) == [b"a", b""]


def test_a_tile_that_is_not_there_is_named(tmp_path: Path) -> None:
    for width in (3, TILE):
        with pytest.raises(Unreadable, match=re.escape(tile_path("0", 0, width))):
            read_tile(tmp_path, "0", 0, width)


def test_every_error_of_the_ledger_has_a_code_of_its_own() -> None:
    codes = [error.code for error in LedgerError.__subclasses__()]
    assert len(set(codes)) == len(codes) == 11
