"""Opening an exchange: the operator shows its key, and says under which rules the log begins."""

from __future__ import annotations

from dataclasses import replace

from exchange.participants import Participant, Role, Standing
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import draft, record
from ledger.checkpoint import Checkpoint
from ledger.keys import Signer


def open_exchange(
    operator: Participant,
    signer: Signer,
    *,
    clock: str,
    continues: Checkpoint | None,
    work: UnitOfWork,
    floor: Floor,
) -> Participant:
    """Record the two entries every log begins with; return the operator under its new id.

    `operator` is the page of the register so far, `clock` the sort of clock in the settings, and
    `continues` the last checkpoint of another log, verified by whoever opens this one.
    """
    first = draft(
        "participant.key",
        subject=None,
        actor=None,
        facts={"public_key": operator.public_key, "recipient": operator.recipient},
        floor=floor,
        public_key=signer.public_key,
    )
    key = record(first.signed(signer), work=work, floor=floor)
    named = replace(
        operator,
        id=key.actor,
        roles=frozenset({Role.OPERATOR}),
        standing=Standing.ADMITTED,
        head=key.leaf.hex(),
        licences_until="",
    )
    house = floor.house
    facts = {
        "log_key": floor.log_key.public_key.hex(),
        "notice_seconds": house.notice_seconds,
        "fee_ppm": house.fee_ppm,
        "pack": floor.pack.digest,
        "clock": clock,
        "continues": [
            {"origin": last.origin, "size": last.size, "root": last.root.hex()}
            for last in (continues,)
            if last
        ],
    }
    subject = f"exchange/{house.origin}"
    act = draft("exchange.opened", subject=subject, actor=named, facts=facts, floor=floor)
    record(act.signed(signer), work=work, floor=floor)
    work.records.put(floor.pack.record, public=True)
    work.participants.put(named)
    return named
