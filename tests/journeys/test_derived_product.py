"""A right to process is granted, a product is derived, listed and sold; then the right ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.errors import Refused
from exchange.listing import ListingState
from exchange.services.access_delivery import access_delivery
from exchange.services.audit_provenance import export_bundle, reconcile
from exchange.trading import TradeState
from ledger.audit import audit
from ledger.checkpoint import VerifierKey
from tests.exchange.floor import DERIVED, Hall


def test_a_processor_sells_what_it_derived_until_its_right_ends(
    listed: Hall, tmp_path: Path
) -> None:
    """What was received before is settled; after it, no contract, no delivery and no fetch."""
    source, processor = listed.number, listed.contributor
    grant = listed.grant(purposes=("research", "shipping"), regions=("CN",))
    derived = listed.derive()
    assert processor.list(derived)[0].listing is ListingState.LISTED
    listed.number = derived
    trade = listed.order()
    processor.accept(trade.id)
    processor.deliver(trade.id, tmp_path)
    listed.buyer.receive(trade.id, tmp_path / "bought.csv")
    assert (tmp_path / "bought.csv").read_text(encoding="utf-8") == DERIVED
    second = listed.order()
    processor.accept(second.id)
    listed.deposit("rival")
    late = listed.order("rival")

    listed.supplier.revoke(source, grant, "the terms were broken")
    size = listed.size
    with pytest.raises(Refused, match=f"{derived} is suspended, not on the board"):
        processor.accept(late.id)
    assert listed.size == size

    with pytest.raises(Refused, match=f"{derived} is suspended, not on the board"):
        processor.deliver(second.id, tmp_path)
    assert listed.size == size

    processor.lapse(late.id, "the right to process has ended")
    cancelled = listed.house.cancel(second.id, "the right to process has ended")
    assert cancelled.state is TradeState.CANCELLED
    with pytest.raises(Refused, match=f"{derived} is suspended, not on the board"):
        access_delivery(trade.id, by=listed.participant("buyer").id, floor=listed.floor)
    assert listed.house.settle(trade.id)[0].state is TradeState.EXECUTED
    with pytest.raises(Refused, match=f"lineage: .* derived product/{derived} from {source}"):
        processor.list(derived)

    assert reconcile(floor=listed.floor).faults == ()

    export_bundle(tmp_path / "bundle", floor=listed.floor)
    report = audit(tmp_path / "bundle", key=VerifierKey.parse(str(listed.floor.log_key)))
    assert report.findings == []
    assert report.kinds["right.granted"] == report.kinds["right.revoked"] == 1
    assert report.kinds["listing.published"] == 2


def test_a_right_granted_again_brings_the_sale_back(listed: Hall) -> None:
    source = listed.number
    grant = listed.grant()
    listed.number = listed.derive()
    listed.contributor.list(listed.number)
    trade = listed.order()
    listed.supplier.revoke(source, grant, "by mistake")
    with pytest.raises(Refused, match="is suspended, not on the board"):
        listed.contributor.accept(trade.id)
    listed.supplier.grant(source, listed.terms())
    assert listed.contributor.list(listed.number)[0].listing is ListingState.LISTED
    assert listed.contributor.accept(trade.id).state is TradeState.CONTRACTED
