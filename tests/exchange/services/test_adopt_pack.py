"""The rule pack of the settings is declared on the chain before anything is judged by it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.compliance import Rule, RulePack, Severity, fired
from exchange.listing import ListingState
from exchange.services.adopt_pack import adopt_pack
from ledger.view import pack_in_force
from tests.exchange.by_hand import forge
from tests.exchange.floor import Hall, open_hall, sheet
from tests.exchange.services.test_check_money import OTHER, PUT_ON_BOARD


def test_another_pack_is_adopted_once(hall: Hall) -> None:
    size = hall.size
    assert not adopt_pack(floor=hall.floor)
    assert hall.size == size
    other = RulePack(name="other", jurisdiction="CN", version="2", rules=hall.floor.pack.rules)
    floor = replace(hall.floor, pack=other)
    assert adopt_pack(floor=floor)
    assert not adopt_pack(floor=floor)
    assert hall.size == size + 1
    with floor.read() as work:
        assert pack_in_force(work.chain.store, floor.house.origin) == other.digest


def test_a_row_that_no_entry_stands_behind_keeps_no_pack_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    never = Rule(
        id="Z-01",
        statement="Nothing passes",
        basis={"CN": "a test"},
        severity=Severity.BLOCK,
        check=lambda case: fired("it is so"),  # noqa: ARG005
        evidence="none",
        unlock="nothing",
    )
    with open_hall(tmp_path / "exchange", "listed") as hall:
        other = hall.register("level.csv", OTHER).number
        hall.supplier.submit_sheet(other, sheet())
        forge(hall, PUT_ON_BOARD)
        pack = RulePack(name="other", jurisdiction="CN", version="2", rules=(never,))
        assert adopt_pack(floor=replace(hall.floor, pack=pack))
        assert hall.product().listing is ListingState.SUSPENDED
        assert f"{other} could not be judged anew: needs: listing.suspended" in caplog.text
