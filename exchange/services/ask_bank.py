"""Asking the bank: what became of withdrawals, and what came in.  A job, to be run again and again.

Nothing is concluded but by the bank's word, and each word is acted on once: a withdrawal ends
once, and a bank's reference credits an account once, as long as it is not erased.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from exchange.clearing import OUTSIDE, Withdrawal, WithdrawalState, account_subject, transfer
from exchange.clearing import available as free_money_of
from exchange.errors import ExchangeError, Refused
from exchange.openings import open_with
from exchange.participants import Participant
from exchange.payments import Notice, PaymentProvider, PayOutState
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from exchange.services.withdraw_money import end_withdrawal, give_up, order_of

NOTICES_MAX: Final = 1_000  # of one run


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run found; `repeated` were credited before, `faults` are left to the next run."""

    handed_in: tuple[str, ...] = ()
    paid: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    credited: tuple[Notice, ...] = ()
    repeated: tuple[Notice, ...] = ()
    unclaimed: tuple[Notice, ...] = ()
    faults: tuple[str, ...] = ()

    def __add__(self, other: Asked) -> Asked:
        names = self.__slots__
        return Asked(**{name: getattr(self, name) + getattr(other, name) for name in names})


def ask_bank(*, floor: Floor) -> Asked:
    """Hand in what waits, end what the bank has ended, and credit what came in.

    One thing that cannot be done hinders no other; it is told, and done by a later run.
    """
    bank = floor.payments()
    with floor.read() as work:
        waiting = work.withdrawals.open()
    found = Asked()
    for withdrawal in waiting:
        try:
            found += _follow(withdrawal, bank, floor=floor)
        except ExchangeError as error:
            found += Asked(faults=(f"withdrawal {withdrawal.id}: {error}",))
    return found + _take_notices(bank, floor=floor)


def _follow(withdrawal: Withdrawal, bank: PaymentProvider, *, floor: Floor) -> Asked:
    handed_in: tuple[str, ...] = ()
    status = bank.status(withdrawal.id)
    if status.state is PayOutState.UNKNOWN:
        with floor.read() as work:
            order = order_of(withdrawal, work)
        if order is None:
            give_up(withdrawal.id, floor=floor)
            return Asked(failed=(withdrawal.id,))
        bank.pay(order)
        status, handed_in = bank.status(withdrawal.id), (withdrawal.id,)
    ended = end_withdrawal(withdrawal.id, status, floor=floor)
    return Asked(
        handed_in=handed_in,
        paid=(ended.id,) if ended.state is WithdrawalState.PAID else (),
        failed=(ended.id,) if ended.state is WithdrawalState.FAILED else (),
    )


def _take_notices(bank: PaymentProvider, *, floor: Floor) -> Asked:
    found, done = Asked(), []
    try:
        for notice in bank.notices(NOTICES_MAX):
            try:
                found += _take(notice, floor=floor)
            except ExchangeError as error:
                found += Asked(faults=(f"notice {notice.id}: {error}",))
            else:
                done.append(notice.id)
        bank.acknowledge(done)  # after what they say was committed
    except ExchangeError as error:
        found += Asked(faults=(str(error),))
    return found


def _take(notice: Notice, *, floor: Floor) -> Asked:
    with floor.write() as work:
        owner = work.participants.find(notice.account)
        if owner is None or owner.id == floor.house.operator:
            work.unclaimed.put(notice)
            return Asked(unclaimed=(notice,))
        if _credit(owner, notice, work=work, floor=floor):
            return Asked(credited=(notice,))
        return Asked(repeated=(notice,))


def claim(key: str, owner: str, *, floor: Floor) -> Notice:
    """Credit a participant with what came in for nobody who was known; as the operator.

    Raises `Refused` where that account was credited with the bank's reference before.
    """
    with floor.write() as work:
        notice = work.unclaimed.get(key)
        credited = work.participants.get(owner)
        if not _credit(credited, notice, work=work, floor=floor):
            raise Refused(f"{credited.handle} was credited with {notice.reference} before")
        work.unclaimed.discard(key)
        return replace(notice, account=credited.id)


def _credit(owner: Participant, notice: Notice, *, work: UnitOfWork, floor: Floor) -> bool:
    """Credit an account, or return False where the reference has credited it already."""
    subject = account_subject(owner.id)
    work.chain.store.reserve(subject)  # so that of two runs at once the second sees the first
    known = work.confidential.of(subject, "account.deposited", "reference")
    if any(opening.value == notice.reference for _, opening in known):
        return False
    openings = open_with(floor.chance, {"reference": notice.reference})
    facts = {"amount": notice.amount.to_record(), "reference": openings[0].commitment}
    entry = record_for_house(
        "account.deposited", subject, facts, openings=openings, work=work, floor=floor
    )
    account = free_money_of(owner.id)
    work.accounts.post(transfer("deposit", entry, OUTSIDE, account, notice.amount))
    return True
