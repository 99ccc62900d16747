"""Settlement cycles for everybody, and each party's own obligations, nets and part of the fund."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from exchange.clearing import Cycle, Obligation
from exchange.participants import Role
from exchange.services import keep_guarantee
from exchange.services.close_cycle import close_cycle, in_default, own_entries
from exchange.web.acts import signed_act
from exchange.web.api.netting_replies import (
    CycleAsked,
    CycleShape,
    FundShape,
    ObligationShape,
    OwnPositionsShape,
    PartShape,
)
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Signed
from exchange.web.gate import caller, floor
from pricing.money import Money

cycles = Noun("cycles")


@cycles.read("/cycles")
@cycles.gives(CycleShape(many=True))
def list_all() -> Sequence[Cycle]:
    """List the settlement cycles, totals alone."""
    with floor().read() as work:
        return work.cycles.all()


@cycles.read("/cycles/<day>")
@cycles.gives(CycleShape)
def get(day: str) -> Cycle:
    """Return the cycle of a day, totals alone."""
    with floor().read() as work:
        return work.cycles.get(day)


@cycles.write("/cycles")
@cycles.takes(CycleAsked)
@cycles.gives(CycleShape, 201)
def close(body: dict[str, Any]) -> Cycle:
    """Close and settle the cycle of a day, at the request of the operator."""
    caller().require(Role.OPERATOR)
    return close_cycle(body["day"], floor=floor())


@cycles.read("/obligations")
@cycles.gives(ObligationShape(many=True))
def list_obligations() -> Sequence[Obligation]:
    """List what the caller owes and is owed; nobody else's."""
    with floor().read() as work:
        return work.obligations.of(caller().id)


@cycles.read("/positions")
@cycles.gives(OwnPositionsShape)
def list_positions() -> dict[str, Any]:
    """Return the caller's own nets, cycle by cycle, and the entries about them; nobody else's."""
    with floor().read() as work:
        found = [dataclasses.asdict(each) for each in work.cycles.positions_of(caller().id)]
        for each in found:
            del each["party"]
        return {
            "positions": found,
            "entries": [entry.leaf.hex() for entry in own_entries(caller().id, work)],
            "in_default": in_default(caller().id, work),
        }


@cycles.read("/guarantee")
@cycles.gives(FundShape(many=True))
def show_fund() -> list[keep_guarantee.Fund]:
    """Return what the guarantee fund holds, and of how many members."""
    with floor().read() as work:
        return list(keep_guarantee.fund(work).values())


@cycles.read("/guarantee/own")
@cycles.gives(PartShape(many=True))
def show_part() -> list[dict[str, Money]]:
    """Return the caller's own part of the guarantee fund; nobody else's."""
    with floor().read() as work:
        return [{"part": part} for part in keep_guarantee.parts_of(caller().id, work)]


@cycles.write("/guarantee/contributions")
@cycles.takes(Signed)
@cycles.gives(PartShape, 201)
def contribute(body: dict[str, Any]) -> dict[str, Money]:
    """Put money of the caller's account into the guarantee fund."""
    signed = signed_act(body, f"account/{caller().id}")
    return {"part": keep_guarantee.contribute(signed, floor=floor())}


@cycles.write("/guarantee/returns")
@cycles.takes(Signed)
@cycles.gives(PartShape, 201)
def take_back(body: dict[str, Any]) -> dict[str, Money]:
    """Take money out of the caller's part of the guarantee fund."""
    signed = signed_act(body, f"account/{caller().id}")
    return {"part": keep_guarantee.take_back(signed, floor=floor())}
