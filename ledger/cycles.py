"""Settlement cycles, folded from the entries: what is owed, netted, borne and carried.

A fold over entries in their order, for audits: it keeps one item an obligation that is not netted
yet, and one a party and currency.  At every cycle it recomputes, from the deals alone, each
party's net, and by `ledger.waterfall` who bears what was not paid; the entries of the cycle must
say just that.  What a debtor could pay is the operator's word here: `ledger.balances` compares it
with the account.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ledger.entries import Entry
from ledger.netting import payee_of, payer_of
from ledger.view import Broken
from ledger.waterfall import Outcome, Owed, net_positions, pour

Key = tuple[str, str]  # party and currency
MOVES = ("netting.paid", "default.declared", "guarantee.used", "netting.received")


@dataclass(slots=True)
class _Running:
    """A cycle between its closing and its settlement: its nets, and what was entered for it."""

    day: str
    nets: dict[Key, int]
    entered: dict[str, dict[Key, Mapping[str, Any]]] = field(
        default_factory=lambda: {kind: {} for kind in MOVES}
    )
    cured: set[str] = field(default_factory=set)

    def of(self, kind: str, currency: str, name: str = "amount") -> dict[str, int]:
        """Return what entries of a kind say in one currency, by party."""
        found = self.entered[kind].items()
        return {party: facts[name]["minor"] for (party, of), facts in found if of == currency}


class Cycles:
    """The settlement cycles of one log; `take` each of its entries in order."""

    def __init__(self) -> None:
        self._filed: dict[str, tuple[str, Owed]] = {}  # of cleared deals: due day and obligation
        self._open: dict[str, tuple[str, Owed]] = {}
        self._carried: dict[Key, int] = {}
        self._fund: defaultdict[str, dict[str, int]] = defaultdict(dict)  # by currency and party
        self._in_default: set[str] = set()
        self._settled: list[str] = []  # the day of the newest cycle that was, if any
        self._running: _Running | None = None

    def owed(self) -> list[Owed]:
        """Return the obligations that were not netted yet, claims of defaults apart."""
        return [owed for _, owed in self._open.values()]

    def carried(self, party: str, currency: str) -> int:
        """Return what a party may claim of defaults (above zero), or owes for its own."""
        return self._carried.get((party, currency), 0)

    def part(self, party: str, currency: str) -> int:
        """Return a party's part of the guarantee fund."""
        return self._fund[currency].get(party, 0)

    def in_default(self, party: str) -> bool:
        """Whether a party was declared in default and that was not cured."""
        return party in self._in_default

    def take(self, entry: Entry) -> Iterator[Broken]:  # noqa: C901 - one case a kind
        """Yield what an entry breaks; read the iterator to its end.

        The entry's facts are of the types that its kind declares.
        """
        match entry.kind:
            case "deal.filed":
                self._file(entry)
            case "deal.declined":
                self._filed.pop(entry.subject, None)
            case "deal.confirmed":
                if entry.subject in self._filed:
                    self._open[entry.subject] = self._filed.pop(entry.subject)
            case "deal.ended":
                self._open.pop(entry.subject, None)
            case "guarantee.contributed":
                self._put(_party(entry), entry.facts["amount"])
            case "guarantee.returned":
                yield from self._return(entry)
            case "cycle.closed":
                yield from self._close(entry)
            case "netting.paid" | "default.declared" | "guarantee.used" | "netting.received":
                yield from self._enter(entry)
            case "default.cured":
                if self._running and self._running.day == entry.facts["cycle"]:
                    self._running.cured.add(_party(entry))
            case "cycle.settled":
                yield from self._settle(entry)

    def _file(self, entry: Entry) -> None:
        if entry.facts["cleared"]:
            currency, minor = _amount(entry.facts["amount"])
            owed = Owed(payer_of(entry), payee_of(entry), currency, minor)
            self._filed[entry.subject] = (entry.facts["due"], owed)

    def _put(self, party: str, amount: Mapping[str, Any], sign: int = 1) -> None:
        parts = self._fund[amount["currency"]]
        parts[party] = parts.get(party, 0) + sign * amount["minor"]

    def _return(self, entry: Entry) -> Iterator[Broken]:
        party, amount = _party(entry), entry.facts["amount"]
        self._put(party, amount, -1)
        left = self.part(party, amount["currency"])
        if left < 0:
            words = f"{party} has {left + amount['minor']} {amount['currency']} in the fund"
            yield Broken("guarantee", words)
        owes = any(owed.payer == party for owed in self.owed())
        if owes or any(who == party and claim < 0 for (who, _), claim in self._carried.items()):
            yield Broken("guarantee", f"{party} owes what was not netted yet: its part stays")

    def _close(self, entry: Entry) -> Iterator[Broken]:
        facts, day = entry.facts, entry.subject.partition("/")[2]
        if self._running:
            yield Broken("cycle", f"the cycle of {self._running.day} was closed and not settled")
        if facts["after"] != self._settled:
            last = self._settled[0] if self._settled else "none"
            yield Broken("cycle", f"the newest cycle before {day} is {last}")
        due = {key: owed for key, (on, owed) in self._open.items() if on <= day}
        for key in due:
            del self._open[key]
        nets = net_positions(due.values())
        gross: defaultdict[str, int] = defaultdict(int)
        for owed in due.values():
            gross[owed.currency] += owed.minor
        for claim, minor in self._carried.items():
            nets[claim] = nets.get(claim, 0) + minor
        self._carried = {}
        self._running = _Running(day, nets)
        found = (facts["obligations"], facts["parties"], _by_currency(facts["gross"]))
        expected = (len(due), len({party for party, _ in nets}), dict(gross))
        if found != expected:
            words = f"{expected[0]} obligations of {expected[1]} parties, {_text(expected[2])}"
            yield Broken("netting", f"due by {day} are {words}")

    def _enter(self, entry: Entry) -> Iterator[Broken]:
        running, party = self._running, _party(entry)
        currency, minor = _amount(entry.facts["amount"])
        if running is None or running.day != entry.facts["cycle"]:
            yield Broken("cycle", f"the cycle of {entry.facts['cycle']} is not being settled")
            return
        if (party, currency) in running.entered[entry.kind]:
            yield Broken("netting", f"{entry.kind} of {party} in {currency} stands already")
            return
        running.entered[entry.kind][party, currency] = entry.facts
        net = running.nets.get((party, currency), 0)
        if entry.kind == "netting.paid" and minor > -net:
            yield Broken("netting", f"the net of {party} is {net} {currency}: it does not pay that")

    def _settle(self, entry: Entry) -> Iterator[Broken]:
        """Compare what was entered with what the obligations come to, and open the next cycle."""
        running, self._running = self._running, None
        if running is None or entry.subject != f"cycle/{running.day}":
            yield Broken("cycle", f"{entry.subject} is not being settled")
            return
        self._settled = [running.day]
        totals: dict[str, dict[str, int]] = {
            name: {} for name in ("paid", "used", "received", "carried")
        }
        currencies = {currency for _, currency in running.nets}
        currencies |= {currency for kind in MOVES for _, currency in running.entered[kind]}
        defaulted = set()
        for currency in sorted(currencies):
            nets = {party: net for (party, of), net in running.nets.items() if of == currency}
            paid = running.of("netting.paid", currency)
            outcome = pour(nets, paid, self._fund[currency])
            yield from _compared(running, currency, outcome)
            defaulted |= set(outcome.defaults)
            for party, used in outcome.used.items():
                self._put(party, {"currency": currency, "minor": used}, -1)
            self._carried |= {(who, currency): claim for who, claim in outcome.carried.items()}
            for name, sums in (
                ("paid", paid),
                ("used", outcome.used),
                ("received", outcome.received),
                ("carried", {who: claim for who, claim in outcome.carried.items() if claim > 0}),
            ):
                if sum(sums.values()):
                    totals[name][currency] = sum(sums.values())
        for name, expected in totals.items():
            if _by_currency(entry.facts[name]) != expected:
                yield Broken("netting", f"cycle.settled.{name}: the entries come to {expected}")
        if entry.facts["defaults"] != len(defaulted):
            yield Broken("default", f"{len(defaulted)} parties did not pay")
        for party in sorted((self._in_default - defaulted) ^ running.cured):
            words = "is out of default" if party in self._in_default else "was not in default"
            yield Broken("default", f"{party} {words}, default.cured does not say so")
        self._in_default = defaulted


