"""Adopting a rule pack: what attestations and verdicts apply is declared on the chain first.

Its words are recorded under its digest, so that they can be read when its code is gone, and every
listing is judged again: what the new rules let stand stays on the board under its verdict, since
an attestation goes on to count for the rules that are worded alike; the rest is suspended, and told
which pack it was and what that asks.
"""

from __future__ import annotations

import logging

from exchange.errors import Refused
from exchange.ports import Floor
from exchange.services.acting import record_for_house
from exchange.services.lapse_listings import recheck
from ledger.view import newest, pack_in_force

_log = logging.getLogger(__name__)


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
        work.records.put(floor.pack.record, public=True)
        facts = {"pack": floor.pack.digest}
        record_for_house("pack.adopted", f"exchange/{origin}", facts, work=work, floor=floor)
        because = f"the exchange adopted the pack {floor.pack.name} {floor.pack.version}"
        for product in work.products.listed():
            try:
                recheck([product], because=because, work=work, floor=floor)
            except Refused as error:  # its row says what the chain does not: the others go on
                _log.error("%s could not be judged anew: %s", product.number, error)
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
