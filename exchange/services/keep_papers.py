"""Papers (证照): what the operator was shown of an identity or a licence, until it is erased.

Data Security Law 33 has whoever runs a data market keep what it verified parties by.  The entry
names each paper by its SHA-256; the paper itself is kept as confidential values are, encrypted
under a key of its own and bound to that entry, so that the same scan behind two entries is two
papers, and the one can go while the other stays.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from exchange.errors import BadField, DataDiffer, Forbidden, NotFound
from exchange.openings import Opening, require_document
from exchange.participants import Participant
from exchange.ports import Floor, UnitOfWork
from ledger.commitments import SALT_BYTES
from ledger.entries import Entry
from ledger.erasure import PAPERS, papers_of

PAPER_MAX: Final = 4 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that an entry (by leaf hash) names by its SHA-256, and whether it is still there."""

    entry: str
    kind: str
    digest: str
    kept: bool


def require_papers(papers: Sequence[bytes], claimed: Collection[str], words: str) -> None:
    """Raise `DataDiffer` in these words unless the papers are those claimed.

    One that is too large is a `BadField`.
    """
    if any(len(paper) > PAPER_MAX for paper in papers):
        raise BadField("document", f"over {PAPER_MAX} bytes")
    if {hashlib.sha256(paper).hexdigest() for paper in papers} != set(claimed):
        raise DataDiffer(words)


def keep_papers(entry: Entry, papers: Sequence[bytes], *, work: UnitOfWork, floor: Floor) -> None:
    """Keep the papers that an entry names, each once and where it can be erased."""
    for digest, paper in {hashlib.sha256(each).hexdigest(): each for each in papers}.items():
        value = {"base64": base64.b64encode(paper).decode()}
        opening = Opening(paper_field(digest), floor.chance(SALT_BYTES), value)
        work.confidential.put(entry.leaf.hex(), opening, chance=floor.chance)


def paper_field(digest: str) -> str:
    """Return the name under which a paper lies among the values of its entry."""
    return f"paper:{digest}"


def papers_behind(participant: Participant, work: UnitOfWork) -> list[Paper]:
    """Return every paper of a participant's identities and licences, the newest of each first."""
    return [
        Paper(entry.leaf.hex(), entry.kind, digest, _found(entry, digest, work) is not None)
        for entry, digest in _named(participant, work)
    ]


def paper_bytes(digest: str, about: str, *, to: Participant, floor: Floor) -> bytes:
    """Return a paper of a participant, to itself and to the operator alone.

    Raises `Forbidden` for anybody else, `NotFound` for what no entry about the participant names,
    and for what was erased.
    """
    with floor.read() as work:
        participant = work.participants.get(about)
        require_shown_papers(participant, to=to, floor=floor)
        for entry, named in _named(participant, work):
            if named == digest and (found := _found(entry, digest, work)):
                return found
    raise NotFound(f"no paper {digest[:16]} of {participant.handle} is kept")


def require_shown_papers(participant: Participant, *, to: Participant, floor: Floor) -> None:
    """Raise `Forbidden` for anybody but the participant itself and the operator."""
    if to.id not in {participant.id, floor.house.operator}:
        raise Forbidden(f"the papers of {participant.handle} are not open to {to.handle}")


def _named(participant: Participant, work: UnitOfWork) -> Iterator[tuple[Entry, str]]:
    for kind in PAPERS:
        for entry in work.chain.store.of_kind(f"participant/{participant.id}", kind):
            for digest in papers_of(entry):
                yield entry, digest


def _found(entry: Entry, digest: str, work: UnitOfWork) -> bytes | None:
    kept = work.confidential.get(entry.leaf.hex(), paper_field(digest))
    if isinstance(kept, Opening):
        return require_document({kept.field: kept.value}, kept.field)
    return None
