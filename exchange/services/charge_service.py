"""Charging for services: what the schedule in force asks for an act is paid in its transaction.

An act that uses a service first finds out what it owes, before anything is done, and pays right
after its own entry, in one of the house that names it.  An exchange whose schedule asks nothing
for services looks at the schedule once and at no account.
"""

from __future__ import annotations

from exchange.clearing import (
    FEES,
    Journal,
    Line,
    Posting,
    account_subject,
    available,
)
from exchange.clearing.fees import TAX
from exchange.errors import InsufficientFunds
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_for_house
from ledger.acts import SignedAct
from ledger.dues import USES, Due, due_for, service_subject, was_listed
from ledger.entries import Entry
from pricing.money import Currency, Money, total


def foresee_due(
    signed: SignedAct, payer: Participant, *, work: UnitOfWork, floor: Floor
) -> Due | None:
    """Return what an act would owe for the service it uses, by the schedule when it was signed.

    For a unit that only reads, before anything costly is done.  None where nothing is asked.
    Raises `InsufficientFunds` where the payer's account does not hold fee and tax.
    """
    due = _due(signed, work, floor)
    if due:
        _require_money(due, payer, work)
    return due


def due_of(signed: SignedAct, payer: Participant, *, work: UnitOfWork, floor: Floor) -> Due | None:
    """Return what an act owes for the service it uses, as `foresee_due` does.

    The payer's account is held until the transaction ends.
    """
    due = _due(signed, work, floor)
    if due:
        work.chain.store.reserve(account_subject(payer.id))
        _require_money(due, payer, work)
    return due


def charge(due: Due | None, act: Entry, *, work: UnitOfWork, floor: Floor) -> None:
    """Charge who signed an act that was recorded in this unit of work; nothing for None."""
    if due is None:
        return
    lines = _lines(due)
    facts = {
        "service": due.service,
        "payer": act.actor,
        "fees": due.fees,
        "lines": [line.to_record() for line in lines],
    }
    entry = record_for_house("service.charged", service_subject(act), facts, work=work, floor=floor)
    paid = Posting(available(act.actor), -total(line.amount for line in lines))
    postings = (paid, *(Posting(line.account, line.amount) for line in lines))
    work.accounts.post(
        Journal(
            f"fee for the {due.service}: {act.subject.partition('/')[2]}",
            entry.leaf.hex(),
            postings,
        )
    )


def _due(signed: SignedAct, work: UnitOfWork, floor: Floor) -> Due | None:
    act = signed.act
    if act.kind == "listing.requested" and was_listed(act, work.chain.store):
        return None
    return due_for(USES[act.kind], work.chain.store, floor.house.origin, act.time)


def _require_money(due: Due, payer: Participant, work: UnitOfWork) -> None:
    asked = total(line.amount for line in _lines(due))
    spendable = work.accounts.spendable(available(payer.id), asked.currency)
    if spendable < asked:
        holds = f"the account of {payer.handle} holds {spendable}"
        raise InsufficientFunds(f"{asked} are asked for the {due.service}, {holds}")


def _lines(due: Due) -> list[Line]:
    currency = Currency(due.currency)
    words = (f"fee for the {due.service}", f"tax on the fee for the {due.service}")
    return [
        Line(account, Money(amount, currency), what)
        for account, amount, what in zip((FEES, TAX), due.amounts, words, strict=False)
    ]
