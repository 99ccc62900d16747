"""The log's own keys, and its end: acts of the operator about the exchange."""

from __future__ import annotations

from exchange.participants import Role
from exchange.ports import Floor
from exchange.services.acting import admit_act, record
from ledger.acts import SignedAct
from ledger.entries import Entry


def add_log_key(signed: SignedAct, *, floor: Floor) -> Entry:
    """Give the log a new key; until `overlap` entries from here the one before signs as well.

    Raises `Forbidden` for anybody but the operator, `Refused` for a key that the log had before.
    """
    return _of_the_exchange(signed, "log.key_added", floor)


def close_log(signed: SignedAct, *, floor: Floor) -> Entry:
    """End the log: nothing is recorded after this, and what stands is still served.

    Raises `Forbidden` for anybody but the operator, `Refused` where the log has ended.
    """
    return _of_the_exchange(signed, "log.closed", floor)


def _of_the_exchange(signed: SignedAct, kind: str, floor: Floor) -> Entry:
    with floor.write() as work:
        admit_act(signed, kind, Role.OPERATOR, work=work, floor=floor)
        return record(signed, work=work, floor=floor)
