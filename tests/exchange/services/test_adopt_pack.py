"""The rule pack of the settings is declared on the chain before anything is judged by it."""

from __future__ import annotations

from dataclasses import replace

from exchange.compliance import RulePack
from exchange.services.adopt_pack import adopt_pack
from ledger.view import pack_in_force
from tests.exchange.floor import Hall


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
