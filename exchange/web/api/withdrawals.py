"""Withdrawals: a participant asks for its money, and follows what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from exchange.clearing import Withdrawal
from exchange.errors import Forbidden
from exchange.services.withdraw_money import request_withdrawal
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.clearing_replies import WithdrawalShape
from exchange.web.api.noun import Noun
from exchange.web.api.requests import Committed
from exchange.web.gate import caller, floor, is_party

withdrawals = Noun("withdrawals", path="/withdrawals")


@withdrawals.write("")
@withdrawals.takes(Committed)
@withdrawals.gives(WithdrawalShape, 201)
def ask(body: dict[str, Any]) -> Withdrawal:
    """Set money of the caller's own aside, to be paid out by the bank."""
    return request_withdrawal(signed_act(body, None), openings_of(body), floor=floor())


@withdrawals.read("")
@withdrawals.gives(WithdrawalShape(many=True))
def list_own() -> Sequence[Withdrawal]:
    """List the caller's own withdrawals; to the operator, those that wait for the bank."""
    with floor().read() as work:
        if caller().id == floor().house.operator:
            return work.withdrawals.open()
        return work.withdrawals.of(caller().id)


@withdrawals.read("/<withdrawal>")
@withdrawals.gives(WithdrawalShape)
def get(withdrawal: str) -> Withdrawal:
    """Return a withdrawal, to who asked for it and to the operator."""
    with floor().read() as work:
        found = work.withdrawals.get(withdrawal)
    if not is_party(found.owner):
        raise Forbidden(f"{withdrawal} is open to who asked for it and to the operator")
    return found
