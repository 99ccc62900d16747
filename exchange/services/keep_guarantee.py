"""The guarantee fund (担保基金): everybody's own part of it, put in and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.clearing import account_subject, available, guarantee, transfer
from exchange.errors import BadField, Forbidden, Refused
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    amount_of,
    record,
    subject_id,
    unchanged,
)
from exchange.services.file_deal import NETTING
from ledger.acts import SignedAct
from pricing.money import Currency, Money


@dataclass(frozen=True, slots=True)
class Fund:
    """What the whole guarantee fund holds, and of how many participants, by currency."""

    total: Money
    members: int


def contribute(signed: SignedAct, *, floor: Floor) -> Money:
    """Put money of the actor's account into the fund; return the actor's part of it.

    Raises `InsufficientFunds` where the account does not hold the amount.
    """
    return _move(signed, "guarantee.contributed", floor=floor)


def take_back(signed: SignedAct, *, floor: Floor) -> Money:
    """Take money out of the actor's own part of the fund; return what stays in it.

    Raises `Refused` as long as the actor owes anything that no cycle has netted, or for its own
    default, and `InsufficientFunds` for more than its part.
    """
    return _move(signed, "guarantee.returned", floor=floor)


def _move(signed: SignedAct, kind: str, *, floor: Floor) -> Money:
    with floor.write() as work:
        actor = admit_act(signed, kind, work=work, floor=floor)
        if subject_id(signed, "account") != actor.id:
            raise Forbidden(f"act.subject: not the account of {actor.handle}")
        amount, part = _amount(signed), guarantee(actor.id)
        if unchanged(work.chain.recorded(signed), signed):
            return work.accounts.balance(part, amount.currency)
        # In this order everywhere, so that no two wait for one another.
        work.chain.store.reserve(NETTING)
        work.chain.store.reserve(account_subject(actor.id))
        source, target = available(actor.id), part
        if kind == "guarantee.returned":
            source, target = target, source
            _require_free(actor.id, work)
        entry = record(signed, work=work, floor=floor)
        what = f"part of the guarantee fund: {kind.partition('.')[2]}"
        work.accounts.post(transfer(what, entry, source, target, amount))
        return work.accounts.balance(part, amount.currency)


def _require_free(participant: str, work: UnitOfWork) -> None:
    newest = work.cycles.newest()
    owes = any(
        position.carried < 0
        for position in work.cycles.positions_of(participant)
        if newest and position.cycle == newest.day
    )
    if owes or work.obligations.owes(participant):
        raise Refused(f"{participant} owes what no cycle has netted yet: its part stays")


def _amount(signed: SignedAct) -> Money:
    amount = amount_of(signed, "amount")
    if amount.minor <= 0:
        raise BadField("act.facts.amount", "an amount above zero")
    return amount


# Looking.


def parts_of(participant: str, work: UnitOfWork) -> list[Money]:
    """Return a participant's part of the fund, in each currency that it has any of."""
    found = (work.accounts.balance(guarantee(participant), currency) for currency in Currency)
    return [part for part in found if part.minor]


def fund(work: UnitOfWork) -> Mapping[Currency, Fund]:
    """Return what the whole fund holds, by currency."""
    found: dict[Currency, Fund] = {}
    for (_, currency), part in work.accounts.balances(guarantee("")).items():
        if part.minor:
            before = found.get(currency, Fund(Money(0, currency), 0))
            found[currency] = Fund(before.total + part, before.members + 1)
    return found
