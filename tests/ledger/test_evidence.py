"""One participant's bundle: its own entries whole, nothing of others, and nothing changed."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ledger.__main__ import main
from ledger.audit import AuditReport
from ledger.bundle import write_bundle
from ledger.checkpoint import Checkpoint, VerifierKey, sign, verify
from ledger.entries import Entry
from ledger.errors import BadNote, BadProof, Unreadable
from ledger.evidence import (
    PartyEntries,
    audit_party,
    concerns,
    is_party_bundle,
    report_text,
    write_party_bundle,
)
from ledger.merkle import inclusion_proof, root_of
from ledger.policy import Policy
from ledger.proofs import TlogProof
from tests.ledger.floor import LOG_KEY, ORIGIN, VKEY, Floor, full_history, line, pair


@pytest.fixture(scope="module")
def history() -> Floor:
    return full_history()


def cut(floor: Floor, folder: Path, who: str, **changes: bytes) -> Path:
    entries = list(floor.log.entries())
    leaves = [entry.leaf for entry in entries]
    write_party_bundle(
        folder,
        floor.ids[who],
        entries,
        note=changes.get("note", floor.note()),
        key=VKEY,
        prove=lambda index: inclusion_proof(leaves, index),
    )
    return folder


@pytest.fixture(scope="module")
def buyers(history: Floor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return cut(history, tmp_path_factory.mktemp("cut") / "buyer", "buyer")


@pytest.fixture
def bundle(buyers: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(buyers, tmp_path / "buyer"))


def rules(report: AuditReport) -> list[str]:
    return [finding.rule for finding in report.findings]


def enclosed(folder: Path) -> dict[int, Entry]:
    return {
        int(path.name): Entry.parse(path.read_bytes(), int(path.name))
        for path in (folder / "entries").iterdir()
    }


@pytest.mark.parametrize("who", ["supplier", "buyer", "assessor", "expert", "rival", "operator"])
def test_everybodys_bundle_holds_all_its_entries_and_only_those(
    history: Floor, tmp_path: Path, who: str
) -> None:
    folder = cut(history, tmp_path / who, who)
    report = audit_party(folder, key=VKEY)
    assert report.passed, report.findings
    assert is_party_bundle(folder)
    name, held = history.ids[who], enclosed(folder)
    for entry in history.log.entries():
        if entry.actor == name or name.encode() in entry.data.partition(b'"sig":')[0]:
            # The actor, the facts, the subject and the references stand before the signature.
            assert concerns(entry, name)
        if concerns(entry, name):
            assert held.pop(entry.index).data == entry.data
    assert {entry.kind for entry in held.values()} <= {"participant.key", "exchange.opened"}
    signers = {entry.actor for entry in enclosed(folder).values()}
    assert {entry.actor for entry in held.values()} <= signers


def test_nothing_of_others_is_in_the_buyers_bundle(buyers: Path, history: Floor) -> None:
    kinds = {entry.kind for entry in enclosed(buyers).values()}
    assert {"trade.ordered", "price.quoted", "delivery.received", "account.deposited"} <= kinds
    assert not kinds & {"product.registered", "quality.reviewed", "objection.filed"}
    for other in ("rival", "assessor", "expert", "other-buyer"):
        assert not any(
            history.ids[other].encode() in path.read_bytes()
            for path in buyers.rglob("*")
            if path.is_file()
        )


def test_each_proof_stands_alone(buyers: Path) -> None:
    for index, entry in enclosed(buyers).items():
        proof = TlogProof.parse((buyers / f"proofs/{index}.tlog-proof").read_bytes())
        assert proof.verify(entry.data, VKEY).size == verify(proof.note, VKEY).size


def test_the_report_says_who_what_when_and_under_whose_key(buyers: Path, history: Floor) -> None:
    text = (buyers / "report.txt").read_text()
    order = next(e for e in enclosed(buyers).values() if e.kind == "trade.ordered")
    assert f"Entry {order.index}: trade.ordered of {order.subject}\n" in text
    assert (
        f"  who             {history.ids['buyer']}, with the key {order.signed.act.key}\n" in text
    )
    assert f"  when            signed {order.signed.act.time}, recorded {order.time}\n" in text
    assert "  what            the buyer orders at the quoted price and terms\n" in text
    assert '  amount          {"currency":"CNY","minor":100000}\n' in text
    assert order.leaf.hex() in text
    assert str(VKEY) in text
    assert "What it does not show" in text


def test_a_hostile_fact_cannot_write_lines_of_the_report(tmp_path: Path) -> None:
    floor = Floor().open()
    floor.do("participant.suspended", reason="x\n  who       somebody\u202eelse")
    folder = cut(floor, tmp_path / "rival", "rival")
    text = (folder / "report.txt").read_text()
    assert "  reason          x\\n  who       somebody\\u202eelse\n" in text
    assert audit_party(folder, key=VKEY).passed


def test_settlement_lines_name_who_is_paid(history: Floor) -> None:
    supplier = history.ids["supplier"]
    settled = next(e for e in history.log.entries() if e.kind == "settlement.executed")
    assert concerns(settled, supplier)
    assert not concerns(settled, history.ids["buyer"])
    assert line(f"participant/{supplier}", 97_000, "price") in settled.facts["lines"]


def test_the_audit_says_what_it_cannot_show(buyers: Path) -> None:
    report = audit_party(buyers)
    assert report.passed
    assert any("cannot show that these are all entries" in remark for remark in report.remarks)
    assert any("the bundle's own" in remark for remark in report.remarks)
    assert report.acts == report.entries == len(enclosed(buyers))


# What does not pass.


def change(path: Path, how: Callable[[bytes], bytes]) -> None:
    path.write_bytes(how(path.read_bytes()))


def test_no_flipped_bit_passes(bundle: Path) -> None:
    drawn = random.Random(5)  # noqa: S311 - the same bits in every run
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    for path in files + drawn.choices(files, k=60):
        before = path.read_bytes()
        place = drawn.randrange(len(before) * 8)
        flipped = bytearray(before)
        flipped[place // 8] ^= 1 << place % 8
        path.write_bytes(bytes(flipped))
        try:
            assert not audit_party(bundle, key=VKEY).passed, (path, place)
        except Unreadable:
            assert path.name == "party"
        path.write_bytes(before)
    assert audit_party(bundle, key=VKEY).passed


def test_every_file_that_is_taken_away_is_missed(bundle: Path) -> None:
    for path in sorted(path for path in bundle.rglob("*") if path.is_file()):
        before = path.read_bytes()
        path.unlink()
        if path.name in {"checkpoint", "party"}:
            with pytest.raises(Unreadable):
                audit_party(bundle, key=VKEY)
        elif path.name != "vkey":  # not needed where the auditor brings the key
            assert not audit_party(bundle, key=VKEY).passed, path
        path.write_bytes(before)


def test_a_proof_of_another_entry_is_named(bundle: Path) -> None:
    one, other = sorted(enclosed(bundle))[:2]
    shutil.copy(bundle / f"proofs/{other}.tlog-proof", bundle / f"proofs/{one}.tlog-proof")
    report = audit_party(bundle, key=VKEY)
    finding = next(found for found in report.findings if found.rule == "bad_proof")
    assert finding.place == f"proofs/{one}.tlog-proof"
    assert "of another entry" in finding.words


def test_an_entry_that_was_edited_is_named(bundle: Path) -> None:
    index = next(i for i, e in enclosed(bundle).items() if e.kind == "trade.ordered")
    change(bundle / f"entries/{index}", lambda data: data.replace(b"100000", b"100001"))
    report = audit_party(bundle, key=VKEY)
    assert report.findings[0].index == index
    assert "does not lead to the root" in report.findings[0].words


def test_an_edited_report_is_named(bundle: Path) -> None:
    change(bundle / "report.txt", lambda data: data.replace(b"100000", b"900000"))
    report = audit_party(bundle, key=VKEY)
    assert [(f.place, f.rule) for f in report.findings] == [("report.txt", "report")]


def test_an_entry_of_others_does_not_belong_there(bundle: Path, history: Floor) -> None:
    entries = list(history.log.entries())
    stranger = next(entry for entry in entries if entry.kind == "objection.filed")
    path = inclusion_proof([entry.leaf for entry in entries], stranger.index)
    (bundle / f"entries/{stranger.index}").write_bytes(stranger.data)
    (bundle / f"proofs/{stranger.index}.tlog-proof").write_bytes(
        TlogProof(stranger.index, path, history.note()).to_bytes()
    )
    report = audit_party(bundle, key=VKEY)
    assert {"party", "key"} <= set(rules(report))
    assert any("and no signature needs it" in found.words for found in report.findings)


def test_a_bundle_without_the_opening_of_the_exchange_is_found(
    bundle: Path, history: Floor
) -> None:
    chosen = PartyEntries.of(history.ids["buyer"], history.log.entries())
    opened = next(entry for entry in chosen.keys if entry.kind == "exchange.opened")
    (bundle / f"entries/{opened.index}").unlink()
    (bundle / f"proofs/{opened.index}.tlog-proof").unlink()
    less = replace(chosen, keys=tuple(entry for entry in chosen.keys if entry is not opened))
    text = report_text(less, verify(history.note(), VKEY), VKEY)
    (bundle / "report.txt").write_text(text)
    report = audit_party(bundle, key=VKEY)
    assert "key" in rules(report)
    assert any("exchange.opened is not enclosed" in found.words for found in report.findings)


def test_an_entry_left_out_with_its_lines_of_the_report_is_missed_by_nobody(
    bundle: Path, history: Floor
) -> None:
    """The limit that the format states."""
    chosen = PartyEntries.of(history.ids["buyer"], history.log.entries())
    gone = next(entry for entry in chosen.own if entry.kind == "account.deposited")
    (bundle / f"entries/{gone.index}").unlink()
    (bundle / f"proofs/{gone.index}.tlog-proof").unlink()
    less = replace(chosen, own=tuple(entry for entry in chosen.own if entry is not gone))
    text = report_text(less, verify(history.note(), VKEY), VKEY)
    (bundle / "report.txt").write_text(text)
    assert audit_party(bundle, key=VKEY).passed


def test_another_name_on_the_bundle_is_found(bundle: Path, history: Floor) -> None:
    (bundle / "party").write_text(f"{history.ids['rival']}\n")
    report = audit_party(bundle, key=VKEY)
    assert "party" in rules(report)
    (bundle / "party").write_text("anybody\n")
    with pytest.raises(Unreadable, match="is not the name of a participant"):
        audit_party(bundle, key=VKEY)


def forged(tmp_path: Path, make: Callable[[Floor], Entry]) -> AuditReport:
    """Audit the buyer's bundle of a log that its operator wrote as it liked."""
    floor = Floor().ready("trade.ordered")
    floor.force(make(floor))
    return audit_party(cut(floor, tmp_path / "forged", "buyer"), key=VKEY)


