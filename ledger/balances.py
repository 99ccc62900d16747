"""The money of a log, folded from its entries: what everybody has and what is in escrow.

A fold over entries in their order, for audits: it keeps an amount an account and currency and
one for each trade and engagement that holds money.  Deposits and withdrawals are the
operator's word; what this shows is that nobody was paid, or paid out, what was not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from ledger.entries import Entry
from ledger.view import Broken

Amount = tuple[str, int]  # currency, minor units


class Balances:
    """The accounts of one log; `take` each of its entries in order."""

    def __init__(self) -> None:
        self._accounts: defaultdict[tuple[str, str], int] = defaultdict(int)
        # Of orders and offers that nobody accepted yet: who pays, and whom, where that is known.
        self._offers: dict[str, tuple[str, str]] = {}
        self._escrow: dict[str, tuple[str, str, Amount]] = {}  # the same, with what is held

    def balance(self, account: str, currency: str) -> int:
        """Return what an account holds, in minor units."""
        return self._accounts.get((account, currency), 0)

    def in_escrow(self, subject: str) -> Amount | None:
        """Return what is held for a trade or an engagement, in its currency and minor units."""
        held = self._escrow.get(subject)
        return held[2] if held else None

    def take(self, entry: Entry) -> Iterator[Broken]:  # noqa: C901, PLR0912 - one case a kind
        """Yield what an entry breaks: a balance below zero, an escrow not held or not emptied.

        The entry's facts are of the types that its kind declares.  The money moves all the same,
        so that each entry answers for itself; read the iterator to its end.
        """
        match entry.kind:
            case "account.deposited":
                self._move(_account(entry), _amount(entry.facts["amount"]))
            case "account.withdrawn":
                yield from self._pay(_account(entry), _amount(entry.facts["amount"]))
            case "trade.ordered":
                self._offers[entry.subject] = (entry.actor, "")
            case "engagement.proposed":
                self._offers[entry.subject] = (entry.actor, entry.facts["to"])
            case "trade.lapsed" | "engagement.declined":
                self._offers.pop(entry.subject, None)
            case "trade.contracted" | "engagement.accepted":
                yield from self._hold(entry)
            case "trade.cancelled" | "engagement.cancelled":
                yield from self._release(entry, back=True)
            case "engagement.paid":
                yield from self._release(entry, back=False)
            case "settlement.executed":
                yield from self._settle(entry)
            case "trade.arbitrated" if entry.facts["amount"]["minor"]:
                yield from self._settle(entry)
            case "settlement.part":
                yield from self._part(entry)
            case "refund.claimed":
                yield from self._draw(entry.subject, _amount(entry.facts["amount"]))
                self._move(f"participant/{entry.facts['to']}", _amount(entry.facts["amount"]))
            case "trade.ended" if entry.facts["amount"]["minor"]:
                yield from self._release(entry, back=True)
            case "refund.made" | "trade.reversed":
                yield from self._give_back(entry)
            case "amendment.accepted":
                yield from self._amend(entry)

    def _hold(self, entry: Entry) -> Iterator[Broken]:
        payer, payee = self._offers.pop(entry.subject, ("", ""))
        if not payer:
            yield Broken("escrow", f"{entry.subject} was not ordered, or was contracted before")
            return
        amount = _amount(entry.facts["amount"])
        self._escrow[entry.subject] = (payer, payee, amount)
        yield from self._pay(f"participant/{payer}", amount)

    def _release(self, entry: Entry, *, back: bool) -> Iterator[Broken]:
        payer, payee, held = self._escrow.pop(entry.subject, ("", "", None))
        if held is None:
            yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
            return
        if held != _amount(entry.facts["amount"]):
            yield Broken("escrow", f"{_text(held)} are in escrow for {entry.subject}")
        self._move(f"participant/{payer if back else payee}", held)

    def _settle(self, entry: Entry) -> Iterator[Broken]:
        *_, held = self._escrow.pop(entry.subject, ("", "", None))
        paid = self._pay_out(entry)
        if held is None:
            yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
        elif dict(paid) != {held[0]: held[1]}:
            yield Broken("escrow", f"{_text(held)} are in escrow, the lines pay another sum")

    def _part(self, entry: Entry) -> Iterator[Broken]:
        for amount in self._pay_out(entry).items():
            yield from self._draw(entry.subject, amount)

    def _draw(self, subject: str, amount: Amount) -> Iterator[Broken]:
        """Take an amount out of an escrow, which is forgotten once it is empty."""
        payer, payee, held = self._escrow.get(subject, ("", "", None))
        if held is None:
            yield Broken("escrow", f"nothing is in escrow for {subject}")
            return
        left = held[1] - amount[1]
        if held[0] != amount[0] or left < 0:
            words = f"{_text(held)} are in escrow for {subject}, {_text(amount)} leave it"
            yield Broken("escrow", words)
        elif left:
            self._escrow[subject] = (payer, payee, (held[0], left))
        else:
            del self._escrow[subject]

    def _give_back(self, entry: Entry) -> Iterator[Broken]:
        """Move an amount to the buyer from the accounts that the lines name."""
        escrow = f"escrow/{entry.subject.partition('/')[2]}"
        for line in entry.facts["lines"]:
            amount = _amount(line["amount"])
            if line["account"] == escrow:
                yield from self._draw(entry.subject, amount)
            else:
                yield from self._pay(line["account"], amount)
            self._move(f"participant/{entry.facts['to']}", amount)

    def _amend(self, entry: Entry) -> Iterator[Broken]:
        """Let the escrow follow the price that was agreed anew."""
        payer, payee, held = self._escrow.get(entry.subject, ("", "", None))
        if held is None:
            if any(entry.facts[name]["minor"] for name in ("added", "returned")):
                yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
            return
        currency, added = _amount(entry.facts["added"])
        _, returned = _amount(entry.facts["returned"])
        self._escrow[entry.subject] = (payer, payee, (held[0], held[1] + added))
        if returned:
            yield from self._draw(entry.subject, (currency, returned))
            self._move(f"participant/{payer}", (currency, returned))
        yield from self._pay(f"participant/{payer}", (currency, added))

    def _pay_out(self, entry: Entry) -> dict[str, int]:
        paid: defaultdict[str, int] = defaultdict(int)
        for line in entry.facts["lines"]:
            currency, minor = _amount(line["amount"])
            self._move(line["account"], (currency, minor))
            paid[currency] += minor
        return dict(paid)

    def _move(self, account: str, amount: Amount) -> None:
        currency, minor = amount
        self._accounts[account, currency] += minor

    def _pay(self, account: str, amount: Amount) -> Iterator[Broken]:
        currency, minor = amount
        self._move(account, (currency, -minor))
        left = self._accounts[account, currency]
        if left < 0 < minor:
            words = f"{account} has {_text((currency, left + minor))}"
            yield Broken("balance", f"{words}, {_text(amount)} leave it")


def _account(entry: Entry) -> str:
    """Name the account as lines of settlements do."""
    return f"participant/{entry.subject.partition('/')[2]}"


def _amount(value: Mapping[str, Any]) -> Amount:
    return value["currency"], value["minor"]


def _text(amount: Amount) -> str:
    return f"{amount[1]} {amount[0]}"
