"""The house: whether it answers, and its rules."""

from __future__ import annotations

from typing import Any

from exchange.errors import Broken
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    HealthShape,
    HouseShape,
)
from exchange.web.gate import checking, floor
from ledger.acts import format_time

house = Noun("house")


@house.read("/health")
@house.gives(HealthShape)
def health() -> dict[str, str]:
    """Say that the exchange answers, the time by its clock, and whether its money is sound.

    `status` is whether it answers: books that are broken do not make it `ok` less, since whoever
    restarts a server that does not answer would restart one whose books do not agree.  A store
    that has lost the newest entry of its log is no answer: `Broken`.
    """
    with floor().read() as work:
        size = work.chain.store.edge().size  # the store answers too
        if not any(work.chain.store.entries(size - 1)):
            raise Broken(f"the log has lost entry {size - 1}, its newest")
    last = checking().last
    return {
        "status": "ok",
        "time": format_time(floor().clock()),
        "money": str(last.soundness),
        "money_checked_at": last.time,
    }


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
