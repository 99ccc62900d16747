"""List, trade, audit: the three promises, through the services alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from exchange.certificates import verify_certificate
from exchange.errors import NoScenario, NotCompliant
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.services.issue_certificate import issue_certificate
from exchange.trading import TradeState
from ledger.audit import audit
from ledger.checkpoint import VerifierKey, verify
from tests.exchange.floor import DATA, NOTICE, Hall, shared, sheet


def test_two_suppliers_sell_to_two_buyers_and_a_stranger_audits(hall: Hall, tmp_path: Path) -> None:
    """What a stranger needs: the bundle, and the log key from elsewhere."""
    number = hall.register().number
    changed = sheet(sharing=shared(hall, supplier="QD", contributor="RZ"))
    hall.supplier.submit_sheet(number, changed)
    hall.advance(seconds=NOTICE)
    with pytest.raises(NotCompliant):
        hall.supplier.list(number)
    hall.attest(number)
    hall.review(number)
    hall.supplier.list(number)
    hall.number = number
    export_bundle(tmp_path / "before", floor=hall.floor)

    with pytest.raises(NoScenario):
        hall.scenario(purpose="resale", onward_transfer=True)
    trades = []
    for handle in ("buyer", "rival"):
        hall.deposit(handle)
        buyer = hall.desk(handle)
        trade = hall.order(handle)
        hall.supplier.accept(trade.id)
        hall.supplier.deliver(trade.id, tmp_path)
        buyer.receive(trade.id, tmp_path / f"{handle}.csv")
        trades.append(hall.house.settle(trade.id)[0])
        assert (tmp_path / f"{handle}.csv").read_text(encoding="utf-8") == DATA
    assert {trade.state for trade in trades} == {TradeState.EXECUTED}
    assert hall.balance("supplier") == 2 * 65_000
    assert hall.balance("contributor") == 2 * 32_500
    assert reconcile(floor=hall.floor).faults == ()

    export_bundle(tmp_path / "after", floor=hall.floor)
    key = VerifierKey.parse(str(hall.floor.log_key))
    older = verify((tmp_path / "before" / "checkpoint").read_bytes(), key)
    report = audit(tmp_path / "after", key=key, against=older)
    assert report.findings == []
    assert report.kinds["compliance.verdict"] == 2
    assert report.kinds["listing.published"] == 1
    assert report.kinds["scenario.refused"] == 1
    assert report.kinds["settlement.executed"] == 2

    text = json.dumps(issue_certificate(f"trade/{trades[0].id}", floor=hall.floor).to_record())
    entry, checkpoint = verify_certificate(json.loads(text), key)
    assert entry.facts["amount"] == {"minor": 100_000, "currency": "CNY"}
    assert checkpoint.size == report.size
