"""Accounts: deposits and withdrawals by the operator, and everybody's own."""

from __future__ import annotations

from typing import Any

from exchange.clearing import available
from exchange.errors import Forbidden
from exchange.services.settle import deposit, withdraw
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.noun import Noun
from exchange.web.api.replies import (
    AccountShape,
    BalanceShape,
)
from exchange.web.api.requests import (
    Committed,
)
from exchange.web.gate import caller, floor
from pricing.money import Money, total

accounts = Noun("accounts", path="/accounts")


@accounts.read("/<participant>")
@accounts.gives(AccountShape)
def get(participant: str) -> dict[str, Any]:
    """Return the caller's own balance, and what moved it; nobody else's."""
    if participant not in {caller().id, caller().handle}:
        raise Forbidden("an account is open to its owner alone")
    account = available(caller().id)
    with floor().read() as work:
        journals = work.accounts.journals(account)
        return {
            "account": account,
            "balance": work.accounts.balance(account),
            "journals": [
                {
                    "what": journal.what,
                    "entry": journal.entry,
                    "amount": total(
                        part.amount for part in journal.postings if part.account == account
                    ),
                }
                for journal in journals
            ],
        }


@accounts.write("/<participant>/deposits")
@accounts.takes(Committed)
@accounts.gives(BalanceShape, 201)
def deposit_money(body: dict[str, Any], participant: str) -> dict[str, str | Money]:
    """Credit a participant with money that came in from its bank."""
    signed = signed_act(body, f"account/{participant}")
    balance = deposit(signed, openings_of(body), floor=floor())
    return {"account": available(participant), "balance": balance}


@accounts.write("/<participant>/withdrawals")
@accounts.takes(Committed)
@accounts.gives(BalanceShape, 201)
def withdraw_money(body: dict[str, Any], participant: str) -> dict[str, str | Money]:
    """Pay a participant's money out to its bank."""
    signed = signed_act(body, f"account/{participant}")
    balance = withdraw(signed, openings_of(body), floor=floor())
    return {"account": available(participant), "balance": balance}
