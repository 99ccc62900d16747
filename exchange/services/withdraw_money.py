"""Withdrawing: a participant asks for its money; the bank's word ends what was set aside.

    asked for    withdrawal.requested  the participant's act; the amount is pending, not gone
    handed in    no entry              after the commit, and again until the bank has the order
    paid         account.withdrawn     the amount leaves, on the bank's word
    failed       withdrawal.failed     the amount is free again, on the bank's word

What is done twice changes nothing, so a kill between any two steps neither loses nor doubles money.
"""

from __future__ import annotations

from collections.abc import Sequence

from exchange.clearing import (
    OUTSIDE,
    Transfer,
    Withdrawal,
    WithdrawalState,
    account_subject,
    available,
)
from exchange.errors import BadField
from exchange.openings import Erased, Opening, open_with
from exchange.payments import Payee, PayOut, PayOutState, PayOutStatus
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import (
    admit_act,
    amount_of,
    opened,
    record,
    record_for_house,
    unchanged,
)
from exchange.services.serve_awards import require_nothing_awarded
from ledger.acts import SignedAct, opened_subject
from pricing.money import Money

_FORGOTTEN = "the payee was erased before the bank had the order"


def request_withdrawal(
    signed: SignedAct, openings: Sequence[Opening], *, floor: Floor
) -> Withdrawal:
    """Set an amount of the actor's free money aside, to be paid out to the payee it commits to.

    Raises `InsufficientFunds` where the account does not hold it, `BadField` for a payee that
    is none, `Refused` while an award against the actor is unpaid.
    """
    Payee.read(opened(signed, "withdrawal.requested", openings)["payee"])
    identity = opened_subject("withdrawal", signed.act).partition("/")[2]
    with floor.write() as work:
        owner = admit_act(signed, "withdrawal.requested", work=work, floor=floor)
        amount = _amount(signed)
        if unchanged(work.chain.recorded(signed), signed):
            return work.withdrawals.get(identity)
        require_nothing_awarded(owner.id, work)
        # A credit that it rests on must be placed before it.
        work.chain.store.reserve(account_subject(owner.id))
        entry = record(signed, openings, work=work, floor=floor)
        leaf = entry.leaf.hex()
        work.accounts.hold(
            Transfer(identity, "withdrawal", available(owner.id), OUTSIDE, amount, leaf)
        )
        asked = Withdrawal(identity, owner.id, amount, entry.time, leaf, leaf)
        work.withdrawals.put(asked)
        return asked


def order_of(withdrawal: Withdrawal, work: UnitOfWork) -> PayOut | None:
    """Return the order to a bank that carries a withdrawal out; None where its payee was erased."""
    payee = work.confidential.get(withdrawal.asked, "payee")
    if isinstance(payee, Erased):
        return None
    return PayOut(withdrawal.id, Payee.read(payee.value), withdrawal.amount)


def end_withdrawal(identity: str, status: PayOutStatus, *, floor: Floor) -> Withdrawal:
    """Record what the bank says of a withdrawal, as the house: paid, failed, or nothing yet.

    A withdrawal that has ended stays as it is.
    """
    with floor.write() as work:
        found = work.withdrawals.get(identity)
        work.chain.store.reserve(account_subject(found.owner))
        if found.state is not WithdrawalState.REQUESTED:
            return found
        if status.state is PayOutState.PAID:
            ended = _paid(found, status.reference, work=work, floor=floor)
        elif status.state is PayOutState.FAILED:
            ended = _failed(found, status.reason, work=work, floor=floor)
        else:
            return found
        work.withdrawals.put(ended)
        return ended


def give_up(identity: str, *, floor: Floor) -> Withdrawal:
    """End a withdrawal whose payee was erased, and which no bank has the order of."""
    return end_withdrawal(
        identity, PayOutStatus(PayOutState.FAILED, reason=_FORGOTTEN), floor=floor
    )


def _paid(found: Withdrawal, reference: str, *, work: UnitOfWork, floor: Floor) -> Withdrawal:
    openings = open_with(floor.chance, {"reference": reference})
    facts = {
        "amount": found.amount.to_record(),
        "withdrawal": found.id,
        "reference": openings[0].commitment,
    }
    subject = account_subject(found.owner)
    entry = record_for_house(
        "account.withdrawn", subject, facts, openings=openings, work=work, floor=floor
    )
    work.accounts.post_held(found.id, entry.leaf.hex())
    return found.moved(WithdrawalState.PAID, entry)


def _failed(found: Withdrawal, reason: str, *, work: UnitOfWork, floor: Floor) -> Withdrawal:
    subject = f"withdrawal/{found.id}"
    facts = {"reason": reason}
    entry = record_for_house("withdrawal.failed", subject, facts, work=work, floor=floor)
    work.accounts.void_held(found.id, entry.leaf.hex())
    return found.moved(WithdrawalState.FAILED, entry, reason)


def _amount(signed: SignedAct) -> Money:
    amount = amount_of(signed, "amount")
    if amount.minor <= 0:
        raise BadField("act.facts.amount", "a withdrawal is above zero")
    return amount
