"""The negative list (负面清单): who may not be admitted nor traded with (rule P-04)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from annotated_types import Len
from pydantic import ConfigDict

from exchange.errors import BadField, Conflict, DataDiffer, Refused
from exchange.negative import Barred
from exchange.openings import Opening
from exchange.participants import NO_CODE, Participant, Role, Standing, is_organisation_code
from exchange.ports import Floor, UnitOfWork
from exchange.records import STRICT, read_record, to_record
from exchange.services.acting import (
    admit_act,
    fact,
    opened,
    record,
    subject_id,
    unchanged,
)
from exchange.services.admit_participant import suspend_for_house
from exchange.services.consult_negative_list import reserve_organisation
from ledger.acts import SignedAct, opened_subject


@dataclass(frozen=True, slots=True)
class Organisation:
    """Whom a listing is about: the value that its act commits to."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    credit_code: str
    name: Annotated[str, Len(1, 200)]

    def __post_init__(self) -> None:
        if not is_organisation_code(self.credit_code):
            raise ValueError(f"credit_code: {NO_CODE}")


def list_organisations(
    acts: Sequence[tuple[SignedAct, Sequence[Opening]]], *, floor: Floor
) -> list[Barred]:
    """Put organisations on the list, all of them or none.

    A participant of such an organisation is suspended at once; its listings leave the board, and
    so do those that rest on its word.  Raises `BadField` for a code that fails its check or days
    out of order, `Conflict` for an organisation that is listed already for the same reason from
    the same day, `Refused` for the operator's own.
    """
    with floor.write() as work:
        return [_list(signed, openings, work=work, floor=floor) for signed, openings in acts]


def _list(
    signed: SignedAct, openings: Sequence[Opening], *, work: UnitOfWork, floor: Floor
) -> Barred:
    value = opened(signed, "negative.listed", openings)["organisation"]
    organisation = _organisation(value)
    admit_act(signed, "negative.listed", Role.OPERATOR, work=work, floor=floor)
    key = opened_subject("negative", signed.act).partition("/")[2]
    if unchanged(work.chain.recorded(signed), signed):
        return work.negative_list.get(key)
    since, until = _day(signed, "since"), _day(signed, "until")
    if since > floor.clock().date() or until < since:
        raise BadField("act.facts.since", "not after today, nor after until")
    reason = fact(signed, "reason")
    for known in work.negative_list.of_code(organisation.credit_code):
        if not known.cleared and (known.since, known.reason) == (since, reason):
            raise Conflict(f"{known.id} lists {organisation.name} for that already")
    operator = work.participants.get(floor.house.operator)
    if operator.credit_code == organisation.credit_code:
        raise Refused("the exchange does not list its own operator")
    reserve_organisation(organisation.credit_code, work)
    entry = record(signed, openings, work=work, floor=floor)
    barred = Barred(
        id=key,
        credit_code=organisation.credit_code,
        name=organisation.name,
        reason=reason,
        source=fact(signed, "source"),
        since=since,
        until=until,
        head=entry.leaf.hex(),
    )
    work.negative_list.put(barred)
    if barred.bars(floor.clock().date(), floor.house.lookback_days):
        for participant in participants_of(barred, work):
            reason = f"its organisation is on the negative list: {barred.id}"
            suspend_for_house(participant, reason, work=work, floor=floor)
    return barred


def _organisation(value: Any) -> Organisation:  # noqa: ANN401 - as opened
    where = "openings.organisation.value"
    if not isinstance(value, Mapping):
        raise BadField(where, "an object with a credit_code and a name")
    organisation = read_record(Organisation, value, within=where)
    if to_record(organisation) != value:
        raise DataDiffer(f"{where}: not written as it is read")
    return organisation


def _day(signed: SignedAct, name: str) -> dt.date:
    try:
        return dt.date.fromisoformat(fact(signed, name))
    except ValueError as error:
        raise BadField(f"act.facts.{name}", "a date such as 2026-01-05") from error


def participants_of(barred: Barred, work: UnitOfWork) -> Iterator[Participant]:
    """Yield the admitted participants that are an organisation on the list."""
    for participant in work.participants.all():
        same = participant.credit_code == barred.credit_code
        if same and participant.standing is Standing.ADMITTED:
            yield participant


def clear_organisation(signed: SignedAct, *, floor: Floor) -> Barred:
    """Take a listing off; participants it suspended stay so until they are admitted again."""
    with floor.write() as work:
        admit_act(signed, "negative.cleared", Role.OPERATOR, work=work, floor=floor)
        barred = work.negative_list.get(subject_id(signed, "negative"))
        if unchanged(work.chain.recorded(signed), signed):
            return barred
        if barred.cleared:
            raise Conflict(f"{barred.id} was taken off on {barred.cleared}")
        entry = record(signed, work=work, floor=floor)
        cleared = barred.cleared_on(floor.clock().date(), entry.leaf.hex())
        work.negative_list.put(cleared)
        return cleared
