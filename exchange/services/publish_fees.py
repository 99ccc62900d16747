"""Publishing fees: a schedule becomes a public record, and the chain says from when it holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from exchange.clearing.fees import FeeSchedule
from exchange.errors import DataDiffer
from exchange.participants import Role
from exchange.ports import Floor, UnitOfWork
from exchange.records import read_record
from exchange.services.acting import admit_act, record, unchanged
from ledger.acts import SignedAct, format_time
from ledger.canonical import decode
from ledger.entries import Entry
from ledger.fees import published_at
from ledger.kinds.clearing import SERVICES


@dataclass(frozen=True, slots=True)
class Published:
    """A schedule with the entry that published it."""

    schedule: FeeSchedule
    entry: Entry


def fee_facts(schedule: FeeSchedule) -> dict[str, Any]:
    """Return what the operator signs to publish a schedule: services that cost nothing are left."""
    asked = {name: cost.to_record() for name, cost in schedule.services.items() if cost.minor}
    return asked | {
        "fees": schedule.digest,
        "most_ppm": schedule.most_ppm,
        "tax_ppm": schedule.tax_ppm,
        "since": schedule.since,
    }


def publish_fees(signed: SignedAct, schedule: FeeSchedule, *, floor: Floor) -> Published:
    """Publish a schedule that begins seven days from now or later, by the operator.

    Raises `DataDiffer` where the act is of another schedule, `BadField` without the notice, and
    `Refused` where one that begins as late or later was published before.
    """
    expected = fee_facts(schedule)
    for name in (*expected, *SERVICES):
        if signed.act.facts.get(name) != expected.get(name):
            raise DataDiffer(f"act.facts.{name}: not that of the schedule {schedule.version}")
    with floor.write() as work:
        admit_act(signed, "fees.published", Role.OPERATOR, work=work, floor=floor)
        known = work.chain.recorded(signed)
        if unchanged(known, signed) and known is not None:
            return Published(schedule, known)
        schedule.require_notice(floor.clock())
        work.records.put(schedule.record, public=True)
        return Published(schedule, record(signed, work=work, floor=floor))


def fees_in_force(work: UnitOfWork, floor: Floor) -> FeeSchedule | None:
    """Return the schedule for prices that are quoted now; None where none holds yet."""
    entry = published_at(work.chain.store, floor.house.origin, format_time(floor.clock()))
    return schedule_of(entry.facts["fees"], work) if entry else None


def schedule_of(digest: str, work: UnitOfWork) -> FeeSchedule:
    """Return a schedule by the digest of its record."""
    return read_record(FeeSchedule, decode(work.records.get(digest)))


def published_fees(work: UnitOfWork, floor: Floor) -> Sequence[Published]:
    """Return every schedule that was published, the one that begins last first."""
    found = work.chain.store.of_kind(f"exchange/{floor.house.origin}", "fees.published")
    return [Published(schedule_of(entry.facts["fees"], work), entry) for entry in found]
