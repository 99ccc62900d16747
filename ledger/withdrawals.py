"""The rules of withdrawals: each is met once, by a payment or by its failure, for who asked."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.entries import Entry
from ledger.view import Broken, View, newest


def amount_above_zero(entry: Entry, view: View) -> Iterator[Broken]:  # noqa: ARG001 - one signature
    """Require an `amount` above zero."""
    if entry.facts["amount"]["minor"] < 1:
        yield Broken("money", f"{entry.kind} of nothing")


def withdrawal_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a withdrawal that neither was paid nor failed."""
    subject = _asked(entry)
    asked = newest(view, subject, "withdrawal.requested") if subject else None
    if asked is None:
        return  # a payment without a request, or others say so
    if newest(view, subject, "withdrawal.failed"):
        yield Broken("withdrawal", f"{subject} has failed")
    name = subject.partition("/")[2]
    for paid in view.of_kind(f"account/{asked.actor}", "account.withdrawn"):
        if paid.version < asked.version:
            return  # nothing before the request can meet it
        if paid.facts.get("withdrawal") == name:
            yield Broken("withdrawal", f"{subject} was paid by {paid.named}")


def withdrawal_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `withdrawal` that is named to be of that amount and of the account's owner."""
    subject = _asked(entry)
    if not subject:
        return
    asked = newest(view, subject, "withdrawal.requested")
    if asked is None:
        yield Broken("withdrawal", f"nobody asked for {subject}")
        return
    if entry.subject != f"account/{asked.actor}":
        yield Broken("withdrawal", f"{subject} is not of {entry.subject}")
    if entry.facts["amount"] != asked.facts["amount"]:
        yield Broken("withdrawal", f"{subject} is of another amount")


def _asked(entry: Entry) -> str:
    """Name the withdrawal that an entry is about; nothing for a payment without a request."""
    if entry.kind == "account.withdrawn":
        name = entry.facts.get("withdrawal")
        return f"withdrawal/{name}" if name else ""
    return entry.subject
