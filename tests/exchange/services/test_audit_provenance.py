"""Evidence for strangers: the bundle, the certificates, and books that come out."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from exchange.certificates import verify_certificate
from exchange.clearing import FEES, OUTSIDE, available, escrow
from exchange.errors import Broken, NoScenario
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.issue_certificate import issue_certificate
from ledger.audit import audit
from ledger.checkpoint import verify
from ledger.kinds import KINDS
from tests.exchange.by_hand import change, forge, rows
from tests.exchange.floor import CAST, EVIDENCE, OPERATOR, PASSPHRASE, Hall

ADDED = "UPDATE balance SET minor = minor + :minor WHERE account = :account"
MOVED = "UPDATE ledger_head SET size = :size, edge = :edge"
MADE_UP = (
    "INSERT INTO balance (account, currency, minor, pending, credit) "
    "VALUES (:account, 'CNY', :minor, 0, 0)"
)


def test_a_bundle_of_a_whole_trade_audits_clean(listed: Hall, tmp_path: Path) -> None:
    listed.trade_all()
    bundle = tmp_path / "bundle"
    export_bundle(bundle, floor=listed.floor)
    report = audit(bundle, key=listed.floor.log_key)
    assert report.findings == []
    assert report.size == report.acts == listed.size
    assert report.participants == len(CAST) + 1


def test_a_record_that_nobody_names_is_not_in_a_bundle(listed: Hall, tmp_path: Path) -> None:
    with listed.floor.write() as work:
        digest = work.records.put(b"said to nobody", public=True)
    written = export_bundle(tmp_path / "bundle", floor=listed.floor)
    records = {path.name for path in (tmp_path / "bundle").rglob("records/*")}
    assert records <= {Path(each).name for each in written}
    assert records
    assert digest not in records


def test_an_export_that_breaks_off_lets_go_of_the_store(
    listed: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> int:
        if path.parent.name == "records":
            raise OSError(errno.ENOSPC, "no space is left")
        return there(path, data)

    there = Path.write_bytes
    monkeypatch.setattr("exchange.store.books._AT_ONCE", 2)
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="no space is left") as kept:
        export_bundle(tmp_path / "bundle", floor=listed.floor)
    with listed.floor.write() as work:
        digest = work.records.put(b"what comes afterwards", public=True)
    with listed.floor.read() as work:  # while the error is still known, with all that it held
        assert digest in set(work.records.public_names())
    assert kept.value.errno == errno.ENOSPC


def test_a_bundle_holds_nothing_private(listed: Hall, tmp_path: Path) -> None:
    with pytest.raises(NoScenario):
        listed.scenario(purpose="resale")
    listed.trade_all()
    number = listed.register(data="a,b\n1,2\n").number
    listed.rival.object(number, "these are the buoys of my uncle")
    listed.house.close_objection(number, "dismissed", "the uncle denies it")
    bundle = tmp_path / "bundle"
    export_bundle(bundle, floor=listed.floor)
    files = {path: path.read_bytes() for path in bundle.rglob("*") if path.is_file()}
    assert len(files) > 10
    report = bundle / "report.txt"  # its words for a settlement name contributors, nobody's name
    words = KINDS["settlement.executed"].says.encode()
    files[report] = files[report].replace(words, b"")
    secrets = {
        "these are the buoys of my uncle",
        "the uncle denies it",
        "a sound series",
        "our own report",
        "a forecast of the water temperature",
        EVIDENCE.decode(),
        PASSPHRASE,
        "PRIVATE KEY",
        "AGE-SECRET-KEY",
        *(keys.identity for keys in listed.keys.values()),
        "rival",
        "contributor",
        "insider",
        *(name for _, name, *_ in (*CAST, OPERATOR)),
        *(code for _, _, code, *_ in (*CAST, OPERATOR)),
    }
    for secret in secrets:
        for path, content in files.items():
            assert secret.encode() not in content, (secret, path)
    raw = [keys.signing.private.private_bytes_raw() for keys in listed.keys.values()]
    for path, content in files.items():
        assert not any(key in content or key.hex().encode() in content for key in raw), path


def test_a_checkpoint_is_signed_once_for_a_size(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "one", floor=listed.floor)
    export_bundle(tmp_path / "two", floor=listed.floor)
    notes = [(tmp_path / name / "checkpoint").read_bytes() for name in ("one", "two")]
    assert notes[0] == notes[1]
    listed.scenario()
    export_bundle(tmp_path / "three", floor=listed.floor)
    older = verify(notes[0], listed.floor.log_key)
    report = audit(tmp_path / "three", key=listed.floor.log_key, against=older)
    assert report.passed
    assert report.size == older.size + 2


def test_a_locked_house_exports_what_was_signed_last(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "one", floor=listed.floor)
    size = listed.size
    listed.scenario()
    listed.venue.log_signer = None
    export_bundle(tmp_path / "two", floor=listed.floor)
    assert audit(tmp_path / "two").size == size


def test_a_house_that_never_signed_cannot_export_locked(hall: Hall, tmp_path: Path) -> None:
    hall.venue.log_signer = None
    forge(hall, "DELETE FROM ledger_checkpoint")  # as in a store older than publications
    with pytest.raises(Broken, match="no checkpoint was ever signed"):
        export_bundle(tmp_path / "bundle", floor=hall.floor)


def test_a_store_behind_its_checkpoint_signs_no_other(listed: Hall, tmp_path: Path) -> None:
    ((size, edge),) = rows(listed, "SELECT size, edge FROM ledger_head")
    listed.scenario()
    export_bundle(tmp_path / "one", floor=listed.floor)
    change(listed, MOVED, size=size, edge=edge)
    with pytest.raises(Broken, match="the store was rolled back"):
        export_bundle(tmp_path / "two", floor=listed.floor)


@pytest.mark.parametrize(
    "damaged",
    [
        # One subtree more than there are hashes, whatever the size; `size + 1` may have as many.
        lambda size, edge: (size * 2 + 1, edge),
        lambda size, edge: (size, edge[:-1]),
    ],
    ids=["size", "edge"],
)
def test_a_damaged_head_is_broken(
    listed: Hall, damaged: Callable[[int, bytes], tuple[int, bytes]]
) -> None:
    ((size, edge),) = rows(listed, "SELECT size, edge FROM ledger_head")
    size, edge = damaged(size, bytes(edge))
    change(listed, MOVED, size=size, edge=edge)
    with pytest.raises(Broken, match="the head of the log is damaged"):
        scenario_placed(listed)


def scenario_placed(hall: Hall) -> None:
    """File a scenario, and give what waits its place: over PostgreSQL that follows the commit."""
    hall.scenario()
    hall.venue.published.place_waiting()


def test_a_bundle_holds_the_checkpoints_before_its_own(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "first", floor=listed.floor)
    first = listed.size
    listed.deposit()
    export_bundle(tmp_path / "second", floor=listed.floor)
    held = sorted(int(path.name) for path in (tmp_path / "second" / "history").iterdir())
    assert held[-1] == first
    report = audit(tmp_path / "second", key=listed.floor.log_key)
    assert (report.findings, report.history) == ([], len(held))
    assert (tmp_path / "second" / f"history/{first}").read_bytes() == (
        tmp_path / "first" / "checkpoint"
    ).read_bytes()


def test_a_store_with_another_root_signs_no_other(listed: Hall, tmp_path: Path) -> None:
    export_bundle(tmp_path / "one", floor=listed.floor)
    forge(listed, "UPDATE ledger_checkpoint SET root = :root", root="0" * 64)
    with pytest.raises(Broken, match="two roots of size"):
        export_bundle(tmp_path / "two", floor=listed.floor)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM ledger_entry WHERE id = (SELECT max(id) FROM ledger_entry)",
        "DELETE FROM ledger_place WHERE place = 3",
        "UPDATE ledger_place SET place = 90 WHERE place = 3",
        "UPDATE ledger_entry SET kind = 'x' WHERE id = 3",
    ],
)
def test_entries_can_be_neither_deleted_nor_changed(listed: Hall, statement: str) -> None:
    size = listed.size
    with pytest.raises(DBAPIError, match="the ledger is only ever added to"):
        change(listed, statement)
    assert listed.size == size


@pytest.mark.parametrize("minor", [1, -1])
def test_a_balance_edited_by_hand_is_a_fault(listed: Hall, minor: int) -> None:
    account = available(listed.participant("buyer").id)
    change(listed, ADDED, account=account, minor=minor)
    faults = reconcile(floor=listed.floor).faults
    assert len(faults) == 2
    assert account in faults[0]
    assert "do not sum to zero" in faults[1]


def test_money_moved_by_hand_between_two_accounts_is_a_fault(listed: Hall) -> None:
    account = available(listed.participant("buyer").id)
    change(listed, ADDED, account=account, minor=-5)
    change(listed, MADE_UP, account=FEES, minor=5)
    faults = reconcile(floor=listed.floor).faults
    assert [fault.split(":")[0] for fault in faults] == [FEES, account]


def test_balances_made_up_by_hand_are_faults(listed: Hall) -> None:
    change(listed, MADE_UP, account="participant/nobody", minor=7)
    change(listed, ADDED, account=OUTSIDE, minor=-7)
    faults = reconcile(floor=listed.floor).faults
    assert [fault.split(":")[0] for fault in faults] == [OUTSIDE, "participant/nobody"]


def test_an_escrow_without_a_contract_is_a_fault(listed: Hall) -> None:
    trade = listed.contract()
    change(
        listed, "UPDATE trade SET state = 'executed', escrow = 'none' WHERE id = :id", id=trade.id
    )
    assert reconcile(floor=listed.floor).faults == (f"{escrow(trade.id)}: holds 100000, 0 is due",)
    change(listed, "UPDATE posting SET account = 'escrow/TR-X' WHERE account LIKE 'escrow/%'")
    assert "escrow/TR-X: holds 100000, 0 is due" in reconcile(floor=listed.floor).faults


def test_a_posting_edited_by_hand_breaks_its_journal(listed: Hall) -> None:
    change(listed, "UPDATE posting SET minor = minor + 1 WHERE account = :account", account=OUTSIDE)
    faults = reconcile(floor=listed.floor).faults
    assert [fault for fault in faults if "is off by 1 minor units of CNY" in fault]


def test_no_balance_falls_below_zero_even_by_hand(listed: Hall) -> None:
    account = available(listed.participant("buyer").id)
    with pytest.raises(IntegrityError, match="nothing_below_its_limit"):
        change(listed, "UPDATE balance SET minor = -1 WHERE account = :account", account=account)


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        (lambda hall: f"product/{hall.number}", "registration.confirmed"),
        (lambda hall: f"product/{hall.number}", "listing.published"),
        (lambda hall: f"trade/{hall.trade_all().id}", "settlement.executed"),
    ],
)
def test_a_certificate_holds_under_the_log_key(
    listed: Hall, subject: Callable[[Hall], str], kind: str
) -> None:
    name = subject(listed)
    certificate = issue_certificate(name, floor=listed.floor, kind=kind)
    entry, checkpoint = verify_certificate(certificate.to_record(), listed.floor.log_key)
    assert (entry.kind, entry.subject, checkpoint.size) == (kind, name, listed.size)


def test_the_newest_certifiable_entry_is_certified(listed: Hall) -> None:
    certificate = issue_certificate(f"product/{listed.number}", floor=listed.floor)
    assert certificate.entry.kind == "listing.published"


def test_two_floors_have_two_log_keys(listed: Hall) -> None:
    record = issue_certificate(f"product/{listed.number}", floor=listed.floor).to_record()
    stranger = replace(listed.floor.log_key, public_key=listed.keys["rival"].signing.public_key)
    with pytest.raises(Exception, match="the certificate does not hold"):
        verify_certificate(record, stranger)
