"""The dossier of a product: everything its spec sheet shows, gathered at one moment.

The supplier's declared sheet, the inspection's measurements, the documents, the approvals with
their signers, quality, popularity and versions: one value that pages and exports are made from, and
that is asked how complete it is.  It holds nothing confidential.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from exchange.comparison import Line, compare
from exchange.completeness import BY_CODE, Completeness, Known, completeness
from exchange.documents import THE_FOUR, DocumentKind, DocumentState
from exchange.listing import ListingState
from exchange.profile import Profile
from exchange.quality import QualityReport
from exchange.quality.sampling import Drawn
from exchange.registration import RegistrationState
from exchange.specsheet import SpecSheet

_LOOKED_AT: Final = frozenset({DocumentState.VERIFIED, DocumentState.REJECTED})


class SheetState(enum.StrEnum):
    """Where one version of a sheet stands.

    A draft is saved and not signed.  A pending version is the newest signed one, under review or
    short of a document or a field; an issued one is on the board, every field that counts is filled
    and its four documents stand.  A suspended version was the last on the board and is off it, a
    superseded one has a later one after it.
    """

    DRAFT = "draft"
    PENDING = "pending"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class SheetDraft:
    """A sheet as its supplier saved it, whole or not; `content` is the record so far."""

    product: str
    saved_by: str
    saved_at: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Party:
    """A participant by its id, with the name of the register (the id again once it is erased)."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Approval:
    """One act that the sheet rests on: who signed what about it, when, and where it stands.

    `kind` is the entry's kind and `leaf` its hash; `place` is None while it waits for its place.
    """

    kind: str
    by: Party
    at: str
    leaf: str
    place: int | None
    outcome: str | None = None
    score: str | None = None
    until: str | None = None
    rules: tuple[str, ...] = ()
    pack: str | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """An attached document as everybody may see it: its digest and who answers for it."""

    kind: DocumentKind
    digest: str
    issuer: str
    issued_on: dt.date
    valid_until: dt.date | None
    attached_by: Party
    attached_at: str
    leaf: str
    state: str
    stands: bool
    sheet: str | None
    decided_by: Party | None = None
    decided_at: str | None = None
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class SheetVersion:
    """One version of a product's sheet; `published_at` is when it was last put on the board."""

    number: int
    digest: str
    state: SheetState
    submitted_at: str
    leaf: str
    place: int | None
    published_at: str | None = None


@dataclass(frozen=True, slots=True)
class Popularity:
    """Section 9 (产品热度), counted from the exchange's own records."""

    scenarios: int
    trades_executed: int
    trades_open: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The smallest signed checkpoint over the dossier's newest entry."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Sampled:
    """The sample that the exchange drew; the entry of hash `leaf` names the digest of `drawn`.

    `drawn` is None where the reader is not shown the rows.
    """

    digest: str
    leaf: str
    place: int | None
    drawn: Drawn | None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that one version of a product's sheet shows, as of `on`.

    `version` is the version shown, `versions` are all, the newest first.  `head` is the newest
    entry of the product, from which the dossier has its time.  `listed_at` and `valid_until` are
    None for a version that is not on the board, `quality` before an expert has scored it, and
    `sample` for one that was signed before samples were drawn.
    """

    log: str
    house: str
    number: str
    supplier: Party
    supplier_identified: bool
    registration: RegistrationState
    listing: ListingState
    registered_at: str
    data: str
    schema_digest: str
    pack: str
    on: dt.date
    head: str
    head_at: str
    head_place: int | None
    sheet: SpecSheet
    version: SheetVersion
    versions: tuple[SheetVersion, ...]
    profile: Profile
    quality: QualityReport | None
    expert_scores: tuple[Decimal, ...]
    sample: Sampled | None
    papers: tuple[Paper, ...]
    approvals: tuple[Approval, ...]
    popularity: Popularity
    parents: tuple[str, ...] = ()
    listed_at: str | None = None
    valid_until: str | None = None
    checkpoint: Checked | None = None

    @property
    def comparison(self) -> tuple[Line, ...]:
        """Declared, measured and difference for everything the inspection measures."""
        return compare(self.sheet, self.profile)

    def standing(self, kind: DocumentKind) -> Paper | None:
        """Return the document of that kind that stands for this version; None if none does."""
        fit = [
            paper
            for paper in self.papers
            if paper.kind is kind
            and paper.stands
            and (not kind.is_one_of_the_four or paper.sheet == self.version.digest)
        ]
        return max(fit, key=lambda paper: paper.valid_until or dt.date.max, default=None)

    @property
    def void(self) -> frozenset[str]:
        """The digests of documents that count no more: one that nobody has looked at does."""
        seen = {each.digest for each in self.papers if each.state in _LOOKED_AT}
        counting = {
            each.digest
            for each in self.papers
            if each.stands or (each.state == DocumentState.ATTACHED and each.digest not in seen)
            if each.valid_until is None or each.valid_until >= self.on
        }
        return frozenset(each.digest for each in self.papers) - counting

    @property
    def known(self) -> Known:
        """What the fields of the sheet are asked of; nothing of it is unknown."""
        return Known(
            sheet=self.sheet,
            profile=self.profile,
            digests=(self.version.digest, self.data, self.schema_digest, self.pack),
            supplier_identified=self.supplier_identified,
            sample=self.sample is not None,
            parents=bool(self.parents),
            documents=frozenset(kind for kind in DocumentKind if self.standing(kind)),
            void=self.void,
            number=self.number,
            confirmed=self.registration is RegistrationState.CONFIRMED,
            on_board=self.listed_at is not None,
            scored=bool(self.expert_scores),
            compared=self.quality is not None,
        )

    @property
    def completeness(self) -> Completeness:
        """Of each of the 45 fields whether it is filled, and what would fill it."""
        return completeness(self.known)

    @property
    def wanting(self) -> tuple[str, ...]:
        """Say what keeps this version from being issued: documents, the listing, fields by code.

        A field that a missing document or the listing fills is told by that alone.
        """
        wanted = [str(kind) for kind in THE_FOUR if self.standing(kind) is None]
        if self.listed_at is None:
            wanted.append("listing")
        missing = [each.code for each in self.completeness.missing]
        return (*wanted, *(code for code in missing if BY_CODE[code].told_as not in wanted))

    @property
    def issued(self) -> bool:
        """Whether this version is issued: on the board, whole, and its four documents stand."""
        return not self.wanting
