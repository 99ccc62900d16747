"""Where a product comes from and what came of it: the graph over registrations.

A registration names its parents, which are registered and confirmed before it, and a change none
that comes from the product itself.  Walks end all the same where an older log has a circle.
Products are named by their numbers, entries are those of a log in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledger.chain import MemoryLog
from ledger.entries import Entry
from ledger.registry import VERSIONS
from ledger.rights import lineage_processed, operating_claimed

# What the rights in a product follow from, and where they are needed.
_TOLD = frozenset(
    {
        "product.registered",
        "registration.confirmed",
        "registration.changed",
        "registration.renewed",
        "registration.transferred",
        "registration.cancelled",
        "objection.closed",
        "right.granted",
        "right.revoked",
    }
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A product that another comes from or that came of it; `path` leads there from the other."""

    product: str
    path: tuple[str, ...]
    entry: Entry

    @property
    def depth(self) -> int:
        """How many derivations lie between."""
        return len(self.path) - 1

    @property
    def words(self) -> str:
        """Who registered it, where in the log, and from what."""
        parents = ", ".join(self.entry.facts["parents"]) or "its own sources"
        return f"{self.product}, registered by {self.entry.actor} at {self.entry.named}: {parents}"


@dataclass(frozen=True, slots=True)
class LineageFinding:
    """An entry that lists a product, or contracts over it, without the rights it takes."""

    index: int
    rule: str
    words: str


def ancestors(product: str, entries: Iterable[Entry]) -> tuple[Kin, ...]:
    """Return every product that one comes from, the nearest first, each by its shortest path."""
    known, parents = _registrations(entries)
    return tuple(_walk(product, known, lambda name: parents[name]))


def descendants(product: str, entries: Iterable[Entry]) -> tuple[Kin, ...]:
    """Return every product that came of one, the nearest first, each by its shortest path."""
    known, parents = _registrations(entries)
    derived: dict[str, list[str]] = {name: [] for name in known}
    for name in known:
        for parent in parents[name]:
            derived.setdefault(parent, []).append(name)
    return tuple(_walk(product, known, lambda name: derived[name]))


def lineage_findings(entries: Iterable[Entry]) -> Iterator[LineageFinding]:
    """Yield where a product was listed or sold while a right on the way to its sources was missing.

    These are rules of `listing.published` and `trade.contracted` too; here they are told alone,
    from the entries that rights follow from, so that a part of a log will do.
    """
    told = MemoryLog()
    for entry in entries:
        if entry.kind in _TOLD:
            told.hold(entry)
        elif entry.kind in {"listing.published", "trade.contracted"}:
            checks = [lineage_processed]
            checks += [operating_claimed] if entry.kind == "listing.published" else []
            for check in checks:
                for broken in check(entry, told):
                    yield LineageFinding(entry.index, broken.rule, broken.words)


def _registrations(
    entries: Iterable[Entry],
) -> tuple[dict[str, Entry], dict[str, dict[str, None]]]:
    """Return the claims by product, and the parents that claim and changes name."""
    known: dict[str, Entry] = {}
    parents: dict[str, dict[str, None]] = {}
    for entry in entries:
        if entry.kind in VERSIONS:
            name = entry.subject.partition("/")[2]
            parents.setdefault(name, {}).update(dict.fromkeys(entry.facts["parents"]))
            if entry.kind == "product.registered":
                known[name] = entry
    return known, parents


def _walk(
    start: str, known: Mapping[str, Entry], onward: Callable[[str], Iterable[str]]
) -> Iterator[Kin]:
    seen = {start}
    ahead: list[tuple[str, ...]] = [(start,)]
    for path in ahead:  # grows as it is read: the nearest come first
        for name in onward(path[-1]) if path[-1] in known else ():
            if name in known and name not in seen:
                seen.add(name)
                ahead.append((*path, name))
                yield Kin(name, (*path, name), known[name])
