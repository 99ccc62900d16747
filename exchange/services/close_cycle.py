"""Closing a settlement cycle (多边净额清算): net, pay, bear what was not paid, and be final.

All of a cycle is one transaction: its closing, an entry on the account of every party that pays,
receives, bears or is in default, and its settlement.  A run that is killed leaves nothing of it,
and what has committed is not undone: another cycle nets what is owed then.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from exchange.clearing import (
    GUARANTEE,
    Cycle,
    CycleTotal,
    Journal,
    NetPosition,
    account_subject,
    available,
    guarantee,
    pot,
    transfer,
)
from exchange.clearing.netting import positions
from exchange.errors import BadField, Conflict
from exchange.participants import Standing
from exchange.ports import Floor, UnitOfWork
from exchange.services.acting import record_all_for_house, record_for_house
from exchange.services.admit_participant import suspend_for_house
from exchange.services.file_deal import NETTING
from ledger.entries import Entry
from ledger.waterfall import Outcome, pour
from pricing.money import MINOR_MAX, Currency, Money

_SUMS: Final = ("paid", "used", "received", "carried")
_OWN: Final = (
    "netting.paid",
    "netting.received",
    "default.declared",
    "default.cured",
    "guarantee.contributed",
    "guarantee.used",
    "guarantee.returned",
)
_Item = tuple[str, str, dict[str, Any]]  # kind, subject and facts


@dataclass(slots=True)
class _Side:
    """One currency of a cycle, in minor units by party."""

    nets: dict[str, int]
    brought: dict[str, int]
    gross: int = 0
    paid: dict[str, int] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)  # what a defaulter has, set aside
    outcome: Outcome = field(default_factory=lambda: Outcome({}, {}, {}))

    def sums(self) -> Mapping[str, int]:
        """Return what the cycle comes to in this currency."""
        claims = self.outcome.carried.values()
        return {
            "gross": self.gross,
            "net": -sum(net for net in self.nets.values() if net < 0),
            "paid": sum(self.paid.values()),
            "used": sum(self.outcome.used.values()),
            "received": sum(self.outcome.received.values()),
            "carried": sum(claim for claim in claims if claim > 0),
        }


def close_cycle(day: dt.date, *, floor: Floor) -> Cycle:
    """Close and settle the cycle of a day: all that is open and due by then is netted.

    Closing a day that was closed returns its cycle and changes nothing.  Raises `BadField` for a
    day that has not begun, `Conflict` for one before the newest cycle, `Forbidden` while the
    operator's key is locked.  Who cannot pay is in default: see docs/netting.md.
    """
    name = day.isoformat()
    if day > floor.clock().date():
        raise BadField("day", f"{name} has not begun")
    with floor.write() as work:
        work.chain.store.reserve(NETTING)  # two closers at once are one after the other
        known, newest = work.cycles.find(name), work.cycles.newest()
        if known:
            return known
        if newest and name < newest.day:
            raise Conflict(f"the cycle of {newest.day} is closed: {name} is before it")
        return _settle(name, newest, work=work, floor=floor)


def _settle(name: str, newest: Cycle | None, *, work: UnitOfWork, floor: Floor) -> Cycle:
    before = work.cycles.positions(newest.day) if newest else ()
    owed = work.obligations.due(name)
    sides = _sides(owed, before)
    parties = {party for side in sides.values() for party in side.nets}
    late = {position.party for position in before if position.lacked}
    members = {account.removeprefix(GUARANTEE) for account, _ in work.accounts.balances(GUARANTEE)}
    # Money is looked at only when nobody else can move it.
    work.chain.store.reserve(*map(account_subject, parties | members | late))
    for currency, side in sides.items():
        _pour(side, currency, work)
    defaulted = {party for side in sides.values() for party in side.outcome.defaults}
    gross = {currency: side.gross for currency, side in sides.items()}
    facts = {
        "after": [newest.day] if newest else [],
        "obligations": len(owed),
        "parties": len(parties),
        "gross": _amounts(gross),
    }
    closed = record_for_house("cycle.closed", f"cycle/{name}", facts, work=work, floor=floor)
    items = [*_entered(name, sides), *_cured(name, late - defaulted)]
    entries = record_all_for_house(items, work=work, floor=floor)
    work.accounts.post_all([*_journals(name, entries)])
    for party in sorted(defaulted):
        participant = work.participants.get(party)
        if participant.standing is Standing.ADMITTED:
            reason = f"in default at the cycle of {name}"
            suspend_for_house(participant, reason, work=work, floor=floor)
    sums = {currency: side.sums() for currency, side in sides.items()}
    facts = {
        what: _amounts({currency: each[what] for currency, each in sums.items()}) for what in _SUMS
    } | {"defaults": len(defaulted)}
    settled = record_for_house("cycle.settled", f"cycle/{name}", facts, work=work, floor=floor)
    cycle = Cycle(
        day=name,
        closed_at=closed.time,
        obligations=len(owed),
        parties=len(parties),
        defaults=len(defaulted),
        totals=tuple(
            CycleTotal(**{what: Money(minor, currency) for what, minor in each.items()})
            for currency, each in sorted(sums.items())
        ),
        head=settled.leaf.hex(),
    )
    work.obligations.net(name, cycle.head)
    work.cycles.put(cycle)
    work.cycles.add_positions(_positions(name, sides), cycle.head)
    return cycle


def _sides(
    owed: Sequence[tuple[str, str, str, int]], before: Sequence[NetPosition]
) -> dict[Currency, _Side]:
    """Return the nets of a cycle by currency: obligations, and claims of the cycle before."""
    sides: defaultdict[Currency, _Side] = defaultdict(lambda: _Side({}, {}))
    for position in positions(owed):
        sides[position.net.currency].nets[position.party] = position.net.minor
    for _, _, currency, minor in owed:
        sides[Currency(currency)].gross += minor
    for earlier in before:
        if earlier.carried:
            side = sides[Currency(earlier.currency)]
            side.nets[earlier.party] = side.nets.get(earlier.party, 0) + earlier.carried
            side.brought[earlier.party] = earlier.carried
    for currency, side in sides.items():
        if max(side.gross, *map(abs, side.nets.values())) > MINOR_MAX:
            raise BadField("minor", f"the cycle owes more {currency} than an entry can hold")
    return dict(sorted(sides.items()))


def _pour(side: _Side, currency: Currency, work: UnitOfWork) -> None:
    """Let every debtor pay what it can, and settle what is left by the waterfall."""
    debtors = {party: -net for party, net in sorted(side.nets.items()) if net < 0}
    found = work.accounts.spendable_of([available(party) for party in debtors])
    for party, due in debtors.items():
        nothing = Money(0, currency)
        spendable, balance = found.get((available(party), currency), (nothing, nothing))
        paid = max(0, min(due, spendable.minor))
        if paid:
            side.paid[party] = paid
        if paid < due:
            side.held[party] = max(0, balance.minor - paid)
    fund = {
        account.removeprefix(GUARANTEE): part.minor
        for (account, of), part in work.accounts.balances(GUARANTEE).items()
        if of is currency
    }
    side.outcome = pour(side.nets, side.paid, fund)


def _entered(name: str, sides: Mapping[Currency, _Side]) -> Iterator[_Item]:
    """Yield the entries of a cycle: who pays, who could not, who bears it, who receives."""
    for currency, side in sides.items():
        outcome = side.outcome

        def amount(minor: int, currency: Currency = currency) -> dict[str, Any]:
            return Money(minor, currency).to_record()

        for party, paid in side.paid.items():
            yield "netting.paid", account_subject(party), {"cycle": name, "amount": amount(paid)}
        for party, default in outcome.defaults.items():
            layers = {
                "amount": default.amount,
                "contribution": default.contribution,
                "fund": default.fund,
                "left": default.left,
                "held": side.held[party],
            }
            facts = {what: amount(minor) for what, minor in layers.items()}
            yield "default.declared", account_subject(party), {"cycle": name, **facts}
        for party, used in outcome.used.items():
            yield "guarantee.used", account_subject(party), {"cycle": name, "amount": amount(used)}
        for party, received in outcome.received.items():
            facts = {"amount": amount(received), "carried": amount(side.nets[party] - received)}
            yield "netting.received", account_subject(party), {"cycle": name, **facts}


def _cured(name: str, parties: Iterable[str]) -> Iterator[_Item]:
    for party in sorted(parties):
        yield "default.cured", account_subject(party), {"cycle": name}


def _journals(name: str, entries: Sequence[Entry]) -> Iterator[Journal]:
    """Yield what the entries of a cycle move: all of it through the cycle's own account."""
    for entry in entries:
        party = entry.subject.partition("/")[2]
        match entry.kind:
            case "netting.paid":
                source, target, what = available(party), pot(name), f"net paid at {name}"
            case "guarantee.used":
                source, target, what = guarantee(party), pot(name), f"guarantee used at {name}"
            case "netting.received":
                source, target, what = pot(name), available(party), f"net received at {name}"
            case _:
                continue
        amount = Money.read(entry.facts["amount"])
        if amount.minor:
            yield transfer(what, entry, source, target, amount)


