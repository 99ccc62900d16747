"""Credit: how far below zero the house lets a participant's account fall (授信额度)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from exchange.clearing import available
from exchange.errors import BadField, NotFound
from exchange.openings import Opening, text_of
from exchange.participants import Role
from exchange.ports import Floor
from exchange.services.acting import admit_act, opened, record, subject_id, unchanged
from ledger.acts import SignedAct
from pricing.errors import PricingError
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
        owner = subject_id(signed, "account")
        if work.participants.get(owner).id != owner:
            raise NotFound(f"there is no participant with the id {owner}")
        try:
            limit = Money.read(signed.act.facts.get("limit"))
        except PricingError as error:
            raise BadField("act.facts.limit", str(error)) from error
        if not unchanged(work.chain.recorded(signed), signed):
            record(signed, openings, work=work, floor=floor)
            work.accounts.set_credit(available(owner), limit)
        return work.accounts.spendable(available(owner), limit.currency)
