"""The rights of a market, folded from the entries of its chain and nothing else.

- there is no use right without a contract, and none runs longer than its entries say;
- of two contracts over one product whose uses meet on one day, neither is exclusive;
- nothing is delivered, handed out, metered or renewed after a contract has ended;
- no use is metered of a time after its scenario's end;
- a use right ends with what pays for it: a contract that is cancelled, a budget that an award has
  divided, a price that went back whole.

A use counts to the end of its last day, a use right to its last second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from ledger.entries import Entry
from ledger.places import places_meet

Rows = Callable[[str], list[Any]]  # runs a query and returns what it finds

ANY: Final = "any"
BY_USE: Final = ("usage", "trial")  # modes in which bills take the price out of a budget
# What serves a buyer under its contract.
SERVING: Final = ("delivery.made", "access.granted", "usage.metered", "subscription.renewed")
SCENARIO_ENDED: Final = ("scenario.withdrawn", "scenario.revoked", "scenario.expired")
# What answers or pays for a service: an ending leaves none of it to be done.
ANSWERING: Final = ("delivery.received", "delivery.deemed", "trade.contracted")
TRADES: Final = (
    "SELECT id, state, grant_until FROM trade WHERE grant_until IS NOT NULL OR state = 'contracted'"
)


@dataclass(frozen=True, slots=True)
class Use:
    """What a contract gives: purposes in a region until a time, to one alone or not."""

    product: str
    purposes: frozenset[str]
    region: str
    until: str
    exclusive: bool
    over: bool = False

    def meets(self, other: Use, day: str) -> bool:
        """Whether both run on a day and are, in part at least, the same use."""
        running = not (self.over or other.over) and min(self.until, other.until)[:10] >= day
        purposes = self.purposes & other.purposes or ANY in self.purposes | other.purposes
        regions = ANY in (self.region, other.region) or places_meet([self.region], [other.region])
        return running and self.product == other.product and bool(purposes) and regions


class Rights:
    """Every use that a contract gave, as of the last entry taken."""

    def __init__(self) -> None:
        self._regions: dict[str, str] = {}  # of scenarios
        self._ends: dict[str, str] = {}  # of scenarios
        self._scenarios: dict[str, str] = {}  # of trades
        self._buyers: dict[str, str] = {}  # of trades
        self._budgets: set[str] = set()  # quotes
        self._by_use: set[str] = set()  # trades
        self._prices: dict[str, int] = {}  # of trades, as agreed last
        self._paid: set[str] = set()  # trades of which something was paid out
        self._back: Counter[str] = Counter()  # what of the price of a trade went to its buyer
        self._periods: dict[str, tuple[int, str]] = {}  # of trades, with when each begins
        self.uses: dict[str, Use] = {}  # of trades

    def take(self, entry: Entry) -> Iterator[str]:
        """Take the next entry, and say what it gives or does that nobody had a right to."""
        sort, _, name = entry.subject.partition("/")
        facts: Any = entry.facts
        trade = name if sort == "trade" else str(facts.get("trade", ""))
        use = self.uses.get(trade)
        self._note(entry, name)
        if entry.kind in (*SERVING, *ANSWERING):
            yield from self._served(entry, trade, use)
        match entry.kind:
            case "trade.contracted":
                region = self._regions[self._scenarios[name]]
                exclusive = facts.get("exclusive", False)
                purposes, until = frozenset(facts["purposes"]), facts["until"]
                given = Use(facts["product"], purposes, region, until, exclusive)
                yield from self._given(entry, name, given)
            case "amendment.accepted" | "subscription.renewed" if use:
                if entry.kind == "subscription.renewed":
                    self._periods[trade] = facts["period"], facts["since"]
                yield from self._given(entry, trade, replace(use, until=facts["until"]))
            case "subscription.refunded" if use:
                number, since = self._periods[trade]
                if number == facts["period"]:  # of an earlier one nothing is left to end
                    until = min(use.until, max(entry.time, since))
                    self.uses[trade] = replace(use, until=until)
            case _ if use:
                self._end(entry, name, use)

    def _end(self, entry: Entry, trade: str, use: Use) -> None:
        """End a use where an entry of its trade does, at once or at a time to come."""
        facts: Any = entry.facts
        until = min(use.until, entry.time)
        match entry.kind:
            case "trade.ended":
                over = use.over or facts["cause"] != "notice"
                self.uses[trade] = replace(use, until=min(use.until, facts["at"]), over=over)
            case "trade.cancelled":
                self.uses[trade] = replace(use, until=until, over=True)
            case "refund.made" | "refund.claimed":
                if trade not in self._paid and self._back[trade] >= self._prices[trade]:
                    self.uses[trade] = replace(use, until=until, over=True)
            case "trade.arbitrated":
                self._award(trade, use, entry)

    def _note(self, entry: Entry, name: str) -> None:
        """Note what an award is held against: who bought what, in which mode, and its price."""
        facts: Any = entry.facts
        self._note_scenario(entry, name)
        match entry.kind:
            case "price.quoted":
                if facts.get("mode") in BY_USE:
                    self._budgets.add(name)
            case "trade.ordered":
                self._scenarios[name], self._buyers[name] = facts["scenario"], entry.actor
                if facts["quote"] in self._budgets:
                    self._by_use.add(name)
            case "trade.contracted" | "amendment.accepted":
                self._prices[name] = facts["amount"]["minor"]
            case "refund.made" | "refund.claimed":
                self._back[name] += facts["amount"]["minor"]
            case "settlement.executed" | "settlement.part":
                self._paid.add(name)

    def _note_scenario(self, entry: Entry, name: str) -> None:
        """Note where a scenario is for, and when it ends; one that was never approved has none."""
        facts: Any = entry.facts
        if entry.kind == "scenario.filed":
            self._regions[name] = facts["region"]
        elif entry.kind == "scenario.approved":
            self._ends[name] = facts["until"]
        elif entry.kind in SCENARIO_ENDED and name in self._ends:
            self._ends[name] = min(self._ends[name], entry.time)

    def _award(self, trade: str, use: Use, entry: Entry) -> None:
        """End a use whose budget an award divides, or whose whole price it gives back."""
        facts: Any = entry.facts
        buyer = f"participant/{self._buyers[trade]}"
        mine = (line["amount"]["minor"] for line in facts["lines"] if line["account"] == buyer)
        self._back[trade] += sum(mine) + facts["reversal"]["minor"]
        divided = trade in self._by_use and facts["amount"]["minor"] > 0
        renewed = trade in self._periods
        whole = 0 < self._prices[trade] <= self._back[trade] and not renewed
        if divided or whole:
            over = use.over or divided
            self.uses[trade] = replace(use, until=min(use.until, entry.time), over=over)

    def _served(self, entry: Entry, trade: str, use: Use | None) -> Iterator[str]:
        if entry.kind == "trade.contracted":
            if use is not None:
                yield f"{entry.kind} of {trade}: it was contracted before"
        elif use is None:
            yield f"{entry.kind} of {trade}: there is no contract"
        elif use.over:
            yield f"{entry.kind} of {trade}: the contract had ended"
        elif entry.kind in ("delivery.made", "access.granted") and entry.time > use.until:
            yield f"{entry.kind} of {trade}: the use right ended at {use.until}"
        elif entry.kind == "usage.metered":
            facts: Any = entry.facts
            end = self._ends.get(self._scenarios[trade], "")
            if facts["until"] > end:
                yield f"{entry.kind} of {trade}: its scenario ended at {end}"

    def _given(self, entry: Entry, trade: str, given: Use) -> Iterator[str]:
        self.uses[trade] = given
        for other, use in self.uses.items():
            alone = use.exclusive or given.exclusive
            if other != trade and alone and use.meets(given, entry.time[:10]):
                yield f"{entry.kind} of {trade}: its use meets {other}, one is exclusive"

    def compare(self, rows: Rows) -> Iterator[str]:
        """Say which rows of trades give another right than the entries."""
        for trade, state, until in rows(TRADES):
            use = self.uses.get(trade)
            if use is None:
                yield f"trade {trade}: a use right without a contract"
            elif until is None or until > use.until:
                yield f"trade {trade} is {state} until {until}, its entries say {use.until}"
