"""Consulting the negative list (负面清单) before somebody is admitted or traded with: P-04."""

from __future__ import annotations

from exchange.errors import Refused
from exchange.negative import Barred
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork


def barring(credit_code: str, *, work: UnitOfWork, floor: Floor) -> Barred | None:
    """Return a listing that keeps an organisation off the floor today, or None."""
    today, lookback = floor.clock().date(), floor.house.lookback_days
    found = (one for one in work.negative_list.of_code(credit_code) if one.bars(today, lookback))
    return next(found, None)


def require_not_barred(participant: Participant, *, work: UnitOfWork, floor: Floor) -> None:
    """Raise `Refused` where a participant's organisation is on the negative list.

    Nor is it put there before the unit of work ends.
    """
    reserve_organisation(participant.credit_code, work)
    found = barring(participant.credit_code, work=work, floor=floor)
    if found:
        last = found.last_day(floor.house.lookback_days)
        raise Refused(
            f"{participant.handle}: its organisation is on the negative list until {last} "
            f"({found.id}: {found.reason})",
            rules=("P-04",),
        )


def reserve_organisation(credit_code: str, work: UnitOfWork) -> None:
    """Let nobody else admit or list an organisation till the transaction ends.

    Neither act stands in a subject that the other appends to, so that of two at once on
    PostgreSQL each would miss the other: a participant admitted, and on the list.
    """
    work.chain.store.reserve(f"organisation/{credit_code}")
