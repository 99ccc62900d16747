"""The house: whether it answers, and its rules."""

from __future__ import annotations

from typing import Any

from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    HealthShape,
    HouseShape,
)
from exchange.web.gate import floor
from ledger.acts import format_time

house = Noun("house")


@house.read("/health")
@house.gives(HealthShape)
def health() -> dict[str, str]:
    """Say that the exchange answers, and the time by its clock."""
    with floor().read() as work:
        work.chain.store.edge()  # the store answers too
    return {"status": "ok", "time": format_time(floor().clock())}


@house.read("/exchange")
@house.gives(HouseShape)
def rules() -> dict[str, Any]:
    """Return the rules of the house; acts name its origin and are signed by its time."""
    ours = floor()
    return {
        "origin": ours.house.origin,
        "name": ours.house.name,
        "operator": ours.house.operator,
        "notice_seconds": ours.house.notice_seconds,
        "fee_ppm": ours.house.fee_ppm,
        "quote_seconds": ours.house.quote_seconds,
        "pack": ours.pack,
        "vkey": str(ours.log_key),
        "time": format_time(ours.clock()),
    }