def test_an_order_that_the_operator_wrote_for_the_buyer_is_found(tmp_path: Path) -> None:
    def make(floor: Floor) -> Entry:
        signed = floor.sign("trade.ordered")
        return floor.compose(replace(signed, signature=pair("operator").sign(signed.act.message)))

    report = forged(tmp_path, make)
    assert rules(report) == ["signature"]
    assert "the signature does not cover the act" in report.findings[0].words


def test_an_order_dated_at_another_time_is_found(tmp_path: Path) -> None:
    report = forged(
        tmp_path,
        lambda floor: floor.compose(floor.sign("trade.ordered"), time="2026-03-01T00:00:00Z"),
    )
    assert rules(report) == ["time"]


def test_facts_that_the_kind_does_not_have_are_found(tmp_path: Path) -> None:
    report = forged(
        tmp_path, lambda floor: floor.compose(floor.sign("trade.ordered", amount="much"))
    )
    assert rules(report) == ["facts"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda data: data.replace(b'"version":4', b'"version":3'),
        lambda data: data.replace(b'"prev":"', b'"prev":"00'),
    ],
)
def test_an_entry_that_leaves_its_chain_is_found(
    tmp_path: Path, wrong: Callable[[bytes], bytes]
) -> None:
    def make(floor: Floor) -> Entry:
        entry = floor.compose(floor.sign("participant.suspended", subject=buyer(floor)))
        return Entry.parse(wrong(entry.data), entry.index)

    def buyer(floor: Floor) -> str:
        return f"participant/{floor.ids['buyer']}"

    report = forged(tmp_path, make)
    assert rules(report) == ["chain"]


