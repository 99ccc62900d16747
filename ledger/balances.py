"""The money of a log, folded from its entries: what everybody has, and what of it is bound.

A fold over entries in their order, for audits: it keeps an amount an account and currency, and
what is set aside, for each trade and engagement in escrow and each withdrawal on its way.  Every
amount leaves one account for another, the world's outside the house among them, so all of them
sum to zero.  Deposits and withdrawals are the operator's word; what this shows is that nobody
was paid, or paid out, what was not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Final

from ledger.entries import Entry
from ledger.view import Broken

Amount = tuple[str, int]  # currency, minor units
Account = tuple[str, str]  # its name and a currency

OUTSIDE: Final = "outside/banks"  # the mirror of all money in the house


class Balances:
    """The accounts of one log; `take` each of its entries in order.

    `moved` is what the entry taken last moved on each account, nothing where it moved nothing.
    """

    def __init__(self) -> None:
        self.moved: dict[Account, int] = {}
        self._accounts: defaultdict[Account, int] = defaultdict(int)
        self._credit: dict[Account, int] = {}  # how far an account may fall below zero
        self._pending: defaultdict[Account, int] = defaultdict(int)  # what of it is set aside
        self._aside: dict[str, tuple[str, Amount]] = {}  # for what: the account, and how much
        # Of orders and offers that nobody accepted yet: who pays, and whom, where that is known.
        self._offers: dict[str, tuple[str, str]] = {}
        self._escrow: dict[str, tuple[str, str, Amount]] = {}  # the same, with what is held
        self._bids: defaultdict[str, list[str]] = defaultdict(list)  # of auctions not over yet
        self._won: dict[str, str] = {}  # quotes of bids that won, while nobody has ordered
        self._bound: dict[str, str] = {}  # orders at such quotes, with the bids, until a contract

    def balance(self, account: str, currency: str) -> int:
        """Return what an account holds, in minor units."""
        return self._accounts.get((account, currency), 0)

    def balances(self) -> dict[Account, int]:
        """Return what is not zero, every account's in each currency, in minor units."""
        return {account: minor for account, minor in self._accounts.items() if minor}

    def pending(self, account: str, currency: str) -> int:
        """Return what of an account's balance is set aside, in minor units."""
        return self._pending.get((account, currency), 0)

    def all_pending(self) -> dict[Account, int]:
        """Return what is set aside on every account, where that is not zero."""
        return {account: minor for account, minor in self._pending.items() if minor}

    def credit(self, account: str, currency: str) -> int:
        """Return how far below zero an account may fall, in minor units."""
        return self._credit.get((account, currency), 0)

    def in_escrow(self, subject: str) -> Amount | None:
        """Return what is held for a trade or an engagement, in its currency and minor units."""
        held = self._escrow.get(subject)
        return held[2] if held else None

    def take(self, entry: Entry) -> Iterator[Broken]:
        """Yield what an entry breaks: a balance below zero, an escrow not held or not emptied.

        The entry's facts are of the types that its kind declares.  The money moves all the same,
        so that each entry answers for itself; read the iterator to its end.
        """
        self.moved = {}
        carry_out = self._carried_out.get(entry.kind)
        if carry_out:
            yield from carry_out(self, entry)

    def _deposit(self, entry: Entry) -> Iterator[Broken]:
        self._move(OUTSIDE, _account(entry), _amount(entry.facts["amount"]))
        yield from ()

    def _withdraw(self, entry: Entry) -> Iterator[Broken]:
        account, amount = _account(entry), _amount(entry.facts["amount"])
        if "withdrawal" in entry.facts:
            subject = f"withdrawal/{entry.facts['withdrawal']}"
            if self._aside.get(subject) not in {None, (account, amount)}:
                yield Broken("pending", f"{subject} set another amount aside, or for another")
            yield from self._let_go(subject)
        yield from self._pay(account, OUTSIDE, amount)

    def _limit(self, entry: Entry) -> Iterator[Broken]:
        currency, minor = _amount(entry.facts["limit"])
        account = (_account(entry), currency)
        self._credit[account] = minor
        if self._left(account) < 0:
            spent = minor - self._left(account)
            yield Broken("credit", f"{account[0]} uses {_text((currency, spent))} of its credit")

    def _set_aside(self, key: str, account: str, amount: Amount) -> Iterator[Broken]:
        """Bind an amount of an account under a key, until `_let_go` of that key."""
        currency, minor = amount
        left = self._left((account, currency))
        self._pending[account, currency] += minor
        self._aside[key] = (account, amount)
        if left < minor:
            words = f"{account} has {_text((currency, left))}"
            yield Broken("balance", f"{words}, {_text(amount)} are set aside of it")

    def _let_go(self, key: str) -> Iterator[Broken]:
        account, amount = self._aside.pop(key, ("", ("", 0)))
        if not account:
            yield Broken("pending", f"nothing is set aside for {key}")
        else:
            self._pending[account, amount[0]] -= amount[1]

    def _ask_to_withdraw(self, entry: Entry) -> Iterator[Broken]:
        account = f"participant/{entry.actor}"
        yield from self._set_aside(entry.subject, account, _amount(entry.facts["amount"]))

    def _fail(self, entry: Entry) -> Iterator[Broken]:
        yield from self._let_go(entry.subject)

    def _order(self, entry: Entry) -> Iterator[Broken]:
        self._offers[entry.subject] = (entry.actor, "")
        bid = self._won.pop(entry.facts["quote"], None)
        if bid:
            self._bound[entry.subject] = bid
            yield from self._bind_price(entry, bid)

    def _bind_price(self, order: Entry, bid: str) -> Iterator[Broken]:
        """Set aside what a winner has to pay beyond its deposit, until the contract."""
        currency, price = _amount(order.facts["amount"])
        _, (of, deposit) = self._aside.get(f"bid/{bid}", ("", (currency, 0)))
        rest = price - (deposit if of == currency else 0)
        if rest > 0:
            account = f"participant/{order.actor}"
            yield from self._set_aside(_order(order.subject), account, (currency, rest))

    def _unbind(self, trade: str) -> Iterator[Broken]:
        """Let go what an order at a won quote has set aside beyond the deposit."""
        if _order(trade) in self._aside:
            yield from self._let_go(_order(trade))

    def _bid(self, entry: Entry) -> Iterator[Broken]:
        leaf = entry.leaf.hex()
        self._bids[entry.subject].append(leaf)
        amount = _amount(entry.facts["deposit"])
        yield from self._set_aside(f"bid/{leaf}", f"participant/{entry.actor}", amount)

    def _clear(self, entry: Entry) -> Iterator[Broken]:
        kept = {*entry.facts.get("winners", ()), *entry.facts.get("forfeited", ())}
        for bid in self._bids.pop(entry.subject, ()):
            if bid not in kept:
                yield from self._let_go(f"bid/{bid}")

    def _quote(self, entry: Entry) -> Iterator[Broken]:
        basis = entry.facts.get("basis", [])
        if entry.facts.get("mode") == "auction" and basis and f"bid/{basis[-1]}" in self._aside:
            self._won[entry.subject.partition("/")[2]] = basis[-1]
        yield from ()

    def _return_deposit(self, entry: Entry) -> Iterator[Broken]:
        bid = entry.facts["bid"]
        self._won = {quote: won for quote, won in self._won.items() if won != bid}
        for trade in [trade for trade, of in self._bound.items() if of == bid]:
            del self._bound[trade]
            yield from self._unbind(trade)
        yield from self._let_go(f"bid/{bid}")

    def _forfeit(self, entry: Entry) -> Iterator[Broken]:
        account, _ = self._aside.get(f"bid/{entry.facts['bid']}", ("", ("", 0)))
        yield from self._return_deposit(entry)
        for line in entry.facts["lines"] if account else ():
            yield from self._pay(account, line["account"], _amount(line["amount"]))

    def _propose(self, entry: Entry) -> Iterator[Broken]:
        self._offers[entry.subject] = (entry.actor, entry.facts["to"])
        yield from ()

    def _lapse(self, entry: Entry) -> Iterator[Broken]:
        self._offers.pop(entry.subject, None)
        yield from ()

    def _hold(self, entry: Entry) -> Iterator[Broken]:
        payer, payee = self._offers.pop(entry.subject, ("", ""))
        if not payer:
            yield Broken("escrow", f"{entry.subject} was not ordered, or was contracted before")
            return
        bid = self._bound.pop(entry.subject, None)
        if bid:
            yield from self._unbind(entry.subject)
            yield from self._let_go(f"bid/{bid}")
        amount = _amount(entry.facts["amount"])
        self._escrow[entry.subject] = (payer, payee, amount)
        yield from self._pay(f"participant/{payer}", _escrow(entry), amount)

    def _pay_out(self, entry: Entry) -> Iterator[Broken]:
        yield from self._release(entry, back=False)

    def _give_back(self, entry: Entry) -> Iterator[Broken]:
        yield from self._release(entry, back=True)

    def _release(self, entry: Entry, *, back: bool) -> Iterator[Broken]:
        payer, payee, held = self._escrow.pop(entry.subject, ("", "", None))
        if held is None:
            yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
            return
        if held != _amount(entry.facts["amount"]):
            yield Broken("escrow", f"{_text(held)} are in escrow for {entry.subject}")
        self._move(_escrow(entry), f"participant/{payer if back else payee}", held)

    def _settle(self, entry: Entry) -> Iterator[Broken]:
        *_, held = self._escrow.pop(entry.subject, ("", "", None))
        paid = self._pay_lines(entry)
        if held is None:
            yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
        elif dict(paid) != {held[0]: held[1]}:
            yield Broken("escrow", f"{_text(held)} are in escrow, the lines pay another sum")

    def _award(self, entry: Entry) -> Iterator[Broken]:
        if entry.facts["amount"]["minor"]:
            yield from self._settle(entry)

    def _part(self, entry: Entry) -> Iterator[Broken]:
        for amount in self._pay_lines(entry).items():
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

    def _claim(self, entry: Entry) -> Iterator[Broken]:
        amount = _amount(entry.facts["amount"])
        self._move(_escrow(entry), f"participant/{entry.facts['to']}", amount)
        yield from self._draw(entry.subject, amount)

    def _end(self, entry: Entry) -> Iterator[Broken]:
        if entry.facts["amount"]["minor"]:
            yield from self._release(entry, back=True)

    def _refund(self, entry: Entry) -> Iterator[Broken]:
        """Move an amount to the buyer from the accounts that the lines name."""
        to = f"participant/{entry.facts['to']}"
        for line in entry.facts["lines"]:
            amount = _amount(line["amount"])
            if line["account"] == _escrow(entry):
                self._move(line["account"], to, amount)
                yield from self._draw(entry.subject, amount)
            else:
                yield from self._pay(line["account"], to, amount)

    def _amend(self, entry: Entry) -> Iterator[Broken]:
        """Let the escrow follow the price that was agreed anew."""
        payer, payee, held = self._escrow.get(entry.subject, ("", "", None))
        currency, added = _amount(entry.facts["added"])
        _, returned = _amount(entry.facts["returned"])
        if held is None:
            if added or returned:
                yield Broken("escrow", f"nothing is in escrow for {entry.subject}")
            return
        buyer = f"participant/{payer}"
        if added:
            self._escrow[entry.subject] = (payer, payee, (held[0], held[1] + added))
            yield from self._pay(buyer, _escrow(entry), (currency, added))
        if returned:
            self._move(_escrow(entry), buyer, (currency, returned))
            yield from self._draw(entry.subject, (currency, returned))

    def _pay_lines(self, entry: Entry) -> dict[str, int]:
        paid: defaultdict[str, int] = defaultdict(int)
        for line in entry.facts["lines"]:
            currency, minor = _amount(line["amount"])
            self._move(_escrow(entry), line["account"], (currency, minor))
            paid[currency] += minor
        return dict(paid)

    def _close(self, entry: Entry) -> Iterator[Broken]:
        """Give the buyer what parts have left of a trade's escrow, which may be nothing."""
        payer, _, held = self._escrow.pop(entry.subject, ("", "", None))
        amount = _amount(entry.facts["amount"])
        if (held or (amount[0], 0)) != amount:
            words = _text(held) if held else "nothing"
            yield Broken("escrow", f"in escrow for {entry.subject}: {words}")
        if held:
            self._move(_escrow(entry), f"participant/{payer}", held)

    def _authorise(self, entry: Entry) -> Iterator[Broken]:
        currency, _ = _amount(entry.facts["amount"])
        self._escrow.setdefault(entry.subject, (entry.actor, "", (currency, 0)))
        yield from ()

    def _renew(self, entry: Entry) -> Iterator[Broken]:
        """Hold the fee of one more period beside those that are held still."""
        payer, _, (currency, held) = self._escrow.get(entry.subject, ("", "", ("", 0)))
        if not payer:
            yield Broken("escrow", f"nobody authorised {entry.subject}")
            return
        fee, minor = _amount(entry.facts["amount"])
        self._escrow[entry.subject] = (payer, "", (currency, held + minor))
        yield from self._pay(f"participant/{payer}", _escrow(entry), (fee, minor))

    def _end_period(self, entry: Entry) -> Iterator[Broken]:
        """Pay the fee of a period out, to who is in its lines or back to the buyer."""
        payer, _, (currency, held) = self._escrow.get(entry.subject, ("", "", ("", 0)))
        fee, minor = _amount(entry.facts["amount"])
        if fee != currency or held < minor:
            yield Broken("escrow", f"{_text((currency, held))} are in escrow for {entry.subject}")
        self._escrow[entry.subject] = (payer, "", (currency, held - minor))
        if "lines" in entry.facts:
            self._pay_lines(entry)
        else:
            self._move(_escrow(entry), f"participant/{payer}", (fee, minor))

    def _charge(self, entry: Entry) -> Iterator[Broken]:
        for line in entry.facts["lines"]:
            payer = f"participant/{entry.facts['payer']}"
            yield from self._pay(payer, line["account"], _amount(line["amount"]))

    def _contribute(self, entry: Entry) -> Iterator[Broken]:
        yield from self._pay(_account(entry), _guarantee(entry), _amount(entry.facts["amount"]))

    def _take_back(self, entry: Entry) -> Iterator[Broken]:
        yield from self._pay(_guarantee(entry), _account(entry), _amount(entry.facts["amount"]))

    def _use(self, entry: Entry) -> Iterator[Broken]:
        yield from self._pay(_guarantee(entry), _pot(entry), _amount(entry.facts["amount"]))

    def _pay_net(self, entry: Entry) -> Iterator[Broken]:
        yield from self._pay(_account(entry), _pot(entry), _amount(entry.facts["amount"]))

    def _receive_net(self, entry: Entry) -> Iterator[Broken]:
        if entry.facts["amount"]["minor"]:
            yield from self._pay(_pot(entry), _account(entry), _amount(entry.facts["amount"]))

    def _lack(self, entry: Entry) -> Iterator[Broken]:
        """Find money that a defaulter still has, beyond what was set aside of it for others."""
        currency, held = _amount(entry.facts["held"])
        left = self._left((_account(entry), currency))
        if left > held:
            yield Broken("default", f"{_account(entry)} has {_text((currency, left))} to pay with")

    def _empty(self, entry: Entry) -> Iterator[Broken]:
        pot = entry.subject  # the account through which the money of a cycle passes is named so
        for (account, currency), minor in sorted(self._accounts.items()):
            if account == pot and minor:
                words = f"{_text((currency, minor))} came into {pot} and did not leave"
                yield Broken("netting", words)

    def _move(self, source: str, target: str, amount: Amount) -> None:
        currency, minor = amount
        for account, by in (((source, currency), -minor), ((target, currency), minor)):
            self._accounts[account] += by
            self.moved[account] = self.moved.get(account, 0) + by
            if not self._accounts[account]:
                del self._accounts[account]  # the escrow of every trade ends so

    def _pay(self, source: str, target: str, amount: Amount) -> Iterator[Broken]:
        """Move an amount out of an account that must have it."""
        currency, minor = amount
        left = self._left((source, currency))
        self._move(source, target, amount)
        if left < minor > 0:
            words = f"{source} has {_text((currency, left))}"
            yield Broken("balance", f"{words}, {_text(amount)} leave it")

    def _left(self, account: Account) -> int:
        """Return what may leave an account: its balance, less what is pending, and its credit."""
        held = self._accounts.get(account, 0)
        return held - self._pending.get(account, 0) + self._credit.get(account, 0)

    # What each kind of entry does to the accounts; a kind that is not here moves nothing.
    _carried_out: ClassVar[Mapping[str, Callable[[Balances, Entry], Iterator[Broken]]]] = {
        "account.deposited": _deposit,
        "account.withdrawn": _withdraw,
        "withdrawal.requested": _ask_to_withdraw,
        "withdrawal.failed": _fail,
        "credit.set": _limit,
        "trade.ordered": _order,
        "bid.placed": _bid,
        "auction.cleared": _clear,
        "auction.cancelled": _clear,
        "price.quoted": _quote,
        "bid.returned": _return_deposit,
        "bid.forfeited": _forfeit,
        "engagement.proposed": _propose,
        "trade.lapsed": _lapse,
        "engagement.declined": _lapse,
        "trade.contracted": _hold,
        "engagement.accepted": _hold,
        "trade.cancelled": _give_back,
        "engagement.cancelled": _give_back,
        "engagement.paid": _pay_out,
        "settlement.executed": _settle,
        "settlement.part": _part,
        "trade.arbitrated": _award,
        "trade.reversed": _refund,
        "trade.ended": _end,
        "refund.made": _refund,
        "refund.claimed": _claim,
        "amendment.accepted": _amend,
        "usage.closed": _close,
        "subscription.authorised": _authorise,
        "subscription.renewed": _renew,
        "subscription.settled": _end_period,
        "subscription.refunded": _end_period,
        "service.charged": _charge,
        "guarantee.contributed": _contribute,
        "guarantee.returned": _take_back,
        "guarantee.used": _use,
        "netting.paid": _pay_net,
        "netting.received": _receive_net,
        "default.declared": _lack,
        "cycle.settled": _empty,
    }


def _account(entry: Entry) -> str:
    """Name the account as lines of settlements do."""
    return f"participant/{entry.subject.partition('/')[2]}"


def _guarantee(entry: Entry) -> str:
    """Name the account of a participant's part of the guarantee fund."""
    return f"guarantee/{entry.subject.partition('/')[2]}"


def _pot(entry: Entry) -> str:
    """Name the account through which the money of an entry's cycle passes."""
    return f"cycle/{entry.facts['cycle']}"


def _order(trade: str) -> str:
    """Name what a winner's order sets aside beyond the deposit of its bid."""
    return f"order/{trade.partition('/')[2]}"


def _escrow(entry: Entry) -> str:
    """Name the account that holds the money of a trade, its further periods or an engagement."""
    prefix, _, name = entry.subject.partition("/")
    return f"escrow/{name}.renewals" if prefix == "subscription" else f"escrow/{name}"


def _amount(value: Mapping[str, Any]) -> Amount:
    return value["currency"], value["minor"]


def _text(amount: Amount) -> str:
    return f"{amount[1]} {amount[0]}"
