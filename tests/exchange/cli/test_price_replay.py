"""``guapai price replay`` on what an exchange recorded, and on its bundle where it is not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.services.audit_provenance import export_bundle
from tests.exchange.cli.guapai import Guapai
from tests.exchange.floor import Hall, open_hall, shared, sheet


@pytest.fixture
def settled(tmp_path: Path) -> Iterator[tuple[Hall, str, str]]:
    """A product with costs and two contributors was sold; the hall, the quote and the trade."""
    with open_hall(tmp_path / "exchange") as hall:
        sharing = shared(hall, supplier="QD", contributor="RZ")
        costs = [{"activity": "survey", "amount": "900.00 CNY"}]
        hall.list(sheet(sharing=sharing, costs=costs))
        hall.deposit()
        trade = hall.trade_all()
        yield hall, trade.quote, trade.id


def test_the_prices_of_a_trade_come_out_again(
    settled: tuple[Hall, str, str], tmp_path: Path
) -> None:
    hall, quote, trade = settled
    guapai = Guapai(hall.folder)
    quoted = guapai.json("price", "replay", quote)
    assert [(each["where"], each["kind"], each["outcome"]) for each in quoted["records"]] == [
        (f"{quote} evidence", "appraisers", "bit for bit"),
        (f"{quote} pricing", "strategies", "bit for bit"),
    ]
    shared_out, moved = guapai.json("price", "replay", trade)["records"]
    assert (shared_out["kind"], shared_out["plugin"]) == ("allocators", "by-rows")
    assert (moved["kind"], moved["where"]) == ("estimators", f"{trade} pricing")
    with hall.floor.read() as work:
        digest = work.quotes.get(quote).pricing
    assert "bit for bit" in guapai("price", "replay", digest).stdout

    bundle = tmp_path / "bundle"
    export_bundle(bundle, floor=hall.floor)
    elsewhere = Guapai(tmp_path / "nowhere")
    everything = elsewhere.json("price", "replay", "--bundle", bundle)["records"]
    assert everything == [*quoted["records"], shared_out, moved]
    here = elsewhere.json("price", "replay", trade, "--bundle", bundle)["records"]
    assert here == [shared_out, moved]
    assert elsewhere.json("price", "replay", digest, "--bundle", bundle)["replayed"]


def test_a_bundle_with_another_record_is_told(
    settled: tuple[Hall, str, str], tmp_path: Path
) -> None:
    hall, quote, _ = settled
    bundle = tmp_path / "bundle"
    export_bundle(bundle, floor=hall.floor)
    with hall.floor.read() as work:
        digest = work.quotes.get(quote).pricing
    kept = bundle / "records" / digest
    kept.write_bytes(kept.read_bytes().replace(b'"list-price"', b'"free-price"'))
    guapai = Guapai(tmp_path / "nowhere")
    error = guapai.error("price", "replay", "--bundle", bundle, code=2)
    assert "is not what its name says" in error["detail"]
    kept.unlink()
    assert guapai.error("price", "replay", "--bundle", bundle, code=2)["code"] == "unreadable"


def test_a_record_that_was_forged_with_its_digest_does_not_come_out(
    settled: tuple[Hall, str, str],
) -> None:
    hall, quote, _ = settled
    with hall.floor.write() as work:
        record = json.loads(work.records.get(work.quotes.get(quote).pricing))
        record["output"]["remarks"] = ["cheap for a friend"]
        forged = json.dumps(record).encode()
        digest = work.records.put(forged, public=True)
    assert digest == hashlib.sha256(forged).hexdigest()
    shown = Guapai(hall.folder)("price", "replay", digest, code=1).stdout
    assert "yields another remarks" in shown


def test_what_has_no_price_is_not_found(settled: tuple[Hall, str, str], tmp_path: Path) -> None:
    hall, _, _ = settled
    guapai = Guapai(hall.folder)
    for what in ("GP-0000-0000-0000", "QT-0000-0000-0000", "ab" * 32, "nothing"):
        assert guapai.error("price", "replay", what, code=1)["code"] == "not_found"
    assert guapai.error("price", "replay", code=1)["code"] == "not_found"
    nowhere = tmp_path / "nowhere"
    assert guapai.error("price", "replay", "--bundle", nowhere, code=1)["code"] == "not_found"
    with open_hall(tmp_path / "empty") as empty:
        bundle = tmp_path / "bundle"
        export_bundle(bundle, floor=empty.floor)
        error = guapai.error("price", "replay", "--bundle", bundle, code=1)
        assert "no price of anything" in error["detail"]
        record = guapai.error("price", "replay", "QT-0000-0000-0000", "--bundle", bundle, code=1)
        assert record["code"] == "not_found"


def test_a_sale_of_the_supplier_alone_divides_nothing(tmp_path: Path) -> None:
    with open_hall(tmp_path / "exchange", "delivered") as hall:
        trade = hall.trade_all()
        found = Guapai(hall.folder).json("price", "replay", trade.id)["records"]
        assert [each["kind"] for each in found] == ["estimators"]
        quoted = Guapai(hall.folder).json("price", "replay", trade.quote)
        assert quoted["replayed"]
