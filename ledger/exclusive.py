"""Exclusive contracts: of two contracts over one product whose uses meet, neither is exclusive.

A contract gives its buyer a use: a purpose in a region until a day, and that day counts whole.
An exclusive one is noted on the product (`use.reserved`), where every later contract looks for
it.  That no earlier contract stands in its way needs a look at all of them, which `Uses` folds
from the entries in their order, in memory that does not grow with the number of contracts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ledger.agreements import ended_at_once, use_until
from ledger.entries import Entry
from ledger.view import Broken, View, newest

# What moves the end of a use right; a reversal moves money alone.
MOVING = frozenset({"trade.cancelled", "trade.ended", "amendment.accepted", "subscription.renewed"})
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
        return _shared(purpose, self.purposes) and _shared(region, (self.region,))


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
    """Yield the notes of exclusive contracts over a product that stand on the day of `at`.

    A note stands as long as the use right of its contract runs, whatever has moved the end of it.
    """
    for noted in view.of_kind(f"product/{product}", "use.reserved"):
        if last_day(view, noted.facts["trade"]) >= at[:10]:
            yield noted


def last_day(view: View, trade: str) -> str:
    """Return the last day of a trade's use right; empty where it was ended at once or never was.

    An amendment or a renewal moves it, and notice of the contract's end brings it nearer.
    """
    subject = f"trade/{trade}"
    if newest(view, subject, "trade.cancelled") or ended_at_once(view, subject):
        return ""
    return use_until(view, subject)[:10]


def reserved_for(noted: Entry, purpose: str, region: str) -> bool:
    """Whether a note reserves a use for that purpose in that region."""
    return _shared(purpose, noted.facts["purposes"]) and _shared(region, noted.facts["regions"])


def _shared(asked: str, named: Sequence[str]) -> bool:
    return _ANY in (asked, *named) or asked in named


# Rules.


def exclusive_as_quoted(entry: Entry, view: View) -> Iterator[Broken]:
    """Require it to be exclusive if and only if the quote is."""
    order = newest(view, entry.subject, "trade.ordered")
    quote = newest(view, f"quote/{order.facts['quote']}", "price.quoted") if order else None
    if quote and quote.facts.get("exclusive", False) != entry.facts.get("exclusive", False):
        yield Broken("exclusive", f"the quote of {quote.named} says otherwise")


def use_apart(entry: Entry, view: View) -> Iterator[Broken]:
    """Require that its use, given or renewed, meets none that another contract has alone."""
    mine = entry.subject.partition("/")[2]
    given = entry.kind == "trade.contracted"
    contract = entry if given else newest(view, f"trade/{mine}", "trade.contracted")
    use = use_of(contract, view) if contract else None
    if use is None:
        return  # the kind's needs say so
    for noted in reservations(view, use.product, entry.time):
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
    """The uses that contracts give, counted by product, purpose, region and last day."""

    def __init__(self) -> None:
        self._days: defaultdict[str, dict[tuple[str, str], Counter[str]]] = defaultdict(dict)

    def take(self, entry: Entry, view: View) -> Iterator[Broken]:
        """Yield what an entry breaks: an exclusive contract that meets the use of an earlier one.

        `view` has the entries before it; read the iterator to its end.
        """
        if entry.kind in MOVING:
            yield from self._move(entry, view)
        elif entry.kind == "trade.contracted":
            use = use_of(entry, view)
            if use is None:
                return
            if entry.facts.get("exclusive", False):
                yield from self._met(use, entry.time[:10])
            self._count(use, 1)

    def _move(self, entry: Entry, view: View) -> Iterator[Broken]:
        trade = entry.subject.partition("/")[2]
        contract = newest(view, f"trade/{trade}", "trade.contracted")
        use = use_of(contract, view) if contract else None
        day = last_day(view, trade)
        if contract is None or use is None or not day:
            return  # there is none, or it is over already
        self._count(replace(use, day=day), -1)
        facts = entry.facts
        if entry.kind == "trade.cancelled" or facts.get("cause", "notice") != "notice":
            return
        moved = replace(use, day=facts["at" if entry.kind == "trade.ended" else "until"][:10])
        if moved.day > day and contract.facts.get("exclusive", False):
            yield from self._met(moved, entry.time[:10])
        self._count(moved, 1)

    def _met(self, use: Use, today: str) -> Iterator[Broken]:
        for (purpose, region), days in self._days[use.product].items():
            if use.meets(purpose, region) and any(
                count > 0 and day >= today for day, count in days.items()
            ):
                words = f"an earlier contract gives the use {purpose!r} in {region} as well"
                yield Broken("exclusive", words)

    def _count(self, use: Use, step: int) -> None:
        for purpose in use.purposes:
            days = self._days[use.product].setdefault((purpose, use.region), Counter())
            days[use.day] += step
            if not days[use.day]:
                del days[use.day]