def test_a_log_key_that_the_exchange_never_declared_is_found(
    history: Floor, tmp_path: Path
) -> None:
    other = VerifierKey(ORIGIN, pair("other log").public_key)
    entries = list(history.log.entries())
    leaves = [entry.leaf for entry in entries]
    note = sign(verify(history.note(), VKEY), ORIGIN, pair("other log"))
    folder = tmp_path / "other"
    write_party_bundle(
        folder,
        history.ids["buyer"],
        entries,
        note=note,
        key=other,
        prove=lambda index: inclusion_proof(leaves, index),
    )
    assert rules(audit_party(folder, key=other)) == ["key"]
    assert rules(audit_party(folder, key=VKEY)) == ["key", "checkpoint"]


@pytest.mark.parametrize(
    ("older", "words"),
    [
        (Checkpoint("other.example", 1, bytes(32)), "of another log"),
        (Checkpoint(ORIGIN, 10_000, bytes(32)), "rolled back"),
        (Checkpoint(ORIGIN, 3, bytes(32)), "cannot be compared"),
        (None, "a fork"),
    ],
)
def test_an_older_checkpoint_is_compared_as_far_as_it_can_be(
    buyers: Path, history: Floor, older: Checkpoint | None, words: str
) -> None:
    own = verify(history.note(), VKEY)
    report = audit_party(buyers, key=VKEY, against=older or replace(own, root=bytes(32)))
    assert rules(report) == ["continuity"]
    assert words in report.findings[0].words
    assert audit_party(buyers, key=VKEY, against=own).passed


