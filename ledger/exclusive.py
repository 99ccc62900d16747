"""Exclusive contracts: of two contracts over one product whose uses meet, neither is exclusive.

A contract gives its buyer a use: a purpose in a region until a day, and that day counts whole.
An exclusive one is noted on the product (`use.reserved`), where every later contract looks for
it.  That no earlier contract stands in its way needs a look at all of them, which `Uses` folds
from the entries in their order, in memory that does not grow with the number of contracts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ledger.agreements import over_at_once, use_until
from ledger.entries import Entry
from ledger.places import places_meet
from ledger.view import Broken, Following, View, newest

# What can change until when a contract gives its use.
_MOVES = frozenset(
    {
        *("trade.contracted", "trade.cancelled", "trade.ended", "trade.arbitrated"),
        *("amendment.accepted", "subscription.renewed", "subscription.refunded", "usage.ended"),
        *("refund.made", "refund.claimed"),
    }
)
_ANY = "any"


@dataclass(frozen=True, slots=True)
class Use:
    """What a contract gives: a use of a product until the end of a day."""

    product: str
    purposes: tuple[str, ...]
    region: str
    day: str

    def meets(self, purpose: str, region: str) -> bool:
        """Whether it is, in part at least, a use for that purpose in that region."""
        return _shared(purpose, self.purposes) and _met(region, (self.region,))


def use_of(contract: Entry, view: View) -> Use | None:
    """Return what a contract gives; None where its order or its scenario is not there."""
    order = newest(view, contract.subject, "trade.ordered")
    filed = newest(view, f"scenario/{order.facts['scenario']}", "scenario.filed") if order else None
    if filed is None:
        return None
    facts = contract.facts
    return Use(
        facts["product"], tuple(facts["purposes"]), filed.facts["region"], facts["until"][:10]
    )


def reservations(view: View, product: str, at: str) -> Iterator[Entry]:
    """Yield the notes of exclusive contracts over a product that stand on the day of `at`."""
    for noted in view.of_kind(f"product/{product}", "use.reserved"):
        if last_day(view, noted.facts["trade"]) >= at[:10]:
            yield noted


def last_day(view: View, trade: str) -> str:
    """Return the last day of the use that a trade gives; empty without one, or once it is over."""
    subject = f"trade/{trade}"
    return "" if over_at_once(view, subject) else use_until(view, subject)[:10]


def reserved_for(noted: Entry, purpose: str, region: str) -> bool:
    """Whether a note reserves a use for that purpose in that region."""
    return _shared(purpose, noted.facts["purposes"]) and _met(region, noted.facts["regions"])


def _shared(asked: str, named: Sequence[str]) -> bool:
    return _ANY in (asked, *named) or asked in named


def _met(asked: str, named: Sequence[str]) -> bool:
    return _ANY in (asked, *named) or places_meet((asked,), named)


# Rules.


def renewal_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of a further period that its use meets none that another contract has alone."""
    contract = newest(view, f"trade/{entry.facts['trade']}", "trade.contracted")
    if contract:
        yield from _apart(contract, entry.time, view)


def exclusive_as_quoted(entry: Entry, view: View) -> Iterator[Broken]:
    """Require it to be exclusive if and only if the quote is."""
    order = newest(view, entry.subject, "trade.ordered")
    quote = newest(view, f"quote/{order.facts['quote']}", "price.quoted") if order else None
    if quote and quote.facts.get("exclusive", False) != entry.facts.get("exclusive", False):
        yield Broken("exclusive", f"the quote of {quote.named} says otherwise")


def use_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that its use meets none that another contract has alone."""
    yield from _apart(entry, entry.time, view)


def _apart(contract: Entry, time: str, view: View) -> Iterator[Broken]:
    use = use_of(contract, view)
    if use is None:
        return  # the kind's needs say so
    mine = contract.subject.partition("/")[2]
    for noted in reservations(view, use.product, time):
        theirs = noted.facts
        meets = any(reserved_for(noted, purpose, use.region) for purpose in use.purposes)
        if meets and theirs["trade"] != mine:
            yield Broken("exclusive", f"trade {theirs['trade']} has this use alone")


def use_told(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an exclusive contract over this product, its region and end, and one note for it."""
    facts = entry.facts
    contract = view.by_leaf(facts["contract"])
    use = use_of(contract, view) if contract and contract.kind == "trade.contracted" else None
    if contract is None or use is None:
        return  # the kind's needs say so
    if not contract.facts.get("exclusive", False):
        yield Broken("exclusive", f"the contract of {contract.named} is not exclusive")
    if facts["until"] != contract.facts["until"]:
        yield Broken("exclusive", f"the use ends at {contract.facts['until']}")
    if f"product/{use.product}" != entry.subject or facts["regions"] != [use.region]:
        yield Broken("exclusive", f"the contract gives a use of {use.product} in {use.region}")
    for noted in view.of_kind(entry.subject, "use.reserved"):
        if noted.facts["contract"] == facts["contract"]:
            yield Broken("once", f"the use was reserved at {noted.named}")


def grant_spares_uses(entry: Entry, view: View) -> Iterator[Broken]:
    """Require of an exclusive right to operate that it meets no use that a contract gave alone."""
    facts = entry.facts
    if facts["right"] != "operating" or not facts["exclusive"]:
        return
    product = entry.subject.partition("/")[2]
    for noted in reservations(view, product, facts["from"]):
        met = any(
            reserved_for(noted, purpose, region)
            for purpose in facts["purposes"]
            for region in facts["regions"]
        )
        if met:
            yield Broken("exclusive", f"trade {noted.facts['trade']} has a use of this alone")


class Uses:
    """The uses that contracts give, counted by product, purpose, region and last day.

    A contract's last day is what `last_day` says before and after each entry that can move it.
    """

    def __init__(self) -> None:
        self._days: defaultdict[str, dict[tuple[str, str], Counter[str]]] = defaultdict(dict)

    def take(self, entry: Entry, view: View) -> Iterator[Broken]:
        """Yield what an entry breaks: an exclusive contract that meets the use of an earlier one.

        `view` has the entries before it; read the iterator to its end.
        """
        if entry.kind not in _MOVES:
            return
        trade = entry.facts.get("trade", entry.subject.partition("/")[2])
        after = Following(view, entry)
        contract = newest(after, f"trade/{trade}", "trade.contracted")
        use = use_of(contract, view) if contract else None
        if use is None:
            return
        if entry.kind == "trade.contracted" and entry.facts.get("exclusive", False):
            yield from self._met(use, entry.time[:10])
        self._count(use, last_day(view, trade), -1)
        self._count(use, last_day(after, trade), 1)

    def _met(self, use: Use, today: str) -> Iterator[Broken]:
        for (purpose, region), days in self._days[use.product].items():
            if use.meets(purpose, region) and any(
                count > 0 and day >= today for day, count in days.items()
            ):
                words = f"an earlier contract gives the use {purpose!r} in {region} as well"
                yield Broken("exclusive", words)

    def _count(self, use: Use, day: str, step: int) -> None:
        for purpose in use.purposes if day else ():
            days = self._days[use.product].setdefault((purpose, use.region), Counter())
            days[day] += step
            if not days[day]:
                del days[day]
