"""Credit: how far below zero the house lets a participant's account fall (授信额度)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exchange.clearing import available
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor
from exchange.services.acting import (
    account_owner,
    admit_act,
    amount_of,
    opened,
    record,
    unchanged,
)
from ledger.acts import SignedAct
from pricing.money import Money

REASON_MAX: Final = 2_000  # characters


def set_credit(signed: SignedAct, openings: Sequence[Opening], *, floor: Floor) -> Money:
    """Set the limit of an account in one currency, by the operator; return what it may spend.

    Raises `Refused` for a limit below what the account uses of its credit: nobody is owed by a
    stroke of the pen what was lent before.
    """
    text_of(opened(signed, "credit.set", openings), "reason", REASON_MAX)
    with floor.write() as work:
        admit_act(signed, "credit.set", Role.OPERATOR, work=work, floor=floor)
        owner, limit = account_owner(signed, work), amount_of(signed, "limit")
        if not unchanged(work.chain.recorded(signed), signed):
            record(signed, openings, work=work, floor=floor)
            work.accounts.set_credit(available(owner), limit)
        return work.accounts.spendable(available(owner), limit.currency)
