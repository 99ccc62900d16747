"""Adopting the rules of the settings: a rule pack, and the licences that roles need.

What acts are held to is declared on the chain first, so that an auditor holds them to the same.
"""

from __future__ import annotations

from exchange.ports import Floor
from exchange.services.acting import record_for_house
from ledger.view import newest, pack_in_force


def adopt_pack(*, floor: Floor) -> bool:
    """Record the rule pack of the settings if the chain names another; return whether it did.

    A log that has ended names its last one for good.
    """
    origin = floor.house.origin
    with floor.read() as work:
        if pack_in_force(work.chain.store, origin) == floor.pack.digest:
            return False
        if newest(work.chain.store, f"exchange/{origin}", "log.closed"):
            return False
    with floor.write() as work:
        facts = {"pack": floor.pack.digest}
        record_for_house("pack.adopted", f"exchange/{origin}", facts, work=work, floor=floor)
    return True


def adopt_licences(*, floor: Floor) -> bool:
    """Record which licences the settings ask for, if the chain asks for others; return whether.

    A log that has ended keeps what it said last.
    """
    origin = floor.house.origin
    with floor.read() as work:
        declared = newest(work.chain.store, f"exchange/{origin}", "licence.required")
        wanted = list(floor.house.licences)
        if (declared.facts["licences"] if declared else []) == wanted:
            return False
        if newest(work.chain.store, f"exchange/{origin}", "log.closed"):
            return False
    with floor.write() as work:
        facts = {"licences": wanted}
        record_for_house("licence.required", f"exchange/{origin}", facts, work=work, floor=floor)
    return True