def _positions(name: str, sides: Mapping[Currency, _Side]) -> Iterator[NetPosition]:
    for currency, side in sides.items():
        outcome = side.outcome
        for party in sorted(side.nets.keys() | outcome.used.keys()):
            default = outcome.defaults.get(party)
            yield NetPosition(
                cycle=name,
                party=party,
                currency=str(currency),
                net=side.nets.get(party, 0),
                brought=side.brought.get(party, 0),
                moved=side.paid.get(party, 0) or outcome.received.get(party, 0),
                contribution=default.contribution if default else 0,
                fund=default.fund if default else 0,
                left=default.left if default else 0,
                used=outcome.used.get(party, 0),
                carried=outcome.carried.get(party, 0),
            )


def _amounts(sums: Mapping[Currency, int]) -> list[dict[str, Any]]:
    """Return the amounts that are not zero, as an entry has them."""
    return [Money(minor, currency).to_record() for currency, minor in sums.items() if minor]


# Looking.


def own_entries(participant: str, work: UnitOfWork) -> list[Entry]:
    """Return the entries about a party's nets, defaults and part of the fund, oldest first."""
    subject = account_subject(participant)
    found = [entry for kind in _OWN for entry in work.chain.store.of_kind(subject, kind)]
    return sorted(found, key=lambda entry: entry.version)


def in_default(participant: str, work: UnitOfWork) -> bool:
    """Whether a party could not pay its net at the newest cycle."""
    newest = work.cycles.newest()
    found = work.cycles.positions_of(participant)
    return any(newest is not None and each.cycle == newest.day and each.lacked for each in found)
