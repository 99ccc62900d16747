"""Unified registration (统一登记): one number space, a claim, a public notice, a confirmation.

A product's number is derived from the digest of its supplier's signed claim, so that a number
cannot be given to another claim; the same bytes cannot be registered twice.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Final

from exchange.lifecycle import step
from exchange.listing import TRANSITIONS as LISTING_TRANSITIONS
from exchange.listing import ListingState
from ledger.entries import Entry

WHOLE: Final = 1_000_000  # parts per million
PERCENT: Final = WHOLE // 100


class RegistrationState(enum.StrEnum):
    """How far a claim of rights has come."""

    ON_NOTICE = "on-notice"
    OBJECTED = "objected"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


# Everything a registration may become; docs/lifecycles.md is drawn from it.
TRANSITIONS: dict[RegistrationState, frozenset[RegistrationState]] = {
    RegistrationState.ON_NOTICE: frozenset(
        {RegistrationState.OBJECTED, RegistrationState.CONFIRMED, RegistrationState.CANCELLED}
    ),
    RegistrationState.OBJECTED: frozenset(
        {
            RegistrationState.OBJECTED,
            RegistrationState.ON_NOTICE,
            RegistrationState.REJECTED,
            RegistrationState.CONFIRMED,
        }
    ),
    RegistrationState.CONFIRMED: frozenset(
        {RegistrationState.ON_NOTICE, RegistrationState.DISPUTED, RegistrationState.CANCELLED}
    ),
    RegistrationState.DISPUTED: frozenset(
        {RegistrationState.DISPUTED, RegistrationState.CONFIRMED, RegistrationState.CANCELLED}
    ),
    RegistrationState.REJECTED: frozenset(),
    RegistrationState.CANCELLED: frozenset(),
}
CONTESTED: Final = frozenset({RegistrationState.OBJECTED, RegistrationState.DISPUTED})
UNSEEN: Final = "?"  # among verifiers
ENDED: Final = frozenset({RegistrationState.REJECTED, RegistrationState.CANCELLED})


def nameless(file: str) -> str:
    """Return what may be public of the name of a file: its kind, since a name may name somebody.

    Before the last suffix another one is kept only where the last says that it is compressed.
    """
    suffixes = PurePath(file).suffixes
    kept = suffixes[-2:] if suffixes[-1:] == [".gz"] else suffixes[-1:]
    return f"data{''.join(kept)}"


@dataclass(frozen=True, slots=True)
class DataVersion:
    """Data that stands or stood registered for a product; contracts made over it keep it."""

    product: str
    data: str
    file: str
    bytes: int
    profile: str


@dataclass(frozen=True, slots=True)
class Similar:
    """Registered data that other data is like, as the exchange found and recorded it.

    `of_this_ppm` is the share of this data's rows that stand in the other's, and `of_other_ppm`
    the other way round; both are estimated from `compared` rows.  `columns` correspond.
    `declared` says that the other is named as a parent, `own` that it is the supplier's own and
    comes from nothing that this data does not come from.
    """

    product: str
    of_this_ppm: int
    of_other_ppm: int
    columns: int
    compared: int
    how: str
    declared: bool
    own: bool

    @property
    def words(self) -> str:
        """What was found, in a sentence."""
        how = {
            "same-rows": "the same rows in another order",
            "rows": f"whole rows, {self.columns} columns correspond",
            "columns": f"rows that agree in {self.columns} columns",
            "converted": f"rows that agree in {self.columns} columns, some in other units, with a "
            "constant added, or rounded",
        }[self.how]
        return (
            f"{percent(self.of_this_ppm)} of the rows stand in {self.product}, and "
            f"{percent(self.of_other_ppm)} of its rows here: {how}"
        )


def together_ppm(shares: Iterable[int]) -> int:
    """Return the most of a file that can stand in several others together, from each one's share.

    What is kept of a search are shares and no rows, so that rows which stand in two of the others
    count twice; it is never more than the whole.
    """
    return min(sum(shares), WHOLE)


def percent(ppm: int) -> str:
    """Return a share in words: whole per cent, and 100 only of all."""
    if 0 < ppm < PERCENT:
        return "under 1 %"
    return f"{min(ppm // PERCENT, 99) if ppm < WHOLE else 100} %"


@dataclass(frozen=True, slots=True)
class Product:
    """A registered product: what was claimed over which bytes, and where it stands.

    `data` is the SHA-256 of the file, `profile` and `sheet` the digests of stored records
    (`sheet` None until the supplier has signed one).  `head` is the leaf hash of the
    newest entry that changed the product, which an update must know.  `valid_until` is the last
    day on which all that the listing rests on still runs: attestations, documents, licences;
    `registered_until` is the end of the term that the registration is confirmed for.
    `estimate` is the leaf hash of the newest `price.estimated` of one of its trades.
    `verifiers` are the ids of those by whose word its attached documents stand, with `UNSEEN` where
    one has none, apart by spaces; None for a product that a former program kept.
    """

    number: str
    supplier: str
    file: str
    data: str
    bytes: int
    profile: str
    notice_until: str
    registered_at: str
    head: str
    name: str = ""
    sheet: str | None = None
    registration: RegistrationState = RegistrationState.ON_NOTICE
    listing: ListingState = ListingState.REGISTERED
    listed_at: str | None = None
    valid_until: str | None = None
    registered_until: str | None = None
    estimate: str | None = None
    verifiers: str | None = None

    def at(self, entry: Entry) -> Product:
        """Return the product as of its newest entry."""
        return replace(self, head=entry.leaf.hex())

    def as_of(self, today: dt.date) -> Product:
        """Return the product as it stands today: one that has lapsed is off the board.

        Whatever is stored: the entry that says so comes when a writer next touches it.
        """
        ends = [self.valid_until or ""] + [self.registered_until or ""] * bool(
            self.registered_until
        )
        runs = min(ends)[:10] >= today.isoformat()
        if self.listing is not ListingState.LISTED or runs:
            return self
        return replace(self, listing=ListingState.SUSPENDED)

    def registration_moved(self, state: RegistrationState) -> Product:
        """Return the product in another registration state, or raise `IllegalTransition`."""
        what = f"the registration of {self.number}"
        return replace(self, registration=step(TRANSITIONS, self.registration, state, what))

    def listing_moved(self, state: ListingState) -> Product:
        """Return the product in another listing state, or raise `IllegalTransition`."""
        what = f"the listing of {self.number}"
        return replace(self, listing=step(LISTING_TRANSITIONS, self.listing, state, what))
