"""Erasing what commitments stand for, and what became of every committed field of a log.

The story of an entry's erasure is the subject ``erasure/<leaf hash of the entry>``: requests, and
for each the exchange's refusal or its word that value and salt were destroyed.  That they were,
no log can show; what it shows is that they are not missing but erased, and since when.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from ledger.commitments import Standing
from ledger.entries import Entry
from ledger.kinds import KINDS, Fact
from ledger.view import Broken, View

_COMMITTED: Final[Mapping[str, tuple[str, ...]]] = {
    kind.name: tuple(name for name, fact in kind.facts.items() if fact is Fact.COMMITMENT)
    for kind in KINDS.values()
}


def commitments_of(entry: Entry) -> dict[str, str]:
    """Return the committed facts of an entry whose facts are those of its kind."""
    return {name: entry.facts[name] for name in _COMMITTED[entry.kind]}


def erased_fields(view: View, leaf: str) -> frozenset[str]:
    """Return the fields of the entry with that leaf hash whose values were destroyed."""
    done = view.of_kind(f"erasure/{leaf}", "erasure.executed")
    return frozenset(field for entry in done for field in entry.facts["fields"])


class Opens(Protocol):
    """A disclosure, or what is remembered of one: the commitment that it gives."""

    @property
    def index(self) -> int:
        """The place of its entry."""

    @property
    def field(self) -> str:
        """The committed field."""

    @property
    def commitment(self) -> str:
        """The commitment that value and salt give."""


class CommittedFields:
    """What became of the committed fields of one log; `take` each of its entries in order.

    Keeps what was disclosed and what was erased, not the entries.
    """

    def __init__(self, disclosures: Iterable[Opens] = ()) -> None:
        self._ahead: defaultdict[int, list[Opens]] = defaultdict(list)
        for disclosure in disclosures:
            self._ahead[disclosure.index].append(disclosure)
        self._fields = 0
        self._disclosed: set[tuple[str, str]] = set()
        self._erased: set[tuple[str, str]] = set()

    def take(self, entry: Entry) -> Iterator[Broken]:
        """Yield the disclosures of an entry that do not open a commitment of it."""
        made, leaf = commitments_of(entry), entry.leaf.hex()
        self._fields += len(made)
        for disclosure in self._ahead.pop(entry.index, ()):
            name = disclosure.field
            if name not in made:
                yield Broken("disclosure", f"{entry.named} has no commitment to {name}")
            elif disclosure.commitment != made[name]:
                yield Broken("disclosure", f"{entry.named}: {name} is not what was committed to")
            else:
                self._disclosed.add((leaf, name))
        if entry.kind == "erasure.executed":
            target = entry.subject.partition("/")[2]
            self._erased |= {(target, field) for field in entry.facts["fields"]}

    def unplaced(self) -> tuple[int, ...]:
        """Return where disclosures say that entries stand which were not taken."""
        return tuple(sorted(self._ahead))

    def standing(self, leaf: str, field: str) -> Standing:
        """Return what became of a committed field of the entry with that leaf hash.

        What was disclosed counts as that though it was erased, because somebody has a copy.
        """
        if (leaf, field) in self._disclosed:
            return Standing.DISCLOSED
        return Standing.ERASED if (leaf, field) in self._erased else Standing.WITHHELD

    def tally(self) -> Mapping[Standing, int]:
        """Return how many committed fields have each standing, in a log without findings."""
        erased = len(self._erased - self._disclosed)
        disclosed = len(self._disclosed)
        return {
            Standing.DISCLOSED: disclosed,
            Standing.WITHHELD: self._fields - disclosed - erased,
            Standing.ERASED: erased,
        }


# Rules.


def erasable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an earlier entry, and `fields` that it commits to, each once and not erased yet."""
    leaf, fields = entry.subject.partition("/")[2], entry.facts["fields"]
    target = view.by_leaf(leaf)
    if target is None:
        yield Broken("erasure", f"no earlier entry has the leaf hash {leaf[:16]}…")
        return
    if not fields or len(set(fields)) != len(fields):
        yield Broken("erasure", "one or more fields, each named once")
    for field in fields:
        if field not in commitments_of(target):
            yield Broken("erasure", f"{target.named} has no commitment to {field}")
        elif field in erased_fields(view, leaf):
            yield Broken("erasure", f"{field} of {target.named} was erased already")


def request_open(entry: Entry, view: View) -> Iterator[Broken]:
    """Require a `request` that was neither refused nor carried out."""
    for kind in ("erasure.refused", "erasure.executed"):
        for decision in view.of_kind(entry.subject, kind):
            if decision.facts["request"] == entry.facts["request"]:
                yield Broken("erasure", f"the request was decided at {decision.named}")


def commitments_listed(entry: Entry, view: View) -> Iterator[Broken]:
    """Require the `commitments` of these fields as the entry has them, in their order."""
    target = view.by_leaf(entry.subject.partition("/")[2])
    made = commitments_of(target) if target else {}
    if entry.facts["commitments"] != [made.get(field) for field in entry.facts["fields"]]:
        yield Broken("erasure", "the commitments are not those of the entry")