def test_a_policy_counts_for_a_party_bundle_too(buyers: Path) -> None:
    policy = Policy.parse(f"log {VKEY}\nquorum none\n".encode())
    report = audit_party(buyers, policy=policy)
    assert report.passed
    assert not any("the bundle's own" in remark for remark in report.remarks)


# Writing.


def test_nothing_is_written_that_would_not_verify(history: Floor, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="is not the name of a participant"):
        write(history, tmp_path / "a", "the buyer")
    with pytest.raises(Unreadable, match="no entry under this checkpoint is about"):
        write(history, tmp_path / "a", "PT-0000-0000-0000")
    with pytest.raises(BadProof):
        write(history, tmp_path / "a", history.ids["buyer"], lambda _: ())
    with pytest.raises(BadNote):
        cut(history, tmp_path / "a", "buyer", note=b"")
    assert not (tmp_path / "a").exists()
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(Unreadable, match="is not empty"):
        cut(history, tmp_path / "full", "buyer")


def write(
    floor: Floor,
    folder: Path,
    name: str,
    prove: Callable[[int], tuple[bytes, ...]] | None = None,
) -> None:
    entries = list(floor.log.entries())
    leaves = [entry.leaf for entry in entries]
    by = prove or (lambda index: inclusion_proof(leaves, index))
    write_party_bundle(folder, name, entries, note=floor.note(), key=VKEY, prove=by)


def test_entries_beyond_the_checkpoint_are_left_out(history: Floor, tmp_path: Path) -> None:
    entries = list(history.log.entries())
    leaves = [entry.leaf for entry in entries[:30]]
    note = sign(Checkpoint(ORIGIN, 30, root_of(leaves)), ORIGIN, LOG_KEY)
    write_party_bundle(
        tmp_path / "early",
        history.ids["supplier"],
        entries,
        note=note,
        key=VKEY,
        prove=lambda index: inclusion_proof(leaves, index),
    )
    assert max(enclosed(tmp_path / "early")) < 30
    assert audit_party(tmp_path / "early", key=VKEY).passed


def test_the_participant_of_entry_0_encloses_its_own_key_once(history: Floor) -> None:
    chosen = PartyEntries.of(history.ids["operator"], history.log.entries())
    assert chosen.own[0].index == 0
    assert all(entry not in chosen.keys for entry in chosen.own)


# The commands.


def test_the_command_cuts_and_verify_recognises_it(
    history: Floor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, folder = tmp_path / "whole", tmp_path / "cut"
    write_bundle(whole, history.log.entries(), note=history.note(), vkey=str(VKEY), records={})
    name = history.ids["buyer"]
    assert main(["party", str(whole), name, str(folder), "--key", str(VKEY)]) == 0
    capsys.readouterr()
    assert main(["verify", str(folder), "--key", str(VKEY)]) == 0
    said = capsys.readouterr().out
    assert f"a bundle of {name} alone" in said
    assert said.endswith("verified\n")
    change(folder / "report.txt", lambda data: data + b"paid in full\n")
    assert main(["verify", str(folder), "--key", str(VKEY), "--json"]) == 1
    assert main(["party", str(whole), name, str(folder)]) == 2  # not empty
    assert main(["party", str(whole), "nobody", str(tmp_path / "new")]) == 2
    tile = next(path for path in (whole / "tile" / "0").rglob("*") if path.is_file())
    change(tile, lambda data: bytes(32) + data[32:])
    capsys.readouterr()
    assert main(["party", str(whole), name, str(tmp_path / "new")]) == 1
    assert "NOT written: tile/0/000" in capsys.readouterr().err


def test_a_whole_bundle_does_not_pass_as_a_participants(history: Floor, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    write_bundle(whole, history.log.entries(), note=history.note(), vkey=str(VKEY), records={})
    (whole / "party").write_text(f"{history.ids['buyer']}\n")
    assert main(["verify", str(whole), "--key", str(VKEY)]) == 1


def test_files_of_no_entry_are_remarked_on(bundle: Path) -> None:
    (bundle / "entries" / "007").write_bytes(b"x")
    (bundle / "entries" / "note.txt").write_bytes(b"x")
    report = audit_party(bundle, key=VKEY)
    assert report.passed
    assert any("entries/007, entries/note.txt" in remark for remark in report.remarks)


def test_bytes_that_no_proof_places_are_named(history: Floor, bundle: Path) -> None:
    (bundle / "entries" / "9999").write_bytes(b"{}")
    (bundle / "proofs" / "9999.tlog-proof").write_bytes(
        TlogProof(9999, (), history.note()).to_bytes()
    )
    report = audit_party(bundle, key=VKEY)
    assert [finding.index for finding in report.findings] == [9999]
