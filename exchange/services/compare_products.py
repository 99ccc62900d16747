"""Comparing products with the chain: where each stands is what its entries have made of it.

A row that says otherwise, after a restore, a slip or a hand at the database, shows a product on the
board that no verdict put there, or keeps one off it.  What time alone ends no entry says, and the
row not either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from exchange.listing import ListingState
from exchange.registration import CONTESTED, Product, RegistrationState
from ledger.entries import Entry

_LISTING: Final[Mapping[str, ListingState]] = {
    "listing.published": ListingState.LISTED,
    "listing.suspended": ListingState.SUSPENDED,
    "listing.delisted": ListingState.DELISTED,
}
_REGISTRATION: Final[Mapping[str, RegistrationState]] = {
    "product.registered": RegistrationState.ON_NOTICE,
    "registration.changed": RegistrationState.ON_NOTICE,
    "objection.filed": RegistrationState.OBJECTED,
    "registration.confirmed": RegistrationState.CONFIRMED,
    "dispute.opened": RegistrationState.DISPUTED,
    "registration.cancelled": RegistrationState.CANCELLED,
}
_ENDS: Final[Mapping[str, str]] = {  # the fact that names what is open no more
    "objection.withdrawn": "objection",
    "objection.closed": "objection",
    "dispute.withdrawn": "dispute",
    "dispute.decided": "dispute",
}


@dataclass(slots=True)
class _Told:
    """What the entries of one product have made of it so far."""

    listing: ListingState = ListingState.REGISTERED
    registration: RegistrationState = RegistrationState.ON_NOTICE
    confirmed: bool = False  # ever
    open: set[str] = field(default_factory=set)  # objections or disputes, by leaf hash

    def take(self, entry: Entry) -> None:
        """Follow one entry more."""
        self.listing = _LISTING.get(entry.kind, self.listing)
        self.registration = _REGISTRATION.get(entry.kind, self.registration)
        self.confirmed = self.confirmed or entry.kind == "registration.confirmed"
        if entry.kind in {"objection.filed", "dispute.opened"}:
            self.open.add(entry.leaf.hex())
        elif entry.kind in _ENDS:
            self.open.discard(entry.facts[_ENDS[entry.kind]])
            self._end(entry)

    def _end(self, entry: Entry) -> None:
        """Follow the end of an objection or a dispute."""
        upheld = entry.kind == "objection.closed" and entry.facts["outcome"] == "upheld"
        if upheld:  # which ends every other with it
            self.open.clear()
        if self.open or self.registration not in CONTESTED:
            return
        if upheld and not self.confirmed:
            self.registration = RegistrationState.REJECTED
        elif upheld or entry.kind.startswith("dispute."):
            self.registration = RegistrationState.CONFIRMED
        else:
            self.registration = RegistrationState.ON_NOTICE


class ProductsTold:
    """Where the entries read so far have put each product."""

    def __init__(self) -> None:
        self._told: dict[str, _Told] = {}

    def take(self, entry: Entry) -> None:
        """Read one entry more, in the order of the log."""
        of, _, number = entry.subject.partition("/")
        if of == "product":
            self._told.setdefault(number, _Told()).take(entry)

    def apart(self, products: Iterable[Product]) -> Iterator[str]:
        """Yield where the rows of all products differ from that."""
        missing = set(self._told)
        for product in products:
            missing.discard(product.number)
            told = self._told.get(product.number)
            if told is None:
                yield f"{product.number}: no entry has registered it"
                continue
            for what in ("listing", "registration"):
                said, found = getattr(told, what), getattr(product, what)
                if said is not found:
                    yield f"{product.number}: the {what} is {said} by the chain, {found} by its row"
        for number in sorted(missing):
            yield f"{number}: registered by the chain, and without a row"
