"""Erasing what commitments stand for, and what became of every committed field of a log.

The story of an entry's erasure is the subject ``erasure/<leaf hash of the entry>``: requests, and
for each the exchange's refusal or its word that value and salt were destroyed.  That they were,
no log can show; what it shows is that they are not missing but erased, and since when.

The papers of an identity or a licence are named by plain digests, which nobody can guess from a
scan.  They are erased in the same way: the digest stays, and says nothing once the paper is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Protocol

from ledger.commitments import Standing
from ledger.entries import Entry
from ledger.kinds import KINDS, Fact
from ledger.note import to_base64
from ledger.view import Broken, View

_COMMITTED: Final[Mapping[str, tuple[str, ...]]] = {
    kind.name: tuple(name for name, fact in kind.facts.items() if fact is Fact.COMMITMENT)
    for kind in KINDS.values()
}

PAPERS: Final[Mapping[str, str]] = {
    "identity.verified": "documents",
    "licence.recorded": "document",
}
_PAPERS: Final = frozenset(PAPERS.values())


def papers_of(entry: Entry) -> tuple[str, ...]:
    """Return the digests of the papers that an entry names, none for most kinds."""
    field = PAPERS.get(entry.kind)
    named = entry.facts[field] if field else ()
    return (named,) if isinstance(named, str) else tuple(named)


def erasable_fields(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Return what may be erased of an entry: by field its commitment, or its papers' digests.

    The digests are written as commitments are, in base 64.
    """
    found: dict[str, tuple[str, ...]] = {
        name: (made,) for name, made in commitments_of(entry).items()
    }
    if entry.kind in PAPERS:
        named = (to_base64(bytes.fromhex(digest)) for digest in papers_of(entry))
        found[PAPERS[entry.kind]] = tuple(named)
    return found


def commitments_of(entry: Entry) -> dict[str, str]:
    """Return the committed facts of an entry whose facts are those of its kind."""
    return {name: entry.facts[name] for name in _COMMITTED[entry.kind]}


def erased_fields(view: View, leaf: str) -> frozenset[str]:
    """Return the fields of the entry with that leaf hash whose values or papers were destroyed."""
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

    Keeps what was disclosed and what was erased, not the entries.  Papers are counted when they
    are erased: no bundle holds them.
    """

    def __init__(self, disclosures: Iterable[Opens] = ()) -> None:
        self._ahead: defaultdict[int, list[Opens]] = defaultdict(list)
        for disclosure in disclosures:
            self._ahead[disclosure.index].append(disclosure)
        self._fields = 0
        self._disclosed: set[tuple[str, str]] = set()
        self._erased: set[tuple[str, str]] = set()
        self._papers = 0  # fields that named papers which were erased

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
            fields = set(entry.facts["fields"])
            self._erased |= {(target, field) for field in fields - _PAPERS}
            self._papers += len(fields & _PAPERS)

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
        """Return how many fields have each standing, in a log without findings."""
        erased = len(self._erased - self._disclosed)
        disclosed = len(self._disclosed)
        return {
            Standing.DISCLOSED: disclosed,
            Standing.WITHHELD: self._fields - disclosed - erased,
            Standing.ERASED: erased + self._papers,
        }


# Rules.


def erasable(entry: Entry, view: View) -> Iterator[Broken]:
    """Require an earlier entry, and `fields`: its commitments or papers, each once, unerased."""
    leaf, fields = entry.subject.partition("/")[2], entry.facts["fields"]
    target = view.by_leaf(leaf)
    if target is None:
        yield Broken("erasure", f"no earlier entry has the leaf hash {leaf[:16]}…")
        return
    if not fields or len(set(fields)) != len(fields):
        yield Broken("erasure", "one or more fields, each named once")
    for field in fields:
        if field not in erasable_fields(target):
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
    """Require the `commitments` of these fields, or digests of their papers, in their order."""
    target = view.by_leaf(entry.subject.partition("/")[2])
    made = erasable_fields(target) if target else {}
    listed = [each for field in entry.facts["fields"] for each in made.get(field, ())]
    if entry.facts["commitments"] != listed:
        yield Broken("erasure", "the commitments are not those of the entry")