def _compared(running: _Running, currency: str, outcome: Outcome) -> Iterator[Broken]:
    """Compare what was entered in one currency with what the nets come to."""
    entered: dict[str, dict[str, int]] = {
        "guarantee.used": running.of("guarantee.used", currency),
        "netting.received": running.of("netting.received", currency),
    }
    expected: dict[str, Mapping[str, int]] = {
        "guarantee.used": outcome.used,
        "netting.received": outcome.received,
    }
    for name in ("amount", "contribution", "fund", "left"):
        of = running.of("default.declared", currency, name)
        entered[f"default.declared.{name}"] = of
        expected[f"default.declared.{name}"] = {
            party: getattr(default, name) for party, default in outcome.defaults.items()
        }
    for what, sums in entered.items():
        for party in sorted(sums.keys() | expected[what].keys()):
            found, due = sums.get(party, 0), expected[what].get(party, 0)
            if found != due:
                words = f"{what} of {party} is {found} {currency}, the obligations come to {due}"
                yield Broken("netting", words)
    for party, carried in running.of("netting.received", currency, "carried").items():
        due = running.nets.get((party, currency), 0) - outcome.received.get(party, 0)
        if carried != max(due, 0):
            yield Broken("netting", f"{party} carries {carried} {currency} and claims {due}")


def _party(entry: Entry) -> str:
    return entry.subject.partition("/")[2]


def _amount(value: Mapping[str, Any]) -> tuple[str, int]:
    return value["currency"], value["minor"]


def _by_currency(amounts: list[Mapping[str, Any]]) -> dict[str, int]:
    return {one["currency"]: one["minor"] for one in amounts}


def _text(sums: Mapping[str, int]) -> str:
    return ", ".join(f"{minor} {currency}" for currency, minor in sorted(sums.items())) or "nothing"
