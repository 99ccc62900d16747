"""Accounts: deposits and withdrawals by the operator, and everybody's own."""

from __future__ import annotations

from typing import Any

from flask import Response

from exchange.clearing import available
from exchange.clearing.statements import Period, Statement
from exchange.errors import Forbidden
from exchange.formats.statement import FORMS, export_statement
from exchange.services.set_credit import set_credit
from exchange.services.settle import deposit, withdraw
from exchange.services.state_account import state_account
from exchange.web.acts import openings_of, signed_act
from exchange.web.api.clearing_replies import (
    SpendableShape,
    StatementQuery,
    StatementShape,
    WrittenStatementQuery,
)
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


@accounts.write("/<participant>/credit")
@accounts.takes(Committed)
@accounts.gives(SpendableShape)
def set_limit(body: dict[str, Any], participant: str) -> dict[str, str | Money]:
    """Let a participant's account fall so far below zero, and no further."""
    signed = signed_act(body, f"account/{participant}")
    spendable = set_credit(signed, openings_of(body), floor=floor())
    return {"account": available(participant), "spendable": spendable}


@accounts.read("/<participant>/statement")
@accounts.takes(StatementQuery, "query")
@accounts.gives(StatementShape)
def statement(query: dict[str, Any], participant: str) -> Statement:
    """State an account in a period: the caller's own, or any to the operator."""
    return _stated(query, participant)


@accounts.read("/<participant>/statement.csv")
@accounts.takes(WrittenStatementQuery, "query")
@accounts.gives(None, media_type="text/csv")
def statement_csv(query: dict[str, Any], participant: str) -> Response:
    """Return the statement as CSV."""
    return _written(query, participant, "csv")


@accounts.read("/<participant>/statement.pdf")
@accounts.takes(WrittenStatementQuery, "query")
@accounts.gives(None, media_type="application/pdf")
def statement_pdf(query: dict[str, Any], participant: str) -> Response:
    """Return the statement as PDF."""
    return _written(query, participant, "pdf")


def _stated(query: dict[str, Any], participant: str) -> Statement:
    if caller().id != floor().house.operator and participant not in {caller().id, caller().handle}:
        raise Forbidden("a statement is open to the account's owner and to the operator")
    period = Period(query["first"], query["last"])
    return state_account(participant, period, floor=floor(), currency=query["currency"])


def _written(query: dict[str, Any], participant: str, form: str) -> Response:
    made = _stated(query, participant)
    response = Response(export_statement(made, form, query["lang"]))
    response.headers["Content-Type"] = FORMS[form].media_type
    name = f"{made.party}-{made.period.first}-{made.period.last}{FORMS[form].suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
